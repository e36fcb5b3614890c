"""Where a matter lies, as far as a report that is being written says it.

`cases.start_form` reads it from what was typed: a point, and whether it lies in a grid at all, or
the community that was chosen by hand.
"""

from dataclasses import dataclass

from app.forms.points import parts_of
from app.json_types import Json, JsonObject
from app.organisation import places
from app.organisation.directory import Directory
from app.organisation.places import OutsideDistrict, Point
from app.store.db import Connection

LOCATION, COMMUNITY = "location", "community"


@dataclass(frozen=True, slots=True)
class ToldPlace:
    """A point with `outside` where it lies in no grid; a community by its key."""

    point: Point | None = None
    outside: OutsideDistrict | None = None
    community_key: int | None = None


def read_place(connection: Connection, directory: Directory, answers: JsonObject) -> ToldPlace:
    """Return what the answers say of the place; what cannot be read says nothing."""
    point = point_of(answers)
    located = places.current(connection, directory).locate(point) if point else None
    return ToldPlace(
        point=point,
        outside=located if isinstance(located, OutsideDistrict) else None,
        community_key=community_of(answers, directory),
    )


def point_of(answers: JsonObject) -> Point | None:
    """Return the point of the answers, None where none is set or it cannot be read."""
    latitude, longitude, _how = parts_of(answers.get(LOCATION))
    north, east = _degrees(latitude, most=90), _degrees(longitude, most=180)
    return None if north is None or east is None else Point(north, east)


def community_of(answers: JsonObject, directory: Directory) -> int | None:
    """Return the key of the community chosen, None where none is or it is not known."""
    code = answers.get(COMMUNITY)
    known = isinstance(code, str) and directory.has_code(code)
    return directory.unit_by_code(str(code)).key if known else None


def _degrees(value: Json, *, most: int) -> float | None:
    try:
        found = float(str(value))
    except ValueError:
        return None
    return found if -most <= found <= most else None
