"""Keeps how the instants a step waits for were counted on a work calendar.

`cases.journal` takes the rows at every step; `cases.recount` counts them again after a change of
the calendar. Source: the limit texts of the tables (`organisation.limits`).
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from app.cases import limit_lines
from app.cases.work import Work
from app.engine.progress import Progress
from app.organisation.limits import is_working_time
from app.organisation.working_time import Due
from app.store import limits
from app.store.limits import OF_CASE, OF_WHISTLE


def rows_of(work: Work, progress: Progress) -> list[dict[str, Any]]:
    """Return a row for whoever waits for an instant counted in this step.

    That is a task, a timer, a whistle, or the case for a limit of its own.
    """
    version = work.calendar.calendars.version
    rows = [] if progress.is_completed else [*_of_instance(work, progress, version)]
    if any(line["task_key"] is None for line in work.ledger):
        keeper = _keeper(work)
        if keeper != work.instance_key or not progress.is_completed:
            rows += _of_case(work, keeper, version)
    return rows


def row_of(
    instance_key: int, due: Due, unit_key: int | None, version: int, *, name: str = ""
) -> dict[str, Any]:
    """Return the row of a limit as it was counted on the calendars of that version.

    `name` is that of a limit of the case itself.
    """
    return {
        "instance_key": instance_key,
        "element_key": OF_CASE,
        "limit_name": name,
        "due_at": due.at,
        "limit_text": due.limit,
        "counted_from": due.counted_from,
        "unit_key": unit_key,
        "is_provisional": due.is_provisional,
        "calendar_version": version,
        "attempts": 0,
        "retry_at": None,
    }


def is_provisional(work: Work, at: datetime | None) -> bool:
    """Tell whether an instant was counted over a day whose calendar is not published yet."""
    if at is None:
        return False
    counted = work.calendar.counted.get(at)
    if counted is not None:
        return counted.due.is_provisional
    return bool(at == work.case["due_at"] and work.case["is_due_provisional"])


def _of_instance(work: Work, progress: Progress, version: int) -> Iterator[dict[str, Any]]:
    for element_key, at in _waiting(work, progress):
        counted = work.calendar.counted.get(at)
        if counted is not None and is_working_time(counted.due.limit):
            row = row_of(work.instance_key, counted.due, counted.unit_key, version)
            yield row | {"element_key": element_key}


def _waiting(work: Work, progress: Progress) -> Iterator[tuple[int, datetime]]:
    for task in progress.opened:
        if task.due_at is not None:
            yield task.key, task.due_at
    for timer in progress.timers_set:
        yield timer.key, timer.due_at
    whistle = work.whistles.get(work.instance_key)
    if whistle is not None and whistle["check_in_by"] is not None:
        yield OF_WHISTLE, whistle["check_in_by"]


def _of_case(work: Work, keeper: int, version: int) -> Iterator[dict[str, Any]]:
    """Yield the row of each limit of the case that moved in this step, by its last line."""
    written = (limit_lines.read(line) for line in work.ledger if line["task_key"] is None)
    for limit in {each.name: each for each in written}.values():
        due = limit.counted
        if due is not None and is_working_time(due.limit):
            yield row_of(keeper, due, limit.unit_key, version, name=limit.name)


def _keeper(work: Work) -> int:
    """Return the instance that keeps the case's own limit, whoever changed it."""
    if not work.version and work.parent_key is None:
        return work.instance_key
    return limits.main_instance(work.tx.connection, work.case_key) or work.instance_key
