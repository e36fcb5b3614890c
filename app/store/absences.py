"""Rows of absences: who is away from when to when, and who stands in; deputies hang on them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, or_, select, update

from app.store.rows import insert_rows
from app.store.settings import DIRECTORY_VERSION, renew_version
from app.store.tables.organisation import deputy, person
from app.store.tables.together import absence


@dataclass(frozen=True, slots=True)
class AbsenceRow:
    """Somebody is away, both days included; one taken back ends before it begins."""

    key: int
    person_key: int
    deputy_key: int
    deputy_name: str
    first_day: date
    last_day: date


_COLUMNS = (
    absence.c.key,
    absence.c.person_key,
    absence.c.deputy_key,
    person.c.name,
    absence.c.first_day,
    absence.c.last_day,
)


def insert(connection: Connection, values: Mapping[str, Any]) -> None:
    """Keep an absence; its deputies are rows of `store.people`."""
    insert_rows(connection, absence, [values])


def of_person(connection: Connection, person_key: int, *, since: date) -> list[AbsenceRow]:
    """Return the absences of a person that end on a day or later, the first one first."""
    return _rows(connection, absence.c.person_key == person_key, absence.c.last_day >= since)


def past(connection: Connection, person_key: int, *, before: date, limit: int) -> list[AbsenceRow]:
    """Return the absences of a person that ended before a day, the one that began last first."""
    query = (
        _absences()
        .where(absence.c.person_key == person_key, absence.c.last_day < before)
        .order_by(absence.c.first_day.desc(), absence.c.key.desc())
        .limit(limit)
    )
    return [AbsenceRow(*row) for row in connection.execute(query)]


def find(connection: Connection, key: int) -> AbsenceRow | None:
    """Return an absence."""
    found = _rows(connection, absence.c.key == key)
    return found[0] if found else None


def away(
    connection: Connection, person_keys: Collection[int], first: date, last: date
) -> dict[int, AbsenceRow]:
    """Return who of these people is away on one of the days, with the absence."""
    found = _rows(
        connection,
        absence.c.person_key.in_(sorted(person_keys)),
        absence.c.first_day <= last,
        absence.c.last_day >= first,
        absence.c.first_day <= absence.c.last_day,
    )
    return {row.person_key: row for row in found}


def end(connection: Connection, key: int, last_day: date) -> None:
    """Let an absence and whoever stands in for it end with a day, if it would last longer."""
    connection.execute(
        update(absence)
        .where(absence.c.key == key, absence.c.last_day > last_day)
        .values(last_day=last_day)
    )
    ends = deputy.c.valid_to
    connection.execute(
        update(deputy)
        .where(deputy.c.absence_key == key, or_(ends.is_(None), ends > last_day))
        .values(valid_to=last_day)
    )
    renew_version(connection, DIRECTORY_VERSION)


def _rows(connection: Connection, *which: Any) -> list[AbsenceRow]:
    query = _absences().where(*which).order_by(absence.c.first_day, absence.c.key)
    return [AbsenceRow(*row) for row in connection.execute(query)]


def _absences() -> Select[Any]:
    return select(*_COLUMNS).join(person, person.c.key == absence.c.deputy_key)
