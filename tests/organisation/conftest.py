"""A small district in memory: two streets, a department with a branch, the Party line beside."""

from datetime import date

import pytest

from app.organisation.directory import Directory, Holding
from app.organisation.roles import Role
from app.organisation.units import LINE_OF, Unit, UnitKind, path_under

LONG_AGO = date(2020, 1, 1)
DISTRICT, STREET, COMMUNITY, GRID, OTHER_STREET = 1, 10, 100, 1000, 20
DEPARTMENT, BRANCH, PARTY_STREET, PARTY_COMMUNITY = 50, 51, 30, 31


class Draft:
    """Units and holdings being put together for a test."""

    def __init__(self) -> None:
        self.units: dict[int, Unit] = {}
        self.holdings: dict[tuple[Role, int], tuple[Holding, ...]] = {}

    def unit(
        self,
        key: int,
        kind: UnitKind,
        *,
        parent: int | None = None,
        code: str = "",
        serves: int | None = None,
        valid_to: date | None = None,
    ) -> None:
        above = self.units[parent].path if parent else ""
        self.units[key] = Unit(
            key=key,
            code=code or f"U{key}",
            kind=kind,
            line=LINE_OF[kind],
            name=f"Unit {key}",
            name_zh=f"单位{key}",
            parent_key=parent,
            path=path_under(above, key),
            serves_key=serves,
            valid_from=LONG_AGO,
            valid_to=valid_to,
        )

    def holds(
        self,
        person: int,
        role: Role,
        unit: int,
        *,
        since: date = LONG_AGO,
        until: date | None = None,
        for_person: int | None = None,
    ) -> None:
        holding = Holding(
            position_key=len(self.holdings) + 9000,
            person_key=person,
            valid_from=since,
            valid_to=until,
            on_behalf_of=for_person,
        )
        self.holdings[role, unit] = (*self.holdings.get((role, unit), ()), holding)

    def directory(self) -> Directory:
        return Directory(version=1, units=self.units, holdings=self.holdings)


@pytest.fixture
def draft() -> Draft:
    found = Draft()
    found.unit(DISTRICT, UnitKind.DISTRICT, code="DISTRICT")
    found.unit(STREET, UnitKind.STREET, parent=DISTRICT, code="S01")
    found.unit(OTHER_STREET, UnitKind.STREET, parent=DISTRICT, code="S02")
    found.unit(COMMUNITY, UnitKind.COMMUNITY, parent=STREET, code="S01-C01")
    found.unit(GRID, UnitKind.GRID, parent=COMMUNITY, code="S01-C01-G01")
    found.unit(DEPARTMENT, UnitKind.DEPARTMENT, parent=DISTRICT, code="D-URBAN")
    found.unit(BRANCH, UnitKind.STREET_BRANCH, parent=DEPARTMENT, code="D-URBAN-S01", serves=STREET)
    found.unit(PARTY_COMMUNITY, UnitKind.PARTY_GENERAL_BRANCH, parent=DISTRICT, serves=COMMUNITY)
    return found
