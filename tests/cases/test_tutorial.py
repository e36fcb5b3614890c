"""The designer's tutorial of docs/modelling.md, followed word for word, then walked.

Each instruction is a sentence "In `file`, …:" with a block behind it; the five kinds of sentence
are the five functions of `FOLLOWED`. A sentence of another kind fails the test.
"""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app import ROOT
from app.cases import deadlines, designs
from app.cases.setup import shipped_files
from app.clock import moved_to
from app.store.db import reading
from app.store.tables.delivery import notice
from tests.support import walk
from tests.support.district import District, running

CHAPTER = "## A change from beginning to end\n"
INSTRUCTION = re.compile(
    r"^In `([^`]+)`, ([^\n]+):\n\n```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL
)
MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def instructions() -> list[tuple[str, str, str]]:
    text = (ROOT / "docs/modelling.md").read_text(encoding="utf-8").split(CHAPTER)[1]
    found = INSTRUCTION.findall(text)
    assert len(found) == text.count("\nIn `") == 7
    return found


def components(of: Any) -> Iterator[list[Any]]:
    """Yield the list of components of a form, and those of its groups."""
    yield of["components"]
    for each in of["components"]:
        if "components" in each:
            yield from components(each)


def behind_component(content: str, name: str, block: str) -> str:
    form = json.loads(content)
    for each in components(form):
        places = [number for number, part in enumerate(each) if part["id"] == name]
        if places:
            each.insert(places[0] + 1, json.loads(block))
            return json.dumps(form, ensure_ascii=False)
    raise AssertionError(f"there is no component {name}")


def to_the_options(content: str, name: str, block: str) -> str:
    form = json.loads(content)
    (field,) = [part for each in components(form) for part in each if part.get("key") == name]
    field["values"].append(json.loads(block))
    return json.dumps(form, ensure_ascii=False)


def add(content: str, _name: str, block: str) -> str:
    return json.dumps(merged(json.loads(content), json.loads(block)), ensure_ascii=False)


def merged(old: Any, new: Any) -> Any:
    if not isinstance(old, dict) or not isinstance(new, dict):
        return new
    return {**old, **{key: merged(old.get(key), value) for key, value in new.items()}}


def condition_of(content: str, name: str, block: str) -> str:
    pattern = rf'(<bpmn:sequenceFlow id="{name}".*?<bpmn:conditionExpression[^>]*>).*?(</)'
    written, count = re.subn(
        pattern, lambda m: m[1] + block.strip() + m[2], content, count=1, flags=re.DOTALL
    )
    assert count == 1, f"there is no flow {name} with a condition"
    return written


def behind_rule(content: str, name: str, block: str) -> str:
    pattern = rf'(<rule id="{name}">.*?</rule>)'
    written, count = re.subn(
        pattern, lambda m: f"{m[1]}\n{block}", content, count=1, flags=re.DOTALL
    )
    assert count == 1, f"there is no rule {name}"
    return written


FOLLOWED: dict[str, Callable[[str, str, str], str]] = {
    r"behind the component `(\w+)`": behind_component,
    r"add to the options of `(\w+)`": to_the_options,
    r"(add)": add,
    r"give the flow `(\w+)` the condition": condition_of,
    r"behind the rule `(\w+)`": behind_rule,
}


def changed() -> dict[str, bytes]:
    """Return the shipped files with every instruction followed."""
    files = shipped_files(ROOT)
    for file, sentence, block in instructions():
        (how, name), *others = [
            (how, match[1])
            for kind, how in FOLLOWED.items()
            if (match := re.fullmatch(kind, sentence)) is not None
        ]
        assert not others
        files[file] = how(files[file].decode(), name, block).encode()
    return files


def test_lint_finds_nothing_to_mend() -> None:
    assert designs.check(changed()) == ()


@pytest.fixture
def redesigned(district: District) -> District:
    """The shipped district on the changed design."""
    deployed = designs.deploy(changed(), actor=district["designer"])
    names = {each.resource_name.rsplit("/")[-1] for each in deployed.new}
    assert {"grid_case.bpmn", "triage.form", "escalation_steps.dmn", "sla_clock.bpmn"} <= names
    return district


def test_a_dangerous_report_is_verified_first(redesigned: District) -> None:
    harmless, dangerous = walk.report().case_key, walk.report().case_key
    officer = redesigned["officer"]
    walk.do(officer, harmless, "triage", {**walk.TRIAGED, "is_dangerous": False})
    walk.do(officer, dangerous, "triage", {**walk.TRIAGED, "is_dangerous": True})
    assert set(walk.open_tasks(harmless)) == {"sign_for"}
    assert set(walk.open_tasks(dangerous)) == {"verify_report"}


def test_a_report_before_a_court_is_rejected(redesigned: District) -> None:
    key = walk.report().case_key
    answers = {"decision": "reject", "reject_code": "before_court", "reason": "It is in court."}
    with moved_to(MONDAY):
        walk.do(redesigned["officer"], key, "triage", answers)
    with moved_to(MONDAY + timedelta(days=30)):
        deadlines.fire_due()
    assert walk.case_row(key)["outcome"] == "rejected"


def test_the_clock_takes_a_fifth_step_in_new_cases_only(database_url: str, tmp_path: Path) -> None:
    with running(database_url, tmp_path) as district:
        with moved_to(MONDAY):
            before = walk.report().case_key
            walk.do(district["officer"], before, "triage", walk.TRIAGED)
        designs.deploy(changed(), actor=district["designer"])
        with moved_to(MONDAY):
            after = walk.report().case_key
            walk.do(district["officer"], after, "triage", {**walk.TRIAGED, "is_dangerous": False})
        with moved_to(MONDAY + timedelta(days=40)):
            deadlines.fire_due()
        four = ["warn", "due", "late_1", "late_2"]
        assert walk.case_row(before)["clock_phases"] == four
        assert walk.case_row(after)["clock_phases"] == [*four, "late_3"]
        with reading() as connection:
            rows = connection.execute(
                select(notice).where(notice.c.kind == "limit_passed").order_by(notice.c.key)
            )
            told = [row.role for row in rows if row.case_key == after]
        # Nobody of this small district is in the Leading Group: the dispatcher stands in for it.
        stood_in = "district_dispatcher"
        assert told == ["supervisor", "unit_leader", "unit_leader", stood_in, stood_in]
