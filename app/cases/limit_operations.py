"""Operations on the limits of a case: set, met, changed, paused, taken up; steps of the clock.

Each takes the locked work and the pending job and returns the job's variables, as in
`cases.case_operations`. The input `limit` names a limit, "handle" where it is left out; that one
stands in the case's facts too, and the clock beside the case hears when it moves.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from app.cases import ledger, limit_lines, telling
from app.cases.counted import is_provisional
from app.cases.job_inputs import WrongOperationInput, instant, text
from app.cases.ledger import HANDLE, Limit
from app.cases.work import Work
from app.engine.progress import PendingJob, ThrownMessage
from app.json_types import JsonObject
from app.organisation.working_time import Due
from app.store import waiting

LATEST_WORD = ("grade", "resolved", "callback_outcome")
DEADLINE_CHANGED, RATING = "DeadlineChanged", "RatingReceived"
FIRST_REPLY = "first_reply"
CARDS = ("yellow", "red")
HANDLING_REOPENED = "handling_reopened"


def establish(work: Work, job: PendingJob) -> JsonObject:
    """Establish the case: from now on its handling limit runs (`due`: an instant or null).

    `first_reply` is until when the reporter has to be spoken to, null where nobody can be; `basis`
    says by which row of a table.
    """
    due_at = instant(job, "due")
    work.set_column("established_at", work.now)
    work.set_column("due_at", due_at)
    work.set_column("is_due_provisional", is_provisional(work, due_at))
    if due_at is not None:
        _set(work, job, HANDLE, due_at)
    reply_by = instant(job, "first_reply")
    if reply_by is not None:
        _set(work, job, FIRST_REPLY, reply_by)
    work.note("established", {"due_at": _plain(due_at)}, element_id=job.element_id)
    return {}


def set_limit(work: Work, job: PendingJob) -> JsonObject:
    """Begin a `limit` of the case that ends at `due`, by the row `basis`; null sets none."""
    name, due_at = _name(job), instant(job, "due")
    if due_at is None:
        return {}
    _set(work, job, name, due_at)
    if name == HANDLE:
        work.set_column("due_at", due_at)
        work.set_column("is_due_provisional", is_provisional(work, due_at))
    work.note("limit_set", _told(name, due_at), element_id=job.element_id)
    return {}


def meet_limit(work: Work, job: PendingJob) -> JsonObject:
    """Note that what a `limit` asks for was done, `at` an instant or now: met or missed.

    One that was never set, or has ended already, is left as it is.
    """
    _end(work, _name(job), at=instant(job, "at"))
    return {}


def record_contact(work: Work, job: PendingJob) -> JsonObject:
    """Make it a fact when the reporter was spoken to, `contacted_at`: the first reply is given.

    Null means that nobody was; the limit runs on.
    """
    at = instant(job, "contacted_at")
    if at is not None:
        work.set_fact("contacted_at", at, reason=job.element_id)
        _end(work, FIRST_REPLY, at=at)
        work.note("contact_recorded", element_id=job.element_id)
    return {}


def mark_handled(work: Work, job: PendingJob) -> JsonObject:
    """Stop the handling limit: by now it is met or missed."""
    work.set_column("handled_at", work.now)
    work.set_column("paused_at", None)
    limit = _end(work, HANDLE)
    is_met = limit is None or limit.action is not ledger.Action.MISSED
    work.note("handled", {"in_time": is_met}, element_id=job.element_id)
    return {}


def reopen_handling(work: Work, job: PendingJob) -> JsonObject:
    """Let handling begin again with the time that was left when the case was handled.

    With `rated_anew` what the reporter said stays with its round, a rating that is still kept for
    whoever asks for it is dropped, and the case can be rated again.
    Returns `limit_from`: when the limit would have begun had it not stood still, for the clock.
    """
    work.set_column("handled_at", None)
    if job.inputs.get("rated_anew") is True:
        for column in LATEST_WORD:
            work.set_column(column, None)
        if waiting.drop(work.tx.connection, work.case_key, RATING):
            work.note("rating_dropped", element_id=job.element_id)
    begun: datetime | None = None
    limit = limit_lines.named(work, HANDLE)
    if limit is not None and limit.has_ended:
        calendar = limit_lines.calendar_of(work, limit)
        reopened = ledger.reopened(limit, now=work.now, calendar=calendar)
        _move(work, reopened)
        begun = ledger.begun(reopened, calendar)
    work.note(HANDLING_REOPENED, _told(HANDLE, work.case["due_at"]), element_id=job.element_id)
    return {"limit_from": _plain(begun)}


def change_limit(work: Work, job: PendingJob) -> JsonObject:
    """Let a `limit` end at `due` instead, for a `reason`; one that does not run is set anew.

    From now on it rests on `basis`, no longer on the row it was counted by.
    """
    name, due_at = _name(job), instant(job, "due")
    if due_at is None:
        raise _wrong(job, "due", "an instant with offset")
    limit = limit_lines.named(work, name)
    reason = text(job, "reason")
    if limit is None or limit.has_ended:
        _set(work, job, name, due_at)
        if name == HANDLE:
            _show(work, due_at)
    else:
        given = Due(due_at, "", work.now, is_provisional=False)
        calendar = limit_lines.calendar_of(work, limit)
        moved = ledger.changed(limit, given, calendar=calendar, is_given=True)
        moved = replace(moved, basis=text(job, "basis"))
        _move(work, limit_lines.counted(work, moved), reason=reason)
    work.note("limit_changed", _told(name, due_at), element_id=job.element_id)
    return {}


def pause_limit(work: Work, job: PendingJob) -> JsonObject:
    """Let a `limit` stand still, for a `reason`; what has passed of it is kept."""
    limit = limit_lines.named(work, _name(job))
    if limit is None or not limit.is_running:
        return {}
    calendar = limit_lines.calendar_of(work, limit)
    stopped = ledger.paused(limit, now=work.now, calendar=calendar)
    limit_lines.write(work, stopped, reason=text(job, "reason"))
    if limit.name == HANDLE:
        work.set_column("paused_at", work.now)
        tell_clock(work, stopped)
    work.note("limit_paused", _told(limit.name, limit.due_at), element_id=job.element_id)
    return {}


def resume_limit(work: Work, job: PendingJob) -> JsonObject:
    """Let a `limit` that stands still go on with what was left of it."""
    limit = limit_lines.named(work, _name(job))
    if limit is None or not limit.is_paused:
        return {}
    calendar = limit_lines.calendar_of(work, limit)
    taken_up = ledger.resumed(limit, now=work.now, calendar=calendar)
    if limit.name == HANDLE:
        work.set_column("paused_at", None)
    _move(work, taken_up, reason=text(job, "reason"))
    work.note("limit_resumed", _told(limit.name, taken_up.due_at), element_id=job.element_id)
    return {}


def fire_phase(work: Work, job: PendingJob) -> JsonObject:
    """Do one step of the clock: `phase` is its name, `card` yellow, red or null, `tell` roles.

    Each role of `tell` is told in its unit of the case; a step that was done is not done again.
    """
    phase, card = text(job, "phase"), _card(job)
    if phase is None:
        raise _wrong(job, "phase", "the name of a step")
    done = work.case["clock_phases"] or []
    if phase in done:
        return {}
    work.set_column("clock_phases", [*done, phase])
    if card is not None:
        work.set_column("card", card)
    kind = "limit_near" if card == "yellow" else "limit_passed"
    told = telling.tell(work, job, kind, {"phase": phase})
    data: JsonObject = {"phase": phase, "card": card, "told": [*told]}
    work.note("phase_fired", data, element_id=job.element_id)
    return {}


def remind(work: Work, job: PendingJob) -> JsonObject:
    """Tell the roles in `tell` that the task `step` (its element id) still waits."""
    step = text(job, "step")
    if step is None:
        raise _wrong(job, "step", "the id of a task")
    task_key = next((task.key for task in work.run.open_tasks if task.element_id == step), None)
    told = telling.tell(work, job, "reminded", {"element_id": step}, task_key=task_key)
    work.note("reminded", {"told": [*told]}, element_id=step)
    return {}


def keep_phases(work: Work, job: PendingJob) -> JsonObject:
    """Forget the steps of the clock that are not in `phases`: their time is to come again.

    `card` is what the case keeps of the cards they gave it: yellow, red or null; as it is where
    the diagram does not say.
    """
    kept = job.inputs.get("phases")
    names = [str(each) for each in kept] if isinstance(kept, list) else []
    done = work.case["clock_phases"] or []
    work.set_column("clock_phases", [each for each in done if each in names])
    if "card" in job.inputs:
        work.set_column("card", _card(job))
    return {}


OPERATIONS: Final[dict[str, Callable[[Work, PendingJob], JsonObject]]] = {
    "establish": establish,
    "set_limit": set_limit,
    "meet_limit": meet_limit,
    "record_contact": record_contact,
    "mark_handled": mark_handled,
    "reopen_handling": reopen_handling,
    "change_limit": change_limit,
    "pause_limit": pause_limit,
    "resume_limit": resume_limit,
    "fire_phase": fire_phase,
    "remind": remind,
    "keep_phases": keep_phases,
}


def tell_clock(work: Work, limit: Limit) -> None:
    """Let the clock beside the case hear how the handling limit stands now, if it listens."""
    number = work.case["number"]
    if waiting.waiting_for(work.tx.connection, DEADLINE_CHANGED, number) is not None:
        begun = ledger.begun(limit, limit_lines.calendar_of(work, limit))
        variables: JsonObject = {"limit_from": begun.isoformat()}
        work.messages.append(ThrownMessage(DEADLINE_CHANGED, number, variables, timedelta()))


def _card(job: PendingJob) -> str | None:
    card = text(job, "card")
    if card not in (None, *CARDS):
        raise _wrong(job, "card", f"{' or '.join(CARDS)} or null")
    return card


def _wrong(job: PendingJob, name: str, needed: str) -> WrongOperationInput:
    return WrongOperationInput(
        name=name, value=job.inputs.get(name), operation=job.job_type, needed=needed
    )


def _name(job: PendingJob) -> str:
    return text(job, "limit") or HANDLE


def _set(work: Work, job: PendingJob, name: str, due_at: datetime) -> None:
    given = Due(due_at, "", work.now, is_provisional=False)
    limit = ledger.set_limit(name, given, now=work.now, is_given=True)
    limit = replace(
        limit,
        instance_key=work.instance_key,
        element_id=job.element_id,
        basis=text(job, "basis"),
    )
    limit_lines.write(work, limit_lines.counted(work, limit), reason=text(job, "reason"))


def _end(work: Work, name: str, *, at: datetime | None = None) -> Limit | None:
    limit = limit_lines.named(work, name)
    if limit is None or limit.has_ended:
        return None
    ended = ledger.ended(limit, now=at or work.now, calendar=limit_lines.calendar_of(work, limit))
    limit_lines.write(work, ended)
    return ended


def _move(work: Work, limit: Limit, *, reason: str | None = None) -> None:
    """Write a limit that ends at another instant, and show it to case, tasks and clock."""
    limit_lines.write(work, limit, reason=reason)
    if limit.name == HANDLE:
        _keep_counted(work, limit)
        _show(work, limit.due_at)
        tell_clock(work, limit)


def _keep_counted(work: Work, limit: Limit) -> None:
    """Let `cases.counted` know how the handling limit was counted in this step."""
    if limit.limit_text is not None and limit.counted_from is not None:
        due = Due(limit.due_at, limit.limit_text, limit.counted_from, limit.is_provisional)
        work.calendar.note(due, limit.unit_key)


def _show(work: Work, due_at: datetime) -> None:
    """Make an instant the case's own limit; its tasks that show the old one move with it."""
    before: datetime | None = work.case["due_at"]
    work.set_column("due_at", due_at)
    work.set_column("is_due_provisional", is_provisional(work, due_at))
    if before is not None:
        work.run.reschedule(
            {
                (task.key, before): due_at
                for task in work.run.open_tasks
                if task.due_at == before and not task.properties.get("limit")
            }
        )


def _told(name: str, due_at: datetime | None) -> JsonObject:
    return {"limit_name": name, "due_at": _plain(due_at)}


def _plain(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
