"""What the checker of FEEL found, as the rules of diagrams, tables and forms tell it."""

from collections.abc import Iterator

from app.engine.lint.diagram import Process
from app.engine.lint.texts import Text
from app.feel import Mistake, MistakeKind

NAMES = frozenset(
    {MistakeKind.UNKNOWN_VARIABLE, MistakeKind.UNKNOWN_FUNCTION, MistakeKind.UNKNOWN_ENTRY}
)
"""Mistakes about names: what is not there."""

ENTRIES = frozenset({MistakeKind.UNKNOWN_ENTRY, MistakeKind.NO_PROPERTY})
CALLS = frozenset(
    {
        MistakeKind.NOT_A_FUNCTION,
        MistakeKind.WRONG_COUNT,
        MistakeKind.UNKNOWN_PARAMETER,
        MistakeKind.WRONG_ARGUMENT,
        MistakeKind.NO_RESULT,
    }
)
OPERANDS = frozenset(
    {
        MistakeKind.WRONG_OPERANDS,
        MistakeKind.NOT_BOOLEAN,
        MistakeKind.WRONG_FILTER,
        MistakeKind.NOT_ITERABLE,
        MistakeKind.NOT_COMPARABLE,
        MistakeKind.WRONG_TEST,
    }
)
NEVER_TRUE = frozenset({MistakeKind.NEVER_EQUAL, MistakeKind.NEVER_INSTANCE})
"""What is never true as things are now; an answer given to an older form may still have been."""


def mistakes(process: Process, *kinds: MistakeKind) -> Iterator[tuple[Text, Mistake]]:
    """Yield every mistake of these kinds in the expressions of a process."""
    types = process.given.types_of(process)
    for text in process.each_text():
        checked = types.checked(text)
        for mistake in () if checked is None else checked.mistakes:
            if mistake.kind in kinds:
                yield text, mistake


def named(mistake: Mistake) -> dict[str, object]:
    """Return what fills a sentence about a name: the name, its place and the nearest known one."""
    guess = f" Did you mean “{mistake.guess}”?" if mistake.guess else ""
    return {
        "name": ".".join(mistake.path),
        "line": mistake.line,
        "column": mistake.column,
        "guess": guess,
    }


def told(mistake: Mistake) -> dict[str, object]:
    """Return what fills a sentence about any mistake: its place, what is wrong, how to mend it."""
    return {
        "line": mistake.line,
        "column": mistake.column,
        "reason": mistake.what,
        "how": mistake.mend,
    }
