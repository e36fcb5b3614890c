"""The saved state of an instance: version, checksum and compact JSON, nothing of the specs.

Only tasks with a token and what they still need of the past are written (`tree.prune`), variables
as the difference to the parent's. Predictions are not kept: a task lays out its successors when it
runs. Values are plain JSON, so no registry of types and no code of a model is involved.
"""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from struct import Struct
from typing import Any

import orjson

from app.engine.errors import StateUnreadable
from app.engine.task import ACTIVE, WAITING, CaseTask
from app.engine.tree import prune
from app.engine.workflow import Instance

VERSION = 1
_HEADER = Struct(">BBI")
_PLAIN, _PACKED = 0, 1
_COMPLETED, _CANCELLED = 1, 2
_PACK_FROM_BYTES = 2_048
_LEVEL = 1


def encode(instance: Instance) -> bytes:
    """Prune `instance` and return its state.

    Raises:
        StateUnreadable: a variable holds something JSON cannot say.
    """
    if instance.completed:
        document: dict[str, Any] = {
            "d": instance.data,
            "x": _CANCELLED if instance.is_cancelled else _COMPLETED,
        }
    else:
        for scope in instance.scopes():
            prune(scope)
        instance.renumber_moments()
        document = _encode_scope(instance, instance)
    try:
        body = orjson.dumps(document)
    except TypeError as error:
        raise StateUnreadable(why=str(error)) from error
    packing = _PLAIN
    if len(body) >= _PACK_FROM_BYTES:
        packing, body = _PACKED, zlib.compress(body, _LEVEL)
    return _HEADER.pack(VERSION, packing, zlib.crc32(body)) + body


def decode_into(instance: Instance, state: bytes) -> None:
    """Rebuild the tasks of a fresh `instance` from `state`.

    Raises:
        StateUnreadable: damaged, of another version, or not of this definition.
    """
    document = _document(state)
    with unreadable():
        if "x" in document:
            instance.data = dict(document["d"])
            instance.completed = True
            instance.is_cancelled = document["x"] == _CANCELLED
        else:
            _decode_scope(instance, instance, document)
            instance.renumber_moments()


@contextmanager
def unreadable() -> Iterator[None]:
    """Turn what taking up a foreign state may run into into the one typed error."""
    try:
        yield
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise StateUnreadable(why=f"{type(error).__name__}: {error}") from error


def _document(state: bytes) -> dict[str, Any]:
    if len(state) < _HEADER.size or state[0] != VERSION:
        raise StateUnreadable(why=f"it is not of version {VERSION}")
    _, packing, checksum = _HEADER.unpack_from(state)
    body = state[_HEADER.size :]
    if packing not in (_PLAIN, _PACKED) or zlib.crc32(body) != checksum:
        raise StateUnreadable(why="it is damaged")
    try:
        document = orjson.loads(zlib.decompress(body) if packing == _PACKED else body)
    except (zlib.error, orjson.JSONDecodeError) as error:
        raise StateUnreadable(why="it is damaged") from error
    if not isinstance(document, dict):
        raise StateUnreadable(why="it is damaged")
    return document


def _encode_scope(instance: Instance, workflow: Any) -> dict[str, Any]:
    """One scope: rows in depth-first order, the scopes inside it by the row they belong to.

    A row is `[spec name, parent row, moment, state, key, internal, changed, removed]`, cut short
    after its last meaningful value.
    """
    tasks = workflow.tasks
    rows: list[list[Any]] = []
    inside: dict[str, Any] = {}
    stack = [(workflow.task_tree, -1)]
    while stack:
        task, parent_row = stack.pop()
        if task.id in instance.subprocesses:
            scope = instance.subprocesses[task.id]
            inside[str(len(rows))] = _encode_scope(instance, scope)
        stack.extend((tasks[child], len(rows)) for child in reversed(task._children))
        rows.append(_row(task, parent_row))
    return {"t": rows, "s": inside} if inside else {"t": rows}


def _row(task: Any, parent_row: int) -> list[Any]:
    before = {} if task._parent is None else task.parent.data
    data = task.data
    if data is before:
        changed, removed = {}, []
    else:
        changed = {
            name: value
            for name, value in data.items()
            if name not in before or (before[name] is not value and before[name] != value)
        }
        removed = [name for name in before if name not in data]
    is_active = task._state & ACTIVE
    row = [
        task.task_spec.name,
        parent_row,
        task.last_state_change,
        task._state,
        task.key if is_active else 0,
        task.internal_data if is_active else 0,
        changed,
        removed,
    ]
    while not row[-1]:
        row.pop()
    return row


def _decode_scope(instance: Instance, workflow: Any, document: dict[str, Any]) -> None:
    specs = workflow.spec.task_specs
    inside = document.get("s", {})
    tasks: list[CaseTask] = []
    for number, row in enumerate(document["t"]):
        task = _task(workflow, specs[row[0]], row, tasks)
        tasks.append(task)
        if task._state == WAITING and hasattr(task.task_spec, "event_definition"):
            instance.event_manager.add_task(task)
        if str(number) in inside:
            _decode_inside(instance, task, inside[str(number)])
    workflow.task_tree = tasks[0]
    if not any(task._state & ACTIVE for task in tasks):
        raise StateUnreadable(why="nothing in it can go on")


def _decode_inside(instance: Instance, task: CaseTask, document: dict[str, Any]) -> None:
    spec = task.task_spec
    scope = instance.open_scope(task, spec.spec)
    scope.completed_event.connect(spec._on_subworkflow_completed, task)
    _decode_scope(instance, scope, document)


def _task(workflow: Any, spec: Any, row: list[Any], earlier: list[CaseTask]) -> CaseTask:
    _, parent_row, moment, state, key, internal, changed, removed = _padded(row)
    task = CaseTask.__new__(CaseTask)
    task.id = workflow.top_workflow.next_id()
    task.workflow = workflow
    task.task_spec = spec
    task._children = []
    task._state = state
    task.thread_id = 0
    task.internal_data = internal or {}
    task.local = {}
    task.key = key
    task.last_state_change = moment
    task.triggered = "item_key" in task.internal_data
    if parent_row < 0:
        task._parent = None
        task.data = changed or {}
    else:
        parent = earlier[parent_row]
        task._parent = parent.id
        parent._children.append(task.id)
        task.data = {**parent.data, **changed} if changed else dict(parent.data)
        for each in removed or ():
            del task.data[each]
    workflow.tasks[task.id] = task
    return task


def _padded(row: list[Any]) -> list[Any]:
    return row + [0] * (8 - len(row))
