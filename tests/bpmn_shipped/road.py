"""A case on the shipped process without store or doors: the test is the district.

It answers forms through the real forms, plays each operation on a plain dict of facts, moves the
clock, and saves and loads the instance before every step.
"""

from collections.abc import Callable
from datetime import UTC, datetime, time
from functools import cache
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from app import dmn, forms
from app.cases.calendar import CalendarContext
from app.engine import definition, runner
from app.engine.progress import OpenTask, PendingJob, Progress
from app.organisation.calendar import Calendars
from app.organisation.working_time import WorkCalendar, weekdays
from tests.bpmn_shipped.shipped import CASE_FACTS, DIAGRAMS, ROOT, TABLES

ZONE = ZoneInfo("Asia/Shanghai")
CALENDAR = WorkCalendar(ZONE, weekdays(((time(9), time(12)), (time(13, 30), time(17, 30)))))
CALENDARS = Calendars(1, CALENDAR, {})
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=ZONE)


@cache
def grid_case() -> definition.Definition:
    """Return the shipped process with its tables, read once."""
    return definition.load(
        {path.stem: path.read_bytes() for path in DIAGRAMS},
        "grid_case",
        decisions={path.stem: dmn.load(path.read_bytes(), is_strict=True) for path in TABLES},
    )


@cache
def shipped_form(form_id: str) -> forms.Form:
    """Return a shipped form, read once."""
    return forms.load((ROOT / "forms" / f"{form_id}.form").read_bytes())


class Road:
    """One case from its report on. `letters` went to the reporter, `jobs` were done, in order."""

    def __init__(self, *, now: datetime = MONDAY, **facts: Any) -> None:
        self.now = now
        self.case: dict[str, Any] = dict.fromkeys(CASE_FACTS)
        self.case |= {
            "number": "2026-000001",
            "severity": "ordinary",
            "level": "community",
            "limit_basis": "table",
            "grid": "G-001",
            "community": "C-01",
            "street": "S-1",
            "reported_at": now,
            **facts,
        }
        self.answers: dict[str, Any] = {}
        self.letters: list[str] = []
        self.jobs: list[str] = []
        self.warnings: list[str] = []
        self.ends: list[str] = []
        self.is_over = False
        self._state = b""
        self._next_key = count(1).__next__
        self._settle(
            runner.start(
                grid_case(),
                facts=self._facts(),
                now=now,
                next_key=self._next_key,
                message="CaseReported",
            )
        )

    @property
    def task(self) -> OpenTask:
        """The one open task."""
        (task,) = self._loaded().open_tasks
        return task

    @property
    def timers(self) -> dict[str, datetime]:
        """When each running timer is due, by element."""
        return {timer.element_id: timer.due_at for timer in self._loaded().timers}

    @property
    def variables(self) -> dict[str, Any]:
        """The routing variables."""
        return dict(self._loaded().variables)

    def complete(self, element_id: str, *, actor: str = "1", **given: Any) -> None:
        """Fill in the form of the open task, which must be `element_id`, and complete it."""
        task = self.task
        assert task.element_id == element_id
        assert task.form_id is not None
        facts = self._facts()
        self.answers[element_id] = forms.read(
            shipped_form(task.form_id),
            given,
            context={**facts, **task.inputs, "is_staff": True, **CHOICES},
            now=self.now,
            zone=ZONE,
        ).values
        run = self._loaded()
        run.complete(task.key, self.answers[element_id], actor=actor)
        self._settle(run)

    def rate(self, **given: Any) -> None:
        """Send the reporter's rating."""
        answers = forms.read(
            shipped_form("rating"), given, context=self._facts(), now=self.now, zone=ZONE
        ).values
        run = self._loaded()
        run.send("RatingReceived", correlation_key=self.case["number"], variables=answers)
        self._settle(run)

    def wait_until(self, now: datetime) -> None:
        """Move the clock and let what is due happen."""
        self.now = now
        run = self._loaded()
        run.fire()
        self._settle(run)

    def to_handling(self) -> None:
        """Take a report whose duty is clear as far as its handling."""
        self.complete("triage", decision="accept")
        self.complete("sign_for", sign="sign")

    def to_closing(self) -> None:
        """Take a report whose duty is clear as far as its closing."""
        self.to_handling()
        self.complete("handle", **HANDLED)
        self.complete("review_result", actor="2", verdict="pass")

    def _loaded(self) -> runner.Run:
        return runner.load(
            grid_case(),
            self._state,
            facts=self._facts(),
            now=self.now,
            next_key=self._next_key,
        )

    def _facts(self) -> dict[str, Any]:
        return {
            "case": dict(self.case),
            "answers": dict(self.answers),
            "calendar": CalendarContext(CALENDARS, lambda _code: (), self.now).values(),
        }

    def _settle(self, run: runner.Run) -> None:
        """Do every job until the case waits for a person, a message or a timer."""
        while run.jobs:
            job = run.jobs[0]
            OPERATIONS[job.job_type](self, job)
            self.jobs.append(job.element_id)
            run.facts = self._facts()
            run.finish_job(job.key, {})
        self._keep(run.progress())

    def _keep(self, progress: Progress) -> None:
        self._state = progress.state
        self.is_over = progress.is_completed
        self.warnings += progress.warnings
        self.ends += [e.element_id for e in progress.elements if e.element_type == "END_EVENT"]


def _nothing(road: Road, job: PendingJob) -> None:
    """Place and journal are the application's; the way does not depend on them."""


def _record_facts(road: Road, job: PendingJob) -> None:
    assert set(job.inputs) <= CASE_FACTS
    road.case |= job.inputs


def _establish(road: Road, job: PendingJob) -> None:
    due = job.inputs["due"]
    road.case["established_at"] = road.now
    road.case["due_at"] = datetime.fromisoformat(str(due)).astimezone(UTC) if due else None


def _mark_handled(road: Road, _: PendingJob) -> None:
    road.case["handled_at"] = road.now


def _close_case(road: Road, job: PendingJob) -> None:
    road.case |= {**job.inputs, "closed_at": road.now}


def _record_rating(road: Road, job: PendingJob) -> None:
    assert set(job.inputs) == {"grade", "tags", "comment"}
    road.case["grade"] = job.inputs["grade"]


def _notify_reporter(road: Road, job: PendingJob) -> None:
    road.letters.append(job.headers["template"])


OPERATIONS: dict[str, Callable[[Road, PendingJob], None]] = {
    "locate": _nothing,
    "record_facts": _record_facts,
    "establish": _establish,
    "auto_sign": _nothing,
    "mark_handled": _mark_handled,
    "close_case": _close_case,
    "record_rating": _record_rating,
    "notify_reporter": _notify_reporter,
}
CHOICES = {"departments": [{"value": "D-ENV", "label": "E"}, {"value": "D-WATER", "label": "W"}]}
HANDLED: dict[str, Any] = {
    "is_true": "yes",
    "measures": "Cleared it away.",
    "result": "resolved",
    "public_reply": "It has been cleared away.",
}
