"""Where the branches of a task tree part, and how the tokens that meet again are merged there.

Used by the joins. A branch counts against the variables at its own fork, so one that parted late
does not bring back what the others have changed since an earlier fork.
"""

from typing import Any

from app.engine.merge import merge_branches
from app.engine.task import ACTIVE, CANCELLED, FINISHED, FUTURE

Way = tuple[list[Any], Any]


def merged(tokens: list[Any]) -> dict[str, Any]:
    """Return the variables of `tokens` once they have become one."""
    return _fold([(_path(token.parent), token) for token in tokens], 0)


def consume(token: Any) -> None:
    """End a token that has been merged into another; it leaves no trace on the diagram."""
    token._set_state(CANCELLED)
    token.drop_predictions()


def gather(earlier: Any, later: Any) -> None:
    """Make one token of two that wait at the end, where one's branch parted from the other's.

    The token whose fork lies further down stays, with what the other changed; tokens of two
    branches side by side stay apart.
    """
    fork, other_fork = _fork(earlier), _fork(later)
    if _is_above(fork, other_fork):
        moved = merge_branches(fork.data, (earlier.data, other_fork.data))
        later.data = merge_branches(other_fork.data, (moved, later.data))
        consume(earlier)
    elif _is_above(other_fork, fork):
        moved = merge_branches(other_fork.data, (later.data, fork.data))
        earlier.data = merge_branches(fork.data, (earlier.data, moved))
        consume(later)


def is_token(task: Any) -> bool:
    """Whether `task` holds a token, or gets one from a predecessor that has just finished."""
    if task.has_state(FUTURE):
        return bool(task.parent.has_state(FINISHED))
    return bool(task.has_state(ACTIVE))


def _fold(ways: list[Way], depth: int) -> dict[str, Any]:
    """Merge the ends of `ways`, whose paths are the same up to `depth`."""
    if len(ways) == 1:
        return dict(ways[0][1].data)
    shortest = min(len(path) for path, _ in ways)
    while depth < shortest and all(path[depth] is ways[0][0][depth] for path, _ in ways):
        depth += 1
    groups: dict[int, list[Way]] = {}
    for path, token in ways:
        branch = path[depth] if depth < len(path) else token
        groups.setdefault(branch.id, []).append((path, token))
    in_order = sorted(groups.values(), key=_last_arrival)
    return merge_branches(ways[0][0][depth - 1].data, [_fold(each, depth) for each in in_order])


def _last_arrival(ways: list[Way]) -> int:
    return max(token.last_state_change for _, token in ways)


def _path(task: Any) -> list[Any]:
    path = []
    while task is not None:
        path.append(task)
        task = task.parent
    return path[::-1]


def _fork(token: Any) -> Any:
    """The nearest ancestor from which another living branch parts, or the root."""
    alive = _alive(token.workflow)
    below, task = token, token.parent
    while task.parent is not None:
        if any(child in alive for child in task._children if child != below.id):
            return task
        below, task = task, task.parent
    return task


def _alive(workflow: Any) -> set[int]:
    """Ids of all tasks with a token in or below them."""
    alive: set[int] = set()
    for each in workflow.tasks.values():
        task = each if is_token(each) else None
        while task is not None and task.id not in alive:
            alive.add(task.id)
            task = task.parent
    return alive


def _is_above(task: Any, other: Any) -> bool:
    """Whether `task` is `other` or one of its ancestors."""
    while other is not None:
        if other is task:
            return True
        other = other.parent
    return False
