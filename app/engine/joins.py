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
from app.engine.merge import merge_branches
from app.engine.specs import Lean, matching_flows
from app.engine.task import ACTIVE, CANCELLED, FINISHED, FUTURE, WAITING


class _Join(Lean):
    """Tokens wait here as tasks in WAITING until `_chosen` says which of them go on together."""

    def _chosen(self, arrived: list[Any]) -> list[Any] | None:
        """Return the tokens to consume, or None to wait on."""
        raise NotImplementedError

    def _update_hook(self, my_task: Any) -> bool:
        if my_task.has_state(FINISHED):
            return False
        my_task._set_state(WAITING)
        arrived = [
            task
            for task in my_task.workflow.tasks.values()
            if task.task_spec is self and task.has_state(WAITING)
        ]
        arrived.sort(key=lambda task: task.last_state_change)
        chosen = self._chosen(arrived)
        if chosen is None or my_task not in chosen:
            return False
        my_task.data = _merged(chosen)
        for other in chosen:
            if other is not my_task:
                other._set_state(CANCELLED)
                other.drop_predictions()
        return True

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
            if task.task_spec is not self and _is_token(task)
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

    def _run_hook(self, _my_task: Any) -> bool:
        return True


def _is_token(task: Any) -> bool:
    """An element with a token, or about to get one from a predecessor that just finished."""
    if task.has_state(FUTURE):
        return bool(task.parent.has_state(FINISHED))
    return bool(task.has_state(ACTIVE))


def _merged(tokens: list[Any]) -> dict[str, Any]:
    """Variables after the join: those before the branches parted, with every branch's changes."""
    parents = [task.parent for task in tokens]
    if len(parents) == 1:
        return dict(parents[0].data)
    return merge_branches(_parting(parents).data, [parent.data for parent in parents])


def _parting(tasks: list[Any]) -> Any:
    """The latest common ancestor of `tasks`, a task counting as its own ancestor."""
    paths = [_path(task) for task in tasks]
    common = paths[0][0]
    for level in zip(*paths, strict=False):
        if any(task is not level[0] for task in level):
            break
        common = level[0]
    return common


def _path(task: Any) -> list[Any]:
    path = []
    while task is not None:
        path.append(task)
        task = task.parent
    return path[::-1]
