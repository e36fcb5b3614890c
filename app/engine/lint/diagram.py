"""A diagram as the rules see it: processes, their scopes, nodes and flows, each with its line.

Built from any well-formed tree without judging it: what does not fit is left out of the graph and
reported by a rule. Non-executable processes are not built; nothing of them is ever run.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from lxml import etree

from app.engine import dialect
from app.engine.dialect import BPMN_NAMESPACE, Extensions
from app.engine.lint.graph import cyclic_nodes

if TYPE_CHECKING:
    from app.engine.lint.reading import Given
    from app.engine.lint.texts import Text

BPMN = f"{{{BPMN_NAMESPACE}}}"
BPMNDI = "{http://www.omg.org/spec/BPMN/20100524/DI}"

EVENTS = frozenset(
    {
        "startEvent",
        "endEvent",
        "intermediateCatchEvent",
        "intermediateThrowEvent",
        "boundaryEvent",
        "implicitThrowEvent",
    }
)
GATEWAYS = frozenset(
    {
        "exclusiveGateway",
        "inclusiveGateway",
        "parallelGateway",
        "eventBasedGateway",
        "complexGateway",
    }
)
TASKS = frozenset(
    {
        "task",
        "userTask",
        "manualTask",
        "serviceTask",
        "scriptTask",
        "businessRuleTask",
        "sendTask",
        "receiveTask",
    }
)
SUB_PROCESSES = frozenset({"subProcess", "transaction", "adHocSubProcess"})
ACTIVITIES = TASKS | SUB_PROCESSES | {"callActivity"}
LOOP_COUNTER = "loopCounter"
FLOW_NODES = EVENTS | GATEWAYS | ACTIVITIES


@dataclass(frozen=True, slots=True, eq=False)
class Flow:
    """A sequence flow whose two ends were found in its own scope."""

    id: str
    element: etree._Element
    source: Node
    target: Node

    @property
    def condition(self) -> str | None:
        """The text of its condition as written, or None."""
        found = self.element.find(f"{BPMN}conditionExpression")
        return None if found is None else (found.text or "").strip()


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A flow node: event, gateway, task, sub-process or call activity."""

    id: str
    type: str
    element: etree._Element
    scope: Scope
    extensions: Extensions
    definitions: tuple[etree._Element, ...]
    incoming: list[Flow] = field(default_factory=list)
    outgoing: list[Flow] = field(default_factory=list)
    boundaries: list[Node] = field(default_factory=list)

    @property
    def process(self) -> Process:
        """The process it belongs to, however deep it lies."""
        return self.scope.process

    @property
    def host(self) -> Node | None:
        """The activity a boundary event hangs on, where there is one."""
        found = self.scope.by_id.get(self.element.get("attachedToRef", ""))
        return found if self.type == "boundaryEvent" else None

    @property
    def is_interrupting(self) -> bool:
        """Whether a boundary event ends its activity."""
        return self.type == "boundaryEvent" and self.element.get("cancelActivity") != "false"

    @property
    def is_multi_instance(self) -> bool:
        """Whether the activity runs once per item of a collection."""
        return self.element.find(f"{BPMN}multiInstanceLoopCharacteristics") is not None

    @property
    def default_flow(self) -> str:
        """The id of its default flow, or an empty string."""
        return self.element.get("default", "")

    def has_event(self, kind: str) -> bool:
        """Return whether it carries an event definition of `kind`, such as "timer"."""
        return self.event(kind) is not None

    def event(self, kind: str) -> etree._Element | None:
        """Return its event definition of `kind`, such as "timer" or "message"."""
        tag = f"{BPMN}{kind}EventDefinition"
        return next((each for each in self.definitions if each.tag == tag), None)

    @property
    def label(self) -> str:
        """Its name, or its id where it has none."""
        return self.element.get("name") or self.id

    @property
    def writes(self) -> frozenset[str]:
        """The routing variables it leaves behind for the steps after it."""
        extensions = self.extensions
        names = {_top(mapping.target) for mapping in extensions.outputs}
        if extensions.script is not None:
            names.add(extensions.script.result_variable)
        if extensions.decision is not None:
            names.add(extensions.decision.result_variable)
        if extensions.multi_instance is not None:
            names.add(extensions.multi_instance.output_collection or "")
        return frozenset(names - {""})

    @property
    def local_names(self) -> frozenset[str]:
        """The names known within it alone: its inputs and the item of its collection."""
        names = {_top(mapping.target) for mapping in self.extensions.inputs}
        if self.extensions.multi_instance is not None:
            names |= {self.extensions.multi_instance.input_element or "", LOOP_COUNTER}
        return frozenset(names - {""})

    def ancestors(self) -> Iterator[Node]:
        """Yield the sub-processes around it, innermost first."""
        owner = self.scope.owner
        while owner is not None:
            yield owner
            owner = owner.scope.owner


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """A process or an embedded sub-process: one token game of its own."""

    element: etree._Element
    process: Process
    owner: Node | None
    nodes: list[Node] = field(default_factory=list)
    flows: list[Flow] = field(default_factory=list)
    by_id: dict[str, Node] = field(default_factory=dict)
    loose_flows: list[etree._Element] = field(default_factory=list)

    def of_type(self, *types: str) -> Iterator[Node]:
        """Yield its own nodes of these types, in document order."""
        return (node for node in self.nodes if node.type in types)


@dataclass(frozen=True, eq=False)
class Process:
    """An executable process with every scope and node in it, sub-processes included.

    `texts` are its expressions, filled in by `reading`.
    """

    id: str
    element: etree._Element
    diagram: Diagram
    scopes: list[Scope] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)

    @property
    def file(self) -> str:
        """The file it was read from."""
        return self.diagram.file

    @property
    def given(self) -> Given:
        """Everything deployed together with it."""
        return self.diagram.given

    def each_text(self) -> Iterator[Text]:
        """Yield its texts while there is time: a hostile diagram may have thousands.

        Raises:
            CheckUnfinished: the time of the check is over.
        """
        for text in self.texts:
            self.given.deadline.check()
            yield text

    @cached_property
    def looping(self) -> frozenset[Node]:
        """Every node that lies on a cycle of its own scope."""
        return frozenset(node for scope in self.scopes for node in cyclic_nodes(scope))

    @cached_property
    def written(self) -> frozenset[str]:
        """Every routing variable that anything in it, or a call of it, writes."""
        names = self.given.handed_in.get(self.id, frozenset())
        return names.union(*(node.writes for node in self.nodes))

    @cached_property
    def called(self) -> tuple[Process, ...]:
        """The processes it calls, however deep, as far as they exist; never itself."""
        known = self.given.callable_processes
        seen = {self.id: self}
        waiting = [self]
        while waiting:
            for node in waiting.pop().of_type("callActivity"):
                called = node.extensions.called_process
                target = known.get(called.process_id) if called is not None else None
                if target is not None and target.id not in seen:
                    seen[target.id] = target
                    waiting.append(target)
        return tuple(seen.values())[1:]

    def of_type(self, *types: str) -> Iterator[Node]:
        """Yield the nodes of these types in all scopes, in document order."""
        return (node for node in self.nodes if node.type in types)


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """A message, error, escalation or signal of the definitions: its name or code."""

    id: str
    element: etree._Element
    name: str
    code: str
    correlation_key: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Diagram:
    """One BPMN file."""

    file: str
    root: etree._Element
    given: Given
    processes: list[Process] = field(default_factory=list)
    references: dict[str, Reference] = field(default_factory=dict)
    shapes: frozenset[str] = frozenset()

    def referred(self, definition: etree._Element | None, attribute: str) -> Reference | None:
        """Return what `attribute` (such as "messageRef") of `definition` points to."""
        if definition is None:
            return None
        return self.references.get(_local_id(definition.get(attribute, "")))


def read_diagram(root: etree._Element, *, file: str, given: Given) -> Diagram:
    """Build the diagram of `root` with its executable processes."""
    shapes = (
        _local_id(shape.get("bpmnElement", ""))
        for shape in root.iter(f"{BPMNDI}BPMNShape", f"{BPMNDI}BPMNEdge")
    )
    diagram = Diagram(file=file, root=root, given=given, shapes=frozenset(shapes))
    for name in ("message", "error", "escalation", "signal"):
        for element in root.iterchildren(f"{BPMN}{name}"):
            diagram.references[element.get("id", "")] = _reference(element)
    for element in root.iterchildren(f"{BPMN}process"):
        if element.get("isExecutable") == "true":
            diagram.processes.append(_read_process(element, diagram))
    return diagram


def message_of(node: Node) -> Reference | None:
    """Return the message an event, a receive task or a send task names."""
    holder = node.event("message")
    if holder is None and node.type in ("receiveTask", "sendTask"):
        holder = node.element
    return node.process.diagram.referred(holder, "messageRef")


def _top(target: str) -> str:
    """A target may be a path such as limits.triage: it writes into the variable limits."""
    return target.partition(".")[0]


def _local_id(qualified: str) -> str:
    """References are QNames: some tools write a prefix before the id."""
    return qualified.rpartition(":")[2]


def _reference(element: etree._Element) -> Reference:
    code = element.get("errorCode") or element.get("escalationCode") or ""
    return Reference(
        id=element.get("id", ""),
        element=element,
        name=element.get("name", ""),
        code=code,
        correlation_key=dialect.read(element).correlation_key,
    )


def _read_process(element: etree._Element, diagram: Diagram) -> Process:
    process = Process(id=element.get("id", ""), element=element, diagram=diagram)
    waiting: list[tuple[etree._Element, Node | None]] = [(element, None)]
    while waiting:
        holder, owner = waiting.pop(0)
        scope = Scope(element=holder, process=process, owner=owner)
        process.scopes.append(scope)
        for child in holder.iterchildren(f"{BPMN}*"):
            _place(child, scope)
        _connect(scope)
        waiting.extend((node.element, node) for node in scope.nodes if node.type in SUB_PROCESSES)
    place = {each: number for number, each in enumerate(element.iter())}
    process.nodes.sort(key=lambda node: place[node.element])
    return process


def _place(child: etree._Element, scope: Scope) -> None:
    name = etree.QName(child).localname
    if name not in FLOW_NODES:
        return
    node = Node(
        id=child.get("id", ""),
        type=name,
        element=child,
        scope=scope,
        extensions=dialect.read(child),
        definitions=_event_definitions(child) if name in EVENTS else (),
    )
    scope.nodes.append(node)
    scope.process.nodes.append(node)
    if node.id:
        scope.by_id.setdefault(node.id, node)


def _event_definitions(event: etree._Element) -> tuple[etree._Element, ...]:
    return tuple(
        child
        for child in event.iterchildren(f"{BPMN}*")
        if etree.QName(child).localname.endswith("EventDefinition")
    )


def _connect(scope: Scope) -> None:
    for element in scope.element.iterchildren(f"{BPMN}sequenceFlow"):
        source = scope.by_id.get(element.get("sourceRef", ""))
        target = scope.by_id.get(element.get("targetRef", ""))
        if source is None or target is None:
            scope.loose_flows.append(element)
            continue
        flow = Flow(id=element.get("id", ""), element=element, source=source, target=target)
        scope.flows.append(flow)
        source.outgoing.append(flow)
        target.incoming.append(flow)
    for node in scope.of_type("boundaryEvent"):
        if node.host is not None:
            node.host.boundaries.append(node)
