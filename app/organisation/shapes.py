"""Polygons as exact whole numbers: reading GeoJSON, areas, and on which side a point lies.

A coordinate is kept in ten-millionths of a degree (about a centimetre), so that two grids which
share an edge agree on every point of it. `organisation.places` and the demo district use it.
"""

from dataclasses import dataclass
from typing import TypeAlias

from app.errors import CaseError
from app.json_types import Json

SCALE = 10_000_000
Vertex: TypeAlias = tuple[int, int]  # longitude, latitude
Ring: TypeAlias = tuple[Vertex, ...]  # closed by its first vertex, which is not repeated


class WrongShape(CaseError):
    """The shape of {unit} cannot be read: a GeoJSON polygon in degrees is needed."""

    code = "wrong_shape"


@dataclass(frozen=True, slots=True)
class Shape:
    """One or more polygons with their holes, as rings; a point within an odd number is inside."""

    rings: tuple[Ring, ...]

    @property
    def bounds(self) -> tuple[int, int, int, int]:
        """Return west, south, east and north."""
        xs = [x for ring in self.rings for x, _ in ring]
        ys = [y for ring in self.rings for _, y in ring]
        return min(xs), min(ys), max(xs), max(ys)

    def contains(self, x: int, y: int) -> bool:
        """Tell whether a point is inside.

        Of shapes that share an edge exactly one contains a point on it: an edge belongs to the
        shape on its right (east), a horizontal one to the shape above it (north).
        """
        is_inside = False
        for ring in self.rings:
            x1, y1 = ring[-1]
            for x2, y2 in ring:
                if (y1 > y) != (y2 > y) and _is_left_of_edge(x, y, (x1, y1), (x2, y2)):
                    is_inside = not is_inside
                x1, y1 = x2, y2
        return is_inside


def doubled_area(ring: Ring) -> int:
    """Return twice the area of a ring in square units: positive when it runs anticlockwise."""
    total = 0
    x1, y1 = ring[-1]
    for x2, y2 in ring:
        total += x1 * y2 - x2 * y1
        x1, y1 = x2, y2
    return total


def scaled(degrees: float) -> int:
    """Return a coordinate in whole units."""
    return round(degrees * SCALE)


def shape_from_geojson(geometry: Json, *, unit: str) -> Shape:
    """Read a GeoJSON Polygon or MultiPolygon, `[longitude, latitude]` in degrees.

    Raises:
        WrongShape: it is anything else.
    """
    try:
        return Shape(tuple(_ring(ring) for ring in _rings(geometry)))
    except (TypeError, ValueError, KeyError, IndexError, OverflowError):
        raise WrongShape(unit=unit) from None


def _rings(geometry: Json) -> list[Json]:
    if not isinstance(geometry, dict):
        raise TypeError
    parts = geometry["coordinates"]
    if not isinstance(parts, list):
        raise TypeError
    if geometry["type"] == "Polygon":
        return parts
    if geometry["type"] != "MultiPolygon":
        raise ValueError
    return [ring for polygon in parts if isinstance(polygon, list) for ring in polygon]


def _ring(points: Json) -> Ring:
    if not isinstance(points, list):
        raise TypeError
    ring = tuple(_vertex(point) for point in points)
    if ring[0] == ring[-1]:
        ring = ring[:-1]
    if len(ring) < 3:
        raise ValueError
    return ring


def _vertex(point: Json) -> Vertex:
    if not isinstance(point, list):
        raise TypeError
    longitude, latitude = point[0], point[1]
    if not isinstance(longitude, int | float) or not isinstance(latitude, int | float):
        raise TypeError
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        raise ValueError
    return scaled(longitude), scaled(latitude)


def _is_left_of_edge(x: int, y: int, start: Vertex, end: Vertex) -> bool:
    """Tell whether the edge crosses the point's latitude east of the point."""
    (x1, y1), (x2, y2) = start, end
    cross = (x2 - x1) * (y - y1) - (x - x1) * (y2 - y1)
    return cross > 0 if y2 > y1 else cross < 0
