"""Rules about kinds of elements that the engine does not run, or runs differently than drawn."""

from collections.abc import Iterator

from lxml import etree

from app.engine.lint.diagram import BPMN, Node, Process
from app.engine.lint.problems import Finding, Severity, Subject, found, rule
from app.engine.lint.rules.processes import is_event_sub_process

_NOT_FLOW_NODES = {"callChoreography", "choreographyTask", "subChoreography", "event"}


@rule(
    "event-sub-process",
    on=Subject.PROCESS,
    message="The event sub-process {element} does not interrupt, and may start by itself.",
    mend="Use a boundary event on a sub-process, or a linked process of its own.",
)
def event_sub_process(process: Process) -> Iterator[Finding]:
    """Event sub-processes are broken on the engine."""
    for scope in process.scopes[1:]:
        if is_event_sub_process(scope):
            yield found(scope.element)


@rule(
    "ad-hoc-sub-process",
    on=Subject.PROCESS,
    message="The ad hoc sub-process {element} is not supported.",
    mend="Draw the steps with a multi-instance activity or with gateways.",
)
def ad_hoc_sub_process(process: Process) -> Iterator[Finding]:
    """Ad hoc sub-processes are refused by the engine."""
    yield from _each(process.of_type("adHocSubProcess"))


@rule(
    "transaction",
    on=Subject.PROCESS,
    message="The transaction {element} is not supported.",
    mend="Make it a plain sub-process, and draw what is to be undone as steps of their own.",
)
def transaction(process: Process) -> Iterator[Finding]:
    """Transactions are refused: nothing here can be undone by the engine."""
    yield from _each(process.of_type("transaction"))


@rule(
    "complex-gateway",
    on=Subject.PROCESS,
    message="The complex gateway {element} is not supported.",
    mend="Use exclusive, inclusive, parallel or event-based gateways.",
)
def complex_gateway(process: Process) -> Iterator[Finding]:
    """Complex gateways are refused by the engine."""
    yield from _each(process.of_type("complexGateway"))


@rule(
    "unsupported-element",
    on=Subject.PROCESS,
    message="{element} is a {type}, which the engine does not know.",
    mend="Draw it with tasks, events, gateways, sub-processes and call activities.",
)
def unsupported_element(process: Process) -> Iterator[Finding]:
    """Only the flow nodes of the coverage table are run."""
    for scope in process.scopes:
        for child in scope.element.iterchildren(f"{BPMN}*"):
            name = etree.QName(child).localname
            if name in _NOT_FLOW_NODES:
                yield found(child, type=name)


@rule(
    "untyped-task",
    on=Subject.PROCESS,
    severity=Severity.WARNING,
    message="The task {element} has no kind: nobody is asked and nothing is done.",
    mend="Make it a user task, a service task or a script task.",
)
def untyped_task(process: Process) -> Iterator[Finding]:
    """A plain or manual task is passed without anybody doing anything in the system."""
    yield from _each(process.of_type("task", "manualTask"))


@rule(
    "compensation",
    on=Subject.PROCESS,
    message="{element} uses compensation, which is not supported.",
    mend="Draw what is to be undone as steps of their own.",
)
def compensation(process: Process) -> Iterator[Finding]:
    """Compensation events and activities are refused by the engine."""
    for node in process.nodes:
        if node.has_event("compensate") or node.element.get("isForCompensation") == "true":
            yield found(node.element)


@rule(
    "standard-loop",
    on=Subject.PROCESS,
    message="{element} repeats itself by a loop marker, which is not supported.",
    mend="Draw the loop with an exclusive gateway, or use a multi-instance activity.",
)
def standard_loop(process: Process) -> Iterator[Finding]:
    """Loops are drawn with gateways, where the journal can see them."""
    for node in process.nodes:
        if node.element.find(f"{BPMN}standardLoopCharacteristics") is not None:
            yield found(node.element)


@rule(
    "data-object-across-levels",
    on=Subject.PROCESS,
    message="{element} reads or writes data that does not lie on its own level.",
    mend="Remove the data association; pass the value with an input or output mapping.",
)
def data_object_across_levels(process: Process) -> Iterator[Finding]:
    """A data object of another level is never found, and looking for it hangs the parser.

    The engine climbs from a sub-process to its parent and never further, over and over. Only
    data objects declared in the element's own process or sub-process are found at once.
    """
    for node in process.nodes:
        declared = _declared_references(node)
        if any(name not in declared for name in _associated(node)):
            yield found(node.element)


def _declared_references(node: Node) -> set[str]:
    scope = node.scope.element
    objects = {each.get("id") for each in scope.iterchildren(f"{BPMN}dataObject")}
    return {
        each.get("id", "")
        for each in scope.iterchildren(f"{BPMN}dataObjectReference")
        if each.get("dataObjectRef") in objects
    }


def _associated(node: Node) -> Iterator[str]:
    for kind, end in (("Input", "sourceRef"), ("Output", "targetRef")):
        for association in node.element.iterchildren(f"{BPMN}data{kind}Association"):
            for reference in association.iterchildren(f"{BPMN}{end}"):
                yield (reference.text or "").strip()


def _each(nodes: Iterator[Node]) -> Iterator[Finding]:
    return (found(node.element) for node in nodes)
