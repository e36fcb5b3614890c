"""Rows of handovers: which task went from whose hands into whose, and whether it may come back."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, select, update

from app.store.rows import insert_rows
from app.store.scope import Scope
from app.store.tables.organisation import person
from app.store.tables.runtime import user_task
from app.store.tables.together import handover


@dataclass(frozen=True, slots=True)
class HandoverRow:
    """A task that changed hands; `ended_at` when it came back."""

    key: int
    task_key: int
    kind: str
    from_key: int | None
    to_key: int
    by_key: int
    reason: str | None
    at: datetime
    ended_at: datetime | None


_COLUMNS = tuple(handover.c[name] for name in HandoverRow.__dataclass_fields__)


def insert(connection: Connection, values: Mapping[str, Any]) -> None:
    """Keep a handover."""
    insert_rows(connection, handover, [values])


def latest(connection: Connection, task_key: int) -> HandoverRow | None:
    """Return the last time a task changed hands and has not come back since."""
    query = (
        select(*_COLUMNS)
        .where(handover.c.task_key == task_key, handover.c.ended_at.is_(None))
        .order_by(handover.c.at.desc(), handover.c.key.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    return None if row is None else HandoverRow(*row)


def end(connection: Connection, key: int, *, now: datetime) -> None:
    """Note that a task came back."""
    connection.execute(update(handover).where(handover.c.key == key).values(ended_at=now))


def reasons(connection: Connection, keys: Collection[int]) -> dict[int, str]:
    """Return why tasks changed hands, by handover; nothing is asked for none."""
    if not keys:
        return {}
    query = select(handover.c.key, handover.c.reason).where(
        handover.c.key.in_(sorted(keys)), handover.c.reason.is_not(None)
    )
    return {row.key: row.reason for row in connection.execute(query)}


def is_passed_on(scope: Scope) -> ColumnElement[bool]:
    """Return the condition on `user_task`: the person passed it on and may take it back."""
    passed = (
        select(handover.c.task_key)
        .where(
            handover.c.from_key == scope.person_key,
            handover.c.kind != "reassigned",
            handover.c.ended_at.is_(None),
            handover.c.to_key == user_task.c.assignee_key,
        )
        .correlate(user_task)
    )
    return and_(user_task.c.state == "CREATED", user_task.c.key.in_(passed))


def loads(connection: Connection, person_keys: Collection[int]) -> dict[int, int]:
    """Return how many open tasks each of these people has."""
    query = (
        select(user_task.c.assignee_key, func.count())
        .where(user_task.c.assignee_key.in_(sorted(person_keys)), user_task.c.state == "CREATED")
        .group_by(user_task.c.assignee_key)
    )
    return {row[0]: int(row[1]) for row in connection.execute(query)}


def active(connection: Connection, person_keys: Collection[int]) -> dict[int, tuple[str, str]]:
    """Return login and name of those of these people whose account is open."""
    query = select(person.c.key, person.c.login, person.c.name).where(
        person.c.key.in_(sorted(person_keys)), person.c.is_active
    )
    return {row.key: (row.login, row.name) for row in connection.execute(query)}
