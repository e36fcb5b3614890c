"""A form as a frozen tree: what `schema` loads, and every other module of this room reads.

Fields hold answers, containers hold components, the rest is shown only. `path` is where an answer
lies below the form or, inside a repeated group, below its row; `key` is the same from the form's
root without row numbers, the address used by labels, lint and `answers.<task>.<key>`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from app.forms.expressions import Condition, Given
from app.forms.patterns import Pattern
from app.forms.templates import Template
from app.json_types import Json


class Kind(StrEnum):
    """The components of form-js, schema version 19."""

    TEXTFIELD = "textfield"
    TEXTAREA = "textarea"
    NUMBER = "number"
    DATETIME = "datetime"
    EXPRESSION = "expression"
    FILEPICKER = "filepicker"
    CHECKBOX = "checkbox"
    CHECKLIST = "checklist"
    RADIO = "radio"
    SELECT = "select"
    TAGLIST = "taglist"
    TEXT = "text"
    HTML = "html"
    IMAGE = "image"
    TABLE = "table"
    DOCUMENT_PREVIEW = "documentPreview"
    IFRAME = "iframe"
    SPACER = "spacer"
    SEPARATOR = "separator"
    BUTTON = "button"
    GROUP = "group"
    DYNAMICLIST = "dynamiclist"


class Subtype(StrEnum):
    """What a datetime field asks for."""

    DATE = "date"
    TIME = "time"
    DATETIME = "datetime"


class TimeFormat(StrEnum):
    """How a time of day is written into the answer."""

    UTC_OFFSET = "utc_offset"
    UTC_NORMALIZED = "utc_normalized"
    NO_TIMEZONE = "no_timezone"


PHOTO_KINDS = ("before", "after", "evidence", "report")
VISIBILITIES = ("internal", "departments")
GRADES = (1, 2, 3, 4, 5)  # very satisfied … very dissatisfied
_OWN_NAMES = frozenset({"this", "parent", "i", "_this_", "_parent_", "_i_"})
_ROW_NUMBER = re.compile(r"\[\d{1,4}\]")
UNMET = Condition()
NEVER = Given(False)
NOTHING = Given(None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """What every component has: an id, a condition that hides it, its place in the grid of 16."""

    kind: Kind
    id: str
    hide: Condition = UNMET
    columns: int | None = None
    row: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field(Component):
    """A component that asks for an answer."""

    path: tuple[str, ...]
    key: str
    label: Template
    description: Template
    required: Given = NEVER
    readonly: Condition = UNMET
    disabled: Given = NEVER
    default: Json = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TextField(Field):
    """textfield and textarea; `input` "point" makes it a place on the map.

    `source` "device" asks where the device is; the answer says how it came (`forms.points`).
    `replies`: standard replies are offered here, by the outcome chosen in the field of that key.
    """

    input: str = ""
    source: str = ""
    text_format: str = ""
    autocomplete: str = ""
    placeholder: str = ""
    replies: str = ""
    prefix: Template
    suffix: Template
    min_length: Given = NOTHING
    max_length: Given = NOTHING
    pattern: Pattern | None = None
    pattern_message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberField(Field):
    """number; `is_text` answers with the digits as a string."""

    placeholder: str = ""
    prefix: Template
    suffix: Template
    minimum: Given = NOTHING
    maximum: Given = NOTHING
    digits: int | None = None
    increment: Decimal | None = None
    is_text: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DateTimeField(Field):
    """datetime in its three subtypes; what lies before `earliest` or after `latest` is refused."""

    subtype: Subtype = Subtype.DATE
    time_format: TimeFormat = TimeFormat.UTC_OFFSET
    is_past_refused: bool = False
    earliest: Given = NOTHING
    latest: Given = NOTHING


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: the answer it stands for and the words shown."""

    value: Json
    label: str


@dataclass(frozen=True, slots=True)
class OptionSource:
    """Where choices come from: written in the form, a key of the data, or an expression."""

    listed: tuple[Option, ...] = ()
    key: str = ""
    expression: Given | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceField(Field):
    """radio and select (one answer), checklist and taglist (several); `input` may be "grade".

    `withheld` gives a list of values that are not offered here and now.
    """

    source: OptionSource
    withheld: Given = NOTHING
    is_many: bool = False
    is_searchable: bool = False
    input: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckboxField(Field):
    """checkbox: true or false."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileField(Field):
    """filepicker: keys of stored attachments; `photo` is the kind of photo a camera takes.

    `shows` is the kind of whatever is chosen, by camera or not; `visibility` says who reads it.
    """

    accept: Template
    multiple: Given = NEVER
    photo: str = ""
    shows: str = ""
    visibility: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpressionField(Field):
    """expression: an answer that is computed, never asked."""

    expression: Given


@dataclass(frozen=True, slots=True, kw_only=True)
class Group(Component):
    """group: components under one legend; its own path is already in theirs."""

    label: Template
    key: str = ""
    has_outline: bool = True
    is_folded: bool = False
    components: tuple[Component, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamicList(Component):
    """dynamiclist: components repeated once for every row."""

    label: Template
    path: tuple[str, ...]
    key: str
    readonly: Condition = UNMET
    has_outline: bool = True
    can_change_rows: bool = True
    default_rows: int = 1
    components: tuple[Component, ...] = ()
    fields: tuple["Field | DynamicList", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose(Component):
    """text (Markdown) and html: words to read."""

    text: Template


@dataclass(frozen=True, slots=True, kw_only=True)
class Image(Component):
    """image: a picture of this site or inside the form; one from elsewhere becomes a link."""

    source: Template
    alt: Template


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: the key of the cell in a row and the heading."""

    key: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Component):
    """table: rows that an expression gives."""

    label: Template
    rows: Given
    columns_given: Given
    headings: tuple[Column, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentPreview(Component):
    """documentPreview: links to the documents an expression gives."""

    label: Template
    documents: Given


@dataclass(frozen=True, slots=True, kw_only=True)
class IFrame(Component):
    """iframe: shown as a link; nothing foreign is framed."""

    label: Template
    url: Template


@dataclass(frozen=True, slots=True, kw_only=True)
class Line(Component):
    """spacer and separator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Button(Component):
    """button: submit or reset."""

    label: Template
    action: str = "submit"


@dataclass(frozen=True, eq=False)
class Form:
    """A form as loaded from its file: immutable, compared and hashed by identity."""

    id: str
    version: str
    schema_version: int
    components: tuple[Component, ...]
    keys: frozenset[str]
    paths: frozenset[tuple[str, ...]] = frozenset()
    fields: tuple["Field | DynamicList", ...] = field(init=False)
    file_fields: Mapping[str, FileField] = field(init=False)

    def __post_init__(self) -> None:
        """Gather the fields below the groups, and those that take files."""
        object.__setattr__(self, "fields", fields_of(self.components))
        files = {part.key: part for part in every(self.components) if isinstance(part, FileField)}
        object.__setattr__(self, "file_fields", files)

    @property
    def photo_fields(self) -> Mapping[str, str]:
        """What files show (before, after, evidence, report) by the field's key."""
        return {key: part.shows for key, part in self.file_fields.items() if part.shows}

    @property
    def reads(self) -> frozenset[tuple[str, ...]]:
        """What the form's expressions read beside its own keys, such as ("case", "level")."""
        own = {key.partition(".")[0] for key in self.keys}
        return frozenset(path for path in self.paths if path[0] not in own | _OWN_NAMES)

    def file_field(self, name: str) -> FileField | None:
        """Return the field that takes files under an input name such as `rows[0].photo`."""
        return self.file_fields.get(_ROW_NUMBER.sub("", name))


def every(components: tuple[Component, ...]) -> Iterator[Component]:
    """Yield every component below, in reading order."""
    for component in components:
        yield component
        if isinstance(component, Group | DynamicList):
            yield from every(component.components)


def fields_of(components: tuple[Component, ...]) -> tuple[Field | DynamicList, ...]:
    """Return the fields and repeated groups of one scope, looking through plain groups."""
    found: list[Field | DynamicList] = []
    for component in components:
        if isinstance(component, Group):
            found.extend(fields_of(component.components))
        elif isinstance(component, Field | DynamicList):
            found.append(component)
    return tuple(found)
