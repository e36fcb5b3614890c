"""The columns of a table for the people who edit it: how they are called, what their cells may be.

What a column is follows from its type, its listed values and what it reads of the case; nothing
about single tables is known here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from app.cases.form_context import unit_name
from app.cases.matters import MatterList
from app.cases.table_cells import CellKind, shown, texts_of
from app.dmn.editing import Sheet, SheetColumn
from app.errors import CaseError
from app.json_types import Json, JsonObject
from app.organisation.directory import Directory
from app.organisation.limits import read_limit
from app.organisation.units import UnitKind

CATEGORIES = "minor_class"
AREAS: Mapping[str, UnitKind] = {
    "street": UnitKind.STREET,
    "community": UnitKind.COMMUNITY,
    "grid": UnitKind.GRID,
    "lead_unit": UnitKind.DEPARTMENT,
    "co_units": UnitKind.DEPARTMENT,
}
CHINESE = "_zh"
"""What ends the name of an output that says in Chinese what another says in English."""
CODED = frozenset({"severity", "channel", "level", "business_line", "kind", "card"})
_TYPES: Mapping[str, tuple[CellKind, CellKind]] = {
    "boolean": (CellKind.IF, CellKind.FLAG),
    "number": (CellKind.FEEL, CellKind.NUMBER),
    "date": (CellKind.DAYS, CellKind.FEEL),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A code and what the reader calls it; `name` is empty where only the page knows it."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column as it is edited. `about` names the fact or output its codes belong to.

    `names` translates what its cells give into the reader's words; `is_closed` says that nothing
    but the choices may stand there, `is_worded` that its texts are words for people, which have
    translations.
    """

    id: str
    key: str
    label: str
    is_input: bool
    kind: CellKind
    about: str
    choices: tuple[Choice, ...]
    names: Mapping[str, str]
    is_closed: bool
    is_worded: bool


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a table: the language, and the names of units and categories."""

    language: str
    directory: Directory
    matters: MatterList


def columns_of(
    sheet: Sheet, labels: Mapping[str, JsonObject], reader: Reader
) -> tuple[TableColumn, ...]:
    """Return the columns of a table; `labels` are its label files by language."""
    found = (
        _column(column, _cells(sheet, place), labels, reader)
        for place, column in enumerate(sheet.columns)
    )
    alone = [each.key for each in sheet.columns if not _has_sibling(each, sheet)]
    return tuple(replace(each, is_worded=each.is_worded and each.key in alone) for each in found)


def _has_sibling(column: SheetColumn, sheet: Sheet) -> bool:
    """Tell whether a column says, or leaves to another, what something is called in Chinese."""
    keys = {each.key for each in sheet.columns}
    return f"{column.key}{CHINESE}" in keys or column.key.endswith(CHINESE)


def _column(
    column: SheetColumn,
    cells: Sequence[str],
    labels: Mapping[str, JsonObject],
    reader: Reader,
) -> TableColumn:
    about = column.expression.rpartition(".")[2] if column.is_input else column.key
    own = labels.get(reader.language, {})
    section = own.get("inputs" if column.is_input else "outputs")
    names = _names(own, column.key)
    known = dict.fromkeys(code for each in labels.values() for code in _names(each, column.key))
    told = {code: names.get(code, "") for code in known}
    choices, is_closed = _choices(column, about, cells, told, reader)
    kind = _kind(column, cells, bool(choices))
    return TableColumn(
        id=column.id or column.key,
        key=column.key,
        label=_text(section, column.key) or column.label,
        is_input=column.is_input,
        kind=kind,
        about=about,
        choices=choices,
        names={**names, **{each.code: each.name for each in choices if each.name}},
        is_closed=is_closed,
        is_worded=kind is CellKind.TEXT and bool(column.key) and (bool(known) or _are_words(cells)),
    )


def _are_words(cells: Sequence[str]) -> bool:
    """Tell whether texts are read by people: codes have no space."""
    return any(" " in text.strip() for cell in cells for text in texts_of(cell) or ())


def _kind(column: SheetColumn, cells: Sequence[str], has_choices: bool) -> CellKind:
    told = [cell for cell in cells if cell not in ("", "-", "null")]
    if column.type in _TYPES:
        return _TYPES[column.type][0 if column.is_input else 1]
    if column.is_input:
        is_listed = has_choices or all(texts_of(cell) is not None for cell in told)
        return CellKind.ANY_OF if is_listed else CellKind.FEEL
    if column.type == "string":
        if has_choices:
            return CellKind.CHOICE
        return CellKind.LIMIT if told and all(map(_is_limit, told)) else CellKind.TEXT
    lists = [cell for cell in told if shown(CellKind.CHOICES, cell)[:5] != "feel:"]
    return CellKind.CHOICES if told and len(lists) == len(told) else CellKind.FEEL


def _choices(
    column: SheetColumn,
    about: str,
    cells: Sequence[str],
    names: Mapping[str, str],
    reader: Reader,
) -> tuple[tuple[Choice, ...], bool]:
    """Return what can be chosen in a column, and whether there is nothing else."""
    is_fact = column.is_input and column.expression.startswith("case.")
    if is_fact and about == CATEGORIES:
        found = reader.matters.names(reader.language)
        return tuple(Choice(code, name) for code, name in found.items()), False
    if (is_fact or not column.is_input) and about in AREAS:
        return tuple(_units(AREAS[about], reader)), True
    listed = texts_of(column.listed) if column.listed else None
    if listed:
        return tuple(Choice(code, names.get(code, "")) for code in listed), True
    if is_fact and about in CODED:
        used = dict.fromkeys(code for cell in cells for code in texts_of(cell) or ())
        codes = dict.fromkeys([*names, *used])
        return tuple(Choice(code, names.get(code, "")) for code in codes), False
    return (), False


def _units(kind: UnitKind, reader: Reader) -> Iterator[Choice]:
    for unit in sorted(reader.directory.units.values(), key=lambda each: each.code):
        if unit.kind is kind:
            yield Choice(unit.code, unit_name(unit, reader.language))


def _cells(sheet: Sheet, place: int) -> list[str]:
    return [row.cells[place] for row in sheet.rows]


def _is_limit(cell: str) -> bool:
    found = texts_of(cell)
    if not found or len(found) != 1:
        return False
    try:
        read_limit(found[0])
    except CaseError:
        return False
    return True


def _names(labels: JsonObject, key: str) -> dict[str, str]:
    values = labels.get("values")
    found = values.get(key) if isinstance(values, dict) else None
    return {str(code): str(name) for code, name in found.items()} if isinstance(found, dict) else {}


def _text(section: Json, key: str) -> str:
    found = section.get(key) if isinstance(section, dict) else None
    return found if isinstance(found, str) else ""
