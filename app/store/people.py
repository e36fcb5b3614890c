"""Rows of people with their positions and deputies."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, exists, func, or_, select, update

from app.store.rows import insert_rows
from app.store.settings import DIRECTORY_VERSION, renew_version
from app.store.tables.organisation import deputy, person, position, unit
from app.store.tables.runtime import user_task
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


def has_demo_people(connection: Connection) -> bool:
    """Tell whether the demo district's people are there."""
    return (
        connection.execute(select(person.c.key).where(person.c.is_demo).limit(1)).first()
        is not None
    )


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


_APART_FROM_DIRECTORY = {
    "password_hash",
    "language",
    "notices_seen_at",
    "wants_mail",
    "unwanted_mail",
    "email",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleQuery:
    """Which people to list: by a piece of name or login, and by the unit they work in or under."""

    words: str = ""
    unit_path: str | None = None
    is_active: bool | None = None
    offset: int = 0
    limit: int = 50


def search_people(connection: Connection, query: PeopleQuery) -> tuple[int, Sequence[AnyRow]]:
    """Return how many people fit, and one page of their rows by login."""
    fitting = select(person)
    for word in query.words.lower().split():
        piece = "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        found = or_(
            func.lower(person.c.login).like(piece, escape="\\"),
            func.lower(person.c.name).like(piece, escape="\\"),
        )
        fitting = fitting.where(found)
    if query.unit_path is not None:
        works_there = exists().where(
            position.c.person_key == person.c.key,
            position.c.unit_key == unit.c.key,
            unit.c.path.like(query.unit_path + "%"),
        )
        fitting = fitting.where(works_there)
    if query.is_active is not None:
        fitting = fitting.where(person.c.is_active.is_(query.is_active))
    count = connection.execute(select(func.count()).select_from(fitting.subquery())).scalar_one()
    page = fitting.order_by(person.c.login).offset(query.offset).limit(query.limit)
    return count, connection.execute(page).all()


def person_by_key(connection: Connection, key: int) -> AnyRow | None:
    """Return a person's row."""
    return connection.execute(select(person).where(person.c.key == key)).first()


def position_by_key(connection: Connection, key: int) -> AnyRow | None:
    """Return a position's row."""
    return connection.execute(select(position).where(position.c.key == key)).first()


def positions_of(connection: Connection, people: Collection[int]) -> Sequence[AnyRow]:
    """Return every position these people hold, held or will hold, the latest first."""
    query = select(position).where(position.c.person_key.in_(sorted(people)))
    return connection.execute(query.order_by(position.c.valid_from.desc(), position.c.key)).all()


def positions_in(connection: Connection, unit_key: int) -> Sequence[AnyRow]:
    """Return every position of a unit with its holder's login, name and whether active."""
    query = (
        select(position, person.c.login, person.c.name, person.c.is_active)
        .join(person, person.c.key == position.c.person_key)
        .where(position.c.unit_key == unit_key)
    )
    return connection.execute(query.order_by(position.c.role, person.c.login)).all()


def deputies_for(connection: Connection, positions: Collection[int]) -> Sequence[AnyRow]:
    """Return who stands in, stood in or will stand in for these positions."""
    query = (
        select(deputy, person.c.login, person.c.name)
        .join(person, person.c.key == deputy.c.person_key)
        .where(deputy.c.position_key.in_(sorted(positions)))
    )
    return connection.execute(query.order_by(deputy.c.valid_from.desc(), deputy.c.key)).all()


def count_active(connection: Connection, role: str, on: date) -> int:
    """Count the active people who hold a role anywhere on a day."""
    query = (
        select(func.count(person.c.key.distinct()))
        .join(position, position.c.person_key == person.c.key)
        .where(person.c.is_active, position.c.role == role, position.c.valid_from <= on)
        .where(or_(position.c.valid_to.is_(None), position.c.valid_to >= on))
    )
    return connection.execute(query).scalar_one()


def insert_deputies(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Appoint deputies."""
    insert_rows(connection, deputy, rows)
    renew_version(connection, DIRECTORY_VERSION)


def end_positions(connection: Connection, keys: Collection[int], last_day: date) -> None:
    """Let positions and whoever stands in for them end with a day; what ended sooner stays so."""
    for table, column in ((position, position.c.key), (deputy, deputy.c.position_key)):
        _end(connection, table, column.in_(sorted(keys)), last_day)


def end_deputy(connection: Connection, key: int, last_day: date) -> bool:
    """Let somebody stop standing in with a day; False when there is no such appointment."""
    return _end(connection, deputy, deputy.c.key == key, last_day) > 0


def release_tasks_of(connection: Connection, person_key: int) -> int:
    """Give the open tasks a person has taken back to those they are offered to; count them."""
    taken = (user_task.c.assignee_key == person_key, user_task.c.state == "CREATED")
    result = connection.execute(
        update(user_task)
        .where(*taken)
        .values(assignee_key=None, assignee_login=None, version=user_task.c.version + 1)
    )
    return result.rowcount


def _end(connection: Connection, table: Table, which: ColumnElement[bool], last_day: date) -> int:
    ends = table.c.valid_to
    statement = update(table).where(which, or_(ends.is_(None), ends > last_day))
    result = connection.execute(statement.values(valid_to=last_day))
    renew_version(connection, DIRECTORY_VERSION)
    return result.rowcount
