"""Writes the ledger as tasks open and end, and what ends with the case.

`cases.journal` calls `add` at every step; `cases.limit_operations` and `cases.recount` write the
limits of the case itself with `write`. A task that shares the case's handling limit has none of its
own.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.cases import ledger
from app.cases.ledger import Action, Limit
from app.cases.work import Work
from app.engine.progress import ClosedState, ClosedTask, OpenTask, Progress
from app.organisation.working_time import Due, WorkCalendar
from app.store import limits as rows

COLUMNS = (
    "instance_key",
    "task_key",
    "element_id",
    "due_at",
    "previous_due_at",
    "limit_text",
    "counted_from",
    "unit_key",
    "basis",
    "is_provisional",
    "used_seconds",
    "left_text",
    "at",
)


def add(work: Work, progress: Progress) -> None:
    """Write a line for each task with a limit that opened or ended; a closing drops the rest."""
    for task in progress.opened:
        if task.due_at is not None and not _is_of_case(work, task.due_at, task.properties):
            write(work, _of_task(work, task))
    _end_tasks(work, progress.closed)
    if "closed_at" in work.changes:
        for limit in of_case(work):
            if not limit.has_ended:
                write(work, ledger.dropped(limit, now=work.now))


def of_case(work: Work) -> list[Limit]:
    """Return the limits of the case itself, those of this step included."""
    kept = rows.ledger(work.tx.connection, work.case_key, is_of_case=True) if work.version else []
    mine = [row for row in work.ledger if row["task_key"] is None]
    return ledger.current(map(read, [*kept, *mine]))


def of_tasks(work: Work) -> list[Limit]:
    """Return the limits of the tasks of this case."""
    found = rows.ledger(work.tx.connection, work.case_key)
    return ledger.current(read(row) for row in found if row["task_key"] is not None)


def named(work: Work, name: str) -> Limit | None:
    """Return the limit of the case with that name; None where it never had one."""
    return next((limit for limit in of_case(work) if limit.name == name), None)


def read(row: Mapping[str, Any]) -> Limit:
    """Return a limit as a line has it."""
    known = {column: row[column] for column in COLUMNS}
    known["used_seconds"] = known["used_seconds"] or 0
    return Limit(name=row["limit_name"], action=Action(row["action"]), set_at=row["at"], **known)


def write(work: Work, limit: Limit, *, reason: str | None = None) -> None:
    """Write how a limit stands now, by whom and why."""
    work.ledger.append(
        {column: getattr(limit, column) for column in COLUMNS}
        | {
            "key": work.tx.next_key(),
            "case_key": work.case_key,
            "limit_name": limit.name,
            "action": limit.action.value,
            "reason": reason,
            "person_key": work.hand.person_key,
            "position_key": work.hand.position_key,
        }
    )


def counted(work: Work, limit: Limit) -> Limit:
    """Return the limit with how its end was counted in this step, where it was."""
    found = work.calendar.counted.get(limit.due_at)
    if found is None:
        return limit
    return replace(
        limit,
        limit_text=found.due.limit,
        counted_from=found.due.counted_from,
        unit_key=found.unit_key,
        is_provisional=found.due.is_provisional,
    )


def calendar_of(work: Work, limit: Limit) -> WorkCalendar:
    """Return the calendar a limit is counted on."""
    if limit.unit_key is None:
        return work.calendar.district
    return work.calendar.calendars.of(work.directory.ancestors(limit.unit_key))


def _is_of_case(work: Work, due_at: object, properties: Mapping[str, Any] | None) -> bool:
    """Tell whether a task only shows until when the case is to be handled."""
    return due_at == work.case["due_at"] and not (properties or {}).get("limit")


def _of_task(work: Work, task: OpenTask) -> Limit:
    name, basis = task.properties.get("limit"), task.properties.get("limitBasis")
    given = Due(task.due_at or work.now, "", work.now, is_provisional=False)
    limit = ledger.set_limit(
        str(name) if name else task.element_id, given, now=work.now, is_given=True
    )
    return counted(
        work,
        replace(
            limit,
            instance_key=work.instance_key,
            task_key=task.key,
            element_id=task.element_id,
            basis=str(basis) if basis else None,
        ),
    )


def _end_tasks(work: Work, closed: tuple[ClosedTask, ...]) -> None:
    if not closed:
        return
    known: dict[int, Mapping[str, Any]] = {}
    if work.task is not None:
        known[work.task["key"]] = work.task
    others = [task.key for task in closed if task.key not in known]
    if others:
        known |= rows.due_tasks(work.tx.connection, others)
    for task in closed:
        row = known.get(task.key)
        if (
            row is None
            or row["due_at"] is None
            or _is_of_case(work, row["due_at"], row["properties"])
        ):
            continue
        name = (row["properties"] or {}).get("limit")
        given = Due(row["due_at"], "", work.now, row["is_due_provisional"])
        limit = replace(
            ledger.set_limit(
                str(name) if name else task.element_id, given, now=work.now, is_given=True
            ),
            instance_key=work.instance_key,
            task_key=task.key,
            element_id=task.element_id,
        )
        if task.state is ClosedState.CANCELED:
            write(work, ledger.dropped(limit, now=work.now))
        else:
            is_met = work.now <= limit.due_at
            write(work, replace(limit, action=Action.MET if is_met else Action.MISSED))
