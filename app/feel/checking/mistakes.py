"""What the checker finds wrong in an expression before it ever runs: kind, place and two sentences.

`what` says what is wrong, `mend` how to mend it; both are filled here, so that the lint of
diagrams, tables and forms says the same of the same mistake.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from itertools import islice

MAX_LISTED = 12
_MAX_COMPARED = 100


class MistakeKind(StrEnum):
    """What sort of mistake it is; stable, rules of the lint go by it."""

    UNKNOWN_VARIABLE = "unknown variable"
    UNKNOWN_ENTRY = "unknown entry"
    UNKNOWN_FUNCTION = "unknown function"
    NO_PROPERTY = "no such property"
    NOT_A_FUNCTION = "not a function"
    WRONG_COUNT = "wrong number of arguments"
    UNKNOWN_PARAMETER = "unknown parameter"
    WRONG_ARGUMENT = "wrong argument"
    NO_RESULT = "no result"
    WRONG_OPERANDS = "wrong operands"
    NOT_COMPARABLE = "not comparable"
    NEVER_EQUAL = "never equal"
    NOT_BOOLEAN = "not a boolean"
    WRONG_FILTER = "wrong filter"
    NOT_ITERABLE = "not iterable"
    NEVER_INSTANCE = "never an instance"
    WRONG_TEST = "wrong test"


SENTENCES: dict[MistakeKind, tuple[str, str]] = {
    MistakeKind.UNKNOWN_VARIABLE: (
        "“{name}” is no variable here",
        "{guess}Correct the name, or see to it that the variable is there.",
    ),
    MistakeKind.UNKNOWN_ENTRY: (
        "{of} has no entry “{name}”",
        "{guess}Choose one of: {known}.",
    ),
    MistakeKind.UNKNOWN_FUNCTION: (
        "“{name}” is no function",
        "{guess}Call a function of FEEL or one that is handed in.",
    ),
    MistakeKind.NO_PROPERTY: (
        "a {type} has no “{name}”",
        "Read “{name}” of a value that has it, or remove it.",
    ),
    MistakeKind.NOT_A_FUNCTION: (
        "{name} is a {type}, not a function",
        "Put an operator between the value and the parenthesis, or call a function.",
    ),
    MistakeKind.WRONG_COUNT: (
        "{name}() takes {wanted}, not {count}",
        "Call it like {usage}.",
    ),
    MistakeKind.UNKNOWN_PARAMETER: (
        "{name}() has no parameters of these names: {given}",
        "Call it like {usage}.",
    ),
    MistakeKind.WRONG_ARGUMENT: (
        "{parameter} of {name}() is a {wanted}, not a {type}",
        "Give it a {wanted}{hint}.",
    ),
    MistakeKind.NO_RESULT: (
        "this gives no value: {reason}",
        "Correct what stands in the parentheses.",
    ),
    MistakeKind.WRONG_OPERANDS: (
        "{operation} can only give null",
        "Make both sides fit each other{hint}.",
    ),
    MistakeKind.NOT_COMPARABLE: (
        "{operation} is never true",
        "Compare two values of one type{hint}.",
    ),
    MistakeKind.NEVER_EQUAL: (
        "“{value}” is never the value of {of}",
        "{guess}Choose one of: {known}.",
    ),
    MistakeKind.NOT_BOOLEAN: (
        "{part} is a {type}, not a boolean",
        "Compare it with something, so that it is true or false.",
    ),
    MistakeKind.WRONG_FILTER: (
        "the filter is a {type}, so it never chooses anything",
        "Write a condition or the number of an item into the brackets.",
    ),
    MistakeKind.NOT_ITERABLE: (
        "a {type} cannot be gone through",
        "Go through a list or a range{hint}.",
    ),
    MistakeKind.NEVER_INSTANCE: (
        "a {type} is never an instance of {wanted}",
        "Test for a type the value may have, or remove the test.",
    ),
    MistakeKind.WRONG_TEST: (
        "a {type} never passes {test}",
        "Test for a {type}{hint}.",
    ),
}


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something that can only give null, or never be true; place from 1.

    `path` is the name with what is read of it where the mistake is about a name.
    """

    kind: MistakeKind
    line: int
    column: int
    path: tuple[str, ...]
    what: str
    mend: str
    guess: str


def sentences(kind: MistakeKind, params: dict[str, str]) -> tuple[str, str]:
    """Return what is wrong and how to mend it; `hint` and `guess` may be left out."""
    what, mend = SENTENCES[kind]
    guess = f"Did you mean “{params['guess']}”? " if params.get("guess") else ""
    filled = {"hint": "", **params, "guess": guess}
    return what.format_map(filled), mend.format_map(filled)


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the known name that looks most like one nobody knows, or an empty string."""
    reach = 2 + len(name) // 3
    alike = (each for each in known if abs(len(each) - len(name)) <= reach)
    candidates = list(islice(alike, _MAX_COMPARED))
    lowered = {each.lower(): each for each in reversed(candidates)}
    found = get_close_matches(name.lower()[:100], lowered, n=1, cutoff=0.6)
    return lowered[found[0]] if found else ""


def listed(names: Iterable[str]) -> str:
    """Return names in a row, the last ones left out where there are many."""
    every = list(names)
    if not every:
        return "nothing"
    rest = ", …" if len(every) > MAX_LISTED else ""
    return ", ".join(every[:MAX_LISTED]) + rest
