"""Rows of process instances and elements: the lock, the load and the versioned save.

Every change of a case begins with one of the two locks here, which read the instance, its case and
(for a task) the task in the one statement that locks them, so that nothing read is older than the
lock. Locks are always taken in the order case, instance, task: whoever has the case has all of its
instances, and may change several of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, Label, Select, bindparam, func, select, update

from app.store.rows import insert_rows
from app.store.settings import CALENDAR_VERSION, DIRECTORY_VERSION, versions_subquery
from app.store.tables.cases import cases
from app.store.tables.runtime import process_instance, user_task


@dataclass(frozen=True, slots=True)
class Locked:
    """An instance under the lock: its row, its case's row, the task's row where one was named.

    The two versions tell whether the snapshots of directory and calendar at hand are current.
    """

    key: int
    definition_key: int
    state: str
    version: int
    engine_state: bytes | None
    clock_domain: str
    case: Mapping[str, Any]
    task: Mapping[str, Any] | None
    directory_version: int
    calendar_version: int


@dataclass(frozen=True, slots=True)
class LockedCase:
    """A case under the lock, with the versions of directory and calendar."""

    case: Mapping[str, Any]
    directory_version: int
    calendar_version: int


def lock_for_task(connection: Connection, task_key: int) -> Locked | None:
    """Lock the case, instance and row of a task and read them; None when there is no such task."""
    return _locked(connection, _LOCK_FOR_TASK, task_key)


def lock(connection: Connection, instance_key: int, *, skips_locked: bool = False) -> Locked | None:
    """Lock a case and an instance of it and read them.

    None when there is no such instance or, with `skips_locked`, somebody else has it just now.
    """
    return _locked(connection, _LOCK_OR_SKIP if skips_locked else _LOCK, instance_key)


def lock_case(connection: Connection, case_key: int) -> LockedCase | None:
    """Lock a case and read it, for a process that is about to begin beside it."""
    row = connection.execute(_LOCK_CASE, {"the_key": case_key}).first()
    if row is None:
        return None
    *case, directory_version, calendar_version = row
    return LockedCase(
        case=dict(zip(_CASE_NAMES, case, strict=True)),
        directory_version=directory_version,
        calendar_version=calendar_version,
    )


@dataclass(frozen=True, slots=True)
class Running:
    """An instance that has not ended, as it was left."""

    key: int
    definition_key: int
    state: str
    version: int
    engine_state: bytes


def running(connection: Connection, case_key: int) -> list[Running]:
    """Return the instances of a locked case that have not ended, the oldest first."""
    rows = connection.execute(_RUNNING, {"the_key": case_key})
    return [Running(*row[:-1], engine_state=bytes(row.engine_state)) for row in rows]


def first_of(connection: Connection, case_key: int) -> int | None:
    """Return the instance a case began with, whether it has ended or not."""
    query = select(func.min(process_instance.c.key)).where(process_instance.c.case_key == case_key)
    found: int | None = connection.execute(query).scalar()
    return found


def insert_instance(connection: Connection, values: Mapping[str, Any]) -> None:
    """Keep a new instance, at version 1."""
    insert_rows(connection, process_instance, [{"version": 1, **values}])


def save(
    connection: Connection,
    key: int,
    *,
    seen_version: int,
    engine_state: bytes | None,
    state: str,
    ended_at: datetime | None,
) -> bool:
    """Keep the instance's new state at the next version; False when somebody else has done so."""
    result = connection.execute(
        _SAVE,
        {
            "the_key": key,
            "the_version": seen_version,
            "version": seen_version + 1,
            "engine_state": engine_state,
            "state": state,
            "ended_at": ended_at,
        },
    )
    return result.rowcount == 1


@dataclass(frozen=True, slots=True)
class Versions:
    """Which state of directory and calendar is current; it rises with every change."""

    directory: int
    calendar: int


def versions(connection: Connection) -> Versions:
    """Return the current versions, for work that begins without an instance to lock."""
    directory, calendar = connection.execute(_VERSIONS).one()
    return Versions(directory, calendar)


def _versions() -> tuple[Label[int], Label[int]]:
    return versions_subquery(DIRECTORY_VERSION), versions_subquery(CALENDAR_VERSION)


_INSTANCE = [
    process_instance.c[name].label(f"instance_{name}")
    for name in ("key", "definition_key", "state", "version", "engine_state", "clock_domain")
]
_CASE = [column.label(f"case_{column.name}") for column in cases.c]
_TASK = [column.label(f"task_{column.name}") for column in user_task.c]
_CASE_NAMES = [column.name for column in cases.c]
_TASK_NAMES = [column.name for column in user_task.c]
_AFTER_INSTANCE = len(_INSTANCE)
_AFTER_CASE = _AFTER_INSTANCE + len(_CASE)


_RUNNING = (
    select(
        process_instance.c.key,
        process_instance.c.definition_key,
        process_instance.c.state,
        process_instance.c.version,
        process_instance.c.engine_state,
    )
    .where(process_instance.c.case_key == bindparam("the_key"))
    .where(process_instance.c.engine_state.is_not(None))
    .order_by(process_instance.c.key)
)


def _query(tables: list[Any]) -> Select[Any]:
    columns = [*_INSTANCE, *_CASE, *(_TASK if tables else []), *_versions()]
    return (
        select(*columns)
        .select_from(process_instance)
        .join(cases, cases.c.key == process_instance.c.case_key)
    )


_KEY: BindParameter[int] = bindparam("the_key")
_VERSIONS = select(*_versions())
_LOCK_FOR_TASK = (
    _query([user_task])
    .join(user_task, user_task.c.instance_key == process_instance.c.key)
    .where(user_task.c.key == _KEY)
    .with_for_update(of=[cases, process_instance, user_task])
)
_LOCK = (
    _query([]).where(process_instance.c.key == _KEY).with_for_update(of=[cases, process_instance])
)
_LOCK_OR_SKIP = (
    _query([])
    .where(process_instance.c.key == _KEY)
    .with_for_update(of=[cases, process_instance], skip_locked=True)
)
_LOCK_CASE = select(*_CASE, *_versions()).where(cases.c.key == _KEY).with_for_update(of=[cases])
_SAVE = (
    update(process_instance)
    .where(process_instance.c.key == _KEY, process_instance.c.version == bindparam("the_version"))
    .values(
        {
            name: bindparam(name, type_=process_instance.c[name].type)
            for name in ("version", "engine_state", "state", "ended_at")
        }
    )
)


def _locked(connection: Connection, query: Select[Any], key: int) -> Locked | None:
    row = connection.execute(query, {"the_key": key}).first()
    if row is None:
        return None
    *found, directory_version, calendar_version = row
    key, definition_key, state, version, engine_state, clock_domain = found[:_AFTER_INSTANCE]
    task = found[_AFTER_CASE:]
    return Locked(
        key=key,
        definition_key=definition_key,
        state=state,
        version=version,
        engine_state=None if engine_state is None else bytes(engine_state),
        clock_domain=clock_domain,
        case=dict(zip(_CASE_NAMES, found[_AFTER_INSTANCE:_AFTER_CASE], strict=True)),
        task=dict(zip(_TASK_NAMES, task, strict=True)) if task else None,
        directory_version=directory_version,
        calendar_version=calendar_version,
    )
