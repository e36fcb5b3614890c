"""What a designer reads when an expression came to nothing: where it was, and why."""

import pytest

from app import feel
from tests.feel.rows import NOW

CONTEXT = {"case": {"number": "QX-0301"}, "noise": None}
ROWS = [
    # Names and paths
    ("missing", 1, "there is no variable 'missing'"),
    ("case.street", 6, "the context has no entry 'street'"),
    ('"text".length', 8, "a string has no 'length'"),
    ('@"2026-03-01".hour', 15, "a date has no 'hour'"),
    ('@"P1D".years', 8, "a days and time duration has no 'years'"),
    ("[1..5].middle", 8, "a range has no 'middle'"),
    # Arithmetic
    ('1 + "1"', 3, "a number + a string has no meaning"),
    ("1 + noise", 3, "a number + null is null"),
    ('"a" * 2', 5, "a string * a number has no meaning"),
    ('@"2026-03-01" + 1', 15, "a date + a number has no meaning"),
    ('@"10:00:00" + @"P1M"', 13, "a time + a years and months duration has no meaning"),
    ('-"a"', 1, "a string has no opposite"),
    ("1 / 0", 3, "division by zero"),
    ('@"P1D" / @"PT0S"', 8, "division by a duration of zero"),
    ("10 ** 7000", 4, "the result is no number within bounds"),
    (
        '@"2026-03-01T10:00:00" - @"2026-03-01T10:00:00Z"',
        24,
        "one of the two has a time zone or offset, the other has none",
    ),
    # Comparisons, logic, conditions
    ('1 < "a"', 3, "a number < a string is neither true nor false"),
    ('1 = "1"', 3, "a number = a string is neither true nor false"),
    ("noise > 1", 7, "null > a number is neither true nor false"),
    ('5 between "a" and "b"', 3, "a number has no order with these ends"),
    ("if 1 then 2 else 3", 1, "the condition is a number, not a boolean"),
    ("if noise then 2 else 3", 1, "the condition is null, not a boolean"),
    ('not("a")', 1, "not(): negand is a string, not a boolean"),
    # Lists, filters, loops
    ('[1, 2]["a"]', 7, "a filter is a condition or a number, not a string"),
    ("[1, 2][4]", 7, "there is no item 4 in a list of 2"),
    ("[1, 2][0]", 7, "items are counted from 1"),
    ("for x in noise return x", 1, "there is no list to go through, but null"),
    ('for x in 1.."a" return x', 1, "cannot count from a number to a string"),
    # Calls
    ("case(1)", 1, "'case' is a context, not a function"),
    ("upper case()", 1, "upper case() takes 1 argument, not 0"),
    ("substring()", 1, "substring() takes 2 or 3 arguments, not 0"),
    ("date(1, 2)", 1, "date() takes 1 or 3 arguments, not 2"),
    ("today(1)", 1, "today() takes no arguments, not 1"),
    ('upper case(text: "a")', 1, "upper case() has no parameter 'text'; it has string"),
    ("date(year: 2026, month: 1)", 1, "date() lacks the parameter 'day'"),
    ('date(year: 1, from: "x")', 1, "date(): these parameters do not go together"),
    ("abs(n: 1, n: 2)", 1, "abs(): a parameter is given twice"),
    ("upper case(noise)", 1, "upper case(): string is null, not a string"),
    ("date(5)", 1, "date(): from is a number, not a string, a date or a date and time"),
    ("date(2026, 1, noise)", 1, "date(): day is null, not a number"),
    ("(function(x) x)(1, 2)", 2, "function() takes 1 argument, not 2"),
    ("(function(x) x)(y: 1)", 2, "function() has other parameters: x"),
    ('(function(x: number) x)("a")', 2, "function(): x is a string, not of its type"),
    # Results that there are not
    ('date("2026-02-30")', 1, "date(): there is no date 2026-2-30"),
    ('date("1.3.2026")', 1, "date(): '1.3.2026' is not a date such as 2026-03-01"),
    ('time("25:00:00")', 1, "time(): there is no time '25:00:00'"),
    (
        'date and time("2026-03-01T10:00:00@Mars/City")',
        1,
        "date and time(): there is no time zone 'Mars/City'",
    ),
    (
        'duration("4 hours")',
        1,
        "duration(): '4 hours' is not a duration such as PT4H or P1Y2M",
    ),
    ('number("1,5")', 1, "number(): '1,5' is no number"),
    ("sqrt(-1)", 1, "sqrt(): a negative number has no square root"),
    ("decimal(1, 7000)", 1, "decimal(): the scale lies between -6111 and 6176"),
    ('substring("abc", 7)', 1, "substring(): there is no position 7 in 3 characters"),
    ("remove([1, 2], 3)", 1, "remove(): there is no position 3 in a list of 2 items"),
    ('max(1, "a")', 1, "max(): a number and a string have no order"),
    ("mean([])", 1, "mean(): the list is empty"),
    ("mean([1, noise])", 1, "mean(): something in the list is no number"),
    ("all([true, 1])", 1, "all(): something in the list is no boolean"),
    ("string join([1])", 1, "string join(): something in the list is no string"),
    ("sort([2, 1], function(x) x)", 1, "sort(): the function has 1 parameters, not 2"),
    ('before(1, "a")', 1, "before(): a number and a string have no order"),
    ("coincides(1, [1..1])", 1, "coincides(): a point and a range are not compared"),
    ('range("1 to 5")', 1, "range(): '1 to 5' is no range"),
    ('context put({a: 1}, ["a", "b"], 2)', 1, "context put(): the entry 'a' is no context"),
    ('matches("a", "(")', 1, "matches(): '(' is no regular expression (at character 2)"),
]


@pytest.mark.parametrize(("text", "column", "reason"), ROWS, ids=[row[0] for row in ROWS])
def test_first_warning_tells_where_and_why(text: str, column: int, reason: str) -> None:
    warning = feel.trace(text, CONTEXT, now=NOW).warnings[0]
    assert (warning.line, warning.column, warning.reason) == (1, column, reason)


def test_what_is_no_boolean_is_told_in_a_chain() -> None:
    for text in ("true and 5", "true and 5 and true", 'false or "a"'):
        value, warnings = feel.trace(text)
        assert value is None
        assert "no boolean, so it counts as unknown" in warnings[0].reason


def test_what_is_unknown_on_purpose_is_not_told() -> None:
    for text in ("true and null", "get or else(null, 1)", 'get value({a: 1}, "b")', "null = null"):
        assert feel.trace(text).warnings == ()
