"""What designers write by mistake: the error stands at its place and says how to mend it."""

import pytest

from app import feel
from app.feel import FeelSyntaxError

OPERATORS = [
    ("level == 2", 8, "one = to compare"),
    ("level === 2", 8, "one = to compare"),
    ("level = = 2", 9, "one = to compare"),
    ("level => 2", 8, ">= (the = stands last)"),
    ("level =< 2", 8, "<= (the = stands last)"),
    ("level > = 2", 9, ">= in one piece"),
    ("level <> 2", 8, "!="),
    ("level !== 2", 9, "!= with one ="),
    ("level ≥ 2", 7, ">="),
    ("level ≠ 2", 7, "!="),
    ("urgent && late", 8, "and (or + to join texts)"),
    ("urgent || late", 8, "or"),
    ("urgent AND late", 8, "and in small letters"),
    ("urgent OR late", 8, "or in small letters"),
    ("urgent and", 11, "a value"),
    ("and late", 1, "a value"),
    ("level > 2 and < 5", 15, "a value"),
    ("!urgent", 1, "!= to compare, or not(…) to negate"),
    ("not urgent", 1, "not(…) with parentheses"),
    ("level not in [1, 2]", 7, "not(…) around all of it"),
    ("level is null", 10, "= null, since is compares nothing"),
    ("level is not null", 10, "!= to say “is not”"),
    ("level % 2", 7, "modulo(a, b), or a number such as 0.05"),
    ("level ^ 2", 7, "** for powers"),
    ("level × 2", 7, "*"),
    ("level – 2", 7, "- (the hyphen of the keyboard)"),
    ("level += 2", 8, "a value"),
    ("level++", 7, "a value"),
    ("2 level", 3, "an operator or the end"),
    ("level between 1, 5", 16, "'and'"),
    ("level in 1..5", 11, "brackets around a range, as in [1..5]"),
    ("=level > 2", 1, "the expression alone, without a = before it"),
]
TEXTS = [
    ('area = "north', 8, 'a closing " on the same line'),
    ('if area = "north\nthen 1 else 2', 11, 'a closing " on the same line'),
    ("area = 'north'", 8, 'straight double quotes, as in "noise"'),
    ("area = ’north’", 8, 'straight double quotes, as in "noise"'),
    ("area = “north”", 8, 'straight double quotes, as in "noise"'),
    ("area = 「北区」", 8, 'straight double quotes, as in "noise"'),
    ("area = ＂北区＂", 8, 'straight double quotes, as in "noise"'),
    ("`first name`", 1, "a name without quotes"),
    ("${level}", 1, "a name alone, without a $"),
    ("#level", 1, "a name alone, without a #"),
    ("@2026-03-01", 2, 'a date, time or duration in quotes, such as @"2026-03-01"'),
    ('@"1.3.2026"', 2, 'a date, time or duration such as @"2026-03-01" or @"PT4H"'),
    ("1,000 + 2", 2, "a number without separators of thousands, or the end"),
]
CHINESE = [
    ("（level + 1）", 1, "the half-width ("),
    ("max(1，2)", 6, "the half-width ,"),
    ("level ＞ 2", 7, "the half-width >"),
    ("level ＝ 2", 7, "the half-width ="),
    ("level ！＝ 2", 7, "the half-width !"),
    ("{a：1}", 3, "the half-width :"),
    ("[1、2]", 3, ","),
    ("level = 2。", 10, "."),
    ("【1】", 1, "["),
    ("level ＋ 1", 7, "the half-width +"),
    ("level；2", 6, "the half-width ;"),
]
STRUCTURES = [
    ("if urgent 1 else 2", 11, "'then'"),
    ("if urgent then 1", 17, "else, which no if may lack (else null)"),
    ("if urgent then 1 elseif late then 2 else 3", 18, "else if, in two words"),
    ("if urgent then 1 else", 22, "a value"),
    ("urgent ? 1 : 2", 8, "if … then … else …"),
    ("if(urgent, 1, 2)", 10, "')'"),
    ("for n in [1] n + 1", 14, "'return'"),
    ("for n of [1] return n", 10, "'in'"),
    ("some n in [1] return n > 1", 15, "'satisfies'"),
    ("n -> n + 1", 3, "function(x) and then what it gives"),
    ("[1, 2", 6, "] to close the [ of line 1, column 1"),
    ("(1 + (2 * 3)", 13, ") to close the ( of line 1, column 1"),
    ("max(1, 2", 9, ") to close the ( of line 1, column 4"),
    ("{a: [1, 2]", 11, "} to close the { of line 1, column 1"),
    ("1 + 2)", 6, "an operator or the end, as no ( is open"),
    ("[1, 2]]", 7, "an operator or the end, as no [ is open"),
    ("[1, 2, ]", 8, "a value after the comma"),
    ("max(1, )", 8, "a value after the comma"),
    ("{a = 1}", 4, "':'"),
    ("{a: 1; b: 2}", 6, ", (a comma)"),
    ("{a: 1, a: 2}", 9, "each key once, not 'a' again"),
    ("case.", 6, "a name"),
    ("case..level", 5, "brackets around a range, as in [1..5]"),
    ("level instance of colour", 19, "a type"),
    ("/* why", 1, "a closing */"),
]  # fmt: skip
ROWS = [*OPERATORS, *TEXTS, *CHINESE, *STRUCTURES]


@pytest.mark.parametrize(("text", "column", "mending"), ROWS, ids=[row[0] for row in ROWS])
def test_error_stands_at_its_place_and_says_how_to_mend(
    text: str, column: int, mending: str
) -> None:
    with pytest.raises(FeelSyntaxError) as caught:
        feel.compile(text)
    assert (caught.value.column, caught.value.expected) == (column, mending)
