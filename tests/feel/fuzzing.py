"""Generated and mutated inputs to FEEL's doors: from every corner of the grammar, and from none.

An input is made from its number alone, so that any of them can be made again. Tests take a few
thousand; `tests/soak/soak_feel_fuzz.py` takes a million.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from lxml import etree

from app import feel
from app.errors import CaseError
from app.feel.builtins import BUILTINS
from tests.dmn.tck import FOLDER

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
DOORS = ("evaluate", "trace", "compile", "unary_tests")


@dataclass(frozen=True, slots=True)
class Input:
    """One input: its number, the door it goes to, its text, and the number of its context."""

    number: int
    door: str
    text: str
    context: int


# --- hostile contexts -----------------------------------------------------------------------------


class Trap:
    """A host's object that keeps the names of what was read of it."""

    touched: list[str] = []  # noqa: RUF012 - shared by intent

    @property
    def secret(self) -> str:
        Trap.touched.append("secret")
        return "hunter2"

    def __getattr__(self, name: str) -> str:
        Trap.touched.append(name)
        raise ValueError(name)

    def __call__(self, *_given: object) -> str:
        Trap.touched.append("call")
        return "hunter2"

    def __iter__(self) -> "Trap":
        Trap.touched.append("iter")
        return self


class TrapDict(dict[str, object]):
    """A context that makes up entries when it is asked for one it has not."""

    def __missing__(self, name: str) -> str:
        Trap.touched.append(f"missing {name}")
        self[name] = "made up"
        return "made up"


class TrapList(list[object]):
    """A list with an attribute of its own."""

    secret = "hunter2"


class TrapText(str):
    """A text that joins and formats in a way of its own."""

    __slots__ = ()

    def __add__(self, other: str) -> str:
        return "hunter2"

    def __format__(self, how: str) -> str:
        return "hunter2"


def _refuse(*_given: object) -> object:
    raise CaseError


def _loop() -> list[object]:
    loop: list[object] = [1]
    loop.append(loop)
    return loop


def contexts() -> list[dict[str, object]]:
    """Return the contexts inputs are evaluated in; the names in them are the same throughout."""
    zoned = datetime(2026, 3, 29, 2, 30, tzinfo=ZoneInfo("Europe/Paris"))
    plain: dict[str, object] = {
        "a": 1, "b": "text", "c": {"a": 1, "level": 3, "d": {"a": [1, 2]}}, "l": [1, 2, 3],
        "n": Decimal("3.5"), "x": True, "level": 2, "item": {"a": 1}, "d": date(2026, 3, 1),
        "m": NOW, "t": time(8, 30), "u": timedelta(days=1, hours=2), "y": feel.YearsMonths(14),
        "f": feel.host_function("f", ["a"], lambda a: a), "街道": "北街", "case level": 3,
    }  # fmt: skip
    strange: dict[str, object] = {
        "a": float("nan"), "b": "\ud800\u202e\0\ufeff", "c": TrapDict({"a": 1}), "l": _loop(),
        "n": Decimal("sNaN"), "x": Trap(), "level": Decimal("-Infinity"), "item": b"bytes",
        "d": {1, 2}, "m": datetime.max.replace(tzinfo=UTC), "t": (value for value in [1]),
        "u": timedelta.max, "y": Trap, "f": feel.host_function("f", ["a"], _refuse),
        "街道": TrapText("text"), "case level": TrapList([Trap(), 1]),
    }  # fmt: skip
    large: dict[str, object] = {
        "a": 10**5000, "b": "\U0001f600" * 20_000, "c": {str(n): n for n in range(3000)},
        "l": list(range(5000)), "n": Decimal("1e6000"), "x": [[[[1]]]], "level": -(2**70),
        "item": ["x" * 5000] * 50, "d": date.max, "m": datetime.min.replace(tzinfo=UTC),
        "t": time.max, "u": timedelta.min, "y": feel.YearsMonths(-(10**10)), "f": {"f": "f"},
        "街道": ("a", ("b",)), "case level": zoned,
    }  # fmt: skip
    return [plain, strange, large, {}]


NAMES = ("a", "b", "c", "l", "n", "x", "level", "item", "d", "m", "t", "u", "y", "f", "街道",
         "case level", "case", "unknown", "partial", "?", "c.d", "c.a", "l[1]", "self",
         "__class__", "d.year", "m.time offset", "u.days")  # fmt: skip

# --- generated expressions ------------------------------------------------------------------------

NUMBERS = ("0", "1", "2", "-1", "3.5", "1e6143", "1e-6143", "-0", "9" * 34, "0.1", "1e10", "1000",
           "100000", "1e9", "99999999999999999999999999999999999", ".5", "1e6145", "٣", "007",
           "1e", "1.", "10 ** 9", "1/3", "0/0")  # fmt: skip
TEXTS = ('""', '"a"', '"街道"', '"\\u0000"', '"\\uD83D"', '"\\U01F600"', '"a,b,,c"', '"NaN"',
         '"Infinity"', '"1e9999"', '"P1D"', '"../../etc/passwd"', '"Europe/Paris"', '"%s{0}"',
         '"2026-03-01"', '"-999999999-12-31"', '"999999999-12-31T23:59:59.999999999@Asia/Tokyo"',
         '"(a+)+b"', '"[\\\\w-[a]]*"', '"(((((((("', '"$1$2"', '"x{1000}"', '"\\\\1"', '"a|b|"',
         f'"{"ab" * 60}"', '" "', '"smixq"', '"."', '"true"', '"[1..2]"')  # fmt: skip
TIMES = ('@"2026-03-01"', '@"-999999999-01-01"', '@"999999999-12-31"', '@"0001-01-01"',
         '@"9999-12-31"', '@"24:00:00"', '@"23:59:59.999999999+18:00"', '@"00:00:00@Asia/Tokyo"',
         '@"2026-03-29T02:30:00@Europe/Paris"', '@"999999999-12-31T23:59:59Z"', '@"P1D"',
         '@"-P999999999Y11M"', '@"P9999999999D"', '@"PT0.000000001S"', '@"P1Y"', '@"x"',
         '@"2026-02-30"', 'date("2024-02-29")', "now()", "today()")  # fmt: skip
TYPES = ("number", "string", "Any", "Null", "list<number>", "list<list<Any>>", "date and time",
         "context<a: number, b: context<>>", "function<number> -> string", "range<date>",
         "years and months duration", "boolean", "date", "nothing", "list<", "context")  # fmt: skip
OPERATORS = ("+", "-", "*", "/", "**", "=", "!=", "<", "<=", ">", ">=", " and ", " or ", " in ",
             "..", " instance of ", ".")  # fmt: skip


class Grammar:
    """Writes expressions of every kind, hostile arguments among them."""

    def __init__(self, choices: random.Random) -> None:
        self._any = choices

    def expression(self, depth: int) -> str:
        """Return an expression of at most so many levels."""
        if depth <= 0 or self._any.random() < 0.15:
            return self.leaf()
        return self._any.choice(self._KINDS)(self, depth - 1)

    def leaf(self) -> str:
        """Return a literal or a name."""
        return self._any.choice(self._any.choice((NUMBERS, TEXTS, TIMES, NAMES, NAMES, _CONSTANTS)))

    def _binary(self, depth: int) -> str:
        operator = self._any.choice(OPERATORS[:-3])
        return f"({self.expression(depth)}{operator}{self.expression(depth)})"

    def _call(self, depth: int) -> str:
        function = self._any.choice(_FUNCTIONS)
        expected = self._any.choice(function.signatures).expected
        parts = [self.argument(part.kinds, depth) for part in expected]
        if expected and self._any.random() < 0.1:
            named = [f"{part.name}: {text}" for part, text in zip(expected, parts, strict=True)]
            return f"{function.name}({', '.join(named)})"
        if self._any.random() < 0.1:
            parts += [self.leaf()] * self._any.randrange(3)
        return f"{function.name}({', '.join(parts)})"

    def argument(self, kinds: frozenset[str], depth: int) -> str:
        """Return an argument, mostly of the kinds that are expected."""
        if not kinds or self._any.random() < 0.2:
            return self.expression(depth)
        makers: Mapping[str, Callable[[], str]] = {
            "number": lambda: self._any.choice(NUMBERS),
            "string": lambda: self._any.choice(TEXTS),
            "boolean": lambda: self._any.choice(_CONSTANTS),
            "list": lambda: self._list(depth),
            "context": lambda: self._context(depth),
            "range": lambda: self._range(depth),
            "function": lambda: self._function(depth),
        }
        kind = self._any.choice(sorted(kinds))
        return makers.get(kind, lambda: self._any.choice(TIMES))()

    def _list(self, depth: int) -> str:
        if self._any.random() < 0.05:
            return f"(for i in 1..{self._any.choice((50, 400, 3000))} return {self.leaf()})"
        items = [self.expression(depth - 1) for _ in range(self._any.randrange(5))]
        return f"[{', '.join(items)}]"

    def _context(self, depth: int) -> str:
        keys = self._any.sample(("a", "b", '"a b"', '"__class__"', "n", "街", "a+b", "if"), 3)
        entries = [f"{key}: {self.expression(depth - 1)}" for key in keys]
        return "{" + ", ".join(entries[: self._any.randrange(4)]) + "}"

    def _range(self, depth: int) -> str:
        opening, closing = self._any.choice("[(]"), self._any.choice("])[")
        return f"{opening}{self.expression(depth - 2)}..{self.expression(depth - 2)}{closing}"

    def _comparison(self, depth: int) -> str:
        return f"({self._any.choice(OPERATORS[5:11])} {self.expression(depth - 1)})"

    def _function(self, depth: int) -> str:
        names = self._any.choice(("a", "a, b", "", "a: number, b: list<Any>", "f", "x y"))
        outside = self._any.choice(("", "", "", ' external {java: {class: "a"}} '))
        return f"function({names}){outside or ' '}{'' if outside else self.expression(depth)}"

    def _invocation(self, depth: int) -> str:
        given = [self.expression(depth - 1) for _ in range(self._any.randrange(3))]
        return f"({self._function(depth)})({', '.join(given)})"

    def _if(self, depth: int) -> str:
        parts = [self.expression(depth) for _ in range(3)]
        return f"if {parts[0]} then {parts[1]} else {parts[2]}"

    def _for(self, depth: int) -> str:
        source = self._source(depth)
        more = f", j in {self._source(depth)}" if self._any.random() < 0.2 else ""
        body = self._any.choice(("i", "partial", "[i, partial[-1]]", self.expression(depth)))
        return f"for i in {source}{more} return {body}"

    def _source(self, depth: int) -> str:
        if self._any.random() < 0.5:
            return f"1..{self._any.choice((3, 5, 20, 100))}"
        return self.expression(depth - 1)

    def _quantified(self, depth: int) -> str:
        word = self._any.choice(("some", "every"))
        return f"{word} i in {self._source(depth)} satisfies {self.expression(depth)}"

    def _filter(self, depth: int) -> str:
        return f"({self.expression(depth)})[{self.expression(depth)}]"

    def _path(self, depth: int) -> str:
        return f"({self.expression(depth)}).{self._any.choice((*_PROPERTIES, *NAMES[:8]))}"

    def _between(self, depth: int) -> str:
        parts = [self.expression(depth - 1) for _ in range(3)]
        return f"{parts[0]} between {parts[1]} and {parts[2]}"

    def _in(self, depth: int) -> str:
        return f"{self.expression(depth)} in ({self.tests(depth)})"

    def tests(self, depth: int) -> str:
        """Return unary tests."""
        if self._any.random() < 0.05:
            return "-"
        kinds = (self._comparison, self._range, self.expression, self._list)
        tests = [self._any.choice(kinds)(depth - 1) for _ in range(1 + self._any.randrange(3))]
        return f"not({', '.join(tests)})" if self._any.random() < 0.1 else ", ".join(tests)

    def _instance(self, depth: int) -> str:
        return f"({self.expression(depth)}) instance of {self._any.choice(TYPES)}"

    def _negative(self, depth: int) -> str:
        return f"-{self.expression(depth)}"

    _KINDS: tuple[Callable[["Grammar", int], str], ...] = (
        _binary, _binary, _binary, _call, _call, _call, _call, _list, _context, _range, _comparison,
        _function, _invocation, _if, _for, _quantified, _filter, _path, _between, _in, _instance,
        _negative,
    )  # fmt: skip


_CONSTANTS = ("true", "false", "null")
_FUNCTIONS = tuple(BUILTINS[name] for name in sorted(BUILTINS))
_PROPERTIES = ("year", "month", "day", "weekday", "hour", "time offset", "timezone", "years",
               "days", "seconds", "start", "end included", "__class__", "__dict__")  # fmt: skip

# --- mutated corpora ------------------------------------------------------------------------------

ODDITIES = ("\0", "\ufeff", "\u202e", "\ud800", "\udfff", "e\u0301", "\u200b", "\u3000",
            "\U0010ffff", "，", "“", "’", "\x85", "\u2028", "\x1b", "１", "＋", "ﷺ",
            "\r")  # fmt: skip
TOKENS = ("if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "and", "or",
          "between", "instance", "of", "function", "external", "not", "true", "null", "partial",
          "item", "?", "(", ")", "[", "]", "{", "}", ",", ".", "..", ":", "@", "->", "-", "+", "*",
          "/", "**", "=", "!=", "<", ">", "<=", '"', '"a"', "//", "/*", "*/", "1", "1.5", "a", "b",
          "date", "date and time", "list<", "'", "\\", "\n", " ")  # fmt: skip


@lru_cache(maxsize=1)
def corpus() -> tuple[str, ...]:
    """Return the expressions to be found in models, diagrams, forms and tests, in one order."""
    found: dict[str, None] = {}
    folders = [ROOT / "bpmn", FOLDER] if FOLDER.is_dir() else [ROOT / "bpmn"]
    for folder in folders:
        for path in sorted((*folder.rglob("*.dmn"), *folder.rglob("*.bpmn"))):
            for node in etree.parse(path).getroot().iter():
                texts = (node.text or "", *node.attrib.values())
                found |= dict.fromkeys(text.strip().removeprefix("=") for text in texts)
    for path in sorted((*ROOT.glob("forms/*.form"), *ROOT.glob("tests/feel/test_*.py"))):
        found |= dict.fromkeys(part.strip("=") for part in path.read_text("utf-8").split('"'))
    return tuple(text for text in found if 1 < len(text) < 2_000)


def _flip(text: str, any_: random.Random) -> str:
    if not text:
        return any_.choice(ODDITIES)
    at = any_.randrange(len(text))
    code = ord(text[at]) ^ (1 << any_.randrange(8))
    return text[:at] + chr(code) + text[at + 1 :]


def _insert(text: str, any_: random.Random) -> str:
    at = any_.randrange(len(text) + 1)
    return text[:at] + any_.choice(any_.choice((ODDITIES, TOKENS, NUMBERS, TIMES))) + text[at:]


def _cut(text: str, any_: random.Random) -> str:
    at, end = sorted((any_.randrange(len(text) + 1), any_.randrange(len(text) + 1)))
    return text[:at] + text[end:]


def _double(text: str, any_: random.Random) -> str:
    at, end = sorted((any_.randrange(len(text) + 1), any_.randrange(len(text) + 1)))
    return text[:end] + text[at:end] * any_.choice((1, 1, 1, 2, 8)) + text[end:]


def _swap(text: str, any_: random.Random) -> str:
    words = text.split(" ")
    one, other = any_.randrange(len(words)), any_.randrange(len(words))
    words[one], words[other] = words[other], words[one]
    return " ".join(words)


def _storm(text: str, any_: random.Random) -> str:
    at = any_.randrange(len(text) + 1)
    times = any_.choice((3, 30, 70, 300))
    return text[:at] + any_.choice(("(", "[", "{a:", "-", "not(", "[a", "a.", "if a then "
                                    "b else ", "/*", "1+", "<")) * times + text[at:]  # fmt: skip


_MUTATIONS = (_flip, _flip, _insert, _insert, _cut, _double, _swap, _storm)


class Maker:
    """Makes inputs by number; knows the corpora."""

    def __init__(self, seed: str, texts: Sequence[str] | None = None) -> None:
        self._seed = seed
        self._texts = corpus() if texts is None else texts

    def make(self, number: int) -> Input:
        """Return the input of a number, the same one every time."""
        any_ = random.Random(f"{self._seed} {number}")
        kind = any_.random()
        door = any_.choice(DOORS)
        if kind < 0.5:
            grammar = Grammar(any_)
            depth = any_.choice((1, 2, 2, 3, 3, 4))
            text = grammar.tests(depth) if door == "unary_tests" else grammar.expression(depth)
        elif kind < 0.9:
            text = self._mutated(any_)
        else:
            words = (any_.choice((*TOKENS, *NAMES, *NUMBERS)) for _ in range(any_.randrange(25)))
            text = any_.choice((" ", " ", "")).join(words)
        return Input(number, door, text, any_.choice((0, 0, 1, 2, 3)))

    def _mutated(self, any_: random.Random) -> str:
        text = any_.choice(self._texts)
        if any_.random() < 0.15:
            other = any_.choice(self._texts)
            text = text[: any_.randrange(len(text))] + other[any_.randrange(len(other)) :]
        for _ in range(any_.choice((0, 1, 1, 1, 2, 4))):
            text = any_.choice(_MUTATIONS)(text, any_)
        return text


def run(given: Input, context: Mapping[str, object]) -> str:
    """Send an input through its door, and return what kind of outcome it had.

    Raises:
        Exception: whatever escapes besides the two errors FEEL may raise.
    """
    try:
        if given.door == "unary_tests":
            value: object = feel.unary_tests(given.text, context.get("a"), context, now=NOW)
        elif given.door == "compile":
            compiled = feel.compile(given.text, ["case level", "a+b"])
            value = len(compiled.variables) + len(compiled.unknown_functions())
        elif given.door == "trace":
            value = feel.trace(given.text, context, now=NOW).value
        else:
            value = feel.evaluate(given.text, context)
        feel.to_json(value)
    except (feel.FeelSyntaxError, feel.FeelBudgetExceeded) as error:
        return error.code
    return "null" if value is None else "value"
