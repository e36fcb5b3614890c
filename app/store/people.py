"""Rows of people with their positions and deputies."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, func, select, update

from app.store.rows import insert_rows
from app.store.settings import DIRECTORY_VERSION, renew_version
from app.store.tables.organisation import deputy, person, position
from app.store.units import AnyRow


def all_positions(connection: Connection) -> Sequence[AnyRow]:
    """Return key, person, role, unit and span of every position of an active person."""
    query = select(position).join(person, person.c.key == position.c.person_key)
    return connection.execute(query.where(person.c.is_active).order_by(position.c.key)).all()


def all_deputies(connection: Connection) -> Sequence[AnyRow]:
    """Return the same for active deputies, with `on_behalf_of` and the span of being deputy."""
    query = (
        select(
            position.c.key,
            deputy.c.person_key,
            position.c.role,
            position.c.unit_key,
            position.c.valid_from,
            position.c.valid_to,
            position.c.person_key.label("on_behalf_of"),
            deputy.c.valid_from.label("deputy_from"),
            deputy.c.valid_to.label("deputy_to"),
        )
        .join(position, position.c.key == deputy.c.position_key)
        .join(person, person.c.key == deputy.c.person_key)
        .where(person.c.is_active)
        .order_by(deputy.c.key)
    )
    return connection.execute(query).all()


def active_logins(connection: Connection) -> dict[str, int]:
    """Return the keys of active people by login in lower case."""
    query = select(person.c.login, person.c.key).where(person.c.is_active)
    return {row.login.lower(): row.key for row in connection.execute(query)}


def insert_people(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add people."""
    insert_rows(connection, person, rows)
    renew_version(connection, DIRECTORY_VERSION)


def insert_positions(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Give people positions."""
    insert_rows(connection, position, rows)
    renew_version(connection, DIRECTORY_VERSION)


def person_by_login(connection: Connection, login: str) -> AnyRow | None:
    """Return a person's row by login, whatever its case."""
    query = select(person).where(func.lower(person.c.login) == login.lower())
    return connection.execute(query).first()


def update_person(connection: Connection, key: int, **values: Any) -> None:
    """Change columns of one person."""
    connection.execute(update(person).where(person.c.key == key).values(**values))
    if not values.keys() <= _APART_FROM_DIRECTORY:
        renew_version(connection, DIRECTORY_VERSION)


_APART_FROM_DIRECTORY = {"password_hash", "language", "notices_seen_at", "wants_mail", "email"}
