"""The days of China's official work calendar, as rows for the district's own calendar.

`chinesecalendar` knows the published years; a year it does not know is seeded from Monday to
Friday and marked provisional, until an administrator or a newer release replaces it.
"""

from datetime import date, timedelta
from typing import Any

import chinese_calendar

FIRST_YEAR = 2004
CALENDAR = "cn"


def seed_days(until_year: int, *, calendar: str = CALENDAR) -> list[dict[str, Any]]:
    """Return a row for each day from 2004 to the end of `until_year`."""
    first, last = date(FIRST_YEAR, 1, 1), date(until_year, 12, 31)
    count = (last - first).days + 1
    return [seed_day(first + timedelta(days=each), calendar=calendar) for each in range(count)]


def seed_day(day: date, *, calendar: str = CALENDAR) -> dict[str, Any]:
    """Return the row of one day."""
    try:
        is_off, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        is_off, name, is_provisional = day.weekday() >= 5, None, True
    else:
        is_provisional = False
    return {
        "calendar": calendar,
        "day": day,
        "is_working": not is_off,
        "hours": None,
        "name": name,
        "is_provisional": is_provisional,
    }
