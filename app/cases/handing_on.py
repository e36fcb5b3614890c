"""What the pages need on which tasks are handed on: who could have them, and what may be done.

One task for the page that reassigns or delegates it, many for the look before a bulk action and for
its result.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.cases import assignment, bulk
from app.cases.bulk import BulkKind, Chosen, ItemState
from app.cases.colleagues import Colleague, described, eligible
from app.cases.frame import Frame, read_frame
from app.cases.handling import may_take, why_not
from app.cases.wording import Wording
from app.errors import CaseBusy, CaseError, Forbidden, NotFound
from app.json_types import JsonObject
from app.organisation.actor import Actor
from app.organisation.permissions import Action, demand
from app.organisation.scope import scope_of
from app.store import bulk as rows
from app.store import case_files, handovers
from app.store.bulk import ActionRow, ItemRow
from app.store.db import Connection, reading
from app.store.scope import can_see_case


@dataclass(frozen=True, slots=True, kw_only=True)
class HandingOn:
    """One open task, what this person may do with it, and the colleagues who could have it."""

    frame: Frame
    key: int
    version: int
    case_key: int
    number: str
    step: str
    holder: str
    may_reassign: bool
    may_delegate: bool
    may_take_back: bool
    may_take_over: bool
    colleagues: tuple[Colleague, ...]


@dataclass(frozen=True, slots=True)
class Looked:
    """A chosen task before a bulk action; `refused` says what stands in the way."""

    chosen: Chosen
    case_key: int
    number: str
    step: str
    refused: CaseError | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A colleague, and how many of the chosen tasks they could have."""

    colleague: Colleague
    fits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a bulk action would touch."""

    frame: Frame
    kind: BulkKind
    tasks: tuple[Looked, ...]
    candidates: tuple[Candidate, ...]

    @property
    def ready(self) -> tuple[Looked, ...]:
        """The tasks that nothing stands in the way of."""
        return tuple(each for each in self.tasks if each.refused is None)

    @property
    def fits(self) -> Mapping[int, int]:
        """How many of them each colleague could have, by the colleague's key."""
        return {each.colleague.key: each.fits for each in self.candidates}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one task of a bulk action."""

    item: ItemRow
    step: str
    sentence: str
    context: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkResult:
    """A bulk action afterwards: counts, what failed and why, and until when it can be undone."""

    frame: Frame
    action: ActionRow
    to: str
    outcomes: tuple[Outcome, ...]
    may_undo_until: datetime | None

    def count(self, state: str) -> int:
        """Return how many tasks are in a state."""
        return sum(each.item.state == state for each in self.outcomes)


def read_handing_on(actor: Actor, task_key: int, *, language: str) -> HandingOn:
    """Return a task with those who could have it.

    Raises:
        NotFound: there is none, or it is not this person's to see. CaseBusy: it is done.
        Forbidden: it is neither theirs nor under a unit they lead.
    """
    with reading() as connection:
        task = case_files.find_task(connection, task_key)
        if task is None or not _is_seen(connection, actor, task):
            raise NotFound(what="task", key=task_key)
        if task["state"] != "CREATED":
            raise CaseBusy(key=task_key)
        frame = read_frame(connection)
        may = allowed(connection, frame, actor, task)
        if not any(may.values()):
            raise Forbidden(key=task_key)
        case = case_files.find(connection, task["case_key"]) or {}
        step = Wording(connection, language).step(
            task["definition_key"], task["element_id"], task["name"]
        )
        today = frame.now.astimezone(frame.zone).date()
        found = eligible(connection, frame.directory, task, on=today)
        return HandingOn(
            frame=frame,
            key=task_key,
            version=task["version"],
            case_key=task["case_key"],
            number=case.get("number", ""),
            step=step,
            holder=name_of(connection, task["assignee_key"]),
            colleagues=tuple(each for each in found if each.key != task["assignee_key"]),
            **may,
        )


def allowed(
    connection: Connection, frame: Frame, actor: Actor, task: Mapping[str, Any]
) -> dict[str, bool]:
    """Return what a person may do with an open task besides completing it."""
    passed = handovers.latest(connection, task["key"])
    holder = task["assignee_key"]
    return {
        "may_reassign": assignment.leading_position(actor, task, frame.directory) is not None,
        "may_delegate": holder == actor.person_key,
        "may_take_back": passed is not None and assignment.may_come_back(passed, holder, actor),
        "may_take_over": assignment.standing_position(actor, task) is not None,
    }


def preview(actor: Actor, kind: BulkKind, chosen: Sequence[Chosen], *, language: str) -> Preview:
    """Return what a bulk action would do to the chosen tasks, and whom they could be given to.

    Raises:
        Forbidden: the actor may do neither. InvalidInput, TooManyChosen: as for doing it.
    """
    demand(actor, Action.CLAIM_TASK if kind is BulkKind.CLAIM else Action.REASSIGN_TASK)
    checked = bulk.checked(chosen)
    with reading() as connection:
        frame = read_frame(connection)
        wording = Wording(connection, language)
        looked, ready = [], []
        for each in checked:
            task = case_files.find_task(connection, each.task_key)
            if task is None or not _is_seen(connection, actor, task):
                continue
            refused = _refused(actor, kind, each, task, frame)
            looked.append(_looked(connection, wording, each, task, refused))
            if refused is None:
                ready.append(task)
        candidates = () if kind is BulkKind.CLAIM else _candidates(connection, frame, ready)
        return Preview(frame=frame, kind=kind, tasks=tuple(looked), candidates=candidates)


def read_bulk(actor: Actor, action_key: int, *, language: str) -> BulkResult:
    """Return one's own bulk action as it stands.

    Raises:
        NotFound: there is none, or it was somebody else's.
    """
    with reading() as connection:
        action = rows.find(connection, action_key)
        if action is None or action.person_key != actor.person_key:
            raise NotFound(what="action", key=action_key)
        frame = read_frame(connection)
        wording = Wording(connection, language)
        outcomes = tuple(_outcome(item, wording) for item in rows.items(connection, action_key))
        until = action.at + bulk.UNDO_FOR
        has_done = any(each.item.state == ItemState.DONE for each in outcomes)
        is_open = has_done and action.undone_at is None and frame.now <= until
        return BulkResult(
            frame=frame,
            action=action,
            to=name_of(connection, action.to_key),
            outcomes=outcomes,
            may_undo_until=until if is_open else None,
        )


def name_of(connection: Connection, person_key: int | None) -> str:
    """Return somebody's name; nothing for nobody."""
    if person_key is None:
        return ""
    return case_files.names(connection, {person_key}).get(person_key, "")


def _outcome(item: ItemRow, wording: Wording) -> Outcome:
    failure: JsonObject = item.failure or {}
    context = failure.get("context")
    return Outcome(
        item=item,
        step=wording.step(item.definition_key, item.element_id, item.name),
        sentence=str(failure.get("sentence") or ""),
        context=context if isinstance(context, dict) else {},
    )


def _is_seen(connection: Connection, actor: Actor, task: Mapping[str, Any]) -> bool:
    if task["state"] == "CREATED" and may_take(actor, task):
        return True
    return can_see_case(connection, scope_of(actor), task["case_key"])


def _refused(
    actor: Actor, kind: BulkKind, chosen: Chosen, task: Mapping[str, Any], frame: Frame
) -> CaseError | None:
    if task["state"] != "CREATED" or task["version"] != chosen.version:
        return CaseBusy(key=chosen.task_key)
    if kind is BulkKind.CLAIM:
        return why_not(actor, task)
    is_led = assignment.leading_position(actor, task, frame.directory) is not None
    return None if is_led else Forbidden(key=chosen.task_key)


def _looked(
    connection: Connection,
    wording: Wording,
    chosen: Chosen,
    task: Mapping[str, Any],
    refused: CaseError | None,
) -> Looked:
    case = case_files.find(connection, task["case_key"]) or {}
    step = wording.step(task["definition_key"], task["element_id"], task["name"])
    return Looked(chosen, task["case_key"], case.get("number", ""), step, refused)


def _candidates(
    connection: Connection, frame: Frame, tasks: Sequence[Mapping[str, Any]]
) -> tuple[Candidate, ...]:
    today = frame.now.astimezone(frame.zone).date()
    fits: dict[int, int] = {}
    for task in tasks:
        for each in eligible(connection, frame.directory, task, on=today):
            if each.key != task["assignee_key"]:
                fits[each.key] = fits.get(each.key, 0) + 1
    people = described(connection, set(fits), on=today)
    found = [Candidate(each, fits[each.key]) for each in people]
    return tuple(sorted(found, key=lambda each: -each.fits))
