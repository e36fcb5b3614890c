"""Rules about form-js forms: known components, keys of their own, expressions that compile."""

import re
from collections.abc import Iterator

from app.engine.lint.expression import syntax_error, variables
from app.engine.lint.form_file import FormFile, key_of
from app.engine.lint.problems import Finding, Severity, Subject, found, rule
from app.engine.lint.variables import ACTOR, RESERVED, is_key_unknown, is_task_unknown
from app.feel import Variable
from app.json_types import Json, JsonObject

SCHEMA_VERSION = 19
MAX_PATTERN = 1_000
ASKING = frozenset(
    {
        "textfield",
        "textarea",
        "number",
        "datetime",
        "expression",
        "filepicker",
        "checkbox",
        "checklist",
        "radio",
        "select",
        "taglist",
    }
)
SHOWING = frozenset(
    {
        "text",
        "html",
        "image",
        "table",
        "documentPreview",
        "iframe",
        "spacer",
        "separator",
        "button",
        "group",
        "dynamiclist",
    }
)
CHOOSING = frozenset({"checklist", "radio", "select", "taglist"})
_OPTIONS = ("values", "valuesKey", "valuesExpression")
_TOLD = frozenset(
    {
        "component_type",
        "feel",
        "form_id",
        "json",
        "key_twice",
        "no_options",
        "not_form",
        "pattern",
        "schema_version",
        "too_large",
    }
)
_ROW_NAMES = frozenset({"this", "parent", "i"})
_LIMITS = (("min", "max"), ("minLength", "maxLength"))


@rule(
    "form-without-id",
    on=Subject.FORM,
    message="This form has no id, so no task can ask for it.",
    mend="Give the form an id in the form editor.",
)
def form_without_id(form: FormFile) -> Iterator[Finding]:
    """A form carries the id by which tasks link it."""
    if not form.id:
        yield found(form.spot)


@rule(
    "duplicate-form",
    on=Subject.FORM,
    message="The form {element} is also in the file {other}.",
    mend="Give each form an id of its own, or leave one of the files out.",
)
def duplicate_form(form: FormFile) -> Iterator[Finding]:
    """A form id stands for one form of a set."""
    first = next(each for each in form.given.forms if each.id == form.id)
    if form.id and first is not form:
        yield found(form.spot, other=first.file)


@rule(
    "form-schema-version",
    on=Subject.FORM,
    severity=Severity.WARNING,
    message="This form is of schema version {version}; versions up to {known} are known.",
    mend="Save it with an editor of schema version {known} or earlier.",
)
def form_schema_version(form: FormFile) -> Iterator[Finding]:
    """Forms are of form-js schema version 19 or earlier."""
    version = form.schema.get("schemaVersion", SCHEMA_VERSION)
    if isinstance(version, bool) or not isinstance(version, int) or version > SCHEMA_VERSION:
        yield found(form.spot, version=version, known=SCHEMA_VERSION)


@rule(
    "form-unknown-component",
    on=Subject.FORM,
    message="The component {element} is of the type “{type}”, which nobody can show.",
    mend="Use one of the form editor's components.",
)
def form_unknown_component(form: FormFile) -> Iterator[Finding]:
    """Every component is of a type of form-js, schema version 19."""
    for component in form.components:
        if component.get("type") not in ASKING | SHOWING:
            yield found(form.spot_of(component), type=component.get("type"))


@rule(
    "form-missing-key",
    on=Subject.FORM,
    message="The field {element} has no key, so its answer would be lost.",
    mend="Give it a key of letters, digits and underscores.",
)
def form_missing_key(form: FormFile) -> Iterator[Finding]:
    """Every field that takes an answer has a key."""
    for component in form.components:
        if component.get("type") in ASKING and not _key(component):
            yield found(form.spot_of(component))


@rule(
    "form-duplicate-key",
    on=Subject.FORM,
    message="The key “{key}” is used by more than one field.",
    mend="Give each field a key of its own.",
)
def form_duplicate_key(form: FormFile) -> Iterator[Finding]:
    """Fields that lie under one path have different keys; so have those of a list's row."""
    seen: set[tuple[str, ...]] = set()
    for above, component in form.placed:
        key = _key(component)
        if key and (*above, key) in seen:
            yield found(form.spot_of(component), key=key)
        seen.add((*above, key))


@rule(
    "form-without-options",
    on=Subject.FORM,
    message="The field {element} offers nothing to choose from.",
    mend="Add options, or say where they come from.",
)
def form_without_options(form: FormFile) -> Iterator[Finding]:
    """A choice has options, written down, by a key or by an expression."""
    for component in form.components:
        has_options = any(component.get(name) for name in _OPTIONS)
        is_own = _at(component, "properties", "input") is not None
        if component.get("type") in CHOOSING and not has_options and not is_own:
            yield found(form.spot_of(component))


@rule(
    "form-limits",
    on=Subject.FORM,
    message="Nothing fits into {element}: its {low} is above its {high}.",
    mend="Exchange the two limits or correct them.",
)
def form_limits(form: FormFile) -> Iterator[Finding]:
    """A smallest value or length is not above the largest."""
    for component in form.components:
        for low, high in _LIMITS:
            least, most = _at(component, "validate", low), _at(component, "validate", high)
            if _is_number(least) and _is_number(most) and float(str(least)) > float(str(most)):
                yield found(form.spot_of(component), low=low, high=high)


@rule(
    "form-pattern",
    on=Subject.FORM,
    message="The pattern “{pattern}” of {element} is no regular expression: {reason}.",
    mend="Correct the pattern, or remove it.",
)
def form_pattern(form: FormFile) -> Iterator[Finding]:
    """A validation pattern compiles and is at most 1,000 characters long."""
    for component in form.components:
        pattern = _at(component, "validate", "pattern")
        reason = _broken(pattern) if isinstance(pattern, str) else ""
        if reason:
            yield found(form.spot_of(component), pattern=str(pattern)[:80], reason=reason)


@rule(
    "form-feel",
    on=Subject.FORM,
    message=(
        "The {field} of {element} is no FEEL: line {line}, column {column}:"
        " expected {expected}, found {found}."
    ),
    mend="Correct the expression at that place: {text}",
)
def form_feel(form: FormFile) -> Iterator[Finding]:
    """Conditions, limits, options and computed fields compile; the position is within them."""
    for component, field, text in form.expressions():
        error = syntax_error(text)
        if error is not None:
            yield found(
                form.spot_of(component),
                field=field,
                line=error.line,
                column=error.column,
                expected=error.expected,
                found=error.found,
                text=f"={text}",
            )


@rule(
    "form-refused",
    on=Subject.FORM,
    message="The form cannot be shown as it is, at {element}: {reason}",
    mend="{how}",
)
def form_refused(form: FormFile) -> Iterator[Finding]:
    """A form is loaded as it would be to be shown; what other rules tell is left out."""
    yield from _faults(form, "error")


@rule(
    "form-doubtful",
    on=Subject.FORM,
    severity=Severity.WARNING,
    message="Something in the form is doubtful, at {element}: {reason}",
    mend="{how}",
)
def form_doubtful(form: FormFile) -> Iterator[Finding]:
    """What loads the form has nothing to warn of."""
    yield from _faults(form, "warning")


@rule(
    "form-unknown-fact",
    on=Subject.FORM,
    message="The {field} of {element} reads “case.{fact}”, which is no fact of a case.",
    mend="Choose one of: {facts}.",
)
def form_unknown_fact(form: FormFile) -> Iterator[Finding]:
    """Every case.… in a form is a declared fact."""
    facts = form.given.bundle.case_facts
    for component, field, variable in _read(form):
        path = variable.path
        if path[0] == "case" and len(path) > 1 and path[1] not in facts:
            listed = ", ".join(sorted(facts))
            yield found(form.spot_of(component), field=field, fact=path[1], facts=listed)


@rule(
    "form-unknown-answer",
    on=Subject.FORM,
    message="The {field} of {element} reads “{answer}”, which no form asks for.",
    mend="Correct it to answers.<user task>.<key of its form>.",
)
def form_unknown_answer(form: FormFile) -> Iterator[Finding]:
    """Every answers.<task>.<key> in a form names a task of the set and a key of its form."""
    if not form.given.processes:
        return
    for component, field, variable in _read(form):
        path, given = variable.path, form.given
        if is_task_unknown(path, given) or is_key_unknown(path, given):
            yield found(form.spot_of(component), field=field, answer=".".join(path))


@rule(
    "form-unknown-name",
    on=Subject.FORM,
    severity=Severity.WARNING,
    message="The {field} of {element} reads “{name}”, which is neither a key nor a variable.",
    mend="Correct the name, or hand it in with an input mapping of the task.",
)
def form_unknown_name(form: FormFile) -> Iterator[Finding]:
    """A form reads its own keys, the case, earlier answers and what its task hands in.

    A form that starts a process is shown before there is one: its page hands in what it knows.
    """
    users = [
        node
        for process in form.given.processes
        for node in process.of_type("userTask", "startEvent")
        if node.extensions.form is not None and node.extensions.form.form_id == form.id
    ]
    if not users or any(node.type == "startEvent" for node in users):
        return
    known = RESERVED | _ROW_NAMES | {ACTOR} | form.given.bundle.choices | form.names
    known = known.union(*(node.local_names | node.process.written for node in users))
    for component, field, variable in _read(form):
        if variable.is_certain and variable.name not in known:
            yield found(form.spot_of(component), field=field, name=variable.name)


def _faults(form: FormFile, severity: str) -> Iterator[Finding]:
    keyless = {str(each.get("id")) for each in form.components if not _key(each)}
    by_id = {str(each.get("id")): each for each in reversed(form.components)}
    for fault in form.given.bundle.form_check(form.data):
        is_told = fault.code in _TOLD or (fault.code == "key" and fault.component_id in keyless)
        if fault.severity == severity and not is_told:
            component = by_id.get(fault.component_id)
            spot = form.spot if component is None else form.spot_of(component)
            yield found(spot, reason=fault.message, how=fault.mend)


def _key(component: JsonObject) -> str:
    return key_of(component) if component.get("type") in ASKING else ""


def _read(form: FormFile) -> Iterator[tuple[JsonObject, str, Variable]]:
    for component, field, text in form.expressions():
        for variable in variables(text):
            yield component, field, variable


def _at(component: JsonObject, group: str, name: str) -> Json:
    inner = component.get(group)
    return inner.get(name) if isinstance(inner, dict) else None


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _broken(pattern: str) -> str:
    if len(pattern) > MAX_PATTERN:
        return f"longer than {MAX_PATTERN} characters"
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        return str(error)
    return ""
