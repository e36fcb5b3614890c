"""The marshmallow schema under a form: types and shapes of answers, before any rule of the form.

`read` and `render` load what was posted through it. Each value comes out JSON-native in one
canonical spelling, null for nothing typed; what cannot be read is reported under its input name and
left out. Conditions, choices and limits need the other answers and are `conditions` and `rules`.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import ClassVar, TypeAlias, cast

from marshmallow import EXCLUDE, Schema, ValidationError, fields

from app.forms.components import (
    CheckboxField,
    ChoiceField,
    DateTimeField,
    DynamicList,
    ExpressionField,
    Field,
    FileField,
    Form,
    NumberField,
    Subtype,
    TextField,
)
from app.forms.messages import Errors, FieldError
from app.forms.points import how_it_came, parts_of
from app.json_types import Json, JsonObject

MAX_LENGTH = 20_000
MAX_FILES = 50
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_FILE_KEY = re.compile(r"[1-9][0-9]{0,18}")


AnyField: TypeAlias = fields.Field[Json]


class AnswersSchema(Schema):
    """Every schema of a form: keys it does not know are dropped."""

    class Meta:
        """marshmallow's own settings."""

        unknown = EXCLUDE


@lru_cache(maxsize=256)
def schema_of(form: Form) -> Schema:
    """Return the marshmallow schema of a form, built once."""
    return _schema(form.fields)()


def load(form: Form, arranged: JsonObject) -> tuple[JsonObject, Errors]:
    """Return the readable values, nested, and the errors of the others by input name."""
    try:
        return schema_of(form).load(arranged), {}
    except ValidationError as trouble:
        errors: Errors = {}
        _flatten(trouble.messages, "", errors)
        valid = trouble.valid_data
        return (valid if isinstance(valid, dict) else {}), errors


def _flatten(messages: object, name: str, errors: Errors) -> None:
    """Turn marshmallow's nested messages into our errors by input name."""
    if isinstance(messages, Mapping):
        for step, below in messages.items():
            if step == "_schema":
                _flatten(below, name, errors)
            elif isinstance(step, int):
                _flatten(below, f"{name}[{step}]", errors)
            else:
                _flatten(below, f"{name}.{step}" if name else str(step), errors)
        return
    for message in messages if isinstance(messages, list) else [messages]:
        error = message if isinstance(message, FieldError) else FieldError("shape")
        errors.setdefault(name, []).append(error)


def _schema(parts: tuple[Field | DynamicList, ...]) -> type[Schema]:
    """Build the schema of one scope; dotted keys and groups become nested schemas."""
    own: dict[str, AnyField] = {}
    below: dict[str, list[tuple[tuple[str, ...], Field | DynamicList]]] = {}
    _place([(part.path, part) for part in parts], own, below)
    for step, inner in below.items():
        own[step] = fields.Nested(_nested(inner), allow_none=True)
    return AnswersSchema.from_dict(own)


_Placed = list[tuple[tuple[str, ...], Field | DynamicList]]


def _place(
    placed: _Placed,
    own: dict[str, AnyField],
    below: dict[str, _Placed],
) -> None:
    for path, part in placed:
        if len(path) > 1:
            below.setdefault(path[0], []).append((path[1:], part))
        elif isinstance(part, DynamicList):
            rows = fields.Nested(_schema(part.fields))
            own[path[0]] = cast(AnyField, fields.List(rows, allow_none=True))
        elif not isinstance(part, ExpressionField):
            own[path[0]] = _answer(part)


def _nested(placed: _Placed) -> type[Schema]:
    own: dict[str, AnyField] = {}
    below: dict[str, _Placed] = {}
    _place(placed, own, below)
    for step, inner in below.items():
        own[step] = fields.Nested(_nested(inner), allow_none=True)
    return AnswersSchema.from_dict(own)


def _answer(part: Field) -> "_Answer":
    for kind, build in _ANSWERS:
        if isinstance(part, kind):
            return build(part)
    raise TypeError(part.kind)


class Unreadable(ValidationError):
    """A value cannot be read as what its field asks for; marshmallow gathers it as `messages`."""

    def __init__(self, code: str, **params: str) -> None:
        """Keep what the sentence about it needs."""
        self.error = FieldError(code, params)
        super().__init__([self.error])


def reading(part: Field, value: Json) -> Json:
    """Return one value as the field reads it.

    Raises:
        Unreadable: it cannot be read so.
    """
    answer = _answer(part)
    return None if value is None or value == "" else answer.reading(value)


class _Answer(fields.Field[Json]):
    """One answer; subclasses read a value that is neither null nor an empty string."""

    def __init__(self, part: Field) -> None:
        super().__init__(allow_none=True)
        self.part = part

    def _deserialize(self, value: Json, *_: object, **__: object) -> Json:
        return None if value is None or value == "" else self.reading(value)

    def reading(self, value: Json) -> Json:
        """Return the value in its canonical spelling.

        Raises:
            Unreadable: it cannot be read so.
        """
        raise NotImplementedError


class TextAnswer(_Answer):
    """A line or several, without control characters and spaces around; blank is nothing."""

    part: TextField

    def reading(self, value: Json) -> Json:
        """Read text, or a number or truth value as text."""
        if isinstance(value, bool):
            value = "true" if value else "false"
        if isinstance(value, int | float):
            value = str(value)
        if not isinstance(value, str):
            raise Unreadable("text")
        if len(value) > MAX_LENGTH:
            raise Unreadable("max_length", limit=str(MAX_LENGTH), length=str(len(value)))
        text = _CONTROL.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
        if self.part.kind == "textfield":
            text = text.replace("\n", " ").replace("\t", " ")
        return text.strip() or None


class PointAnswer(_Answer):
    """A place on the map: "lat,lon" or an object with both, in degrees of WGS 84."""

    part: TextField

    def reading(self, value: Json) -> Json:
        """Read latitude and longitude, kept to 7 decimals (a centimetre), and how they came."""
        latitude, longitude, told = parts_of(value)
        lat, lon = number_of(latitude), number_of(longitude)
        if lat is None or lon is None or abs(lat) > 90 or abs(lon) > 180:
            raise Unreadable("point")
        found: JsonObject = {"lat": round(float(lat), 7), "lon": round(float(lon), 7)}
        if self.part.source:
            found |= how_it_came(told, number_of(told[1]) if len(told) > 1 else None)
        elif isinstance(value, str) and told:
            raise Unreadable("point")
        return found


class NumberAnswer(_Answer):
    """A number: int where it is whole, else a float that says the same digits."""

    part: NumberField

    def reading(self, value: Json) -> Json:
        """Read a number written in digits, full-width ones too."""
        if isinstance(value, str) and not value.strip():
            return None
        number = number_of(value)
        if number is None:
            raise Unreadable("number")
        digits = len(number.normalize().as_tuple().digits)
        if digits > 15 or not -9 <= number.adjusted() <= 15:
            raise Unreadable("number_size")
        if self.part.is_text:
            return format(number, "f")
        return int(number) if number == number.to_integral_value() else float(number)


def number_of(value: Json) -> Decimal | None:
    """Return a finite number from a JSON number or its text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    text = str(value).strip()
    if len(text) > 40 or "_" in text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) < 40 else None


class CheckboxAnswer(_Answer):
    """True or false."""

    _WORDS: ClassVar[Mapping[str, bool]] = {"true": True, "on": True, "1": True, "false": False}

    def reading(self, value: Json) -> Json:
        """Read a truth value or what a browser posts for one."""
        answer = self._WORDS.get(value) if isinstance(value, str) else value
        if not isinstance(answer, bool):
            raise Unreadable("checkbox")
        return answer


class ChoiceAnswer(_Answer):
    """One choice, whatever JSON it stands for; whether it is offered is a rule."""

    def reading(self, value: Json) -> Json:
        """Pass the choice on."""
        return value


class ChoicesAnswer(_Answer):
    """Several choices, each once, in the order given."""

    def reading(self, value: Json) -> Json:
        """Read a list of choices, a single one as a list of one."""
        chosen = value if isinstance(value, list) else [value]
        kept: list[Json] = []
        for item in chosen[:1_000]:
            if item not in (None, "", *kept):
                kept.append(item)
        return kept


class FilesAnswer(_Answer):
    """Keys of attachments the caller has already stored, as strings of digits."""

    def reading(self, value: Json) -> Json:
        """Read a list of keys, one alone as a list of one."""
        keys: list[Json] = []
        for item in value if isinstance(value, list) else [value]:
            key = str(item) if isinstance(item, int) and not isinstance(item, bool) else item
            if not isinstance(key, str) or not _FILE_KEY.fullmatch(key):
                raise Unreadable("file")
            if key not in keys:
                keys.append(key)
        if len(keys) > MAX_FILES:
            raise Unreadable("many_files", limit=str(MAX_FILES))
        return keys


class DateTimeAnswer(_Answer):
    """A date, a time of day, or both, in ISO; offsets are given by `conditions`."""

    part: DateTimeField

    def reading(self, value: Json) -> Json:
        """Read what a browser or an API client writes."""
        text = value.strip().replace("：", ":") if isinstance(value, str) else ""
        code = self.part.subtype.value
        try:
            if self.part.subtype is Subtype.DATE:
                return date.fromisoformat(text).isoformat()
            if self.part.subtype is Subtype.TIME:
                return time.fromisoformat(text).isoformat("minutes")
            if len(text) < 16:
                raise Unreadable(code)
            return datetime.fromisoformat(text).isoformat()
        except ValueError:
            raise Unreadable(code) from None


def _text_answer(part: Field) -> _Answer:
    return PointAnswer(part) if isinstance(part, TextField) and part.input else TextAnswer(part)


def _choice_answer(part: Field) -> _Answer:
    many = isinstance(part, ChoiceField) and part.is_many
    return ChoicesAnswer(part) if many else ChoiceAnswer(part)


_ANSWERS = (
    (TextField, _text_answer),
    (NumberField, NumberAnswer),
    (CheckboxField, CheckboxAnswer),
    (ChoiceField, _choice_answer),
    (FileField, FilesAnswer),
    (DateTimeField, DateTimeAnswer),
)
