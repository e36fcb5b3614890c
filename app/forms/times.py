"""Dates and times of answers in the district's zone: written with an offset, shown without.

`conditions` writes what a browser sent as local time, `render` turns it back for the input.
"""

from datetime import UTC, date, datetime, time, tzinfo

from app.forms.components import DateTimeField, Subtype, TimeFormat


def written(part: DateTimeField, value: str, *, now: datetime, zone: tzinfo) -> str:
    """Return a canonical value with the offset the field asks for.

    A local time becomes an instant of `zone`; the hour skipped in spring counts as the next one.
    """
    if part.subtype is Subtype.DATE:
        return value
    if part.subtype is Subtype.TIME:
        today = now.astimezone(zone).date()
        moment = datetime.combine(today, time.fromisoformat(value))
        text = _in_format(moment, part.time_format, zone).isoformat(timespec="minutes")
        return text.partition("T")[2].replace("+00:00", "Z")
    moment = _in_format(datetime.fromisoformat(value), part.time_format, zone)
    text = moment.isoformat(timespec="seconds")
    is_utc = part.time_format is TimeFormat.UTC_NORMALIZED
    return text.replace("+00:00", "Z") if is_utc else text


def _in_format(moment: datetime, time_format: TimeFormat, zone: tzinfo) -> datetime:
    """Return the moment in UTC, in the zone, or in the zone without saying so."""
    try:
        instant = (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
        if time_format is TimeFormat.UTC_NORMALIZED:
            return instant
        local = instant.astimezone(zone)
    except OverflowError:  # within a day of year 1 or 9999: leave it as it was typed
        local = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return local.replace(tzinfo=None) if time_format is TimeFormat.NO_TIMEZONE else local


def local_text(part: DateTimeField, value: str, *, now: datetime, zone: tzinfo) -> str:
    """Return a canonical value as a browser's date, time or datetime-local input wants it."""
    if part.subtype is Subtype.DATE:
        return value
    if part.subtype is Subtype.TIME:
        moment = datetime.combine(now.astimezone(zone).date(), time.fromisoformat(value))
        return _in_format(moment, TimeFormat.NO_TIMEZONE, zone).strftime("%H:%M")
    moment = _in_format(datetime.fromisoformat(value), TimeFormat.NO_TIMEZONE, zone)
    return moment.isoformat(timespec="minutes")


def day_of(part: DateTimeField, value: str, *, zone: tzinfo) -> date | None:
    """Return the calendar day of a value in the zone, None for a time of day."""
    if part.subtype is Subtype.TIME:
        return None
    if part.subtype is Subtype.DATE:
        return date.fromisoformat(value)
    return _in_format(datetime.fromisoformat(value), TimeFormat.NO_TIMEZONE, zone).date()


def within(
    part: DateTimeField, value: str, end: object, *, is_earliest: bool, zone: tzinfo
) -> bool:
    """Tell whether a canonical value keeps an end of the time that may be answered.

    An end that is no date (and time) is none; a date is compared by its days.
    """
    if isinstance(end, datetime) and part.subtype is Subtype.DATETIME:
        moment = _aware(datetime.fromisoformat(value), zone)
        # what a browser sends has no seconds: the minute of the end itself is within
        first = _aware(end, zone).replace(second=0, microsecond=0)
        return moment >= first if is_earliest else moment <= _aware(end, zone)
    answered, day = day_of(part, value, zone=zone), _local_day(end, zone)
    if answered is None or day is None:
        return True
    return answered >= day if is_earliest else answered <= day


def said(part: DateTimeField, end: object, *, zone: tzinfo) -> str:
    """Return an end as a person writes it, in the district's time."""
    if isinstance(end, datetime) and part.subtype is Subtype.DATETIME:
        return _aware(end, zone).astimezone(zone).strftime("%Y-%m-%d %H:%M")
    day = _local_day(end, zone)
    return day.isoformat() if day else ""


def _aware(moment: datetime, zone: tzinfo) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _local_day(end: object, zone: tzinfo) -> date | None:
    if isinstance(end, datetime):
        return _aware(end, zone).astimezone(zone).date()
    return end if isinstance(end, date) else None
