"""Rows of those who follow a case."""

from datetime import datetime

from sqlalchemy import Connection, delete, select

from app.store.rows import insert_new_rows
from app.store.tables.organisation import person
from app.store.tables.together import case_follow


def add(connection: Connection, case_key: int, person_key: int, *, now: datetime) -> None:
    """Let a person follow a case; nothing happens when they do already."""
    row = {"case_key": case_key, "person_key": person_key, "at": now}
    insert_new_rows(connection, case_follow, [row])


def remove(connection: Connection, case_key: int, person_key: int) -> None:
    """Let a person follow a case no longer."""
    connection.execute(
        delete(case_follow).where(
            case_follow.c.case_key == case_key, case_follow.c.person_key == person_key
        )
    )


def of_case(connection: Connection, case_key: int) -> dict[int, str]:
    """Return who follows a case, by name; closed accounts follow nothing."""
    query = (
        select(person.c.key, person.c.name)
        .join(case_follow, case_follow.c.person_key == person.c.key)
        .where(case_follow.c.case_key == case_key, person.c.is_active)
        .order_by(case_follow.c.at, person.c.key)
    )
    return {row.key: row.name for row in connection.execute(query)}
