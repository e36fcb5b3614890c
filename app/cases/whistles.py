"""Whistles as their pages show them: the list, one with its departments, the check-in on the spot.

Who may see a whistle: whoever sees its case, and the departments it calls. Steps are ordinary
tasks, worked on by `cases.handling`; the code under the QR code proves that somebody is there.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from app.cases import handling, whistle_answers, whistle_code
from app.cases.frame import Frame, read_frame
from app.cases.whistle_answers import Decided
from app.cases.whistle_code import CodeExpired
from app.cases.whistle_operations import minutes_late
from app.cases.wording import Wording
from app.errors import CaseError, NotFound
from app.organisation.actor import Actor
from app.organisation.permissions import Action, demand
from app.organisation.scope import scope_of
from app.store import case_files, whistles
from app.store.attachments import AttachmentRow
from app.store.db import Connection, reading
from app.store.scope import can_see_case
from app.store.whistles import OpenTaskRow, ReportRow, WhistleLine, WhistleRow

PAGE = 50
CHECK_IN, RECORD, LEAVE = "check_in", "joint_action_record", "give_leave"
STEPS = ("called", "acknowledged", "checked_in", "committed", "delivered")


class NoCheckIn(CaseError):
    """No check-in waits for you here. Open the whistle and see how far your department is."""

    code = "no_check_in"


@dataclass(frozen=True, slots=True)
class OpenStep:
    """An open step of a department, the street or the district, and what it is called."""

    task: OpenTaskRow
    step: str
    may_take: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    """How far a department is; `steps` are open, two of them where it has to come afterwards.

    `late_by`: recorded as absent, it came after all, by whole minutes after the time to be there.
    `presence` is what the street recorded, None before: `absent`, `stays`, `leaves` with its
    consent or `left` without. `asks_leave`: its part is done, and it waits for that consent.
    `photos` show what it delivered, to whoever sees the case.
    """

    report: ReportRow
    since: datetime
    steps: tuple[OpenStep, ...]
    late_by: timedelta | None
    presence: str | None
    photos: Sequence[AttachmentRow]

    @property
    def is_absent(self) -> bool:
        """Tell whether the department let a limit pass and has not made up for it."""
        return is_absent(self.report)

    @property
    def asks_leave(self) -> bool:
        """Tell whether the street has yet to say whether the department may leave."""
        return any(step.task.element_id == LEAVE for step in self.steps)


@dataclass(frozen=True, slots=True)
class Happened:
    """A line of what happened: when, the kind, the department it is about, the reason given."""

    at: datetime
    kind: str
    unit_key: int | None = None
    detail: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WhistlePage:
    """One whistle with everything its page shows. `is_street`: the reader may show its code."""

    frame: Frame
    row: WhistleRow
    case: Mapping[str, Any]
    departments: tuple[Department, ...]
    own_steps: tuple[OpenStep, ...]
    happened: tuple[Happened, ...]
    is_street: bool
    sees_case: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """A whistle in the list with how many departments it called, are through, are absent."""

    line: WhistleLine
    called: int
    delivered: int
    absent: int


@dataclass(frozen=True, slots=True)
class WhistleList:
    """The whistles somebody may see: those running, and those that ended last."""

    frame: Frame
    running: tuple[Listed, ...]
    ended: tuple[Listed, ...]


def read_list(actor: Actor) -> WhistleList:
    """Return the running whistles the actor may see and those that ended last.

    Raises:
        Forbidden: the actor has nothing to do with whistles.
    """
    demand(actor, Action.VIEW_WHISTLES)
    scope = scope_of(actor)
    with reading() as connection:
        return WhistleList(
            frame=read_frame(connection),
            running=tuple(
                _listed(connection, whistles.lines(connection, scope, is_running=True, limit=PAGE))
            ),
            ended=tuple(
                _listed(connection, whistles.lines(connection, scope, is_running=False, limit=PAGE))
            ),
        )


def read_whistle(actor: Actor, key: int, *, language: str) -> WhistlePage:
    """Return one whistle.

    Raises:
        NotFound: there is none, or it is not for this person's eyes.
    """
    with reading() as connection:
        row, reports, sees_case = _seen(connection, actor, key)
        case = case_files.find(connection, row.case_key)
        if case is None:
            raise NotFound(what="whistle", key=key)
        frame = read_frame(connection)
        tasks = whistles.open_tasks(connection, row.instance_key)
        names = _steps(connection, row, tasks, language)
        units = {report.unit_key: frame.directory.unit(report.unit_key).code for report in reports}
        presences = _presences(connection, row)
        photos = whistle_answers.photos(connection, actor, row.instance_key) if sees_case else {}
        decided = whistle_answers.decisions(connection, row.instance_key)
        told = (*_decided(decided, with_reasons=sees_case), *_happened(row, reports))
        return WhistlePage(
            frame=frame,
            row=row,
            case=case,
            departments=tuple(
                Department(
                    report=report,
                    since=_since(report),
                    steps=_open_steps(actor, tasks, names, units[report.unit_key]),
                    late_by=_late_by(row, report),
                    presence=presences.get(units[report.unit_key]),
                    photos=photos.get(units[report.unit_key], ()),
                )
                for report in reports
            ),
            own_steps=_open_steps(actor, tasks, names, None),
            happened=tuple(sorted(told, key=lambda each: each.at)),
            is_street=_is_street(actor, case),
            sees_case=sees_case,
        )


def demand_code(actor: Actor, page: WhistlePage) -> None:
    """Stop whoever may not show the whistle's code: it is the street's to show while it runs.

    Raises:
        NotFound: the code is not for this person's eyes. CodeExpired: the whistle has ended.
    """
    if not page.is_street:
        raise NotFound(what="whistle code", key=page.row.key, person_key=actor.person_key)
    if page.row.ended_at is not None:
        raise CodeExpired(key=page.row.key)


def check_in_by_code(actor: Actor, key: int, code: str) -> int:
    """Check a department in with the code that is shown on the spot; return the unit's key.

    Raises:
        NotFound, CodeExpired, NoCheckIn, ForeignCode: as for finding it.
        CaseBusy, Forbidden, InvalidAnswers: as for completing.
    """
    task, unit_key = _found_by_code(actor, key, code)
    handling.complete_task(
        actor, task.key, {"position": [""], "code": [code]}, seen_version=task.version
    )
    return unit_key


def find_check_in(actor: Actor, key: int, code: str) -> int:
    """Return the unit whose check-in the actor would do with the code.

    Raises:
        NotFound: as for the whistle. CodeExpired: the whistle has ended.
        NoCheckIn: the actor's department has none to do. ForeignCode: it is another whistle's.
    """
    return _found_by_code(actor, key, code)[1]


def is_absent(report: ReportRow) -> bool:
    """Tell whether a department let a limit pass and has not made up for it.

    Who was not there is absent until they come, whatever else they do; who let another limit pass,
    until they do anything.
    """
    if report.absent_step == CHECK_IN:
        return report.checked_in_at is None
    return report.absent_at is not None and _since(report) <= report.absent_at


def _seen(
    connection: Connection, actor: Actor, key: int
) -> tuple[WhistleRow, list[ReportRow], bool]:
    row = whistles.find(connection, key)
    if row is None:
        raise NotFound(what="whistle", key=key)
    reports = whistles.reports(connection, [key])
    scope = scope_of(actor)
    sees_case = can_see_case(connection, scope, row.case_key)
    is_called = not scope.unit_keys.isdisjoint(report.unit_key for report in reports)
    if not sees_case and not is_called:
        raise NotFound(what="whistle", key=key)
    return row, reports, sees_case


def _found_by_code(actor: Actor, key: int, code: str) -> tuple[OpenTaskRow, int]:
    """Return the check-in the code is for, and its unit."""
    with reading() as connection:
        row, _reports, _sees = _seen(connection, actor, key)
        if row.ended_at is not None:
            raise CodeExpired(key=key)
        task = _check_in_of(connection, actor, row)
        whistle_code.demand(code, kept=row.code)
        directory = read_frame(connection).directory
    return task, directory.unit_by_code(task.department or "").key


def _check_in_of(connection: Connection, actor: Actor, row: WhistleRow) -> OpenTaskRow:
    for task in whistles.open_tasks(connection, row.instance_key):
        if task.element_id == CHECK_IN and _may_take(actor, task):
            return task
    raise NoCheckIn(key=row.key)


def _listed(connection: Connection, lines: Sequence[WhistleLine]) -> Iterator[Listed]:
    reports = whistles.reports(connection, [line.row.key for line in lines])
    for line in lines:
        own = [report for report in reports if report.whistle_key == line.row.key]
        delivered = sum(report.state == STEPS[-1] for report in own)
        yield Listed(line, len(own), delivered, sum(is_absent(report) for report in own))


def _steps(
    connection: Connection, row: WhistleRow, tasks: Sequence[OpenTaskRow], language: str
) -> dict[int, str]:
    """Return what each open task is called in the reader's language."""
    wording = Wording(connection, language)
    versions = {
        each.key: each.definition_key for each in case_files.instances(connection, row.case_key)
    }
    version = versions[row.instance_key]
    return {task.key: wording.step(version, task.element_id) for task in tasks}


def _open_steps(
    actor: Actor, tasks: Sequence[OpenTaskRow], names: Mapping[int, str], department: str | None
) -> tuple[OpenStep, ...]:
    """Return the open steps of a department; without one those of street and district."""
    return tuple(
        OpenStep(task, names[task.key], _may_take(actor, task))
        for task in tasks
        if task.department == department
    )


def _late_by(row: WhistleRow, report: ReportRow) -> timedelta | None:
    if report.absent_step != CHECK_IN or report.checked_in_at is None:
        return None
    return timedelta(minutes=minutes_late(report.checked_in_at, row.check_in_by))


def _presences(connection: Connection, row: WhistleRow) -> dict[str, str]:
    """Return what the street's record of this whistle says of each department, by its code."""
    given = whistles.answered(connection, row.instance_key, RECORD).get("attendance")
    lines = [line for line in given if isinstance(line, dict)] if isinstance(given, list) else []
    return {
        str(line.get("department")): str(line["presence"]) for line in lines if line.get("presence")
    }


def _since(report: ReportRow) -> datetime:
    reached: datetime | None = getattr(report, f"{report.state}_at")
    return reached or report.called_at


def _may_take(actor: Actor, task: OpenTaskRow) -> bool:
    return handling.may_take(actor, asdict(task))


def _is_street(actor: Actor, case: Mapping[str, Any]) -> bool:
    """Tell whether the actor blows whistles for the street of the case, or for the district."""
    wanted = {case["street_key"]}
    return any(
        held.role.value in ("street_dispatcher", "street_leader") and held.unit_key in wanted
        for held in actor.positions
    ) or any(held.role.value == "district_dispatcher" for held in actor.positions)


def _decided(decided: Iterator[Decided], *, with_reasons: bool) -> Iterator[Happened]:
    for each in decided:
        reason = each.reason if with_reasons else ""
        yield Happened(each.at, "decided", detail=each.what, reason=reason)


def _happened(row: WhistleRow, reports: Sequence[ReportRow]) -> Iterator[Happened]:
    yield Happened(row.blown_at, "blown")
    if row.called_at is not None:
        yield Happened(row.called_at, "called")
    for report in reports:
        for step in STEPS[1:]:
            at = getattr(report, f"{step}_at")
            if at is not None:
                is_late = step == "checked_in" and report.absent_step == CHECK_IN
                yield Happened(at, "arrived_late" if is_late else step, report.unit_key)
        if report.leave is not None and report.leave_at is not None:
            yield Happened(report.leave_at, "leave", report.unit_key, report.leave)
        if report.absent_at is not None:
            yield Happened(report.absent_at, "absent", report.unit_key, report.absent_step or "")
    if row.ended_at is not None:
        yield Happened(row.ended_at, "ended", detail=row.result or "")
