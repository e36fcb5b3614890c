"""The doors of the checker: a tree and what is known of its names in, type and mistakes out.

`Expression.check` and `UnaryTests.check` call them; the rules are in the `checking` modules.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.feel.checking import calls as checking_calls
from app.feel.checking import loops as checking_loops
from app.feel.checking import names as checking_names
from app.feel.checking import tests as checking_tests
from app.feel.checking.known import BOOLEAN
from app.feel.checking.mistakes import Mistake, sentences
from app.feel.checking.nodes import Checker, Found, Names
from app.feel.syntax import tree
from app.feel.syntax.tokens import place
from app.feel.types import ANY, FeelType

RULES = (checking_calls, checking_loops, checking_names, checking_tests)


@dataclass(frozen=True, slots=True)
class Checked:
    """The type of what an expression gives, and its mistakes in the order of the text."""

    type: FeelType
    mistakes: tuple[Mistake, ...]


def check_expression(
    text: str, root: tree.Node, known: Mapping[str, FeelType], *, is_open: bool
) -> Checked:
    """Check an expression; names that are not known are mistakes unless `is_open`."""
    checker = Checker()
    return _checked(text, checker, lambda: checker.type_of(root, Names(known, is_open)))


def check_unary_tests(
    text: str,
    root: tree.Tests,
    value: FeelType,
    known: Mapping[str, FeelType],
    *,
    of: str,
    is_open: bool,
) -> Checked:
    """Check tests of a value of some type, which is called `of` in sentences."""
    checker = Checker()

    def check() -> FeelType:
        names = Names(known, is_open)
        checking_tests.check_tests(checker, root, value, names, of=of, is_cell=True)
        return BOOLEAN

    return _checked(text, checker, check)


def _checked(text: str, checker: Checker, check: Callable[[], FeelType]) -> Checked:
    try:
        of = check()
    except RecursionError:
        # What nests so deep is refused when it is compiled; what was found so far is kept.
        of = ANY
    found = sorted(checker.found, key=lambda each: each.at)
    return Checked(of, tuple(_mistake(text, each) for each in found))


def _mistake(text: str, found: Found) -> Mistake:
    line, column = place(text, found.at)
    what, mend = sentences(found.kind, dict(found.params))
    guess = found.params.get("guess", "")
    return Mistake(found.kind, line, column, found.path, what, mend, guess)
