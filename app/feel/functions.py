"""Calling functions: those of the standard, those an expression defines, those of the host.

`invoke` is used by the compiled code of calls and by built-in functions that take functions.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TypeAlias

from app.errors import CaseError
from app.feel.compiling.coercion import coerce
from app.feel.compiling.run import Bindings, Code, Run, Scope
from app.feel.errors import FeelBudgetExceeded, Trouble
from app.feel.types import ANY, FeelType, FunctionType
from app.feel.values import (
    Function,
    HostFunction,
    Kind,
    Value,
    items_of,
    kind_of,
    number_of,
    told,
    types_of,
)

Implementation: TypeAlias = Callable[..., Value]


@dataclass(frozen=True, slots=True)
class Expected:
    """One parameter of a built-in function: the kinds it takes (none means any)."""

    name: str
    kinds: frozenset[Kind]
    is_optional: bool
    takes_null: bool
    is_variadic: bool


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to call a built-in function; `returns` tells its result's type to the checker."""

    expected: tuple[Expected, ...]
    run: Implementation
    returns: str = "any"

    def fits(self, count: int) -> bool:
        """Say whether so many positional arguments are possible."""
        needed = sum(not (part.is_optional or part.is_variadic) for part in self.expected)
        is_endless = bool(self.expected) and self.expected[-1].is_variadic
        return needed <= count and (is_endless or count <= len(self.expected))

    def arrange(self, arguments: Sequence[Value], names: Sequence[str]) -> list[Value] | None:
        """Bring named arguments into the order of the parameters; None if the names do not fit."""
        given = dict(zip(names, arguments, strict=True))
        known = {part.name for part in self.expected}
        needed = {part.name for part in self.expected if not part.is_optional}
        if len(given) != len(names) or not needed <= given.keys() <= known:
            return None
        return [given.get(part.name) for part in self.expected]


@dataclass(frozen=True, slots=True, eq=False)
class Builtin(Function):
    """A function of the standard, with every way to call it."""

    signatures: tuple[Signature, ...]


@dataclass(frozen=True, slots=True, eq=False)
class UserFunction(Function):
    """A function an expression defined, closed over the scope of its definition."""

    types: tuple[FeelType, ...]
    body: Code
    scope: Bindings
    cost: int
    result: FeelType = ANY

    @property
    def signature(self) -> object:
        """The function's type."""
        return FunctionType(self.types, self.result)


def invoke(
    function: Function, arguments: Sequence[Value], run: Run, *, names: Sequence[str] = ()
) -> Value:
    """Call a function with positional or (where `names` are given) named arguments.

    Raises:
        Trouble: the arguments do not fit, or the function has no result for them.
        FeelBudgetExceeded: the evaluation has taken too much.
    """
    if isinstance(function, Builtin):
        return call_builtin(function, arguments, run, names=names)
    if isinstance(function, UserFunction):
        return _call_user(function, _ordered(function, arguments, names), run)
    if isinstance(function, HostFunction):
        return _call_host(function, _ordered(function, arguments, names), run)
    raise Trouble(f"{function.name} cannot be called here")


def _ordered(
    function: Function, arguments: Sequence[Value], names: Sequence[str]
) -> Sequence[Value]:
    if names:
        given = dict(zip(names, arguments, strict=True))
        if given.keys() - set(function.parameters) or len(given) != len(names):
            own = ", ".join(function.parameters)
            raise Trouble(f"{function.name}() has other parameters: {own}")
        # "If named, unsupplied parameters are bound to null": 10.3.2.11.
        arguments = [given.get(name) for name in function.parameters]
    if len(arguments) != len(function.parameters):
        takes = f"{len(function.parameters)} argument{'s' * (len(function.parameters) != 1)}"
        raise Trouble(f"{function.name}() takes {takes}, not {len(arguments)}")
    return arguments


def _call_user(function: UserFunction, arguments: Sequence[Value], run: Run) -> Value:
    run.spend(function.cost)
    local: dict[str, Value] = {}
    for name, of, value in zip(function.parameters, function.types, arguments, strict=True):
        local[name], fits = coerce(value, of, run)
        if not fits:
            raise Trouble(f"{function.name}(): {name} is {told(value)}, not of its type")
    value, fits = coerce(function.body(Scope(function.scope, local), run), function.result, run)
    if not fits:
        raise Trouble(f"{function.name}(): the result is not of the type it should have")
    return value


def _call_host(function: HostFunction, arguments: Sequence[Value], run: Run) -> Value:
    run.spend(10)
    try:
        return function.call(*arguments)
    except FeelBudgetExceeded:
        raise
    except (CaseError, ValueError, TypeError, ArithmeticError, LookupError) as error:
        raise Trouble(f"{function.name}(): {error}") from error


def call_builtin(
    function: Builtin, arguments: Sequence[Value], run: Run, *, names: Sequence[str] = ()
) -> Value:
    """Call a built-in function by the first of its signatures that fits.

    Raises:
        Trouble: none fits, or the function has no result.
    """
    run.spend(2 + sum(len(value) >> 4 for value in arguments if isinstance(value, str | list)))
    for signature in function.signatures:
        given = signature.arrange(arguments, names) if names else arguments
        if given is None or not (names or signature.fits(len(given))):
            continue
        try:
            fitting = _fit(function.name, signature.expected, given)
        except Trouble:
            continue
        return _result(function, signature.run, fitting, run)
    raise Trouble(_misfit(function, arguments, names))


def _result(function: Builtin, run_it: Implementation, given: list[Value], run: Run) -> Value:
    try:
        return run_it(run, *given)
    except Trouble as trouble:
        raise Trouble(_called(function, str(trouble))) from None
    except (ArithmeticError, ValueError):
        # Dates and numbers of Python refuse what lies beyond their bounds.
        raise Trouble(f"{function.name}() has no result for these values") from None


@lru_cache(maxsize=512)
def direct_call(function: Builtin, count: int) -> Callable[[Sequence[Value], Run], Value]:
    """Return `call_builtin` for so many positional arguments, faster where they fit as they are.

    What fits the first signature that takes so many is that signature's; all else goes the long
    way. The same things are raised.
    """
    signature = next((one for one in function.signatures if one.fits(count)), None)
    if signature is None:
        return lambda arguments, run: call_builtin(function, arguments, run)
    expected, implementation = signature.expected, signature.run
    last = len(expected) - 1
    accepted = [types_of(expected[min(index, last)].kinds) for index in range(count)]
    absent = [None for part in expected[count:] if not part.is_variadic]

    def call(arguments: Sequence[Value], run: Run) -> Value:
        steps = 2
        for value, types in zip(arguments, accepted, strict=True):
            kind = type(value)
            if kind not in types or (kind is Decimal and not value.is_finite()):  # type: ignore[attr-defined]
                return call_builtin(function, arguments, run)
            if kind is str or kind is list:
                steps += len(value) >> 4  # type: ignore[arg-type]
        run.spend(steps)
        return _result(function, implementation, [*arguments, *absent], run)

    return call


def _called(function: Builtin, reason: str) -> str:
    return reason if reason.startswith(f"{function.name}()") else f"{function.name}(): {reason}"


def _misfit(function: Builtin, arguments: Sequence[Value], names: Sequence[str]) -> str:
    """Say why no signature takes the arguments: by the one that takes most of them."""
    refused: list[tuple[int, Expected, Value]] = []
    for signature in function.signatures:
        given = signature.arrange(arguments, names) if names else arguments
        if given is None or not (names or signature.fits(len(given))):
            continue
        last = len(signature.expected) - 1
        for index, value in enumerate(given):
            expected = signature.expected[min(index, last)]
            try:
                fit_argument(function.name, expected, value)
            except Trouble:
                refused.append((index, expected, value))
                break
    if not refused:
        return _unnamed(function, names) if names else _miscounted(function, len(arguments))
    furthest = max(index for index, _, _ in refused)
    _, first, value = next(one for one in refused if one[0] == furthest)
    wanted = {
        kind: "a " + kind
        for index, one, _ in refused
        if index == furthest
        for kind in sorted(one.kinds)
    }
    return f"{function.name}(): {first.name} is {told(value)}, not {_either(list(wanted.values()))}"


def _miscounted(function: Builtin, count: int) -> str:
    counts: set[int] = set()
    for signature in function.signatures:
        needed = sum(not (part.is_optional or part.is_variadic) for part in signature.expected)
        counts |= set(range(needed, len(signature.expected) + 1))
    takes = _either([str(number) for number in sorted(counts)])
    noun = "argument" if counts <= {1} else "arguments"
    return f"{function.name}() takes {takes if counts != {0} else 'no'} {noun}, not {count}"


def _unnamed(function: Builtin, names: Sequence[str]) -> str:
    known = {part.name: part for one in function.signatures for part in one.expected}
    unknown = [name for name in names if name not in known]
    if unknown:
        return f"{function.name}() has no parameter {unknown[0]!r}; it has {', '.join(known)}"
    if len(set(names)) < len(names):
        return f"{function.name}(): a parameter is given twice"
    lacking = [
        [part.name for part in one.expected if not part.is_optional and part.name not in names]
        for one in function.signatures
        if set(names) <= {part.name for part in one.expected}
    ]
    fewest = min(filter(None, lacking), key=len, default=None)
    if fewest is None:
        return f"{function.name}(): these parameters do not go together"
    return f"{function.name}() lacks the parameter {fewest[0]!r}"


def _either(words: Sequence[str]) -> str:
    return " or ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def _fit(name: str, expected: tuple[Expected, ...], arguments: Sequence[Value]) -> list[Value]:
    fitting: list[Value] = []
    last = len(expected) - 1
    for index, value in enumerate(arguments):
        fitting.append(fit_argument(name, expected[min(index, last)], value))
    fitting.extend(None for part in expected[len(arguments) :] if not part.is_variadic)
    return fitting


def fit_argument(name: str, expected: Expected, value: Value) -> Value:
    """Return an argument as a parameter takes it, a list of one as its item.

    Raises:
        Trouble: it is of none of the kinds that are expected.
    """
    kinds = expected.kinds
    if not kinds:
        return number_of(value) if type(value) in {int, float} else value
    kind = kind_of(value)
    if kind is Kind.NUMBER:
        # Infinities and what is no number are null to FEEL.
        value = number_of(value)
        kind = kind_of(value)
    if kind in kinds:
        return value
    if kind is Kind.NULL:
        if expected.takes_null:
            return None
        raise Trouble(f"{name}(): {expected.name} is null")
    if Kind.LIST in kinds:
        return [value]
    if kind is Kind.LIST:
        items = items_of(value)
        if len(items) == 1 and kind_of(items[0]) in kinds:
            return fit_argument(name, expected, items[0])
    raise Trouble(f"{name}(): {expected.name} is a {kind}, not a {' or '.join(sorted(kinds))}")


def parse_expected(text: str) -> tuple[Expected, ...]:
    """Read the parameters of a built-in function from their declaration.

    `name: kind|kind` with `?` behind the kinds for an optional one, `!` for one that takes null,
    `...` behind the name for any number of them.
    """
    parts = [part.strip() for part in text.split(",") if part.strip()]
    return tuple(_parse_one(part) for part in parts)


def _parse_one(text: str) -> Expected:
    name, _, kinds = text.partition(":")
    kinds = kinds.strip()
    is_optional, takes_null = kinds.endswith("?"), kinds.endswith(("?", "!"))
    words = kinds.rstrip("?!")
    return Expected(
        name.strip().removesuffix("..."),
        frozenset() if words == "any" else frozenset(Kind(word) for word in words.split("|")),
        is_optional,
        takes_null,
        name.strip().endswith("..."),
    )


Registry: TypeAlias = Mapping[str, Builtin]
