"""What a person may see, and the only place that turns it into SQL.

`organisation.scope` computes a `Scope`; every list and count of cases and tasks puts one of the
conditions here into its WHERE clause, and none works without.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, false, or_, select, tuple_
from sqlalchemy.sql.elements import SQLCoreOperations

from app.store.tables.cases import case_unit, cases
from app.store.tables.runtime import task_unit, user_task

ANY_ROLE = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What one person may see. `unit_keys` are roots of subtrees, none of them under another.

    Whoever sees the whole district has the district itself there, and `is_district_wide`.
    """

    person_key: int
    unit_keys: frozenset[int]
    is_district_wide: bool
    roles: frozenset[str]
    offers: frozenset[tuple[str, int]]
    can_see_reporters: bool
    can_see_confidential: bool
    lent: frozenset[tuple[int, str, int]] = frozenset()
    """Whom the person stands in for, with the role and the unit lent."""


def case_rows(scope: Scope) -> ColumnElement[bool]:
    """Return the condition on `case_unit` rows, for lists that page along that table.

    A case may be there under several units of one scope; `is_single` tells when it cannot.
    """
    return _of_units(case_unit.c.unit_key, scope)


def task_rows(scope: Scope) -> ColumnElement[bool]:
    """Return the condition on `task_unit` rows that stand for a unit, not for an offer."""
    return and_(task_unit.c.role == ANY_ROLE, _of_units(task_unit.c.unit_key, scope))


def offer_rows(scope: Scope) -> ColumnElement[bool]:
    """Return the condition on `task_unit` rows that offer a task to the person."""
    _demand(scope)
    if not scope.offers:
        return false()
    return tuple_(task_unit.c.role, task_unit.c.unit_key).in_(sorted(scope.offers))


def is_single(scope: Scope) -> bool:
    """Tell whether everything the person sees lies under one unit, so that no row comes twice."""
    return len(scope.unit_keys) == 1


def holds(scope: Scope, unit_path: str) -> bool:
    """Tell whether a unit, by its path of keys, is one of the scope's or lies under one.

    Whatever is listed under such a unit is listed under the scope's own as well.
    """
    _demand(scope)
    return any(f"/{key}/" in unit_path for key in scope.unit_keys)


def sees_case(scope: Scope, case_key: SQLCoreOperations[Any]) -> ColumnElement[bool]:
    """Return the condition that the case with this key (a column) lies in the scope."""
    seen = case_unit.alias("seen_case")  # the list around it may page along case_unit itself
    return exists().where(seen.c.case_key == case_key, _of_units(seen.c.unit_key, scope))


def sees_task(scope: Scope, task_key: SQLCoreOperations[Any]) -> ColumnElement[bool]:
    """Return the condition that the open task with this key lies in the scope."""
    seen = task_unit.alias("seen_task")
    return exists().where(
        seen.c.task_key == task_key, seen.c.role == ANY_ROLE, _of_units(seen.c.unit_key, scope)
    )


def can_see_case(connection: Connection, scope: Scope, case_key: int) -> bool:
    """Tell whether the person may open this case: in their units, reported by them, or worked on.

    A task that is offered or assigned to them, or that they completed, opens its case too.
    """
    _demand(scope)
    own_task = exists().where(
        user_task.c.case_key == cases.c.key,
        or_(
            user_task.c.assignee_key == scope.person_key,
            user_task.c.completed_by == scope.person_key,
            exists().where(task_unit.c.task_key == user_task.c.key, offer_rows(scope)),
        ),
    )
    may = or_(cases.c.reported_by == scope.person_key, sees_case(scope, cases.c.key), own_task)
    query = select(cases.c.key).where(cases.c.key == case_key, may)
    return connection.execute(query).first() is not None


def _of_units(column: SQLCoreOperations[Any], scope: Scope) -> ColumnElement[bool]:
    _demand(scope)
    if len(scope.unit_keys) == 1:
        (only,) = scope.unit_keys
        return column == only
    return column.in_(sorted(scope.unit_keys)) if scope.unit_keys else false()


def _demand(scope: Scope) -> None:
    if not isinstance(scope, Scope):
        raise TypeError("a list of cases or tasks needs the scope of whoever reads it")
