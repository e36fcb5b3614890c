"""Many tasks at once: claimed or given to a colleague, each in its own transaction, and undone.

An action is begun with all its tasks waiting; `go_on` takes them one after the other, a few for a
page that shows how far it is, all for a page without scripts. Whoever goes on, however often and at
once, each task is taken once. One that cannot be had is noted with the reason and stops no other.
For some minutes the whole can be undone; what somebody has touched since stays as it is.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

import orjson

from app.cases import assignment, handling, idempotency, journal, notices
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
from app.store.db import Transaction, reading, transaction

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
    """What became of one task: it waits, is done or not, and afterwards undone or kept as it is."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    UNDONE = "undone"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A task somebody chose, at the version they saw."""

    task_key: int
    version: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How many tasks of an action are done, cannot be had, and still wait (none once undone)."""

    done: int
    failed: int
    waiting: int


def claim_many(actor: Actor, chosen: Sequence[Chosen]) -> int:
    """Claim each of these tasks that can be had; return the key under which it can be read.

    Raises:
        As for `begin_claim`.
    """
    key = begin_claim(actor, chosen)
    go_on(actor, key)
    return key


def reassign_many(actor: Actor, chosen: Sequence[Chosen], *, to_key: int, reason: str) -> int:
    """Give each of these tasks that can be had to a colleague; return the key as for claiming.

    Raises:
        As for `begin_reassign`.
    """
    key = begin_reassign(actor, chosen, to_key=to_key, reason=reason)
    go_on(actor, key)
    return key


def begin_claim(actor: Actor, chosen: Sequence[Chosen], *, once: str = "") -> int:
    """Let these tasks wait to be claimed; return the action's key.

    The same `once` (any text of the caller's, "" for none) with the same tasks is the same action.

    Raises:
        Forbidden: the actor claims nothing. InvalidInput: nothing was chosen. TooManyChosen.
        RepeatedWithOtherContent: `once` stood for something else.
    """
    demand(actor, Action.CLAIM_TASK)
    return _begin(actor, BulkKind.CLAIM, checked(chosen), once=once)


def begin_reassign(
    actor: Actor, chosen: Sequence[Chosen], *, to_key: int, reason: str, once: str = ""
) -> int:
    """Let these tasks wait to be given to a colleague; return the action's key, as for claiming.

    Raises:
        Forbidden: the actor leads nothing. InvalidInput: nothing was chosen. TooManyChosen.
        ReasonNeeded: see `cases.assignment`. NotFound: there is no such colleague.
        RepeatedWithOtherContent: `once` stood for something else.
    """
    demand(actor, Action.REASSIGN_TASK)
    because = assignment.checked_reason(reason)
    wanted = checked(chosen)
    return _begin(actor, BulkKind.REASSIGN, wanted, once=once, to_key=to_key, reason=because)


def go_on(actor: Actor, action_key: int, *, at_most: int = MOST_TASKS) -> Progress:
    """Take the next tasks that wait, each in its own transaction; tell who is concerned at the end.

    Raises:
        NotFound: the action is somebody else's.
    """
    for _ in range(at_most):
        if not _step(actor, action_key):
            break
    with reading() as connection:
        action = rows.find(connection, action_key)
        counted = rows.counts(connection, action_key)
    is_undone = action is not None and action.undone_at is not None
    return Progress(
        done=counted.get(ItemState.DONE, 0),
        failed=counted.get(ItemState.FAILED, 0),
        waiting=0 if is_undone else counted.get(ItemState.WAITING, 0),
    )


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
    was_told = all(item.state != ItemState.WAITING for item in items)
    done = [item for item in items if item.state == ItemState.DONE]
    states = [_undo_one(actor, action, item) for item in done]
    is_others = action.to_key not in (None, actor.person_key)
    if was_told and is_others and ItemState.UNDONE in states:
        with transaction() as tx:
            count = states.count(ItemState.UNDONE)
            notices.tell(tx, [_summary("tasks_taken_back", action.to_key, count, actor)])


def _begin(
    actor: Actor,
    kind: BulkKind,
    chosen: Sequence[Chosen],
    *,
    once: str,
    to_key: int | None = None,
    reason: str | None = None,
) -> int:
    with transaction() as tx:
        scope = f"bulk {actor.person_key}"
        digest = _digest(kind, chosen, to_key, reason)
        if once:
            begun = idempotency.known(tx.connection, scope, once, digest=digest, now=tx.now)
            if begun is not None:
                return int(str(begun["action"]))
        if to_key is not None and not handovers.active(tx.connection, [to_key]):
            raise NotFound(what="person", key=to_key)
        known = rows.existing(tx.connection, [each.task_key for each in chosen])
        key = tx.next_key()
        action = {"key": key, "person_key": actor.person_key, "kind": kind.value}
        rows.insert(tx.connection, {**action, "to_key": to_key, "reason": reason, "at": tx.now})
        waiting = [
            _item(key, each.task_key, ItemState.WAITING, version=each.version)
            for each in chosen
            if each.task_key in known
        ]
        rows.note(tx.connection, waiting)
        if once:
            idempotency.keep(tx.connection, scope, once, response={"action": str(key)})
    return key


def _step(actor: Actor, action_key: int) -> bool:
    """Change the next task that waits; return False where none does."""
    chosen: Chosen | None = None
    try:
        with transaction() as tx:
            action = _locked(tx, actor, action_key)
            found = rows.next_of(tx.connection, action_key, ItemState.WAITING)
            if found is None or action.undone_at is not None:
                return False
            chosen = Chosen(*found)
            previous = _change(tx, actor, action, chosen)
            done = _item(action_key, chosen.task_key, ItemState.DONE, previous_key=previous)
            _note(tx, actor, action, done | {"version": chosen.version + 1})
    except CaseError as error:
        if chosen is None:
            raise
        _fail(actor, action_key, chosen, error)
    return True


def _change(tx: Transaction, actor: Actor, action: ActionRow, chosen: Chosen) -> int | None:
    """Do to one task what the action does, and return whose it was before."""
    if action.to_key is None:
        handling.claim_within(tx, actor, chosen.task_key, seen_version=chosen.version)
        return None
    return assignment.reassign_within(
        tx,
        actor,
        chosen.task_key,
        to_key=action.to_key,
        reason=action.reason or "",
        seen_version=chosen.version,
    ).from_key


def _fail(actor: Actor, action_key: int, chosen: Chosen, error: CaseError) -> None:
    with transaction() as tx:
        action = _locked(tx, actor, action_key)
        state = rows.state_of(tx.connection, action_key, chosen.task_key)
        if state == ItemState.WAITING:  # else somebody who went on at the same time has had it
            failed = _item(action_key, chosen.task_key, ItemState.FAILED)
            _note(tx, actor, action, failed | {"failure": _failure(error)})


def _note(tx: Transaction, actor: Actor, action: ActionRow, item: dict[str, Any]) -> None:
    """Keep what became of a task; with the last one, tell whoever is concerned."""
    rows.note(tx.connection, [item])
    if rows.next_of(tx.connection, action.key, ItemState.WAITING) is None:
        _tell(tx, actor, action)


def _locked(tx: Transaction, actor: Actor, action_key: int) -> ActionRow:
    """Lock one's own action, so that its tasks are taken one after the other."""
    action = rows.lock(tx.connection, action_key)
    if action is None or action.person_key != actor.person_key:
        raise NotFound(what="action", key=action_key)
    return action


def _undo_one(actor: Actor, action: ActionRow, item: ItemRow) -> ItemState:
    """Put one task back where it was, if it is still as the action left it."""
    try:
        with transaction() as tx:
            _put_back(tx, actor, action, item)
            undone = _item(action.key, item.task_key, ItemState.UNDONE)
            rows.note(tx.connection, [undone | {"previous_key": item.previous_key}])
    except CaseError as error:
        with transaction() as tx:
            kept = _item(action.key, item.task_key, ItemState.KEPT)
            kept |= {"previous_key": item.previous_key, "failure": _failure(error)}
            rows.note(tx.connection, [kept])
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


def _item(
    action_key: int,
    task_key: int,
    state: ItemState,
    *,
    version: int | None = None,
    previous_key: int | None = None,
) -> dict[str, Any]:
    return {
        "action_key": action_key,
        "task_key": task_key,
        "state": state.value,
        "version": version,
        "previous_key": previous_key,
        "failure": None,
    }


def _digest(
    kind: BulkKind, chosen: Sequence[Chosen], to_key: int | None, reason: str | None
) -> str:
    tasks = sorted((each.task_key, each.version) for each in chosen)
    return hashlib.sha256(orjson.dumps([kind, tasks, to_key, reason])).hexdigest()


def _failure(error: CaseError) -> JsonObject:
    context: dict[str, Json] = {name: str(value) for name, value in error.context.items()}
    return {"sentence": error.sentence(), "context": context}


def _tell(tx: Transaction, actor: Actor, action: ActionRow) -> None:
    """Tell once whom tasks were given to, and once each whom they were taken from."""
    items = rows.items(tx.connection, action.key)
    done = [item for item in items if item.state == ItemState.DONE]
    if not done or action.to_key is None:
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
