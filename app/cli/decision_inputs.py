"""What a decision needs to be given, and how JSON becomes the FEEL values of its types.

`whistle decide` asks here. JSON knows no dates: a text becomes one where the model says that there
is a date, or where it is written as FEEL writes one, `@"2026-03-01"`.
"""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence

from app import feel
from app.dmn.model import Model
from app.dmn.parts import Decision, InputData, Knowledge, Part, Requirement, Service
from app.dmn.xml import Element
from app.feel.types import ANY, SIMPLE, ContextType, FeelType, ListType, RangeType, SimpleType
from app.feel.values import Kind, kind_of
from app.json_types import Json

Path = tuple[str, ...]
Needs = Mapping[Path, FeelType]
ABSENT = object()

_FROM_TEXT: Mapping[Kind, str] = {
    Kind.DATE: "date(text)",
    Kind.TIME: "time(text)",
    Kind.DATE_TIME: "date and time(text)",
    Kind.DAYS_DURATION: "duration(text)",
    Kind.MONTHS_DURATION: "duration(text)",
    Kind.RANGE: "range(text)",
}
_PLAIN_PATH = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")


class NotOfItsType(Exception):
    """A text is not what the model says it is; the message says which and what."""


def needs(model: Model, wanted: Decision | Service) -> Needs:
    """Return what a decision or service has to be given, by path, with its types.

    The path of what an imported model needs begins with the name of the import.
    """
    found: dict[Path, FeelType] = {}
    if isinstance(wanted, Service):
        for requirement in wanted.parameters:
            part = _part(model, requirement)
            if isinstance(part, InputData | Decision):
                found[(part.name,)] = part.type
    else:
        _gather(model, wanted, found, above=(), seen=set())
    return found


def _gather(
    model: Model,
    part: Decision | Knowledge,
    found: dict[Path, FeelType],
    *,
    above: Path,
    seen: set[Path],
) -> None:
    seen.add((*above, part.id))
    for requirement in part.requires:
        needed = _part(model, requirement)
        inner = model.imports[requirement.prefix] if requirement.prefix else model
        is_seen = requirement.prefix and requirement.prefix not in model.unnamed
        path = (*above, requirement.prefix) if is_seen else above
        if isinstance(needed, InputData):
            found[(*path, needed.name)] = needed.type
        elif isinstance(needed, Decision | Knowledge) and (*path, needed.id) not in seen:
            _gather(inner, needed, found, above=path, seen=seen)
    if isinstance(part, Decision):
        for name in sorted(part.variables):
            found.setdefault((*above, name), ANY)


def _part(model: Model, requirement: Requirement) -> Part | None:
    inner = model.imports[requirement.prefix] if requirement.prefix else model
    return inner.parts.get(requirement.id)


def missing(needed: Needs, given: Mapping[str, object]) -> Iterator[str]:
    """Yield a sentence for each need that was not given, with the name that may have been meant."""
    strangers = [name for name in given if (name,) not in needed]
    for path, of in needed.items():
        value = _given(path, given)
        if value is not ABSENT:
            yield from _gaps(value, of, ".".join(path))
            continue
        meant = difflib.get_close_matches(path[-1], strangers, n=1)
        hint = f" (was it meant by {meant[0]!r}?)" if meant else ""
        yield f"{'.'.join(path)} was not given and is null{hint}"


def _gaps(value: object, of: FeelType, place: str) -> Iterator[str]:
    """Yield a sentence for each entry that the type of a given context asks for in vain."""
    if isinstance(of, ContextType) and isinstance(value, Mapping):
        for name, inner in of.entries.items():
            if name in value:
                yield from _gaps(value[name], inner, f"{place}.{name}")
            else:
                yield f"{place}.{name} was not given, and its type asks for it"


def _given(path: Path, given: Mapping[str, object]) -> object:
    value: object = given
    for name in path:
        if not isinstance(value, Mapping) or name not in value:
            return given.get(path[-1], ABSENT)
        value = value[name]
    return value


def typed_inputs(
    given: Mapping[str, Json], needed: Needs, columns: Mapping[Path, FeelType]
) -> dict[str, feel.Value]:
    """Return JSON inputs as FEEL values: by the needs' types, else by those of table columns.

    Raises:
        NotOfItsType: a text is no date, time, duration or range where there has to be one.
    """
    tree: dict[str, FeelType] = {}
    for path, of in [*columns.items(), *needed.items()]:
        if of is not ANY:
            _grow(tree, path, of)
            # What an imported model needs may also be given without the name of the import.
            if len(path) > 1 and path in needed:
                tree.setdefault(path[-1], of)
    return {name: _typed(value, tree.get(name, ANY), name) for name, value in given.items()}


def _grow(tree: dict[str, FeelType], path: Path, of: FeelType) -> None:
    if len(path) == 1:
        tree[path[0]] = of
        return
    inside = tree.get(path[0], ANY)
    entries = dict(inside.entries) if isinstance(inside, ContextType) else {}
    _grow(entries, path[1:], of)
    tree[path[0]] = ContextType(entries)


def column_types(definitions: Element) -> dict[Path, FeelType]:
    """Return the types of the plain paths that the tables of a model test.

    So a date reaches a table of a modeler that draws no input data. Paths that two columns type
    in different ways are left out.
    """
    found: dict[Path, set[str]] = {}
    for element in _inside(definitions, "inputExpression"):
        text = element.text_of("text")
        reference = element.get("typeRef") or element.text_of("typeRef")
        if reference in SIMPLE and _PLAIN_PATH.fullmatch(text):
            found.setdefault(tuple(text.split(".")), set()).add(reference)
    return {path: SIMPLE[min(names)] for path, names in found.items() if len(names) == 1}


def _inside(element: Element, tag: str) -> Iterator[Element]:
    for child in element.children():
        if child.tag == tag:
            yield child
        else:
            yield from _inside(child, tag)


def _typed(value: Json, of: FeelType, place: str) -> feel.Value:
    if isinstance(of, ListType) and not isinstance(value, list):
        of = of.item
    if isinstance(value, list):
        item = of.item if isinstance(of, ListType) else of
        return [_typed(each, item, f"{place}[{n}]") for n, each in enumerate(value, 1)]
    if isinstance(value, dict):
        entries = of.entries if isinstance(of, ContextType) else {}
        return {
            name: _typed(each, entries.get(name, ANY), f"{place}.{name}")
            for name, each in value.items()
        }
    return _from_text(value, of, place) if isinstance(value, str) else value


def _from_text(text: str, of: FeelType, place: str) -> feel.Value:
    kind = _kind(of)
    if kind is Kind.STRING:
        return text
    if text.startswith('@"') and text.endswith('"'):
        return _literal(text, place)
    if kind is None or kind not in _FROM_TEXT:
        return text
    value = feel.evaluate(_FROM_TEXT[kind], {"text": text})
    if kind_of(value) is not kind:
        raise NotOfItsType(f"{place}: {text!r} is no {kind.value}")
    return value


def _kind(of: FeelType) -> Kind | None:
    if isinstance(of, RangeType):
        return Kind.RANGE
    return of.kind if isinstance(of, SimpleType) else None


def _literal(text: str, place: str) -> feel.Value:
    try:
        value = feel.evaluate(text)
    except feel.FeelSyntaxError:
        value = None
    if value is None:
        raise NotOfItsType(f"{place}: {text} is no date, time or duration")
    return value


def type_words(of: FeelType) -> str:
    """Return a type as a designer writes it, empty where everything is permitted."""
    if isinstance(of, SimpleType):
        return of.kind.value
    if isinstance(of, ListType):
        return f"list<{type_words(of.item) or 'Any'}>"
    if isinstance(of, RangeType):
        return f"range<{type_words(of.of) or 'Any'}>"
    if isinstance(of, ContextType):
        inside = (f"{name}: {type_words(each) or 'Any'}" for name, each in of.entries.items())
        return f"context<{', '.join(inside)}>"
    return ""


def need_words(needed: Needs) -> Sequence[str]:
    """Return each need with its type: `Years of Service: number`."""
    return [
        f"{'.'.join(path)}: {words}" if (words := type_words(of)) else ".".join(path)
        for path, of in needed.items()
    ]
