"""Built-in functions of dates, and the only two that know the present.

Source: OMG DMN 1.5, 10.3.4.7 and 10.3.4.8.
"""

from datetime import date, datetime, time
from decimal import Decimal

from app.feel.builtins.registry import feel
from app.feel.compiling.operators import equals
from app.feel.compiling.run import Run
from app.feel.errors import Trouble
from app.feel.temporal import arithmetic as temporal
from app.feel.temporal.moments import (
    AnyDate,
    FarDate,
    FarDateTime,
    FineTime,
    civil,
    clock_of,
    day_number,
    day_of,
    days_in_month,
    make_date,
    moment_of,
)
from app.feel.values import Kind, Value, kind_of

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def _day(value: Value) -> int:
    if isinstance(value, datetime | FarDateTime):
        return moment_of(value)[0]
    if isinstance(value, date | FarDate):
        return day_of(value)
    raise Trouble("a date is missing")


@feel("now", returns="date and time")
def now(run: Run) -> Value:
    """Return the present instant the caller gave."""
    if run.now is None:
        raise Trouble("nobody said what time it is")
    return run.now


@feel("today", returns="date")
def today(run: Run) -> Value:
    """Return the present day the caller gave."""
    if run.now is None:
        raise Trouble("nobody said what day it is")
    return run.now.date()


@feel("day of week", "date: date|date and time", returns="string")
def day_of_week(_run: Run, value: Value) -> Value:
    """Return the weekday's English name."""
    return _WEEKDAYS[(_day(value) + 6) % 7]


@feel("day of year", "date: date|date and time", returns="number")
def day_of_year(_run: Run, value: Value) -> Value:
    """Count the days since the year began."""
    number = _day(value)
    return Decimal(number - day_number(civil(number)[0], 1, 1) + 1)


@feel("month of year", "date: date|date and time", returns="string")
def month_of_year(_run: Run, value: Value) -> Value:
    """Return the month's English name."""
    return _MONTHS[civil(_day(value))[1] - 1]


@feel("week of year", "date: date|date and time", returns="number")
def week_of_year(_run: Run, value: Value) -> Value:
    """Return the ISO 8601 week."""
    number = _day(value)
    thursday = number + 3 - (number + 6) % 7
    return Decimal((thursday - day_number(civil(thursday)[0], 1, 1)) // 7 + 1)


@feel("last day of month", "date: date|date and time", returns="date")
def last_day_of_month(_run: Run, value: Value) -> AnyDate:
    """Return the last day of a date's month (Camunda)."""
    year, month, _ = civil(_day(value))
    return make_date(year, month, days_in_month(year, month))


@feel("is", "value1: any, value2: any", returns="boolean")
def is_same(run: Run, one: Value, other: Value) -> Value:
    """Say whether two values are the same element of the same domain, zones included."""
    if kind_of(one) is not kind_of(other):
        return False
    if _zone(one) != _zone(other):
        return False
    if kind_of(one) in {Kind.TIME, Kind.DATE_TIME}:
        return temporal.order_key(one, is_exact=True) == temporal.order_key(other, is_exact=True)
    return equals(one, other, run) is True


def _zone(value: Value) -> object:
    if isinstance(value, datetime | FarDateTime):
        return str(moment_of(value)[2])
    return str(clock_of(value)[1]) if isinstance(value, time | FineTime) else None
