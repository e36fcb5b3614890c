"""What the Camunda 8 dialect says about one element: its zeebe: extensions as frozen data.

The parser keeps the result on the task spec, the lint reads it straight from the tree. Texts are
kept as written: a leading "=" marks FEEL, anything else is a literal (`feel_of` tells which).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

ZEEBE_NAMESPACE = "http://camunda.org/schema/zeebe/1.0"
BPMN_NAMESPACE = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DEFAULT_RETRIES = "3"

_ZEEBE = f"{{{ZEEBE_NAMESPACE}}}"
_BPMN = f"{{{BPMN_NAMESPACE}}}"


@dataclass(frozen=True, slots=True)
class Assignment:
    """zeebe:assignmentDefinition: who may or should do a user task."""

    assignee: str | None = None
    candidate_groups: str | None = None
    candidate_users: str | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """zeebe:taskSchedule: when a user task is due and when to look at it again."""

    due_date: str | None = None
    follow_up_date: str | None = None


@dataclass(frozen=True, slots=True)
class FormReference:
    """zeebe:formDefinition: the form-js form of a user task or a start event."""

    form_id: str
    binding: str = "latest"


@dataclass(frozen=True, slots=True)
class CalledDecision:
    """zeebe:calledDecision: the table a business rule task asks, and where the answer goes."""

    decision_id: str
    result_variable: str


@dataclass(frozen=True, slots=True)
class JobDefinition:
    """zeebe:taskDefinition: the operation a service task asks its host for."""

    job_type: str
    retries: str = DEFAULT_RETRIES


@dataclass(frozen=True, slots=True)
class VariableMapping:
    """One zeebe:input or zeebe:output: `source` is evaluated, `target` receives it."""

    source: str
    target: str


@dataclass(frozen=True, slots=True)
class MultiInstance:
    """zeebe:loopCharacteristics with the completion condition and order of its BPMN parent."""

    input_collection: str
    input_element: str | None = None
    output_collection: str | None = None
    output_element: str | None = None
    completion_condition: str | None = None
    is_sequential: bool = False


@dataclass(frozen=True, slots=True)
class CalledProcess:
    """zeebe:calledElement: the process a call activity runs."""

    process_id: str
    propagates_all_child_variables: bool = True
    binding: str = "latest"


@dataclass(frozen=True, slots=True)
class Script:
    """zeebe:script: a FEEL expression and the variable it sets."""

    expression: str
    result_variable: str


@dataclass(frozen=True, slots=True)
class Extensions:
    """Everything zeebe: says about one element; absent parts are None or empty."""

    is_native_user_task: bool = False
    assignment: Assignment | None = None
    schedule: Schedule | None = None
    priority: str | None = None
    form: FormReference | None = None
    decision: CalledDecision | None = None
    job: JobDefinition | None = None
    inputs: tuple[VariableMapping, ...] = ()
    outputs: tuple[VariableMapping, ...] = ()
    multi_instance: MultiInstance | None = None
    called_process: CalledProcess | None = None
    script: Script | None = None
    correlation_key: str | None = None
    version_tag: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)


def feel_of(text: str | None) -> str | None:
    """Return the FEEL expression after the leading "=", or None where `text` is a literal."""
    stripped = (text or "").strip()
    return stripped[1:].strip() if stripped.startswith("=") else None


def read(element: etree._Element) -> Extensions:
    """Return what the zeebe: extensions of `element` say, without judging whether it is enough.

    A message element is read too: its zeebe:subscription becomes `correlation_key`.
    """
    return Extensions(
        is_native_user_task=_find(element, "userTask") is not None,
        assignment=_assignment(element),
        schedule=_schedule(element),
        priority=_attribute(element, "priorityDefinition", "priority"),
        form=_form(element),
        decision=_decision(element),
        job=_job(element),
        inputs=_mappings(element, "input"),
        outputs=_mappings(element, "output"),
        multi_instance=_multi_instance(element),
        called_process=_called_process(element),
        script=_script(element),
        correlation_key=_attribute(element, "subscription", "correlationKey"),
        version_tag=_attribute(element, "versionTag", "value"),
        headers=_pairs(element, "taskHeaders/{z}header", key="key"),
        properties=_pairs(element, "properties/{z}property", key="name"),
    )


def _find(element: etree._Element, name: str) -> etree._Element | None:
    return element.find(f"{_BPMN}extensionElements/{_ZEEBE}{name}")


def _attribute(element: etree._Element, name: str, attribute: str) -> str | None:
    found = _find(element, name)
    return None if found is None else _text(found, attribute)


def _text(found: etree._Element, attribute: str) -> str | None:
    """An empty attribute is what a modeler leaves behind when a field is cleared."""
    value = found.get(attribute)
    return value if value and value.strip() else None


def _assignment(element: etree._Element) -> Assignment | None:
    found = _find(element, "assignmentDefinition")
    if found is None:
        return None
    return Assignment(
        assignee=_text(found, "assignee"),
        candidate_groups=_text(found, "candidateGroups"),
        candidate_users=_text(found, "candidateUsers"),
    )


def _schedule(element: etree._Element) -> Schedule | None:
    found = _find(element, "taskSchedule")
    if found is None:
        return None
    return Schedule(due_date=_text(found, "dueDate"), follow_up_date=_text(found, "followUpDate"))


def _form(element: etree._Element) -> FormReference | None:
    found = _find(element, "formDefinition")
    form_id = None if found is None else _text(found, "formId")
    if found is None or form_id is None:
        return None
    return FormReference(form_id=form_id, binding=found.get("bindingType", "latest"))


def _decision(element: etree._Element) -> CalledDecision | None:
    found = _find(element, "calledDecision")
    if found is None:
        return None
    return CalledDecision(
        decision_id=found.get("decisionId", ""), result_variable=found.get("resultVariable", "")
    )


def _job(element: etree._Element) -> JobDefinition | None:
    found = _find(element, "taskDefinition")
    if found is None:
        return None
    return JobDefinition(
        job_type=found.get("type", ""), retries=_text(found, "retries") or DEFAULT_RETRIES
    )


def _mappings(element: etree._Element, kind: str) -> tuple[VariableMapping, ...]:
    found = _find(element, "ioMapping")
    if found is None:
        return ()
    return tuple(
        VariableMapping(source=each.get("source", ""), target=each.get("target", ""))
        for each in found.findall(f"{_ZEEBE}{kind}")
    )


def _multi_instance(element: etree._Element) -> MultiInstance | None:
    loop = element.find(f"{_BPMN}multiInstanceLoopCharacteristics")
    if loop is None:
        return None
    found = _find(loop, "loopCharacteristics")
    condition = loop.find(f"{_BPMN}completionCondition")
    return MultiInstance(
        input_collection="" if found is None else found.get("inputCollection", ""),
        input_element=None if found is None else _text(found, "inputElement"),
        output_collection=None if found is None else _text(found, "outputCollection"),
        output_element=None if found is None else _text(found, "outputElement"),
        completion_condition=None if condition is None else (condition.text or "").strip() or None,
        is_sequential=loop.get("isSequential") == "true",
    )


def _called_process(element: etree._Element) -> CalledProcess | None:
    found = _find(element, "calledElement")
    if found is None:
        return None
    return CalledProcess(
        process_id=found.get("processId", ""),
        propagates_all_child_variables=found.get("propagateAllChildVariables", "true") == "true",
        binding=found.get("bindingType", "latest"),
    )


def _script(element: etree._Element) -> Script | None:
    found = _find(element, "script")
    if found is None:
        return None
    return Script(
        expression=found.get("expression", ""), result_variable=found.get("resultVariable", "")
    )


def _pairs(element: etree._Element, path: str, *, key: str) -> Mapping[str, str]:
    rows = element.findall(f"{_BPMN}extensionElements/{_ZEEBE}{path.format(z=_ZEEBE)}")
    return {row.get(key, ""): row.get("value", "") for row in rows}
