"""Administering units: the tree, who works where, and making, renaming, moving and closing them.

Moving a unit takes its open cases and tasks along in the lists of those above it; closed cases
stay where they were.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.cases.calendar import local_today
from app.cases.people import DeputyLine, deputy_lines, directory_now
from app.errors import CaseError, InvalidInput
from app.json_types import JsonObject
from app.organisation import directory as directories
from app.organisation.actor import Actor
from app.organisation.directory import Directory
from app.organisation.permissions import Action, demand
from app.organisation.roles import Role
from app.organisation.shapes import shape_from_geojson
from app.organisation.units import (
    LINE_OF,
    PARENT_KIND,
    SERVED_KIND,
    PartyType,
    Unit,
    UnitKind,
    is_valid,
    keys_of,
    path_under,
)
from app.store import people as people_rows
from app.store import units as rows
from app.store.db import Transaction, instant_of, reading, transaction
from app.store.rehang import rehang

_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{0,39}")


class DuplicateCode(CaseError):
    """The code {unit_code} is taken. Choose another."""

    code = "duplicate_code"


class WrongCode(CaseError):
    """A unit's code has capital letters, digits and hyphens, 40 at most, such as S01-C02."""

    code = "wrong_code"


class WrongParent(CaseError):
    """A unit of this kind cannot hang there."""

    code = "wrong_parent"


class WrongServedUnit(CaseError):
    """A unit of this kind does not stand beside that unit."""

    code = "wrong_served_unit"


class UnitHasOpenTasks(CaseError):
    """There are still {count} open tasks for this unit. They must be done or passed on first."""

    code = "unit_has_open_tasks"


class UnitHasSubunits(CaseError):
    """There are still {count} units under this one. Close or move them first."""

    code = "unit_has_subunits"


class DistrictStays(CaseError):
    """The district itself can be neither moved nor closed."""

    code = "district_stays"


@dataclass(frozen=True, slots=True)
class UnitNode:
    """A unit in the tree, with those under it by code."""

    unit: Unit
    children: tuple["UnitNode", ...]

    def flat(self) -> Iterator[Unit]:
        """Yield the unit and all under it, each before those under it."""
        yield self.unit
        for child in self.children:
            yield from child.flat()


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderLine:
    """Somebody holds a role in a unit."""

    position_key: int
    role: Role
    person_key: int
    login: str
    name: str
    is_active: bool
    valid_from: date
    valid_to: date | None
    is_held_today: bool
    deputies: tuple[DeputyLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitView:
    """A unit as administrators see it; `above` begins with the district."""

    unit: Unit
    above: tuple[Unit, ...]
    children: tuple[Unit, ...]
    serves: Unit | None
    beside: tuple[Unit, ...]
    holders: tuple[HolderLine, ...]
    open_tasks: int
    has_polygon: bool


def list_units(actor: Actor, *, with_closed: bool = False) -> UnitNode | None:
    """Return the tree of units from the district down; None where no unit has been made.

    Raises:
        Forbidden: the actor does not manage units.
    """
    demand(actor, Action.MANAGE_UNITS)
    with reading() as connection:
        known = directory_now(connection)
        today = local_today(connection, instant_of(connection))
    if not known.units:
        return None
    return _node(known, known.district, None if with_closed else today)


def unit_view(actor: Actor, unit_key: int) -> UnitView:
    """Return a unit with its surroundings and everybody who holds, held or will hold a role in it.

    Raises:
        Forbidden, UnknownUnit: as they say.
    """
    demand(actor, Action.MANAGE_UNITS)
    with reading() as connection:
        known = directory_now(connection)
        unit = known.unit(unit_key)
        today = local_today(connection, instant_of(connection))
        held = people_rows.positions_in(connection, unit_key)
        deputies = deputy_lines(connection, [row.key for row in held])
        open_tasks = rows.count_open_tasks(connection, unit_key)
        has_polygon = rows.polygon_of(connection, unit_key) is not None
    holders = tuple(
        HolderLine(
            position_key=row.key,
            role=Role(row.role),
            person_key=row.person_key,
            login=row.login,
            name=row.name,
            is_active=row.is_active,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            is_held_today=is_valid(row.valid_from, row.valid_to, today),
            deputies=deputies.get(row.key, ()),
        )
        for row in held
    )
    return UnitView(
        unit=unit,
        above=tuple(known.unit(key) for key in known.ancestors(unit_key)[:-1]),
        children=known.children(unit_key),
        serves=known.unit(unit.serves_key) if unit.serves_key is not None else None,
        beside=known.beside(unit_key),
        holders=holders,
        open_tasks=open_tasks,
        has_polygon=has_polygon,
    )


def create_unit(
    actor: Actor,
    *,
    code: str,
    kind: UnitKind,
    name: str,
    name_zh: str,
    parent_key: int | None,
    serves_key: int | None = None,
    party_type: PartyType | None = None,
    polygon: JsonObject | None = None,
    valid_from: date | None = None,
) -> int:
    """Make a unit, existing from today unless told, and return its key.

    Raises:
        Forbidden, WrongCode, DuplicateCode, WrongParent, WrongServedUnit, UnknownUnit, WrongShape:
        as they say. InvalidInput: a name is missing.
    """
    demand(actor, Action.MANAGE_UNITS)
    _demand_names(name, name_zh)
    if not _CODE.fullmatch(code):
        raise WrongCode
    if polygon is not None:
        shape_from_geojson(polygon, unit=code)
    unit = {
        "code": code,
        "kind": kind.value,
        "line": LINE_OF[kind].value,
        "name": name.strip(),
        "name_zh": name_zh.strip(),
        "parent_key": parent_key,
        "party_type": party_type.value if party_type else None,
        "serves_key": serves_key,
        "polygon": polygon,
    }
    with transaction() as tx:
        known = directories.load(tx.connection, 0)
        if known.has_code(code):
            raise DuplicateCode(unit_code=code)
        parent_path = _demand_place(known, kind, parent_key, serves_key)
        return _insert(tx, unit, parent_path, valid_from or _today(tx))


def rename_unit(actor: Actor, unit_key: int, *, name: str, name_zh: str) -> None:
    """Give a unit other names.

    Raises:
        Forbidden, UnknownUnit: as they say. InvalidInput: a name is missing.
    """
    demand(actor, Action.MANAGE_UNITS)
    _demand_names(name, name_zh)
    with transaction() as tx:
        directories.load(tx.connection, 0).unit(unit_key)
        rows.update_unit(tx.connection, unit_key, name=name.strip(), name_zh=name_zh.strip())


def move_unit(actor: Actor, unit_key: int, *, parent_key: int) -> None:
    """Hang a unit and all under it elsewhere; what is open there is seen from above it anew.

    Raises:
        Forbidden, UnknownUnit, DistrictStays, WrongParent: as they say.
    """
    demand(actor, Action.MANAGE_UNITS)
    with transaction() as tx:
        known = directories.load(tx.connection, 0)
        unit = known.unit(unit_key)
        if unit.parent_key is None:
            raise DistrictStays
        if unit.parent_key == parent_key:
            return
        new_path = path_under(_demand_parent(known, unit.kind, parent_key), unit_key)
        rows.move_subtree(tx.connection, unit.path, new_path, parent_key)
        moved = _moved(known, unit.path, new_path)
        rehang(
            tx.connection,
            unit_key,
            before=known.ancestors,
            after=lambda key: keys_of(moved.get(key) or known.unit(key).path),
        )


def close_unit(actor: Actor, unit_key: int, *, last_day: date | None = None) -> None:
    """Let a unit and its positions end, with yesterday unless told.

    Raises:
        Forbidden, UnknownUnit, DistrictStays, UnitHasSubunits, UnitHasOpenTasks: as they say.
    """
    demand(actor, Action.MANAGE_UNITS)
    with transaction() as tx:
        known = directories.load(tx.connection, 0)
        if known.unit(unit_key).parent_key is None:
            raise DistrictStays
        last = last_day or _today(tx) - timedelta(days=1)
        left = [child for child in known.children(unit_key) if child.is_valid(_today(tx))]
        if left:
            raise UnitHasSubunits(count=len(left))
        count = rows.count_offers(tx.connection, unit_key)
        if count:
            raise UnitHasOpenTasks(count=count)
        rows.update_unit(tx.connection, unit_key, valid_to=last)
        held = people_rows.positions_in(tx.connection, unit_key)
        people_rows.end_positions(tx.connection, [row.key for row in held], last)


def _node(known: Directory, unit: Unit, on: date | None) -> UnitNode:
    children = [child for child in known.children(unit.key) if on is None or child.is_valid(on)]
    return UnitNode(unit, tuple(_node(known, child, on) for child in children))


def _insert(tx: Transaction, unit: dict[str, Any], parent_path: str, since: date) -> int:
    key = tx.next_key()
    path = path_under(parent_path, key)
    rows.insert_units(tx.connection, [{"key": key, "path": path, "valid_from": since, **unit}])
    return key


def _demand_names(name: str, name_zh: str) -> None:
    if not name.strip() or not name_zh.strip():
        raise InvalidInput(what="The name", why="it is needed in both languages.")


def _demand_place(
    known: Directory, kind: UnitKind, parent_key: int | None, serves_key: int | None
) -> str:
    """Check where a new unit hangs and stands, and return the path it hangs under."""
    wanted = SERVED_KIND.get(kind)
    served = known.unit(serves_key).kind if serves_key is not None else None
    if served is not wanted:
        raise WrongServedUnit
    if PARENT_KIND[kind] is None:
        if parent_key is not None or known.units:
            raise WrongParent
        return ""
    if parent_key is None:
        raise WrongParent
    return _demand_parent(known, kind, parent_key)


def _demand_parent(known: Directory, kind: UnitKind, parent_key: int) -> str:
    parent = known.unit(parent_key)
    if parent.kind is not PARENT_KIND[kind] or parent.valid_to is not None:
        raise WrongParent
    return parent.path


def _moved(known: Directory, old_path: str, new_path: str) -> dict[int, str]:
    """Return the new paths of a moved unit and all under it."""
    return {
        unit.key: new_path + unit.path.removeprefix(old_path)
        for unit in known.units.values()
        if unit.path.startswith(old_path)
    }


def _today(tx: Transaction) -> date:
    return local_today(tx.connection, tx.now)
