"""Runs every rule over a set of files and returns all problems at once, in reading order.

Called by the deployment use case and the command line through `app.engine.lint.check`. Nothing a
file holds makes a check raise; what keeps its time bounded is told in `deadline`.
"""

from collections.abc import Iterator
from itertools import islice

from app.engine.lint import rules
from app.engine.lint.deadline import CheckUnfinished, Deadline
from app.engine.lint.diagram import Diagram, Process
from app.engine.lint.form_file import FormFile
from app.engine.lint.problems import (
    RULES,
    Finding,
    Problem,
    Rule,
    Severity,
    Spot,
    Subject,
    found,
    rule,
)
from app.engine.lint.reading import Bundle, Given, Labels, Table, Upload, read
from app.engine.lint.rules.processes import is_oversized

__all__ = ["LIMIT_SECONDS", "MAX_PROBLEMS", "check", "rules"]

LIMIT_SECONDS = 20.0
MAX_PROBLEMS = 1_000
_OF_OVERSIZED = frozenset({"too-many-nodes", "duplicate-process"})


@rule(
    "check-unfinished",
    on=Subject.FILE,
    message="The check of this set took longer than it may and was stopped.",
    mend="Deploy fewer or smaller files at a time.",
)
def check_unfinished(_upload: Upload) -> Iterator[Finding]:
    """A check ends after 20 seconds; what was found by then is reported."""
    return iter(())


@rule(
    "too-many-problems",
    on=Subject.FILE,
    severity=Severity.WARNING,
    message="There are more problems than the {limit} shown.",
    mend="Mend those shown and check again.",
)
def too_many_problems(_upload: Upload) -> Iterator[Finding]:
    """At most 1,000 problems are reported at once."""
    return iter(())


def check(bundle: Bundle, *, seconds: float = LIMIT_SECONDS) -> tuple[Problem, ...]:
    """Return every problem of the set, by file in the order given, then by line.

    `seconds` is how long it may take; a check that is stopped says so in its first problem.
    """
    given = Given(bundle=bundle, deadline=Deadline(seconds))
    problems: list[Problem] = []
    try:
        read(given)
        problems.extend(islice(_problems(given), MAX_PROBLEMS + 1))
    except CheckUnfinished:
        problems.append(_about_the_set("check-unfinished", bundle))
    if len(problems) > MAX_PROBLEMS:
        problems[MAX_PROBLEMS:] = [_about_the_set("too-many-problems", bundle)]
    place = {file: number for number, file in enumerate(bundle.resources)}
    return tuple(sorted(_distinct(problems), key=lambda it: (place[it.file], it.line)))


def _problems(given: Given) -> Iterator[Problem]:
    for upload in given.uploads:
        yield from _broken(Subject.FILE, upload, given)
    wrong: set[str] = set()
    for diagram in given.diagrams:
        for problem in _of_diagram(diagram, given):
            if problem.severity is Severity.ERROR:
                wrong.add(problem.file)
            yield problem
    for process in given.processes:
        if not any(each.file in wrong for each in (process, *process.called)):
            yield from _broken(Subject.RUN, process, given)
    for table in given.tables:
        yield from _broken(Subject.TABLE, table, given)
    for form in given.forms:
        yield from _broken(Subject.FORM, form, given)
    for labels in given.labels:
        yield from _broken(Subject.LABELS, labels, given)


def _of_diagram(diagram: Diagram, given: Given) -> Iterator[Problem]:
    yield from _broken(Subject.DIAGRAM, diagram, given)
    for process in diagram.processes:
        yield from _broken(Subject.PROCESS, process, given)


def _broken(
    kind: Subject, subject: Upload | Diagram | Process | Table | FormFile | Labels, given: Given
) -> Iterator[Problem]:
    for each in _rules_for(kind, subject):
        given.deadline.check()
        for finding in each.check(subject):
            yield each.problem(finding, file=subject.file)


def _rules_for(kind: Subject, subject: object) -> Iterator[Rule]:
    is_large = isinstance(subject, Process) and is_oversized(subject)
    for each in tuple(RULES.values()):
        if each.subject is kind and (not is_large or each.code in _OF_OVERSIZED):
            yield each


def _about_the_set(code: str, bundle: Bundle) -> Problem:
    return RULES[code].problem(found(Spot(), limit=MAX_PROBLEMS), file=next(iter(bundle.resources)))


def _distinct(problems: list[Problem]) -> list[Problem]:
    """A message's key is looked at once per catcher: the same problem counts once."""
    seen: dict[tuple[object, ...], Problem] = {}
    for problem in problems:
        key = (problem.rule, problem.file, problem.line, problem.element_id, problem.message)
        seen.setdefault(key, problem)
    return list(seen.values())
