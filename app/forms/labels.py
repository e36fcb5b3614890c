"""A form in another language: the words of `<form_id>.<language>.json`, put into the form's tree.

The file is deployed beside the form. Its shape:
{"fields": {"<key>": {"label", "description", "placeholder", "prefixLabel", "suffixLabel",
"patternErrorMessage", "options": {"<value>": "label"}}}, "texts": {"<component id>": "…"}}
Keys are those of `Form.keys` (a repeated group's fields as `rows.key`); `texts` holds whatever has
no key, a table's headings as {"label", "columns": {"<key>": "heading"}}.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

import orjson

from app import feel
from app.forms import schema
from app.forms.components import (
    Button,
    ChoiceField,
    Column,
    Component,
    DocumentPreview,
    DynamicList,
    ExpressionField,
    Field,
    Form,
    Group,
    IFrame,
    Image,
    NumberField,
    Option,
    Prose,
    Table,
    TextField,
    every,
    fields_of,
)
from app.forms.options import token_of
from app.forms.problems import FormProblem, FormRefused, Severity
from app.forms.templates import Template, TemplateBroken, compile_template
from app.json_types import Json

MAX_BYTES = 512 * 1024
_PARTS = frozenset(
    {
        "label",
        "description",
        "placeholder",
        "prefixLabel",
        "suffixLabel",
        "patternErrorMessage",
        "options",
        "columns",
    }
)


@dataclass(frozen=True, slots=True)
class Entry:
    """The words for one component: by part, by option value, by column key."""

    words: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Labels:
    """A labels file as loaded; compared by identity, so that translated forms can be kept."""

    fields: Mapping[str, Entry]
    texts: Mapping[str, Entry]


_NOTHING = Entry()


def load(source: bytes | str | Mapping[str, Json]) -> Labels:
    """Load a labels file.

    Raises:
        FormRefused: with every problem of its shape.
    """
    labels, problems = _read(source)
    if problems:
        raise FormRefused(tuple(problems))
    return labels


def check(source: bytes | str | Mapping[str, Json], form: Form) -> tuple[FormProblem, ...]:
    """Return what is wrong with a labels file and, as warnings, what it lacks or has too much."""
    labels, problems = _read(source)
    return (*problems, *gaps(form, labels))


def check_files(source: bytes, form: bytes | None) -> tuple[FormProblem, ...]:
    """Return what is wrong with a labels file beside the file of its form, None where that is not.

    Of a form that is refused itself only the shape of the labels is judged.
    """
    labels, problems = _read(source)
    if form is None:
        return tuple(problems)
    try:
        loaded = schema.load(form)
    except FormRefused:
        return tuple(problems)
    return (*problems, *gaps(loaded, labels))


@lru_cache(maxsize=256)
def translate(form: Form, labels: Labels) -> Form:
    """Return the form in the labels' words; what they lack stays as the designer wrote it."""
    return replace(form, components=_translated(form.components, labels))


def gaps(form: Form, labels: Labels) -> tuple[FormProblem, ...]:
    """Return a warning for every text without a translation and every translation of nothing."""
    found: list[FormProblem] = []
    for component in every(form.components):
        entry = _entry(component, labels)
        for part in _texts(component):
            if part not in entry.words:
                found.append(_gap(component, part))
        if isinstance(component, ChoiceField):
            missing = [
                token_of(option.value)
                for option in component.source.listed
                if option.label and token_of(option.value) not in entry.options
            ]
            found.extend(_gap(component, f"options.{token}") for token in missing)
        if isinstance(component, Table):
            missing = [c.key for c in component.headings if c.key not in entry.columns]
            found.extend(_gap(component, f"columns.{key}") for key in missing)
    return (*found, *_leftovers(form, labels))


def _leftovers(form: Form, labels: Labels) -> list[FormProblem]:
    known_fields = {_key(component) for component in every(form.components)}
    known_ids = {component.id for component in every(form.components)}
    strays = [f"fields.{key}" for key in labels.fields if key not in known_fields]
    strays += [f"texts.{key}" for key in labels.texts if key not in known_ids]
    return [
        FormProblem(
            "label_unknown",
            path,
            "",
            "The form has nothing of that name.",
            "Remove the translation or correct its name.",
            Severity.WARNING,
        )
        for path in strays
    ]


def _gap(component: Component, part: str) -> FormProblem:
    key = _key(component)
    return FormProblem(
        "label_missing",
        f"fields.{key}.{part}" if key else f"texts.{component.id}.{part}",
        component.id,
        "This text has no translation.",
        "Add it to the labels file.",
        Severity.WARNING,
    )


def _key(component: Component) -> str:
    """Return the key a component's words stand under in `fields`, empty where it has none."""
    return component.key if isinstance(component, Field | DynamicList | Group) else ""


def _entry(component: Component, labels: Labels) -> Entry:
    key = _key(component)
    found = labels.fields.get(key) if key else None
    return found or labels.texts.get(component.id) or _NOTHING


def _texts(component: Component) -> dict[str, Template]:
    """Return a component's texts by the name they have in a labels file; empty ones left out."""
    texts: dict[str, Template] = {}
    if isinstance(component, ExpressionField):
        return texts
    if isinstance(component, Field):
        texts = {"label": component.label, "description": component.description}
    if isinstance(component, TextField | NumberField):
        texts["placeholder"] = Template(component.placeholder)
        texts["prefixLabel"], texts["suffixLabel"] = component.prefix, component.suffix
    if isinstance(component, TextField):
        texts["patternErrorMessage"] = Template(component.pattern_message)
    if isinstance(component, Group | DynamicList | Table | DocumentPreview | IFrame | Button):
        texts["label"] = component.label
    if isinstance(component, Prose):
        texts["label"] = component.text
    if isinstance(component, Image):
        texts["label"] = component.alt
    return {name: text for name, text in texts.items() if text.source}


def _translated(components: tuple[Component, ...], labels: Labels) -> tuple[Component, ...]:
    return tuple(_one(component, labels) for component in components)


def _one(component: Component, labels: Labels) -> Component:
    entry = _entry(component, labels)
    changes: dict[str, object] = {}
    names = _ATTRIBUTES_OF_PROSE if isinstance(component, Prose) else _ATTRIBUTES
    if isinstance(component, Image):
        names = {"label": "alt"}
    for word, text in entry.words.items():
        if word in names and hasattr(component, names[word]):
            is_plain = word in ("placeholder", "patternErrorMessage")
            changes[names[word]] = text if is_plain else compile_template(text)
    if isinstance(component, ChoiceField) and entry.options:
        listed = tuple(
            Option(option.value, entry.options.get(token_of(option.value), option.label))
            for option in component.source.listed
        )
        changes["source"] = replace(component.source, listed=listed)
    if isinstance(component, Table) and entry.columns:
        changes["headings"] = tuple(
            Column(column.key, entry.columns.get(column.key, column.label))
            for column in component.headings
        )
    if isinstance(component, Group | DynamicList):
        below = _translated(component.components, labels)
        changes["components"] = below
        if isinstance(component, DynamicList):
            changes["fields"] = fields_of(below)
    return replace(component, **changes) if changes else component  # type: ignore[arg-type]


_ATTRIBUTES = {
    "label": "label",
    "description": "description",
    "placeholder": "placeholder",
    "prefixLabel": "prefix",
    "suffixLabel": "suffix",
    "patternErrorMessage": "pattern_message",
}
_ATTRIBUTES_OF_PROSE = {"label": "text"}


def _read(source: bytes | str | Mapping[str, Json]) -> tuple[Labels, list[FormProblem]]:
    problems: list[FormProblem] = []
    raw: Json = None
    if isinstance(source, Mapping):
        raw = dict(source)
    elif len(source) > MAX_BYTES:
        problems.append(_wrong("", "The file is too large.", f"Keep it under {MAX_BYTES} bytes."))
    else:
        try:
            raw = orjson.loads(source)
        except (orjson.JSONDecodeError, UnicodeEncodeError) as trouble:
            problems.append(_wrong("", f"The file is no JSON: {trouble}.", "Save it again."))
    if not isinstance(raw, dict):
        if not problems:
            problems.append(_wrong("", "This is no object.", 'Write {"fields": {}, "texts": {}}.'))
        raw = {}
    sections = {name: _section(raw.get(name), name, problems) for name in ("fields", "texts")}
    return Labels(sections["fields"], sections["texts"]), problems


def _wrong(path: str, message: str, mend: str) -> FormProblem:
    return FormProblem("labels", path, "", message, mend)


def _section(raw: Json, name: str, problems: list[FormProblem]) -> dict[str, Entry]:
    if raw is None:
        return {}
    if not isinstance(raw, dict):
        problems.append(_wrong(name, "This is no object.", "List entries by name."))
        return {}
    return {key: _entry_of(value, f"{name}.{key}", problems) for key, value in raw.items()}


def _entry_of(raw: Json, at: str, problems: list[FormProblem]) -> Entry:
    if isinstance(raw, str):
        raw = {"label": raw}
    if not isinstance(raw, dict):
        problems.append(_wrong(at, "This is neither a text nor an object.", "Write the label."))
        return _NOTHING
    words: dict[str, str] = {}
    nested: dict[str, dict[str, str]] = {"options": {}, "columns": {}}
    for name, value in raw.items():
        path = f"{at}.{name}"
        if name not in _PARTS:
            problems.append(_wrong(path, "There is no such part.", f"Use {sorted(_PARTS)}."))
        elif name in nested:
            nested[name] = _texts_of(value, path, problems)
        elif not isinstance(value, str):
            problems.append(_wrong(path, "This is no text.", "Write a text in quotes."))
        elif _is_template(value, path, problems):
            words[name] = value
    return Entry(words, nested["options"], nested["columns"])


def _texts_of(raw: Json, at: str, problems: list[FormProblem]) -> dict[str, str]:
    items = raw.items() if isinstance(raw, dict) else ()
    texts = {key: value for key, value in items if isinstance(value, str)}
    if not isinstance(raw, dict) or len(texts) < len(raw):
        problems.append(_wrong(at, "This is no list of texts by value.", 'Write {"value": "…"}.'))
    return texts


def _is_template(text: str, at: str, problems: list[FormProblem]) -> bool:
    try:
        compile_template(text)
    except (TemplateBroken, feel.FeelSyntaxError, feel.FeelBudgetExceeded) as trouble:
        problems.append(_wrong(at, f"The text cannot be read: {trouble}.", "Correct it."))
        return False
    return True
