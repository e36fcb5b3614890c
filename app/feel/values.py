"""What a FEEL value is: the kind of any Python value, and our own ranges and functions.

Python's attributes are never asked for by a name that a model wrote; every operation goes by the
kind found here, and whatever has no kind is as good as null.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache, lru_cache
from types import MappingProxyType
from typing import TypeAlias

from app.feel.temporal.moments import FarDate, FarDateTime, FineTime, LongDuration, YearsMonths

Value: TypeAlias = object


class Kind(StrEnum):
    """The kinds of values, by FEEL's own names for their types."""

    NULL = "Null"
    NUMBER = "number"
    STRING = "string"
    BOOLEAN = "boolean"
    DATE = "date"
    TIME = "time"
    DATE_TIME = "date and time"
    DAYS_DURATION = "days and time duration"
    MONTHS_DURATION = "years and months duration"
    LIST = "list"
    CONTEXT = "context"
    RANGE = "range"
    FUNCTION = "function"


@dataclass(frozen=True, slots=True)
class Range:
    """An interval; `operator` is set where it was written as a comparison, such as `(>= 5)`.

    An end that is None is unknown when written as null, and infinite in a comparison.
    """

    start: Value
    end: Value
    is_start_included: bool
    is_end_included: bool
    operator: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """Anything that can be called; functions are equal only to themselves."""

    name: str
    parameters: tuple[str, ...]

    @property
    def signature(self) -> object:
        """The function's type where it is known (a `FunctionType`)."""
        return None


@dataclass(frozen=True, slots=True, eq=False)
class HostFunction(Function):
    """A function the host put into a context, called with FEEL values by position."""

    call: Callable[..., Value]


def host_function(name: str, parameters: Sequence[str], call: Callable[..., Value]) -> HostFunction:
    """Make a Python callable usable as a FEEL function value inside a context.

    `call` receives the arguments by position and returns a FEEL value; a `CaseError`, ValueError,
    TypeError, ArithmeticError or LookupError it raises becomes null and a warning.
    """
    return HostFunction(name, tuple(parameters), call)


_KINDS: Mapping[type, Kind] = MappingProxyType(
    {
        type(None): Kind.NULL,
        bool: Kind.BOOLEAN,
        int: Kind.NUMBER,
        Decimal: Kind.NUMBER,
        float: Kind.NUMBER,
        str: Kind.STRING,
        datetime: Kind.DATE_TIME,
        FarDateTime: Kind.DATE_TIME,
        date: Kind.DATE,
        FarDate: Kind.DATE,
        time: Kind.TIME,
        FineTime: Kind.TIME,
        timedelta: Kind.DAYS_DURATION,
        LongDuration: Kind.DAYS_DURATION,
        YearsMonths: Kind.MONTHS_DURATION,
        list: Kind.LIST,
        tuple: Kind.LIST,
        dict: Kind.CONTEXT,
        Range: Kind.RANGE,
        Function: Kind.FUNCTION,
        HostFunction: Kind.FUNCTION,
    }
)
_OTHER_KINDS: tuple[tuple[type, Kind], ...] = (
    (bool, Kind.BOOLEAN),
    (int, Kind.NUMBER),
    (Decimal, Kind.NUMBER),
    (float, Kind.NUMBER),
    (str, Kind.STRING),
    (datetime, Kind.DATE_TIME),
    (date, Kind.DATE),
    (time, Kind.TIME),
    (timedelta, Kind.DAYS_DURATION),
    (list, Kind.LIST),
    (tuple, Kind.LIST),
    (Mapping, Kind.CONTEXT),
    (Function, Kind.FUNCTION),
)


def kind_of(value: Value) -> Kind:
    """Return the kind of a value; what FEEL does not know counts as null."""
    return _KINDS.get(type(value)) or _kind_by_base(value)


@cache
def types_of(kinds: frozenset[Kind]) -> frozenset[type]:
    """Return the Python types whose values are of these kinds (none: any) and need no change."""
    return frozenset(
        of for of, kind in _KINDS.items() if of not in {int, float} and (not kinds or kind in kinds)
    )


def _kind_by_base(value: Value) -> Kind:
    for base, kind in _OTHER_KINDS:
        if isinstance(value, base):
            return kind
    return Kind.NULL


def told(value: Value) -> str:
    """Return a value's kind as a warning tells it: `a number`, `null`."""
    kind = kind_of(value)
    return "null" if kind is Kind.NULL else f"a {kind}"


def number_of(value: Value) -> Decimal | None:
    """Return a number as Decimal, anything else (NaN and the infinities too) as None."""
    if type(value) is Decimal:
        return value if value.is_finite() else None
    if type(value) is int and -_LARGE < value < _LARGE:
        return Decimal(value)
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return Decimal(value) if abs(value) < _LARGE else _large_number(value)
    if isinstance(value, float):
        number = Decimal(repr(float(value)))
        return number if number.is_finite() else None
    return value if isinstance(value, Decimal) and value.is_finite() else None


_LARGE = 10**200


@lru_cache(maxsize=64)
def _large_number(value: int) -> Decimal | None:
    """Return a very large number, null beyond all bounds; what takes long is done once."""
    return Decimal(value) if value.bit_length() < _MAX_BITS else None


_MAX_BITS = 20_411
"""Bits of the largest number of FEEL."""


def items_of(value: Value) -> Sequence[Value]:
    """Return the items of a list; anything else counts as a list of itself, null as empty."""
    if isinstance(value, list | tuple):
        return value
    return () if value is None else (value,)


def entries_of(value: Value) -> Mapping[str, Value]:
    """Return the entries of a context, none of anything else."""
    return value if isinstance(value, Mapping) else {}
