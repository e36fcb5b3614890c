"""What administrators do with the work calendar: look at a year, change days, publish, undo.

Every change keeps what was there before and who made it, so that it can be undone. The open limits
that it touches are counted again by the worker (`cases.recount`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from app.cases import recount
from app.cases.calendar import local_today
from app.errors import CaseError, InvalidInput, NotFound
from app.json_types import Json, JsonObject
from app.organisation import calendar as calendars
from app.organisation import directory as directories
from app.organisation.actor import Actor
from app.organisation.calendar import first_worked, week_from
from app.organisation.calendar_seed import CALENDAR
from app.organisation.permissions import Action, demand
from app.organisation.units import Unit
from app.organisation.working_time import (
    DAYS_OF_WEEK,
    Hours,
    Week,
    WorkCalendar,
    hours_from,
    weekdays,
)
from app.store import calendar as rows
from app.store import instances
from app.store.db import Connection, Transaction, instant_of, reading, transaction
from app.store.settings import save_setting

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
MOST_DAYS = 366
LONGEST_TEXT = 200
CHANGES_SHOWN = 50


class ChangeKind(StrEnum):
    """What somebody did to a calendar."""

    DAYS = "days"
    PUBLISHED = "published"
    WEEK = "week"
    REMOVED = "removed"
    UNDONE = "undone"


class Work(StrEnum):
    """What a day is made into."""

    OFF = "off"
    USUAL = "usual"
    HOURS = "hours"
    ORDINARY = "ordinary"  # what the week says; the calendar forgets the day


class WrongDays(CaseError):
    """Give a first and a last day between 2000 and 2100, in order, {most} days at most."""

    code = "wrong_days"


class NoHours(CaseError):
    """A day with hours of its own needs them, such as 09:00-12:00."""

    code = "no_hours"


class NobodyWorks(CaseError):
    """A week needs at least one day that is worked; without it no limit would ever be over."""

    code = "nobody_works"


class ChangeGone(CaseError):
    """The days were changed again since. Undo the later change first."""

    code = "change_gone"


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
        named = rows.days_between(connection, _name(unit_key), date(year, 1, 1), date(year, 12, 31))
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


def change_days(
    actor: Actor,
    *,
    first: date | None,
    last: date | None,
    work: Work,
    hours: Hours = (),
    name: str = "",
    reason: str = "",
    unit_key: int | None = None,
) -> None:
    """Make the days from `first` to `last` days off, usual days, or days with hours of their own.

    Raises:
        Forbidden, WrongDays, NoHours, UnknownUnit: as they say. InvalidInput: a text is too long.
    """
    demand(actor, Action.MANAGE_SETTINGS)
    days = _days(first, last)
    _demand_texts(name, reason)
    if work is Work.HOURS and not hours:
        raise NoHours
    with transaction() as tx:
        calendar = _existing(tx.connection, unit_key)
        before = rows.days_between(tx.connection, calendar, days[0], days[-1])
        if work is Work.ORDINARY:
            rows.forget_days(tx.connection, calendar, days[0], days[-1])
        else:
            made = [_day_row(calendar, day, work, hours, name) for day in days]
            rows.save_days(tx.connection, made)
        data: JsonObject = {
            "work": work.value,
            "hours": _written(hours),
            "name": name or None,
            "before": _kept(before),
        }
        _note(tx, actor, calendar, ChangeKind.DAYS, days, data=data, reason=reason)


def publish_year(actor: Actor, year: int) -> None:
    """Say that the district's calendar of a year is certain; its limits are provisional no longer.

    Raises:
        Forbidden, WrongDays: as they say.
    """
    demand(actor, Action.MANAGE_SETTINGS)
    days = _days(date(year, 1, 1), date(year, 12, 31))
    with transaction() as tx:
        before = rows.days_between(tx.connection, CALENDAR, days[0], days[-1])
        known = {row.day: row for row in before}
        guessed = [day for day in days if day not in known or known[day].is_provisional]
        rows.save_days(tx.connection, [_published(day, known.get(day)) for day in guessed])
        data: JsonObject = {"before": _kept([row for row in before if row.is_provisional])}
        _note(tx, actor, CALENDAR, ChangeKind.PUBLISHED, days, data=data)


def undo_change(actor: Actor, change_key: int) -> None:
    """Put back what days were before a change.

    Raises:
        Forbidden, NotFound: as they say. ChangeGone: a later change touches the same days.
    """
    demand(actor, Action.MANAGE_SETTINGS)
    with transaction() as tx:
        change = rows.change(tx.connection, change_key)
        if change is None or not change.data or "before" not in change.data:
            raise NotFound(what="change", key=change_key)
        if rows.has_later_change(tx.connection, change):
            raise ChangeGone
        days = _days(change.first_day, change.last_day)
        now = rows.days_between(tx.connection, change.calendar, days[0], days[-1])
        before = [_restored(change.calendar, row) for row in change.data["before"]]
        touched = {row["day"] for row in before}
        if change.kind != ChangeKind.PUBLISHED:
            rows.forget_days(tx.connection, change.calendar, days[0], days[-1])
        rows.save_days(tx.connection, before)
        data: JsonObject = {
            "undone": change_key,
            "before": _kept([row for row in now if row.day in touched or not before]),
        }
        _note(tx, actor, change.calendar, ChangeKind.UNDONE, days, data=data)


def set_usual_hours(actor: Actor, hours: Hours, *, reason: str = "") -> None:
    """Set what the district works from Monday to Friday.

    Raises:
        Forbidden: as it says. NobodyWorks: no hours were given.
    """
    demand(actor, Action.MANAGE_SETTINGS)
    _demand_texts("", reason)
    if not hours:
        raise NobodyWorks
    with transaction() as tx:
        save_setting(tx.connection, "working_hours", _written(hours))
        data: JsonObject = {"week": _written_week(weekdays(hours))}
        _note(tx, actor, CALENDAR, ChangeKind.WEEK, (), data=data, reason=reason)


def set_unit_week(
    actor: Actor, unit_key: int, week: Week, *, keeps_holidays: bool, reason: str = ""
) -> None:
    """Give a unit and those under it a week of its own; holidays are kept or worked through.

    Raises:
        Forbidden, UnknownUnit: as they say. NobodyWorks: no day of the week is worked.
    """
    demand(actor, Action.MANAGE_SETTINGS)
    _demand_texts("", reason)
    if len(week) != DAYS_OF_WEEK or not first_worked(week):
        raise NobodyWorks
    with transaction() as tx:
        directories.load(tx.connection, 0).unit(unit_key)
        row = {
            "unit_key": unit_key,
            "week": _written_week(week),
            "keeps_holidays": keeps_holidays,
        }
        rows.save_unit_calendar(tx.connection, row)
        data: JsonObject = {"week": _written_week(week), "keeps_holidays": keeps_holidays}
        name = rows.unit_calendar_name(unit_key)
        _note(tx, actor, name, ChangeKind.WEEK, (), data=data, reason=reason)


def remove_unit_calendar(actor: Actor, unit_key: int) -> None:
    """Let a unit follow the calendar above it again.

    Raises:
        Forbidden, UnknownUnit: as they say. NotFound: the unit has no calendar of its own.
    """
    demand(actor, Action.MANAGE_SETTINGS)
    with transaction() as tx:
        name = _existing(tx.connection, unit_key)
        rows.delete_unit_calendar(tx.connection, unit_key)
        _note(tx, actor, name, ChangeKind.REMOVED, ())


def _name(unit_key: int | None) -> str:
    return CALENDAR if unit_key is None else rows.unit_calendar_name(unit_key)


def _existing(connection: Connection, unit_key: int | None) -> str:
    """Return the name of a calendar that exists."""
    if unit_key is None:
        return CALENDAR
    directories.load(connection, 0).unit(unit_key)
    if all(row.unit_key != unit_key for row in rows.unit_calendars(connection)):
        raise NotFound(what="calendar", key=unit_key)
    return rows.unit_calendar_name(unit_key)


def _days(first: date | None, last: date | None) -> list[date]:
    last = last or first
    is_known = first is not None and last is not None
    if first is None or last is None or not is_known or not FIRST_DAY <= first <= last <= LAST_DAY:
        raise WrongDays(most=MOST_DAYS)
    count = (last - first).days + 1
    if count > MOST_DAYS:
        raise WrongDays(most=MOST_DAYS)
    return [first + timedelta(days=offset) for offset in range(count)]


def _demand_texts(*texts: str) -> None:
    if any(len(text) > LONGEST_TEXT for text in texts):
        raise InvalidInput(what="The text", why=f"it may have {LONGEST_TEXT} characters at most.")


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


def _day_row(calendar: str, day: date, work: Work, hours: Hours, name: str) -> dict[str, Any]:
    return {
        "calendar": calendar,
        "day": day,
        "is_working": work is not Work.OFF,
        "hours": _written(hours) if work is Work.HOURS else None,
        "name": name or None,
        "is_provisional": False,
    }


def _published(day: date, known: Any) -> dict[str, Any]:
    is_working = known.is_working if known else day.weekday() < DAYS_OF_WEEK - 2
    return {
        "calendar": CALENDAR,
        "day": day,
        "is_working": is_working,
        "hours": known.hours if known else None,
        "name": known.name if known else None,
        "is_provisional": False,
    }


def _kept(found: Sequence[Any]) -> list[Json]:
    return [
        {
            "day": row.day.isoformat(),
            "is_working": row.is_working,
            "hours": row.hours,
            "name": row.name,
            "is_provisional": row.is_provisional,
        }
        for row in found
    ]


def _restored(calendar: str, kept: dict[str, Any]) -> dict[str, Any]:
    return {**kept, "calendar": calendar, "day": date.fromisoformat(kept["day"])}


def _written(hours: Hours) -> list[Json]:
    return [[f"{opening:%H:%M}", f"{closing:%H:%M}"] for opening, closing in hours]


def _written_week(week: Week) -> list[Json]:
    return [_written(hours) for hours in week]


def _note(
    tx: Transaction,
    actor: Actor,
    calendar: str,
    kind: ChangeKind,
    days: Sequence[date],
    *,
    data: JsonObject | None = None,
    reason: str = "",
) -> None:
    rows.note_change(
        tx.connection,
        {
            "key": tx.next_key(),
            "calendar": calendar,
            "kind": kind.value,
            "first_day": days[0] if days else None,
            "last_day": days[-1] if days else None,
            "data": data,
            "reason": reason.strip() or None,
            "person_key": actor.person_key,
            "at": tx.now,
        },
    )


def _changes(connection: Connection, unit_key: int | None) -> tuple[ChangeLine, ...]:
    found = rows.changes(connection, _name(unit_key), CHANGES_SHOWN)
    undone = {(row.data or {}).get("undone") for row in found}
    return tuple(_line(row, is_undone=row.key in undone) for row in found)


def _line(row: Any, *, is_undone: bool) -> ChangeLine:
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
        can_be_undone=kind in {ChangeKind.DAYS, ChangeKind.PUBLISHED} and not is_undone,
    )


def _usual(week: object) -> Hours:
    return first_worked(week_from(week)) if week else ()
