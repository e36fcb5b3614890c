"""The known tricks: what would reach Python, the clock or a file, or take all time and memory.

Bombs are judged by their outcome and by the memory one process needs for all of them, never by
the clock: the steps an evaluation may take are what bounds its time.
"""

import decimal
import os
import resource
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from app import feel
from app.feel import FeelBudgetExceeded, FeelSyntaxError
from tests.feel.bombs import BOMBS, Bomb

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
MEGABYTE = 1024


def _outcome(bomb: Bomb) -> object:
    try:
        return feel.trace(bomb.text, bomb.context).value
    except (FeelBudgetExceeded, FeelSyntaxError) as error:
        return type(error).__name__


@pytest.mark.parametrize("bomb", BOMBS, ids=lambda bomb: bomb.name)
def test_a_bomb_comes_to_what_it_must(bomb: Bomb) -> None:
    assert _outcome(bomb) == bomb.outcome


def test_all_bombs_together_need_little_memory() -> None:
    child = os.fork()
    if child == 0:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for bomb in BOMBS:
            _outcome(bomb)
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        os._exit(0 if grown < 64 * MEGABYTE else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


ZONES = ["../../etc/passwd", "/etc/passwd", "..", ".", "", "America", "zone.tab", "tzdata.zi",
         "posixrules\0", "Europe/../Europe/Paris", "x" * 10_000, "\udcff", "paris"]  # fmt: skip


@pytest.mark.parametrize("name", ZONES)
def test_a_zone_that_is_none_never_becomes_a_path(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    feel.evaluate('@"2026-01-01T00:00:00@Europe/Paris"')
    opened: list[object] = []
    monkeypatch.setattr(os, "open", lambda *what, **_: opened.append(what))
    monkeypatch.setattr("builtins.open", lambda *what, **_: opened.append(what))
    context = {"m": NOW, "z": name}
    assert feel.evaluate("date and time(m, z)", context) is None
    assert feel.evaluate('date and time("2026-01-01T00:00:00@" + z)', context) is None
    assert opened == []


CLOCKS = ["now()", "today()", "string(now())", "now() - now()", "(function() now())()"]


@pytest.mark.parametrize("text", CLOCKS)
def test_without_a_given_clock_there_is_no_present(text: str) -> None:
    value, warnings = feel.trace(text, {})
    assert value is None
    assert warnings[0].reason.startswith(("now()", "today()"))


def test_the_present_is_the_given_one() -> None:
    assert feel.evaluate("now()", {}, now=NOW) == NOW
    assert feel.evaluate("today()", {}, now=NOW) == NOW.date()


SUMS = [
    "1 / 3",
    "-1.234567890123456789012345678901234",
    "abs(-1.234567890123456789012345678901234)",
    '@"P100000D" / @"PT0.000000007S"',
    '@"P1D" * 0.3333333333333333333333333333333333',
    "mean([1, 2, 4]) + stddev([1, 2, 4])",
    "round half up(2 / 3, 30)",
    "[9, 8, 7][-2] * 1.0000000000000000000000000000000001",
    "modulo(-7.1, 3)",
    'years and months duration(@"2020-01-01", @"2026-05-01") / 7',
]


@pytest.mark.parametrize("text", SUMS)
def test_the_decimal_context_of_the_thread_is_neither_asked_nor_changed(text: str) -> None:
    wanted = feel.evaluate(f"if true then {text} else 1", {})
    strange = decimal.Context(prec=3, rounding=decimal.ROUND_UP, Emax=9, Emin=-9)
    strange.traps[decimal.Inexact] = True
    with decimal.localcontext(strange) as context:
        before = repr(context)
        found = feel.evaluate(f"if true then ({text}) else 2", {})
        assert repr(context) == before
    assert found == wanted
    assert found is not None


HOSTILE_NAMES = ["__proto__", "__class__", "__globals__", "constructor", "self", "item.__class__"]


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_key_of_any_name_is_just_a_key(name: str) -> None:
    assert feel.evaluate(f'{{"{name}": 1}}["{name}"]', {}) in (None, [])
    assert feel.evaluate(f'get value({{"{name}": 1}}, "{name}")') == 1
    assert feel.evaluate("get value({a: 1}, n)", {"n": name}) is None


PATHS = ["s.__class__", "l.__class__", "d.__class__", "m.__class__", "z.__class__", "f.call",
         "f.parameters", "u.body", "u.scope", "u.__globals__", "b.signatures", "r.operator",
         "s.format", "n.as_tuple", "n.real", "m.tzinfo", "m.replace", "s[1].__class__",
         "(function(x) x).__code__", "count.run", "partial.__class__", "item.__dict__",
         'd["__class__"]', "s.join(l)", "x.secret", "x.secret.deep", "x[1].secret"]  # fmt: skip


class Trap:
    """A host's object that tells when anything of it is read."""

    touched: tuple[str, ...] = ()

    @property
    def secret(self) -> str:
        Trap.touched = (*Trap.touched, "secret")
        return "hunter2"

    def __getattr__(self, name: str) -> str:
        Trap.touched = (*Trap.touched, name)
        return "hunter2"

    def __call__(self) -> str:
        Trap.touched = (*Trap.touched, "call")
        return "hunter2"

    def __iter__(self) -> "Trap":
        Trap.touched = (*Trap.touched, "iter")
        return self


CONTEXT = {"s": "{0.__class__}", "l": [1], "d": {"a": 1}, "m": NOW, "n": Decimal(1), "x": Trap(),
           "f": feel.host_function("f", ["a"], lambda a: a)}  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_no_path_leads_into_python(path: str) -> None:
    text = f"{{u: function(a) a, b: count, r: [1..2], z: m, found: {path}}}.found"
    assert feel.evaluate(text, CONTEXT) in (None, [None], [])
    assert Trap.touched == ()


@pytest.mark.parametrize("text", ["x", "x()", "[x]", "{a: x}.a", "x = x", "x + 1", "string(x)",
    "count(x)", "for i in x return i", "x[1]", "x instance of Any", "sort([x, x], function(a, b) "
    "a < b)", "string join([x])", "x in [x]", "if x then 1 else 2", "x and x", "-x", "x[item]",
    "get entries(x)", "is(x, x)", "not(x)", "context([x])", "distinct values([x, x])"])  # fmt: skip
def test_a_strange_object_is_never_asked_anything(text: str) -> None:
    feel.trace(text, CONTEXT)
    assert Trap.touched == ()


COMPARATORS = ["function(a, b) true", "function(a, b) false", "function(a, b) null",
               'function(a, b) "x"', "function(a, b) a", "function(a) true", "count"]  # fmt: skip


@pytest.mark.parametrize("comparator", COMPARATORS)
def test_a_dishonest_comparator_loses_no_item(comparator: str) -> None:
    found = feel.evaluate(f"sort([3, 1, 2], {comparator})")
    assert found is None or (isinstance(found, list) and sorted(found) == [1, 2, 3])


def test_keys_that_are_no_texts_are_no_variables() -> None:
    assert feel.evaluate("1 + 1", {1: 2, None: 3, ("a",): 4}) == 2


def test_a_value_that_holds_itself_is_refused() -> None:
    loop: list[object] = []
    loop.append(loop)
    for text in ("string(l)", "flatten(l)", "l = m", "l"):
        other = [loop]
        with pytest.raises(FeelBudgetExceeded):
            feel.evaluate(text, {"l": loop, "m": other})
    with pytest.raises(FeelBudgetExceeded):
        feel.to_json(loop)


def test_a_deep_value_is_refused_as_json() -> None:
    deep = feel.evaluate("for i in 1..1000 return if i = 1 then [] else [partial[-1]]", {})
    with pytest.raises(FeelBudgetExceeded):
        feel.to_json(deep)


@pytest.mark.parametrize("operator", ["+", "-", "*", "/", "**", "=", "<", "in", ">="])
@pytest.mark.parametrize("number", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_null_to_every_operator(operator: str, number: str) -> None:
    context = {"x": Decimal(number), "d": NOW, "u": NOW - NOW, "n": 3}
    for other in ("n", "d", "u", "x", "null"):
        for text in (f"x {operator} {other}", f"{other} {operator} x"):
            assert feel.evaluate(text, context) in (None, False), text
