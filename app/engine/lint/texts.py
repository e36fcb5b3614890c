"""Every text of a process that may be an expression, with its place, its field and its view.

`collect` lists them once per process, when a diagram is read; the rules about expressions and
names walk the list.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.engine.dialect import feel_of
from app.engine.lint.diagram import BPMN, Node, Process, message_of
from app.engine.lint.expression import value_without_variables
from app.engine.lint.problems import Spot, spot_of

_TIMERS = ("timeDate", "timeDuration", "timeCycle")
_BRINGING = {
    "serviceTask",
    "sendTask",
    "receiveTask",
    "businessRuleTask",
    "startEvent",
    "intermediateCatchEvent",
    "boundaryEvent",
}


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """One text that may be FEEL: as written, where, and how far it sees.

    `is_inner` texts see the element's own inputs and item; `is_open` ones also what a job, a
    message, a form or a called process brings along.
    """

    node: Node
    spot: Spot
    field: str
    written: str
    is_inner: bool = True
    is_open: bool = False

    @property
    def feel(self) -> str | None:
        """The expression behind the leading "=", or None where it is a literal."""
        return feel_of(self.written)


def collect(process: Process) -> Iterator[Text]:
    """Yield every text of the process that may hold an expression, in document order."""
    for node in process.nodes:
        yield from _of_extensions(node)
        yield from _of_loop(node)
        yield from _of_events(node)
        for flow in node.outgoing:
            if flow.condition is not None:
                spot = spot_of(flow.element)
                yield Text(node, spot, "conditionExpression", flow.condition, is_inner=False)


def is_surely_list(expression: str, process: Process, *, depth: int = 3) -> bool:
    """Say whether an expression gives a list or context even while every variable is null.

    A single variable is traced to what writes it, through a few steps.
    """
    process.given.deadline.check()
    if isinstance(value_without_variables(expression), list | dict):
        return True
    sources = list(_sources(expression, process)) if depth else []
    return bool(sources) and all(
        source is not None and is_surely_list(source, process, depth=depth - 1)
        for source in sources
    )


def _sources(name: str, process: Process) -> Iterator[str | None]:
    """Yield the expressions that write `name`; None for one that cannot be looked into."""
    if name in process.given.handed_in.get(process.id, ()):
        yield None
    for node in process.nodes:
        extensions = node.extensions
        if extensions.script is not None and extensions.script.result_variable == name:
            yield feel_of(extensions.script.expression)
        for mapping in extensions.outputs:
            if mapping.target == name:
                yield feel_of(mapping.source)
        if extensions.decision is not None and extensions.decision.result_variable == name:
            yield None
        loop = extensions.multi_instance
        if loop is not None and loop.output_collection == name:
            yield "{}"


def _of_extensions(node: Node) -> Iterator[Text]:
    spot, extensions = spot_of(node.element), node.extensions
    for field, written in _attributes(node):
        if written:
            yield Text(node, spot, field, written)
    for mapping in extensions.inputs:
        yield Text(node, spot, f"input {mapping.target}", mapping.source)
    is_open = node.type in _BRINGING or node.type in ("userTask", "callActivity")
    for mapping in extensions.outputs:
        yield Text(node, spot, f"output {mapping.target}", mapping.source, is_open=is_open)


def _attributes(node: Node) -> Iterator[tuple[str, str | None]]:
    extensions = node.extensions
    if extensions.assignment is not None:
        yield "assignee", extensions.assignment.assignee
        yield "candidateGroups", extensions.assignment.candidate_groups
        yield "candidateUsers", extensions.assignment.candidate_users
    if extensions.schedule is not None:
        yield "dueDate", extensions.schedule.due_date
        yield "followUpDate", extensions.schedule.follow_up_date
    yield "priority", extensions.priority
    if extensions.job is not None:
        yield "retries", extensions.job.retries
    if extensions.script is not None:
        yield "script", extensions.script.expression
    for name, value in extensions.properties.items():
        yield f"property {name}", value


def _of_loop(node: Node) -> Iterator[Text]:
    loop = node.extensions.multi_instance
    if loop is None:
        return
    spot = spot_of(node.element)
    yield Text(node, spot, "inputCollection", loop.input_collection, is_inner=False)
    if loop.output_element:
        yield Text(node, spot, "outputElement", loop.output_element, is_open=True)
    if loop.completion_condition:
        yield Text(node, spot, "completionCondition", loop.completion_condition, is_open=True)


def _of_events(node: Node) -> Iterator[Text]:
    """A boundary timer is computed around the activity; a message's key at its catcher."""
    timer = node.event("timer")
    for kind in _TIMERS if timer is not None else ():
        element = timer.find(f"{BPMN}{kind}") if timer is not None else None
        if element is not None and element.text:
            yield Text(node, spot_of(node.element), kind, element.text.strip(), is_inner=False)
    if node.type == "startEvent":
        return
    message = message_of(node)
    if message is not None and message.correlation_key:
        spot = spot_of(message.element)
        yield Text(node, spot, "correlationKey", message.correlation_key)
