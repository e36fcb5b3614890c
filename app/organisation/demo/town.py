"""Cutting an irregular town into faces that tile it: no gap, no overlap, every vertex shared.

A cut puts its two new vertices into both faces beside the edge it meets, so that neighbours agree
on every point of their border. Coordinates are metres until `finished` turns them into whole
millionths of a degree.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, hypot, pi, radians, sin
from random import Random
from typing import TypeAlias

Spot: TypeAlias = tuple[float, float]
Outline: TypeAlias = tuple[tuple[int, int], ...]  # longitude, latitude in millionths of a degree

CENTRE_LATITUDE, CENTRE_LONGITUDE = 39.62, 116.31
RADIUS_METRES = 3_900
METRES_PER_DEGREE = 111_320
SNAP_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class _Cut:
    """Where a line enters and leaves a face: index of the edge's first vertex, and the spot."""

    index: int
    spot: Spot
    along: float


class Town:
    """A growing set of faces over shared vertices; faces run anticlockwise."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._spots: list[Spot] = []
        self._faces: dict[int, list[int]] = {}
        self._face_of: dict[tuple[int, int], int] = {}
        self._add_face([self._add_spot(spot) for spot in _coast(random)])

    def split(self, face: int, weights: Sequence[float], *, bend: float) -> list[int]:
        """Cut a face into as many as there are weights, in proportion; return them in order.

        `bend` is how far a cut may bow out, as a share of its length.
        """
        if len(weights) == 1:
            return [face]
        middle = len(weights) // 2
        rest = self._cut(face, sum(weights[:middle]) / sum(weights), bend=bend)
        return [
            *self.split(face, weights[:middle], bend=bend),
            *self.split(rest, weights[middle:], bend=bend),
        ]

    def outline(self, faces: Iterable[int]) -> list[int]:
        """Return the vertices around a connected set of faces."""
        inner = set(faces)
        following = {
            start: end
            for (start, end), face in self._face_of.items()
            if face in inner and self._face_of.get((end, start)) not in inner
        }
        first = min(following)
        found = [first]
        while following[found[-1]] != first:
            found.append(following[found[-1]])
        return found

    def finished(self, vertices: Sequence[int]) -> Outline:
        """Return vertices as whole millionths of a degree; the town grows denser to its centre."""
        return tuple(_on_the_map(self._spots[vertex]) for vertex in vertices)

    @property
    def whole(self) -> int:
        """The face the town begins as."""
        return 0

    def _add_spot(self, spot: Spot) -> int:
        self._spots.append(spot)
        return len(self._spots) - 1

    def _add_face(self, vertices: list[int]) -> int:
        face = len(self._faces)
        self._set_face(face, vertices)
        return face

    def _set_face(self, face: int, vertices: list[int]) -> None:
        self._faces[face] = vertices
        for edge in pairwise([*vertices, vertices[0]]):
            self._face_of[edge] = face

    def _cut(self, face: int, share: float, *, bend: float) -> int:
        """Cut a face across its longer side: it keeps `share` of its area, the rest is new."""
        entry, leave = self._best_line(face, share)
        start, end = self._ends(face, entry, leave)
        vertices = self._faces[face]
        i, j = sorted((vertices.index(start), vertices.index(end)))
        road = self._bent(vertices[i], vertices[j], bend)
        parts = [vertices[: i + 1] + road + vertices[j:], vertices[i : j + 1] + road[::-1]]
        wanted = share * self._area(vertices)
        kept, rest = sorted(parts, key=lambda part: abs(self._area(part) - wanted))
        self._set_face(face, kept)
        return self._add_face(rest)

    def _best_line(self, face: int, share: float) -> tuple[_Cut, _Cut]:
        spots = [self._spots[vertex] for vertex in self._faces[face]]
        angle = _longer_side(spots) + self._random.uniform(-0.1, 0.1)
        normal = (cos(angle), sin(angle))
        reach = [spot[0] * normal[0] + spot[1] * normal[1] for spot in spots]
        low, high = min(reach), max(reach)
        wanted = share * _area(spots)
        for _ in range(40):
            offset = (low + high) / 2
            if _area(_below(spots, normal, offset)) < wanted:
                low = offset
            else:
                high = offset
        cuts = _crossings(spots, normal, (low + high) / 2)
        chords = list(zip(cuts[::2], cuts[1::2], strict=True))
        return max(chords, key=lambda chord: chord[1].along - chord[0].along)

    def _ends(self, face: int, entry: _Cut, leave: _Cut) -> tuple[int, int]:
        """Return the vertices of a cut: those near by, else new ones on the edges it meets."""
        edges = [self._edge(face, entry), self._edge(face, leave)]
        near = [
            self._near(edge, cut.spot, forbidden=other)
            for edge, cut, other in zip(edges, (entry, leave), edges[::-1], strict=True)
        ]
        if tuple(near) in self._face_of or tuple(near[::-1]) in self._face_of:
            near[1] = None  # along an edge there is already would be no cut
        found = [
            vertex if vertex is not None else self._insert(edge, cut.spot)
            for vertex, edge, cut in zip(near, edges, (entry, leave), strict=True)
        ]
        return found[0], found[1]

    def _edge(self, face: int, cut: _Cut) -> tuple[int, int]:
        vertices = self._faces[face]
        return vertices[cut.index], vertices[(cut.index + 1) % len(vertices)]

    def _near(self, edge: tuple[int, int], spot: Spot, *, forbidden: tuple[int, int]) -> int | None:
        length = _distance(self._spots[edge[0]], self._spots[edge[1]])
        for vertex in edge:
            is_close = _distance(self._spots[vertex], spot) < SNAP_SHARE * length
            if is_close and vertex not in forbidden:
                return vertex
        return None

    def _insert(self, edge: tuple[int, int], spot: Spot) -> int:
        """Put a new vertex on an edge, in both faces beside it."""
        vertex = self._add_spot(spot)
        for before, after in (edge, edge[::-1]):
            face = self._face_of.pop((before, after), None)
            if face is None:
                continue
            vertices = self._faces[face]
            vertices.insert(vertices.index(before) + 1, vertex)
            self._face_of[before, vertex] = face
            self._face_of[vertex, after] = face
        return vertex

    def _bent(self, start: int, end: int, bend: float) -> list[int]:
        """Return new vertices between two, which make the border bow a little."""
        if not bend:
            return []
        (x1, y1), (x2, y2) = self._spots[start], self._spots[end]
        sway = self._random.uniform(-bend, bend)
        found = []
        for part in (0.25, 0.5, 0.75):
            bow = sway * sin(part * pi) + self._random.uniform(-bend, bend) / 8
            spot = (
                x1 + part * (x2 - x1) - bow * (y2 - y1),
                y1 + part * (y2 - y1) + bow * (x2 - x1),
            )
            found.append(self._add_spot(spot))
        return found

    def _area(self, vertices: Sequence[int]) -> float:
        return _area([self._spots[vertex] for vertex in vertices])


def _coast(random: Random) -> list[Spot]:
    """Return the irregular edge of the town, anticlockwise."""
    count = 36
    waves = [(random.uniform(0.01, 0.05), random.uniform(0, 2 * pi)) for _ in range(4)]
    found = []
    for step in range(count):
        angle = 2 * pi * step / count
        swell = sum(
            size * sin((order + 2) * angle + turn) for order, (size, turn) in enumerate(waves)
        )
        radius = RADIUS_METRES * (1 + swell + random.uniform(-0.02, 0.02))
        found.append((1.15 * radius * cos(angle), 0.9 * radius * sin(angle)))
    return found


def _on_the_map(spot: Spot) -> tuple[int, int]:
    squeeze = 0.72 + 0.28 * min(1.2, hypot(*spot) / RADIUS_METRES)
    tilt = radians(11)
    x = squeeze * (spot[0] * cos(tilt) - spot[1] * sin(tilt))
    y = squeeze * (spot[0] * sin(tilt) + spot[1] * cos(tilt))
    east = METRES_PER_DEGREE * cos(radians(CENTRE_LATITUDE))
    longitude, latitude = CENTRE_LONGITUDE + x / east, CENTRE_LATITUDE + y / METRES_PER_DEGREE
    return round(longitude * 1_000_000), round(latitude * 1_000_000)


def _area(spots: Sequence[Spot]) -> float:
    total = 0.0
    for (x1, y1), (x2, y2) in pairwise([*spots, spots[0]]) if spots else ():
        total += x1 * y2 - x2 * y1
    return total / 2


def _longer_side(spots: Sequence[Spot]) -> float:
    """Return the direction of the longer side of the tightest rectangle around the spots."""

    def extents(angle: float) -> tuple[float, float]:
        across = [x * cos(angle) + y * sin(angle) for x, y in spots]
        upwards = [y * cos(angle) - x * sin(angle) for x, y in spots]
        return max(across) - min(across), max(upwards) - min(upwards)

    tightest = min(
        (radians(degrees) for degrees in range(0, 90, 3)),
        key=lambda angle: extents(angle)[0] * extents(angle)[1],
    )
    width, height = extents(tightest)
    return tightest if width >= height else tightest + pi / 2


def _below(spots: Sequence[Spot], normal: Spot, offset: float) -> list[Spot]:
    """Return the part of a polygon on the near side of a line."""
    found: list[Spot] = []
    for start, end in pairwise([*spots, spots[0]]):
        a = start[0] * normal[0] + start[1] * normal[1] - offset
        b = end[0] * normal[0] + end[1] * normal[1] - offset
        if a <= 0:
            found.append(start)
        if (a <= 0) != (b <= 0):
            found.append(_between(start, end, a / (a - b)))
    return found


def _crossings(spots: Sequence[Spot], normal: Spot, offset: float) -> list[_Cut]:
    """Return where a line meets the edges of a polygon, in order along the line."""
    found = []
    for index, (start, end) in enumerate(pairwise([*spots, spots[0]])):
        a = start[0] * normal[0] + start[1] * normal[1] - offset
        b = end[0] * normal[0] + end[1] * normal[1] - offset
        if (a <= 0) != (b <= 0):
            spot = _between(start, end, a / (a - b))
            found.append(_Cut(index, spot, spot[1] * normal[0] - spot[0] * normal[1]))
    return sorted(found, key=lambda cut: cut.along)


def _between(start: Spot, end: Spot, share: float) -> Spot:
    return start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])


def _distance(one: Spot, other: Spot) -> float:
    return hypot(one[0] - other[0], one[1] - other[1])
