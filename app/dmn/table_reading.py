"""The XML of a decision table → a compiled `Table`, every faulty cell reported at its line."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from app.dmn.hits import RANKED, Aggregation, HitPolicy
from app.dmn.itemtypes import Allowed
from app.dmn.table import InputColumn, OutputColumn, Rule, Table
from app.dmn.xml import Element
from app.feel.builtins import BUILTINS
from app.feel.compiling.run import Bindings, Run
from app.feel.compiling.tests import TestCode, compile_tests
from app.feel.errors import FeelSyntaxError
from app.feel.syntax import tree
from app.feel.syntax.parser import parse_unary_tests
from app.feel.types import ANY, ContextType, FeelType, ListType
from app.feel.values import Value
from app.json_types import JsonObject

if TYPE_CHECKING:
    from app.dmn.boxed import Logic
    from app.dmn.cells import Names


def read_table(
    element: Element, logic: "Logic", names: "Names", *, expected: FeelType = ANY
) -> Table:
    """Compile a decision table; `expected` is the type of what it is the value of."""
    inputs = tuple(_input(part, logic, names) for part in element.children("input"))
    columns = list(element.children("output"))
    outputs = tuple(_output(part, logic, names, is_only=len(columns) == 1) for part in columns)
    clauses = [clause.name for clause in element.children("annotation")]
    rules = tuple(
        _rule(part, logic, names, number=number, shape=(len(inputs), len(outputs)), clauses=clauses)
        for number, part in enumerate(element.children("rule"), 1)
    )
    policy, aggregation = _policy(element, logic), _aggregation(element, logic)
    _check_outputs(element, columns, logic, aggregation)
    whole = logic.types.find(element.get("typeRef"))
    ranks = _ranks(columns, outputs, expected if whole is ANY else whole)
    if policy in RANKED and columns and not any(ranks):
        logic.report(element, f"{policy} goes by the output values, but none are listed")
    return Table(
        element.id,
        element.get("label") or element.get("outputLabel"),
        logic.label,
        policy,
        aggregation if policy is HitPolicy.COLLECT else Aggregation.LIST,
        inputs,
        outputs,
        _telling_first(rules, len(inputs)),
        tuple(_ranker(tests) for tests in ranks),
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


def _check_outputs(
    element: Element, columns: Sequence[Element], logic: "Logic", aggregation: Aggregation
) -> None:
    if not columns:
        logic.report(element, "the table has no output")
    if len(columns) > 1 and aggregation is not Aggregation.LIST:
        logic.report(element, f"{aggregation} needs a table of one output")
    seen: set[str] = set()
    for column in columns:
        if not column.name and len(columns) > 1:
            logic.report(column, "a table of several outputs needs a name for each")
        elif column.name in seen:
            logic.report(column, f"two outputs have the name {column.name!r}")
        seen.add(column.name)


def _input(element: Element, logic: "Logic", names: "Names") -> InputColumn:
    expression = element.child("inputExpression")
    text = "" if expression is None else expression.text_of("text")
    if expression is None or not text:
        logic.report(expression or element, "the column has no expression to test")
    expression = expression or element
    return InputColumn(
        element.id,
        element.get("label") or text,
        text,
        logic.expression(expression, text, names),
        logic.type_of(expression),
        _allowed(element.child("inputValues"), logic, names),
    )


def _output(element: Element, logic: "Logic", names: "Names", *, is_only: bool) -> OutputColumn:
    default = element.child("defaultOutputEntry")
    name = element.name
    return OutputColumn(
        "" if is_only and not name else name,
        element.get("label") or name or "the output",
        logic.type_of(element),
        _allowed(element.child("outputValues"), logic, names),
        None if default is None else logic.expression(default, default.text_of("text"), names),
    )


def _allowed(element: Element | None, logic: "Logic", names: "Names") -> TestCode | None:
    text = "" if element is None else element.text_of("text")
    if element is None or not text or text == "-":
        return None
    return logic.tests(element, text, names)


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
    tests = tuple(
        (index, logic.tests(entry, text, names))
        for index, (entry, text) in enumerate(zip(entries, texts, strict=False))
        if text != "-"
    )
    codes = [logic.expression(entry, entry.text_of("text"), names) for entry in outputs[: shape[1]]]
    codes += [_null] * (shape[1] - len(codes))
    return Rule(
        element.id,
        element.get("label"),
        number,
        tests,
        texts,
        tuple(codes),
        _annotations(element, clauses),
    )


def _telling_first(rules: Sequence[Rule], width: int) -> tuple[Rule, ...]:
    """Let every rule try first the column that tells most rules apart.

    All tests of a rule have to pass, so their order decides nothing; most rules of a wide table
    then fail at their first test.
    """
    kinds = [
        len({rule.texts[index] for rule in rules if index < len(rule.texts)})
        for index in range(width)
    ]
    return tuple(
        replace(rule, tests=tuple(sorted(rule.tests, key=lambda test: -kinds[test[0]])))
        for rule in rules
    )


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


# --- the order of output values ---------------------------------------------------------------


def _ranks(
    columns: Sequence[Element], outputs: Sequence[OutputColumn], whole: FeelType
) -> list[list[TestCode]]:
    """Return the listed values of each output column, one test for each in their order.

    They are listed at the column, or else by its type. Source: OMG DMN 1.5, 8.2.10 and 8.3.3.
    """
    found: list[list[TestCode]] = []
    for column, output in zip(columns, outputs, strict=True):
        clause = column.child("outputValues")
        text = "" if clause is None else clause.text_of("text")
        found.append(_listed(text or _allowed_text(output, whole, is_only=len(columns) == 1)))
    return found


def _allowed_text(output: OutputColumn, whole: FeelType, *, is_only: bool) -> str:
    of = output.type
    if of is ANY:
        row = whole.item if isinstance(whole, ListType) else whole
        of = row if is_only else _component(row, output.name)
    return of.allows.text if isinstance(of.allows, Allowed) else ""


def _component(row: FeelType, name: str) -> FeelType:
    return row.entries.get(name, ANY) if isinstance(row, ContextType) else ANY


def _listed(text: str) -> list[TestCode]:
    if not text:
        return []
    try:
        parsed = parse_unary_tests(text, names=BUILTINS.keys())
    except FeelSyntaxError:
        return []
    return [
        compile_tests(tree.Tests(test.at, (test,), parsed.is_negated), frozenset(), is_cell=True)
        for test in parsed.tests
    ]


def _ranker(tests: Sequence[TestCode]) -> Callable[[Value, Run], int]:
    """Return how a column orders its values: as they are listed, others behind."""

    def rank(value: Value, run: Run) -> int:
        for place, test in enumerate(tests):
            if test(value, {}, run) is True:
                return place
        return len(tests)

    return rank
