"""What a template receives: a form as frozen dataclasses that are printed without thinking.

`kind` tells the macro to use. Names, ids and values are ready for HTML attributes; sentences and
labels are in the reader's language; nothing here is HTML, so the template escapes everything.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from app.forms.prose import Block


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Where a node stands: shown or not, how many of 16 columns it takes, in which row."""

    is_visible: bool = True
    columns: int | None = None
    row: str = ""


@dataclass(frozen=True, slots=True)
class OptionView:
    """One choice with an id of its own; `is_selected` serves checked and selected alike."""

    id: str
    token: str
    label: str
    is_selected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldView(Placed):
    """One question.

    `value` is what the input holds, `text` the same in words, for what may only be read.
    `type` is the form-js component, `input` our own kind of it ("", "point", "photo", "grade"),
    `source` where a point has to come from ("", "device").
    `input_type`, `inputmode`, `autocomplete`, `minimum` … are HTML attributes, empty where they
    should not be printed. With `has_marker` the template prints an empty hidden input of the same
    name first, so that an unticked box is told from one that was never shown.
    """

    kind: Literal["field"] = "field"
    type: str
    input: str = ""
    source: str = ""
    id: str
    name: str
    label: str
    description: str = ""
    description_id: str = ""
    error_id: str = ""
    described_by: str = ""
    errors: tuple[str, ...] = ()
    value: str = ""
    text: str = ""
    options: tuple[OptionView, ...] = ()
    files: tuple[str, ...] = ()
    is_checked: bool = False
    is_required: bool = False
    is_readonly: bool = False
    is_disabled: bool = False
    is_multiple: bool = False
    is_searchable: bool = False
    has_marker: bool = False
    input_type: str = ""
    inputmode: str = ""
    autocomplete: str = ""
    placeholder: str = ""
    prefix: str = ""
    suffix: str = ""
    minimum: str = ""
    maximum: str = ""
    step: str = ""
    pattern: str = ""
    minlength: str = ""
    maxlength: str = ""
    accept: str = ""
    capture: str = ""
    photo: str = ""
    replies: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupView(Placed):
    """Nodes under one legend: a fieldset, or folded away; `is_open` where somebody needs them."""

    kind: Literal["group"] = "group"
    id: str
    legend: str
    has_outline: bool
    is_folded: bool = False
    is_open: bool = True
    children: tuple["NodeView", ...]


@dataclass(frozen=True, slots=True)
class RowButton:
    """A submit button that adds or removes a row; the answer to it is `edit_rows`."""

    name: str
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class RowView:
    """One row; the template prints a hidden input `name` = "1", so that an empty row counts."""

    id: str
    name: str
    legend: str
    children: tuple["NodeView", ...]
    remove: RowButton | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListView(Placed):
    """A repeated group; the template prints an empty hidden input `name`, so that none counts."""

    kind: Literal["list"] = "list"
    id: str
    name: str
    legend: str
    has_outline: bool
    error_id: str = ""
    errors: tuple[str, ...] = ()
    rows: tuple[RowView, ...]
    add: RowButton | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProseView(Placed):
    """Words to read."""

    kind: Literal["prose"] = "prose"
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageView(Placed):
    """A picture: `source` may be shown here; else `href`, a picture elsewhere, is a link."""

    kind: Literal["image"] = "image"
    source: str
    href: str
    alt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TableView(Placed):
    """Rows of text under headings."""

    kind: Literal["table"] = "table"
    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class LinkLine:
    """A link and its words."""

    label: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinksView(Placed):
    """Links under a label: documents to open, or a page that will not be framed."""

    kind: Literal["links"] = "links"
    label: str
    links: tuple[LinkLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineView(Placed):
    """A separator (a line) or a spacer (air)."""

    kind: Literal["separator", "spacer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ButtonView(Placed):
    """A button of the form's own; pages with an action bar leave it out."""

    kind: Literal["button"] = "button"
    label: str
    action: str


NodeView: TypeAlias = (
    FieldView
    | GroupView
    | ListView
    | ProseView
    | ImageView
    | TableView
    | LinksView
    | LineView
    | ButtonView
)


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """One line of the error summary: the link to the field, its label, the sentence."""

    field_id: str
    label: str
    sentence: str


@dataclass(frozen=True, slots=True)
class FormView:
    """A form ready to print."""

    id: str
    children: tuple[NodeView, ...]
    summary: tuple[SummaryLine, ...]
    has_files: bool
