"""Random FEEL expressions of every kind, the same for the same seed.

Most are well typed, so that they mean something; now and then an operand is of another kind than
its place wants.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from tests.feel.differential.builtins import SELDOM, WAYS, Parameter, Way
from tests.feel.differential.expressions import (
    ADD,
    AND,
    COMPARE,
    INSTANCE,
    MULTIPLY,
    NEGATE,
    OR,
    POSTFIX,
    POWER,
    Expr,
    leaf,
    parenthesised,
)
from tests.feel.differential.literals import Literals
from tests.feel.differential.variables import BY_KIND, CASE_ENTRIES, REPORT_ENTRIES

T = TypeVar("T")
Rule = Callable[[int], Expr]

_ILL_TYPED = 0.05
_SCALARS = ("number", "string", "boolean", "date", "time", "date and time", "days", "months")
_ORDERED = ("number", "number", "string", "date", "time", "date and time", "days", "months")
_LISTS = {
    "number": "numbers",
    "string": "strings",
    "boolean": "booleans",
    "date": "dates",
    "context": "contexts",
}
_ITEMS = {many: one for one, many in _LISTS.items()}
_TYPES = (
    *_SCALARS[:6],
    "days and time duration",
    "years and months duration",
    "list<number>",
    "list<string>",
    "context<a: number>",
    "range<number>",
    "Any",
)
_KEYS = ("a", "b", "c", "名称", "等级", "b c", "总 数")


def expression(seed: int) -> Expr:
    """Return the expression, or the unary tests, of a seed."""
    generator = Generator(random.Random(seed))
    if seed % 10 < 4:
        return generator.call(WAYS[(seed // 10 * 4 + seed % 10) % len(WAYS)], 2)
    return generator.tests(2) if seed % 10 == 4 else generator.anything(3)


def call_of(function: str, seed: int) -> Expr:
    """Return a call of one built-in function."""
    generator = Generator(random.Random(f"{function} {seed}"))
    ways = [way for way in WAYS if way.function == function]
    return generator.call(ways[seed % len(ways)], 1)


class Generator:
    """Makes expressions out of one stream of random numbers."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._literals = Literals(rng)
        self._scopes: list[Mapping[str, Sequence[str]]] = []
        self._bound = 0

    # --- choosing ---------------------------------------------------------------------------

    def _pick(self, options: Sequence[T]) -> T:
        return self._rng.choice(options)

    def _chance(self, probability: float) -> bool:
        return self._rng.random() < probability

    def _one_of(self, rules: Sequence[tuple[int, Rule]], depth: int) -> Expr:
        weights = [weight for weight, _ in rules]
        return self._rng.choices([rule for _, rule in rules], weights)[0](depth)

    def anything(self, depth: int) -> Expr:
        """Return an expression of any kind."""
        kinds = (*_SCALARS, *_SCALARS[:3], *_LISTS.values(), "numbers", "context", "range", "list")
        return self.of(self._pick(kinds), depth)

    def of(self, kind: str, depth: int) -> Expr:
        """Return an expression of a kind, rarely of another."""
        if self._chance(_ILL_TYPED):
            kind = self._pick((*_SCALARS, "null", "numbers", "context", "strings", "null"))
        if kind == "anything":
            return self.anything(depth)
        special = self._special(kind, depth)
        if special is not None:
            return special
        rules = [(30, lambda _depth: self._simple(kind))]
        if depth > 0:
            rules += self._rules(kind)
        return self._one_of(rules, depth - 1)

    def _simple(self, kind: str) -> Expr:
        bound = [name for scope in self._scopes for name in scope.get(kind, ())]
        if bound and self._chance(0.7):
            return leaf("bound", self._pick(bound))
        text = self._literals.text(kind)
        named = BY_KIND.get(kind, ())
        if named and (text is None or self._chance(0.4)):
            return leaf("variable", self._pick(named))
        if text is not None:
            # `-1` is an operator and its operand.
            return Expr(kind, (text,), NEGATE if text.startswith("-") else 10)
        return self._written(kind)

    def _written(self, kind: str) -> Expr:
        if kind in _ITEMS:
            size = self._rng.randint(0, 4)
            return self._list([self.of(_ITEMS[kind], 0) for _ in range(size)])
        if kind == "list":
            return self._list([self.anything(0) for _ in range(self._rng.randint(0, 3))])
        if kind == "context":
            return self._context(0)
        return self._interval(0)

    # --- kinds with places of their own -----------------------------------------------------

    def _special(self, kind: str, depth: int) -> Expr | None:
        if kind == "nested":
            inner = [
                self.of("numbers", 0),
                self.of("number", 0),
                self._list([self.of("strings", 0)]),
            ]
            return self._list(inner)
        if kind in {"number order", "string order"}:
            return self._order(kind.split()[0])
        if kind == "matcher":
            return self._function("number", "number", result="boolean")
        if kind in {"touching", "touched"}:
            ends = ("1", "5") if kind == "touching" else ("5", "9")
            opening, closing = self._pick("[[("), self._pick("]])")
            return Expr(
                "interval",
                (opening, leaf("number", ends[0]), "..", leaf("number", ends[1]), closing),
            )
        if kind == "date range":
            return self._interval_of("date", 0)
        if kind == "entries":
            names = self._rng.sample(_KEYS, self._rng.randint(1, 3))
            entries = [self._entry_pair(name) for name in names]
            return self._list(entries)
        if kind in {"position", "count", "scale", "whole", "small"} and self._chance(0.15):
            return self.of("number", depth)
        if kind in {"fragment", "numeral", "date text", "key"} and self._chance(0.1):
            return self.of("string", depth)
        if self._literals.text(kind) is not None and kind not in _SCALARS and kind != "null":
            return self._simple(kind)
        return None

    def _entry_pair(self, name: str) -> Expr:
        return Expr("context", (f'{{key: "{name}", value: ', self.of(self._pick(_SCALARS), 0), "}"))

    def _order(self, kind: str) -> Expr:
        x, y = self._fresh(), self._fresh()
        body = Expr("<", (leaf("bound", x), self._pick((" < ", " > ")), leaf("bound", y)), COMPARE)
        return Expr("function", (f"function({x}, {y}) ", body), 0, (x, y))

    def _fresh(self) -> str:
        self._bound += 1
        return f"{self._pick(('x', 'y', '项', 'v'))}{self._bound}"

    # --- rules ------------------------------------------------------------------------------

    def _rules(self, kind: str) -> list[tuple[int, Rule]]:
        rules: list[tuple[int, Rule]] = [
            (30, lambda depth: self._any_call(kind, depth)),
            (6, lambda depth: self._if(kind, depth)),
            (4, lambda depth: self._invocation(kind, depth)),
            (4, lambda depth: self._entry_of_context(kind, depth)),
        ]
        if kind in CASE_ENTRIES:
            rules.append((6, lambda _depth: self._entry_of_case(kind)))
        if kind in _LISTS:
            rules.append((8, lambda depth: self._item(kind, depth)))
        own: Mapping[str, list[tuple[int, Rule]]] = {
            "number": [(35, self._arithmetic), (8, self._property), (4, self._negation)],
            "string": [(14, lambda depth: self._binary("string", " + ", "string", depth))],
            "boolean": [
                (25, self._comparison),
                (20, self._logic),
                (8, self._between),
                (16, self._in),
                (8, self._quantified),
                (3, self._instance_of),
            ],
            "date": [(25, lambda depth: self._moved("date", depth))],
            "time": [(25, lambda depth: self._moved("time", depth))],
            "date and time": [(25, lambda depth: self._moved("date and time", depth))],
            "days": [(35, self._days)],
            "months": [(35, self._months)],
            "context": [(25, self._context)],
            "range": [(30, self._interval)],
            "list": [(30, lambda depth: self.of(self._pick(tuple(_ITEMS)), depth))],
        }
        rules += own.get(kind, [])
        if kind in _ITEMS:
            rules += [
                (10, lambda depth: self._for(kind, depth)),
                (12, lambda depth: self._filter(kind, depth)),
            ]
            rules.append((10, lambda depth: self._projection(kind, depth)))
            rules.append(
                (8, lambda depth: self._list([self.of(_ITEMS[kind], depth - 1) for _ in range(3)]))
            )
        return rules

    def _operand(self, kind: str, level: int, depth: int) -> tuple[str | Expr, ...]:
        child = self.of(kind, depth)
        return parenthesised(child, 11 if self._chance(0.08) else level)

    def _binary(self, left: str, operator: str, right: str, depth: int) -> Expr:
        form = operator.strip()
        level = {"+": ADD, "-": ADD, "*": MULTIPLY, "/": MULTIPLY, "**": POWER}[form]
        if self._chance(0.05):
            operator = self._pick((f"\n  {form} ", f" {form} /* 说明 */ ", f"  {form}\t"))
        first, second = self._operand(left, level, depth), self._operand(right, level + 1, depth)
        return Expr(form, (*first, operator, *second), level)

    def _arithmetic(self, depth: int) -> Expr:
        operator = self._pick((" + ", " - ", " * ", " / ", "*", " + ", " - ", " ** "))
        if operator == " ** ":
            base = self._operand("number", POWER, depth)
            return Expr("**", (*base, operator, leaf("number", self._pick("0123"))), POWER)
        if self._chance(0.04):
            unit = self._pick(("days", "months"))
            return self._binary(unit, " / ", unit, depth)
        return self._binary("number", operator, "number", depth)

    def _negation(self, depth: int) -> Expr:
        return Expr("negate", ("-", *self._operand("number", POSTFIX, depth)), NEGATE)

    def _property(self, depth: int) -> Expr:
        kind, names = self._pick(
            (
                ("date", ("year", "month", "day", "weekday")),
                ("date and time", ("year", "month", "day", "weekday", "hour", "minute", "second")),
                ("time", ("hour", "minute", "second")),
                ("days", ("days", "hours", "minutes", "seconds")),
                ("months", ("years", "months")),
            )
        )
        name = self._pick(names)
        return Expr(f"property {name}", (*self._operand(kind, POSTFIX, depth), f".{name}"), POSTFIX)

    def _moved(self, kind: str, depth: int) -> Expr:
        by = "days" if kind == "time" or self._chance(0.5) else "months"
        if self._chance(0.15):
            return self._binary(by, " + ", kind, depth)
        return self._binary(kind, self._pick((" + ", " - ")), by, depth)

    def _days(self, depth: int) -> Expr:
        if self._chance(0.4):
            kind = self._pick(("date", "date and time", "time"))
            return self._binary(kind, " - ", kind, depth)
        return self._duration("days", depth)

    def _months(self, depth: int) -> Expr:
        return self._duration("months", depth)

    def _duration(self, kind: str, depth: int) -> Expr:
        if self._chance(0.2):
            if self._chance(0.3):
                return Expr("negate", ("-", *self._operand(kind, POSTFIX, depth)), NEGATE)
            pair = self._pick(
                ((kind, " * ", "number"), ("number", " * ", kind), (kind, " / ", "number"))
            )
            return self._binary(*pair, depth)
        return self._binary(kind, self._pick((" + ", " - ")), kind, depth)

    # --- booleans ---------------------------------------------------------------------------

    def _comparison(self, depth: int) -> Expr:
        kind = self._pick(_ORDERED)
        operator = self._pick(("=", "!=", "<", "<=", ">", ">="))
        if operator in {"=", "!="} and self._chance(0.3):
            kind = self._pick(("boolean", "numbers", "context", "strings", "range", "list"))
        other = "null" if self._chance(0.05) else kind
        if {kind, other} == {"date"} and self._chance(0.15):
            other = "date and time"
        left, right = self._operand(kind, ADD, depth), self._operand(other, ADD, depth)
        return Expr(operator, (*left, f" {operator} ", *right), COMPARE)

    def _logic(self, depth: int) -> Expr:
        form, level = self._pick((("and", AND), ("or", OR)))
        kinds = ["boolean" if self._chance(0.92) else "null" for _ in range(self._pick((2, 2, 3)))]
        parts: list[str | Expr] = []
        for kind in kinds:
            parts += [f" {form} "] if parts else []
            parts += self._operand(kind, level + 1, depth)
        return Expr(form, tuple(parts), level)

    def _between(self, depth: int) -> Expr:
        kind = self._pick(_ORDERED)
        value, low, high = (self._operand(kind, ADD, depth) for _ in range(3))
        return Expr("between", (*value, " between ", *low, " and ", *high), COMPARE)

    def _in(self, depth: int) -> Expr:
        kind = self._pick(_ORDERED)
        value = self._operand(kind, ADD, depth)
        if self._chance(0.6):
            test = self._test(kind, depth)
            return Expr(f"in {test.form[5:]}", (*value, " in ", *test.parts), COMPARE)
        parts: list[str | Expr] = []
        for _ in range(self._rng.randint(2, 3)):
            parts += [", "] if parts else []
            parts.append(self._test(kind, depth))
        return Expr("in several", (*value, " in (", *parts, ")"), COMPARE)

    def _test(self, kind: str, depth: int) -> Expr:
        if self._chance(0.35):
            operator = self._pick(("<", "<=", ">", ">="))
            return Expr(f"test {operator}", (f"{operator} ", *self._operand(kind, ADD, depth)))
        if self._chance(0.6):
            return Expr("test range", (self._interval_of(kind, depth),))
        if kind in _LISTS and self._chance(0.5):
            return Expr("test list", (*self._operand(_LISTS[kind], ADD, depth),))
        return Expr("test value", (*self._operand(kind, ADD, depth),))

    def tests(self, depth: int) -> Expr:
        """Return unary tests with the value they are about."""
        kind = self._pick(_ORDERED)
        value = self.of(kind, 1)
        tests = [self._cell(kind, depth - 1) for _ in range(self._pick((1, 1, 2, 3)))]
        parts: list[str | Expr] = []
        for test in tests:
            parts += [", "] if parts else []
            parts.append(test)
        if self._chance(0.2):
            return Expr("unary not", (value, "not(", *parts, ")"), names=("?",))
        return Expr("unary", (value, *parts), names=("?",))

    def _cell(self, kind: str, depth: int) -> Expr:
        if self._chance(0.15):
            asked = leaf("bound", "?")
            operator = self._pick(("<", ">", "=", "!="))
            condition = Expr(
                operator, (asked, f" {operator} ", *self._operand(kind, ADD, depth)), COMPARE
            )
            return Expr("test input", (condition,))
        return self._test(kind, depth)

    def _quantified(self, depth: int) -> Expr:
        word = self._pick(("some", "every"))
        kind = self._pick(("number", "string", "context", "date"))
        source = self.of(_LISTS[kind], depth)
        name = self._fresh()
        with_scope = self._within(
            self._scope_of(kind, name), lambda: self._condition(kind, name, depth)
        )
        return Expr(word, (f"{word} {name} in ", source, " satisfies ", with_scope), 0, (name,))

    def _condition(self, kind: str, name: str, depth: int) -> Expr:
        if kind == "context":
            entry_kind = self._pick(tuple(REPORT_ENTRIES))
            entry = self._pick(REPORT_ENTRIES[entry_kind])
            left: Expr = Expr(f"entry {entry}", (leaf("bound", name), f".{entry}"), POSTFIX)
            kind = entry_kind
        else:
            left = leaf("bound", name)
        operator = self._pick(("<", ">", "=", "!=", "<=", ">="))
        return Expr(operator, (left, f" {operator} ", *self._operand(kind, ADD, depth)), COMPARE)

    def _scope_of(self, kind: str, name: str) -> Mapping[str, Sequence[str]]:
        return {kind: (name,)}

    def _within(self, scope: Mapping[str, Sequence[str]], make: Callable[[], T]) -> T:
        self._scopes.append(scope)
        made = make()
        self._scopes.pop()
        return made

    def _instance_of(self, depth: int) -> Expr:
        value = self._operand(
            self._pick((*_SCALARS, "numbers", "context", "null")), INSTANCE, depth
        )
        name = self._pick(_TYPES)
        return Expr("instance of", (*value, f" instance of {name}"), INSTANCE)

    # --- calls ------------------------------------------------------------------------------

    def _any_call(self, kind: str, depth: int) -> Expr:
        ways = [way for way in WAYS if way.result == kind]
        if kind == "boolean" and self._chance(0.03):
            return self.call(self._pick(SELDOM), depth)
        return self.call(self._pick(ways), depth) if ways else self._simple(kind)

    def call(self, way: Way, depth: int) -> Expr:
        """Return a call of a built-in function."""
        names = [parameter.name for parameter in way.parameters]
        can_be_named = len(set(names)) == len(names) and not way.parameters[-1].is_repeated
        is_named = can_be_named and self._chance(0.12)
        parts: list[str | Expr] = [f"{way.function}("]
        for parameter in self._given(way.parameters):
            parts += [", "] if len(parts) > 1 else []
            parts += [f"{parameter.name}: "] if is_named else []
            parts.append(self.of(parameter.kind, depth - 1))
        form = f"call {way.function}" + (" by name" if is_named else "")
        return Expr(form, (*parts, ")"), POSTFIX)

    def _given(self, parameters: Sequence[Parameter]) -> list[Parameter]:
        given: list[Parameter] = []
        for parameter in parameters:
            if parameter.is_optional and self._chance(0.5):
                break
            count = self._rng.randint(2, 3) if parameter.is_repeated else 1
            given += [parameter] * count
        return given

    def _function(self, *kinds: str, result: str) -> Expr:
        names = tuple(self._fresh() for _ in kinds)
        scope: dict[str, list[str]] = {}
        for kind, name in zip(kinds, names, strict=True):
            scope.setdefault(kind, []).append(name)
        body = self._within(scope, lambda: self.of(result, 1))
        return Expr("function", (f"function({', '.join(names)}) ", body), 0, names)

    def _invocation(self, kind: str, depth: int) -> Expr:
        kinds = [self._pick(("number", "string", kind)) for _ in range(self._rng.randint(1, 2))]
        function = self._function(*kinds, result=kind)
        parts: list[str | Expr] = ["(", function, ")("]
        is_named = self._chance(0.2)
        for name, given in zip(function.names, kinds, strict=True):
            parts += [", "] if len(parts) > 3 else []
            parts += [f"{name}: "] if is_named else []
            parts.append(self.of(given, depth - 1))
        return Expr("invoke", (*parts, ")"), POSTFIX)

    # --- contexts and lists -----------------------------------------------------------------

    def _if(self, kind: str, depth: int) -> Expr:
        condition, yes, no = self.of("boolean", depth), self.of(kind, depth), self.of(kind, depth)
        return Expr("if", ("if ", condition, " then ", yes, " else ", no), 0)

    def _list(self, items: Sequence[Expr]) -> Expr:
        parts: list[str | Expr] = []
        for item in items:
            parts += [", "] if parts else []
            parts.append(item)
        return Expr("list", ("[", *parts, "]"))

    def _context(self, depth: int) -> Expr:
        names = self._rng.sample(_KEYS, self._rng.randint(1, 3))
        parts: list[str | Expr] = ["{"]
        numbers: list[str] = []
        for name in names:
            parts += [", "] if len(parts) > 1 else []
            kind = self._pick((*_SCALARS, "number", "number", "numbers"))
            parts.append(f'"{name}": ' if self._chance(0.2) else f"{name}: ")
            parts.append(
                self._within({"number": tuple(numbers)}, lambda k=kind: self.of(k, depth - 1))
            )
            numbers += [name] if kind == "number" else []
        return Expr("context", (*parts, "}"), names=tuple(names))

    def _entry_of_context(self, kind: str, depth: int) -> Expr:
        key = self._pick(_KEYS)
        made = Expr("context", (f"{{{key}: ", self.of(kind, depth), "}"), names=(key,))
        name = key if self._chance(0.95) else "missing"
        return Expr("entry", (made, f".{name}"), POSTFIX)

    def _entry_of_case(self, kind: str) -> Expr:
        return Expr(
            "entry", (leaf("variable", "case"), f".{self._pick(CASE_ENTRIES[kind])}"), POSTFIX
        )

    def _item(self, kind: str, depth: int) -> Expr:
        source = self._operand(_LISTS[kind], POSTFIX, depth)
        index = Expr("number", (self._pick(("1", "2", "-1", "3", "-2")),))
        if self._chance(0.15):
            index = self.of("number", 1)
        return Expr("index", (*source, "[", index, "]"), POSTFIX)

    def _filter(self, kind: str, depth: int) -> Expr:
        source = self._operand(kind, POSTFIX, depth)
        item = _ITEMS[kind]
        if self._chance(0.06):
            return Expr("filter", (*source, "[", self._simple("boolean"), "]"), POSTFIX, ("item",))
        entries = REPORT_ENTRIES if item == "context" else {item: ("item",)}
        names = ("item", *(n for group in entries.values() for n in group if item == "context"))
        condition = self._within(entries, lambda: self._item_condition(entries, depth))
        return Expr("filter", (*source, "[", condition, "]"), POSTFIX, names)

    def _item_condition(self, entries: Mapping[str, Sequence[str]], depth: int) -> Expr:
        kind = self._pick(tuple(entries))
        left = leaf("bound", self._pick(entries[kind]))
        operator = self._pick(("<", ">", "=", "!=", "<=", ">="))
        test = Expr(operator, (left, f" {operator} ", *self._operand(kind, ADD, depth)), COMPARE)
        if self._chance(0.25):
            other = self._operand("boolean", AND + 1, 0)
            return Expr("and", (test, " and ", *other), AND)
        return self._any_call("boolean", 1) if self._chance(0.03) else test

    def _projection(self, kind: str, depth: int) -> Expr:
        item = _ITEMS[kind]
        if item not in REPORT_ENTRIES:
            return self._written(kind)
        source: tuple[str | Expr, ...] = (leaf("variable", "reports"),)
        if self._chance(0.5):
            source = (self._filter("contexts", depth),)
        name = self._pick(REPORT_ENTRIES[item])
        return Expr("entry", (*source, f".{name}"), POSTFIX)

    def _for(self, kind: str, depth: int) -> Expr:
        result = _ITEMS[kind]
        name = self._fresh()
        if self._chance(0.3):
            return self._for_range(name, result, depth)
        item = self._pick(("number", "string", "date", result))
        source = self.of(_LISTS.get(item, "numbers"), depth)
        if self._chance(0.25):
            return self._for_two(name, source, (item, result), depth)
        body = self._within({item: (name,)}, lambda: self.of(result, max(depth, 1)))
        return Expr("for", (f"for {name} in ", source, " return ", body), 0, (name, "partial"))

    def _for_range(self, name: str, result: str, depth: int) -> Expr:
        start, end = self._rng.randint(-1, 4), self._rng.randint(0, 5)
        body = self._within({"number": (name,)}, lambda: self.of(result, max(depth, 1)))
        if result == "number" and self._chance(0.2):
            partial = self._pick(("count(partial)", "sum(partial)", "partial[-1]"))
            body = Expr("+", (leaf("bound", name), " + ", Expr("partial", (partial,))), ADD)
        source = Expr("iteration", (f"{start}..{end}",))
        return Expr("for", (f"for {name} in ", source, " return ", body), 0, (name, "partial"))

    def _for_two(self, name: str, source: Expr, kinds: tuple[str, str], depth: int) -> Expr:
        item, result = kinds
        other = self._fresh()
        second = self._within({item: (name,)}, lambda: self.of("numbers", 1))
        scope = (
            {item: (name,), "number": (other,)} if item != "number" else {"number": (name, other)}
        )
        body = self._within(scope, lambda: self.of(result, max(depth, 1)))
        head = (f"for {name} in ", source, f", {other} in ", second, " return ", body)
        return Expr("for several", head, 0, (name, other, "partial"))

    # --- ranges -----------------------------------------------------------------------------

    def _interval(self, depth: int) -> Expr:
        return self._interval_of("number", depth)

    def _interval_of(self, kind: str, depth: int) -> Expr:
        opening = self._pick(("[", "[", "(", "]"))
        closing = self._pick(("]", "]", ")", "["))
        start, end = self._operand(kind, ADD, depth - 1), self._operand(kind, ADD, depth - 1)
        return Expr("interval", (opening, *start, "..", *end, closing))
