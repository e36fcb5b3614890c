"""Rows of units: the tree of grid line, Party line and departments, and the shapes of grids."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import Connection, Row, func, literal, select, update

from app.store.rows import insert_rows
from app.store.settings import DIRECTORY_VERSION, renew_version
from app.store.tables.organisation import unit
from app.store.tables.runtime import task_unit

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


def polygon_of(connection: Connection, key: int) -> Any:
    """Return the polygon of a unit as GeoJSON, None where it has none."""
    return connection.execute(select(unit.c.polygon).where(unit.c.key == key)).scalar()


def move_subtree(connection: Connection, old_path: str, new_path: str, parent_key: int) -> None:
    """Hang a unit and everything under it elsewhere."""
    tail = func.substr(unit.c.path, len(old_path) + 1)
    under = unit.c.path.like(old_path + "%")
    connection.execute(update(unit).where(under).values(path=literal(new_path) + tail))
    update_unit(connection, keys_in(new_path)[-1], parent_key=parent_key)


def count_offers(connection: Connection, unit_key: int) -> int:
    """Count the open tasks offered to somebody in this unit itself."""
    query = select(func.count(task_unit.c.task_key.distinct())).where(
        task_unit.c.unit_key == unit_key, task_unit.c.role != ""
    )
    return connection.execute(query).scalar_one()


def count_open_tasks(connection: Connection, unit_key: int) -> int:
    """Count the open tasks found under a unit."""
    query = select(func.count()).where(task_unit.c.unit_key == unit_key, task_unit.c.role == "")
    return connection.execute(query).scalar_one()


def keys_in(path: str) -> tuple[int, ...]:
    """Return the keys a path names, root first."""
    return tuple(int(part) for part in path.split("/") if part)
