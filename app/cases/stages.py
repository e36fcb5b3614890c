"""The stages of a case at which its reporter can ask to be told, and which letter belongs to which.

The outbox asks before it writes; the report form and the tracking page offer the choice. Letters
that ask for an answer, or end what a reporter may do, belong to no stage: they go to everybody who
is told at all.
"""

from collections.abc import Sequence
from typing import Final

STAGES: Final = ("accepted", "progress", "handled", "closed")
STAGE_OF: Final = {
    "accepted": "accepted",
    "moved": "progress",
    "facts_added": "progress",
    "handled": "handled",
    "rectified": "handled",
    "closed": "closed",
    "withdrawn": "closed",
}
ALWAYS: Final = frozenset(
    {"question", "reminder", "rejected", "withdrawal_denied", "no_response", "continued"}
)
MAIL, MESSAGE, NOTHING = "mail", "message", "nothing"
WAYS: Final = (MAIL, MESSAGE, NOTHING)


def is_wanted(template: str, stages: Sequence[str] | None) -> bool:
    """Tell whether somebody who chose these stages (None: all) wants this letter."""
    if template in ALWAYS or stages is None:
        return True
    return STAGE_OF.get(template, "progress") in stages


def known(stages: Sequence[object]) -> list[str]:
    """Return those that are stages, each once, in the order in which a case takes them."""
    return [stage for stage in STAGES if stage in stages]
