"""Whether one answer keeps the rules of its field: required, limits, lengths, patterns, choices.

`read` asks for every field that is shown and may be changed. What cannot even be read as its type
never comes here; `shapes` has reported it.
"""

import re
from collections.abc import Iterator
from datetime import datetime, tzinfo
from decimal import Decimal

from app.forms.components import (
    CheckboxField,
    ChoiceField,
    DateTimeField,
    Field,
    FileField,
    NumberField,
    TextField,
)
from app.forms.conditions import Instance
from app.forms.expressions import Scope
from app.forms.messages import FieldError
from app.forms.options import chosen
from app.forms.shapes import number_of
from app.forms.times import day_of, said, within
from app.json_types import Json

_EMAIL = re.compile(
    r"[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@"
    r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
    r"(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*"
)
_PHONE = re.compile(r"(?:\+|00)?[0-9]{5,20}")
_PHONE_MARKS = re.compile(r"[\s()（）-]")


def check(instance: Instance, *, now: datetime, zone: tzinfo) -> tuple[FieldError, ...]:
    """Return what is wrong with an instance's answer, in the order it is best mended."""
    part, value = instance.component, instance.value
    if not isinstance(part, Field):
        return ()
    if _is_empty(value):
        return _missing(part) if part.required.is_true(instance.scope) else ()
    return tuple(_broken(part, instance, now=now, zone=zone))


def _is_empty(value: Json) -> bool:
    return value is None or value is False or value == [] or value == ""


def _missing(part: Field) -> tuple[FieldError, ...]:
    code = "required"
    if isinstance(part, ChoiceField):
        code = "required_choice"
    elif isinstance(part, CheckboxField):
        code = "required_tick"
    elif isinstance(part, FileField):
        code = "required_photo" if part.photo else "required_file"
    elif isinstance(part, TextField) and part.input == "point":
        code = "required_position" if part.source else "required_point"
    return (FieldError(code),)


def _broken(
    part: Field, instance: Instance, *, now: datetime, zone: tzinfo
) -> Iterator[FieldError]:
    scope, value = instance.scope, instance.value
    if isinstance(part, TextField) and isinstance(value, str):
        yield from _text(part, value, scope)
    elif isinstance(part, NumberField):
        yield from _number(part, value, scope)
    elif isinstance(part, ChoiceField):
        answers = value if part.is_many and isinstance(value, list) else [value]
        if any(chosen(instance.choices, answer) is None for answer in answers):
            yield FieldError("option")
    elif isinstance(part, DateTimeField) and isinstance(value, str):
        yield from _day(part, value, now=now, zone=zone)
        yield from _within(part, value, scope)
    elif isinstance(part, FileField) and _is_crowded(part, value, scope):
        yield FieldError("one_file")


def _is_crowded(part: FileField, value: Json, scope: Scope) -> bool:
    return isinstance(value, list) and len(value) > 1 and not part.multiple.is_true(scope)


def _text(part: TextField, value: str, scope: Scope) -> Iterator[FieldError]:
    least, most = part.min_length.count(scope), part.max_length.count(scope)
    if least is not None and len(value) < least:
        yield FieldError("min_length", {"limit": str(least), "length": str(len(value))})
    if most is not None and len(value) > most:
        yield FieldError("max_length", {"limit": str(most), "length": str(len(value))})
    if part.pattern is not None and not part.pattern.is_in(value):
        own = {"message": part.pattern_message} if part.pattern_message else {}
        yield FieldError("pattern", own)
    if part.text_format == "email" and not _EMAIL.fullmatch(value):
        yield FieldError("email")
    if part.text_format == "phone" and not _PHONE.fullmatch(_PHONE_MARKS.sub("", value)):
        yield FieldError("phone")


def _number(part: NumberField, value: Json, scope: Scope) -> Iterator[FieldError]:
    number = number_of(value)
    if number is None:
        yield FieldError("number")
        return
    decimals = -int(number.normalize().as_tuple().exponent)
    if part.digits is not None and decimals > part.digits:
        error = FieldError("digits", {"limit": str(part.digits)})
        yield error if part.digits else FieldError("integer")
    if part.increment is not None and number % part.increment:
        yield _off_step(number, part.increment)
    least, most = part.minimum.number(scope), part.maximum.number(scope)
    if least is not None and number < least:
        yield FieldError("min", {"limit": plain(least)})
    if most is not None and number > most:
        yield FieldError("max", {"limit": plain(most)})


def _off_step(number: Decimal, step: Decimal) -> FieldError:
    below = number // step * step
    if number < 0:
        below -= step
    params = {"below": plain(below), "above": plain(below + step), "step": plain(step)}
    return FieldError("step", params)


def plain(number: Decimal) -> str:
    """Return a number as a person writes it, without exponent or trailing zeros."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _day(part: DateTimeField, value: str, *, now: datetime, zone: tzinfo) -> Iterator[FieldError]:
    day, today = day_of(part, value, zone=zone), now.astimezone(zone).date()
    if part.is_past_refused and day is not None and day < today:
        yield FieldError("past", {"today": today.isoformat()})


def _within(part: DateTimeField, value: str, scope: Scope) -> Iterator[FieldError]:
    """Compare with both ends, as they are at this moment."""
    for code, end in (("earliest", part.earliest.of(scope)), ("latest", part.latest.of(scope))):
        if not within(part, value, end, is_earliest=code == "earliest", zone=scope.zone):
            yield FieldError(code, {"limit": said(part, end, zone=scope.zone)})
