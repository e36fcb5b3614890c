"""Cells of decision tables: which values pass them."""

from decimal import Decimal

import pytest

from app import feel

ROWS = [
    ("-", None, True),
    ("-", 5, True),
    ('"noise","dust"', "dust", True),
    ('"noise","dust"', "water", False),
    ('not("noise","dust")', "water", True),
    ('not("noise","dust")', "dust", False),
    ("[3..5]", 3, True),
    ("[3..5[", 5, False),
    ("]3..5]", 3, False),
    ("< 10", 9, True),
    ("< 10", None, None),
    (">= 10, < 2", 1, True),
    ("5", Decimal(5), True),
    ("5", "5", None),
    ("true", True, True),
    ("false", True, False),
    ("null", None, True),
    ("null", 1, False),
    ("? > 5 and ? < 9", 7, True),
    ('starts with(?, "fo")', "foo", True),
    ("odd(?)", 4, False),
    ("[1, 2, 3]", 2, True),
    ("[1, 2, 3]", [1, 2, 3], True),
    ('date("2026-03-01")', None, False),
    ("limit", 3, True),
    ("> limit", 4, True),
    ("limits", 8, True),
    ("limit = 3", "anything", True),
    ("not(? > 5)", 7, False),
    ("not([7..10[)", 2, True),
    ("not([7..10[)", 8, False),
    ("not(]7..10])", 7, True),
    ("not(< 3, [7..10[, > 20)", 10, True),
    ("not(< 3, [7..10[, > 20)", 9, False),
    ("not(5) or true", 5, True),
    ("not(null)", None, False),
    ("-5", -5, True),
]


@pytest.mark.parametrize(("text", "value", "passes"), ROWS)
def test_value_passes_cell(text: str, value: object, passes: bool | None) -> None:
    context = {"limit": 3, "limits": [7, 8]}
    assert feel.unary_tests(text, value, context) is passes
