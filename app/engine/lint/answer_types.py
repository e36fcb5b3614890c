"""The types of what a form answers, read from its components: `answers.<task>.<key>` in FEEL.

An answer is plain JSON: dates and times are texts. `app.engine.lint.types` asks for forms of the
set, the deployment use case for those deployed already.
"""

from collections.abc import Mapping

import orjson

from app.feel.checking.known import BOOLEAN, NUMBER, STRING, Record, join, texts
from app.feel.types import ANY, FeelType, ListType
from app.json_types import Json, JsonObject

_MAX_DEPTH = 16
_PLAIN: Mapping[str, FeelType] = {
    "textarea": STRING,
    "datetime": STRING,
    "checkbox": BOOLEAN,
    "filepicker": ListType(STRING),
}


def answer_types(form: bytes) -> Mapping[str, FeelType]:
    """Return the type of each key a form answers, none for a file that is no form."""
    try:
        schema: Json = orjson.loads(form)
    except orjson.JSONDecodeError:
        return {}
    return types_in(schema) if isinstance(schema, dict) else {}


def types_in(schema: JsonObject) -> Mapping[str, FeelType]:
    """Return the type of each key that the components of a form or a group answer."""
    found: dict[str, FeelType] = {}
    _gather(schema, found, depth=_MAX_DEPTH)
    return found


def _gather(holder: JsonObject, found: dict[str, FeelType], *, depth: int) -> None:
    children = holder.get("components")
    for component in children if isinstance(children, list) and depth else ():
        if not isinstance(component, dict):
            continue
        kind, key, path = component.get("type"), component.get("key"), component.get("path")
        if kind == "dynamiclist" and isinstance(path, str):
            inner: dict[str, FeelType] = {}
            _gather(component, inner, depth=depth - 1)
            _put(found, path, ListType(Record(inner)))
        elif isinstance(component.get("components"), list):
            below: dict[str, FeelType] = {}
            _gather(component, below, depth=depth - 1)
            for name, of in below.items():
                _put(found, f"{path}.{name}" if isinstance(path, str) and path else name, of)
        elif isinstance(key, str) and key:
            _put(found, key, _answer(component))


def _put(found: dict[str, FeelType], path: str, of: FeelType) -> None:
    """Set a type at a path; what lies below one name is one record."""
    name, _, rest = path.partition(".")
    if not rest:
        # Two fields of one key are a mistake that has its own rule.
        found[name] = join(found[name], of) if name in found else of
        return
    before = found.get(name)
    entries = dict(before.entries) if isinstance(before, Record) else {}
    _put(entries, rest, of)
    found[name] = Record(entries)


def _answer(component: JsonObject) -> FeelType:
    kind = component.get("type")
    if kind == "textfield":
        return ANY if _property(component, "input") else STRING
    if kind == "number":
        return STRING if component.get("serializeToString") is True else NUMBER
    if kind in ("radio", "select"):
        return _option(component)
    if kind in ("checklist", "taglist"):
        return ListType(_option(component))
    return _PLAIN.get(str(kind), ANY)


def _option(component: JsonObject) -> FeelType:
    """Return the type of a choice; its values where they are written down."""
    values = component.get("values")
    if component.get("valuesKey") or not isinstance(values, list):
        return NUMBER if _property(component, "input") == "grade" else ANY
    given = [each.get("value") if isinstance(each, dict) else each for each in values]
    if given and all(isinstance(each, str) for each in given) and not _property(component, "input"):
        return texts(str(each) for each in given)
    return ANY


def _property(component: JsonObject, name: str) -> Json:
    properties = component.get("properties")
    return properties.get(name) if isinstance(properties, dict) else None
