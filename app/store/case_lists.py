"""Rows of case lists: the newest report first, filtered, one page at a time.

Where everything asked for lies under one unit the list pages along `case_unit`, which has every
case of a unit in order; else along `cases`, asking of each whether it is in the scope.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select

from app.store.paging import Place, earlier
from app.store.scope import Scope, case_rows, is_single, sees_case
from app.store.tables.cases import case_unit, cases
from app.store.tables.runtime import process_instance, user_task
from app.store.words import found_by

MOST_COUNTED = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    """What cases are asked for; None and () ask for all. The instants enclose [from, to)."""

    terms: Sequence[str] = ()
    is_open: bool | None = None
    minor_class: str | None = None
    major_class: str | None = None
    severity: str | None = None
    unit_key: int | None = None
    reported_from: datetime | None = None
    reported_to: datetime | None = None


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case of a list."""

    key: int
    number: str
    description: str
    address: str | None
    minor_class: str | None
    severity: str
    card: str | None
    reported_at: datetime
    established_at: datetime | None
    due_at: datetime | None
    handled_at: datetime | None
    closed_at: datetime | None
    outcome: str | None
    is_confidential: bool
    grid_key: int | None
    community_key: int | None
    street_key: int | None
    lead_unit_key: int | None

    @property
    def place(self) -> Place:
        """Where a page that ends with this line ends."""
        return Place(self.reported_at, self.key)


@dataclass(frozen=True, slots=True)
class Step:
    """Where a case stands: an open task of it."""

    case_key: int
    task_key: int
    definition_key: int
    element_id: str
    name: str | None
    due_at: datetime | None
    is_due_provisional: bool
    created_at: datetime
    assignee_key: int | None
    offered_to: list[list[Any]]


_COLUMNS = tuple(cases.c[name] for name in CaseLine.__dataclass_fields__)


def lines(
    connection: Connection,
    scope: Scope,
    wanted: CaseFilter,
    *,
    after: Place | None = None,
    limit: int,
) -> list[CaseLine]:
    """Return a page of the cases asked for, the newest report first, from behind `after`."""
    query, at, key = _matching(select(*_COLUMNS), scope, wanted)
    if after is not None:
        query = query.where(earlier(at, key, after))
    rows = connection.execute(query.order_by(at.desc(), key.desc()).limit(limit))
    return [CaseLine(*row) for row in rows]


def count(
    connection: Connection, scope: Scope, wanted: CaseFilter, *, at_most: int = MOST_COUNTED
) -> int:
    """Return how many cases are asked for, counting no further than `at_most`."""
    query, _at, _key = _matching(select(cases.c.key), scope, wanted)
    few = query.limit(at_most).subquery()
    return int(connection.execute(select(func.count()).select_from(few)).scalar_one())


def steps(connection: Connection, case_keys: Sequence[int]) -> list[Step]:
    """Return the open tasks of these cases, due first."""
    if not case_keys:
        return []
    t = user_task.c
    columns: list[Any] = [
        t.case_key,
        t.key,
        process_instance.c.definition_key,
        t.element_id,
        t.name,
        t.due_at,
        t.is_due_provisional,
        t.created_at,
        t.assignee_key,
        t.offered_to,
    ]
    rows = connection.execute(
        select(*columns)
        .join(process_instance, process_instance.c.key == t.instance_key)
        .where(t.case_key.in_(case_keys), t.state == "CREATED")
        .order_by(t.due_at, t.key)
    )
    return [Step(*row) for row in rows]


def _matching(query: Select[Any], scope: Scope, wanted: CaseFilter) -> tuple[Select[Any], Any, Any]:
    """Return the query over the cases asked for, and the two columns it can be ordered by."""
    unit_key = wanted.unit_key
    at, key = cases.c.reported_at, cases.c.key
    if unit_key is not None or is_single(scope):
        at, key = case_unit.c.reported_at, case_unit.c.case_key
        query = query.select_from(case_unit).join(cases, cases.c.key == case_unit.c.case_key)
        if unit_key is None:
            query = query.where(case_rows(scope))
        else:
            query = query.where(case_unit.c.unit_key == unit_key, sees_case(scope, cases.c.key))
        if wanted.is_open is not None:
            query = query.where(case_unit.c.is_open == wanted.is_open)
    else:
        query = query.where(sees_case(scope, cases.c.key))
        if wanted.is_open is not None:
            closed = cases.c.closed_at
            query = query.where(closed.is_(None) if wanted.is_open else closed.is_not(None))
    return _filtered(query, scope, wanted, at), at, key


def _filtered(query: Select[Any], scope: Scope, wanted: CaseFilter, at: Any) -> Select[Any]:
    for name in ("minor_class", "major_class", "severity"):
        value = getattr(wanted, name)
        if value is not None:
            query = query.where(cases.c[name] == value)
    if wanted.reported_from is not None:
        query = query.where(at >= wanted.reported_from)
    if wanted.reported_to is not None:
        query = query.where(at < wanted.reported_to)
    return query.where(found_by(scope, wanted.terms)) if wanted.terms else query
