"""Sweeps away what has had its time, and keeps the work calendar filled to the end of next year."""

from datetime import timedelta

from app.cases.calendar import extend_calendar, has_calendar
from app.store import attachments, housekeeping, waiting
from app.store.blobs import Blobs
from app.store.db import transaction

REMEMBERED = timedelta(days=7)
SESSIONS_KEPT = timedelta(days=4)
UNSENT_KEPT = timedelta(days=2)
UNSENT_AT_ONCE = 200


def tidy(blobs: Blobs) -> None:
    """Delete what is too old to matter, nothing of a case; extend the calendar if there is one."""
    with transaction() as tx:
        waiting.drop_expired(tx.connection, now=tx.now)
        housekeeping.drop_requests(tx.connection, before=tx.now - REMEMBERED)
        housekeeping.drop_sessions(tx.connection, before=tx.now - SESSIONS_KEPT)
        housekeeping.drop_counters(tx.connection, before=tx.now - timedelta(days=1))
        if has_calendar(tx):
            extend_calendar(tx)
    _drop_unsent(blobs)


def _drop_unsent(blobs: Blobs) -> None:
    """Delete photos of reports that were begun and never sent, the bytes before the row."""
    with transaction() as tx:
        found = attachments.never_sent(
            tx.connection, before=tx.now - UNSENT_KEPT, limit=UNSENT_AT_ONCE
        )
        for row in found:
            for name in (row.stored_as, row.thumbnail_as):
                if name is not None:
                    blobs.delete(name)
            attachments.drop(tx.connection, row.key)
