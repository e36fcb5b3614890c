"""Administering units: the tree, making and closing, and moving with what is open under them."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import insert, select

from app.cases import staff, units
from app.clock import moved_to
from app.errors import Forbidden, InvalidInput
from app.organisation.directory import UnknownUnit
from app.organisation.roles import Role
from app.organisation.shapes import WrongShape
from app.organisation.units import UnitKind
from app.store import rehang as rebuilding
from app.store.db import reading, transaction
from app.store.tables.cases import case_unit
from app.store.tables.organisation import unit as unit_table
from tests.organisation.staffed import BOTH, database, staffed
from tests.support.district import District

NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
NOBODY = 2**40
SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}


@pytest.fixture(scope="module", params=BOTH)
def app(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    with database(request.param, request, tmp_path_factory) as made:
        yield made


@pytest.fixture
def district(app: Flask) -> Iterator[District]:
    with moved_to(NINE):
        yield staffed(app)


def make(district: District, code: str, kind: UnitKind, parent: str, **more: object) -> int:
    key = units.create_unit(
        district["admin"],
        code=code,
        kind=kind,
        name=f"Unit {code}",
        name_zh=f"单位{code}",
        parent_key=district.units[parent],
        **more,  # type: ignore[arg-type]
    )
    district.units[code] = key
    return key


def second_street(district: District) -> None:
    make(district, "S02", UnitKind.STREET, "DISTRICT")
    make(district, "S02-C01", UnitKind.COMMUNITY, "S02")


def path_of(key: int) -> str:
    with reading() as connection:
        path = connection.scalar(select(unit_table.c.path).where(unit_table.c.key == key))
    assert path is not None
    return path


def test_the_tree_shows_every_unit_under_its_own(district: District) -> None:
    tree = units.list_units(district["admin"])
    assert tree is not None
    assert tree.unit.code == "DISTRICT"
    street = next(node for node in tree.children if node.unit.code == "S01")
    (community,) = street.children
    assert [node.unit.code for node in community.children] == ["S01-C01-G01", "S01-C01-G02"]


def test_a_unit_shows_its_surroundings_and_who_works_there(district: District) -> None:
    make(
        district, "D-URBAN-S01", UnitKind.STREET_BRANCH, "D-URBAN", serves_key=district.units["S01"]
    )
    view = units.unit_view(district["admin"], district.units["S01"])
    assert [unit.code for unit in view.above] == ["DISTRICT"]
    assert [unit.code for unit in view.children] == ["S01-C01"]
    assert [unit.code for unit in view.beside] == ["D-URBAN-S01"]
    assert [(line.role, line.login) for line in view.holders] == [
        (Role.STREET_DISPATCHER, "dispatcher")
    ]
    assert view.holders[0].is_held_today
    assert (view.open_tasks, view.has_polygon) == (0, False)
    assert units.unit_view(district["admin"], district.units["S01-C01-G01"]).has_polygon


def test_a_new_unit_is_there_for_positions(district: District) -> None:
    grid = make(district, "S01-C01-G03", UnitKind.GRID, "S01-C01", polygon=SQUARE)
    assert path_of(grid) == path_of(district.units["S01-C01"]) + f"{grid}/"
    assert staff.grant_position(
        district["admin"],
        person_key=district["worker"].person_key,
        role=Role.GRID_WORKER,
        unit_key=grid,
    )


@pytest.mark.parametrize(
    ("code", "kind", "parent", "more", "error"),
    [
        ("S01", UnitKind.STREET, "DISTRICT", {}, units.DuplicateCode),
        ("s 02", UnitKind.STREET, "DISTRICT", {}, units.WrongCode),
        ("S02", UnitKind.STREET, "S01", {}, units.WrongParent),
        ("Q", UnitKind.DISTRICT, "S01", {}, units.WrongParent),
        ("G9", UnitKind.GRID, "S01-C01", {"polygon": {"type": "Point"}}, WrongShape),
        ("D-X", UnitKind.STREET_BRANCH, "D-URBAN", {}, units.WrongServedUnit),
        ("S03", UnitKind.STREET, "DISTRICT", {"serves_key": NOBODY}, UnknownUnit),
    ],
)
def test_a_unit_that_does_not_fit_is_refused(
    district: District,
    code: str,
    kind: UnitKind,
    parent: str,
    more: dict[str, object],
    error: type[Exception],
) -> None:
    with pytest.raises(error):
        make(district, code, kind, parent, **more)


def test_a_unit_has_names_in_both_languages(district: District) -> None:
    street = district.units["S01"]
    units.rename_unit(district["admin"], street, name=" Lake Street ", name_zh="湖滨街道")
    unit = units.unit_view(district["admin"], street).unit
    assert (unit.label("en"), unit.label("zh-CN")) == ("Lake Street", "湖滨街道")
    with pytest.raises(InvalidInput, match="both languages"):
        units.rename_unit(district["admin"], street, name="Lake Street", name_zh=" ")


def test_a_closed_unit_and_its_positions_end_but_not_above_open_ones(district: District) -> None:
    admin = district["admin"]
    with pytest.raises(units.UnitHasSubunits, match="still 2 units"):
        units.close_unit(admin, district.units["S01-C01"])
    with pytest.raises(units.DistrictStays):
        units.close_unit(admin, district.units["DISTRICT"])
    units.close_unit(admin, district.units["S01-C01-G01"])
    view = units.unit_view(admin, district.units["S01-C01-G01"])
    assert view.unit.valid_to == TODAY - timedelta(days=1)
    assert not view.holders[0].is_held_today
    tree, whole = units.list_units(admin), units.list_units(admin, with_closed=True)
    assert _codes(whole) - _codes(tree) == {"S01-C01-G01"}


def test_a_unit_moves_with_everything_under_it(district: District) -> None:
    second_street(district)
    units.move_unit(district["admin"], district.units["S01-C01"], parent_key=district.units["S02"])
    grid = district.units["S01-C01-G01"]
    above = [district.units[code] for code in ("DISTRICT", "S02", "S01-C01")]
    assert path_of(grid) == "/" + "/".join(map(str, [*above, grid])) + "/"
    view = units.unit_view(district["admin"], grid)
    assert [unit.code for unit in view.above] == ["DISTRICT", "S02", "S01-C01"]
    assert path_of(district.units["D-URBAN"]).count("/") == 3


def test_a_unit_moves_only_under_one_of_the_right_kind(district: District) -> None:
    admin = district["admin"]
    with pytest.raises(units.WrongParent):
        units.move_unit(admin, district.units["S01-C01-G01"], parent_key=district.units["S01"])
    with pytest.raises(units.WrongParent):
        units.move_unit(admin, district.units["S01-C01"], parent_key=district.units["S01-C01"])
    with pytest.raises(units.DistrictStays):
        units.move_unit(admin, district.units["DISTRICT"], parent_key=district.units["S01"])


def test_open_cases_are_found_above_the_new_place_and_closed_ones_above_the_old(
    district: District,
) -> None:
    second_street(district)
    chain = [district.units[code] for code in ("DISTRICT", "S01", "S01-C01", "S01-C01-G01")]
    department = district.units["D-URBAN"]
    with transaction() as tx:
        for case_key, is_open in ((901, True), (902, False)):
            for unit_key in [*chain, department]:
                row = {"unit_key": unit_key, "case_key": case_key, "is_open": is_open}
                tx.connection.execute(insert(case_unit).values(reported_at=NINE, **row))
    units.move_unit(
        district["admin"], district.units["S01-C01-G01"], parent_key=district.units["S02-C01"]
    )
    assert _found_under(district, 901) == {"DISTRICT", "S02", "S02-C01", "S01-C01-G01", "D-URBAN"}
    assert _found_under(district, 902) == {"DISTRICT", "S01", "S01-C01", "S01-C01-G01", "D-URBAN"}


def test_only_the_lowest_units_say_where_something_is() -> None:
    chains = {1: (1,), 2: (1, 2), 3: (1, 2, 3), 4: (1, 4)}
    assert rebuilding._lowest({1, 2, 3, 4}, lambda key: chains[key]) == {3, 4}


CHANGES: list[Callable[[District], object]] = [
    lambda d: units.list_units(d["supervisor"]),
    lambda d: units.unit_view(d["supervisor"], d.units["S01"]),
    lambda d: units.rename_unit(d["supervisor"], d.units["S01"], name="x", name_zh="x"),
    lambda d: units.move_unit(d["supervisor"], d.units["S01"], parent_key=1),
    lambda d: units.close_unit(d["supervisor"], d.units["S01"]),
    lambda d: units.create_unit(
        d["supervisor"], code="S9", kind=UnitKind.STREET, name="x", name_zh="x", parent_key=1
    ),
]


@pytest.mark.parametrize("change", CHANGES)
def test_only_administrators_manage_units(
    district: District, change: Callable[[District], object]
) -> None:
    with pytest.raises(Forbidden):
        change(district)


def _codes(node: units.UnitNode | None) -> set[str]:
    if node is None:
        return set()
    return {node.unit.code}.union(*(_codes(child) for child in node.children))


def _found_under(district: District, case_key: int) -> set[str]:
    with reading() as connection:
        query = select(case_unit.c.unit_key).where(case_unit.c.case_key == case_key)
        keys = set(connection.scalars(query))
    return {code for code, key in district.units.items() if key in keys}
