"""What is told of an expression before it runs, held against what it gives when it does."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from app import feel
from app.feel.builtins import BUILTINS
from app.feel.checking.known import BOOLEAN, NUMBER, STRING, Record, in_words, texts
from app.feel.checking.mistakes import MistakeKind
from app.feel.checking.nodes import Checker, Names
from app.feel.compiling.nodes import compile_node
from app.feel.compiling.run import Run
from app.feel.syntax.parser import parse_expression
from app.feel.syntax.survey import free_names
from app.feel.types import ANY, SIMPLE, FeelType, ListType
from app.feel.values import Kind, Range, Value, kind_of

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
KNOWN: dict[str, FeelType] = {
    "n": NUMBER,
    "s": STRING,
    "b": BOOLEAN,
    "d": SIMPLE["date"],
    "t": SIMPLE["date and time"],
    "p": SIMPLE["days and time duration"],
    "m": SIMPLE["years and months duration"],
    "numbers": ListType(NUMBER),
    "words": ListType(STRING),
    "severity": texts(["major", "minor"]),
    "case": Record({"level": STRING, "grade": NUMBER, "units": ListType(STRING)}),
    "rows": ListType(Record({"k": STRING, "v": NUMBER})),
    "anything": ANY,
}
VALUES: dict[str, tuple[Value, ...]] = {
    "n": (Decimal(0), Decimal("2.5"), None),
    "s": ("", "a", "北", None),
    "b": (True, False, None),
    "d": (date(2024, 2, 29), None),
    "t": (NOW, datetime(2026, 3, 2, 9, 30), None),  # noqa: DTZ001
    "p": (timedelta(hours=5), None),
    "m": (feel.YearsMonths(14), None),
    "numbers": ([], [Decimal(1)], [Decimal(3), Decimal(2), None], None),
    "words": ([], ["a"], ["a", "b"], None),
    "severity": ("major", "minor", None),
    "case": ({"level": "street", "grade": Decimal(2), "units": ["a"]}, {"grade": None}),
    "rows": ([], [{"k": "a", "v": Decimal(1)}, {"k": "b", "v": None}]),
    "anything": (None, Decimal(1), "a", [Decimal(1)], {"k": "a"}, NOW),
}


def told(text: str, known: dict[str, FeelType] | None = None) -> list[str]:
    """Return kind and place of the mistakes of an expression."""
    checked = feel.compile(text).check(KNOWN if known is None else known)
    return [f"{each.line}:{each.column} {each.kind}" for each in checked.mistakes]


WRONG = [
    ("1 +\n  missing", "2:3 unknown variable"),
    ("case.levle = s", "1:6 unknown entry"),
    ("rows[kk = s]", "1:6 unknown variable"),
    ("nope(1)", "1:1 unknown function"),
    ("case.nope(1)", "1:6 unknown function"),
    ("n(1)", "1:1 not a function"),
    ("s.length", "1:3 no such property"),
    ("d.hour", "1:3 no such property"),
    ("substring(s)", "1:1 wrong number of arguments"),
    ("substring(string: s, from: 1)", "1:1 unknown parameter"),
    ("upper case(n)", "1:12 wrong argument"),
    ("not(n)", "1:5 wrong argument"),
    ("(function(x: number) x)(s)", "1:25 wrong argument"),
    ('date("2026-13-01")', "1:1 no result"),
    ('duration("4 hours")', "1:1 no result"),
    ('matches(s, "[a")', "1:1 no result"),
    ("n + s", "1:3 wrong operands"),
    ("-s", "1:1 wrong operands"),
    ("n .. s", ""),
    ("for i in n..s return i", "1:10 wrong operands"),
    ("d < n", "1:3 not comparable"),
    ("n = s", "1:3 not comparable"),
    ('n between 1 and "9"', "1:3 not comparable"),
    ('severity = "mojar"', "1:12 never equal"),
    ('severity in ("major", "mojar")', "1:23 never equal"),
    ("if n then 1 else 2", "1:4 not a boolean"),
    ("b and s", "1:7 not a boolean"),
    ("some x in words satisfies x", "1:27 not a boolean"),
    ("numbers[s]", "1:9 wrong filter"),
    ("for x in n return x", "1:10 not iterable"),
    ("n instance of string", "1:3 never an instance"),
    ("anything instance of list", "1:10 never an instance"),
    ("n in [date(s)..date(s)]", "1:6 wrong test"),
]


@pytest.mark.parametrize(("text", "mistake"), [row for row in WRONG if row[1]])
def test_a_mistake_is_told_at_its_place(text: str, mistake: str) -> None:
    assert told(text) == [mistake]


RIGHT = [
    "n + null",
    "anything + 1 = anything.x",
    "if anything then 1 else 2",
    "case.units[1] + s",
    "count(case.units) > 2 and list contains(case.units, s)",
    "rows[k = s].v[1] + 1",
    "sum(rows.v)",
    "anything[k = v]",
    "d + p > d",
    "t - t > p",
    "if s = null then 0 else number(s)",
    '"x" + string(n)',
    "max(n)",
    "for i in 1..3 return i * n",
    "every r in rows satisfies r.v > 1",
    'severity in ("major", s)',
    "upper case(words)",
    "{f: function(x: number) x + 1, r: f(2)}.r + 1",
    "sort(numbers, function(x, y) x < y)[1]",
]


@pytest.mark.parametrize("text", RIGHT)
def test_what_may_be_right_is_no_mistake(text: str) -> None:
    assert told(text) == []


def test_a_mistake_says_what_is_wrong_and_how_to_mend_it() -> None:
    (mistake,) = feel.compile('severity = "miner"').check(KNOWN).mistakes
    assert mistake.what == "“miner” is never the value of “severity”"
    assert mistake.mend == "Did you mean “minor”? Choose one of: “major”, “minor”."


def test_every_kind_of_mistake_is_shown_here() -> None:
    assert {row[1].partition(" ")[2] for row in WRONG if row[1]} == set(MistakeKind)


@pytest.mark.parametrize(
    ("text", "type_in_words"),
    [
        ("1 + 2", "number"),
        ("anything + 1", "number"),
        ("if b then n else null", "number"),
        ("if b then n else s", "number or string"),
        ("t + p", "date and time"),
        ("t - t", "days and time duration"),
        ("rows[k = s]", "list of context"),
        ("rows[1].v", "number"),
        ("rows.v", "list of number"),
        ("max(numbers)", "number"),
        ("append(numbers, s)", "list of number or string"),
        ("for i in 1..3 return string(i)", "list of string"),
        ('duration("P1Y")', "years and months duration"),
        ("t.year", "number"),
        ("[n..n]", "range of number"),
    ],
)
def test_the_type_of_the_result_is_told(text: str, type_in_words: str) -> None:
    assert in_words(feel.compile(text).check(KNOWN).type) == type_in_words


@pytest.mark.parametrize(
    ("text", "of", "mistakes"),
    [
        ("< 5", NUMBER, []),
        ("< 5", STRING, ["wrong test"]),
        ('"major"', NUMBER, ["wrong test"]),
        ('"major", 3', NUMBER, ["wrong test"]),
        ("[1..5)", STRING, ["wrong test"]),
        ('"mojar"', texts(["major"]), ["never equal"]),
        ('not("mojar")', texts(["major"]), ["never equal"]),
        ("? > 3 and b", NUMBER, []),
        ('? > "a"', NUMBER, ["not comparable"]),
        ("b", NUMBER, []),
        ("-", NUMBER, []),
        ("null", NUMBER, []),
        ('["a", "b"]', STRING, []),
        ("> missing", NUMBER, ["unknown variable"]),
    ],
)
def test_tests_are_held_against_the_type_of_the_input(
    text: str, of: FeelType, mistakes: list[str]
) -> None:
    found = feel.compile_unary_tests(text).check(KNOWN, of).mistakes
    assert [each.kind for each in found] == mistakes


def test_every_builtin_function_says_what_it_returns() -> None:
    silent = {
        one.name for one in BUILTINS.values() for each in one.signatures if each.returns == "any"
    }
    assert silent == {"get value"}


def test_a_hostile_text_is_checked_without_raising() -> None:
    for text in ("-" * 60 + "1", "[" * 60 + "]" * 60, " + ".join(["s"] * 200), "x.y" * 3000):
        try:
            compiled = feel.compile(text)
        except feel.FeelSyntaxError:
            continue
        assert compiled.check({}) is not None


# --- against the evaluator ------------------------------------------------------------------------


class Writer:
    """Writes expressions of every kind over the names above, right and wrong ones."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def write(self, depth: int) -> str:
        """Return an expression of at most that depth."""
        if depth == 0:
            return self.random.choice(
                [*KNOWN, "1", '"a"', "true", "null", "[1, 2]", 'date("2026-01-02")']
            )
        below = [self.write(self.random.randrange(depth)) for _ in range(3)]
        one, two, three = below
        name = self.random.choice(list(BUILTINS))
        function = BUILTINS[name]
        count = len(self.random.choice(function.signatures).expected)
        call = f"{name}({', '.join((below * 3)[:count])})"
        operator = self.random.choice(["+", "-", "*", "/", "**", "<", "<=", "=", "!=", "and", "or"])
        return self.random.choice(
            [
                f"({one} {operator} {two})",
                f"({one} {operator} {two})",
                call,
                call,
                f"(if {one} then {two} else {three})",
                f"({one})[{two}]",
                f"({one}).{self.random.choice(['k', 'v', 'year', 'level', 'start'])}",
                f"[({one})..({two})]",
                f"{{k: {one}, v: {two}}}",
                f"({one} in ({two}, {three}))",
                f"({one} between {two} and {three})",
                f"(for x in {one} return {two})",
                f"(some x in {one} satisfies x = {two})",
                f"({one} instance of {self.random.choice(['number', 'string', 'date'])})",
                f"[({one})..({two})]",
                f"-({one})",
            ]
        )

    def context(self) -> dict[str, Value]:
        """Return a value for every name."""
        return {name: self.random.choice(values) for name, values in VALUES.items()}


def generated(count: int) -> Iterator[tuple[str, Writer]]:
    writer = Writer(26)
    for _ in range(count):
        yield writer.write(3), writer


def test_what_is_found_wrong_gives_null_and_what_comes_out_is_of_the_type() -> None:
    wrong = right = 0
    for text, writer in generated(4_000):
        root = parse_expression(text, names=BUILTINS)
        checker = Checker()
        of = checker.type_of(root, Names(KNOWN))
        for context in (writer.context() for _ in range(3)):
            value = compiled_value(root, context)
            if value is not None:
                right += 1
                assert of.has(value), (text, in_words(of), value)
            for found in checker.found:
                if free_names(found.node) <= KNOWN.keys() | BUILTINS.keys():
                    wrong += 1
                    judge(found.kind, compiled_value(found.node, context), text)
    assert wrong > 2_000
    assert right > 2_000


def compiled_value(node: object, context: dict[str, Value]) -> Value:
    try:
        return compile_node(node, frozenset())(context, Run(NOW, is_traced=False))  # type: ignore[arg-type]
    except (feel.FeelBudgetExceeded, KeyError):
        return None


def judge(kind: MistakeKind, value: Value, text: str) -> None:
    """Say that a part found wrong came to nothing that could be meant."""
    if kind is MistakeKind.NOT_BOOLEAN:
        assert not isinstance(value, bool), text
    elif kind is MistakeKind.WRONG_FILTER:
        assert kind_of(value) not in {Kind.BOOLEAN, Kind.NUMBER}, text
    elif kind is MistakeKind.NOT_ITERABLE:
        assert not isinstance(value, list), text
    elif kind in {MistakeKind.NOT_COMPARABLE, MistakeKind.NEVER_INSTANCE}:
        # Two values that are both null are equal, whatever their types.
        assert value is not True or "= " in text or "in " in text, text
    elif kind in {MistakeKind.WRONG_OPERANDS, MistakeKind.NO_RESULT, MistakeKind.WRONG_COUNT}:
        is_open = isinstance(value, Range) and None in (value.start, value.end)
        assert value is None or is_open, (text, value)
