"""A running instance: the library's workflow with flat scans, one order of things, and a budget.

`runner.py` drives it. Ready elements run in the order they became ready, due timers fire in the
order they fell due, and both repeat until nothing moves; the library walks its trees instead.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import count
from typing import Any

from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow

from app.engine.errors import BudgetExceeded, DiagramFailed
from app.engine.expressions import Expressions
from app.engine.journal import StepJournal
from app.engine.progress import DecisionTaken
from app.engine.task import ACTIVE, FUTURE, READY, WAITING, CaseTask
from app.engine.timing import parse_instant
from app.feel import to_json
from app.json_types import Json

MAX_TASKS_PER_STEP = 1_000
MAX_SECONDS_PER_STEP = 5.0
PROPERTY = "property "
"""Begins the name under which a user task keeps one of its properties."""


class _Flat:
    """What the top level and its scopes share; `tasks` is the library's mapping id → task."""

    tasks: dict[int, Any]
    data: dict[str, Any]
    completed: bool
    completed_event: Any
    last_task: Any
    entry_message: str | None = None

    def active_tasks(self) -> list[Any]:
        """Return the tasks of this scope that hold a token, in the order they came to it."""
        found = [task for task in self.tasks.values() if task._state & ACTIVE]
        found.sort(key=lambda task: task.last_state_change)
        return found

    def _task_completed_notify(self, task: Any) -> None:
        self.last_task = task
        if task.task_spec.name == "End":
            self._mark_complete(task)
        if self.completed:
            self.completed_event(self)
        else:
            self.update_waiting_tasks()

    def _mark_complete(self, task: Any) -> None:
        self.data.update(task.data)
        self.completed = True

    def update_waiting_tasks(self) -> None:
        """Let the joins that depend on the rest of the scope look again."""
        for task in self.active_tasks():
            if task._state == WAITING and task.task_spec.reconsiders:
                task.task_spec._update(task)

    def cancel(self, *_args: Any) -> list[Any]:
        """Cancel whatever holds a token here and further in."""
        self.completed = True
        cancelled = self.active_tasks()
        for task in cancelled:
            task.cancel()
        return cancelled


class Inside(_Flat, BpmnSubWorkflow):
    """The inside of a sub-process or call activity; `parent_task` is the element outside."""

    def __init__(self, spec: Any, parent_task: Any, top_workflow: Any) -> None:
        self.parent_task = parent_task
        super().__init__(spec, parent_task.id, top_workflow, deserializing=True)

    @property
    def parent_workflow(self) -> Any:
        """The workflow the element outside belongs to."""
        return self.parent_task.workflow

    def _calculate_depth(self) -> int:
        return 0


class Instance(_Flat, BpmnWorkflow):
    """One process instance in one step: at `now`, over `facts`, drawing keys from `next_key`.

    The zone of `now` is the one whose day `today()` means; everything kept is in UTC.
    """

    parent_task = None

    def __init__(
        self,
        definition: Any,
        *,
        facts: Mapping[str, Any],
        now: datetime,
        next_key: Callable[[], int],
    ) -> None:
        self.definition = definition
        self.now = now.astimezone(UTC)
        self.next_key = next_key
        self.next_id = count(1).__next__
        self.next_moment = count(1).__next__
        self.journal = StepJournal(self.now)
        self.budget = Budget()
        self.expressions = Expressions(facts, now=now, journal=self.journal)
        self.is_cancelled = False
        super().__init__(
            definition.spec,
            definition.scope_specs,
            script_engine=self.expressions,
            deserializing=True,
        )

    def begin(self, entry_message: str | None) -> None:
        """Put the first token at the start; of several start events the message picks one."""
        self.entry_message = entry_message
        self.task_tree = CaseTask(self, self.spec.start, state=FUTURE)

    def create_subprocess(self, my_task: Any, spec_name: str) -> Inside:
        """Open the inside of `my_task`.

        Raises:
            DiagramFailed: the called process is not part of the definition.
        """
        scope = self.open_scope(my_task, spec_name)
        scope.task_tree = CaseTask(scope, scope.spec.start, state=FUTURE)
        return scope

    def open_scope(self, my_task: Any, spec_name: str) -> Inside:
        """Register an inside that has no tasks yet."""
        spec = self.subprocess_specs.get(spec_name)
        if spec is None:
            raise DiagramFailed(
                element_id=my_task.task_spec.bpmn_id, why=f"the process {spec_name} is not deployed"
            )
        scope = Inside(spec, my_task, self)
        self.subprocesses[my_task.id] = scope
        return scope

    def scopes(self) -> Iterator[Any]:
        """Yield the top level and every open scope."""
        yield self
        yield from list(self.subprocesses.values())

    def all_active(self) -> list[Any]:
        """Return every task that holds a token, in the order the tokens arrived."""
        found = [
            task for scope in self.scopes() for task in scope.tasks.values() if task._state & ACTIVE
        ]
        found.sort(key=lambda task: task.last_state_change)
        return found

    def rewrite(self, change: Callable[[Json], Json]) -> None:
        """Change every variable that anything in here may still read."""
        for scope in self.scopes():
            for task in scope.tasks.values():
                task.data = {name: change(value) for name, value in task.data.items()}
                _rewrite_kept(task.internal_data, change)

    def renumber_moments(self) -> None:
        """Count the moments of all tasks from one again, keeping their order."""
        tasks = [task for scope in self.scopes() for task in scope.tasks.values()]
        tasks.sort(key=lambda task: task.last_state_change)
        for moment, task in enumerate(tasks, start=1):
            task.last_state_change = moment
        self.next_moment = count(len(tasks) + 1).__next__

    def run_to_rest(self) -> None:
        """Run what is ready and fire what is due until nothing moves.

        Raises:
            BudgetExceeded: more tasks or seconds than one step may take.
        """
        self.run_ready()
        while self._fire_next_timer():
            self.run_ready()

    def run_ready(self) -> None:
        """Run ready elements, and what they make ready, in the order they became ready."""
        while ready := self._ready_tasks():
            for task in ready:
                if task._state == READY:
                    self.budget.spend(task)
                    task.run()

    def _ready_tasks(self) -> list[Any]:
        ready = [
            task
            for scope in self.scopes()
            for task in scope.tasks.values()
            if task._state == READY and not task.task_spec.manual
        ]
        ready.sort(key=lambda task: task.last_state_change)
        return ready

    def _fire_next_timer(self) -> bool:
        """Fire the timer that fell due first; what it sets off may cancel the others."""
        due = [
            (parse_instant(wait["due"]), task.last_state_change, task)
            for task in self.event_manager.tasks.values()
            for wait in task.internal_data.get("waits", ())
            if "due" in wait
        ]
        due = [each for each in due if each[0] <= self.now]
        if not due:
            return False
        task = min(due, key=lambda each: each[:2])[2]
        self.budget.spend(task)
        task.task_spec._update(task)
        return True

    def decide(self, my_task: Any, decision_id: str) -> Json:
        """Ask a decision table and note its answer and reasons.

        Raises:
            DiagramFailed: the decision is not part of the definition.
        """
        element_id = my_task.task_spec.bpmn_id
        model = self.definition.decisions.get(decision_id)
        if model is None:
            raise DiagramFailed(
                element_id=element_id, why=f"the decision {decision_id} is not deployed"
            )
        context = self.expressions.context(my_task, {})
        answer = model.evaluate(decision_id, context, now=self.expressions.now)
        result = to_json(answer.value)
        self.journal.warnings.extend(f"{element_id}: {each}" for each in answer.warnings)
        self.journal.decisions.append(
            DecisionTaken(
                element_id=element_id, decision_id=decision_id, result=result, trace=answer.trace
            )
        )
        return result


class Budget:
    """How much one step may do: a loop without a wait would otherwise run for ever."""

    def __init__(self) -> None:
        self._tasks = 0
        self._ends_at = time.monotonic() + MAX_SECONDS_PER_STEP

    def spend(self, task: Any) -> None:
        """Count one task.

        Raises:
            BudgetExceeded: the step did too much or took too long.
        """
        self._tasks += 1
        if self._tasks > MAX_TASKS_PER_STEP:
            raise _exceeded(task, f"{MAX_TASKS_PER_STEP} elements")
        if time.monotonic() > self._ends_at:
            raise _exceeded(task, f"{MAX_SECONDS_PER_STEP} s")


def _rewrite_kept(internal: dict[str, Any], change: Callable[[Json], Json]) -> None:
    """Change what a task was given: its inputs, its properties, the items still to be begun."""
    if inputs := internal.get("inputs"):
        internal["inputs"] = {name: change(value) for name, value in inputs.items()}
    if found := internal.get("task"):
        internal["task"] = {
            name: change(value) if name.startswith(PROPERTY) else value
            for name, value in found.items()
        }
    if left := internal.get("left"):
        internal["left"] = [[change(key), change(item)] for key, item in left]
    if "item_key" in internal:
        internal["item_key"] = change(internal["item_key"])


def _exceeded(task: Any, limit: str) -> BudgetExceeded:
    return BudgetExceeded(limit=limit, element_id=task.task_spec.bpmn_id or task.task_spec.name)
