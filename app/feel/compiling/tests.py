"""Compiling unary tests: the cells of decision tables, and what stands behind `in`.

A compiled test takes the tested value first. Source: OMG DMN 1.5, 10.3.1.2 rules 7 to 17 and
table 42.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from app.feel.compiling import operators
from app.feel.compiling.nodes import (
    NUMBER_VERDICTS,
    Names,
    Verdict,
    compile_node,
    constant_of,
    rule,
)
from app.feel.compiling.run import Bindings, Code, Run, Scope
from app.feel.syntax import tree
from app.feel.values import Kind, Range, Value, kind_of

TestCode: TypeAlias = Callable[[Value, Bindings, Run], bool | None]


@rule(tree.In)
def _in(node: tree.In, names: Names) -> Code:
    value = compile_node(node.value, names)
    tests = compile_tests(node.tests, names, is_cell=False)

    def check(scope: Bindings, run: Run) -> Value:
        return tests(value(scope, run), scope, run)

    return check


def compile_tests(node: tree.Tests, names: Names, *, is_cell: bool) -> TestCode:
    """Turn unary tests into a function of the tested value, scope and run.

    In a cell a condition that speaks of other variables counts as the verdict, and a single list
    may equal the value; behind `in` it is only searched.
    """
    if not node.tests:
        return lambda _value, _scope, _run: True
    is_whole = is_cell or len(node.tests) > 1
    codes = [_compile_test(test, names, is_cell=is_cell, is_whole=is_whole) for test in node.tests]
    if len(codes) == 1:
        return _negated(codes[0]) if node.is_negated else codes[0]
    fast = None if node.is_negated else _fast_texts(node, codes)
    if fast is not None:
        return fast

    def any_passes(value: Value, scope: Bindings, run: Run) -> bool | None:
        result: bool | None = False
        for code in codes:
            verdict = code(value, scope, run)
            if verdict is True:
                return True
            if verdict is None:
                result = None
        return result

    return _negated(any_passes) if node.is_negated else any_passes


def _negated(test: TestCode) -> TestCode:
    def refused(value: Value, scope: Bindings, run: Run) -> bool | None:
        verdict = test(value, scope, run)
        return None if verdict is None else not verdict

    return refused


def _fast_texts(node: tree.Tests, codes: list[TestCode]) -> TestCode | None:
    values = [
        constant_of(test.operand) if isinstance(test, tree.ValueTest) else None
        for test in node.tests
    ]
    texts = frozenset(value[0] for value in values if value and isinstance(value[0], str))
    if len(texts) != len(codes):
        return None
    first = codes[0]

    def is_one_of(value: Value, scope: Bindings, run: Run) -> bool | None:
        return value in texts if type(value) is str else first(value, scope, run)

    return is_one_of


def _compile_test(test: tree.Test, names: Names, *, is_cell: bool, is_whole: bool) -> TestCode:
    constant = constant_of(test.operand)
    if isinstance(test, tree.CompareTest):
        return _compare_test(test, names, constant)
    if constant is not None:
        return _constant_test(constant[0])
    operand = compile_node(test.operand, names | {"?"})
    if test.has_input:
        return _input_test(operand)

    is_range = isinstance(test.operand, tree.RangeOf)

    def check(value: Value, scope: Bindings, run: Run) -> bool | None:
        wanted = operand(scope, run)
        if wanted is None and is_range:
            return None
        if is_cell and isinstance(wanted, bool) and not isinstance(value, bool):
            return wanted
        return matches(value, wanted, run, is_whole=is_whole)

    return check


def _compare_test(test: tree.CompareTest, names: Names, constant: tuple[Value] | None) -> TestCode:
    operator = test.operator
    operand = compile_node(test.operand, names)

    def check(value: Value, scope: Bindings, run: Run) -> bool | None:
        return operators.compare(operator, value, operand(scope, run), run)

    if constant is not None and type(constant[0]) is date:
        return _date_test(_DAY_VERDICTS[operator](constant[0]), check)
    if constant is None or not isinstance(constant[0], Decimal):
        return check
    return _number_test(NUMBER_VERDICTS[operator](constant[0]), check)


def _number_test(verdict: Verdict, slow: TestCode) -> TestCode:
    def check(value: Value, scope: Bindings, run: Run) -> bool | None:
        if type(value) is int or (type(value) is Decimal and value.is_finite()):
            return verdict(value)  # type: ignore[arg-type]
        return slow(value, scope, run)

    return check


def _constant_test(constant: Value) -> TestCode:
    def check(value: Value, _scope: Bindings, run: Run) -> bool | None:
        return matches(value, constant, run, is_whole=True)

    if isinstance(constant, Decimal):
        return _number_test(constant.__eq__, check)
    if isinstance(constant, str):

        def is_text(value: Value, scope: Bindings, run: Run) -> bool | None:
            return value == constant if type(value) is str else check(value, scope, run)

        return is_text
    if isinstance(constant, bool):
        return lambda value, _scope, _run: value is constant if type(value) is bool else None
    if isinstance(constant, Range):
        return _range_test(constant, check)
    return check


def _range_test(interval: Range, slow: TestCode) -> TestCode:
    low, high = interval.start, interval.end
    if type(low) is date and type(high) is date and not interval.operator:
        return _date_range_test(interval, low, high, slow)
    if not (isinstance(low, Decimal) and isinstance(high, Decimal)) or interval.operator:
        return slow
    above = low.__le__ if interval.is_start_included else low.__lt__
    below = high.__ge__ if interval.is_end_included else high.__gt__

    def check(value: Value, scope: Bindings, run: Run) -> bool | None:
        if type(value) is int or (type(value) is Decimal and value.is_finite()):
            return above(value) and below(value)
        return slow(value, scope, run)

    return check


_DAY_VERDICTS: Mapping[str, Callable[[date], Callable[[date], bool]]] = {
    "=": lambda constant: constant.__eq__,
    "!=": lambda constant: constant.__ne__,
    "<": lambda constant: constant.__gt__,
    "<=": lambda constant: constant.__ge__,
    ">": lambda constant: constant.__lt__,
    ">=": lambda constant: constant.__le__,
}


def _date_range_test(interval: Range, low: date, high: date, slow: TestCode) -> TestCode:
    """Compare days as Python does, which orders them as FEEL does; all else the slow way."""
    above = low.__le__ if interval.is_start_included else low.__lt__
    below = high.__ge__ if interval.is_end_included else high.__gt__
    return _date_test(lambda day: above(day) and below(day), slow)


def _date_test(verdict: Callable[[date], bool], slow: TestCode) -> TestCode:
    def check(value: Value, scope: Bindings, run: Run) -> bool | None:
        return verdict(value) if type(value) is date else slow(value, scope, run)

    return check


def _input_test(operand: Code) -> TestCode:
    def check(value: Value, scope: Bindings, run: Run) -> bool | None:
        verdict = operand(Scope(scope, {"?": value}), run)
        if isinstance(verdict, bool) or verdict is None:
            return verdict
        return matches(value, verdict, run, is_whole=True)

    return check


def matches(value: Value, wanted: Value, run: Run, *, is_whole: bool) -> bool | None:
    """Say whether a value equals what is wanted, lies in it, or is one of it."""
    if isinstance(wanted, Range):
        return operators.within(value, wanted)
    if kind_of(wanted) is Kind.LIST:
        if operators.has_item(wanted, value, run):
            return True
        return is_whole and operators.equals(value, wanted, run) is True
    return operators.equals(value, wanted, run)
