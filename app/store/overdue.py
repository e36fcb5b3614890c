"""Rows of what is overdue: open tasks past their limit, counted and listed by unit and category.

`task_unit` holds an open task once for every unit above it, so that any level of the tree is read
the same way; the scope decides which of them a person may look into.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Connection, and_, case, false, func, select

from app.store.paging import Place, later
from app.store.scope import ANY_ROLE, Scope, holds
from app.store.tables.cases import cases
from app.store.tables.organisation import person
from app.store.tables.runtime import process_instance, task_unit, user_task


class UnitAt(Protocol):
    """A unit: its key, and the path of keys from the root to it."""

    @property
    def key(self) -> int:
        """The unit's key."""

    @property
    def path(self) -> str:
        """Its ancestors and itself, root first: "/1/7/31/"."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many open tasks something has, and how many of them are late."""

    open: int = 0
    late: int = 0


@dataclass(frozen=True, slots=True)
class LateTask:
    """A task past its limit: whose it is, since when it waits, and its case."""

    key: int
    version: int
    case_key: int
    definition_key: int
    element_id: str
    name: str | None
    due_at: datetime
    created_at: datetime
    assignee_key: int | None
    assignee_name: str | None
    offered_to: list[list[Any]]
    number: str
    address: str | None
    description: str
    minor_class: str | None
    severity: str
    card: str | None
    grid_key: int | None
    community_key: int | None
    street_key: int | None
    lead_unit_key: int | None

    @property
    def place(self) -> Place:
        """Where a page that ends with this line ends."""
        return Place(self.due_at, self.key)


def by_unit(
    connection: Connection, scope: Scope, units: Collection[UnitAt], *, now: datetime
) -> dict[int, Tally]:
    """Return the tally of each of these units that lies in the scope and has open tasks."""
    keys = sorted(unit.key for unit in units if holds(scope, unit.path))
    query = (
        select(task_unit.c.unit_key, *_tallied(now))
        .where(
            task_unit.c.unit_key.in_(keys),
            task_unit.c.role == ANY_ROLE,
        )
        .group_by(task_unit.c.unit_key)
    )
    return {row[0]: Tally(int(row[1]), int(row[2])) for row in connection.execute(query)}


def by_class(
    connection: Connection, scope: Scope, unit: UnitAt, *, now: datetime
) -> dict[str | None, Tally]:
    """Return the tally of each category under a unit, None for cases without one."""
    query = (
        select(task_unit.c.major_class, *_tallied(now))
        .where(_under(scope, unit))
        .group_by(task_unit.c.major_class)
    )
    return {row[0]: Tally(int(row[1]), int(row[2])) for row in connection.execute(query)}


def lines(
    connection: Connection,
    scope: Scope,
    unit: UnitAt,
    *,
    now: datetime,
    major_class: str | None = None,
    after: Place | None = None,
    limit: int,
) -> list[LateTask]:
    """Return a page of the late tasks under a unit, the latest of all first, behind `after`."""
    t = user_task.c
    due = task_unit.c.due_at
    own = {"due_at": due, "assignee_name": person.c.name} | {
        "definition_key": process_instance.c.definition_key
    }
    columns = [
        own[name] if name in own else (t[name] if name in t else cases.c[name])
        for name in LateTask.__dataclass_fields__
    ]
    query = (
        select(*columns)
        .select_from(task_unit)
        .join(user_task, t.key == task_unit.c.task_key)
        .join(cases, cases.c.key == t.case_key)
        .join(process_instance, process_instance.c.key == t.instance_key)
        .join(person, person.c.key == t.assignee_key, isouter=True)
        .where(_under(scope, unit), due < now)
        .order_by(due, task_unit.c.task_key)
        .limit(limit)
    )
    if major_class is not None:
        query = query.where(task_unit.c.major_class == major_class)
    if after is not None:
        query = query.where(later(due, task_unit.c.task_key, after))
    return [LateTask(*row) for row in connection.execute(query)]


def _tallied(now: datetime) -> tuple[Any, Any]:
    late = case((task_unit.c.due_at < now, 1), else_=0)
    return func.count(), func.coalesce(func.sum(late), 0)


def _under(scope: Scope, unit: UnitAt) -> ColumnElement[bool]:
    """Return the condition for rows of a unit; none where it lies outside the scope."""
    if not holds(scope, unit.path):
        return false()
    return and_(task_unit.c.unit_key == unit.key, task_unit.c.role == ANY_ROLE)
