"""Operations of a street whistle: registered, departments called, reports, absence, scores, result.

Each takes the locked work and the pending job and returns the job's variables, as in
`cases.case_operations`. What a department did is kept as its row, never as state of the instance.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from enum import StrEnum
from math import asin, ceil, cos, radians, sin, sqrt
from typing import Any, Final

from app.cases import telling, whistle_code
from app.cases.job_inputs import WrongOperationInput, instant, text
from app.cases.work import Work
from app.engine.progress import PendingJob
from app.errors import CaseError
from app.forms.points import DEVICE
from app.json_types import Json, JsonObject
from app.store import whistles
from app.store.whistles import REPORT_COLUMNS, WHISTLE_COLUMNS

EARTH_METRES = 6_371_000
SCORES = ("timely", "attended", "solved")
NOT_THERE = "check_in"
ABSENT, UNRESOLVED, LEFT = "whistle_absent", "whistle_unresolved", "whistle_left"
DECIDED = "leadership_decided"


class ReportState(StrEnum):
    """How far a department has come."""

    CALLED = "called"
    ACKNOWLEDGED = "acknowledged"
    CHECKED_IN = "checked_in"
    COMMITTED = "committed"
    DELIVERED = "delivered"


class Leave(StrEnum):
    """What the street says of a department that leaves; unconsented: it has left all the same."""

    CONSENTED = "consented"
    REFUSED = "refused"
    UNCONSENTED = "unconsented"


RECORDED_LEAVES: Final = {"leaves": Leave.CONSENTED, "left": Leave.UNCONSENTED}


class NoWhistle(CaseError):
    """No whistle has called {department!r}: draw its call before {operation}."""

    code = "no_whistle"


def open_whistle(work: Work, job: PendingJob) -> JsonObject:
    """Register the whistle: `kind`, `need`, `expected`, `basis`, `legal_basis`, `meet_at` …"""
    blower = text(job, "blower")
    row: dict[str, Any] = dict.fromkeys(WHISTLE_COLUMNS)
    row |= {
        "key": work.tx.next_key(),
        "case_key": work.case_key,
        "instance_key": work.instance_key,
        "kind": text(job, "kind"),
        "need": text(job, "need") or "",
        "expected": text(job, "expected"),
        "basis": text(job, "basis"),
        "legal_basis": text(job, "legal_basis"),
        "meet_at": instant(job, "meet_at"),
        "code": whistle_code.new(),
        "blown_by": int(blower) if blower else None,
        "blown_at": work.now,
    }
    work.whistles[work.instance_key] = row
    work.note("whistle_blown", {"kind": row["kind"]}, element_id=job.element_id)
    return {}


def call_departments(work: Work, job: PendingJob) -> JsonObject:
    """Call the `departments` (codes) to be there by `check_in_by`; each gets a row of its own."""
    row = _whistle(work, job)
    codes = _codes(job)
    row["called_at"] = work.now
    row["check_in_by"] = instant(job, "check_in_by")
    for code in codes:
        unit_key = work.directory.unit_by_code(code).key
        report: dict[str, Any] = dict.fromkeys(REPORT_COLUMNS)
        report |= {
            "key": work.tx.next_key(),
            "whistle_key": row["key"],
            "unit_key": unit_key,
            "state": ReportState.CALLED.value,
            "called_at": work.now,
        }
        work.whistle_reports[unit_key] = report
    units: list[Json] = [*codes]
    work.note("departments_called", {"units": units}, element_id=job.element_id)
    return {}


def record_report(work: Work, job: PendingJob) -> JsonObject:
    """Keep that a `department` reached a `state`, with `who`, `tasks`, `owner`, `promised_at` …

    Returns `is_there`, whether it came to the spot, and `leave`: what the street said of its
    leaving, null where nothing is said or something was missing.
    """
    report = _report(work, job)
    state = _state(job)
    _reach(report, state, work.now)
    for name in ("who", "tasks", "owner", "outcome"):
        if name in job.inputs:
            report[name] = text(job, name)
    if "promised_at" in job.inputs:
        report["promised_at"] = instant(job, "promised_at")
    _note_report(work, job, f"department_{state.value}")
    leave = None if report["leave"] == Leave.REFUSED else report["leave"]
    return {"is_there": report["checked_in_at"] is not None, "leave": leave}


def check_presence(work: Work, job: PendingJob) -> JsonObject:
    """Tell whether a `department` is there: by the whistle's `code`, or `allowed_m` from the place.

    Where nobody knows the place on the map, a position that was given counts. Returns `is_there`,
    `distance_m` (null when unknown), `is_code_right` (null where none was given) and `is_late`:
    the department's absence is on record, and stays there. The code is not kept with the answers.
    """
    row, report = _whistle(work, job), _report(work, job)
    point = _point(job)
    distance = _distance(work, point)
    is_right = _is_right(row, text(job, "code"))
    allowed = job.inputs.get("allowed_m")
    is_near = point is not None and (distance is None or distance <= int(str(allowed)))
    is_there, is_late = is_right is True or is_near, report["absent_step"] == NOT_THERE
    _forget_code(work)
    if is_there:
        _reach(report, ReportState.CHECKED_IN, work.now)
        report["distance_m"], report["proof"] = distance, _proof(job, is_right=is_right is True)
        report["latitude"], report["longitude"] = point or (None, None)
        minutes = minutes_late(work.now, row["check_in_by"])
        late: dict[str, Json] = {"late_minutes": minutes} if is_late else {}
        _note_report(work, job, "department_checked_in", **late)
    elif point is None:
        _note_report(work, job, "department_wrong_code")
    else:
        _note_report(work, job, "department_too_far", distance=distance)
    return {
        "is_there": is_there,
        "distance_m": distance,
        "is_code_right": is_right,
        "is_late": is_late,
    }


def record_absence(work: Work, job: PendingJob) -> JsonObject:
    """Keep that a `department` let the limit of a `step` pass, and tell the roles in `tell`.

    A role of a department is told in the one that is late. Who was not there stays so, whatever
    limit passes after that.
    """
    report, step = _report(work, job), text(job, "step")
    if report["absent_step"] != NOT_THERE:
        report["absent_at"], report["absent_step"] = work.now, step
    _note_report(work, job, "department_absent", step=step)
    params: JsonObject = {"element_id": job.element_id, "department": text(job, "department")}
    telling.tell(work, job, ABSENT, params, department_key=report["unit_key"])
    return {}


def record_leave(work: Work, job: PendingJob) -> JsonObject:
    """Keep what the street says of a `department` that wants to leave: `leave`, a code of `Leave`.

    Where it is refused the department has not delivered yet. Of one that left all the same the
    roles in `tell` are told, as of an absence.
    """
    _say_leave(work, job, _leave(job), text(job, "department") or "")
    return {}


def record_joint_action(work: Work, job: PendingJob) -> JsonObject:
    """Keep the `minutes` of the joint action, its `decisions` and the `result` the street sees.

    In `attendance`, a list of `department` and `presence`, "leaves" is the consent of the street
    and "left" that a department left without; of these the roles in `tell` are told.
    """
    row = _whistle(work, job)
    for name in ("minutes", "decisions", "result"):
        row[name] = text(job, name)
    work.note("joint_action_recorded", element_id=job.element_id)
    given = job.inputs.get("attendance")
    for line in given if isinstance(given, list) else []:
        if isinstance(line, dict) and line.get("presence") in RECORDED_LEAVES:
            leave = RECORDED_LEAVES[str(line["presence"])]
            _say_leave(work, job, leave, str(line["department"]))
    return {}


def read_record(work: Work, job: PendingJob) -> JsonObject:
    """Return the `result` the street recorded of this whistle, else `unresolved`."""
    return {"result": _whistle(work, job)["result"] or "unresolved"}


def report_unresolved(work: Work, job: PendingJob) -> JsonObject:
    """Tell the roles in `tell` that what the whistle was blown for was not settled in time."""
    telling.tell(work, job, UNRESOLVED, {"element_id": job.element_id})
    work.note("whistle_unresolved", element_id=job.element_id)
    return {}


def record_scores(work: Work, job: PendingJob) -> JsonObject:
    """Keep the `scores`: a list with `department`, `timely`, `attended`, `solved`, each 0 to 5."""
    given = job.inputs.get("scores")
    for scored in given if isinstance(given, list) else []:
        if isinstance(scored, dict) and scored.get("department"):
            report = _report(work, job, code=str(scored["department"]))
            for name in SCORES:
                report[name] = _score(job, scored.get(name))
    work.note("departments_scored", element_id=job.element_id)
    return {}


def end_whistle(work: Work, job: PendingJob) -> JsonObject:
    """Keep how the whistle ended: its `result`. One that was never blown leaves no row.

    Returns `left_units`, the codes of the departments that left without the street's consent, and
    the `decisions` of its record, null without one.
    """
    row = _kept(work)
    left: list[Json] = []
    if row is not None:
        row["result"], row["ended_at"] = text(job, "result"), work.now
        left = [*_left_units(work, row["key"])]
    work.note("whistle_ended", {"result": text(job, "result")}, element_id=job.element_id)
    return {"left_units": left, "decisions": row["decisions"] if row is not None else None}


def record_instruction(work: Work, job: PendingJob) -> JsonObject:
    """Keep the `instruction` of the leadership as a comment departments read, and tell of it.

    `lead_unit` (a code, or null) and `due` stand in the journal. A role of a department in `tell`
    is told in the one that leads, else in that of the case.
    """
    lead, due = text(job, "lead_unit"), instant(job, "due")
    work.remarks.append(_instruction(work, text(job, "instruction") or ""))
    units: list[Json] = [lead] if lead else []
    data: JsonObject = {"units": units, "due_at": due.isoformat() if due else None}
    work.note(DECIDED, data, element_id=job.element_id)
    lead_key = work.directory.unit_by_code(lead).key if lead else None
    telling.tell(work, job, DECIDED, {"element_id": job.element_id}, department_key=lead_key)
    return {}


OPERATIONS: Final[dict[str, Callable[[Work, PendingJob], JsonObject]]] = {
    "open_whistle": open_whistle,
    "call_departments": call_departments,
    "record_report": record_report,
    "check_presence": check_presence,
    "record_absence": record_absence,
    "record_leave": record_leave,
    "record_joint_action": record_joint_action,
    "read_record": read_record,
    "report_unresolved": report_unresolved,
    "record_scores": record_scores,
    "end_whistle": end_whistle,
    "record_instruction": record_instruction,
}


def minutes_late(came_at: datetime, due_at: datetime | None) -> int:
    """Return how many minutes late somebody came, begun ones counted; 0 if nothing was due."""
    return ceil((came_at - due_at).total_seconds() / 60) if due_at else 0


def metres_between(one: tuple[float, float], other: tuple[float, float]) -> int:
    """Return the distance of two points (latitude, longitude) on the globe in whole metres."""
    (lat_one, lon_one), (lat_two, lon_two) = (
        (radians(latitude), radians(longitude)) for latitude, longitude in (one, other)
    )
    half = sin((lat_two - lat_one) / 2) ** 2
    half += cos(lat_one) * cos(lat_two) * sin((lon_two - lon_one) / 2) ** 2
    return round(2 * EARTH_METRES * asin(min(1.0, sqrt(half))))


def _kept(work: Work) -> dict[str, Any] | None:
    """Return the whistle's row, to be changed in place; None when it was not registered."""
    found = work.whistles.get(work.instance_key)
    if found is None:
        found = whistles.of_instance(work.tx.connection, work.instance_key)
        if found is not None:
            work.whistles[work.instance_key] = found
    return found


def _whistle(work: Work, job: PendingJob) -> dict[str, Any]:
    found = _kept(work)
    if found is None:
        raise NoWhistle(operation=job.job_type, department=text(job, "department"))
    return found


def _report(work: Work, job: PendingJob, *, code: str | None = None) -> dict[str, Any]:
    """Return the row of the job's department, to be changed in place."""
    wanted = code or text(job, "department") or ""
    unit_key = work.directory.unit_by_code(wanted).key
    found = work.whistle_reports.get(unit_key)
    if found is None:
        found = whistles.report_of(work.tx.connection, _whistle(work, job)["key"], unit_key)
        if found is None:
            raise NoWhistle(operation=job.job_type, department=wanted)
        work.whistle_reports[unit_key] = found
    return found


def _leave(job: PendingJob) -> Leave:
    given = text(job, "leave")
    if given not in set(Leave):
        raise _wrong(job, "leave", " or ".join(Leave))
    return Leave(given)


def _say_leave(work: Work, job: PendingJob, leave: Leave, code: str) -> None:
    """Keep what the street says of a department's leaving; what is kept as its last word stays."""
    report = _report(work, job, code=code)
    if report["leave"] in (Leave.CONSENTED, Leave.UNCONSENTED):
        return
    report["leave"], report["leave_at"] = leave.value, work.now
    work.note(f"department_leave_{leave.value}", {"units": [code]}, element_id=job.element_id)
    if leave is Leave.REFUSED:
        report["delivered_at"] = None
        reached = [each for each in ReportState if report[f"{each.value}_at"] is not None]
        report["state"] = reached[-1].value
    elif leave is Leave.UNCONSENTED:
        params: JsonObject = {"element_id": job.element_id, "department": code}
        telling.tell(work, job, LEFT, params, department_key=report["unit_key"])


def _left_units(work: Work, whistle_key: int) -> Iterator[str]:
    """Return the departments that left without consent, as they are kept after this step."""
    kept = {
        report.unit_key: report.leave
        for report in whistles.reports(work.tx.connection, [whistle_key])
    }
    kept |= {unit_key: report["leave"] for unit_key, report in work.whistle_reports.items()}
    for unit_key, leave in kept.items():
        if leave == Leave.UNCONSENTED:
            yield work.directory.unit(unit_key).code


def _instruction(work: Work, body: str) -> dict[str, Any]:
    return {
        "key": work.tx.next_key(),
        "case_key": work.case_key,
        "kind": "comment",
        "visibility": "departments",
        "body": body,
        "person_key": work.hand.person_key,
        "position_key": work.hand.position_key,
        "reporter_key": None,
        "at": work.now,
    }


def _codes(job: PendingJob) -> list[str]:
    given = job.inputs.get("departments")
    if not isinstance(given, list) or not given:
        raise _wrong(job, "departments", "a list of unit codes")
    return list(dict.fromkeys(str(code) for code in given))


def _state(job: PendingJob) -> ReportState:
    given = text(job, "state")
    if given not in set(ReportState):
        raise _wrong(job, "state", " or ".join(ReportState))
    return ReportState(given)


def _reach(report: dict[str, Any], state: ReportState, at: datetime) -> None:
    """Keep when a state was reached; the report is as far as its furthest, whatever came late."""
    states = list(ReportState)
    report[f"{state.value}_at"] = at
    if states.index(state) > states.index(ReportState(report["state"])):
        report["state"] = state.value


def _is_right(row: dict[str, Any], given: str | None) -> bool | None:
    if not given:
        return None
    return whistle_code.is_right(given, kept=row["code"], ended_at=row["ended_at"])


def _forget_code(work: Work) -> None:
    """Take the code out of the answers: whoever reads the case could pretend to be there."""
    element_id = work.task["element_id"] if work.task else ""
    answers = work.case["answers"].get(element_id)
    if answers and "code" in answers:
        silent = {**answers, "code": None}
        work.answer(element_id, silent)
        for kept in work.submissions:
            if kept["element_id"] == element_id:
                kept["answers"] = silent


def _score(job: PendingJob, value: Json) -> int | None:
    if value is None:
        return None
    if not str(value).isdecimal() or int(str(value)) > 5:
        raise _wrong(job, "scores", "numbers from 0 to 5")
    return int(str(value))


def _point(job: PendingJob) -> tuple[float, float] | None:
    given = job.inputs.get("position")
    if not isinstance(given, dict):
        return None
    latitude, longitude = given.get("lat"), given.get("lon")
    if isinstance(latitude, int | float) and isinstance(longitude, int | float):
        return float(latitude), float(longitude)
    return None


def _proof(job: PendingJob, *, is_right: bool) -> str:
    """Return by what a department proves it is there; "stated" is a position given by hand."""
    if is_right:
        return "code"
    given = job.inputs.get("position")
    source = given.get("source", DEVICE) if isinstance(given, dict) else DEVICE
    return "position" if source == DEVICE else "stated"


def _distance(work: Work, point: tuple[float, float] | None) -> int | None:
    place = work.case["latitude"], work.case["longitude"]
    if point is None or None in place:
        return None
    return metres_between(point, place)


def _note_report(work: Work, job: PendingJob, kind: str, **more: Json) -> None:
    units: list[Json] = [text(job, "department")]
    work.note(kind, {"units": units, **more}, element_id=job.element_id)


def _wrong(job: PendingJob, name: str, needed: str) -> WrongOperationInput:
    return WrongOperationInput(
        name=name, value=job.inputs.get(name), operation=job.job_type, needed=needed
    )
