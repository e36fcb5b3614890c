"""What leaves FEEL: values in the types the public doors promise, nested ones too.

A host may hand in ints, floats, tuples and mappings of its own. They are computed with as they
are, and only what is handed back is put into the promised types; what already is in them is not
copied.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TypeVar

from app.feel.compiling.run import Run
from app.feel.temporal.moments import FarDate, FarDateTime, FineTime, LongDuration, YearsMonths
from app.feel.values import Kind, Range, Value, kind_of, number_of

_Key = TypeVar("_Key")
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
    if type(value) in _AS_PROMISED:
        return value
    if type(value) is Decimal and value.is_finite():
        return value
    return number_of(value) if type(value) is int else _Leaving(run).convert(value)


class _Leaving:
    """One value on its way out; what occurs in it many times is looked at once."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._done: dict[int, Value] = {}

    def convert(self, value: Value) -> Value:
        """Return a value in the promised types, itself where it is in them already."""
        kind = type(value)
        if kind in _AS_PROMISED:
            return value
        if kind is int or kind is Decimal:
            return number_of(value)
        if isinstance(value, Decimal):
            return value if value.is_finite() else None
        if isinstance(value, list | tuple | Mapping):
            known = self._done.get(id(value), self)
            if known is self:
                known = self._done[id(value)] = self._collection(value)
            return known
        return self._single(value)

    def _collection(self, value: Sequence[Value] | Mapping[str, Value]) -> Value:
        if isinstance(value, Mapping):
            entries = value if type(value) is dict else dict(value)
            changed = self._changed(entries.items())
            return {**entries, **changed} if changed else entries
        items = value if type(value) is list else list(value)
        changed_items = self._changed(enumerate(items))
        if not changed_items:
            return items
        return [changed_items.get(index, item) for index, item in enumerate(items)]

    def _changed(self, parts: Iterable[tuple[_Key, Value]]) -> dict[_Key, Value]:
        changed: dict[_Key, Value] = {}
        for key, item in parts:
            if type(item) not in _AS_PROMISED:
                found = self.convert(item)
                if found is not item:
                    changed[key] = found
        return changed

    def _single(self, value: Value) -> Value:
        if isinstance(value, Range):
            return self._range(value)
        kind = kind_of(value)
        if kind is Kind.NUMBER:
            return number_of(value)
        if isinstance(value, str):
            return str.__str__(value)
        if kind is Kind.NULL:
            return self._run.warn(0, f"a Python {type(value).__name__} is no value of FEEL")
        return value

    def _range(self, value: Range) -> Range:
        start, end = self.convert(value.start), self.convert(value.end)
        if start is value.start and end is value.end:
            return value
        return replace(value, start=start, end=end)
