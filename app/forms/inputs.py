"""One question as the HTML input it becomes: type, keyboard, limits, and the text to start with.

`render` calls `field_view` for every field. Numbers are text inputs with a numeric keyboard, so
that nothing typed is swallowed by the browser; dates and times use the browser's own inputs.
"""

from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from decimal import Decimal

from app.forms.components import (
    CheckboxField,
    ChoiceField,
    DateTimeField,
    Field,
    FileField,
    Kind,
    NumberField,
    Subtype,
    TextField,
)
from app.forms.conditions import Instance
from app.forms.messages import words
from app.forms.options import Choice, same_answer
from app.forms.paths import html_id
from app.forms.points import as_sent
from app.forms.rules import plain
from app.forms.shapes import MAX_LENGTH
from app.forms.templates import shown
from app.forms.times import local_text
from app.forms.views import FieldView, OptionView
from app.json_types import Json

_INPUT_TYPES = {
    Subtype.DATE: "date",
    Subtype.TIME: "time",
    Subtype.DATETIME: "datetime-local",
}
_KEYBOARDS = {"email": "email", "phone": "tel"}
_AUTOCOMPLETE = {"email": "email", "phone": "tel"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A field's instance with its errors, and what was typed where that could not be read."""

    instance: Instance
    errors: tuple[str, ...]
    typed: Json
    language: str
    now: datetime
    zone: tzinfo


def field_view(part: Field, about: Shown) -> FieldView:
    """Return the field as a template prints it."""
    base = _base(part, about)
    if isinstance(part, TextField):
        return _text(part, about, base)
    if isinstance(part, NumberField):
        return _number(part, about, base)
    if isinstance(part, DateTimeField):
        return _datetime(part, about, base)
    if isinstance(part, ChoiceField):
        return _choice(part, about, base)
    if isinstance(part, CheckboxField):
        return _checkbox(about, base)
    if isinstance(part, FileField):
        return _file(part, about, base)
    return base


def _checkbox(about: Shown, base: FieldView) -> FieldView:
    is_checked = about.instance.value is True
    text = words("yes" if is_checked else "no", about.language)
    return replace(base, input_type="checkbox", is_checked=is_checked, has_marker=True, text=text)


def _base(part: Field, about: Shown) -> FieldView:
    instance = about.instance
    scope, identity = instance.scope, html_id(instance.name)
    description = part.description.render(scope)
    description_id = f"{identity}-hint" if description else ""
    error_id = f"{identity}-error" if about.errors else ""
    return FieldView(
        is_visible=not instance.is_hidden,
        columns=part.columns,
        row=part.row,
        type=part.kind.value,
        id=identity,
        name=instance.name,
        label=part.label.render(scope),
        description=description,
        description_id=description_id,
        error_id=error_id,
        described_by=" ".join(filter(None, (description_id, error_id))),
        errors=about.errors,
        is_required=part.required.is_true(scope),
        is_readonly=instance.is_readonly,
        is_disabled=instance.is_disabled,
    )


def _text_value(about: Shown) -> str:
    """Return the text to start with: what was typed, or the answer in words."""
    if about.typed is not None:
        return shown(about.typed)
    return shown(about.instance.value)


def _text(part: TextField, about: Shown, base: FieldView) -> FieldView:
    scope = about.instance.scope
    value = _text_value(about)
    answer = about.instance.value
    if part.input == "point" and isinstance(answer, dict):
        value = as_sent(answer)
    least, most = part.min_length.count(scope), part.max_length.count(scope)
    is_typed = part.kind is Kind.TEXTFIELD
    return replace(
        base,
        input=part.input,
        source=part.source,
        value=value,
        text=value,
        input_type=(_KEYBOARDS.get(part.text_format) or "text") if is_typed else "",
        inputmode=_KEYBOARDS.get(part.text_format, ""),
        autocomplete=part.autocomplete or _AUTOCOMPLETE.get(part.text_format, ""),
        placeholder=part.placeholder,
        replies=part.replies,
        prefix=part.prefix.render(scope),
        suffix=part.suffix.render(scope),
        pattern=_html_pattern(part) if is_typed else "",
        minlength=str(least or ""),
        maxlength=str(min(most or MAX_LENGTH, MAX_LENGTH)),
    )


def _html_pattern(part: TextField) -> str:
    """Return the pattern as HTML means it: of the whole text; form-js looks anywhere in it."""
    if part.pattern is None:
        return ""
    return f".*(?:{part.pattern.source}).*"


def _number(part: NumberField, about: Shown, base: FieldView) -> FieldView:
    scope = about.instance.scope
    least, most = part.minimum.number(scope), part.maximum.number(scope)
    value = about.instance.value
    text = _text_value(about)
    if about.typed is None and isinstance(value, int | float):
        text = plain(Decimal(str(value)))
    step = part.increment or (Decimal(1).scaleb(-part.digits) if part.digits is not None else None)
    # telephone keyboards for numbers have no minus sign
    may_be_negative = least is not None and least < 0
    keyboard = "numeric" if step is not None and step == step.to_integral_value() else "decimal"
    return replace(
        base,
        value=text,
        text=text,
        input_type="text",
        inputmode="text" if may_be_negative else keyboard,
        autocomplete="off",
        placeholder=part.placeholder,
        prefix=part.prefix.render(scope),
        suffix=part.suffix.render(scope),
        minimum="" if least is None else plain(least),
        maximum="" if most is None else plain(most),
        step="any" if step is None else plain(step),
    )


def _datetime(part: DateTimeField, about: Shown, base: FieldView) -> FieldView:
    value, now, zone = about.instance.value, about.now, about.zone
    text = _text_value(about)
    if about.typed is None and isinstance(value, str):
        text = local_text(part, value, now=now, zone=zone)
    minimum = ""
    if part.is_past_refused and part.subtype is not Subtype.TIME:
        minimum = now.astimezone(zone).date().isoformat()
        minimum += "T00:00" if part.subtype is Subtype.DATETIME else ""
    # a browser's date input would show nothing of what it cannot read
    input_type = "text" if about.typed is not None else _INPUT_TYPES[part.subtype]
    return replace(
        base, value=text, text=text.replace("T", " "), input_type=input_type, minimum=minimum
    )


def _choice(part: ChoiceField, about: Shown, base: FieldView) -> FieldView:
    value = about.instance.value
    answers = value if part.is_many and isinstance(value, list) else [value]
    options = tuple(
        OptionView(
            f"{base.id}-{number}",
            choice.token,
            _label(choice, about.language),
            any(same_answer(choice.value, answer) for answer in answers),
        )
        for number, choice in enumerate(about.instance.choices)
    )
    input_type = {Kind.RADIO: "radio", Kind.CHECKLIST: "checkbox"}.get(part.kind, "")
    return replace(
        base,
        input=part.input,
        options=options,
        text=words("comma", about.language).join(o.label for o in options if o.is_selected),
        input_type=input_type,
        is_multiple=part.is_many,
        is_searchable=part.is_searchable or part.kind is Kind.TAGLIST,
        has_marker=part.kind is not Kind.SELECT,
    )


def _label(choice: Choice, language: str) -> str:
    """Return a choice's words; a grade without any is named by its number's usual words."""
    return choice.label or words(f"grade_{choice.token}", language)


def _file(part: FileField, about: Shown, base: FieldView) -> FieldView:
    scope, value = about.instance.scope, about.instance.value
    keys = value if isinstance(value, list) else []
    return replace(
        base,
        input="photo" if part.photo else "",
        files=tuple(str(key) for key in keys),
        input_type="file",
        accept=part.accept.render(scope),
        capture="environment" if part.photo else "",
        photo=part.photo,
        is_multiple=part.multiple.is_true(scope),
        has_marker=True,
    )
