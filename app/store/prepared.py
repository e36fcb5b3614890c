"""Statements that change rows, compiled once and then run as the drivers want them.

SQLAlchemy looks up, copies and binds anew at every run, which costs more than the statement itself;
here that is done once per statement. For the rooms of the store only, and for statements that give
no rows back.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from sqlalchemy import Connection, CursorResult, Dialect
from sqlalchemy.sql import ClauseElement
from sqlalchemy.types import TypeEngine

from app.store.columns import UtcDateTime

Row: TypeAlias = Mapping[str, Any]
Binder: TypeAlias = Callable[[Any], Any] | None
KEPT_INSTANTS = 1_024


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A statement's text, and its parameters in order with what turns a value into the driver's."""

    text: str
    is_positional: bool
    binders: tuple[tuple[str, Binder], ...]

    def bound(self, row: Row) -> Any:
        """Return a row's values as the driver takes them."""
        if self.is_positional:
            return tuple(
                [row[name] if bind is None else bind(row[name]) for name, bind in self.binders]
            )
        return {name: row[name] if bind is None else bind(row[name]) for name, bind in self.binders}


def run(connection: Connection, statement: ClauseElement, row: Row) -> CursorResult[Any]:
    """Run a statement with the values of one row; those that have no place in it are left out."""
    prepared = _prepared(connection.dialect, statement, tuple(row))
    return connection.exec_driver_sql(prepared.text, prepared.bound(row))


def run_each(connection: Connection, statement: ClauseElement, rows: Sequence[Row]) -> None:
    """Run a statement once for each of some rows, which all name the same columns."""
    prepared = _prepared(connection.dialect, statement, tuple(rows[0]))
    connection.exec_driver_sql(prepared.text, [prepared.bound(row) for row in rows])


_kept: dict[tuple[ClauseElement, str, tuple[str, ...]], _Prepared] = {}


def _prepared(dialect: Dialect, statement: ClauseElement, names: tuple[str, ...]) -> _Prepared:
    address = (statement, dialect.name, names)
    found = _kept.get(address)
    if found is None:
        found = _kept[address] = _compiled(dialect, statement, names)
    return found


def _compiled(dialect: Dialect, statement: ClauseElement, names: tuple[str, ...]) -> _Prepared:
    compiled: Any = statement.compile(dialect=dialect, column_keys=list(names))
    order = compiled.positiontup if compiled.positional else list(compiled.binds)
    return _Prepared(
        text=compiled.string,
        is_positional=compiled.positional,
        binders=tuple((name, _binder(compiled.binds[name].type, dialect)) for name in order),
    )


def _binder(kind: TypeEngine[Any], dialect: Dialect) -> Binder:
    bind = kind.dialect_impl(dialect).bind_processor(dialect)
    if bind is not None and isinstance(kind, UtcDateTime):
        # The rows of a step share their instant.
        return lru_cache(maxsize=KEPT_INSTANTS)(bind)
    return bind
