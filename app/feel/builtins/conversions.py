"""Built-in functions that convert: to numbers, texts, moments and durations.

Source: OMG DMN 1.5, 10.3.4.1.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from app.feel.builtins.registry import feel
from app.feel.compiling.decimals import ARITHMETIC
from app.feel.compiling.run import Run
from app.feel.errors import Trouble
from app.feel.temporal import arithmetic as temporal
from app.feel.temporal.moments import (
    SECOND,
    FarDate,
    FarDateTime,
    FineTime,
    LongDuration,
    clock_of,
    date_of_day,
    day_of,
    make_date,
    make_date_time,
    make_time,
    moment_of,
    named_zone,
    nanos_of,
    offset_zone,
)
from app.feel.temporal.text import parse_date, parse_date_time, parse_duration, parse_time
from app.feel.text import text_of
from app.feel.values import Value

_NUMBER = re.compile(r"-?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d{1,4})?", re.ASCII)


READERS: Mapping[str, Callable[[str], Value]] = {
    "date": parse_date,
    "time": parse_time,
    "date and time": parse_date_time,
    "duration": parse_duration,
}
"""The functions that read a temporal literal."""


@feel("date", "from: string", returns="date")
def date_from_text(_run: Run, text: str) -> Value:
    """Read a date."""
    return parse_date(text)


@feel("date", "from: date|date and time", returns="date")
def date_from_moment(_run: Run, value: Value) -> Value:
    """Return the day of a date and time."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, FarDateTime):
        return date_of_day(value.day)
    return value


@feel("date", "year: number, month: number, day: number", returns="date")
def date_from_parts(_run: Run, year: Decimal, month: Decimal, day: Decimal) -> Value:
    """Build a date."""
    return make_date(_whole(year), _whole(month), _whole(day))


@feel("time", "from: string", returns="time")
def time_from_text(_run: Run, text: str) -> Value:
    """Read a time."""
    return parse_time(text)


@feel("time", "from: time|date|date and time", returns="time")
def time_from_moment(_run: Run, value: Value) -> Value:
    """Return the time of day of a moment; a date's is its UTC midnight."""
    moment = temporal.as_date_time(value)
    if moment is None:
        return value
    _, nanos, zone = moment_of(moment)
    return make_time(nanos, zone)


@feel(
    "time",
    "hour: number, minute: number, second: number, offset: days and time duration?",
    returns="time",
)
def time_from_parts(
    _run: Run, hour: Decimal, minute: Decimal, second: Decimal, offset: Value
) -> Value:
    """Build a time, with an offset if one is given."""
    hours, minutes = _whole(hour), _whole(minute)
    nanos = int(second * SECOND)
    if not (0 <= hours < 24 and 0 <= minutes < 60 and 0 <= nanos < 60 * SECOND):
        raise Trouble("hours go to 23, minutes and seconds to 59")
    zone = None
    if isinstance(offset, timedelta | LongDuration):
        zone = offset_zone(nanos_of(offset) // SECOND)
    return make_time((hours * 60 + minutes) * 60 * SECOND + nanos, zone)


@feel("date and time", "from: string", returns="date and time")
def date_time_from_text(_run: Run, text: str) -> Value:
    """Read a date and time."""
    return parse_date_time(text)


@feel("date and time", "from: date|date and time", returns="date and time")
def date_time_from_moment(_run: Run, value: Value) -> Value:
    """Return a date and time as it is, a date's UTC midnight."""
    return temporal.as_date_time(value)


@feel("date and time", "date: date|date and time, time: time", returns="date and time")
def date_time_from_both(_run: Run, day: Value, clock: Value) -> Value:
    """Put a day and a time of day together."""
    if isinstance(day, datetime | FarDateTime):
        number = moment_of(day)[0]
    elif isinstance(day, date | FarDate):
        number = day_of(day)
    else:
        raise Trouble("a date is missing")
    if not isinstance(clock, time | FineTime):
        raise Trouble("a time is missing")
    nanos, zone = clock_of(clock)
    return make_date_time(number, nanos, zone)


@feel("date and time", "date: date and time, timezone: string", returns="date and time")
def date_time_in_zone(_run: Run, moment: Value, timezone: str) -> Value:
    """Return the same instant read in another zone (Camunda)."""
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        raise Trouble("the date and time has no zone to convert from")
    return moment.astimezone(named_zone(timezone))


def _whole(number: Decimal) -> int:
    if number != number.to_integral_value():
        raise Trouble(f"{number} is no whole number")
    return int(number)


@feel("duration", "from: string", returns="duration")
def duration(_run: Run, text: str) -> Value:
    """Read a duration."""
    return parse_duration(text)


@feel("duration", "from: days and time duration|years and months duration", returns="duration")
def duration_itself(_run: Run, value: Value) -> Value:
    """Return a duration as it is."""
    return value


@feel(
    "years and months duration",
    "from: date|date and time, to: date|date and time",
    returns="years and months duration",
)
def years_and_months_duration(_run: Run, start: Value, end: Value) -> Value:
    """Return the whole months between two dates."""
    return temporal.months_between(start, end)


@feel("number", "from: string", returns="number")
def number(_run: Run, text: str) -> Value:
    """Read a number written with a point."""
    return _number(text)


@feel("number", "from: number", returns="number")
def number_itself(_run: Run, value: Decimal) -> Value:
    """Return a number as it is."""
    return value


@feel(
    "number",
    "from: string, grouping separator: string!, decimal separator: string!",
    returns="number",
)
def number_separated(_run: Run, text: str, grouping: str | None, point: str | None) -> Value:
    """Read a number written with separators."""
    if grouping not in {None, " ", ",", "."} or point not in {None, ",", "."}:
        raise Trouble(
            "separators are a space, a comma or a point for groups, the latter for decimals"
        )
    if grouping is not None and grouping == point:
        raise Trouble("the two separators are the same")
    if grouping is not None:
        text = text.replace(grouping, "")
    return _number(text if point in {None, "."} else text.replace(".", "x").replace(",", "."))


def _number(text: str) -> Decimal:
    if len(text) > 400 or not _NUMBER.fullmatch(text):
        raise Trouble(f"{text[:40]!r} is no number")
    return ARITHMETIC.create_decimal(text)


@feel("string", "from: any", returns="string")
def string(run: Run, value: Value) -> Value:
    """Write a value as text; null stays null."""
    return None if value is None else text_of(value, run)
