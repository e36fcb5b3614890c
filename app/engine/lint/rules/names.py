"""Rules about names: what an expression reads is known, what a step writes is free to be so."""

from collections.abc import Iterator

from app.engine.lint.diagram import Process
from app.engine.lint.expression import variables
from app.engine.lint.mistakes import mistakes, named
from app.engine.lint.problems import Finding, Subject, found, rule
from app.engine.lint.texts import Text
from app.engine.lint.variables import RESERVED, is_key_unknown, is_task_unknown
from app.feel import MistakeKind, Variable


@rule(
    "reserved-variable",
    on=Subject.PROCESS,
    message="{element} writes “{name}”, which is kept for the case itself.",
    mend="Use another name; facts change by the operation record_facts.",
)
def reserved_variable(process: Process) -> Iterator[Finding]:
    """Nothing writes case, answers or calendar: the application puts them there."""
    for node in process.nodes:
        for name in sorted((node.writes | node.local_names) & RESERVED):
            yield found(node.element, name=name)


@rule(
    "variable-name",
    on=Subject.PROCESS,
    message="{element} writes “{name}”, which is no name of a variable.",
    mend="Use letters, digits and underscores, beginning with a letter.",
)
def variable_name(process: Process) -> Iterator[Finding]:
    """A variable is one word, so that every expression can read it; a mapping may write a.b."""
    for node in process.nodes:
        targets = [mapping.target for mapping in node.extensions.outputs]
        targets += [mapping.target for mapping in node.extensions.inputs]
        for name in sorted({*targets, *node.writes, *node.local_names}):
            if not all(part.isidentifier() for part in name.split(".")):
                yield found(node.element, name=name)


@rule(
    "unknown-variable",
    on=Subject.PROCESS,
    message=(
        "The {field} of {element} reads “{name}” in line {line}, column {column},"
        " which nothing in the process writes."
    ),
    mend="Correct the name, or write it before with an output mapping or a script task.{guess}",
)
def unknown_variable(process: Process) -> Iterator[Finding]:
    """Every variable an expression reads is written by a mapping, a result or a call."""
    for text, mistake in mistakes(process, MistakeKind.UNKNOWN_VARIABLE):
        yield found(text.spot, field=text.field, **named(mistake))


@rule(
    "unknown-function",
    on=Subject.PROCESS,
    message=(
        "The {field} of {element} calls “{name}” in line {line}, column {column},"
        " which is no function."
    ),
    mend="Correct the name; only functions of FEEL and of the calendar are known.{guess}",
)
def unknown_function(process: Process) -> Iterator[Finding]:
    """Only FEEL's own functions and those of the calendar are called."""
    for text, mistake in mistakes(process, MistakeKind.UNKNOWN_FUNCTION):
        yield found(text.spot, field=text.field, **named(mistake))


@rule(
    "unknown-fact",
    on=Subject.PROCESS,
    message="The {field} of {element} reads “case.{fact}”, which is no fact of a case.",
    mend="Choose one of: {facts}.",
)
def unknown_fact(process: Process) -> Iterator[Finding]:
    """Every case.… in an expression is a declared fact."""
    facts = process.given.bundle.case_facts
    for text, variable in _read(process):
        if variable.path[0] == "case" and len(variable.path) > 1 and variable.path[1] not in facts:
            listed = ", ".join(sorted(facts))
            yield found(text.spot, field=text.field, fact=variable.path[1], facts=listed)


@rule(
    "unknown-answering-task",
    on=Subject.PROCESS,
    message="The {field} of {element} reads “{answer}”, but no user task is called “{task}”.",
    mend="Correct it to answers.<user task>.<key of its form>.",
)
def unknown_answering_task(process: Process) -> Iterator[Finding]:
    """Every answers.<task> names a user task or a start event with a form."""
    for text, variable in _read(process):
        if is_task_unknown(variable.path, process.given):
            answer, task = ".".join(variable.path), variable.path[1]
            yield found(text.spot, field=text.field, answer=answer, task=task)


@rule(
    "unknown-answer",
    on=Subject.PROCESS,
    message="The {field} of {element} reads “{answer}”, but the form asks for no “{key}”.",
    mend="Correct the key, or add the field to the form of {task}.",
)
def unknown_answer(process: Process) -> Iterator[Finding]:
    """Every answers.<task>.<key> names a key of the task's form."""
    for text, variable in _read(process):
        if is_key_unknown(variable.path, process.given):
            answer, (_, task, key, *_rest) = ".".join(variable.path), variable.path
            yield found(text.spot, field=text.field, answer=answer, task=task, key=key)


def _read(process: Process) -> Iterator[tuple[Text, Variable]]:
    for text in process.each_text():
        for variable in variables(text.feel) if text.feel else ():
            yield text, variable
