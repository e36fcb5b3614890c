"""What operators can give for values of some types, found by trying them on one value of each kind.

So the checker follows the evaluator by construction: it holds an operation for impossible only
where the compiled code itself gives null for every pair of exemplars.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import product
from typing import TypeAlias
from zoneinfo import ZoneInfo

from app.feel.checking.known import choices_of, kind_of_type
from app.feel.compiling.nodes import compile_node
from app.feel.compiling.run import Run
from app.feel.errors import FeelBudgetExceeded
from app.feel.syntax import tree
from app.feel.temporal.moments import YearsMonths
from app.feel.types import FeelType, ListType, RangeType
from app.feel.values import HostFunction, Kind, Range, Value, kind_of

Shape: TypeAlias = tuple[Kind, "Shape | None"]
"""A kind, and for lists and ranges the shape of what is in them where that is one."""

OPERANDS = (tree.Name(0, "a"), tree.Name(0, "b"), tree.Name(0, "c"))
"""The names under which a probe sees its exemplars."""

_NAMES = frozenset({"a", "b", "c"})
_NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
_ZONE = ZoneInfo("Asia/Shanghai")
_PLAIN: dict[Kind, tuple[Value, ...]] = {
    Kind.NUMBER: (Decimal(0), Decimal(1), Decimal(2)),
    Kind.STRING: ("", "a"),
    Kind.BOOLEAN: (True, False),
    Kind.DATE: (date(2024, 2, 29),),
    Kind.TIME: (time(9, 30), time(9, 30, tzinfo=UTC), time(9, 30, tzinfo=_ZONE)),
    Kind.DATE_TIME: (
        datetime(2024, 2, 29, 9, 30),  # noqa: DTZ001 - FEEL knows moments without a zone
        datetime(2024, 2, 29, 9, 30, tzinfo=UTC),
        datetime(2024, 2, 29, 9, 30, tzinfo=_ZONE),
    ),
    Kind.DAYS_DURATION: (timedelta(0), timedelta(days=1)),
    Kind.MONTHS_DURATION: (YearsMonths(0), YearsMonths(14)),
    Kind.CONTEXT: ({}, {"a": Decimal(1)}),
    Kind.FUNCTION: (HostFunction("f", ("x",), lambda x: x),),
}
_ITEMS: tuple[Shape, ...] = tuple((kind, None) for kind in _PLAIN)
ALL_SHAPES: tuple[Shape, ...] = (*_ITEMS, (Kind.LIST, None), (Kind.RANGE, None))


@dataclass(frozen=True, slots=True)
class Outcome:
    """The kinds of the values that were not null, and whether one of them was true."""

    kinds: frozenset[Kind]
    may_be_true: bool

    @property
    def is_possible(self) -> bool:
        """Whether anything but null can come out."""
        return bool(self.kinds)


def shapes_of(of: FeelType) -> tuple[Shape, ...]:
    """Return the shapes a value of the type may have: all, where nothing is known of it."""
    shapes = [_shape(each) for each in choices_of(of)]
    known = [shape for shape in shapes if shape is not None]
    return tuple(known) if len(known) == len(shapes) else ALL_SHAPES


def _shape(of: FeelType, depth: int = 3) -> Shape | None:
    kind = kind_of_type(of)
    if kind is None or kind is Kind.NULL:
        return None
    inner: FeelType | None = None
    if isinstance(of, ListType):
        inner = of.item
    elif isinstance(of, RangeType):
        inner = of.of
    return kind, _shape(inner, depth - 1) if inner is not None and depth else None


@lru_cache(maxsize=512)
def exemplars(shape: Shape) -> tuple[Value, ...]:
    """Return some values of a shape."""
    kind, inner = shape
    if kind is Kind.LIST:
        items = [each for one in ((inner,) if inner else _ITEMS) for each in exemplars(one)]
        return ([], items, *([item] for item in items))
    if kind is Kind.RANGE:
        ends = (inner,) if inner else _ITEMS
        return tuple(Range(end, end, True, True) for one in ends for end in exemplars(one))
    return _PLAIN[kind]


def outcome(node: tree.Node, *types: FeelType) -> Outcome:
    """Return what `node`, which speaks of `a`, `b` and `c`, can give for values of these types."""
    kinds: set[Kind] = set()
    may_be_true = False
    for shapes in product(*(shapes_of(of) for of in types)):
        found = _outcome(node, shapes)
        kinds |= found.kinds
        may_be_true = may_be_true or found.may_be_true
    return Outcome(frozenset(kinds), may_be_true)


@lru_cache(maxsize=16_384)
def _outcome(node: tree.Node, shapes: tuple[Shape, ...]) -> Outcome:
    results = list(_results(node, shapes))
    return Outcome(
        frozenset(kind_of(value) for value in results if value is not None), True in results
    )


def _results(node: tree.Node, shapes: tuple[Shape, ...]) -> Iterator[Value]:
    code = compile_node(node, _NAMES)
    for values in product(*(exemplars(shape) for shape in shapes)):
        try:
            yield code(dict(zip("abc", values, strict=False)), Run(_NOW, is_traced=False))
        except FeelBudgetExceeded:
            yield None
