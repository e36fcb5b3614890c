"""The first main process, short, around the engine alone: facts, tables, operations made small."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from app import feel
from app.engine import definition
from app.engine.definition import Definition
from app.engine.progress import PendingJob
from tests.engine.host import Host

BPMN = Path(__file__).parent / "first_road_files"
LIMITS = {
    "triage": "2 wh",
    "dispatch": "2 wh",
    "sign_for": "4 wh",
    "handle": "3 wd",
    "review_result": "1 wd",
    "close": "1 wd",
    "rating": "P15D",
}
FACTS = {
    "number": "2026-000123",
    "channel": "public",
    "business_line": "city",
    "major_class": "A",
    "minor_class": "A12",
    "severity": "ordinary",
    "level": "street",
    "grid": "g-001",
    "community": "c-01",
    "street": "s-1",
    "limit_basis": "table",
    "is_anonymous": False,
}


@dataclass(frozen=True)
class Answer:
    """What a decision model answers."""

    value: Any
    trace: Any
    warnings: tuple[str, ...] = ()


class Table:
    """A decision model that always gives the same answer."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def evaluate(self, decision: str, inputs: Any, *, now: datetime | None) -> Answer:
        assert "case" in inputs
        return Answer(self.value, {"decision": decision})


def grid_case(*, is_duty_clear: bool = False) -> Definition:
    data = (BPMN / "grid_case.bpmn").read_bytes()
    duty = {"lead_unit": "roads", "co_units": ["gas"], "basis": "", "confident": is_duty_clear}
    tables = {"limits": Table(LIMITS), "duty_list": Table(duty)}
    return definition.load({"grid_case": data}, "grid_case", decisions=tables)


def calendar_at(now: datetime) -> dict[str, Any]:
    """A calendar where every hour is worked."""

    def after(span: str) -> datetime:
        amount, _, unit = span.partition(" ")
        hours = {"wh": 1, "wd": 24}.get(unit)
        if hours is None:
            return now + timedelta(days=15)
        return now + timedelta(hours=int(amount) * hours)

    return {"after": feel.host_function("calendar.after", ["span"], after)}


class CaseHost(Host):
    """Keeps the facts of one case and performs its operations."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.facts = {"case": dict(FACTS), "answers": {}, "calendar": calendar_at(self.now)}
        self.operations = {"record_facts": _record, "establish": _establish, "close_case": _record}

    def pass_time(self, **span: float) -> Host:
        super().pass_time(**span)
        self.facts = {**self.facts, "calendar": calendar_at(self.now)}
        return self

    def do(self, element_id: str, *, actor: str = "1", **answers: Any) -> Host:
        self.facts = {**self.facts, "answers": {**self.facts["answers"], element_id: answers}}
        return super().do(element_id, actor=actor, **answers)


def _record(job: PendingJob, host: Host) -> dict[str, Any]:
    host.facts = {**host.facts, "case": {**host.facts["case"], **job.inputs}}
    return {}


def _establish(job: PendingJob, host: Host) -> dict[str, Any]:
    host.facts = {**host.facts, "case": {**host.facts["case"], "due_at": job.inputs["due"]}}
    return {}
