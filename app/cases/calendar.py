"""The district's work calendar is kept filled: the published years, and the next one as a guess.

Set-up, `cases.demo` and the housekeeping call `extend_calendar`; it costs two statements when there
is nothing to do. `CalendarContext` shows the calendar to the expressions of diagrams, tables and
forms.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TypeAlias
from zoneinfo import ZoneInfo

from app.feel import Value, host_function
from app.organisation.calendar import Calendars
from app.organisation.calendar_seed import CALENDAR, FIRST_YEAR, seed_day, seed_days
from app.organisation.limits import is_working_time
from app.organisation.working_time import Due, WorkCalendar
from app.store import calendar as calendar_rows
from app.store.db import Connection, Transaction
from app.store.settings import district_settings


def extend_calendar(tx: Transaction) -> int:
    """Add the days the calendar lacks until the end of next year; return how many days changed.

    A day that was a guess becomes what has been published since; every other day that is there,
    edited or not, stays as it is.
    """
    wanted = date(tx.now.year + 1, 12, 31)
    guessed = [seed_day(day) for day in calendar_rows.provisional_days(tx.connection, CALENDAR)]
    published = [row for row in guessed if not row["is_provisional"]]
    if published:
        calendar_rows.save_days(tx.connection, published)
    first = date(FIRST_YEAR, 1, 1)
    known = calendar_rows.count_days(tx.connection, CALENDAR, first, wanted)
    missing = (wanted - first).days + 1 - known
    if missing:
        calendar_rows.insert_days(tx.connection, seed_days(wanted.year))
    return len(published) + missing


def has_calendar(tx: Transaction) -> bool:
    """Tell whether the district's calendar has ever been filled."""
    return calendar_rows.count_days(tx.connection, CALENDAR, date.min, date.max) > 0


Chain: TypeAlias = Callable[[str], Sequence[int]]
"""The keys above a unit, found by its code: the district first, the unit itself last."""

MOST_DAYS = 2_000
SECONDS_PER_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Counted:
    """A limit as an expression counted it, on the calendar of a unit if one was named."""

    due: Due
    unit_key: int | None


class CalendarContext:
    """What the expressions of one step see as `calendar`, and what they counted with it.

    `counted` holds, by the instant a limit is over, how it was counted; `cases.counted` keeps what
    the step left somebody waiting for. The functions are described in docs/modelling.md.
    """

    def __init__(self, calendars: Calendars, chain_of: Chain, now: datetime) -> None:
        self.calendars = calendars
        self.counted: dict[datetime, Counted] = {}
        self._chain_of = chain_of
        self._now = now
        self._values: dict[str, Value] | None = None

    @property
    def district(self) -> WorkCalendar:
        """The calendar of the district."""
        return self.calendars.district

    @property
    def local_now(self) -> datetime:
        """The instant of the step in the district's zone, whose day `today()` means."""
        return self._now.astimezone(self.district.zone)

    def count(self, limit: str) -> datetime:
        """Return when a limit that starts now is over, and keep how it was counted."""
        return self._count(self.district, limit, None)

    def values(self) -> dict[str, Value]:
        """Return the functions by the names they are called by."""
        if self._values is None:
            self._values = self._functions()
        return self._values

    def _functions(self) -> dict[str, Value]:
        functions: tuple[tuple[str, tuple[str, ...], Callable[..., Value]], ...] = (
            ("after", ("limit",), self._after),
            ("unit_after", ("unit", "limit"), self._unit_after),
            ("later", ("instant", "limit"), self._later),
            ("part", ("start", "end", "share"), self._part),
            ("hours_between", ("start", "end"), self._hours_between),
            ("add_working_days", ("day", "count"), self._add_working_days),
            ("is_working_day", ("day",), self._is_working_day),
        )
        return {
            name: host_function(f"calendar.{name}", parameters, function)
            for name, parameters, function in functions
        }

    def note(self, due: Due, unit_key: int | None) -> None:
        """Keep how a limit was counted in this step.

        What runs by the clock on the wall never moves: it must not hide what does.
        """
        if is_working_time(due.limit) or due.at not in self.counted:
            self.counted[due.at] = Counted(due, unit_key)

    def _after(self, limit: object) -> datetime:
        return self._count(self.district, limit, None)

    def _unit_after(self, unit: object, limit: object) -> datetime:
        if unit is None:
            return self._after(limit)
        if not isinstance(unit, str):
            raise TypeError("calendar.unit_after takes the code of a unit, then a limit")
        chain = self._chain_of(unit)
        return self._count(self.calendars.of(chain), limit, chain[-1])

    def _count(
        self,
        calendar: WorkCalendar,
        limit: object,
        unit_key: int | None,
        *,
        start: datetime | None = None,
    ) -> datetime:
        if not isinstance(limit, str | timedelta):
            raise TypeError("a limit is a text such as 4 wh, or a duration")
        written = limit if isinstance(limit, str) else f"PT{int(limit.total_seconds())}S"
        due = replace(calendar.due(start or self._now, limit), limit=written)
        self.note(due, unit_key)
        return due.at

    def _later(self, instant: object, limit: object) -> datetime:
        if not isinstance(instant, datetime) or instant.tzinfo is None:
            raise TypeError("calendar.later takes an instant with an offset, then a limit")
        return self._count(self.district, limit, None, start=instant)

    def _part(self, start: object, end: object, share: object) -> datetime:
        first, last = _instants(start, end)
        is_share = isinstance(share, int | float | Decimal) and 0 <= share <= 1
        if not is_share:
            raise TypeError("a share is a number from 0 to 1")
        return self.district.part(first, last, float(str(share)))

    def _hours_between(self, start: object, end: object) -> Decimal:
        first, last = _instants(start, end)
        worked = self.district.working_time_between(first, last)
        return Decimal(round(worked.total_seconds())) / SECONDS_PER_HOUR

    def _add_working_days(self, day: object, count: object) -> date:
        days = Decimal(count) if isinstance(count, int | Decimal) else Decimal("NaN")
        if days != days.to_integral_value() or not -MOST_DAYS <= days <= MOST_DAYS:
            raise TypeError(f"count is a whole number of days, {MOST_DAYS} at most")
        return self.district.add_working_days(_day(day), int(days))

    def _is_working_day(self, day: object) -> bool:
        return self.district.is_working_day(_day(day))


def _instants(start: object, end: object) -> tuple[datetime, datetime]:
    if not isinstance(start, datetime) or not isinstance(end, datetime):
        raise TypeError("two dates with times are needed")
    if start.tzinfo is None or end.tzinfo is None:
        raise ValueError("the instants need an offset or a zone")
    if abs(end - start) > timedelta(days=MOST_DAYS):
        raise ValueError(f"the instants lie more than {MOST_DAYS} days apart")
    return start, end


def _day(value: object) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise TypeError("a day is a date such as 2026-03-01")
    return value


def local_today(connection: Connection, now: datetime) -> date:
    """Return what day it is in the district."""
    return now.astimezone(ZoneInfo(district_settings(connection).zone)).date()
