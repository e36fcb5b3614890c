"""Runs one step of one instance: start or load it, do one thing, take the progress away.

A `Run` performs no effect and reads no clock and no store: facts, keys and `now` come in as
arguments, effects leave as jobs and messages in its `Progress`. After an exception it is spent.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

from SpiffWorkflow.exceptions import SpiffWorkflowException

from app import feel
from app.engine import codec, waiting
from app.engine.definition import Definition
from app.engine.errors import (
    DiagramFailed,
    JobNotPending,
    NobodyWaits,
    RunUnusable,
    TaskNotOpen,
    UncaughtError,
)
from app.engine.events import Error, raise_to_boundary
from app.engine.progress import (
    ClosedState,
    ClosedTask,
    ElementState,
    OpenTask,
    PendingJob,
    Progress,
    Subscription,
    Timer,
    TimerGone,
)
from app.engine.variables import routing_variables
from app.engine.workflow import Budget, Instance
from app.json_types import Json, JsonObject

ACTOR = "actor"
_Row = TypeVar("_Row")


def start(
    definition: Definition,
    *,
    facts: Mapping[str, Any],
    now: datetime,
    next_key: Callable[[], int],
    message: str | None = None,
    variables: JsonObject | None = None,
) -> "Run":
    """Start an instance and run it to rest; `message` names the message that begins it.

    `variables` become routing variables: through the start event's output mappings, if it has any.

    Raises:
        NobodyWaits: no start event of the process takes `message`.
    """
    run = Run(definition, facts=facts, now=now, next_key=next_key)
    run._begin(message, variables or {})
    return run


def load(
    definition: Definition,
    state: bytes,
    *,
    facts: Mapping[str, Any],
    now: datetime,
    next_key: Callable[[], int],
) -> "Run":
    """Take up an instance where `Progress.state` left it; nothing moves yet.

    Raises:
        StateUnreadable: the state is damaged, of another version or of another definition.
    """
    run = Run(definition, facts=facts, now=now, next_key=next_key)
    run._restore(state)
    return run


class Run:
    """One instance during one step. Not for several threads; make a new one for every step."""

    def __init__(
        self,
        definition: Definition,
        *,
        facts: Mapping[str, Any],
        now: datetime,
        next_key: Callable[[], int],
    ) -> None:
        self._instance = Instance(definition, facts=facts, now=now, next_key=next_key)
        self._is_spent = False
        self._open_before: tuple[OpenTask, ...] = ()
        self._timers_before: tuple[Timer, ...] = ()
        self._subscriptions_before: tuple[Subscription, ...] = ()
        self._jobs_before: tuple[PendingJob, ...] = ()

    @property
    def facts(self) -> Mapping[str, Any]:
        """What FEEL sees besides variables: `case`, `answers`, `calendar`."""
        return self._instance.expressions.facts

    @facts.setter
    def facts(self, facts: Mapping[str, Any]) -> None:
        self._instance.expressions.facts = facts

    @property
    def is_completed(self) -> bool:
        """Whether nothing is left to happen."""
        return self._instance.completed

    @property
    def open_tasks(self) -> tuple[OpenTask, ...]:
        """Every user task somebody can take on now."""
        return waiting.open_tasks(self._instance)

    @property
    def timers(self) -> tuple[Timer, ...]:
        """Every timer that runs now."""
        return waiting.timers(self._instance)

    @property
    def subscriptions(self) -> tuple[Subscription, ...]:
        """Every message waited for now."""
        return waiting.subscriptions(self._instance)

    @property
    def jobs(self) -> tuple[PendingJob, ...]:
        """Every job that waits for a result now."""
        return waiting.jobs(self._instance)

    @property
    def variables(self) -> JsonObject:
        """The routing variables of the top level; parallel branches merged."""
        return routing_variables(self._instance)

    def complete(self, task_key: int, variables: JsonObject, *, actor: str | None = None) -> None:
        """Complete a user task and run to rest.

        `variables` and `actor` can be read by the task's output mappings and by the output element
        of a multi-instance; without output mappings nothing of them becomes a routing variable.

        Raises:
            TaskNotOpen: no open user task has this key.
        """
        with self._step():
            task = _by_key(waiting.tasks_waiting_for_people(self._instance), task_key)
            if task is None:
                raise TaskNotOpen(task_key=task_key)
            results = {**_plain(variables), ACTOR: actor}
            task.task_spec.keep_results(task, results, is_kept=False)
            task.run()
            self._instance.run_to_rest()

    def fire(self) -> None:
        """Let every timer that is due at `now` happen, in the order they fell due.

        A cycle timer that missed several ticks catches up once.
        """
        with self._step():
            self._instance.run_to_rest()

    def send(
        self,
        name: str,
        *,
        correlation_key: str | None = None,
        variables: JsonObject | None = None,
        to: int | None = None,
    ) -> None:
        """Deliver a message to the one element that waits for it: `to`, or the one waiting longest.

        Timers due by now happen first, since they were first. A correlation key on either side
        must be met where both have one. `variables` go through the element's output mappings,
        or become routing variables where it has none.

        Raises:
            NobodyWaits: no element waits for it (any more).
        """
        with self._step():
            self._instance.run_to_rest()
            self._deliver(name, correlation_key, variables or {}, to)
            self._instance.run_to_rest()

    def finish_job(self, key: int, variables: JsonObject | None = None) -> None:
        """Bring the result of a job; it becomes variables as a message's do.

        Raises:
            JobNotPending: no job with this key waits.
        """
        with self._step():
            task = self._pending_job(key)
            task.task_spec.keep_results(task, _plain(variables or {}), is_kept=True)
            task.task_spec._predict_hook(task)
            task.complete()
            self._instance.run_to_rest()

    def throw_error(
        self, key: int, code: str, message: str = "", variables: JsonObject | None = None
    ) -> None:
        """Let a job fail with an error of the process, for the nearest error boundary around it.

        Raises:
            JobNotPending: no job with this key waits.
            UncaughtError: no boundary event up to the top takes `code`.
        """
        with self._step():
            task = self._pending_job(key)
            payload = {**_plain(variables or {}), "errorCode": code, "errorMessage": message}
            if not raise_to_boundary(task, Error, code, variables=payload):
                raise UncaughtError(
                    error_code=code, element_id=task.task_spec.bpmn_id, message=message
                )
            self._instance.run_to_rest()

    def reschedule(self, moved: Mapping[tuple[int, datetime], datetime]) -> None:
        """Let timers and due dates that stand at one instant stand at another; nothing fires.

        `moved` leads from the key of a task or timer and its instant to the new instant. Cycles
        keep their beat.
        """
        with self._step():
            waiting.reschedule(self._instance, moved)

    def rewrite(self, change: Callable[[Json], Json]) -> None:
        """Change the variables of every token, and what open tasks and jobs were given of them."""
        with self._step():
            self._instance.rewrite(change)

    def cancel(self) -> None:
        """End the instance wherever it stands."""
        with self._step():
            self._instance.data = self.variables
            self._instance.cancel()
            self._instance.is_cancelled = True

    def progress(self) -> Progress:
        """Return what happened since `start` or `load`, with the state to keep."""
        with self._step():
            instance, journal = self._instance, self._instance.journal
            state = codec.encode(instance)
            timers_set, timers_gone = _difference(self._timers_before, self.timers)
            subscribed, unsubscribed = _difference(self._subscriptions_before, self.subscriptions)
            jobs_set, jobs_gone = _difference(self._jobs_before, self.jobs)
            opened, rescheduled, closed = self._task_changes()
            return Progress(
                state=state,
                is_completed=instance.completed,
                opened=opened,
                rescheduled=rescheduled,
                closed=closed,
                timers_set=timers_set,
                timers_gone=tuple(TimerGone(each.key, each.due_at) for each in timers_gone),
                subscriptions_set=subscribed,
                subscriptions_gone=unsubscribed,
                jobs_set=jobs_set,
                jobs_gone=jobs_gone,
                elements=tuple(journal.changes.values()),
                flows_taken=tuple(journal.flows),
                messages=tuple(journal.messages),
                decisions=tuple(journal.decisions),
                warnings=tuple(journal.warnings),
                variables=self.variables,
            )

    def _begin(self, message: str | None, variables: JsonObject) -> None:
        with self._step():
            instance = self._instance
            instance.begin(message)
            if message is None:
                instance.task_tree.data.update(_plain(variables))
            instance.task_tree._ready()
            if message is not None:
                instance.run_ready()
                self._deliver(message, None, variables, None)
            instance.run_to_rest()

    def _restore(self, state: bytes) -> None:
        codec.decode_into(self._instance, state)
        with codec.unreadable():
            self._open_before = self.open_tasks
            self._timers_before = self.timers
            self._subscriptions_before = self.subscriptions
            self._jobs_before = self.jobs

    def _deliver(
        self, name: str, correlation_key: str | None, variables: JsonObject, to: int | None
    ) -> None:
        for task, index, key in waiting.catchers(self._instance, name):
            is_meant = to is None or task.key == to
            if is_meant and (key is None or correlation_key is None or key == correlation_key):
                task.task_spec.fire(task, index=index, payload=_plain(variables))
                return
        raise NobodyWaits(name=name)

    def _pending_job(self, key: int) -> Any:
        task = _by_key(waiting.tasks_waiting_for_jobs(self._instance), key)
        if task is None:
            raise JobNotPending(key=key)
        return task

    def _task_changes(
        self,
    ) -> tuple[tuple[OpenTask, ...], tuple[OpenTask, ...], tuple[ClosedTask, ...]]:
        before = {task.key: _schedule(task) for task in self._open_before}
        now = self.open_tasks
        still_open = {task.key for task in now}
        changes = self._instance.journal.changes
        closed = (
            ClosedTask(key=task.key, element_id=task.element_id, state=_closed(changes[task.key]))
            for task in self._open_before
            if task.key not in still_open
        )
        opened = tuple(task for task in now if task.key not in before)
        moved = (task for task in now if before.get(task.key, _schedule(task)) != _schedule(task))
        return opened, tuple(moved), tuple(closed)

    @contextmanager
    def _step(self) -> Iterator[None]:
        """Guard one operation: its budget, its errors, and that a failed run is not used again."""
        if self._is_spent:
            raise RunUnusable
        self._instance.budget = Budget()
        try:
            yield
        except (TaskNotOpen, JobNotPending, NobodyWaits):
            raise
        except SpiffWorkflowException as error:
            self._is_spent = True
            raise _failed(error) from error
        except BaseException:
            self._is_spent = True
            raise


def _failed(error: SpiffWorkflowException) -> DiagramFailed:
    spec = getattr(error, "task_spec", None)
    element_id = getattr(spec, "bpmn_id", None) or getattr(spec, "name", "?")
    return DiagramFailed(element_id=element_id, why=str(error))


def _schedule(task: OpenTask) -> tuple[datetime | None, datetime | None, JsonObject]:
    return task.due_at, task.follow_up_at, task.inputs


def _closed(change: Any) -> ClosedState:
    is_done = change.state == ElementState.COMPLETED
    return ClosedState.COMPLETED if is_done else ClosedState.CANCELED


def _by_key(tasks: Iterator[Any], key: int) -> Any:
    return next((task for task in tasks if task.key == key), None)


def _difference(
    before: tuple[_Row, ...], after: tuple[_Row, ...]
) -> tuple[tuple[_Row, ...], tuple[_Row, ...]]:
    """Return what is new in `after` and what is gone from `before`."""
    return (
        tuple(each for each in after if each not in before),
        tuple(each for each in before if each not in after),
    )


def _plain(variables: Mapping[str, Json]) -> dict[str, Any]:
    """Whatever a host hands in is made plain JSON before it can reach the state."""
    return {name: feel.to_json(value) for name, value in variables.items()}
