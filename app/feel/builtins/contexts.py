"""Built-in functions of contexts, and those about null. Source: OMG DMN 1.5, 10.3.4.10."""

from collections.abc import Mapping, Sequence

from app.feel.builtins.registry import feel
from app.feel.compiling.run import Run
from app.feel.errors import Trouble
from app.feel.values import Value, entries_of

Entries = Mapping[str, Value]


@feel("get value", "m: context, key: string")
def get_value(_run: Run, context: Entries, key: str) -> Value:
    """Return the entry of a key."""
    return context.get(key)


@feel("get value", "context: context, keys: list")
def get_value_deep(_run: Run, context: Entries, keys: Sequence[Value]) -> Value:
    """Return the entry at the end of a list of keys (Camunda)."""
    if not keys:
        raise Trouble("there is no key")
    found: Value = context
    for key in keys:
        if not isinstance(key, str):
            raise Trouble("every key is a string")
        found = entries_of(found).get(key)
    return found


@feel("get entries", "m: context", returns="entries")
def get_entries(run: Run, context: Entries) -> Value:
    """Return a context as a list of keys and values."""
    run.bounded_list(len(context))
    run.spend(8 * len(context))
    return [{"key": key, "value": value} for key, value in context.items()]


@feel("context", "entries: list", returns="context")
def context(run: Run, entries: Sequence[Value]) -> Value:
    """Build a context from a list of keys and values."""
    run.bounded_context(len(entries))
    built: dict[str, Value] = {}
    for entry in entries:
        parts = entries_of(entry)
        key = parts.get("key")
        if not isinstance(key, str) or "value" not in parts or key in built:
            raise Trouble("each entry is a {key, value} with a key of its own")
        built[key] = parts["value"]
    return built


@feel("context merge", "contexts: list", returns="context")
def context_merge(run: Run, contexts: Sequence[Value]) -> Value:
    """Return the entries of all contexts, later ones in front."""
    merged: dict[str, Value] = {}
    for one in contexts:
        if not isinstance(one, Mapping):
            raise Trouble("something in the list is no context")
        run.bounded_context(len(merged) + len(one))
        merged.update(one)
    return merged


@feel("context put", "context: context, key: string, value: any", returns="context")
def context_put(run: Run, context: Entries, key: str, value: Value) -> Value:
    """Return a context with one entry set."""
    run.bounded_context(len(context) + 1)
    return {**context, key: value}


@feel("context put", "context: context, keys: list, value: any", returns="context")
def context_put_deep(run: Run, context: Entries, keys: Sequence[Value], value: Value) -> Value:
    """Return a context with one nested entry set, along a list of keys."""
    return _put(run, context, keys, value=value)


def _put(run: Run, context: Entries, keys: Sequence[Value], *, value: Value) -> Value:
    run.bounded_context(len(context) + len(keys))
    if not keys or not isinstance(keys[0], str):
        raise Trouble("the keys are strings, one at least")
    if len(keys) == 1:
        return {**context, keys[0]: value}
    inner = context.get(keys[0])
    if not isinstance(inner, Mapping):
        raise Trouble(f"the entry {keys[0]!r} is no context")
    return {**context, keys[0]: _put(run, inner, keys[1:], value=value)}


@feel("is defined", "value: any", returns="boolean")
def is_defined(_run: Run, value: Value) -> Value:
    """Say whether a value is not null (Camunda)."""
    return value is not None


@feel("get or else", "value: any, default: any", returns="like value and default")
def get_or_else(_run: Run, value: Value, default: Value) -> Value:
    """Return a value, or the default where it is null (Camunda)."""
    return default if value is None else value


@feel("not", "negand: boolean", returns="boolean")
def negation(_run: Run, negand: Value) -> Value:
    """Return the opposite of a boolean."""
    return negand is False
