"""Rules about call activities: the called process exists, and only named values cross over."""

from collections.abc import Iterator

from app.engine.dialect import feel_of
from app.engine.lint.diagram import Node, Process
from app.engine.lint.problems import Finding, Severity, Subject, found, rule


@rule(
    "call-without-process",
    on=Subject.PROCESS,
    message="The call activity {element} names no process.",
    mend="Write the id of the process it calls.",
)
def call_without_process(process: Process) -> Iterator[Finding]:
    """A call activity names the process it runs."""
    for node in process.of_type("callActivity"):
        if not _called_id(node):
            yield found(node.element)


@rule(
    "called-process-missing",
    on=Subject.PROCESS,
    message="The process “{process}” that {element} calls does not exist.",
    mend="Deploy it with this diagram, or correct the process id.",
)
def called_process_missing(process: Process) -> Iterator[Finding]:
    """A called process is part of the set or deployed already."""
    known = process.given.callable_processes
    for node in process.of_type("callActivity"):
        called = _called_id(node)
        if called and feel_of(called) is None and called not in known:
            yield found(node.element, process=called)


@rule(
    "call-without-mappings",
    on=Subject.PROCESS,
    message="The call activity {element} has no {missing} mappings.",
    mend="Map what the called process needs in and what it gives back out, name by name.",
)
def call_without_mappings(process: Process) -> Iterator[Finding]:
    """A call activity has input and output mappings: loop counters leak into the call otherwise."""
    for node in process.of_type("callActivity"):
        if not node.extensions.inputs:
            yield found(node.element, missing="input")
        if not node.extensions.outputs:
            yield found(node.element, missing="output")


@rule(
    "call-propagates-all",
    on=Subject.PROCESS,
    severity=Severity.WARNING,
    message="{element} asks for all variables of the called process; only mapped ones come back.",
    mend="Switch “Propagate all variables” off and map the outputs.",
)
def call_propagates_all(process: Process) -> Iterator[Finding]:
    """Nothing crosses from a called process but its output mappings."""
    for node in process.of_type("callActivity"):
        called = node.extensions.called_process
        if called is not None and called.propagates_all_child_variables:
            yield found(node.element)


@rule(
    "calls-itself",
    on=Subject.PROCESS,
    message="By way of {element} the process calls itself, without end.",
    mend="Draw the repetition as a loop, or start a linked process.",
)
def calls_itself(process: Process) -> Iterator[Finding]:
    """No process calls itself, directly or through others."""
    for node in process.of_type("callActivity"):
        if process.id in _reached(process, _called_id(node)):
            yield found(node.element)


def _called_id(node: Node) -> str:
    called = node.extensions.called_process
    return called.process_id.strip() if called is not None else ""


def _reached(process: Process, called: str) -> set[str]:
    seen: set[str] = set()
    waiting = [called]
    while waiting:
        target = process.given.callable_processes.get(waiting.pop())
        if target is not None and target.id not in seen:
            seen.add(target.id)
            waiting.extend(_called_id(node) for node in target.of_type("callActivity"))
    return seen
