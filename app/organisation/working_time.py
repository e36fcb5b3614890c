"""Working time: when four working hours or three working days from now are over.

Pure arithmetic over an immutable `WorkCalendar`: no database, no clock. `organisation.calendar`
reads calendars from the store; expressions of diagrams reach them through `cases.calendar`.
Limits of n working days are never n times 24 hours.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from app.errors import CaseError
from app.organisation.limits import Limit, WorkingDays, WorkingHours, read_limit

Hours: TypeAlias = tuple[tuple[time, time], ...]
Week: TypeAlias = tuple[Hours, ...]
"""The hours of an ordinary week, Monday first: seven entries, an empty one is a day off."""

Span: TypeAlias = tuple[datetime, datetime]
DAYS_OF_WEEK = 7
SATURDAY = 5
HORIZON_DAYS = 3660


class NoWorkingTime(CaseError):
    """The work calendar has no working time within ten years of {start}."""

    code = "no_working_time"


class WrongHours(CaseError):
    """Working hours are written like 09:00-12:00, 13:00-17:30, in order; not like {written}."""

    code = "wrong_hours"


@dataclass(frozen=True, slots=True)
class Day:
    """What the calendar says about a day: its hours (none: no work), and whether it is a guess."""

    hours: Hours
    is_provisional: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """When a limit is over (UTC), how it was counted, and whether a day on the way is a guess."""

    at: datetime
    limit: str
    counted_from: datetime
    is_provisional: bool


def weekdays(hours: Hours) -> Week:
    """Return the week that is worked in these hours from Monday to Friday."""
    return (hours,) * SATURDAY + ((),) * (DAYS_OF_WEEK - SATURDAY)


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The working time of a district or of one unit.

    `week` holds local times, in order and apart; it is worked on every day that `days` does not
    know. A day nobody has published is provisional.
    """

    zone: ZoneInfo
    week: Week
    days: Mapping[date, Day] = field(default_factory=dict)

    def hours_on(self, day: date) -> Hours:
        """Return the hours worked on a day, none on a day off."""
        known = self.days.get(day)
        return self.week[day.weekday()] if known is None else known.hours

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

    def due(self, start: datetime, limit: str | timedelta) -> Due:
        """Return when a limit that begins at `start` is over, and how that was counted.

        Raises:
            UnknownLimit, NoWorkingTime: see `after`.
        """
        meant: Limit = limit if isinstance(limit, timedelta) else read_limit(limit)
        at = self._over(start, meant)
        is_guess = not isinstance(meant, timedelta) and self.has_provisional_between(start, at)
        return Due(at, str(limit), start.astimezone(UTC), is_guess)

    def after(self, start: datetime, limit: str | timedelta) -> datetime:
        """Return the instant (UTC) at which a limit that begins at `start` is over.

        "4 wh" is working hours, "2 wd" working days, "PT30M" or "P15D" (or a timedelta) elapses by
        the clock on the wall. A start outside working hours counts from the next opening. Working
        days keep the time of day, within the hours of the day they end on.

        Raises:
            UnknownLimit: the limit is written in no such way.
            NoWorkingTime: the calendar holds no working time to count.
        """
        return self._over(start, limit if isinstance(limit, timedelta) else read_limit(limit))

    def add_working_days(self, day: date, count: int) -> date:
        """Return the working day `count` working days later, or earlier if it is negative.

        Raises:
            NoWorkingTime: the calendar holds too few working days.
        """
        step = 1 if count >= 0 else -1
        for _ in range(abs(count)):
            day = self._next_working_day(day, step)
        return day

    def has_provisional_between(self, start: datetime, end: datetime) -> bool:
        """Tell whether a day from that of `start` to that of `end` is only a guess."""
        first, last = self.local_date(start), self.local_date(end)
        return any(
            self.is_provisional(first + timedelta(days=offset))
            for offset in range((last - first).days + 1)
        )

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

    def before(self, end: datetime, needed: timedelta) -> datetime:
        """Return the latest instant (UTC) from which so much working time lies before `end`.

        Raises:
            NoWorkingTime: the calendar holds no working time to count.
        """
        last = self.local_date(end)
        for offset in range(HORIZON_DAYS):
            for opening, closing in reversed(list(self._spans_on(last - timedelta(days=offset)))):
                worked = max(min(closing, end) - opening, timedelta())
                if timedelta() < worked >= needed:
                    return opening + worked - needed
                needed -= worked
        raise NoWorkingTime(start=end)

    def part(self, start: datetime, end: datetime, share: float) -> datetime:
        """Return the instant (UTC) at which `share` (0 to 1) of the working time has passed.

        Where there is no working time between the two, it is the share of the time on the wall.
        """
        worked = self.working_time_between(start, end)
        if worked <= timedelta():
            return start.astimezone(UTC) + (end - start) * share
        return self._after_hours(start, worked * share)

    def next_opening(self, start: datetime) -> datetime:
        """Return `start` itself within working hours (their last instant too), else the opening."""
        return next(self._spans_from(start))[0]

    def _over(self, start: datetime, limit: Limit) -> datetime:
        if isinstance(limit, WorkingHours):
            return self._after_hours(start, limit.time)
        if isinstance(limit, WorkingDays):
            return self._after_days(start, limit.days)
        return start.astimezone(UTC) + limit

    def _after_hours(self, start: datetime, needed: timedelta) -> datetime:
        for opening, closing in self._spans_from(start):
            if closing - opening >= needed:
                return opening + needed
            needed -= closing - opening
        raise NoWorkingTime(start=start)

    def _after_days(self, start: datetime, count: int) -> datetime:
        counted = self.next_opening(start).astimezone(self.zone)
        day = self.add_working_days(counted.date(), count)
        return self._clamped(day, counted.timetz().replace(tzinfo=None))

    def _next_working_day(self, day: date, step: int) -> date:
        for offset in range(1, HORIZON_DAYS):
            found = day + timedelta(days=step * offset)
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
