"""Rows of street whistles and of the reports of the departments they call."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, exists, or_, select

from app.json_types import JsonObject
from app.store.scope import Scope, sees_case
from app.store.tables.cases import cases, submission
from app.store.tables.runtime import user_task
from app.store.tables.whistles import whistle, whistle_report

REPORT_COLUMNS = tuple(column.name for column in whistle_report.c)
WHISTLE_COLUMNS = tuple(column.name for column in whistle.c)


@dataclass(frozen=True, slots=True)
class WhistleRow:
    """A whistle; see the table for what its codes are."""

    key: int
    case_key: int
    instance_key: int
    kind: str
    need: str
    expected: str | None
    basis: str | None
    legal_basis: str | None
    meet_at: datetime | None
    code: str
    blown_by: int | None
    blown_at: datetime
    called_at: datetime | None
    check_in_by: datetime | None
    minutes: str | None
    decisions: str | None
    result: str | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class WhistleLine:
    """A whistle in a list: with the number, address and street of its case."""

    row: WhistleRow
    number: str
    case_kind: str
    address: str | None
    street_key: int | None


@dataclass(frozen=True, slots=True)
class ReportRow:
    """The report of one department; see the table for what its codes are."""

    key: int
    whistle_key: int
    unit_key: int
    state: str
    called_at: datetime
    acknowledged_at: datetime | None
    checked_in_at: datetime | None
    committed_at: datetime | None
    delivered_at: datetime | None
    absent_at: datetime | None
    absent_step: str | None
    who: str | None
    latitude: float | None
    longitude: float | None
    distance_m: int | None
    proof: str | None
    tasks: str | None
    owner: str | None
    promised_at: datetime | None
    outcome: str | None
    leave: str | None
    leave_at: datetime | None
    timely: int | None
    attended: int | None
    solved: int | None


@dataclass(frozen=True, slots=True)
class SubmittedRow:
    """What was answered at a task of a whistle's process, with the code of the department."""

    element_id: str
    task_key: int | None
    answers: JsonObject
    at: datetime
    department: str | None


@dataclass(frozen=True, slots=True)
class OpenTaskRow:
    """An open task of a whistle's process, with the code of the department it is for."""

    key: int
    version: int
    element_id: str
    department: str | None
    offered_to: Sequence[Sequence[Any]]
    assignee_key: int | None
    not_actor: str | None
    state: str
    created_at: datetime
    due_at: datetime | None
    is_due_provisional: bool


def of_instance(connection: Connection, instance_key: int) -> dict[str, Any] | None:
    """Return the row of the whistle of an instance as it is kept, None before it is registered."""
    row = connection.execute(select(whistle).where(whistle.c.instance_key == instance_key)).first()
    return dict(row._mapping) if row else None


def report_of(connection: Connection, whistle_key: int, unit_key: int) -> dict[str, Any] | None:
    """Return the row of a department's report as it is kept."""
    row = connection.execute(
        select(whistle_report).where(
            whistle_report.c.whistle_key == whistle_key, whistle_report.c.unit_key == unit_key
        )
    ).first()
    return dict(row._mapping) if row else None


def find(connection: Connection, key: int) -> WhistleRow | None:
    """Return a whistle."""
    row = connection.execute(select(whistle).where(whistle.c.key == key)).first()
    return WhistleRow(*row) if row else None


def of_case(connection: Connection, case_key: int) -> list[WhistleRow]:
    """Return the whistles of a case, the newest first."""
    rows = connection.execute(
        select(whistle).where(whistle.c.case_key == case_key).order_by(whistle.c.key.desc())
    )
    return [WhistleRow(*row) for row in rows]


def lines(
    connection: Connection, scope: Scope, *, is_running: bool, limit: int
) -> list[WhistleLine]:
    """Return running or ended whistles the person may see, the newest first.

    Those of their units, and those their department is called by.
    """
    is_called = exists().where(
        whistle_report.c.whistle_key == whistle.c.key,
        whistle_report.c.unit_key.in_(sorted(scope.unit_keys)),
    )
    ended = whistle.c.ended_at
    rows = connection.execute(
        select(whistle, cases.c.number, cases.c.kind, cases.c.address, cases.c.street_key)
        .join(cases, cases.c.key == whistle.c.case_key)
        .where(
            ended.is_(None) if is_running else ended.is_not(None),
            or_(sees_case(scope, whistle.c.case_key), is_called),
        )
        .order_by(whistle.c.key.desc())
        .limit(limit)
    )
    width = len(WHISTLE_COLUMNS)
    return [WhistleLine(WhistleRow(*row[:width]), *row[width:]) for row in rows]


def reports(connection: Connection, whistle_keys: Collection[int]) -> list[ReportRow]:
    """Return the reports of these whistles in the order in which departments were called."""
    if not whistle_keys:
        return []
    rows = connection.execute(
        select(whistle_report)
        .where(whistle_report.c.whistle_key.in_(sorted(whistle_keys)))
        .order_by(whistle_report.c.key)
    )
    return [ReportRow(*row) for row in rows]


def answered(connection: Connection, instance_key: int, element_id: str) -> JsonObject:
    """Return what was answered last at a task of a whistle's process, nothing before that."""
    t = submission.c
    found = connection.execute(
        select(t.answers)
        .where(t.instance_key == instance_key, t.element_id == element_id)
        .order_by(t.at.desc(), t.key.desc())
        .limit(1)
    ).scalar()
    return found or {}


def submitted(
    connection: Connection, instance_key: int, element_ids: Collection[str]
) -> list[SubmittedRow]:
    """Return what was answered at some steps of a whistle's process, in order."""
    t = submission.c
    rows = connection.execute(
        select(t.element_id, t.task_key, t.answers, t.at, user_task.c.inputs)
        .outerjoin(user_task, user_task.c.key == t.task_key)
        .where(t.instance_key == instance_key, t.element_id.in_(sorted(element_ids)))
        .order_by(t.at, t.key)
    )
    return [SubmittedRow(*row[:4], (row.inputs or {}).get("department")) for row in rows]


def open_tasks(connection: Connection, instance_key: int) -> list[OpenTaskRow]:
    """Return the open tasks of a whistle's process."""
    t = user_task.c
    rows = connection.execute(
        select(
            t.key,
            t.version,
            t.element_id,
            t.inputs,
            t.offered_to,
            t.assignee_key,
            t.not_actor,
            t.state,
            t.created_at,
            t.due_at,
            t.is_due_provisional,
        )
        .where(t.instance_key == instance_key, t.state == "CREATED")
        .order_by(t.key)
    )
    return [OpenTaskRow(*row[:3], (row.inputs or {}).get("department"), *row[4:]) for row in rows]
