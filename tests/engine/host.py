"""A small application around the engine, for tests: time, keys, jobs, saving and loading.

The same script of actions can be played on an engine that is kept in memory and never saved, and
on one that is saved and loaded around every step; keys come from one counter per host, so both
must agree in everything, keys included.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from app.engine import codec, runner
from app.engine.definition import Definition
from app.engine.progress import ElementState, OpenTask, PendingJob, Progress
from app.engine.runner import Run

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
View = dict[str, Any]
Operation = Callable[[PendingJob, "Host"], dict[str, Any]]


@dataclass
class Host:
    """Runs one instance; `saves` chooses between the two ways of keeping it."""

    definition: Definition
    saves: bool = True
    now: datetime = MONDAY
    facts: dict[str, Any] = field(default_factory=dict)
    operations: Mapping[str, Operation] = field(default_factory=dict)
    does_jobs: bool = True
    encode: Callable[[Any], bytes] = codec.encode
    first_key: int = 1000

    def __post_init__(self) -> None:
        self.next_key = count(self.first_key).__next__
        self.state = b""
        self.largest_state = 0
        self.done: list[str] = []
        self.passed: Counter[str] = Counter()
        self.progress: Progress | None = None

    def start(self, message: str | None = None, **variables: Any) -> "Host":
        self.run = runner.start(
            self.definition,
            facts=self.facts,
            now=self.now,
            next_key=self.next_key,
            message=message,
            variables=variables,
        )
        return self._settle()

    def tick(self, **span: float) -> "Host":
        """Let time pass, then fire what is due."""
        return self.pass_time(**span).fire()

    def pass_time(self, **span: float) -> "Host":
        """Let time pass, with nobody looking."""
        self.now += timedelta(**span)
        return self

    def fire(self) -> "Host":
        self._take_up().fire()
        return self._settle()

    def do(self, element_id: str, *, actor: str = "1", **answers: Any) -> "Host":
        """Complete the open task of an element; `element_id` may add "#n" for the n-th of them."""
        task = self.task(element_id)
        return self.complete(task.key, answers, actor=actor)

    def complete(self, key: int, answers: dict[str, Any], *, actor: str = "1") -> "Host":
        run = self._take_up()
        run.complete(key, answers, actor=actor)
        return self._settle()

    def send(self, name: str, *, key: str | None = None, to: int | None = None, **v: Any) -> "Host":
        self._take_up().send(name, correlation_key=key, variables=v, to=to)
        return self._settle()

    def finish(self, element_id: str, **variables: Any) -> "Host":
        run = self._take_up()
        run.finish_job(self.job(element_id).key, variables)
        return self._settle()

    def fail(self, element_id: str, code: str, **variables: Any) -> "Host":
        run = self._take_up()
        run.throw_error(self.job(element_id).key, code, "it went wrong", variables)
        return self._settle()

    def run_with(self, operation: Callable[[Run], None]) -> "Host":
        """Do whatever `operation` does to the run, then save."""
        operation(self._take_up())
        return self._settle()

    def cancel(self) -> "Host":
        self._take_up().cancel()
        return self._settle()

    def task(self, element_id: str) -> OpenTask:
        name, _, number = element_id.partition("#")
        found = [task for task in self.run.open_tasks if task.element_id == name]
        assert found, f"{name} is not open, but {self.open}"
        return found[int(number or 0)]

    def job(self, element_id: str) -> PendingJob:
        return next(job for job in self.run.jobs if job.element_id == element_id)

    @property
    def open(self) -> list[str]:
        """Element ids of open tasks, in order."""
        return sorted(task.element_id for task in self.run.open_tasks)

    @property
    def pending(self) -> list[str]:
        return sorted(job.element_id for job in self.run.jobs)

    @property
    def is_completed(self) -> bool:
        return self.run.is_completed

    @property
    def variables(self) -> dict[str, Any]:
        return self.run.variables

    def view(self) -> View:
        """Everything an outsider can know about the instance."""
        run = self.run
        return {
            "open": sorted(run.open_tasks, key=lambda each: each.key),
            "timers": sorted(run.timers, key=lambda each: (each.key, each.due_at)),
            "subscriptions": sorted(
                run.subscriptions, key=lambda each: (each.key, each.message_name)
            ),
            "jobs": sorted(run.jobs, key=lambda each: each.key),
            "variables": run.variables,
            "completed": run.is_completed,
        }

    def _take_up(self) -> Run:
        if not self.saves:
            _move_clock(self.run, self.now)
            self.run.facts = self.facts
            return self.run
        self.run = self.load()
        return self.run

    def load(self) -> Run:
        return runner.load(
            self.definition,
            self.state,
            facts=self.facts,
            now=self.now,
            next_key=self.next_key,
        )

    def _settle(self) -> "Host":
        """Do the jobs this application owns, then save."""
        while self.does_jobs and (job := self._owned_job()):
            self.done.append(job.job_type)
            operation = self.operations.get(job.job_type)
            result = operation(job, self) if operation else {}
            self.run.facts = self.facts
            self.run.finish_job(job.key, result)
        if self.saves:
            self.state = self.encode(self.run._instance)
            self.largest_state = max(self.largest_state, len(self.state))
            self.progress = self.run.progress()
            self.passed.update(
                each.element_id
                for each in self.progress.elements
                if each.state == ElementState.COMPLETED
            )
            self.run = self.load()
        return self

    def _owned_job(self) -> PendingJob | None:
        return next(iter(self.run.jobs), None)


def _move_clock(run: Run, now: datetime) -> None:
    """A Run lives in one instant; the engine kept in memory has to be carried to the next."""
    instance = run._instance
    instance.now = now
    instance.expressions.now = now
    instance.journal.now = now
