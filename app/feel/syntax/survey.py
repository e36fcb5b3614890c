"""What an expression speaks of: its free variables, the functions it calls, its size.

Lint reads variables and calls with their places; the compiler needs the free names of a part and
its weight.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields

from app.feel.syntax import tree


@dataclass(frozen=True, slots=True)
class Mention:
    """A free variable with the path behind it, where it stands.

    `is_certain` is false inside a filter, where a name may be an entry of the filtered items;
    `is_called` is true where it is used as a function.
    """

    path: tuple[str, ...]
    at: int
    is_certain: bool
    is_called: bool


def mentions(node: tree.Node) -> list[Mention]:
    """List the free variables of a tree, in the order of the text."""
    found = list(_walk(node, frozenset(), True))
    return sorted(found, key=lambda mention: mention.at)


def free_names(node: tree.Node) -> frozenset[str]:
    """Return every name a tree may take from around itself."""
    if node.free is None:
        # Kept at the node: loops inside loops ask for the same parts again and again.
        object.__setattr__(node, "free", frozenset(_free(node)))
    return node.free or frozenset()


def _free(node: tree.Node) -> set[str]:
    if isinstance(node, tree.Name):
        return {node.name}
    if isinstance(node, tree.Filter):
        return _free(node.source) | (free_names(node.condition) - {"item"})
    if isinstance(node, tree.For | tree.Quantified):
        return _free_of_loop(node)
    if isinstance(node, tree.FunctionOf):
        own = {parameter.name for parameter in node.parameters}
        return set() if node.is_external else set(free_names(node.body) - own)
    names: set[str] = set()
    if isinstance(node, tree.ContextOf):
        for name, value in reversed(node.entries):
            names.discard(name)
            names |= _free(value)
        return names
    for child in children(node):
        names |= _free(child)
    return names


def _free_of_loop(node: tree.For | tree.Quantified) -> set[str]:
    names = set(free_names(node.body))
    if isinstance(node, tree.For):
        names.discard("partial")
    for iteration in reversed(node.iterations):
        names.discard(iteration.name)
        names |= _free(iteration.source)
        if iteration.until is not None:
            names |= _free(iteration.until)
    return names


def weight(node: tree.Node) -> int:
    """Count the nodes of a tree, those that build a list, context or function more than once."""
    if node.weight is None:
        own = _BUILDING if isinstance(node, _BUILDERS) else 1
        total = own + sum(weight(child) for child in children(node))
        object.__setattr__(node, "weight", total)
    return node.weight or 1


_BUILDING = 4
_BUILDERS = (
    tree.ListOf,
    tree.ContextOf,
    tree.RangeOf,
    tree.FunctionOf,
    tree.Call,
    tree.For,
    tree.Filter,
)


def children(node: tree.Node) -> Iterator[tree.Node]:
    """Yield the nodes directly below one."""
    kind = type(node)
    names = _PARTS.get(kind)
    if names is None:
        names = _PARTS[kind] = tuple(part.name for part in fields(node) if part.init)
    for name in names:
        yield from _nodes_in(getattr(node, name))


_PARTS: dict[type[tree.Node], tuple[str, ...]] = {}
"""The names of what a kind of node is made of, found once."""


def _nodes_in(value: object) -> Iterator[tree.Node]:
    if isinstance(value, tree.Node):
        yield value
    elif isinstance(value, tree.Iteration):
        yield value.source
        if value.until is not None:
            yield value.until
    elif isinstance(value, tuple):
        for part in value:
            yield from _nodes_in(part)


def _walk(node: tree.Node, bound: frozenset[str], certain: bool) -> Iterator[Mention]:
    if isinstance(node, tree.Name | tree.Path):
        yield from _chain(node, bound, certain)
    elif isinstance(node, tree.Call):
        yield from _call(node, bound, certain)
    elif isinstance(node, tree.Filter):
        yield from _walk(node.source, bound, certain)
        yield from _walk(node.condition, bound | {"item"}, False)
    elif isinstance(node, tree.For | tree.Quantified):
        yield from _loop(node, bound, certain)
    elif isinstance(node, tree.FunctionOf):
        if not node.is_external:
            names = {parameter.name for parameter in node.parameters}
            yield from _walk(node.body, bound | names, certain)
    elif isinstance(node, tree.ContextOf):
        keys = frozenset(name for name, _ in node.entries)
        for name, value in node.entries:
            # A function is called when all entries are there: it may call itself and later ones.
            is_function = isinstance(value, tree.FunctionOf)
            yield from _walk(value, bound | keys if is_function else bound, certain)
            bound = bound | {name}
    else:
        for child in children(node):
            yield from _walk(child, bound, certain)


def _chain(
    node: tree.Name | tree.Path, bound: frozenset[str], certain: bool, *, is_called: bool = False
) -> Iterator[Mention]:
    names: list[str] = []
    source: tree.Node = node
    while isinstance(source, tree.Path):
        names.append(source.name)
        source = source.source
    if not isinstance(source, tree.Name):
        yield from _walk(source, bound, certain)
    elif source.name not in bound:
        path = (source.name, *reversed(names))
        yield Mention(path, source.at, certain, is_called)


def _call(node: tree.Call, bound: frozenset[str], certain: bool) -> Iterator[Mention]:
    if isinstance(node.function, tree.Name | tree.Path):
        yield from _chain(node.function, bound, certain, is_called=True)
    else:
        yield from _walk(node.function, bound, certain)
    for argument in node.arguments:
        yield from _walk(argument, bound, certain)


def _loop(
    node: tree.For | tree.Quantified, bound: frozenset[str], certain: bool
) -> Iterator[Mention]:
    for iteration in node.iterations:
        yield from _walk(iteration.source, bound, certain)
        if iteration.until is not None:
            yield from _walk(iteration.until, bound, certain)
        bound = bound | {iteration.name}
    extra = {"partial"} if isinstance(node, tree.For) else set()
    yield from _walk(node.body, bound | extra, certain)
