"""Rows of an inbox: open tasks that are one's own, or offered to a role one holds.

Both lists begin with what is due first; what is never due comes last.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    false,
    func,
    literal,
    or_,
    select,
    tuple_,
)

from app.store.columns import UtcDateTime
from app.store.paging import FAR, Place, later
from app.store.scope import Scope, offer_rows
from app.store.tables.cases import cases
from app.store.tables.runtime import process_instance, task_unit, user_task
from app.store.words import found_in

Condition = ColumnElement[bool]
DUE = func.coalesce(user_task.c.due_at, literal(FAR, UtcDateTime), type_=UtcDateTime)


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One open task with what tells its case apart from others."""

    key: int
    version: int
    case_key: int
    definition_key: int
    element_id: str
    name: str | None
    due_at: datetime | None
    is_due_provisional: bool
    created_at: datetime
    assignee_key: int | None
    number: str
    description: str
    address: str | None
    severity: str
    card: str | None
    minor_class: str | None
    grid_key: int | None
    community_key: int | None
    street_key: int | None
    lead_unit_key: int | None

    @property
    def place(self) -> Place:
        """Where a page that ends with this line ends."""
        return Place(self.due_at or FAR, self.key)


@dataclass(frozen=True, slots=True)
class Count:
    """How many open tasks, and how many of them are late."""

    all: int = 0
    late: int = 0


TASK_COLUMNS = (
    user_task.c.key,
    user_task.c.version,
    user_task.c.case_key,
    process_instance.c.definition_key,
    user_task.c.element_id,
    user_task.c.name,
    user_task.c.due_at,
    user_task.c.is_due_provisional,
    user_task.c.created_at,
    user_task.c.assignee_key,
    cases.c.number,
    cases.c.description,
    cases.c.address,
    cases.c.severity,
    cases.c.card,
    cases.c.minor_class,
    cases.c.grid_key,
    cases.c.community_key,
    cases.c.street_key,
    cases.c.lead_unit_key,
)


def is_own(scope: Scope) -> ColumnElement[bool]:
    """Return the condition on `user_task` that an open task is the person's own."""
    return and_(user_task.c.state == "CREATED", user_task.c.assignee_key == scope.person_key)


def is_offered(scope: Scope) -> ColumnElement[bool]:
    """Return the condition on `user_task` that the person may take an open task."""
    offered = select(task_unit.c.task_key).where(offer_rows(scope))
    return and_(
        user_task.c.state == "CREATED",
        user_task.c.assignee_key.is_(None),
        user_task.c.key.in_(offered),
        or_(user_task.c.not_actor.is_(None), user_task.c.not_actor != str(scope.person_key)),
    )


def is_lent(scope: Scope) -> ColumnElement[bool]:
    """Return the condition on `user_task`: an open task of somebody the person stands in for."""
    lent = (
        select(task_unit.c.task_key)
        .where(
            tuple_(user_task.c.assignee_key, task_unit.c.role, task_unit.c.unit_key).in_(
                sorted(scope.lent)
            )
        )
        .correlate(user_task)
    )
    if not scope.lent:
        return false()
    return and_(user_task.c.state == "CREATED", user_task.c.key.in_(lent))


def lines(
    connection: Connection,
    which: ColumnElement[bool],
    *,
    terms: Sequence[str] = (),
    after: Place | None = None,
    limit: int,
) -> list[TaskLine]:
    """Return open tasks of a condition above, due first, from behind `after`."""
    query = _from_tasks(select(*TASK_COLUMNS)).where(which, found_in(cases.c.key, terms))
    if after is not None:
        query = query.where(later(DUE, user_task.c.key, after))
    rows = connection.execute(query.order_by(DUE, user_task.c.key).limit(limit))
    return [TaskLine(*row) for row in rows]


def line(connection: Connection, which: ColumnElement[bool], task_key: int) -> TaskLine | None:
    """Return one open task if it meets a condition above."""
    query = _from_tasks(select(*TASK_COLUMNS)).where(which, user_task.c.key == task_key)
    row = connection.execute(query).first()
    return None if row is None else TaskLine(*row)


def count(
    connection: Connection,
    which: ColumnElement[bool],
    *,
    now: datetime,
    terms: Sequence[str] = (),
) -> Count:
    """Return how many open tasks of a condition above there are."""
    late = func.coalesce(func.sum(case((user_task.c.due_at < now, 1), else_=0)), 0)
    query = select(func.count(), late).select_from(user_task).where(which)
    if terms:
        query = query.join(cases, cases.c.key == user_task.c.case_key)
        query = query.where(found_in(cases.c.key, terms))
    row = connection.execute(query).one()
    return Count(int(row[0]), int(row[1]))


def _from_tasks(query: Select[Any]) -> Select[Any]:
    return (
        query.select_from(user_task)
        .join(cases, cases.c.key == user_task.c.case_key)
        .join(process_instance, process_instance.c.key == user_task.c.instance_key)
    )
