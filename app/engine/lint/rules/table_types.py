"""Rules about names and types in a decision table: cells fit their columns, names are known."""

from collections.abc import Iterator

from app.engine.lint.diagram import Node
from app.engine.lint.mistakes import NAMES, NEVER_TRUE, told
from app.engine.lint.problems import Finding, Severity, Spot, Subject, found, rule
from app.engine.lint.reading import Table
from app.engine.lint.rules.tables import is_too_large
from app.engine.lint.table_types import Cell
from app.engine.lint.variables import RESERVED, visible
from app.feel import Mistake

_SENTENCE = "In the {part} {element}, line {line}, column {column}: {reason}."


@rule("table-unknown-name", on=Subject.TABLE, message=_SENTENCE, mend="{how}")
def table_unknown_name(table: Table) -> Iterator[Finding]:
    """A table reads what it requires, the case and what the diagrams that ask it hand to it.

    Names are only told where all of them are known: a diagram of the set asks for the table, or the
    file declares its input data.
    """
    for cell, mistake in _mistakes(table):
        is_fact = mistake.path[:1] == ("case",) and len(mistake.path) == 2
        if mistake.kind in NAMES and not is_fact:
            yield found(_spot(cell), part=cell.part, **told(mistake))


@rule("table-wrong-type", on=Subject.TABLE, message=_SENTENCE, mend="{how}")
def table_wrong_type(table: Table) -> Iterator[Finding]:
    """Operators and functions of a table get what they can work on, and cells test for values of
    the type of their column.
    """
    for cell, mistake in _mistakes(table):
        if mistake.kind not in NAMES | NEVER_TRUE:
            yield found(_spot(cell), part=cell.part, **told(mistake))


@rule(
    "table-never-true",
    on=Subject.TABLE,
    severity=Severity.WARNING,
    message=_SENTENCE,
    mend="{how}",
)
def table_never_true(table: Table) -> Iterator[Finding]:
    """A cell tests for a value that its column may have, where those are known."""
    for cell, mistake in _mistakes(table):
        if mistake.kind in NEVER_TRUE:
            yield found(_spot(cell), part=cell.part, **told(mistake))


@rule(
    "table-wrong-result",
    on=Subject.TABLE,
    message="The {part} {element} gives {given}, but {wanted} is declared there.",
    mend="Correct the cell, or the type or values declared for it: {text}",
)
def table_wrong_result(table: Table) -> Iterator[Finding]:
    """A cell or expression gives the type, and one of the values, declared for it."""
    for cell in _cells(table):
        if cell.wanted:
            yield found(
                _spot(cell), part=cell.part, given=cell.given, wanted=cell.wanted, text=cell.text
            )


@rule(
    "table-input-missing",
    on=Subject.TABLE,
    message="The input {element} is always null: “{task}” asks for it and hands in no “{name}”.",
    mend="Write a variable of that name in the diagram, or read a fact such as case.severity.",
)
def table_input_missing(table: Table) -> Iterator[Finding]:
    """What a table requires as input data is a name that the diagrams asking for it have."""
    for step in _asking(table):
        names = visible(step, is_inner=True) | RESERVED
        decision = step.extensions.decision
        asked = decision.decision_id if decision is not None else ""
        for element in table.required_inputs(asked):
            own = (element.get("name", ""), element.get("id", ""))
            if not names.intersection(own):
                yield found(element, name=own[0] or own[1], task=step.label)


def _asking(table: Table) -> Iterator[Node]:
    """Yield the steps of the set, and of what is deployed, that ask for a decision of the file."""
    for process in table.given.callable_processes.values():
        for step in process.of_type("businessRuleTask"):
            decision = step.extensions.decision
            if decision is not None and decision.decision_id in table.decisions:
                yield step


def _spot(cell: Cell) -> Spot:
    """Return where a cell is; one without an id is told by the row or the table around it."""
    around = (cell.element, *cell.element.iterancestors())
    named = next((each.get("id", "") for each in around if each.get("id")), "")
    return Spot(line=cell.element.sourceline or 1, element_id=named)


def _cells(table: Table) -> list[Cell]:
    if is_too_large(table):
        return []
    table.given.deadline.check()
    table.types.results()
    return table.types.cells


def _mistakes(table: Table) -> Iterator[tuple[Cell, Mistake]]:
    for cell in _cells(table):
        for mistake in cell.checked.mistakes:
            yield cell, mistake
