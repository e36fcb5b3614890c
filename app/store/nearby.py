"""Rows of open cases near a place: around a point, or in a community.

A point is looked for in the index `ix_cases_open_place`, which holds open cases alone; a community
in `case_unit`. Whistles and replayed cases are no reports and never come up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, or_, select, true

from app.store.scope import Scope, sees_case
from app.store.tables.cases import case_unit, cases


@dataclass(frozen=True, slots=True)
class Box:
    """What lies between two parallels and two meridians, in degrees."""

    south: float
    west: float
    north: float
    east: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """What cases are asked for: reported since an instant, of a category or of none yet.

    `column` is `minor_class` or `major_class`; where `code` is None all categories are asked for.
    """

    since: datetime
    column: str
    code: str | None


@dataclass(frozen=True, slots=True)
class OpenCase:
    """An open case with what tells it apart from others."""

    key: int
    number: str
    description: str
    address: str | None
    minor_class: str | None
    major_class: str | None
    reported_at: datetime
    latitude: float | None
    longitude: float | None


_COLUMNS = tuple(cases.c[name] for name in OpenCase.__dataclass_fields__)


def around(
    connection: Connection, box: Box, alike: Alike, *, scope: Scope | None, limit: int
) -> list[OpenCase]:
    """Return open cases in a box, the newest first; `scope` None: what everybody may know of."""
    query = _asked(select(*_COLUMNS), alike, scope).where(
        cases.c.latitude.between(box.south, box.north),
        cases.c.longitude.between(box.west, box.east),
    )
    newest = query.order_by(cases.c.reported_at.desc(), cases.c.key.desc()).limit(limit)
    return [OpenCase(*row) for row in connection.execute(newest)]


def within(
    connection: Connection, unit_key: int, alike: Alike, *, scope: Scope | None, limit: int
) -> list[OpenCase]:
    """Return open cases of a unit and those under it, of just that category, the newest first."""
    at = case_unit.c.reported_at  # the same as the case's own, and in the order of the index
    query = _asked(
        select(*_COLUMNS)
        .select_from(case_unit)
        .join(cases, cases.c.key == case_unit.c.case_key)
        .where(
            case_unit.c.unit_key == unit_key,
            case_unit.c.is_open.is_(True),
            at >= alike.since,
            cases.c[alike.column] == alike.code,
        ),
        alike,
        scope,
    )
    newest = query.order_by(at.desc(), case_unit.c.case_key.desc()).limit(limit)
    return [OpenCase(*row) for row in connection.execute(newest)]


def _asked(query: Select[Any], alike: Alike, scope: Scope | None) -> Select[Any]:
    return query.where(
        cases.c.closed_at.is_(None),
        cases.c.kind == "case",
        cases.c.clock_domain == "live",
        cases.c.reported_at >= alike.since,
        _of_category(alike),
        *_open_to(scope),
    )


def _of_category(alike: Alike) -> ColumnElement[bool]:
    if alike.code is None:
        return true()
    column = cases.c[alike.column]
    return or_(column == alike.code, column.is_(None))


def _open_to(scope: Scope | None) -> Sequence[ColumnElement[bool]]:
    """Return the conditions for a reader; confidential cases come up for few, never in public."""
    is_plain = cases.c.is_confidential.is_(False)
    if scope is None:
        return [is_plain]
    seen = sees_case(scope, cases.c.key)
    return [seen] if scope.can_see_confidential else [seen, is_plain]
