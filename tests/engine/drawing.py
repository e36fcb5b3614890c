"""Draws diagrams of the Camunda 8 dialect as text, for tests: semantics without a layout.

`process("p", user("a"), end("e"), flows="start > a > e")` draws one; `diagram(...)` makes the file.
In `flows` each line is a path; `a > b : =x = 1` puts a condition on the last flow, `a > b default`
makes it the default of `a`.
"""

from collections.abc import Mapping
from itertools import count, pairwise
from xml.sax.saxutils import escape, quoteattr

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<bpmn:definitions'
    ' xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' id="d" targetNamespace="http://whistle">\n'
)
Texts = Mapping[str, str]


def element(tag: str, id: str, inner: str = "", **attributes: str) -> str:
    written = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
    return f'<bpmn:{tag} id="{id}" name="{id}"{written}>{inner}</bpmn:{tag}>\n'


def extensions(*parts: str) -> str:
    inner = "".join(parts)
    return f"<bpmn:extensionElements>{inner}</bpmn:extensionElements>" if inner else ""


def mapping(inputs: Texts | None = None, outputs: Texts | None = None) -> str:
    rows = [
        f"<zeebe:{kind} source={quoteattr(source)} target={quoteattr(target)}/>"
        for kind, pairs in (("input", inputs), ("output", outputs))
        for target, source in (pairs or {}).items()
    ]
    return f"<zeebe:ioMapping>{''.join(rows)}</zeebe:ioMapping>" if rows else ""


def user(
    id: str,
    groups: str = "clerk",
    *,
    due: str | None = None,
    follow_up: str | None = None,
    assignee: str | None = None,
    priority: str | None = None,
    properties: Texts | None = None,
    inputs: Texts | None = None,
    outputs: Texts | None = None,
    loop: str = "",
) -> str:
    assigned = f" assignee={quoteattr(assignee)}" if assignee else ""
    parts = [
        "<zeebe:userTask/>",
        f"<zeebe:assignmentDefinition candidateGroups={quoteattr(groups)}{assigned}/>",
        f'<zeebe:formDefinition formId="{id}" bindingType="deployment"/>',
    ]
    if due or follow_up:
        dates = "".join(
            f" {name}={quoteattr(text)}"
            for name, text in (("dueDate", due), ("followUpDate", follow_up))
            if text
        )
        parts.append(f"<zeebe:taskSchedule{dates}/>")
    if priority:
        parts.append(f"<zeebe:priorityDefinition priority={quoteattr(priority)}/>")
    if properties:
        rows = "".join(
            f"<zeebe:property name={quoteattr(name)} value={quoteattr(text)}/>"
            for name, text in properties.items()
        )
        parts.append(f"<zeebe:properties>{rows}</zeebe:properties>")
    return element("userTask", id, extensions(*parts, mapping(inputs, outputs)) + loop)


def service(
    id: str,
    type: str | None = None,
    *,
    inputs: Texts | None = None,
    outputs: Texts | None = None,
    headers: Texts | None = None,
    retries: str | None = None,
    loop: str = "",
) -> str:
    count = f" retries={quoteattr(retries)}" if retries else ""
    rows = "".join(
        f"<zeebe:header key={quoteattr(key)} value={quoteattr(text)}/>"
        for key, text in (headers or {}).items()
    )
    parts = [
        f"<zeebe:taskDefinition type={quoteattr(type or id)}{count}/>",
        f"<zeebe:taskHeaders>{rows}</zeebe:taskHeaders>" if rows else "",
        mapping(inputs, outputs),
    ]
    return element("serviceTask", id, extensions(*parts) + loop)


def script(id: str, variable: str, expression: str) -> str:
    inner = f'<zeebe:script expression={quoteattr(expression)} resultVariable="{variable}"/>'
    return element("scriptTask", id, extensions(inner))


def rule(id: str, decision: str, variable: str) -> str:
    inner = f'<zeebe:calledDecision decisionId="{decision}" resultVariable="{variable}"/>'
    return element("businessRuleTask", id, extensions(inner))


def start(id: str = "start", inner: str = "", outputs: Texts | None = None) -> str:
    return element("startEvent", id, extensions(mapping(None, outputs)) + inner)


def end(id: str = "end", inner: str = "", inputs: Texts | None = None) -> str:
    return element("endEvent", id, extensions(mapping(inputs)) + inner)


def terminate(id: str) -> str:
    return end(id, "<bpmn:terminateEventDefinition/>")


def xor(id: str, *, has_default: bool = True) -> str:
    return element("exclusiveGateway", id, **({"default": f"{id}_default"} if has_default else {}))


def both(id: str) -> str:
    return element("parallelGateway", id)


def some(id: str) -> str:
    return element("inclusiveGateway", id, default=f"{id}_default")


def first(id: str) -> str:
    return element("eventBasedGateway", id)


def catch(id: str, inner: str, outputs: Texts | None = None) -> str:
    return element("intermediateCatchEvent", id, extensions(mapping(None, outputs)) + inner)


def throw(
    id: str, inner: str, inputs: Texts | None = None, *, time_to_live: str | None = None
) -> str:
    lives = f'<zeebe:property name="timeToLive" value="{time_to_live}"/>'
    parts = [f"<zeebe:properties>{lives}</zeebe:properties>"] if time_to_live else []
    return element("intermediateThrowEvent", id, extensions(*parts, mapping(inputs)) + inner)


def receive(id: str, message_name: str, outputs: Texts | None = None, loop: str = "") -> str:
    inner = extensions(mapping(None, outputs)) + loop
    return element("receiveTask", id, inner, messageRef=f"message_{message_name}")


def boundary(
    id: str, on: str, inner: str, *, interrupts: bool = True, outputs: Texts | None = None
) -> str:
    return element(
        "boundaryEvent",
        id,
        extensions(mapping(None, outputs)) + inner,
        attachedToRef=on,
        cancelActivity="true" if interrupts else "false",
    )


def sub(id: str, *nodes: str, flows: str, loop: str = "") -> str:
    return element("subProcess", id, loop + "".join(nodes) + paths(flows))


def call(
    id: str,
    process_id: str,
    *,
    inputs: Texts | None = None,
    outputs: Texts | None = None,
    propagates: bool = False,
    loop: str = "",
) -> str:
    called = (
        f'<zeebe:calledElement processId="{process_id}"'
        f' propagateAllChildVariables="{str(propagates).lower()}"/>'
    )
    return element("callActivity", id, extensions(called, mapping(inputs, outputs)) + loop)


def each(
    collection: str,
    item: str,
    output: str | None = None,
    output_element: str | None = None,
    *,
    in_order: bool = False,
    until: str | None = None,
) -> str:
    collected = (
        f' outputCollection="{output}" outputElement={quoteattr(output_element or "=null")}'
        if output
        else ""
    )
    loop = (
        f'<zeebe:loopCharacteristics inputCollection={quoteattr(collection)} inputElement="{item}"'
        f"{collected}/>"
    )
    condition = f"<bpmn:completionCondition>{escape(until or '')}</bpmn:completionCondition>"
    return (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{str(in_order).lower()}">'
        f"{extensions(loop)}{condition if until else ''}</bpmn:multiInstanceLoopCharacteristics>"
    )


def message(name: str) -> str:
    return f'<bpmn:messageEventDefinition messageRef="message_{name}"/>'


def error(code: str | None = None) -> str:
    reference = f' errorRef="error_{code}"' if code else ""
    return f"<bpmn:errorEventDefinition{reference}/>"


def escalation(code: str) -> str:
    return f'<bpmn:escalationEventDefinition escalationRef="escalation_{code}"/>'


def signal(name: str) -> str:
    return f'<bpmn:signalEventDefinition signalRef="signal_{name}"/>'


def after(duration: str) -> str:
    return _timer("timeDuration", duration)


def at(instant: str) -> str:
    return _timer("timeDate", instant)


def every(cycle: str) -> str:
    return _timer("timeCycle", cycle)


def _timer(tag: str, text: str) -> str:
    return (
        f"<bpmn:timerEventDefinition><bpmn:{tag}>{escape(text)}</bpmn:{tag}>"
        "</bpmn:timerEventDefinition>"
    )


def paths(text: str) -> str:
    drawn, numbers = [], count(1)
    for line in filter(None, (each.strip() for each in text.splitlines())):
        path, _, condition = line.partition(" : ")
        is_default = path.endswith(" default")
        nodes = [each.strip() for each in path.removesuffix(" default").split(">")]
        for source, target in pairwise(nodes):
            flow = f"{source}_default" if is_default else f"{source}_to_{target}_{next(numbers)}"
            inner = (
                f"<bpmn:conditionExpression>{escape(condition)}</bpmn:conditionExpression>"
                if condition
                else ""
            )
            drawn.append(
                f'<bpmn:sequenceFlow id="{flow}" sourceRef="{source}" targetRef="{target}">'
                f"{inner}</bpmn:sequenceFlow>\n"
            )
    return "".join(drawn)


def process(id: str, *nodes: str, flows: str) -> str:
    """Draw a process; a plain start event `start` is added unless one is given."""
    has_start = any(node.startswith("<bpmn:startEvent") for node in nodes)
    body = ("" if has_start else start()) + "".join(nodes) + paths(flows)
    return f'<bpmn:process id="{id}" name="{id}" isExecutable="true">\n{body}</bpmn:process>\n'


def diagram(*processes: str, correlations: Texts | None = None) -> bytes:
    """Make the file: messages, errors and so on are declared as the processes use them."""
    body = "".join(processes)
    declared = []
    for kind, attribute in (
        ("message", None),
        ("error", "errorCode"),
        ("escalation", "escalationCode"),
        ("signal", None),
    ):
        for name in sorted(_referred(body, kind)):
            code = f' {attribute}="{name}"' if attribute else ""
            key = (correlations or {}).get(name)
            inner = extensions(
                f"<zeebe:subscription correlationKey={quoteattr(key)}/>" if key else ""
            )
            declared.append(
                f'<bpmn:{kind} id="{kind}_{name}" name="{name}"{code}>{inner}</bpmn:{kind}>\n'
            )
    return (_HEAD + "".join(declared) + body + "</bpmn:definitions>").encode()


def _referred(body: str, kind: str) -> set[str]:
    mark = f'{kind}Ref="{kind}_'
    return {part.partition('"')[0] for part in body.split(mark)[1:]}
