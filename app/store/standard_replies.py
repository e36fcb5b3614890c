"""Rows of standard replies, and of what they said before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, or_, select

from app.json_types import JsonObject
from app.store.rows import insert_rows, update_row
from app.store.tables.organisation import person
from app.store.tables.together import standard_reply, standard_reply_change


@dataclass(frozen=True, slots=True)
class ReplyRow:
    """A text in both languages: for which category and outcome, and on which days."""

    key: int
    category: str
    outcome: str
    title: str
    title_zh: str
    body: str
    body_zh: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """What a reply said before a change; None: it was made then."""

    reply_key: int
    person: str | None
    before: JsonObject | None
    at: datetime


_COLUMNS = tuple(standard_reply.c[name] for name in ReplyRow.__dataclass_fields__)


def all_replies(connection: Connection) -> list[ReplyRow]:
    """Return every reply of all times, by category, outcome and title."""
    r = standard_reply.c
    query = select(*_COLUMNS).order_by(r.category, r.outcome, r.title, r.key)
    return [ReplyRow(*row) for row in connection.execute(query)]


def valid(connection: Connection, on: date) -> list[ReplyRow]:
    """Return the replies of a day, the most special category first."""
    r = standard_reply.c
    query = select(*_COLUMNS).where(r.valid_from <= on, or_(r.valid_to.is_(None), r.valid_to >= on))
    found = [ReplyRow(*row) for row in connection.execute(query.order_by(r.outcome, r.title))]
    return sorted(found, key=lambda row: -len(row.category))


def find(connection: Connection, key: int) -> ReplyRow | None:
    """Return one reply."""
    row = connection.execute(select(*_COLUMNS).where(standard_reply.c.key == key)).first()
    return None if row is None else ReplyRow(*row)


def has_any(connection: Connection) -> bool:
    """Tell whether there is any reply, of whatever time."""
    return connection.execute(select(standard_reply.c.key).limit(1)).first() is not None


def insert(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep new replies."""
    insert_rows(connection, standard_reply, rows)


def change(connection: Connection, key: int, values: Mapping[str, Any]) -> None:
    """Let a reply say something else."""
    update_row(connection, standard_reply, key, values)


def note(connection: Connection, values: Mapping[str, Any]) -> None:
    """Keep what a reply said before."""
    insert_rows(connection, standard_reply_change, [values])


def history(connection: Connection, key: int) -> list[ChangeRow]:
    """Return the changes of a reply, the newest first."""
    c = standard_reply_change.c
    query = (
        select(c.reply_key, person.c.name, c.before, c.at)
        .join(person, person.c.key == c.person_key, isouter=True)
        .where(c.reply_key == key)
        .order_by(c.at.desc(), c.key.desc())
    )
    return [ChangeRow(*row) for row in connection.execute(query)]
