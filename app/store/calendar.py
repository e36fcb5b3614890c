"""Rows of work calendars: what each day is, the weeks of units, and who changed what."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, delete, func, select

from app.store.rows import insert_new_rows, insert_rows, upsert_rows
from app.store.settings import CALENDAR_VERSION, renew_version
from app.store.tables.organisation import calendar_change, calendar_day, person, unit_calendar
from app.store.units import AnyRow


def unit_calendar_name(unit_key: int) -> str:
    """Return the name under which a unit's own days are kept."""
    return f"unit-{unit_key}"


def days(connection: Connection) -> Sequence[AnyRow]:
    """Return every known day of every calendar."""
    query = select(
        calendar_day.c.calendar,
        calendar_day.c.day,
        calendar_day.c.is_working,
        calendar_day.c.hours,
        calendar_day.c.name,
        calendar_day.c.is_provisional,
    )
    return connection.execute(query).all()


def days_between(
    connection: Connection, calendar: str, first: date, last: date
) -> Sequence[AnyRow]:
    """Return the known days of a calendar from one day to another, both included."""
    here = (calendar_day.c.calendar == calendar) & calendar_day.c.day.between(first, last)
    return connection.execute(select(calendar_day).where(here).order_by(calendar_day.c.day)).all()


def count_days(connection: Connection, calendar: str, first: date, last: date) -> int:
    """Return how many days a calendar knows from one day to another, both included."""
    here = (calendar_day.c.calendar == calendar) & calendar_day.c.day.between(first, last)
    return connection.scalar(select(func.count()).where(here)) or 0


def provisional_days(connection: Connection, calendar: str) -> Sequence[date]:
    """Return the days that are a guess so far."""
    query = select(calendar_day.c.day).where(
        calendar_day.c.calendar == calendar, calendar_day.c.is_provisional
    )
    return connection.scalars(query).all()


def unit_calendars(connection: Connection) -> Sequence[AnyRow]:
    """Return the weeks of all units that have a calendar of their own."""
    return connection.execute(select(unit_calendar)).all()


def insert_days(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add the days that are not known yet; what somebody edited stays."""
    insert_new_rows(connection, calendar_day, rows)
    renew_version(connection, CALENDAR_VERSION)


def save_days(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Set days as given, known or not."""
    changed = ("is_working", "hours", "name", "is_provisional")
    upsert_rows(connection, calendar_day, rows, change=changed)
    renew_version(connection, CALENDAR_VERSION)


def forget_days(connection: Connection, calendar: str, first: date, last: date) -> None:
    """Remove what a calendar says about these days; they become ordinary ones."""
    here = (calendar_day.c.calendar == calendar) & calendar_day.c.day.between(first, last)
    connection.execute(delete(calendar_day).where(here))
    renew_version(connection, CALENDAR_VERSION)


def save_unit_calendar(connection: Connection, row: Mapping[str, Any]) -> None:
    """Give a unit a week of its own, or another one."""
    upsert_rows(connection, unit_calendar, [row], change=("week", "keeps_holidays"))
    renew_version(connection, CALENDAR_VERSION)


def delete_unit_calendar(connection: Connection, unit_key: int) -> None:
    """Let a unit follow the calendar above it again."""
    name = unit_calendar_name(unit_key)
    connection.execute(delete(calendar_day).where(calendar_day.c.calendar == name))
    connection.execute(delete(unit_calendar).where(unit_calendar.c.unit_key == unit_key))
    renew_version(connection, CALENDAR_VERSION)


def note_change(connection: Connection, row: Mapping[str, Any]) -> None:
    """Keep who changed what."""
    insert_rows(connection, calendar_change, [row])


def changes(connection: Connection, calendar: str, limit: int | None = None) -> Sequence[AnyRow]:
    """Return the changes of a calendar, newest first, with the name of who made them."""
    query = (
        select(calendar_change, person.c.name.label("by"))
        .join(person, person.c.key == calendar_change.c.person_key, isouter=True)
        .where(calendar_change.c.calendar == calendar)
        .order_by(calendar_change.c.key.desc())
        .limit(limit)
    )
    return connection.execute(query).all()


def change(connection: Connection, key: int) -> AnyRow | None:
    """Return one change, None where there is none."""
    return connection.execute(select(calendar_change).where(calendar_change.c.key == key)).first()
