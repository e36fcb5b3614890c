"""Rows of the outbox that have not left: what waits, what failed, what was given up.

`cases.undelivered` shows them; sending is `store.outbox`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from app.json_types import JsonObject
from app.store.paging import Place, later
from app.store.tables.cases import cases
from app.store.tables.delivery import notice, outbox
from app.store.tables.organisation import person

WAITING, GIVEN_UP = "waiting", "incident"
LIVE = "live"


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A letter that has not left; `payload` holds the keys of what it is about."""

    key: int
    kind: str
    payload: JsonObject
    state: str
    attempts: int
    last_error: str | None
    created_at: datetime
    retry_at: datetime | None

    @property
    def place(self) -> Place:
        """Where a page ends with this line."""
        return Place(self.created_at, self.key)


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """What a letter to the staff is about, and for whom: one person, or a role in a unit."""

    key: int
    kind: str
    case_key: int | None
    person: str | None
    role: str | None
    unit_key: int | None


def page(connection: Connection, *, state: str, after: Place | None, limit: int) -> list[LetterRow]:
    """Return letters in a state, the one that has waited longest first."""
    columns = [outbox.c[name] for name in LetterRow.__dataclass_fields__]
    query = select(*columns).where(outbox.c.state == state, outbox.c.clock_domain == LIVE)
    if after is not None:
        query = query.where(later(outbox.c.created_at, outbox.c.key, after))
    query = query.order_by(outbox.c.created_at, outbox.c.key).limit(limit)
    return [LetterRow(*row) for row in connection.execute(query)]


def counts(connection: Connection) -> dict[str, int]:
    """Return how many letters wait and how many were given up, by state."""
    query = (
        select(outbox.c.state, func.count())
        .where(outbox.c.state.in_((WAITING, GIVEN_UP)), outbox.c.clock_domain == LIVE)
        .group_by(outbox.c.state)
    )
    return {state: int(number) for state, number in connection.execute(query)}


def notices(connection: Connection, keys: Collection[int]) -> dict[int, NoticeRow]:
    """Return notices by key."""
    n = notice.c
    query = (
        select(n.key, n.kind, n.case_key, person.c.name, n.role, n.unit_key)
        .select_from(notice)
        .join(person, person.c.key == n.person_key, isouter=True)
        .where(n.key.in_(sorted(keys)))
    )
    return {row.key: NoticeRow(*row) for row in connection.execute(query)}


def numbers(connection: Connection, keys: Collection[int]) -> dict[int, str]:
    """Return the numbers of cases by key."""
    query = select(cases.c.key, cases.c.number).where(cases.c.key.in_(sorted(keys)))
    return {row.key: row.number for row in connection.execute(query)}


def send_again(connection: Connection, key: int | None = None) -> int:
    """Let a letter that was given up be sent again, or all of them; return how many."""
    given_up = (outbox.c.state == GIVEN_UP) & (outbox.c.clock_domain == LIVE)
    if key is not None:
        given_up &= outbox.c.key == key
    changed = update(outbox).where(given_up).values(state=WAITING, attempts=0, retry_at=None)
    return connection.execute(changed).rowcount
