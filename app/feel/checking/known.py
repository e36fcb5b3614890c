"""What is known of a value before there is one: types beyond those that can be written in FEEL.

The checker joins them, takes them apart and tells them in words. A type says nothing about null,
which may stand everywhere, and a value of a type is what evaluation may give, never more.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.feel.types import (
    ANY,
    SIMPLE,
    ContextType,
    FeelType,
    FunctionType,
    ListType,
    NullType,
    RangeType,
    SimpleType,
    is_any,
)
from app.feel.values import Kind, Value, entries_of, kind_of

MAX_SIZE = 100
"""Parts of a type the checker makes; a larger one is only known by its kind."""

MAX_TEXTS = 60
MAX_CHOICES = 5
MAX_DEPTH = 6


@dataclass(frozen=True, slots=True)
class Record(ContextType):
    """A context that has these entries (or null in their place) and no others."""

    def has(self, value: Value, *, is_checked: bool = False) -> bool:
        """Say whether the value is a context of these entries at most."""
        return kind_of(value) is Kind.CONTEXT and all(
            name in self.entries
            and (entry is None or self.entries[name].has(entry, is_checked=is_checked))
            for name, entry in entries_of(value).items()
        )


@dataclass(frozen=True, slots=True)
class Texts(SimpleType):
    """One of some strings; made by `texts`."""

    values: tuple[str, ...]

    def has(self, value: Value, *, is_checked: bool = False) -> bool:  # noqa: ARG002
        """Say whether the value is one of the strings."""
        return value in self.values


@dataclass(frozen=True, slots=True)
class Either(FeelType):
    """One of some types of different kinds."""

    choices: tuple[FeelType, ...]

    def has(self, value: Value, *, is_checked: bool = False) -> bool:
        """Say whether the value is of one of the types."""
        return any(each.has(value, is_checked=is_checked) for each in self.choices)


@dataclass(frozen=True, slots=True)
class NamedFunction(FunctionType):
    """A function whose parameters are known by name too."""

    names: tuple[str, ...]


NULL = SIMPLE["Null"]
NUMBER = SIMPLE["number"]
STRING = SIMPLE["string"]
BOOLEAN = SIMPLE["boolean"]
DATE_TIME = SIMPLE["date and time"]
LIST = ListType(ANY)
CONTEXT = ContextType({})
FUNCTION = SimpleType(Kind.FUNCTION)
RANGE = RangeType(ANY)


def texts(values: Iterable[str]) -> FeelType:
    """Return the type of some strings; of too many it is that of all."""
    distinct = tuple(dict.fromkeys(values))
    return Texts(Kind.STRING, distinct) if 0 < len(distinct) <= MAX_TEXTS else STRING


def of_kind(kind: Kind) -> FeelType:
    """Return the widest type of a kind."""
    wide: Mapping[Kind, FeelType] = {
        Kind.NULL: NULL,
        Kind.LIST: LIST,
        Kind.CONTEXT: CONTEXT,
        Kind.RANGE: RANGE,
    }
    return wide.get(kind) or SimpleType(kind)


def choices_of(of: FeelType) -> tuple[FeelType, ...]:
    """Return the types a value may be of, each of one kind; of Any, Any."""
    return of.choices if isinstance(of, Either) else (of,)


def kind_of_type(of: FeelType) -> Kind | None:
    """Return the kind of a type's values; None where they may be of several."""
    if isinstance(of, SimpleType):
        return of.kind
    if isinstance(of, ListType):
        return Kind.LIST
    if isinstance(of, ContextType):
        return Kind.CONTEXT
    if isinstance(of, FunctionType):
        return Kind.FUNCTION
    if isinstance(of, RangeType):
        return Kind.RANGE
    return Kind.NULL if isinstance(of, NullType) else None


def kinds_of_type(of: FeelType) -> frozenset[Kind] | None:
    """Return the kinds a value of the type may have; None where that cannot be told.

    What is only known to be null counts as what cannot be told.
    """
    kinds = [kind_of_type(each) for each in choices_of(of)]
    if None in kinds or Kind.NULL in kinds:
        return None
    return frozenset(kind for kind in kinds if kind is not None)


def may_be(of: FeelType, *kinds: Kind) -> bool:
    """Say whether a value of the type may be of one of these kinds."""
    own = kinds_of_type(of)
    return own is None or not own.isdisjoint(kinds)


def item_type(of: FeelType) -> FeelType:
    """Return the type of the items of a list; anything else counts as a list of itself."""
    return join(
        *(each.item if isinstance(each, ListType) else each for each in choices_of(of)),
    )


def join(*types: FeelType) -> FeelType:
    """Return the type of a value that is of one of these types."""
    result: FeelType = NULL
    for each in types:
        result = _join(result, each)
    return result


def _join(one: FeelType, other: FeelType) -> FeelType:
    if one is other or isinstance(other, NullType):
        return one
    if isinstance(one, NullType):
        return other
    merged: dict[Kind, FeelType] = {}
    for each in (*choices_of(one), *choices_of(other)):
        kind = kind_of_type(each)
        if kind is None:
            return ANY
        merged[kind] = _merge(merged[kind], each) if kind in merged else each
    if len(merged) > MAX_CHOICES:
        return ANY
    return next(iter(merged.values())) if len(merged) == 1 else Either(tuple(merged.values()))


def _merge(one: FeelType, other: FeelType) -> FeelType:
    """Join two types of one kind."""
    if one == other:
        return one
    if isinstance(one, Texts) and isinstance(other, Texts):
        return texts((*one.values, *other.values))
    if isinstance(one, ListType) and isinstance(other, ListType):
        return ListType(_join(one.item, other.item))
    if isinstance(one, RangeType) and isinstance(other, RangeType):
        return RangeType(_join(one.of, other.of))
    if isinstance(one, ContextType) and isinstance(other, ContextType):
        return _merge_contexts(one.entries, other.entries, _are_records(one, other))
    kind = kind_of_type(one)
    return ANY if kind is None else of_kind(kind)


def _are_records(one: FeelType, other: FeelType) -> bool:
    return isinstance(one, Record) and isinstance(other, Record)


def _merge_contexts(
    one: Mapping[str, FeelType], other: Mapping[str, FeelType], is_closed: bool
) -> FeelType:
    if is_closed:
        names = dict.fromkeys((*one, *other))
        return Record({name: _join(one.get(name, NULL), other.get(name, NULL)) for name in names})
    return ContextType({name: _join(one[name], other[name]) for name in one if name in other})


def bounded(of: FeelType) -> FeelType:
    """Return a type, or of one with too many parts its kind alone."""
    if isinstance(of, SimpleType) or _size(of, MAX_SIZE, MAX_DEPTH) <= MAX_SIZE:
        return of
    kind = kind_of_type(of)
    return ANY if kind is None else of_kind(kind)


def _size(of: FeelType, most: int, depth: int) -> int:
    if depth == 0:
        return most + 1
    size = 1
    for part in _parts(of):
        size += _size(part, most - size, depth - 1)
        if size > most:
            break
    return size


def _parts(of: FeelType) -> Iterable[FeelType]:
    if isinstance(of, ContextType):
        return of.entries.values()
    if isinstance(of, ListType):
        return (of.item,)
    if isinstance(of, RangeType):
        return (of.of,)
    if isinstance(of, FunctionType):
        return (*of.parameters, of.result)
    return of.choices if isinstance(of, Either) else ()


def in_words(of: FeelType) -> str:
    """Return what a person calls a type: "number", "list of string", "number or string"."""
    if isinstance(of, Either):
        words = [in_words(each) for each in of.choices]
        return f"{', '.join(words[:-1])} or {words[-1]}"
    if isinstance(of, ListType):
        return "list" if is_any(of.item) else f"list of {in_words(of.item)}"
    if isinstance(of, RangeType):
        return "range" if is_any(of.of) else f"range of {in_words(of.of)}"
    kind = kind_of_type(of)
    return "value" if kind is None else ("null" if kind is Kind.NULL else str(kind))
