"""Handing open tasks on: reassigned by who leads, delegated by who has it, taken over, taken back.

Each is one transaction that locks the task as a step would, changes whose it is and leaves a line
in the journal. What the task asks for and who may complete it stays `cases.handling`'s.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from app.cases import confidence, journal, notices
from app.cases.colleagues import demand_eligible, offers_of
from app.cases.handling import AnotherPersonNeeded
from app.cases.work import Entry, Hand, NoticeTo
from app.errors import CaseBusy, CaseError, Forbidden, NotFound
from app.organisation import calendar as calendars
from app.organisation import directory as directories
from app.organisation.actor import Actor, HeldPosition, position_for
from app.organisation.directory import Directory
from app.organisation.permissions import ROLES_FOR, Action, demand
from app.store import handovers, instances, tasks
from app.store.db import Transaction, transaction

MOST_CHARACTERS = 500


class AlreadyTheirs(CaseError):
    """The task is with {name} already. Choose somebody else."""

    code = "already_theirs"


class ReasonNeeded(CaseError):
    """Say in a few words why (at most 500 characters): your colleague and the journal read it."""

    code = "reason_needed"


class NothingToTakeBack(CaseError):
    """This task cannot be taken back: it is not with the colleague any more to whom it went from you."""  # noqa: E501

    code = "nothing_to_take_back"


class HandoverKind(StrEnum):
    """How a task came into other hands."""

    REASSIGNED = "reassigned"
    DELEGATED = "delegated"
    TAKEN_OVER = "taken_over"


@dataclass(frozen=True, slots=True)
class Opened:
    """An open task under its lock, with what is needed to judge who may have it."""

    tx: Transaction
    case: dict[str, Any]
    task: Mapping[str, Any]
    directory: Directory
    today: date

    @property
    def holder(self) -> int | None:
        """Whose the task is, None while it is only offered."""
        found: int | None = self.task["assignee_key"]
        return found


@dataclass(frozen=True, slots=True)
class Passed:
    """What a handover changed: from whom to whom, and the version the task has now."""

    opened: Opened
    from_key: int | None
    to_key: int
    version: int
    handover_key: int


def reassign_task(
    actor: Actor, task_key: int, *, to_key: int, reason: str, seen_version: int
) -> None:
    """Give an open task to a colleague who is eligible, and tell both whom it concerns.

    Raises:
        Forbidden: the task lies under no unit the actor leads. NotFound: there is no such task.
        CaseBusy: it is done, or changed since it was seen. ReasonNeeded: none was given.
        NotEligible, ExcludedColleague, AlreadyTheirs: the colleague cannot have it.
    """
    with transaction() as tx:
        passed = reassign_within(
            tx, actor, task_key, to_key=to_key, reason=reason, seen_version=seen_version
        )
        told = [_notice("task_given", passed.opened, passed.to_key, actor)]
        if passed.from_key not in (None, actor.person_key):
            told.append(_notice("task_taken_away", passed.opened, passed.from_key, actor))
        _tell(passed.opened, told)


def reassign_within(
    tx: Transaction, actor: Actor, task_key: int, *, to_key: int, reason: str, seen_version: int
) -> Passed:
    """Reassign a task in a transaction that holds more, such as one of many; tell nobody.

    Raises:
        Forbidden, NotFound, CaseBusy, ReasonNeeded, NotEligible, ExcludedColleague, AlreadyTheirs:
        as for `reassign_task`.
    """
    demand(actor, Action.REASSIGN_TASK)
    because = checked_reason(reason)
    opened = open_for_handing_on(tx, task_key, seen_version=seen_version)
    position = leading_position(actor, opened.task, opened.directory)
    if position is None:
        raise Forbidden(key=task_key)
    return _pass(opened, actor, position, HandoverKind.REASSIGNED, to_key=to_key, reason=because)


def delegate_task(
    actor: Actor, task_key: int, *, to_key: int, reason: str = "", seen_version: int
) -> None:
    """Pass one's own task on to a colleague who is eligible; it may be taken back while open.

    Raises:
        Forbidden: it is not the actor's own. NotFound, CaseBusy: as for completing.
        NotEligible, ExcludedColleague, AlreadyTheirs: the colleague cannot have it.
    """
    because = checked_reason(reason) if reason.strip() else None
    with transaction() as tx:
        opened = open_for_handing_on(tx, task_key, seen_version=seen_version)
        if opened.holder != actor.person_key:
            raise Forbidden(key=task_key)
        position = position_for(actor, offers_of(opened.task))
        _pass(opened, actor, position, HandoverKind.DELEGATED, to_key=to_key, reason=because)
        _tell(opened, [_notice("task_given", opened, to_key, actor)])


def take_over(actor: Actor, task_key: int, *, seen_version: int) -> None:
    """Take a task of somebody one stands in for into one's own hands.

    Raises:
        Forbidden: the actor does not stand in for whoever has it. NotFound, CaseBusy: as for
        completing. AnotherPersonNeeded: one of the two did the step before.
    """
    with transaction() as tx:
        opened = open_for_handing_on(tx, task_key, seen_version=seen_version)
        position = standing_position(actor, opened.task)
        if position is None or opened.holder is None:
            raise Forbidden(key=task_key)
        absent = opened.holder
        if opened.task["not_actor"] in {str(actor.person_key), str(absent)}:
            raise AnotherPersonNeeded(key=task_key)
        _pass(opened, actor, position, HandoverKind.TAKEN_OVER, to_key=actor.person_key)
        _tell(opened, [_notice("task_taken_over", opened, absent, actor)])


def take_back(actor: Actor, task_key: int, *, seen_version: int) -> None:
    """Take back a task one delegated, or that one's deputy took over, while it is still open.

    Raises:
        NotFound, CaseBusy: as for completing. NothingToTakeBack: it did not go from this person.
        Forbidden, ExcludedColleague: the actor may not do it any more.
    """
    with transaction() as tx:
        opened = open_for_handing_on(tx, task_key, seen_version=seen_version)
        found = handovers.latest(tx.connection, task_key)
        if found is None or not may_come_back(found, opened.holder, actor):
            raise NothingToTakeBack(key=task_key)
        position = position_for(actor, offers_of(opened.task))
        if position is None:
            raise Forbidden(key=task_key)
        demand_eligible(
            opened.directory, opened.task, actor.person_key, name=actor.name, on=opened.today
        )
        tasks.assign(tx.connection, task_key, person_key=actor.person_key, login=actor.login)
        handovers.end(tx.connection, found.key, now=tx.now)
        data = {"from": found.to_key, "to": actor.person_key}
        _note(opened, "task_taken_back", data, Hand.of(actor, position))
        _tell(opened, [_notice("task_taken_back", opened, found.to_key, actor)])


def open_for_handing_on(tx: Transaction, task_key: int, *, seen_version: int) -> Opened:
    """Lock an open task as it was seen.

    Raises:
        NotFound: there is none. CaseBusy: it is done, or changed since.
    """
    locked = instances.lock_for_task(tx.connection, task_key)
    if locked is None or locked.task is None:
        raise NotFound(what="task", key=task_key)
    if locked.task["state"] != "CREATED" or locked.task["version"] != seen_version:
        raise CaseBusy(version=seen_version)
    calendar = calendars.current(tx.connection, locked.calendar_version)
    return Opened(
        tx=tx,
        case=dict(locked.case),
        task=locked.task,
        directory=directories.current(tx.connection, locked.directory_version),
        today=calendar.district.local_date(tx.now),
    )


def leading_position(
    actor: Actor, task: Mapping[str, Any], directory: Directory
) -> HeldPosition | None:
    """Return the position by which the actor is over a unit the task is offered to, if any."""
    above = {key for _role, unit in offers_of(task) for key in directory.ancestors(unit)}
    for held in actor.positions:
        if held.role in ROLES_FOR[Action.REASSIGN_TASK] and held.unit_key in above:
            return held
    return None


def standing_position(actor: Actor, task: Mapping[str, Any]) -> HeldPosition | None:
    """Return the position in which the actor stands in for whoever has the task, if any."""
    offered = set(offers_of(task))
    for held in actor.positions:
        stands_in = held.on_behalf_of is not None and held.on_behalf_of == task["assignee_key"]
        if stands_in and (held.role, held.unit_key) in offered:
            return held
    return None


def checked_reason(reason: str) -> str:
    """Return a reason as it is kept.

    Raises:
        ReasonNeeded: there is none, or it is too long.
    """
    found = " ".join(reason.split())
    if not found or len(found) > MOST_CHARACTERS:
        raise ReasonNeeded
    return found


def may_come_back(found: handovers.HandoverRow, holder: int | None, actor: Actor) -> bool:
    """Tell whether a task that changed hands so, and is with `holder` now, may be taken back."""
    is_own = found.from_key == actor.person_key and found.kind != HandoverKind.REASSIGNED
    return is_own and holder == found.to_key


def _pass(
    opened: Opened,
    actor: Actor,
    position: HeldPosition | None,
    kind: HandoverKind,
    *,
    to_key: int,
    reason: str | None = None,
) -> Passed:
    login, name = _colleague(opened, to_key)
    if opened.holder == to_key:
        raise AlreadyTheirs(name=name)
    if kind is not HandoverKind.TAKEN_OVER:
        demand_eligible(opened.directory, opened.task, to_key, name=name, on=opened.today)
    task_key, connection = opened.task["key"], opened.tx.connection
    tasks.assign(connection, task_key, person_key=to_key, login=login)
    key = opened.tx.next_key()
    handovers.insert(
        connection,
        {
            "key": key,
            "task_key": task_key,
            "case_key": opened.case["key"],
            "kind": kind.value,
            "from_key": opened.holder,
            "to_key": to_key,
            "by_key": actor.person_key,
            "reason": confidence.covered(connection, opened.case, reason),
            "at": opened.tx.now,
        },
    )
    data = {"handover": key, "from": opened.holder, "to": to_key}
    _note(opened, f"task_{kind.value}", data, Hand.of(actor, position))
    return Passed(opened, opened.holder, to_key, opened.task["version"] + 1, key)


def _colleague(opened: Opened, key: int) -> tuple[str, str]:
    found = handovers.active(opened.tx.connection, [key])
    if key not in found:
        raise NotFound(what="person", key=key)
    return found[key]


def _note(opened: Opened, kind: str, data: Any, hand: Hand) -> None:
    entry = Entry(kind, data, opened.task["element_id"], opened.task["key"])
    journal.append(opened.tx, opened.case, [entry], hand)


def _notice(kind: str, opened: Opened, person_key: int | None, actor: Actor) -> NoticeTo:
    params: Any = {
        "number": opened.case["number"],
        "element_id": opened.task["element_id"],
        "by": actor.person_key,
    }
    return NoticeTo(kind, params, person_key=person_key, task_key=opened.task["key"])


def _tell(opened: Opened, told: list[NoticeTo]) -> None:
    notices.tell(
        opened.tx,
        told,
        case_key=opened.case["key"],
        clock_domain=opened.case["clock_domain"],
    )
