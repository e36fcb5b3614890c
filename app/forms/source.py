"""One component of a form's file while it is being loaded: typed reading, problems collected.

`parts` builds components from it. Nothing here raises for what a designer wrote; whatever is wrong
becomes a `FormProblem` and a harmless value takes its place, so that all problems are found.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from app import feel
from app.forms.components import NOTHING, UNMET, Kind
from app.forms.expressions import Condition, Given
from app.forms.patterns import Pattern, PatternUnsupported, compile_pattern
from app.forms.problems import FormProblem, Severity
from app.forms.templates import Template, TemplateBroken, compile_template
from app.json_types import Json, JsonObject

MAX_TEXT = 20_000


@dataclass(slots=True)
class Findings:
    """What loading a file has come upon so far."""

    problems: list[FormProblem] = field(default_factory=list)
    paths: set[tuple[str, ...]] = field(default_factory=set)

    def note(self, code: str, path: str, *, message: str, mend: str) -> None:
        """Note something wrong that belongs to no component."""
        self.problems.append(FormProblem(code, path, "", message, mend))


@dataclass(frozen=True, slots=True)
class Source:
    """The raw JSON of one component and where it stands."""

    raw: JsonObject
    at: str
    id: str
    kind: Kind
    findings: Findings

    def problem(
        self,
        code: str,
        name: str,
        *,
        message: str,
        mend: str,
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Note something wrong with the property `name`."""
        path = f"{self.at}.{name}" if name else self.at
        self.findings.problems.append(FormProblem(code, path, self.id, message, mend, severity))

    def at_name(self, name: str) -> Json:
        """Return the raw value of a property; dots lead into objects."""
        value: Json = self.raw
        for step in name.split("."):
            value = value.get(step) if isinstance(value, dict) else None
        return value

    def text(self, name: str) -> str:
        """Return a property that is a text, empty where it is missing."""
        value = self.at_name(name)
        if value is None:
            return ""
        if isinstance(value, bool | int | float):
            return str(value)
        if not isinstance(value, str):
            self.problem(
                "not_text", name, message="This is no text.", mend="Write a text in quotes."
            )
            return ""
        if len(value) > MAX_TEXT:
            self.problem(
                "too_long",
                name,
                message="This text is too long.",
                mend=f"Keep it under {MAX_TEXT}.",
            )
            return ""
        return value

    def template(self, name: str, default: str = "") -> Template:
        """Return a property that is a text with holes."""
        source = self.text(name) or default
        with self._expression(name):
            template = compile_template(source)
            for expression in template.expressions():
                self.findings.paths |= expression.paths
            return template
        return Template(source)

    def given(self, name: str) -> Given:
        """Return a property that is a constant or, beginning with `=`, a FEEL expression."""
        value = self.at_name(name)
        if not isinstance(value, str) or not value.startswith("="):
            return NOTHING if value is None else Given(value)
        if len(value) > MAX_TEXT:
            self.problem(
                "too_long",
                name,
                message="This text is too long.",
                mend=f"Keep it under {MAX_TEXT}.",
            )
            return NOTHING
        with self._expression(name):
            expression = feel.compile(value[1:])
            self.findings.paths |= expression.paths
            return Given(None, expression)
        return NOTHING

    def flag(self, name: str) -> Given:
        """Return a property that is true, false or an expression."""
        given = self.given(name)
        if given.expression is None and not isinstance(given.value, bool | None):
            self.problem(
                "not_flag",
                name,
                message="This is neither true nor false.",
                mend="Write true, false or =…",
            )
            return NOTHING
        return given

    def condition(self, name: str, *, may_be_constant: bool) -> Condition:
        """Return a condition of form-js: an expression, or where it may be, a constant."""
        value = self.at_name(name)
        if isinstance(value, str) and value.startswith("="):
            return self._tests(name, value[1:].strip())
        if may_be_constant and isinstance(value, bool):
            return Condition(value)
        if value not in (None, False, ""):
            self.problem(
                "condition",
                name,
                message="This condition is no expression.",
                mend="Begin it with =.",
            )
        return UNMET

    def _tests(self, name: str, text: str) -> Condition:
        if text in ("true", "false"):
            return Condition(text == "true")
        if len(text) > MAX_TEXT:
            self.problem(
                "too_long",
                name,
                message="This text is too long.",
                mend=f"Keep it under {MAX_TEXT}.",
            )
            return UNMET
        with self._expression(name):
            tests = feel.compile_unary_tests(text)
            self.findings.paths |= tests.paths
            return Condition(False, tests)
        return UNMET

    def amount(self, name: str) -> Given:
        """Return a property that is a number or an expression."""
        given = self.given(name)
        if given.expression is None and given.value not in (None, ""):
            self.decimal(name)
        return given

    def is_true(self, name: str, default: bool = False) -> bool:
        """Return a property that is plainly true or false."""
        value = self.at_name(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.problem(
                "not_flag",
                name,
                message="This is neither true nor false.",
                mend="Write true or false.",
            )
            return default
        return value

    def whole(self, name: str, most: int) -> int | None:
        """Return a whole number from 0 to `most`, None where it is missing."""
        value = self.at_name(name)
        if value is None or value == "":
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
            self.problem(
                "not_number", name, message="This number does not fit.", mend=f"Write 0 to {most}."
            )
            return None
        return value

    def decimal(self, name: str) -> Decimal | None:
        """Return a number, None where it is missing."""
        value = self.at_name(name)
        if value is None or value == "":
            return None
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            number = Decimal("NaN")
        if isinstance(value, bool) or not number.is_finite() or abs(number.adjusted()) > 30:
            self.problem(
                "not_number", name, message="This is no number.", mend="Write a number in digits."
            )
            return None
        return number

    def pattern(self, name: str) -> Pattern | None:
        """Return a regular expression, None where it is missing."""
        source = self.text(name)
        if not source:
            return None
        try:
            return compile_pattern(source)
        except PatternUnsupported as trouble:
            self.problem(
                "pattern",
                name,
                message=f"This regular expression cannot be used: {trouble}.",
                mend="Write it with characters, [ ], ( ), |, *, +, ?, {n}, ^ and $ alone.",
            )
            return None

    @contextmanager
    def _expression(self, name: str) -> Iterator[None]:
        """Turn whatever an expression or template inside is wrong about into a problem."""
        try:
            yield
        except feel.FeelSyntaxError as trouble:
            self.problem(
                "feel",
                name,
                message=f"The expression cannot be read: {trouble}",
                mend="Correct it.",
            )
        except feel.FeelBudgetExceeded as trouble:
            self.problem(
                "feel", name, message=f"The expression is too large: {trouble}", mend="Shorten it."
            )
        except TemplateBroken as trouble:
            self.problem(
                "template", name, message=f"{trouble}.", mend="Close each {{#if}} and {{#loop}}."
            )
