"""Registering a case by the staff: on patrol, at a desk, or while somebody tells it by telephone.

The form is the one everybody reports with (`cases.start_form`); it is told that the staff fills it
in, by which channel (`cases.staff_channels`), and whether a resident may stand behind it. The page
of the staff calls this.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from app.cases import inbox, start_form, tokens
from app.cases.facts import SEVERITIES
from app.cases.frame import Frame, read_frame
from app.cases.handling import may_take
from app.cases.intake import Report
from app.cases.staff_channels import RESIDENT, SELF, way_of
from app.cases.start_form import Judged, Known, Sending, StartPage
from app.cases.task_view import Typed
from app.cases.wording import Wording
from app.errors import Forbidden, NotFound
from app.organisation.actor import Actor, HeldPosition
from app.organisation.directory import Directory
from app.organisation.permissions import ROLES_FOR, Action, allows, demand, positions_with
from app.organisation.scope import scope_of
from app.organisation.units import UnitKind
from app.store import case_files
from app.store.case_files import TaskRow
from app.store.db import Connection, reading


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterPage:
    """The form, the positions in which the person may register, and the one they act in."""

    start: StartPage
    positions: tuple[HeldPosition, ...]
    position: HeldPosition

    @property
    def frame(self) -> Frame:
        """The frame the form was read in."""
        return self.start.frame


@dataclass(frozen=True, slots=True)
class Registered:
    """A case that was registered; `task_key` is what whoever settled it themselves does next."""

    case_key: int
    number: str
    task_key: int | None = None


@dataclass(frozen=True, slots=True)
class NextStep:
    """What the case waits for: a step in words, its task, whether it is the reader's to do."""

    step: str
    task: TaskRow
    is_own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptPage:
    """What there is to say of a case just registered.

    `token` and `code` are the reporter's, to be read to them; both None where nobody but the staff
    noticed the matter.
    """

    frame: Frame
    case: Mapping[str, Any]
    steps: tuple[NextStep, ...]
    token: str | None
    code: str | None


def read_form(
    actor: Actor,
    *,
    position_key: int | None,
    language: str,
    upload_group: str,
    typed: Typed | None = None,
    has_messages: bool = False,
) -> RegisterPage:
    """Return the form for one of the actor's positions; with `typed`, as it was sent.

    A position that is not (or no longer) theirs gives way to their first one.

    Raises:
        Forbidden: the actor registers no cases. NothingDeployed: see `cases.start_form`.
    """
    demand(actor, Action.REPORT_CASE)
    positions = positions_with(actor, Action.REPORT_CASE)
    position = next((each for each in positions if each.position_key == position_key), positions[0])
    known = _known(position, has_messages=has_messages)
    return RegisterPage(
        start=start_form.read_page(
            known,
            language=language,
            upload_group=upload_group,
            typed=typed,
            scope=scope_of(actor) if allows(actor, Action.VIEW_CASES) else None,
        ),
        positions=positions,
        position=position,
    )


def register(actor: Actor, sending: Sending, *, position_key: int | None) -> Registered:
    """Judge the answers and open the case; a repeated post gets the first one's.

    Raises:
        Forbidden: the actor does not hold that position, or registers no cases in it.
        InvalidAnswers: the form comes back with every error at once.
        NothingDeployed: see `cases.intake`. NoChannel: see `cases.staff_channels`.
    """
    position = _acting(actor, position_key)
    known = _known(position, has_messages=sending.has_messages)
    found = start_form.judged(sending, known, channel=str(known["channel"]))
    found = replace(found, report=_completed(found, position))
    receipt = start_form.send(found, client_key=sending.client_key, actor=actor, position=position)
    is_next = found.report.self_handled
    return Registered(
        case_key=receipt.case_key,
        number=receipt.number,
        task_key=inbox.next_of_case(actor, receipt.case_key) if is_next else None,
    )


def read_receipt(actor: Actor, case_key: int, *, language: str) -> ReceiptPage:
    """Return what is to be said of a case that the actor registered.

    Raises:
        NotFound: they registered no such case.
    """
    demand(actor, Action.REPORT_CASE)
    with reading() as connection:
        case = case_files.find(connection, case_key)
        if case is None or case["reported_by"] != actor.person_key:
            raise NotFound(what="case", key=case_key)
        reporter_key = _resident_behind(connection, actor, case_key)
        return ReceiptPage(
            frame=read_frame(connection),
            case=case,
            steps=tuple(_steps(connection, actor, case_key, language)),
            token=tokens.for_reporter(connection, reporter_key) if reporter_key else None,
            code=tokens.query_code(connection, reporter_key) if reporter_key else None,
        )


def _acting(actor: Actor, position_key: int | None) -> HeldPosition:
    demand(actor, Action.REPORT_CASE)
    positions = positions_with(actor, Action.REPORT_CASE)
    for each in positions:
        if each.position_key == position_key or (position_key is None and len(positions) == 1):
            return each
    raise Forbidden(action=Action.REPORT_CASE.value, position=position_key)


def _may_speak_for_residents(position: HeldPosition) -> bool:
    return position.role in ROLES_FOR[Action.REPORT_FOR_RESIDENT]


def _known(position: HeldPosition, *, has_messages: bool) -> Known:
    """Return what the form sees; `noticed_by` and `community` are what it starts from."""
    with reading() as connection:
        frame = read_frame(connection)
        way = way_of(connection, position.role, is_told=None, frame=frame)
    community = _own_unit(position, UnitKind.COMMUNITY, frame.directory)
    for_resident = _may_speak_for_residents(position)
    return {
        "is_staff": True,
        "channel": way.channel,
        "for_resident": for_resident,
        "noticed_by": way.noticed_by if for_resident else SELF,
        "community": None if community is None else frame.directory.unit(community).code,
        "has_messages": has_messages,
    }


def _completed(found: Judged, position: HeldPosition) -> Report:
    """Return the report with what only the staff says, and what follows from who says it."""
    answers, report = found.answers, found.report
    if not _may_speak_for_residents(position):
        report = _without_reporter(report)
    severity = answers.get("severity")
    is_told = answers.get("noticed_by") == RESIDENT or not report.is_anonymous
    with reading() as connection:
        frame = read_frame(connection)
        way = way_of(connection, position.role, is_told=is_told, frame=frame)
    language = answers.get("reporter_language")
    completed = replace(
        report,
        language=language if isinstance(language, str) else report.language,
        channel=way.channel,
        severity=severity if severity in SEVERITIES else report.severity,
        self_handled=answers.get("self_handled") is True,
    )
    return _placed(completed, position, frame.directory)


def _without_reporter(report: Report) -> Report:
    return replace(
        report, is_anonymous=True, has_consented=False, name=None, phone=None, email=None
    )


def _placed(report: Report, position: HeldPosition, directory: Directory) -> Report:
    """Return the report where the person works, as far as it does not say where the case lies.

    A point, where there is one, tells more: `locate` finds its grid.
    """
    grid = _own_unit(position, UnitKind.GRID, directory)
    own = _own_unit(position, UnitKind.COMMUNITY, directory)
    is_here = report.latitude is None and report.community_key in (None, own)
    return replace(
        report,
        grid_key=grid if is_here else None,
        community_key=report.community_key or own,
        street_key=_own_unit(position, UnitKind.STREET, directory),
    )


def _own_unit(position: HeldPosition, kind: UnitKind, directory: Directory) -> int | None:
    """Return the unit of a kind in which, or under which, the position is held."""
    above = directory.ancestors(position.unit_key)
    return next((key for key in above if directory.unit(key).kind is kind), None)


def _resident_behind(connection: Connection, actor: Actor, case_key: int) -> int | None:
    """Return the key of the reporter of a case, None where the staff noticed it themselves."""
    told = [each for each in case_files.submissions(connection, case_key) if each.task_key is None]
    is_own = any(each.answers.get("noticed_by") == SELF for each in told[:1])
    reporters = case_files.reporters(connection, case_key)
    if is_own or not allows(actor, Action.REPORT_FOR_RESIDENT) or not reporters:
        return None
    return reporters[0].key


def _steps(
    connection: Connection, actor: Actor, case_key: int, language: str
) -> Iterator[NextStep]:
    wording = Wording(connection, language)
    definitions = {
        each.key: each.definition_key for each in case_files.instances(connection, case_key)
    }
    for task in case_files.tasks(connection, case_key):
        if task.state == "CREATED":
            step = wording.step(definitions[task.instance_key], task.element_id, task.name)
            yield NextStep(step, task, is_own=may_take(actor, asdict(task)))
