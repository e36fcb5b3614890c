"""Working time: when four working hours or three working days from now are over.

Pure arithmetic over an immutable `WorkCalendar`; `current` keeps it per process under its version.
Expressions of diagrams reach it as `calendar.after(…)` through `cases.calendar.calendar_context`.
Limits of n working days are never n times 24 hours.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from app.errors import CaseError
from app.organisation.limits import Limit, WorkingDays, WorkingHours, read_limit
from app.organisation.snapshots import Snapshots
from app.store import calendar as calendar_rows
from app.store.db import Connection
from app.store.settings import district_settings

Hours: TypeAlias = tuple[tuple[time, time], ...]
Span: TypeAlias = tuple[datetime, datetime]
SATURDAY = 5
HORIZON_DAYS = 3660


class NoWorkingTime(CaseError):
    """The work calendar has no working time within ten years of {start}."""

    code = "no_working_time"


@dataclass(frozen=True, slots=True)
class Day:
    """What the calendar says about a day: its hours (none: no work), and whether it is a guess."""

    hours: Hours
    is_provisional: bool = False


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The working time of a district.

    `usual_hours` are local times, in order and apart; a day that `days` does not know is worked
    from Monday to Friday.
    """

    zone: ZoneInfo
    usual_hours: Hours
    days: Mapping[date, Day] = field(default_factory=dict)

    def hours_on(self, day: date) -> Hours:
        """Return the hours worked on a day, none on a day off."""
        known = self.days.get(day)
        if known is not None:
            return known.hours
        return self.usual_hours if day.weekday() < SATURDAY else ()

    def is_working_day(self, day: date) -> bool:
        """Tell whether anybody works on that day."""
        return bool(self.hours_on(day))

    def is_provisional(self, day: date) -> bool:
        """Tell whether that day's hours are a guess until the year's calendar is published."""
        known = self.days.get(day)
        return known is None or known.is_provisional

    def local_date(self, at: datetime) -> date:
        """Return the day an instant falls on in the district."""
        return at.astimezone(self.zone).date()

    def after(self, start: datetime, limit: str | timedelta) -> datetime:
        """Return the instant (UTC) at which a limit that begins at `start` is over.

        "4 wh" is working hours, "2 wd" working days, "PT30M" or "P15D" (or a timedelta) elapses by
        the clock on the wall. A start outside working hours counts from the next opening. Working
        days keep the time of day, within the hours of the day they end on.

        Raises:
            UnknownLimit: the limit is written in no such way.
            NoWorkingTime: the calendar holds no working time to count.
        """
        meant: Limit = limit if isinstance(limit, timedelta) else read_limit(limit)
        if isinstance(meant, WorkingHours):
            return self._after_hours(start, meant.time)
        if isinstance(meant, WorkingDays):
            return self._after_days(start, meant.days)
        return start.astimezone(UTC) + meant

    def working_time_between(self, start: datetime, end: datetime) -> timedelta:
        """Return how much working time lies between two instants; negative if `end` is earlier."""
        if end < start:
            return -self.working_time_between(end, start)
        total = timedelta()
        day, last = self.local_date(start), self.local_date(end)
        while day <= last:
            for opening, closing in self._spans_on(day):
                worked = min(closing, end) - max(opening, start)
                total += max(worked, timedelta())
            day += timedelta(days=1)
        return total

    def next_opening(self, start: datetime) -> datetime:
        """Return `start` itself within working hours (their last instant too), else the opening."""
        return next(self._spans_from(start))[0]

    def _after_hours(self, start: datetime, needed: timedelta) -> datetime:
        for opening, closing in self._spans_from(start):
            if closing - opening >= needed:
                return opening + needed
            needed -= closing - opening
        raise NoWorkingTime(start=start)

    def _after_days(self, start: datetime, count: int) -> datetime:
        counted = self.next_opening(start).astimezone(self.zone)
        day = counted.date()
        for _ in range(count):
            day = self._next_working_day(day)
        return self._clamped(day, counted.timetz().replace(tzinfo=None))

    def _next_working_day(self, day: date) -> date:
        for offset in range(1, HORIZON_DAYS):
            found = day + timedelta(days=offset)
            if self.is_working_day(found):
                return found
        raise NoWorkingTime(start=day)

    def _clamped(self, day: date, at: time) -> datetime:
        """Return that time on that day: not before opening, not in a break, not after closing."""
        hours = self.hours_on(day)
        for opening, closing in hours:
            if at <= closing:
                return self._instant(day, max(at, opening))
        return self._instant(day, hours[-1][1])

    def _spans_from(self, start: datetime) -> Iterator[Span]:
        """Yield what is left of the span `start` lies in, then every later one; in UTC.

        The instant of closing still belongs to its span, so a limit may end on it.
        """
        start = start.astimezone(UTC)
        first = self.local_date(start)
        for offset in range(HORIZON_DAYS):
            for opening, closing in self._spans_on(first + timedelta(days=offset)):
                if start <= closing:
                    yield max(opening, start), closing
        raise NoWorkingTime(start=start)

    def _spans_on(self, day: date) -> Iterator[Span]:
        for opening, closing in self.hours_on(day):
            yield self._instant(day, opening), self._instant(day, closing)

    def _instant(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, self.zone).astimezone(UTC)


_snapshots: Snapshots[WorkCalendar] = Snapshots()


def current(connection: Connection, version: int) -> WorkCalendar:
    """Return the calendar at `version`, from this process's memory where it is there already."""
    return _snapshots.at(version, lambda: load(connection))


def load(connection: Connection) -> WorkCalendar:
    """Read the district's calendar anew: its settings and every day it knows."""
    settings = district_settings(connection)
    usual = hours_from(settings.working_hours)
    days = {
        row.day: Day(
            hours=(hours_from(row.hours) if row.hours else usual) if row.is_working else (),
            is_provisional=row.is_provisional,
        )
        for row in calendar_rows.days(connection, settings.calendar)
    }
    return WorkCalendar(zone=ZoneInfo(settings.zone), usual_hours=usual, days=days)


def hours_from(written: object) -> Hours:
    """Read hours written as [["09:00", "12:00"], …]: in order, apart, each ending after it begins.

    Raises:
        WrongHours: they are written in another way.
    """
    try:
        hours = tuple(
            (time.fromisoformat(opening), time.fromisoformat(closing))
            for opening, closing in written  # type: ignore[attr-defined]
        )
    except (TypeError, ValueError):
        raise WrongHours(written=written) from None
    edges = [edge for span in hours for edge in span]
    if edges != sorted(set(edges)) or any(edge.tzinfo for edge in edges):
        raise WrongHours(written=written)
    return hours


class WrongHours(CaseError):
    """Working hours are written like 09:00-12:00, 13:00-17:30, in order; not like {written}."""

    code = "wrong_hours"
