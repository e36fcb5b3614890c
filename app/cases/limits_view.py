"""The limits of a case as its page explains them: how each stands, by which row, who did what.

`cases.case_view` asks for them; the page puts each into one sentence. Everything is derived from
the lines of the ledger.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.cases import ledger, limit_lines
from app.cases.ledger import Action, Limit
from app.cases.wording import Wording
from app.json_types import JsonObject
from app.store import case_files, limits
from app.store.case_files import InstanceRow
from app.store.db import Connection

_MOVED = (Action.CHANGED, Action.EXTENDED)


@dataclass(frozen=True, slots=True)
class LimitLine:
    """What was done to a limit, when, by whom (nobody: the system), and why."""

    action: str
    at: datetime
    due_at: datetime
    person: str
    reason: str


@dataclass(frozen=True, slots=True)
class ShownLimit:
    """A limit, the step it belongs to (none: the case), its basis in words, and its history.

    `override` is the line in which a person let it end at another instant, where none came later.
    """

    limit: Limit
    step: str
    basis: str
    is_given: bool
    history: tuple[LimitLine, ...]
    override: LimitLine | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a case: those that run or stand still, and those that are over."""

    open: tuple[ShownLimit, ...]
    over: tuple[ShownLimit, ...]


def read_limits(
    connection: Connection,
    case: Mapping[str, Any],
    instances: Sequence[InstanceRow],
    wording: Wording,
) -> Limits:
    """Return the limits of a case, the next due first, then what is over, the latest first."""
    rows = limits.ledger(connection, case["key"])
    reader = _Reader(connection, case, rows, instances, wording)
    shown = [reader.shown(each) for each in ledger.current(map(limit_lines.read, rows))]
    still = sorted((s for s in shown if not s.limit.has_ended), key=lambda s: s.limit.due_at)
    over = sorted((s for s in shown if s.limit.has_ended), key=lambda s: s.limit.at, reverse=True)
    return Limits(tuple(still), tuple(over))


class _Reader:
    """What is looked up once for all limits of a case."""

    def __init__(
        self,
        connection: Connection,
        case: Mapping[str, Any],
        rows: Sequence[Mapping[str, Any]],
        instances: Sequence[InstanceRow],
        wording: Wording,
    ) -> None:
        self.case, self.rows, self.wording = case, rows, wording
        self.versions = {each.key: each.definition_key for each in instances}
        people = {row["person_key"] for row in rows if row["person_key"] is not None}
        self.names = case_files.names(connection, people)

    def shown(self, limit: Limit) -> ShownLimit:
        history = tuple(self.history(limit))
        is_moved = any(line.action in _MOVED for line in history)
        is_given = limit.name == ledger.HANDLE and limit.task_key is None and not is_moved
        return ShownLimit(
            limit=limit,
            step=self.step(limit),
            basis=self.basis(limit.basis),
            is_given=is_given and self.case["limit_basis"] == "given",
            history=history,
            override=history[-1] if history[-1].action in _MOVED and history[-1].person else None,
        )

    def step(self, limit: Limit) -> str:
        """Return what the step is called, where the limit is that of a task by its own name."""
        version = self.versions.get(limit.instance_key or 0)
        if version is None or limit.element_id is None or limit.name != limit.element_id:
            return ""
        return "" if limit.task_key is None else self.wording.step(version, limit.element_id)

    def basis(self, basis: str | None) -> str:
        """Return the basis in the reader's language, from the labels of the tables."""
        for version in dict.fromkeys(self.versions.values()):
            tables = self.wording.of(version).table_labels.get(self.wording.language, {})
            for labels in tables.values():
                found = _value(labels, basis)
                if found:
                    return found
        return basis or ""

    def history(self, limit: Limit) -> Iterator[LimitLine]:
        for row in self.rows:
            if (row["task_key"], row["limit_name"]) == (limit.task_key, limit.name):
                yield LimitLine(
                    action=row["action"],
                    at=row["at"],
                    due_at=row["due_at"] or limit.due_at,
                    person=self.names.get(row["person_key"] or 0, ""),
                    reason=row["reason"] or "",
                )


def _value(labels: JsonObject, basis: str | None) -> str:
    """Return what the label file of a table calls a basis: a column `basis` or `…_basis`."""
    values = labels.get("values")
    for name, found in values.items() if isinstance(values, dict) else ():
        known = found.get(basis or "") if isinstance(found, dict) else None
        if name.endswith("basis") and isinstance(known, str):
            return known
    return ""
