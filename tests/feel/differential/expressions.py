"""Expressions as trees that know their text, so that their parts can be asked about alone.

`form` says what an expression is ("+", "call substring", "for"); `parts` are its text and the
expressions inside it, in order. A name that an expression binds is of the form "bound".
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from tests.feel.differential.reference import Question

OR, AND, COMPARE, ADD, MULTIPLY, POWER, INSTANCE, NEGATE, POSTFIX, ATOM = range(1, 11)
"""How tightly the parts of an expression are bound; 0 is anything. Source: 10.3.1.2, rule 4 on."""


@dataclass(frozen=True)
class Expr:
    """An expression; `names` are those it binds in all parts but the first."""

    form: str
    parts: tuple["str | Expr", ...]
    level: int = ATOM
    names: tuple[str, ...] = ()

    @cached_property
    def text(self) -> str:
        """The expression as it is written."""
        return "".join(part if isinstance(part, str) else part.text for part in self.parts)

    @cached_property
    def children(self) -> tuple["Expr", ...]:
        """The expressions directly inside, in order."""
        return tuple(part for part in self.parts if isinstance(part, Expr))

    @cached_property
    def free(self) -> frozenset[str]:
        """The bound names it speaks of that something outside binds."""
        if self.form == "bound":
            return frozenset([self.text])
        found: frozenset[str] = frozenset()
        for index, child in enumerate(self.children):
            inner = child.free - set(self.names) if index or self.binds_all else child.free
            found |= inner
        return found

    @property
    def binds_all(self) -> bool:
        """Whether the names hold in the first part too, as in a function or a context."""
        return self.form in {"function", "context"}

    @property
    def question(self) -> Question:
        """What to ask either side."""
        if self.form.startswith("unary"):
            tests = replace(self, parts=self.parts[1:])
            return Question(tests.text, self.children[0].text)
        return Question(self.text)

    def walk(self) -> Iterator["Expr"]:
        """Yield the expression and all inside it."""
        yield self
        for child in self.children:
            yield from child.walk()

    def with_children(self, change: Callable[[int, "Expr"], "Expr"]) -> "Expr":
        """Return the expression with each child changed by its index."""
        index = -1
        parts: list[str | Expr] = []
        for part in self.parts:
            if isinstance(part, Expr):
                index += 1
                part = change(index, part)
            parts.append(part)
        return replace(self, parts=tuple(parts))

    def bind(self, values: Mapping[str, "Expr"]) -> "Expr":
        """Return the expression with values in place of names bound outside it."""
        if self.form == "bound":
            return values.get(self.text, self)
        if not self.free & values.keys():
            return self
        inner = {name: value for name, value in values.items() if name not in self.names}
        return self.with_children(
            lambda index, child: child.bind(inner if index or self.binds_all else values)
        )


def leaf(form: str, text: str) -> Expr:
    """Return an expression without parts."""
    return Expr(form, (text,))


def parenthesised(child: Expr, level: int) -> tuple[str | Expr, ...]:
    """Return the parts of a child where nothing looser than `level` may stand."""
    return (child,) if child.level >= level else ("(", child, ")")


def sketch(form: str, text: str, names: tuple[str, ...] = ()) -> Expr:
    """Read an expression whose children stand in ⟨ ⟩, one level deep; ⟨form|text⟩ names a form."""
    parts: list[str | Expr] = []
    for index, piece in enumerate(text.replace("⟩", "⟨").split("⟨")):
        if index % 2:
            inner, _, written = piece.rpartition("|")
            parts.append(leaf(inner or "written", written))
        elif piece:
            parts.append(piece)
    return Expr(form, tuple(parts), names=names)
