"""What of a case's processes concerns its reporter: what they wait for, what was asked for already.

`cases.resident_waiting` asks; nothing here decides what a reporter may do.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, exists, func, select

from app.store.attachments import AttachmentRow
from app.store.tables.cases import attachment, submission
from app.store.tables.definitions import process_definition
from app.store.tables.runtime import (
    message,
    message_subscription,
    process_instance,
    user_task,
)


@dataclass(frozen=True, slots=True)
class Beside:
    """A process that a message began beside a case."""

    key: int
    state: str
    started_at: datetime


@dataclass(frozen=True, slots=True)
class OpenTask:
    """An open task as far as somebody has to be told of something."""

    key: int
    assignee_key: int | None
    offered_to: list[list[Any]]
    due_at: datetime | None


def waits_for(connection: Connection, number: str, names: Collection[str]) -> set[str]:
    """Return which of these messages some process of the case with this number waits for."""
    t = message_subscription
    rows = connection.execute(
        select(t.c.message_name).where(
            t.c.message_name.in_(sorted(names)), t.c.correlation_key == number
        )
    )
    return {row.message_name for row in rows}


def element_waiting(connection: Connection, number: str, name: str) -> str | None:
    """Return the element that waits for a message of the case with this number."""
    t = message_subscription.c
    found: str | None = connection.execute(
        select(t.element_id)
        .where(t.message_name == name, t.correlation_key == number)
        .order_by(t.key)
        .limit(1)
    ).scalar()
    return found


def kept_for(connection: Connection, case_key: int, name: str) -> datetime | None:
    """Return when a message was sent that is still kept for the case, None where none is."""
    found: datetime | None = connection.execute(
        select(message.c.published_at)
        .where(message.c.case_key == case_key, message.c.message_name == name)
        .limit(1)
    ).scalar()
    return found


def started_by(connection: Connection, case_key: int, name: str) -> list[Beside]:
    """Return the processes that this message has begun on a case, the first one first."""
    i, d = process_instance.c, process_definition.c
    rows = connection.execute(
        select(i.key, i.state, i.started_at)
        .join(process_definition, d.key == i.definition_key)
        .where(i.case_key == case_key, d.start_message == name)
        .order_by(i.key)
    )
    return [Beside(*row) for row in rows]


def is_running(connection: Connection, case_key: int) -> bool:
    """Tell whether any process of a case still runs."""
    i = process_instance.c
    here = exists().where(i.case_key == case_key, i.state == "ACTIVE")
    return bool(connection.execute(select(here)).scalar())


def first_instance(connection: Connection, case_key: int) -> int | None:
    """Return the process a case began with."""
    i = process_instance.c
    found: int | None = connection.execute(
        select(func.min(i.key)).where(i.case_key == case_key)
    ).scalar()
    return found


def open_tasks(
    connection: Connection, case_key: int, *, instance_key: int | None = None
) -> list[OpenTask]:
    """Return the open tasks of a case, or of one of its processes, what is due first on top."""
    t = user_task.c
    query = select(t.key, t.assignee_key, t.offered_to, t.due_at).where(
        t.case_key == case_key, t.state == "CREATED"
    )
    if instance_key is not None:
        query = query.where(t.instance_key == instance_key)
    return [OpenTask(*row) for row in connection.execute(query.order_by(t.due_at, t.key))]


def latest_answers(connection: Connection, case_key: int) -> dict[str, Any]:
    """Return the latest answers of every task of a case, by element."""
    rows = connection.execute(
        select(submission.c.element_id, submission.c.answers)
        .where(submission.c.case_key == case_key, submission.c.task_key.is_not(None))
        .order_by(submission.c.at, submission.c.key)
    )
    return {row.element_id: row.answers for row in rows}


def task_photos(connection: Connection, case_key: int, kind: str) -> list[AttachmentRow]:
    """Return the files of a kind that were uploaded at completed tasks of a case."""
    a = attachment.c
    done = select(user_task.c.key).where(
        user_task.c.case_key == case_key, user_task.c.state == "COMPLETED"
    )
    names = AttachmentRow.__dataclass_fields__
    rows = connection.execute(
        select(*(a[name] for name in names))
        .where(a.task_key.in_(done), a.kind == kind, a.visibility != "internal")
        .order_by(a.key)
    )
    return [AttachmentRow(*row) for row in rows]
