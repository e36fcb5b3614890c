"""`value.name`: one step along a path, into contexts, lists, temporal values and ranges."""

from collections.abc import Mapping

from app.feel.compiling.run import Run
from app.feel.errors import Trouble
from app.feel.temporal.arithmetic import PROPERTIES
from app.feel.values import Range, Value, told


def step(value: Value, name: str, run: Run, at: int) -> Value:
    """Return what `name` means of a value; a list is walked item by item.

    Source: OMG DMN 1.5, 10.3.2.13.5 and table 65.
    """
    if isinstance(value, Mapping):
        if name in value:
            return value[name]
        return run.warn(at, f"the context has no entry {name!r}")
    if isinstance(value, list | tuple):
        run.bounded_list(len(value))
        run.spend(len(value))
        return [step(item, name, run, at) for item in value]
    if value is None:
        return None
    if isinstance(value, Range):
        return _of_range(value, name, run, at)
    known = PROPERTIES.get(name)
    try:
        if known is not None:
            return known(value)
    except Trouble:
        pass
    return run.warn(at, f"{told(value)} has no {name!r}")


def _of_range(value: Range, name: str, run: Run, at: int) -> Value:
    if name == "start":
        return value.start
    if name == "end":
        return value.end
    if name == "start included":
        return value.is_start_included
    if name == "end included":
        return value.is_end_included
    return run.warn(at, f"a range has no {name!r}")
