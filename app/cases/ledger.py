"""The deadline ledger: every limit of a case as lines that follow from each other.

A line holds how the limit stands after it, so the current limits are derived from the lines alone.
Pure: `cases.limit_operations` and `cases.limit_lines` write what is returned here,
`cases.limits_view` explains it. A limit in working time is paused and taken up again in working
time; one by the clock on the wall in that.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from app.organisation.limits import is_working_time
from app.organisation.working_time import Due, WorkCalendar

HANDLE = "handle"
"""The name of the handling limit, which stands in the case itself too."""


class Action(StrEnum):
    """What happened to a limit; `lapsed`: its time was over, and nobody had done it to the end."""

    SET = "set"
    CHANGED = "changed"
    EXTENDED = "extended"
    RECOUNTED = "recounted"
    PAUSED = "paused"
    RESUMED = "resumed"
    REOPENED = "reopened"
    MET = "met"
    MISSED = "missed"
    LAPSED = "lapsed"
    DROPPED = "dropped"


ENDED = frozenset({Action.MET, Action.MISSED, Action.LAPSED, Action.DROPPED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A limit as it stands after `action` at `at`.

    Without `limit_text` it is an instant that was given. `used_seconds` of it had passed when it
    began to run (again), `left_text` was left when it stopped. `previous_due_at` is what it was
    before it moved.
    """

    name: str
    action: Action
    at: datetime
    due_at: datetime
    set_at: datetime
    instance_key: int | None = None
    task_key: int | None = None
    element_id: str | None = None
    limit_text: str | None = None
    counted_from: datetime | None = None
    unit_key: int | None = None
    basis: str | None = None
    is_provisional: bool = False
    used_seconds: int = 0
    left_text: str | None = None
    previous_due_at: datetime | None = None

    @property
    def has_ended(self) -> bool:
        """Tell whether nobody waits for it any more."""
        return self.action in ENDED

    @property
    def is_paused(self) -> bool:
        """Tell whether it stands still."""
        return self.action is Action.PAUSED

    @property
    def is_running(self) -> bool:
        """Tell whether its time passes."""
        return not self.has_ended and not self.is_paused

    @property
    def is_working_time(self) -> bool:
        """Tell whether it is measured on the work calendar; given instants are."""
        return self.limit_text is None or is_working_time(self.limit_text)

    @property
    def counted(self) -> Due | None:
        """How its end was counted, while it runs: None for a given one, and if nothing is left."""
        if not self.is_running or self.left_text is not None:
            return None
        if self.limit_text is None or self.counted_from is None:
            return None
        return Due(self.due_at, self.limit_text, self.counted_from, self.is_provisional)

    @property
    def runs_from(self) -> datetime:
        """When its time began to pass, or went on."""
        return self.counted_from or self.set_at


def set_limit(name: str, due: Due, *, now: datetime, is_given: bool = False) -> Limit:
    """Return a limit that runs from now on; a given one was not counted from a text."""
    return Limit(
        name=name,
        action=Action.SET,
        at=now,
        set_at=now,
        due_at=due.at,
        limit_text=None if is_given else due.limit,
        counted_from=None if is_given else due.counted_from,
        is_provisional=due.is_provisional,
    )


def changed(limit: Limit, due: Due, *, calendar: WorkCalendar, is_given: bool = False) -> Limit:
    """Return the limit with another end, from `due.counted_from` on: extended where it is later."""
    is_later = due.at > limit.due_at
    return replace(
        limit,
        action=Action.EXTENDED if is_later else Action.CHANGED,
        at=due.counted_from,
        due_at=due.at,
        previous_due_at=limit.due_at,
        used_seconds=used(limit, due.counted_from, calendar),
        limit_text=None if is_given else due.limit,
        counted_from=due.counted_from,
        is_provisional=due.is_provisional,
        left_text=None,
    )


def recounted(limit: Limit, due: Due, *, now: datetime) -> Limit:
    """Return the limit as it is on the calendar of now."""
    return replace(
        limit,
        action=Action.RECOUNTED,
        at=now,
        due_at=due.at,
        previous_due_at=limit.due_at,
        limit_text=due.limit,
        counted_from=due.counted_from,
        is_provisional=due.is_provisional,
    )


def paused(limit: Limit, *, now: datetime, calendar: WorkCalendar) -> Limit:
    """Return the limit as it stands still: what is left of it is kept."""
    return _stopped(limit, Action.PAUSED, now, calendar)


def resumed(limit: Limit, *, now: datetime, calendar: WorkCalendar) -> Limit:
    """Return the limit as it goes on with what was left; what was overdue stays so."""
    return _taken_up(limit, Action.RESUMED, now, calendar)


def ended(limit: Limit, *, now: datetime, calendar: WorkCalendar) -> Limit:
    """Return the limit as met or missed; what was left of it is kept."""
    action = Action.MET if now <= limit.due_at else Action.MISSED
    return _stopped(limit, action, now, calendar)


def dropped(limit: Limit, *, now: datetime) -> Limit:
    """Return the limit as nobody waits for it any more: lapsed if it was over by then."""
    is_over = limit.is_running and now >= limit.due_at
    return replace(limit, action=Action.LAPSED if is_over else Action.DROPPED, at=now)


def reopened(limit: Limit, *, now: datetime, calendar: WorkCalendar) -> Limit:
    """Return a limit that had ended as it runs on with what was left then.

    Source: rework does not give a case its time anew.
    """
    return _taken_up(limit, Action.REOPENED, now, calendar)


def used(limit: Limit, at: datetime, calendar: WorkCalendar) -> int:
    """Return how many seconds of the limit have passed by then."""
    if not limit.is_running:
        return limit.used_seconds
    return limit.used_seconds + max(_seconds(limit, limit.runs_from, at, calendar), 0)


def length(limit: Limit, calendar: WorkCalendar) -> int:
    """Return how many seconds the limit has in all, from the beginning to its end."""
    return limit.used_seconds + max(_seconds(limit, limit.runs_from, limit.due_at, calendar), 0)


def begun(limit: Limit, calendar: WorkCalendar) -> datetime:
    """Return when the limit would have begun had it never stood still."""
    whole = timedelta(seconds=length(limit, calendar))
    if not limit.used_seconds:
        return limit.runs_from
    if limit.is_working_time:
        return calendar.before(limit.due_at, whole)
    return limit.due_at - whole


def current(lines: Iterable[Limit]) -> list[Limit]:
    """Return every limit as its last line has it, in the order they were set first.

    A task's last line may say no more than that it ended; the rest is as it was.
    """
    found: dict[tuple[int | None, str], Limit] = {}
    for line in lines:
        before = found.get((line.task_key, line.name))
        found[line.task_key, line.name] = line if before is None else _after(before, line)
    return list(found.values())


def _after(before: Limit, line: Limit) -> Limit:
    if line.action is Action.SET:
        return line
    if line.task_key is not None and line.action in ENDED:
        return replace(before, action=line.action, at=line.at)
    return replace(line, set_at=before.set_at)


def _stopped(limit: Limit, action: Action, now: datetime, calendar: WorkCalendar) -> Limit:
    left = max(_seconds(limit, now, limit.due_at, calendar), 0)
    if limit.is_paused:
        return replace(limit, action=action, at=now)
    return replace(
        limit,
        action=action,
        at=now,
        used_seconds=used(limit, now, calendar),
        left_text=_written(left, is_working=limit.is_working_time),
    )


def _taken_up(limit: Limit, action: Action, now: datetime, calendar: WorkCalendar) -> Limit:
    if limit.left_text is None:
        return replace(limit, action=action, at=now)
    if not _has_any(limit.left_text):
        return replace(limit, action=action, at=now, counted_from=now)
    due = calendar.due(now, limit.left_text)
    return replace(
        limit,
        action=action,
        at=now,
        due_at=due.at,
        previous_due_at=limit.due_at,
        limit_text=due.limit,
        counted_from=now,
        is_provisional=due.is_provisional,
        left_text=None,
    )


def _seconds(limit: Limit, start: datetime, end: datetime, calendar: WorkCalendar) -> int:
    if limit.is_working_time:
        return int(calendar.working_time_between(start, end) // timedelta(seconds=1))
    return int((end - start) // timedelta(seconds=1))


def _written(seconds: int, *, is_working: bool) -> str:
    """Write what is left as a limit: "12.5 wh" to the second, or "PT3600S"."""
    if not is_working:
        return f"PT{seconds}S"
    return f"{seconds / 3600:.4f}".rstrip("0").rstrip(".") + " wh"


def _has_any(left: str) -> bool:
    return left not in {"0 wh", "PT0S"}
