"""A small language for drawing example diagrams, one element a line, with a plain layout.

`examples_*` draws with it and writes the files that are committed in tests/bpmn/
"""

import itertools
import re
from xml.sax.saxutils import escape, quoteattr

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
    xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
    xmlns:di="http://www.omg.org/spec/DD/20100524/DI"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
    id="Definitions_example" targetNamespace="http://bpmn.io/schema/bpmn">
"""
_SHAPED = (
    "startEvent|endEvent|intermediateCatchEvent|intermediateThrowEvent|boundaryEvent|task|userTask"
    "|manualTask|serviceTask|scriptTask|businessRuleTask|sendTask|receiveTask|subProcess"
    "|transaction|adHocSubProcess|callActivity|exclusiveGateway|inclusiveGateway|parallelGateway"
    "|eventBasedGateway|complexGateway"
)
_SHAPE = re.compile(rf'<bpmn:(?:{_SHAPED}) id="(\w+)"')
_EXPRESSION = 'xsi:type="bpmn:tFormalExpression"'


def node(tag: str, own_id: str, /, *inside: str, **attributes: str) -> str:
    """Any flow node, with what stands inside it."""
    written = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
    opening = f'<bpmn:{tag} id="{own_id}"{written}'
    body = "\n".join(part for part in inside if part)
    return f"{opening}>\n{body}\n</bpmn:{tag}>" if body else f"{opening} />"


def extension(*parts: str) -> str:
    """The extension elements of a node."""
    return f"<bpmn:extensionElements>{''.join(parts)}</bpmn:extensionElements>"


def zeebe(tag: str, /, **attributes: str) -> str:
    """One zeebe element."""
    written = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<zeebe:{tag}{written} />"


def mapping(inputs: dict[str, str] | None = None, outputs: dict[str, str] | None = None) -> str:
    """Input and output mappings, target to source."""
    rows = [zeebe("input", source=s, target=t) for t, s in (inputs or {}).items()]
    rows += [zeebe("output", source=s, target=t) for t, s in (outputs or {}).items()]
    return f"<zeebe:ioMapping>{''.join(rows)}</zeebe:ioMapping>" if rows else ""


def start(own_id: str = "start", *inside: str) -> str:
    """A start event."""
    return node("startEvent", own_id, *inside)


def end(own_id: str = "end", *inside: str) -> str:
    """An end event."""
    return node("endEvent", own_id, *inside)


def user(
    own_id: str = "work",
    *inside: str,
    role: str = "unit_handler",
    form: str = "work",
    extra: str = "",
    **attributes: str,
) -> str:
    """A user task as the house draws it; an empty role or form leaves that part out."""
    parts = [zeebe("userTask")]
    parts += [zeebe("formDefinition", formId=form)] if form else []
    parts += [zeebe("assignmentDefinition", candidateGroups=role)] if role else []
    return node("userTask", own_id, extension(*parts, extra), *inside, **attributes)


def excludes(value: str) -> str:
    """The property that excludes a person."""
    return f"<zeebe:properties>{zeebe('property', name='notActor', value=value)}</zeebe:properties>"


def service(own_id: str, job: str = "notify_reporter", *inside: str, extra: str = "") -> str:
    """A service task with a job type."""
    return node("serviceTask", own_id, extension(zeebe("taskDefinition", type=job), extra), *inside)


def script(own_id: str, variable: str, expression: str) -> str:
    """A script task: a FEEL expression and the variable it sets."""
    written = zeebe("script", expression=expression, resultVariable=variable)
    return node("scriptTask", own_id, extension(written))


def decide(own_id: str, decision: str = "limits", variable: str = "limits") -> str:
    """A business rule task."""
    called = zeebe("calledDecision", decisionId=decision, resultVariable=variable)
    return node("businessRuleTask", own_id, extension(called))


def call(own_id: str, process: str, inputs: dict[str, str], outputs: dict[str, str]) -> str:
    """A call activity with its mappings."""
    called = zeebe("calledElement", processId=process, propagateAllChildVariables="false")
    return node("callActivity", own_id, extension(called, mapping(inputs, outputs)))


def xor(own_id: str, default: str = "") -> str:
    """An exclusive gateway; its default flow is `<id>_default` unless told otherwise."""
    return node("exclusiveGateway", own_id, default=default or f"{own_id}_default")


def gateway(kind: str, own_id: str, **attributes: str) -> str:
    """A gateway of another kind."""
    return node(f"{kind}Gateway", own_id, **attributes)


def timer(kind: str, text: str) -> str:
    """A timer definition: kind is timeDate, timeDuration or timeCycle."""
    expression = f"<bpmn:{kind} {_EXPRESSION}>{escape(text)}</bpmn:{kind}>"
    return f"<bpmn:timerEventDefinition>{expression}</bpmn:timerEventDefinition>"


def message(name: str = "Told") -> str:
    """A message definition for a message of the root."""
    return f'<bpmn:messageEventDefinition messageRef="Message_{name}" />'


def definition(kind: str, /, **attributes: str) -> str:
    """Any other event definition."""
    written = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<bpmn:{kind}EventDefinition{written} />"


def catch(own_id: str, *inside: str) -> str:
    """A catching intermediate event."""
    return node("intermediateCatchEvent", own_id, *inside)


def boundary(own_id: str, host: str, *inside: str, interrupts: bool = True) -> str:
    """A boundary event."""
    cancels = "true" if interrupts else "false"
    return node("boundaryEvent", own_id, *inside, attachedToRef=host, cancelActivity=cancels)


def many(collection: str, element: str, condition: str = "", **attributes: str) -> str:
    """The marker of a parallel multi-instance."""
    given = {"inputCollection": collection, "inputElement": element, **attributes}
    loop = extension(zeebe("loopCharacteristics", **{k: v for k, v in given.items() if v}))
    if condition:
        loop += f"<bpmn:completionCondition {_EXPRESSION}>{condition}</bpmn:completionCondition>"
    return f"<bpmn:multiInstanceLoopCharacteristics>{loop}</bpmn:multiInstanceLoopCharacteristics>"


def root_message(name: str = "Told", key: str = "=case.number") -> str:
    """A message at the root, with its correlation key."""
    inside = extension(zeebe("subscription", correlationKey=key)) if key else ""
    return f'<bpmn:message id="Message_{name}" name="{name}">{inside}</bpmn:message>'


def flows(text: str) -> str:
    """Lines like `a > b > c`, `a > b : =condition` and `a > b default`."""
    rows = []
    for line in filter(None, (row.strip() for row in text.splitlines())):
        path, _, condition = line.partition(" : ")
        is_default = path.endswith(" default")
        steps = [step.strip() for step in path.removesuffix(" default").split(">")]
        for source, target in itertools.pairwise(steps):
            own_id = f"{source}_default" if is_default else f"{source}_to_{target}"
            rows.append(_flow(own_id, source, target, condition))
    return "\n".join(rows)


def _flow(own_id: str, source: str, target: str, condition: str) -> str:
    opening = f'<bpmn:sequenceFlow id="{own_id}" sourceRef="{source}" targetRef="{target}"'
    if not condition:
        return f"{opening} />"
    asked = (
        f"<bpmn:conditionExpression {_EXPRESSION}>{escape(condition)}</bpmn:conditionExpression>"
    )
    return f"{opening}>\n{asked}\n</bpmn:sequenceFlow>"


def process(*parts: str, own_id: str = "example", executable: str = "true") -> str:
    """A process of these parts."""
    body = "\n".join(parts)
    opening = f'<bpmn:process id="{own_id}" isExecutable="{executable}">'
    return f"{opening}\n{body}\n</bpmn:process>"


def diagram(*roots: str, hidden: frozenset[str] = frozenset()) -> str:
    """A file of these root elements; every node but the `hidden` ones has a shape."""
    text = HEAD + "\n".join(roots) + "\n"
    shapes = [own_id for own_id in dict.fromkeys(_SHAPE.findall(text)) if own_id not in hidden]
    plane = re.search(r'<bpmn:process id="(\w+)"', text)
    drawn = "\n".join(_shape(own_id, place) for place, own_id in enumerate(shapes))
    return (
        f'{text}<bpmndi:BPMNDiagram id="Diagram_example">\n'
        f'<bpmndi:BPMNPlane id="Plane_example" bpmnElement="{plane[1] if plane else "none"}">\n'
        f"{drawn}\n</bpmndi:BPMNPlane>\n</bpmndi:BPMNDiagram>\n</bpmn:definitions>\n"
    )


def _shape(own_id: str, place: int) -> str:
    bounds = f'<dc:Bounds x="{100 + 130 * place}" y="100" width="100" height="80" />'
    return f'<bpmndi:BPMNShape id="{own_id}_di" bpmnElement="{own_id}">{bounds}</bpmndi:BPMNShape>'


def straight(*middle: str, names: str = "") -> str:
    """A process that goes from start through `middle` (ids in `names`) to its end."""
    return process(start(), *middle, end(), flows(f"start > {names} > end"))
