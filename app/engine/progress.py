"""What one engine step did, as plain frozen data: the only thing that leaves the engine room.

`runner.Run.progress` builds it; `cases.journal` turns it into rows. Keys are the positive 64-bit
keys of the element instances, instants are aware and in UTC, everything else is plain JSON.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from app.json_types import Json, JsonObject


class ElementState(StrEnum):
    """Where an element instance stands once the step is over."""

    ACTIVE = "ACTIVE"
    COMPLETED = "COMPLETED"
    TERMINATED = "TERMINATED"


class ClosedState(StrEnum):
    """How a user task ended."""

    COMPLETED = "COMPLETED"
    CANCELED = "CANCELED"


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A user task somebody can take on, with everything its diagram says about it, evaluated.

    `candidate_groups` are `role` or `role@unit_code`; `properties` are the evaluated
    zeebe:properties (`notActor` among them), `inputs` the evaluated input mappings.
    """

    key: int
    element_id: str
    name: str
    assignee: str | None = None
    candidate_groups: tuple[str, ...] = ()
    candidate_users: tuple[str, ...] = ()
    due_at: datetime | None = None
    follow_up_at: datetime | None = None
    priority: int = 50
    form_id: str | None = None
    form_binding: str | None = None
    properties: JsonObject = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    inputs: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ClosedTask:
    """A user task that was open before the step and no longer is."""

    key: int
    element_id: str
    state: ClosedState


@dataclass(frozen=True, slots=True)
class Timer:
    """A waiting timer. One waiting element instance has at most one at a time."""

    key: int
    element_id: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class TimerGone:
    """A timer that fired, moved or lost its meaning: named by key and the due it had."""

    key: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Subscription:
    """A message someone waits for. `correlation_key` is None where the diagram names none."""

    key: int
    element_id: str
    message_name: str
    correlation_key: str | None


@dataclass(frozen=True, slots=True)
class PendingJob:
    """A service task that stands until its host calls `finish_job` or `throw_error`.

    `inputs` are the evaluated input mappings, empty where the diagram maps nothing.
    """

    key: int
    element_id: str
    job_type: str
    retries: int = 3
    inputs: JsonObject = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    is_multi_instance: bool = False


@dataclass(frozen=True, slots=True)
class ElementChange:
    """An element instance that was entered or left; entered and left in one step: once, COMPLETED.

    `element_type` is the BPMN tag in capitals with underscores: USER_TASK, EXCLUSIVE_GATEWAY.
    """

    key: int
    element_id: str
    element_type: str
    name: str
    state: ElementState
    at: datetime


@dataclass(frozen=True, slots=True)
class ThrownMessage:
    """A message the instance sends; its host finds the receiver.

    `time_to_live` is how long it may wait for one; None where the diagram does not say.
    """

    name: str
    correlation_key: str | None
    variables: JsonObject
    time_to_live: timedelta | None = None


@dataclass(frozen=True, slots=True)
class DecisionTaken:
    """A table that was asked, what it answered and why."""

    element_id: str
    decision_id: str
    result: Json
    trace: Json


@dataclass(frozen=True, slots=True)
class Progress:
    """The difference one step made, and the new state to keep.

    `rescheduled` are tasks that were open before and now have another due date, another date to
    look at them again, or other inputs. `elements` come in the order they happened; `flows_taken`
    are the ids of the sequence flows a token went along. `variables` are the routing variables of
    the top level after the step.
    """

    state: bytes
    is_completed: bool
    opened: tuple[OpenTask, ...] = ()
    rescheduled: tuple[OpenTask, ...] = ()
    closed: tuple[ClosedTask, ...] = ()
    timers_set: tuple[Timer, ...] = ()
    timers_gone: tuple[TimerGone, ...] = ()
    subscriptions_set: tuple[Subscription, ...] = ()
    subscriptions_gone: tuple[Subscription, ...] = ()
    jobs_set: tuple[PendingJob, ...] = ()
    jobs_gone: tuple[PendingJob, ...] = ()
    elements: tuple[ElementChange, ...] = ()
    flows_taken: tuple[str, ...] = ()
    messages: tuple[ThrownMessage, ...] = ()
    decisions: tuple[DecisionTaken, ...] = ()
    warnings: tuple[str, ...] = ()
    variables: JsonObject = field(default_factory=dict)
