"""Rows of reporters, and what of a case a reporter may read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from app.store.tables.cases import cases, journal, remark, reporter
from app.store.tables.runtime import message_subscription

PUBLIC_KINDS = (
    "reported",
    "established",
    "auto_signed",
    "handled",
    "closed",
    "rated",
    "not_evaluated",
)
TRACKED_COLUMNS = (
    "case_key",
    "reporter_key",
    "number",
    "language",
    "description",
    "address",
    "minor_class",
    "reported_at",
    "established_at",
    "due_at",
    "is_due_provisional",
    "handled_at",
    "closed_at",
    "outcome",
    "close_code",
    "lead_unit_key",
    "grade",
)


@dataclass(frozen=True, slots=True)
class PublicEvent:
    """A step of the case that everybody may know of."""

    kind: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PublicReply:
    """A reply to the public."""

    body: str
    at: datetime


def by_token(connection: Connection, token_hash: str) -> Row[Any] | None:
    """Return the case of a reporter's token with the columns of TRACKED_COLUMNS; None: no such."""
    columns = [
        reporter.c.case_key,
        reporter.c.key.label("reporter_key"),
        reporter.c.language,
        *(cases.c[name] for name in TRACKED_COLUMNS if name in cases.c),
    ]
    return connection.execute(
        select(*columns)
        .join(cases, cases.c.key == reporter.c.case_key)
        .where(reporter.c.token_hash == token_hash)
    ).first()


def can_rate(connection: Connection, message_name: str, number: str) -> bool:
    """Tell whether the case with this number waits for a rating."""
    t = message_subscription
    found = connection.execute(
        select(t.c.key).where(t.c.message_name == message_name, t.c.correlation_key == number)
    ).first()
    return found is not None


def public_events(connection: Connection, case_key: int) -> Iterator[PublicEvent]:
    """Yield the public steps of a case in order."""
    rows = connection.execute(
        select(journal.c.kind, journal.c.at)
        .where(journal.c.case_key == case_key, journal.c.kind.in_(PUBLIC_KINDS))
        .order_by(journal.c.number)
    )
    for row in rows:
        yield PublicEvent(row.kind, row.at)


def public_replies(connection: Connection, case_key: int) -> Iterator[PublicReply]:
    """Yield the replies to the public in order."""
    rows = connection.execute(
        select(remark.c.body, remark.c.at)
        .where(remark.c.case_key == case_key, remark.c.visibility == "public")
        .order_by(remark.c.key)
    )
    for row in rows:
        yield PublicReply(row.body, row.at)
