"""The story of a case for its page: the journal's lines with names, answers and reasons.

The page puts each line into a sentence; here is who, in which position, at which step, and, where a
table decided, which of its rows applied and why.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.cases.answered import Answer, answered
from app.cases.frame import Frame
from app.cases.wording import Wording, plain
from app.errors import CaseError
from app.json_types import Json, JsonObject
from app.organisation.roles import Role, role_label
from app.store import case_files
from app.store.case_files import JournalRow, SubmissionRow
from app.store.db import Connection


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a table decided as it did: what it was given, which row applied, what it gave."""

    table: str
    inputs: tuple[tuple[str, str], ...]
    rows: tuple[tuple[int, str], ...]
    outputs: tuple[tuple[str, str], ...]
    names_unit: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the story. `position` is "Role, unit"; `offers` the same for those told.

    `chose_unit`: the answers name the unit that leads the case.
    """

    row: JournalRow
    person: str
    position: str
    on_behalf_of: str
    step: str
    reasons: tuple[Reason, ...]
    answers: tuple[Answer, ...]
    offers: tuple[str, ...]
    chose_unit: bool


@dataclass(frozen=True, slots=True)
class Story:
    """The whole story, and the lines that say why the case is with its unit."""

    lines: tuple[Line, ...]
    why: tuple[Line, ...]


def tell(
    connection: Connection, case_key: int, definition_key: int, *, frame: Frame, wording: Wording
) -> Story:
    """Return the story of a case whose process runs on `definition_key`."""
    journal = case_files.journal_of(connection, case_key)
    submissions = case_files.submissions(connection, case_key)
    teller = _Teller(connection, definition_key, frame, wording, journal, submissions)
    lines = tuple(teller.line(row) for row in journal)
    return Story(lines, tuple(_why(lines)))


def _why(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield the last table that named a unit, and every later answer that chose one."""
    last = max(
        (line.row.number for line in lines if any(each.names_unit for each in line.reasons)),
        default=0,
    )
    for line in lines:
        if line.row.number == last or (line.row.number > last and line.chose_unit):
            yield line


class _Teller:
    """What is looked up once for all lines."""

    def __init__(
        self,
        connection: Connection,
        definition_key: int,
        frame: Frame,
        wording: Wording,
        journal: Sequence[JournalRow],
        submissions: Sequence[SubmissionRow],
    ) -> None:
        self.definition_key = definition_key
        self.deployed = wording.of(definition_key)
        self.frame, self.wording = frame, wording
        self.submissions = {(each.task_key, each.element_id): each for each in submissions}
        people = {row.person_key for row in journal} | {row.on_behalf_of for row in journal}
        self.names = case_files.names(connection, {key for key in people if key is not None})
        positions = {row.position_key for row in journal if row.position_key is not None}
        self.positions = case_files.positions(connection, positions)

    def line(self, row: JournalRow) -> Line:
        held = self.positions.get(row.position_key or 0)
        return Line(
            row=row,
            person=self.names.get(row.person_key or 0, ""),
            position=self.position(held.role, held.unit_key) if held else "",
            on_behalf_of=self.names.get(row.on_behalf_of or 0, ""),
            step=self.step(row.element_id),
            reasons=tuple(self.reasons(row.data)) if row.kind == "decision_taken" else (),
            answers=self.answers(row),
            offers=tuple(self.offers(row.data)),
            chose_unit=self.chose_unit(row),
        )

    def step(self, element_id: str | None) -> str:
        return self.wording.step(self.definition_key, element_id) if element_id else ""

    def position(self, role: str, unit_key: int) -> str:
        language = self.wording.language
        unit = self.frame.unit_name(unit_key, language)
        return ", ".join(filter(None, (role_label(Role(role), language), unit)))

    def answers(self, row: JournalRow) -> tuple[Answer, ...]:
        if row.kind not in {"task_completed", "reported"}:
            return ()
        element_id = row.element_id or self.deployed.start_element_id
        found = self.submissions.get((row.task_key, element_id))
        form = self.deployed.forms.get(found.form_id or "") if found else None
        if found is None or form is None or row.kind == "reported":
            return ()
        return answered(form, found.answers, self.frame, self.wording.language)

    def chose_unit(self, row: JournalRow) -> bool:
        found = self.submissions.get((row.task_key, row.element_id or ""))
        return row.kind == "task_completed" and bool(found and found.answers.get("lead_unit"))

    def offers(self, data: JsonObject) -> Iterator[str]:
        offered = data.get("offered_to")
        for each in offered if isinstance(offered, list) else []:
            if isinstance(each, list) and len(each) == 2:
                role, code = str(each[0]), str(each[1])
                name = role_label(Role(role), self.wording.language)
                yield f"{name}, {self.unit(code)}"

    def unit(self, code: str) -> str:
        try:
            return self.frame.directory.unit_by_code(code).label(self.wording.language)
        except CaseError:
            return code

    def reasons(self, data: JsonObject) -> Iterator[Reason]:
        trace = data.get("trace")
        for entry in trace if isinstance(trace, list) else []:
            if isinstance(entry, dict) and "rules" in entry:
                yield self.reason(entry)

    def reason(self, entry: JsonObject) -> Reason:
        decision = str(entry.get("decision") or "")
        labels = _Labels(self.deployed.table_labels.get(self.wording.language, {}).get(decision))
        given = [each for each in _list(entry.get("inputs")) if isinstance(each, dict)]
        rules = [each for each in _list(entry.get("rules")) if isinstance(each, dict)]
        outputs: dict[str, Json] = {}
        for rule in rules:
            found = rule.get("outputs")
            outputs |= found if isinstance(found, dict) else {}
        return Reason(
            table=labels.of("decision") or str(entry.get("name") or entry.get("table") or decision),
            inputs=tuple(
                (
                    labels.input(place) or str(each.get("label") or each.get("expression") or ""),
                    labels.value(place, each.get("value")) or self.given(each.get("value")),
                )
                for place, each in enumerate(given)
            ),
            rows=tuple((int(str(rule.get("number"))), _note(rule, labels)) for rule in rules),
            outputs=tuple(
                (labels.of("outputs", name) or _worded(name), self.output(name, value))
                for name, value in outputs.items()
                if value not in (None, [], "")
            ),
            names_unit=bool(outputs.get("lead_unit")),
        )

    def given(self, value: Json) -> str:
        """Return what a table was given: a category by name, anything else as it is."""
        return self.wording.category(value) if isinstance(value, str) else plain(value)

    def output(self, name: str, value: Json) -> str:
        if name == "lead_unit":
            return self.unit(str(value))
        if name == "co_units" and isinstance(value, list):
            return ", ".join(self.unit(str(code)) for code in value)
        if isinstance(value, bool):
            return "✓" if value else "–"
        return plain(value)


def _worded(name: str) -> str:
    """Return the name of an output as words where nobody has labelled it."""
    return name.replace("_", " ").capitalize()


class _Labels:
    """The label file of a table, read without trusting its shape."""

    def __init__(self, labels: Mapping[str, Json] | None) -> None:
        self.labels = labels or {}

    def of(self, section: str, name: str | None = None) -> str:
        found = self.labels.get(section)
        if name is None:
            return found if isinstance(found, str) else ""
        return str(found.get(name) or "") if isinstance(found, dict) else ""

    def input(self, place: int) -> str:
        names = self.labels.get("inputs")
        found = list(names.values()) if isinstance(names, dict) else []
        return str(found[place]) if place < len(found) else ""

    def value(self, place: int, value: Json) -> str:
        inputs, values = self.labels.get("inputs"), self.labels.get("values")
        if not isinstance(inputs, dict) or not isinstance(values, dict) or place >= len(inputs):
            return ""
        known = values.get(list(inputs)[place])
        return str(known.get(str(value)) or "") if isinstance(known, dict) else ""


def _note(rule: JsonObject, labels: _Labels) -> str:
    translated = labels.of("annotations", str(rule.get("id") or ""))
    notes = rule.get("annotations")
    own = [str(note) for note in notes.values() if note] if isinstance(notes, dict) else []
    return translated or "; ".join(own)


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []
