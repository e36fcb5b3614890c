"""Deleting rows that have had their time."""

from datetime import datetime

from sqlalchemy import Connection, delete

from app.store.tables.delivery import idempotency_key
from app.store.tables.organisation import login_session, rate_counter


def drop_requests(connection: Connection, *, before: datetime) -> None:
    """Forget which request was answered how."""
    connection.execute(delete(idempotency_key).where(idempotency_key.c.created_at < before))


def drop_sessions(connection: Connection, *, before: datetime) -> None:
    """Delete sessions begun so long ago that no time-out could still let them live."""
    connection.execute(delete(login_session).where(login_session.c.created_at < before))


def drop_counters(connection: Connection, *, before: datetime) -> None:
    """Delete the counters of rate limits whose window is over."""
    connection.execute(delete(rate_counter).where(rate_counter.c.window_start < before))
