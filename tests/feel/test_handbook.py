"""The designers' handbook is true: every example runs, every function and bound is in it."""

import re
from pathlib import Path

import pytest

from app import feel
from app.feel import limits
from app.feel.builtins import BUILTINS
from tests.feel.rows import NOW, assert_worth, written

TEXT = (Path(__file__).parents[2] / "docs/feel.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^- `([^`]+)` → `([^`]+)`$", TEXT, flags=re.MULTILINE)
TESTS = re.findall(r"^- `([^`]+)` tested by `([^`]+)` → `([^`]+)`$", TEXT, flags=re.MULTILINE)
TRUTHS = re.findall(r"^\| " + r"(true|false|null) \| " * 4 + r"(\w+) \|$", TEXT, flags=re.MULTILINE)
FUNCTIONS = {
    name: name + told
    for name, told in re.findall(
        r"^\*\*`([^(`]+)(\(.*?)(?=^\*\*`|^##|\Z)", TEXT, flags=re.MULTILINE | re.DOTALL
    )
}
KEPT_INSIDE = {
    *("KEPT_EXPRESSIONS", "KEPT_CHARACTERS"),
    *("MAX_REASON", "MAX_LOOKED_INTO", "MAX_JSON_NODES", "KEPT_NAME_TABLES", "KEPT_TEXTS"),
}
"""Bounds of the machinery, which no designer meets."""


@pytest.fixture(scope="module")
def context() -> dict[str, object]:
    block = re.search(r"^```feel\n(.*?)^```", TEXT, flags=re.MULTILINE | re.DOTALL)
    assert block is not None
    value = feel.evaluate(block[1])
    assert isinstance(value, dict)
    return value


def signatures(name: str) -> set[tuple[str, ...]]:
    """Return every way the code takes the arguments of a function, as the handbook writes them."""
    return {
        tuple(
            part.name + ("…" if part.is_variadic else "?" if part.is_optional else "")
            for part in signature.expected
        )
        for signature in BUILTINS[name].signatures
    }


def test_every_line_that_looks_like_an_example_is_one() -> None:
    arrows = [line for line in TEXT.splitlines() if line.startswith("- ") and "→" in line]
    assert len(arrows) == len(EXAMPLES) + len(TESTS)
    assert len(arrows) > 250


@pytest.mark.parametrize(("text", "expected"), EXAMPLES, ids=[text for text, _ in EXAMPLES])
def test_example_is_worth(text: str, expected: str, context: dict[str, object]) -> None:
    assert_worth(text, expected, context)


@pytest.mark.parametrize(("value", "tests", "expected"), TESTS)
def test_example_of_a_cell_passes(value: str, tests: str, expected: str) -> None:
    passes = feel.unary_tests(tests, feel.evaluate(value), {}, now=NOW)
    assert written(passes) == expected


@pytest.mark.parametrize(("p", "q", "both", "either", "opposite"), TRUTHS)
def test_row_of_the_truth_table_holds(
    p: str, q: str, both: str, either: str, opposite: str
) -> None:
    given = {"p": feel.evaluate(p), "q": feel.evaluate(q)}
    assert_worth("p and q", both, given)
    assert_worth("p or q", either, given)
    assert_worth("not(p)", opposite, given)


def test_the_truth_table_is_whole() -> None:
    assert len({row[:2] for row in TRUTHS}) == 9


def test_every_function_is_told_and_no_other() -> None:
    assert set(FUNCTIONS) == set(BUILTINS)


@pytest.mark.parametrize("name", sorted(BUILTINS))
def test_function_is_told_with_its_parameters_and_an_example(name: str) -> None:
    told = FUNCTIONS[name]
    heading = told.partition("** – ")[0]
    parameters = re.findall(rf"{re.escape(name)}\(([^)]*)\)", heading)
    assert {tuple(filter(None, row.split(", "))) for row in parameters} == signatures(name)
    assert re.search(rf"^- `{re.escape(name)}\(", told, flags=re.MULTILINE)


def test_every_bound_is_told() -> None:
    told = TEXT.partition("## Limits")[2].partition("## ")[0]
    bounds = {name: getattr(limits, name) for name in dir(limits) if name.isupper()}
    shown = {name: f"| {bound:,} |" for name, bound in bounds.items() if name not in KEPT_INSIDE}
    assert [name for name, row in shown.items() if row not in told] == []
    assert len(re.findall(r"\| [\d,]+ \|", told)) == len(shown)
