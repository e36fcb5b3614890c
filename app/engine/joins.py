"""Where branches meet: parallel and inclusive gateways, and the implicit join at the end.

The library counts every token that ever came by, so a join in a loop fires early the second time.
These joins look only at the tokens that wait at them now, take one per incoming flow, merge their
variables three-way and consume them.
"""

from collections import deque
from typing import Any

from SpiffWorkflow.bpmn.specs.control import _EndJoin
from SpiffWorkflow.bpmn.specs.defaults import InclusiveGateway, ParallelGateway

from app.engine.errors import DiagramFailed
from app.engine.forks import consume, gather, is_token, merged
from app.engine.specs import Lean, matching_flows
from app.engine.task import FINISHED, WAITING


class _Join(Lean):
    """Tokens wait here as tasks in WAITING until `_chosen` says which of them go on together."""

    def _chosen(self, arrived: list[Any]) -> list[Any] | None:
        """Return the tokens to consume, or None to wait on."""
        raise NotImplementedError

    def _update_hook(self, my_task: Any) -> bool:
        if my_task.has_state(FINISHED):
            return False
        has_just_come = not my_task.has_state(WAITING)
        if has_just_come:
            my_task._inherit_data()
            my_task._set_state(WAITING)
        arrived = [
            task
            for task in my_task.workflow.tasks.values()
            if task.task_spec is self and task.has_state(WAITING)
        ]
        arrived.sort(key=lambda task: task.last_state_change)
        chosen = self._chosen(arrived)
        if chosen is None or my_task not in chosen:
            if has_just_come:
                self._wait_with(my_task, arrived)
            return False
        my_task.data = merged(chosen)
        for other in chosen:
            if other is not my_task:
                consume(other)
        return True

    def _wait_with(self, my_task: Any, arrived: list[Any]) -> None:
        """A token came and has to wait beside those that came before."""

    def _one_per_flow(self, arrived: list[Any]) -> dict[str, Any]:
        """The oldest token of each incoming flow, by the name of its source."""
        oldest: dict[str, Any] = {}
        for task in arrived:
            oldest.setdefault(task.parent.task_spec.name, task)
        return oldest


class AllJoin(_Join, ParallelGateway):
    """A parallel gateway: one token of every incoming flow."""

    def _chosen(self, arrived: list[Any]) -> list[Any] | None:
        tokens = self._one_per_flow(arrived)
        return list(tokens.values()) if len(tokens) >= len(set(self._inputs)) else None

    def _run_hook(self, _my_task: Any) -> bool:
        return True


class AnyJoin(_Join, InclusiveGateway):
    """An inclusive gateway: every token that can still come.

    Source: BPMN 2.0.2, 13.4.3 (inclusive gateway, activation).
    """

    reconsiders = True

    def _chosen(self, arrived: list[Any]) -> list[Any] | None:
        tokens = self._one_per_flow(arrived)
        missing = set(self._inputs) - tokens.keys()
        if missing and self._is_more_coming(arrived[0].workflow, set(tokens), missing):
            return None
        return list(tokens.values())

    def _is_more_coming(self, workflow: Any, filled: set[str], missing: set[str]) -> bool:
        """Whether a token elsewhere reaches an empty flow, and no flow that already has one."""
        to_missing, to_filled = self._upstream(missing), self._upstream(filled)
        return any(
            task.task_spec.name in to_missing and task.task_spec.name not in to_filled
            for task in workflow.tasks.values()
            if task.task_spec is not self and is_token(task)
        )

    def _upstream(self, sources: set[str]) -> set[str]:
        """Names of all specs from which one of `sources` can be reached without passing here."""
        seen, queue = set(sources), deque(sources)
        while queue:
            for name in self._wf_spec.task_specs[queue.popleft()]._inputs:
                if name not in seen and name != self.name:
                    seen.add(name)
                    queue.append(name)
        return seen

    def _predict_hook(self, my_task: Any) -> None:
        """The outgoing flows are chosen when the gateway runs."""

    def _run_hook(self, my_task: Any) -> bool:
        names = list(matching_flows(self, my_task)) or [
            name for condition, name in self.cond_task_specs if condition is None
        ]
        if not names:
            raise DiagramFailed(
                element_id=self.bpmn_id, why="no condition is true, no default flow"
            )
        self._leave_by(my_task, [self._wf_spec.task_specs[name] for name in names])
        return True


class EndJoin(_Join, _EndJoin):
    """The end of a process or sub-process: waits until nothing else in it is unfinished."""

    reconsiders = True

    def _chosen(self, arrived: list[Any]) -> list[Any] | None:
        unfinished = any(
            not task._state & FINISHED and task.task_spec is not self
            for task in arrived[0].workflow.tasks.values()
        )
        return None if unfinished else arrived

    def _wait_with(self, my_task: Any, arrived: list[Any]) -> None:
        """Side branches that end while the main one loops must not pile up: they become one."""
        for other in arrived:
            if other is not my_task and other.has_state(WAITING):
                gather(other, my_task)

    def _run_hook(self, _my_task: Any) -> bool:
        return True
