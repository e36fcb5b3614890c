"""Everything the file of one case holds, row by row, for the case page; each read is one statement.

Whether the person may see the case, and which of its rows, is decided in `cases.case_view`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, or_, select

from app.json_types import Json, JsonObject
from app.store.attachments import AttachmentRow
from app.store.tables.cases import (
    attachment,
    cases,
    deadline_ledger,
    fact_change,
    journal,
    remark,
    reporter,
    submission,
)
from app.store.tables.organisation import person, position
from app.store.tables.runtime import element_instance, process_instance, user_task


@dataclass(frozen=True, slots=True)
class InstanceRow:
    """A process instance of a case."""

    key: int
    definition_key: int
    state: str
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class ElementRow:
    """An element that was entered: where the token is or has been."""

    element_id: str
    element_type: str
    state: str
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task of a case, open or done."""

    key: int
    version: int
    instance_key: int
    element_id: str
    name: str | None
    state: str
    assignee_key: int | None
    offered_to: list[list[Any]]
    not_actor: str | None
    created_at: datetime
    due_at: datetime | None
    is_due_provisional: bool
    completed_at: datetime | None
    completed_by: int | None


@dataclass(frozen=True, slots=True)
class JournalRow:
    """A line of the journal."""

    number: int
    kind: str
    element_id: str | None
    task_key: int | None
    person_key: int | None
    position_key: int | None
    on_behalf_of: int | None
    data: JsonObject
    at: datetime


@dataclass(frozen=True, slots=True)
class SubmissionRow:
    """What somebody answered at a task, in the form's version of then."""

    key: int
    task_key: int | None
    element_id: str
    form_id: str | None
    answers: JsonObject
    person_key: int | None
    is_synthetic: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class FactChangeRow:
    """A fact that was corrected: before, after, by whom."""

    fact: str
    old_value: Json
    new_value: Json
    reason: str | None
    person_key: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A line of the deadline ledger."""

    limit_name: str
    action: str
    due_at: datetime | None
    previous_due_at: datetime | None
    reason: str | None
    person_key: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class RemarkRow:
    """A comment or reply."""

    key: int
    kind: str
    visibility: str
    body: str
    person_key: int | None
    reporter_key: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class ReporterRow:
    """Who reported a case."""

    key: int
    name: str | None
    phone: str | None
    email: str | None
    language: str
    channel: str
    is_anonymous: bool
    has_consented: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class HeldRow:
    """The role and unit of a position."""

    role: str
    unit_key: int


def find(connection: Connection, case_key: int) -> Mapping[str, Any] | None:
    """Return every column of a case, None when there is no such case."""
    row = connection.execute(select(cases).where(cases.c.key == case_key)).first()
    return None if row is None else dict(row._mapping)


def going_on(connection: Connection, case_key: int) -> Mapping[str, Any] | None:
    """Return every column of the newest case that goes on from a case, None where none does."""
    query = select(cases).where(cases.c.reopens_key == case_key).order_by(cases.c.key.desc())
    row = connection.execute(query.limit(1)).first()
    return None if row is None else dict(row._mapping)


def find_task(connection: Connection, task_key: int) -> Mapping[str, Any] | None:
    """Return every column of a task and its process version, None when there is no such task."""
    query = (
        select(*user_task.c, process_instance.c.definition_key)
        .join(process_instance, process_instance.c.key == user_task.c.instance_key)
        .where(user_task.c.key == task_key)
    )
    row = connection.execute(query).first()
    return None if row is None else dict(row._mapping)


def attachments(connection: Connection, case_key: int) -> list[AttachmentRow]:
    """Return the files of a case: those added to it, and those uploaded at its tasks."""
    t = attachment.c
    at_tasks = select(user_task.c.key).where(user_task.c.case_key == case_key)
    return _read(
        connection,
        AttachmentRow,
        t,
        or_(t.case_key == case_key, t.task_key.in_(at_tasks)),
        t.key,
    )


def case_of_attachment(connection: Connection, row: AttachmentRow) -> int | None:
    """Return the case a file belongs to, None while its report has not been sent."""
    if row.case_key is not None or row.task_key is None:
        return row.case_key
    found: int | None = connection.execute(
        select(user_task.c.case_key).where(user_task.c.key == row.task_key)
    ).scalar()
    return found


def instances(connection: Connection, case_key: int) -> list[InstanceRow]:
    """Return the process instances of a case, the first one first."""
    t = process_instance.c
    return _read(connection, InstanceRow, t, t.case_key == case_key, t.key)


def elements(connection: Connection, instance_key: int) -> list[ElementRow]:
    """Return every element an instance entered, in order."""
    t = element_instance.c
    return _read(connection, ElementRow, t, t.instance_key == instance_key, t.started_at, t.key)


def tasks(connection: Connection, case_key: int) -> list[TaskRow]:
    """Return every task of a case, the first one first."""
    t = user_task.c
    return _read(connection, TaskRow, t, t.case_key == case_key, t.created_at, t.key)


def journal_of(connection: Connection, case_key: int) -> list[JournalRow]:
    """Return the journal of a case in order."""
    t = journal.c
    return _read(connection, JournalRow, t, t.case_key == case_key, t.number)


def submissions(connection: Connection, case_key: int) -> list[SubmissionRow]:
    """Return everything answered in a case, in order."""
    t = submission.c
    return _read(connection, SubmissionRow, t, t.case_key == case_key, t.at, t.key)


def fact_changes(connection: Connection, case_key: int) -> list[FactChangeRow]:
    """Return the corrections of a case's facts, in order."""
    t = fact_change.c
    return _read(connection, FactChangeRow, t, t.case_key == case_key, t.key)


def ledger(connection: Connection, case_key: int) -> list[LedgerRow]:
    """Return the deadline ledger of a case, in order."""
    t = deadline_ledger.c
    return _read(connection, LedgerRow, t, t.case_key == case_key, t.key)


def remarks(connection: Connection, case_key: int) -> list[RemarkRow]:
    """Return the comments and replies of a case, in order."""
    t = remark.c
    return _read(connection, RemarkRow, t, t.case_key == case_key, t.at, t.key)


def reporters(connection: Connection, case_key: int) -> list[ReporterRow]:
    """Return who reported a case."""
    t = reporter.c
    return _read(connection, ReporterRow, t, t.case_key == case_key, t.key)


def names(connection: Connection, person_keys: Collection[int]) -> dict[int, str]:
    """Return the names of these people."""
    if not person_keys:
        return {}
    query = select(person.c.key, person.c.name).where(person.c.key.in_(sorted(person_keys)))
    return {row.key: row.name for row in connection.execute(query)}


def workers(connection: Connection, case_key: int, *, but: int) -> dict[str, str]:
    """Return who has done something in a case, name by login, the latest first; a dozen at most."""
    latest = (
        select(journal.c.person_key, func.max(journal.c.number).label("last"))
        .where(journal.c.case_key == case_key, journal.c.person_key.is_not(None))
        .group_by(journal.c.person_key)
        .subquery()
    )
    query = (
        select(person.c.login, person.c.name)
        .join(latest, latest.c.person_key == person.c.key)
        .where(person.c.is_active, person.c.key != but)
        .order_by(latest.c.last.desc())
        .limit(12)
    )
    return {row.login: row.name for row in connection.execute(query)}


def positions(connection: Connection, position_keys: Collection[int]) -> dict[int, HeldRow]:
    """Return role and unit of these positions."""
    if not position_keys:
        return {}
    t = position.c
    query = select(t.key, t.role, t.unit_key).where(t.key.in_(sorted(position_keys)))
    return {row.key: HeldRow(row.role, row.unit_key) for row in connection.execute(query)}


def _read(
    connection: Connection, kind: Any, columns: Any, which: ColumnElement[bool], *order: Any
) -> list[Any]:
    wanted: Sequence[Any] = [columns[name] for name in kind.__dataclass_fields__]
    query = select(*wanted).where(which).order_by(*order)
    return [kind(*row) for row in connection.execute(query)]
