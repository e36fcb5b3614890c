"""Rules about multi-instance activities: a collection that is never null, an element of its own."""

from collections.abc import Iterator

from app.engine.dialect import MultiInstance, feel_of
from app.engine.lint.diagram import ACTIVITIES, BPMN, Node, Process
from app.engine.lint.expression import demands_a_value, names_in
from app.engine.lint.problems import Finding, Subject, found, rule
from app.engine.lint.texts import is_surely_list

_OTHER_WAYS = ("loopCardinality", "loopDataInputRef", "inputDataItem", "loopDataOutputRef")


@rule(
    "multi-instance-incomplete",
    on=Subject.PROCESS,
    message="The multi-instance {element} lacks its {missing}.",
    mend="Fill in collection, element and, together, output collection and output element.",
)
def multi_instance_incomplete(process: Process) -> Iterator[Finding]:
    """A multi-instance names its collection and element; outputs come in a dict by element."""
    for node, loop in _loops(process):
        for missing in _missing(node, loop):
            yield found(node.element, missing=missing)


@rule(
    "collection-may-be-null",
    on=Subject.PROCESS,
    message="The collection of {element} may be null, and null cannot be worked through.",
    mend="Guard it: =if {collection} = null then [] else {collection}",
)
def collection_may_be_null(process: Process) -> Iterator[Finding]:
    """A collection is a list even when nobody filled it in, or the flow before asks for it.

    The engine's library raises on a null collection; so it is written down what null means.
    """
    for node, loop in _loops(process):
        feel = feel_of(loop.input_collection)
        if feel and not is_surely_list(feel, process) and not _is_guarded(node, feel):
            yield found(node.element, collection=feel)


@rule(
    "element-name-reused",
    on=Subject.PROCESS,
    message="The element name “{name}” of {element} is also used at “{other}”.",
    mend="Give the items of this activity a name that stands nowhere else.",
)
def element_name_reused(process: Process) -> Iterator[Finding]:
    """The name of a multi-instance item is used inside its activity only.

    The engine refuses to start an item while a variable of that name exists around it.
    """
    for node, loop in _loops(process):
        name = loop.input_element
        other = _use_outside(node, name) if name else None
        if other is not None:
            yield found(node.element, name=name, other=other.label)


@rule(
    "boundary-on-multi-instance",
    on=Subject.PROCESS,
    message="When {element} interrupts the multi-instance “{host}”, the case is destroyed.",
    mend="Wrap the activity in a plain sub-process and put the event on that.",
)
def boundary_on_multi_instance(process: Process) -> Iterator[Finding]:
    """No interrupting boundary event hangs on a multi-instance activity."""
    for node in process.of_type("boundaryEvent"):
        host = node.host
        if host is not None and host.is_multi_instance and node.is_interrupting:
            yield found(node.element, host=host.label)


def _loops(process: Process) -> Iterator[tuple[Node, MultiInstance]]:
    for node in process.of_type(*ACTIVITIES):
        if node.extensions.multi_instance is not None:
            yield node, node.extensions.multi_instance


def _missing(node: Node, loop: MultiInstance) -> Iterator[str]:
    marker = node.element.find(f"{BPMN}multiInstanceLoopCharacteristics")
    if marker is not None and any(marker.find(f"{BPMN}{way}") is not None for way in _OTHER_WAYS):
        yield "zeebe collection (other ways to count are not supported)"
    if not loop.input_collection.strip():
        yield "input collection"
    if not loop.input_element:
        yield "input element"
    if loop.output_collection and not loop.output_element:
        yield "output element"
    if loop.output_element and not loop.output_collection:
        yield "output collection"


def _is_guarded(node: Node, collection: str) -> bool:
    """Say whether every way to the activity asks that the collection is not null."""
    conditions = [feel_of(flow.condition) for flow in node.incoming]
    return bool(conditions) and all(
        condition is not None and demands_a_value(condition, collection) for condition in conditions
    )


def _use_outside(owner: Node, name: str) -> Node | None:
    """Return the first node outside `owner` that writes or reads `name`."""
    for node in owner.process.nodes:
        if node is owner or owner in node.ancestors():
            continue
        if name in node.writes or name in node.local_names:
            return node
    for text in owner.process.each_text():
        is_outside = text.node is not owner and owner not in text.node.ancestors()
        if is_outside and text.feel is not None and name in names_in(text.feel):
            return text.node
    return None
