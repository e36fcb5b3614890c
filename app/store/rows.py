"""Writing many rows in one statement, on both databases."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, delete
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

Row = Mapping[str, Any]


def insert_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert `rows`, which all name the same columns; nothing happens for none."""
    if rows:
        _execute(connection, _insert(connection, table), table, rows)


def insert_new_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert the rows that are not there yet."""
    if rows:
        _execute(connection, _insert(connection, table).on_conflict_do_nothing(), table, rows)


def upsert_rows(
    connection: Connection, table: Table, rows: Sequence[Row], *, change: Collection[str]
) -> None:
    """Insert `rows`; where the primary key is taken, set the columns `change` instead."""
    if not rows:
        return
    statement = _insert(connection, table)
    statement = statement.on_conflict_do_update(
        index_elements=list(table.primary_key),
        set_={name: statement.excluded[name] for name in change},
    )
    _execute(connection, statement, table, rows)


def delete_rows(
    connection: Connection, table: Table, *, column: str, values: Collection[int]
) -> None:
    """Delete the rows whose `column` is one of `values`; nothing happens for none."""
    if values:
        connection.execute(delete(table).where(table.c[column].in_(sorted(values))))


def _insert(connection: Connection, table: Table) -> Any:
    if connection.dialect.name == "postgresql":
        return postgresql_insert(table)
    return sqlite_insert(table)


def _execute(connection: Connection, statement: Any, table: Table, rows: Sequence[Row]) -> None:
    if connection.dialect.name == "postgresql":
        # With RETURNING the rows go as one INSERT … VALUES (…), (…); without, as one each.
        statement = statement.returning(next(iter(table.c)))
    connection.execute(statement, list(rows))
