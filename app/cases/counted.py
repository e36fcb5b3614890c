"""Keeps how the instants a step waits for were counted on a work calendar.

`cases.journal` takes the rows at every step; `cases.recount` counts them again after a change of
the calendar. Source: the limit texts of the tables (`organisation.limits`).
"""

from datetime import datetime
from typing import Any

from app.cases.work import Work
from app.engine.progress import Progress
from app.organisation.working_time import Due


def rows_of(work: Work, progress: Progress) -> list[dict[str, Any]]:
    """Return a row for each instant counted in this step that somebody waits for after it."""
    if progress.is_completed:
        return []
    waited_for = {task.due_at for task in progress.opened}
    waited_for |= {timer.due_at for timer in progress.timers_set}
    waited_for.add(work.changes.get("due_at"))
    return [
        row_of(work.instance_key, counted.due, counted.unit_key, work.calendar.calendars.version)
        for at, counted in work.calendar.counted.items()
        if at in waited_for
    ]


def row_of(instance_key: int, due: Due, unit_key: int | None, version: int) -> dict[str, Any]:
    """Return the row of a limit as it was counted on the calendars of that version."""
    return {
        "instance_key": instance_key,
        "due_at": due.at,
        "limit_text": due.limit,
        "counted_from": due.counted_from,
        "unit_key": unit_key,
        "is_provisional": due.is_provisional,
        "calendar_version": version,
    }


def is_provisional(work: Work, at: datetime | None) -> bool:
    """Tell whether an instant was counted over a day whose calendar is not published yet."""
    if at is None:
        return False
    counted = work.calendar.counted.get(at)
    if counted is not None:
        return counted.due.is_provisional
    return bool(at == work.case["due_at"] and work.case["is_due_provisional"])
