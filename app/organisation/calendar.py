"""The work calendars in force: the district's, and those of units that have their own.

`current` keeps them per process under their version; the arithmetic is `working_time`'s. A unit's
calendar holds for it and for everything under it that has none of its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from app.organisation.snapshots import Snapshots
from app.organisation.working_time import (
    DAYS_OF_WEEK,
    Day,
    Hours,
    Week,
    WorkCalendar,
    WrongHours,
    hours_from,
    weekdays,
)
from app.store import calendar as rows
from app.store.db import Connection
from app.store.settings import district_settings

MONDAY = 0


@dataclass(frozen=True, slots=True)
class Calendars:
    """The district's calendar, and the calendars of units by their keys.

    `version` tells which state of the calendars this is; another one begins with every change.
    """

    version: int
    district: WorkCalendar
    units: Mapping[int, WorkCalendar]

    def of(self, chain: Sequence[int]) -> WorkCalendar:
        """Return the calendar of a unit; `chain` leads from the district down to it."""
        return next(
            (self.units[key] for key in reversed(chain) if key in self.units), self.district
        )


_snapshots: Snapshots[Calendars] = Snapshots()


def current(connection: Connection, version: int) -> Calendars:
    """Return the calendars at `version`, from this process's memory where they are there."""
    return _snapshots.at(version, lambda: load(connection, version))


def load(connection: Connection, version: int) -> Calendars:
    """Read all calendars anew: the district's settings, every known day, the weeks of units."""
    settings = district_settings(connection)
    usual = weekdays(hours_from(settings.working_hours))
    zone = ZoneInfo(settings.zone)
    days: dict[str, dict[date, Any]] = {}
    for row in rows.days(connection):
        days.setdefault(row.calendar, {})[row.day] = row
    district = WorkCalendar(zone, usual, _days(days.get(settings.calendar, {}), usual))
    units = {
        row.unit_key: _unit_calendar(
            district,
            row,
            days.get(settings.calendar, {}),
            days.get(rows.unit_calendar_name(row.unit_key), {}),
        )
        for row in rows.unit_calendars(connection)
    }
    return Calendars(version, district, units)


def week_from(written: object) -> Week:
    """Read a week: seven lists of hours, Monday first.

    Raises:
        WrongHours: they are not seven, or one of them is written in another way.
    """
    if not isinstance(written, Sequence) or len(written) != DAYS_OF_WEEK:
        raise WrongHours(written=written)
    return tuple(hours_from(hours) for hours in written)


def _unit_calendar(
    district: WorkCalendar,
    row: Any,
    district_days: Mapping[date, Any],
    own_days: Mapping[date, Any],
) -> WorkCalendar:
    week = week_from(row.week)
    special = (
        _holidays(district, district_days, week)
        if row.keeps_holidays
        else _published(district, week)
    )
    return WorkCalendar(district.zone, week, {**special, **_days(own_days, week)})


def _holidays(
    district: WorkCalendar, district_days: Mapping[date, Any], week: Week
) -> dict[date, Day]:
    """Return the district's days off and make-up days as a unit with another week keeps them.

    A day off is a holiday if it has a name or would be worked in an ordinary week; a weekend is
    the district's alone. A make-up day is worked in the hours of the unit's Monday.
    """
    found = {}
    for day, row in district_days.items():
        is_usual = bool(district.week[day.weekday()])
        hours: Hours = week[day.weekday()]
        if not row.is_working and (is_usual or row.name):
            hours = ()
        elif row.is_working and not is_usual:
            hours = week[MONDAY]
        found[day] = Day(hours, row.is_provisional)
    return found


def _published(district: WorkCalendar, week: Week) -> dict[date, Day]:
    """Return the days of a unit that works through holidays: nothing about them is a guess."""
    return {day: Day(week[day.weekday()]) for day in district.days}


def _days(known: Mapping[date, Any], week: Week) -> dict[date, Day]:
    return {
        day: Day(_hours(row, week), is_provisional=row.is_provisional) for day, row in known.items()
    }


def _hours(row: Any, week: Week) -> Hours:
    if not row.is_working:
        return ()
    if row.hours:
        return hours_from(row.hours)
    return week[row.day.weekday()] or first_worked(week)


def first_worked(week: Iterable[Hours]) -> Hours:
    """Return the hours of the first day of a week that is worked at all."""
    return next((hours for hours in week if hours), ())
