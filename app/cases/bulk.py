"""Many tasks at once: claimed or given to a colleague, each in its own transaction, and undone.

A task that cannot be had is noted with the reason and stops no other. For some minutes the whole
can be undone; what somebody has touched since stays as it is.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from app.cases import assignment, handling, journal, notices
from app.cases.assignment import open_for_handing_on
from app.cases.colleagues import offers_of
from app.cases.work import Entry, Hand, NoticeTo
from app.errors import CaseBusy, CaseError, InvalidInput, NotFound
from app.json_types import Json, JsonObject
from app.organisation.actor import Actor, position_for
from app.organisation.permissions import Action, demand
from app.store import bulk as rows
from app.store import handovers, tasks
from app.store.bulk import ActionRow, ItemRow
from app.store.db import Transaction, transaction

MOST_TASKS = 200
UNDO_FOR = timedelta(minutes=10)


class TooManyChosen(CaseError):
    """At most {most} tasks can be changed at once. Choose fewer."""

    code = "too_many_chosen"


class TooLateToUndo(CaseError):
    """This can be undone no longer: it was undone already, or more than {minutes} minutes have passed."""  # noqa: E501

    code = "too_late_to_undo"


class BulkKind(StrEnum):
    """What is done to many tasks."""

    CLAIM = "claim"
    REASSIGN = "reassign"


class ItemState(StrEnum):
    """What became of one task: done or not, and afterwards undone or kept as it is now."""

    DONE = "done"
    FAILED = "failed"
    UNDONE = "undone"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A task somebody chose, at the version they saw."""

    task_key: int
    version: int


Change = Callable[[Transaction, Chosen], int | None]
"""Changes one task in a transaction and returns whose it was before."""


def claim_many(actor: Actor, chosen: Sequence[Chosen]) -> int:
    """Claim each of these tasks that can be had; return the key under which it can be read.

    Raises:
        Forbidden: the actor claims nothing. InvalidInput: nothing was chosen. TooManyChosen.
    """
    demand(actor, Action.CLAIM_TASK)

    def claim(tx: Transaction, each: Chosen) -> None:
        handling.claim_within(tx, actor, each.task_key, seen_version=each.version)

    return _do(actor, BulkKind.CLAIM, checked(chosen), claim)


def reassign_many(actor: Actor, chosen: Sequence[Chosen], *, to_key: int, reason: str) -> int:
    """Give each of these tasks that can be had to a colleague; return the key as for claiming.

    Raises:
        Forbidden: the actor leads nothing. InvalidInput: nothing was chosen. TooManyChosen.
        ReasonNeeded: see `cases.assignment`. NotFound: there is no such colleague.
    """
    demand(actor, Action.REASSIGN_TASK)
    because = assignment.checked_reason(reason)

    def reassign(tx: Transaction, each: Chosen) -> int | None:
        return assignment.reassign_within(
            tx,
            actor,
            each.task_key,
            to_key=to_key,
            reason=because,
            seen_version=each.version,
        ).from_key

    wanted = checked(chosen)
    key = _do(actor, BulkKind.REASSIGN, wanted, reassign, to_key=to_key, reason=because)
    _tell(actor, key)
    return key


def undo(actor: Actor, action_key: int) -> None:
    """Put every task back that nobody has touched since.

    Raises:
        NotFound: it was somebody else's. TooLateToUndo: see there.
    """
    with transaction() as tx:
        action = rows.lock(tx.connection, action_key)
        if action is None or action.person_key != actor.person_key:
            raise NotFound(what="action", key=action_key)
        if action.undone_at is not None or tx.now - action.at > UNDO_FOR:
            raise TooLateToUndo(minutes=UNDO_FOR.seconds // 60)
        rows.mark_undone(tx.connection, action_key, now=tx.now)
        items = rows.items(tx.connection, action_key)
    done = [item for item in items if item.state == ItemState.DONE]
    states = [_undo_one(actor, action, item) for item in done]
    if action.to_key not in (None, actor.person_key) and ItemState.UNDONE in states:
        with transaction() as tx:
            count = states.count(ItemState.UNDONE)
            notices.tell(tx, [_summary("tasks_taken_back", action.to_key, count, actor)])


def _do(
    actor: Actor,
    kind: BulkKind,
    chosen: Sequence[Chosen],
    change: Callable[[Transaction, Chosen], int | None] | Change,
    *,
    to_key: int | None = None,
    reason: str | None = None,
) -> int:
    with transaction() as tx:
        if to_key is not None and not handovers.active(tx.connection, [to_key]):
            raise NotFound(what="person", key=to_key)
        known = rows.existing(tx.connection, [each.task_key for each in chosen])
        key = tx.next_key()
        action = {"key": key, "person_key": actor.person_key, "kind": kind.value}
        rows.insert(tx.connection, {**action, "to_key": to_key, "reason": reason, "at": tx.now})
    for each in chosen:
        if each.task_key in known:
            _do_one(key, each, change)
    return key


def _do_one(action_key: int, each: Chosen, change: Change) -> None:
    try:
        with transaction() as tx:
            previous = change(tx, each)
            done = _item(action_key, each.task_key, ItemState.DONE)
            done |= {"version": each.version + 1, "previous_key": previous}
            rows.note(tx.connection, [done])
    except CaseError as error:
        with transaction() as tx:
            failed = _item(action_key, each.task_key, ItemState.FAILED)
            rows.note(tx.connection, [failed | {"failure": _failure(error)}])


def _undo_one(actor: Actor, action: ActionRow, item: ItemRow) -> ItemState:
    """Put one task back where it was, if it is still as the action left it."""
    try:
        with transaction() as tx:
            _put_back(tx, actor, action, item)
            rows.note(tx.connection, [_item(action.key, item.task_key, ItemState.UNDONE)])
    except CaseError as error:
        with transaction() as tx:
            kept = _item(action.key, item.task_key, ItemState.KEPT)
            rows.note(tx.connection, [kept | {"failure": _failure(error)}])
        return ItemState.KEPT
    return ItemState.UNDONE


def _put_back(tx: Transaction, actor: Actor, action: ActionRow, item: ItemRow) -> None:
    opened = open_for_handing_on(tx, item.task_key, seen_version=item.version or 0)
    holder = action.to_key if action.to_key is not None else actor.person_key
    drafted = opened.task["draft_at"]
    if opened.holder != holder or (drafted is not None and drafted > action.at):
        raise CaseBusy(key=item.task_key)
    previous = handovers.active(tx.connection, {item.previous_key or 0}).get(item.previous_key or 0)
    person_key = item.previous_key if previous else None
    login = previous[0] if previous else None
    tasks.assign(tx.connection, item.task_key, person_key=person_key, login=login)
    passed = handovers.latest(tx.connection, item.task_key)
    if passed is not None and passed.to_key == holder and passed.at >= action.at:
        handovers.end(tx.connection, passed.key, now=tx.now)
    hand = Hand.of(actor, position_for(actor, offers_of(opened.task)))
    kind = "assignment_undone" if person_key is not None else "task_released"
    data: JsonObject = {"from": holder, "to": person_key}
    entry = Entry(kind, data, opened.task["element_id"], item.task_key)
    journal.append(tx, opened.case, [entry], hand)


def checked(chosen: Sequence[Chosen]) -> list[Chosen]:
    """Return the chosen tasks, each once.

    Raises:
        InvalidInput: there is none. TooManyChosen: there are more than can be changed at once.
    """
    found = list({each.task_key: each for each in chosen}.values())
    if not found:
        raise InvalidInput(what="The choice", why="no task was chosen.")
    if len(found) > MOST_TASKS:
        raise TooManyChosen(most=MOST_TASKS)
    return found


def _item(action_key: int, task_key: int, state: ItemState) -> dict[str, Any]:
    return {
        "action_key": action_key,
        "task_key": task_key,
        "state": state.value,
        "version": None,
        "previous_key": None,
        "failure": None,
    }


def _failure(error: CaseError) -> JsonObject:
    context: dict[str, Json] = {name: str(value) for name, value in error.context.items()}
    return {"sentence": error.sentence(), "context": context}


def _tell(actor: Actor, action_key: int) -> None:
    """Tell once whom tasks were given to, and once each whom they were taken from."""
    with transaction() as tx:
        action = rows.find(tx.connection, action_key)
        items = rows.items(tx.connection, action_key)
        done = [item for item in items if item.state == ItemState.DONE]
        if action is None or not done:
            return
        told: list[NoticeTo] = []
        if action.to_key != actor.person_key:
            told.append(_summary("tasks_given", action.to_key, len(done), actor))
        for person_key, count in _counted(done).items():
            if person_key != actor.person_key:
                told.append(_summary("tasks_taken_away", person_key, count, actor))
        notices.tell(tx, told)


def _counted(items: Sequence[ItemRow]) -> Mapping[int, int]:
    found: dict[int, int] = {}
    for item in items:
        if item.previous_key is not None:
            found[item.previous_key] = found.get(item.previous_key, 0) + 1
    return found


def _summary(kind: str, person_key: int | None, count: int, actor: Actor) -> NoticeTo:
    return NoticeTo(kind, {"count": count, "by": actor.person_key}, person_key=person_key)
