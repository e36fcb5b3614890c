"""Files a designer hands in, recognised by their endings and read as far as a deployment needs.

Diagrams `.bpmn`, tables `.dmn`, forms `.form`, and translations `<id>.<language>.json` beside them.
What cannot be read here is left to the lint, which says all that is wrong at once.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

import orjson

from app import dmn
from app.engine.outline import Outline, outlines
from app.errors import CaseError
from app.store.processes import ResourceKind


@dataclass(frozen=True, slots=True)
class Handed:
    """One resource of a set: a process, a form, a table file or a translation.

    A table file is known by its name without the ending, as its translations are; a translation's
    `resource_id` is `<process | decision | form>:<id>:<language>`.
    """

    kind: ResourceKind
    resource_id: str
    name: str | None
    resource_name: str
    content: bytes
    outline: Outline | None = None
    decisions: tuple[tuple[str, str], ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 of the content, hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()


def read(files: Mapping[str, bytes]) -> list[Handed]:
    """Return the resources in `files` (name → content); an unreadable file gives none."""
    found: list[Handed] = []
    for path, content in files.items():
        try:
            found += _read_one(path, content)
        except (CaseError, ValueError, KeyError, TypeError):
            continue
    return found


def _read_one(path: str, content: bytes) -> list[Handed]:
    name = PurePosixPath(path).name
    if name.endswith(".bpmn"):
        return [
            Handed(ResourceKind.PROCESS, outline.process_id, outline.name, name, content, outline)
            for outline in outlines(content, filename=name)
        ]
    if name.endswith(".dmn"):
        model = dmn.load(content, is_strict=True)
        decisions = tuple(
            sorted({(each.id or each.name, each.name) for each in model.decisions.values()})
        )
        stem = name.removesuffix(".dmn")
        return [Handed(ResourceKind.DECISION, stem, model.name, name, content, decisions=decisions)]
    if name.endswith(".form"):
        schema = orjson.loads(content)
        return [Handed(ResourceKind.FORM, schema["id"], schema.get("name"), name, content)]
    if name.endswith(".json"):
        return [_labels(name, content)]
    return []


def _labels(name: str, content: bytes) -> Handed:
    resource, language, _ending = name.rsplit(".", 2)
    written = orjson.loads(content)
    if not isinstance(written, dict):
        raise TypeError("translations are an object")
    owner = "form" if {"fields", "texts"} & written.keys() else "decision"
    if "elements" in written:
        owner = "process"
    return Handed(ResourceKind.LABELS, f"{owner}:{resource}:{language}", None, name, content)
