"""What goes in and what comes out: the types promised at the public doors (10.3.2.10, table 47)."""

import math
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from types import MappingProxyType

import pytest

from app import feel


class _Foreign:
    """An object of a host that is no value of FEEL."""


HANDED_IN = [
    ([1, 2.5, True, None], [Decimal(1), Decimal("2.5"), True, None]),
    ({"a": {"b": [1]}}, {"a": {"b": [Decimal(1)]}}),
    ((1, "x"), [Decimal(1), "x"]),
    (MappingProxyType({"a": 0.1}), {"a": Decimal("0.1")}),
    (feel.Range(1, 2.5, True, False), feel.Range(Decimal(1), Decimal("2.5"), True, False)),
    (1e22, Decimal("1e22")),
    ([math.nan, -math.inf, Decimal("NaN")], [None, None, None]),
    (True, True),
    (date(2026, 3, 1), date(2026, 3, 1)),
    (10**40, Decimal(10**40)),
    ([_Foreign(), {1, 2}, b"x"], [None, None, None]),
]


def _numbers(value: object) -> Iterator[object]:
    if isinstance(value, list):
        for item in value:
            yield from _numbers(item)
    elif isinstance(value, dict):
        yield from _numbers(list(value.values()))
    elif isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        yield value


@pytest.mark.parametrize(("given", "leaves"), HANDED_IN, ids=lambda value: repr(value)[:30])
def test_what_was_handed_in_leaves_in_the_promised_types(given: object, leaves: object) -> None:
    for found in (feel.evaluate("x", {"x": given}), feel.trace("x", {"x": given}).value):
        assert found == leaves
        assert type(found) is type(leaves)
        assert all(type(number) is Decimal for number in _numbers(found))


def test_what_is_in_the_promised_types_is_not_copied() -> None:
    given = {"a": [Decimal(1), {"b": "x"}]}
    assert feel.evaluate("x", {"x": given}) is given


def test_the_hosts_own_list_stays_as_it_was() -> None:
    given = [1, [2]]
    feel.evaluate("x", {"x": given})
    assert given == [1, [2]]
    assert type(given[0]) is int


def test_a_text_of_a_hosts_own_class_leaves_as_plain_text() -> None:
    class Safe(str):
        __slots__ = ()

    assert type(feel.evaluate("x", {"x": Safe("a")})) is str


def test_a_foreign_object_is_null_and_the_warning_names_it() -> None:
    value, warnings = feel.trace("[x]", {"x": _Foreign()})
    assert value == [None]
    assert "_Foreign" in warnings[0].reason


def test_a_trace_is_a_pair_and_has_names() -> None:
    traced = feel.trace("missing", {})
    value, warnings = traced
    assert value is traced.value is None
    assert warnings == traced.warnings
    assert [str(warning) for warning in warnings] == [
        "line 1, column 1: there is no variable 'missing'"
    ]
