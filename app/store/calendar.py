"""Rows of work calendars: what each day is, and the hours of days unlike the usual."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, select

from app.store.rows import insert_new_rows, upsert_rows
from app.store.settings import CALENDAR_VERSION, renew_version
from app.store.tables.organisation import calendar_day
from app.store.units import AnyRow


def days(connection: Connection, calendar: str) -> Sequence[AnyRow]:
    """Return every known day of a calendar."""
    query = select(
        calendar_day.c.day,
        calendar_day.c.is_working,
        calendar_day.c.hours,
        calendar_day.c.is_provisional,
    ).where(calendar_day.c.calendar == calendar)
    return connection.execute(query).all()


def last_day(connection: Connection, calendar: str) -> date | None:
    """Return the last day a calendar knows, None when it knows none."""
    query = select(func.max(calendar_day.c.day)).where(calendar_day.c.calendar == calendar)
    found: date | None = connection.execute(query).scalar_one()
    return found


def provisional_days(connection: Connection, calendar: str) -> Sequence[date]:
    """Return the days that are a guess so far."""
    query = select(calendar_day.c.day).where(
        calendar_day.c.calendar == calendar, calendar_day.c.is_provisional
    )
    return connection.scalars(query).all()


def insert_days(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add the days that are not known yet; what somebody edited stays."""
    insert_new_rows(connection, calendar_day, rows)
    renew_version(connection, CALENDAR_VERSION)


def save_days(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Set days as given, known or not."""
    changed = ("is_working", "hours", "name", "is_provisional")
    upsert_rows(connection, calendar_day, rows, change=changed)
    renew_version(connection, CALENDAR_VERSION)
