"""What a table says in other languages: the label files beside it, and a draft's words over them.

A row has words of two sorts: its note, and the texts its outputs give, such as a legal basis. Both
are English in the table's file. Label files translate a note by its row and a text by what it says,
so one text has one translation wherever it stands in a column.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.cases.table_cells import CellKind, is_plain, shown
from app.dmn.editing import Sheet, SheetColumn, SheetRow
from app.json_types import Json, JsonObject

LANGUAGES = ("zh-CN",)
"""The languages beside English in which the words of every table can be said."""

ENGLISH = "en"
Labels = Mapping[str, JsonObject]
"""The label files of a table, by language."""

Words = Mapping[str, Mapping[str, str]]
"""By the id of a row: what is said of it, by `word_key`."""


@dataclass(frozen=True, slots=True)
class Reworded:
    """What is said otherwise of a row: its note, or with `column` the text it gives there."""

    column: str
    language: str
    before: str
    after: str


def word_key(language: str, column_key: str = "") -> str:
    """Return how a translation is called among the words of a row; without column the note's."""
    return f"{column_key}:{language}" if column_key else language


def column_of(key: str) -> tuple[str, str]:
    """Return the column (empty: the note) and the language a `word_key` stands for."""
    column_key, _, language = key.rpartition(":")
    return column_key, language


def languages_of(labels: Labels) -> tuple[str, ...]:
    """Return the languages in which a table is said, and those in which it can be."""
    return tuple(sorted({*labels, *LANGUAGES}))


def text_in(row: SheetRow, columns: Sequence[SheetColumn], column_key: str) -> str:
    """Return the plain text a row gives in an output, empty where it gives something else."""
    pairs = zip(columns, row.cells, strict=False)
    cell = next((cell for each, cell in pairs if not each.is_input and each.key == column_key), "")
    return shown(CellKind.TEXT, cell) if is_plain(CellKind.TEXT, cell) else ""


def said(labels: Labels, row: SheetRow, columns: Sequence[SheetColumn], key: str) -> str:
    """Return what label files say of a row under a `word_key`, empty where they say nothing."""
    column_key, language = column_of(key)
    own = labels.get(language, {})
    if not column_key:
        return _entry(own.get("annotations"), row.id)
    values = own.get("values")
    known = values.get(column_key) if isinstance(values, dict) else None
    return _entry(known, text_in(row, columns, column_key)) if known else ""


def laid_over(labels: Labels, words: Words, before: Sheet, after: Sheet) -> dict[str, JsonObject]:
    """Return the label files with a draft's words in them, and without the notes of gone rows.

    A text that no row gives any more keeps its translation: cases that began with it still show it.
    """
    told = (column_of(key)[1] for row in words.values() for key, word in row.items() if word)
    return {
        language: _with_words(labels.get(language, {}), language, words, before, after)
        for language in dict.fromkeys([*labels, *told])
    }


def _with_words(
    labels: JsonObject, language: str, words: Words, before: Sheet, after: Sheet
) -> JsonObject:
    gone = {row.id for row in before.rows} - {row.id for row in after.rows}
    known = _entries(labels, "annotations")
    notes = {row_id: note for row_id, note in known.items() if row_id not in gone}
    values = _values(labels)
    for row in after.rows:
        for key, word in words.get(row.id, {}).items():
            column_key, own = column_of(key)
            if own == language and not column_key:
                _put(notes, row.id, word)
            elif own == language and (text := text_in(row, after.columns, column_key)):
                _put(values.setdefault(column_key, {}), text, word)
    told: JsonObject = {**labels, "annotations": dict(notes)}
    named: JsonObject = {name: dict(each) for name, each in values.items() if each}
    return {**told, "values": named} if named or "values" in labels else told


def _put(into: dict[str, str], name: str, word: str) -> None:
    if word:
        into[name] = word
    else:
        into.pop(name, None)


def rewordings(
    before: Labels, after: Labels, row: SheetRow, was: SheetRow | None, sheet: Sheet
) -> Iterator[Reworded]:
    """Yield what is said otherwise of a row than before; `was` is the row before, if it was there.

    A text is compared with what the same text was called: another text is a changed cell.
    """
    if was is not None and was.note != row.note:
        yield Reworded("", ENGLISH, was.note, row.note)
    outputs = (column.key for column in sheet.columns if not column.is_input and column.key)
    for column_key in ("", *outputs):
        for language in languages_of({**before, **after}):
            key = word_key(language, column_key)
            formerly, now = (said(each, row, sheet.columns, key) for each in (before, after))
            if formerly != now:
                yield Reworded(column_key, language, formerly, now)


def unified(
    words: Words, row: SheetRow, rows: Sequence[SheetRow], labels: Labels, sheet: Sheet
) -> dict[str, dict[str, str]]:
    """Return the words with each text of a row called the same in every row that gives it."""
    found = {row_id: dict(each) for row_id, each in words.items()}
    for key, word in found.get(row.id, {}).copy().items():
        column_key, _ = column_of(key)
        text = text_in(row, sheet.columns, column_key) if column_key else ""
        for other in rows if text else ():
            own = found.get(other.id, {})
            if key in own and text_in(other, sheet.columns, column_key) == text:
                own[key] = word
                if word == said(labels, other, sheet.columns, key):
                    del own[key]
    return found


def _entry(section: Json, name: str) -> str:
    return str(section.get(name) or "") if isinstance(section, dict) else ""


def _entries(labels: JsonObject, section: str) -> dict[str, str]:
    found = labels.get(section)
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}


def _values(labels: JsonObject) -> dict[str, dict[str, str]]:
    found = labels.get("values")
    if not isinstance(found, dict):
        return {}
    return {
        name: {str(code): str(word) for code, word in each.items()}
        for name, each in found.items()
        if isinstance(each, dict)
    }
