"""Walks over one scope's graph: what can be reached, and which nodes lie on a cycle.

A boundary event counts as a successor of the activity it hangs on. All walks are iterative and
linear in nodes and flows, so that a hostile diagram costs no more than its size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.engine.lint.diagram import Node, Scope


def successors(node: Node) -> Iterator[Node]:
    """Yield where a token in `node` may go next, boundary events included."""
    for flow in node.outgoing:
        yield flow.target
    yield from node.boundaries


def predecessors(node: Node) -> Iterator[Node]:
    """Yield where a token in `node` may have come from."""
    for flow in node.incoming:
        yield flow.source
    if node.host is not None:
        yield node.host


def reachable(
    starts: Iterable[Node],
    *,
    step: Callable[[Node], Iterator[Node]] = successors,
    passes: Callable[[Node], bool] = lambda _: True,
) -> set[Node]:
    """Return `starts` and all that can be reached from them; no walk goes on behind a node that
    `passes` refuses, though the node itself belongs to the result.
    """
    seen: set[Node] = set()
    waiting = list(starts)
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        if passes(node):
            waiting.extend(step(node))
    return seen


def cycles(scope: Scope, *, without: Callable[[Node], bool] = lambda _: False) -> list[set[Node]]:
    """Return the strongly connected parts of `scope` that hold a cycle, nodes `without` left out.

    Tarjan's algorithm with a stack of its own, in document order, so that results are stable.
    """
    search = _Components(without)
    for node in scope.nodes:
        search.visit(node)
    return search.found


def cyclic_nodes(scope: Scope) -> set[Node]:
    """Return every node of `scope` that lies on a cycle of it."""
    return set().union(*cycles(scope))


def first(nodes: set[Node], *, scope: Scope) -> Node:
    """Return the first of `nodes` in document order."""
    return next(node for node in scope.nodes if node in nodes)


class _Components:
    """One run of Tarjan's search."""

    def __init__(self, without: Callable[[Node], bool]) -> None:
        self.found: list[set[Node]] = []
        self._without = without
        self._number: dict[Node, int] = {}
        self._low: dict[Node, int] = {}
        self._open: list[Node] = []
        self._is_open: set[Node] = set()

    def visit(self, start: Node) -> None:
        """Search from `start` unless an earlier search came by."""
        if start in self._number or self._without(start):
            return
        path = [(start, self._enter(start))]
        while path:
            node, ahead = path[-1]
            following = next(ahead, None)
            if following is None:
                path.pop()
                self._leave(node, parent=path[-1][0] if path else None)
            elif following not in self._number:
                path.append((following, self._enter(following)))
            elif following in self._is_open:
                self._low[node] = min(self._low[node], self._number[following])

    def _enter(self, node: Node) -> Iterator[Node]:
        self._number[node] = self._low[node] = len(self._number)
        self._open.append(node)
        self._is_open.add(node)
        return (each for each in successors(node) if not self._without(each))

    def _leave(self, node: Node, *, parent: Node | None) -> None:
        if parent is not None:
            self._low[parent] = min(self._low[parent], self._low[node])
        if self._low[node] != self._number[node]:
            return
        part: set[Node] = set()
        while node not in part:
            last = self._open.pop()
            self._is_open.discard(last)
            part.add(last)
        if len(part) > 1 or node in successors(node):
            self.found.append(part)
