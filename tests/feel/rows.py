"""Rows of FEEL: an expression and what it is worth, both as a designer would write them."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from _pytest.mark.structures import ParameterSet

from app import feel
from app.feel import Value

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
Row = tuple[str, str]


def written(value: Value) -> str:
    """Write a value unmistakably: strings in quotes, every other kind in its own form."""
    text = feel.evaluate("string([value])", {"value": value})
    assert isinstance(text, str)
    return text[1:-1]


def assert_worth(text: str, expected: str, context: Mapping[str, Value] | None = None) -> None:
    """Demand that an expression has the value of the expected one, in kind and in writing."""
    wanted = feel.evaluate(expected, {}, now=NOW)
    assert wanted is not None or expected == "null", f"{expected} is no value"
    traced = feel.trace(text, context or {}, now=NOW)
    reasons = "; ".join(warning.reason for warning in traced.warnings)
    assert (type(traced.value), written(traced.value)) == (type(wanted), written(wanted)), reasons


def params(*tables: list[Row]) -> list[ParameterSet]:
    """Give every row of the tables to a test, named by its expression."""
    return [pytest.param(*row, id=row[0]) for table in tables for row in table]
