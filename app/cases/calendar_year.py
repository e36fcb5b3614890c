"""A year of the work calendar as its page shows it: days, week, changes, limits to count again.

`cases.calendar_editing` changes what is read here.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from app.cases import recount
from app.cases.calendar import local_today
from app.cases.calendar_changes import ChangeKind, undoable
from app.errors import CaseError
from app.organisation import calendar as calendars
from app.organisation import directory as directories
from app.organisation.actor import Actor
from app.organisation.calendar import first_worked, week_from
from app.organisation.calendar_seed import CALENDAR
from app.organisation.permissions import Action, demand
from app.organisation.units import Unit
from app.organisation.working_time import Hours, Week, WorkCalendar, hours_from
from app.store import calendar as rows
from app.store import instances
from app.store.db import Connection, instant_of, reading

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
MOST_DAYS = 366
CHANGES_SHOWN = 50


class WrongDays(CaseError):
    """Give a first and a last day between 2000 and 2100, in order, {most} days at most."""

    code = "wrong_days"


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day as the calendar has it; `is_special` if it is not as the week says."""

    day: date
    hours: Hours
    name: str | None
    is_special: bool
    is_provisional: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLine:
    """Who changed what, when and why; `can_be_undone` says so of days and publications."""

    key: int
    kind: ChangeKind
    first_day: date | None
    last_day: date | None
    work: str | None
    hours: Hours
    name: str | None
    reason: str | None
    by: str | None
    at: datetime
    can_be_undone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarYear:
    """A year of the district's calendar or a unit's, month by month.

    `own` are the units with calendars of their own; `waiting` limits are still to be counted again.
    """

    year: int
    today: date
    unit: Unit | None
    week: Week
    keeps_holidays: bool
    months: tuple[tuple[CalendarDay, ...], ...]
    changes: tuple[ChangeLine, ...]
    own: tuple[Unit, ...]
    waiting: int

    @property
    def working_days(self) -> int:
        """How many days of the year are worked."""
        return sum(bool(day.hours) for month in self.months for day in month)

    @property
    def is_provisional(self) -> bool:
        """Whether a day of the year is a guess."""
        return any(day.is_provisional for month in self.months for day in month)


def today(actor: Actor) -> date:
    """Return what day it is in the district.

    Raises:
        Forbidden: the actor may not look at the calendar.
    """
    demand(actor, Action.VIEW_CALENDAR)
    with reading() as connection:
        return local_today(connection, instant_of(connection))


def read_year(actor: Actor, year: int, *, unit_key: int | None = None) -> CalendarYear:
    """Return a year of the district's calendar, or of that of a unit with its own.

    Raises:
        Forbidden: the actor may not look at it. UnknownUnit, WrongDays: as they say.
    """
    demand(actor, Action.VIEW_CALENDAR)
    if not FIRST_DAY.year <= year <= LAST_DAY.year:
        raise WrongDays(most=MOST_DAYS)
    with reading() as connection:
        versions = instances.versions(connection)
        known = directories.current(connection, versions.directory)
        found = calendars.current(connection, versions.calendar)
        unit = known.unit(unit_key) if unit_key is not None else None
        chain = known.ancestors(unit_key) if unit_key is not None else ()
        calendar = found.of(chain)
        named = rows.days_between(
            connection, name_of(unit_key), date(year, 1, 1), date(year, 12, 31)
        )
        names = {row.day: row.name for row in named}
        own = {row.unit_key: row for row in rows.unit_calendars(connection)}
        lines = _changes(connection, unit_key)
        day = local_today(connection, instant_of(connection))
    return CalendarYear(
        year=year,
        today=day,
        unit=unit,
        week=calendar.week,
        keeps_holidays=unit_key is None or (unit_key in own and own[unit_key].keeps_holidays),
        months=tuple(_month(calendar, year, month, names) for month in range(1, 13)),
        changes=lines,
        own=tuple(sorted((known.unit(key) for key in own), key=lambda each: each.code)),
        waiting=recount.count_waiting(),
    )


def name_of(unit_key: int | None) -> str:
    """Return the name a calendar is kept under; None is the district."""
    return CALENDAR if unit_key is None else rows.unit_calendar_name(unit_key)


def _month(
    calendar: WorkCalendar, year: int, month: int, names: dict[date, str | None]
) -> tuple[CalendarDay, ...]:
    day, found = date(year, month, 1), []
    while day.month == month:
        hours = calendar.hours_on(day)
        found.append(
            CalendarDay(
                day,
                hours,
                names.get(day),
                hours != calendar.week[day.weekday()],
                calendar.is_provisional(day),
            )
        )
        day += timedelta(days=1)
    return tuple(found)


def _changes(connection: Connection, unit_key: int | None) -> tuple[ChangeLine, ...]:
    found = rows.changes(connection, name_of(unit_key), CHANGES_SHOWN)
    keys = undoable(found)
    return tuple(_line(row, can_be_undone=row.key in keys) for row in found)


def _line(row: Any, *, can_be_undone: bool) -> ChangeLine:
    data = row.data or {}
    kind = ChangeKind(row.kind)
    return ChangeLine(
        key=row.key,
        kind=kind,
        first_day=row.first_day,
        last_day=row.last_day,
        work=data.get("work"),
        hours=hours_from(data["hours"]) if data.get("hours") else _usual(data.get("week")),
        name=data.get("name"),
        reason=row.reason,
        by=row.by,
        at=row.at,
        can_be_undone=can_be_undone and kind is not ChangeKind.UNDONE,
    )


def _usual(week: object) -> Hours:
    return first_worked(week_from(week)) if week else ()
