"""Rules about what a step asks others for: decisions, jobs, operations and their inputs."""

from collections.abc import Iterator

from app.engine.dialect import feel_of
from app.engine.lint.diagram import Node, Process
from app.engine.lint.problems import Finding, Severity, Subject, found, rule

EXTERNAL_HEADER = "external"
RECORD_FACTS = "record_facts"


@rule(
    "service-without-type",
    on=Subject.PROCESS,
    message="Nothing is said about what {element} does: it has no job type.",
    mend="Write the operation, such as notify_reporter, as its task definition type.",
)
def service_without_type(process: Process) -> Iterator[Finding]:
    """A service task names its operation by a job type, a send task that or a message."""
    for node in process.of_type("serviceTask", "sendTask"):
        job = node.extensions.job
        if node.element.get("messageRef"):
            continue
        if job is None or not job.job_type.strip():
            yield found(node.element)


@rule(
    "unknown-operation",
    on=Subject.PROCESS,
    severity=Severity.WARNING,
    message="The application does not know the operation “{operation}” of {element}.",
    mend="Correct the job type, or add a header “external” when a worker outside does it.",
)
def unknown_operation(process: Process) -> Iterator[Finding]:
    """A job type is an operation of the application or is marked as external by a header."""
    for node, operation in _jobs(process):
        is_known = operation in process.given.bundle.operations
        if not is_known and EXTERNAL_HEADER not in node.extensions.headers:
            yield found(node.element, operation=operation)


@rule(
    "retries-not-a-number",
    on=Subject.PROCESS,
    message="The retries “{retries}” of {element} are no whole number.",
    mend="Write how often the job may be tried, such as 3.",
)
def retries_not_a_number(process: Process) -> Iterator[Finding]:
    """Literal retries are a whole number."""
    for node in process.nodes:
        job = node.extensions.job
        if job is None or feel_of(job.retries) is not None:
            continue
        if not (job.retries.isascii() and job.retries.isdigit()):
            yield found(node.element, retries=job.retries)


@rule(
    "unknown-fact-recorded",
    on=Subject.PROCESS,
    message="{element} records “{fact}”, which is no fact of a case.",
    mend="Name an input after one of the declared facts.",
)
def unknown_fact_recorded(process: Process) -> Iterator[Finding]:
    """Every input of record_facts is named after a declared fact of the case."""
    for node, operation in _jobs(process):
        if operation != RECORD_FACTS:
            continue
        for mapping in node.extensions.inputs:
            if mapping.target not in process.given.bundle.case_facts:
                yield found(node.element, fact=mapping.target)


@rule(
    "decision-incomplete",
    on=Subject.PROCESS,
    message="{element} lacks its {missing}.",
    mend="Choose the decision and name the variable that takes its result.",
)
def decision_incomplete(process: Process) -> Iterator[Finding]:
    """A business rule task names a decision and a result variable, or is a job."""
    for node in process.of_type("businessRuleTask"):
        decision = node.extensions.decision
        if decision is None:
            if node.extensions.job is None:
                yield found(node.element, missing="decision")
        elif not decision.decision_id.strip():
            yield found(node.element, missing="decision")
        elif not decision.result_variable.strip():
            yield found(node.element, missing="result variable")


@rule(
    "unknown-decision",
    on=Subject.PROCESS,
    message="The decision “{decision}” that {element} asks for does not exist.",
    mend="Deploy the table with the diagram, or correct the decision id.",
)
def unknown_decision(process: Process) -> Iterator[Finding]:
    """A decision is part of the set or deployed already."""
    for node in process.of_type("businessRuleTask"):
        decision = node.extensions.decision
        if decision is None or not decision.decision_id or feel_of(decision.decision_id):
            continue
        if decision.decision_id not in process.given.decisions:
            yield found(node.element, decision=decision.decision_id)


@rule(
    "reference-by-expression",
    on=Subject.PROCESS,
    message="The {what} of {element} is computed; it must be a fixed name.",
    mend="Write the id itself, without =; choose between several with a gateway.",
)
def reference_by_expression(process: Process) -> Iterator[Finding]:
    """Forms, decisions, processes and job types are fixed names, pinned at deployment."""
    for node in process.nodes:
        for what, name in _references(node):
            if feel_of(name) is not None:
                yield found(node.element, what=what)


def _jobs(process: Process) -> Iterator[tuple[Node, str]]:
    for node in process.nodes:
        job = node.extensions.job
        if job is not None and job.job_type.strip() and feel_of(job.job_type) is None:
            yield node, job.job_type.strip()


def _references(node: Node) -> Iterator[tuple[str, str]]:
    extensions = node.extensions
    if extensions.form is not None:
        yield "form id", extensions.form.form_id
    if extensions.decision is not None:
        yield "decision id", extensions.decision.decision_id
    if extensions.called_process is not None:
        yield "process id", extensions.called_process.process_id
    if extensions.job is not None:
        yield "job type", extensions.job.job_type
