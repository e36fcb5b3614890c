"""Changing a table: rows are gathered in a draft before they take effect.

Every person has a draft of their own for each table; `cases.table_effect` puts it into effect.
Whoever was overtaken by another version carries their changes over to it and loses none.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.cases import designs, table_sheets
from app.cases.frame import read_frame
from app.cases.table_cells import CellKind, codes, is_plain, shown, written
from app.cases.table_columns import TableColumn
from app.cases.table_diff import carried_over, changes
from app.cases.table_sheets import TableState, written_rows
from app.cases.table_translations import (
    Labels,
    Words,
    column_of,
    rewordings,
    said,
    unified,
    word_key,
)
from app.dmn.editing import Sheet, SheetRow, cell_ids, write_rows
from app.engine.lint import Problem, Severity
from app.errors import CaseError, InvalidInput, NotFound
from app.organisation.actor import Actor
from app.organisation.permissions import Action, demand
from app.store import processes, table_drafts
from app.store.db import Connection, Transaction, transaction
from app.store.processes import ResourceKind

LONGEST_NOTE = 500
MOST_ROWS = 2_000


Trouble = CaseError | Problem
"""What is wrong with a cell: how it is written, or what the check of designs says of it."""


class RowRefused(CaseError):
    """The row is not kept yet. Mend the cells that are marked."""

    code = "row_refused"

    def __init__(self, errors: Mapping[str, Trouble]) -> None:
        """Keep what is wrong, by the id of the column."""
        super().__init__()
        self.errors = errors


class UnknownChoice(CaseError):
    """There is no {choice!r} here. Take one of the choices."""

    code = "unknown_choice"


class NoTextToTranslate(CaseError):
    """Only a text has a translation. Write the text it belongs to, or leave the translation empty."""  # noqa: E501

    code = "no_text_to_translate"


class OtherColumns(CaseError):
    """That version has other columns than the table has now: its rows do not fit here."""

    code = "other_columns"


class TooManyRows(CaseError):
    """A table has {most} rows at most."""

    code = "too_many_rows"


@dataclass(frozen=True, slots=True)
class GivenRow:
    """A row as somebody filled it in: cells by column in their plain notation, words by `word_key`.

    What `words` do not name is said as before. `row_id` is empty for a new row, which comes behind
    `after`, or first without one.
    """

    cells: Mapping[str, str]
    note: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    row_id: str = ""
    after: str = ""


def save_row(actor: Actor, decision_id: str, given: GivenRow) -> str:
    """Keep a changed or a new row in the actor's draft and return its id.

    Raises:
        Forbidden, NotFound, TooManyRows: as they say. RowRefused: cells have to be mended.
    """
    demand(actor, Action.DEPLOY)
    demand_short(given.note, *given.words.values())
    row_id = given.row_id or new_row_id(decision_id)
    with transaction() as tx:
        state = table_sheets.load(tx.connection, decision_id, actor.person_key)
        before = _found(state, given.row_id) if given.row_id else None
        columns = _columns(tx.connection, state)
        made = SheetRow(row_id, cells_of(columns, given.cells, before), "")
        row = replace(made, note=given.note.strip())
        demand_texts(columns, row, given.words)
        rows = list(state.edited.rows)
        if before is not None:
            rows[rows.index(before)] = row
        else:
            rows.insert(_place_behind(rows, given.after), row)
        _demand_checked(tx.connection, state, rows, [row_id])
        words = {**state.words, row_id: {**state.words.get(row_id, {}), **given.words}}
        _keep(tx, actor, state, rows, unified(words, row, rows, state.labels, state.base))
    return row_id


def remove_row(actor: Actor, decision_id: str, row_id: str) -> None:
    """Take a row out of the actor's draft.

    Raises:
        Forbidden, NotFound: as they say.
    """
    _change(actor, decision_id, lambda rows: [row for row in rows if row.id != row_id], row_id)


def restore_row(actor: Actor, decision_id: str, row_id: str) -> None:
    """Put a row back as it is in force, at its place.

    Raises:
        Forbidden, NotFound: as they say.
    """
    demand(actor, Action.DEPLOY)
    with transaction() as tx:
        state = table_sheets.load(tx.connection, decision_id, actor.person_key)
        only = [row for row in state.edited.rows if row.id != row_id]
        was = state.base.row(row_id)
        if was is not None:
            ids = [row.id for row in state.base.rows]
            before = ids[: ids.index(row_id)]
            places = [place for place, row in enumerate(only) if row.id in before]
            only.insert(places[-1] + 1 if places else 0, was)
        words = {name: said for name, said in state.words.items() if name != row_id}
        _keep(tx, actor, state, only, words)


def move_row(actor: Actor, decision_id: str, row_id: str, *, steps: int) -> None:
    """Move a row up (negative) or down in the actor's draft, not beyond the ends.

    Raises:
        Forbidden, NotFound: as they say.
    """

    def moved(rows: list[SheetRow]) -> list[SheetRow]:
        place = next(place for place, row in enumerate(rows) if row.id == row_id)
        row = rows.pop(place)
        rows.insert(max(0, min(len(rows), place + steps)), row)
        return rows

    _change(actor, decision_id, moved, row_id)


def replace_rows(actor: Actor, decision_id: str, rows: Sequence[SheetRow], words: Words) -> None:
    """Make these rows the actor's draft, as an import and putting a version back do.

    Raises:
        Forbidden, NotFound, TooManyRows: as they say. RowRefused: cells are wrong; its errors are
        by row and column: "<row>\\n<column>".
    """
    demand(actor, Action.DEPLOY)
    with transaction() as tx:
        state = table_sheets.load(tx.connection, decision_id, actor.person_key)
        fresh = TableState.in_force(state.newest, state.labels)
        changed = [change.id for change in changes(state.sheet.rows, rows) if change.after]
        _demand_checked(tx.connection, fresh, rows, changed)
        _keep(tx, actor, fresh, rows, words)


def put_back(actor: Actor, decision_id: str, number: int) -> None:
    """Make the rows of a former version the actor's draft.

    Raises:
        Forbidden, NotFound, OtherColumns: as they say.
    """
    demand(actor, Action.DEPLOY)
    with transaction() as tx:
        state = table_sheets.load(tx.connection, decision_id, actor.person_key)
        former = table_sheets.version(tx.connection, decision_id, number)
        sheet = former.sheet
        if sheet.columns != state.sheet.columns:
            raise OtherColumns
        labels = table_sheets.labels_of(tx.connection, former)
        fresh = TableState.in_force(state.newest, state.labels)
        _keep(tx, actor, fresh, sheet.rows, _words_of(labels, state.labels, sheet))


def discard(actor: Actor, decision_id: str) -> None:
    """Forget the actor's draft of a table.

    Raises:
        Forbidden: as it says.
    """
    demand(actor, Action.DEPLOY)
    with transaction() as tx:
        table_drafts.drop_draft(tx.connection, decision_id, actor.person_key)


def carry_over(actor: Actor, decision_id: str) -> tuple[str, ...]:
    """Lay the actor's changes over the version in force; return the rows that both changed.

    Raises:
        Forbidden, NotFound, OtherColumns: as they say.
    """
    demand(actor, Action.DEPLOY)
    with transaction() as tx:
        state = table_sheets.load(tx.connection, decision_id, actor.person_key)
        if state.draft is None:
            return ()
        if state.has_other_columns:
            raise OtherColumns
        made = carried_over(state.base.rows, state.draft.rows, state.sheet.rows)
        fresh = TableState.in_force(state.newest, state.labels)
        _keep(tx, actor, fresh, made.rows, state.words)
        return made.clashes


# --- cells ------------------------------------------------------------------------------------


def cells_of(
    columns: Sequence[TableColumn], given: Mapping[str, str], before: SheetRow | None
) -> tuple[str, ...]:
    """Return the FEEL of a row from what somebody wrote; what is not given stays as it was.

    Raises:
        RowRefused: it is wrong; each error by the id of its column.
    """
    errors: dict[str, Trouble] = {}
    cells: list[str] = []
    for place, column in enumerate(columns):
        was = before.cells[place] if before else None
        if column.id not in given and was is not None:
            cells.append(was)
            continue
        try:
            cells.append(_cell(column, given.get(column.id, ""), was))
        except CaseError as error:
            errors[column.id] = error
    if errors:
        raise RowRefused(errors)
    return tuple(cells)


def _cell(column: TableColumn, given: str, before: str | None) -> str:
    found = written(column.kind, given, is_input=column.is_input, before=before)
    if found != before and column.is_closed and not given.lower().startswith("feel:"):
        known = {choice.code for choice in column.choices}
        listed = [given.strip()] if column.kind is CellKind.CHOICE else codes(given)
        for each in filter(None, listed):
            if each not in known:
                raise UnknownChoice(choice=each)
    return found


def demand_texts(columns: Sequence[TableColumn], row: SheetRow, words: Mapping[str, str]) -> None:
    """Stop translations of what is no text.

    Raises:
        RowRefused: there is one; by the id of its column.
    """
    errors: dict[str, Trouble] = {}
    for column, cell in zip(columns, row.cells, strict=True):
        given = (word for key, word in words.items() if column_of(key)[0] == column.key)
        is_text = is_plain(CellKind.TEXT, cell) and shown(CellKind.TEXT, cell)
        if column.is_worded and not is_text and any(given):
            errors[column.id] = NoTextToTranslate()
    if errors:
        raise RowRefused(errors)


def new_row_id(decision_id: str) -> str:
    """Return an id that no row of any version has."""
    return f"{decision_id}_{secrets.token_hex(5)}"


def _demand_checked(
    connection: Connection, state: TableState, rows: Sequence[SheetRow], row_ids: Sequence[str]
) -> None:
    """Let the check of designs look at these rows as a part of the whole table."""
    if len(rows) > MOST_ROWS:
        raise TooManyRows(most=MOST_ROWS)
    decision_id = state.newest.decision_id
    content = write_rows(state.base_content, decision_id, rows)
    latest = {kind: processes.latest(connection, kind) for kind in ResourceKind}
    places = cell_ids(content, decision_id)
    errors: dict[str, Trouble] = {}
    for problem in designs.check({state.newest.file_name: content}, latest):
        row_id, place = places.get(problem.element_id, ("", 0))
        if problem.severity is Severity.ERROR and row_id in row_ids:
            column = state.base.columns[place]
            name = column.id or column.key
            errors[name if len(row_ids) == 1 else f"{row_id}\n{name}"] = problem
    if errors:
        raise RowRefused(errors)


# --- the draft --------------------------------------------------------------------------------


def _change(
    actor: Actor,
    decision_id: str,
    change: Callable[[list[SheetRow]], list[SheetRow]],
    row_id: str,
) -> None:
    demand(actor, Action.DEPLOY)
    with transaction() as tx:
        state = table_sheets.load(tx.connection, decision_id, actor.person_key)
        _found(state, row_id)
        _keep(tx, actor, state, change(list(state.edited.rows)), state.words)


def _keep(
    tx: Transaction,
    actor: Actor,
    state: TableState,
    rows: Sequence[SheetRow],
    words: Words,
) -> None:
    """Keep the draft, or forget it where it says what is in force."""
    decision_id = state.newest.decision_id
    base_key = state.draft.base_key if state.draft else state.newest.key
    known = {row.id for row in rows}
    row = {
        "key": tx.next_key(),
        "decision_id": decision_id,
        "person_key": actor.person_key,
        "base_key": base_key,
        "rows": written_rows(tuple(rows)),
        "words": {row_id: dict(said) for row_id, said in words.items() if row_id in known},
        "changed_at": tx.now,
    }
    table_drafts.save_draft(tx.connection, row)
    made = table_sheets.load(tx.connection, decision_id, actor.person_key)
    if not has_changed(made) and not made.is_overtaken:
        table_drafts.drop_draft(tx.connection, decision_id, actor.person_key)


def has_changed(state: TableState) -> bool:
    """Tell whether the draft says anything else than what it was begun on."""
    if state.edited.rows != state.base.rows:
        return True
    worded, edited = state.worded, state.edited
    return any(
        any(rewordings(state.labels, worded, row, None, edited))
        for row in edited.rows
        if row.id in state.words
    )


def _words_of(former: Labels, now: Labels, sheet: Sheet) -> Words:
    """Return what was said of rows formerly, where nothing or something else is said now."""
    outputs = [column.key for column in sheet.columns if not column.is_input and column.key]
    keys = [word_key(language, key) for language in former for key in ("", *outputs)]
    found: dict[str, dict[str, str]] = {}
    for row in sheet.rows:
        for key in keys:
            word = said(former, row, sheet.columns, key)
            if word and (column_of(key)[0] == "" or word != said(now, row, sheet.columns, key)):
                found.setdefault(row.id, {})[key] = word
    return found


def _found(state: TableState, row_id: str) -> SheetRow:
    row = state.edited.row(row_id)
    if row is None:
        raise NotFound(what="row", key=row_id)
    return row


def _place_behind(rows: Sequence[SheetRow], row_id: str) -> int:
    places = [place for place, row in enumerate(rows) if row.id == row_id]
    return places[0] + 1 if places else 0


def _columns(connection: Connection, state: TableState) -> tuple[TableColumn, ...]:
    by = table_sheets.reader(connection, read_frame(connection), "en")
    return table_sheets.columns(state, by)


def demand_short(*texts: str) -> None:
    """Stop notes that are too long.

    Raises:
        InvalidInput: one is.
    """
    if any(len(text) > LONGEST_NOTE for text in texts):
        raise InvalidInput(what="The text", why=f"it may have {LONGEST_NOTE} characters at most.")
