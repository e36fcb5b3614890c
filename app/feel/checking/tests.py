"""Checking unary tests: the cells of a decision table and what stands behind `in`."""

from app.feel.checking.exemplars import OPERANDS, outcome
from app.feel.checking.known import (
    BOOLEAN,
    choices_of,
    in_words,
    item_type,
    kinds_of_type,
    may_be,
)
from app.feel.checking.mistakes import MistakeKind
from app.feel.checking.nodes import Checker, Names, check_options, phrase, rule
from app.feel.syntax import tree
from app.feel.types import FeelType, ListType
from app.feel.values import Kind


@rule(tree.In)
def _in(checker: Checker, node: tree.In, names: Names) -> FeelType:
    value = checker.type_of(node.value, names)
    check_tests(checker, node.tests, value, names, of=phrase(node.value), is_cell=False)
    return BOOLEAN


def check_tests(
    checker: Checker,
    node: tree.Tests,
    value: FeelType,
    names: Names,
    *,
    of: str,
    is_cell: bool,
) -> None:
    """Note the mistakes in tests of a value of some type; `of` is what it is called."""
    inner = names.within({"?": value})
    for test in node.tests:
        operand = checker.type_of(test.operand, inner)
        if isinstance(test, tree.CompareTest):
            if _is_compared(checker, test, value, operand) and test.operator in {"=", "!="}:
                check_options(checker, test.operand, value, of=of)
        elif test.has_input:
            checker.demand_boolean(test.operand, operand, "the test")
        elif not (is_cell and may_be(operand, Kind.BOOLEAN)):
            _check_value(checker, test, value, operand, of=of)


def _is_compared(
    checker: Checker, test: tree.CompareTest, value: FeelType, operand: FeelType
) -> bool:
    if kinds_of_type(value) is None or kinds_of_type(operand) is None:
        return True
    a, b, _ = OPERANDS
    if outcome(tree.Compare(0, test.operator, a, b), value, operand).is_possible:
        return True
    told = f"the test {test.operator} {in_words(operand)}"
    checker.note(MistakeKind.WRONG_TEST, test, type=in_words(value), test=told)
    return False


def _check_value(
    checker: Checker, test: tree.ValueTest, value: FeelType, operand: FeelType, *, of: str
) -> None:
    if not _may_match(value, operand):
        told = f"a test for a {in_words(operand)}"
        checker.note(MistakeKind.WRONG_TEST, test, type=in_words(value), test=told)
    elif isinstance(test.operand, tree.ListOf):
        for item in test.operand.items:
            check_options(checker, item, value, of=of)
    else:
        check_options(checker, test.operand, value, of=of)


def _may_match(value: FeelType, wanted: FeelType) -> bool:
    """Say whether a value may equal what is wanted, lie in it, or be one of it."""
    if kinds_of_type(value) is None or kinds_of_type(wanted) is None:
        return True
    return any(_may_match_one(value, each) for each in choices_of(wanted))


def _may_match_one(value: FeelType, wanted: FeelType) -> bool:
    if isinstance(wanted, ListType):
        item = item_type(wanted)
        return may_be(value, Kind.LIST) or kinds_of_type(item) is None or _may_match(value, item)
    a, b, _ = OPERANDS
    tests = tree.Tests(0, (tree.ValueTest(0, b, False),), False)
    return outcome(tree.In(0, a, tests), value, wanted).is_possible
