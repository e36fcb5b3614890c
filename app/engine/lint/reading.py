"""Reads a set of resources for the rules: what was handed in, and what each file turned out to be.

`read` never raises for what is in a file: a file that cannot be read keeps its refusal, and a rule
reports it. Deployed processes (`Bundle.called`) are read only when something of the set calls them.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Protocol

import orjson
from lxml import etree

from app.engine import xml
from app.engine.lint.deadline import Deadline
from app.engine.lint.diagram import LOOP_COUNTER, Diagram, Process, message_of, read_diagram
from app.engine.lint.form_file import FormFile
from app.engine.lint.table_types import TypesOfTable
from app.engine.lint.texts import Text, collect
from app.engine.lint.types import TypesOfDiagram, handed_texts, names_of_callers
from app.errors import CaseError
from app.feel.checking.known import Record, join
from app.feel.types import ANY, FeelType
from app.json_types import Json, JsonObject

MAX_JSON_BYTES = 2 * 1024 * 1024


class FormFault(Protocol):
    """What is wrong with a form or its labels, in the words of whoever loads them; see `Bundle`."""

    @property
    def code(self) -> str:
        """Its stable code."""

    @property
    def path(self) -> str:
        """Where in the file it stands, names with dots between."""

    @property
    def component_id(self) -> str:
        """The component it is at, or an empty string."""

    @property
    def message(self) -> str:
        """What is wrong."""

    @property
    def mend(self) -> str:
        """How to mend it."""

    @property
    def severity(self) -> str:
        """ "error" or "warning"."""


def _no_form_faults(_form: bytes) -> Sequence[FormFault]:
    return ()


def _no_label_faults(_labels: bytes, _form: bytes | None) -> Sequence[FormFault]:
    return ()


@dataclass(frozen=True, slots=True)
class Bundle:
    """What is to be checked, and what the district already has.

    `resources` maps file names to bytes. `forms` maps deployed form ids to their answer keys,
    `decisions` are deployed decision ids; both and `case_facts` may be given with types
    (`answer_types`, `result_types`). `called` maps deployed process ids to their XML, `operations`
    are the job types the application performs, `choices` the names under which forms find what
    the district offers. `languages` need label files.
    `form_check` is what loads forms when they are shown (`app.forms.schema.check`): what it
    refuses beyond the rules here is reported too. `labels_check` does the same for the labels of a
    form (`app.forms.labels.check_files`), given with the form where that is in the set.
    """

    resources: Mapping[str, bytes]
    forms: Mapping[str, frozenset[str] | Mapping[str, FeelType]] = field(default_factory=dict)
    decisions: frozenset[str] | Mapping[str, FeelType] = frozenset()
    called: Mapping[str, bytes] = field(default_factory=dict)
    operations: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    case_facts: frozenset[str] | Mapping[str, FeelType] = frozenset()
    choices: frozenset[str] = frozenset()
    languages: tuple[str, ...] = ("zh-CN",)
    form_check: Callable[[bytes], Sequence[FormFault]] = _no_form_faults
    labels_check: Callable[[bytes, bytes | None], Sequence[FormFault]] = _no_label_faults


class Kind(StrEnum):
    """What a file is, by the end of its name."""

    DIAGRAM = ".bpmn"
    TABLE = ".dmn"
    FORM = ".form"
    LABELS = ".json"
    UNKNOWN = ""


@dataclass(frozen=True, slots=True)
class Upload:
    """One file of the set; `refusal` says why nothing could be read from it."""

    file: str
    data: bytes
    kind: Kind
    refusal: CaseError | None = None


class JsonRefused(CaseError):
    """{filename} cannot be read as JSON in line {line}: {why}. Mend that line or save it again."""

    code = "json_refused"


@dataclass(frozen=True, eq=False)
class Table:
    """One DMN file: its tree for lines, its bytes for the engine of tables."""

    file: str
    data: bytes
    root: etree._Element
    given: "Given"

    @cached_property
    def types(self) -> TypesOfTable:
        """What is known of its decisions, and of the names its cells see."""
        return TypesOfTable(self.root, names_of_callers(self.given, self.decisions))

    def of_type(self, name: str) -> Iterator[etree._Element]:
        """Yield its elements of this local name, whatever DMN version they are of."""
        return self.root.iter(f"{{*}}{name}")

    def required_inputs(self, decision_id: str) -> Iterator[etree._Element]:
        """Yield the input data that a decision requires, through other decisions too."""
        by_id = {each.get("id", ""): each for each in self.root.iterchildren("{*}*")}
        seen: set[str] = set()
        waiting = [decision_id]
        while waiting:
            own = waiting.pop()
            element = by_id.get(own)
            if element is None or own in seen:
                continue
            seen.add(own)
            if etree.QName(element).localname == "inputData":
                yield element
            for kind in ("requiredInput", "requiredDecision"):
                targets = element.iterfind(f"{{*}}informationRequirement/{{*}}{kind}")
                waiting += [each.get("href", "").rpartition("#")[2] for each in targets]

    @property
    def decisions(self) -> tuple[str, ...]:
        """The ids of its decisions."""
        return tuple(each.get("id", "") for each in self.of_type("decision"))

    @property
    def names(self) -> frozenset[str]:
        """The names its labels may go by: the file's own and those of its decisions."""
        stem = self.file.rpartition("/")[2].removesuffix(Kind.TABLE.value)
        return frozenset({stem, *self.decisions}) - {""}


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """The translations of one diagram, table or form: `<id>.<language>.json`."""

    file: str
    data: bytes
    text: str
    labels: JsonObject
    given: "Given"

    @property
    def of(self) -> str:
        """The id of the process, table or form it translates."""
        return self._stem.rpartition(".")[0] or self._stem

    @property
    def language(self) -> str:
        """The language tag, such as zh-CN."""
        return self._stem.rpartition(".")[2]

    @property
    def _stem(self) -> str:
        return self.file.rpartition("/")[2].removesuffix(".json")

    def line_of(self, key: str) -> int:
        """Return the line where `key` is written."""
        place = self.text.find(json.dumps(key, ensure_ascii=False))
        return self.text.count("\n", 0, place) + 1 if place >= 0 else 1


_HEARING = {"startEvent", "intermediateCatchEvent", "boundaryEvent", "receiveTask"}


@dataclass(frozen=True, eq=False)
class Given:
    """Everything that was read, with what the rules look up across files."""

    bundle: Bundle
    deadline: Deadline
    uploads: list[Upload] = field(default_factory=list)
    diagrams: list[Diagram] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    forms: list[FormFile] = field(default_factory=list)
    labels: list[Labels] = field(default_factory=list)
    _types: dict[Process, TypesOfDiagram] = field(default_factory=dict)

    @cached_property
    def processes(self) -> tuple[Process, ...]:
        """Every executable process of the set."""
        return tuple(process for diagram in self.diagrams for process in diagram.processes)

    @cached_property
    def form_keys(self) -> Mapping[str, frozenset[str]]:
        """The answer keys of every form, those of the set before the deployed ones."""
        deployed = {name: frozenset(keys) for name, keys in self.bundle.forms.items()}
        return {**deployed, **{form.id: form.keys for form in self.forms if form.id}}

    @cached_property
    def answer_keys(self) -> Mapping[str, frozenset[str] | None]:
        """The keys of answers.<task> by task; None where the form is not known."""
        keys: dict[str, frozenset[str] | None] = {}
        for process in self.callable_processes.values():
            for node in process.of_type("userTask", "startEvent"):
                form = node.extensions.form
                if form is not None:
                    own = self.form_keys.get(form.form_id)
                    earlier = keys.get(node.id, frozenset())
                    keys[node.id] = None if own is None or earlier is None else own | earlier
                elif node.type == "userTask":
                    keys.setdefault(node.id, None)
        return keys

    @cached_property
    def handed_in(self) -> Mapping[str, frozenset[str]]:
        """The variables that call activities hand to a process, by the process's id."""
        names: dict[str, frozenset[str]] = {}
        for process in self.callable_processes.values():
            for node in process.of_type("callActivity"):
                called = node.extensions.called_process
                if called is not None:
                    earlier = names.get(called.process_id, frozenset())
                    names[called.process_id] = earlier | (node.local_names - {LOOP_COUNTER})
        return names

    @cached_property
    def decisions(self) -> frozenset[str]:
        """Every decision id a business rule task may ask for."""
        return frozenset(self.bundle.decisions).union(*(each.decisions for each in self.tables))

    @cached_property
    def case_type(self) -> FeelType:
        """The type of `case`: its facts, and nothing else."""
        return Record(_typed(self.bundle.case_facts))

    @cached_property
    def form_types(self) -> Mapping[str, Mapping[str, FeelType]]:
        """The type of each answer by form, those of the set before the deployed ones."""
        deployed = {name: _typed(keys) for name, keys in self.bundle.forms.items()}
        own = {form.id: form.answer_types for form in self.forms if form.id}
        return {**deployed, **own}

    @cached_property
    def answers_type(self) -> FeelType:
        """The type of `answers`: the answers of every task, Any where its form is not known."""
        found: dict[str, FeelType] = {}
        for process in self.callable_processes.values():
            for node in process.of_type("userTask", "startEvent"):
                form = node.extensions.form
                own = None if form is None else self.form_types.get(form.form_id)
                if form is not None or node.type == "userTask":
                    of = ANY if own is None else Record(own)
                    found[node.id] = join(found[node.id], of) if node.id in found else of
        return Record(found)

    @cached_property
    def decision_types(self) -> Mapping[str, FeelType]:
        """The type of what each decision gives."""
        found = _typed(self.bundle.decisions)
        for table in self.tables:
            found |= table.types.results()
        return found

    @cached_property
    def handed_texts(self) -> Mapping[str, list[tuple[Text, str]]]:
        """The input mappings of the calls of each process, with their targets."""
        return handed_texts(self)

    def types_of(self, process: Process) -> TypesOfDiagram:
        """Return what is known of the names in a process."""
        known = self._types.get(process)
        if known is None:
            known = self._types[process] = TypesOfDiagram(process)
        return known

    @cached_property
    def heard_messages(self) -> frozenset[str]:
        """The names of messages that some process waits for or begins with."""
        found = (
            message_of(node)
            for process in self.callable_processes.values()
            for node in process.nodes
            if node.type in _HEARING and (node.type == "receiveTask" or node.has_event("message"))
        )
        return frozenset(message.name for message in found if message is not None)

    @cached_property
    def callable_processes(self) -> Mapping[str, Process]:
        """Processes by id: those of the set, and the deployed ones anything of it may call."""
        known = {process.id: process for process in self.processes}
        for process_id, data in self.bundle.called.items():
            if process_id not in known:
                known.update(_deployed(data, process_id, given=self))
        return known


def _typed(names: frozenset[str] | Mapping[str, FeelType]) -> dict[str, FeelType]:
    return dict(names) if isinstance(names, Mapping) else dict.fromkeys(names, ANY)


def read(given: Given) -> None:
    """Read every resource of the bundle into `given`; nothing in a file makes this raise.

    Raises:
        CheckUnfinished: the time of the check is over.
    """
    for file, data in given.bundle.resources.items():
        given.deadline.check()
        kind = next((kind for kind in Kind if kind and file.endswith(kind.value)), Kind.UNKNOWN)
        refusal: CaseError | None = None
        try:
            _read_one(file, data, kind=kind, given=given)
        except CaseError as refused:
            refusal = refused
        given.uploads.append(Upload(file=file, data=data, kind=kind, refusal=refusal))


def _read_one(file: str, data: bytes, *, kind: Kind, given: Given) -> None:
    if kind is Kind.DIAGRAM:
        root = xml.parse(data, filename=file).getroot()
        given.diagrams.append(_diagram(root, file=file, given=given))
    elif kind is Kind.TABLE:
        root = xml.parse(data, filename=file).getroot()
        given.tables.append(Table(file=file, data=data, root=root, given=given))
    elif kind is Kind.FORM:
        text, schema = _json(data, filename=file)
        given.forms.append(FormFile(file=file, data=data, text=text, schema=schema, given=given))
    elif kind is Kind.LABELS:
        text, labels = _json(data, filename=file)
        given.labels.append(Labels(file=file, data=data, text=text, labels=labels, given=given))


def _diagram(root: etree._Element, *, file: str, given: Given) -> Diagram:
    diagram = read_diagram(root, file=file, given=given)
    for process in diagram.processes:
        process.texts.extend(collect(process))
    return diagram


def _json(data: bytes, *, filename: str) -> tuple[str, JsonObject]:
    """Read a JSON object; nesting deep enough to recurse is refused like any other fault."""
    if len(data) > MAX_JSON_BYTES:
        raise JsonRefused(filename=filename, line=1, why=f"more than {MAX_JSON_BYTES} bytes")
    try:
        text = data.decode("utf-8-sig")
        document: Json = json.loads(text)
        orjson.loads(data)  # what reads it later knows neither NaN nor infinity, nor half a sign
    except UnicodeDecodeError as error:
        raise JsonRefused(filename=filename, line=1, why="not UTF-8") from error
    except json.JSONDecodeError as error:
        raise JsonRefused(filename=filename, line=error.lineno, why=error.msg) from error
    except (RecursionError, ValueError) as error:
        raise JsonRefused(filename=filename, line=1, why="nested too deep") from error
    if not isinstance(document, dict):
        raise JsonRefused(filename=filename, line=1, why="not an object")
    return text, document


def _deployed(data: bytes, process_id: str, *, given: Given) -> dict[str, Process]:
    """A deployed process was linted when it was deployed: one that cannot be read is skipped."""
    try:
        root = xml.parse(data, filename=process_id).getroot()
    except xml.XmlRefused:
        return {}
    diagram = _diagram(root, file=process_id, given=given)
    return {each.id: each for each in diagram.processes if each.id == process_id}
