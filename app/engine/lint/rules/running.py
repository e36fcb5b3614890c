"""The last rule: what all others let pass is parsed as it would be to run."""

from collections.abc import Iterator

from app.engine import definition
from app.engine.lint.diagram import Process
from app.engine.lint.problems import Finding, Subject, found, rule
from app.errors import CaseError


@rule(
    "does-not-run",
    on=Subject.RUN,
    message="The engine does not take the process {element}: {reason}",
    mend="Redraw that element in a Camunda 8 modeler.",
)
def does_not_run(process: Process) -> Iterator[Finding]:
    """A process without other errors is parsed as it would be to run, with all that it calls.

    It is asked last, since parsing a diagram that breaks a rule may take for ever.
    """
    needed = {each.id: _content(each) for each in (process, *process.called)}
    try:
        definition.load(needed, process.id)
    except CaseError as error:
        yield found(process.element, reason=error)


def _content(process: Process) -> bytes:
    given = process.given
    if process.file in given.bundle.resources:
        return given.bundle.resources[process.file]
    return given.bundle.called[process.id]
