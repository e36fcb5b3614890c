"""What a trial of a table asks: one field for each thing that its columns read.

Facts of a case are asked with what they can be, everything else by the type of its column; nothing
about single tables is known here. `cases.table_trial` asks the tables.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any

from app import feel
from app.cases import facts, matters, table_sheets
from app.cases.facts import FactKind
from app.cases.frame import Frame
from app.cases.table_cells import WrongNumber, codes, quoted, texts_of
from app.cases.table_columns import AREAS, CATEGORIES, Choice, Reader, TableColumn, columns_of
from app.cases.wording import Wording
from app.dmn.editing import Sheet, SheetColumn, read_sheets
from app.errors import CaseError
from app.feel import FeelSyntaxError
from app.json_types import JsonObject
from app.organisation.units import UnitKind

CASE = "case"
GROUPS = "major_class"
_DAY = "reported_on"
BESIDE = "var."
"""What begins the name of a field that is no fact of a case."""
YES, NO = "yes", "no"
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_USUAL: Mapping[str, str] = {"severity": "ordinary", "channel": "web", "level": "community"}
_TOLD = (CATEGORIES, GROUPS, "street", "community", *_USUAL)
"""What a case is given even where no column asks for it."""


class ValueNotRead(CaseError):
    """This cannot be read. Write a day like 2026-01-31, a moment like 2026-01-31T09:00, a time span like P2D or PT3H."""  # noqa: E501

    code = "value_not_read"


class AskedKind(StrEnum):
    """How a field is filled in."""

    CHOICE = "choice"
    FLAG = "flag"
    NUMBER = "number"
    DAY = "day"
    INSTANT = "instant"
    LIST = "list"
    SPAN = "span"
    TEXT = "text"


_OF_FACT: Mapping[FactKind, AskedKind] = {
    FactKind.TEXT: AskedKind.TEXT,
    FactKind.FLAG: AskedKind.FLAG,
    FactKind.NUMBER: AskedKind.NUMBER,
    FactKind.INSTANT: AskedKind.INSTANT,
    FactKind.DAY: AskedKind.DAY,
    FactKind.UNIT: AskedKind.CHOICE,
    FactKind.UNITS: AskedKind.LIST,
    FactKind.TEXTS: AskedKind.LIST,
}
_OF_TYPE: Mapping[str, AskedKind] = {
    "boolean": AskedKind.FLAG,
    "number": AskedKind.NUMBER,
    "date": AskedKind.DAY,
    "dateTime": AskedKind.INSTANT,
    "date and time": AskedKind.INSTANT,
    "time": AskedKind.SPAN,
    "duration": AskedKind.SPAN,
    "dayTimeDuration": AskedKind.SPAN,
    "days and time duration": AskedKind.SPAN,
    "yearMonthDuration": AskedKind.SPAN,
    "years and months duration": AskedKind.SPAN,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A field of a trial: a fact of the case, or what else a column reads.

    `name` is the fact's, else the path behind `BESIDE`; `about` names what its codes belong to.
    `is_open` says that other texts than the choices may be given, `is_validity` that the column
    holds the days on which its rows stand. `given` is what stands in it, `error` what is wrong.
    """

    name: str
    path: tuple[str, ...]
    label: str
    kind: AskedKind
    about: str
    choices: tuple[Choice, ...]
    is_open: bool
    is_validity: bool
    given: str = ""
    error: CaseError | None = field(default=None)

    @property
    def is_fact(self) -> bool:
        """Whether a case has it."""
        return not self.name.startswith(BESIDE)


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: the frame of the page, its words, and how columns are read."""

    frame: Frame
    wording: Wording
    reader: Reader

    def fields(
        self, content: bytes, decision_id: str, labels: Mapping[str, JsonObject]
    ) -> Iterator[Asked]:
        """Yield what a table asks for, and the tables of its file that it asks."""
        sheets = {sheet.decision_id: sheet for sheet in read_sheets(content)}
        waiting = {name: sheet for name, sheet in sheets.items() if name != decision_id}
        todo = [sheets[decision_id]] if decision_id in sheets else []
        while todo:
            for asked in self._of(todo.pop(0), labels):
                named = (each for each in sheets.values() if asked.path[0] in _names(each))
                other = next((each for each in named if each.decision_id != decision_id), None)
                if other is None:
                    yield asked
                elif waiting.pop(other.decision_id, None):
                    todo.append(other)

    def filled(
        self, asked: Sequence[Asked], given: Mapping[str, str]
    ) -> tuple[tuple[Asked, ...], dict[str, Any]]:
        """Return the fields with what stands in them, and what the tables see.

        What is usual stands in for what was not given, the street of a community for the street,
        the group of a category for the group, today for the day of the report. `case` has every
        declared fact, null where nobody said it.
        """
        today = self.frame.now.astimezone(self.frame.zone).date()
        said = {**_USUAL, **given}
        street = _street_of(said.get("community", ""), self.frame)
        group = self._matters.group_of(said.get(CATEGORIES))
        said |= {"street": street} if street else {}
        said[GROUPS] = said.get(GROUPS) or group or ""
        said[_DAY] = said.get(_DAY) or today.isoformat()
        made = [_read(replace(each, given=said.get(each.name, "")), self.frame) for each in asked]
        return tuple(each for each, _ in made), self._context(made, said, today)

    def _context(
        self, made: Sequence[tuple[Asked, Any]], said: Mapping[str, str], today: date
    ) -> dict[str, Any]:
        lists = {FactKind.UNITS, FactKind.TEXTS}
        case: dict[str, Any] = {
            name: [] if fact.kind in lists else None for name, fact in facts.FACTS.items()
        }
        case |= {name: said.get(name) or None for name in _TOLD}
        found: dict[str, Any] = {}
        for asked, value in made:
            if asked.is_fact:
                case[asked.name] = value
            else:
                _put(found, asked.path, value)
        case[_DAY] = case[_DAY] or today
        noon = datetime.combine(case[_DAY], time(12), self.frame.zone).astimezone(UTC)
        case["reported_at"] = case["reported_at"] or noon
        return {**found, CASE: case}

    @property
    def _matters(self) -> matters.MatterList:
        return matters.current(self.wording.connection)

    def _of(self, sheet: Sheet, labels: Mapping[str, JsonObject]) -> Iterator[Asked]:
        shown = columns_of(sheet, labels, self.reader)
        for place, (column, named) in enumerate(zip(sheet.columns, shown, strict=True)):
            if column.is_input:
                cells = [row.cells[place] for row in sheet.rows]
                yield from self._column(column, named, cells)

    def _column(
        self, column: SheetColumn, shown: TableColumn, cells: Sequence[str]
    ) -> Iterator[Asked]:
        paths = _paths(column.expression)
        for path in paths:
            said = shown.label if len(paths) == 1 else f"{shown.label}: {'.'.join(path)}"
            if path[0] == CASE and len(path) > 1 and path[1] in facts.FACTS:
                yield self._fact(path[:2], said, shown, cells)
            else:
                yield _variable(path, said, column, shown, cells)

    def _fact(
        self, path: tuple[str, ...], label: str, shown: TableColumn, cells: Sequence[str]
    ) -> Asked:
        fact = facts.FACTS[path[1]]
        kind = _OF_FACT.get(fact.kind, AskedKind.TEXT)
        choices = tuple(self._choices(fact.name, shown, cells)) if kind in _CHOSEN else ()
        return Asked(
            name=fact.name,
            path=path,
            label=label,
            kind=AskedKind.CHOICE if choices else kind,
            about=fact.name,
            choices=choices,
            is_open=False,
            is_validity=fact.kind is FactKind.DAY,
        )

    def _choices(self, fact: str, shown: TableColumn, cells: Sequence[str]) -> Iterator[Choice]:
        if fact == CATEGORIES:
            yield from (Choice(*each) for each in self.wording.classes.items())
        elif fact == GROUPS:
            groups = self._matters.groups(self.reader.language)
            yield from (Choice(*each) for each in groups.items())
        elif fact in AREAS:
            yield from self._units(AREAS[fact])
        else:
            yield from _listed(shown, cells)

    def _units(self, kind: UnitKind) -> Iterator[Choice]:
        units = sorted(self.reader.directory.units.values(), key=lambda each: each.code)
        language = self.reader.language
        yield from (Choice(each.code, each.label(language)) for each in units if each.kind is kind)


_CHOSEN = frozenset({AskedKind.TEXT, AskedKind.CHOICE})


def _variable(
    path: tuple[str, ...],
    label: str,
    column: SheetColumn,
    shown: TableColumn,
    cells: Sequence[str],
) -> Asked:
    is_plain = column.expression == ".".join(path)
    kind = _OF_TYPE.get(column.type, AskedKind.TEXT) if is_plain else AskedKind.TEXT
    choices = tuple(_listed(shown, cells)) if is_plain and kind is AskedKind.TEXT else ()
    return Asked(
        name=BESIDE + ".".join(path),
        path=path,
        label=label,
        kind=AskedKind.CHOICE if choices else kind,
        about=path[-1],
        choices=choices,
        is_open=bool(choices) and not shown.is_closed,
        is_validity=False,
    )


def _listed(shown: TableColumn, cells: Sequence[str]) -> Iterator[Choice]:
    """Yield the texts that a column lists, its labels name or its cells test for."""
    used = [code for cell in cells for code in texts_of(cell) or ()]
    known = dict.fromkeys([*(each.code for each in shown.choices), *shown.names, *used])
    yield from (Choice(code, shown.names.get(code, "")) for code in known)


def _names(sheet: Sheet) -> tuple[str, str]:
    """Return what the result of a table is called in the others of its file."""
    return sheet.decision_id, sheet.name


def _paths(expression: str) -> list[tuple[str, ...]]:
    """Return what an expression reads, nothing where it does not compile."""
    try:
        return sorted(feel.compile(expression).paths) if expression else []
    except FeelSyntaxError:
        return []


# --- what was given ---------------------------------------------------------------------------


def _read(asked: Asked, frame: Frame) -> tuple[Asked, Any]:
    try:
        return asked, _value(asked, frame)
    except CaseError as error:
        return replace(asked, error=error), None


def _value(asked: Asked, frame: Frame) -> Any:
    text = asked.given.strip()
    if asked.kind is AskedKind.LIST:
        return codes(text)
    if not text:
        return None
    match asked.kind:
        case AskedKind.FLAG:
            return text == YES
        case AskedKind.NUMBER:
            return _number(text)
        case AskedKind.DAY | AskedKind.INSTANT:
            return _moment(asked.kind, text, frame)
        case AskedKind.SPAN:
            return _literal(text)
    return text


def _number(text: str) -> Any:
    if not _NUMBER.fullmatch(text):
        raise WrongNumber
    return feel.evaluate(text)


def _moment(kind: AskedKind, text: str, frame: Frame) -> date | datetime:
    try:
        if kind is AskedKind.DAY:
            return date.fromisoformat(text)
        at = datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=frame.zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueNotRead from None


def _literal(text: str) -> Any:
    found = feel.evaluate("@" + quoted(text))
    if found is None:
        raise ValueNotRead
    return found


def _put(found: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for name in path[:-1]:
        inner = found.setdefault(name, {})
        if not isinstance(inner, dict):
            return
        found = inner
    found[path[-1]] = value


def _street_of(community: str, frame: Frame) -> str:
    directory = frame.directory
    if not community or not directory.has_code(community):
        return ""
    above = (directory.unit(key) for key in directory.chain_of(community))
    return next((each.code for each in above if each.kind is UnitKind.STREET), "")


def asker(frame: Frame, wording: Wording) -> Asker:
    """Return who asks in the language of a page."""
    return Asker(frame, wording, table_sheets.reader(wording.connection, frame, wording.language))
