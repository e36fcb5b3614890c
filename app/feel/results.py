"""What leaves FEEL: values in the types the public doors promise, nested ones too.

A host may hand in ints, floats, tuples and mappings of its own. They are computed with as they
are, and only what is handed back is put into the promised types; what already is in them is not
copied.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from app.feel.moments import FarDate, FarDateTime, FineTime, LongDuration, YearsMonths
from app.feel.run import Run
from app.feel.values import Function, Kind, Range, Value, kind_of, number_of

_AS_PROMISED = frozenset(
    {
        *(type(None), bool, str, date, datetime, time, timedelta),
        *(FarDate, FarDateTime, FineTime, LongDuration, YearsMonths),
    }
)


def outgoing(value: Value, run: Run) -> Value:
    """Return a value in the promised types: numbers as Decimal, a foreign object as null.

    A float counts by its shortest decimal notation; NaN and the infinities are null.
    """
    kind = type(value)
    if kind in _AS_PROMISED:
        return value
    if kind is Decimal:
        return value if value.is_finite() else None  # type: ignore[attr-defined]
    if kind is list:
        return _outgoing_list(value, run)  # type: ignore[arg-type]
    if kind is dict:
        return _outgoing_context(value, run)  # type: ignore[arg-type]
    return _converted(value, run)


def _outgoing_list(items: list[Value], run: Run) -> list[Value]:
    changed: list[Value] | None = None
    for index, item in enumerate(items):
        if type(item) in _AS_PROMISED:
            continue
        found = outgoing(item, run)
        if found is not item:
            changed = list(items) if changed is None else changed
            changed[index] = found
    return items if changed is None else changed


def _outgoing_context(entries: dict[str, Value], run: Run) -> dict[str, Value]:
    changed: dict[str, Value] | None = None
    for name, item in entries.items():
        if type(item) in _AS_PROMISED:
            continue
        found = outgoing(item, run)
        if found is not item:
            changed = dict(entries) if changed is None else changed
            changed[name] = found
    return entries if changed is None else changed


def _converted(value: Value, run: Run) -> Value:
    if isinstance(value, Range):
        return _outgoing_range(value, run)
    if isinstance(value, Function):
        return value
    kind = kind_of(value)
    if kind is Kind.NUMBER:
        return number_of(value)
    if kind is Kind.STRING:
        return str.__str__(value)
    if isinstance(value, tuple):
        return _outgoing_list(list(value), run)
    if isinstance(value, Mapping):
        return _outgoing_context(dict(value), run)
    if kind is Kind.NULL:
        return run.warn(0, f"a Python {type(value).__name__} is no value of FEEL")
    return value


def _outgoing_range(value: Range, run: Run) -> Range:
    start, end = outgoing(value.start, run), outgoing(value.end, run)
    if start is value.start and end is value.end:
        return value
    return Range(start, end, value.is_start_included, value.is_end_included, value.operator)
