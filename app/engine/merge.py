"""Three-way merge of variables where branches meet: only what a branch changed is carried over.

The library lets the last finisher win, even for variables its branch never touched.
"""

from collections.abc import Iterable
from typing import Any

Variables = dict[str, Any]
_ABSENT = object()


def merge_branches(base: Variables, branches: Iterable[Variables]) -> Variables:
    """Return `base` with the changes of every branch, in the order given.

    Where two branches changed the same variable, lists are united, contexts merged by key, and of
    other values the later one stands. A variable a branch removed is gone unless another set it.
    """
    merged = dict(base)
    for branch in branches:
        for name, value in branch.items():
            before = base.get(name, _ABSENT)
            if before is _ABSENT or before != value:
                current = merged.get(name, _ABSENT)
                merged[name] = _unite(before, current, value)
        for name in base.keys() - branch.keys():
            if merged.get(name, _ABSENT) == base[name]:
                merged.pop(name, None)
    return merged


def _unite(before: Any, current: Any, value: Any) -> Any:
    if current is _ABSENT or current in (before, value):
        return value
    if isinstance(current, list) and isinstance(value, list):
        return current + [each for each in value if each not in current]
    if isinstance(current, dict) and isinstance(value, dict):
        start = before if isinstance(before, dict) else {}
        return merge_branches(start, (current, value))
    return value
