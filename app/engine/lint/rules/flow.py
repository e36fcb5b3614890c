"""Rules about the way of a token: nothing unreachable, nothing without a way on, ends that end."""

from collections.abc import Iterator

from app.engine.lint.diagram import ACTIVITIES, GATEWAYS, Node, Process, Scope
from app.engine.lint.graph import predecessors, reachable
from app.engine.lint.problems import Finding, Severity, Subject, found, rule

_CONDITIONAL = {"exclusiveGateway", "inclusiveGateway"}
_NO_ORPHANS = {"startEvent", "boundaryEvent"}


@rule(
    "orphan",
    on=Subject.PROCESS,
    message="Nothing leads to {element}: it can never be reached.",
    mend="Connect it to the step before it, or delete it.",
)
def orphan(process: Process) -> Iterator[Finding]:
    """Every node can be reached from the start of its scope."""
    for scope in process.scopes:
        starts = list(scope.of_type("startEvent"))
        if not starts or _is_ad_hoc(scope):
            continue
        reached = reachable(starts)
        yield from (found(node.element) for node in scope.nodes if _is_lost(node, reached))


@rule(
    "dead-end",
    on=Subject.PROCESS,
    message="{element} has no way on.",
    mend="Connect it to the next step or to an end event.",
)
def dead_end(process: Process) -> Iterator[Finding]:
    """Every node but an end event has an outgoing sequence flow."""
    for scope in process.scopes:
        if _is_ad_hoc(scope):
            continue
        for node in scope.nodes:
            if not node.outgoing and node.type != "endEvent" and not _is_exempt(node):
                yield found(node.element)


@rule(
    "no-way-out",
    on=Subject.PROCESS,
    severity=Severity.WARNING,
    message="From {element} no end can be reached: what comes here never ends.",
    mend="Give the loop a way out to an end event.",
)
def no_way_out(process: Process) -> Iterator[Finding]:
    """From every reachable node an end event can be reached; dead ends are told separately."""
    for scope in process.scopes:
        ends = [node for node in scope.nodes if not node.outgoing]
        if not any(node.type == "endEvent" for node in ends):
            continue
        ending = reachable(ends, step=predecessors)
        reached = reachable(scope.of_type("startEvent"))
        stuck = [node for node in scope.nodes if node in reached and node not in ending]
        yield from (found(node.element) for node in stuck[:1])


@rule(
    "loose-flow",
    on=Subject.PROCESS,
    message="The flow {element} does not connect two nodes of one level.",
    mend="Draw it again between two nodes of the same process or sub-process.",
)
def loose_flow(process: Process) -> Iterator[Finding]:
    """A sequence flow begins and ends in its own scope, at nodes that exist."""
    for scope in process.scopes:
        yield from (found(element) for element in scope.loose_flows)


@rule(
    "flow-wrong-way",
    on=Subject.PROCESS,
    message="A flow leads {direction} {element}, where none may.",
    mend="Delete that flow or turn it round.",
)
def flow_wrong_way(process: Process) -> Iterator[Finding]:
    """No flow enters a start or a boundary event, and none leaves an end event."""
    for node in process.nodes:
        if node.type in _NO_ORPHANS and node.incoming:
            yield found(node.element, direction="into")
        if node.type == "endEvent" and node.outgoing:
            yield found(node.element, direction="out of")


@rule(
    "implicit-split",
    on=Subject.PROCESS,
    message="{element} has {count} ways on, but is no gateway.",
    mend="Put a gateway behind it that says whether one or all of the ways are taken.",
)
def implicit_split(process: Process) -> Iterator[Finding]:
    """Only gateways split: the engine refuses several flows out of a task or an event."""
    for node in process.nodes:
        if len(node.outgoing) > 1 and node.type not in GATEWAYS:
            yield found(node.element, count=len(node.outgoing))


@rule(
    "condition-ignored",
    on=Subject.PROCESS,
    message="The condition of the flow {element} is never asked.",
    mend="Put an exclusive gateway before it, or remove the condition.",
)
def condition_ignored(process: Process) -> Iterator[Finding]:
    """Conditions stand on flows out of exclusive and inclusive gateways only."""
    for scope in process.scopes:
        for flow in scope.flows:
            if flow.condition is not None and flow.source.type not in _CONDITIONAL:
                yield found(flow.element)


@rule(
    "boundary-unattached",
    on=Subject.PROCESS,
    message="The boundary event {element} hangs on no activity.",
    mend="Drop it on the border of a task, a sub-process or a call activity.",
)
def boundary_unattached(process: Process) -> Iterator[Finding]:
    """A boundary event hangs on an activity of its own scope."""
    for node in process.of_type("boundaryEvent"):
        if node.host is None or node.host.type not in ACTIVITIES:
            yield found(node.element)


@rule(
    "terminate-end",
    on=Subject.PROCESS,
    message="The terminate end {element} cancels everything that is still open in the process.",
    mend="Use a plain end event; end others early in a sub-process of their own.",
)
def terminate_end(process: Process) -> Iterator[Finding]:
    """Terminate ends stand in sub-processes only, where they end the branches of that one."""
    for node in process.scopes[0].of_type("endEvent"):
        if node.has_event("terminate"):
            yield found(node.element)


@rule(
    "withdrawal-misses-tail",
    on=Subject.PROCESS,
    severity=Severity.WARNING,
    message="After {element} the case ends differently than after {host}: no step is shared.",
    mend="Lead both to the same closing steps.",
)
def withdrawal_misses_tail(process: Process) -> Iterator[Finding]:
    """Every way out of a sub-process, an interrupting message included, reaches one tail."""
    for node in process.of_type("boundaryEvent"):
        host = node.host
        if host is None or host.type != "subProcess":
            continue
        if node.is_interrupting and node.has_event("message"):
            regular = reachable(flow.target for flow in host.outgoing)
            if regular and not regular & reachable([node]):
                yield found(node.element, host=host.label)


def _is_lost(node: Node, reached: set[Node]) -> bool:
    if node in reached or node.type == "startEvent" or _is_exempt(node):
        return False
    return node.type != "boundaryEvent" or (node.host is not None and node.host not in reached)


def _is_exempt(node: Node) -> bool:
    """What other rules refuse as a whole: event sub-processes and compensation handlers."""
    is_event_triggered = node.element.get("triggeredByEvent") == "true"
    is_handler = node.element.get("isForCompensation") == "true"
    return is_event_triggered or is_handler or node.has_event("compensate")


def _is_ad_hoc(scope: Scope) -> bool:
    return scope.owner is not None and scope.owner.type == "adHocSubProcess"
