"""What one FEEL expression says, asked by the rules: does it compile, what does it read and call.

A text that does not compile answers the other questions with nothing, since one rule reports it
already. Evaluation happens only where the answer decides a rule (a constant duration, a collection
while everything is null), within FEEL's own budget and the deadline of the check.
"""

from collections.abc import Iterator

from app import feel
from app.feel import FeelSyntaxError
from app.feel.builtins import BUILTINS
from app.feel.syntax import tree as feel_tree
from app.feel.syntax.parser import parse_expression

LIST_FACTS = frozenset({"co_units"})
_EVERYTHING_NULL: dict[str, feel.Value] = {"case": {fact: [] for fact in LIST_FACTS}}


def syntax_error(text: str) -> FeelSyntaxError | None:
    """Return why `text` does not compile; None where it does."""
    try:
        feel.compile(text)
    except FeelSyntaxError as error:
        return error
    return None


def variables(text: str) -> tuple[feel.Variable, ...]:
    """Return the free variables that an expression reads, in the order of the text."""
    found = _compiled(text)
    return () if found is None else found.variables


def names_in(text: str) -> frozenset[str]:
    """Return the names of the free variables that an expression reads."""
    return frozenset(variable.name for variable in variables(text))


def constant(text: str) -> feel.Value:
    """Return what an expression without variables comes to; null where it has any."""
    found = _compiled(text)
    if found is None or found.variables or found.unknown_functions():
        return None
    return _evaluate(found, {})


def value_without_variables(text: str) -> feel.Value:
    """Return what an expression comes to while every variable is null.

    Facts that are lists are empty lists: a case has them from its first moment.
    """
    found = _compiled(text)
    return None if found is None else _evaluate(found, _EVERYTHING_NULL)


def literal_results(text: str) -> tuple[str, ...]:
    """Return the texts an expression may come to, as far as they are written in it.

    Of a text that is put together, the beginning counts when it already holds an "@".
    """
    if _compiled(text) is None:
        return ()
    return tuple(_literals(parse_expression(text, names=BUILTINS.keys())))


def demands_a_value(condition: str, name: str) -> bool:
    """Say whether `condition` can only be true where `name` is not null: `name != null and …`."""
    if _compiled(condition) is None or _compiled(name) is None:
        return False
    root = parse_expression(condition, names=BUILTINS.keys())
    parts = root.operands if isinstance(root, feel_tree.Logical) and root.is_and else (root,)
    return any(_asks_for(part, name) for part in parts)


def _asks_for(part: feel_tree.Node, name: str) -> bool:
    if not isinstance(part, feel_tree.Compare) or part.operator != "!=":
        return False
    sides = (part.left, part.right)
    is_null = any(isinstance(side, feel_tree.Literal) and side.value is None for side in sides)
    return is_null and name in {_path_of(side) for side in sides}


def _path_of(node: feel_tree.Node) -> str:
    if isinstance(node, feel_tree.Path):
        above = _path_of(node.source)
        return f"{above}.{node.name}" if above else ""
    return node.name if isinstance(node, feel_tree.Name) else ""


def _compiled(text: str) -> feel.Expression | None:
    try:
        return feel.compile(text)
    except FeelSyntaxError:
        return None


def _evaluate(expression: feel.Expression, context: dict[str, feel.Value]) -> feel.Value:
    try:
        return expression.evaluate(context)
    except feel.FeelBudgetExceeded:
        return None


def _literals(node: feel_tree.Node) -> Iterator[str]:
    if isinstance(node, feel_tree.Literal) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, feel_tree.ListOf):
        for item in node.items:
            yield from _literals(item)
    elif isinstance(node, feel_tree.If):
        yield from _literals(node.yes)
        yield from _literals(node.no)
    elif isinstance(node, feel_tree.Arithmetic) and node.operator == "+":
        yield from (text for text in _literals(node.left) if "@" in text)
