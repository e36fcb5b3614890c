"""Rules about whole files: can they be read, do they keep to the schema, do their ids clash."""

import re
import threading
from collections.abc import Iterator
from copy import deepcopy
from functools import lru_cache

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import XSD_PATH

from app.engine.lint.diagram import BPMN, FLOW_NODES, Diagram
from app.engine.lint.problems import Finding, Severity, Spot, Subject, found, rule
from app.engine.lint.reading import Kind, Upload

MAX_SCHEMA_ERRORS = 50
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_NAMESPACE = re.compile(r"\{[^{}]*\}")
_schema_lock = threading.Lock()


@rule(
    "unreadable-file",
    on=Subject.FILE,
    message="This file cannot be read: {reason}",
    mend="Open it in the modeler it came from, save it again and upload that file.",
)
def unreadable_file(upload: Upload) -> Iterator[Finding]:
    """A file must be UTF-8, at most 2 MB, without DOCTYPE, and well-formed XML or JSON."""
    if upload.refusal is not None:
        line = upload.refusal.context.get("line", 1)
        yield found(Spot(line=line if isinstance(line, int) else 1), reason=upload.refusal)


@rule(
    "unknown-file-type",
    on=Subject.FILE,
    message="Nothing can be made of a file with this name.",
    mend="Deploy diagrams as .bpmn, tables as .dmn, forms as .form and labels as .json files.",
)
def unknown_file_type(upload: Upload) -> Iterator[Finding]:
    """The end of a file's name says what it is: .bpmn, .dmn, .form or .json."""
    if upload.kind is Kind.UNKNOWN:
        yield found(Spot())


@rule(
    "schema",
    on=Subject.DIAGRAM,
    message="The BPMN schema does not allow this: {detail}",
    mend="Redraw the element in a modeler; a file saved by one keeps to the schema.",
)
def schema(diagram: Diagram) -> Iterator[Finding]:
    """A diagram must be valid by the XML schemas of BPMN 2.0."""
    twice = {spot.line for spot in _duplicates(diagram)}
    for line, detail in _schema_errors(diagram.root)[:MAX_SCHEMA_ERRORS]:
        if line not in twice:
            yield found(_spot_in_line(diagram.root, line), detail=detail)


@rule(
    "no-executable-process",
    on=Subject.DIAGRAM,
    severity=Severity.WARNING,
    message="Nothing in this file will ever run: it holds no executable process.",
    mend="Tick “Executable” on the process that is to run.",
)
def no_executable_process(diagram: Diagram) -> Iterator[Finding]:
    """Processes that are not executable are documentation and are skipped."""
    if not diagram.processes:
        yield found(Spot(line=diagram.root.sourceline or 1))


@rule(
    "missing-id",
    on=Subject.DIAGRAM,
    message="A {type} has no id, so nothing can refer to it.",
    mend="Give it an id of letters, digits and underscores.",
)
def missing_id(diagram: Diagram) -> Iterator[Finding]:
    """Every process, node, flow and message carries an id; journal and labels hang on it."""
    named = FLOW_NODES | {"process", "sequenceFlow", "message", "error", "escalation", "signal"}
    for element in diagram.root.iter(f"{BPMN}*"):
        name = etree.QName(element).localname
        if name in named and not element.get("id"):
            yield found(element, type=name)


@rule(
    "duplicate-id",
    on=Subject.DIAGRAM,
    message="The id {element} is used more than once in this file.",
    mend="Give each element an id of its own.",
)
def duplicate_id(diagram: Diagram) -> Iterator[Finding]:
    """An id names one element of a file."""
    for spot in _duplicates(diagram):
        yield found(spot)


@rule(
    "no-layout",
    on=Subject.DIAGRAM,
    severity=Severity.WARNING,
    message="{element} has no place on the drawing, so nobody will see it.",
    mend="Open the file in a modeler, place the element and save.",
)
def no_layout(diagram: Diagram) -> Iterator[Finding]:
    """Every node has a shape: the case page shows the token on the drawing."""
    for process in diagram.processes:
        hidden = [node for node in process.nodes if node.id and node.id not in diagram.shapes]
        if len(hidden) == len(process.nodes) and hidden:
            yield found(process.element)
        else:
            yield from (found(node.element) for node in hidden)


def _duplicates(diagram: Diagram) -> list[Spot]:
    """Ids of extension elements are the modelers' own affair."""
    seen: set[str] = set()
    spots = []
    for element in diagram.root.iter(f"{BPMN}*"):
        own = element.get("id")
        if own in seen:
            spots.append(found(element).spot)
        if own:
            seen.add(own)
    return spots


@lru_cache(maxsize=1)
def _schema() -> etree.XMLSchema:
    """Built once: it costs some 10 ms, and the files lie in the installed engine package."""
    return etree.XMLSchema(etree.parse(XSD_PATH))


def _schema_errors(root: etree._Element) -> list[tuple[int, str]]:
    """Validate a copy without schema hints: the validator would follow them to any address."""
    checked = deepcopy(root)
    for element in checked.iter(etree.Element):
        for name in ("schemaLocation", "noNamespaceSchemaLocation"):
            element.attrib.pop(f"{_XSI}{name}", None)
    with _schema_lock:
        validator = _schema()
        validator.validate(checked)
        errors = list(validator.error_log)
    return [(error.line, _NAMESPACE.sub("", error.message)) for error in errors]


def _spot_in_line(root: etree._Element, line: int) -> Spot:
    """The schema names a line only: the element that begins there is the one it means."""
    at = next((each for each in root.iter(etree.Element) if each.sourceline == line), None)
    while at is not None and not at.get("id"):
        at = at.getparent()
    return Spot(line=line, element_id="" if at is None else at.get("id", ""))
