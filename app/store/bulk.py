"""Rows of work done in bulk: what was done to each task, so that it can be undone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update

from app.json_types import JsonObject
from app.store.rows import insert_rows, upsert_rows
from app.store.tables.cases import cases
from app.store.tables.runtime import process_instance, user_task
from app.store.tables.together import bulk_action, bulk_item


@dataclass(frozen=True, slots=True)
class ActionRow:
    """A bulk action: whose, which, to whom, when, and whether it was undone."""

    key: int
    person_key: int
    kind: str
    to_key: int | None
    reason: str | None
    at: datetime
    undone_at: datetime | None


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A task of a bulk action with its case, to be told in words."""

    task_key: int
    state: str
    version: int | None
    previous_key: int | None
    failure: JsonObject | None
    case_key: int
    number: str
    definition_key: int
    element_id: str
    name: str | None


def insert(connection: Connection, values: Mapping[str, Any]) -> None:
    """Keep a bulk action before its first task is touched."""
    insert_rows(connection, bulk_action, [values])


def note(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep what became of tasks; a task noted before is noted anew."""
    upsert_rows(connection, bulk_item, rows, change=("state", "version", "previous_key", "failure"))


def lock(connection: Connection, key: int) -> ActionRow | None:
    """Lock an action, so that it is undone once."""
    return _action(connection, key, is_locked=True)


def find(connection: Connection, key: int) -> ActionRow | None:
    """Return an action."""
    return _action(connection, key, is_locked=False)


def items(connection: Connection, key: int) -> list[ItemRow]:
    """Return the tasks of an action with their cases."""
    i, t = bulk_item.c, user_task.c
    columns: list[Any] = [
        *(i.task_key, i.state, i.version, i.previous_key, i.failure),
        *(t.case_key, cases.c.number, process_instance.c.definition_key, t.element_id, t.name),
    ]
    query = (
        select(*columns)
        .select_from(bulk_item)
        .join(user_task, t.key == i.task_key)
        .join(cases, cases.c.key == t.case_key)
        .join(process_instance, process_instance.c.key == t.instance_key)
        .where(i.action_key == key)
        .order_by(cases.c.number, i.task_key)
    )
    return [ItemRow(*row) for row in connection.execute(query)]


def counts(connection: Connection, key: int) -> dict[str, int]:
    """Return how many tasks of an action are in each state."""
    state = bulk_item.c.state
    query = select(state, func.count()).where(bulk_item.c.action_key == key).group_by(state)
    return {name: int(number) for name, number in connection.execute(query)}


def next_of(connection: Connection, key: int, state: str) -> tuple[int, int] | None:
    """Return key and seen version of the oldest task of an action that is in a state."""
    i = bulk_item.c
    query = select(i.task_key, i.version).where(i.action_key == key, i.state == state)
    row = connection.execute(query.order_by(i.task_key).limit(1)).first()
    return None if row is None else (row.task_key, row.version)


def state_of(connection: Connection, key: int, task_key: int) -> str | None:
    """Return the state of a task of an action; None where it is none of them."""
    i = bulk_item.c
    query = select(i.state).where(i.action_key == key, i.task_key == task_key)
    found: str | None = connection.execute(query).scalar()
    return found


def mark_undone(connection: Connection, key: int, *, now: datetime) -> None:
    """Note that an action was undone."""
    connection.execute(update(bulk_action).where(bulk_action.c.key == key).values(undone_at=now))


def existing(connection: Connection, task_keys: Sequence[int]) -> set[int]:
    """Return which of these tasks there are."""
    query = select(user_task.c.key).where(user_task.c.key.in_(sorted(set(task_keys))))
    return set(connection.execute(query).scalars())


def _action(connection: Connection, key: int, *, is_locked: bool) -> ActionRow | None:
    columns = [bulk_action.c[name] for name in ActionRow.__dataclass_fields__]
    query = select(*columns).where(bulk_action.c.key == key)
    row = connection.execute(query.with_for_update() if is_locked else query).first()
    return None if row is None else ActionRow(*row)
