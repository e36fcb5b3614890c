"""Which names an expression of a diagram may see, and whether a step before it writes them.

A variable is known when an output mapping, a result variable, a multi-instance output or the call
that starts the process writes it. What a job, a message or a form brings along is seen in output
mappings only, so that every name a gateway reads has been written down somewhere.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.engine.lint.diagram import Node
from app.engine.lint.graph import predecessors, reachable

if TYPE_CHECKING:
    from app.engine.lint.reading import Given

RESERVED = frozenset({"case", "answers", "calendar"})
ACTOR = "actor"
COUNTERS = frozenset({"numberOfInstances", "numberOfActiveInstances", "numberOfCompletedInstances"})
"""What the completion condition of a multi-instance sees of its instances."""


def visible(node: Node, *, is_inner: bool) -> frozenset[str]:
    """Return the names an expression at `node` may see; `is_inner` counts its own locals in."""
    around = frozenset[str]().union(*(each.local_names for each in node.ancestors()))
    own = node.local_names if is_inner else frozenset[str]()
    return node.process.written | around | own


def is_written_before(name: str, node: Node) -> bool:
    """Say whether a step that writes `name` can come before `node`."""
    process = node.process
    if name in process.given.handed_in.get(process.id, ()):
        return True
    return any(name in earlier.writes for earlier in _before(node))


def is_task_unknown(path: tuple[str, ...], given: "Given") -> bool:
    """Say whether answers.<task> of `path` names no user task or start event."""
    return len(path) > 1 and path[0] == "answers" and path[1] not in given.answer_keys


def is_key_unknown(path: tuple[str, ...], given: "Given") -> bool:
    """Say whether answers.<task>.<key> of `path` names a task whose form has no such key."""
    if len(path) < 3 or is_task_unknown(path, given) or path[0] != "answers":
        return False
    keys = given.answer_keys[path[1]]
    return keys is not None and path[2] not in keys


def _before(node: Node) -> Iterator[Node]:
    """Yield every node from which `node` can be reached, out of its sub-processes too."""
    inner: dict[Node, list[Node]] = {}
    for each in node.process.nodes:
        if each.scope.owner is not None:
            inner.setdefault(each.scope.owner, []).append(each)
    level: Node | None = node
    while level is not None:
        waiting = list(reachable(predecessors(level), step=predecessors))
        while waiting:
            earlier = waiting.pop()
            yield earlier
            waiting.extend(inner.get(earlier, ()))
        level = level.scope.owner
