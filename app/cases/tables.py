"""Decision tables as people read them: the list, one table with its rows, and what a draft changes.

Pages call it; what it returns is in the reader's words as far as labels, units and the matter list
have them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from app.cases import table_sheets
from app.cases.frame import Frame, read_frame
from app.cases.table_cells import MARK, CellKind, codes, is_plain, shown, span, texts_of
from app.cases.table_columns import Reader, TableColumn
from app.cases.table_diff import ChangeKind, RowChange, changes
from app.cases.table_sheets import TableState, TableVersion
from app.cases.table_translations import (
    LANGUAGES,
    Labels,
    Reworded,
    rewordings,
    said,
    word_key,
)
from app.dmn.editing import SheetRow, read_sheets
from app.dmn.errors import DmnError
from app.errors import NotFound
from app.organisation.actor import Actor
from app.organisation.permissions import Action, demand
from app.store import table_drafts
from app.store.db import reading


@dataclass(frozen=True, slots=True)
class TableLine:
    """A table in the list: what it is called and decides, its version, whether one edits it."""

    decision_id: str
    name: str
    note: str
    rows: int
    version: int
    at: datetime
    person: str | None
    has_draft: bool


@dataclass(frozen=True, slots=True)
class TableList:
    """All tables, by name."""

    frame: Frame
    lines: tuple[TableLine, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell to be read: `said` in words (of a text or codes), days, or FEEL as it is written.

    `plain` is what a form or spreadsheet has for it; `was` the words before a draft changed it.
    """

    kind: CellKind
    about: str
    said: tuple[tuple[str, str], ...]
    days: tuple[date | None, date | None] | None
    feel: str
    plain: str
    has_changed: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row to be read; `change` says what the draft did to it, `validity` when it stands.

    `number` is 0 where it is gone, `former_number` where it is new. `reworded` is what is said
    otherwise of it: its note, or a text it gives in another language.
    """

    id: str
    number: int
    former_number: int
    cells: tuple[Cell, ...]
    note: str
    change: ChangeKind | None
    validity: str
    before: tuple[Cell, ...] = ()
    reworded: tuple[Reworded, ...] = ()


@dataclass(frozen=True, slots=True)
class TablePage:
    """A table with all its rows: the draft's if there is one, those it removes at the end."""

    frame: Frame
    decision_id: str
    name: str
    note: str
    policy: str
    version: TableVersion
    columns: tuple[TableColumn, ...]
    rows: tuple[Row, ...]
    changed: int
    draft_at: datetime | None
    is_overtaken: bool
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RowPage:
    """One row to be filled in: its cells by column, its words in other languages by `word_key`.

    `given` has the cells in the plain notation, `feel` all of them as FEEL.
    """

    table: TablePage
    row_id: str
    given: Mapping[str, str]
    feel: Mapping[str, str]
    note: str
    words: Mapping[str, str]


def list_tables(actor: Actor, *, language: str) -> TableList:
    """Return every deployed decision table.

    Raises:
        Forbidden: the actor may not see designs.
    """
    demand(actor, Action.VIEW_DESIGNS)
    with reading() as connection:
        own = {row.decision_id for row in table_drafts.drafts(connection, actor.person_key)}
        lines = []
        for row in table_drafts.decisions(connection):
            version = table_sheets.version_of(row)
            labels = table_sheets.labels_of(connection, version).get(language, {})
            try:
                sheets = read_sheets(version.content)
            except DmnError:
                continue
            for sheet in sheets:
                if sheet.decision_id == row.decision_id:
                    lines.append(
                        TableLine(
                            decision_id=row.decision_id,
                            name=table_sheets.title(sheet, labels),
                            note=table_sheets.note(sheet, labels, language),
                            rows=len(sheet.rows),
                            version=version.number,
                            at=version.at,
                            person=version.person,
                            has_draft=row.decision_id in own,
                        )
                    )
        return TableList(read_frame(connection), tuple(lines))


def read_table(
    actor: Actor, decision_id: str, *, language: str, version: int | None = None
) -> TablePage:
    """Return a table with the actor's draft; with `version`, as that version was.

    Raises:
        Forbidden, NotFound: as they say.
    """
    demand(actor, Action.VIEW_DESIGNS)
    with reading() as connection:
        frame = read_frame(connection)
        if version is None:
            state = table_sheets.load(connection, decision_id, actor.person_key)
        else:
            found = table_sheets.version(connection, decision_id, version)
            labels = table_sheets.labels_of(connection, found)
            state = TableState.in_force(found, labels)
        by = table_sheets.reader(connection, frame, language)
        others = table_drafts.others(connection, decision_id, actor.person_key)
    return page_of(state, by, frame, others=tuple(others))


def read_row(actor: Actor, decision_id: str, row_id: str, *, language: str) -> RowPage:
    """Return a row as its form shows it, an empty one without `row_id`.

    Raises:
        Forbidden, NotFound: as they say.
    """
    demand(actor, Action.DEPLOY)
    with reading() as connection:
        frame = read_frame(connection)
        state = table_sheets.load(connection, decision_id, actor.person_key)
        by = table_sheets.reader(connection, frame, language)
    table = page_of(state, by, frame)
    row = state.edited.row(row_id) if row_id else SheetRow("", ("",) * len(table.columns))
    if row is None:
        raise NotFound(what="row", key=row_id)
    pairs = list(zip(table.columns, row.cells, strict=True))
    worded, columns = state.worded, state.edited.columns
    return RowPage(
        table=table,
        row_id=row_id,
        given={column.id: shown(column.kind, cell) for column, cell in pairs},
        feel={column.id: f"{MARK} {cell}" if cell else "" for column, cell in pairs},
        note=row.note,
        words={key: said(worded, row, columns, key) for key in word_keys(table.columns)},
    )


def word_keys(columns: Iterable[TableColumn]) -> list[str]:
    """Return the keys of what can be said of a row in other languages."""
    worded = ["", *(column.key for column in columns if column.is_worded)]
    return [word_key(language, key) for key in worded for language in LANGUAGES]


def page_of(
    state: TableState, by: Reader, frame: Frame, *, others: tuple[str, ...] = ()
) -> TablePage:
    """Return a table's page for a reader."""
    columns = table_sheets.columns(state, by)
    found = {change.id: change for change in changes(state.base.rows, state.edited.rows)}
    today = frame.now.astimezone(frame.zone).date()
    build = _Builder(
        state, columns, by.language, today, state.labels, state.worded, _numbers(state.base.rows)
    )
    touched = {*found, *state.words}
    rows = [
        build.row(number, row, found.get(row.id), is_touched=row.id in touched)
        for number, row in enumerate(state.edited.rows, 1)
    ]
    changed = sum(row.change is not None for row in rows)
    gone = [change for change in found.values() if change.kind is ChangeKind.REMOVED]
    rows += [build.row(0, each.before, each) for each in gone if each.before is not None]
    labels = state.labels.get(by.language, {})
    return TablePage(
        frame=frame,
        decision_id=state.newest.decision_id,
        name=table_sheets.title(state.sheet, labels),
        note=table_sheets.note(state.sheet, labels, by.language),
        policy=state.sheet.policy,
        version=state.newest,
        columns=columns,
        rows=tuple(rows),
        changed=changed + len(gone),
        draft_at=state.draft.changed_at if state.draft else None,
        is_overtaken=state.is_overtaken,
        others=others,
    )


def compared(
    before: TableState, after: TableState, by: Reader, frame: Frame
) -> tuple[tuple[TableColumn, ...], tuple[Row, ...]]:
    """Return the columns and the rows that differ between two versions."""
    columns = table_sheets.columns(after, by)
    today = frame.now.astimezone(frame.zone).date()
    former = _numbers(before.sheet.rows)
    build = _Builder(after, columns, by.language, today, before.labels, after.labels, former)
    found = {change.id: change for change in changes(before.sheet.rows, after.sheet.rows)}
    rows = [
        build.row(number, row, found.get(row.id), is_touched=True)
        for number, row in enumerate(after.sheet.rows, 1)
    ]
    gone = (each.before for each in found.values() if each.after is None)
    rows += [build.row(0, row, found[row.id]) for row in gone if row is not None]
    return columns, tuple(row for row in rows if row.change)


def _numbers(rows: Sequence[SheetRow]) -> dict[str, int]:
    return {row.id: number for number, row in enumerate(rows, 1)}


@dataclass(frozen=True, slots=True)
class _Builder:
    state: TableState
    columns: tuple[TableColumn, ...]
    language: str
    today: date
    said_before: Labels
    said_now: Labels
    former: Mapping[str, int]

    def row(
        self, number: int, row: SheetRow, change: RowChange | None, *, is_touched: bool = False
    ) -> Row:
        was = change.before if change and change.kind is ChangeKind.CHANGED else None
        reworded = tuple(self.reworded(row, was)) if is_touched else ()
        kind = change.kind if change else ChangeKind.CHANGED if reworded else None
        return Row(
            id=row.id,
            number=number,
            former_number=self.former.get(row.id, 0),
            cells=tuple(self.cells(row, change.places if change else ())),
            note=self.note(row),
            change=kind,
            validity=self.validity(row),
            before=tuple(self.cells(was, ())) if was else (),
            reworded=reworded,
        )

    def note(self, row: SheetRow) -> str:
        """Return why a row is there; of one that is gone, as it was said before."""
        key = word_key(self.language)
        told = (said(labels, row, (), key) for labels in (self.said_now, self.said_before))
        return next(filter(None, told), row.note)

    def reworded(self, row: SheetRow, was: SheetRow | None) -> Iterator[Reworded]:
        """Yield what is said otherwise of a row, the columns called by their labels."""
        labels = {column.key: column.label for column in self.columns}
        sheet = self.state.edited
        for each in rewordings(self.said_before, self.said_now, row, was, sheet):
            yield replace(each, column=labels.get(each.column, each.column))

    def cells(self, row: SheetRow, changed: Sequence[int]) -> Iterator[Cell]:
        for place, (column, text) in enumerate(zip(self.columns, row.cells, strict=False)):
            yield _cell(column, text, has_changed=place in changed)

    def validity(self, row: SheetRow) -> str:
        """Return whether a row stands today: "past", "current", "future", or "" for always."""
        for column, text in zip(self.columns, row.cells, strict=False):
            days = span(text) if column.kind is CellKind.DAYS else None
            if days is None or days == (None, None):
                continue
            first, last = days
            if last is not None and last < self.today:
                return "past"
            return "future" if first is not None and first > self.today else "current"
        return ""


def _cell(column: TableColumn, text: str, *, has_changed: bool) -> Cell:
    plain = shown(column.kind, text)
    is_told = is_plain(column.kind, text)
    is_days = column.kind is CellKind.DAYS
    return Cell(
        kind=column.kind,
        about=column.about,
        said=tuple(_said(column, text, plain)) if is_told and not is_days else (),
        days=span(text) if is_told and is_days else None,
        feel="" if is_told else plain.removeprefix(MARK).strip(),
        plain=plain,
        has_changed=has_changed,
    )


def _said(column: TableColumn, text: str, plain: str) -> Iterator[tuple[str, str]]:
    """Yield each code of a cell with its name, empty where only the page may know it."""
    listed = {CellKind.ANY_OF, CellKind.CHOICES}
    if column.kind in listed:
        each = texts_of(text) if column.kind is CellKind.ANY_OF else codes(plain)
        yield from ((code, column.names.get(code, "")) for code in each or ())
    elif plain:
        yield plain, column.names.get(plain, "")
