"""The story of a case for its page: the journal's lines with names, answers and reasons.

The page puts each line into a sentence; here is who, in which position, at which step, and, where a
table decided, which of its rows applied and why.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.cases.answered import Answer, answered
from app.cases.deployed import Deployed
from app.cases.frame import Frame
from app.cases.reasons import Reason, reasons
from app.cases.wording import Wording
from app.errors import CaseError
from app.json_types import Json, JsonObject
from app.organisation.roles import Role, role_in
from app.store import case_files, handovers
from app.store.case_files import InstanceRow, JournalRow, SubmissionRow
from app.store.db import Connection

TAKEN = frozenset(
    {
        "description",
        "photos",
        "minor_class",
        "address",
        "location",
        "community",
        "occurred_at",
        "severity",
        "self_handled",
        "noticed_by",
        "is_confidential",
        "is_anonymous",
        "consent",
        "contact_name",
        "contact_phone",
        "contact_email",
        "told_at",
        "told_by",
    }
)
"""Answers of a report (`cases.start_form`) that are facts of the case or the reporter's own."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the story. `position` is "Role, unit"; `offers` the same for those told.

    `chose_unit`: the answers name the unit that leads the case. `other` is the colleague a task
    went to, `reason` why.
    """

    row: JournalRow
    person: str
    position: str
    on_behalf_of: str
    step: str
    process: str
    reasons: tuple[Reason, ...]
    answers: tuple[Answer, ...]
    offers: tuple[str, ...]
    chose_unit: bool
    other: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """The whole story, and the lines that say why the case is with its unit."""

    lines: tuple[Line, ...]
    why: tuple[Line, ...]


def tell(
    connection: Connection,
    case_key: int,
    instances: Sequence[InstanceRow],
    *,
    frame: Frame,
    wording: Wording,
) -> Story:
    """Return the story of a case, told by what the diagrams of its processes call their steps."""
    journal = case_files.journal_of(connection, case_key)
    submissions = case_files.submissions(connection, case_key)
    teller = _Teller(connection, instances, frame, wording, journal, submissions)
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


def _key(value: Json) -> int | None:
    """Return a key out of a line's data, where there is one."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


class _Teller:
    """What is looked up once for all lines."""

    def __init__(
        self,
        connection: Connection,
        instances: Sequence[InstanceRow],
        frame: Frame,
        wording: Wording,
        journal: Sequence[JournalRow],
        submissions: Sequence[SubmissionRow],
    ) -> None:
        self.deployed = tuple(
            wording.of(key) for key in dict.fromkeys(each.definition_key for each in instances)
        )
        self.frame, self.wording = frame, wording
        self.submissions = {(each.task_key, each.element_id): each for each in submissions}
        people = {row.person_key for row in journal} | {row.on_behalf_of for row in journal}
        people |= {_key(row.data.get("to")) for row in journal}
        self.names = case_files.names(connection, {key for key in people if key is not None})
        positions = {row.position_key for row in journal if row.position_key is not None}
        self.positions = case_files.positions(connection, positions)
        passed = {_key(row.data.get("handover")) for row in journal}
        self.handed_on = handovers.reasons(connection, {key for key in passed if key is not None})

    def line(self, row: JournalRow) -> Line:
        held = self.positions.get(row.position_key or 0)
        return Line(
            row=row,
            person=self.names.get(row.person_key or 0, ""),
            position=self.position(held.role, held.unit_key) if held else "",
            on_behalf_of=self.names.get(row.on_behalf_of or 0, ""),
            step=self.step(row.element_id),
            process=self.process(row.data.get("process")),
            reasons=tuple(self.reasons(row.data)) if row.kind == "decision_taken" else (),
            answers=self.answers(row),
            offers=tuple(self.offers(row.data)),
            chose_unit=self.chose_unit(row),
            other=self.names.get(_key(row.data.get("to")) or 0, ""),
            reason=self.handed_on.get(_key(row.data.get("handover")) or 0, ""),
        )

    def step(self, element_id: str | None) -> str:
        if element_id is None:
            return ""
        return self.wording.step(self.drawn_in(element_id).key, element_id)

    def process(self, process_id: Json) -> str:
        """Return what a process is called; nothing where the line names none."""
        for each in self.deployed:
            if each.process_id == process_id:
                return each.titles.get(self.wording.language, each.name)
        return str(process_id or "")

    def drawn_in(self, element_id: str) -> Deployed:
        """Return the process version an element belongs to, the first one's where none has it."""
        found = (each for each in self.deployed if element_id in each.definition.elements)
        return next(found, self.deployed[0])

    def position(self, role: str, unit_key: int) -> str:
        language = self.wording.language
        unit = self.frame.unit_name(unit_key, language)
        return role_in(Role(role), unit, language)

    def answers(self, row: JournalRow) -> tuple[Answer, ...]:
        if row.kind not in {"task_completed", "reported"}:
            return ()
        element_id = row.element_id or self.deployed[0].start_element_id
        found = self.submissions.get((row.task_key, element_id))
        form = self.drawn_in(element_id).forms.get(found.form_id or "") if found else None
        if found is None or form is None:
            return ()
        said = found.answers
        if row.kind == "reported":
            said = {name: answer for name, answer in said.items() if name not in TAKEN}
        return answered(form, said, self.frame, self.wording)

    def chose_unit(self, row: JournalRow) -> bool:
        found = self.submissions.get((row.task_key, row.element_id or ""))
        return row.kind == "task_completed" and bool(found and found.answers.get("lead_unit"))

    def offers(self, data: JsonObject) -> Iterator[str]:
        offered = data.get("offered_to")
        for each in offered if isinstance(offered, list) else []:
            if isinstance(each, list) and len(each) == 2:
                role, code = str(each[0]), str(each[1])
                yield role_in(Role(role), self.unit(code), self.wording.language)

    def unit(self, code: str) -> str:
        try:
            return self.frame.directory.unit_by_code(code).label(self.wording.language)
        except CaseError:
            return code

    def reasons(self, data: JsonObject) -> Iterator[Reason]:
        labels = {
            table: label
            for each in reversed(self.deployed)
            for table, label in each.table_labels.get(self.wording.language, {}).items()
        }
        return reasons(data.get("trace"), self.frame, self.wording, labels)
