"""Rows of reporters, and what of a case a reporter may read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Connection, Row, select, update

from app.store.tables.cases import cases, journal, remark, reporter

TAKEN_UP = "handling_reopened"
PUBLIC_KINDS = (
    "reported",
    "established",
    "handled",
    TAKEN_UP,
    "closed",
    "rated",
    "not_evaluated",
)
OF_REPORTER = (
    "language",
    "is_anonymous",
    "has_consented",
    "stages",
    "told_by",
)
OF_CASE = (
    "number",
    "clock_domain",
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
    "is_confidential",
)


TrackedRow: TypeAlias = Row[Any]
"""A case with its reporter: case_key, reporter_key, has_mail, has_phone, OF_REPORTER, OF_CASE."""


@dataclass(frozen=True, slots=True)
class PublicEvent:
    """A step of the case that everybody may know of."""

    kind: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PublicReply:
    """A reply to the public, or words of the reporter's own."""

    body: str
    at: datetime
    kind: str = "reply"


@dataclass(frozen=True, slots=True)
class Linked:
    """A case that another goes on from or to, with the key of the same reporter there."""

    number: str
    reporter_key: int


@dataclass(frozen=True, slots=True)
class Contact:
    """How a reporter gave themselves to be known."""

    name: str | None
    phone: str | None
    email: str | None


def by_token(connection: Connection, token_hash: str) -> TrackedRow | None:
    """Return the case of a reporter's token, None when there is no such token."""
    columns = [
        reporter.c.case_key,
        reporter.c.key.label("reporter_key"),
        reporter.c.email.is_not(None).label("has_mail"),
        reporter.c.phone.is_not(None).label("has_phone"),
        *(reporter.c[name] for name in OF_REPORTER),
        *(cases.c[name] for name in OF_CASE),
    ]
    return connection.execute(
        select(*columns)
        .join(cases, cases.c.key == reporter.c.case_key)
        .where(reporter.c.token_hash == token_hash)
    ).first()


def of_number(connection: Connection, number: str) -> Sequence[int]:
    """Return the keys of the reporters of the case with this number."""
    query = (
        select(reporter.c.key)
        .join(cases, cases.c.key == reporter.c.case_key)
        .where(cases.c.number == number)
        .order_by(reporter.c.key)
    )
    return connection.execute(query).scalars().all()


def of_case(connection: Connection, case_key: int) -> list[dict[str, Any]]:
    """Return the rows of the reporters of a case, the first one first."""
    query = select(reporter).where(reporter.c.case_key == case_key).order_by(reporter.c.key)
    return [dict(row) for row in connection.execute(query).mappings()]


def going_on(connection: Connection, reporter_key: int) -> Linked | None:
    """Return the case that goes on from a reporter's, None where none does."""
    return _linked(connection, reporter.c.continues_key == reporter_key)


def gone_on_from(connection: Connection, reporter_key: int) -> Linked | None:
    """Return the case that a reporter's goes on from, None where it is from none."""
    before = select(reporter.c.continues_key).where(reporter.c.key == reporter_key)
    return _linked(connection, reporter.c.key == before.scalar_subquery())


def _linked(connection: Connection, is_wanted: ColumnElement[bool]) -> Linked | None:
    row = connection.execute(
        select(cases.c.number, reporter.c.key)
        .join(cases, cases.c.key == reporter.c.case_key)
        .where(is_wanted)
        .order_by(reporter.c.key.desc())
        .limit(1)
    ).first()
    return None if row is None else Linked(*row)


def contact(connection: Connection, key: int) -> Contact:
    """Return how a reporter can be reached."""
    row = connection.execute(
        select(reporter.c.name, reporter.c.phone, reporter.c.email).where(reporter.c.key == key)
    ).one()
    return Contact(*row)


def reached_by(connection: Connection, number: str) -> Iterator[str]:
    """Yield by what ways the reporters of the case with this number can be reached.

    "letter" where a mail or message goes to one who agreed to it, "phone" where one left a number.
    """
    r = reporter.c
    rows = connection.execute(
        select(r.email, r.phone, r.told_by)
        .join(cases, cases.c.key == r.case_key)
        .where(cases.c.number == number, r.has_consented)
    )
    for email, phone, told_by in rows:
        if {"mail": email, "message": phone}.get(told_by):
            yield "letter"
        if phone:
            yield "phone"


def choose(connection: Connection, key: int, *, told_by: str, stages: Sequence[str]) -> None:
    """Keep at which stages a reporter wants to be told, and by what way."""
    connection.execute(
        update(reporter).where(reporter.c.key == key).values(told_by=told_by, stages=list(stages))
    )


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


def own_words(connection: Connection, reporter_key: int) -> Iterator[PublicReply]:
    """Yield what a reporter has written since the report, in order."""
    rows = connection.execute(
        select(remark.c.body, remark.c.at, remark.c.kind)
        .where(remark.c.reporter_key == reporter_key)
        .order_by(remark.c.key)
    )
    for row in rows:
        yield PublicReply(row.body, row.at, row.kind)
