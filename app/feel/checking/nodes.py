"""What an expression will give, told from its text and the types of its names; and its mistakes.

Gradual: what nothing is known of is never found wrong, and neither is null, which may stand
anywhere. The registry is here, with the plain operators; names, calls, loops and tests have their
own modules and register here. `Expression.check` is the door.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from app.feel.checking.exemplars import OPERANDS, outcome
from app.feel.checking.known import (
    BOOLEAN,
    Record,
    Texts,
    bounded,
    choices_of,
    in_words,
    join,
    kinds_of_type,
    may_be,
    of_kind,
    texts,
)
from app.feel.checking.mistakes import MistakeKind, listed, nearest
from app.feel.compiling.nodes import constant_of
from app.feel.syntax import tree
from app.feel.types import ANY, FeelType, ListType, NullType, OpenType, RangeType, is_any
from app.feel.values import Kind, kind_of

MAX_MISTAKES = 20


@dataclass(frozen=True, slots=True)
class Names:
    """The types of names in reach, innermost first; `is_open` where there may be others."""

    own: Mapping[str, FeelType]
    is_open: bool = False
    outer: "Names | None" = None

    def find(self, name: str) -> FeelType | None:
        """Return the type of a name: Any where it may be there, None where it is not."""
        reach: Names | None = self
        while reach is not None:
            if name in reach.own:
                return reach.own[name]
            if reach.is_open:
                return ANY
            reach = reach.outer
        return None

    def told(self, name: str) -> FeelType | None:
        """Return the type of a name that is certainly there, None for any other."""
        reach: Names | None = self
        while reach is not None:
            if name in reach.own:
                return reach.own[name]
            reach = reach.outer
        return None

    def all(self) -> Iterable[str]:
        """Yield every name in reach."""
        reach: Names | None = self
        while reach is not None:
            yield from reach.own
            reach = reach.outer

    def within(self, own: Mapping[str, FeelType], *, is_open: bool = False) -> "Names":
        """Return these names with others in front."""
        return Names(own, is_open, self)


@dataclass(frozen=True, slots=True)
class Found:
    """A mistake at its node, before its sentences are filled."""

    kind: MistakeKind
    node: tree.Node
    at: int
    path: tuple[str, ...]
    params: Mapping[str, str]


_Node = TypeVar("_Node", bound=tree.Node)
_Rule = Callable[["Checker", _Node, Names], FeelType]
_RULES: dict[type[tree.Node], Callable[..., FeelType]] = {}


def rule(kind: type[_Node]) -> Callable[[_Rule[_Node]], None]:
    """Register how one kind of node is checked."""

    def register(function: _Rule[_Node]) -> None:
        _RULES[kind] = function

    return register


@dataclass(slots=True)
class Checker:
    """One check under way, and what it has found so far."""

    found: list[Found] = field(default_factory=list)

    def type_of(self, node: tree.Node, names: Names) -> FeelType:
        """Return the type of a part, noting the mistakes in it."""
        return bounded(_RULES[type(node)](self, node, names))

    def note(
        self,
        kind: MistakeKind,
        node: tree.Node,
        *,
        at: int | None = None,
        path: tuple[str, ...] = (),
        **params: str,
    ) -> None:
        """Keep a mistake; of very many the first ones do."""
        if len(self.found) < MAX_MISTAKES:
            self.found.append(Found(kind, node, node.at if at is None else at, path, params))

    def demand_boolean(self, node: tree.Node, of: FeelType, part: str) -> None:
        """Note a condition that is never true or false."""
        if not may_be(of, Kind.BOOLEAN):
            self.note(MistakeKind.NOT_BOOLEAN, node, part=part, type=in_words(of))


@rule(tree.Literal)
def _literal(_checker: Checker, node: tree.Literal, _names: Names) -> FeelType:
    if isinstance(node.value, str):
        return texts([node.value])
    return of_kind(kind_of(node.value))


@rule(tree.ListOf)
def _list(checker: Checker, node: tree.ListOf, names: Names) -> FeelType:
    return ListType(join(*(checker.type_of(item, names) for item in node.items)))


@rule(tree.ContextOf)
def _context(checker: Checker, node: tree.ContextOf, names: Names) -> FeelType:
    entries: dict[str, FeelType] = {}
    inner = names.within(entries)
    for name, value in node.entries:
        entries[name] = checker.type_of(value, inner)
    return Record(dict(entries))


@rule(tree.RangeOf)
def _range(checker: Checker, node: tree.RangeOf, names: Names) -> FeelType:
    start, end = checker.type_of(node.start, names), checker.type_of(node.end, names)
    a, b, _ = OPERANDS
    if not (is_any(start) or is_any(end)) and _is_impossible(
        tree.RangeOf(0, a, b, True, True), start, end
    ):
        checker.note(
            MistakeKind.WRONG_OPERANDS,
            node,
            operation=f"a range from {in_words(start)} to {in_words(end)}",
        )
    return RangeType(join(start, end))


@rule(tree.ComparisonRange)
def _comparison_range(checker: Checker, node: tree.ComparisonRange, names: Names) -> FeelType:
    return RangeType(checker.type_of(node.operand, names))


@rule(tree.If)
def _if(checker: Checker, node: tree.If, names: Names) -> FeelType:
    condition = checker.type_of(node.condition, names)
    checker.demand_boolean(node.condition, condition, "the condition")
    return join(checker.type_of(node.yes, names), checker.type_of(node.no, names))


@rule(tree.Logical)
def _logical(checker: Checker, node: tree.Logical, names: Names) -> FeelType:
    for operand in node.operands:
        of = checker.type_of(operand, names)
        checker.demand_boolean(operand, of, "one side of " + ("and" if node.is_and else "or"))
    return BOOLEAN


@rule(tree.Arithmetic)
def _arithmetic(checker: Checker, node: tree.Arithmetic, names: Names) -> FeelType:
    left, right = checker.type_of(node.left, names), checker.type_of(node.right, names)
    if _is_unknown(left) and _is_unknown(right):
        return ANY
    a, b, _ = OPERANDS
    found = outcome(tree.Arithmetic(0, node.operator, a, b), left, right)
    if not found.is_possible:
        if _is_null(left, right):
            return ANY
        checker.note(
            MistakeKind.WRONG_OPERANDS,
            node,
            operation=f"{in_words(left)} {node.operator} {in_words(right)}",
            hint=_conversion(left, right),
        )
    return join(*(of_kind(kind) for kind in sorted(found.kinds))) if found.kinds else ANY


@rule(tree.Negate)
def _negate(checker: Checker, node: tree.Negate, names: Names) -> FeelType:
    operand = checker.type_of(node.operand, names)
    found = outcome(tree.Negate(0, OPERANDS[0]), operand)
    if not found.is_possible:
        checker.note(MistakeKind.WRONG_OPERANDS, node, operation=f"-{in_words(operand)}")
    return join(*(of_kind(kind) for kind in sorted(found.kinds))) if found.kinds else ANY


@rule(tree.Compare)
def _compare(checker: Checker, node: tree.Compare, names: Names) -> FeelType:
    left, right = checker.type_of(node.left, names), checker.type_of(node.right, names)
    if not check_comparison(checker, node, node.operator, left, right):
        return BOOLEAN
    if node.operator in {"=", "!="}:
        is_possible = check_options(checker, node.right, left, of=phrase(node.left))
        if is_possible:
            check_options(checker, node.left, right, of=phrase(node.right))
    return BOOLEAN


@rule(tree.Between)
def _between(checker: Checker, node: tree.Between, names: Names) -> FeelType:
    value = checker.type_of(node.value, names)
    low, high = checker.type_of(node.low, names), checker.type_of(node.high, names)
    if check_comparison(checker, node, ">=", value, low):
        check_comparison(checker, node, "<=", value, high)
    return BOOLEAN


@rule(tree.InstanceOf)
def _instance(checker: Checker, node: tree.InstanceOf, names: Names) -> FeelType:
    own, wanted = kinds_of_type(checker.type_of(node.value, names)), kinds_of_type(node.type)
    if isinstance(node.type, OpenType):
        generic = f"{node.type.name} without its parameters; write {node.type.name}<…>"
        checker.note(MistakeKind.NEVER_INSTANCE, node, type="value", wanted=generic)
    elif own is not None and wanted is not None and own.isdisjoint(wanted):
        one = join(*(of_kind(kind) for kind in sorted(own)))
        checker.note(
            MistakeKind.NEVER_INSTANCE, node, type=in_words(one), wanted=in_words(node.type)
        )
    return BOOLEAN


def check_comparison(
    checker: Checker, node: tree.Node, operator: str, left: FeelType, right: FeelType
) -> bool:
    """Note values that cannot be compared; say whether they can."""
    if _is_unknown(left) or _is_unknown(right):
        return True
    a, b, _ = OPERANDS
    if outcome(tree.Compare(0, operator, a, b), left, right).is_possible:
        return True
    checker.note(
        MistakeKind.NOT_COMPARABLE,
        node,
        operation=f"{in_words(left)} {operator} {in_words(right)}",
        hint=_comparing(operator, left, right),
    )
    return False


def check_options(checker: Checker, node: tree.Node, of_other: FeelType, *, of: str) -> bool:
    """Note a written string that the value it is compared with never is; say whether it may be."""
    known = [each for each in choices_of(of_other) if isinstance(each, Texts)]
    constant = constant_of(node)
    value = constant[0] if constant is not None else None
    if not known or kinds_of_type(of_other) is None or not isinstance(value, str):
        return True
    if value in known[0].values:
        return True
    checker.note(
        MistakeKind.NEVER_EQUAL,
        node,
        value=value,
        of=of,
        guess=nearest(value, known[0].values),
        known=listed(f"“{each}”" for each in known[0].values),
    )
    return False


def phrase(node: tree.Node) -> str:
    """Return how a person calls a part: its path where it is one."""
    path = path_of(node)
    return f"“{'.'.join(path)}”" if path else "this"


def path_of(node: tree.Node) -> tuple[str, ...]:
    """Return the names of a path that begins with a variable; nothing for anything else."""
    names: list[str] = []
    while isinstance(node, tree.Path):
        names.append(node.name)
        node = node.source
    return (node.name, *reversed(names)) if isinstance(node, tree.Name) else ()


def _is_impossible(node: tree.Node, *types: FeelType) -> bool:
    return not any(_is_null(of) for of in types) and not outcome(node, *types).is_possible


def _is_unknown(of: FeelType) -> bool:
    return kinds_of_type(of) is None


def _is_null(*types: FeelType) -> bool:
    return any(isinstance(of, NullType) for of in types)


def _conversion(left: FeelType, right: FeelType) -> str:
    kinds = (kinds_of_type(left) or frozenset()) | (kinds_of_type(right) or frozenset())
    if kinds == {Kind.NUMBER, Kind.STRING}:
        return ", by string(…) or number(…)"
    if Kind.STRING in kinds and kinds & _TEMPORAL:
        return ", by string(…), date(…) or duration(…)"
    return ""


_TEMPORAL = {Kind.DATE, Kind.TIME, Kind.DATE_TIME, Kind.DAYS_DURATION, Kind.MONTHS_DURATION}


def _comparing(operator: str, left: FeelType, right: FeelType) -> str:
    kinds = (kinds_of_type(left) or frozenset()) | (kinds_of_type(right) or frozenset())
    if Kind.LIST in kinds and operator == "=":
        return ", or ask whether it is in the list by list contains(…)"
    if Kind.STRING in kinds and kinds & _TEMPORAL:
        return ', such as date("2026-03-01") or duration("PT4H")'
    return _conversion(left, right)
