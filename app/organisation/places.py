"""Which grid a point lies in, from the polygons of the grids.

Kept per process beside the directory, under the same version. Exactly one grid is found for a
point within a district whose grids tile it, on their common edges too.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from math import cos, hypot, radians
from typing import TypeAlias

from app.organisation.directory import Directory
from app.organisation.shapes import SCALE, Shape, scaled, shape_from_geojson
from app.organisation.snapshots import Snapshots
from app.organisation.units import UnitKind
from app.store import units as unit_rows
from app.store.db import Connection

CELLS_ACROSS = 64
METRES_PER_DEGREE = 111_320


@dataclass(frozen=True, slots=True)
class Point:
    """A position on the ground in degrees (WGS 84)."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class InGrid:
    """A point lies in this grid."""

    grid_key: int


@dataclass(frozen=True, slots=True)
class OutsideDistrict:
    """A point lies in no grid; the nearest one, where any is known, is so many metres away."""

    nearest_key: int | None
    distance_metres: int | None


Located: TypeAlias = InGrid | OutsideDistrict
Cells: TypeAlias = Mapping[tuple[int, int], tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Raster:
    """Square cells laid over all grids, so that few shapes are asked about a point."""

    west: int
    south: int
    cell: int

    @classmethod
    def over(cls, shapes: Iterable[Shape]) -> "Raster":
        """Return the raster that covers these shapes."""
        bounds = [shape.bounds for shape in shapes] or [(0, 0, 0, 0)]
        west, south = min(b[0] for b in bounds), min(b[1] for b in bounds)
        east, north = max(b[2] for b in bounds), max(b[3] for b in bounds)
        return cls(west, south, max(east - west, north - south) // CELLS_ACROSS + 1)

    def at(self, x: int, y: int) -> tuple[int, int]:
        """Return the cell in which a point lies."""
        return (x - self.west) // self.cell, (y - self.south) // self.cell


@dataclass(frozen=True, slots=True)
class Places:
    """The grids' shapes, and for each cell of a raster those that may reach into it."""

    shapes: Mapping[int, Shape]
    raster: Raster
    cells: Cells

    @classmethod
    def of(cls, shapes: Iterable[tuple[int, Shape]]) -> "Places":
        """Return the places of grids by key; where two overlap, the first in order wins."""
        kept = dict(shapes)
        raster = Raster.over(kept.values())
        cells: dict[tuple[int, int], list[int]] = {}
        for key, shape in kept.items():
            west, south, east, north = shape.bounds
            (left, low), (right, high) = raster.at(west, south), raster.at(east, north)
            for cell in product(range(left, right + 1), range(low, high + 1)):
                cells.setdefault(cell, []).append(key)
        return cls(kept, raster, {cell: tuple(keys) for cell, keys in cells.items()})

    def grid_at(self, latitude: float, longitude: float) -> int | None:
        """Return the key of the grid in which a point lies, None when it lies in none."""
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
            return None
        x, y = scaled(longitude), scaled(latitude)
        for key in self.cells.get(self.raster.at(x, y), ()):
            if self.shapes[key].contains(x, y):
                return key
        return None

    def locate(self, point: Point) -> Located:
        """Return the grid in which a point lies, or how far the nearest one is."""
        key = self.grid_at(point.latitude, point.longitude)
        if key is not None:
            return InGrid(key)
        distances = [(_metres_to(shape, point), key) for key, shape in self.shapes.items()]
        if not distances:
            return OutsideDistrict(None, None)
        metres, nearest = min(distances)
        return OutsideDistrict(nearest, round(metres))


_snapshots: Snapshots[Places] = Snapshots()


def current(connection: Connection, directory: Directory) -> Places:
    """Return the places that belong to a directory, from this process's memory if they are there.

    Raises:
        WrongShape: a grid's polygon is none.
    """
    return _snapshots.at(directory.version, lambda: load(connection))


def load(connection: Connection) -> Places:
    """Read the polygons of all grids anew."""
    rows = unit_rows.polygons(connection, [UnitKind.GRID.value])
    return Places.of((row.key, shape_from_geojson(row.polygon, unit=row.code)) for row in rows)


def _metres_to(shape: Shape, point: Point) -> float:
    """Return the distance to the nearest edge on a flat earth: good for a district."""
    east = METRES_PER_DEGREE * cos(radians(point.latitude)) / SCALE
    north = METRES_PER_DEGREE / SCALE
    x, y = scaled(point.longitude), scaled(point.latitude)
    best = float("inf")
    for ring in shape.rings:
        x1, y1 = ring[-1]
        for x2, y2 in ring:
            start = ((x1 - x) * east, (y1 - y) * north)
            end = ((x2 - x) * east, (y2 - y) * north)
            best = min(best, _to_segment(start, end))
            x1, y1 = x2, y2
    return best


def _to_segment(start: tuple[float, float], end: tuple[float, float]) -> float:
    """Return the distance of the origin from a segment."""
    (x1, y1), (x2, y2) = start, end
    dx, dy = x2 - x1, y2 - y1
    length = dx * dx + dy * dy
    share = 0.0 if length == 0 else min(1.0, max(0.0, -(x1 * dx + y1 * dy) / length))
    return hypot(x1 + share * dx, y1 + share * dy)
