"""The XML of a decision table → a compiled `Table`, every faulty cell reported at its line."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from app.dmn.hits import Aggregation, HitPolicy
from app.dmn.table import InputColumn, OutputColumn, Rule, Table
from app.dmn.xml import Element
from app.feel import tree
from app.feel.compile_tests import TestCode
from app.feel.compiling import constant_of
from app.feel.errors import FeelSyntaxError
from app.feel.operators import equals
from app.feel.parser import parse_unary_tests
from app.feel.run import Bindings, Run
from app.feel.types import FeelType
from app.feel.values import Value
from app.json_types import JsonObject

if TYPE_CHECKING:
    from app.dmn.boxed import Logic, Names


def read_table(element: Element, logic: "Logic", names: "Names") -> Table:
    """Compile a decision table."""
    inputs = tuple(_input(part, logic, names) for part in element.children("input"))
    columns = list(element.children("output"))
    of = logic.type_of(element)
    outputs = tuple(_output(part, logic, names, is_only=len(columns) == 1) for part in columns)
    clauses = [clause.get("name") for clause in element.children("annotation")]
    rules = tuple(
        _rule(part, logic, names, number=number, shape=(len(inputs), len(outputs)), clauses=clauses)
        for number, part in enumerate(element.children("rule"), 1)
    )
    if not outputs:
        logic.report(element, "the table has no output")
    policy = _policy(element, logic)
    aggregation = _aggregation(element, logic)
    return Table(
        element.id,
        logic.label,
        policy,
        aggregation,
        inputs,
        outputs,
        rules,
        tuple(_ranker(part, logic, of) for part in columns),
    )


def _policy(element: Element, logic: "Logic") -> HitPolicy:
    try:
        return HitPolicy(element.get("hitPolicy") or "UNIQUE")
    except ValueError:
        logic.report(element, f"there is no hit policy {element.get('hitPolicy')!r}")
        return HitPolicy.UNIQUE


def _aggregation(element: Element, logic: "Logic") -> Aggregation:
    try:
        return Aggregation(element.get("aggregation"))
    except ValueError:
        logic.report(element, f"there is no aggregation {element.get('aggregation')!r}")
        return Aggregation.LIST


def _input(element: Element, logic: "Logic", names: "Names") -> InputColumn:
    expression = element.child("inputExpression")
    if expression is None:
        logic.report(element, "the column has no expression to test")
        expression = element
    text = expression.text_of("text")
    if not text:
        logic.report(expression, "the column has no expression to test")
    return InputColumn(
        element.get("label") or text,
        text,
        logic.expression(expression, text, names),
        logic.type_of(expression),
        _allowed(element.child("inputValues"), logic, names),
    )


def _output(element: Element, logic: "Logic", names: "Names", *, is_only: bool) -> OutputColumn:
    name = element.name
    if not name and not is_only:
        logic.report(element, "a table of several outputs needs a name for each")
    default = element.child("defaultOutputEntry")
    return OutputColumn(
        name,
        element.get("label") or name or "the output",
        logic.type_of(element),
        _allowed(element.child("outputValues"), logic, names),
        None if default is None else logic.expression(default, default.text_of("text"), names),
    )


def _allowed(element: Element | None, logic: "Logic", names: "Names") -> TestCode | None:
    text = "" if element is None else element.text_of("text")
    if element is None or not text:
        return None
    tests = logic.tests(element, text, names)
    return None if tests is None else tests.code


def _rule(
    element: Element,
    logic: "Logic",
    names: "Names",
    *,
    number: int,
    shape: tuple[int, int],
    clauses: Sequence[str],
) -> Rule:
    entries = list(element.children("inputEntry"))
    outputs = list(element.children("outputEntry"))
    if (len(entries), len(outputs)) != shape:
        logic.report(element, f"rule {number} has not as many cells as there are columns")
    texts = tuple(entry.text_of("text") or "-" for entry in entries[: shape[0]])
    tests: list[tuple[int, TestCode]] = []
    for index, (entry, text) in enumerate(zip(entries, texts, strict=False)):
        if text == "-":
            continue
        compiled = logic.tests(entry, text, names)
        tests.append((index, _never if compiled is None else compiled.code))
    codes = [logic.expression(entry, entry.text_of("text"), names) for entry in outputs[: shape[1]]]
    codes += [_null] * (shape[1] - len(codes))
    return Rule(
        element.id, number, tuple(tests), texts, tuple(codes), _annotations(element, clauses)
    )


def _never(_value: Value, _scope: Bindings, _run: Run) -> bool | None:
    return None


def _null(_scope: Bindings, _run: Run) -> Value:
    return None


def _annotations(element: Element, clauses: Sequence[str]) -> JsonObject:
    found: JsonObject = {}
    for index, entry in enumerate(element.children("annotationEntry")):
        name = clauses[index] if index < len(clauses) else ""
        found[name or f"annotation {index + 1}"] = entry.text_of("text")
    # Modelers of Camunda keep the annotation of a rule in its description.
    description = element.text_of("description")
    return found | {"description": description} if description else found


def _ranker(element: Element, logic: "Logic", _of: FeelType) -> Callable[[Value, Run], int]:
    """Return how an output column orders its values: as its allowed values are listed."""
    clause = element.child("outputValues")
    text = "" if clause is None else clause.text_of("text")
    values = _listed_values(text, logic) if text else []

    def rank(value: Value, run: Run) -> int:
        for place, allowed in enumerate(values):
            if equals(value, allowed, run) is True:
                return place
        return len(values)

    return rank


def _listed_values(text: str, logic: "Logic") -> list[Value]:
    try:
        parsed = parse_unary_tests(text, names=logic.known)
    except FeelSyntaxError:
        return []
    constants = [
        constant_of(test.operand) for test in parsed.tests if isinstance(test, tree.ValueTest)
    ]
    return [constant[0] for constant in constants if constant is not None]
