"""Event definitions: what a catching element waits for, and how errors and escalations travel.

The library's definitions read the system's clock and throw to whoever catches first. These
subclasses describe a wait as plain JSON (`begin`), timed by the `now` of the step, and hand errors
and escalations to the nearest enclosing activity only.
"""

from datetime import datetime, timedelta
from typing import Any

from SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event import (
    ErrorEventDefinition,
    EscalationEventDefinition,
    SignalEventDefinition,
)
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import (
    CycleTimerEventDefinition,
    DurationTimerEventDefinition,
    TimeDateEventDefinition,
)
from SpiffWorkflow.bpmn.util.event import BpmnEvent

from app.engine.errors import TimerUnreadable, UncaughtError
from app.engine.progress import ThrownMessage
from app.engine.task import WAITING
from app.engine.timing import Duration, Repetition, UnreadableTime, parse_instant

Wait = dict[str, Any]
TIME_TO_LIVE = "timeToLive"
"""The property of a throwing element that says how long its message may wait for a receiver."""


class DateTimer(TimeDateEventDefinition):
    """Waits until an instant."""

    def begin(self, my_task: Any) -> Wait:
        """Return `{"due": instant}`, evaluated once, when the token arrives."""
        text = _time_text(my_task, self.expression)
        try:
            return {"due": parse_instant(text).isoformat()}
        except UnreadableTime as error:
            raise _unreadable(my_task, text) from error


class DurationTimer(DurationTimerEventDefinition):
    """Waits for a span, counted from the token's arrival."""

    def begin(self, my_task: Any) -> Wait:
        """Return `{"due": instant}`."""
        text = _time_text(my_task, self.expression)
        now = my_task.workflow.top_workflow.now
        try:
            return {"due": Duration.parse(text).after(now).isoformat()}
        except UnreadableTime as error:
            raise _unreadable(my_task, text) from error


class CycleTimer(CycleTimerEventDefinition):
    """Fires again and again while its activity lasts."""

    def begin(self, my_task: Any) -> Wait:
        """Return `{"due": first instant, "times": repetitions left, "every": duration}`."""
        text = _time_text(my_task, self.expression)
        now = my_task.workflow.top_workflow.now
        try:
            cycle = Repetition.parse(text)
            first = cycle.start or cycle.every.after(now)
        except UnreadableTime as error:
            raise _unreadable(my_task, text) from error
        every = text.strip().rsplit("/", 1)[1]
        return {"due": first.isoformat(), "times": cycle.times, "every": every}

    @staticmethod
    def advance(wait: Wait, my_task: Any) -> None:
        """Move `wait` past `now`: ticks missed while nobody looked are caught up once, not each."""
        now = my_task.workflow.top_workflow.now
        every = Duration.parse(wait["every"])
        due, times = parse_instant(wait["due"]), wait["times"]
        while due <= now and times != 0:
            due, times = every.after(due), times - 1 if times > 0 else times
        wait["times"] = times
        if times == 0:
            del wait["due"]
        else:
            wait["due"] = due.isoformat()


class Message(MessageEventDefinition):
    """A message by name; `correlation_key` is the text of its zeebe:subscription."""

    def __init__(self, name: str, correlation_key: str | None = None, **kwargs: Any) -> None:
        super().__init__(name, **kwargs)
        self.correlation_key = correlation_key

    def correlation(self, my_task: Any) -> str | None:
        """Return the correlation key as a string, or None where the diagram names none."""
        if self.correlation_key is None:
            return None
        value = my_task.workflow.script_engine.evaluate(my_task, self.correlation_key)
        return None if value is None else str(value)

    def begin(self, my_task: Any) -> Wait:
        """Return `{"message": name, "key": correlation key}`; the key is fixed on arrival."""
        return {"message": self.name, "key": self.correlation(my_task)}

    def throw(self, my_task: Any) -> None:
        """Hand the message to the host; it knows who waits, inside this instance or elsewhere.

        Raises:
            TimerUnreadable: its property `timeToLive` is no duration.
        """
        top = my_task.workflow.top_workflow
        top.journal.messages.append(
            ThrownMessage(
                name=self.name,
                correlation_key=self.correlation(my_task),
                variables=dict(my_task.internal_data.get("inputs") or {}),
                time_to_live=_time_to_live(my_task, top.now),
            )
        )


class Signal(SignalEventDefinition):
    """A signal: whoever waits for it inside this instance hears it."""

    def throw(self, my_task: Any) -> None:
        """Tell every waiting element; the mapped inputs travel along."""
        payload = dict(my_task.internal_data.get("inputs") or {})
        my_task.workflow.top_workflow.catch(BpmnEvent(self, payload=payload))


class Error(ErrorEventDefinition):
    """An error, caught by the nearest enclosing activity with a boundary for its code."""

    def throw(self, my_task: Any) -> None:
        """Raise the error out of the scope of `my_task`.

        Raises:
            UncaughtError: no boundary up to the top takes it.
        """
        scope = my_task.workflow.parent_task
        if not raise_to_boundary(scope, Error, self.code, variables={}):
            raise UncaughtError(
                error_code=self.code, element_id=my_task.task_spec.bpmn_id, message=self.name
            )


class Escalation(EscalationEventDefinition):
    """An escalation: like an error, but nobody has to catch it, and the scope may go on."""

    def throw(self, my_task: Any) -> None:
        """Tell the nearest enclosing activity that has a boundary for the code."""
        scope = my_task.workflow.parent_task
        raise_to_boundary(scope, Escalation, self.code, variables={})


def raise_to_boundary(
    scope: Any, kind: type[Error | Escalation], code: str | None, *, variables: dict[str, Any]
) -> bool:
    """Fire the boundary event nearest to the activity `scope` that takes `code`, outwards.

    Returns whether one was found. A boundary without a code takes every code of its kind.
    """
    while scope is not None:
        for boundary in _boundaries_of(scope):
            definition = boundary.task_spec.event_definition
            if isinstance(definition, kind) and definition.code in (None, code):
                boundary.task_spec.fire(boundary, index=0, payload=variables)
                return True
        scope = _enclosing(scope)
    return False


def _boundaries_of(activity: Any) -> list[Any]:
    parent = activity.parent
    if parent is None or not parent.task_spec.is_boundary_split:
        return []
    return [
        each
        for each in parent.children
        if each is not activity and each.task_spec.is_boundary and each.has_state(WAITING)
    ]


def _enclosing(activity: Any) -> Any:
    """The multi-instance body around an instance, else the activity that owns the scope."""
    if activity.triggered and activity.parent is not None:
        return activity.parent
    return activity.workflow.parent_task


def _time_text(my_task: Any, expression: str) -> str:
    value = my_task.workflow.script_engine.evaluate(my_task, expression)
    if not isinstance(value, str):
        raise _unreadable(my_task, value)
    return value


def _time_to_live(my_task: Any, now: datetime) -> timedelta | None:
    text = my_task.task_spec.zeebe.properties.get(TIME_TO_LIVE)
    if text is None:
        return None
    try:
        return Duration.parse(text).after(now) - now
    except UnreadableTime as error:
        raise _unreadable(my_task, text) from error


def _unreadable(my_task: Any, value: object) -> TimerUnreadable:
    return TimerUnreadable(element_id=my_task.task_spec.bpmn_id, value=value)
