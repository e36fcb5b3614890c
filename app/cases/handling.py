"""Working on tasks: claim, release, keep a draft, complete.

The doors call these with the signed-in actor and the version of the task the person had in front of
them; who was faster wins, the other is told and keeps what they typed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.cases import confidence, form_context, journal, messages, submissions
from app.cases.attachments import demand_own
from app.cases.work import Entry, Hand, Work, open_task
from app.errors import CaseBusy, CaseError, Forbidden, NotFound
from app.forms.messages import ENGLISH
from app.forms.posted import Posted
from app.forms.read import read as read_answers
from app.json_types import JsonObject
from app.organisation.actor import Actor, HeldPosition, position_for
from app.organisation.roles import Role
from app.store import instances, tasks
from app.store.db import Transaction, transaction
from app.store.tasks import keep_draft


class AnotherPersonNeeded(CaseError):
    """You did the step before this one, so somebody else has to do this."""

    code = "another_person_needed"


@dataclass(frozen=True, slots=True)
class Completed:
    """What a completed task left behind."""

    task_key: int
    case_key: int
    case_number: str
    is_case_closed: bool


def complete_task(
    actor: Actor,
    task_key: int,
    posted: Posted,
    *,
    seen_version: int,
    files: Mapping[str, Sequence[int]] | None = None,
    is_synthetic: bool = False,
) -> Completed:
    """Check the answers, complete the task and let its case go on as far as it can.

    `files` are the keys of attachments uploaded with this post, by field path; `is_synthetic`
    marks answers that no person gave.

    Raises:
        NotFound: no such task. CaseBusy: it is done, or changed since it was seen.
        Forbidden: it is offered to others. AnotherPersonNeeded: see there.
        InvalidAnswers: the form refuses them; nothing has changed.
    """
    with transaction() as tx:
        work = open_task(tx, task_key)
        task = _open_row(work.task, seen_version)
        position = _position(actor, task)
        work.hand = Hand.of(actor, position)
        answers = _answers(work, task, posted, files or {}, is_synthetic=is_synthetic)
        work.refresh()
        work.run.complete(task_key, answers, actor=str(actor.person_key))
        work.note(
            "task_completed",
            {"form_version": _form_version(work, task)},
            element_id=task["element_id"],
            task_key=task_key,
        )
        messages.finish(work)
        return Completed(
            task_key=task_key,
            case_key=work.case_key,
            case_number=work.case["number"],
            is_case_closed=work.case["closed_at"] is not None,
        )


def claim_task(actor: Actor, task_key: int, *, seen_version: int) -> None:
    """Take a task out of the group's inbox into one's own.

    Raises:
        NotFound, CaseBusy, Forbidden, AnotherPersonNeeded: as for completing.
    """
    with transaction() as tx:
        claim_within(tx, actor, task_key, seen_version=seen_version)


def claim_within(tx: Transaction, actor: Actor, task_key: int, *, seen_version: int) -> None:
    """Claim a task in a transaction that holds more, such as one of many.

    Raises:
        NotFound, CaseBusy, Forbidden, AnotherPersonNeeded: as for completing.
    """
    case, task = _locked(tx.connection, task_key)
    _open_row(task, seen_version)
    position = _position(actor, task)
    tasks.assign(tx.connection, task_key, person_key=actor.person_key, login=actor.login)
    entry = Entry("task_claimed", {}, task["element_id"], task_key)
    journal.append(tx, case, [entry], Hand.of(actor, position))


def release_task(actor: Actor, task_key: int, *, seen_version: int) -> None:
    """Put one's own task back into the group's inbox; its draft stays with it.

    Raises:
        NotFound, CaseBusy: as for completing. Forbidden: it is somebody else's.
    """
    with transaction() as tx:
        case, task = _locked(tx.connection, task_key)
        _open_row(task, seen_version)
        if task["assignee_key"] != actor.person_key:
            raise Forbidden(key=task_key)
        tasks.assign(tx.connection, task_key, person_key=None, login=None)
        entry = Entry("task_released", {}, task["element_id"], task_key)
        journal.append(tx, case, [entry], Hand.of(actor, _held(actor, task)))


def save_draft(actor: Actor, task_key: int, draft: JsonObject) -> None:
    """Keep what the assignee has typed so far, unchecked.

    Raises:
        CaseBusy: the task is done, or not (or no longer) theirs.
    """
    with transaction() as tx:
        if not keep_draft(
            tx.connection, task_key, person_key=actor.person_key, draft=draft, now=tx.now
        ):
            raise CaseBusy(key=task_key)
        _cover_draft(tx, actor, task_key, draft)


def may_take(actor: Actor, task: Mapping[str, Any]) -> bool:
    """Tell whether the actor could claim or complete the open task of this row."""
    return why_not(actor, task) is None


def why_not(actor: Actor, task: Mapping[str, Any]) -> CaseError | None:
    """Return what keeps the actor from claiming or completing the open task of this row."""
    try:
        _position(actor, task)
    except (CaseBusy, Forbidden, AnotherPersonNeeded) as error:
        return error
    return None


def _cover_draft(tx: Transaction, actor: Actor, task_key: int, draft: JsonObject) -> None:
    """Take reporters out of the draft of a confidential case; its row is locked by now."""
    case = tasks.secrecy_of(tx.connection, task_key)
    kept = draft if case is None else confidence.covered(tx.connection, case, draft)
    if kept != draft:
        keep_draft(tx.connection, task_key, person_key=actor.person_key, draft=kept, now=tx.now)


def _locked(connection: Any, task_key: int) -> tuple[dict[str, Any], Mapping[str, Any]]:
    locked = instances.lock_for_task(connection, task_key)
    if locked is None or locked.task is None:
        raise NotFound(what="task", key=task_key)
    return dict(locked.case), locked.task


def _open_row(task: Mapping[str, Any] | None, seen_version: int) -> Mapping[str, Any]:
    if task is None or task["state"] != "CREATED" or task["version"] != seen_version:
        raise CaseBusy(version=seen_version)
    return task


def _position(actor: Actor, task: Mapping[str, Any]) -> HeldPosition | None:
    """Return the position in which the actor does the task (None: it was assigned by name)."""
    if task["assignee_key"] not in (None, actor.person_key):
        raise CaseBusy(key=task["key"])
    position = _held(actor, task)
    if position is None and task["assignee_key"] != actor.person_key:
        raise Forbidden(key=task["key"])
    excluded = task["not_actor"]
    doers = {str(actor.person_key), str(position.on_behalf_of) if position else ""}
    if excluded is not None and excluded in doers:
        raise AnotherPersonNeeded(key=task["key"])
    return position


def _held(actor: Actor, task: Mapping[str, Any]) -> HeldPosition | None:
    return position_for(actor, [(Role(role), unit_key) for role, unit_key in task["offered_to"]])


def _answers(
    work: Work,
    task: Mapping[str, Any],
    posted: Posted,
    files: Mapping[str, Sequence[int]],
    *,
    is_synthetic: bool,
) -> JsonObject:
    """Check what was posted against the task's form and keep it as a submission."""
    form = work.deployed.forms.get(task["form_id"]) if task["form_id"] else None
    answers: JsonObject = {}
    if form is not None:
        context = form_context.of_task(
            work.facts(), task["inputs"], work.directory, ENGLISH, form=form.form
        )
        read = read_answers(
            form.form,
            posted,
            context=context,
            now=work.now,
            zone=work.calendar.district.zone,
            files={path: [str(key) for key in keys] for path, keys in files.items()},
        )
        uploaded = {int(key) for answered in read.files for key in answered.keys}
        demand_own(work.tx.connection, task["key"], uploaded)
        answers = read.values
    work.answer(task["element_id"], answers)
    submissions.keep(
        work,
        task["element_id"],
        answers,
        form=form,
        task_key=task["key"],
        is_synthetic=is_synthetic,
    )
    return answers


def _form_version(work: Work, task: Mapping[str, Any]) -> int | None:
    form = work.deployed.forms.get(task["form_id"]) if task["form_id"] else None
    return form.version if form else None
