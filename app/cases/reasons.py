"""Why a table decided as it did, in the reader's words: what it was given, which rows, what came.

`cases.story` reads the trace that a decision left in the journal; titles, values and annotations
come from the labels deployed beside the table, and units are called by their names.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.cases.facts import FACTS, FactKind
from app.cases.frame import Frame
from app.cases.wording import Wording, plain
from app.errors import CaseError
from app.forms.messages import words
from app.json_types import Json, JsonObject
from app.organisation.roles import Role, role_label

Words = tuple[tuple[str, str], ...]
_UNNAMED = "the output"
"""How a trace calls the only output of a table that its author has not named."""

_ROLES = frozenset(Role)
_OF_CASE = "case."


@dataclass(frozen=True, slots=True)
class Given:
    """What a table was given: its label, the value in words, and the fact of a case it is, if any.

    A fact of which nobody here has the words (a channel, a level) is left to the page.
    """

    label: str
    value: str
    fact: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row that applied: its number, why it is there, and what it gave, each with its label."""

    number: int
    note: str
    outputs: Words


@dataclass(frozen=True, slots=True)
class Reason:
    """One table's decision. Without `rows` it gave `outputs` by default, or nothing.

    `contradicting` are rows that applied together where the table allows one; `is_undecided` says
    that it could not decide at all. A decision that is no table has only `outputs`.
    """

    table: str
    inputs: tuple[Given, ...]
    rows: tuple[Row, ...]
    outputs: Words
    is_table: bool
    is_undecided: bool
    contradicting: tuple[int, ...]
    names_unit: bool


def reasons(
    trace: Json, frame: Frame, wording: Wording, labels: Mapping[str, JsonObject]
) -> Iterator[Reason]:
    """Yield why each part of a decision came out as it did; `labels` by table, in one language."""
    for entry in _list(trace):
        if isinstance(entry, dict):
            known = _Labels(labels.get(str(entry.get("decision") or "")))
            yield _Reader(entry, known, frame, wording).reason()


class _Reader:
    """Reads one entry of a trace, of whatever version of the program wrote it."""

    def __init__(
        self, entry: JsonObject, labels: "_Labels", frame: Frame, wording: Wording
    ) -> None:
        self.entry, self.labels = entry, labels
        self.frame, self.wording = frame, wording

    def reason(self) -> Reason:
        rules = list(_objects(self.entry.get("rules")))
        rows = tuple(self.row(rule) for rule in rules)
        value = self.entry.get("value")
        given = [_outputs(rule) for rule in rules] or [value if isinstance(value, dict) else {}]
        return Reason(
            table=self.labels.of("decision") or self.name(),
            inputs=tuple(self.inputs()),
            rows=rows,
            outputs=() if rows else tuple(self.outputs(value)),
            is_table="rules" in self.entry,
            is_undecided=bool(self.entry.get("violation")),
            contradicting=self.contradicting(),
            names_unit=any(outputs.get("lead_unit") for outputs in given),
        )

    def name(self) -> str:
        found = (self.entry.get(key) for key in ("name", "table", "decision"))
        return str(next(filter(None, found), ""))

    def contradicting(self) -> tuple[int, ...]:
        matched = _list(self.entry.get("matched")) if self.entry.get("violation") else []
        numbers = tuple(number for number in matched if isinstance(number, int))
        return numbers if len(numbers) > 1 else ()

    def inputs(self) -> Iterator[Given]:
        for place, each in enumerate(_objects(self.entry.get("inputs"))):
            expression = str(each.get("expression") or "")
            value = each.get("value")
            known = str(each.get("id") or "") or self.labels.input_id(place)
            fact = expression.removeprefix(_OF_CASE) if expression.startswith(_OF_CASE) else ""
            yield Given(
                label=self.labels.of("inputs", known) or str(each.get("label") or expression),
                value=self.labels.value(known, value) or self.given(value, fact),
                fact=fact,
            )

    def given(self, value: Json, fact: str) -> str:
        """Return what a table was given: roles, categories and units by name, the rest in words."""
        if not isinstance(value, str):
            return self.plain(value)
        if fact == "major_class":
            return self.wording.major(value)
        if fact in FACTS and FACTS[fact].kind is FactKind.UNIT:
            return self.unit(value)
        return self.role(value) or self.wording.category(value)

    def row(self, rule: JsonObject) -> Row:
        number = rule.get("number")
        return Row(
            number=number if isinstance(number, int) else 0,
            note=_note(rule, self.labels),
            outputs=tuple(self.outputs(_outputs(rule))),
        )

    def outputs(self, value: Json) -> Iterator[tuple[str, str]]:
        """Yield what was given, label by label; a value without a name has the title's."""
        columns = list(_objects(self.entry.get("outputs")))
        drawn = {str(each.get("name") or ""): str(each.get("label") or "") for each in columns}
        is_named = isinstance(value, dict) and (len(columns) != 1 or value.keys() <= drawn.keys())
        named = value if is_named and isinstance(value, dict) else {next(iter(drawn), ""): value}
        for name, each in named.items():
            if each not in (None, [], ""):
                label = self.labels.of("outputs", name) or drawn.get(name) or _worded(name)
                said = self.labels.value(name, each) or self.output(name, each)
                yield "" if label.lower() == _UNNAMED else label, said

    def output(self, name: str, value: Json) -> str:
        if name == "lead_unit":
            return self.unit(str(value))
        if name == "co_units" and isinstance(value, list):
            return self.joined([self.unit(str(code)) for code in value])
        return self.plain(value)

    def plain(self, value: Json) -> str:
        if isinstance(value, bool):
            return words("yes" if value else "no", self.wording.language)
        if isinstance(value, list):
            return self.joined([self.role(each) or self.plain(each) for each in value])
        return plain(value)

    def role(self, value: Json) -> str:
        """Return what a role is called that a table lists, empty where it is none."""
        if not isinstance(value, str) or value not in _ROLES:
            return ""
        return role_label(Role(value), self.wording.language)

    def joined(self, parts: list[str]) -> str:
        return ("、" if self.wording.language.startswith("zh") else ", ").join(parts)

    def unit(self, code: str) -> str:
        try:
            return self.frame.directory.unit_by_code(code).label(self.wording.language)
        except CaseError:
            return code


class _Labels:
    """The label file of a table, read without trusting its shape."""

    def __init__(self, labels: Mapping[str, Json] | None) -> None:
        self.labels = labels or {}

    def of(self, section: str, name: str | None = None) -> str:
        found = self.labels.get(section)
        if name is None:
            return found if isinstance(found, str) else ""
        return str(found.get(name) or "") if isinstance(found, dict) else ""

    def input_id(self, place: int) -> str:
        """Return the id of an input by its place, for traces of before they named it."""
        names = self.labels.get("inputs")
        found = list(names) if isinstance(names, dict) else []
        return found[place] if place < len(found) else ""

    def value(self, column: str, value: Json) -> str:
        """Return what a value of an input or output is called, empty where nobody says."""
        values = self.labels.get("values")
        known = values.get(column) if isinstance(values, dict) else None
        return str(known.get(str(value)) or "") if isinstance(known, dict) else ""


def _worded(name: str) -> str:
    """Return the name of an output as words where nobody has labelled it."""
    return name.replace("_", " ").capitalize()


def _outputs(rule: JsonObject) -> JsonObject:
    found = rule.get("outputs")
    return found if isinstance(found, dict) else {}


def _note(rule: JsonObject, labels: _Labels) -> str:
    translated = labels.of("annotations", str(rule.get("id") or ""))
    notes = rule.get("annotations")
    own = [str(note) for note in notes.values() if note] if isinstance(notes, dict) else []
    return translated or "; ".join(own)


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _objects(value: Json) -> Iterator[JsonObject]:
    return (each for each in _list(value) if isinstance(each, dict))
