"""The matter list: what a case can be about, as the newest deployed table `matters` says it.

Forms offer the rows that are valid on the day of the report, pages call a category by its name; a
new category is a row of this table and nothing else.
"""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from threading import Lock

from app import feel
from app.dmn.editing import Sheet, SheetRow, read_sheet
from app.errors import CaseError
from app.json_types import Json
from app.store import processes
from app.store.db import Connection, database_of
from app.store.processes import ResourceKind

TABLE = "matters"
CODE, DAY = "case.minor_class", "case.reported_on"
FORM = "form"
BETWEEN = {True: "：", False: ": "}  # by whether the language is Chinese


@dataclass(frozen=True, slots=True)
class Matter:
    """A row of the list: a category and what the row gives for it, by the name of the column."""

    code: str
    values: Mapping[str, str]
    valid: feel.UnaryTests | None = None

    def is_valid(self, day: date) -> bool:
        """Tell whether the row stands on a day."""
        return self.valid is None or self.valid.evaluate(day, {}) is True

    def named(self, column: str, language: str) -> str:
        """Return a name in a language, English where there is no other."""
        other = self.values.get(f"{column}_zh") if language.startswith("zh") else ""
        return other or self.values.get(column) or ""

    def label(self, language: str) -> str:
        """Return group and name: "Street order: goods displayed outside a shop"."""
        group, name = self.named("major_name", language), self.named("name", language) or self.code
        return f"{group}{BETWEEN[language.startswith('zh')]}{name}" if group else name


@dataclass(frozen=True, slots=True)
class MatterList:
    """The rows of the list that name a category, in their order."""

    matters: tuple[Matter, ...] = field(default=())

    def choices(self, language: str, day: date) -> list[Json]:
        """Return what a form offers on a day: `value`, `label`, and `form`, what else it asks."""
        valid = {each.code: each for each in reversed(self.matters) if each.is_valid(day)}
        ordered = dict.fromkeys(each.code for each in self.matters)
        return [
            {
                "value": code,
                "label": valid[code].label(language),
                "form": valid[code].values.get(FORM),
            }
            for code in ordered
            if code in valid
        ]

    def names(self, language: str) -> dict[str, str]:
        """Return code → name, of categories of all times; the last row of a code names it."""
        return {each.code: each.label(language) for each in self.matters}

    def groups(self, language: str) -> dict[str, str]:
        """Return the groups of categories: code → name."""
        return {
            each.values["major_class"]: each.named("major_name", language)
            for each in self.matters
            if each.values.get("major_class")
        }

    def group_of(self, code: str | None) -> str | None:
        """Return the code of the group a category belongs to."""
        found = (each.values.get("major_class") for each in self.matters if each.code == code)
        return next(found, None) or None


def current(connection: Connection) -> MatterList:
    """Return the newest deployed list, empty where none is; read once per version."""
    key = processes.newest_decision(connection, TABLE)
    if key is None:
        return MatterList()
    address = (database_of(connection), key)
    with _lock:
        found = _kept.get(address)
    if found is None:
        found = MatterList(tuple(_matters(connection, key)))
        with _lock:
            _kept[address] = found
            while len(_kept) > KEPT:
                _kept.popitem(last=False)
    return found


KEPT = 8
_kept: OrderedDict[tuple[str, int], MatterList] = OrderedDict()
_lock = Lock()


def _matters(connection: Connection, key: int) -> Iterator[Matter]:
    (resource,) = processes.by_keys(connection, ResourceKind.DECISION, [key])
    sheet = read_sheet(resource.content, TABLE)
    for row in sheet.rows:
        valid = _cell(sheet, row, DAY)
        for code in _texts(_cell(sheet, row, CODE)):
            yield Matter(code, _values(sheet, row), _tests(valid))


def _values(sheet: Sheet, row: SheetRow) -> dict[str, str]:
    """Return what a row gives, as far as it is text."""
    pairs = zip(sheet.columns, row.cells, strict=True)
    given = {column.key: _texts(cell) for column, cell in pairs if not column.is_input}
    return {name: texts[0] for name, texts in given.items() if texts}


def _cell(sheet: Sheet, row: SheetRow, expression: str) -> str:
    pairs = zip(sheet.columns, row.cells, strict=True)
    return next((cell for column, cell in pairs if column.expression == expression), "")


def _texts(cell: str) -> list[str]:
    """Return the texts a cell lists; nothing where it says something else."""
    try:
        found = feel.evaluate(f"[{cell}]") if cell else []
    except CaseError:
        return []
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []


def _tests(cell: str) -> feel.UnaryTests | None:
    try:
        return feel.compile_unary_tests(cell) if cell else None
    except CaseError:
        return None
