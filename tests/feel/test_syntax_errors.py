"""Where a text is no FEEL, the error names the place and what was expected there."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import feel
from app.feel import FeelSyntaxError

BROKEN = [
    ("", 1, 1),
    ("1 +", 1, 4),
    ("(1", 1, 3),
    ("[1, 2", 1, 6),
    ("[1, ]", 1, 5),
    ("{a 1}", 1, 5),
    ("{a: 1, a: 2}", 1, 9),
    ("if true then 1", 1, 15),
    ("for x in [1] x", 1, 14),
    ('"open', 1, 1),
    ("/* open", 1, 1),
    ("a\n  + * 2", 2, 5),
    ("1 ; 2", 1, 3),
    ("a = 1，b", 1, 6),
    ('@"tomorrow"', 1, 2),
    ("x instance of colour", 1, 15),
    ("f(a: 1, 2)", 1, 10),
    ("1 2", 1, 3),
    ("a.", 1, 3),
]


@pytest.mark.parametrize(("text", "line", "column"), BROKEN)
def test_broken_text_is_refused_at_its_place(text: str, line: int, column: int) -> None:
    with pytest.raises(FeelSyntaxError) as caught:
        feel.compile(text)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert caught.value.expected
    assert str(caught.value).startswith(f"Line {line}, column {column}: expected ")


def test_nesting_and_length_are_bounded() -> None:
    for text in ("(" * 5000, "[" * 5000 + "]" * 5000, "1" + "+1" * 20_000, "-" * 9000 + "1",
                 "x" * 40_000, "not(" * 200 + "true" + ")" * 200, "a" + "[1]" * 9000,
                 "{a:" * 100 + "1" + "}" * 100, "x instance of " + "list<" * 500):  # fmt: skip
        with pytest.raises(FeelSyntaxError):
            feel.compile(text)


def test_a_long_chain_of_conditions_is_fine() -> None:
    text = " or ".join(f'x = "{n}"' for n in range(1500))
    assert feel.evaluate(text, {"x": "1499"}) is True


_WORDS = (
    "if then else for in return some every satisfies and or between instance of function not "
    "true false null a 案 date and time item ? 1 2.5 1e3 'single' @ + - * / ** = != < <= > >= "
    "( ) [ ] { } , . .. : -> list< > ' // /* \\ 3..4 external"
)
_PIECES = st.sampled_from([*_WORDS.split(), '"s"', '@"P1D"', '"'])


@settings(max_examples=150, deadline=None)
@given(st.lists(_PIECES, max_size=30).map(" ".join) | st.text(max_size=40))
def test_any_text_is_either_read_or_refused(text: str) -> None:
    for read in (feel.compile, feel.compile_unary_tests):
        with contextlib.suppress(FeelSyntaxError):
            read(text)


@settings(max_examples=150, deadline=None)
@given(st.lists(_PIECES, max_size=16).map(" ".join))
def test_whatever_is_read_can_be_evaluated(text: str) -> None:
    context = {"a": [1, {"a": 2}], "案": "x"}
    try:
        feel.compile(text).evaluate(context)
        feel.compile_unary_tests(text).evaluate(5, context)
    except (FeelSyntaxError, feel.FeelBudgetExceeded):
        return
