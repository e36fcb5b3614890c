"""Loading a form-js file (schema version up to 19) into a frozen `Form`, or saying what is wrong.

The lint of a deployment calls `check`, everybody else `load`. Limits on bytes, depth and number of
components hold for whoever uploads.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import orjson

from app.forms.components import Component, DynamicList, Form, Group, Kind, fields_of
from app.forms.parts import FIELD_KINDS, build_field, build_shown, place
from app.forms.problems import FormProblem, FormRefused, Severity
from app.forms.source import Findings, Source
from app.json_types import Json, JsonObject

SCHEMA_VERSION = 19
MAX_BYTES = 512 * 1024
MAX_DEPTH = 8
MAX_COMPONENTS = 500
MAX_ROWS = 100
RESERVED = frozenset({"case", "answers", "calendar", "actor", "this", "parent", "i"})

_KEY = re.compile(r"[^\W\d_]\w*(\.[^\W\d_]\w*)*")
_ID = re.compile(r"[^\s\x00-\x1f\"'<>&]{1,200}")
_TYPES = ", ".join(Kind)


def load(source: bytes | str | Mapping[str, Json]) -> Form:
    """Load a form; warnings do not keep it from loading.

    Raises:
        FormRefused: with every problem of severity error.
    """
    form, problems = _read(source)
    errors = tuple(problem for problem in problems if problem.severity is Severity.ERROR)
    if errors:
        raise FormRefused(errors)
    return form


def check(source: bytes | str | Mapping[str, Json]) -> tuple[FormProblem, ...]:
    """Return everything wrong with a form's file, warnings included, in reading order."""
    return _read(source)[1]


def _read(source: bytes | str | Mapping[str, Json]) -> tuple[Form, tuple[FormProblem, ...]]:
    findings = Findings()
    raw = _parsed(source, findings)
    loading = _Loading(findings)
    _check_head(raw, findings)
    components = raw.get("components")
    tree: tuple[Component, ...] = ()
    if isinstance(components, list):
        tree = loading.components(components, "components", _Scope())
    elif raw:
        findings.note(
            "components", "components", message="The components are no list.", mend="List them."
        )
    version = raw.get("versionTag")
    schema_version = raw.get("schemaVersion")
    form_id = raw.get("id")
    form = Form(
        id=form_id if isinstance(form_id, str) else "",
        version=version if isinstance(version, str) else "",
        schema_version=schema_version if isinstance(schema_version, int) else SCHEMA_VERSION,
        components=tree,
        keys=frozenset(loading.keys),
        paths=frozenset(findings.paths),
    )
    return form, tuple(findings.problems)


def _parsed(source: bytes | str | Mapping[str, Json], findings: Findings) -> JsonObject:
    if isinstance(source, Mapping):
        return dict(source)
    if len(source) > MAX_BYTES:
        findings.note(
            "too_large", "", message="The file is too large.", mend=f"Keep it under {MAX_BYTES} B."
        )
        return {}
    try:
        raw = orjson.loads(source)
    except (orjson.JSONDecodeError, UnicodeEncodeError) as trouble:
        findings.note("json", "", message=f"The file is no JSON: {trouble}.", mend="Save it again.")
        return {}
    if not isinstance(raw, dict):
        findings.note(
            "not_form", "", message="The file is no form.", mend="Save it from the form editor."
        )
        return {}
    return raw


def _check_head(raw: JsonObject, findings: Findings) -> None:
    if not raw:
        if not findings.problems:
            findings.note(
                "not_form", "", message="The form is empty.", mend="Save it from the form editor."
            )
        return
    if raw.get("type", "default") != "default":
        findings.note("not_form", "type", message="This is no form.", mend='Set type to "default".')
    form_id = raw.get("id")
    if not isinstance(form_id, str) or not _ID.fullmatch(form_id):
        findings.note("form_id", "id", message="The form has no usable id.", mend="Give it an id.")
    version = raw.get("schemaVersion", SCHEMA_VERSION)
    if isinstance(version, bool) or not isinstance(version, int) or version > SCHEMA_VERSION:
        findings.note(
            "schema_version",
            "schemaVersion",
            message=f"Schema version {version!r} is not known.",
            mend=f"Save the form with a version up to {SCHEMA_VERSION}.",
        )


@dataclass(frozen=True, slots=True)
class _Scope:
    """Where a component stands: the keys above it, and those above it since the nearest row."""

    above: tuple[str, ...] = ()
    in_row: tuple[str, ...] = ()
    depth: int = 1


@dataclass(slots=True)
class _Loading:
    """Ids and keys taken so far; a key is closed (a field), repeated (a list) or open (a group)."""

    findings: Findings
    ids: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    closed: set[tuple[str, ...]] = field(default_factory=set)
    repeated: set[tuple[str, ...]] = field(default_factory=set)
    count: int = 0

    def components(self, raw: list[Json], at: str, scope: _Scope) -> tuple[Component, ...]:
        if scope.depth > MAX_DEPTH:
            self.findings.note(
                "depth", at, message="This is nested too deeply.", mend="Use fewer levels."
            )
            return ()
        built = (self.component(item, f"{at}[{n}]", scope) for n, item in enumerate(raw))
        return tuple(component for component in built if component is not None)

    def component(self, raw: Json, at: str, scope: _Scope) -> Component | None:
        self.count += 1
        if self.count > MAX_COMPONENTS:
            if self.count == MAX_COMPONENTS + 1:
                self.findings.note(
                    "components",
                    at,
                    message=f"There are more than {MAX_COMPONENTS} components.",
                    mend="Split the form.",
                )
            return None
        source = self.source(raw, at)
        if source is None:
            return None
        if source.kind is Kind.GROUP:
            return self.group(source, scope)
        if source.kind is Kind.DYNAMICLIST:
            return self.dynamic_list(source, scope)
        if source.kind in FIELD_KINDS:
            own = self.own_path(source, "key")
            path = self.claim(source, own, above=scope.above, taken=self.closed)
            return (
                build_field(source, path=(*scope.in_row, *own), key=".".join(path)) if own else None
            )
        return build_shown(source)

    def source(self, raw: Json, at: str) -> Source | None:
        if not isinstance(raw, dict):
            self.findings.note("component", at, message="This is no component.", mend="Remove it.")
            return None
        kind, component_id = raw.get("type"), raw.get("id")
        if not isinstance(kind, str) or kind not in list(Kind):
            self.findings.note(
                "component_type",
                f"{at}.type",
                message=f"There is no component {str(kind)[:50]!r}.",
                mend=f"Use one of {_TYPES}.",
            )
            return None
        if component_id is None:
            component_id = re.sub(r"\W+", "_", at).strip("_")
        if not isinstance(component_id, str) or not _ID.fullmatch(component_id):
            self.findings.note(
                "component_id", f"{at}.id", message="The id is unusable.", mend="Change it."
            )
            component_id = re.sub(r"\W+", "_", at).strip("_")
        source = Source(raw, at, component_id, Kind(kind), self.findings)
        if component_id in self.ids:
            source.problem(
                "id_twice", "id", message="The id is there twice.", mend="Give it one of its own."
            )
        self.ids.add(component_id)
        return source

    def own_path(self, source: Source, name: str, *, is_needed: bool = True) -> tuple[str, ...]:
        """Return the segments of a key or path, noting one that is missing or malformed."""
        text = source.text(name)
        if not text and not is_needed:
            return ()
        if not _KEY.fullmatch(text) or len(text) > 200:
            source.problem(
                "key",
                name,
                message=f"{text[:50]!r} is no key." if text else f"The {name} is missing.",
                mend="Use letters, digits and _, beginning with a letter; dots between levels.",
            )
            return ()
        return tuple(text.split("."))

    def claim(
        self,
        source: Source,
        own: tuple[str, ...],
        *,
        above: tuple[str, ...],
        taken: set[tuple[str, ...]] | None,
    ) -> tuple[str, ...]:
        """Take a key for one component; `taken` is None for a group, which may share its path."""
        path, name = (*above, *own), "path" if taken is not self.closed else "key"
        if not own:
            return path
        if not above and own[0] in RESERVED:
            source.problem(
                "key_reserved",
                name,
                message=f"{own[0]} has a meaning of its own.",
                mend="Use another key.",
            )
        if self.is_taken(path, len(above), is_shared=taken is None):
            source.problem(
                "key_twice",
                name,
                message=f"The key {'.'.join(path)} is taken by another component.",
                mend="Give each its own.",
            )
        if taken is not None:
            taken.add(path)
        self.keys.update(".".join(path[: length + 1]) for length in range(len(path)))
        return path

    def is_taken(self, path: tuple[str, ...], above: int, *, is_shared: bool) -> bool:
        shorter = {path[:length] for length in range(above + 1, len(path) + 1)}
        if shorter & (self.closed | self.repeated):
            return True
        return not is_shared and ".".join(path) in self.keys

    def group(self, source: Source, scope: _Scope) -> Component:
        own = self.own_path(source, "path", is_needed=False)
        path = self.claim(source, own, above=scope.above, taken=None)
        inner = _Scope(path, (*scope.in_row, *own), scope.depth + 1)
        return Group(
            **place(source),
            label=source.template("label"),
            key=".".join(path) if own else "",
            has_outline=source.is_true("showOutline", default=True),
            is_folded=source.is_true("properties.folded"),
            components=self.below(source, inner),
        )

    def dynamic_list(self, source: Source, scope: _Scope) -> Component | None:
        own = self.own_path(source, "path")
        if not own:
            return None
        path = self.claim(source, own, above=scope.above, taken=self.repeated)
        components = self.below(source, _Scope(path, (), scope.depth + 1))
        rows = source.whole("defaultRepetitions", MAX_ROWS)
        return DynamicList(
            **place(source),
            label=source.template("label"),
            path=(*scope.in_row, *own),
            key=".".join(path),
            readonly=source.condition("readonly", may_be_constant=True),
            has_outline=source.is_true("showOutline", default=True),
            can_change_rows=source.is_true("allowAddRemove", default=True),
            default_rows=1 if rows is None else rows,
            components=components,
            fields=fields_of(components),
        )

    def below(self, source: Source, scope: _Scope) -> tuple[Component, ...]:
        raw = source.at_name("components")
        if not isinstance(raw, list):
            if raw is not None:
                source.problem(
                    "components", "components", message="This is no list.", mend="List components."
                )
            return ()
        return self.components(raw, f"{source.at}.components", scope)
