"""What was answered at the steps of a whistle: what was decided, and photos of what was delivered.

Read from the answers that are kept. Reasons and photos are for whoever sees the case.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.cases.answered import attachment_keys
from app.cases.case_view import is_shown
from app.organisation.actor import Actor
from app.store import attachments, whistles
from app.store.attachments import AttachmentRow
from app.store.db import Connection

DELIVER: Final = "deliver"
DECISIONS: Final[Mapping[tuple[str, object], str]] = {
    ("approve_whistle", "approve"): "approved",
    ("approve_whistle", "refuse"): "not_approved",
    ("screen_whistle", "accept"): "accepted",
    ("screen_whistle", "amend"): "amended",
    ("screen_whistle", "refuse"): "refused",
}
"""What the answer to each step that decides about a whistle is called on its page."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision about the whistle: when, what, and the reason that was given."""

    at: datetime
    what: str
    reason: str


def decisions(connection: Connection, instance_key: int) -> Iterator[Decided]:
    """Yield what was decided about a whistle before its departments were called."""
    steps = {element_id for element_id, _ in DECISIONS}
    for each in whistles.submitted(connection, instance_key, steps):
        what = DECISIONS.get((each.element_id, each.answers.get("decision")))
        if what is not None:
            yield Decided(each.at, what, str(each.answers.get("reason") or ""))


def photos(
    connection: Connection, actor: Actor, instance_key: int
) -> Mapping[str, Sequence[AttachmentRow]]:
    """Return what each department, by its code, delivered with photos that the actor may see."""
    found: defaultdict[str, list[AttachmentRow]] = defaultdict(list)
    for each in whistles.submitted(connection, instance_key, {DELIVER}):
        if each.task_key is None or each.department is None:
            continue
        named = set(attachment_keys(each.answers))
        found[each.department] += (
            row
            for row in attachments.of_task(connection, each.task_key)
            if row.key in named and is_shown(actor, row.visibility, row.person_key)
        )
    return found
