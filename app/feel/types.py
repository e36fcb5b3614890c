"""FEEL types as data: what `instance of` tests and what DMN's item definitions demand.

`conforms` answers whether a value may stand where a type is asked for. Source: OMG DMN 1.5,
10.3.2.9.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from app.feel.values import (
    Function,
    Kind,
    Range,
    Value,
    entries_of,
    items_of,
    kind_of,
)

Check: TypeAlias = Callable[[Value], bool]


@dataclass(frozen=True, slots=True)
class FeelType:
    """The type Any, and the base of all others; `allows` narrows the values of any of them."""

    allows: Check | None = field(default=None, kw_only=True)

    def has(self, value: Value, *, is_checked: bool = False) -> bool:
        """Say whether a value is of this type; allowed values count if `is_checked`."""
        return value is not None and (not is_checked or self._permits(value))

    def _permits(self, value: Value) -> bool:
        return self.allows is None or self.allows(value)


@dataclass(frozen=True, slots=True)
class SimpleType(FeelType):
    """A built-in type that its kind alone decides."""

    kind: Kind

    def has(self, value: Value, *, is_checked: bool = False) -> bool:
        """Say whether the value is of this kind."""
        return kind_of(value) is self.kind and (not is_checked or self._permits(value))


@dataclass(frozen=True, slots=True)
class NullType(FeelType):
    """The type of null alone."""

    def has(self, value: Value, *, is_checked: bool = False) -> bool:  # noqa: ARG002
        """Say whether the value is null."""
        return value is None


@dataclass(frozen=True, slots=True)
class OpenType(FeelType):
    """`list`, `context`, `range` or `function` without its parameters: nothing is of it."""

    name: str

    def has(self, value: Value, *, is_checked: bool = False) -> bool:  # noqa: ARG002
        """Say no."""
        return False


@dataclass(frozen=True, slots=True)
class ListType(FeelType):
    """`list<item>`."""

    item: FeelType

    def has(self, value: Value, *, is_checked: bool = False) -> bool:
        """Say whether the value is a list whose items all conform."""
        if kind_of(value) is not Kind.LIST or (is_checked and not self._permits(value)):
            return False
        return all(
            item is None or self.item.has(item, is_checked=is_checked) for item in items_of(value)
        )


@dataclass(frozen=True, slots=True)
class ContextType(FeelType):
    """`context<a: T>`; entries beyond the named ones are permitted."""

    entries: Mapping[str, FeelType]

    def has(self, value: Value, *, is_checked: bool = False) -> bool:
        """Say whether the value is a context that has each entry in its type."""
        if kind_of(value) is not Kind.CONTEXT or (is_checked and not self._permits(value)):
            return False
        context = entries_of(value)
        return all(
            name in context
            and (context[name] is None or of.has(context[name], is_checked=is_checked))
            for name, of in self.entries.items()
        )


@dataclass(frozen=True, slots=True)
class FunctionType(FeelType):
    """`function<P, …> -> R`."""

    parameters: tuple[FeelType, ...]
    result: FeelType

    def has(self, value: Value, *, is_checked: bool = False) -> bool:  # noqa: ARG002
        """Say whether the value is a function that may stand where this type is asked for."""
        if not isinstance(value, Function):
            return False
        own = value.signature
        if not isinstance(own, FunctionType):
            return True
        return len(own.parameters) == len(self.parameters) and is_subtype(own, self)


@dataclass(frozen=True, slots=True)
class RangeType(FeelType):
    """`range<T>`."""

    of: FeelType

    def has(self, value: Value, *, is_checked: bool = False) -> bool:
        """Say whether the value is a range whose ends are of the type."""
        if not isinstance(value, Range) or (is_checked and not self._permits(value)):
            return False
        ends = [end for end in (value.start, value.end) if end is not None]
        return all(self.of.has(end) for end in ends)


ANY = FeelType()
SIMPLE: Mapping[str, FeelType] = {
    "Any": ANY,
    "Null": NullType(),
    **{
        kind.value: SimpleType(kind)
        for kind in Kind
        if kind not in {Kind.NULL, Kind.LIST, Kind.CONTEXT, Kind.FUNCTION, Kind.RANGE}
    },
    "list": ListType(ANY),
    "context": ContextType({}),
    "days and time duration": SimpleType(Kind.DAYS_DURATION),
    "years and months duration": SimpleType(Kind.MONTHS_DURATION),
    # The spellings of DMN 1.1 and of modelers.
    "dateTime": SimpleType(Kind.DATE_TIME),
    "dayTimeDuration": SimpleType(Kind.DAYS_DURATION),
    "yearMonthDuration": SimpleType(Kind.MONTHS_DURATION),
    "integer": SimpleType(Kind.NUMBER),
    "long": SimpleType(Kind.NUMBER),
    "double": SimpleType(Kind.NUMBER),
}


def is_any(of: FeelType) -> bool:
    """Say whether a type permits everything."""
    return type(of) is FeelType and of.allows is None


def is_subtype(one: FeelType, other: FeelType) -> bool:
    """Say whether every value of `one` is a value of `other`."""
    if is_any(other):
        return True
    if isinstance(one, FunctionType) and isinstance(other, FunctionType):
        pairs = zip(other.parameters, one.parameters, strict=False)
        # What a function without a declared result returns is only known when it does.
        is_open = is_any(one.result)
        return all(is_subtype(a, b) for a, b in pairs) and (
            is_open or is_subtype(one.result, other.result)
        )
    if isinstance(one, ListType) and isinstance(other, ListType):
        return is_subtype(one.item, other.item)
    if isinstance(one, RangeType) and isinstance(other, RangeType):
        return is_subtype(one.of, other.of)
    if isinstance(one, ContextType) and isinstance(other, ContextType):
        return all(
            name in one.entries and is_subtype(one.entries[name], of)
            for name, of in other.entries.items()
        )
    return one == other


def conforms(value: Value, of: FeelType) -> bool:
    """Say whether a value may stand where the type is asked for; null always may."""
    if value is None:
        return True
    return of.has(value, is_checked=True)
