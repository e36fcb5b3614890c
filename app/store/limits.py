"""Rows of limits: the deadline ledger, and how each instant somebody waits for was counted.

`cases.counted` takes the counted ones at every step, `cases.recount` counts them again when the
calendar has changed; `cases.limit_lines` writes the ledger, `cases.limits_view` shows it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, func, or_, select, update

from app.store.rows import upsert_rows
from app.store.tables.cases import deadline_ledger
from app.store.tables.runtime import counted_limit, process_instance, user_task

MOST_ATTEMPTS = 5
FIRST_PAUSE = timedelta(seconds=10)
LAST_PAUSE = timedelta(days=1)
OF_CASE = 0
"""Stands for the case where a counted limit names who waits for it; `limit_name` says which."""
OF_WHISTLE = -1
"""Stands for the whistle of an instance: the departments have to be there."""


@dataclass(frozen=True, slots=True)
class CountedLimit:
    """A limit of a running instance: who waits for it, when it is over, on whose calendar."""

    instance_key: int
    element_key: int
    limit_name: str
    due_at: datetime
    limit_text: str
    counted_from: datetime
    unit_key: int | None
    is_provisional: bool


def forget(connection: Connection, instance_key: int) -> None:
    """Drop the limits of an instance that has ended."""
    connection.execute(_FORGET, {"the_instance": instance_key})


def of_instance(connection: Connection, instance_key: int) -> list[CountedLimit]:
    """Return the limits of one instance, the earliest first."""
    query = select(*_COLUMNS).where(counted_limit.c.instance_key == instance_key)
    rows = connection.execute(query.order_by(counted_limit.c.due_at, counted_limit.c.element_key))
    return [CountedLimit(*row) for row in rows]


def main_instance(connection: Connection, case_key: int) -> int | None:
    """Return the running instance of a case that began first; it keeps the case's own limit."""
    found: int | None = connection.execute(_MAIN, {"the_case": case_key}).scalar()
    return found


def outdated(
    connection: Connection, version: int, *, domain: str, now: datetime, after: int, limit: int
) -> list[CountedLimit]:
    """Return limits that were counted on another state of the calendar, by instance.

    `after` is the key of the last instance not to be returned again. Those that failed wait
    their pause.
    """
    may_be_tried = or_(counted_limit.c.retry_at.is_(None), counted_limit.c.retry_at <= now)
    query = (
        select(*_COLUMNS)
        .select_from(_RUNNING)
        .where(
            _OUTDATED,
            process_instance.c.clock_domain == domain,
            counted_limit.c.instance_key > after,
            may_be_tried,
        )
        .order_by(counted_limit.c.instance_key, counted_limit.c.due_at)
        .limit(limit)
    )
    rows = connection.execute(query, {"the_version": version})
    return [CountedLimit(*row) for row in rows]


def count_outdated(connection: Connection, version: int, *, domain: str) -> int:
    """Return how many limits of running instances are still to be counted again."""
    query = (
        select(func.count())
        .select_from(_RUNNING)
        .where(_OUTDATED, process_instance.c.clock_domain == domain)
    )
    return connection.execute(query, {"the_version": version}).scalar_one()


def confirm(connection: Connection, found: Sequence[CountedLimit], version: int) -> None:
    """Note that these limits are the same on the calendar's present state."""
    if found:
        connection.execute(
            _CONFIRM,
            [
                {
                    "the_instance": each.instance_key,
                    "the_element": each.element_key,
                    "the_name": each.limit_name,
                    "the_version": version,
                }
                for each in found
            ],
        )


def put_off(connection: Connection, instance_key: int, *, now: datetime) -> bool:
    """Let the limits of an instance that failed wait longer each time; True once: give it up."""
    here = counted_limit.c.instance_key == instance_key
    attempts = connection.execute(select(func.max(counted_limit.c.attempts)).where(here)).scalar()
    done = attempts or 0
    pause = LAST_PAUSE if done + 1 >= MOST_ATTEMPTS else FIRST_PAUSE * 2**done
    values = {"attempts": done + 1, "retry_at": now + pause}
    connection.execute(update(counted_limit).where(here).values(values))
    return done + 1 == MOST_ATTEMPTS


def mark_task(connection: Connection, task_key: int, *, is_provisional: bool) -> None:
    """Say of a task whether its due date is provisional."""
    here = user_task.c.key == task_key
    connection.execute(update(user_task).where(here).values(is_due_provisional=is_provisional))


def replace(connection: Connection, instance_key: int, rows: Sequence[Mapping[str, Any]]) -> None:
    """Put limits counted anew in the place of all that the instance had."""
    forget(connection, instance_key)
    upsert_rows(connection, counted_limit, rows, change=("due_at",))


def ledger(
    connection: Connection, case_key: int, *, is_of_case: bool = False
) -> list[dict[str, Any]]:
    """Return the lines of a case's ledger, in order; if asked so only those of the case itself."""
    statement = _LEDGER_OF_CASE if is_of_case else _LEDGER
    return [dict(row) for row in connection.execute(statement, {"the_case": case_key}).mappings()]


def due_tasks(connection: Connection, keys: Collection[int]) -> dict[int, Mapping[str, Any]]:
    """Return due date, its certainty and properties of those tasks that have one, by key."""
    rows = connection.execute(_DUE_TASKS, {"the_tasks": sorted(keys)}).mappings()
    return {row["key"]: dict(row) for row in rows}


_COLUMNS = [counted_limit.c[name] for name in CountedLimit.__dataclass_fields__]
_RUNNING = counted_limit.join(
    process_instance, process_instance.c.key == counted_limit.c.instance_key
)
_VERSION = bindparam("the_version", type_=counted_limit.c.calendar_version.type)
# Two ranges, so that an index over the version finds them.
_OUTDATED = or_(
    counted_limit.c.calendar_version < _VERSION, counted_limit.c.calendar_version > _VERSION
)
_FORGET = delete(counted_limit).where(counted_limit.c.instance_key == bindparam("the_instance"))
_HERE = and_(
    counted_limit.c.instance_key == bindparam("the_instance"),
    counted_limit.c.element_key == bindparam("the_element"),
    counted_limit.c.limit_name == bindparam("the_name"),
)
_CONFIRM = update(counted_limit).where(_HERE).values(calendar_version=_VERSION)
_LEDGER = (
    select(deadline_ledger)
    .where(deadline_ledger.c.case_key == bindparam("the_case"))
    .order_by(deadline_ledger.c.at, deadline_ledger.c.key)
)
_LEDGER_OF_CASE = _LEDGER.where(deadline_ledger.c.task_key.is_(None))
_DUE_TASKS = select(
    user_task.c.key, user_task.c.due_at, user_task.c.is_due_provisional, user_task.c.properties
).where(
    user_task.c.key.in_(bindparam("the_tasks", expanding=True)), user_task.c.due_at.is_not(None)
)
_MAIN = select(func.min(process_instance.c.key)).where(
    process_instance.c.case_key == bindparam("the_case"),
    process_instance.c.engine_state.is_not(None),
)
