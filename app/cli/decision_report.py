"""A decision's result for a terminal: the value, then what each table saw, which rows and why.

Called by `whistle decide`; it prints what the trace holds and knows nothing about models.
"""

import json
from collections.abc import Iterator, Sequence

from app.dmn.model import Result
from app.feel.compiling.run import Run
from app.feel.text import text_of
from app.feel.values import Value
from app.json_types import Json, JsonObject

_INDENT = "  "


def report(name: str, result: Result, warnings: Sequence[str]) -> Iterator[str]:
    """Yield the lines of the report on one decision."""
    yield from _value(name, result.value)
    for entry in result.trace:
        if "rules" in entry:
            yield ""
            yield from _table(entry)
        elif entry.get("name") != name:
            yield ""
            yield f"{_worded(entry.get('name'))}: {_json(entry.get('value'))}"
    if warnings:
        yield ""
        yield "Warnings:"
        yield from (_INDENT + each for each in warnings)


def _value(name: str, value: Value) -> Iterator[str]:
    """Yield a value as FEEL writes it, exact in every digit; a context line by line."""
    if not isinstance(value, dict) or not value:
        yield f"{name}: {_feel(value)}"
        return
    yield f"{name}:"
    for key, each in value.items():
        yield f"{_INDENT}{key}: {_feel(each)}"


def _feel(value: Value) -> str:
    written = text_of([value], Run(None, is_traced=False))
    return written[1:-1]


def _table(entry: JsonObject) -> Iterator[str]:
    title = _worded(entry.get("name") or entry.get("table"))
    policy = " ".join(str(entry[key]) for key in ("hit_policy", "aggregation") if entry.get(key))
    yield f"Table {title} ({policy})"
    inputs = _objects(entry.get("inputs"))
    labels = [str(each.get("label") or each.get("expression") or "") for each in inputs]
    for label, each in zip(labels, inputs, strict=True):
        text = str(each.get("expression") or "")
        source = f" ({text})" if text != label else ""
        yield f"{_INDENT}given  {label}{source} = {_json(each.get('value'))}"
    rules = _objects(entry.get("rules"))
    for rule in rules:
        yield from _rule(rule, labels)
    if not rules:
        yield _INDENT + _without_rules(entry)


def _without_rules(entry: JsonObject) -> str:
    violation, matched = entry.get("violation"), _list(entry.get("matched"))
    if violation:
        rows = f" (rows {', '.join(map(str, matched))} apply)" if matched else ""
        return f"cannot decide{rows}: {violation}"
    value = entry.get("value")
    return "no row applies" + (
        "" if value is None else f"; what holds by default is {_json(value)}"
    )


def _rule(rule: JsonObject, labels: Sequence[str]) -> Iterator[str]:
    tests = zip(labels, _list(rule.get("tests")), strict=False)
    said = ", ".join(f"{label} is {test}" for label, test in tests if test != "-")
    yield f"{_INDENT}row {rule.get('number')} applies: {said or 'whatever is given'}"
    outputs = rule.get("outputs")
    if isinstance(outputs, dict):
        gives = ", ".join(f"{name}: {_json(value)}" for name, value in outputs.items())
        yield f"{_INDENT * 2}gives  {gives}"
    notes = rule.get("annotations")
    for name, note in (notes if isinstance(notes, dict) else {}).items():
        if note:
            yield f"{_INDENT * 2}why    {_noted(name, note)}"


def _noted(name: str, note: Json) -> str:
    is_named = name != "description" and not name.startswith("annotation ")
    return f"{name}: {note}" if is_named else str(note)


def _json(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False)


def _worded(name: Json) -> str:
    return str(name or "without a name")


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _objects(value: Json) -> list[JsonObject]:
    return [each for each in _list(value) if isinstance(each, dict)]
