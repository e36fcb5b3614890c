"""What decisions do to values: fit them to types, note why they became null, list them."""

from app.dmn.decisionrun import DecisionRun
from app.dmn.itemtypes import expected
from app.feel.compiling.coercion import coerce
from app.feel.compiling.loops import range_values
from app.feel.compiling.run import Run
from app.feel.types import FeelType
from app.feel.values import Range, Value, kind_of


def note(run: Run, place: str, reason: str) -> Value:
    """Keep a reason why something became null, and return that null."""
    if isinstance(run, DecisionRun):
        return run.note(place, reason)
    return run.warn(0, reason)


def fitted(value: Value, of: FeelType, run: Run, *, place: str) -> Value:
    """Return a value converted to a type, null with a reason where it does not fit.

    Source: OMG DMN 1.5, 10.3.2.9.4.
    """
    found, fits = coerce(value, of)
    if not fits:
        kind = kind_of(value)
        if of.has(value):
            return note(run, place, f"the {kind} is not among the allowed values")
        return note(run, place, f"the value is a {kind}, not {expected(of)}")
    return found


def listed(value: Value, run: Run) -> list[Value] | None:
    """Return what an iteration goes through; None where there is no list."""
    if isinstance(value, Range):
        return list(range_values(value, run))
    return list(value) if isinstance(value, list | tuple) else None
