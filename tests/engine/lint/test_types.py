"""What types of facts, answers, variables and columns let the lint find, and what they do not."""

import os
from pathlib import Path

import pytest

from app import feel
from app.cases import designs
from app.dmn.xml import parse
from app.engine.lint import answer_types, check, result_types
from app.engine.lint.table_types import TypesOfTable
from app.feel import MistakeKind
from app.feel.checking.known import in_words
from app.feel.types import SIMPLE, FeelType, ListType
from tests.engine.lint.drawing import (
    call,
    catch,
    decide,
    diagram,
    end,
    flows,
    many,
    mapping,
    process,
    script,
    service,
    start,
    straight,
    timer,
    user,
    xor,
)
from tests.engine.lint.examples_other import INPUT, REQUIRES, field, form, table
from tests.engine.lint.test_rules import bundle

SHARED = Path(os.environ.get("WHISTLE_SHARED", "../shared"))
KIT = SHARED / "conformance" / "dmn-tck"
SHIPPED = Path(__file__).parents[3]
FACTS: dict[str, FeelType] = {
    "number": SIMPLE["string"],
    "severity": SIMPLE["string"],
    "grade": SIMPLE["number"],
    "due_at": SIMPLE["date and time"],
    "is_anonymous": SIMPLE["boolean"],
    "co_units": ListType(SIMPLE["string"]),
}
NULL_GIVING = {
    MistakeKind.WRONG_OPERANDS,
    MistakeKind.WRONG_COUNT,
    MistakeKind.WRONG_ARGUMENT,
    MistakeKind.UNKNOWN_PARAMETER,
    MistakeKind.NO_RESULT,
    MistakeKind.NO_PROPERTY,
    MistakeKind.NOT_ITERABLE,
}


def rules(*roots: str, **files: str) -> set[str]:
    """Return the rules a diagram of these roots breaks, with files beside it."""
    resources = {"a.bpmn": diagram(*roots).encode()}
    resources |= {name.replace("_", "."): text.encode() for name, text in files.items()}
    problems = check(bundle(resources=resources, case_facts=FACTS, languages=()))
    return {each.rule for each in problems}


def asked(condition: str, **files: str) -> set[str]:
    """Return the rules that a condition behind a decision and two scripts breaks."""
    drawn = process(
        start(),
        decide("ask", "limit", "limits"),
        script("count", "passes", "=1"),
        script("keep", "kept_at", "=case.due_at"),
        xor("which"),
        user(form="answer"),
        end(),
        flows(
            "start > ask > count > keep > which\n"
            f"which > work : {condition}\nwhich > end default\nwork > end"
        ),
    )
    return rules(drawn, a_dmn=table(), a_form=str(form(field())[".form"]), **files)


@pytest.mark.parametrize(
    ("condition", "rule"),
    [
        ('=case.severity = "major"', None),
        ("=case.severity > 2", "wrong-operands"),
        ("=case.grade > 2", None),
        ("=case.is_anonymous", None),
        ("=case.severity", "wrong-result"),
        ("=case.co_units[1] = case.number", None),
        ("=passes > 2", None),
        ('=passes > "2"', "wrong-operands"),
        ('=limits = "PT1H"', None),
        ('=limits = "PT2H"', "never-true"),
        ("=limits.hours > 2", "unknown-entry"),
        ("=case.due_at > date and time(kept_at)", None),
        ("=kept_at.year = 2026", "unknown-entry"),
        ('=answers.work.result = "done"', None),
        ("=answers.work.result + 1 > 2", "wrong-operands"),
        ("=contains(answers.work.result)", "wrong-call"),
        ('=calendar.after("4 wh") > case.due_at', None),
        ("=calendar.after(4) > case.due_at", "wrong-call"),
        ('=matches(case.number, "[0-9")', "wrong-call"),
        ("=passes = null or passes < 3", None),
    ],
)
def test_a_condition_is_held_against_the_types_of_what_it_reads(
    condition: str, rule: str | None
) -> None:
    assert asked(condition) == ({rule} if rule else set())


@pytest.mark.parametrize(
    ("step", "rule"),
    [
        (catch("s", timer("timeDate", "=case.due_at")), None),
        (catch("s", timer("timeDate", "=case.grade")), "wrong-result"),
        (catch("s", timer("timeDuration", "=case.due_at - case.due_at")), None),
        (catch("s", timer("timeDuration", "=case.due_at")), "wrong-result"),
        (service("s", "record_facts", extra=mapping({"severity": '="major"'})), None),
        (service("s", "record_facts", extra=mapping({"severity": "=1"})), "wrong-result"),
        (service("s", "record_facts", extra=mapping({"due_at": "=case.due_at"})), None),
        (service("s", "record_facts", extra=mapping({"co_units": "=case.number"})), "wrong-result"),
        (
            user("s", many("=case.co_units", "unit"), extra=mapping({"n": "=unit + 1"})),
            "wrong-operands",
        ),
        (user("s", many("=case.co_units", "unit"), extra=mapping({"n": '=unit + "!"'})), None),
        (user("s", extra=mapping({"n": "=case.grade"}, {"m": '=n + "!"'})), "wrong-operands"),
    ],
)
def test_a_step_gets_what_it_needs(step: str, rule: str | None) -> None:
    assert rules(straight(step, names="s")) == ({rule} if rule else set())


def test_a_called_process_is_held_against_what_the_calls_hand_to_it() -> None:
    caller = process(
        start(),
        call("part", "called", {"count": "=case.grade"}, {"back": "=text"}),
        script("use", "used", "=back + 1"),
        end(),
        flows("start > part > use > end"),
    )
    called = process(
        start("s"),
        script("make", "text", '="x"'),
        script("add", "more", '=count + "x"'),
        end("e"),
        flows("s > make > add > e"),
        own_id="called",
    )
    problems = check(
        bundle(resources={"a.bpmn": diagram(caller, called).encode()}, case_facts=FACTS)
    )
    assert {(each.rule, each.element_id) for each in problems} == {
        ("wrong-operands", "use"),
        ("wrong-operands", "add"),
    }


def test_a_variable_that_may_be_of_two_types_is_not_judged() -> None:
    drawn = process(
        start(),
        script("one", "mixed", "=1"),
        script("two", "mixed", '="a"'),
        script("use", "used", "=mixed + 1"),
        end(),
        flows("start > one > two > use > end"),
    )
    assert rules(drawn) == set()


@pytest.mark.parametrize(
    ("cells", "rule"),
    [
        ({"test": '"major"'}, None),
        ({"test": "&lt; 3"}, "table-wrong-type"),
        ({"test": '"major", 3'}, "table-wrong-type"),
        ({"test": "string length(?) > 3"}, None),
        ({"test": "? + 1 > 3"}, "table-wrong-type"),
        ({"asked": "case.grade + 1"}, "table-wrong-result"),
        ({"asked": "severity"}, None),
        ({"output": "15"}, "table-wrong-result"),
        ({"output": '"PT" + "1H"'}, None),
        ({"output": 'duration("4 hours")'}, "table-wrong-type"),
    ],
)
def test_cells_are_held_against_their_columns(cells: dict[str, str], rule: str | None) -> None:
    resources = {"a.dmn": table(**cells).encode()}  # type: ignore[arg-type]
    problems = check(bundle(resources=resources, case_facts=FACTS, languages=()))
    assert rule in {each.rule for each in problems} if rule else problems == ()


@pytest.mark.parametrize(("variable", "is_right"), [("colour", True), ("color", False)])
def test_a_table_gets_the_input_it_requires(variable: str, is_right: bool) -> None:
    required = (
        table(asked="colour")
        .replace("<decision ", INPUT + "<decision ")
        .replace("<decisionTable ", REQUIRES + "<decisionTable ")
    )
    drawn = straight(
        script("paint", variable, '="red"'), decide("ask", "limit"), names="paint > ask"
    )
    assert rules(drawn, b_dmn=required) == (set() if is_right else {"table-input-missing"})


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"conditional": {"hide": '=result = "x"'}}, None),
        ({"conditional": {"hide": "=result"}}, "form-wrong-result"),
        ({"conditional": {"hide": "=result > 3"}}, "form-wrong-type"),
        ({"conditional": {"hide": "=case.grade > 3"}}, None),
        ({"conditional": {"hide": "=nope(result)"}}, "form-unknown-function"),
        ({"readonly": "=case.number"}, "form-wrong-result"),
        ({"validate": {"required": "=case.is_anonymous"}}, None),
        ({"validate": {"maxLength": "=case.is_anonymous"}}, "form-wrong-result"),
    ],
)
def test_a_form_is_held_against_its_answers_and_the_facts(
    change: dict[str, object], rule: str | None
) -> None:
    files = form(field(**change))
    resources = {"a.form": str(files[".form"]).encode()}
    problems = check(bundle(resources=resources, case_facts=FACTS, languages=()))
    assert [each.rule for each in problems] == ([rule] if rule else [])


def test_the_shipped_set_has_no_problems_with_every_type_known() -> None:
    paths = [*SHIPPED.glob("bpmn/*"), *SHIPPED.glob("forms/*")]
    kept = [each for each in paths if each.suffix in (".bpmn", ".dmn", ".form", ".json")]
    assert designs.check({each.name: each.read_bytes() for each in kept}) == ()


def test_types_of_what_is_deployed_are_told_by_its_bytes() -> None:
    found = result_types(table().encode())
    assert {name: in_words(of) for name, of in found.items()} == {"limit": "string"}
    answers = answer_types(str(form(field(type="number"))[".form"]).encode())
    assert {name: in_words(of) for name, of in answers.items()} == {"result": "number"}
    assert answer_types(b"{") == result_types(b"<x") == {}


@pytest.mark.skipif(not KIT.is_dir(), reason="no conformance kit (WHISTLE_SHARED)")
def test_what_is_found_wrong_in_the_public_kit_gives_null() -> None:
    wrong = 0
    for path in sorted(KIT.rglob("*.dmn")):
        types = TypesOfTable(parse(path.read_bytes()).node, None)
        types.results()
        for cell in types.cells:
            if any(each.kind in NULL_GIVING for each in cell.checked.mistakes):
                wrong += 1
                assert feel.evaluate(cell.text, {}) is None, (path.name, cell.text)
    assert wrong > 800
