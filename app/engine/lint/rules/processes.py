"""Rules about a process as a whole: its size, its beginning, its ends, its name among others."""

from collections.abc import Iterator

from app.engine.lint.diagram import Process, Scope
from app.engine.lint.problems import Finding, Severity, Subject, found, rule

MAX_NODES = 300


def is_oversized(process: Process) -> bool:
    """Say whether a process is too large to be looked at further (or ever run)."""
    flows = sum(len(scope.flows) for scope in process.scopes)
    return len(process.nodes) > MAX_NODES or flows > 4 * MAX_NODES


@rule(
    "too-many-nodes",
    on=Subject.PROCESS,
    message="{element} has {nodes} nodes and {flows} flows; a process may have {limit} nodes.",
    mend="Move parts of it into called processes.",
)
def too_many_nodes(process: Process) -> Iterator[Finding]:
    """A process has at most 300 nodes: the engine reads a chain by recursion, which ends at 490.

    Such a process is not looked at further, which keeps the time of a check bounded.
    """
    if is_oversized(process):
        flows = sum(len(scope.flows) for scope in process.scopes)
        yield found(process.element, nodes=len(process.nodes), flows=flows, limit=MAX_NODES)


@rule(
    "duplicate-process",
    on=Subject.PROCESS,
    message="The process {element} is defined more than once in this set.",
    mend="Give each process an id of its own, or leave one of the files out.",
)
def duplicate_process(process: Process) -> Iterator[Finding]:
    """A process id stands for one process of a set; versions follow each other in time."""
    first = next(each for each in process.given.processes if each.id == process.id)
    if first is not process:
        yield found(process.element)


@rule(
    "no-start-event",
    on=Subject.PROCESS,
    message="{element} has no start event, so nothing in it ever begins.",
    mend="Draw a start event and connect it to the first step.",
)
def no_start_event(process: Process) -> Iterator[Finding]:
    """A process and each of its sub-processes begin with a start event."""
    for scope in _playable(process):
        if not any(scope.of_type("startEvent")):
            yield found(scope.element)


@rule(
    "no-end-event",
    on=Subject.PROCESS,
    message="{element} has no end event.",
    mend="Draw an end event for each way it can end.",
)
def no_end_event(process: Process) -> Iterator[Finding]:
    """A process and each of its sub-processes end with an end event."""
    for scope in _playable(process):
        if not any(scope.of_type("endEvent")):
            yield found(scope.element)


@rule(
    "none-start-beside-message-start",
    on=Subject.PROCESS,
    message="The plain start {element} runs at once, and the message of the other start is lost.",
    mend="Keep the message start alone; a form can send the message too.",
)
def none_start_beside_message_start(process: Process) -> Iterator[Finding]:
    """A process started by a message has no plain start event beside it."""
    starts = list(process.scopes[0].of_type("startEvent"))
    if any(start.has_event("message") for start in starts):
        yield from (found(start.element) for start in starts if not start.definitions)


@rule(
    "several-starts",
    on=Subject.PROCESS,
    message="{element} is one start event too many.",
    mend="Keep one start event; let the other ways in send its message.",
)
def several_starts(process: Process) -> Iterator[Finding]:
    """A process begins in one way: one start event, of one kind."""
    starts = list(process.scopes[0].of_type("startEvent"))
    is_mixed = any(start.has_event("message") for start in starts) and any(
        not start.definitions for start in starts
    )
    if not is_mixed:
        yield from (found(start.element) for start in starts[1:])


@rule(
    "sub-process-start",
    on=Subject.PROCESS,
    message="The sub-process {element} needs exactly one plain start event.",
    mend="Keep one start event without a symbol in it.",
)
def sub_process_start(process: Process) -> Iterator[Finding]:
    """An embedded sub-process has exactly one start event, and that without a trigger."""
    for scope in _playable(process)[1:]:
        starts = list(scope.of_type("startEvent"))
        if len(starts) > 1 or any(start.definitions for start in starts):
            yield found(scope.element)


@rule(
    "timer-start",
    on=Subject.PROCESS,
    severity=Severity.WARNING,
    message="Nobody starts a case because the timer {element} is due.",
    mend="Use a message start; the application's scheduler sends the message.",
)
def timer_start(process: Process) -> Iterator[Finding]:
    """What begins by the calendar is begun by the application, not by a timer start."""
    for start in process.scopes[0].of_type("startEvent"):
        if start.has_event("timer"):
            yield found(start.element)


@rule(
    "duplicate-sub-process",
    on=Subject.PROCESS,
    message="The sub-process id {element} is also used in the process {other}.",
    mend="Give the sub-process another id; processes that call each other share one list of ids.",
)
def duplicate_sub_process(process: Process) -> Iterator[Finding]:
    """Sub-processes of a process and of all it calls have different ids."""
    known = _names_of_called(process)
    for scope in process.scopes[1:]:
        own = scope.element.get("id", "")
        if own in known:
            yield found(scope.element, other=known[own])


def _names_of_called(process: Process) -> dict[str, str]:
    """Map process and sub-process ids of everything called, however deep, to their process."""
    names: dict[str, str] = {}
    for target in process.called:
        names.update((scope.element.get("id", ""), target.id) for scope in target.scopes)
    return names


def _playable(process: Process) -> list[Scope]:
    """The scopes that begin and end by themselves: ad hoc and event sub-processes are refused."""
    return [
        scope
        for scope in process.scopes
        if scope.owner is None
        or (scope.owner.type != "adHocSubProcess" and not is_event_sub_process(scope))
    ]


def is_event_sub_process(scope: Scope) -> bool:
    """Say whether a scope is a sub-process that an event triggers."""
    return scope.element.get("triggeredByEvent") == "true"
