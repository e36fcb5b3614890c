"""Checking what repeats: filters, `for`, `some`, `every`."""

from app.feel.checking.exemplars import OPERANDS, outcome
from app.feel.checking.known import (
    BOOLEAN,
    LIST,
    Record,
    choices_of,
    in_words,
    item_type,
    join,
    kinds_of_type,
    may_be,
)
from app.feel.checking.mistakes import MistakeKind
from app.feel.checking.nodes import Checker, Names, rule
from app.feel.compiling.nodes import constant_of
from app.feel.syntax import tree
from app.feel.types import ANY, ContextType, FeelType, ListType, RangeType
from app.feel.values import Kind


@rule(tree.Filter)
def _filter(checker: Checker, node: tree.Filter, names: Names) -> FeelType:
    item = item_type(checker.type_of(node.source, names))
    condition = checker.type_of(node.condition, _within_item(names, item))
    chosen = ListType(item)
    kinds = kinds_of_type(condition)
    if kinds is None:
        return ANY if kinds_of_type(item) is None else join(item, chosen)
    if kinds == {Kind.NUMBER} and constant_of(node.condition) is not None:
        return item
    if Kind.BOOLEAN not in kinds and Kind.NUMBER not in kinds:
        checker.note(MistakeKind.WRONG_FILTER, node.condition, type=in_words(condition))
    # A number that turns out to be null chooses nothing, which is an empty list.
    return join(item, chosen) if Kind.NUMBER in kinds else chosen


def _within_item(names: Names, item: FeelType) -> Names:
    """Return the names in a filter: the item, and the entries of one that is a context."""
    contexts = [each for each in choices_of(item) if isinstance(each, ContextType)]
    if may_be(item, Kind.CONTEXT) and not contexts:
        return names.within({"item": item}, is_open=True)
    if len(contexts) == 1 and contexts[0] is item:
        is_open = not isinstance(item, Record)
        return names.within({"item": item, **contexts[0].entries}, is_open=is_open)
    return names.within({"item": item}, is_open=bool(contexts))


@rule(tree.For)
def _for(checker: Checker, node: tree.For, names: Names) -> FeelType:
    inner = _iterations(checker, node.iterations, names)
    return ListType(checker.type_of(node.body, inner.within({"partial": LIST})))


@rule(tree.Quantified)
def _quantified(checker: Checker, node: tree.Quantified, names: Names) -> FeelType:
    body = checker.type_of(node.body, _iterations(checker, node.iterations, names))
    checker.demand_boolean(node.body, body, "the condition behind satisfies")
    return BOOLEAN


def _iterations(checker: Checker, iterations: tuple[tree.Iteration, ...], names: Names) -> Names:
    for iteration in iterations:
        source = checker.type_of(iteration.source, names)
        if iteration.until is None:
            item = _gone_through(checker, iteration.source, source)
        else:
            until = checker.type_of(iteration.until, names)
            item = _counted(checker, iteration.source, source, until)
        names = names.within({iteration.name: item})
    return names


def _gone_through(checker: Checker, node: tree.Node, source: FeelType) -> FeelType:
    a = OPERANDS[0]
    loop = tree.For(0, (tree.Iteration("b", a, None),), a)
    if kinds_of_type(source) is None:
        return ANY
    if not outcome(loop, source).is_possible:
        hint = ", such as 1..10" if may_be(source, Kind.NUMBER) else ""
        checker.note(MistakeKind.NOT_ITERABLE, node, type=in_words(source), hint=hint)
        return ANY
    return join(
        *(
            each.of if isinstance(each, RangeType) else item_type(each)
            for each in choices_of(source)
            if may_be(each, Kind.LIST, Kind.RANGE) or outcome(loop, each).is_possible
        )
    )


def _counted(checker: Checker, node: tree.Node, source: FeelType, until: FeelType) -> FeelType:
    if kinds_of_type(source) is None or kinds_of_type(until) is None:
        return ANY
    a, b, _ = OPERANDS
    if not outcome(tree.For(0, (tree.Iteration("c", a, b),), a), source, until).is_possible:
        checker.note(
            MistakeKind.WRONG_OPERANDS,
            node,
            operation=f"counting from {in_words(source)} to {in_words(until)}",
            hint=": count between two numbers or two dates",
        )
        return ANY
    return source
