"""What a browser or an API client sent, arranged like the form but not yet judged.

`arrange` turns a flat HTML post (`rows[0].key` → list of strings) or a JSON object into one nested
object that holds the form's keys and no others. A draft is exactly that: nothing typed is lost,
nothing typed is believed. `edit_rows` adds and removes rows of a post for browsers without
JavaScript.
"""

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias, TypeGuard

from app.forms.components import (
    CheckboxField,
    ChoiceField,
    DynamicList,
    ExpressionField,
    Field,
    FileField,
    Form,
)
from app.forms.paths import ABSENT, name_in, present_at, put_at, row_name, value_at
from app.forms.schema import MAX_ROWS
from app.json_types import Json, JsonObject

HtmlPost: TypeAlias = Mapping[str, Sequence[str]]
Posted: TypeAlias = HtmlPost | Mapping[str, Json]
Files: TypeAlias = Mapping[str, Sequence[str]]

MAX_KEPT = 100_000
MAX_ROWS_IN_ALL = 500
ACTION_NAME = "_rows"
_INDEX = re.compile(r"\[(\d{1,4})\]")
_ACTION = re.compile(r"(add|remove):(.{1,1000}?)(?:\[(\d{1,4})\])?", re.DOTALL)


@dataclass(slots=True)
class Arranged:
    """A post arranged like its form; `crowded` names the repeated groups that lost rows."""

    values: JsonObject = field(default_factory=dict)
    crowded: list[str] = field(default_factory=list)
    rows_left: int = MAX_ROWS_IN_ALL

    def take(self, name: str, count: int) -> int:
        """Return how many of the rows posted for a list are kept."""
        kept = min(count, MAX_ROWS, self.rows_left)
        self.rows_left -= kept
        if kept < count:
            self.crowded.append(name)
        return kept


def draft(form: Form, posted: Posted, *, files: Files | None = None) -> JsonObject:
    """Return whatever was typed, unjudged, to be stored and shown again by `render.view`."""
    return arrange(form, posted, files or {}).values


def arrange(form: Form, posted: Posted, files: Files) -> Arranged:
    """Return the values of the form's own keys, nested as its answers are; others are dropped.

    `files` holds the keys of newly stored attachments by posted input name; they join those the
    post itself names, and replace them in a field that takes one file only.
    """
    arranged = Arranged()
    if _is_html(posted):
        arranged.values = _Html(posted, files, arranged).scope(form.fields, "", "")
    else:
        arranged.values = _json_scope(form.fields, posted, _Below("", files, arranged))
    return arranged


def _is_html(posted: Posted) -> TypeGuard[HtmlPost]:
    """Tell a browser's post from JSON; where it could be either, both read the same."""
    return all(
        isinstance(values, list | tuple) and all(isinstance(value, str) for value in values)
        for values in posted.values()
    )


class _Html:
    """A flat post, with the row numbers of every repeated group in it."""

    def __init__(self, posted: HtmlPost, files: Files, arranged: Arranged) -> None:
        self.posted, self.files, self.arranged = posted, files, arranged
        self.rows = _row_numbers((*posted, *files))

    def scope(
        self, fields: tuple[Field | DynamicList, ...], prefix: str, closed_up: str
    ) -> JsonObject:
        """Read what was posted below `prefix`; `closed_up` is its name without missing rows."""
        values: JsonObject = {}
        for part in fields:
            name = name_in(prefix, part.path)
            if isinstance(part, DynamicList):
                numbers, own = sorted(self.rows.get(name, ())), name_in(closed_up, part.path)
                kept = numbers[: self.arranged.take(own, len(numbers))]
                rows: list[Json] = [
                    self.scope(part.fields, row_name(name, number), row_name(own, index))
                    for index, number in enumerate(kept)
                ]
                if rows or name in self.posted:
                    put_at(values, part.path, rows)
                continue
            if name in self.posted and not isinstance(part, ExpressionField):
                put_at(values, part.path, _html_value(part, self.posted[name]))
            _add_files(part, values, self.files.get(name, ()))
        return values


def _row_numbers(names: Iterable[str]) -> dict[str, set[int]]:
    """Return the row numbers that occur in names, by the name of their list."""
    rows: dict[str, set[int]] = {}
    for name in names:
        for found in _INDEX.finditer(name):
            rows.setdefault(name[: found.start()], set()).add(int(found[1]))
    return rows


def _html_value(part: Field, posted: Sequence[str]) -> Json:
    """Return one input's value; empty strings mark that the input was there and left empty."""
    filled = [value[:MAX_KEPT] for value in posted if value != ""]
    if isinstance(part, CheckboxField):
        return bool(filled) and filled[-1] != "false"
    if isinstance(part, FileField):
        return list[Json](filled[-1:] if _takes_one(part) else filled[:1_000])
    if isinstance(part, ChoiceField) and part.is_many:
        return list[Json](filled[:1_000])
    return filled[-1] if filled else ""


def _takes_one(part: FileField) -> bool:
    """Tell whether the last file takes the place of all others."""
    return part.multiple.expression is None and part.multiple.value is not True


def _add_files(part: Field, values: JsonObject, keys: Sequence[str]) -> None:
    if not keys or not isinstance(part, FileField):
        return
    earlier = present_at(values, part.path)
    kept = earlier if isinstance(earlier, list) and not _takes_one(part) else []
    put_at(values, part.path, [*kept, *keys])


@dataclass(frozen=True, slots=True)
class _Below:
    """Where in a JSON post one is, and what goes with the whole of it."""

    prefix: str
    files: Files
    arranged: Arranged


def _json_scope(
    fields: tuple[Field | DynamicList, ...], posted: object, where: _Below
) -> JsonObject:
    values: JsonObject = {}
    source: Json = dict(posted) if isinstance(posted, Mapping) else {}
    for part in fields:
        value, name = value_at(source, part.path), name_in(where.prefix, part.path)
        if isinstance(part, DynamicList):
            if isinstance(value, list):
                kept = value[: where.arranged.take(name, len(value))]
                rows: list[Json] = [
                    _json_scope(part.fields, row, replace(where, prefix=row_name(name, index)))
                    for index, row in enumerate(kept)
                ]
                put_at(values, part.path, rows)
            continue
        if value is not ABSENT and not isinstance(part, ExpressionField):
            put_at(values, part.path, value)
        _add_files(part, values, where.files.get(name, ()))
    return values


def without_strangers(
    form: Form, posted: HtmlPost, own: Container[str]
) -> dict[str, Sequence[str]]:
    """Return a post without the files that are not the poster's `own`, given by key as text."""
    return {
        name: [value for value in values if not value or value in own]
        if form.file_field(name)
        else values
        for name, values in posted.items()
    }


def add_action(list_name: str) -> str:
    """Return the value of the button that adds a row; its name is ACTION_NAME."""
    return f"add:{list_name}"


def remove_action(list_name: str, index: int) -> str:
    """Return the value of the button that removes a row; its name is ACTION_NAME."""
    return f"remove:{row_name(list_name, index)}"


def edit_rows(posted: HtmlPost, action: str, *, files: Files | None = None) -> dict[str, list[str]]:
    """Return the post with a row added at the end, or removed and the later ones moved up.

    An action that means nothing leaves the post as it is; beyond 100 rows none is added. `files`
    stored under the names of this post come out within it, moved with their rows.
    """
    kept = {name: list(values) for name, values in posted.items() if name != ACTION_NAME}
    for name, keys in (files or {}).items():
        kept.setdefault(name, []).extend(keys)
    found = _ACTION.fullmatch(action)
    if found is None:
        return kept
    verb, list_name, number = found[1], found[2], found[3]
    numbers = sorted(_row_numbers(kept).get(list_name, ()))
    if verb == "remove" and number is not None:
        return _without_row(kept, list_name, int(number))
    if verb == "add" and number is None and len(numbers) < MAX_ROWS:
        kept[row_name(list_name, numbers[-1] + 1 if numbers else 0)] = ["1"]
    return kept


def _without_row(
    posted: dict[str, list[str]], list_name: str, removed: int
) -> dict[str, list[str]]:
    moved: dict[str, list[str]] = {}
    for name, values in posted.items():
        found = _INDEX.match(name, len(list_name)) if name.startswith(list_name) else None
        if found is None:
            moved[name] = values
            continue
        index = int(found[1])
        if index != removed:
            index -= index > removed
            moved[f"{row_name(list_name, index)}{name[found.end() :]}"] = values
    moved.setdefault(list_name, [""])  # the list was there: no rows is an answer, not a default
    return moved
