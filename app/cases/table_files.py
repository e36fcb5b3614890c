"""A table as a workbook (XLSX): written for spreadsheets, read back into a draft.

A file that was written and read back unchanged changes nothing. What arrives is measured before it
is opened, and what is wrong is told by the address of its cell before anything changes.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from app.cases import table_drafts, table_sheets
from app.cases.frame import read_frame
from app.cases.table_cells import MOST_SIGNS, shown
from app.cases.table_columns import TableColumn
from app.cases.table_drafts import (
    MOST_ROWS,
    RowRefused,
    Trouble,
    cells_of,
    demand_texts,
    new_row_id,
)
from app.cases.table_sheets import TableState
from app.cases.table_translations import column_of, languages_of, said, text_in, word_key
from app.dmn.editing import SheetRow
from app.errors import CaseError, InvalidInput
from app.organisation.actor import Actor
from app.organisation.permissions import Action, demand
from app.store.db import reading

MOST_BYTES = 5 * 1024 * 1024
MOST_UNPACKED = 20 * 1024 * 1024
MOST_PARTS = 200
MOST_COLUMNS = 100
MOST_ERRORS = 50
ID, NOTE = "id", "note"
HEAD_ROWS = 2
_COMPUTED = re.compile(r"'*[=+\-@\t]")
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f]")
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
    EOFError,
)
_FORBIDDEN = (b"<!DOCTYPE", b"<!ENTITY")


class NoWorkbook(CaseError):
    """This is no workbook that can be read. Save it as XLSX, without a password."""

    code = "no_workbook"


class WorkbookTooLarge(CaseError):
    """This workbook is larger than a table can be: 5 MB, unpacked 20 MB, are the most."""

    code = "workbook_too_large"


class WrongWorkbook(CaseError):
    """This workbook is not of this table. It needs the sheet {sheet} with the columns of an export, their ids in the second row."""  # noqa: E501

    code = "wrong_workbook"


class FormulaFound(CaseError):
    """A formula cannot be taken. Put its value there."""

    code = "formula_found"


class RowTwice(CaseError):
    """A row with this id stands in the workbook already. Leave the id of a new row empty."""

    code = "row_twice"


class NamedTwice(CaseError):
    """Another row of the workbook translates the same text in other words. One text has one translation: write the same in both."""  # noqa: E501

    code = "named_twice"


class ImportRefused(CaseError):
    """Nothing was taken from the workbook: {count} cells have to be mended."""

    code = "import_refused"

    def __init__(self, errors: Sequence[tuple[str, Trouble]]) -> None:
        """Keep what is wrong, by the address of the cell."""
        super().__init__(count=len(errors))
        self.errors = tuple(errors[:MOST_ERRORS])


@dataclass(frozen=True, slots=True)
class Workbooked:
    """A workbook to be sent: its name and its bytes."""

    name: str
    content: bytes


def export_table(
    actor: Actor, decision_id: str, *, language: str, version: int | None = None
) -> Workbooked:
    """Return the version in force, or another, as a workbook.

    Raises:
        Forbidden, NotFound: as they say.
    """
    demand(actor, Action.VIEW_DESIGNS)
    with reading() as connection:
        found = table_sheets.version(connection, decision_id, version)
        labels = table_sheets.labels_of(connection, found)
        state = TableState.in_force(found, labels)
        by = table_sheets.reader(connection, read_frame(connection), language)
        columns = table_sheets.columns(state, by)
    book = Workbook()
    _write_rows(book, state, columns)
    _write_codes(book, columns)
    sink = io.BytesIO()
    book.save(sink)
    return Workbooked(f"{decision_id}-v{found.number}.xlsx", sink.getvalue())


def import_table(actor: Actor, decision_id: str, content: bytes) -> None:
    """Make the rows of a workbook the actor's draft.

    Raises:
        Forbidden, NotFound, NoWorkbook, WorkbookTooLarge, WrongWorkbook: as they say.
        ImportRefused: cells are wrong, each told by its address.
    """
    demand(actor, Action.DEPLOY)
    demand_harmless(content)
    with reading() as connection:
        newest = table_sheets.newest(connection, decision_id)
        labels = table_sheets.labels_of(connection, newest)
        state = TableState.in_force(newest, labels)
        by = table_sheets.reader(connection, read_frame(connection), "en")
        columns = table_sheets.columns(state, by)
    lines = _lines(content, decision_id)
    taker = _Taker(state, columns, _places(lines, state, columns))
    taker.take(lines[HEAD_ROWS:])
    try:
        table_drafts.replace_rows(actor, decision_id, taker.rows, taker.words)
    except RowRefused as refused:
        raise ImportRefused(taker.addressed(refused.errors)) from refused


# --- writing ----------------------------------------------------------------------------------


def _write_rows(book: Workbook, state: TableState, columns: Sequence[TableColumn]) -> None:
    sheet = book.active
    sheet.title = state.newest.decision_id[:31]
    fields = list(_fields(columns, languages_of(state.labels)))
    sheet.append([_escaped(label) for label, _, _ in fields])
    sheet.append([_escaped(key) for _, key, _ in fields])
    for row in state.sheet.rows:
        cells = {
            each.id: shown(each.kind, text) for each, text in zip(columns, row.cells, strict=True)
        }
        own = {ID: row.id, NOTE: row.note, **cells}
        sheet.append(
            [
                _escaped(said(state.labels, row, state.sheet.columns, word) if word else own[key])
                for _, key, word in fields
            ]
        )
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for cell in sheet[HEAD_ROWS]:
        cell.font = Font(color="808080", size=8)
    sheet.freeze_panes = "B3"
    for number in range(1, len(fields) + 1):
        sheet.column_dimensions[get_column_letter(number)].width = 22
    for line in sheet.iter_rows():
        for cell in line:
            if cell.data_type == "f":
                cell.data_type = "s"


def _write_codes(book: Workbook, columns: Sequence[TableColumn]) -> None:
    sheet = book.create_sheet("Codes")
    for column in columns:
        for choice in column.choices:
            line = (column.label, choice.code, choice.name)
            sheet.append([_escaped(each) for each in line])


def _fields(
    columns: Sequence[TableColumn], languages: Sequence[str]
) -> Iterator[tuple[str, str, str]]:
    """Yield label, id and, where it is a translation, `word_key` of each column of a workbook."""
    yield "Row", ID, ""
    for column in columns:
        yield column.label, column.id, ""
        for name in languages if column.is_worded else ():
            yield f"{column.label} ({name})", f"{column.id}:{name}", word_key(name, column.key)
    yield "Why", NOTE, ""
    for name in languages:
        yield f"Why ({name})", f"{NOTE}:{name}", word_key(name)


def _escaped(text: str) -> str:
    """Return a text that no spreadsheet computes."""
    seen = _seen(text)
    return f"'{seen}" if _COMPUTED.match(seen) else seen


def _seen(text: str) -> str:
    """Return a text without the signs a workbook cannot hold."""
    return _UNSEEN.sub("", text)


def _unescaped(text: str) -> str:
    return text[1:] if text.startswith("'") and _COMPUTED.match(text) else text


# --- reading ----------------------------------------------------------------------------------


def demand_harmless(content: bytes) -> None:
    """Measure an archive before anything opens it.

    Raises:
        NoWorkbook, WorkbookTooLarge: as they say.
    """
    if len(content) > MOST_BYTES:
        raise WorkbookTooLarge
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(each.file_size for each in parts) > MOST_UNPACKED:
                raise WorkbookTooLarge
            for part in parts:
                if any(sign in archive.read(part) for sign in _FORBIDDEN):
                    raise NoWorkbook
    except _BROKEN:
        raise NoWorkbook from None


@dataclass(frozen=True, slots=True)
class _Found:
    """What stands in a cell of a workbook."""

    address: str
    text: str
    is_formula: bool


def _lines(content: bytes, sheet_name: str) -> list[list[_Found]]:
    try:
        return list(_read_lines(content, sheet_name))
    except CaseError:
        raise
    except Exception as error:  # whatever a broken part makes the library raise
        raise NoWorkbook from error


def _read_lines(content: bytes, sheet_name: str) -> Iterator[list[_Found]]:
    book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
    try:
        if sheet_name[:31] not in book.sheetnames:
            raise WrongWorkbook(sheet=sheet_name[:31])
        most = MOST_ROWS + HEAD_ROWS + 1
        rows = book[sheet_name[:31]].iter_rows(max_row=most, max_col=MOST_COLUMNS)
        for number, line in enumerate(rows, 1):
            found = [
                _Found(
                    f"{get_column_letter(place)}{number}",
                    _text(cell.value),
                    cell.data_type == "f",
                )
                for place, cell in enumerate(line, 1)
            ]
            if number == most and any(each.text for each in found):
                raise table_drafts.TooManyRows(most=MOST_ROWS)
            yield found
    finally:
        book.close()


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return _unescaped(str(value)[: MOST_SIGNS + 1])


def _places(
    lines: Sequence[Sequence[_Found]], state: TableState, columns: Sequence[TableColumn]
) -> Mapping[str, int]:
    """Return at which place of a line each column stands."""
    keys = [each.text for each in lines[HEAD_ROWS - 1]] if len(lines) >= HEAD_ROWS else []
    places = {key: place for place, key in enumerate(keys) if key}
    if not {ID, *(each.id for each in columns)} <= places.keys():
        raise WrongWorkbook(sheet=state.newest.decision_id[:31])
    return places


class _Taker:
    """Makes rows of lines, and keeps what is wrong by address."""

    def __init__(
        self, state: TableState, columns: Sequence[TableColumn], places: Mapping[str, int]
    ) -> None:
        self.state, self.columns, self.places = state, columns, places
        self.rows: list[SheetRow] = []
        self.words: dict[str, dict[str, str]] = {}
        self.errors: list[tuple[str, Trouble]] = []
        self._at: dict[str, dict[str, str]] = {}
        self._named: dict[tuple[str, str], str] = {}

    def take(self, lines: Sequence[Sequence[_Found]]) -> None:
        """Take every line that is not empty.

        Raises:
            ImportRefused: cells are wrong.
        """
        for line in lines:
            if any(each.text for each in line):
                self._line(line)
        if self.errors:
            raise ImportRefused(self.errors)

    def addressed(self, errors: Mapping[str, Trouble]) -> list[tuple[str, Trouble]]:
        """Return errors of rows and columns by the addresses they came from."""
        found: list[tuple[str, Trouble]] = []
        for name, error in errors.items():
            row_id, _, column = name.rpartition("\n")
            at = self._at.get(row_id) or next(iter(self._at.values()), {})
            found.append((at.get(column, ""), error))
        return found

    def _line(self, line: Sequence[_Found]) -> None:
        cells = {key: line[place] for key, place in self.places.items() if place < len(line)}
        formulas = [each for each in cells.values() if each.is_formula]
        self.errors += [(each.address, FormulaFound()) for each in formulas]
        row_id = cells[ID].text if ID in cells else ""
        if row_id in self._at:
            self.errors.append((cells[ID].address, RowTwice()))
        if formulas or row_id in self._at:
            return
        before = self.state.sheet.row(row_id) if row_id else None
        row_id = before.id if before else new_row_id(self.state.newest.decision_id)
        self._at[row_id] = {key: each.address for key, each in cells.items()}
        given = self._words(cells)
        try:
            made = cells_of(self.columns, self._given(cells, before), before)
            row = SheetRow(row_id, made, self._note(cells, before))
            demand_texts(self.columns, row, given)
        except RowRefused as refused:
            self.errors += [(self._at[row_id][name], each) for name, each in refused.errors.items()]
            return
        self.rows.append(row)
        for key, word in given.items():
            self._say(row, key, word, cells)

    def _given(self, cells: Mapping[str, _Found], before: SheetRow | None) -> dict[str, str]:
        """Return the cells that are not as they were written."""
        found: dict[str, str] = {}
        for place, column in enumerate(self.columns):
            was = shown(column.kind, before.cells[place]) if before else None
            text = cells[column.id].text if column.id in cells else ""
            if was is None or text != _seen(was):
                found[column.id] = text
        return found

    def _note(self, cells: Mapping[str, _Found], before: SheetRow | None) -> str:
        if NOTE not in cells:
            return before.note if before else ""
        return self._short(cells[NOTE])

    def _words(self, cells: Mapping[str, _Found]) -> dict[str, str]:
        """Return what a line says in other languages, by `word_key`."""
        return {
            word: self._short(cells[key])
            for _, key, word in _fields(self.columns, languages_of(self.state.labels))
            if word and key in cells
        }

    def _short(self, cell: _Found) -> str:
        if len(cell.text) > table_drafts.LONGEST_NOTE:
            why = f"it may have {table_drafts.LONGEST_NOTE} characters at most."
            self.errors.append((cell.address, InvalidInput(what="The text", why=why)))
        return cell.text

    def _say(self, row: SheetRow, key: str, word: str, cells: Mapping[str, _Found]) -> None:
        """Keep what is said of a row, a text's translation only where it is another than now."""
        column_key, language = column_of(key)
        columns = self.state.sheet.columns
        if column_key and word == _seen(said(self.state.labels, row, columns, key)):
            return
        self.words.setdefault(row.id, {})[key] = word
        text = text_in(row, columns, column_key) if column_key else ""
        if text and self._named.setdefault((key, text), word) != word:
            column = next(each.id for each in self.columns if each.key == column_key)
            self.errors.append((cells[f"{column}:{language}"].address, NamedTwice()))
