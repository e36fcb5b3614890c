"""The linter: everything wrong with a set of diagrams, tables, forms and labels, all at once.

`check(Bundle(...))` returns `Problem`s with file, line, element and how to mend it; the rules are
in `rules/`, their list in `RULES` and, for people, in docs/lint.md. Called by the deployment use
case and the command line; pure.
"""

from app.engine.lint.answer_types import answer_types
from app.engine.lint.checking import check
from app.engine.lint.problems import RULES, Problem, Rule, Severity
from app.engine.lint.reading import Bundle
from app.engine.lint.table_types import result_types

__all__ = [
    "RULES",
    "Bundle",
    "Problem",
    "Rule",
    "Severity",
    "answer_types",
    "check",
    "result_types",
]
