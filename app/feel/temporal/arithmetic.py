"""Arithmetic, order and properties of temporal values.

A date that meets a date and time counts as its UTC midnight; values with and without a zone do
not meet at all. Source: OMG DMN 1.5, 10.3.2.3 and tables 51 to 55, 65.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import ROUND_DOWN, Decimal, DecimalException

from app.feel.compiling.decimals import ARITHMETIC
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
    date_of_day,
    day_number,
    day_of,
    days_in_month,
    instant_of,
    make_date,
    make_date_time,
    make_duration,
    make_months,
    make_time,
    moment_of,
    nanos_of,
    offset_at,
    offset_from_utc,
    offset_zone,
    zone_name,
)
from app.feel.values import Value, told

DATE = (date, FarDate)
TIME = (time, FineTime)
DATE_TIME = (datetime, FarDateTime)
DAYS = (timedelta, LongDuration)


def is_date(value: Value) -> bool:
    """Say whether a value is a date without a time."""
    return isinstance(value, date | FarDate) and not isinstance(value, datetime)


def midnight(value: AnyDate, zone: tzinfo | None) -> AnyDateTime:
    """Return the first moment of a date."""
    return make_date_time(day_of(value), 0, zone)


def as_date_time(value: Value) -> AnyDateTime | None:
    """Return a date and time as it is, a date as its UTC midnight, anything else as None."""
    if isinstance(value, datetime | FarDateTime):
        return value
    if isinstance(value, date | FarDate):
        return midnight(value, offset_zone(0))
    return None


def order_key(value: Value, *, is_exact: bool) -> tuple[int, object] | None:
    """Return what orders a temporal value among its kind, and whether (and how) it is zoned.

    Keys compare only when their second parts are equal. `is_exact` keeps fractions of a second;
    equality drops them. None for values that are not temporal.
    """
    if isinstance(value, datetime | FarDateTime):
        nanos, is_zoned = instant_of(value)
        return (nanos if is_exact else nanos // SECOND), is_zoned
    if isinstance(value, date | FarDate):
        return day_of(value), None
    if isinstance(value, time | FineTime):
        return _time_key(value, is_exact=is_exact)
    if isinstance(value, timedelta | LongDuration):
        return nanos_of(value), None
    return (value.total_months, None) if isinstance(value, YearsMonths) else None


def local_reading(value: Value) -> tuple[int, tzinfo | None] | None:
    """Return what the clock shows, as nanoseconds, and its zone; None for what has no clock."""
    if isinstance(value, datetime | FarDateTime):
        day, nanos, zone = moment_of(value)
        return day * DAY + nanos, zone
    return clock_of(value) if isinstance(value, time | FineTime) else None


def _time_key(value: AnyTime, *, is_exact: bool) -> tuple[int, object]:
    nanos, zone = clock_of(value)
    nanos = nanos if is_exact else nanos // SECOND * SECOND
    name = zone_name(zone)
    if name is not None and not _is_fixed(zone):
        return nanos, name
    offset = offset_at(1, 0, zone)
    return nanos - (offset or 0) * SECOND, offset is not None


def _is_fixed(zone: tzinfo | None) -> bool:
    """Say whether a zone has one offset all the year, so that a time alone has it too."""
    return zone is not None and zone.utcoffset(None) is not None


def add(left: Value, right: Value) -> Value:
    """Add a duration to a moment or to a duration of its kind.

    Raises:
        Trouble: the two do not add.
    """
    if isinstance(right, YearsMonths | timedelta | LongDuration):
        return _shift(left, right, 1)
    if isinstance(left, YearsMonths | timedelta | LongDuration):
        return _shift(right, left, 1)
    raise _meaningless(left, "+", right)


def subtract(left: Value, right: Value) -> Value:
    """Subtract a duration, or find the duration between two moments.

    Raises:
        Trouble: the two do not subtract.
    """
    if isinstance(right, YearsMonths | timedelta | LongDuration):
        return _shift(left, right, -1)
    if isinstance(left, time | FineTime) and isinstance(right, time | FineTime):
        return _time_between(left, right)
    if is_date(left) and is_date(right):
        return make_duration((day_of(left) - day_of(right)) * DAY)  # type: ignore[arg-type]
    first, second = as_date_time(left), as_date_time(right)
    if first is None or second is None:
        raise _meaningless(left, "-", right)
    (a, is_zoned), (b, is_other_zoned) = instant_of(first), instant_of(second)
    if is_zoned != is_other_zoned:
        raise Trouble("one of the two has a time zone or offset, the other has none")
    return make_duration(a - b)


def _time_between(left: AnyTime, right: AnyTime) -> AnyDuration:
    a, b = _time_key(left, is_exact=True), _time_key(right, is_exact=True)
    if a[1] != b[1]:
        raise Trouble("one of the two has a time zone or offset that the other has not")
    return make_duration(a[0] - b[0])


def _meaningless(left: Value, operator: str, right: Value) -> Trouble:
    return Trouble(f"{told(left)} {operator} {told(right)} has no meaning")


def _shift(value: Value, by: YearsMonths | AnyDuration, sign: int) -> Value:
    if isinstance(by, YearsMonths):
        shifted = _shift_months(value, sign * by.total_months)
    else:
        shifted = _shift_nanos(value, sign * nanos_of(by))
    if shifted is None:
        raise _meaningless(value, "+" if sign > 0 else "-", by)
    return shifted


def _shift_months(value: Value, months: int) -> Value:
    if isinstance(value, YearsMonths):
        return make_months(value.total_months + months)
    if isinstance(value, datetime | FarDateTime):
        day, nanos, zone = moment_of(value)
        return make_date_time(day_of(_add_months(*civil(day), months)), nanos, zone)
    if isinstance(value, date | FarDate):
        return _add_months(value.year, value.month, value.day, months)
    return None


def _add_months(year: int, month: int, day: int, months: int) -> AnyDate:
    years, index = divmod(year * 12 + month - 1 + months, 12)
    return make_date(years, index + 1, min(day, days_in_month(years, index + 1)))


def _shift_nanos(value: Value, nanos: int) -> Value:
    if isinstance(value, timedelta | LongDuration):
        return make_duration(nanos_of(value) + nanos)
    if isinstance(value, datetime | FarDateTime):
        return _shift_moment(value, nanos)
    if isinstance(value, date | FarDate):
        return date_of_day(day_of(value) + nanos // DAY)
    if isinstance(value, time | FineTime):
        clock, zone = clock_of(value)
        return make_time((clock + nanos) % DAY, zone)
    return None


def _shift_moment(value: AnyDateTime, nanos: int) -> AnyDateTime:
    day, clock, zone = moment_of(value)
    if zone_name(zone) is None:
        return make_date_time(day, clock + nanos, zone)
    # In a named zone the clock may jump on the way: go by the line of instants.
    before = offset_at(day, clock, zone) or 0
    utc_day, utc_clock, _ = moment_of(make_date_time(day, clock + nanos - before * SECOND, None))
    after = offset_from_utc(utc_day, utc_clock, zone)
    return make_date_time(utc_day, utc_clock + after * SECOND, zone)


def multiply(duration: Value, factor: Decimal) -> Value:
    """Multiply a duration by a number."""
    if isinstance(duration, YearsMonths):
        return make_months(_whole(_times(duration.total_months, factor)))
    if isinstance(duration, timedelta | LongDuration):
        return make_duration(_whole(_times(nanos_of(duration), factor)))
    raise Trouble(f"{told(duration)} * a number has no meaning")


def divide(duration: Value, divisor: Value) -> Value:
    """Divide a duration by a number, or by a duration of its kind (a number then)."""
    if isinstance(divisor, Decimal):
        if not divisor.is_finite():
            raise Trouble("the divisor is no number")
        if divisor == 0:
            raise Trouble("division by zero")
        if isinstance(duration, YearsMonths):
            return make_months(_whole(_over(duration.total_months, divisor)))
        if isinstance(duration, timedelta | LongDuration):
            return make_duration(_whole(_over(nanos_of(duration), divisor)))
    parts = _same_unit(duration, divisor)
    if parts is None:
        raise _meaningless(duration, "/", divisor)
    if parts[1] == 0:
        raise Trouble("division by a duration of zero")
    return _over(parts[0], Decimal(parts[1]))


def _times(count: int, factor: Decimal) -> Decimal:
    try:
        return ARITHMETIC.multiply(Decimal(count), factor)
    except DecimalException:
        raise Trouble("the duration is out of bounds") from None


def _over(count: int, divisor: Decimal) -> Decimal:
    try:
        return ARITHMETIC.divide(Decimal(count), divisor)
    except DecimalException:
        raise Trouble("the duration is out of bounds") from None


def _same_unit(one: Value, other: Value) -> tuple[int, int] | None:
    if isinstance(one, YearsMonths) and isinstance(other, YearsMonths):
        return one.total_months, other.total_months
    if isinstance(one, timedelta | LongDuration) and isinstance(other, timedelta | LongDuration):
        return nanos_of(one), nanos_of(other)
    return None


def _whole(number: Decimal) -> int:
    if number.adjusted() > 40:
        raise Trouble("the duration is out of bounds")
    return int(number.to_integral_value(ROUND_DOWN))


def months_between(start: Value, end: Value) -> YearsMonths:
    """Return the whole months from one date to another; of a date and time its day counts."""
    first, last = as_date_time(start), as_date_time(end)
    if first is None or last is None:
        raise Trouble("months lie between two dates")
    (y1, m1, d1), (y2, m2, d2) = civil(moment_of(first)[0]), civil(moment_of(last)[0])
    months = (y2 - y1) * 12 + m2 - m1
    if months > 0 and d2 < d1:
        months -= 1
    elif months < 0 and d2 > d1:
        months += 1
    return make_months(months)


_Property = Callable[[Value], Value]


def _date_part(index: int) -> _Property:
    def part(value: Value) -> Value:
        if isinstance(value, datetime | FarDateTime):
            return Decimal(civil(moment_of(value)[0])[index])
        if isinstance(value, date | FarDate):
            return Decimal((value.year, value.month, value.day)[index])
        raise Trouble("only a date has this")

    return part


def _weekday(value: Value) -> Value:
    if isinstance(value, datetime | FarDateTime):
        return Decimal((moment_of(value)[0] + 6) % 7 + 1)
    if isinstance(value, date | FarDate):
        return Decimal((day_of(value) + 6) % 7 + 1)
    raise Trouble("only a date has a weekday")


def _clock(value: Value) -> tuple[int, int, tzinfo | None]:
    if isinstance(value, datetime | FarDateTime):
        return moment_of(value)
    if isinstance(value, time | FineTime):
        nanos, zone = clock_of(value)
        return day_number(2000, 1, 1), nanos, zone
    raise Trouble("only a time has this")


def _clock_part(unit: int, base: int) -> _Property:
    return lambda value: Decimal(_clock(value)[1] // (unit * SECOND) % base)


def _time_offset(value: Value) -> Value:
    day, nanos, zone = _clock(value)
    if zone_name(zone) and isinstance(value, time | FineTime) and not _is_fixed(zone):
        return None
    offset = offset_at(day, nanos, zone)
    return None if offset is None else make_duration(offset * SECOND)


def _months_part(value: Value, *, is_years: bool) -> Value:
    if not isinstance(value, YearsMonths):
        raise Trouble("only a years and months duration has this")
    years, months = divmod(abs(value.total_months), 12)
    part = years if is_years else months
    return Decimal(-part if value.total_months < 0 else part)


def _days_part(unit: int, base: int | None) -> _Property:
    def part(value: Value) -> Value:
        if not isinstance(value, timedelta | LongDuration):
            raise Trouble("only a days and time duration has this")
        nanos = nanos_of(value)
        count = abs(nanos) // (unit * SECOND)
        count = count if base is None else count % base
        return Decimal(-count if nanos < 0 else count)

    return part


PROPERTIES: dict[str, _Property] = {
    "year": _date_part(0),
    "month": _date_part(1),
    "day": _date_part(2),
    "weekday": _weekday,
    "hour": _clock_part(3600, 24),
    "minute": _clock_part(60, 60),
    "second": _clock_part(1, 60),
    "time offset": _time_offset,
    "timezone": lambda value: zone_name(_clock(value)[2]),
    "years": lambda value: _months_part(value, is_years=True),
    "months": lambda value: _months_part(value, is_years=False),
    "days": _days_part(86_400, None),
    "hours": _days_part(3600, 24),
    "minutes": _days_part(60, 60),
    "seconds": _days_part(1, 60),
}
