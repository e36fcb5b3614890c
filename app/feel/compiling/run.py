"""One evaluation under way: its budget, its clock, its warnings, and the scopes of its names.

Compiled closures receive the scope and the run; the public doors of the package make both.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from app.feel.errors import FeelBudgetExceeded
from app.feel.limits import MAX_LIST, MAX_REASON, MAX_STEPS, MAX_STRING, MAX_WARNINGS
from app.feel.values import Value

Bindings: TypeAlias = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class FeelWarning:
    """Why a part of an expression became null, and where (line and column from 1)."""

    line: int
    column: int
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {self.reason}"


class Run:
    """The mutable state of one evaluation; `notes` is None where nobody asked for warnings."""

    __slots__ = ("notes", "now", "steps")

    def __init__(self, now: datetime | None, *, is_traced: bool = False) -> None:
        self.now = now
        self.steps = MAX_STEPS
        self.notes: list[tuple[int, str]] | None = [] if is_traced else None

    def spend(self, steps: int) -> None:
        """Take steps from the budget.

        Raises:
            FeelBudgetExceeded: nothing is left.
        """
        self.steps -= steps
        if self.steps < 0:
            raise FeelBudgetExceeded(what="time")

    def warn(self, at: int, reason: str) -> Value:
        """Note why the value at an offset became null, and return that null."""
        if self.notes is not None and len(self.notes) < MAX_WARNINGS:
            self.notes.append((at, shortened(reason)))
        return None

    def bounded_context(self, entries: int) -> None:
        """Refuse a context that would grow beyond bounds, and pay for one that does not."""
        self.bounded_list(entries)
        self.spend(2 * entries)

    def bounded_list(self, length: int) -> None:
        """Refuse a list that would grow beyond bounds, and pay for one that does not."""
        if length > MAX_LIST:
            raise FeelBudgetExceeded(what="room for a list")
        self.spend(1 + (length >> 2))

    def bounded_text(self, length: int) -> None:
        """Refuse a string that would grow beyond bounds, and pay for one that does not."""
        if length > MAX_STRING:
            raise FeelBudgetExceeded(what="room for a text")
        self.spend(1 + (length >> 3))


def shortened(reason: str) -> str:
    """Return a reason cut to the length that is kept."""
    return reason if len(reason) <= MAX_REASON else f"{reason[: MAX_REASON - 1]}…"


class Scope(dict[str, Value]):
    """Local names in front of the enclosing ones; found by `scope[name]`, KeyError if unknown."""

    __slots__ = ("parent",)

    def __init__(self, parent: Bindings, local: Mapping[str, Value]) -> None:
        self.update(local)
        self.parent = parent

    def __missing__(self, name: str) -> Value:
        return self.parent[name]


Code: TypeAlias = Callable[[Bindings, Run], Value]
"""A compiled expression: scope and run in, value out."""
