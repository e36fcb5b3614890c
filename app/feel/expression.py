"""The doors of FEEL: text in, compiled expression out, cached; evaluation with its budget.

Everybody outside reaches these through `app.feel`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from app.feel.builtins import BUILTINS
from app.feel.checking.doors import Checked, check_expression, check_unary_tests
from app.feel.compiling import calls as compile_calls
from app.feel.compiling import loops as compile_loops
from app.feel.compiling.nodes import compile_node
from app.feel.compiling.run import Bindings, Code, FeelWarning, Run
from app.feel.compiling.tests import TestCode, compile_tests
from app.feel.errors import FeelBudgetExceeded, FeelSyntaxError
from app.feel.kept import Kept
from app.feel.limits import KEPT_NAME_TABLES
from app.feel.odd_names import KnownKeys, odd_keys, special_names
from app.feel.results import outgoing
from app.feel.syntax import tree
from app.feel.syntax.names import NameTable
from app.feel.syntax.parser import parse_expression, parse_unary_tests
from app.feel.syntax.survey import Mention, mentions, weight
from app.feel.syntax.tokens import place
from app.feel.types import ANY, FeelType
from app.feel.values import Value, number_of

RULES = (compile_calls, compile_loops)


class Traced(NamedTuple):
    """A value, and why parts of its expression became null; unpacks as the two."""

    value: Value
    warnings: tuple[FeelWarning, ...]


@dataclass(frozen=True, slots=True)
class Variable:
    """A free variable with the path read from it, and its place (line and column from 1).

    `is_certain` is false inside a filter, where the name may be an entry of the filtered items.
    """

    path: tuple[str, ...]
    line: int
    column: int
    is_certain: bool

    @property
    def name(self) -> str:
        """The variable's own name."""
        return self.path[0]


class _Compiled:
    """What expressions and unary tests have in common: a text, and what it speaks of."""

    __slots__ = ("_found", "_root", "text")

    def __init__(self, text: str, root: tree.Node) -> None:
        self.text = text
        self._root = root
        self._found: tuple[Mention, ...] | None = None

    @property
    def _mentions(self) -> tuple[Mention, ...]:
        # Only lint and the deployment ask: whoever evaluates does not wait for it.
        if self._found is None:
            self._found = tuple(mentions(self._root))
        return self._found

    @property
    def variables(self) -> tuple[Variable, ...]:
        """The free variables in the order of the text, called functions aside."""
        return tuple(
            self._variable(mention)
            for mention in self._mentions
            if not mention.is_called and not _means_builtin(mention) and mention.path[0] != "?"
        )

    @property
    def names(self) -> frozenset[str]:
        """The names of the variables the expression certainly reads."""
        return frozenset(variable.name for variable in self.variables if variable.is_certain)

    @property
    def paths(self) -> frozenset[tuple[str, ...]]:
        """The paths the expression certainly reads, such as ("case", "level")."""
        return frozenset(variable.path for variable in self.variables if variable.is_certain)

    def unknown_functions(self, known: Iterable[str] = ()) -> tuple[Variable, ...]:
        """List the called functions that are neither built in nor among the known ones.

        `known` holds names as they are called, `"calendar.after"` among them.
        """
        given = frozenset(known)
        return tuple(
            self._variable(mention)
            for mention in self._mentions
            if mention.is_called
            and not _means_builtin(mention)
            and ".".join(mention.path) not in given
        )

    def _variable(self, mention: Mention) -> Variable:
        line, column = place(self.text, mention.at)
        return Variable(mention.path, line, column, mention.is_certain)

    def _warnings(self, run: Run) -> tuple[FeelWarning, ...]:
        return tuple(FeelWarning(*place(self.text, at), reason) for at, reason in run.notes or ())


def _means_builtin(mention: Mention) -> bool:
    return len(mention.path) == 1 and mention.path[0] in BUILTINS


class Expression(_Compiled):
    """A compiled expression; it may be evaluated by many threads at once."""

    __slots__ = ("_code",)

    def __init__(self, text: str, root: tree.Node, code: Code) -> None:
        super().__init__(text, root)
        self._code = code

    def check(self, known: Mapping[str, FeelType], *, is_open: bool = False) -> Checked:
        """Say of what type the value will be, and what can only give null or never be true.

        `known` are the types of the variables, Any where nothing is known of one; there are no
        others unless `is_open`. What is not certainly wrong is no mistake.
        """
        return check_expression(self.text, self._root, known, is_open=is_open)

    def evaluate(self, context: Mapping[str, Value], *, now: datetime | None = None) -> Value:
        """Return the expression's value in a context.

        Raises:
            FeelBudgetExceeded: it took more than an evaluation may.
        """
        run = Run(now)
        try:
            value = self._code(context, run)
            return value if type(value) is bool else outgoing(value, run)
        except RecursionError:
            raise FeelBudgetExceeded(what="depth") from None

    def trace(self, context: Mapping[str, Value], *, now: datetime | None = None) -> Traced:
        """Return the value, and a warning for each part that became null through trouble.

        Raises:
            FeelBudgetExceeded: it took more than an evaluation may.
        """
        run = Run(now, is_traced=True)
        try:
            value = outgoing(self._code(context, run), run)
        except RecursionError:
            raise FeelBudgetExceeded(what="depth") from None
        return Traced(value, self._warnings(run))

    def within(self, scope: Bindings, run: Run) -> Value:
        """Evaluate as a part of a larger run, with its budget and warnings (for `app.dmn`).

        Numbers inside lists and contexts stay as the host gave them: `outgoing` is the larger
        run's to call at its end.
        """
        try:
            # What runs once may build what its text holds; inside a larger run it may run often.
            run.spend(2 * (self._root.weight or weight(self._root)))
            return _tidy(self._code(scope, run))
        except RecursionError:
            raise FeelBudgetExceeded(what="depth") from None


class UnaryTests(_Compiled):
    """Compiled unary tests, such as a cell of a decision table."""

    __slots__ = ("_code",)
    _root: tree.Tests

    def __init__(self, text: str, root: tree.Tests, code: TestCode) -> None:
        super().__init__(text, root)
        self._code = code

    def check(
        self,
        known: Mapping[str, FeelType],
        value: FeelType = ANY,
        *,
        of: str = "the tested value",
        is_open: bool = False,
    ) -> Checked:
        """Say what in the tests is wrong, or can never be passed by a value of a type.

        `of` is what sentences call the value; for the rest see `Expression.check`.
        """
        return check_unary_tests(self.text, self._root, value, known, of=of, is_open=is_open)

    @property
    def code(self) -> TestCode:
        """The bare function of value, scope and run (for `app.dmn`)."""
        return self._code

    def evaluate(
        self, value: Value, context: Mapping[str, Value], *, now: datetime | None = None
    ) -> bool | None:
        """Say whether a value passes, null where that cannot be told.

        Raises:
            FeelBudgetExceeded: it took more than an evaluation may.
        """
        try:
            return self._code(value, context, Run(now))
        except RecursionError:
            raise FeelBudgetExceeded(what="depth") from None


def _tidy(value: Value) -> Value:
    if type(value) is int or type(value) is float:
        return number_of(value)
    return value


def compile_expression(
    text: str,
    names: Iterable[str] = (),
    *,
    types: Mapping[str, FeelType] | None = None,
    bound: frozenset[str] | None = None,
    entries: Iterable[str] = (),
) -> Expression:
    """Compile an expression; results are cached by text and names.

    `names` are variables known to exist: names with spaces or operators are recognised by them,
    and a name among them never means the built-in function of that name. Where `bound` is given,
    that holds for the names in it only. `entries` are keys of contexts inside the variables, for
    those with operators in them: they are recognised behind a dot and in a filter.

    `types` are the types `instance of` knows besides FEEL's.

    Raises:
        FeelSyntaxError: the text is no expression.
    """
    if types or bound is not None:
        return _compile(text, frozenset(names), types, bound, frozenset(entries))
    key = (text, frozenset(names), frozenset(entries))
    return _expressions.get(key) or _expressions.keep(
        key, _compile(text, key[1], None, entries=key[2]), len(text)
    )


def compile_unary_tests(
    text: str,
    names: Iterable[str] = (),
    *,
    types: Mapping[str, FeelType] | None = None,
    bound: frozenset[str] | None = None,
) -> UnaryTests:
    """Compile unary tests; results are cached by text and names.

    Raises:
        FeelSyntaxError: the text is none.
    """
    if types or bound is not None:
        return _compile_tests(text, frozenset(names), types, bound)
    key = (text, frozenset(names))
    return _tests.get(key) or _tests.keep(key, _compile_tests(text, key[1], None), len(text))


@lru_cache(maxsize=KEPT_NAME_TABLES)
def _known(names: frozenset[str]) -> NameTable:
    return NameTable(names | BUILTINS.keys())


def _compile(
    text: str,
    names: frozenset[str],
    types: Mapping[str, FeelType] | None,
    bound: frozenset[str] | None = None,
    entries: frozenset[str] = frozenset(),
) -> Expression:
    try:
        root = parse_expression(text, names=_known(names), types=types, entries=entries)
        return Expression(text, root, compile_node(root, names if bound is None else bound))
    except RecursionError:
        raise FeelSyntaxError(1, 1, "a shorter or less nested text", "too much of it") from None


def _compile_tests(
    text: str,
    names: frozenset[str],
    types: Mapping[str, FeelType] | None,
    bound: frozenset[str] | None = None,
) -> UnaryTests:
    try:
        root = parse_unary_tests(text, names=_known(names), types=types)
        return UnaryTests(
            text, root, compile_tests(root, names if bound is None else bound, is_cell=True)
        )
    except RecursionError:
        raise FeelSyntaxError(1, 1, "a shorter or less nested text", "too much of it") from None


_expressions: Kept[Expression] = Kept()
_tests: Kept[UnaryTests] = Kept()


def _compile_for(text: str, context: Mapping[str, Value]) -> Expression:
    return compile_expression(text, special_names(context), entries=odd_keys(text, context))


def evaluate(
    text: str, context: Mapping[str, Value] | None = None, *, now: datetime | None = None
) -> Value:
    """Compile (or recall) an expression and return its value in a context.

    Raises:
        FeelSyntaxError: the text is no expression.
        FeelBudgetExceeded: it took more than an evaluation may.
    """
    scope = {} if context is None else context
    return _compile_for(text, scope).evaluate(scope, now=now)


def trace(
    text: str,
    context: Mapping[str, Value] | None = None,
    *,
    now: datetime | None = None,
    known: KnownKeys | None = None,
) -> Traced:
    """Evaluate like `evaluate`, and tell why parts became null.

    `known` keeps between calls what lies inside values that nobody changes.

    Raises:
        FeelSyntaxError: the text is no expression.
        FeelBudgetExceeded: it took more than an evaluation may.
    """
    scope = {} if context is None else context
    if known is None:
        return _compile_for(text, scope).trace(scope, now=now)
    entries = known.odd_keys(text, scope)
    return compile_expression(text, special_names(scope), entries=entries).trace(scope, now=now)


def unary_tests(
    text: str,
    value: Value,
    context: Mapping[str, Value] | None = None,
    *,
    now: datetime | None = None,
) -> bool | None:
    """Say whether a value passes unary tests, null where that cannot be told.

    Raises:
        FeelSyntaxError: the text is none.
        FeelBudgetExceeded: it took more than an evaluation may.
    """
    scope = {} if context is None else context
    tests = compile_unary_tests(text, special_names(scope))
    return tests.evaluate(value, scope, now=now)
