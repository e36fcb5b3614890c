"""The polygons of the synthetic district tile it exactly, and everything about it is repeatable."""

from collections import Counter
from itertools import pairwise

import pytest

from app.organisation.demo import demo_accounts, planned_people, planned_units
from app.organisation.demo import people as people_plans
from app.organisation.demo import units as unit_plans
from app.organisation.demo.town import Outline
from app.organisation.demo.units import UnitPlan
from app.organisation.roles import HELD_IN
from app.organisation.shapes import doubled_area
from app.organisation.units import PARENT_KIND, SERVED_KIND, UnitKind

UNITS = {unit.code: unit for unit in planned_units()}


def of_kind(kind: UnitKind) -> list[UnitPlan]:
    return [unit for unit in UNITS.values() if unit.kind is kind]


def outline(unit: UnitPlan) -> Outline:
    assert unit.outline is not None, unit.code
    return unit.outline


def edges(ring: Outline) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    return list(pairwise([*ring, ring[0]]))


def test_no_grid_crosses_itself_or_is_turned_inside_out() -> None:
    for grid in of_kind(UnitKind.GRID):
        ring = outline(grid)
        assert doubled_area(ring) > 0, grid.code
        assert len(set(ring)) == len(ring), grid.code
        assert not _crosses_itself(ring), grid.code


def test_every_edge_is_shared_by_two_neighbours_or_lies_on_the_border() -> None:
    """With simple rings that all run anticlockwise this is what leaves no gap and no overlap."""
    found = Counter(edge for grid in of_kind(UnitKind.GRID) for edge in edges(outline(grid)))
    assert set(found.values()) == {1}
    border = {edge for edge in found if (edge[1], edge[0]) not in found}
    (district,) = of_kind(UnitKind.DISTRICT)
    assert border == set(edges(outline(district)))


@pytest.mark.parametrize("kind", [UnitKind.COMMUNITY, UnitKind.STREET, UnitKind.DISTRICT])
def test_each_unit_has_exactly_the_area_of_those_within_it(kind: UnitKind) -> None:
    for unit in of_kind(kind):
        inside = [child for child in UNITS.values() if child.parent == unit.code and child.outline]
        areas = [doubled_area(outline(child)) for child in inside]
        assert doubled_area(outline(unit)) == sum(areas), unit.code


def test_the_town_is_not_made_of_rectangles() -> None:
    corners = Counter(len(outline(grid)) for grid in of_kind(UnitKind.GRID))
    assert len(corners) > 4
    assert corners[4] < 200


def test_units_hang_and_stand_where_their_kind_belongs() -> None:
    seen: set[str] = set()
    for unit in planned_units():
        parent = UNITS[unit.parent].kind if unit.parent else None
        assert parent is PARENT_KIND[unit.kind], unit.code
        served = UNITS[unit.serves].kind if unit.serves else None
        assert served is SERVED_KIND.get(unit.kind), unit.code
        assert unit.parent is None or unit.parent in seen
        seen.add(unit.code)


def test_names_and_codes_are_unique_and_in_both_languages() -> None:
    units = planned_units()
    assert len({unit.code for unit in units}) == len(units)
    assert len({unit.name for unit in units}) == len(units)
    assert len({unit.name_zh for unit in units}) == len(units)
    assert all(unit.name.isascii() and not unit.name_zh.isascii() for unit in units)


def test_people_hold_roles_only_where_those_are_held() -> None:
    logins = Counter(person.login for person in planned_people())
    assert set(logins.values()) == {1}
    for person in planned_people():
        for role, code in person.positions:
            assert UNITS[code].kind in HELD_IN[role], (person.login, code)


def test_the_same_district_is_made_every_time() -> None:
    units, people = planned_units(), planned_people()
    unit_plans.planned_units.cache_clear()
    people_plans.planned_people.cache_clear()
    assert planned_units() == units
    assert planned_people() == people


def test_listed_accounts_name_their_units_as_the_district_does() -> None:
    for account in demo_accounts():
        if account.unit is not None:
            unit = UNITS[account.unit]
            assert (account.unit_name.en, account.unit_name.zh) == (unit.name, unit.name_zh)


def _crosses_itself(ring: Outline) -> bool:
    sides = edges(ring)
    return any(
        _do_cross(sides[i], sides[j])
        for i in range(len(sides))
        for j in range(i + 2, len(sides))
        if (j + 1) % len(sides) != i
    )


def _do_cross(
    one: tuple[tuple[int, int], tuple[int, int]], other: tuple[tuple[int, int], tuple[int, int]]
) -> bool:
    (a, b), (c, d) = one, other
    return _turn(a, b, c) * _turn(a, b, d) <= 0 and _turn(c, d, a) * _turn(c, d, b) <= 0


def _turn(a: tuple[int, int], b: tuple[int, int], c: tuple[int, int]) -> int:
    value = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return (value > 0) - (value < 0)
