"""Rules about types in a diagram: what an expression does with its values can come to something."""

from collections.abc import Iterator, Mapping

from app.engine.lint.diagram import Process
from app.engine.lint.expression import constant
from app.engine.lint.mistakes import CALLS, ENTRIES, NEVER_TRUE, OPERANDS, mistakes, told
from app.engine.lint.problems import Finding, Severity, Subject, found, rule
from app.engine.lint.rules.resources import RECORD_FACTS
from app.engine.lint.texts import Text
from app.feel.checking.calls import may_stand_for
from app.feel.checking.known import (
    BOOLEAN,
    CONTEXT,
    DATE_TIME,
    LIST,
    NUMBER,
    STRING,
    Record,
    in_words,
    join,
    kinds_of_type,
    may_be,
)
from app.feel.checking.mistakes import MistakeKind
from app.feel.types import SIMPLE, FeelType, ListType
from app.feel.values import Kind

_DURATIONS = (SIMPLE["days and time duration"], SIMPLE["years and months duration"])
_PEOPLE = join(STRING, ListType(STRING))
_WANTED: Mapping[str, FeelType] = {
    "conditionExpression": BOOLEAN,
    "completionCondition": BOOLEAN,
    "timeDate": join(DATE_TIME, STRING),
    "timeDuration": join(*_DURATIONS, STRING),
    "timeCycle": STRING,
    "dueDate": join(DATE_TIME, STRING),
    "followUpDate": join(DATE_TIME, STRING),
    "priority": join(NUMBER, STRING),
    "retries": join(NUMBER, STRING),
    "assignee": join(STRING, NUMBER),
    "candidateGroups": _PEOPLE,
    "candidateUsers": _PEOPLE,
    "inputCollection": join(LIST, CONTEXT),
    "correlationKey": join(STRING, NUMBER),
}
_TIMERS = frozenset({"timeDate", "timeDuration", "timeCycle", "dueDate", "followUpDate"})
_SENTENCE = "In the {field} of {element}, line {line}, column {column}: {reason}."


@rule("unknown-entry", on=Subject.PROCESS, message=_SENTENCE, mend="{how}")
def unknown_entry(process: Process) -> Iterator[Finding]:
    """What is read of a value is there: an entry of a context, a part of a date."""
    for text, mistake in mistakes(process, *ENTRIES):
        is_told = mistake.path[:1] in (("case",), ("answers",)) and len(mistake.path) < 4
        if not is_told or mistake.kind is MistakeKind.NO_PROPERTY:
            yield found(text.spot, field=text.field, **told(mistake))


@rule("wrong-call", on=Subject.PROCESS, message=_SENTENCE, mend="{how}")
def wrong_call(process: Process) -> Iterator[Finding]:
    """A function gets as many arguments as it takes, of its types, and can make something of them.

    A date, a duration or a regular expression that is written out can be read.
    """
    for text, mistake in mistakes(process, *CALLS):
        yield found(text.spot, field=text.field, **told(mistake))


@rule("wrong-operands", on=Subject.PROCESS, message=_SENTENCE, mend="{how}")
def wrong_operands(process: Process) -> Iterator[Finding]:
    """Operators get what they can work on: no text is added to a number or compared with a date,
    conditions are true or false, what is gone through is a list.
    """
    for text, mistake in mistakes(process, *OPERANDS):
        yield found(text.spot, field=text.field, **told(mistake))


@rule(
    "never-true",
    on=Subject.PROCESS,
    severity=Severity.WARNING,
    message=_SENTENCE,
    mend="{how}",
)
def never_true(process: Process) -> Iterator[Finding]:
    """A comparison can be true: a choice is one that its form offers or its table gives."""
    for text, mistake in mistakes(process, *NEVER_TRUE):
        yield found(text.spot, field=text.field, **told(mistake))


@rule(
    "wrong-result",
    on=Subject.PROCESS,
    message="The {field} of {element} is a {given}, but a {wanted} is needed there.",
    mend="Write an expression that gives a {wanted}.",
)
def wrong_result(process: Process) -> Iterator[Finding]:
    """An expression gives what its place needs: a condition true or false, a time an instant or a
    duration, candidate groups a text or a list of texts, a recorded fact the type of the fact.
    """
    types = process.given.types_of(process)
    for text in process.each_text():
        wanted = _wanted(text)
        if wanted is None or text.feel is None or _is_judged(text, text.feel):
            continue
        given = types.result_of(text)
        if not _fits(given, wanted):
            yield found(text.spot, field=text.field, given=in_words(given), wanted=in_words(wanted))


def _wanted(text: Text) -> FeelType | None:
    job = text.node.extensions.job
    if job is not None and job.job_type == RECORD_FACTS and text.field.startswith("input "):
        case = text.node.process.given.case_type
        fact = text.field.removeprefix("input ")
        of = case.entries.get(fact) if isinstance(case, Record) else None
        return join(of, STRING) if of == DATE_TIME else of
    return _WANTED.get(text.field)


def _is_judged(text: Text, expression: str) -> bool:
    """Constant times have rules of their own, which also read them."""
    return text.field in _TIMERS and constant(expression) is not None


def _fits(given: FeelType, wanted: FeelType) -> bool:
    """Say whether a value may be of the kind that is wanted, with items that may be too.

    Unlike in FEEL no list of one counts as its item here, and no date as a date and time.
    """
    own, asked = kinds_of_type(given), kinds_of_type(wanted)
    if own is None or asked is None:
        return True
    if own == {Kind.LIST} and Kind.LIST in asked and may_be(wanted, Kind.STRING):
        return isinstance(given, ListType) and may_stand_for(given.item, STRING)
    return not own.isdisjoint(asked)
