"""Rules about messages: each has a name, finds its case by a key, and has one catcher."""

from collections.abc import Iterator

from app.engine.lint.diagram import Node, Process, message_of
from app.engine.lint.problems import Finding, Severity, Subject, found, rule

_CATCHING = {"intermediateCatchEvent", "boundaryEvent", "receiveTask"}


@rule(
    "message-without-name",
    on=Subject.PROCESS,
    message="{element} names no message.",
    mend="Create a message with a name in the modeler and choose it there.",
)
def message_without_name(process: Process) -> Iterator[Finding]:
    """What sends or receives a message refers to a message that has a name."""
    for node in process.nodes:
        if node.has_event("message") or node.type == "receiveTask" or _sends(node):
            message = message_of(node)
            if message is None or not message.name.strip():
                yield found(node.element)


@rule(
    "message-without-key",
    on=Subject.PROCESS,
    message="The message “{message}” that {element} waits for has no correlation key.",
    mend="Write the key that finds the case, such as =case.number, at the message.",
)
def message_without_key(process: Process) -> Iterator[Finding]:
    """A message that a running case waits for carries a correlation key."""
    for node in _catchers(process):
        message = message_of(node)
        if message is not None and message.name and not message.correlation_key:
            yield found(node.element, message=message.name)


@rule(
    "message-caught-twice",
    on=Subject.PROCESS,
    severity=Severity.WARNING,
    message="The message “{message}” is caught at “{other}” and at {element}.",
    mend="Give each reply a message name of its own.",
)
def message_caught_twice(process: Process) -> Iterator[Finding]:
    """Each message has one catcher in a process, so that a reply cannot go astray."""
    first: dict[str, Node] = {}
    for node in _catchers(process):
        message = message_of(node)
        if message is None or not message.name:
            continue
        other = first.setdefault(message.name, node)
        if other is not node:
            name = other.label
            yield found(node.element, message=message.name, other=name)


def _sends(node: Node) -> bool:
    return node.type == "sendTask" and bool(node.element.get("messageRef"))


def _catchers(process: Process) -> Iterator[Node]:
    for node in process.nodes:
        if node.type in _CATCHING and (node.type == "receiveTask" or node.has_event("message")):
            yield node
