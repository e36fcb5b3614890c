"""Built-in functions that relate points and ranges, after Allen's intervals.

Source: OMG DMN 1.5, 10.3.4.11, table 78.
"""

from collections.abc import Callable
from dataclasses import dataclass

from app.feel.builtins.conversions import READERS
from app.feel.builtins.registry import feel
from app.feel.compiling.operators import order
from app.feel.compiling.run import Run
from app.feel.errors import FeelSyntaxError, Trouble
from app.feel.syntax import tree
from app.feel.syntax.parser import parse_expression
from app.feel.values import Range, Value, told


def _as_range(value: Value) -> Range:
    if isinstance(value, Range):
        return value
    if value is None:
        raise Trouble("null is neither a point nor a range")
    return Range(value, value, True, True)


@dataclass(frozen=True, slots=True)
class _Infinite:
    """The end of a range that a comparison such as `(>= 5)` leaves open."""

    sign: int


def _start(of: Range) -> Value:
    return _Infinite(-1) if of.start is None and of.operator is not None else of.start


def _end(of: Range) -> Value:
    return _Infinite(1) if of.end is None and of.operator is not None else of.end


def _order(one: Value, other: Value) -> int:
    if isinstance(one, _Infinite) or isinstance(other, _Infinite):
        first = one.sign if isinstance(one, _Infinite) else 0
        second = other.sign if isinstance(other, _Infinite) else 0
        return (first > second) - (first < second)
    sign = order(one, other)
    if sign is None:
        raise Trouble(f"{told(one)} and {told(other)} have no order")
    return sign


def _starts_order(one: Range, other: Range) -> int:
    """Order where two ranges begin; an open start lies behind a closed one."""
    return _order(_start(one), _start(other)) or other.is_start_included - one.is_start_included


def _ends_order(one: Range, other: Range) -> int:
    return _order(_end(one), _end(other)) or one.is_end_included - other.is_end_included


def _is_before(one: Range, other: Range) -> bool:
    sign = _order(_end(one), _start(other))
    return sign < 0 or (sign == 0 and not (one.is_end_included and other.is_start_included))


def _meets(one: Range, other: Range) -> bool:
    return one.is_end_included and other.is_start_included and _order(_end(one), _start(other)) == 0


def _overlaps(one: Range, other: Range) -> bool:
    return not _is_before(one, other) and not _is_before(other, one)


def _overlaps_before(one: Range, other: Range) -> bool:
    return _overlaps(one, other) and _starts_order(one, other) < 0 and _ends_order(one, other) <= 0


def _includes(one: Range, other: Range) -> bool:
    return _starts_order(one, other) <= 0 and _ends_order(one, other) >= 0


def _starts(one: Range, other: Range) -> bool:
    return _starts_order(one, other) == 0 and _ends_order(one, other) <= 0


def _finishes(one: Range, other: Range) -> bool:
    return _ends_order(one, other) == 0 and _starts_order(one, other) >= 0


def _coincides(one: Range, other: Range) -> bool:
    return _starts_order(one, other) == 0 and _ends_order(one, other) == 0


_Relation = Callable[[Range, Range], bool]


def _relate(name: str, relation: _Relation, *signatures: str) -> None:
    for signature in signatures:

        def related(_run: Run, one: Value, other: Value) -> Value:
            return relation(_as_range(one), _as_range(other))

        feel(name, signature, returns="boolean")(related)


def _turned(relation: _Relation) -> _Relation:
    return lambda one, other: relation(other, one)


@feel("range", "from: string", returns="range")
def range_from_text(run: Run, text: str) -> Value:
    """Read a range whose ends are literals, in ascending order."""
    run.spend(100 + 2 * len(text))
    try:
        node = parse_expression(text, names=READERS)
    except FeelSyntaxError:
        raise Trouble(f"{text[:60]!r} is no range") from None
    if not isinstance(node, tree.RangeOf):
        raise Trouble(f"{text[:60]!r} is no range")
    start, end = _literal(node.start), _literal(node.end)
    if order(start, end) not in {-1, 0} or type(start) is not type(end):
        raise Trouble("the ends of the range are not in order")
    return Range(start, end, node.is_start_included, node.is_end_included)


def _literal(node: tree.Node) -> Value:
    if isinstance(node, tree.Literal):
        return node.value
    if isinstance(node, tree.Call) and isinstance(node.function, tree.Name):
        read = READERS.get(node.function.name)
        argument = node.arguments[0] if len(node.arguments) == 1 else None
        if read and isinstance(argument, tree.Literal) and isinstance(argument.value, str):
            return read(argument.value)
    raise Trouble("the ends of the range are no literals")


_POINTS = "point1: any, point2: any"
_POINT_RANGE = "point: any, range: range"
_RANGE_POINT = "range: range, point: any"
_RANGES = "range1: range, range2: range"

_relate("before", _is_before, _RANGES, _POINT_RANGE, _RANGE_POINT, _POINTS)
_relate("after", _turned(_is_before), _RANGES, _POINT_RANGE, _RANGE_POINT, _POINTS)
_relate("meets", _meets, _RANGES)
_relate("met by", _turned(_meets), _RANGES)
_relate("overlaps", _overlaps, _RANGES)
_relate("overlaps before", _overlaps_before, _RANGES)
_relate("overlaps after", _turned(_overlaps_before), _RANGES)
_relate("includes", _includes, _RANGES, _RANGE_POINT)
_relate("during", _turned(_includes), _RANGES, _POINT_RANGE)
_relate("starts", _starts, _RANGES, _POINT_RANGE)
_relate("started by", _turned(_starts), _RANGES, _RANGE_POINT)
_relate("finishes", _finishes, _RANGES, _POINT_RANGE)
_relate("finished by", _turned(_finishes), _RANGES, _RANGE_POINT)
_relate("coincides", _coincides, _RANGES)


@feel("coincides", _POINTS, returns="boolean")
def coinciding_points(_run: Run, one: Value, other: Value) -> Value:
    """Say whether two points are the same; a point and a range are not compared."""
    if isinstance(one, Range) or isinstance(other, Range):
        raise Trouble("a point and a range are not compared")
    return _coincides(_as_range(one), _as_range(other))
