"""One evaluation of decisions under way: FEEL's run, and the log of what was decided.

What a model logs is bounded, since it may ask a table a hundred thousand times.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from app.feel.compiling.run import Run, shortened
from app.feel.errors import FeelBudgetExceeded
from app.feel.plain import JsonWriter
from app.feel.values import Value
from app.json_types import Json, JsonObject

MAX_ENTRIES = 500
"""Entries of a trace."""

MAX_REASONS = 200
"""Warnings of one evaluation."""

MAX_SHOWN = 50_000
"""Values written into one trace, items and entries of lists and contexts counted."""

MAX_SHOWN_AT_ONCE = 2_000
"""Values written into one place of a trace."""

_TOO_LARGE = "(too large to be shown)"


class DecisionRun(Run):
    """A run that also keeps what each table saw and which of its rules applied."""

    __slots__ = ("_room", "log", "reasons")

    def __init__(self, now: datetime | None) -> None:
        super().__init__(now, is_traced=True)
        self.log: list[JsonObject] = []
        self.reasons: list[str] = []
        self._room = MAX_SHOWN

    def note(self, place: str, reason: str) -> Value:
        """Keep a reason why something became null, and return that null."""
        self.collect("")
        self._keep(f"{place}: {reason}")
        return None

    def collect(self, place: str) -> None:
        """Turn FEEL's warnings since the last time into reasons that name their place."""
        if self.notes:
            for _, reason in self.notes:
                self._keep(f"{place}: {reason}" if place else reason)
            self.notes.clear()

    def record(self, entry: JsonObject) -> None:
        """Add an entry to the trace, as long as there is room."""
        if len(self.log) < MAX_ENTRIES:
            self.log.append(entry)
        elif len(self.log) == MAX_ENTRIES:
            self.log.append({"omitted": f"more than {MAX_ENTRIES} entries"})

    def shown(self, value: Value) -> Json:
        """Return a value as the trace shows it, a word instead where there is no more room."""
        writer = JsonWriter(min(self._room, MAX_SHOWN_AT_ONCE))
        before = writer.left
        try:
            return writer.write(value)
        except FeelBudgetExceeded:
            return _TOO_LARGE
        finally:
            self._room -= before - max(writer.left, 0)

    def _keep(self, reason: str) -> None:
        if len(self.reasons) < MAX_REASONS:
            self.reasons.append(shortened(reason))


_current: ContextVar[DecisionRun | None] = ContextVar("decision_run", default=None)


@contextmanager
def under_way(run: DecisionRun) -> Iterator[None]:
    """Let the checks of types spend the budget of this run while it goes on."""
    token = _current.set(run)
    try:
        yield
    finally:
        _current.reset(token)


def quietly(check: Callable[[Run], bool]) -> bool:
    """Run a check without warnings, on the clock and the budget of the decision under way."""
    outer = _current.get()
    if outer is None:
        return check(Run(None, is_traced=False))
    run = Run(outer.now, is_traced=False)
    run.steps = outer.steps
    try:
        return check(run)
    finally:
        outer.steps = run.steps - 1
