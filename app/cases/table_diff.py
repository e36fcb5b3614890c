"""What tells two states of a table's rows apart, and one person's changes laid over another's.

Rows are known by their ids. `cases.table_drafts` shows drafts with it, `cases.table_history`
versions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from app.dmn.editing import SheetRow


class ChangeKind(StrEnum):
    """What happened to a row."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that is not as it was. `places` are the columns whose cells differ."""

    kind: ChangeKind
    before: SheetRow | None
    after: SheetRow | None
    places: tuple[int, ...] = ()

    @property
    def id(self) -> str:
        """The id of the row."""
        row = self.after or self.before
        return row.id if row else ""


@dataclass(frozen=True, slots=True)
class Rebased:
    """Rows with somebody's changes carried over; `clashes` are rows that both had changed."""

    rows: tuple[SheetRow, ...]
    clashes: tuple[str, ...]


def changes(before: Sequence[SheetRow], after: Sequence[SheetRow]) -> tuple[RowChange, ...]:
    """Return every row that differs, in the order of `after`, the removed ones last."""
    old = {row.id: row for row in before}
    new = {row.id for row in after}
    moved = _moved(
        [row.id for row in before if row.id in new], [r.id for r in after if r.id in old]
    )
    found: list[RowChange] = []
    for row in after:
        was = old.get(row.id)
        if was is None:
            found.append(RowChange(ChangeKind.ADDED, None, row))
        elif was != row:
            found.append(RowChange(ChangeKind.CHANGED, was, row, _places(was, row)))
        elif row.id in moved:
            found.append(RowChange(ChangeKind.MOVED, was, row))
    removed = [RowChange(ChangeKind.REMOVED, row, None) for row in before if row.id not in new]
    return (*found, *removed)


def _places(before: SheetRow, after: SheetRow) -> tuple[int, ...]:
    pairs = enumerate(zip(before.cells, after.cells, strict=False))
    return tuple(place for place, (was, now) in pairs if was != now)


def _moved(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """Return the ids that left their place among the others."""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    kept = {before[m.a + k] for m in matcher.get_matching_blocks() for k in range(m.size)}
    return set(after) - kept


def carried_over(
    base: Sequence[SheetRow], mine: Sequence[SheetRow], theirs: Sequence[SheetRow]
) -> Rebased:
    """Return `theirs` with what `mine` changed of `base`; where both did, mine stands."""
    own = {change.id: change for change in changes(base, mine)}
    foreign = {change.id: change for change in changes(base, theirs)}
    rows = [_laid_over(row, own.get(row.id)) for row in theirs]
    kept = [row for row in rows if row is not None]
    for change in own.values():
        row = change.after
        if row is not None and all(row.id != each.id for each in kept):
            kept.insert(_place_for(row.id, mine, kept), row)
    edited = {ChangeKind.CHANGED, ChangeKind.REMOVED}
    both = own.keys() & foreign.keys()
    clashes = (
        id_
        for id_ in both
        if own[id_].kind in edited
        and foreign[id_].kind in edited
        and own[id_].after != foreign[id_].after
    )
    return Rebased(tuple(kept), tuple(sorted(clashes)))


def _laid_over(row: SheetRow, change: RowChange | None) -> SheetRow | None:
    if change is None or change.kind is ChangeKind.MOVED:
        return row
    return change.after


def _place_for(row_id: str, mine: Sequence[SheetRow], rows: Sequence[SheetRow]) -> int:
    """Return the place behind the nearest row that stands before it in `mine`."""
    places: Mapping[str, int] = {row.id: place for place, row in enumerate(rows)}
    ids = [row.id for row in mine]
    for before in reversed(ids[: ids.index(row_id)]):
        if before in places:
            return places[before] + 1
    return 0
