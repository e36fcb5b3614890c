"""Examples of broken steps: people, forms, jobs, decisions, calls, expressions and names."""

from tests.engine.lint.drawing import (
    boundary,
    call,
    decide,
    diagram,
    end,
    excludes,
    extension,
    flows,
    many,
    mapping,
    node,
    process,
    script,
    service,
    start,
    straight,
    timer,
    user,
    xor,
    zeebe,
)
from tests.engine.lint.example import Example
from tests.engine.lint.examples_flow import drawn, simple
from tests.engine.lint.examples_other import form


def one(step: str, own_id: str, *, also: tuple[str, ...] = (), text: str = "") -> Example:
    """A process of one step, which is the broken one."""
    return drawn(straight(step, names=own_id), element=own_id, also=also, text=text)


def asking(condition: str, *, also: tuple[str, ...] = ()) -> Example:
    """A gateway with one condition, which is the broken one."""
    return drawn(
        process(
            start(),
            xor("which"),
            user(),
            end(),
            flows(f"start > which\nwhich > work : {condition}\nwhich > end default\nwork > end"),
        ),
        element="which_to_work",
        also=also,
    )


CALLED = diagram(
    process(start(), user(), end(), flows("start > work > end"), own_id="called")
).replace("example", "called")

PEOPLE = {
    "user-task-without-role": one(user(role=""), "work"),
    "unknown-role": one(
        user(role='=if case.severity = "major" then "boss" else "unit_leader"'), "work"
    ),
    "missing-user-task-marker": one(
        node(
            "userTask",
            "work",
            extension(
                zeebe("formDefinition", formId="work"),
                zeebe("assignmentDefinition", candidateGroups="unit_handler"),
            ),
        ),
        "work",
    ),
    "user-task-without-form": one(user(form=""), "work"),
    "form-by-key": one(
        user(form="", extra=zeebe("formDefinition", formKey="embedded:work")), "work"
    ),
    "unknown-form": one(user(form="nothing"), "work"),
    "priority-out-of-range": one(user(extra=zeebe("priorityDefinition", priority="101")), "work"),
    "not-actor-unwritten": drawn(
        process(
            start(),
            user("review", extra=excludes("=handler")),
            user(extra=mapping(outputs={"handler": "=actor"})),
            end(),
            flows("start > review > work > end"),
        ),
        element="review",
    ),
    "not-actor-literal": one(user(extra=excludes("handler")), "work"),
}

RESOURCES = {
    "service-without-type": one(node("serviceTask", "tell"), "tell"),
    "unknown-operation": one(service("tell", "whisper"), "tell"),
    "retries-not-a-number": one(
        node(
            "serviceTask",
            "tell",
            extension(zeebe("taskDefinition", type="notify_reporter", retries="often")),
        ),
        "tell",
    ),
    "unknown-fact-recorded": one(
        service("record", "record_facts", extra=mapping({"colour": '="red"'})), "record"
    ),
    "decision-incomplete": one(
        node("businessRuleTask", "limits", extension(zeebe("calledDecision", decisionId="limits"))),
        "limits",
        text='<bpmn:businessRuleTask id="limits"',
    ),
    "unknown-decision": one(decide("ask", "nothing"), "ask"),
    "reference-by-expression": one(user(form='="work"'), "work"),
}

CALLS = {
    "call-without-process": one(
        node("callActivity", "part", extension(mapping({"a": "=1"}, {"b": "=1"}))), "part"
    ),
    "called-process-missing": one(call("part", "nothing", {"a": "=1"}, {"b": "=1"}), "part"),
    "call-without-mappings": Example(
        {
            ".bpmn": diagram(straight(call("part", "called", {"a": "=1"}, {}), names="part")),
            ".called.bpmn": CALLED,
        },
        element="part",
    ),
    "call-propagates-all": Example(
        {
            ".bpmn": diagram(
                straight(call("part", "called", {"a": "=1"}, {"b": "=a"}), names="part")
            ).replace('Variables="false"', 'Variables="true"'),
            ".called.bpmn": CALLED,
        },
        element="part",
    ),
    "calls-itself": one(call("part", "example", {"a": "=1"}, {"b": "=1"}), "part"),
    "duplicate-sub-process": Example(
        {
            ".bpmn": diagram(
                process(
                    start(),
                    node("subProcess", "shared", *simple()),
                    call("part", "called", {"a": "=1"}, {"b": "=a"}),
                    end(),
                    flows("start > shared > part > end"),
                )
            ),
            ".called.bpmn": diagram(
                process(
                    start(),
                    node("subProcess", "shared", *simple("called_inner")),
                    end(),
                    flows("start > shared > end"),
                    own_id="called",
                )
            ),
        },
        element="shared",
        text='<bpmn:subProcess id="shared"',
    ),
}

MULTI_INSTANCE = {
    "multi-instance-incomplete": one(user("work", many("=case.co_units", "")), "work"),
    "collection-may-be-null": drawn(
        process(
            start(),
            user("choose", extra=mapping(outputs={"units": "=result"})),
            user("work", many("=units", "unit")),
            end(),
            flows("start > choose > work > end"),
        ),
        element="work",
        text='<bpmn:userTask id="work"',
    ),
    "element-name-reused": drawn(
        process(
            start(),
            user("work", many("=case.co_units", "unit")),
            script("remember", "unit", '="none"'),
            end(),
            flows("start > work > remember > end"),
        ),
        element="work",
    ),
    "boundary-on-multi-instance": drawn(
        process(
            start(),
            user("work", many("=case.co_units", "unit")),
            boundary("late", "work", timer("timeDuration", "P1D")),
            end(),
            flows("start > work > end\nlate > end"),
        ),
        element="late",
    ),
}

EXPRESSIONS = {
    "feel-syntax": asking('=case.severity = "major" and'),
    "literal-instead-of-feel": asking('case.severity = "major"'),
    "empty-expression": one(user(extra=mapping(outputs={"note": "="})), "work"),
    "script-incomplete": one(
        node("scriptTask", "count", extension(zeebe("script", expression="=1"))), "count"
    ),
}

NAMES = {
    "reserved-variable": one(script("count", "case", "=1"), "count"),
    "variable-name": one(script("count", "two words", "=1"), "count"),
    "unknown-variable": asking("=passes > 3"),
    "unknown-function": asking("=guess(case.number) = 1"),
    "unknown-fact": asking('=case.colour = "red"'),
    "unknown-answering-task": asking('=answers.nobody.result = "done"'),
    "unknown-answer": asking('=answers.work.colour = "red"'),
}

CHOICE = form(
    {
        "type": "radio",
        "id": "field_result",
        "key": "result",
        "values": [{"label": "Yes", "value": "yes"}],
    }
)[".form"]

TYPES = {
    "unknown-entry": drawn(
        process(
            start(),
            script("count", "counted", "={passes: 3}"),
            script("use", "used", "=counted.pases"),
            end(),
            flows("start > count > use > end"),
        ),
        element="use",
    ),
    "wrong-call": one(script("use", "used", '=date("2026-13-01")'), "use"),
    "wrong-operands": drawn(
        process(
            start(),
            script("count", "passes", "=3"),
            script("use", "used", '=passes + " passes"'),
            end(),
            flows("start > count > use > end"),
        ),
        element="use",
    ),
    "never-true": Example(
        {
            ".bpmn": str(asking('=answers.work.result = "perhaps"').files[".bpmn"]).replace(
                'formId="work"', 'formId="answer"'
            ),
            ".form": CHOICE,
        },
        element="which_to_work",
        also=("form-labels-missing",),
    ),
    "wrong-result": asking("=count(case.co_units)"),
}

EXAMPLES = {
    **PEOPLE,
    **RESOURCES,
    **CALLS,
    **MULTI_INSTANCE,
    **EXPRESSIONS,
    **NAMES,
    **TYPES,
}
