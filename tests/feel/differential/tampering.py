"""Watching the built-in functions as they are called, and planting bugs in what they return."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from unittest import mock

from app.feel import YearsMonths, expression
from app.feel import functions as calls
from app.feel.compiling import calls as compile_calls
from app.feel.compiling import nodes as compiling
from app.feel.compiling.run import Run
from app.feel.values import Function, Range, Value

Change = Callable[[str, Value], Value]


def forget_compiled() -> None:
    """Empty the caches of compiled expressions, in which results may be folded."""
    for known in vars(expression).values():
        if hasattr(known, "cache_clear") and not isinstance(known, type):
            known.cache_clear()


@contextmanager
def results_through(change: Change) -> Iterator[None]:
    """Send what every built-in function returns through `change`, with the function's name."""

    def call(
        function: calls.Builtin, arguments: list[Value], run: Run, *, names: tuple[str, ...] = ()
    ) -> Value:
        return change(function.name, calls.call_builtin(function, arguments, run, names=names))

    def direct_call(function: calls.Builtin, count: int) -> Callable[[list[Value], Run], Value]:
        right = calls.direct_call(function, count)
        return lambda arguments, run: change(function.name, right(arguments, run))

    forget_compiled()
    with (
        mock.patch.object(compile_calls, "call_builtin", call),
        mock.patch.object(compile_calls, "direct_call", direct_call),
        mock.patch.object(compiling, "call_builtin", call),
    ):
        yield
    forget_compiled()


def distorted(value: Value) -> Value:
    """Return a value a little beside the given one, of the same kind where there is one."""
    if isinstance(value, bool) or value is None:
        return None if value is None else not value
    if isinstance(value, Decimal):
        return value + 1
    if isinstance(value, str):
        return value + "x"
    if isinstance(value, list):
        return [*value, Decimal(1)]
    if isinstance(value, dict):
        return {**value, "x": Decimal(1)}
    if isinstance(value, datetime | date):
        return value + timedelta(days=1)
    if isinstance(value, time):
        return value.replace(hour=(value.hour + 1) % 24)
    if isinstance(value, timedelta):
        return value + timedelta(seconds=1)
    if isinstance(value, YearsMonths):
        return YearsMonths(value.total_months + 1)
    assert isinstance(value, Range | Function), type(value)
    return None
