"""The syntax tree of FEEL: frozen nodes, each knowing the offset where it begins.

The parser builds it; the compiler and the survey of names walk it.
"""

from dataclasses import dataclass, field
from typing import TypeAlias

from app.feel.types import FeelType


@dataclass(frozen=True, slots=True)
class Node:
    """Any part of an expression, beginning at offset `at`.

    `weight` and `free` are kept by `app.feel.syntax.survey` once it has found them.
    """

    at: int
    weight: int | None = field(default=None, init=False, compare=False, repr=False)
    free: frozenset[str] | None = field(default=None, init=False, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A constant: number, string, boolean, null or temporal value."""

    value: object


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A variable or a built-in function by name; `?` is the tested value."""

    name: str


@dataclass(frozen=True, slots=True)
class Path(Node):
    """`source.name`."""

    source: Node
    name: str


@dataclass(frozen=True, slots=True)
class Filter(Node):
    """`source[condition]`, an index or a selection."""

    source: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class ListOf(Node):
    """`[a, b]`."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ContextOf(Node):
    """`{a: 1, b: a + 1}`; later entries see earlier ones."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class RangeOf(Node):
    """`[a..b)`."""

    start: Node
    end: Node
    is_start_included: bool
    is_end_included: bool


@dataclass(frozen=True, slots=True)
class ComparisonRange(Node):
    """`(>= 5)` as a value: a range open to infinity."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class If(Node):
    """`if condition then yes else no`."""

    condition: Node
    yes: Node
    no: Node


@dataclass(frozen=True, slots=True)
class Iteration:
    """`name in source` or `name in source..until` of a loop."""

    name: str
    source: Node
    until: Node | None


@dataclass(frozen=True, slots=True)
class For(Node):
    """`for … return body`."""

    iterations: tuple[Iteration, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """`some … satisfies …` (`is_every` false) or `every … satisfies …`."""

    is_every: bool
    iterations: tuple[Iteration, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Logical(Node):
    """A chain of `and` or of `or`."""

    is_and: bool
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Compare(Node):
    """`left op right` with op one of = != < <= > >=."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """`left op right` with op one of + - * / **."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Negate(Node):
    """`-operand`."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Between(Node):
    """`value between low and high`, both included."""

    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class In(Node):
    """`value in tests`."""

    value: Node
    tests: "Tests"


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    """`value instance of type`."""

    value: Node
    type: FeelType


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function called by position (`names` empty) or by parameter name."""

    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a function definition, with its type where one is written."""

    name: str
    type: FeelType


@dataclass(frozen=True, slots=True)
class FunctionOf(Node):
    """`function(a, b) body`; `is_external` bodies are never run here."""

    parameters: tuple[Parameter, ...]
    body: Node
    is_external: bool


@dataclass(frozen=True, slots=True)
class CompareTest(Node):
    """`< 5`, `= "a"`: the tested value compared with an operand."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class ValueTest(Node):
    """A value, range, list or a condition; `has_input` says that it speaks of `?`."""

    operand: Node
    has_input: bool


Test: TypeAlias = CompareTest | ValueTest


@dataclass(frozen=True, slots=True)
class Tests(Node):
    """Unary tests joined by commas; empty means `-`, which anything passes."""

    tests: tuple[Test, ...]
    is_negated: bool
