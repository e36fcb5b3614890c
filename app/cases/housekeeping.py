"""Sweeps away what has had its time: expired messages, sessions, counters, remembered requests."""

from datetime import timedelta

from app.store import housekeeping, waiting
from app.store.db import transaction

REMEMBERED = timedelta(days=7)
SESSIONS_KEPT = timedelta(days=4)


def tidy() -> None:
    """Delete what is too old to matter; nothing of a case."""
    with transaction() as tx:
        waiting.drop_expired(tx.connection, now=tx.now)
        housekeeping.drop_requests(tx.connection, before=tx.now - REMEMBERED)
        housekeeping.drop_sessions(tx.connection, before=tx.now - SESSIONS_KEPT)
        housekeeping.drop_counters(tx.connection, before=tx.now - timedelta(days=1))
