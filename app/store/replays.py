"""What a replay asks of the database: how far it has come, what is open, how it stands."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, select

from app.store.tables.cases import cases
from app.store.tables.runtime import message_subscription, process_instance, user_task


@dataclass(frozen=True, slots=True)
class Counted:
    """How the cases of a source stand at an instant."""

    cases: int
    open: int
    overdue_open: int
    closed_in_time: int
    closed_late: int


def known(connection: Connection, source: str) -> dict[str, tuple[int, bool]]:
    """Return key and whether it is closed of every case of a source, by its number there."""
    rows = connection.execute(
        select(cases.c.source_ref, cases.c.key, cases.c.closed_at).where(cases.c.source == source)
    )
    return {row.source_ref: (row.key, row.closed_at is not None) for row in rows}


def open_tasks(connection: Connection, case_key: int) -> list[Any]:
    """Return key, element, version and offers of the open tasks of a case."""
    return list(connection.execute(_OPEN_TASKS, {"the_case": case_key}))


def waited_for(connection: Connection, case_key: int, names: Collection[str]) -> str | None:
    """Return the one of these messages that the case itself waits for; None when there is none."""
    values = {"the_case": case_key, "the_names": list(names)}
    return connection.execute(_WAITED_FOR, values).scalars().first()


def count(connection: Connection, source: str, *, now: datetime) -> Counted:
    """Count the cases of a source as they stand at `now`; without a limit closed is in time."""
    c = cases.c
    is_late = and_(c.closed_at.is_not(None), c.due_at.is_not(None), c.handled_at > c.due_at)
    row = connection.execute(
        select(
            func.count().label("cases"),
            func.count().filter(c.closed_at.is_(None)).label("open"),
            func.count()
            .filter(c.closed_at.is_(None), c.handled_at.is_(None), c.due_at < now)
            .label("overdue_open"),
            func.count().filter(c.closed_at.is_not(None)).label("closed"),
            func.count().filter(is_late).label("closed_late"),
        ).where(c.source == source)
    ).one()
    return Counted(
        cases=row.cases,
        open=row.open,
        overdue_open=row.overdue_open,
        closed_in_time=row.closed - row.closed_late,
        closed_late=row.closed_late,
    )


_OPEN_TASKS = (
    select(user_task.c.key, user_task.c.element_id, user_task.c.version, user_task.c.offered_to)
    .where(user_task.c.case_key == bindparam("the_case"), user_task.c.state == "CREATED")
    .order_by(user_task.c.key)
)
_WAITED_FOR = (
    select(message_subscription.c.message_name)
    .join(process_instance, process_instance.c.key == message_subscription.c.instance_key)
    .where(
        process_instance.c.case_key == bindparam("the_case"),
        process_instance.c.parent_key.is_(None),
        message_subscription.c.message_name.in_(bindparam("the_names", expanding=True)),
    )
)
