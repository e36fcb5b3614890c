"""Which files of a case its reporter may see: one rule for the page and for each file.

Their own; what was made public; and, once the case counts as handled, the photos taken after the
work, as far as the answers that stand still name them.
"""

from datetime import datetime

from app.cases.answered import attachment_keys
from app.store import resident_view
from app.store.attachments import AttachmentRow, of_case
from app.store.db import Connection

AFTER = "after"


def own(connection: Connection, case_key: int) -> tuple[AttachmentRow, ...]:
    """Return what reporters sent, and what was made public."""
    return tuple(
        row
        for row in of_case(connection, case_key)
        if row.visibility == "public" or (row.kind == "report" and row.person_key is None)
    )


def after(
    connection: Connection, case_key: int, *, handled_at: datetime | None
) -> tuple[AttachmentRow, ...]:
    """Return the photos of a handling that was passed; none while the case is not handled."""
    if handled_at is None:
        return ()
    latest = resident_view.latest_answers(connection, case_key).values()
    named = {key for answers in latest for key in attachment_keys(answers)}
    photos = resident_view.task_photos(connection, case_key, AFTER)
    return tuple(row for row in photos if row.key in named)
