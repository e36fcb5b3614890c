"""The directory: every unit, who holds which role where, and to whom a task is to be offered.

An immutable snapshot, loaded in a few statements and kept by each process under the version that
every change of units, positions, deputies and accounts sets anew (`store.settings`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from app.errors import CaseError
from app.organisation.actor import HeldPosition
from app.organisation.roles import AT_LAST, HELD_IN, RECEIVING_ROLE, Role, role_named
from app.organisation.snapshots import Snapshots
from app.organisation.units import Line, PartyType, Unit, UnitKind, is_valid, keys_of
from app.store import people as people_rows
from app.store import units as unit_rows
from app.store.db import Connection
from app.store.units import AnyRow


class UnknownUnit(CaseError):
    """There is no unit {unit!r}."""

    code = "unknown_unit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """Somebody holds a role in a unit for a span of days, themselves or as a deputy."""

    position_key: int
    person_key: int
    valid_from: date
    valid_to: date | None
    on_behalf_of: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePlace:
    """Where a case lies and who leads it, as far as is known."""

    grid_key: int | None = None
    community_key: int | None = None
    street_key: int | None = None
    lead_unit_key: int | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """A task is offered to whoever holds `role` in the unit.

    `raised_from` is None where the task is where it belongs; else the unit in which nobody eligible
    was found or, where the case does not say which that would be, the unit of the offer itself.
    """

    role: Role
    unit_key: int
    unit_path: str
    raised_from: int | None = None


@dataclass(frozen=True)
class Directory:
    """All units by key, and the holders of each (role, unit key); see the module's text."""

    version: int
    units: Mapping[int, Unit]
    holdings: Mapping[tuple[Role, int], tuple[Holding, ...]] = field(default_factory=dict)
    logins: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def _codes(self) -> dict[str, int]:
        return {unit.code: unit.key for unit in self.units.values()}

    @cached_property
    def _serving(self) -> dict[tuple[UnitKind, int], int]:
        """Which unit of a kind stands beside a unit of the grid line (the first by code)."""
        found: dict[tuple[UnitKind, int], int] = {}
        for unit in sorted(self.units.values(), key=lambda unit: unit.code):
            if unit.serves_key is not None:
                found.setdefault((unit.kind, unit.serves_key), unit.key)
        return found

    @cached_property
    def district(self) -> Unit:
        """The district.

        Raises:
            UnknownUnit: no unit has been made yet.
        """
        districts = [unit for unit in self.units.values() if unit.kind is UnitKind.DISTRICT]
        if not districts:
            raise UnknownUnit(unit="district")
        return min(districts, key=lambda unit: unit.key)

    def unit(self, key: int) -> Unit:
        """Return a unit by key.

        Raises:
            UnknownUnit: there is none.
        """
        try:
            return self.units[key]
        except KeyError:
            raise UnknownUnit(unit=key) from None

    def unit_by_code(self, code: str) -> Unit:
        """Return a unit by code.

        Raises:
            UnknownUnit: there is none.
        """
        try:
            return self.units[self._codes[code]]
        except KeyError:
            raise UnknownUnit(unit=code) from None

    def has_code(self, code: str) -> bool:
        """Tell whether a unit has that code, closed ones too."""
        return code in self._codes

    def beside(self, unit_key: int) -> tuple[Unit, ...]:
        """Return the units of the other lines that stand beside one, by code."""
        found = [unit for unit in self.units.values() if unit.serves_key == unit_key]
        return tuple(sorted(found, key=lambda unit: unit.code))

    def ancestors(self, unit_key: int) -> tuple[int, ...]:
        """Return the keys above a unit and its own: the district first, the unit itself last.

        Raises:
            UnknownUnit: there is no such unit.
        """
        return keys_of(self.unit(unit_key).path)

    def chain_of(self, code: str) -> tuple[int, ...]:
        """Return `ancestors` of the unit with that code.

        Raises:
            UnknownUnit: there is no such unit.
        """
        return self.ancestors(self.unit_by_code(code).key)

    def children(self, unit_key: int) -> tuple[Unit, ...]:
        """Return the units directly under one, by code."""
        return self._children.get(unit_key, ())

    @cached_property
    def _children(self) -> dict[int | None, tuple[Unit, ...]]:
        found: dict[int | None, list[Unit]] = {}
        for unit in sorted(self.units.values(), key=lambda unit: unit.code):
            found.setdefault(unit.parent_key, []).append(unit)
        return {key: tuple(units) for key, units in found.items()}

    def person_by_login(self, login: str) -> int | None:
        """Return the key of the active person with that login, whatever its case."""
        return self.logins.get(login.lower())

    def login_of(self, person_key: int) -> str | None:
        """Return the login of an active person; None for one who is not (or no longer) active."""
        return self._logins_by_key.get(person_key)

    @cached_property
    def _logins_by_key(self) -> dict[int, str]:
        return {key: login for login, key in self.logins.items()}

    def people(self, role: Role, unit_key: int, on: date) -> tuple[int, ...]:
        """Return who holds a role in a unit on a day: the holders first, then their deputies."""
        found = sorted(
            self._held_on(role, unit_key, on), key=lambda holding: holding.on_behalf_of is not None
        )
        return tuple(dict.fromkeys(holding.person_key for holding in found))

    def _held_on(self, role: Role, unit_key: int, on: date) -> list[Holding]:
        return [
            holding
            for holding in self.holdings.get((role, unit_key), ())
            if is_valid(holding.valid_from, holding.valid_to, on)
        ]

    def positions_of(self, person_key: int, on: date) -> tuple[HeldPosition, ...]:
        """Return what a person may act as on a day: their own positions, then those lent."""
        found = [
            HeldPosition(
                position_key=holding.position_key,
                role=role,
                unit_key=unit_key,
                unit_path=self.units[unit_key].path,
                unit_kind=self.units[unit_key].kind,
                on_behalf_of=holding.on_behalf_of,
            )
            for role, unit_key, holding in self._held_by.get(person_key, ())
            if is_valid(holding.valid_from, holding.valid_to, on)
        ]
        return tuple(sorted(found, key=lambda held: held.on_behalf_of is not None))

    @cached_property
    def _held_by(self) -> dict[int, list[tuple[Role, int, Holding]]]:
        found: dict[int, list[tuple[Role, int, Holding]]] = {}
        for (role, unit_key), holdings in self.holdings.items():
            for holding in holdings:
                found.setdefault(holding.person_key, []).append((role, unit_key, holding))
        return found

    def resolve(
        self, group: str, place: CasePlace, *, on: date, not_actor: int | None = None
    ) -> Offer:
        """Return to which role in which unit a task for a candidate group is to be offered.

        `group` is "role" (the unit comes from the case) or "role@unit_code". Where nobody but
        `not_actor` holds the role there on that day, the task climbs: to the next unit up where
        the role is held or, on the grid line, to whoever receives cases there; at last to those
        of `AT_LAST` in the district. A deputy of `not_actor` is as little another person.

        Raises:
            UnknownRole, UnknownUnit: the group names one that does not exist.
        """
        code, _, unit_code = group.partition("@")
        role = role_named(code.strip())
        if unit_code:
            home: int | None = self.unit_by_code(unit_code.strip()).key
        else:
            home = self._home(role, place)
        for unit_key in self._climb(role, home, place):
            for candidate in self._roles_at(role, unit_key, home):
                if self._has_somebody(candidate, unit_key, on=on, not_actor=not_actor):
                    is_home = unit_key == home and candidate is role
                    return self._offer(candidate, unit_key, None if is_home else home or unit_key)
        district = self._root(home, place).key
        last = (
            each
            for each in AT_LAST
            if self._has_somebody(each, district, on=on, not_actor=not_actor)
        )
        return self._offer(next(last, AT_LAST[0]), district, home or district)

    def _offer(self, role: Role, unit_key: int, raised_from: int | None) -> Offer:
        return Offer(role, unit_key, self.units[unit_key].path, raised_from)

    def _home(self, role: Role, place: CasePlace) -> int | None:
        """Return the unit of the case in which a role belongs; None where the case has none."""
        kinds = HELD_IN[role]
        if UnitKind.DEPARTMENT in kinds:
            return place.lead_unit_key
        if UnitKind.PARTY_GENERAL_BRANCH in kinds:
            return self._serving.get((UnitKind.PARTY_GENERAL_BRANCH, place.community_key or 0))
        for kind, key in self._levels(place):
            if kind in kinds:
                return key
        return self._root(None, place).key

    def _levels(self, place: CasePlace) -> tuple[tuple[UnitKind, int | None], ...]:
        return (
            (UnitKind.GRID, place.grid_key),
            (UnitKind.COMMUNITY, place.community_key),
            (UnitKind.STREET, place.street_key),
        )

    def _climb(self, role: Role, home: int | None, place: CasePlace) -> Iterator[int]:
        """Yield the units to try, upwards from home or from what the case knows above it."""
        start = self.unit(self._known_above(role, place) if home is None else home)
        if start.kind is UnitKind.PARTY_GENERAL_BRANCH and start.serves_key is not None:
            yield start.key
            start = self.unit(start.serves_key)
        yield from reversed(keys_of(start.path))

    def _known_above(self, role: Role, place: CasePlace) -> int:
        kinds = HELD_IN[role]
        known = [key for kind, key in self._levels(place) if kind is not UnitKind.GRID]
        if UnitKind.STREET in kinds:
            known = []
        elif kinds & {UnitKind.COMMUNITY, UnitKind.DEPARTMENT}:
            known = known[1:]
        return next((key for key in known if key is not None), self._root(None, place).key)

    def _roles_at(self, role: Role, unit_key: int, home: int | None) -> Iterator[Role]:
        yield role
        receiving = RECEIVING_ROLE.get(self.unit(unit_key).kind)
        if receiving is not None and receiving is not role and unit_key != home:
            yield receiving

    def _has_somebody(self, role: Role, unit_key: int, *, on: date, not_actor: int | None) -> bool:
        if not self.unit(unit_key).is_valid(on):
            return False
        return any(
            not_actor is None or not_actor not in {holding.person_key, holding.on_behalf_of}
            for holding in self._held_on(role, unit_key, on)
        )

    def _root(self, home: int | None, place: CasePlace) -> Unit:
        known = (home, place.street_key, place.community_key, place.grid_key, place.lead_unit_key)
        for key in known:
            if key is not None and key in self.units:
                return self.units[keys_of(self.units[key].path)[0]]
        return self.district


_snapshots: Snapshots[Directory] = Snapshots()


def current(connection: Connection, version: int) -> Directory:
    """Return the directory at `version`, from this process's memory where it is there already."""
    return _snapshots.at(version, lambda: load(connection, version))


def load(connection: Connection, version: int) -> Directory:
    """Read the whole directory anew."""
    holdings: dict[tuple[Role, int], list[Holding]] = {}
    for place, holding in (*_own(connection), *_deputised(connection)):
        holdings.setdefault(place, []).append(holding)
    return Directory(
        version=version,
        units={row.key: unit_from(row) for row in unit_rows.all_units(connection)},
        holdings={place: tuple(found) for place, found in holdings.items()},
        logins=people_rows.active_logins(connection),
    )


def _own(connection: Connection) -> Iterator[tuple[tuple[Role, int], Holding]]:
    for row in people_rows.all_positions(connection):
        yield (
            (Role(row.role), row.unit_key),
            Holding(
                position_key=row.key,
                person_key=row.person_key,
                valid_from=row.valid_from,
                valid_to=row.valid_to,
            ),
        )


def _deputised(connection: Connection) -> Iterator[tuple[tuple[Role, int], Holding]]:
    for row in people_rows.all_deputies(connection):
        ends = [day for day in (row.valid_to, row.deputy_to) if day is not None]
        yield (
            (Role(row.role), row.unit_key),
            Holding(
                position_key=row.key,
                person_key=row.person_key,
                valid_from=max(row.valid_from, row.deputy_from),
                valid_to=min(ends, default=None),
                on_behalf_of=row.on_behalf_of,
            ),
        )


def unit_from(row: AnyRow) -> Unit:
    """Return the unit a row of `store.units` describes."""
    return Unit(
        key=row.key,
        code=row.code,
        kind=UnitKind(row.kind),
        line=Line(row.line),
        name=row.name,
        name_zh=row.name_zh,
        parent_key=row.parent_key,
        path=row.path,
        serves_key=row.serves_key,
        party_type=PartyType(row.party_type) if row.party_type else None,
        is_synthetic=row.is_synthetic,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )
