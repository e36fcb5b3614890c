"""Every rule has a broken example in tests/bpmn/, and finds it at its element and line."""

import json
from pathlib import Path

import pytest

from app.engine.lint import RULES, Bundle, Problem, Severity, check
from app.forms import labels, schema
from tests.engine.lint.example import EXPECTED, FOLDER, written

EXPECTATIONS = json.loads((FOLDER / EXPECTED).read_text(encoding="utf-8"))


def bundle(*files: str, **more: object) -> Bundle:
    """What a small district has, and the example's files."""
    resources = {_deployed_name(name): (FOLDER / name).read_bytes() for name in files}
    given: dict[str, object] = {
        "resources": resources,
        "forms": {"work": frozenset({"result", "comment"})},
        "decisions": frozenset({"limits"}),
        "operations": frozenset({"record_facts", "notify_reporter"}),
        "roles": frozenset({"unit_handler", "unit_leader"}),
        "case_facts": frozenset({"number", "severity", "co_units", "due_at"}),
        "form_check": schema.check,
        "labels_check": labels.check_files,
    }
    return Bundle(**{**given, **more})  # type: ignore[arg-type]


def _deployed_name(name: str) -> str:
    """A label file is named after what it translates; the example after its rule."""
    rule, _, ending = name.partition(".")
    is_labels = ending == "zh-CN.json" and rule != "labels-without-subject"
    return f"example.{ending}" if is_labels else name


def problems(rule: str) -> tuple[Problem, ...]:
    """Check the example of `rule`."""
    seconds = 0.0 if rule == "check-unfinished" else 20.0
    return check(bundle(*EXPECTATIONS[rule]["files"]), seconds=seconds)


@pytest.mark.parametrize("rule", sorted(RULES))
def test_a_broken_example_is_found_where_it_is_broken(rule: str) -> None:
    assert rule in EXPECTATIONS, f"there is no example of {rule} in tests/bpmn/"
    expected = EXPECTATIONS[rule]
    found = [each for each in problems(rule) if each.rule == rule]
    places = [(each.file, each.element_id, each.line) for each in found]
    file = _deployed_name(expected["file"])
    assert (file, expected["element"], expected["line"]) in places
    assert all(each.severity is RULES[rule].severity for each in found)


@pytest.mark.parametrize("rule", sorted(RULES))
def test_a_broken_example_is_broken_in_no_other_way(rule: str) -> None:
    assert {each.rule for each in problems(rule)} == {rule, *EXPECTATIONS[rule]["also"]}


@pytest.mark.parametrize("rule", sorted(RULES))
def test_sentences_are_filled_and_whole(rule: str) -> None:
    for problem in problems(rule):
        for sentence in (problem.message, problem.mend):
            assert sentence.endswith((".", "}", '"')) or problem.params, sentence
            assert sentence[0].isupper() or not sentence[0].isalpha(), sentence
        template = RULES[problem.rule]
        assert problem.message == template.message.format_map(problem.params)
        assert problem.mend == template.mend.format_map(problem.params)


def test_every_example_belongs_to_a_rule() -> None:
    assert set(EXPECTATIONS) == set(RULES)


def test_the_committed_examples_are_those_of_the_factory() -> None:
    files = {path.name: path.read_bytes() for path in Path(FOLDER).iterdir() if path.is_file()}
    assert written().items() <= files.items()
    assert {name for name in files if name not in written()} <= {"README.md"}


def test_warnings_do_not_hide_behind_errors() -> None:
    severities = {rule.severity for rule in RULES.values()}
    assert severities == {Severity.ERROR, Severity.WARNING}
