"""Rows of user tasks that change without a step of their process: claim, release, draft."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from app.json_types import JsonObject
from app.store.tables.cases import cases
from app.store.tables.runtime import user_task


def assign(
    connection: Connection, task_key: int, *, person_key: int | None, login: str | None
) -> None:
    """Give a task whose row is locked to a person, or back to those it is offered to."""
    connection.execute(
        update(user_task)
        .where(user_task.c.key == task_key)
        .values(assignee_key=person_key, assignee_login=login, version=user_task.c.version + 1)
    )


def keep_draft(
    connection: Connection, task_key: int, *, person_key: int, draft: JsonObject, now: datetime
) -> bool:
    """Keep what its assignee has typed so far; False when the task is not theirs to fill in."""
    result = connection.execute(
        update(user_task)
        .where(
            user_task.c.key == task_key,
            user_task.c.state == "CREATED",
            user_task.c.assignee_key == person_key,
        )
        .values(draft=draft, draft_at=now)
    )
    return result.rowcount == 1


def open_at(connection: Connection, case_key: int, element_id: str) -> int | None:
    """Return the open task of a case at a step; None where it does not wait there."""
    query = select(user_task.c.key).where(
        user_task.c.case_key == case_key,
        user_task.c.state == "CREATED",
        user_task.c.element_id == element_id,
    )
    return connection.execute(query.order_by(user_task.c.key)).scalars().first()


def assignees(connection: Connection, task_keys: Sequence[int]) -> dict[int, int]:
    """Return who has taken which of these tasks; those nobody has are left out."""
    query = select(user_task.c.key, user_task.c.assignee_key).where(
        user_task.c.key.in_(task_keys), user_task.c.assignee_key.is_not(None)
    )
    return {row.key: row.assignee_key for row in connection.execute(query)}


def secrecy_of(connection: Connection, task_key: int) -> dict[str, Any] | None:
    """Return key, number and confidentiality of the case of a task; None where it has none."""
    query = _SECRECY.join(user_task, user_task.c.case_key == cases.c.key)
    row = connection.execute(query.where(user_task.c.key == task_key)).mappings().first()
    return None if row is None else dict(row)


def secrecy(connection: Connection, case_key: int) -> dict[str, Any] | None:
    """Return the same of a case."""
    row = connection.execute(_SECRECY.where(cases.c.key == case_key)).mappings().first()
    return None if row is None else dict(row)


_SECRECY = select(cases.c.key, cases.c.number, cases.c.is_confidential)
