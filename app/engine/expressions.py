"""Evaluates what a diagram writes: FEEL after a leading "=", everything else as it stands.

This object stands where the library expects its Python script engine, so nothing of a model ever
reaches `eval` or `exec`. Values leave as plain JSON, ready to be kept in the state.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app import feel
from app.engine.dialect import feel_of
from app.engine.journal import StepJournal
from app.json_types import Json

RESERVED = ("case", "answers", "calendar")


class Expressions:
    """FEEL over the facts, the variables of a task, and what only that task sees."""

    def __init__(self, facts: Mapping[str, Any], *, now: datetime, journal: StepJournal) -> None:
        self.facts = facts
        self.now = now
        self._journal = journal
        self._known = feel.KnownKeys()

    def evaluate(
        self, task: Any, expression: str, external_context: Mapping[str, Any] | None = None
    ) -> Json:
        """Return the value of `expression` at `task`; a literal is returned as it is written.

        Raises:
            FeelSyntaxError: the expression is no FEEL.
            FeelBudgetExceeded: it takes more than an expression may.
        """
        text = feel_of(expression)
        if text is None:
            return expression
        context = self.context(task, external_context or {})
        traced = feel.trace(text, context, now=self.now, known=self._known)
        for warning in traced.warnings:
            self._journal.warnings.append(f"{task.task_spec.bpmn_id}: {warning}")
        return feel.to_json(traced.value)

    def context(self, task: Any, extra: Mapping[str, Any]) -> dict[str, Any]:
        """Return every name `task` can read; facts cannot be hidden by variables."""
        internal = task.internal_data
        context = {**task.data, **internal.get("inputs", {}), **task.local, **extra}
        if "number" in internal:
            context["loopCounter"] = internal["number"]
        context.update(self.facts)
        return context
