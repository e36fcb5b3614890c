"""Keeps how the instants a step waits for were counted on a work calendar.

`cases.journal` takes the rows at every step; `cases.recount` counts them again after a change of
the calendar. Source: the limit texts of the tables (`organisation.limits`).
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from app.cases.work import Work
from app.engine.progress import Progress
from app.organisation.limits import is_working_time
from app.organisation.working_time import Due
from app.store import limits
from app.store.limits import OF_CASE


def rows_of(work: Work, progress: Progress) -> list[dict[str, Any]]:
    """Return a row for each task, timer or case that waits for an instant counted in this step."""
    if progress.is_completed:
        return []
    version = work.calendar.calendars.version
    rows = []
    for element_key, at in _waiting(work, progress):
        counted = work.calendar.counted.get(at)
        if counted is not None and is_working_time(counted.due.limit):
            instance_key = work.instance_key if element_key else _keeper(work)
            row = row_of(instance_key, counted.due, counted.unit_key, version)
            rows.append(row | {"element_key": element_key})
    return rows


def row_of(instance_key: int, due: Due, unit_key: int | None, version: int) -> dict[str, Any]:
    """Return the row of a limit as it was counted on the calendars of that version."""
    return {
        "instance_key": instance_key,
        "element_key": OF_CASE,
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


def _waiting(work: Work, progress: Progress) -> Iterator[tuple[int, datetime]]:
    for task in progress.opened:
        if task.due_at is not None:
            yield task.key, task.due_at
    for timer in progress.timers_set:
        yield timer.key, timer.due_at
    due_at = work.changes.get("due_at")
    if due_at is not None:
        yield OF_CASE, due_at


def _keeper(work: Work) -> int:
    """Return the instance that keeps the case's own limit, whoever changed it."""
    if not work.version and work.parent_key is None:
        return work.instance_key
    return limits.main_instance(work.tx.connection, work.case_key) or work.instance_key
