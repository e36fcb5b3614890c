"""Rules about gateways: a way for every answer, and events the engine can wait for together."""

from collections.abc import Iterator

from app.engine.lint.diagram import Node, Process
from app.engine.lint.problems import Finding, Severity, Subject, found, rule

_AWAITED = {"message", "timer", "signal"}


@rule(
    "exclusive-without-default",
    on=Subject.PROCESS,
    message="The gateway {element} has no default flow: without an answer the case stops here.",
    mend="Mark the flow that is taken when no condition holds as its default.",
)
def exclusive_without_default(process: Process) -> Iterator[Finding]:
    """An exclusive gateway with several ways on has a default flow."""
    yield from _without_default(process, "exclusiveGateway")


@rule(
    "inclusive-without-default",
    on=Subject.PROCESS,
    message="The gateway {element} has no default flow: when nothing applies the case stops here.",
    mend="Mark the flow that is taken when no condition holds as its default.",
)
def inclusive_without_default(process: Process) -> Iterator[Finding]:
    """An inclusive gateway with several ways on has a default flow."""
    yield from _without_default(process, "inclusiveGateway")


@rule(
    "default-not-outgoing",
    on=Subject.PROCESS,
    message="The default of {element} is “{flow}”, which does not begin there.",
    mend="Choose one of its own flows as the default.",
)
def default_not_outgoing(process: Process) -> Iterator[Finding]:
    """The default flow of a node is one of its own."""
    for node in process.nodes:
        own = {flow.id for flow in node.outgoing}
        if node.default_flow and node.default_flow not in own:
            yield found(node.element, flow=node.default_flow)


@rule(
    "flow-without-condition",
    on=Subject.PROCESS,
    message="The flow {element} out of “{gateway}” has no condition.",
    mend="Write the condition, or make this flow the default.",
)
def flow_without_condition(process: Process) -> Iterator[Finding]:
    """Every flow out of an exclusive or inclusive gateway has a condition or is the default."""
    for node in process.of_type("exclusiveGateway", "inclusiveGateway"):
        for flow in node.outgoing if len(node.outgoing) > 1 else ():
            if not flow.condition and flow.id != node.default_flow:
                yield found(flow.element, gateway=node.label)


@rule(
    "default-with-condition",
    on=Subject.PROCESS,
    severity=Severity.WARNING,
    message="The flow {element} is a default, so its condition is never asked.",
    mend="Remove the condition.",
)
def default_with_condition(process: Process) -> Iterator[Finding]:
    """A default flow has no condition."""
    for node in process.of_type("exclusiveGateway", "inclusiveGateway"):
        for flow in node.outgoing:
            if flow.condition is not None and flow.id == node.default_flow:
                yield found(flow.element)


@rule(
    "event-gateway-timers",
    on=Subject.PROCESS,
    message="{element} waits for {count} timers, but all of them would be due with the first.",
    mend="Keep one timer; use a receive task with two boundary timers for a reminder.",
)
def event_gateway_timers(process: Process) -> Iterator[Finding]:
    """An event-based gateway has at most one timer."""
    for node in process.of_type("eventBasedGateway"):
        count = sum(flow.target.has_event("timer") for flow in node.outgoing)
        if count > 1:
            yield found(node.element, count=count)


@rule(
    "event-gateway-targets",
    on=Subject.PROCESS,
    message="Behind {element} stands “{target}”, which is not an event it can wait for.",
    mend="Lead each of its flows to a catching message or timer event of its own.",
)
def event_gateway_targets(process: Process) -> Iterator[Finding]:
    """Behind an event-based gateway stand catching events, each reached from there alone."""
    for node in process.of_type("eventBasedGateway"):
        for flow in node.outgoing:
            if not _is_awaited(flow.target):
                target = flow.target.label
                yield found(node.element, target=target)


@rule(
    "event-gateway-single",
    on=Subject.PROCESS,
    message="{element} waits for one event only.",
    mend="Add the event that ends the waiting, or draw the event without the gateway.",
)
def event_gateway_single(process: Process) -> Iterator[Finding]:
    """An event-based gateway waits for two events or more."""
    for node in process.of_type("eventBasedGateway"):
        if len(node.outgoing) == 1:
            yield found(node.element)


def _without_default(process: Process, kind: str) -> Iterator[Finding]:
    for node in process.of_type(kind):
        if len(node.outgoing) > 1 and not node.default_flow:
            yield found(node.element)


def _is_awaited(node: Node) -> bool:
    if node.type != "intermediateCatchEvent" or len(node.incoming) > 1:
        return False
    return any(node.has_event(kind) for kind in _AWAITED)
