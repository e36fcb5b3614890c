"""Rules about the expressions of a diagram: they compile, and stand where FEEL is expected."""

from collections.abc import Iterator

from app.engine.lint.diagram import Node, Process
from app.engine.lint.expression import syntax_error
from app.engine.lint.problems import Finding, Subject, found, rule

_MUST_BE_FEEL = {
    "conditionExpression",
    "completionCondition",
    "script",
    "inputCollection",
    "outputElement",
    "correlationKey",
}


@rule(
    "feel-syntax",
    on=Subject.PROCESS,
    message=(
        "The {field} of {element} is no FEEL: line {line}, column {column}:"
        " expected {expected}, found {found}."
    ),
    mend="Correct the expression at that place: {text}",
)
def feel_syntax(process: Process) -> Iterator[Finding]:
    """Every expression of a diagram compiles; the position is counted within the expression."""
    for text in process.each_text():
        error = syntax_error(text.feel) if text.feel else None
        if error is not None:
            yield found(
                text.spot,
                field=text.field,
                line=error.line,
                column=error.column,
                expected=error.expected,
                found=error.found,
                text=text.written,
            )


@rule(
    "literal-instead-of-feel",
    on=Subject.PROCESS,
    message="The {field} of {element} is the fixed text “{text}”, so nothing is ever computed.",
    mend="Write = before it to make it an expression.",
)
def literal_instead_of_feel(process: Process) -> Iterator[Finding]:
    """Conditions, scripts, collections and correlation keys are FEEL: they begin with =."""
    for text in process.each_text():
        if text.field in _MUST_BE_FEEL and text.written.strip() and text.feel is None:
            yield found(text.spot, field=text.field, text=text.written)


@rule(
    "empty-expression",
    on=Subject.PROCESS,
    message="The {field} of {element} is empty.",
    mend="Write the expression, or remove the field.",
)
def empty_expression(process: Process) -> Iterator[Finding]:
    """A mapping, condition or other expression that is there has a text."""
    for text in process.each_text():
        if text.field != "inputCollection" and not text.written.strip().removeprefix("=").strip():
            yield found(text.spot, field=text.field)


@rule(
    "script-incomplete",
    on=Subject.PROCESS,
    message="The script task {element} lacks its {missing}.",
    mend="Write a FEEL expression and the name of the variable that takes its result.",
)
def script_incomplete(process: Process) -> Iterator[Finding]:
    """A script task is a FEEL expression with a result variable, or a job; never program code."""
    for node in process.of_type("scriptTask"):
        missing = _missing_of_script(node)
        if missing:
            yield found(node.element, missing=missing)


def _missing_of_script(node: Node) -> str:
    script = node.extensions.script
    if script is None:
        return "" if node.extensions.job is not None else "FEEL expression"
    if not script.expression.strip():
        return "FEEL expression"
    return "" if script.result_variable.strip() else "result variable"
