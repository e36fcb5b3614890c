"""The district's work calendar is kept filled: the published years, and the next one as a guess.

Set-up and `cases.demo` call `extend_calendar`; it costs two statements when there is nothing
to do. `calendar_context` shows the calendar to the expressions of diagrams, tables and forms.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.feel import host_function
from app.organisation.calendar import WorkCalendar
from app.organisation.calendar_seed import CALENDAR, seed_day, seed_days
from app.store import calendar as calendar_rows
from app.store.db import Connection, Transaction
from app.store.settings import district_settings


def extend_calendar(tx: Transaction) -> int:
    """Add the days the calendar lacks until the end of next year; return how many days changed.

    A day that was a guess becomes what has been published since; every other day that is there,
    edited or not, stays as it is.
    """
    wanted = date(tx.now.year + 1, 12, 31)
    last = calendar_rows.last_day(tx.connection, CALENDAR)
    guessed = [seed_day(day) for day in calendar_rows.provisional_days(tx.connection, CALENDAR)]
    published = [row for row in guessed if not row["is_provisional"]]
    if published:
        calendar_rows.save_days(tx.connection, published)
    if last is not None and last >= wanted:
        return len(published)
    missing = [row for row in seed_days(wanted.year) if last is None or row["day"] > last]
    calendar_rows.insert_days(tx.connection, missing)
    return len(published) + len(missing)


def calendar_context(calendar: WorkCalendar, now: datetime) -> dict[str, object]:
    """Return what expressions see as `calendar`: `after(limit)`, counted from `now`."""

    def after(limit: object) -> datetime:
        if not isinstance(limit, str | timedelta):
            raise TypeError("calendar.after takes a text such as 4 wh, or a duration")
        return calendar.after(now, limit)

    return {"after": host_function("calendar.after", ("limit",), after)}


def local_today(connection: Connection, now: datetime) -> date:
    """Return what day it is in the district."""
    return now.astimezone(ZoneInfo(district_settings(connection).zone)).date()
