"""What a running instance works with: a process version and what its names were pinned to.

Built once per version and process from the deployed resources, then shared by all its instances.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock

import orjson

from app import dmn
from app.engine import definition as definitions
from app.engine.definition import Definition
from app.forms import labels as form_labels
from app.forms import schema
from app.forms.components import Form
from app.json_types import JsonObject
from app.store import processes
from app.store.db import Connection, database_of
from app.store.processes import Resource, ResourceKind


@dataclass(frozen=True, slots=True)
class PinnedForm:
    """A form as pinned to a process version, with its translations by language."""

    key: int
    form_id: str
    version: int
    form: Form
    translations: Mapping[str, Form] = field(default_factory=dict)

    def in_language(self, language: str) -> Form:
        """Return the form in `language`, English where it is not translated."""
        return self.translations.get(language, self.form)


@dataclass(frozen=True, slots=True)
class Deployed:
    """A process version with everything its names mean.

    `labels` holds, by language, what the elements are called, `advice` what they tell whoever does
    them, `titles` what the process is called; `table_labels` the whole label file of each table, by
    language and id.
    """

    key: int
    process_id: str
    version: int
    definition: Definition
    start_element_id: str
    start_form_id: str | None
    content: bytes
    forms: Mapping[str, PinnedForm]
    name: str
    titles: Mapping[str, str]
    labels: Mapping[str, Mapping[str, str]]
    advice: Mapping[str, Mapping[str, str]]
    table_labels: Mapping[str, Mapping[str, JsonObject]]


def deployed(connection: Connection, definition_key: int) -> Deployed:
    """Return a process version ready to run; built once per process, then shared."""
    address = (database_of(connection), definition_key)
    with _cache_lock:
        found = _cache.get(address)
    if found is None:
        found = _build(connection, definition_key)
        with _cache_lock:
            _cache[address] = found
            while len(_cache) > KEPT:
                _cache.popitem(last=False)
    return found


def latest_form(connection: Connection, form_id: str) -> PinnedForm | None:
    """Return the newest version of a form that no process pins, such as the public rating."""
    found = processes.latest(connection, ResourceKind.FORM).get(form_id)
    if found is None:
        return None
    labels = processes.latest(connection, ResourceKind.LABELS)
    return _pinned_form(found, {name: each.content for name, each in labels.items()})


KEPT = 64
_cache: OrderedDict[tuple[str, int], Deployed] = OrderedDict()
_cache_lock = Lock()


def _build(connection: Connection, definition_key: int) -> Deployed:
    main = processes.by_keys(connection, ResourceKind.PROCESS, [definition_key])[0]
    files = _called_files(connection, main)
    tables = processes.by_keys(connection, ResourceKind.DECISION, _keys(main.bindings, "decisions"))
    forms = processes.by_keys(connection, ResourceKind.FORM, _keys(main.bindings, "forms"))
    labels = _labels_of(connection, [main, *tables, *forms])
    # Faults were told when it was deployed; a rule that came later must not stop a running case.
    models = {resource.key: dmn.load(resource.content) for resource in tables}
    own = [
        (language, orjson.loads(content))
        for language, content in _languages(labels, "process", main.resource_id)
    ]
    start = main.bindings["start"]
    start_element_id, start_form_id = start if isinstance(start, list) else (None, None)
    return Deployed(
        key=main.key,
        process_id=main.resource_id,
        version=main.version,
        definition=definitions.load(
            files,
            main.resource_id,
            decisions={name: models[key] for name, key in _pairs(main.bindings, "decisions")},
        ),
        start_element_id=str(start_element_id),
        start_form_id=None if start_form_id is None else str(start_form_id),
        content=main.content,
        forms={each.resource_id: _pinned_form(each, labels) for each in forms},
        name=main.name or main.resource_id,
        titles={language: str(each["process"]) for language, each in own if "process" in each},
        labels={language: each.get("elements", {}) for language, each in own},
        advice={language: each.get("documentation", {}) for language, each in own},
        table_labels=_table_labels(labels),
    )


def _called_files(connection: Connection, main: Resource) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    waiting = [main]
    while waiting:
        resource = waiting.pop()
        if resource.resource_id in files:
            continue
        files[resource.resource_id] = resource.content
        keys = _keys(resource.bindings, "processes")
        if keys:
            waiting += processes.by_keys(connection, ResourceKind.PROCESS, keys)
    return files


def _labels_of(connection: Connection, pinned: list[Resource]) -> dict[str, bytes]:
    keys = [key for resource in pinned for key in _keys(resource.bindings, "labels")]
    found = processes.by_keys(connection, ResourceKind.LABELS, keys)
    return {resource.resource_id: resource.content for resource in found}


def _pinned_form(resource: Resource, labels: Mapping[str, bytes]) -> PinnedForm:
    form = schema.load(resource.content)
    return PinnedForm(
        key=resource.key,
        form_id=resource.resource_id,
        version=resource.version,
        form=form,
        translations={
            language: form_labels.translate(form, form_labels.load(content))
            for language, content in _languages(labels, "form", resource.resource_id)
        },
    )


def _table_labels(labels: Mapping[str, bytes]) -> dict[str, dict[str, JsonObject]]:
    found: dict[str, dict[str, JsonObject]] = {}
    for name, content in labels.items():
        owner, resource_id, language = name.split(":", 2)
        if owner == "decision":
            found.setdefault(language, {})[resource_id] = orjson.loads(content)
    return found


def _languages(
    labels: Mapping[str, bytes], owner: str, resource_id: str
) -> list[tuple[str, bytes]]:
    prefix = f"{owner}:{resource_id}:"
    return [
        (name.removeprefix(prefix), content)
        for name, content in labels.items()
        if name.startswith(prefix)
    ]


def _pairs(bindings: JsonObject, name: str) -> list[tuple[str, int]]:
    found = bindings.get(name)
    return [(each, int(str(key))) for each, key in found.items()] if isinstance(found, dict) else []


def _keys(bindings: JsonObject, name: str) -> list[int]:
    return sorted({key for _name, key in _pairs(bindings, name)})
