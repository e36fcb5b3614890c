"""What an instance waits for right now: open tasks, timers, subscriptions, jobs.

`runner.Run` compares two such snapshots to tell what a step changed; a host rebuilds its rows
from one of them.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, TypeAlias

from app.engine.dialect import Assignment, Schedule, feel_of
from app.engine.progress import OpenTask, PendingJob, Subscription, Timer
from app.engine.specs import HumanTask, JobTask
from app.engine.task import READY, STARTED
from app.engine.timing import UnreadableTime, parse_instant
from app.engine.workflow import PROPERTY, Instance
from app.json_types import Json

DEFAULT_PRIORITY = 50
DEFAULT_RETRIES = 3

Moved: TypeAlias = Mapping[tuple[int, datetime], datetime]
"""From the key of a task or timer and the instant it waits for to the new instant."""


def tasks_waiting_for_people(instance: Instance) -> Iterator[Any]:
    """Yield the engine's tasks that stand for open user tasks."""
    for task in instance.all_active():
        if isinstance(task.task_spec, HumanTask) and task.has_state(READY):
            yield task


def tasks_waiting_for_jobs(instance: Instance) -> Iterator[Any]:
    """Yield the engine's tasks that stand for pending jobs."""
    for task in instance.all_active():
        if isinstance(task.task_spec, JobTask) and task.has_state(STARTED):
            yield task


def open_tasks(instance: Instance) -> tuple[OpenTask, ...]:
    """Return every user task somebody can take on now."""
    return tuple(_open_task(task) for task in tasks_waiting_for_people(instance))


def timers(instance: Instance) -> tuple[Timer, ...]:
    """Return every waiting timer; the timer of an event gateway carries the gateway's key."""
    return tuple(
        Timer(key=task.key, element_id=spec.bpmn_id, due_at=parse_instant(wait["due"]))
        for task, spec, wait in _waits(instance)
        if "due" in wait
    )


def subscriptions(instance: Instance) -> tuple[Subscription, ...]:
    """Return every message waited for; those of an event gateway share the gateway's key."""
    return tuple(
        Subscription(
            key=task.key,
            element_id=spec.bpmn_id,
            message_name=wait["message"],
            correlation_key=wait["key"],
        )
        for task, spec, wait in _waits(instance)
        if "message" in wait
    )


def jobs(instance: Instance) -> tuple[PendingJob, ...]:
    """Return every job that waits for a result."""
    return tuple(_job(task) for task in tasks_waiting_for_jobs(instance))


def catchers(instance: Instance, message_name: str) -> Iterator[tuple[Any, int, str | None]]:
    """Yield task, index of the definition and correlation key of each wait for a message."""
    for task in sorted(instance.event_manager.tasks.values(), key=lambda each: each.key):
        for index, wait in enumerate(task.internal_data.get("waits", ())):
            if wait.get("message") == message_name:
                yield task, index, wait["key"]


def reschedule(instance: Instance, moved: Moved) -> None:
    """Let timers and dates of open tasks that stand at one instant stand at another."""
    for task, _, wait in _waits(instance):
        if "due" in wait and "every" not in wait:
            wait["due"] = _moved(task.key, wait["due"], moved)
    for task in tasks_waiting_for_people(instance):
        found = task.internal_data.get("task", {})
        for name in ("due", "follow_up"):
            if _instant(found, name, None) is not None:
                found[name] = _moved(task.key, found[name], moved)


def _moved(key: int, text: str, moved: Moved) -> str:
    instant = moved.get((key, parse_instant(text)))
    return text if instant is None else instant.isoformat()


def _waits(instance: Instance) -> Iterator[tuple[Any, Any, dict[str, Any]]]:
    for task in sorted(instance.event_manager.tasks.values(), key=lambda each: each.key):
        waits = task.internal_data.get("waits", ())
        for (spec, _), wait in zip(task.task_spec.sources, waits, strict=False):
            yield task, spec, wait


def _open_task(task: Any) -> OpenTask:
    zeebe = task.task_spec.zeebe
    found = task.internal_data.get("task", {})
    assignment, schedule = zeebe.assignment or Assignment(), zeebe.schedule or Schedule()
    form_id = None if zeebe.form is None else _text(found, "form", zeebe.form.form_id)
    return OpenTask(
        key=task.key,
        element_id=task.task_spec.bpmn_id,
        name=task.task_spec.bpmn_name or "",
        assignee=_text(found, "assignee", assignment.assignee),
        candidate_groups=_texts(found, "groups", assignment.candidate_groups),
        candidate_users=_texts(found, "users", assignment.candidate_users),
        due_at=_instant(found, "due", schedule.due_date),
        follow_up_at=_instant(found, "follow_up", schedule.follow_up_date),
        priority=_number(found, "priority", zeebe.priority, DEFAULT_PRIORITY),
        form_id=form_id,
        form_binding=None if zeebe.form is None else zeebe.form.binding,
        properties={
            name: _value(found, f"{PROPERTY}{name}", text)
            for name, text in zeebe.properties.items()
        },
        headers=zeebe.headers,
        inputs=task.internal_data.get("inputs", {}),
    )


def _job(task: Any) -> PendingJob:
    zeebe = task.task_spec.zeebe
    internal = task.internal_data
    job = zeebe.job
    return PendingJob(
        key=task.key,
        element_id=task.task_spec.bpmn_id,
        job_type=_text(internal, "type", job.job_type if job else "") or "",
        retries=_number(internal, "retries", job.retries if job else None, DEFAULT_RETRIES),
        inputs=internal.get("inputs", {}),
        headers=zeebe.headers,
        is_multi_instance=task.triggered,
    )


def _value(found: dict[str, Any], name: str, written: str | None) -> Json:
    """The evaluated value, or the literal; an expression that gave null has left nothing."""
    if name in found:
        value: Json = found[name]
        return value
    return None if feel_of(written) is not None else written


def _text(found: dict[str, Any], name: str, written: str | None) -> str | None:
    value = _value(found, name, written)
    return None if value is None else str(value)


def _texts(found: dict[str, Any], name: str, written: str | None) -> tuple[str, ...]:
    """A list, or a text with commas, as the modelers write candidate groups."""
    value = _value(found, name, written)
    if value is None:
        return ()
    parts = value if isinstance(value, list) else str(value).split(",")
    return tuple(str(part).strip() for part in parts if part is not None and str(part).strip())


def _number(found: dict[str, Any], name: str, written: str | None, default: int) -> int:
    value = _value(found, name, written)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return default
    try:
        return int(value)
    except ValueError:
        return default


def _instant(found: dict[str, Any], name: str, written: str | None) -> Any:
    """A due date nobody can read is none; the lint refuses literals that are not instants."""
    value = _value(found, name, written)
    if not isinstance(value, str):
        return None
    try:
        return parse_instant(value)
    except UnreadableTime:
        return None
