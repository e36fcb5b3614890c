"""Checking calls: which function, how many arguments of which types, and what it returns."""

from collections.abc import Mapping, Sequence

from app.feel.builtins import BUILTINS
from app.feel.builtins.conversions import READERS
from app.feel.checking.exemplars import exemplars, shapes_of
from app.feel.checking.known import (
    FUNCTION,
    Either,
    NamedFunction,
    Record,
    choices_of,
    in_words,
    item_type,
    join,
    kind_of_type,
    kinds_of_type,
    may_be,
    of_kind,
)
from app.feel.checking.mistakes import MistakeKind, listed, nearest
from app.feel.checking.nodes import Checker, Names, path_of, rule
from app.feel.compiling.nodes import constant_of
from app.feel.compiling.run import Run
from app.feel.errors import FeelBudgetExceeded, FeelSyntaxError, Trouble
from app.feel.functions import Builtin, Expected, Signature, call_builtin, fit_argument
from app.feel.regex.reading import parse_pattern
from app.feel.syntax import tree
from app.feel.types import ANY, SIMPLE, FeelType, FunctionType, ListType, RangeType
from app.feel.values import Kind, Value, kind_of

_PATTERNS: Mapping[str, str] = {
    "matches": "pattern",
    "replace": "pattern",
    "split": "delimiter",
    "extract": "pattern",
}
"""The parameters that are regular expressions, by function."""

_RESULTS: Mapping[str, FeelType] = {
    **SIMPLE,
    "any": ANY,
    "range": RangeType(ANY),
    "duration": Either((SIMPLE["days and time duration"], SIMPLE["years and months duration"])),
    "entries": ListType(Record({"key": SIMPLE["string"], "value": ANY})),
}


@rule(tree.FunctionOf)
def _function(checker: Checker, node: tree.FunctionOf, names: Names) -> FeelType:
    if node.is_external:
        return FUNCTION
    types = {parameter.name: parameter.type for parameter in node.parameters}
    result = checker.type_of(node.body, names.within(types))
    return NamedFunction(tuple(types.values()), result, tuple(types))


@rule(tree.Call)
def _call(checker: Checker, node: tree.Call, names: Names) -> FeelType:
    builtin = _builtin(node.function, names)
    if builtin is not None:
        given = [checker.type_of(argument, names) for argument in node.arguments]
        return _call_builtin(checker, node, builtin, given)
    function = _called(checker, node.function, names)
    given = [checker.type_of(argument, names) for argument in node.arguments]
    if isinstance(function, FunctionType):
        return _call_known(checker, node, function, given)
    if not may_be(function, Kind.FUNCTION):
        label = ".".join(path_of(node.function)) or "this"
        checker.note(MistakeKind.NOT_A_FUNCTION, node, name=label, type=in_words(function))
    return ANY


def _builtin(node: tree.Node, names: Names) -> Builtin | None:
    if not isinstance(node, tree.Name):
        return None
    told = names.told(node.name)
    return BUILTINS.get(node.name) if told is None or not may_be(told, Kind.FUNCTION) else None


def _called(checker: Checker, node: tree.Node, names: Names) -> FeelType:
    """Return the type of what is called; a name nobody knows is one of a function."""
    before = len(checker.found)
    found = checker.type_of(node, names)
    if len(checker.found) == before + 1 and isinstance(node, tree.Name | tree.Path):
        last = checker.found[-1]
        is_missing = last.kind in {MistakeKind.UNKNOWN_VARIABLE, MistakeKind.UNKNOWN_ENTRY}
        if is_missing and last.node is node:
            checker.found.pop()
            _note_unknown(checker, node, names, last.params.get("guess", ""))
    return found


def _note_unknown(checker: Checker, node: tree.Node, names: Names, guess: str) -> None:
    path = path_of(node)
    if len(path) == 1:
        guess = nearest(path[0], [*BUILTINS, *names.all()])
    checker.note(
        MistakeKind.UNKNOWN_FUNCTION, node, path=path, name=".".join(path) or "this", guess=guess
    )


def _call_known(
    checker: Checker, node: tree.Call, function: FunctionType, given: Sequence[FeelType]
) -> FeelType:
    """Check a call of a function an expression or the host defined."""
    label = ".".join(path_of(node.function)) or "function"
    names = function.names if isinstance(function, NamedFunction) else ()
    usage = f"{label}({', '.join(names or map(in_words, function.parameters))})"
    if node.names and not (names and set(node.names) <= set(names)):
        checker.note(
            MistakeKind.UNKNOWN_PARAMETER, node, name=label, given=listed(node.names), usage=usage
        )
    elif not node.names and len(given) != len(function.parameters):
        wanted = _arguments(len(function.parameters))
        count = str(len(given))
        checker.note(
            MistakeKind.WRONG_COUNT, node, name=label, wanted=wanted, count=count, usage=usage
        )
    else:
        places = [names.index(name) for name in node.names] or list(range(len(given)))
        for place, of, argument in zip(places, given, node.arguments, strict=True):
            parameter = f"“{names[place]}”" if names else f"argument {place + 1}"
            _check_argument(
                checker, argument, of, function.parameters[place], of=(label, parameter)
            )
    return function.result


def _check_argument(
    checker: Checker, node: tree.Node, given: FeelType, wanted: FeelType, *, of: tuple[str, str]
) -> None:
    name, parameter = of
    if not may_stand_for(given, wanted):
        checker.note(
            MistakeKind.WRONG_ARGUMENT,
            node,
            name=name,
            parameter=parameter,
            wanted=in_words(wanted),
            type=in_words(given),
        )


def may_stand_for(of: FeelType, wanted: FeelType) -> bool:
    """Say whether a value of one type may stand where another is asked for, as `coerce` has it."""
    own, asked = kinds_of_type(of), kinds_of_type(wanted)
    if own is None or asked is None or not own.isdisjoint(asked):
        return True
    if Kind.DATE in own and Kind.DATE_TIME in asked:
        return True
    if Kind.LIST in own and any(
        may_stand_for(each.item, wanted) for each in choices_of(of) if isinstance(each, ListType)
    ):
        return True
    return any(
        may_stand_for(of, each.item) for each in choices_of(wanted) if isinstance(each, ListType)
    )


# --- built-in functions ---------------------------------------------------------------------------


def _call_builtin(
    checker: Checker, node: tree.Call, builtin: Builtin, given: Sequence[FeelType]
) -> FeelType:
    arranged = _arranged(builtin, node, given)
    if not arranged:
        _note_shape(checker, node, builtin, len(given))
        return join(*(_RESULTS.get(each.returns, ANY) for each in builtin.signatures))
    fitting = _fitting(builtin.name, arranged)
    if not fitting:
        _note_argument(checker, node, builtin, arranged)
        return join(*(result_of(signature, types) for signature, types in arranged))
    constant = _check_constants(checker, node, builtin)
    if constant is not None:
        return of_kind(constant)
    return join(*(result_of(signature, types) for signature, types in fitting))


_Arranged = list[tuple[Signature, list[FeelType]]]


def _arranged(builtin: Builtin, node: tree.Call, given: Sequence[FeelType]) -> _Arranged:
    """Return the signatures that the number or the names of the arguments fit, with their types.

    An argument that was left out has the type None in the evaluator; here it is Any.
    """
    found: _Arranged = []
    for signature in builtin.signatures:
        if node.names:
            places = signature.arrange(list(range(len(given))), node.names)
            if places is not None:
                types = [given[at] if isinstance(at, int) else ANY for at in places]
                found.append((signature, types))
        elif signature.fits(len(given)):
            found.append((signature, list(given)))
    return found


def _fitting(name: str, arranged: _Arranged) -> _Arranged:
    """Return the signatures that may be the first one to take the arguments."""
    found: _Arranged = []
    for signature, types in arranged:
        if _first_wrong(name, signature, types) is None:
            found.append((signature, types))
            if _surely_takes(name, signature, types):
                break
    return found


def _surely_takes(name: str, signature: Signature, types: Sequence[FeelType]) -> bool:
    last = len(signature.expected) - 1
    return all(
        kinds_of_type(of) is not None
        and all(
            _fits(name, signature.expected[min(place, last)], value)
            for shape in shapes_of(of)
            for value in exemplars(shape)
        )
        for place, of in enumerate(types)
    )


def _first_wrong(name: str, signature: Signature, types: Sequence[FeelType]) -> int | None:
    """Return the place of the first argument that no value of its type fits."""
    last = len(signature.expected) - 1
    for place, of in enumerate(types):
        if not _takes(name, signature.expected[min(place, last)], of):
            return place
    return None


def _takes(name: str, expected: Expected, of: FeelType) -> bool:
    if not expected.kinds or kinds_of_type(of) is None:
        return True
    if any(isinstance(each, ListType) and _is_open(each) for each in choices_of(of)):
        return True
    return any(_fits(name, expected, value) for one in shapes_of(of) for value in exemplars(one))


def _is_open(of: ListType) -> bool:
    return kinds_of_type(of.item) is None


def _fits(name: str, expected: Expected, value: Value) -> bool:
    try:
        fit_argument(name, expected, value)
    except Trouble:
        return False
    return True


def result_of(signature: Signature, types: Sequence[FeelType]) -> FeelType:
    """Return the type a built-in function returns for arguments of some types.

    `returns` is a type, or `like`, `item of`, `list of` a parameter.
    """
    word, _, names = signature.returns.rpartition(" of ")
    if signature.returns.startswith("like "):
        return join(*_given(signature, types, signature.returns.removeprefix("like ")))
    if word == "item":
        return join(*(item_type(of) for of in _given(signature, types, names)))
    if word == "list":
        return ListType(join(*_given(signature, types, names, is_items=True)))
    if signature.returns.startswith("list<"):
        return ListType(_RESULTS[signature.returns[5:-1]])
    return _RESULTS[signature.returns]


def _given(
    signature: Signature, types: Sequence[FeelType], names: str, *, is_items: bool = False
) -> list[FeelType]:
    """Return the types of the arguments for some parameters, named with "and" between.

    Where `is_items`, a parameter that takes a list stands for its items.
    """
    found: list[FeelType] = []
    for place, of in enumerate(types):
        expected = signature.expected[min(place, len(signature.expected) - 1)]
        if expected.name in names.split(" and "):
            fitted = _fitted(expected, of)
            found.append(item_type(fitted) if is_items and Kind.LIST in expected.kinds else fitted)
    return found or [ANY]


def _fitted(expected: Expected, of: FeelType) -> FeelType:
    """Return the type an argument has when it arrives: a list of one may have become its item."""
    if not expected.kinds or kinds_of_type(of) is None:
        return of
    if Kind.LIST in expected.kinds:
        return join(*(e if isinstance(e, ListType) else ListType(e) for e in choices_of(of)))
    parts = [each.item if isinstance(each, ListType) else each for each in choices_of(of)]
    kept = [part for part in parts if kind_of_type(part) in (None, *expected.kinds)]
    return join(*kept) if kept else ANY


def _note_shape(checker: Checker, node: tree.Call, builtin: Builtin, count: int) -> None:
    usage = " or ".join(dict.fromkeys(_usage(builtin.name, one) for one in builtin.signatures))
    if node.names and any(each.fits(count) for each in builtin.signatures):
        checker.note(
            MistakeKind.UNKNOWN_PARAMETER,
            node,
            name=builtin.name,
            given=listed(node.names),
            usage=usage,
        )
        return
    checker.note(
        MistakeKind.WRONG_COUNT,
        node,
        name=builtin.name,
        wanted=_counts(builtin),
        count=str(count),
        usage=usage,
    )


def _counts(builtin: Builtin) -> str:
    possible = [n for n in range(9) if any(each.fits(n) for each in builtin.signatures)]
    if possible and possible[-1] == 8:
        return f"at least {_arguments(possible[0])}"
    if len(possible) == 1:
        return _arguments(possible[0])
    return f"{', '.join(map(str, possible[:-1]))} or {possible[-1]} arguments"


def _arguments(count: int) -> str:
    return f"{count} argument" if count == 1 else f"{count} arguments"


def _usage(name: str, signature: Signature) -> str:
    parts = [
        part.name + ("…" if part.is_variadic else "?" if part.is_optional else "")
        for part in signature.expected
    ]
    return f"{name}({', '.join(parts)})"


def _note_argument(
    checker: Checker, node: tree.Call, builtin: Builtin, arranged: _Arranged
) -> None:
    """Note the argument that comes furthest before it does not fit."""
    wrong = [
        (place, signature, types)
        for signature, types in arranged
        if (place := _first_wrong(builtin.name, signature, types)) is not None
    ]
    furthest = max(place for place, _, _ in wrong)
    candidates = [each for each in wrong if each[0] == furthest]
    _, signature, types = candidates[0]
    expected = signature.expected[min(furthest, len(signature.expected) - 1)]
    kinds = {
        kind
        for place, other, _ in candidates
        for kind in other.expected[min(place, len(other.expected) - 1)].kinds
    }
    checker.note(
        MistakeKind.WRONG_ARGUMENT,
        node if node.names else node.arguments[furthest],
        name=builtin.name,
        parameter=f"“{expected.name}”",
        wanted=in_words(join(*(of_kind(kind) for kind in sorted(kinds)))),
        type=in_words(types[furthest]),
        hint=_hint(kinds, types[furthest]),
    )


def _hint(wanted: set[Kind], of: FeelType) -> str:
    kinds = kinds_of_type(of) or frozenset()
    if Kind.STRING in wanted and Kind.NUMBER in kinds:
        return ", by string(…)"
    if Kind.NUMBER in wanted and Kind.STRING in kinds:
        return ", by number(…)"
    if Kind.STRING in kinds and wanted & {Kind.DATE, Kind.DATE_TIME, Kind.TIME}:
        return ", by date(…), time(…) or date and time(…)"
    return ""


def _check_constants(checker: Checker, node: tree.Call, builtin: Builtin) -> Kind | None:
    """Note a call that fails whatever comes: all of it is written out, or its pattern is.

    Returns the kind of a moment or duration that is written out.
    """
    constants = [constant_of(argument) for argument in node.arguments]
    values = [constant[0] for constant in constants if constant is not None]
    kind: Kind | None = None
    if values and len(values) == len(constants) and None not in values:
        kind, reason = _tried(builtin, values, node.names)
    else:
        reason = _pattern_failure(node, builtin, constants)
    if reason:
        checker.note(MistakeKind.NO_RESULT, node, reason=reason)
    return kind


def _tried(builtin: Builtin, values: list[Value], names: Sequence[str]) -> tuple[Kind | None, str]:
    try:
        value = call_builtin(builtin, values, Run(None, is_traced=False), names=names)
    except (Trouble, FeelSyntaxError) as trouble:
        return None, str(trouble)
    except (FeelBudgetExceeded, RecursionError):
        return None, ""
    return (kind_of(value) if builtin.name in READERS else None), ""


def _pattern_failure(
    node: tree.Call, builtin: Builtin, constants: Sequence[tuple[Value] | None]
) -> str:
    parameter = _PATTERNS.get(builtin.name)
    signature = builtin.signatures[0]
    names = node.names or tuple(part.name for part in signature.expected)
    given = dict(zip(names, constants, strict=False))
    pattern, flags = given.get(parameter or ""), given.get("flags", ("",))
    if pattern is None or flags is None or not isinstance(pattern[0], str):
        return ""
    try:
        parse_pattern(pattern[0], flags[0] if isinstance(flags[0], str) else "")
    except (Trouble, RecursionError) as trouble:
        return str(trouble)
    return ""
