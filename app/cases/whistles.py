"""Whistles as their pages show them: the list, one with its departments, the check-in on the spot.

Who may see a whistle: whoever sees its case, and the departments it calls. Steps are ordinary
tasks, worked on by `cases.handling`; the code under the QR code proves that somebody is there.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from app.cases import handling
from app.cases.frame import Frame, read_frame
from app.cases.wording import Wording
from app.errors import CaseError, NotFound
from app.organisation.actor import Actor
from app.organisation.permissions import Action, demand
from app.organisation.scope import scope_of
from app.store import case_files, whistles
from app.store.db import Connection, reading
from app.store.scope import can_see_case
from app.store.whistles import OpenTaskRow, ReportRow, WhistleLine, WhistleRow

PAGE = 50
CHECK_IN = "check_in"
STEPS = ("called", "acknowledged", "checked_in", "committed", "delivered")


class NoCheckIn(CaseError):
    """No check-in waits for you here. Open the whistle and see how far your department is."""

    code = "no_check_in"


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    """How far a department is; `task` is what it has to do now, `step` what that is called."""

    report: ReportRow
    since: datetime
    task: OpenTaskRow | None
    step: str
    may_take: bool

    @property
    def is_absent(self) -> bool:
        """Tell whether a limit of the department has passed and it has not moved since."""
        return is_absent(self.report)


@dataclass(frozen=True, slots=True)
class OwnStep:
    """An open step of the street or the district: to approve, screen, record, score."""

    task: OpenTaskRow
    step: str
    may_take: bool


@dataclass(frozen=True, slots=True)
class Happened:
    """A line of what happened: the kind of event, when, and the department it is about."""

    at: datetime
    kind: str
    unit_key: int | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WhistlePage:
    """One whistle with everything its page shows. `is_street`: the reader may show its code."""

    frame: Frame
    row: WhistleRow
    case: Mapping[str, Any]
    departments: tuple[Department, ...]
    own_steps: tuple[OwnStep, ...]
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
        return WhistlePage(
            frame=frame,
            row=row,
            case=case,
            departments=tuple(
                _department(actor, report, units[report.unit_key], tasks, names)
                for report in reports
            ),
            own_steps=tuple(
                OwnStep(task, names[task.key], _may_take(actor, task))
                for task in tasks
                if task.department is None
            ),
            happened=tuple(sorted(_happened(row, reports), key=lambda each: each.at)),
            is_street=_is_street(actor, case),
            sees_case=sees_case,
        )


def demand_street(actor: Actor, page: WhistlePage) -> None:
    """Stop whoever may not show the whistle's code: it is the street's to show.

    Raises:
        NotFound: the code is not for this person's eyes.
    """
    if not page.is_street:
        raise NotFound(what="whistle code", key=page.row.key, person_key=actor.person_key)


def check_in_by_code(actor: Actor, key: int, code: str) -> None:
    """Check a department in with the code that is shown on the spot.

    Raises:
        NotFound: as for the whistle. NoCheckIn: the actor's department has none to do.
        CaseBusy, Forbidden, InvalidAnswers: as for completing.
    """
    with reading() as connection:
        row, _reports, _sees = _seen(connection, actor, key)
        task = _check_in_of(connection, actor, row)
    handling.complete_task(
        actor, task.key, {"position": [""], "code": [code]}, seen_version=task.version
    )


def find_check_in(actor: Actor, key: int) -> int:
    """Return the unit whose check-in the actor would do with the code.

    Raises:
        NotFound: as for the whistle. NoCheckIn: there is none.
    """
    with reading() as connection:
        row, _reports, _sees = _seen(connection, actor, key)
        task = _check_in_of(connection, actor, row)
        directory = read_frame(connection).directory
    return directory.unit_by_code(task.department or "").key


def is_absent(report: ReportRow) -> bool:
    """Tell whether a limit has passed and the department has done nothing since."""
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


def _department(
    actor: Actor,
    report: ReportRow,
    code: str,
    tasks: Sequence[OpenTaskRow],
    names: Mapping[int, str],
) -> Department:
    task = next((each for each in tasks if each.department == code), None)
    return Department(
        report=report,
        since=_since(report),
        task=task,
        step=names[task.key] if task else "",
        may_take=task is not None and _may_take(actor, task),
    )


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


def _happened(row: WhistleRow, reports: Sequence[ReportRow]) -> Iterator[Happened]:
    yield Happened(row.blown_at, "blown")
    if row.called_at is not None:
        yield Happened(row.called_at, "called")
    for report in reports:
        for step in STEPS[1:]:
            at = getattr(report, f"{step}_at")
            if at is not None:
                yield Happened(at, step, report.unit_key)
        if report.absent_at is not None:
            yield Happened(report.absent_at, "absent", report.unit_key, report.absent_step or "")
    if row.ended_at is not None:
        yield Happened(row.ended_at, "ended", detail=row.result or "")
