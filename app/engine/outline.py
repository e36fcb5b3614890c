"""What a diagram file says about its processes at a glance: ids, start, and what each refers to.

A deployment reads it to number versions and to pin forms, tables and called processes; nothing is
built, so it works on diagrams the lint refuses.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

from app.engine import dialect, xml
from app.engine.dialect import Extensions

_BPMN = f"{{{dialect.BPMN_NAMESPACE}}}"


@dataclass(frozen=True, slots=True)
class Outline:
    """One executable process of a file; references are ids, in no order."""

    process_id: str
    name: str | None
    version_tag: str | None
    start_message: str | None
    start_element_id: str | None
    start_form_id: str | None
    form_ids: frozenset[str]
    decision_ids: frozenset[str]
    called_process_ids: frozenset[str]


def outlines(data: bytes, *, filename: str) -> tuple[Outline, ...]:
    """Return the executable processes of a diagram file, in the file's order.

    Raises:
        XmlRefused: see `engine.xml.parse`.
    """
    root = xml.parse(data, filename=filename).getroot()
    messages = {each.get("id"): each.get("name") for each in root.iter(f"{_BPMN}message")}
    return tuple(
        _outline(process, messages)
        for process in root.iter(f"{_BPMN}process")
        if process.get("isExecutable") == "true"
    )


def _outline(process: etree._Element, messages: dict[str | None, str | None]) -> Outline:
    read = [dialect.read(element) for element in process.iter(f"{_BPMN}*")]
    start = process.find(f"{_BPMN}startEvent")
    event = None if start is None else start.find(f"{_BPMN}messageEventDefinition")
    begin = Extensions() if start is None else dialect.read(start)
    return Outline(
        process_id=process.get("id", ""),
        name=process.get("name"),
        version_tag=dialect.read(process).version_tag,
        start_message=None if event is None else messages.get(event.get("messageRef")),
        start_element_id=None if start is None else start.get("id"),
        start_form_id=begin.form.form_id if begin.form else None,
        form_ids=_ids(each.form.form_id for each in read if each.form),
        decision_ids=_ids(each.decision.decision_id for each in read if each.decision),
        called_process_ids=_ids(
            each.called_process.process_id for each in read if each.called_process
        ),
    )


def _ids(found: Iterable[str]) -> frozenset[str]:
    return frozenset(each for each in found if each and not each.startswith("="))
