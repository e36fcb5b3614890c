"""Rules about decision tables: they load, their cells compile, their names are known."""

from collections.abc import Iterator, Sequence

from lxml import etree

from app import dmn, feel
from app.dmn import DmnError
from app.engine.lint.problems import Finding, Spot, Subject, found, rule
from app.engine.lint.reading import Table
from app.feel import FeelSyntaxError

_FEEL_LANGUAGES = ("", "feel", "https://www.omg.org/spec/DMN/20191111/FEEL/")
MAX_WORK = 200_000
MIN_NAMES = 20
_TESTS = {"inputEntry", "inputValues", "outputValues", "allowedValues", "typeConstraint"}
_EXPRESSIONS = {"outputEntry", "inputExpression", "literalExpression", "defaultOutputEntry"}


@rule(
    "duplicate-decision",
    on=Subject.TABLE,
    message="The decision {element} is also in the file {other}.",
    mend="Give each decision an id of its own, or leave one of the files out.",
)
def duplicate_decision(table: Table) -> Iterator[Finding]:
    """A decision id stands for one decision of a set."""
    for decision in table.of_type("decision"):
        own = decision.get("id", "")
        first = next(each for each in table.given.tables if own in each.decisions)
        if own and first is not table:
            yield found(decision, other=first.file)


@rule(
    "no-decision",
    on=Subject.TABLE,
    message="This file holds no decision with an id, so no task can ask it.",
    mend="Give the decision an id in the modeler.",
)
def no_decision(table: Table) -> Iterator[Finding]:
    """A table's file holds a decision with an id."""
    if not any(table.decisions):
        yield found(table.root)


@rule(
    "table-feel",
    on=Subject.TABLE,
    message=(
        "The {part} {element} is no FEEL: line {line}, column {column}:"
        " expected {expected}, found {found}."
    ),
    mend="Correct the cell at that place: {text}",
)
def table_feel(table: Table) -> Iterator[Finding]:
    """Every cell and expression of a table compiles; the position is counted within the cell."""
    for element, part, text in _cells(table):
        error = _error(part, text)
        if error is not None:
            yield found(
                element,
                part=part,
                line=error.line,
                column=error.column,
                expected=error.expected,
                found=error.found,
                text=text,
            )


@rule(
    "table-too-large",
    on=Subject.TABLE,
    message="This file has {cells} cells and {names} names, which is more than can be loaded.",
    mend="Split it into several files, or several tables that ask each other.",
)
def table_too_large(table: Table) -> Iterator[Finding]:
    """Cells times names of a file are at most 200,000, since every cell may use every name.

    Such a file is not loaded, which keeps the time of a check bounded.
    """
    cells, names = _size(table)
    if is_too_large(table):
        yield found(table.root, cells=cells, names=names)


@rule(
    "table-refused",
    on=Subject.TABLE,
    message="The table cannot be used as it is: {reason}.",
    mend="Mend the element in line {line} in the modeler.",
)
def table_refused(table: Table) -> Iterator[Finding]:
    """A table is loaded as it would be for a decision; broken cells are told by `table-feel`."""
    if is_too_large(table):
        return
    told = {element.get("id", "") for element, part, text in _cells(table) if _error(part, text)}
    for error in _refusals(table):
        if error.element_id not in told:
            spot = Spot(line=max(error.line, 1), element_id=error.element_id)
            yield found(spot, reason=error.why, line=error.line)


@rule(
    "table-unknown-fact",
    on=Subject.TABLE,
    message="The {part} {element} reads “case.{fact}”, which is no fact of a case.",
    mend="Choose one of: {facts}.",
)
def table_unknown_fact(table: Table) -> Iterator[Finding]:
    """Every case.… in a table is a declared fact."""
    facts = table.given.bundle.case_facts
    for element, part, text in _cells(table):
        for path in sorted(_paths(part, text)):
            if path[0] == "case" and len(path) > 1 and path[1] not in facts:
                listed = ", ".join(sorted(facts))
                yield found(element, part=part, fact=path[1], facts=listed)


def _size(table: Table) -> tuple[int, int]:
    cells = sum(1 for _ in table.of_type("text"))
    names = sum(1 for element in table.root.iter(etree.Element) if element.get("name"))
    return cells, names


def is_too_large(table: Table) -> bool:
    """Say whether a file has more cells and names than are looked at."""
    cells, names = _size(table)
    return cells * max(names, MIN_NAMES) > MAX_WORK


def _cells(table: Table) -> Iterator[tuple[etree._Element, str, str]]:
    """Yield element, kind and FEEL text of every cell and expression written in FEEL."""
    for text in table.of_type("text"):
        table.given.deadline.check()
        element = text.getparent()
        if element is None or not (text.text or "").strip():
            continue
        part = etree.QName(element).localname
        language = element.get("expressionLanguage") or ""
        is_feel = language.lower() in _FEEL_LANGUAGES or language in _FEEL_LANGUAGES
        if part in _TESTS | _EXPRESSIONS and is_feel:
            yield element, part, (text.text or "").strip()


def _refusals(table: Table) -> Sequence[DmnError]:
    try:
        return dmn.load(table.data).problems
    except DmnError as error:
        return (error,)


def _compile(part: str, text: str) -> feel.Expression | feel.UnaryTests:
    return feel.compile_unary_tests(text) if part in _TESTS else feel.compile(text)


def _error(part: str, text: str) -> FeelSyntaxError | None:
    try:
        _compile(part, text)
    except FeelSyntaxError as error:
        return error
    return None


def _paths(part: str, text: str) -> frozenset[tuple[str, ...]]:
    try:
        return _compile(part, text).paths
    except FeelSyntaxError:
        return frozenset()
