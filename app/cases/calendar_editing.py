"""What administrators do with the work calendar: change days and weeks, publish a year, undo.

Every change keeps what was there before and who made it, so that it can be undone. The open limits
that it touches are counted again by the worker (`cases.recount`).
"""

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from app.cases.calendar_changes import ChangeKind, undoable
from app.cases.calendar_year import FIRST_DAY, LAST_DAY, MOST_DAYS, WrongDays
from app.errors import CaseError, InvalidInput, NotFound
from app.json_types import Json, JsonObject
from app.organisation import directory as directories
from app.organisation.actor import Actor
from app.organisation.calendar import first_worked
from app.organisation.calendar_seed import CALENDAR
from app.organisation.permissions import Action, demand
from app.organisation.working_time import (
    DAYS_OF_WEEK,
    Hours,
    Week,
    weekdays,
)
from app.store import calendar as rows
from app.store.db import Connection, Transaction, transaction
from app.store.settings import save_setting

LONGEST_TEXT = 200


class Work(StrEnum):
    """What a day is made into."""

    OFF = "off"
    USUAL = "usual"
    HOURS = "hours"
    ORDINARY = "ordinary"  # what the week says; the calendar forgets the day


class NoHours(CaseError):
    """A day with hours of its own needs them, such as 09:00-12:00."""

    code = "no_hours"


class NobodyWorks(CaseError):
    """A week needs at least one day that is worked; without it no limit would ever be over."""

    code = "nobody_works"


class ChangeGone(CaseError):
    """The days were changed again since. Undo the later change first."""

    code = "change_gone"


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
        data: JsonObject = {"before": _kept(before)}
        _note(tx, actor, CALENDAR, ChangeKind.PUBLISHED, days, data=data)


def undo_change(actor: Actor, change_key: int) -> None:
    """Put back what days were before a change.

    Raises:
        Forbidden, NotFound: as they say. ChangeGone: it is undone already, or a later change
        touches the same days.
    """
    demand(actor, Action.MANAGE_SETTINGS)
    with transaction() as tx:
        change = rows.change(tx.connection, change_key)
        if change is None or not change.data or "before" not in change.data:
            raise NotFound(what="change", key=change_key)
        if change_key not in undoable(rows.changes(tx.connection, change.calendar)):
            raise ChangeGone
        days = _days(change.first_day, change.last_day)
        now = rows.days_between(tx.connection, change.calendar, days[0], days[-1])
        before = [_restored(change.calendar, row) for row in change.data["before"]]
        rows.forget_days(tx.connection, change.calendar, days[0], days[-1])
        rows.save_days(tx.connection, before)
        data: JsonObject = {"undone": change_key, "before": _kept(now)}
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
