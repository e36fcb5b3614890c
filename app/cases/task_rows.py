"""Rows of user tasks: to whom a new one is offered, under which units it is found, what ended.

`cases.journal` calls `add` at every step. Who may take a task is decided here once, from the
diagram's candidate groups and the directory as it is now, and kept with the task.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from app.cases.counted import is_provisional
from app.cases.work import NoticeTo, Work
from app.engine.progress import ClosedState, ClosedTask, OpenTask, Progress
from app.json_types import JsonObject
from app.organisation.directory import CasePlace, Directory, Offer
from app.organisation.roles import Role
from app.store import tasks
from app.store.projection import Projection


def add(work: Work, progress: Progress, rows: Projection) -> None:
    """Add the rows of tasks that were opened or ended in this step, and tell whom it concerns."""
    for task in progress.opened:
        offers = _offers(work, task)
        rows.tasks.append(_opened(work, task, offers))
        rows.task_units += unit_rows(
            work.directory, work.case, offers, task_key=task.key, due_at=task.due_at
        )
        _announce(work, task, offers)
    for task in progress.rescheduled:
        rows.rescheduled.append(
            {
                "the_task": task.key,
                "due_at": task.due_at,
                "follow_up_at": task.follow_up_at,
                "is_due_provisional": is_provisional(work, task.due_at),
                "inputs": task.inputs,
            }
        )
    for ended in progress.closed:
        rows.tasks.append(_ended(work, ended))
        rows.tasks_gone.add(ended.key)
    canceled = [each for each in progress.closed if each.state is ClosedState.CANCELED]
    for each in canceled:
        work.note("task_canceled", element_id=each.element_id, task_key=each.key)
    if canceled:
        _tell_who_had_them(work, canceled)


def _tell_who_had_them(work: Work, canceled: Sequence[ClosedTask]) -> None:
    """Tell those who had taken tasks that the case has gone on, or ended, without them."""
    had = tasks.assignees(work.tx.connection, [each.key for each in canceled])
    for each in canceled:
        person_key = had.get(each.key)
        if person_key is not None and person_key != work.hand.person_key:
            params: JsonObject = {"number": work.case["number"], "element_id": each.element_id}
            work.notices.append(
                NoticeTo("task_canceled", params, person_key=person_key, task_key=each.key)
            )


def _offers(work: Work, task: OpenTask) -> list[Offer]:
    return offers_of(
        work.directory,
        task.candidate_groups,
        work.place(),
        on=work.calendar.district.local_date(work.now),
        not_actor=_not_actor(task),
    )


def offers_of(
    directory: Directory,
    groups: Iterable[str],
    place: CasePlace,
    *,
    on: date,
    not_actor: str | None,
) -> list[Offer]:
    """Return to which roles in which units a task for these groups is offered, each once."""
    offers = (
        directory.resolve(group, place, on=on, not_actor=int(not_actor) if not_actor else None)
        for group in groups
    )
    found: dict[tuple[Role, int], Offer] = {}
    for offer in offers:
        found.setdefault((offer.role, offer.unit_key), offer)
    return list(found.values())  # two groups that climb may meet


def _not_actor(task: OpenTask) -> str | None:
    value = task.properties.get("notActor")
    return str(value) if value else None


def _opened(work: Work, task: OpenTask, offers: list[Offer]) -> dict[str, Any]:
    form = work.deployed.forms.get(task.form_id) if task.form_id else None
    assignee = work.directory.person_by_login(task.assignee) if task.assignee else None
    return _row(work, task.key, task.element_id) | {
        "name": task.name,
        "state": "CREATED",
        "assignee_key": assignee,
        "assignee_login": task.assignee,
        "candidate_groups": list(task.candidate_groups),
        "candidate_users": list(task.candidate_users),
        "offered_to": [[offer.role.value, offer.unit_key] for offer in offers],
        "priority": task.priority,
        "form_id": task.form_id,
        "form_key": form.key if form else None,
        "headers": dict(task.headers),
        "properties": task.properties,
        "inputs": task.inputs,
        "not_actor": _not_actor(task),
        "due_at": task.due_at,
        "is_due_provisional": is_provisional(work, task.due_at),
        "follow_up_at": task.follow_up_at,
    }


def _ended(work: Work, ended: ClosedTask) -> dict[str, Any]:
    """Return the row of a task that exists already; only what `projection` changes is kept."""
    return _row(work, ended.key, ended.element_id) | {
        "state": ended.state.value,
        "completed_at": work.now,
        "completed_by": work.hand.person_key,
    }


def _row(work: Work, key: int, element_id: str) -> dict[str, Any]:
    return {
        "key": key,
        "instance_key": work.instance_key,
        "case_key": work.case_key,
        "element_id": element_id,
        "name": None,
        "state": "CREATED",
        "assignee_key": None,
        "assignee_login": None,
        "candidate_groups": [],
        "candidate_users": [],
        "offered_to": [],
        "priority": 50,
        "form_id": None,
        "form_key": None,
        "headers": None,
        "properties": None,
        "inputs": None,
        "not_actor": None,
        "created_at": work.now,
        "due_at": None,
        "is_due_provisional": False,
        "follow_up_at": None,
        "completed_at": None,
        "completed_by": None,
        "draft": None,
        "draft_at": None,
        "clock_domain": work.clock_domain,
    }


def unit_rows(
    directory: Directory,
    case: Mapping[str, Any],
    offers: Sequence[Offer],
    *,
    task_key: int,
    due_at: datetime | None,
) -> list[dict[str, Any]]:
    """Return the rows under which units, and for which roles, an open task is found."""
    above: set[int] = {directory.district.key}
    for key in (case["grid_key"], case["community_key"], case["street_key"]):
        if key is not None:
            above.update(directory.ancestors(key))
    for offer in offers:
        above.update(directory.ancestors(offer.unit_key))
    found = [(unit_key, "") for unit_key in sorted(above)]
    found += [(offer.unit_key, offer.role.value) for offer in offers]
    return [
        {
            "unit_key": unit_key,
            "role": role,
            "task_key": task_key,
            "due_at": due_at,
            "major_class": case["major_class"],
            "clock_domain": case["clock_domain"],
        }
        for unit_key, role in found
    ]


def offered(directory: Directory, offers: Sequence[Offer], due_at: datetime | None) -> JsonObject:
    """Return what the journal keeps of an offer."""
    raised = [offer.raised_from for offer in offers if offer.raised_from is not None]
    return {
        "offered_to": [[offer.role.value, directory.unit(offer.unit_key).code] for offer in offers],
        "due_at": due_at.isoformat() if due_at else None,
        "raised_from": [directory.unit(key).code for key in raised],
    }


def bells(
    offers: Sequence[Offer], case: Mapping[str, Any], *, element_id: str, task_key: int
) -> list[NoticeTo]:
    """Return the notices for those a task is offered to."""
    return [
        NoticeTo(
            "task_offered",
            {"number": case["number"], "element_id": element_id},
            role=offer.role.value,
            unit_key=offer.unit_key,
            task_key=task_key,
        )
        for offer in offers
    ]


def _announce(work: Work, task: OpenTask, offers: list[Offer]) -> None:
    """Note to whom a task is offered, and tell them; one that is somebody's already, only them."""
    work.note(
        "task_offered",
        offered(work.directory, offers, task.due_at),
        element_id=task.element_id,
        task_key=task.key,
    )
    assignee = work.directory.person_by_login(task.assignee) if task.assignee else None
    if assignee is None:
        work.notices += bells(offers, work.case, element_id=task.element_id, task_key=task.key)
    elif assignee != work.hand.person_key:  # who has just made it their own knows it
        params: JsonObject = {"number": work.case["number"], "element_id": task.element_id}
        work.notices.append(
            NoticeTo("task_offered", params, person_key=assignee, task_key=task.key)
        )
