"""The versions of a table: who put each into effect, when, why, and which rows it changed."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.cases import table_sheets
from app.cases.frame import Frame, read_frame
from app.cases.table_columns import TableColumn
from app.cases.table_sheets import TableState, TableVersion
from app.cases.tables import Row, compared
from app.dmn.errors import DmnError, UnknownDecision
from app.errors import NotFound
from app.organisation.actor import Actor
from app.organisation.permissions import Action, demand
from app.store import table_drafts
from app.store.db import Connection, reading


@dataclass(frozen=True, slots=True)
class Step:
    """A version that changed the table. `rows` are those that differ from the version before.

    `is_first` has nothing before it; `has_other_columns` says that columns changed too.
    """

    version: TableVersion
    columns: tuple[TableColumn, ...]
    rows: tuple[Row, ...]
    is_first: bool
    has_other_columns: bool


@dataclass(frozen=True, slots=True)
class TableHistory:
    """A table's versions that changed it, the newest first."""

    frame: Frame
    decision_id: str
    name: str
    steps: tuple[Step, ...]


def read_history(actor: Actor, decision_id: str, *, language: str) -> TableHistory:
    """Return the history of a table; versions that left it as it was are left out.

    Raises:
        Forbidden, NotFound: as they say.
    """
    demand(actor, Action.VIEW_DESIGNS)
    with reading() as connection:
        frame = read_frame(connection)
        by = table_sheets.reader(connection, frame, language)
        states = [*_states(connection, decision_id)]
        if not states:
            raise NotFound(what="table", key=decision_id)
        steps = []
        for place, state in enumerate(states):
            before = states[place + 1] if place + 1 < len(states) else None
            if before is None:
                steps.append(Step(state.newest, (), (), True, False))
                continue
            columns, rows = compared(before, state, by, frame)
            is_other = before.sheet.columns != state.sheet.columns
            if rows or is_other:
                steps.append(Step(state.newest, columns, rows, False, is_other))
        labels = states[0].labels.get(language, {})
        name = table_sheets.title(states[0].sheet, labels)
    return TableHistory(frame, decision_id, name, tuple(steps))


def _states(connection: Connection, decision_id: str) -> Iterator[TableState]:
    for row in table_drafts.versions(connection, decision_id):
        version = table_sheets.version_of(row)
        try:
            yield TableState.in_force(version, table_sheets.labels_of(connection, version))
        except (DmnError, UnknownDecision):
            continue
