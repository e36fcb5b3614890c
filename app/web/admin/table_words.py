"""Cells of tables as fields and words: what a form shows for a column, what its post means."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint
from werkzeug.datastructures import MultiDict

from app.cases.table_cells import BETWEEN, MARK, CellKind, codes
from app.cases.table_columns import Choice, TableColumn
from app.cases.table_drafts import Trouble
from app.cases.table_translations import LANGUAGES, word_key
from app.cases.tables import Cell, Row, TablePage
from app.organisation.roles import Role
from app.web.problem_words import trouble_words
from app.web.terms import TERMS, role_name, term

NOTE = "note"
AS_FEEL, MORE, FIRST, LAST = "-feel", "-more", "-first", "-last"
TERM_OF = {"limit_class": "severity", "kind": "whistle_kind"}
ROLES = frozenset(role.value for role in Role)
LISTS = frozenset({CellKind.ANY_OF, CellKind.CHOICES})
FLAGS = frozenset({CellKind.IF, CellKind.FLAG})


@dataclass(frozen=True, slots=True)
class Translation:
    """A field for what something is called in another language: its name, what stands in it."""

    name: str
    language: str
    said: str


@dataclass(frozen=True, slots=True)
class Field:
    """A cell to be filled in: `given` is in the plain notation, `error` what is wrong with it.

    `translations` are there where its text is words for people.
    """

    column: TableColumn
    given: str
    error: str
    is_feel: bool
    translations: tuple[Translation, ...]

    @property
    def text(self) -> str:
        """What stands in a text field."""
        return self.given[len(MARK) :].strip() if self.has_mark else self.given

    @property
    def has_mark(self) -> bool:
        """Whether FEEL was written where the plain notation would not do."""
        return self.given.lower().startswith(MARK)

    @property
    def codes(self) -> Sequence[str]:
        """The codes that are chosen."""
        return codes(self.given)

    @property
    def other_codes(self) -> str:
        """The codes that are none of the choices."""
        known = {choice.code for choice in self.column.choices}
        return ", ".join(code for code in self.codes if code not in known)

    @property
    def days(self) -> tuple[str, str]:
        """The first and the last day."""
        first, _, last = self.given.partition(BETWEEN)
        return first, last

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What can be chosen, the present one included."""
        known = {choice.code for choice in self.column.choices}
        more = (Choice(self.given, ""),) if self.given and self.given not in known else ()
        return (*self.column.choices, *(more if self.column.kind is CellKind.CHOICE else ()))


def init(blueprint: Blueprint) -> None:
    """Make the words of cells known to templates."""
    blueprint.add_app_template_filter(code_words, "code_words")


def code_words(code: str, about: str, name: str = "") -> str:
    """Return what a code is called: its label, else the program's word, else the code.

    Roles are called by their names in whatever column they stand.
    """
    kind = TERM_OF.get(about, about)
    if name or kind in TERMS:
        return name or term(kind, code)
    return role_name(code) if code in ROLES else code


def fields(
    columns: Sequence[TableColumn],
    given: Mapping[str, str],
    words: Mapping[str, str],
    errors: Mapping[str, Trouble],
    *,
    as_feel: bool,
) -> list[Field]:
    """Return the fields of a row's form; `words` by `word_key`."""
    made = []
    for column in columns:
        text = given.get(column.id, "")
        error = errors.get(column.id)
        said = trouble_words(error) if error else ""
        is_feel = as_feel or column.kind is CellKind.FEEL or text.lower().startswith(MARK)
        own = translations(column.id, column.key, words) if column.is_worded else ()
        made.append(Field(column, text, said, is_feel, tuple(own)))
    return made


def translations(name: str, column_key: str, words: Mapping[str, str]) -> Iterator[Translation]:
    """Yield the fields beside a text (`column_key`) or beside the note (empty)."""
    for language in LANGUAGES:
        said = words.get(word_key(language, column_key), "")
        yield Translation(f"{name}-{language}", language, said)


def posted_words(columns: Sequence[TableColumn], form: MultiDict[str, str]) -> dict[str, str]:
    """Return what a form's post says in other languages, by `word_key`."""
    worded = [(each.id, each.key) for each in columns if each.is_worded]
    return {
        word_key(language, column_key): form[f"{name}-{language}"].strip()
        for name, column_key in [(NOTE, ""), *worded]
        for language in LANGUAGES
        if f"{name}-{language}" in form
    }


def posted_cells(columns: Sequence[TableColumn], form: MultiDict[str, str]) -> dict[str, str]:
    """Return what a form's post says of each column, in the plain notation."""
    return {column.id: _posted(column, form) for column in columns}


def _posted(column: TableColumn, form: MultiDict[str, str]) -> str:
    name = column.id
    if f"{name}{AS_FEEL}" in form:
        text = form[f"{name}{AS_FEEL}"].strip()
        return text if column.kind is CellKind.FEEL else f"{MARK} {text}"
    if column.kind is CellKind.DAYS:
        first, last = (form.get(f"{name}{part}", "").strip() for part in (FIRST, LAST))
        return f"{first}{BETWEEN}{last}" if first or last else ""
    if column.kind in LISTS:
        more = form.get(f"{name}{MORE}", "")
        return ", ".join(dict.fromkeys([*form.getlist(name), *codes(more)]))
    return form.get(name, "").strip()


def fitting(page: TablePage, search: str, shows: str) -> list[Row]:
    """Return the rows in which every word occurs and that are in the state asked for."""
    words = search.lower().split()
    return [
        row
        for row in page.rows
        if _is_shown(row, shows) and all(word in _spoken(row) for word in words)
    ]


def _is_shown(row: Row, shows: str) -> bool:
    if shows == "changed":
        return row.change is not None
    if shows == "current":
        return row.validity in ("", "current")
    return shows not in ("past", "future") or row.validity == shows


def _spoken(row: Row) -> str:
    return " ".join([row.note, *(_words(cell) for cell in row.cells)]).lower()


def _words(cell: Cell) -> str:
    said = (f"{code} {code_words(code, cell.about, name)}" for code, name in cell.said)
    return " ".join([cell.plain, *said])
