"""An instance of a shipped process without store or doors: the test is the district.

It answers forms through the real forms, plays each operation on a plain dict of facts, keeps what
is thrown, moves the clock, and saves and loads the instance before every step.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, time
from functools import cache
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from app import dmn, forms
from app.cases.calendar import CalendarContext
from app.engine import definition, runner
from app.engine.progress import ElementState, OpenTask, PendingJob, Progress, ThrownMessage
from app.organisation.calendar import Calendars
from app.organisation.working_time import WorkCalendar, weekdays
from tests.bpmn_shipped.shipped import CASE_FACTS, DIAGRAMS, ROOT, TABLES

ZONE = ZoneInfo("Asia/Shanghai")
CALENDAR = WorkCalendar(ZONE, weekdays(((time(9), time(12)), (time(13, 30), time(17, 30)))))
CALENDARS = Calendars(1, CALENDAR, {})
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=ZONE)


PASSED: set[tuple[str, str]] = set()
"""What instances of this test process passed, by process and element; see `support.walked`."""
MOST_JOBS = 200
Played = Callable[["Road", PendingJob], dict[str, Any] | None]
"""How a test plays an operation: it may change the facts, and returns the job's variables."""


@cache
def shipped_process(process_id: str) -> definition.Definition:
    """Return a shipped process with its tables, read once."""
    return definition.load(
        {path.stem: path.read_bytes() for path in DIAGRAMS},
        process_id,
        decisions={path.stem: dmn.load(path.read_bytes(), is_strict=True) for path in TABLES},
    )


@cache
def shipped_form(form_id: str) -> forms.Form:
    """Return a shipped form, read once."""
    return forms.load((ROOT / "forms" / f"{form_id}.form").read_bytes())


class Road:
    """One instance from the message that begins it: `grid_case` from a report unless told so.

    `letters` went to the reporter, `jobs` were done, `thrown` was sent, `ends` were reached, each
    in order; `passed` counts the elements. `operations` plays those of the registry differently,
    or more of them. Every step is done by another person where the test does not name one.
    """

    def __init__(
        self,
        *,
        process: str = "grid_case",
        message: str = "CaseReported",
        variables: Mapping[str, Any] | None = None,
        operations: Mapping[str, Played] | None = None,
        answers: Mapping[str, Any] | None = None,
        now: datetime = MONDAY,
        **facts: Any,
    ) -> None:
        self.now = now
        self.case: dict[str, Any] = dict.fromkeys(CASE_FACTS)
        self.case |= {
            "number": "2026-000001",
            "kind": "case",
            "channel": "web",
            "severity": "ordinary",
            "level": "community",
            "limit_basis": "table",
            "grid": "G-001",
            "community": "C-01",
            "street": "S-1",
            "co_units": [],
            "clock_phases": [],
            "is_confidential": False,
            "is_anonymous": False,
            "self_handled": False,
            "reported_at": now,
            "reported_on": now.date(),
            **facts,
        }
        self.answers: dict[str, Any] = dict(answers or {})
        self.letters: list[str] = []
        self.jobs: list[str] = []
        self.thrown: list[ThrownMessage] = []
        self.warnings: list[str] = []
        self.ends: list[str] = []
        self.is_over = False
        self.passed: Counter[str] = Counter()
        self.is_sampled = False
        self.distance_m: int | None = 5
        self._operations = {**OPERATIONS, **(operations or {})}
        self._process = process
        self._definition = shipped_process(process)
        self._state = b""
        self._next_key = count(1).__next__
        self._settle(
            runner.start(
                self._definition,
                facts=self._facts(),
                now=now,
                next_key=self._next_key,
                message=message,
                variables=dict(variables or {}),
            )
        )

    @property
    def tasks(self) -> tuple[OpenTask, ...]:
        """Every open task."""
        return self._loaded().open_tasks

    @property
    def task(self) -> OpenTask:
        """The one open task."""
        (task,) = self.tasks
        return task

    @property
    def timers(self) -> dict[str, datetime]:
        """When each running timer is due, by element."""
        return {timer.element_id: timer.due_at for timer in self._loaded().timers}

    @property
    def waits_for(self) -> set[str]:
        """The names of the messages somebody waits for."""
        return {waits.message_name for waits in self._loaded().subscriptions}

    @property
    def variables(self) -> dict[str, Any]:
        """The routing variables."""
        return dict(self._loaded().variables)

    @property
    def state_bytes(self) -> int:
        """How large the instance is between two steps."""
        return len(self._state)

    def open_task(self, element_id: str, *, unit: str | None = None) -> OpenTask:
        """The one open task of an element, or of those the one of a department's."""
        (task,) = [
            task
            for task in self.tasks
            if task.element_id == element_id
            and (
                unit is None
                or task.inputs.get("department") == unit
                or any(g.endswith(f"@{unit}") for g in task.candidate_groups)
            )
        ]
        return task

    def complete(
        self,
        element_id: str,
        *,
        actor: str | None = None,
        unit: str | None = None,
        files: Mapping[str, Sequence[str]] | None = None,
        **given: Any,
    ) -> None:
        """Fill in the form of the open task of `element_id` (and of `unit`) and complete it."""
        task = self.open_task(element_id, unit=unit)
        actor = actor or f"person-{len(self.jobs)}-{task.key}"
        assert task.properties.get("notActor") != actor, "another person is needed"
        answers: dict[str, Any] = {}
        if task.form_id is not None:
            answers = forms.read(
                shipped_form(task.form_id),
                given,
                context={**self._facts(), **CHOICES, **task.inputs, "is_staff": True},
                now=self.now,
                zone=ZONE,
                files={path: list(keys) for path, keys in (files or {}).items()},
            ).values
        self.answers[element_id] = answers
        run = self._loaded()
        run.complete(task.key, answers, actor=actor)
        self._settle(run)

    def send(self, message: str, **variables: Any) -> None:
        """Send a message about this case to the instance, which must wait for it."""
        run = self._loaded()
        run.send(message, correlation_key=self.case["number"], variables=variables)
        self._settle(run)

    def rate(self, **given: Any) -> None:
        """Send the reporter's rating."""
        answers = forms.read(
            shipped_form("rating"), given, context=self._facts(), now=self.now, zone=ZONE
        ).values
        self.send("RatingReceived", kind="token", **answers)

    def wait_until(self, now: datetime) -> None:
        """Move the clock and let what is due happen."""
        self.now = now
        run = self._loaded()
        run.fire()
        self._settle(run)

    @property
    def sent(self) -> list[str]:
        """The names of the messages thrown so far."""
        return [thrown.name for thrown in self.thrown]

    def to_handling(self) -> None:
        """Take a report whose duty is clear as far as its handling."""
        self.complete("triage", decision="accept")
        self.complete("sign_for", sign="sign")

    def to_callback(self) -> None:
        """Take a report whose duty is clear as far as its callback: handled, and in no sample."""
        self.to_handling()
        self.complete("handle", **HANDLED)
        self.complete("review_result", verdict="pass")

    def to_closing(self) -> None:
        """Take a report whose duty is clear as far as its closing."""
        self.to_callback()
        self.send("CallbackDone", outcome="resolved")

    def to_rating(self) -> None:
        """Take a report whose duty is clear as far as the rating after it was closed."""
        self.to_closing()
        self.complete("close", close_code="resolved", summary="Cleared.")

    def _loaded(self) -> runner.Run:
        return runner.load(
            self._definition,
            self._state,
            facts=self._facts(),
            now=self.now,
            next_key=self._next_key,
        )

    def _facts(self) -> dict[str, Any]:
        return {
            "case": dict(self.case),
            "answers": dict(self.answers),
            "calendar": CalendarContext(CALENDARS, lambda _code: (1,), self.now).values(),
        }

    def _settle(self, run: runner.Run) -> None:
        """Do every job until the case waits for a person, a message or a timer."""
        for _ in range(MOST_JOBS):
            if not run.jobs:
                break
            job = run.jobs[0]
            found = self._operations[job.job_type](self, job)
            self.jobs.append(job.element_id)
            run.facts = self._facts()
            run.finish_job(job.key, found or {})
        assert not run.jobs, "the diagram goes round in circles"
        self._keep(run.progress())

    def _keep(self, progress: Progress) -> None:
        self._state = progress.state
        self.is_over = progress.is_completed
        self.thrown += progress.messages
        self.warnings += progress.warnings
        self.ends += [e.element_id for e in progress.elements if e.element_type == "END_EVENT"]
        passed = [e.element_id for e in progress.elements if e.state is ElementState.COMPLETED]
        self.passed.update(passed)
        PASSED.update((self._process, element_id) for element_id in passed)


def _nothing(road: Road, job: PendingJob) -> None:
    """Place and journal are the application's; the way does not depend on them."""


def _record_facts(road: Road, job: PendingJob) -> None:
    assert set(job.inputs) <= CASE_FACTS
    road.case |= job.inputs


def _establish(road: Road, job: PendingJob) -> None:
    due = job.inputs["due"]
    road.case["established_at"] = road.now
    road.case["due_at"] = datetime.fromisoformat(str(due)).astimezone(UTC) if due else None


def _change_limit(road: Road, job: PendingJob) -> None:
    assert None not in (job.inputs["reason"], job.inputs["basis"])
    road.case["due_at"] = datetime.fromisoformat(str(job.inputs["due"])).astimezone(UTC)


def _record_contact(road: Road, job: PendingJob) -> None:
    if job.inputs["contacted_at"] is not None:
        road.case["contacted_at"] = job.inputs["contacted_at"]


def _mark_handled(road: Road, _: PendingJob) -> None:
    road.case["handled_at"] = road.now


def _reopen_handling(road: Road, job: PendingJob) -> dict[str, Any]:
    road.case["handled_at"] = None
    if job.inputs.get("rated_anew"):
        road.case |= {"grade": None, "resolved": None, "callback_outcome": None}
    return {"limit_from": road.case["established_at"].isoformat()}


def _draw_sample(road: Road, job: PendingJob) -> dict[str, Any]:
    assert 0 <= job.inputs["rate"] <= 100
    return {"is_sampled": road.is_sampled}


def _measure_distance(road: Road, job: PendingJob) -> dict[str, Any]:
    assert {"lat", "lon", "source"} <= set(job.inputs["point"])
    return {"distance_m": road.distance_m}


def _close_case(road: Road, job: PendingJob) -> None:
    road.case |= {**job.inputs, "closed_at": road.now}


def _record_rating(road: Road, job: PendingJob) -> None:
    road.case["grade"] = job.inputs["grade"]


def _notify_reporter(road: Road, job: PendingJob) -> None:
    road.letters.append(job.headers["template"])


OPERATIONS: dict[str, Played] = {
    "locate": _nothing,
    "record_facts": _record_facts,
    "establish": _establish,
    "change_limit": _change_limit,
    "record_contact": _record_contact,
    "auto_sign": _nothing,
    "mark_handled": _mark_handled,
    "reopen_handling": _reopen_handling,
    "draw_sample": _draw_sample,
    "measure_distance": _measure_distance,
    "open_linked_case": _nothing,
    "close_case": _close_case,
    "record_rating": _record_rating,
    "notify_reporter": _notify_reporter,
    "report_repeated": _nothing,
}
CHOICES = {
    "reporter_ways": ["letter"],
    "departments": [{"value": "D-ENV", "label": "E"}, {"value": "D-WATER", "label": "W"}],
    "matters": [
        {"value": code, "label": code} for code in ("A05", "B03", "B05", "C02", "C03", "E03")
    ],
}
HANDLED: dict[str, Any] = {
    "is_true": "yes",
    "measures": "Cleared it away.",
    "result": "resolved",
    "public_reply": "It has been cleared away.",
}
