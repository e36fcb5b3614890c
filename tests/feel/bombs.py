"""Expressions made to take all time or memory there is; tests and soak run every one of them.

Each with the context it needs, and with what must come of it: `BUDGET`, `SYNTAX`, or the value.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

BUDGET, SYNTAX = "FeelBudgetExceeded", "FeelSyntaxError"

_SMILE = "\U0001f600"
_LONG = "x" * 1_000_000
_NUMBERS = [1] * 100_000
_DOUBLING = "for i in 1..40 return if i = 1 then [1] else [partial[-1], partial[-1]]"
_KEYS = [f"{a}{b}{c}" for a in "abcdefghijklmnop" for b in "abcdefghijklmnopqr" for c in "abcdefg"]


@dataclass(frozen=True, slots=True)
class Bomb:
    """One expression with its context, and its outcome."""

    name: str
    text: str
    outcome: object = BUDGET
    context: Mapping[str, object] = field(default_factory=dict)


def _listed(item: str, times: int) -> str:
    return "[" + ",".join([item] * times) + "]"


def _loop(body: str) -> str:
    return f"for i in 1..90000 return {body}"


LOOPS = [
    Bomb("a thousand million rounds", "for a in 1..1000000000 return a"),
    Bomb("three loops in one", "for a in 1..1000, b in 1..1000, c in 1..1000 return a"),
    Bomb("some of too many", "some a in 1..1000000000 satisfies a < 0"),
    Bomb("every of too many", "every a in 1..1000000000 satisfies a > 0"),
    Bomb("all days of all years", 'for d in @"-999999999-01-01"..@"999999999-12-31" return d'),
    Bomb("a filter of a range", "[1..1000000000][item < 0]", []),
    Bomb("lists in a loop", _loop(_listed("[]", 200))),
    Bomb("contexts in a loop", _loop(_listed("{}", 200))),
    Bomb("filled contexts in a loop", _loop(_listed("{a: 1, b: i}", 50))),
    Bomb("sums in a loop", f"for i in l return {_listed('i+1', 200)}", context={"l": _NUMBERS}),
    Bomb("ranges in a loop", _loop(_listed("[i..i]", 100))),
    Bomb("functions in a loop", _loop(_listed("function() i", 50))),
    Bomb("moments in a loop", _loop(_listed('@"9999-12-31T23:59:59.123456789" + i * d', 40)),
         context={"d": None}),
    Bomb("all partial results", _loop("partial")),
]  # fmt: skip

CALLS = [
    Bomb("a function that calls itself", "{f: function(n) f(n + 1), r: f(1)}.r"),
    Bomb("itself, handed to itself", "(function(f) f(f))(function(f) f(f))"),
    Bomb("the Y combinator", "(function(f) (function(x) f(function(v) x(x)(v)))(function(x) "
         "f(function(v) x(x)(v))))(function(g) function(n) g(n + 1))(0)"),
    Bomb("two functions in turn", "{a: function(f, g) g(g, f), b: function(f, g) g(g, f), "
         "r: a(a, b)}.r"),
    Bomb("two calls of itself", "(function(f, n) f(f, n - 1) + f(f, n - 1))"
         "(function(f, n) if n < 0 then 1 else f(f, n - 1) + f(f, n - 1), 60)"),
    Bomb("a sort that asks too much", "sort(for i in 1..9000 return -i, function(x, y) "
         "count(for k in 1..100 return k) < 0)"),
]  # fmt: skip

LISTS = [
    Bomb("doubling by concatenate", "for i in 1..40 return if i = 1 then [1,1] "
         "else concatenate(partial[-1], partial[-1])"),
    Bomb("doubling by append", f"string({_DOUBLING})"),
    Bomb("doubling, flattened", f"flatten({_DOUBLING})"),
    Bomb("doubling, compared", f"{{a: {_DOUBLING}, b: {_DOUBLING}, r: a = b}}.r"),
    Bomb("distinct values of many", "distinct values(for i in 1..90000 return i)"),
    Bomb("duplicates of equals", "duplicate values(l)", [Decimal(1)], context={"l": _NUMBERS}),
    Bomb("positions of equals", _loop("index of(l, 1)"), context={"l": _NUMBERS}),
    Bomb("partitions", _loop("partition(l, 1)"), context={"l": _NUMBERS}),
    Bomb("sublists", _loop("sublist(l, 2)"), context={"l": _NUMBERS}),
    Bomb("removals", _loop("remove(l, 2)"), context={"l": _NUMBERS}),
    Bomb("entries of a large context", _loop("get entries(c)"),
         context={"c": {str(number): number for number in range(20_000)}}),
    Bomb("copies of a large context", _loop('context put(c, "x", i)'),
         context={"c": {str(number): number for number in range(90_000)}}),
    Bomb("merged contexts", _loop("context merge([c, c])"),
         context={"c": {str(number): number for number in range(40_000)}}),
    Bomb("the greatest, again and again", _loop("max(l)"), context={"l": _NUMBERS}),
    Bomb("the median, again and again", _loop("median(l)"), context={"l": _NUMBERS}),
    Bomb("the mode, again and again", _loop("mode(l)"), context={"l": _NUMBERS}),
    Bomb("types of long lists", _loop("l instance of list<number>"), context={"l": _NUMBERS}),
    Bomb("types of shared lists", f"{{l: {_DOUBLING}, r: l[-1] instance of "
         f"{'list<' * 38}number{'>' * 38}}}.r"),
]  # fmt: skip

TEXTS = [
    Bomb("doubling a text", 'for i in 1..60 return if i = 1 then "xxxxxxxxxxxxxxxx" '
         "else partial[-1] + partial[-1]"),
    Bomb("many long texts", _loop("s + string(i)"), context={"s": _SMILE * 999_990}),
    Bomb("many parts of a text", _loop("substring(s, 2)"), context={"s": _SMILE * 999_990}),
    Bomb("long reasons", _loop("date(s)"), context={"s": "\U000e0001" * 900_000}),
    Bomb("long texts in a list", "string(for i in 1..100 return s)", context={"s": _LONG}),
    Bomb("long numbers in a list", "string(for i in 1..50000 return 1e6143)"),
    Bomb("a text split again and again", _loop('split(s, ",")'), context={"s": "中," * 90_000}),
    Bomb("a text of too many parts", 'split(s, ",")', context={"s": "中中," * 330_000}),
    Bomb("too many matches", 'extract(s, "中")', context={"s": "中" * 999_999}),
    Bomb("a text joined again and again", 'for i in 1..40 return if i = 1 then "xxxx" '
         'else string join([partial[-1], partial[-1]], partial[-1])'),
    Bomb("growth by back references", 'for i in 1..20 return if i = 1 then "ab" '
         'else replace(partial[-1], "(.+)", "$1$1$1$1")'),
    Bomb("growth by replacement", f'replace("{"a" * 9000}", "a", "{"b" * 9000}")'),
    Bomb("long texts compared", _loop("s < t"), context={"s": _LONG, "t": _LONG + "y"}),
    Bomb("long texts found equal", _loop("s = t"), context={"s": _LONG, "t": _LONG[:-1] + "x"}),
    Bomb("the greatest of long texts", "max(for i in 1..80000 return if odd(i) then s else t)",
         context={"s": _LONG, "t": _LONG[:-1] + "x"}),
    Bomb("ranges read again and again", _loop("range(s)"),
         context={"s": "[" + "1+" * 16_000 + "1..2]"}),
]  # fmt: skip

PATTERNS = [
    Bomb("repeats of repeats", "matches(s, p)", context={"s": "a" * 90_000, "p": "(a+)+b"}),
    Bomb("repeats of choices", "matches(s, p)", context={"s": "a" * 90_000, "p": "(a|aa)+b"}),
    Bomb("repeats in a row", "matches(s, p)", context={"s": "a" * 90_000, "p": "a*a*a*a*a*b"}),
    Bomb("empty groups", "matches(s, p)", context={"s": "a" * 5_000, "p": "()" * 480 + "(a*)*b"}),
    Bomb("a slow pattern again and again", _loop("matches(s, p)"),
         context={"s": "a" * 1_400, "p": "a*b"}),
    Bomb("wide classes", _loop("matches(s, p)"), context={"s": "中" * 125, "p": "\\w*\\w*!"}),
    Bomb("anchors in a long text", _loop("matches(s, p)"),
         context={"s": "a" * 99_000, "p": "^(b+)+c"}),
    Bomb("replacement by a slow pattern", 'replace(s, p, "x")',
         context={"s": "a" * 90_000, "p": "(a*)*b"}),
    Bomb("a split by a slow pattern", "split(s, p)", context={"s": "a" * 90_000, "p": "(a+)+b"}),
    Bomb("a large repetition", 'matches("x", "x{1000}{1000}")', None),
    Bomb("nested groups", f'matches("x", "{"(" * 400}")', None),
    Bomb("a back reference beside repeats", 'matches("aaaa", "(a+)+\\\\1b")', None),
]  # fmt: skip

NUMBERS = [
    Bomb("a tower of powers", "10 ** (10 ** 9)", None),
    Bomb("an overflow", "1e6000 * 1e6000", None),
    Bomb("an overflow of e", "exp(1e9)", None),
    Bomb("an exponent beyond all", "1e99999999999999999999999", SYNTAX),
    Bomb("a number of too many digits", "1" * 7_000, SYNTAX),
    Bomb("a factorial", "product(for i in 1..5000 return i)", None),
    Bomb("a factorial by hand", "{f: function(f, n) if n < 2 then 1 else n * f(f, n - 1), "
         "r: f(f, 100000)}.r"),
    Bomb("roots in a loop", _loop(_listed("exp(i / 7)", 100))),
    Bomb("a year beyond", "date(999999999999, 1, 1)", None),
    Bomb("a duration beyond", '@"P999999999Y" * 999999999', None),
    Bomb("a duration of too many digits", f'duration("P{"9" * 9000}D")', None),
    Bomb("a position beyond", 'substring("x", 1e6000)', None),
    Bomb("a scale beyond", "decimal(1, 1e6000)", None),
    Bomb("a year of many digits", "date(1e6000, 1, 1)", None),
    Bomb("the largest number as text", "string length(string(1e6143))", Decimal(6144)),
]  # fmt: skip

WRITINGS = [
    Bomb("too long", " " * 32_769, SYNTAX),
    Bomb("parentheses", "(" * 32_000, SYNTAX),
    Bomb("brackets", "[" * 32_000, SYNTAX),
    Bomb("signs", "-" * 32_000 + "1", SYNTAX),
    Bomb("steps", "a." * 16_000 + "a", SYNTAX),
    Bomb("operators", "1" + "+1" * 16_000, SYNTAX),
    Bomb("comments", "/**/" * 8_000 + "1", Decimal(1)),
    Bomb("an open comment", "/*" * 16_000, SYNTAX),
    Bomb("conditions", "if a then b else " * 1_800 + "c", SYNTAX),
    Bomb("loops in loops", "for a in x return " * 60 + _listed("1=b", 7_000), None),
    Bomb("filters in filters", "x[" * 60 + _listed("1=b", 7_000) + "]" * 60, [],
         context={"x": []}),
    Bomb("contexts in contexts", "{a:" * 60 + "1" + "}" * 60 + ".a" * 60, Decimal(1)),
    Bomb("keys", "count(get entries({" + ",".join(f"{key}:1" for key in _KEYS) + "}))",
         Decimal(len(_KEYS))),
    Bomb("keys that begin alike", "count(get entries({"
         + ",".join(f"a+{number:x}:a" for number in range(3_000)) + "}))", Decimal(3_000)),
    Bomb("a very long name", "{" + "a+" * 8_000 + "a:1,b:" + "a+" * 300 + "a}", SYNTAX),
    Bomb("many and", " and ".join(["true"] * 3_600), True),
    Bomb("many laughs", "{a:[1,1,1,1,1,1,1,1,1,1]," + ",".join(
        f"{b}:[{','.join([a] * 10)}]" for a, b in zip("abcdefghi", "bcdefghij", strict=True)
    ) + ",r:count(flatten(j))}.r"),
]  # fmt: skip

BOMBS = [*LOOPS, *CALLS, *LISTS, *TEXTS, *PATTERNS, *NUMBERS, *WRITINGS]
