"""From a form and its answers to a `FormView`, the tree a template prints.

The doors call `view` for a task page, again after a refused post (with the draft and the errors),
and for htmx refreshing conditions. Hidden parts are in the tree with `is_visible` false: a template
that prints them out of sight keeps what was typed there.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TypedDict

import orjson

from app import feel
from app.forms import shapes
from app.forms.components import (
    Button,
    Component,
    DocumentPreview,
    DynamicList,
    ExpressionField,
    Field,
    FileField,
    Form,
    Group,
    IFrame,
    Image,
    Kind,
    Line,
    Prose,
    Table,
    every,
)
from app.forms.conditions import Instance, lay_out, prefilled
from app.forms.expressions import as_json
from app.forms.inputs import Shown, field_view
from app.forms.labels import Labels, translate
from app.forms.messages import ENGLISH, FieldError, sentence, words
from app.forms.paths import html_id
from app.forms.posted import ACTION_NAME, add_action, remove_action
from app.forms.prose import (
    escape_markdown,
    escape_markup,
    from_html,
    from_markdown,
    safe_link,
)
from app.forms.schema import MAX_ROWS
from app.forms.templates import shown
from app.forms.views import (
    ButtonView,
    FieldView,
    FormView,
    GroupView,
    ImageView,
    LineView,
    LinkLine,
    LinksView,
    ListView,
    NodeView,
    ProseView,
    RowButton,
    RowView,
    SummaryLine,
    TableView,
)
from app.json_types import Json, JsonObject

MAX_TABLE_ROWS = 500
_INLINE_IMAGES = ("data:image/png", "data:image/jpeg", "data:image/gif", "data:image/webp")


class _Placing(TypedDict):
    is_visible: bool
    columns: int | None
    row: str


@dataclass(frozen=True, slots=True)
class _Reader:
    """For whom the form is shown, and what was typed and found wrong."""

    language: str
    errors: Mapping[str, Sequence[FieldError]]
    typed: Mapping[str, Json]
    now: datetime
    zone: tzinfo


def view(
    form: Form,
    *,
    answers: JsonObject | None = None,
    context: Mapping[str, feel.Value],
    now: datetime,
    zone: tzinfo,
    language: str = ENGLISH,
    labels: Labels | None = None,
    errors: Mapping[str, Sequence[FieldError]] | None = None,
    is_readonly: bool = False,
) -> FormView:
    """Return the form as a template prints it.

    `answers` is an earlier submission or a draft: what cannot be read (a half-typed number) is
    shown as it was typed. Keys it lacks start from the context or the form's defaults. `errors` are
    those of `InvalidAnswers`; their sentences come out in `language`. `is_readonly` shows a
    submission that is done.
    """
    start = prefilled(form, answers or {}, context)
    values, unreadable = shapes.load(form, start)
    worded = translate(form, labels) if labels is not None else form
    layout = lay_out(worded, values, context=context, now=now, zone=zone, is_readonly=is_readonly)
    reader = _Reader(language, errors or {}, _typed(start, unreadable), now, zone)
    children = _nodes(layout.instances, reader)
    return FormView(
        id=form.id,
        children=children,
        summary=tuple(_summary(children)),
        has_files=any(isinstance(part, FileField) for part in every(form.components)),
    )


def _typed(start: JsonObject, unreadable: Mapping[str, object]) -> dict[str, Json]:
    """Return what was typed where it could not be read, by input name."""
    return {name: _at_name(start, name) for name in unreadable}


def _at_name(values: Json, name: str) -> Json:
    for step in name.replace("[", ".").replace("]", "").split("."):
        if isinstance(values, list):
            values = values[int(step)] if int(step) < len(values) else None
        else:
            values = values.get(step) if isinstance(values, dict) else None
    return values


def _nodes(instances: tuple[Instance, ...], reader: _Reader) -> tuple[NodeView, ...]:
    nodes: list[NodeView] = []
    for instance in instances:
        part = instance.component
        if isinstance(part, ExpressionField):
            continue
        if isinstance(part, Field):
            nodes.append(_field(part, instance, reader))
        elif isinstance(part, Group):
            nodes.append(_group(part, instance, reader))
        elif isinstance(part, DynamicList):
            nodes.append(_list(part, instance, reader))
        else:
            nodes.append(_SHOWN[type(part)](part, instance))
    return tuple(nodes)


def _field(part: Field, instance: Instance, reader: _Reader) -> FieldView:
    errors = tuple(
        _sentence(part, error, reader.language) for error in reader.errors.get(instance.name, ())
    )
    about = Shown(
        instance, errors, reader.typed.get(instance.name), reader.language, reader.now, reader.zone
    )
    return field_view(part, about)


def _sentence(part: Component, error: FieldError, language: str) -> str:
    """Return the error's sentence; the form's own message in the form's language."""
    own = getattr(part, "pattern_message", "")
    if error.code == "pattern" and own:
        return str(own)
    return sentence(error, language)


def _placing(instance: Instance) -> _Placing:
    part = instance.component
    return {"is_visible": not instance.is_hidden, "columns": part.columns, "row": part.row}


def _group(part: Group, instance: Instance, reader: _Reader) -> GroupView:
    children = _nodes(instance.children, reader)
    return GroupView(
        **_placing(instance),
        id="g" + html_id(instance.name),
        legend=part.label.render(instance.scope),
        has_outline=part.has_outline,
        is_folded=part.is_folded,
        is_open=not part.is_folded or _is_needed(children),
        children=children,
    )


def _is_needed(nodes: Sequence[NodeView]) -> bool:
    """Tell whether something must be answered, is answered, or is wrong: it cannot stay folded."""
    for node in nodes:
        if isinstance(node, FieldView):
            said = node.is_checked if node.type == Kind.CHECKBOX else bool(node.text or node.files)
            is_needed = said or node.is_required or bool(node.errors)
        else:
            is_needed = isinstance(node, ListView) or (isinstance(node, GroupView) and node.is_open)
        if node.is_visible and is_needed:
            return True
    return False


def _list(part: DynamicList, instance: Instance, reader: _Reader) -> ListView:
    label = part.label.render(instance.scope)
    may_change = part.can_change_rows and not instance.is_readonly
    code = "add_to" if label else "add"
    add = RowButton(
        ACTION_NAME, add_action(instance.name), words(code, reader.language, label=label)
    )
    identity = html_id(instance.name)
    return ListView(
        **_placing(instance),
        id=identity,
        name=instance.name,
        legend=label,
        has_outline=part.has_outline,
        error_id=f"{identity}-error",
        errors=tuple(sentence(e, reader.language) for e in reader.errors.get(instance.name, ())),
        rows=tuple(_rows(label, instance, reader, may_change=may_change)),
        add=add if may_change and len(instance.rows) < MAX_ROWS else None,
    )


def _rows(label: str, instance: Instance, reader: _Reader, *, may_change: bool) -> list[RowView]:
    rows: list[RowView] = []
    for index, row in enumerate(instance.rows):
        number = str(index + 1)
        remove = RowButton(
            ACTION_NAME,
            remove_action(instance.name, index),
            words("remove", reader.language, number=number),
        )
        legend = words("row", reader.language, label=label, number=number).strip()
        children = _nodes(row.instances, reader)
        rows.append(
            RowView(html_id(row.name), row.name, legend, children, remove if may_change else None)
        )
    return rows


def _prose(part: Component, instance: Instance) -> NodeView:
    assert isinstance(part, Prose)  # noqa: S101 — the table below pairs types with builders
    if part.kind is Kind.TEXT:
        blocks = from_markdown(part.text.render(instance.scope, escape=escape_markdown))
    else:
        blocks = from_html(part.text.render(instance.scope, escape=escape_markup))
    return ProseView(**_placing(instance), blocks=blocks)


def _image(part: Component, instance: Instance) -> NodeView:
    assert isinstance(part, Image)  # noqa: S101
    source = part.source.render(instance.scope).strip()
    is_own = source.startswith(_INLINE_IMAGES) or (
        source.startswith("/") and not source.startswith("//")
    )
    return ImageView(
        **_placing(instance),
        source=source if is_own else "",
        href="" if is_own else _web_link(source),
        alt=part.alt.render(instance.scope),
    )


def _web_link(href: str) -> str:
    """Return a link to http(s) or to a page of this site, or nothing."""
    safe = safe_link(href)
    return safe if safe.lower().startswith(("http", "/")) else ""


def _table(part: Component, instance: Instance) -> NodeView:
    assert isinstance(part, Table)  # noqa: S101
    columns = [(column.key, column.label) for column in part.headings]
    given = as_json(part.columns_given.of(instance.scope))
    if isinstance(given, list):
        columns = [
            (str(item["key"]), str(item.get("label") or item["key"]))
            for item in given
            if isinstance(item, dict) and item.get("key")
        ]
    rows = as_json(part.rows.of(instance.scope))
    listed = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return TableView(
        **_placing(instance),
        caption=part.label.render(instance.scope),
        headings=tuple(label for _, label in columns),
        rows=tuple(
            tuple(_cell(row.get(key)) for key, _ in columns) for row in listed[:MAX_TABLE_ROWS]
        ),
    )


def _cell(value: Json) -> str:
    return orjson.dumps(value).decode() if isinstance(value, dict | list) else shown(value)


def _documents(part: Component, instance: Instance) -> NodeView:
    assert isinstance(part, DocumentPreview)  # noqa: S101
    given = as_json(part.documents.of(instance.scope))
    links: list[LinkLine] = []
    for item in given if isinstance(given, list) else []:
        metadata = item.get("metadata") if isinstance(item, dict) else None
        endpoint = item.get("endpoint") if isinstance(item, dict) else None
        name = metadata.get("fileName") if isinstance(metadata, dict) else None
        if isinstance(name, str) and isinstance(endpoint, str) and _web_link(endpoint):
            links.append(LinkLine(name, _web_link(endpoint)))
    label = part.label.render(instance.scope)
    return LinksView(**_placing(instance), label=label, links=tuple(links))


def _iframe(part: Component, instance: Instance) -> NodeView:
    assert isinstance(part, IFrame)  # noqa: S101
    href = _web_link(part.url.render(instance.scope).strip())
    label = part.label.render(instance.scope)
    links = (LinkLine(label or href, href),) if href else ()
    return LinksView(**_placing(instance), label=label, links=links)


def _line(part: Component, instance: Instance) -> NodeView:
    kind = "separator" if part.kind is Kind.SEPARATOR else "spacer"
    return LineView(**_placing(instance), kind=kind)  # type: ignore[arg-type]


def _button(part: Component, instance: Instance) -> NodeView:
    assert isinstance(part, Button)  # noqa: S101
    label = part.label.render(instance.scope)
    return ButtonView(**_placing(instance), label=label, action=part.action)


_SHOWN: Mapping[type[Component], Callable[[Component, Instance], NodeView]] = {
    Prose: _prose,
    Image: _image,
    Table: _table,
    DocumentPreview: _documents,
    IFrame: _iframe,
    Line: _line,
    Button: _button,
}


def _summary(nodes: tuple[NodeView, ...]) -> list[SummaryLine]:
    """Return the error summary, one line per error in reading order."""
    lines: list[SummaryLine] = []
    for node in nodes:
        if not node.is_visible:
            continue
        if isinstance(node, FieldView):
            lines.extend(SummaryLine(_first_input(node), node.label, e) for e in node.errors)
        elif isinstance(node, GroupView):
            lines.extend(_summary(node.children))
        elif isinstance(node, ListView):
            lines.extend(SummaryLine(node.id, node.legend, error) for error in node.errors)
            for row in node.rows:
                lines.extend(_summary(row.children))
    return lines


def _first_input(node: FieldView) -> str:
    """Return the id that takes the focus: of radios and tick boxes, the first one's."""
    is_set = bool(node.options) and node.input_type in ("radio", "checkbox")
    return node.options[0].id if is_set else node.id
