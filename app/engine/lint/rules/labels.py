"""Rules about label files: each belongs to something of the set, and misses none of its names."""

from collections.abc import Iterator, Mapping

from app.engine.lint.diagram import Process
from app.engine.lint.form_file import FormFile
from app.engine.lint.problems import Finding, Severity, Spot, Subject, found, rule, spot_of
from app.engine.lint.reading import Given, Labels, Table
from app.json_types import Json

_TOLD = frozenset({"label_unknown"})  # by the rule label-unknown-id


@rule(
    "labels-without-subject",
    on=Subject.LABELS,
    severity=Severity.WARNING,
    message="These labels are for “{subject}”, and nothing of that id is in the set.",
    mend="Name the file <id>.<language>.json after a process, a decision or a form beside it.",
)
def labels_without_subject(labels: Labels) -> Iterator[Finding]:
    """A label file is deployed with the diagram, table or form whose words it translates."""
    if _known_ids(labels) is None:
        yield found(Spot(), subject=labels.of)


@rule(
    "label-unknown-id",
    on=Subject.LABELS,
    severity=Severity.WARNING,
    message="The label “{key}” translates nothing: “{subject}” has no such element.",
    mend="Correct the id, or remove the label.",
)
def label_unknown_id(labels: Labels) -> Iterator[Finding]:
    """Every label of a file refers to an element, a field or a column that exists."""
    known = _known_ids(labels)
    if known is None:
        return
    for section, entries in labels.labels.items():
        for key in entries if isinstance(entries, dict) else ():
            if key not in known:
                spot = Spot(line=labels.line_of(key), element_id=key)
                yield found(spot, key=f"{section}.{key}", subject=labels.of)


@rule(
    "label-not-text",
    on=Subject.LABELS,
    message="The label “{key}” is no text.",
    mend="Write the translation as a text in quotes.",
)
def label_not_text(labels: Labels) -> Iterator[Finding]:
    """Labels are texts, in sections by kind of element."""
    waiting: list[tuple[str, Json]] = list(labels.labels.items())
    while waiting:
        key, value = waiting.pop(0)
        if isinstance(value, dict):
            waiting.extend(value.items())
        elif not isinstance(value, str):
            yield found(Spot(line=labels.line_of(key), element_id=key), key=key)


@rule(
    "form-labels-refused",
    on=Subject.LABELS,
    message="The labels of the form “{subject}” cannot be used, at {path}: {reason}",
    mend="{how}",
)
def form_labels_refused(labels: Labels) -> Iterator[Finding]:
    """The labels of a form are loaded as they would be to be shown."""
    yield from _form_faults(labels, "error")


@rule(
    "form-label-missing",
    on=Subject.LABELS,
    severity=Severity.WARNING,
    message="The labels of the form “{subject}” do not fit it, at {path}: {reason}",
    mend="{how}",
)
def form_label_missing(labels: Labels) -> Iterator[Finding]:
    """Every text of a form has a translation beside it."""
    yield from _form_faults(labels, "warning")


@rule(
    "labels-missing",
    on=Subject.PROCESS,
    severity=Severity.WARNING,
    message="{element} has no labels in {language}: its {count} names stay as they are.",
    mend="Deploy {file} beside the diagram.",
)
def labels_missing(process: Process) -> Iterator[Finding]:
    """A process whose elements have names has a label file in every language of the district."""
    names = list(_named(process))
    for language in process.given.bundle.languages:
        if names and _labels_of(process.id, language, process.given) is None:
            file = f"{process.id}.{language}.json"
            yield found(process.element, language=language, count=len(names), file=file)


@rule(
    "label-missing",
    on=Subject.PROCESS,
    severity=Severity.WARNING,
    message="The name of {element} has no translation in {language}.",
    mend="Add it to {file} under “elements”.",
)
def label_missing(process: Process) -> Iterator[Finding]:
    """Every named node, flow and lane has a label in every language of the district."""
    for language in process.given.bundle.languages:
        labels = _labels_of(process.id, language, process.given)
        if labels is None:
            continue
        words = labels.labels.get("elements")
        known: Mapping[str, Json] = words if isinstance(words, dict) else {}
        for spot in _named(process):
            if spot.element_id not in known:
                yield found(spot, language=language, file=labels.file)


@rule(
    "documentation-untranslated",
    on=Subject.PROCESS,
    severity=Severity.WARNING,
    message="What {element} tells whoever does it has no translation in {language}.",
    mend="Add it to {file} under “documentation”.",
)
def documentation_untranslated(process: Process) -> Iterator[Finding]:
    """What a user task tells whoever does it can be read in every language of the district."""
    for language in process.given.bundle.languages:
        labels = _labels_of(process.id, language, process.given)
        if labels is None:
            continue
        words = labels.labels.get("documentation")
        known: Mapping[str, Json] = words if isinstance(words, dict) else {}
        for node in process.of_type("userTask"):
            if node.element.findtext("{*}documentation") and node.id not in known:
                yield found(node.element, language=language, file=labels.file)


@rule(
    "form-labels-missing",
    on=Subject.FORM,
    severity=Severity.WARNING,
    message="The form {element} has no labels in {language}.",
    mend="Deploy {file} beside the form.",
)
def form_labels_missing(form: FormFile) -> Iterator[Finding]:
    """A form has a label file in every language of the district."""
    for language in form.given.bundle.languages:
        if form.id and form.components and _labels_of(form.id, language, form.given) is None:
            yield found(form.spot, language=language, file=f"{form.id}.{language}.json")


@rule(
    "table-labels-missing",
    on=Subject.TABLE,
    severity=Severity.WARNING,
    message="The decision {element} has no labels in {language}.",
    mend="Deploy {file} beside the table.",
)
def table_labels_missing(table: Table) -> Iterator[Finding]:
    """A table's file has a label file in every language of the district."""
    named = [each for each in table.of_type("decision") if each.get("id") and each.get("name")]
    for language in table.given.bundle.languages if named else ():
        if not any(_labels_of(name, language, table.given) for name in table.names):
            file = f"{named[0].get('id')}.{language}.json"
            yield found(named[0], language=language, file=file)


def _form_faults(labels: Labels, severity: str) -> Iterator[Finding]:
    given = labels.given
    forms = {form.id: form.data for form in given.forms}
    if labels.of not in forms and labels.of not in given.bundle.forms:
        return
    for fault in given.bundle.labels_check(labels.data, forms.get(labels.of)):
        if fault.severity == severity and fault.code not in _TOLD:
            element = fault.path.partition(".")[2].partition(".")[0]
            spot = Spot(line=labels.line_of(element), element_id=element)
            yield found(
                spot, subject=labels.of, path=fault.path, reason=fault.message, how=fault.mend
            )


def _labels_of(subject: str, language: str, given: Given) -> Labels | None:
    files = (each for each in given.labels if each.of == subject and each.language == language)
    return next(files, None)


def _named(process: Process) -> Iterator[Spot]:
    for node in process.nodes:
        if node.id and node.element.get("name"):
            yield spot_of(node.element)
    for scope in process.scopes:
        for flow in scope.flows:
            if flow.id and flow.element.get("name"):
                yield spot_of(flow.element)
        for lane in scope.element.iterfind("{*}laneSet/{*}lane"):
            if lane.get("id") and lane.get("name"):
                yield spot_of(lane)


def _known_ids(labels: Labels) -> frozenset[str] | None:
    """Return every id and key the labels may name; None where nothing of that id is there."""
    known: set[str] = set()
    is_found = False
    for process in (each for each in labels.given.processes if each.id == labels.of):
        is_found = True
        known.update(element.get("id", "") for element in process.diagram.root.iter("{*}*"))
    for form in (each for each in labels.given.forms if each.id == labels.of):
        is_found = True
        known |= form.label_keys
    for table in (each for each in labels.given.tables if labels.of in each.names):
        is_found = True
        for element in table.root.iter("{*}*"):
            known.update((element.get("id", ""), element.get("name", "")))
    return frozenset(known) if is_found else None
