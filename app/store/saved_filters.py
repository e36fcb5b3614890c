"""Rows of saved filters: each a person's own, by page and name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, select, update

from app.json_types import JsonObject
from app.store.rows import insert_rows
from app.store.tables.together import saved_filter


@dataclass(frozen=True, slots=True)
class FilterRow:
    """A list as somebody wants to see it again; `query` is the page's address."""

    key: int
    page: str
    name: str
    query: JsonObject
    is_default: bool


_COLUMNS = tuple(saved_filter.c[name] for name in FilterRow.__dataclass_fields__)


def of_person(connection: Connection, person_key: int, page: str) -> list[FilterRow]:
    """Return a person's filters of a page in the order in which they were made."""
    query = (
        select(*_COLUMNS)
        .where(saved_filter.c.person_key == person_key, saved_filter.c.page == page)
        .order_by(saved_filter.c.created_at, saved_filter.c.key)
    )
    return [FilterRow(*row) for row in connection.execute(query)]


def find(connection: Connection, person_key: int, key: int) -> FilterRow | None:
    """Return one of a person's own filters."""
    query = select(*_COLUMNS).where(
        saved_filter.c.key == key, saved_filter.c.person_key == person_key
    )
    row = connection.execute(query).first()
    return None if row is None else FilterRow(*row)


def insert(connection: Connection, values: Mapping[str, Any]) -> None:
    """Keep a filter."""
    insert_rows(connection, saved_filter, [values])


def replace(connection: Connection, key: int, query: JsonObject) -> None:
    """Let a filter find something else."""
    connection.execute(update(saved_filter).where(saved_filter.c.key == key).values(query=query))


def remove(connection: Connection, key: int) -> None:
    """Drop a filter."""
    connection.execute(delete(saved_filter).where(saved_filter.c.key == key))


def set_default(connection: Connection, person_key: int, page: str, key: int | None) -> None:
    """Let a page open with a filter, with none for None."""
    own = (saved_filter.c.person_key == person_key, saved_filter.c.page == page)
    statement = update(saved_filter).where(*own, saved_filter.c.is_default)
    connection.execute(statement.values(is_default=False))
    if key is not None:
        connection.execute(
            update(saved_filter).where(*own, saved_filter.c.key == key).values(is_default=True)
        )
