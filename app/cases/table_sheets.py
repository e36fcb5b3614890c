"""A decision table as it stands for one person: the version in force, its labels, their draft.

`cases.tables` shows it, `cases.table_drafts` changes the draft, `cases.table_trial` tries it out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from app.cases import matters
from app.cases.frame import Frame
from app.cases.table_columns import Reader, TableColumn, columns_of
from app.cases.table_translations import ENGLISH, Words, laid_over
from app.dmn.editing import Sheet, SheetRow, read_sheet, write_rows
from app.dmn.errors import UnknownDecision
from app.errors import NotFound
from app.json_types import Json, JsonObject
from app.store import processes, table_drafts
from app.store.db import Connection
from app.store.processes import ResourceKind


@dataclass(frozen=True, slots=True)
class TableVersion:
    """One version of a table's file, and how it came about. `person` is None for the set-up."""

    key: int
    number: int
    decision_id: str
    file_id: str
    file_name: str
    content: bytes
    bindings: JsonObject
    at: datetime
    person: str | None
    reason: str | None
    restores: int | None

    @property
    def sheet(self) -> Sheet:
        """The table as rows and columns."""
        return read_sheet(self.content, self.decision_id)


@dataclass(frozen=True, slots=True)
class Draft:
    """Rows somebody has changed; `base_key` is the version they began with."""

    base_key: int
    rows: tuple[SheetRow, ...]
    words: Words
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class TableState:
    """A table for one person. `base` is what the draft was begun on, else what is in force."""

    newest: TableVersion
    sheet: Sheet
    labels: Mapping[str, JsonObject]
    draft: Draft | None
    base: Sheet
    base_content: bytes

    @classmethod
    def in_force(cls, version: TableVersion, labels: Mapping[str, JsonObject]) -> "TableState":
        """Return a version as it is, without a draft."""
        return cls(version, version.sheet, labels, None, version.sheet, version.content)

    @property
    def has_other_columns(self) -> bool:
        """Whether the version in force has other columns than the draft was begun with."""
        return self.base.columns != self.sheet.columns

    @property
    def is_overtaken(self) -> bool:
        """Whether another version took effect after the draft was begun."""
        return self.draft is not None and self.draft.base_key != self.newest.key

    @property
    def edited(self) -> Sheet:
        """The table with the draft's rows, in the columns it was begun with."""
        return self.base.having(self.draft.rows) if self.draft else self.sheet

    @property
    def words(self) -> Words:
        """What the draft says in other languages."""
        return self.draft.words if self.draft else {}

    @property
    def worded(self) -> Mapping[str, JsonObject]:
        """The label files with the draft's words in them."""
        return (
            laid_over(self.labels, self.words, self.sheet, self.edited)
            if self.draft
            else self.labels
        )

    def content(self) -> bytes:
        """Return the file the draft was begun on, with the draft's rows in it."""
        return write_rows(self.base_content, self.newest.decision_id, self.edited.rows)


def newest(connection: Connection, decision_id: str) -> TableVersion:
    """Return the version in force.

    Raises:
        NotFound: there is no such table.
    """
    return version(connection, decision_id, None)


def version(connection: Connection, decision_id: str, number: int | None) -> TableVersion:
    """Return a version by its number, the newest without one.

    Raises:
        NotFound: there is no such table or version.
    """
    for row in table_drafts.versions(connection, decision_id):
        if number in (None, row.version):
            return version_of(row)
    raise NotFound(what="table", key=decision_id)


def version_of(row: Any) -> TableVersion:
    """Return the version a row of `store.table_drafts.versions` is."""
    return TableVersion(
        key=row.key,
        number=row.version,
        decision_id=row.decision_id,
        file_id=row.file_id,
        file_name=row.resource_name,
        content=bytes(row.content),
        bindings=row.bindings,
        at=row.deployed_at,
        person=row.person,
        reason=row.reason,
        restores=row.restores,
    )


def load(connection: Connection, decision_id: str, person_key: int) -> TableState:
    """Return a table as it stands for a person.

    Raises:
        NotFound: there is no such table.
    """
    found = newest(connection, decision_id)
    try:
        sheet = found.sheet
    except UnknownDecision:
        raise NotFound(what="table", key=decision_id) from None
    row = table_drafts.draft(connection, decision_id, person_key)
    draft = _draft(row) if row is not None else None
    labels = labels_of(connection, found)
    if draft is None or draft.base_key == found.key:
        return TableState(found, sheet, labels, draft, sheet, found.content)
    (resource,) = processes.by_keys(connection, ResourceKind.DECISION, [draft.base_key])
    base = read_sheet(resource.content, decision_id)
    return TableState(found, sheet, labels, draft, base, resource.content)


def labels_of(connection: Connection, of: TableVersion) -> dict[str, JsonObject]:
    """Return the label files deployed with a version, by language."""
    pinned = of.bindings.get("labels")
    keys = {name: int(str(key)) for name, key in pinned.items()} if isinstance(pinned, dict) else {}
    rows = processes.by_keys(connection, ResourceKind.LABELS, sorted(keys.values()))
    content = {row.key: row.content for row in rows}
    return {
        language: orjson.loads(content[key]) for language, key in keys.items() if key in content
    }


def reader(connection: Connection, frame: Frame, language: str) -> Reader:
    """Return who reads tables on a page."""
    return Reader(language, frame.directory, matters.current(connection))


def columns(state: TableState, by: Reader) -> tuple[TableColumn, ...]:
    """Return the columns of a table in the reader's language."""
    return columns_of(state.edited, state.worded, by)


def title(sheet: Sheet, labels: JsonObject) -> str:
    """Return what a table is called."""
    found = labels.get("decision")
    return found if isinstance(found, str) and found else sheet.name


def note(sheet: Sheet, labels: JsonObject, language: str) -> str:
    """Return what a table decides, empty where nobody says it in the language."""
    found = labels.get("description")
    if isinstance(found, str) and found:
        return found
    return sheet.note if language == ENGLISH else ""


def written_rows(rows: tuple[SheetRow, ...]) -> list[Json]:
    """Return rows as a draft keeps them."""
    return [[row.id, list(row.cells), row.note] for row in rows]


def _draft(row: Any) -> Draft:
    return Draft(
        base_key=row.base_key,
        rows=tuple(SheetRow(id_, tuple(cells), note) for id_, cells, note in row.rows),
        words=row.words,
        changed_at=row.changed_at,
    )
