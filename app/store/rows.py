"""Writing many rows in one statement, on both databases.

Statements are built once per table and kept: building one costs more than running it.
"""

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import (
    Connection,
    Executable,
    Table,
    bindparam,
    column,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.sql import ClauseElement

from app.store import prepared
from app.store.columns import UtcDateTime
from app.store.prepared import Row

Change: TypeAlias = tuple[str, ...] | None
"""The columns to set where the primary key is taken: none of them leaves the row, None refuses."""
ROWS = "rows"


def insert_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert `rows`, which all name the same columns; nothing happens for none."""
    _write(connection, table, rows, None)


def insert_new_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert the rows that are not there yet."""
    _write(connection, table, rows, ())


def upsert_rows(
    connection: Connection, table: Table, rows: Sequence[Row], *, change: Collection[str]
) -> None:
    """Insert `rows`; where the primary key is taken, set the columns `change` instead."""
    _write(connection, table, rows, tuple(change))


def update_row(connection: Connection, table: Table, key: int, changes: Row) -> None:
    """Set these columns of the row with that key; nothing happens for none."""
    if changes:
        statement = _update(table, tuple(sorted(changes)))
        prepared.run(connection, statement, {"the_key": key, **changes})


def delete_rows(
    connection: Connection, table: Table, *, column: str, values: Collection[int]
) -> None:
    """Delete the rows whose `column` is one of `values`; nothing happens for none."""
    if len(values) == 1:
        prepared.run(connection, _delete_one(table, column), {"the_value": next(iter(values))})
    elif values:
        connection.execute(_delete(table, column), {"the_values": sorted(values)})


def _write(connection: Connection, table: Table, rows: Sequence[Row], change: Change) -> None:
    if not rows:
        return
    dialect = connection.dialect.name
    if len(rows) == 1:
        prepared.run(connection, _insert(table, dialect, change), rows[0])
    elif dialect == "postgresql":
        names = tuple(str(name) for name in rows[0])  # SQLAlchemy's own names are no plain texts
        _demand_zones(table, names, rows)
        document = [{name: row[name] for name in names} for row in rows]
        statement = _insert_document(table, names, change)
        prepared.run(connection, statement, {ROWS: document})
    else:
        prepared.run_each(connection, _insert(table, dialect, change), rows)


def _demand_zones(table: Table, names: tuple[str, ...], rows: Sequence[Row]) -> None:
    """Refuse what the type of the column refuses, as a document knows nothing of it."""
    for name in names:
        if isinstance(table.c[name].type, UtcDateTime):
            for row in rows:
                if row[name] is not None and row[name].tzinfo is None:
                    raise ValueError("an instant without a zone cannot be stored")


@cache
def _insert(table: Table, dialect: str, change: Change) -> ClauseElement:
    insert = postgresql_insert(table) if dialect == "postgresql" else sqlite_insert(table)
    return _unless_taken(insert, table, change)


@cache
def _insert_document(table: Table, names: tuple[str, ...], change: Change) -> ClauseElement:
    """On PostgreSQL many rows go as one JSON document: one value to bind, one text to plan."""
    given = (
        func.jsonb_to_recordset(bindparam(ROWS, type_=JSONB))
        .table_valued(*[column(name, table.c[name].type) for name in names])
        .render_derived("given", with_types=True)
    )
    insert = postgresql_insert(table).from_select(
        list(names), select(*[given.c[name] for name in names])
    )
    return _unless_taken(insert, table, change)


def _unless_taken(insert: Any, table: Table, change: Change) -> ClauseElement:
    statement: ClauseElement = insert
    if change:
        statement = insert.on_conflict_do_update(
            index_elements=list(table.primary_key),
            set_={name: insert.excluded[name] for name in change},
        )
    elif change is not None:
        statement = insert.on_conflict_do_nothing()
    return statement


@cache
def _update(table: Table, names: tuple[str, ...]) -> ClauseElement:
    return (
        update(table)
        .where(table.c.key == bindparam("the_key"))
        .values({name: bindparam(name, type_=table.c[name].type) for name in names})
    )


@cache
def _delete(table: Table, column: str) -> Executable:
    return delete(table).where(table.c[column].in_(bindparam("the_values", expanding=True)))


@cache
def _delete_one(table: Table, column: str) -> ClauseElement:
    return delete(table).where(table.c[column] == bindparam("the_value"))
