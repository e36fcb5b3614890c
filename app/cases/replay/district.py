"""The units a file names, and two synthetic people who do what the file does not say who did.

Made once for a file; a later run finds them again by their codes. Nobody can sign in as them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.cases.replay.mapping import Mapping
from app.organisation import directory as directories
from app.organisation.actor import Actor, HeldPosition
from app.organisation.directory import Directory
from app.organisation.roles import Role
from app.organisation.units import LINE_OF, UnitKind, path_under
from app.store import people, settings, units
from app.store.db import Transaction
from app.store.instances import versions

SINCE = date(2000, 1, 1)
ROLES: dict[UnitKind, tuple[Role, ...]] = {
    UnitKind.DISTRICT: (Role.DISTRICT_DISPATCHER,),
    UnitKind.STREET: (Role.STREET_DISPATCHER,),
    UnitKind.COMMUNITY: (Role.COMMUNITY_OFFICER,),
    UnitKind.GRID: (Role.GRID_WORKER,),
    UnitKind.DEPARTMENT: (Role.UNIT_CLERK, Role.UNIT_HANDLER, Role.UNIT_LEADER),
}
HANDLING = {Role.UNIT_CLERK, Role.UNIT_HANDLER}
"""What the second person does: whoever reviews or checks a result has to be another."""


@dataclass(frozen=True, slots=True)
class Named:
    """What one row names: a place, as far down as it says, and a department."""

    place: tuple[str, ...]
    department: str | None


@dataclass(frozen=True, slots=True)
class ReplayDistrict:
    """The units by place and the people by role and unit."""

    places: dict[tuple[str, ...], int]
    kinds: dict[int, UnitKind]
    actors: dict[tuple[str, int], Actor]

    def actor_for(self, offered_to: list[list[Any]]) -> Actor | None:
        """Return who does a task offered so; None when it is offered to nobody of the replay."""
        found = (self.actors.get((role, unit_key)) for role, unit_key in offered_to)
        return next((actor for actor in found if actor is not None), None)


def named(row: dict[str, str | None], mapping: Mapping) -> Named:
    """Return the units a row names."""
    place: list[str] = []
    for column in (mapping.street, mapping.community, mapping.grid):
        name = row[column]
        if name is None:
            break
        place.append(name)
    return Named(tuple(place), row[mapping.department])


def make(tx: Transaction, mapping: Mapping, found: Iterable[Named]) -> ReplayDistrict:
    """Make the units that are missing, and the positions of the two people in them."""
    wanted = set(found)
    if not units.has_units(tx.connection):
        settings.save_setting(tx.connection, "zone", mapping.zone.key)
        settings.save_setting(tx.connection, "district_name", mapping.title)
        settings.save_setting(tx.connection, "district_name_zh", mapping.title)
    directory = directories.load(tx.connection, 0)
    rows = _missing_units(tx, mapping, wanted, directory)
    units.insert_units(tx.connection, rows)
    directory = directories.load(tx.connection, 0)
    places = {
        tuple(unit.code.split("/")[1:]): unit.key
        for unit in directory.units.values()
        if unit.code.startswith(f"{mapping.name}/")
    }
    kinds = {key: directory.unit(key).kind for key in places.values()}
    return ReplayDistrict(
        places, kinds, _people(tx, mapping, directory, [row["key"] for row in rows])
    )


def _missing_units(
    tx: Transaction, mapping: Mapping, wanted: set[Named], directory: Directory
) -> list[dict[str, Any]]:
    known = {unit.code: (unit.key, unit.path) for unit in directory.units.values()}
    rows: list[dict[str, Any]] = []

    def add(code: str, kind: UnitKind, name: str, parent: str | None) -> None:
        if code in known:
            return
        key = tx.next_key()
        parent_key, above = known[parent] if parent else (None, "")
        known[code] = (key, path_under(above, key))
        rows.append(
            {
                "key": key,
                "code": code,
                "kind": kind.value,
                "line": LINE_OF[kind].value,
                "name": name,
                "name_zh": name,
                "parent_key": parent_key,
                "path": known[code][1],
                "is_synthetic": False,
                "valid_from": SINCE,
            }
        )

    district = _district_code(directory)
    if district is None:
        district = "DISTRICT"
        add(district, UnitKind.DISTRICT, mapping.title, None)
    levels = (UnitKind.STREET, UnitKind.COMMUNITY, UnitKind.GRID)
    for place in sorted({each.place for each in wanted}):
        parent = district
        for depth, kind in enumerate(levels[: len(place)], start=1):
            code = "/".join((mapping.name, *place[:depth]))
            add(code, kind, place[depth - 1], parent)
            parent = code
    for department in sorted({each.department for each in wanted if each.department}):
        name = mapping.department_names.get(department, department)
        add(department, UnitKind.DEPARTMENT, name, district)
    return rows


def _district_code(directory: Directory) -> str | None:
    found = [unit for unit in directory.units.values() if unit.kind is UnitKind.DISTRICT]
    return min(found, key=lambda unit: unit.key).code if found else None


def _people(
    tx: Transaction, mapping: Mapping, directory: Directory, new_units: list[int]
) -> dict[tuple[str, int], Actor]:
    keys = {login: _person(tx, login) for login in (f"{mapping.name}-1", f"{mapping.name}-2")}
    first, second = keys.values()
    rows = [
        {
            "key": tx.next_key(),
            "person_key": second if role in HANDLING else first,
            "role": role.value,
            "unit_key": unit_key,
            "valid_from": SINCE,
            "valid_to": None,
        }
        for unit_key in new_units
        for role in ROLES.get(directory.unit(unit_key).kind, ())
    ]
    rows += _district_position(tx, directory, first, new_units)
    people.insert_positions(tx.connection, rows)
    logins = {key: login for login, key in keys.items()}
    current = directories.load(tx.connection, versions(tx.connection).directory)
    return {
        (role.value, unit_key): Actor(
            person_key=holding.person_key,
            login=logins[holding.person_key],
            name=logins[holding.person_key],
            positions=(
                HeldPosition(
                    position_key=holding.position_key,
                    role=role,
                    unit_key=unit_key,
                    unit_path=directory.unit(unit_key).path,
                    unit_kind=directory.unit(unit_key).kind,
                ),
            ),
        )
        for (role, unit_key), holdings in current.holdings.items()
        for holding in holdings
        if holding.person_key in logins
    }


def _district_position(
    tx: Transaction, directory: Directory, person_key: int, new_units: list[int]
) -> list[dict[str, Any]]:
    """A district that was there before gives the replay a dispatcher, once."""
    district = directory.district.key
    held = directory.holdings.get((Role.DISTRICT_DISPATCHER, district), ())
    if district in new_units or any(each.person_key == person_key for each in held):
        return []
    return [
        {
            "key": tx.next_key(),
            "person_key": person_key,
            "role": Role.DISTRICT_DISPATCHER.value,
            "unit_key": district,
            "valid_from": SINCE,
            "valid_to": None,
        }
    ]


def _person(tx: Transaction, login: str) -> int:
    row = people.person_by_login(tx.connection, login)
    if row is not None:
        key: int = row.key
        return key
    key = tx.next_key()
    people.insert_people(
        tx.connection,
        [
            {
                "key": key,
                "login": login,
                "name": f"{login} (synthetic)",
                "created_at": tx.now,
                "wants_mail": False,
            }
        ],
    )
    return key
