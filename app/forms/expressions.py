"""Properties of a form that are constants or FEEL expressions, and the scope they are read in.

`schema` compiles them once per form; `conditions`, `rules` and `render` ask them for values.
A scope's context is what form-js gives an expression: the data of the whole form at the top,
`this`, `parent` and `i` inside a repeated group.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal, InvalidOperation

from app import feel
from app.json_types import Json


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression sees, when, and in which zone local times are read."""

    context: Mapping[str, feel.Value]
    now: datetime
    zone: tzinfo

    @property
    def local_now(self) -> datetime:
        """`now` in that zone, whose day `today()` means."""
        return self.now.astimezone(self.zone)


@dataclass(frozen=True, slots=True)
class Given:
    """A property's value: `value`, unless there is an `expression` to ask."""

    value: Json = None
    expression: feel.Expression | None = None

    def of(self, scope: Scope) -> feel.Value:
        """Return the value in `scope`; null where the expression fails or costs too much."""
        if self.expression is None:
            return self.value
        return evaluate(self.expression, scope)

    def is_true(self, scope: Scope) -> bool:
        """Tell whether the value is exactly true."""
        return self.of(scope) is True

    def number(self, scope: Scope) -> Decimal | None:
        """Return the value as a number; None where it is none."""
        value = self.of(scope)
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
            return None
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            return None
        return number if number.is_finite() else None

    def count(self, scope: Scope) -> int | None:
        """Return the value as a whole number of at most a million, for lengths."""
        number = self.number(scope)
        if number is None or not 0 <= number <= 1_000_000:
            return None
        return int(number)


@dataclass(frozen=True, slots=True)
class Condition:
    """When something is hidden or readonly: `tests` as form-js reads them, else `constant`.

    form-js reads conditions as unary tests of nothing: true hides, and so does an expression that
    cannot be told, such as a comparison with an empty field. Source: form-js ConditionChecker.
    """

    constant: bool = False
    tests: feel.UnaryTests | None = None

    def is_met(self, scope: Scope) -> bool:
        """Tell whether the condition holds in `scope`; one that costs too much does not."""
        if self.tests is None:
            return self.constant
        try:
            return self.tests.evaluate(None, scope.context, now=scope.local_now) is True
        except feel.FeelBudgetExceeded:
            return False


def evaluate(expression: feel.Expression, scope: Scope) -> feel.Value:
    """Return the expression's value in `scope`, null where it exceeds its budget."""
    try:
        return expression.evaluate(scope.context, now=scope.local_now)
    except feel.FeelBudgetExceeded:
        return None


def as_json(value: feel.Value) -> Json:
    """Return a FEEL value as JSON, null where it is too large to be written."""
    try:
        return feel.to_json(value)
    except feel.FeelBudgetExceeded:
        return None
