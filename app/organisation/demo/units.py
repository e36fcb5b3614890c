"""The units of the synthetic district, by code: three lines, and a polygon for every grid.

Eight streets, 57 communities and 455 grids as in the founding document; 285 grids have a Party
organisation; 14 departments have a branch in each street; 58 bodies check in to communities.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from random import Random

from app.organisation.demo.names import (
    COMMUNITIES,
    DEPARTMENTS,
    DISTRICT,
    OTHER_BODIES,
    STREETS,
    Term,
)
from app.organisation.demo.town import Outline, Town
from app.organisation.units import PartyType, UnitKind

SEED = 20260101
GRID_COUNT = 455
PARTY_GRID_COUNT = 285
DISTRICT_CODE = "DISTRICT"
PARTY_CODE = "P"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitPlan:
    """A unit to be made: parents come before children, served units before those beside them."""

    code: str
    kind: UnitKind
    name: str
    name_zh: str
    parent: str | None = None
    serves: str | None = None
    party_type: PartyType | None = None
    outline: Outline | None = None


@cache
def planned_units() -> tuple[UnitPlan, ...]:
    """Return every unit of the synthetic district."""
    random = Random(SEED)  # noqa: S311 the same district every time is what is wanted
    grid_line = tuple(_grid_line(random))
    return (*grid_line, *_party_line(grid_line, random), *_departments(), *_bodies())


def street_codes() -> tuple[str, ...]:
    """Return the codes of the streets in order."""
    return tuple(f"S{number:02d}" for number in range(1, len(STREETS) + 1))


def _grid_line(random: Random) -> Iterator[UnitPlan]:
    town = Town(random)
    sizes = _sizes(random)
    weights = [[sum(grids) for grids in communities] for communities in sizes]
    streets = town.split(town.whole, [sum(street) for street in weights], bend=0.05)
    cut = [
        town.split(face, street, bend=0.03) for face, street in zip(streets, weights, strict=True)
    ]
    grids = [
        [town.split(face, counts, bend=0) for face, counts in zip(faces, communities, strict=True)]
        for faces, communities in zip(cut, sizes, strict=True)
    ]
    everything = [grid for street in grids for community in street for grid in community]
    yield UnitPlan(
        code=DISTRICT_CODE,
        kind=UnitKind.DISTRICT,
        name=DISTRICT[0],
        name_zh=DISTRICT[1],
        outline=town.finished(town.outline(everything)),
    )
    names = iter(COMMUNITIES)
    for code, name, faces in zip(street_codes(), STREETS, grids, strict=True):
        yield from _street(town, code, name, faces, names)


def _sizes(random: Random) -> list[list[list[float]]]:
    """Return the relative sizes of the grids of each community of each street."""
    counts = [8 if index == 0 else 7 for index in range(len(STREETS))]
    per_community = [random.choice((6, 7, 8, 9, 10)) for _ in range(sum(counts))]
    while sum(per_community) != GRID_COUNT:
        index = random.randrange(len(per_community))
        step = 1 if sum(per_community) < GRID_COUNT else -1
        if 6 <= per_community[index] + step <= 11:
            per_community[index] += step
    remaining = iter(per_community)
    return [
        [[random.uniform(0.75, 1.25) for _ in range(next(remaining))] for _ in range(count)]
        for count in counts
    ]


def _street(
    town: Town, code: str, name: Term, communities: list[list[int]], names: Iterator[Term]
) -> Iterator[UnitPlan]:
    yield UnitPlan(
        code=code,
        kind=UnitKind.STREET,
        name=f"{name[0]} Street",
        name_zh=f"{name[1]}街道",
        parent=DISTRICT_CODE,
        outline=town.finished(town.outline(face for faces in communities for face in faces)),
    )
    for number, faces in enumerate(communities, start=1):
        yield from _community(town, f"{code}-C{number:02d}", next(names), faces)


def _community(town: Town, code: str, name: Term, faces: list[int]) -> Iterator[UnitPlan]:
    yield UnitPlan(
        code=code,
        kind=UnitKind.COMMUNITY,
        name=f"{name[0]} Community",
        name_zh=f"{name[1]}社区",
        parent=code.rpartition("-")[0],
        outline=town.finished(town.outline(faces)),
    )
    for number, face in enumerate(faces, start=1):
        yield UnitPlan(
            code=f"{code}-G{number:02d}",
            kind=UnitKind.GRID,
            name=f"{name[0]} Community, grid {number}",
            name_zh=f"{name[1]}社区第{number}网格",
            parent=code,
            outline=town.finished(town.outline([face])),
        )


_BESIDE = {
    UnitKind.DISTRICT: (UnitKind.PARTY_COMMITTEE, "Party committee", "委"),
    UnitKind.STREET: (UnitKind.PARTY_WORKING_COMMITTEE, "Party working committee", "党工委"),
    UnitKind.COMMUNITY: (UnitKind.PARTY_GENERAL_BRANCH, "Party organisation", "党组织"),
    UnitKind.GRID: (UnitKind.PARTY_BRANCH, "Party branch", "党支部"),
}


def _party_line(grid_line: tuple[UnitPlan, ...], random: Random) -> Iterator[UnitPlan]:
    grids = [unit.code for unit in grid_line if unit.kind is UnitKind.GRID]
    with_branch = set(random.sample(grids, PARTY_GRID_COUNT))
    types = list(PartyType)
    for unit in grid_line:
        if unit.kind is UnitKind.GRID and unit.code not in with_branch:
            continue
        kind, name, name_zh = _BESIDE[unit.kind]
        is_district = unit.kind is UnitKind.DISTRICT
        is_grid = unit.kind is UnitKind.GRID
        yield UnitPlan(
            code=PARTY_CODE if is_district else f"{PARTY_CODE}-{unit.code}",
            kind=kind,
            name=f"{unit.name}: {name}",
            name_zh="云河区委（合成演示）" if is_district else f"{unit.name_zh}{name_zh}",
            parent=DISTRICT_CODE if is_district else _party_parent(unit),
            serves=unit.code,
            party_type=random.choices(types, (6, 2, 2))[0] if is_grid else PartyType.STANDALONE,
        )


def _party_parent(unit: UnitPlan) -> str:
    return PARTY_CODE if unit.parent == DISTRICT_CODE else f"{PARTY_CODE}-{unit.parent}"


def _departments() -> Iterator[UnitPlan]:
    for code, name, name_zh in DEPARTMENTS:
        yield UnitPlan(
            code=code, kind=UnitKind.DEPARTMENT, name=name, name_zh=name_zh, parent=DISTRICT_CODE
        )
        for street_code, street in zip(street_codes(), STREETS, strict=True):
            yield UnitPlan(
                code=f"{code}-{street_code}",
                kind=UnitKind.STREET_BRANCH,
                name=f"{name}, {street[0]} Street branch",
                name_zh=f"{name_zh}驻{street[1]}街道机构",
                parent=code,
                serves=street_code,
            )


def _bodies() -> Iterator[UnitPlan]:
    communities = list(_community_codes())
    bodies = [(name, name_zh) for _, name, name_zh in DEPARTMENTS] + list(OTHER_BODIES)
    for number, (name, name_zh) in enumerate(bodies, start=1):
        yield UnitPlan(
            code=f"{PARTY_CODE}-U{number:02d}",
            kind=UnitKind.UNIT_PARTY_ORGANISATION,
            name=f"{name}: Party organisation",
            name_zh=f"{name_zh}党组织",
            parent=PARTY_CODE,
            serves=communities[(number - 1) % len(communities)],
            party_type=PartyType.STANDALONE,
        )


def _community_codes() -> Iterator[str]:
    for index, street in enumerate(street_codes()):
        for number in range(1, (8 if index == 0 else 7) + 1):
            yield f"{street}-C{number:02d}"
