"""Events: elements that wait for a timer or a message, boundary events, and those that throw.

What a task waits for is a list of plain JSON waits in its internal data, one per event definition,
made once when the token arrives (`events`); `fire` says which of them happened.
"""

from typing import Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.defaults import (
    BoundaryEvent,
    EndEvent,
    EventBasedGateway,
    IntermediateCatchEvent,
    IntermediateThrowEvent,
    ReceiveTask,
    SendTask,
    StartEvent,
)
from SpiffWorkflow.bpmn.specs.event_definitions.simple import (
    NoneEventDefinition,
    TerminateEventDefinition,
)

from app.engine.events import CycleTimer
from app.engine.specs import Lean
from app.engine.task import ACTIVE, FINISHED, FUTURE, WAITING
from app.engine.timing import parse_instant


class Catcher(Lean):
    """Waits until one of its event definitions has happened."""

    @property
    def sources(self) -> list[tuple[Any, Any]]:
        """Pairs of the spec a person sees waiting and the definition it waits for."""
        return [(self, self.event_definition)]

    def _update_hook(self, my_task: Any) -> bool:
        if my_task.has_state(FINISHED):
            return False
        my_task._inherit_data()
        internal = my_task.internal_data
        if "fired" in internal or isinstance(self.event_definition, NoneEventDefinition):
            return True
        if "waits" not in internal:
            internal["waits"] = [
                definition.begin(my_task) if hasattr(definition, "begin") else {}
                for _, definition in self.sources
            ]
        self._catch_due(my_task)
        if "fired" in internal:
            return True
        my_task._set_state(WAITING)
        my_task.workflow.top_workflow.event_manager.add_task(my_task)
        return False

    def _catch_due(self, my_task: Any) -> None:
        now = my_task.workflow.top_workflow.now
        for index, wait in enumerate(my_task.internal_data["waits"]):
            if "due" in wait and parse_instant(wait["due"]) <= now:
                self._timer_due(my_task, index)
                return

    def _timer_due(self, my_task: Any, index: int) -> None:
        my_task.internal_data["fired"] = index

    def fire(self, my_task: Any, *, index: int, payload: dict[str, Any]) -> None:
        """Let the definition at `index` have happened; of two that happen, the first counts."""
        internal = my_task.internal_data
        if "fired" not in internal:
            internal["fired"] = index
            internal["payload"] = payload
        self._update(my_task)

    def catches(self, _my_task: Any, event: Any) -> bool:
        """Whether a signal thrown inside this instance is meant for this element."""
        return any(
            definition == event.event_definition
            for _, definition in self.sources
            if not isinstance(definition, NoneEventDefinition)
        )

    def catch(self, my_task: Any, event: Any) -> None:
        """Take a signal thrown inside this instance."""
        index = next(
            index
            for index, (_, definition) in enumerate(self.sources)
            if definition == event.event_definition
        )
        my_task.internal_data.update(fired=index, payload=dict(event.payload or {}))

    def _on_ready_hook(self, my_task: Any) -> None:
        my_task.workflow.top_workflow.event_manager.remove_task(my_task)

    def _run_hook(self, my_task: Any) -> bool:
        payload = my_task.internal_data.pop("payload", None) or {}
        self.keep_results(my_task, payload, is_kept=True)
        return True

    def _on_cancel(self, my_task: Any) -> None:
        my_task.workflow.top_workflow.event_manager.remove_task(my_task)


class StartCatch(Catcher, StartEvent):
    """A start event; with a message or timer it waits, without it does not."""


class IntermediateCatch(Catcher, IntermediateCatchEvent):
    """An intermediate catch event."""


class Receive(Catcher, ReceiveTask):
    """A receive task."""


class Boundary(Catcher, BoundaryEvent):
    """A boundary event: interrupting, it ends its activity; otherwise it only opens a branch."""

    is_boundary = True

    def _predict_hook(self, my_task: Any) -> None:
        if not isinstance(self.event_definition, CycleTimer):
            super()._predict_hook(my_task)

    def _timer_due(self, my_task: Any, index: int) -> None:
        """A cycle opens one branch for all the ticks missed, and goes on waiting."""
        definition = self.event_definition
        if not isinstance(definition, CycleTimer):
            super()._timer_due(my_task, index)
            return
        definition.advance(my_task.internal_data["waits"][index], my_task)
        for spec in self.outputs:
            child = my_task._add_child(spec, FUTURE)
            spec._update(child)

    def _run_hook(self, my_task: Any) -> bool:
        super()._run_hook(my_task)
        if self.cancel_activity:
            for sibling in my_task.parent.children:
                if sibling is not my_task:
                    sibling.cancel()
        return True


class BoundarySplit(Lean, BoundaryEventSplit):
    """The invisible parent of an activity and its boundary events.

    The library adds an invisible join below each of them that watches the others; here the split
    hears of it when the activity completes, and a boundary event cancels what it interrupts.
    """

    is_boundary_split = True

    def _run_hook(self, _my_task: Any) -> bool:
        return True

    def child_completed(self, my_task: Any, child: Any) -> None:
        """The activity is done: its boundary events have nothing left to watch."""
        if not child.task_spec.is_boundary:
            for sibling in my_task.children:
                if sibling.task_spec.is_boundary:
                    sibling.cancel()


class FirstEvent(Catcher, EventBasedGateway):
    """An event-based gateway: the first event decides, and only the first."""

    @property
    def sources(self) -> list[tuple[Any, Any]]:
        """The catch events drawn behind the gateway, with the definitions the parser moved here."""
        return list(zip(self.outputs, self.event_definition.event_definitions, strict=True))

    def _predict_hook(self, my_task: Any) -> None:
        """Which event comes first is not known before it does."""

    def _run_hook(self, my_task: Any) -> bool:
        internal = my_task.internal_data
        spec = self.outputs[internal["fired"]]
        my_task._sync_children([spec], FUTURE)
        my_task.children[0].internal_data["payload"] = internal.pop("payload", None)
        return True


class _Thrower(Lean):
    def _run_hook(self, my_task: Any) -> bool:
        self.event_definition.throw(my_task)
        return True


class Throw(_Thrower, IntermediateThrowEvent):
    """An intermediate throw event."""


class Send(_Thrower, SendTask):
    """A send task with a message."""


class End(_Thrower, EndEvent):
    """An end event."""

    def _run_hook(self, my_task: Any) -> bool:
        if isinstance(self.event_definition, TerminateEventDefinition):
            for task in list(my_task.workflow.tasks.values()):
                if task is not my_task and task.has_state(ACTIVE):
                    task.cancel()
            my_task.drop_predictions()
            return True
        return super()._run_hook(my_task)

    def _on_complete_hook(self, my_task: Any) -> None:
        if isinstance(self.event_definition, TerminateEventDefinition):
            my_task.workflow._mark_complete(my_task)
