"""What FEEL's operators do to values: equality, order, arithmetic, membership.

Results are null where the standard says so; the caller gets `Trouble` only from arithmetic.
Source: OMG DMN 1.5, 10.3.2.13 and tables 50 to 55.
"""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, DecimalException, Underflow

from app.feel.compiling.decimals import ARITHMETIC
from app.feel.compiling.run import Run
from app.feel.errors import Trouble
from app.feel.temporal import arithmetic as temporal
from app.feel.values import (
    Kind,
    Range,
    Value,
    entries_of,
    items_of,
    kind_of,
    number_of,
    told,
)

# What would need a scale beyond the least is null, not zero: tables 59 and 60.
_SCALED = ARITHMETIC.copy()
_SCALED.traps[Underflow] = True

_TEMPORAL = frozenset(
    {Kind.DATE, Kind.TIME, Kind.DATE_TIME, Kind.DAYS_DURATION, Kind.MONTHS_DURATION}
)


def equals(left: Value, right: Value, run: Run) -> bool | None:
    """Say whether two values are equal; null where their kinds cannot be."""
    if left is None or right is None:
        return left is right
    kind, other = kind_of(left), kind_of(right)
    if kind is not other:
        return _mixed_equals(left, right, kind, other)
    if kind is Kind.NUMBER:
        one = number_of(left)
        return None if one is None else one == number_of(right)
    if kind is Kind.STRING:
        run.spend(_reading(left, right))
        return left == right
    if kind is Kind.BOOLEAN:
        return left == right
    if kind in _TEMPORAL:
        return temporal.order_key(left, is_exact=False) == temporal.order_key(right, is_exact=False)
    return _deep_equals(left, right, kind, run)


def _mixed_equals(left: Value, right: Value, kind: Kind, other: Kind) -> bool | None:
    kinds = {kind, other}
    if Kind.NULL in kinds:
        return None
    if kinds == {Kind.DATE, Kind.DATE_TIME}:
        one, two = temporal.as_date_time(left), temporal.as_date_time(right)
        key = temporal.order_key(one, is_exact=False)
        return key == temporal.order_key(two, is_exact=False)
    return None


def _reading(left: Value, right: Value) -> int:
    """Return what it costs to compare two texts."""
    return min(len(str(left)), len(str(right))) >> 9


def _deep_equals(left: Value, right: Value, kind: Kind, run: Run) -> bool | None:
    run.spend(4)
    if kind is Kind.LIST:
        one, two = items_of(left), items_of(right)
        if len(one) != len(two):
            return False
        run.spend(len(one))
        return _all_true(equals(a, b, run) for a, b in zip(one, two, strict=True))
    if kind is Kind.CONTEXT:
        these, those = entries_of(left), entries_of(right)
        run.spend(2 * len(these))
        if these.keys() != those.keys():
            return False
        return _all_true(equals(these[key], those[key], run) for key in these)
    if isinstance(left, Range) and isinstance(right, Range):
        if (left.is_start_included, left.is_end_included, left.operator) != (
            right.is_start_included,
            right.is_end_included,
            right.operator,
        ):
            return False
        return _all_true(
            equals(a, b, run) for a, b in ((left.start, right.start), (left.end, right.end))
        )
    return left is right


def _all_true(results: Iterable[bool | None]) -> bool | None:
    outcome: bool | None = True
    for result in results:
        if result is False:
            return False
        if result is None:
            outcome = None
    return outcome


def order(left: Value, right: Value, run: Run | None = None) -> int | None:
    """Return -1, 0 or 1 as `left` is below, beside or above `right`; null if they have no order.

    Where a run is given, it pays for long texts.
    """
    kind, other = kind_of(left), kind_of(right)
    if kind is Kind.NUMBER and other is Kind.NUMBER:
        one, two = number_of(left), number_of(right)
        return None if one is None or two is None else (one > two) - (one < two)
    if kind is Kind.STRING and other is Kind.STRING:
        if run is not None:
            run.spend(_reading(left, right))
        return (str(left) > str(right)) - (str(left) < str(right))
    if kind is not other:
        if {kind, other} != {Kind.DATE, Kind.DATE_TIME}:
            return None
        left, right = temporal.as_date_time(left), temporal.as_date_time(right)
    first = temporal.order_key(left, is_exact=True)
    second = temporal.order_key(right, is_exact=True)
    if first is None or second is None:
        return None
    if first[1] != second[1]:
        return _local_order(left, right)
    return (first[0] > second[0]) - (first[0] < second[0])


def _local_order(left: Value, right: Value) -> int | None:
    """Order two moments of which one has no offset: it counts as having the other's (table 54)."""
    one, two = temporal.local_reading(left), temporal.local_reading(right)
    if one is None or two is None or (one[1] is None) is (two[1] is None):
        return None
    return (one[0] > two[0]) - (one[0] < two[0])


_VERDICTS: Mapping[str, Callable[[int], bool]] = {
    "<": lambda sign: sign < 0,
    "<=": lambda sign: sign <= 0,
    ">": lambda sign: sign > 0,
    ">=": lambda sign: sign >= 0,
}


def compare(operator: str, left: Value, right: Value, run: Run) -> bool | None:
    """Apply one of = != < <= > >=; null where the values have no order."""
    if operator == "=":
        return equals(left, right, run)
    if operator == "!=":
        equal = equals(left, right, run)
        return None if equal is None else not equal
    sign = order(left, right, run)
    return None if sign is None else _VERDICTS[operator](sign)


def within(value: Value, interval: Range) -> bool | None:
    """Say whether a value lies in a range; null where they have no order."""
    if interval.operator == "!=":
        sign = order(value, interval.start)
        return None if sign is None else sign != 0
    is_low_open = interval.start is None and interval.operator is not None
    is_high_open = interval.end is None and interval.operator is not None
    low = 1 if is_low_open else order(value, interval.start)
    high = -1 if is_high_open else order(value, interval.end)
    if low is None or high is None:
        return None
    is_above = low > 0 or (low == 0 and interval.is_start_included)
    return is_above and (high < 0 or (high == 0 and interval.is_end_included))


def has_item(items: Value, value: Value, run: Run) -> bool:
    """Say whether a list holds a value, or a range that the value lies in."""
    listed = items_of(items)
    run.spend(1 + (len(listed) >> 2))
    for item in listed:
        result = within(value, item) if isinstance(item, Range) else equals(value, item, run)
        if result is True:
            return True
    return False


def add(left: Value, right: Value, run: Run) -> Value:
    """`left + right`.

    Raises:
        Trouble: they do not add.
    """
    if type(left) is Decimal and type(right) is Decimal:
        return _calculate(ARITHMETIC.add, left, right)
    if isinstance(left, str) and isinstance(right, str):
        run.bounded_text(len(left) + len(right))
        return left + right
    one, two = number_of(left), number_of(right)
    if one is not None and two is not None:
        return _calculate(ARITHMETIC.add, one, two)
    _demand(left, right, "+")
    return temporal.add(left, right)


def subtract(left: Value, right: Value, _run: Run) -> Value:
    """`left - right`.

    Raises:
        Trouble: they do not subtract.
    """
    one, two = number_of(left), number_of(right)
    if one is not None and two is not None:
        return _calculate(ARITHMETIC.subtract, one, two)
    _demand(left, right, "-")
    return temporal.subtract(left, right)


def multiply(left: Value, right: Value, _run: Run) -> Value:
    """`left * right`.

    Raises:
        Trouble: they do not multiply.
    """
    one, two = number_of(left), number_of(right)
    if one is not None and two is not None:
        return _calculate(_SCALED.multiply, one, two)
    _demand(left, right, "*")
    if one is not None:
        return temporal.multiply(right, one)
    if two is not None:
        return temporal.multiply(left, two)
    raise Trouble(f"{told(left)} * {told(right)} has no meaning")


def divide(left: Value, right: Value, _run: Run) -> Value:
    """`left / right`.

    Raises:
        Trouble: they do not divide.
    """
    one, two = number_of(left), number_of(right)
    if one is not None and two is not None:
        if two == 0:
            raise Trouble("division by zero")
        return _calculate(_SCALED.divide, one, two)
    _demand(left, right, "/")
    return temporal.divide(left, right if two is None else two)


def power(left: Value, right: Value, run: Run) -> Value:
    """`left ** right`.

    Raises:
        Trouble: they are no numbers, or the result is none.
    """
    one, two = number_of(left), number_of(right)
    if one is None or two is None:
        raise Trouble(f"{told(left)} ** {told(right)} has no meaning")
    run.spend(100)
    if two == 0:
        return Decimal(1)
    return _calculate(_SCALED.power, one, two)


def negate(value: Value) -> Value:
    """`-value`, of numbers and durations.

    Raises:
        Trouble: it has no opposite.
    """
    number = number_of(value)
    if number is not None:
        return _calculate(ARITHMETIC.multiply, number, Decimal(-1))
    if kind_of(value) not in {Kind.DAYS_DURATION, Kind.MONTHS_DURATION}:
        raise Trouble(f"{told(value)} has no opposite")
    return temporal.multiply(value, Decimal(-1))


BINARY: Mapping[str, Callable[[Value, Value, Run], Value]] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "**": power,
}


def _calculate(
    operation: Callable[[Decimal, Decimal], Decimal], left: Decimal, right: Decimal
) -> Decimal:
    try:
        result = operation(left, right)
    except DecimalException:
        raise Trouble("the result is no number within bounds") from None
    return result if result else abs(result)


def _demand(left: Value, right: Value, operator: str) -> None:
    if left is None or right is None:
        raise Trouble(f"{told(left)} {operator} {told(right)} is null")
