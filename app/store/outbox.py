"""Rows of what is to be sent: claimed with a lease, sent outside any transaction, then ticked off.

A sender that dies keeps nothing: its lease runs out and another sends again, with the same key, by
which the receiver can tell a repeat.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, or_, select, update

from app.json_types import JsonObject
from app.store.tables.delivery import outbox

LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 8
FIRST_PAUSE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class ToSend:
    """A row a sender has claimed."""

    key: int
    kind: str
    payload: JsonObject
    attempts: int


def add(
    connection: Connection, key: int, kind: str, payload: JsonObject, *, domain: str, now: datetime
) -> None:
    """Keep a row that does not come with a step or a notice."""
    connection.execute(
        insert(outbox).values(
            key=key, kind=kind, payload=payload, clock_domain=domain, created_at=now
        )
    )


def claim(
    connection: Connection, *, domain: str, kinds: Collection[str], now: datetime, limit: int
) -> list[ToSend]:
    """Claim waiting rows of these kinds, oldest first, for the length of the lease."""
    due = (
        select(outbox.c.key)
        .where(
            outbox.c.state == "waiting",
            outbox.c.clock_domain == domain,
            outbox.c.kind.in_(sorted(kinds)),
            or_(outbox.c.retry_at.is_(None), outbox.c.retry_at <= now),
        )
        .order_by(outbox.c.created_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    keys = [row.key for row in connection.execute(due)]
    if not keys:
        return []
    rows = connection.execute(
        update(outbox)
        .where(outbox.c.key.in_(keys))
        .values(attempts=outbox.c.attempts + 1, retry_at=now + LEASE)
        .returning(outbox.c.key, outbox.c.kind, outbox.c.payload, outbox.c.attempts)
    )
    return sorted((ToSend(*row) for row in rows), key=lambda row: row.key)


def mark_sent(connection: Connection, key: int, *, now: datetime) -> None:
    """Tick a row off."""
    connection.execute(
        update(outbox).where(outbox.c.key == key).values(state="sent", sent_at=now, last_error=None)
    )


def mark_failed(connection: Connection, row: ToSend, *, error: str, now: datetime) -> bool:
    """Put a row off; after the last attempt it is an incident (True), which nothing retries."""
    is_incident = row.attempts >= MOST_ATTEMPTS
    connection.execute(
        update(outbox)
        .where(outbox.c.key == row.key)
        .values(
            state="incident" if is_incident else "waiting",
            last_error=error[:500],
            retry_at=now + FIRST_PAUSE * 2 ** (row.attempts - 1),
        )
    )
    return is_incident
