"""Rows of message subscriptions and buffered messages: who waits for what, what came too early."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Exists,
    and_,
    bindparam,
    delete,
    exists,
    or_,
    select,
    update,
)

from app.json_types import JsonObject
from app.store.rows import insert_rows
from app.store.tables.definitions import process_definition
from app.store.tables.runtime import message, message_subscription, process_instance


@dataclass(frozen=True, slots=True)
class Waiting:
    """An element of an instance that waits for a message."""

    instance_key: int
    element_key: int


def waiting_for(
    connection: Connection,
    message_name: str,
    correlation_key: str | None,
    *,
    receiver_key: int | None = None,
) -> Waiting | None:
    """Return who waits for this message (the longest-waiting one), None when nobody does.

    With `receiver_key` only that instance counts.
    """
    query = _LONGEST_WAITING if receiver_key is None else _WAITING_THERE
    sent: dict[str, Any] = _message(message_name, correlation_key)
    if receiver_key is not None:
        sent["the_receiver"] = receiver_key
    row = connection.execute(query, sent).first()
    return None if row is None else Waiting(row.instance_key, row.element_key)


@dataclass(frozen=True, slots=True)
class Buffered:
    """A message that has been kept; `case_key` and `instance_key` are its sender's.

    `receiver_key` names the instance it is for; None: whoever waits for it.
    """

    key: int
    name: str
    correlation_key: str | None
    variables: JsonObject
    case_key: int | None
    instance_key: int | None
    clock_domain: str
    published_at: datetime
    receiver_key: int | None


def keep(connection: Connection, row: Mapping[str, Any]) -> None:
    """Keep a message that does not come from a step of an instance."""
    insert_rows(connection, message, [row])


def deliverable(
    connection: Connection, *, now: datetime, limit: int, domain: str
) -> list[Buffered]:
    """Return unexpired messages that somebody waits for or that start a process, oldest first."""
    m = message
    rows = connection.execute(
        select(*_COLUMNS)
        .where(
            m.c.clock_domain == domain,
            m.c.expires_at > now,
            m.c.attempts < MOST_ATTEMPTS,
            or_(m.c.retry_at.is_(None), m.c.retry_at <= now),
            _is_wanted(),
        )
        .order_by(m.c.key)
        .limit(limit)
    )
    return [Buffered(*row) for row in rows]


def wanted(connection: Connection, keys: Sequence[int]) -> list[Buffered]:
    """Return those of these messages that somebody waits for or that start a process."""
    return [Buffered(*row) for row in connection.execute(_WANTED, {"the_keys": list(keys)})]


def hearing(
    connection: Connection, message_name: str, correlation_key: str | None
) -> list[int | None]:
    """Return the instances that would take this message now; [None]: only a process it starts."""
    sent = _message(message_name, correlation_key)
    found: list[int | None] = list(connection.scalars(_ALL_WAITING, sent))
    if not found and connection.execute(_STARTS_ONE, {"the_name": message_name}).scalar_one():
        return [None]
    return found


def take(connection: Connection, message_key: int) -> JsonObject | None:
    """Delete a buffered message and return its variables; None when somebody else has taken it.

    They are as they are now, which may be other than when the message was found.
    """
    taken = delete(message).where(message.c.key == message_key).returning(message.c.variables)
    row = connection.execute(taken).first()
    return None if row is None else dict(row.variables)


def drop(connection: Connection, case_key: int, name: str) -> int:
    """Delete the buffered messages of a name about a case; return how many there were."""
    m = message.c
    kept = delete(message).where(m.case_key == case_key, m.message_name == name)
    return connection.execute(kept).rowcount


def put_off(connection: Connection, message_key: int, *, error: str, now: datetime) -> bool:
    """Note a failed delivery and let the next one wait longer; True when there will be none."""
    attempts = connection.execute(
        select(message.c.attempts).where(message.c.key == message_key)
    ).scalar()
    if attempts is None:
        return False
    connection.execute(
        update(message)
        .where(message.c.key == message_key)
        .values(attempts=attempts + 1, last_error=error, retry_at=now + FIRST_PAUSE * 2**attempts)
    )
    return bool(attempts + 1 >= MOST_ATTEMPTS)


def drop_expired(connection: Connection, *, now: datetime) -> int:
    """Delete what nobody came for in time or whose receiver has ended; return how many it was."""
    has_ended = and_(
        message.c.receiver_key.is_not(None),
        ~exists().where(
            process_instance.c.key == message.c.receiver_key, process_instance.c.ended_at.is_(None)
        ),
    )
    gone = delete(message).where(or_(message.c.expires_at <= now, has_ended))
    return connection.execute(gone).rowcount


MOST_ATTEMPTS = 5
FIRST_PAUSE = timedelta(seconds=10)
_COLUMNS = [
    message.c[name]
    for name in (
        "key",
        "message_name",
        "correlation_key",
        "variables",
        "case_key",
        "instance_key",
        "clock_domain",
        "published_at",
        "receiver_key",
    )
]


def _is_wanted() -> ColumnElement[bool]:
    may_start = and_(message.c.case_key.is_not(None), message.c.receiver_key.is_(None))
    return or_(_is_waited_for(), and_(may_start, _starts_a_process()))


def _is_waited_for() -> Exists:
    s = message_subscription
    return exists().where(
        s.c.message_name == message.c.message_name,
        or_(s.c.correlation_key == message.c.correlation_key, s.c.correlation_key.is_(None)),
        or_(message.c.receiver_key.is_(None), message.c.receiver_key == s.c.instance_key),
    )


def _starts_a_process() -> Exists:
    return exists().where(process_definition.c.start_message == message.c.message_name)


def _message(name: str, correlation_key: str | None) -> dict[str, str | None]:
    return {"the_name": name, "the_correlation": correlation_key}


_NAME = bindparam("the_name", type_=message.c.message_name.type)
_CORRELATION = bindparam("the_correlation", type_=message.c.correlation_key.type)
_HEARS = and_(
    message_subscription.c.message_name == _NAME,
    or_(
        message_subscription.c.correlation_key == _CORRELATION,
        message_subscription.c.correlation_key.is_(None),
    ),
)
_LONGEST_WAITING = (
    select(message_subscription.c.instance_key, message_subscription.c.element_key)
    .where(_HEARS)
    .order_by(message_subscription.c.key)
    .limit(1)
)
_WAITING_THERE = _LONGEST_WAITING.where(
    message_subscription.c.instance_key == bindparam("the_receiver", type_=message.c.key.type)
)
_ALL_WAITING = (
    select(message_subscription.c.instance_key).where(_HEARS).order_by(message_subscription.c.key)
)
_STARTS_ONE = select(exists().where(process_definition.c.start_message == _NAME))
_WANTED = (
    select(*_COLUMNS)
    .where(message.c.key.in_(bindparam("the_keys", expanding=True)), _is_wanted())
    .order_by(message.c.key)
)
