"""Rows of the bell: lines addressed to a person, or to a role in a unit that the person holds.

What was seen is one instant per person; whatever came later is new.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, or_, select, tuple_, update

from app.json_types import JsonObject
from app.store.paging import Place, earlier
from app.store.scope import Scope
from app.store.tables.cases import cases
from app.store.tables.delivery import notice
from app.store.tables.organisation import person
from app.store.tables.runtime import process_instance, user_task

MOST_COUNTED = 99


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """One line of the bell; `task_state` tells whether its task still waits."""

    key: int
    kind: str
    case_key: int | None
    task_key: int | None
    role: str | None
    unit_key: int | None
    params: JsonObject
    at: datetime
    number: str | None
    description: str | None
    task_state: str | None
    assignee_key: int | None
    due_at: datetime | None
    definition_key: int | None

    @property
    def place(self) -> Place:
        """Where a page that ends with this line ends."""
        return Place(self.at, self.key)


def lines(
    connection: Connection, scope: Scope, *, after: Place | None = None, limit: int
) -> list[NoticeLine]:
    """Return a page of the person's notices, the newest first, from behind `after`."""
    columns: list[Any] = [
        *(notice.c[name] for name in list(NoticeLine.__dataclass_fields__)[:8]),
        cases.c.number,
        cases.c.description,
        user_task.c.state,
        user_task.c.assignee_key,
        user_task.c.due_at,
        process_instance.c.definition_key,
    ]
    query = (
        select(*columns)
        .select_from(notice)
        .join(cases, cases.c.key == notice.c.case_key, isouter=True)
        .join(user_task, user_task.c.key == notice.c.task_key, isouter=True)
        .join(process_instance, process_instance.c.key == user_task.c.instance_key, isouter=True)
        .where(_mine(scope))
    )
    if after is not None:
        query = query.where(earlier(notice.c.at, notice.c.key, after))
    rows = connection.execute(query.order_by(notice.c.at.desc(), notice.c.key.desc()).limit(limit))
    return [NoticeLine(*row) for row in rows]


def count_new(connection: Connection, scope: Scope) -> int:
    """Return how many notices came since the person last looked, at most 99."""
    seen = (
        select(person.c.notices_seen_at).where(person.c.key == scope.person_key).scalar_subquery()
    )
    new = (
        select(notice.c.key)
        .where(_mine(scope), or_(seen.is_(None), notice.c.at > seen))
        .limit(MOST_COUNTED)
        .subquery()
    )
    return int(connection.execute(select(func.count()).select_from(new)).scalar_one())


def seen_at(connection: Connection, person_key: int) -> datetime | None:
    """Return when the person last looked at the bell."""
    found: datetime | None = connection.execute(
        select(person.c.notices_seen_at).where(person.c.key == person_key)
    ).scalar()
    return found


def mark_seen(connection: Connection, person_key: int, *, now: datetime) -> None:
    """Note that the person has looked at the bell."""
    connection.execute(update(person).where(person.c.key == person_key).values(notices_seen_at=now))


def _mine(scope: Scope) -> ColumnElement[bool]:
    mine: ColumnElement[bool] = notice.c.person_key == scope.person_key
    if not scope.offers:
        return mine
    held = [(unit_key, role) for role, unit_key in sorted(scope.offers)]
    return or_(mine, tuple_(notice.c.unit_key, notice.c.role).in_(held))
