"""The grammar, rule by rule: how a text is cut into names, literals and operations.

Both sides of a row are FEEL. Source: OMG DMN 1.5, 10.3.1.
"""

from collections.abc import Mapping
from datetime import date

import pytest

from app import feel
from app.feel import FeelSyntaxError, Value

CONTEXT: Mapping[str, Value] = {
    "a": 5, "b": 1, "x": 2, "y": 3, "list": [1, 2, 3],
    "a-b": 100, "a.b": 200, "a+c": 300, "a'b": 400, "Bob’s age": 500, "in/out": 600,
    "in stock": 7, "or else": 8, "not found": 9, "and more": 10, "what if?": 11,
    "if needed": 12, "null value": 13, "Phone Number": 14, "Profit and loss": 15,
    "for 2": 16, "order": 17, "input": 18, "format": 19, "android": 20, "notes": 21,
    "some thing": 22, "α": 23, "案件 等级": 24, "案件等级": 25, "😀": 26, "_": 27, "level 2": 28,
    "date": date(2026, 3, 1), "count": 3, "time": 5, "duration": 6, "string": 7, "x y": 29,
    "then": 30, "weekday": 31,
    "case": {"in": 1, "if": 2, "date": 3, "null": 4, "a-b": 5, "first name": 6, "or else": 7,
             "days open": 8, "true": 9, "案件 等级": 10, "in stock": 11, "item": 12, "x.y": 13},
    "rows": [{"unit-cost": 2, "a b": 1}, {"unit-cost": 3, "a b": 2}],
}  # fmt: skip

PRECEDENCE = [  # rules 1, 2 and 4: "in order from lowest to highest"; left associative
    ("1 + 2 * 3", "7"),
    ("2 * 3 ** 2", "18"),
    ("-2 ** 2", "4"),
    ("-x ** 2", "4"),
    ("2 ** 3 ** 2", "64"),
    ("2 ** -1", "0.5"),
    ("10 - 3 - 2", "5"),
    ("100 / 10 / 2", "5"),
    ("10 - -3", "13"),
    ("10--3", "13"),
    ("- - 3", "3"),
    ("-(1 + 2)", "-3"),
    ("-list[2]", "-2"),
    ("- [1][1]", "-1"),
    ("-case.in", "-1"),
    ("1 + 1 = 2", "true"),
    ("1 = 1 = true", "true"),
    ("1 < 2 and 2 < 3", "true"),
    ("true or false and false", "true"),
    ("(true or false) and false", "false"),
    ("false and false or true", "true"),
    ("1 in [1, 2] and true", "true"),
    ("5 between 1 and 5 and true", "true"),
    ("x + 1 between 3 and 1 + 2", "true"),
    ("1 in < 2 or false", "true"),
    ("if true then 1 else 2 + 3", "1"),
    ("(if true then 1 else 2) + 3", "4"),
    ("for n in [1] return n + 1", "[2]"),
    ("some n in [1] satisfies n = 1 and false", "false"),
    ("x instance of number = true", "true"),
    ("-1 instance of number", "true"),
    ("not(false) and true", "true"),
    ("[1, 2, 3][item > 1][1]", "2"),
    ('{p: {q: [{c: "d"}]}}.p.q[1].c', '"d"'),
    ("{f: function() [1, 2]}.f()[2]", "2"),
    ("[function(n) n * 2][1](4)", "8"),
    ("(function(n) n + 1)(1) * 2", "4"),
    ("((1))", "1"),
]
NAMES = [  # rules 25 to 30, 10.3.1.4: the longest name in scope is meant
    ("a-b", "100"),
    ("a - b", "100"),
    ("(a)-(b)", "4"),
    ("a -x", "3"),
    ("a.b", "200"),
    ("a+c", "300"),
    ("a'b", "400"),
    ("Bob’s age", "500"),
    ("in/out", "600"),
    ("in stock + 1", "8"),
    ("7 in in stock", "true"),
    ("or else = 8 or false", "true"),
    ("not found", "9"),
    ("not(not found = 9)", "false"),
    ("and more", "10"),
    ("true and and more = 10", "true"),
    ("what if? + 1", "12"),
    ("if needed", "12"),
    ("if if needed = 12 then 1 else 2", "1"),
    ("null value", "13"),
    ("Phone    Number", "14"),
    ("Phone\n\tNumber", "14"),
    ("Phone /* or mobile */ Number", "14"),
    ("Profit and loss", "15"),
    ("for 2", "16"),
    ("order + input + format + android + notes", "95"),
    ("some thing", "22"),
    ("α * 2", "46"),
    ("案件 等级", "24"),
    ("案件等级", "25"),
    ("😀 + 1", "27"),
    ("_", "27"),
    ("level 2 + 1", "29"),
    ("x y", "29"),
    ("x*y", "6"),
    ("x* y", "6"),
    ("count", "3"),
    ("count([1])", "1"),
    ("time + duration", "11"),
    ("string", "7"),
    ("date.year", "2026"),
    ('date("2026-01-02").day', "2"),
    ("weekday + date.weekday", "38"),
]
ENTRIES = [  # rule 43 and 59: what stands behind a dot, and in braces
    ("case.in", "1"),
    ("case.if + case.date", "5"),
    ("case.null", "4"),
    ("case.true", "9"),
    ("case.a-b", "5"),
    ("case.x.y", "13"),
    ("case.first name", "6"),
    ("case . first   name", "6"),
    ("case.or else", "7"),
    ("case.in stock in [11]", "true"),
    ("case.days open > 7 and true", "true"),
    ("case.案件 等级", "10"),
    ("case.item", "12"),
    ("rows.unit-cost", "[2, 3]"),
    ("rows[unit-cost > 2].a b", "[2]"),
    ("rows[a b = 1].unit-cost", "[2]"),
    ("{in: 1}.in", "1"),
    ("{if: 1, then: 2}.then", "2"),
    ("{a-b: 1}.a-b", "1"),
    ("{external: 1}.external", "1"),
    ("{my external id: 1}.my external id", "1"),
    ('{"any \\"thing\\"": 1}', '{"any \\"thing\\"": 1}'),
    ("{p-q: 1, r: p-q + 1}.r", "2"),
    ("[{p-q: 1}, {p-q: 2}][p-q = 2].p-q", "[2]"),
]
SCOPES = [  # 10.3.2.11: a name is known where it is in scope, and no further
    ("{inner: {x-y: 100}, r: x-y}.r", "-1"),
    ("[for x-y in [100] return x-y, x-y]", "[[100], -1]"),
    ("[some x-y in [100] satisfies x-y = 100, x-y]", "[true, -1]"),
    ("[(function(x-y) x-y + 1)(100), x-y]", "[101, -1]"),
    ("for x-y in [x-y] return x-y", "[-1]"),
    ("for x-y in [1, 2], z in [x-y] return z", "[1, 2]"),
    ("for a b in [1, 2] return a b * 2", "[2, 4]"),
    ("for x in [10] return for x in [x + 1] return x", "[[11]]"),
    ("for x in [10] return x + (for x in [1] return x)[1]", "[11]"),
    ("(for x in [10] return x)[1] + x", "12"),
    ("[{x: 7}][x = 7][1].x + x", "9"),
    ("{x: 1, y: {x: 2, z: x}, w: x}.w", "1"),
    ("for in stock in [1] return in stock + 1", "[2]"),
    ("{is adult: function(age) age >= 18, r: is adult(20)}.r", "true"),
    ("for count in [1, 2] return count + count([1])", "[2, 3]"),
]
LITERALS = [  # rules 31 to 37, 60, 64, 65
    (".5", "0.5"),
    ("-.5", "-0.5"),
    ("007", "7"),
    ("1.50", "1.5"),
    ("1e3", "1000"),
    ("1.2E-2", "0.012"),
    ("1e+2", "100"),
    ("-0", "0"),
    ("1..2", "syntax"),
    ("1.", "syntax"),
    ("1 .5", "syntax"),
    ("１２", "null"),  # a name by rule 28: the digit of rule 36 is half-width
    ('"a\\tb\\n\\r\\"\\\\\\\'"', '"a\\u0009b\\u000A\\u000D\\u0022\\u005C\\u0027"'),
    ('"\\d"', '"\\\\d"'),
    ('string length("\\U01F40E")', "1"),
    ('"\\uD83D\\uDC0E" = "\\U01F40E"', "true"),
    ('string length("\\u6848")', "1"),
    ('"𝄞" = "\\uD834\\uDD1E"', "true"),
    ('""', '""'),
    ('"“”，"', '"“”，"'),
    ('"a\nb"', "syntax"),
    ('"open', "syntax"),
    ("true", "true"),
    ("null", "null"),
    ('@"2026-03-01"', 'date("2026-03-01")'),
    ('@"08:00:00"', 'time("08:00:00")'),
    ('@"2026-03-01T08:00:00Z"', 'date and time("2026-03-01T08:00:00Z")'),
    ('@"P1D"', 'duration("P1D")'),
    ('@"-P1Y2M"', 'duration("-P1Y2M")'),
    ('@ "P1D"', '@"P1D"'),
    ('@"2026-02-30"', "syntax"),
    ('@"tomorrow"', "syntax"),
    ('@"P"', "syntax"),
]
SPACE = [  # rules 61 and 62, comments
    ("1\u3000+\u00a01", "2"),
    ("\ufeff1 + 1", "2"),
    ("a\u2003+\u1680b", "6"),
    ("a\ufeff+\u180eb", "6"),
    ("1 // one\n+ 1", "2"),
    ("1 /* one\n */ + 1", "2"),
    ("1 + 1 // two", "2"),
    ('"// no comment"', '"// no comment"'),
    ("1 /* open", "syntax"),
]
RANGES = [  # rules 7 to 12
    ("2 in [1..3]", "true"),
    ("1 in (1..3]", "false"),
    # Arithmetic binds tighter than `in` (10.3.1.2), so that this is what is looked for.
    ("3 in (1) + 2", "true"),
    ("3 in (if true then 1 else 2) * 3", "true"),
    ("1 in (1) + 2", "false"),
    ("true in (1) instance of number", "true"),
    ("1 in (1) = true", "true"),
    ("1 in (1) and true", "true"),
    ("1 in ]1..3]", "false"),
    ("3 in [1..3)", "false"),
    ("3 in [1..3[", "false"),
    ("2 in ]1..3[", "true"),
    ("[1..3[.end included", "false"),
    ("[[1..3], ]4..6[][2].start", "4"),
    ("list[1] in [list[1]..list[3]]", "true"),
    ("x in [1..list[2]]", "true"),
    ("x in (> 1)", "true"),
    ("[(< 5), (>= 7)][2].start", "7"),
    ("x in ([0..1], [2..3])", "true"),
    ("[1 .. 3].end", "3"),
    ("[1..3", "syntax"),
    ("1..3", "syntax"),
]
TYPES = [  # rule 52
    ("list instance of list<number>", "true"),
    ("[[1]] instance of list<list<number>>", "true"),
    ("date instance of date", "true"),
    ('@"P1D" instance of days and time duration', "true"),
    ('@"P1Y" instance of years and months duration and true', "true"),
    ('@"2026-03-01T08:00:00" instance of date and time', "true"),
    ("{a b: 1} instance of context<a b: number>", "true"),
    ("(function(n: number, d: date and time) n) instance of "
     "function<number, date and time> -> Any", "true"),
    ("[1..2] instance of range < number >", "true"),
    ("1 instance of", "syntax"),
    ("1 instance of colour", "syntax"),
    ("1 instance of list<", "syntax"),
]  # fmt: skip
TABLES = (PRECEDENCE, NAMES, ENTRIES, SCOPES, LITERALS, SPACE, RANGES, TYPES)
ROWS = [row for table in TABLES for row in table]


@pytest.mark.parametrize(("text", "worth"), ROWS, ids=[text for text, _ in ROWS])
def test_text_is_read_as_the_grammar_says(text: str, worth: str) -> None:
    if worth == "syntax":
        with pytest.raises(FeelSyntaxError):
            feel.compile(text)
        return
    found, wanted = feel.evaluate(text, CONTEXT), feel.evaluate(worth, {})
    assert type(found) is type(wanted)
    assert found == wanted


@pytest.mark.parametrize(
    ("text", "value", "passes"),
    [  # rules 13 to 15; what a test says: 8.3.3
        ("-", None, True),
        ("-1", -1, True),
        ("1, 2", 2, True),
        ("not(1, 2)", 3, True),
        ("not(1), 2", 2, True),
        ("not(? > 5) and ? > 1", 3, True),
        ("not(not(? > 5))", 7, True),
        ("= 5", 5, True),
        ("!= 5", 6, True),
        ("< 5, > 7", 8, True),
        ("[1..3]", 3, True),
        ("(1..3)", 3, False),
        ("]1..3[", 2, True),
        ("[5..1]", None, None),
        ("(< 5)", 4, True),
        ("null", None, True),
        ("null", 1, False),
        ("not(null)", 1, True),
        ("[1, 2]", 2, True),
        ("x-y, 2", 100, True),
        ("? in [1..3]", 2, True),
        ("between 1 and 3", 2, None),
        ("some n in ? satisfies n > 1", [1, 2], True),
        ("function(v) v", 1, None),
    ],
)
def test_tests_are_read_as_the_grammar_says(text: str, value: Value, passes: bool | None) -> None:
    try:
        assert feel.unary_tests(text, value, {"x-y": 100}) is passes
    except FeelSyntaxError:
        assert passes is None


def test_entries_are_known_behind_a_dot_and_in_filters_only() -> None:
    expression = feel.compile(
        "case.a-b + case.items[u-v = 1][1].u-v + (a-b)", entries=["a-b", "u-v"]
    )
    context = {"case": {"a-b": 10, "items": [{"u-v": 1}]}, "a": 5, "b": 2}
    assert expression.evaluate(context) == 14
