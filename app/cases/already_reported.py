"""Open cases near the place of a report that is being written: has somebody told of it already?

How near, how recent, of which category and which of them everybody may read is said by the table
`duplicate_rules`. It is a hint only: `cases.start_form` shows it, and nothing is refused by it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, radians
from typing import Final

from app.cases import facts, matters, standing_tables
from app.cases.frame import Frame
from app.cases.whistle_operations import metres_between
from app.organisation.places import METRES_PER_DEGREE, Point
from app.store import nearby
from app.store.db import Connection
from app.store.nearby import Alike, Box, OpenCase
from app.store.scope import Scope

TABLE = "duplicate_rules"
MOST_READ = 200
MINOR, MAJOR = "minor_class", "major_class"
COLUMNS: Final = {MINOR: MINOR, MAJOR: MAJOR}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is known of a report so far: its category, and its point or else its community."""

    minor_class: str | None
    major_class: str | None
    point: Point | None
    community_key: int | None


@dataclass(frozen=True, slots=True)
class Near:
    """An open case near by, with its category in words.

    `metres` is None where it is only known to lie in the community.
    """

    case: OpenCase
    metres: int | None
    category: str


@dataclass(frozen=True, slots=True)
class _Rules:
    metres: int
    days: int
    same: str
    at_most: int
    is_public: bool


def find(
    connection: Connection, frame: Frame, told: Told, *, scope: Scope | None, language: str
) -> tuple[Near, ...]:
    """Return the open cases that may be the same, the nearest first; `scope` None: for everybody.

    Without a point, or a community with a category, there are none.
    """
    rules = _rules(connection, told.minor_class, told.major_class, frame)
    if rules is None:
        return ()
    names = matters.current(connection).names(language)
    found = list(_found(connection, told, rules, scope=scope, now=frame.now))
    if scope is None:
        found = [each for each in found if _is_public(connection, each[0], frame)]
    found.sort(key=lambda each: (each[0].minor_class is None, each[1] or 0))
    return tuple(
        Near(case, metres, names.get(case.minor_class or "", ""))
        for case, metres in found[: rules.at_most]
    )


def _found(
    connection: Connection, told: Told, rules: _Rules, *, scope: Scope | None, now: datetime
) -> Iterator[tuple[OpenCase, int | None]]:
    alike = _alike(told, rules, now)
    if told.point is not None:
        here = told.point.latitude, told.point.longitude
        box = _box(told.point, rules.metres)
        for case in nearby.around(connection, box, alike, scope=scope, limit=MOST_READ):
            there = float(case.latitude or 0), float(case.longitude or 0)
            metres = metres_between(here, there)
            if metres <= rules.metres:
                yield case, metres
    elif told.community_key is not None and alike.code is not None:
        here_about, most = told.community_key, rules.at_most
        for case in nearby.within(connection, here_about, alike, scope=scope, limit=most):
            yield case, None


def _alike(told: Told, rules: _Rules, now: datetime) -> Alike:
    column = COLUMNS.get(rules.same)
    code = {MINOR: told.minor_class, MAJOR: told.major_class}[column] if column else None
    return Alike(since=now - timedelta(days=rules.days), column=column or MINOR, code=code)


def _box(point: Point, metres: int) -> Box:
    north = metres / METRES_PER_DEGREE * 1.01  # a little more: the exact distance decides
    east = north / max(cos(radians(point.latitude)), 0.01)
    return Box(
        point.latitude - north,
        point.longitude - east,
        point.latitude + north,
        point.longitude + east,
    )


def _is_public(connection: Connection, case: OpenCase, frame: Frame) -> bool:
    rules = _rules(connection, case.minor_class, case.major_class, frame)
    return rules is not None and rules.is_public


def _rules(
    connection: Connection, minor_class: str | None, major_class: str | None, frame: Frame
) -> _Rules | None:
    """Return what the table says for a category; None where it says nothing of use."""
    now = frame.now
    case: dict[str, object] = dict.fromkeys(facts.FACTS)
    case |= {MINOR: minor_class, MAJOR: major_class, "reported_at": now}
    case["reported_on"] = now.astimezone(frame.zone).date()
    said = standing_tables.ask(connection, TABLE, {"case": case}, now=now)
    given = said if isinstance(said, dict) else {}
    numbers = [given.get(name) for name in ("metres", "days", "at_most")]
    if None in numbers:
        return None
    metres, days, at_most = (int(str(each)) for each in numbers)
    return _Rules(metres, days, str(given.get("same")), at_most, given.get("is_public") is True)
