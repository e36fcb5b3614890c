"""Writes everything one step of an instance leaves behind, in one order and in few statements.

`cases.journal.record` fills a `Projection` and is the only caller; each list becomes at most one
statement, an empty one none.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, update

from app.store.rows import (
    delete_rows,
    insert_new_rows,
    insert_rows,
    update_row,
    upsert_rows,
)
from app.store.tables.cases import (
    case_search,
    case_unit,
    cases,
    deadline_ledger,
    fact_change,
    journal,
    remark,
    reporter,
    submission,
)
from app.store.tables.delivery import notice, outbox
from app.store.tables.evaluations import evaluation
from app.store.tables.runtime import (
    counted_limit,
    element_instance,
    job,
    message,
    message_subscription,
    task_unit,
    timer,
    user_task,
)
from app.store.tables.whistles import whistle, whistle_report

Rows = list[dict[str, Any]]
LIMIT_COLUMNS = tuple(c.name for c in counted_limit.c if not c.primary_key)
"""What is written anew where a timer or the case waits for another instant than before."""
WHISTLE_COLUMNS = tuple(c.name for c in whistle.c if not c.primary_key)
REPORT_COLUMNS = tuple(c.name for c in whistle_report.c if not c.primary_key)


@dataclass(slots=True)
class Projection:
    """Rows to write, by table; `…_gone` names rows to delete. A list's rows share their columns."""

    reporters: Rows = field(default_factory=list)
    search: Rows = field(default_factory=list)
    tasks: Rows = field(default_factory=list)
    task_units: Rows = field(default_factory=list)
    tasks_gone: set[int] = field(default_factory=set)
    timers: Rows = field(default_factory=list)
    timers_gone: list[tuple[int, datetime]] = field(default_factory=list)
    subscriptions: Rows = field(default_factory=list)
    subscriptions_gone: set[int] = field(default_factory=set)
    jobs: Rows = field(default_factory=list)
    elements: Rows = field(default_factory=list)
    submissions: Rows = field(default_factory=list)
    fact_changes: Rows = field(default_factory=list)
    ledger: Rows = field(default_factory=list)
    evaluations: Rows = field(default_factory=list)
    whistles: Rows = field(default_factory=list)
    whistle_reports: Rows = field(default_factory=list)
    journal: Rows = field(default_factory=list)
    remarks: Rows = field(default_factory=list)
    notices: Rows = field(default_factory=list)
    outbox: Rows = field(default_factory=list)
    messages: Rows = field(default_factory=list)
    case_units: Rows = field(default_factory=list)
    rescheduled: Rows = field(default_factory=list)
    limits: Rows = field(default_factory=list)


def write(connection: Connection, rows: Projection) -> None:
    """Write all rows; the instance and the case they refer to are there already."""
    insert_rows(connection, reporter, rows.reporters)
    insert_rows(connection, case_search, rows.search)
    upsert_rows(connection, element_instance, rows.elements, change=("state", "ended_at"))
    upsert_rows(
        connection,
        user_task,
        rows.tasks,
        change=("state", "completed_at", "completed_by", "draft", "draft_at"),
    )
    delete_rows(connection, task_unit, column="task_key", values=rows.tasks_gone)
    insert_rows(connection, task_unit, rows.task_units)
    _delete_timers(connection, rows.timers_gone)
    insert_new_rows(connection, timer, rows.timers)
    delete_rows(
        connection, message_subscription, column="element_key", values=rows.subscriptions_gone
    )
    insert_rows(connection, message_subscription, rows.subscriptions)
    upsert_rows(connection, job, rows.jobs, change=("state", "ended_at"))
    insert_rows(connection, submission, rows.submissions)
    insert_rows(connection, fact_change, rows.fact_changes)
    insert_rows(connection, deadline_ledger, rows.ledger)
    insert_rows(connection, evaluation, rows.evaluations)
    upsert_rows(connection, whistle, rows.whistles, change=WHISTLE_COLUMNS)
    upsert_rows(connection, whistle_report, rows.whistle_reports, change=REPORT_COLUMNS)
    insert_rows(connection, journal, rows.journal)
    insert_rows(connection, remark, rows.remarks)
    insert_rows(connection, notice, rows.notices)
    insert_rows(connection, outbox, rows.outbox)
    insert_rows(connection, message, rows.messages)
    upsert_rows(connection, case_unit, rows.case_units, change=("is_open",))
    upsert_rows(connection, counted_limit, rows.limits, change=LIMIT_COLUMNS)
    _reschedule_tasks(connection, rows.rescheduled)


def insert_case(connection: Connection, row: Mapping[str, Any]) -> None:
    """Keep a new case."""
    insert_rows(connection, cases, [row])


def update_case(connection: Connection, key: int, changes: Mapping[str, Any]) -> None:
    """Set these columns of a case whose row is locked."""
    update_row(connection, cases, key, changes)


def close_case_units(connection: Connection, case_key: int) -> None:
    """Mark a case as no longer open in every unit it is listed under."""
    connection.execute(_CLOSE_UNITS, {"the_case": case_key})


def card_case_units(
    connection: Connection, case_key: int, *, card: str | None, due_at: datetime | None
) -> None:
    """Let an open case stand under its units with that card, or none, and its handling limit."""
    connection.execute(_CARD_UNITS, {"the_case": case_key, "the_card": card, "the_due": due_at})


_CLOSE_UNITS = (
    update(case_unit)
    .where(case_unit.c.case_key == bindparam("the_case"))
    .values(is_open=False, card=None, due_at=None)
)
_CARD_UNITS = (
    update(case_unit)
    .where(case_unit.c.case_key == bindparam("the_case"))
    .values(
        card=bindparam("the_card", type_=case_unit.c.card.type),
        due_at=bindparam("the_due", type_=case_unit.c.due_at.type),
    )
)
_DELETE_TIMER = delete(timer).where(
    timer.c.element_key == bindparam("the_element"), timer.c.due_at == bindparam("the_due")
)


def _delete_timers(connection: Connection, gone: list[tuple[int, datetime]]) -> None:
    for key, due_at in gone:
        connection.execute(_DELETE_TIMER, {"the_element": key, "the_due": due_at})


_RESCHEDULE_TASK = (
    update(user_task)
    .where(user_task.c.key == bindparam("the_task"))
    .values(
        {
            name: bindparam(name, type_=user_task.c[name].type)
            for name in ("due_at", "follow_up_at", "is_due_provisional", "inputs")
        }
    )
)
_RESCHEDULE_UNITS = (
    update(task_unit)
    .where(task_unit.c.task_key == bindparam("the_task"))
    .values(due_at=bindparam("due_at", type_=task_unit.c.due_at.type))
)


def _reschedule_tasks(connection: Connection, rows: Rows) -> None:
    for row in rows:
        connection.execute(_RESCHEDULE_TASK, row)
        connection.execute(_RESCHEDULE_UNITS, {name: row[name] for name in ("the_task", "due_at")})
