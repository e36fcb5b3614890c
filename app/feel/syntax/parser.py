"""Tokens → syntax tree, by precedence climbing; refuses whatever is no FEEL.

Called by `app.feel.expression`. Source: OMG DMN 1.5, 10.3.1.2.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation

from app.feel.compiling.decimals import ARITHMETIC, MAX_EXPONENT
from app.feel.errors import FeelSyntaxError, Trouble
from app.feel.limits import MAX_CHAIN, MAX_DEPTH
from app.feel.syntax import hints, tree
from app.feel.syntax.control import ControlParser
from app.feel.syntax.names import NameTable, join_unknown, scan_declared
from app.feel.syntax.tokens import Kind, Token, fail, scan, unquote
from app.feel.temporal.text import parse_any
from app.feel.types import FeelType

_OR, _AND, _COMPARE, _ADD, _MULTIPLY, _POWER, _NEGATE, _INSTANCE = range(1, 9)
_COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
_ARITHMETIC = {"+": _ADD, "-": _ADD, "*": _MULTIPLY, "/": _MULTIPLY, "**": _POWER}
_CONSTANTS: Mapping[str, object] = {"true": True, "false": False, "null": None}
_ENDS = frozenset(["then", "else", "return", "satisfies", "in", "and", "or", "between", "instance"])


class Parser(ControlParser):
    """One pass over one text."""

    def __init__(
        self,
        text: str,
        *,
        known: NameTable,
        types: Mapping[str, FeelType] | None = None,
        entries: Iterable[str] = (),
    ) -> None:
        super().__init__(text, scan(text), types or {}, known=known, entries=entries)
        self._depth = 0
        self._is_range_end = False
        self._has_input = False

    def expression(self) -> tree.Node:
        """Parse the whole text as one expression.

        Raises:
            FeelSyntaxError: it is none.
        """
        node = self._parse(0)
        self._end()
        return node

    def unary_tests(self) -> tree.Tests:
        """Parse the whole text as unary tests.

        Raises:
            FeelSyntaxError: it is none.
        """
        first = self._token
        if first.text == "-" and self._tokens[1].kind is Kind.END:
            return tree.Tests(first.start, (), False)
        if first.text == "not" and self._tokens[1].text == "(":
            return self._negated_tests()
        tests = self._tests()
        self._end()
        return tree.Tests(first.start, tests, False)

    def _negated_tests(self) -> tree.Tests:
        """Read `not(…)`, or tests of which the first begins with a call of the function not()."""
        given = self._known
        try:
            self._index = 2
            tests = self._tests()
            self._expect(")")
            self._end()
            return tree.Tests(self._tokens[0].start, tests, True)
        except FeelSyntaxError as refusal:
            first = refusal
        self._index, self._depth, self._known = 0, 0, given
        self._is_range_end = self._has_input = False
        try:
            tests = self._tests()
            self._end()
            return tree.Tests(self._tokens[0].start, tests, False)
        except FeelSyntaxError as second:
            # The reading that got further knows better what is wrong.
            raise max(first, second, key=lambda error: (error.line, error.column)) from None

    # --- tokens -----------------------------------------------------------------------------

    def _end(self) -> None:
        if self._token.kind is not Kind.END:
            self._fail("an operator or the end")

    # --- operators --------------------------------------------------------------------------

    def _parse(self, minimum: int) -> tree.Node:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            self._fail(f"at most {MAX_DEPTH} levels of nesting")
        left = self._prefix()
        for _ in range(MAX_CHAIN):
            level = self._level()
            if level <= minimum:
                self._depth -= 1
                return left
            left = self._infix(left, level)
        return self._fail(f"at most {MAX_CHAIN} operators in a row")

    def _level(self) -> int:
        token = self._token
        if token.kind is Kind.SYMBOL:
            return _COMPARE if token.text in _COMPARISONS else _ARITHMETIC.get(token.text, 0)
        if token.kind is not Kind.NAME:
            return 0
        if token.text == "instance":
            return _INSTANCE
        levels = {"or": _OR, "and": _AND, "between": _COMPARE, "in": _COMPARE}
        return levels.get(token.text, 0)

    def _infix(self, left: tree.Node, level: int) -> tree.Node:
        token = self._advance()
        if level in {_OR, _AND}:
            return self._chain(left, token, level)
        if token.text == "instance":
            self._expect("of")
            return tree.InstanceOf(token.start, left, self.instance_type())
        if token.text == "between":
            low = self._parse(_AND)
            self._expect("and")
            return tree.Between(token.start, left, low, self._parse(_COMPARE))
        if token.text == "in":
            return tree.In(token.start, left, self._in_tests())
        right = self._parse(level)
        if level == _COMPARE:
            return tree.Compare(token.start, token.text, left, right)
        return tree.Arithmetic(token.start, token.text, left, right)

    def _chain(self, first: tree.Node, operator: Token, level: int) -> tree.Node:
        operands = [first, self._parse(level)]
        while self._token.text == operator.text and self._token.kind is Kind.NAME:
            self._advance()
            operands.append(self._parse(level))
        return tree.Logical(operator.start, level == _AND, tuple(operands))

    def _prefix(self) -> tree.Node:
        token = self._token
        if token.text == "-" and token.kind is Kind.SYMBOL:
            self._advance()
            if self._token.kind is Kind.NUMBER:
                number = self._number(self._advance())
                return self._postfix(tree.Literal(token.start, ARITHMETIC.minus(number)))
            return tree.Negate(token.start, self._parse(_NEGATE))
        return self._postfix(self._primary())

    def _postfix(self, node: tree.Node) -> tree.Node:
        for _ in range(MAX_CHAIN):
            token = self._token
            if token.kind is not Kind.SYMBOL or token.text not in {".", "[", "("}:
                return node
            if token.text == "[" and self._is_range_end and not self._begins_filter():
                return node
            self._advance()
            if token.text == ".":
                node = tree.Path(self._token.start, node, self._property())
            elif token.text == "[":
                with self._scope(self._entry_names):
                    node = tree.Filter(token.start, node, self._inside("]"))
            else:
                node = self._call(node)
        return self._fail(f"at most {MAX_CHAIN} steps in a row")

    def _begins_filter(self) -> bool:
        """Tell `[1..list[2]]` from `[1..10[`: behind an open end no operand follows."""
        following = self._tokens[self._index + 1]
        if following.kind is Kind.NAME:
            return following.text not in _ENDS
        # Nothing is subtracted from a range, nor is one called: these begin an index.
        return following.kind in {Kind.NUMBER, Kind.STRING} or following.text in {"-", "(", "@"}

    def _inside(self, closing: str) -> tree.Node:
        outer, self._is_range_end = self._is_range_end, False
        node = self._parse(0)
        self._is_range_end = outer
        self._expect(closing)
        return node

    def _property(self) -> str:
        if self._token.kind is not Kind.NAME:
            self._fail("a name")
        found = self._entries.longest(self._tokens, self._index)
        name, self._index = found or join_unknown(self._tokens, self._index)
        return name

    # --- operands ---------------------------------------------------------------------------

    def _primary(self) -> tree.Node:
        token = self._token
        if token.kind is Kind.NUMBER:
            self._advance()
            return tree.Literal(token.start, self._number(token))
        if token.kind is Kind.STRING:
            self._advance()
            return tree.Literal(token.start, unquote(token.text))
        if token.kind is Kind.NAME:
            return self._named(token)
        opening = {"(": self._parenthesis, "[": self._bracket, "]": self._range, "{": self._context}
        if token.kind is Kind.SYMBOL and token.text in opening:
            outer, self._is_range_end = self._is_range_end, False
            node = opening[token.text]()
            self._is_range_end = outer
            return node
        if token.text == "@":
            return self._at_literal()
        return self._fail("a value")

    def _number(self, token: Token) -> Decimal:
        try:
            value = Decimal(token.text)
        except InvalidOperation:
            self._fail("a number of a smaller exponent")
        if abs(value.adjusted()) >= MAX_EXPONENT:
            self._fail(f"a number of at most {MAX_EXPONENT} digits")
        return ARITHMETIC.plus(value)

    def _at_literal(self) -> tree.Node:
        start = self._advance().start
        if self._token.kind is not Kind.STRING:
            self._fail('a date, time or duration in quotes, such as @"2026-03-01"')
        try:
            value = parse_any(unquote(self._token.text))
        except Trouble:
            self._fail('a date, time or duration such as @"2026-03-01" or @"PT4H"')
        self._advance()
        return tree.Literal(start, value)

    def _named(self, token: Token) -> tree.Node:
        found = self._known.longest(self._tokens, self._index)
        if found is None:
            special = {
                "if": self._if,
                "for": self._for,
                "some": self._quantified,
                "every": self._quantified,
                "function": self._function,
            }
            if token.text in special:
                return special[token.text]()
            if token.text in _CONSTANTS:
                self._advance()
                return tree.Literal(token.start, _CONSTANTS[token.text])
            if token.text in _ENDS:
                self._fail("a value")
            if token.text == "?":
                self._advance()
                self._has_input = True
                return tree.Name(token.start, "?")
            found = join_unknown(self._tokens, self._index)
            self._refuse_operators(self._tokens[self._index : found[1]])
        name, self._index = found
        return tree.Name(token.start, name)

    def _refuse_operators(self, words: Sequence[Token]) -> None:
        meant = hints.for_words(words) if len(words) > 1 else None
        if meant is not None:
            token, mending = meant
            fail(self._text, token.start, mending, repr(token.text))

    def _parenthesis(self) -> tree.Node:
        start = self._advance().start
        if self._token.text in _COMPARISONS and self._token.kind is Kind.SYMBOL:
            return self._comparison_range(start)
        node = self._parse(0)
        if self._token.text == "..":
            return self._range_from(start, node, False)
        self._expect(")")
        return node

    def _comparison_range(self, start: int) -> tree.Node:
        operator = self._advance().text
        operand = self._parse(_COMPARE)
        self._expect(")")
        return tree.ComparisonRange(start, operator, operand)

    def _bracket(self) -> tree.Node:
        start = self._advance().start
        items: list[tree.Node] = []
        while self._token.text != "]" or self._begins_open_range():
            items.append(self._parse(0))
            if self._token.text == ".." and len(items) == 1:
                return self._range_from(start, items[0], True)
            if self._token.text != "," or self._token.kind is not Kind.SYMBOL:
                break
            self._advance()
            if self._token.text == "]" and not self._begins_open_range():
                self._fail("a value after the comma")
        self._expect("]")
        return tree.ListOf(start, tuple(items))

    def _begins_open_range(self) -> bool:
        """Tell the `]` that begins `]1..2]` inside a list from the one that ends the list."""
        level = 0
        for token in self._tokens[self._index + 1 :]:
            if token.text == ".." and level == 0:
                return self._index + 1 < len(self._tokens)
            if token.kind is Kind.SYMBOL and token.text in {",", ")", "]", "}", "["} and level == 0:
                return False
            if token.kind is Kind.END or (token.kind is Kind.NAME and token.text in _ENDS):
                return False
            if token.kind is Kind.SYMBOL:
                level += (token.text in {"(", "{"}) - (token.text in {")", "}"})
        return False

    def _range(self) -> tree.Node:
        start = self._advance().start
        node = self._parse(0)
        if self._token.text != "..":
            self._fail("..")
        return self._range_from(start, node, False)

    def _range_from(self, start: int, first: tree.Node, is_included: bool) -> tree.Node:
        self._advance()
        self._is_range_end = True
        last = self._parse(0)
        self._is_range_end = False
        closing = self._token
        if closing.text not in {"]", ")", "["} or closing.kind is not Kind.SYMBOL:
            self._fail("], ) or [")
        self._advance()
        return tree.RangeOf(start, first, last, is_included, closing.text == "]")

    def _context(self) -> tree.Node:
        with self._scope():
            return self._context_in_scope()

    def _context_in_scope(self) -> tree.Node:
        start = self._advance().start
        entries: dict[str, tree.Node] = {}
        while self._token.text != "}":
            name = self._key()
            if name in entries:
                self._fail(f"each key once, not {name!r} again")
            self._expect(":")
            self._known.add(name)
            if not name.isidentifier():
                self._entries.add(name)
                self._entry_names.append(name)
            entries[name] = self._parse(0)
            if not self._comma("}"):
                break
        self._expect("}")
        return tree.ContextOf(start, tuple(entries.items()))

    def _key(self) -> str:
        if self._token.kind is Kind.STRING:
            return unquote(self._advance().text)
        return self._declared("a key")

    def _call(self, function: tree.Node) -> tree.Node:
        outer, self._is_range_end = self._is_range_end, False
        names: list[str] = []
        arguments: list[tree.Node] = []
        while self._token.text != ")":
            end = scan_declared(self._tokens, self._index)
            if end is not None and self._tokens[end].text == ":":
                names.append(self._declared("a parameter"))
                self._advance()
            arguments.append(self._parse(0))
            if len(names) not in {0, len(arguments)}:
                self._fail("either names for all arguments or for none")
            if not self._comma(")"):
                break
        self._expect(")")
        self._is_range_end = outer
        return tree.Call(function.at, function, tuple(arguments), tuple(names))

    # --- unary tests ------------------------------------------------------------------------

    def _in_tests(self) -> tree.Tests:
        start = self._token.start
        if self._token.text == "(" and not self._is_range_ahead():
            first = self._index
            self._advance()
            tests = self._tests()
            self._expect(")")
            is_operand = len(tests) == 1 and self._level() > _COMPARE
            is_source = not self._is_range_end and self._token.text in {".", "[", "("}
            if not (is_operand or is_source):
                return tree.Tests(start, tests, False)
            # An expression that only begins with a parenthesis, such as (list)[1] or (a) + b.
            self._index = first
        return tree.Tests(start, (self._test(_COMPARE),), False)

    def _is_range_ahead(self) -> bool:
        level = 0
        for token in self._tokens[self._index :]:
            if token.kind is Kind.SYMBOL:
                level += (token.text in "([{") - (token.text in ")]}")
            if level == 1 and token.text == "..":
                return True
            if (level == 1 and token.text == ",") or level <= 0:
                return False
        return False

    def _tests(self) -> tuple[tree.Test, ...]:
        tests = [self._test(0)]
        while self._token.text == "," and self._token.kind is Kind.SYMBOL:
            self._advance()
            tests.append(self._test(0))
        return tuple(tests)

    def _test(self, minimum: int) -> tree.Test:
        token = self._token
        if token.kind is Kind.SYMBOL and token.text in _COMPARISONS:
            self._advance()
            return tree.CompareTest(token.start, token.text, self._parse(_COMPARE))
        outer, self._has_input = self._has_input, False
        node = self._parse(minimum)
        test = tree.ValueTest(token.start, node, self._has_input)
        self._has_input = self._has_input or outer
        return test


def parse_expression(
    text: str,
    *,
    names: Iterable[str] | NameTable,
    types: Mapping[str, FeelType] | None = None,
    entries: Iterable[str] = (),
) -> tree.Node:
    """Parse an expression; `names` are known names, those of one word may be left out.

    `entries` are names known behind a dot and inside a filter only.
    """
    return Parser(text, known=_own_table(names), types=types, entries=entries).expression()


def parse_unary_tests(
    text: str,
    *,
    names: Iterable[str] | NameTable,
    types: Mapping[str, FeelType] | None = None,
    entries: Iterable[str] = (),
) -> tree.Tests:
    """Parse unary tests, such as the cell of a decision table."""
    return Parser(text, known=_own_table(names), types=types, entries=entries).unary_tests()


def _own_table(names: Iterable[str] | NameTable) -> NameTable:
    return NameTable(base=names) if isinstance(names, NameTable) else NameTable(names)
