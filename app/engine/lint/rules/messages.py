"""Rules about messages: each has a name, finds its case by a key, and has one catcher."""

from collections.abc import Iterator

from app.engine.lint.diagram import Node, Process, Scope, message_of
from app.engine.lint.durations import DurationText, read_duration
from app.engine.lint.problems import Finding, Severity, Subject, found, rule

TIME_TO_LIVE = "timeToLive"
AT_ONCE = "PT0S"
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
    """Each message has one catcher in a process, so that a reply cannot go astray. A second one may
    wait inside a sub-process that never goes on at the same time.
    """
    before: dict[str, list[Node]] = {}
    for node in _catchers(process):
        message = message_of(node)
        if message is None or not message.name:
            continue
        others = before.setdefault(message.name, [])
        other = next((each for each in others if not _take_turns(each, node)), None)
        if other is not None:
            yield found(node.element, message=message.name, other=other.label)
        others.append(node)


@rule(
    "message-unheard",
    on=Subject.PROCESS,
    severity=Severity.WARNING,
    message="Nobody waits for the message “{message}” that {element} sends, and no process begins"
    " with it.",
    mend="Draw who receives it, or give it the property timeToLive with PT0S if nobody has to.",
)
def message_unheard(process: Process) -> Iterator[Finding]:
    """A message that is sent has a receiver in some process, or may go unheard."""
    for node in process.nodes:
        message = message_of(node) if _throws(node) or _sends(node) else None
        if message is None or not message.name or _may_go_unheard(node):
            continue
        if message.name not in process.given.heard_messages:
            yield found(node.element, message=message.name)


@rule(
    "time-to-live-syntax",
    on=Subject.PROCESS,
    message="“{text}” at {element} does not say how long its message may wait for a receiver.",
    mend="Write the property timeToLive as a duration such as PT0S, PT1H or P30D.",
)
def time_to_live_syntax(process: Process) -> Iterator[Finding]:
    """The property `timeToLive` of what sends a message is an ISO 8601 duration."""
    for node in process.nodes:
        text = node.extensions.properties.get(TIME_TO_LIVE)
        if text is not None and read_duration(text) is not DurationText.POSITIVE:
            yield found(node.element, text=text)


def _throws(node: Node) -> bool:
    return node.type in {"intermediateThrowEvent", "endEvent"} and node.has_event("message")


def _may_go_unheard(node: Node) -> bool:
    return node.extensions.properties.get(TIME_TO_LIVE) == AT_ONCE


def _sends(node: Node) -> bool:
    return node.type == "sendTask" and bool(node.element.get("messageRef"))


def _take_turns(one: Node, other: Node) -> bool:
    """Tell whether one of two nodes lies in a sub-process that has one token with the other."""
    ways = [_way_up(node) for node in (one, other)]
    scope = next(scope for scope in ways[0] if scope in ways[1])
    places = [way[scope] for way in ways]
    is_within = any(node.scope is not scope for node in (one, other))
    return is_within and places[0] is not places[1] and not _forks(scope)


def _way_up(node: Node) -> dict[Scope, Node]:
    """Return the scopes around a node, the innermost first, and the activity that waits in each."""
    way: dict[Scope, Node] = {}
    place: Node | None = node
    while place is not None:
        way[place.scope] = place.host or place
        place = place.scope.owner
    return way


def _forks(scope: Scope) -> bool:
    """Tell whether a scope can have several tokens at once."""
    if next(scope.of_type("parallelGateway", "inclusiveGateway"), None) is not None:
        return True
    return any(
        (len(node.outgoing) > 1 and not node.type.endswith("Gateway"))
        or (node.type == "boundaryEvent" and not node.is_interrupting)
        for node in scope.nodes
    )


def _catchers(process: Process) -> Iterator[Node]:
    for node in process.nodes:
        if node.type in _CATCHING and (node.type == "receiveTask" or node.has_event("message")):
            yield node
