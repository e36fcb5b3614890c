"""Drops the settled past from a task tree, so that a loop cannot make a case grow.

What the future can still ask for is kept: every task with a token, its parent (whose variables
and name joins read, and which ties boundary events to their activity), the points where living
branches part (the base of a later merge). `codec.py` is the caller.
"""

from typing import Any

from app.engine.task import ACTIVE


def prune(workflow: Any) -> None:
    """Reduce the tree of one scope in place; tasks keep their ids, keys and variables."""
    tasks = workflow.tasks
    alive = _with_ancestors(workflow)
    children = {
        task_id: [child for child in tasks[task_id]._children if child in alive]
        for task_id in alive
    }
    kept = {
        task_id
        for task_id in alive
        if _is_needed(tasks[task_id], [tasks[child] for child in children[task_id]])
    }
    root = tasks[_first_kept(workflow.task_tree.id, children, kept)]
    for task_id in list(tasks):
        if task_id not in kept:
            continue
        task = tasks[task_id]
        task._children = [_first_kept(child, children, kept) for child in children.get(task_id, [])]
        for child in task._children:
            tasks[child]._parent = task_id
    for task_id in [task_id for task_id in tasks if task_id not in kept]:
        del tasks[task_id]
    workflow.task_tree, root._parent = root, None
    if workflow.last_task is not None and workflow.last_task.id not in tasks:
        workflow.last_task = None


def _with_ancestors(workflow: Any) -> set[int]:
    tasks = workflow.tasks
    alive: set[int] = set()
    for task in tasks.values():
        if task._state & ACTIVE:
            task_id = task.id
            while task_id is not None and task_id not in alive:
                alive.add(task_id)
                task_id = tasks[task_id]._parent
    return alive


def _is_needed(task: Any, living_children: list[Any]) -> bool:
    if task._state & ACTIVE or len(living_children) > 1:
        return True
    return any(child._state & ACTIVE for child in living_children)


def _first_kept(task_id: int, children: dict[int, list[int]], kept: set[int]) -> int:
    """Follow a chain of settled tasks, each with one living child, down to what is kept."""
    while task_id not in kept:
        task_id = children[task_id][0]
    return task_id
