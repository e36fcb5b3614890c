"""Rules about events that the engine does not throw or catch the way they are drawn."""

from collections.abc import Iterator

from app.engine.lint.diagram import EVENTS, Node, Process, Reference, message_of
from app.engine.lint.problems import Finding, Severity, Subject, found, rule

_CODED = {"error": "errorRef", "escalation": "escalationRef"}


@rule(
    "link-event",
    on=Subject.PROCESS,
    message="The link event {element} leads nowhere: the case would hang there.",
    mend="Draw a sequence flow instead of the pair of links.",
)
def link_event(process: Process) -> Iterator[Finding]:
    """Link events are silently dead on the engine."""
    yield from _with_event(process, "link")


@rule(
    "signal-end",
    on=Subject.PROCESS,
    message="The signal of the end event {element} is never sent.",
    mend="Send a message from a throwing event, then end plainly.",
)
def signal_end(process: Process) -> Iterator[Finding]:
    """A signal end event is silently a plain end on the engine."""
    for node in process.of_type("endEvent"):
        if node.has_event("signal"):
            yield found(node.element)


@rule(
    "signal-event",
    on=Subject.PROCESS,
    severity=Severity.WARNING,
    message="The signal {element} reaches only its own case.",
    mend="Use a message: the application brings it to the case it is meant for.",
)
def signal_event(process: Process) -> Iterator[Finding]:
    """Signals work inside one instance and nowhere else."""
    for node in process.nodes:
        if node.has_event("signal") and node.type != "endEvent":
            yield found(node.element)


@rule(
    "conditional-boundary",
    on=Subject.PROCESS,
    message="The condition of the boundary event {element} is not asked again as time passes.",
    mend="Use a message or a timer, or decide at a gateway.",
)
def conditional_boundary(process: Process) -> Iterator[Finding]:
    """Conditional boundary events are not re-evaluated by the engine."""
    for node in process.of_type("boundaryEvent"):
        if node.has_event("conditional"):
            yield found(node.element)


@rule(
    "conditional-event",
    on=Subject.PROCESS,
    message="The conditional event {element} does not see what other branches change.",
    mend="Use a message, or a gateway behind the step that changes the value.",
)
def conditional_event(process: Process) -> Iterator[Finding]:
    """Conditional events see other branches only through data objects, which are not used."""
    for node in process.nodes:
        if node.has_event("conditional") and node.type != "boundaryEvent":
            yield found(node.element)


@rule(
    "cancel-event",
    on=Subject.PROCESS,
    message="The cancel event {element} belongs to a transaction, which is not run here.",
    mend="Use an error or an escalation event.",
)
def cancel_event(process: Process) -> Iterator[Finding]:
    """Cancel events end transactions, and those are not run."""
    yield from _with_event(process, "cancel")


@rule(
    "several-event-definitions",
    on=Subject.PROCESS,
    message="The event {element} waits for or throws several things at once.",
    mend="Draw one event for each; behind an event-based gateway where the first one counts.",
)
def several_event_definitions(process: Process) -> Iterator[Finding]:
    """An event has one event definition."""
    for node in process.nodes:
        if len(node.definitions) > 1:
            yield found(node.element)


@rule(
    "event-without-trigger",
    on=Subject.PROCESS,
    message="Nothing is said about what the event {element} waits for.",
    mend="Choose a message or a timer for it.",
)
def event_without_trigger(process: Process) -> Iterator[Finding]:
    """A catching or boundary event has an event definition."""
    for node in process.of_type("intermediateCatchEvent", "boundaryEvent"):
        if not node.definitions:
            yield found(node.element)


@rule(
    "event-in-wrong-place",
    on=Subject.PROCESS,
    message="An event like {element} cannot have the symbol “{kind}”.",
    mend="Use a plain, message or timer event there.",
)
def event_in_wrong_place(process: Process) -> Iterator[Finding]:
    """Each kind of event has its places. Source: BPMN 2.0, table 10.93."""
    for node in process.nodes:
        for kind in _MISPLACED.get(node.type, ()):
            if node.has_event(kind):
                yield found(node.element, kind=kind)


@rule(
    "error-without-code",
    on=Subject.PROCESS,
    message="The {kind} event {element} names no {kind} with a code.",
    mend="Create one with a code in the modeler and choose it there.",
)
def error_without_code(process: Process) -> Iterator[Finding]:
    """What throws an error or an escalation names its code; a catcher may leave it out."""
    for node in process.of_type("endEvent", "intermediateThrowEvent"):
        for kind in _CODED:
            if node.has_event(kind) and not _code(node, kind):
                yield found(node.element, kind=kind)


@rule(
    "uncaught-error",
    on=Subject.PROCESS,
    severity=Severity.WARNING,
    message="The {kind} thrown at {element} is caught by nobody in this process.",
    mend="Put a boundary event with the same code on the sub-process around it.",
)
def uncaught_error(process: Process) -> Iterator[Finding]:
    """An error or escalation that ends a branch is caught on a sub-process around it."""
    for node in process.of_type("endEvent", "intermediateThrowEvent"):
        for kind in _CODED:
            if node.has_event(kind) and not _is_caught(node, kind):
                yield found(node.element, kind=kind)


@rule(
    "boundary-catches-once",
    on=Subject.PROCESS,
    message="{element} catches only the first time, but “{thrower}” may throw more often.",
    mend="Let a service start a linked process where the event would be thrown.",
)
def boundary_catches_once(process: Process) -> Iterator[Finding]:
    """A non-interrupting escalation or message boundary fires once in the life of its activity.

    So what throws it may not be multi-instance, lie in something that is, or lie on a loop.
    """
    for node in process.of_type("boundaryEvent"):
        if node.is_interrupting or node.host is None:
            continue
        thrower = next((each for each in _throwers(node) if _is_repeated(each)), None)
        if thrower is not None:
            yield found(node.element, thrower=thrower.label)


_MISPLACED = {
    "startEvent": ("error", "escalation", "terminate"),
    "intermediateCatchEvent": ("error", "escalation", "terminate"),
    "intermediateThrowEvent": ("error", "terminate", "timer"),
    "endEvent": ("timer", "conditional"),
    "boundaryEvent": ("terminate",),
}


def _with_event(process: Process, kind: str) -> Iterator[Finding]:
    return (found(node.element) for node in process.nodes if node.has_event(kind))


def _reference(node: Node, kind: str) -> Reference | None:
    return node.process.diagram.referred(node.event(kind), _CODED[kind])


def _code(node: Node, kind: str) -> str:
    reference = _reference(node, kind)
    return reference.code if reference is not None else ""


def _is_caught(thrower: Node, kind: str) -> bool:
    code = _code(thrower, kind)
    return any(
        catcher.has_event(kind) and _code(catcher, kind) in ("", code)
        for owner in thrower.ancestors()
        for catcher in owner.boundaries
    )


def _throwers(catcher: Node) -> Iterator[Node]:
    """Yield what throws to `catcher`: escalations below it, messages of the whole process."""
    message = message_of(catcher)
    for node in catcher.process.nodes:
        if node.type not in EVENTS and node.type != "sendTask":
            continue
        if node.type in ("startEvent", "boundaryEvent", "intermediateCatchEvent"):
            continue
        if catcher.has_event("escalation") and node.has_event("escalation"):
            is_below = catcher.host in list(node.ancestors())
            if is_below and _code(catcher, "escalation") in ("", _code(node, "escalation")):
                yield node
        elif message is not None and message_of(node) is message:
            yield node


def _is_repeated(thrower: Node) -> bool:
    around = [thrower, *thrower.ancestors()]
    return any(each.is_multi_instance or each in each.process.looping for each in around)
