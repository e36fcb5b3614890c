"""Checking names and paths: what is known, what has which entry, what a moment has for parts."""

from app.feel.builtins import BUILTINS
from app.feel.checking.exemplars import OPERANDS, outcome
from app.feel.checking.known import (
    FUNCTION,
    NULL,
    Record,
    choices_of,
    in_words,
    join,
    kinds_of_type,
    of_kind,
)
from app.feel.checking.mistakes import MistakeKind, listed, nearest
from app.feel.checking.nodes import Checker, Names, path_of, phrase, rule
from app.feel.syntax import tree
from app.feel.types import ANY, ContextType, FeelType, ListType, RangeType


@rule(tree.Name)
def _name(checker: Checker, node: tree.Name, names: Names) -> FeelType:
    found = names.find(node.name)
    if found is not None:
        return found
    if node.name in BUILTINS:
        return FUNCTION
    checker.note(
        MistakeKind.UNKNOWN_VARIABLE,
        node,
        path=(node.name,),
        name=node.name,
        guess=nearest(node.name, names.all()),
    )
    return ANY


@rule(tree.Path)
def _path(checker: Checker, node: tree.Path, names: Names) -> FeelType:
    source = checker.type_of(node.source, names)
    found = step_type(source, node.name)
    if found is not None:
        return found
    note_missing(checker, node, source)
    return ANY


def note_missing(checker: Checker, node: tree.Path, source: FeelType) -> None:
    """Note that a value has nothing of the name that a path reads of it."""
    entries = _entries(source)
    if entries is None:
        checker.note(
            MistakeKind.NO_PROPERTY, node, path=path_of(node), name=node.name, type=in_words(source)
        )
        return
    checker.note(
        MistakeKind.UNKNOWN_ENTRY,
        node,
        path=path_of(node),
        name=node.name,
        of=phrase(node.source),
        guess=nearest(node.name, entries),
        known=listed(entries),
    )


def step_type(of: FeelType, name: str) -> FeelType | None:
    """Return the type of `.name` of a value; None where no value of the type has it."""
    if kinds_of_type(of) is None:
        return ANY
    choices = choices_of(of)
    known = [found for each in choices if (found := _step(each, name)) is not None]
    if not known:
        return None
    # A list gives a list whatever its items lack.
    lists = [ListType(NULL) for each in choices if isinstance(each, ListType)]
    return join(*known, *lists)


def _step(of: FeelType, name: str) -> FeelType | None:
    if isinstance(of, ContextType):
        return of.entries.get(name, None if isinstance(of, Record) else ANY)
    if isinstance(of, ListType):
        inner = step_type(of.item, name)
        return None if inner is None else ListType(inner)
    if isinstance(of, RangeType) and name in {"start", "end"}:
        return of.of
    found = outcome(tree.Path(0, OPERANDS[0], name), of)
    return join(*(of_kind(kind) for kind in sorted(found.kinds))) if found.is_possible else None


def _entries(of: FeelType) -> list[str] | None:
    """Return the entries of a record, or of a list of records; None for anything else."""
    if isinstance(of, ListType):
        return _entries(of.item)
    names = [name for each in choices_of(of) if isinstance(each, Record) for name in each.entries]
    return names or (None if not isinstance(of, Record) else [])
