"""Rules about who does a step, with which form, and that it is somebody else than before."""

from collections.abc import Iterator

from app.engine.dialect import feel_of
from app.engine.lint.diagram import BPMN, Node, Process
from app.engine.lint.expression import literal_results, names_in
from app.engine.lint.problems import Finding, Severity, Subject, found, rule
from app.engine.lint.variables import RESERVED, is_written_before

NOT_ACTOR = "notActor"
MAX_PRIORITY = 100
_ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"


@rule(
    "user-task-without-role",
    on=Subject.PROCESS,
    message="The user task {element} is offered to nobody.",
    mend="Write the role into its candidate groups, such as unit_handler.",
)
def user_task_without_role(process: Process) -> Iterator[Finding]:
    """Every user task names its candidate groups; lanes do not reach called processes."""
    for node in process.of_type("userTask"):
        assignment = node.extensions.assignment
        if assignment is None or not assignment.candidate_groups:
            yield found(node.element)


@rule(
    "unknown-role",
    on=Subject.PROCESS,
    message="{element} is offered to “{role}”, which is no role.",
    mend="Choose one of: {roles}.",
)
def unknown_role(process: Process) -> Iterator[Finding]:
    """Candidate groups are roles of the district, with or without a unit: role or role@unit."""
    roles = process.given.bundle.roles
    for node in process.of_type("userTask"):
        assignment = node.extensions.assignment
        groups = assignment.candidate_groups if assignment is not None else None
        for group in _literal_groups(groups) if groups else ():
            role = group.partition("@")[0].strip()
            if role not in roles:
                yield found(node.element, role=role, roles=", ".join(sorted(roles)))


@rule(
    "missing-user-task-marker",
    on=Subject.PROCESS,
    message="The user task {element} is meant for a job worker, not for a person here.",
    mend="Set its implementation to “Camunda user task” in the modeler (zeebe:userTask).",
)
def missing_user_task_marker(process: Process) -> Iterator[Finding]:
    """Every user task carries zeebe:userTask; without it clients take it for a job."""
    for node in process.of_type("userTask"):
        if not node.extensions.is_native_user_task:
            yield found(node.element)


@rule(
    "user-task-without-form",
    on=Subject.PROCESS,
    severity=Severity.WARNING,
    message="The user task {element} has no form: a person can only tick it off.",
    mend="Link a form by its id.",
)
def user_task_without_form(process: Process) -> Iterator[Finding]:
    """A user task asks for something: outcome, comment, attachments."""
    for node in process.of_type("userTask"):
        if node.extensions.form is None and not _has_form_key(node):
            yield found(node.element)


@rule(
    "form-by-key",
    on=Subject.PROCESS,
    message="The form of {element} is embedded or named by a form key, which is not read here.",
    mend="Deploy the form as a .form file and link it by its id.",
)
def form_by_key(process: Process) -> Iterator[Finding]:
    """Forms are linked by id, so that a version of them is pinned at deployment."""
    for node in process.of_type("userTask", "startEvent"):
        if _has_form_key(node):
            yield found(node.element)


@rule(
    "unknown-form",
    on=Subject.PROCESS,
    message="The form “{form}” of {element} does not exist.",
    mend="Deploy the form with the diagram, or correct its id.",
)
def unknown_form(process: Process) -> Iterator[Finding]:
    """A linked form is part of the set or deployed already."""
    for node in process.of_type("userTask", "startEvent"):
        form = node.extensions.form
        if form is None or feel_of(form.form_id) is not None:
            continue
        if form.form_id not in process.given.form_keys:
            yield found(node.element, form=form.form_id)


@rule(
    "priority-out-of-range",
    on=Subject.PROCESS,
    message="The priority “{priority}” of {element} is no number from 0 to 100.",
    mend="Write a whole number from 0 to 100; 50 is usual.",
)
def priority_out_of_range(process: Process) -> Iterator[Finding]:
    """A literal priority is a whole number from 0 to 100."""
    for node in process.of_type("userTask"):
        priority = node.extensions.priority
        if priority is None or feel_of(priority) is not None:
            continue
        if not (priority.isascii() and priority.isdigit() and int(priority) <= MAX_PRIORITY):
            yield found(node.element, priority=priority)


@rule(
    "not-actor-unwritten",
    on=Subject.PROCESS,
    message="{element} must be done by another person than “{name}”, which no step before it says.",
    mend="Let the earlier task keep who did it with an output mapping: source =actor.",
)
def not_actor_unwritten(process: Process) -> Iterator[Finding]:
    """The person a notActor property excludes is written by a step before the task."""
    for node in process.of_type("userTask"):
        feel = feel_of(node.extensions.properties.get(NOT_ACTOR))
        for name in sorted(names_in(feel) - RESERVED - node.local_names) if feel else ():
            if not is_written_before(name, node):
                yield found(node.element, name=name)


@rule(
    "not-actor-literal",
    on=Subject.PROCESS,
    message="The notActor property of {element} is a fixed text, so it excludes nobody.",
    mend="Write the variable as FEEL, such as =handler.",
)
def not_actor_literal(process: Process) -> Iterator[Finding]:
    """A notActor property is an expression that gives the person of an earlier step."""
    for node in process.of_type("userTask"):
        written = node.extensions.properties.get(NOT_ACTOR)
        if written is not None and not feel_of(written):
            yield found(node.element)


def _literal_groups(groups: str) -> tuple[str, ...]:
    feel = feel_of(groups)
    if feel is None:
        return tuple(group.strip() for group in groups.split(","))
    return literal_results(feel)


def _has_form_key(node: Node) -> bool:
    """An embedded form is a zeebe:userTaskForm of the process; both are named by a form key."""
    definition = node.element.find(f"{BPMN}extensionElements/{_ZEEBE}formDefinition")
    return definition is not None and bool(
        definition.get("formKey") or definition.get("externalReference")
    )
