"""Temporal values from text and back: ISO 8601 as XML Schema writes it, and FEEL's `@Zone/Name`.

Source: OMG DMN 1.5, 10.3.2.3.4 to 10.3.2.3.8.
"""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from app.feel.errors import Trouble
from app.feel.temporal.moments import (
    DAY,
    SECOND,
    AnyDate,
    AnyDateTime,
    AnyDuration,
    AnyTime,
    FarDate,
    FarDateTime,
    FineTime,
    LongDuration,
    YearsMonths,
    civil,
    clock_of,
    day_of,
    make_date,
    make_date_time,
    make_duration,
    make_months,
    make_time,
    moment_of,
    named_zone,
    nanos_of,
    offset_at,
    offset_zone,
    zone_name,
)
from app.feel.values import Value

_DATE = r"(?P<year>-?(?:[1-9]\d{4,8}|\d{4}))-(?P<month>\d\d)-(?P<day>\d\d)"
_TIME = (
    r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)(?:\.(?P<fraction>\d+))?"
    r"(?:(?P<utc>[Zz])|(?P<sign>[+-])(?P<oh>\d\d):(?P<om>\d\d)(?::(?P<os>\d\d))?"
    r"|@(?P<zone>[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+)*))?"
)
_DATE_ONLY = re.compile(_DATE, re.ASCII)
_TIME_ONLY = re.compile(_TIME, re.ASCII)
_DATE_TIME = re.compile(f"{_DATE}T{_TIME}", re.ASCII)
_MONTHS = re.compile(r"(-)?P(?:(\d{1,12})Y)?(?:(\d{1,12})M)?", re.ASCII)
_DAYS = re.compile(
    r"(-)?P(?:(\d{1,19})D)?"
    r"(T(?:(\d{1,19})H)?(?:(\d{1,19})M)?(?:(\d{1,19})(?:\.(\d*))?S)?)?",
    re.ASCII,
)


def parse_date(text: str) -> AnyDate:
    """Read `2026-03-01`.

    Raises:
        Trouble: it is no date.
    """
    match = _DATE_ONLY.fullmatch(text)
    if match is None:
        raise Trouble(f"{text!r} is not a date such as 2026-03-01")
    return make_date(int(match["year"]), int(match["month"]), int(match["day"]))


def parse_time(text: str) -> AnyTime:
    """Read `08:30:00`, with `Z`, an offset or `@Zone/Name` if it has one.

    Raises:
        Trouble: it is no time.
    """
    match = _TIME_ONLY.fullmatch(text.removeprefix("T"))
    if match is None:
        raise Trouble(f"{text!r} is not a time such as 08:30:00")
    return make_time(_nanos(match) % DAY, _zone(match))


def parse_date_time(text: str) -> AnyDateTime:
    """Read `2026-03-01T08:30:00+08:00`, or a date alone as its midnight.

    Raises:
        Trouble: it is no date and time.
    """
    match = _DATE_TIME.fullmatch(text)
    if match is None:
        if _DATE_ONLY.fullmatch(text):
            return make_date_time(day_of(parse_date(text)), 0, None)
        raise Trouble(f"{text!r} is not a date and time such as 2026-03-01T08:30:00")
    day = day_of(make_date(int(match["year"]), int(match["month"]), int(match["day"])))
    return make_date_time(day, _nanos(match), _zone(match))


def parse_duration(text: str) -> AnyDuration | YearsMonths:
    """Read `P1DT2H` or `P1Y2M`.

    Raises:
        Trouble: it is no duration, or mixes months with days.
    """
    match = _MONTHS.fullmatch(text)
    if match and (match[2] or match[3]):
        months = int(match[2] or 0) * 12 + int(match[3] or 0)
        return make_months(-months if match[1] else months)
    match = _DAYS.fullmatch(text)
    if match is None or not (match[2] or match[3]) or match[3] == "T":
        raise Trouble(f"{text!r} is not a duration such as PT4H or P1Y2M")
    seconds = int(match[4] or 0) * 3600 + int(match[5] or 0) * 60 + int(match[6] or 0)
    nanos = int(match[2] or 0) * DAY + seconds * SECOND + int((match[7] or "")[:9].ljust(9, "0"))
    return make_duration(-nanos if match[1] else nanos)


def parse_any(text: str) -> Value:
    """Read the text of an `@"…"` literal.

    Raises:
        Trouble: it is nothing temporal.
    """
    if text.startswith(("P", "-P")):
        return parse_duration(text)
    if _DATE_ONLY.fullmatch(text):
        return parse_date(text)
    return parse_date_time(text) if _DATE_TIME.fullmatch(text) else parse_time(text)


def _nanos(match: re.Match[str]) -> int:
    hour, minute, second = int(match["hour"]), int(match["minute"]), int(match["second"])
    fraction = int((match["fraction"] or "")[:9].ljust(9, "0"))
    is_midnight = hour == 24 and minute == second == fraction == 0
    if not ((hour < 24 or is_midnight) and minute < 60 and second < 60):
        raise Trouble(f"there is no time {match.group()!r}")
    return ((hour * 60 + minute) * 60 + second) * SECOND + fraction


def _zone(match: re.Match[str]) -> tzinfo | None:
    if match["utc"]:
        return UTC
    if match["zone"]:
        return named_zone(match["zone"])
    if not match["sign"]:
        return None
    minutes, seconds = int(match["om"]), int(match["os"] or 0)
    if minutes > 59 or seconds > 59:
        raise Trouble(f"there is no offset in {match.group()!r}")
    offset = (int(match["oh"]) * 60 + minutes) * 60 + seconds
    return offset_zone(-offset if match["sign"] == "-" else offset)


def date_text(value: AnyDate) -> str:
    """Write a date."""
    return _civil_text(value.year, value.month, value.day)


def time_text(value: AnyTime) -> str:
    """Write a time, with its zone if it has one."""
    nanos, zone = clock_of(value)
    return _clock_text(nanos) + _zone_text(zone)


def date_time_text(value: AnyDateTime, *, is_iso: bool = False) -> str:
    """Write a date and time; `is_iso` gives a named zone's offset instead of its name."""
    day, nanos, zone = moment_of(value)
    text = _civil_text(*civil(day)) + "T" + _clock_text(nanos)
    offset = offset_at(day, nanos, zone) if is_iso else None
    if offset is not None:
        return text + _offset_text(timedelta(seconds=offset))
    return text + _zone_text(zone)


def duration_text(value: AnyDuration) -> str:
    """Write a days and time duration in its shortest normal form, `PT0S` for none."""
    nanos = nanos_of(value)
    seconds, fraction = divmod(abs(nanos), SECOND)
    days, seconds = divmod(seconds, 86_400)
    hours, minutes, seconds = seconds // 3600, seconds // 60 % 60, seconds % 60
    tail = f"{seconds}.{fraction:09d}".rstrip("0") if fraction else str(seconds)
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    clock += f"{tail}S" if seconds or fraction else ""
    text = (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
    return ("-" if nanos < 0 else "") + "P" + (text or "T0S")


def temporal_text(value: Value) -> str | None:
    """Write any temporal value; None for anything else."""
    if isinstance(value, YearsMonths):
        return str(value)
    if isinstance(value, datetime | FarDateTime):
        return date_time_text(value)
    if isinstance(value, date | FarDate):
        return date_text(value)
    if isinstance(value, time | FineTime):
        return time_text(value)
    if isinstance(value, timedelta | LongDuration):
        return duration_text(value)
    return None


def _civil_text(year: int, month: int, day: int) -> str:
    return f"{'-' if year < 0 else ''}{abs(year):04d}-{month:02d}-{day:02d}"


def _clock_text(nanos: int) -> str:
    seconds, fraction = divmod(nanos, SECOND)
    text = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return text + (f".{fraction:09d}".rstrip("0") if fraction else "")


def _zone_text(zone: tzinfo | None) -> str:
    if zone is None:
        return ""
    name = zone_name(zone)
    if name is not None:
        return f"@{name}"
    return _offset_text(zone.utcoffset(None) or timedelta())


def _offset_text(offset: timedelta) -> str:
    seconds = round(offset.total_seconds())
    if seconds == 0:
        return "Z"
    size = abs(seconds)
    text = f"{'-' if seconds < 0 else '+'}{size // 3600:02d}:{size // 60 % 60:02d}"
    return text + (f":{size % 60:02d}" if size % 60 else "")
