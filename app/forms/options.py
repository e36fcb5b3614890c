"""The choices a radio, select, checklist or taglist offers: as its file says, and here and now.

`parts` reads the source of the choices; `conditions` asks for them once per field; `rules` checks
answers against them and `render` shows them. A choice's token is what stands in the HTML, its value
what stands in the answer.
"""

from dataclasses import dataclass

import orjson

from app.forms.components import GRADES, ChoiceField, Option, OptionSource
from app.forms.expressions import Scope, as_json
from app.forms.source import Source
from app.json_types import Json

MAX_OPTIONS = 1_000


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice as offered."""

    value: Json
    label: str
    token: str


def choices(part: ChoiceField, scope: Scope) -> tuple[Choice, ...]:
    """Return what the field offers in `scope`; no options and what is withheld are left out."""
    offered = _offered(part.source, scope)
    withheld = as_json(part.withheld.of(scope))
    if not isinstance(withheld, list):
        return offered
    return tuple(
        choice
        for choice in offered
        if not any(same_answer(choice.value, value) for value in withheld)
    )


def _offered(source: OptionSource, scope: Scope) -> tuple[Choice, ...]:
    if source.listed:
        return tuple(Choice(o.value, o.label, token_of(o.value)) for o in source.listed)
    given: Json = None
    if source.key:
        given = as_json(scope.context.get(source.key))
    elif source.expression is not None:
        given = as_json(source.expression.of(scope))
    raw = given if isinstance(given, list) else []
    options = (as_option(item) for item in raw[:MAX_OPTIONS])
    return tuple(Choice(o.value, o.label, token_of(o.value)) for o in options if o is not None)


def token_of(value: Json) -> str:
    """Return the string that stands for a value in HTML."""
    if isinstance(value, dict | list):
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
    return option_text(value)


def chosen(offered: tuple[Choice, ...], answer: Json) -> Choice | None:
    """Return the choice an answer means, by value or by token; None where it is not offered."""
    for choice in offered:
        if same_answer(choice.value, answer):
            return choice
    if isinstance(answer, str):
        for choice in offered:
            if choice.token == answer:
                return choice
    return None


def option_source(source: Source, *, is_grade: bool) -> OptionSource:
    """Read where the choices come from, in the order form-js looks: key, list, expression."""
    key = source.text("valuesKey")
    if key:
        source.findings.paths.add((key,))
        return OptionSource(key=key)
    listed = source.at_name("values")
    if listed is not None:
        return OptionSource(listed=_options(source, listed, is_grade=is_grade))
    expression = source.given("valuesExpression")
    if expression.expression is not None:
        return OptionSource(expression=expression)
    if is_grade:
        return OptionSource(listed=tuple(Option(grade, "") for grade in GRADES))
    source.problem(
        "no_options",
        "values",
        message="There is nothing to choose from.",
        mend="Add options in values.",
    )
    return OptionSource()


def _options(source: Source, listed: Json, *, is_grade: bool) -> tuple[Option, ...]:
    options: list[Option] = []
    raw = listed if isinstance(listed, list) else []
    if not raw or len(raw) > MAX_OPTIONS:
        source.problem(
            "options",
            "values",
            message="The options are no list, empty, or too many.",
            mend=f"List 1 to {MAX_OPTIONS} options with label and value.",
        )
    for number, item in enumerate(raw[:MAX_OPTIONS]):
        option = as_option(item)
        if is_grade and option is not None:
            option = _grade(option)
        if option is None:
            source.problem(
                "option",
                f"values[{number}]",
                message="This option has no value" + (" from 1 to 5." if is_grade else "."),
                mend="Give it a label and a value.",
            )
        elif any(same_answer(option.value, other.value) for other in options):
            source.problem(
                "option_twice",
                f"values[{number}]",
                message=f"The value {option.value!r} is there twice.",
                mend="Give every option a value of its own.",
            )
        else:
            options.append(option)
    return tuple(options)


def as_option(item: Json) -> Option | None:
    """Read an option as form-js does: a plain value, or an object with a value and a label."""
    if not isinstance(item, dict):
        return Option(item, option_text(item)) if _may_be_value(item) else None
    value, label = item.get("value"), item.get("label")
    if isinstance(label, str) and label:
        return Option(value, label) if _may_be_value(value) or _is_full(value) else None
    return Option(value, option_text(value)) if _may_be_value(value) else None


def _may_be_value(value: Json) -> bool:
    return isinstance(value, bool | int | float) or (isinstance(value, str) and value != "")


def _is_full(value: Json) -> bool:
    return isinstance(value, dict | list) and bool(value)


def option_text(value: Json) -> str:
    """Return a plain value as words."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def same_answer(one: Json, other: Json) -> bool:
    """Tell whether two answers are the same; true is not 1."""
    return one == other and isinstance(one, bool) is isinstance(other, bool)


def _grade(option: Option) -> Option | None:
    value = option.value
    if isinstance(value, str) and value in "12345" and len(value) == 1:
        return Option(int(value), option.label)
    is_grade = isinstance(value, int) and not isinstance(value, bool) and value in GRADES
    return option if is_grade else None
