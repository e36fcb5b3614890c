"""Rows of message subscriptions and buffered messages: who waits for what, what came too early."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, or_, select

from app.json_types import JsonObject
from app.store.tables.runtime import message, message_subscription


@dataclass(frozen=True, slots=True)
class Waiting:
    """An element of an instance that waits for a message."""

    instance_key: int
    element_key: int


def waiting_for(
    connection: Connection, message_name: str, correlation_key: str | None
) -> Waiting | None:
    """Return who waits for this message (the longest-waiting one), None when nobody does."""
    t = message_subscription
    row = connection.execute(
        select(t.c.instance_key, t.c.element_key)
        .where(
            t.c.message_name == message_name,
            or_(t.c.correlation_key == correlation_key, t.c.correlation_key.is_(None)),
        )
        .order_by(t.c.key)
        .limit(1)
    ).first()
    return None if row is None else Waiting(row.instance_key, row.element_key)


@dataclass(frozen=True, slots=True)
class Buffered:
    """A message that can be delivered now."""

    key: int
    name: str
    correlation_key: str | None
    variables: JsonObject


def deliverable(connection: Connection, *, now: datetime, limit: int) -> list[Buffered]:
    """Return unexpired messages that somebody waits for, oldest first."""
    m, s = message, message_subscription
    rows = connection.execute(
        select(m.c.key, m.c.message_name, m.c.correlation_key, m.c.variables)
        .join(
            s,
            (s.c.message_name == m.c.message_name)
            & or_(s.c.correlation_key == m.c.correlation_key, s.c.correlation_key.is_(None)),
        )
        .where(m.c.expires_at > now)
        .distinct()
        .order_by(m.c.key)
        .limit(limit)
    )
    return [Buffered(*row) for row in rows]


def take(connection: Connection, message_key: int) -> bool:
    """Delete a buffered message; False when somebody else has taken it."""
    return connection.execute(delete(message).where(message.c.key == message_key)).rowcount == 1


def drop_expired(connection: Connection, *, now: datetime) -> None:
    """Delete the messages nobody came for in time."""
    connection.execute(delete(message).where(message.c.expires_at <= now))
