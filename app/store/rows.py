"""Writing many rows in one statement, on both databases.

Statements are built once per table and kept: building one costs more than running it.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Executable, Table, bindparam, delete, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

Row = Mapping[str, Any]


def insert_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert `rows`, which all name the same columns; nothing happens for none."""
    if rows:
        connection.execute(_insert(table, connection.dialect.name), list(rows))


def insert_new_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert the rows that are not there yet."""
    if rows:
        connection.execute(_insert_new(table, connection.dialect.name), list(rows))


def upsert_rows(
    connection: Connection, table: Table, rows: Sequence[Row], *, change: Collection[str]
) -> None:
    """Insert `rows`; where the primary key is taken, set the columns `change` instead."""
    if rows:
        statement = _upsert(table, connection.dialect.name, tuple(change))
        connection.execute(statement, list(rows))


def update_row(connection: Connection, table: Table, key: int, changes: Row) -> None:
    """Set these columns of the row with that key; nothing happens for none."""
    if changes:
        statement = _update(table, tuple(sorted(changes)))
        connection.execute(statement, {"the_key": key, **changes})


def delete_rows(
    connection: Connection, table: Table, *, column: str, values: Collection[int]
) -> None:
    """Delete the rows whose `column` is one of `values`; nothing happens for none."""
    if values:
        connection.execute(_delete(table, column), {"the_values": sorted(values)})


def _plain_insert(table: Table, dialect: str) -> Any:
    return postgresql_insert(table) if dialect == "postgresql" else sqlite_insert(table)


def _in_one(statement: Any, table: Table, dialect: str) -> Any:
    """On PostgreSQL RETURNING lets the rows go as one INSERT … VALUES (…), (…), else one each."""
    return statement.returning(next(iter(table.c))) if dialect == "postgresql" else statement


@cache
def _insert(table: Table, dialect: str) -> Executable:
    statement: Executable = _in_one(_plain_insert(table, dialect), table, dialect)
    return statement


@cache
def _insert_new(table: Table, dialect: str) -> Executable:
    statement: Executable = _in_one(
        _plain_insert(table, dialect).on_conflict_do_nothing(), table, dialect
    )
    return statement


@cache
def _upsert(table: Table, dialect: str, change: tuple[str, ...]) -> Executable:
    insert = _plain_insert(table, dialect)
    statement: Executable = _in_one(
        insert.on_conflict_do_update(
            index_elements=list(table.primary_key),
            set_={name: insert.excluded[name] for name in change},
        ),
        table,
        dialect,
    )
    return statement


@cache
def _update(table: Table, names: tuple[str, ...]) -> Executable:
    return (
        update(table)
        .where(table.c.key == bindparam("the_key"))
        .values({name: bindparam(name) for name in names})
    )


@cache
def _delete(table: Table, column: str) -> Executable:
    return delete(table).where(table.c[column].in_(bindparam("the_values", expanding=True)))
