"""Built-in functions that relate points and ranges, after Allen's intervals.

Source: OMG DMN 1.5, 10.3.4.11, table 78.
"""

from collections.abc import Callable

from app.feel.errors import Trouble
from app.feel.library.registry import feel
from app.feel.operators import order
from app.feel.run import Run
from app.feel.values import Range, Value

_POINT = "any"


def _as_range(value: Value) -> Range:
    if isinstance(value, Range):
        return value
    if value is None:
        raise Trouble("null is neither a point nor a range")
    return Range(value, value, True, True)


def _order(one: Value, other: Value) -> int:
    """Order two ends; an infinite one has no order with any but itself."""
    sign = order(one, other)
    if sign is None:
        raise Trouble("the ends have no order")
    return sign


def _starts_order(one: Range, other: Range) -> int:
    """Order where two ranges begin; an open start lies behind a closed one."""
    return _order(one.start, other.start) or other.is_start_included - one.is_start_included


def _ends_order(one: Range, other: Range) -> int:
    return _order(one.end, other.end) or one.is_end_included - other.is_end_included


def _is_before(one: Range, other: Range) -> bool:
    sign = _order(one.end, other.start)
    return sign < 0 or (sign == 0 and not (one.is_end_included and other.is_start_included))


def _meets(one: Range, other: Range) -> bool:
    return one.is_end_included and other.is_start_included and _order(one.end, other.start) == 0


def _overlaps(one: Range, other: Range) -> bool:
    return not _is_before(one, other) and not _is_before(other, one)


def _overlaps_before(one: Range, other: Range) -> bool:
    return _overlaps(one, other) and _starts_order(one, other) < 0 and _ends_order(one, other) < 0


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

        feel(name, signature)(related)


def _turned(relation: _Relation) -> _Relation:
    return lambda one, other: relation(other, one)


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
_relate("coincides", _coincides, _RANGES, _POINTS)
