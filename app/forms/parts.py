"""How each component of form-js becomes a part of our tree: one builder per kind.

`schema` calls `build_field` and `build_shown` with a component's source and its place.
What is read of each kind is named in `properties`.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypedDict

from app.forms import shapes
from app.forms.components import (
    NOTHING,
    PHOTO_KINDS,
    VISIBILITIES,
    Button,
    CheckboxField,
    ChoiceField,
    Column,
    Component,
    DateTimeField,
    DocumentPreview,
    ExpressionField,
    Field,
    FileField,
    IFrame,
    Image,
    Kind,
    Line,
    NumberField,
    Prose,
    Subtype,
    Table,
    TextField,
    TimeFormat,
)
from app.forms.expressions import Condition, Given
from app.forms.messages import sentence
from app.forms.options import option_source
from app.forms.points import DEVICE
from app.forms.problems import Severity
from app.forms.source import Source
from app.forms.templates import Template
from app.json_types import Json


class Place(TypedDict):
    """What every component is built with."""

    kind: Kind
    id: str
    hide: Condition
    columns: int | None
    row: str


class Asked(Place):
    """What every field is built with."""

    path: tuple[str, ...]
    key: str
    label: Template
    description: Template
    required: Given
    readonly: Condition
    disabled: Given
    default: Json


def place(source: Source) -> Place:
    """Read what every component has."""
    return {
        "kind": source.kind,
        "id": source.id,
        # a constant never hides: form-js reads an expression here and nothing else
        "hide": source.condition("conditional.hide", may_be_constant=False),
        "columns": source.whole("layout.columns", 16),
        "row": source.text("layout.row"),
    }


def build_field(source: Source, *, path: tuple[str, ...], key: str) -> Field:
    """Build a field whose answer lies at `path`, addressed by `key`, its default readable."""
    if source.kind is Kind.EXPRESSION:
        return _expression(source, path=path, key=key)
    asked: Asked = {
        **place(source),
        "path": path,
        "key": key,
        "label": source.template("label"),
        "description": source.template("description"),
        "required": source.flag("validate.required"),
        "readonly": source.condition("readonly", may_be_constant=True),
        "disabled": source.flag("disabled"),
        "default": None if source.kind is Kind.FILEPICKER else source.at_name("defaultValue"),
    }
    built = _FIELDS[source.kind](source, asked)
    if built.default is None:
        return built
    try:
        return replace(built, default=shapes.reading(built, built.default))
    except shapes.Unreadable as trouble:
        source.problem(
            "default",
            "defaultValue",
            message="The field cannot hold this default.",
            mend=sentence(trouble.error),
        )
        return replace(built, default=None)


def _text(source: Source, asked: Asked) -> Field:
    text_format = source.text("validate.validationType")
    if text_format not in ("", "custom", "email", "phone"):
        source.problem(
            "validation_type",
            "validate.validationType",
            message=f"There is no validation type {text_format!r}.",
            mend="Use email or phone, or leave it out.",
        )
    own = source.text("properties.input") if source.kind is Kind.TEXTFIELD else ""
    return TextField(
        **asked,
        input=_known(source, own, ("point",)),
        source=_point_source(source, own) if source.kind is Kind.TEXTFIELD else "",
        text_format=text_format if text_format in ("email", "phone") else "",
        autocomplete=source.text("properties.autocomplete"),
        placeholder=source.text("properties.placeholder"),
        replies=source.text("properties.replies") if source.kind is Kind.TEXTAREA else "",
        prefix=source.template("appearance.prefixAdorner"),
        suffix=source.template("appearance.suffixAdorner"),
        min_length=source.amount("validate.minLength"),
        max_length=source.amount("validate.maxLength"),
        pattern=source.pattern("validate.pattern"),
        pattern_message=source.text("validate.patternErrorMessage"),
    )


def _point_source(source: Source, own: str) -> str:
    """Return where a place has to come from; empty where any will do."""
    given = source.text("properties.source")
    if not given or (given == DEVICE and own == "point"):
        return given
    source.problem(
        "point_source",
        "properties.source",
        message=f"This field cannot take {given!r} as its source.",
        mend=f"Use {DEVICE} together with the input point, or leave it out.",
    )
    return ""


def _known(source: Source, own: str, known: tuple[str, ...]) -> str:
    """Return our own input of a component, noting one that does not exist."""
    if own and own not in known:
        source.problem(
            "input",
            "properties.input",
            message=f"A {source.kind} has no input {own!r}.",
            mend=f"Use {' or '.join(known)}, or leave it out.",
        )
        return ""
    return own


def _number(source: Source, asked: Asked) -> Field:
    increment = source.decimal("increment")
    return NumberField(
        **asked,
        placeholder=source.text("properties.placeholder"),
        prefix=source.template("appearance.prefixAdorner"),
        suffix=source.template("appearance.suffixAdorner"),
        minimum=source.amount("validate.min"),
        maximum=source.amount("validate.max"),
        digits=source.whole("decimalDigits", 15),
        increment=increment if increment and increment > 0 else None,
        is_text=source.is_true("serializeToString"),
    )


def _datetime(source: Source, asked: Asked) -> Field:
    subtype = source.text("subtype") or Subtype.DATE
    if subtype not in list(Subtype):
        source.problem(
            "subtype",
            "subtype",
            message=f"There is no {subtype!r}.",
            mend="Use date, time or datetime.",
        )
        subtype = Subtype.DATE
    written = source.text("timeSerializingFormat") or TimeFormat.UTC_OFFSET
    if written not in list(TimeFormat):
        source.problem(
            "time_format",
            "timeSerializingFormat",
            message=f"There is no {written!r}.",
            mend="Use utc_offset, utc_normalized or no_timezone.",
        )
        written = TimeFormat.UTC_OFFSET
    if not asked["label"].source:
        asked["label"] = source.template("timeLabel" if subtype == Subtype.TIME else "dateLabel")
    return DateTimeField(
        **asked,
        subtype=Subtype(subtype),
        time_format=TimeFormat(written),
        is_past_refused=source.is_true("disallowPassedDates"),
        earliest=_instant(source, "properties.earliest", subtype),
        latest=_instant(source, "properties.latest", subtype),
    )


def _instant(source: Source, name: str, subtype: str) -> Given:
    """Return an expression for an end of the time that may be answered; a time of day has none."""
    given = source.given(name)
    if given.expression is None and given.value not in (None, ""):
        source.problem(
            "instant",
            name,
            message="This is no expression.",
            mend="Begin it with =, for example =now().",
        )
    if given.expression is not None and subtype == Subtype.TIME:
        source.problem(
            "instant",
            name,
            message="A time of day has no such end.",
            mend="Ask for a date or a datetime, or leave it out.",
        )
    return given if given.expression else NOTHING


def _expression(source: Source, *, path: tuple[str, ...], key: str) -> Field:
    expression = source.given("expression")
    if expression.expression is None and source.at_name("expression") in (None, ""):
        source.problem(
            "expression",
            "expression",
            message="There is nothing to compute.",
            mend="Write an expression beginning with =.",
        )
    nothing = Template()
    return ExpressionField(
        **place(source),
        path=path,
        key=key,
        label=nothing,
        description=nothing,
        expression=expression,
    )


def _file(source: Source, asked: Asked) -> Field:
    is_photo = _known(source, source.text("properties.input"), ("photo",)) == "photo"
    kind = source.text("properties.kind")
    if (is_photo or kind) and kind not in PHOTO_KINDS:
        source.problem(
            "photo_kind",
            "properties.kind",
            message=f"There is no kind of photo {kind!r}."
            if kind
            else "The kind of photo is missing.",
            mend=f"Use {', '.join(PHOTO_KINDS)}.",
        )
        kind = PHOTO_KINDS[-1]
    return FileField(
        **asked,
        accept=source.template("accept", default="image/*" if is_photo else ""),
        multiple=source.flag("multiple"),
        photo=kind if is_photo else "",
        shows=kind,
        visibility=_visibility(source),
    )


def _visibility(source: Source) -> str:
    """Return who among colleagues reads the files; empty where the form does not say."""
    given = source.text("properties.visibility")
    if given in ("", *VISIBILITIES):
        return given
    source.problem(
        "visibility",
        "properties.visibility",
        message=f"There is no visibility {given!r}.",
        mend=f"Use {' or '.join(VISIBILITIES)}, or leave it out.",
    )
    return ""


def _checkbox(_source: Source, asked: Asked) -> Field:
    return CheckboxField(**asked)


def _choice(source: Source, asked: Asked) -> Field:
    own = source.text("properties.input") if source.kind is Kind.RADIO else ""
    is_grade = _known(source, own, ("grade",)) == "grade"
    return ChoiceField(
        **asked,
        source=option_source(source, is_grade=is_grade),
        withheld=_expression_only(source, "properties.withheld"),
        is_many=source.kind in (Kind.CHECKLIST, Kind.TAGLIST),
        is_searchable=source.kind is Kind.SELECT and source.is_true("searchable"),
        input="grade" if is_grade else "",
    )


_FIELDS: Mapping[Kind, Callable[[Source, Asked], Field]] = {
    Kind.TEXTFIELD: _text,
    Kind.TEXTAREA: _text,
    Kind.NUMBER: _number,
    Kind.DATETIME: _datetime,
    Kind.FILEPICKER: _file,
    Kind.CHECKBOX: _checkbox,
    Kind.CHECKLIST: _choice,
    Kind.RADIO: _choice,
    Kind.SELECT: _choice,
    Kind.TAGLIST: _choice,
}
QUESTIONS = frozenset(_FIELDS)
FIELD_KINDS = QUESTIONS | {Kind.EXPRESSION}


def build_shown(source: Source) -> Component:
    """Build a component that asks nothing."""
    return _SHOWN[source.kind](source)


def _prose(source: Source) -> Component:
    text = source.template("text" if source.kind is Kind.TEXT else "content")
    return Prose(**place(source), text=text)


def _image(source: Source) -> Component:
    image = Image(**place(source), source=source.template("source"), alt=source.template("alt"))
    if not image.alt.source:
        source.problem(
            "alt",
            "alt",
            message="The image has no words.",
            mend="Say what it shows.",
            severity=Severity.WARNING,
        )
    return image


def _table(source: Source) -> Component:
    columns: list[Column] = []
    raw = source.at_name("columns")
    for number, item in enumerate(raw if isinstance(raw, list) else []):
        key, label = (item.get("key"), item.get("label")) if isinstance(item, dict) else (0, 0)
        if isinstance(key, str) and isinstance(label, str):
            columns.append(Column(key, label or key))
        else:
            source.problem(
                "column",
                f"columns[{number}]",
                message="The column is incomplete.",
                mend="Give key and label.",
            )
    return Table(
        **place(source),
        label=source.template("label"),
        rows=_expression_only(source, "dataSource"),
        columns_given=_expression_only(source, "columnsExpression"),
        headings=tuple(columns),
    )


def _expression_only(source: Source, name: str) -> Given:
    """Return a property that counts only as an expression; a constant there means nothing."""
    given = source.given(name)
    return given if given.expression else NOTHING


def _documents(source: Source) -> Component:
    return DocumentPreview(
        **place(source),
        label=source.template("label"),
        documents=_expression_only(source, "dataSource"),
    )


def _iframe(source: Source) -> Component:
    return IFrame(**place(source), label=source.template("label"), url=source.template("url"))


def _line(source: Source) -> Component:
    return Line(**place(source))


def _button(source: Source) -> Component:
    action = "reset" if source.text("action") == "reset" else "submit"
    return Button(**place(source), label=source.template("label"), action=action)


_SHOWN: Mapping[Kind, Callable[[Source], Component]] = {
    Kind.TEXT: _prose,
    Kind.HTML: _prose,
    Kind.IMAGE: _image,
    Kind.TABLE: _table,
    Kind.DOCUMENT_PREVIEW: _documents,
    Kind.IFRAME: _iframe,
    Kind.SPACER: _line,
    Kind.SEPARATOR: _line,
    Kind.BUTTON: _button,
}
