"""The diagram of a case: where its tokens are, which way they came, what its steps are for.

What was entered and left is in the element rows; which arrows lie between is read off the diagram.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from app.cases.deployed import Deployed
from app.engine import xml
from app.store.case_files import ElementRow, InstanceRow

_BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"


@dataclass(frozen=True, slots=True)
class Diagram:
    """What is marked on a diagram: ids of elements with a token, left behind, and of arrows taken.

    `title` is the process's name and `labels` are the elements' names in the reader's language.
    """

    instance_key: int
    title: str
    is_running: bool
    started_at: datetime
    labels: Mapping[str, str]
    tokens: tuple[str, ...]
    completed: tuple[str, ...]
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Outline:
    """The arrows of a diagram (id, source, target) and the words written beside its elements."""

    flows: tuple[tuple[str, str, str], ...]
    documentation: Mapping[str, str]


def marked(
    found: Deployed, instance: InstanceRow, elements: Sequence[ElementRow], language: str
) -> Diagram:
    """Return the diagram of a process version as far as an instance has gone through it."""
    outline = _outline(found.content)
    active = [each.element_id for each in elements if each.state == "ACTIVE"]
    left = [each.element_id for each in elements if each.state != "ACTIVE"]
    return Diagram(
        instance_key=instance.key,
        title=found.titles.get(language, found.name),
        is_running=instance.ended_at is None,
        started_at=instance.started_at,
        labels=found.labels.get(language, {}),
        tokens=tuple(dict.fromkeys(active)),
        completed=tuple(dict.fromkeys(each for each in left if each not in active)),
        path=_path(outline, elements),
    )


def documentation(found: Deployed, element_id: str) -> str:
    """Return what the designer wrote down for whoever does this step."""
    return _outline(found.content).documentation.get(element_id, "")


def _path(outline: _Outline, elements: Sequence[ElementRow]) -> tuple[str, ...]:
    """Return the arrows whose target was entered in the step in which their source was left."""
    left = {(each.element_id, each.ended_at) for each in elements if each.ended_at is not None}
    entered: dict[str, set[object]] = {}
    for each in elements:
        entered.setdefault(each.element_id, set()).add(each.started_at)
    return tuple(
        flow
        for flow, source, target in outline.flows
        if any((source, at) in left for at in entered.get(target, ()))
    )


@lru_cache(maxsize=32)
def _outline(content: bytes) -> _Outline:
    root = xml.parse(content, filename="diagram.bpmn").getroot()
    flows = [
        (str(node.get("id")), str(node.get("sourceRef")), str(node.get("targetRef")))
        for node in root.iter(f"{_BPMN}sequenceFlow")
    ]
    written = {
        str(node.get("id")): (found.text or "").strip()
        for node in root.iter()
        if (found := node.find(f"{_BPMN}documentation")) is not None
    }
    return _Outline(tuple(flows), written)
