"""Rows of units: the tree of grid line, Party line and departments, and the shapes of grids."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import Connection, Row, select, update

from app.store.rows import insert_rows
from app.store.settings import DIRECTORY_VERSION, renew_version
from app.store.tables.organisation import unit

AnyRow: TypeAlias = Row[*tuple[Any, ...]]
_PLAIN = [column for column in unit.c if column.name != "polygon"]


def all_units(connection: Connection) -> Sequence[AnyRow]:
    """Return every unit without its polygon, closed ones too."""
    return connection.execute(select(*_PLAIN)).all()


def has_units(connection: Connection) -> bool:
    """Tell whether any unit has been made."""
    return connection.execute(select(unit.c.key).limit(1)).first() is not None


def polygons(connection: Connection, kinds: Iterable[str]) -> Sequence[AnyRow]:
    """Return key, code, kind, both names and polygon of the units of these kinds that have one."""
    shown = (unit.c.key, unit.c.code, unit.c.kind, unit.c.name, unit.c.name_zh, unit.c.polygon)
    query = select(*shown).where(unit.c.kind.in_(sorted(kinds)), unit.c.polygon.is_not(None))
    return connection.execute(query.where(unit.c.valid_to.is_(None)).order_by(unit.c.code)).all()


def insert_units(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add units, parents before children."""
    insert_rows(connection, unit, rows)
    renew_version(connection, DIRECTORY_VERSION)


def update_unit(connection: Connection, key: int, **values: Any) -> None:
    """Change columns of one unit."""
    connection.execute(update(unit).where(unit.c.key == key).values(**values))
    renew_version(connection, DIRECTORY_VERSION)
