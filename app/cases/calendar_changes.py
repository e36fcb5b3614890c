"""Which changes of a calendar can be undone: those that nothing later stands upon.

A change that was undone, and the undoing itself, count as if they had not been.
"""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Any


class ChangeKind(StrEnum):
    """What somebody did to a calendar."""

    DAYS = "days"
    PUBLISHED = "published"
    WEEK = "week"
    REMOVED = "removed"
    UNDONE = "undone"


def undoable(newest_first: Iterable[Any]) -> set[int]:
    """Return the keys of the changes that can be undone; rows as `store.calendar.changes` gives."""
    taken_back: set[int] = set()
    standing: list[tuple[date, date]] = []
    found: set[int] = set()
    for row in newest_first:
        data = row.data or {}
        is_standing = row.key not in taken_back
        if row.kind == ChangeKind.REMOVED:
            standing.append((date.min, date.max))
        if not is_standing or "before" not in data:
            continue
        if row.kind == ChangeKind.UNDONE:
            taken_back.add(data["undone"])
        if not any(row.first_day <= last and first <= row.last_day for first, last in standing):
            found.add(row.key)
        if row.kind != ChangeKind.UNDONE:
            standing.append((row.first_day, row.last_day))
    return found
