"""Rebuilds under which units open tasks and cases are found, after a unit was hung elsewhere.

Both tables hold one row for each unit a task or case belongs to and each unit above it. Closed
cases stay where they were: they keep the path as of then.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import Connection, Table, bindparam, delete, select

from app.store.rows import insert_new_rows, insert_rows
from app.store.tables.cases import case_unit
from app.store.tables.runtime import task_unit

CHUNK = 500
Ancestors: TypeAlias = Callable[[int], Iterable[int]]


def rehang(connection: Connection, unit_key: int, *, before: Ancestors, after: Ancestors) -> None:
    """Rebuild the rows of everything open under a moved unit.

    `before` and `after` return the keys above a unit and its own, in the old and the new tree.
    """
    tasks = select(task_unit.c.task_key).where(task_unit.c.unit_key == unit_key)
    keys = sorted(set(connection.scalars(tasks)))
    for chunk in _chunks(keys):
        _rehang_tasks(connection, chunk, before, after)
    cases = select(case_unit.c.case_key).where(
        case_unit.c.unit_key == unit_key, case_unit.c.is_open
    )
    for chunk in _chunks(sorted(connection.scalars(cases))):
        _rehang_cases(connection, chunk, before, after)


def _rehang_tasks(
    connection: Connection, keys: Sequence[int], before: Ancestors, after: Ancestors
) -> None:
    gone, new = [], []
    for key, rows in _by_key(connection, task_unit, "task_key", keys).items():
        found = {row["unit_key"] for row in rows if not row["role"]}
        offered = {row["unit_key"] for row in rows if row["role"]}
        wanted = _above(_lowest(found, before) | offered, after)
        gone += [{"of": key, "under": unit_key} for unit_key in found - wanted]
        new += [{**rows[0], "role": "", "unit_key": unit_key} for unit_key in wanted - found]
    stale = delete(task_unit).where(task_unit.c.role == "", *_this(task_unit, "task_key"))
    if gone:
        connection.execute(stale, gone)
    insert_rows(connection, task_unit, new)


def _rehang_cases(
    connection: Connection, keys: Sequence[int], before: Ancestors, after: Ancestors
) -> None:
    gone, new = [], []
    for key, rows in _by_key(connection, case_unit, "case_key", keys).items():
        found = {row["unit_key"] for row in rows}
        wanted = _above(_lowest(found, before), after)
        gone += [{"of": key, "under": unit_key} for unit_key in found - wanted]
        new += [{**rows[0], "unit_key": unit_key} for unit_key in wanted - found]
    if gone:
        connection.execute(delete(case_unit).where(*_this(case_unit, "case_key")), gone)
    insert_new_rows(connection, case_unit, new)


def _by_key(
    connection: Connection, table: Table, column: str, keys: Sequence[int]
) -> Mapping[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    for row in connection.execute(select(table).where(table.c[column].in_(keys))).mappings():
        found.setdefault(row[column], []).append(dict(row))
    return found


def _this(table: Table, column: str) -> tuple[Any, Any]:
    return table.c[column] == bindparam("of"), table.c.unit_key == bindparam("under")


def _lowest(units: set[int], ancestors: Ancestors) -> set[int]:
    """Leave out the units that are there only because they stand above another one."""
    above = {key for unit_key in units for key in ancestors(unit_key) if key != unit_key}
    return units - above


def _above(units: Iterable[int], ancestors: Ancestors) -> set[int]:
    return {key for unit_key in units for key in ancestors(unit_key)}


def _chunks(keys: Sequence[int]) -> Iterable[Sequence[int]]:
    for start in range(0, len(keys), CHUNK):
        yield keys[start : start + CHUNK]
