"""One evaluation of decisions under way: FEEL's run, and the log of what the tables decided."""

from datetime import datetime

from app.feel.run import Run
from app.feel.values import Value
from app.json_types import JsonObject


class DecisionRun(Run):
    """A run that also keeps what each table saw and which of its rules applied."""

    __slots__ = ("log", "reasons")

    def __init__(self, now: datetime | None) -> None:
        super().__init__(now, is_traced=True)
        self.log: list[JsonObject] = []
        self.reasons: list[str] = []

    def note(self, place: str, reason: str) -> Value:
        """Keep a reason why something became null, and return that null."""
        self.collect("")
        self.reasons.append(f"{place}: {reason}")
        return None

    def collect(self, place: str) -> None:
        """Turn FEEL's warnings since the last time into reasons that name their place."""
        if self.notes:
            self.reasons += [f"{place}: {reason}" for _, reason in self.notes]
            self.notes.clear()
