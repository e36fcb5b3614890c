"""Our FEEL and the reference in JavaScript answer alike, or a clause says why they do not."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

import pytest

from app.feel.builtins import BUILTINS
from app.feel.compiling import operators
from app.feel.compiling.run import Run
from app.feel.temporal import arithmetic as temporal
from app.feel.temporal.moments import FarDate
from app.feel.values import Value
from tests.conftest import absent
from tests.feel.differential import reference
from tests.feel.differential.builtins import FUNCTIONS, OF_THE_CLOCK, SELDOM
from tests.feel.differential.classes import CLASSES, Class, classify
from tests.feel.differential.expressions import Expr
from tests.feel.differential.generator import call_of, expression
from tests.feel.differential.isolation import Comparison, Finding
from tests.feel.differential.tampering import distorted, forget_compiled, results_through
from tests.feel.differential.values import NULL

SEEDS = range(2_000)


@pytest.fixture(scope="module")
def running() -> Iterator[reference.Reference]:
    """The reference implementation, installed and started once."""
    try:
        with reference.running() as started:
            yield started
    except reference.ReferenceAbsent as problem:
        absent(str(problem))


@pytest.fixture(scope="module")
def comparison(running: reference.Reference) -> Comparison:
    return Comparison(running, classify)


@pytest.fixture(scope="module")
def findings(comparison: Comparison) -> tuple[list[Finding], Counter[str]]:
    """What came of the 2,000 expressions, and how often each function gave a value."""
    given: Counter[str] = Counter()

    def count(name: str, value: Value) -> Value:
        given[name] += value is not None
        return value

    with results_through(count):
        return list(comparison.compare([expression(seed) for seed in SEEDS])), given


def test_both_sides_differ_only_where_a_clause_decides(
    findings: tuple[list[Finding], Counter[str]],
) -> None:
    pairs = zip(SEEDS, findings[0], strict=True)
    wrong = [f"seed {seed}: {d}" for seed, found in pairs for d in found.unexplained]
    assert wrong == []


def test_most_expressions_agree_mean_something_and_are_followed_to_the_end(
    findings: tuple[list[Finding], Counter[str]],
) -> None:
    found = findings[0]
    assert sum(one.ours[0] not in {"null", "error"} for one in found) > 0.8 * len(found)
    assert sum(one.agrees for one in found) > 0.8 * len(found)
    assert sum(not one.is_followed for one in found) < 0.05 * len(found)


def test_every_function_that_both_know_is_called_with_success(
    running: reference.Reference, findings: tuple[list[Finding], Counter[str]]
) -> None:
    known = running.known_functions(sorted(BUILTINS))
    refused = {way.function for way in SELDOM}
    assert known - refused - OF_THE_CLOCK == set(FUNCTIONS)
    assert {name: findings[1][name] for name in FUNCTIONS if not findings[1][name]} == {}


@pytest.mark.parametrize("known", CLASSES, ids=lambda known: known.id)
def test_class_of_difference_still_exists(comparison: Comparison, known: Class) -> None:
    finding = next(comparison.compare([known.expr]))
    assert (finding.classes, finding.unexplained) == ({known.id}, [])


def test_each_class_has_a_name_of_its_own() -> None:
    assert len({known.id for known in CLASSES}) == len(CLASSES)


def is_seen(comparison: Comparison, expressions: Iterable[Expr]) -> bool:
    """Say whether at least three of the expressions show a difference that nothing explains."""
    forget_compiled()
    seen = 0
    waiting = iter(expressions)
    while seen < 3 and (piece := list(islice(waiting, 20))):
        seen += sum(bool(found.unexplained) for found in comparison.compare(piece))
    forget_compiled()
    return seen >= 3


@pytest.mark.parametrize("function", FUNCTIONS)
def test_wrong_result_of_a_function_is_not_swallowed_by_a_class(
    comparison: Comparison, function: str
) -> None:
    def distort(name: str, value: Value) -> Value:
        return distorted(value) if name == function else value

    with results_through(distort):
        assert is_seen(comparison, (call_of(function, seed) for seed in range(60)))


def _one_more(result: Value) -> Value:
    return distorted(result) if result is not None else None


@pytest.mark.parametrize("operator", ["+", "-", "*", "/", "**"])
def test_wrong_arithmetic_is_not_swallowed_by_a_class(
    comparison: Comparison, operator: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = operators.BINARY[operator]

    def wrong(one: Value, other: Value, run: Run) -> Value:
        return _one_more(right(one, other, run))

    monkeypatch.setitem(operators.BINARY, operator, wrong)  # type: ignore[arg-type]
    assert is_seen(comparison, map(expression, SEEDS))


def _swapped(verdict: Value) -> Value:
    return verdict if verdict is None else not verdict


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        ("equals", lambda right: lambda *given: _swapped(right(*given))),
        ("within", lambda right: lambda *given: _swapped(right(*given))),
        ("order", lambda right: lambda *given: {-1: 1, 0: -1, 1: -1}.get(right(*given))),
    ],
)
def test_wrong_comparison_is_not_swallowed_by_a_class(
    comparison: Comparison,
    name: str,
    spoil: Callable[[Callable[..., Value]], Callable[..., Value]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(operators, name, spoil(getattr(operators, name)))
    assert is_seen(comparison, map(expression, SEEDS))


def test_months_added_without_care_for_their_ends_are_seen(
    comparison: Comparison, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = temporal._add_months

    def wrong(year: int, month: int, day: int, months: int) -> Value:
        added = right(year, month, day, months)
        return added if isinstance(added, FarDate) else added.replace(day=min(day, 28))

    monkeypatch.setattr(temporal, "_add_months", wrong)
    assert is_seen(comparison, map(expression, SEEDS))


def test_answers_that_only_ever_are_null_are_not_explained(comparison: Comparison) -> None:
    def nothing(_name: str, _value: Value) -> Value:
        return None

    calls = [call_of(function, seed) for function in FUNCTIONS for seed in range(3)]
    with results_through(nothing):
        found = list(comparison.compare(calls))
    given = [one for one in found if one.theirs != NULL and one.theirs[0] != "error"]
    assert sum(bool(one.unexplained) for one in given) > 0.8 * len(given)
