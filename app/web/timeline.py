"""The journal in plain words: one sentence for each kind of line, in the language of the page."""

from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Flask
from flask_babel import gettext, lazy_gettext

from app.cases.story import Line
from app.json_types import JsonObject
from app.web.pages import unit_names
from app.web.terms import term
from app.web.times import absolute, span

SENTENCES = {
    "reported": lazy_gettext("The case was reported (%(channel)s)."),
    "located": lazy_gettext("The place was found."),
    "reporter_hidden": lazy_gettext(
        "The case became confidential: who reported it was taken out of what was written."
    ),
    "facts_recorded": lazy_gettext("Facts were recorded: %(facts)s."),
    "facts_corrected": lazy_gettext("%(who)s corrected facts: %(facts)s."),
    "established": lazy_gettext("The case was established."),
    "established_due": lazy_gettext("The case was established, to be handled by %(due)s."),
    "limit_recounted": lazy_gettext("The limit %(limit)s was counted again: %(due)s."),
    "limit_confirmed": lazy_gettext("The limit %(limit)s is certain now: %(due)s."),
    "limit_set": lazy_gettext("A limit was set (%(name)s): %(due)s."),
    "limit_changed": lazy_gettext("A limit was changed (%(name)s): %(due)s."),
    "limit_paused": lazy_gettext("A limit was paused (%(name)s)."),
    "limit_resumed": lazy_gettext("A limit goes on (%(name)s): %(due)s."),
    "contact_recorded": lazy_gettext("The reporter was spoken to."),
    "handling_reopened": lazy_gettext("Handling was taken up again, to be done by %(due)s."),
    "phase_fired": lazy_gettext("The limit clock told those who answer for the case."),
    "phase_fired_card": lazy_gettext("The limit clock told those who answer for it: %(card)s."),
    "task_offered": lazy_gettext("“%(step)s” was offered to %(offers)s."),
    "task_claimed": lazy_gettext("%(who)s claimed “%(step)s”."),
    "task_released": lazy_gettext("%(who)s released “%(step)s”."),
    "task_reassigned": lazy_gettext("%(who)s gave “%(step)s” to %(other)s: %(reason)s"),
    "task_delegated": lazy_gettext("%(who)s passed “%(step)s” on to %(other)s."),
    "task_delegated_because": lazy_gettext("%(who)s passed “%(step)s” on to %(other)s: %(reason)s"),
    "task_taken_over": lazy_gettext("%(who)s took over “%(step)s”."),
    "task_taken_back": lazy_gettext("%(who)s took “%(step)s” back."),
    "assignment_undone": lazy_gettext("%(who)s undid it: “%(step)s” is with %(other)s again."),
    "task_completed": lazy_gettext("%(who)s completed “%(step)s”."),
    "task_canceled": lazy_gettext("“%(step)s” was taken back."),
    "decision_taken": lazy_gettext("The table “%(table)s” decided."),
    "timer_fired": lazy_gettext("The time for “%(step)s” had come."),
    "auto_signed": lazy_gettext("Nobody signed in time: it counts as signed for."),
    "sample_drawn": lazy_gettext("The case is not in the sample to be checked on the spot."),
    "sample_drawn_in": lazy_gettext("The case is in the sample to be checked on the spot."),
    "distance_measured": lazy_gettext("The distance to the place is not known."),
    "distance_measured_m": lazy_gettext("Checked %(metres)s m from the place."),
    "linked_case_opened": lazy_gettext("Case %(number)s goes on with the matter."),
    "handled": lazy_gettext("The case was handled."),
    "handled_in_time": lazy_gettext("The case was handled in time."),
    "handled_late": lazy_gettext("The case was handled late."),
    "closed": lazy_gettext("The case was closed: %(outcome)s."),
    "rating_received": lazy_gettext("The reporter sent a rating."),
    "rating_dropped": lazy_gettext(
        "The rating from before is dropped: the reporter may rate what is done now."
    ),
    "question_answered": lazy_gettext("The reporter answered the question."),
    "rejection_appealed": lazy_gettext("The reporter appealed against the rejection."),
    "withdrawal_asked": lazy_gettext("The reporter asked to withdraw the case."),
    "reopening_asked": lazy_gettext("The reporter asked to take the case up again."),
    "facts_added": lazy_gettext("The reporter added facts or photos."),
    "urged": lazy_gettext("The reporter urged the case on."),
    "rated": lazy_gettext("Rated by the reporter: %(grade)s."),
    "rated_on_the_spot": lazy_gettext("Rated by the reporter on the spot: %(grade)s."),
    "not_evaluated": lazy_gettext("The case was not evaluated."),
    "called_back": lazy_gettext("The reporter was called back. %(resolved)s, grade: %(grade)s."),
    "not_reached": lazy_gettext("The reporter could not be reached."),
    "reworked_often": lazy_gettext("Sent back %(count)s times: those the rules name were told."),
    "reopened_often": lazy_gettext("Reopened %(count)s times: those the rules name were told."),
    "supervision_needed": lazy_gettext("A bad rating was not put right: supervision is asked for."),
    "whistle_blown": lazy_gettext("The street blew the whistle: %(kind)s."),
    "departments_called": lazy_gettext("Departments were called: %(units)s."),
    "department_acknowledged": lazy_gettext("%(units)s acknowledged the whistle."),
    "department_checked_in": lazy_gettext("%(units)s checked in on the spot."),
    "department_checked_in_late": lazy_gettext(
        "%(units)s checked in %(span)s late; the absence stays on record."
    ),
    "department_wrong_code": lazy_gettext("%(units)s gave a code that is not this whistle’s."),
    "department_too_far": lazy_gettext("%(units)s checked in too far from the place."),
    "department_committed": lazy_gettext("%(units)s committed itself."),
    "department_delivered": lazy_gettext("%(units)s delivered."),
    "department_absent": lazy_gettext("%(units)s let a limit pass (%(absent)s)."),
    "department_leave_consented": lazy_gettext("The street consents that %(units)s leaves."),
    "department_leave_refused": lazy_gettext(
        "The street does not let %(units)s go yet: something is missing."
    ),
    "department_leave_unconsented": lazy_gettext(
        "%(units)s left without the consent of the street."
    ),
    "joint_action_recorded": lazy_gettext("The joint action was recorded."),
    "whistle_unresolved": lazy_gettext("The whistle was not settled in time."),
    "reminded": lazy_gettext("A reminder was sent: “%(step)s” still waits."),
    "leadership_decided": lazy_gettext("The leadership gave its instruction."),
    "leadership_decided_lead": lazy_gettext(
        "The leadership gave its instruction: %(units)s takes the lead."
    ),
    "leadership_decided_due": lazy_gettext(
        "The leadership gave its instruction, to be done by %(due)s."
    ),
    "leadership_decided_lead_due": lazy_gettext(
        "The leadership gave its instruction: %(units)s takes the lead, to be done by %(due)s."
    ),
    "departments_scored": lazy_gettext("The street scored the departments."),
    "whistle_ended": lazy_gettext("The whistle ended: %(result)s."),
    "reporter_told": lazy_gettext("The reporters were told."),
    "process_started": lazy_gettext("Another process began: %(process)s."),
    "message_received": lazy_gettext("A message arrived: %(message)s."),
    "remark_added": lazy_gettext("%(who)s commented (%(visibility)s)."),
    "files_added": lazy_gettext("%(who)s added files: %(count)s (%(visibility)s)."),
    "reporter_read": lazy_gettext("%(who)s read the reporters in full."),
    "incident_retried": lazy_gettext("%(who)s had it tried again: %(incident)s."),
    "incident_settled": lazy_gettext("%(who)s settled it: %(incident)s."),
    "slip_printed": lazy_gettext("%(who)s printed the rating slip."),
}


def init(app: Flask) -> None:
    """Make `told(line)` known to templates."""
    app.jinja_env.globals["told"] = told


def told(line: Line) -> str:
    """Return what happened as a sentence; a kind nobody knows is shown by its name."""
    sentence = SENTENCES.get(_variant(line))
    return line.row.kind if sentence is None else str(sentence) % _blanks(line)


_MORE_IS_KNOWN: dict[str, tuple[str, Callable[[JsonObject], object]]] = {
    "established": ("established_due", lambda data: data.get("due_at")),
    "sample_drawn": ("sample_drawn_in", lambda data: data.get("is_sampled")),
    "distance_measured": (
        "distance_measured_m",
        lambda data: data.get("distance_m") is not None,
    ),
    "rated": ("rated_on_the_spot", lambda data: data.get("kind") == "device"),
    "limit_recounted": ("limit_confirmed", lambda data: data.get("from") == data.get("to")),
    "phase_fired": ("phase_fired_card", lambda data: data.get("card")),
    "department_checked_in": (
        "department_checked_in_late",
        lambda data: data.get("late_minutes"),
    ),
}
"""Kinds that have another sentence where their line says more, and when it does."""


def _variant(line: Line) -> str:
    kind, data = line.row.kind, line.row.data
    if kind in _MORE_IS_KNOWN:
        other, is_known = _MORE_IS_KNOWN[kind]
        return other if is_known(data) else kind
    if kind == "handled" and "in_time" in data:
        return "handled_in_time" if data["in_time"] else "handled_late"
    if kind == "task_delegated" and line.reason:
        return "task_delegated_because"
    if kind == "leadership_decided":
        return kind + "_lead" * bool(data.get("units")) + "_due" * bool(data.get("due_at"))
    return kind


def _blanks(line: Line) -> dict[str, str]:
    data = line.row.data
    facts, comma = data.get("facts"), gettext(", ")
    return {
        "who": who(line),
        "step": line.step,
        "offers": gettext("; ").join(line.offers) or gettext("nobody"),
        "channel": term("channel", data.get("channel")),
        "facts": comma.join(term("fact", name) for name in facts)
        if isinstance(facts, list)
        else "",
        "due": _instant(data.get("due_at") or data.get("to")),
        "limit": str(data.get("limit") or ""),
        "name": term("limit", data.get("limit_name")),
        "card": term("card", data.get("card")),
        "table": comma.join(reason.table for reason in line.reasons) or line.step,
        "outcome": term("outcome", data.get("outcome")),
        "grade": term("grade", data.get("grade")),
        "units": unit_names(data.get("units")),
        "kind": term("whistle_kind", data.get("kind")),
        "absent": term("whistle_absent", data.get("step")),
        "result": term("whistle_result", data.get("result")),
        "resolved": term("resolved", data.get("resolved")),
        "metres": str(data.get("distance_m")),
        "span": span(timedelta(minutes=int(str(data.get("late_minutes") or 0)))),
        "number": str(data.get("number") or ""),
        "incident": term("incident", data.get("incident")),
        "message": term("message", data.get("message")),
        "process": line.process,
        "other": line.other,
        "reason": line.reason,
        "visibility": term("visibility", data.get("visibility")),
        "count": str(data.get("count") or ""),
    }


def who(line: Line) -> str:
    """Return who did it, in which position, and for whom."""
    if not line.person:
        return str(gettext("The system"))
    known = {"name": line.person, "position": line.position, "other": line.on_behalf_of}
    if line.position and line.on_behalf_of:
        return str(gettext("%(name)s (%(position)s, for %(other)s)", **known))
    return str(gettext("%(name)s (%(position)s)", **known)) if line.position else line.person


def _instant(value: object) -> str:
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return ""
    return absolute(found) if found.tzinfo else ""
