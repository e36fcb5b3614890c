"""Compiling what repeats: filters, `for`, `some`, `every`. Every round costs steps."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from app.feel.compiling import operators
from app.feel.compiling.nodes import Names, compile_node, constant_of, rule
from app.feel.compiling.run import Bindings, Code, Run, Scope
from app.feel.errors import Trouble
from app.feel.limits import MAX_LIST
from app.feel.syntax import tree
from app.feel.syntax.survey import free_names, weight
from app.feel.temporal.arithmetic import is_date
from app.feel.values import Range, Value, items_of, number_of, told


def _cost(node: tree.Node) -> int:
    return 1 + 2 * weight(node)


@rule(tree.Filter)
def _filter(node: tree.Filter, names: Names) -> Code:
    source = compile_node(node.source, names)
    constant = constant_of(node.condition)
    index = None if constant is None else number_of(constant[0])
    if index is not None:
        return _at_index(source, index, node.at)
    wanted = free_names(node.condition)
    is_selection = isinstance(node.condition, _ALWAYS_BOOLEAN)
    condition = compile_node(node.condition, names | {"item"})
    cost = _cost(node.condition)

    def select(scope: Bindings, run: Run) -> Value:
        value = source(scope, run)
        if value is None:
            return run.warn(node.at, "null has no items")
        items = items_of(value)
        if not items and not is_selection and _is_index(condition, scope, run):
            return run.warn(node.at, "there is no item in an empty list")
        chosen: list[Value] = []
        for item in items:
            run.spend(cost)
            verdict = condition(_item_scope(scope, item, wanted), run)
            if verdict is True:
                chosen.append(item)
            elif verdict is not False and verdict is not None:
                # An index is no question about an item: it counts outside, table 68.
                run.spend(cost)
                return _picked(value, verdict, condition(scope, run), run, node.at)
        return chosen

    return select


def _at_index(source: Code, index: Decimal, at: int) -> Code:
    """Compile an index that is known: most lists hold such an item."""
    is_near = index == index.to_integral_value() and 0 < abs(index) <= MAX_LIST
    fewest = abs(int(index)) if is_near else MAX_LIST + 1
    position = int(index) - (index > 0) if is_near else 0

    def take(scope: Bindings, run: Run) -> Value:
        value = source(scope, run)
        if type(value) is list and len(value) >= fewest and is_near:
            return value[position]
        return pick(value, index, run, at)

    return take


_ALWAYS_BOOLEAN = (
    tree.Compare,
    tree.Logical,
    tree.Between,
    tree.In,
    tree.Quantified,
    tree.InstanceOf,
)


def _is_index(condition: Code, scope: Bindings, run: Run) -> bool:
    """Say whether what stands in the brackets is a number, where no item asks."""
    notes, run.notes = run.notes, None
    try:
        return number_of(condition(Scope(scope, {"item": None}), run)) is not None
    finally:
        run.notes = notes


def _picked(value: Value, verdict: Value, outside: Value, run: Run, at: int) -> Value:
    index = number_of(outside)
    if index is not None:
        return pick(value, index, run, at)
    if number_of(verdict) is not None:
        return run.warn(at, "an index does not depend on the items")
    return run.warn(at, f"a filter is a condition or a number, not {told(verdict)}")


def _item_scope(scope: Bindings, item: Value, wanted: frozenset[str]) -> Scope:
    local: dict[str, Value] = {"item": item}
    if isinstance(item, Mapping):
        for name in wanted:
            if name in item:
                local[name] = item[name]
    return Scope(scope, local)


def pick(value: Value, index: Decimal | None, run: Run, at: int) -> Value:
    """Return the item at an index from 1, or from the end at a negative one; else null."""
    items = items_of(value)
    if index is None or index != index.to_integral_value() or abs(index) > len(items):
        return run.warn(at, f"there is no item {index} in a list of {len(items)}")
    position = int(index)
    if position == 0:
        return run.warn(at, "items are counted from 1")
    return items[position - 1 if position > 0 else position]


@dataclass(frozen=True, slots=True)
class _Loop:
    """One compiled iteration: its name, and how to list its values in a scope."""

    name: str
    values: Callable[[Bindings, Run], Sequence[Value]]


def _loops(iterations: tuple[tree.Iteration, ...], names: Names) -> tuple[list[_Loop], Names]:
    loops = []
    for iteration in iterations:
        source = compile_node(iteration.source, names)
        until = None if iteration.until is None else compile_node(iteration.until, names)
        loops.append(_Loop(iteration.name, _lister(source, until)))
        names = names | {iteration.name}
    return loops, names


def _lister(source: Code, until: Code | None) -> Callable[[Bindings, Run], Sequence[Value]]:
    def values(scope: Bindings, run: Run) -> Sequence[Value]:
        value = source(scope, run)
        if until is not None:
            return list(count_between(value, until(scope, run), run))
        if isinstance(value, Range):
            return list(range_values(value, run))
        if not isinstance(value, list | tuple):
            # 10.3.2.9.4 names where one value becomes a list of one; iterations are not among it.
            raise Trouble(f"there is no list to go through, but {told(value)}")
        return value

    return values


def range_values(interval: Range, run: Run) -> Iterator[Value]:
    """Yield the whole numbers or days of a range.

    Raises:
        Trouble: it begins after its end, or cannot be counted.
    """
    if (operators.order(interval.start, interval.end) or 0) > 0:
        raise Trouble("the range begins after its end")
    for value in count_between(interval.start, interval.end, run):
        if operators.within(value, interval) is not False:
            yield value


def count_between(start: Value, end: Value, run: Run) -> Iterator[Value]:
    """Yield the whole numbers or the days from one value to another, downwards if need be.

    Raises:
        Trouble: the ends are neither two numbers nor two dates.
    """
    first, last = number_of(start), number_of(end)
    by: Value = Decimal(1)
    cost = 5
    if first is None or last is None:
        if not (is_date(start) and is_date(end)):
            raise Trouble(f"cannot count from {told(start)} to {told(end)}")
        by, cost = timedelta(days=1), 12
    value, sign = start, operators.order(end, start) or 0
    move = operators.add if sign >= 0 else operators.subtract
    while (operators.order(end, value) or 0) * (sign or 1) >= 0:
        run.spend(cost)
        yield value
        value = move(value, by, run)


def _rounds(loops: Sequence[_Loop], depth: int, scope: Bindings, run: Run) -> Iterator[Bindings]:
    if depth == len(loops):
        yield scope
        return
    loop = loops[depth]
    for value in loop.values(scope, run):
        run.spend(1)
        yield from _rounds(loops, depth + 1, Scope(scope, {loop.name: value}), run)


@rule(tree.For)
def _for(node: tree.For, names: Names) -> Code:
    loops, inner = _loops(node.iterations, names)
    body = compile_node(node.body, inner | {"partial"})
    cost = _cost(node.body)
    has_partial = "partial" in free_names(node.body)

    def repeat(scope: Bindings, run: Run) -> Value:
        results: list[Value] = []
        try:
            for round_scope in _rounds(loops, 0, scope, run):
                run.spend(cost)
                if has_partial:
                    run.bounded_list(len(results))
                    round_scope = Scope(round_scope, {"partial": results.copy()})
                results.append(body(round_scope, run))
                if len(results) & 0xFFFF == 0:
                    run.bounded_list(len(results))
        except Trouble as trouble:
            return run.warn(node.at, str(trouble))
        run.bounded_list(len(results))
        return results

    return repeat


@rule(tree.Quantified)
def _quantified(node: tree.Quantified, names: Names) -> Code:
    loops, inner = _loops(node.iterations, names)
    body = compile_node(node.body, inner)
    cost = _cost(node.body)
    decisive = not node.is_every

    def decide(scope: Bindings, run: Run) -> Value:
        result: bool | None = node.is_every
        try:
            for round_scope in _rounds(loops, 0, scope, run):
                run.spend(cost)
                verdict = body(round_scope, run)
                if verdict is decisive:
                    return decisive
                if verdict is not node.is_every:
                    result = None
        except Trouble as trouble:
            return run.warn(node.at, str(trouble))
        return result

    return decide
