"""Rows of user tasks that change without a step of their process: claim, release, draft."""

from datetime import datetime

from sqlalchemy import Connection, update

from app.json_types import JsonObject
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
