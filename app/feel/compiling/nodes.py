"""Syntax tree → Python closures: the registry of rules, and the plain operators.

Each rule turns one kind of node into a function of scope and run; `compile_node` picks the rule.
Rules for loops, calls and tests live in their own modules and register here.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TypeAlias, TypeVar

from app.feel.builtins import BUILTINS
from app.feel.compiling import operators
from app.feel.compiling.coercion import pay_for_check
from app.feel.compiling.run import Bindings, Code, Run, Scope
from app.feel.compiling.steps import step
from app.feel.errors import FeelBudgetExceeded, Trouble
from app.feel.functions import call_builtin
from app.feel.syntax import tree
from app.feel.types import NullType, OpenType
from app.feel.values import Range, Value, told

Names: TypeAlias = frozenset[str]
"""Names that certainly mean variables, so that no built-in function is meant by them."""

_Node = TypeVar("_Node", bound=tree.Node)
_RULES: dict[type[tree.Node], Callable[..., Code]] = {}


def rule(kind: type[_Node]) -> Callable[[Callable[[_Node, Names], Code]], None]:
    """Register how one kind of node is compiled."""

    def register(function: Callable[[_Node, Names], Code]) -> None:
        _RULES[kind] = function

    return register


def compile_node(node: tree.Node, names: Names) -> Code:
    """Turn a tree into a function of scope and run."""
    constant = constant_of(node)
    return _RULES[type(node)](node, names) if constant is None else always(constant[0])


def always(value: Value) -> Code:
    """Return the code of a constant."""
    return lambda _scope, _run: value


def constant_of(node: tree.Node) -> tuple[Value] | None:
    """Return the value of a part that needs nothing from outside, in a tuple of one."""
    if isinstance(node, tree.Literal):
        return (node.value,)
    if not isinstance(node, _FOLDED):
        return None
    try:
        return _folded(node)
    except (Trouble, FeelBudgetExceeded):
        return None


_FOLDED = (tree.Arithmetic, tree.Negate, tree.RangeOf, tree.Call)


def _folded(node: tree.Node) -> tuple[Value] | None:
    run = Run(None, is_traced=False)
    if isinstance(node, tree.Arithmetic):
        left = constant_of(node.left)
        right = None if left is None else constant_of(node.right)
        if left is not None and right is not None:
            return (operators.BINARY[node.operator](left[0], right[0], run),)
    elif isinstance(node, tree.Negate):
        value = constant_of(node.operand)
        return None if value is None else (operators.negate(value[0]),)
    elif isinstance(node, tree.RangeOf):
        start, end = constant_of(node.start), constant_of(node.end)
        if start is not None and end is not None:
            return (make_range(node, start[0], end[0]),)
    elif isinstance(node, tree.Call):
        return _folded_call(node, run)
    return None


_FOLDED_CALLS = frozenset({"date", "time", "date and time", "duration"})


def _folded_call(node: tree.Call, run: Run) -> tuple[Value] | None:
    if not (isinstance(node.function, tree.Name) and node.function.name in _FOLDED_CALLS):
        return None
    if len(node.arguments) != 1 or node.names or not isinstance(node.arguments[0], tree.Literal):
        return None
    return (call_builtin(BUILTINS[node.function.name], [node.arguments[0].value], run),)


def make_range(node: tree.RangeOf, start: Value, end: Value) -> Range:
    """Build the range a node describes from the values of its ends.

    Raises:
        Trouble: the ends have no common order, or the start lies behind the end.
    """
    if start is not None and end is not None:
        sign = operators.order(start, end)
        if sign is None:
            raise Trouble(f"no range goes from {told(start)} to {told(end)}")
        if sign > 0:
            raise Trouble("the range begins after its end")
    return Range(start, end, node.is_start_included, node.is_end_included)


@rule(tree.Name)
def _name(node: tree.Name, names: Names) -> Code:
    name, at = node.name, node.at
    builtin = None if name in names else BUILTINS.get(name)

    def look(scope: Bindings, run: Run) -> Value:
        try:
            return scope[name]
        except KeyError:
            if builtin is None:
                run.warn(at, f"there is no variable {name!r}")
            return builtin

    return look


@rule(tree.Path)
def _path(node: tree.Path, names: Names) -> Code:
    name, at = node.name, node.at
    source = compile_node(node.source, names)

    def walk(scope: Bindings, run: Run) -> Value:
        value = source(scope, run)
        if type(value) is dict and name in value:
            return value[name]
        return step(value, name, run, at)

    return walk


@rule(tree.ListOf)
def _list(node: tree.ListOf, names: Names) -> Code:
    constants = [constant_of(item) for item in node.items]
    if all(constant is not None for constant in constants):
        values = [constant[0] for constant in constants if constant is not None]
        return lambda _scope, _run: values.copy()
    items = [compile_node(item, names) for item in node.items]
    return lambda scope, run: [item(scope, run) for item in items]


@rule(tree.ContextOf)
def _context(node: tree.ContextOf, names: Names) -> Code:
    entries: list[tuple[str, Code]] = []
    for name, value in node.entries:
        # A function may call itself by its key; any other value does not see its own.
        is_function = isinstance(value, tree.FunctionOf)
        entries.append((name, compile_node(value, names | {name} if is_function else names)))
        names = names | {name}

    def build(scope: Bindings, run: Run) -> Value:
        local = Scope(scope, {})
        for name, code in entries:
            local[name] = code(local, run)
        return dict(local)

    return build


@rule(tree.RangeOf)
def _range(node: tree.RangeOf, names: Names) -> Code:
    start, end = compile_node(node.start, names), compile_node(node.end, names)

    def build(scope: Bindings, run: Run) -> Value:
        try:
            return make_range(node, start(scope, run), end(scope, run))
        except Trouble as trouble:
            return run.warn(node.at, str(trouble))

    return build


@rule(tree.ComparisonRange)
def _comparison_range(node: tree.ComparisonRange, names: Names) -> Code:
    operand, operator = compile_node(node.operand, names), node.operator

    def build(scope: Bindings, run: Run) -> Value:
        value = operand(scope, run)
        if operator in {"=", "!="}:
            return Range(value, value, True, True, operator)
        if operator.startswith(">"):
            return Range(value, None, operator == ">=", False, operator)
        return Range(None, value, False, operator == "<=", operator)

    return build


@rule(tree.If)
def _if(node: tree.If, names: Names) -> Code:
    condition = compile_node(node.condition, names)
    yes, no = compile_node(node.yes, names), compile_node(node.no, names)

    def choose(scope: Bindings, run: Run) -> Value:
        value = condition(scope, run)
        if value is True:
            return yes(scope, run)
        if value is not False:
            # "Equal to b if a is true, and equal to c otherwise": 10.3.2.13, below table 50.
            run.warn(node.at, f"the condition is {told(value)}, not a boolean")
        return no(scope, run)

    return choose


@rule(tree.Logical)
def _logical(node: tree.Logical, names: Names) -> Code:
    operands = [compile_node(operand, names) for operand in node.operands]
    decisive = not node.is_and
    neutral = node.is_and
    if len(operands) == 2:
        return _logical_pair(operands[0], operands[1], node.at, decisive=decisive)

    def decide(scope: Bindings, run: Run) -> Value:
        result: bool | None = neutral
        for operand in operands:
            value = operand(scope, run)
            if value is decisive:
                return decisive
            if value is not neutral:
                _unknown(run, node.at, value)
                result = None
        return result

    return decide


def _unknown(run: Run, at: int, *values: Value) -> None:
    """Warn of what is neither a boolean nor null among the operands, all of which count as null."""
    for value in values:
        if value is not None and not isinstance(value, bool):
            run.warn(at, f"{told(value)} is no boolean, so it counts as unknown")


def _logical_pair(left: Code, right: Code, at: int, *, decisive: bool) -> Code:
    neutral = not decisive

    def decide(scope: Bindings, run: Run) -> Value:
        one = left(scope, run)
        if one is decisive:
            return decisive
        two = right(scope, run)
        if two is decisive:
            return decisive
        if one is neutral and two is neutral:
            return neutral
        _unknown(run, at, one, two)
        return None

    return decide


@rule(tree.Arithmetic)
def _arithmetic(node: tree.Arithmetic, names: Names) -> Code:
    left, right = compile_node(node.left, names), compile_node(node.right, names)
    operation, at = operators.BINARY[node.operator], node.at

    def calculate(scope: Bindings, run: Run) -> Value:
        try:
            return operation(left(scope, run), right(scope, run), run)
        except Trouble as trouble:
            return run.warn(at, str(trouble))

    return calculate


@rule(tree.Negate)
def _negate(node: tree.Negate, names: Names) -> Code:
    operand = compile_node(node.operand, names)

    def negate(scope: Bindings, run: Run) -> Value:
        try:
            return operators.negate(operand(scope, run))
        except Trouble as trouble:
            return run.warn(node.at, str(trouble))

    return negate


@rule(tree.Compare)
def _compare(node: tree.Compare, names: Names) -> Code:
    left, constant = compile_node(node.left, names), constant_of(node.right)
    operator, at = node.operator, node.at

    def judge(one: Value, two: Value, run: Run) -> bool | None:
        result = operators.compare(operator, one, two, run)
        if result is None:
            run.warn(at, f"{told(one)} {operator} {told(two)} is neither true nor false")
        return result

    if constant is not None and isinstance(constant[0], str) and operator in {"=", "!="}:
        return _compare_text(left, constant[0], judge, is_wanted=operator == "=")
    if constant is not None and isinstance(constant[0], Decimal):
        return _compare_number(left, constant[0], judge, NUMBER_VERDICTS[operator](constant[0]))
    right = compile_node(node.right, names) if constant is None else always(constant[0])
    return lambda scope, run: judge(left(scope, run), right(scope, run), run)


Judge: TypeAlias = Callable[[Value, Value, Run], bool | None]
Verdict: TypeAlias = Callable[[Decimal], bool]

NUMBER_VERDICTS: Mapping[str, Callable[[Decimal], Verdict]] = {
    "=": lambda constant: constant.__eq__,
    "!=": lambda constant: constant.__ne__,
    "<": lambda constant: constant.__gt__,
    "<=": lambda constant: constant.__ge__,
    ">": lambda constant: constant.__lt__,
    ">=": lambda constant: constant.__le__,
}
"""Comparisons with a constant on the right, seen from that constant."""


def _compare_text(left: Code, constant: str, judge: Judge, *, is_wanted: bool) -> Code:
    def check(scope: Bindings, run: Run) -> Value:
        value = left(scope, run)
        if type(value) is str:
            return (value == constant) is is_wanted
        return judge(value, constant, run)

    return check


def _compare_number(left: Code, constant: Decimal, judge: Judge, verdict: Verdict) -> Code:
    def check(scope: Bindings, run: Run) -> Value:
        value = left(scope, run)
        if type(value) is int or (type(value) is Decimal and value.is_finite()):
            return verdict(value)  # type: ignore[arg-type]
        return judge(value, constant, run)

    return check


@rule(tree.Between)
def _between(node: tree.Between, names: Names) -> Code:
    value = compile_node(node.value, names)
    low, high = compile_node(node.low, names), compile_node(node.high, names)

    def judge(tested: Value, least: Value, most: Value, run: Run) -> Value:
        above = operators.compare(">=", tested, least, run)
        below = operators.compare("<=", tested, most, run)
        if above is False or below is False:
            return False
        if above is None or below is None:
            return run.warn(node.at, f"{told(tested)} has no order with these ends")
        return True

    ends = constant_of(node.low), constant_of(node.high)
    numbers = [end[0] for end in ends if end is not None and isinstance(end[0], Decimal)]
    if len(numbers) == 2:
        return _between_numbers(value, numbers[0], numbers[1], judge)
    return lambda scope, run: judge(value(scope, run), low(scope, run), high(scope, run), run)


def _between_numbers(
    value: Code, low: Decimal, high: Decimal, judge: Callable[[Value, Value, Value, Run], Value]
) -> Code:
    above, below = low.__le__, high.__ge__

    def check(scope: Bindings, run: Run) -> Value:
        tested = value(scope, run)
        if type(tested) is int or (type(tested) is Decimal and tested.is_finite()):
            return above(tested) and below(tested)
        return judge(tested, low, high, run)

    return check


@rule(tree.InstanceOf)
def _instance(node: tree.InstanceOf, names: Names) -> Code:
    operand, of = compile_node(node.value, names), node.type

    def check(scope: Bindings, run: Run) -> Value:
        value = operand(scope, run)
        if isinstance(of, OpenType):
            return run.warn(node.at, f"{of.name} alone is no type, {of.name}<…> is")
        if value is None:
            return isinstance(of, NullType)
        pay_for_check(value, of, run)
        return of.has(value)

    return check
