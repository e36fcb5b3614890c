"""The temporal values: Python's types where they can hold a value, our own where they cannot.

Python's stop at the years 1 and 9999, at microseconds and at about 2.7 million years of duration;
FEEL's do not. Everything is computed on whole days and nanoseconds; the `make_…` functions give
the Python type whenever it holds the value exactly, so that most never meet the others.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache, total_ordering
from zoneinfo import ZoneInfo, available_timezones

from app.feel.errors import Trouble

SECOND = 1_000_000_000
DAY = 86_400 * SECOND
MAX_YEAR = 999_999_999
MAX_MONTHS = MAX_YEAR * 12 + 11
MAX_DURATION = (1 << 63) * SECOND


@total_ordering
@dataclass(frozen=True, slots=True)
class YearsMonths:
    """A duration in whole months; `str()` gives its ISO 8601 text, `P1Y2M`."""

    total_months: int

    def __lt__(self, other: "YearsMonths") -> bool:
        return self.total_months < other.total_months

    def __str__(self) -> str:
        years, months = divmod(abs(self.total_months), 12)
        text = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
        return ("-" if self.total_months < 0 else "") + "P" + (text or "0M")


@dataclass(frozen=True, slots=True)
class FarDate:
    """A date before the year 1 or after 9999; the year 0 is 1 BC."""

    year: int
    month: int
    day: int


@dataclass(frozen=True, slots=True)
class FineTime:
    """A time of day that needs nanoseconds."""

    nanos: int
    zone: tzinfo | None


@dataclass(frozen=True, slots=True)
class FarDateTime:
    """A date and time outside Python's years, or finer than a microsecond.

    `day` counts days as `date.toordinal` does, `nanos` from that local midnight.
    """

    day: int
    nanos: int
    zone: tzinfo | None


@dataclass(frozen=True, slots=True)
class LongDuration:
    """A days and time duration that a timedelta cannot hold."""

    nanos: int


AnyDate = date | FarDate
AnyTime = time | FineTime
AnyDateTime = datetime | FarDateTime
AnyDuration = timedelta | LongDuration


def day_number(year: int, month: int, day: int) -> int:
    """Count the days of the proleptic Gregorian calendar as `date.toordinal` does."""
    shifted = year - (month <= 2)
    era = shifted // 400
    of_era = shifted - era * 400
    of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 305


def civil(number: int) -> tuple[int, int, int]:
    """Return year, month and day of a day number."""
    shifted = number + 305
    era, of_era = divmod(shifted, 146_097)
    years = (of_era - of_era // 1460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * years + years // 4 - years // 100)
    index = (5 * of_year + 2) // 153
    month = index + (3 if index < 10 else -9)
    return years + era * 400 + (month <= 2), month, of_year - (153 * index + 2) // 5 + 1


def days_in_month(year: int, month: int) -> int:
    """Return the length of a month in days."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in {4, 6, 9, 11} else 31


def make_date(year: int, month: int, day: int) -> AnyDate:
    """Build a date.

    Raises:
        Trouble: there is no such day, or the year is out of bounds.
    """
    if not (1 <= month <= 12 and abs(year) <= MAX_YEAR and 1 <= day <= days_in_month(year, month)):
        raise Trouble(f"there is no date {year}-{month}-{day}")
    return date(year, month, day) if 1 <= year <= 9999 else FarDate(year, month, day)


def date_of_day(number: int) -> AnyDate:
    """Build the date of a day number."""
    return make_date(*civil(number))


def day_of(value: AnyDate) -> int:
    """Return the day number of a date."""
    if isinstance(value, FarDate):
        return day_number(value.year, value.month, value.day)
    return value.toordinal()


def make_time(nanos: int, zone: tzinfo | None) -> AnyTime:
    """Build the time of day that is `nanos` after midnight (0 ≤ nanos < one day)."""
    micros, rest = divmod(nanos, 1000)
    if rest:
        return FineTime(nanos, zone)
    seconds, micro = divmod(micros, 1_000_000)
    minutes, second = divmod(seconds, 60)
    return time(minutes // 60, minutes % 60, second, micro, tzinfo=zone)


def clock_of(value: AnyTime) -> tuple[int, tzinfo | None]:
    """Return the nanoseconds since midnight, and the zone."""
    if isinstance(value, FineTime):
        return value.nanos, value.zone
    seconds = (value.hour * 60 + value.minute) * 60 + value.second
    return seconds * SECOND + value.microsecond * 1000, value.tzinfo


def make_date_time(day: int, nanos: int, zone: tzinfo | None) -> AnyDateTime:
    """Build a date and time from a day number and the nanoseconds since its midnight."""
    extra, nanos = divmod(nanos, DAY)
    day += extra
    if 1 <= day <= 3_652_059 and nanos % 1000 == 0:
        clock = make_time(nanos, None)
        assert isinstance(clock, time)  # noqa: S101 - no nanoseconds are left
        return datetime.combine(date.fromordinal(day), clock, tzinfo=zone)
    if abs(civil(day)[0]) > MAX_YEAR:
        raise Trouble("the date is out of bounds")
    return FarDateTime(day, nanos, zone)


def moment_of(value: AnyDateTime) -> tuple[int, int, tzinfo | None]:
    """Return the local day number, the nanoseconds since its midnight, and the zone."""
    if isinstance(value, FarDateTime):
        return value.day, value.nanos, value.zone
    nanos, _ = clock_of(value.time())
    return value.toordinal(), nanos, value.tzinfo


def make_duration(nanos: int) -> AnyDuration:
    """Build a days and time duration."""
    if abs(nanos) > MAX_DURATION:
        raise Trouble("the duration is out of bounds")
    micros, rest = divmod(nanos, 1000)
    if rest or abs(nanos) >= 999_999_998 * DAY:
        return LongDuration(nanos)
    return timedelta(microseconds=micros)


def nanos_of(value: AnyDuration) -> int:
    """Return a duration in nanoseconds."""
    if isinstance(value, LongDuration):
        return value.nanos
    return (value.days * 86_400 + value.seconds) * SECOND + value.microseconds * 1000


def make_months(months: int) -> YearsMonths:
    """Build a years and months duration."""
    if abs(months) > MAX_MONTHS:
        raise Trouble("the duration is out of bounds")
    return YearsMonths(months)


def offset_zone(seconds: int) -> tzinfo:
    """Return the zone of a fixed offset in seconds."""
    if abs(seconds) > 18 * 3600:
        raise Trouble("an offset lies within 18 hours of UTC")
    return UTC if seconds == 0 else timezone(timedelta(seconds=seconds))


def named_zone(name: str) -> tzinfo:
    """Return the zone of the IANA database with that name."""
    if name not in _zone_names():
        raise Trouble(f"there is no time zone {name!r}")
    return _zone(name)


@lru_cache(maxsize=1)
def _zone_names() -> frozenset[str]:
    # A name out of an expression is looked up here, so that it never becomes a path of a file.
    return frozenset(available_timezones())


@lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def zone_name(zone: tzinfo | None) -> str | None:
    """Return the IANA name of a named zone, else None."""
    return zone.key if isinstance(zone, ZoneInfo) else None


def offset_at(day: int, nanos: int, zone: tzinfo | None) -> int | None:
    """Return a zone's offset in seconds at a local moment, None without a zone.

    Beyond Python's years the rules of a year of equal calendar in reach stand in.
    """
    if zone is None:
        return None
    offset = zone.utcoffset(_in_reach(day, nanos).replace(tzinfo=zone))
    return None if offset is None else round(offset.total_seconds())


def offset_from_utc(day: int, nanos: int, zone: tzinfo | None) -> int:
    """Return a zone's offset in seconds at a moment of UTC."""
    local = _in_reach(day, nanos).replace(tzinfo=UTC).astimezone(zone)
    return round((local.utcoffset() or timedelta()).total_seconds())


def _in_reach(day: int, nanos: int) -> datetime:
    if not 366 <= day <= 3_651_000:
        day = day % 146_097 + 5 * 146_097
    return datetime.fromordinal(day) + timedelta(microseconds=nanos // 1000)


def instant_of(value: AnyDateTime) -> tuple[int, bool]:
    """Return nanoseconds on the UTC line, and whether a zone put it there.

    Without a zone the local reading is counted as if it were UTC.
    """
    day, nanos, zone = moment_of(value)
    offset = offset_at(day, nanos, zone)
    return day * DAY + nanos - (offset or 0) * SECOND, offset is not None
