"""What happened within one step, noted while it happens, for `runner.Run.progress`."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.engine.progress import (
    DecisionTaken,
    ElementChange,
    ElementState,
    ThrownMessage,
)
from app.engine.task import COMPLETED


@dataclass(slots=True)
class StepJournal:
    """Element changes, flows, messages, decisions and warnings of the step at `now`."""

    now: datetime
    changes: dict[int, ElementChange] = field(default_factory=dict)
    flows: list[str] = field(default_factory=list)
    messages: list[ThrownMessage] = field(default_factory=list)
    decisions: list[DecisionTaken] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def entered(self, task: Any) -> None:
        """Note that a token reached the element of `task`, and along which flow."""
        self.changes[task.key] = self._change(task, ElementState.ACTIVE)
        if not task.triggered and (flow := _flow_into(task)):
            self.flows.append(flow)

    def left(self, task: Any) -> None:
        """Note that the element of `task` was completed or terminated."""
        done = task._state == COMPLETED
        state = ElementState.COMPLETED if done else ElementState.TERMINATED
        self.changes[task.key] = self._change(task, state)

    def _change(self, task: Any, state: ElementState) -> ElementChange:
        spec = task.task_spec
        return ElementChange(
            key=task.key,
            element_id=spec.bpmn_id,
            element_type=spec.extensions.element_type,
            name=spec.bpmn_name or "",
            state=state,
            at=self.now,
        )


def _flow_into(task: Any) -> str | None:
    """Return the id of the sequence flow that led here; what no diagram shows is stepped over."""
    source = task.parent
    while source is not None and source.task_spec.bpmn_id is None:
        source = source.parent
    if source is None:
        return None
    flow: str | None = task.workflow.spec.flow_ids.get(
        (source.task_spec.bpmn_id, task.task_spec.bpmn_id)
    )
    return flow
