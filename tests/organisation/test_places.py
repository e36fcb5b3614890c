"""Which grid a point lies in: one inside the district, on common edges too; none outside."""

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.organisation.demo import planned_units
from app.organisation.places import InGrid, OutsideDistrict, Places, Point
from app.organisation.shapes import Shape, WrongShape, shape_from_geojson
from app.organisation.units import UnitKind

FINER = 10  # the district is drawn in millionths of a degree, points are ten times finer


@cache
def shapes() -> dict[int, Shape]:
    outlines = [unit.outline for unit in planned_units() if unit.kind is UnitKind.GRID]
    return {
        key: Shape((tuple((x * FINER, y * FINER) for x, y in outline),))
        for key, outline in enumerate(outlines)
        if outline
    }


@cache
def town() -> Places:
    return Places.of(shapes().items())


@cache
def district() -> Shape:
    outline = planned_units()[0].outline
    assert outline is not None
    return Shape((tuple((x * FINER, y * FINER) for x, y in outline),))


WEST, SOUTH, EAST, NORTH = district().bounds


def holding(x: int, y: int) -> list[int]:
    return [key for key, shape in shapes().items() if shape.contains(x, y)]


@settings(max_examples=80, deadline=None)
@given(x=st.integers(WEST - 1000, EAST + 1000), y=st.integers(SOUTH - 1000, NORTH + 1000))
def test_a_point_lies_in_one_grid_within_the_district_and_in_none_outside(x: int, y: int) -> None:
    found = holding(x, y)
    assert len(found) == (1 if district().contains(x, y) else 0)
    assert town().grid_at(y / 1e7, x / 1e7) == (found[0] if found else None)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_point_on_a_common_edge_or_corner_lies_in_one_grid(data: st.DataObject) -> None:
    ring = shapes()[data.draw(st.sampled_from(sorted(shapes())))].rings[0]
    index = data.draw(st.integers(0, len(ring) - 1))
    (x1, y1), (x2, y2) = ring[index - 1], ring[index]
    part = data.draw(st.sampled_from([0, 1, 2, 3, 5]))
    x, y = x1 + (x2 - x1) * part // 5, y1 + (y2 - y1) * part // 5
    assert len(holding(x, y)) == (1 if district().contains(x, y) else 0)


def test_a_point_outside_knows_the_nearest_grid_and_how_far_it_is() -> None:
    square = shape_from_geojson(
        {
            "type": "Polygon",
            "coordinates": [[[116, 40], [116.01, 40], [116.01, 40.01], [116, 40.01], [116, 40]]],
        },
        unit="square",
    )
    places = Places.of([(7, square)])
    assert places.locate(Point(40.005, 116.005)) == InGrid(7)
    assert places.locate(Point(40.011, 116.005)) == OutsideDistrict(7, 111)
    assert places.locate(Point(40.005, 116.011)) == OutsideDistrict(7, 85)
    assert Places.of([]).locate(Point(40, 116)) == OutsideDistrict(None, None)


def test_of_two_grids_side_by_side_the_eastern_and_northern_one_has_their_edge() -> None:
    def square(west: int, south: int) -> Shape:
        corners = ((west, south), (west + 10, south), (west + 10, south + 10), (west, south + 10))
        return Shape((corners,))

    assert not square(0, 0).contains(10, 5)
    assert square(10, 0).contains(10, 5)
    assert not square(0, 0).contains(5, 10)
    assert square(0, 10).contains(5, 10)
    assert [s.contains(10, 10) for s in (square(0, 0), square(10, 0), square(0, 10))] == [False] * 3
    assert square(10, 10).contains(10, 10)


def test_a_hole_is_not_inside_and_a_grid_may_have_two_parts() -> None:
    outer = [[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]]
    hole = [[1, 1], [1, 3], [3, 3], [3, 1], [1, 1]]
    far = [[10, 0], [11, 0], [11, 1], [10, 1], [10, 0]]
    ring = {"type": "Polygon", "coordinates": [outer, hole]}
    parts = {"type": "MultiPolygon", "coordinates": [[hole], [far]]}
    places = Places.of(
        [(1, shape_from_geojson(ring, unit="a")), (2, shape_from_geojson(parts, unit="b"))]
    )
    assert places.grid_at(0.5, 0.5) == 1
    assert places.grid_at(2, 2) == 2
    assert places.grid_at(0.5, 10.5) == 2
    assert places.grid_at(0.5, 7) is None


@pytest.mark.parametrize(
    "geometry",
    [
        None,
        {"type": "Point", "coordinates": [1, 2]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], ["x", 1], [0, 0]]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [200, 0], [200, 1], [0, 0]]]},
        {"type": "Polygon"},
        {"type": "Polygon", "coordinates": [[]]},
    ],
)
def test_what_is_no_polygon_is_refused(geometry: object) -> None:
    with pytest.raises(WrongShape, match="shape of G1"):
        shape_from_geojson(geometry, unit="G1")  # type: ignore[arg-type]
