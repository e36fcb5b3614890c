"""The FEEL of one model, each text compiled once for the names it may use.

Tables repeat the same cells and all their cells see the same names, so loading a model takes time
in proportion to its size.
"""

from dataclasses import dataclass

from app.dmn.itemtypes import ItemTypes
from app.feel.expression import Expression, UnaryTests, compile_expression, compile_unary_tests

Names = frozenset[str]


@dataclass(frozen=True, slots=True)
class Compiled:
    """An expression, and the names it takes from around it."""

    expression: Expression
    free: Names


@dataclass(frozen=True, slots=True)
class CompiledTests:
    """Unary tests, and the names they take from around them."""

    tests: UnaryTests
    free: Names


class Cells:
    """Compiles and keeps; `known` are all names of the model, for those with spaces."""

    def __init__(self, known: Names, types: ItemTypes) -> None:
        self._known = known
        self._types = types
        self._all_names: dict[Names, Names] = {}
        self._expressions: dict[tuple[str, Names], Compiled] = {}
        self._tests: dict[tuple[str, Names], CompiledTests] = {}

    def expression(self, text: str, names: Names) -> Compiled:
        """Compile an expression in the sight of `names`.

        Raises:
            FeelSyntaxError: the text is no expression.
        """
        found = self._expressions.get((text, names))
        if found is None:
            made = compile_expression(text, self._all(names), types=self._types, bound=names)
            found = Compiled(made, made.names - names)
            self._expressions[text, names] = found
        return found

    def tests(self, text: str, names: Names) -> CompiledTests:
        """Compile unary tests in the sight of `names`.

        Raises:
            FeelSyntaxError: the text is none.
        """
        found = self._tests.get((text, names))
        if found is None:
            made = compile_unary_tests(text, self._all(names), types=self._types, bound=names)
            found = CompiledTests(made, made.names - names)
            self._tests[text, names] = found
        return found

    def _all(self, names: Names) -> Names:
        found = self._all_names.get(names)
        if found is None:
            found = self._all_names[names] = self._known | names
        return found
