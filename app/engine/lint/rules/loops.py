"""Rules about cycles: each turns at a gateway, waits somewhere, and joins nothing of its own."""

from collections.abc import Iterator

from lxml import etree

from app.engine.lint.diagram import BPMN, SUB_PROCESSES, Node, Process
from app.engine.lint.graph import cycles, first, reachable
from app.engine.lint.problems import Finding, Severity, Subject, found, rule

_DECIDING = {"exclusiveGateway", "inclusiveGateway", "eventBasedGateway", "boundaryEvent"}
_WAITING = {
    "userTask",
    "receiveTask",
    "intermediateCatchEvent",
    "eventBasedGateway",
    "callActivity",
}


def is_waiting(node: Node) -> bool:
    """Say whether a token stops here until somebody acts, a message comes or time passes."""
    if node.type == "boundaryEvent":
        return node.has_event("timer") or node.has_event("message") or node.has_event("signal")
    if node.type == "serviceTask":
        job = node.extensions.job
        return job is not None and job.job_type not in node.process.given.bundle.operations
    if node.type in SUB_PROCESSES:
        return any(is_waiting(each) for each in node.process.nodes if each.scope.owner is node)
    return node.type in _WAITING


@rule(
    "cycle-without-gateway",
    on=Subject.PROCESS,
    message="The loop at {element} has no gateway where it could end.",
    mend="Put an exclusive gateway into the loop that decides whether it goes round again.",
)
def cycle_without_gateway(process: Process) -> Iterator[Finding]:
    """Every cycle holds an exclusive or event gateway or a boundary event."""
    for scope in process.scopes:
        for part in cycles(scope, without=lambda node: node.type in _DECIDING):
            yield found(first(part, scope=scope).element)


@rule(
    "loop-without-wait",
    on=Subject.PROCESS,
    message="The loop at {element} never waits: it would go round without end.",
    mend="Let the loop pass a user task, a receive task, a timer or a message.",
)
def loop_without_wait(process: Process) -> Iterator[Finding]:
    """Every cycle waits for somebody or something; the engine stops a step after 1,000 tasks."""
    for scope in process.scopes:
        for part in cycles(scope, without=is_waiting):
            yield found(first(part, scope=scope).element)


@rule(
    "join-on-cycle",
    on=Subject.PROCESS,
    message="The join {element} lies on a loop: on the second pass it lets a token through early.",
    mend="Put split and join into a sub-process that the loop enters anew.",
)
def join_on_cycle(process: Process) -> Iterator[Finding]:
    """No parallel or inclusive join lies on a cycle of its own scope."""
    for node in process.of_type("parallelGateway", "inclusiveGateway"):
        if len(node.incoming) > 1 and node in process.looping:
            yield found(node.element)


@rule(
    "split-on-cycle",
    on=Subject.PROCESS,
    severity=Severity.WARNING,
    message="The split {element} lies on a loop: each pass leaves more branches running.",
    mend="Put the branches into a sub-process that the loop enters anew.",
)
def split_on_cycle(process: Process) -> Iterator[Finding]:
    """No parallel or inclusive split lies on a cycle of its own scope."""
    for node in process.of_type("parallelGateway", "inclusiveGateway"):
        if len(node.outgoing) > 1 and len(node.incoming) < 2 and node in process.looping:
            yield found(node.element)


@rule(
    "timeout-to-same-task",
    on=Subject.PROCESS,
    message="When {element} is due, the way leads straight back to {host}.",
    mend="Lead it on to the next step, or let the task keep running with a reminder beside it.",
)
def timeout_to_same_task(process: Process) -> Iterator[Finding]:
    """An interrupting timer does not lead back to its own task without a wait in between.

    A user task would lose its draft and its assignee; a date that has passed fires for ever. A
    receive task that starts its reminder anew by a duration is the one exception.
    """
    for node in process.of_type("boundaryEvent"):
        host, timer = node.host, node.event("timer")
        if host is None or timer is None or not node.is_interrupting:
            continue
        if host.type == "userTask" or not _is_relative(timer):
            behind = reachable(
                (flow.target for flow in node.outgoing), passes=lambda each: not is_waiting(each)
            )
            if host in behind:
                yield found(node.element, host=host.label)


@rule(
    "relative-limit-in-loop",
    on=Subject.PROCESS,
    severity=Severity.WARNING,
    message="The timer {element} starts anew on every pass of its loop, so it is no total limit.",
    mend="Compute the date before the loop in a script task and wait until that date.",
)
def relative_limit_in_loop(process: Process) -> Iterator[Finding]:
    """A limit that leaves a looping event gateway is a date, not a duration."""
    for gateway in process.of_type("eventBasedGateway"):
        for flow in gateway.outgoing if gateway in process.looping else ():
            timer = flow.target.event("timer")
            is_leaving = flow.target not in process.looping
            if is_leaving and timer is not None and _is_relative(timer):
                yield found(flow.target.element)


def _is_relative(timer: etree._Element) -> bool:
    return timer.find(f"{BPMN}timeDuration") is not None
