"""Examples of broken files, forms, tables and labels."""

import json

from tests.engine.lint.drawing import decide, diagram, straight, user
from tests.engine.lint.example import Example

GOOD = diagram(straight(user(), names="work"))
TOLD = GOOD.replace(
    '<bpmn:userTask id="work">',
    '<bpmn:userTask id="work" name="Work"><bpmn:documentation>Go.</bpmn:documentation>',
)
NAMED = GOOD.replace('<bpmn:userTask id="work"', '<bpmn:userTask id="work" name="Work"')
FIELD = {"type": "textfield", "id": "field_result", "key": "result", "label": "Result"}


def form(*components: object, **head: object) -> dict[str, str | bytes]:
    """A form with its labels beside it."""
    schema = {"type": "default", "schemaVersion": 19, "id": "answer", **head}
    schema["components"] = list(components)
    return {".form": json.dumps(schema, indent=1, ensure_ascii=False) + "\n"}


def field(**changes: object) -> dict[str, object]:
    """A text field with some properties changed; None leaves one out."""
    return {name: value for name, value in {**FIELD, **changes}.items() if value is not None}


def table(
    test: str = '"major"',
    *,
    own_id: str = "limit",
    asked: str = "case.severity",
    output: str = '"PT1H"',
) -> str:
    """A decision table of one rule."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="Definitions_example"
    name="Example" namespace="http://camunda.org/schema/1.0/dmn">
<decision id="{own_id}" name="Limit">
<decisionTable id="table" hitPolicy="FIRST">
<input id="severity">
<inputExpression id="severity_asked" typeRef="string">
<text>{asked}</text>
</inputExpression>
</input>
<output id="limit_output" name="limit" typeRef="string" />
<rule id="major">
<inputEntry id="major_severity">
<text>{test}</text>
</inputEntry>
<outputEntry id="major_limit">
<text>{output}</text>
</outputEntry>
</rule>
</decisionTable>
</decision>
</definitions>
"""


def labels(**sections: object) -> str:
    """A label file."""
    return json.dumps(sections, indent=1, ensure_ascii=False) + "\n"


FORM_LABELS = ("form-labels-missing",)


def hidden(condition: str) -> Example:
    """A form whose field has a condition, which is the broken one."""
    return Example(
        form(field(conditional={"hide": condition})), element="field_result", also=FORM_LABELS
    )


FILES = {
    "unreadable-file": Example(
        {".bpmn": GOOD.replace("</bpmn:process>", "")}, text="</bpmn:definitions>"
    ),
    "unknown-file-type": Example({".txt": "Not a diagram.\n"}),
    "check-unfinished": Example({".bpmn": GOOD}),
    "too-many-problems": Example(
        {".form": json.dumps({"id": "answer", "components": [{"type": "x"}] * 1_200}) + "\n"},
        also=("form-unknown-component",),
    ),
}

FORMS = {
    "form-without-id": Example(form(FIELD, id="")),
    "duplicate-form": Example(
        {".first.form": form(FIELD)[".form"], **form(FIELD)},
        at=".form",
        element="answer",
        also=FORM_LABELS,
    ),
    "form-schema-version": Example(
        form(FIELD, schemaVersion=99), element="answer", also=FORM_LABELS
    ),
    "form-unknown-component": Example(
        form(field(type="crystalball")), element="field_result", also=FORM_LABELS
    ),
    "form-missing-key": Example(form(field(key=None)), element="field_result", also=FORM_LABELS),
    "form-duplicate-key": Example(
        form(FIELD, field(id="field_again")), element="field_again", also=FORM_LABELS
    ),
    "form-without-options": Example(
        form(field(type="select")), element="field_result", also=FORM_LABELS
    ),
    "form-limits": Example(
        form(field(validate={"minLength": 9, "maxLength": 3})),
        element="field_result",
        also=FORM_LABELS,
    ),
    "form-pattern": Example(
        form(field(validate={"pattern": "[0-9"})), element="field_result", also=FORM_LABELS
    ),
    "form-feel": Example(
        form(field(conditional={"hide": "=1 +"})), element="field_result", also=FORM_LABELS
    ),
    "form-unknown-fact": Example(
        form(field(conditional={"hide": '=case.colour = "red"'})),
        element="field_result",
        also=FORM_LABELS,
    ),
    "form-unknown-answer": Example(
        {
            **form(field(conditional={"hide": '=answers.nobody.result = "done"'})),
            ".bpmn": GOOD.replace('formId="work"', 'formId="answer"'),
        },
        element="field_result",
        also=FORM_LABELS,
    ),
    "form-unknown-name": Example(
        {
            **form(field(conditional={"hide": "=passes > 3"})),
            ".bpmn": GOOD.replace('formId="work"', 'formId="answer"'),
        },
        element="field_result",
        also=FORM_LABELS,
    ),
    "form-refused": Example(form(field(key="case")), element="field_result", also=FORM_LABELS),
    "form-doubtful": Example(
        form({"type": "image", "id": "map", "source": "/static/map.png"}),
        element="map",
        also=FORM_LABELS,
    ),
    "form-labels-missing": Example(form(FIELD), element="answer"),
    "form-unknown-function": hidden("=guess(result)"),
    "form-wrong-type": hidden("=result + 1 > 2"),
    "form-wrong-result": hidden("=upper case(result)"),
    "form-never-true": Example(
        form(
            field(
                type="radio",
                values=[{"label": "Yes", "value": "yes"}],
                conditional={"hide": '=result = "perhaps"'},
            )
        ),
        element="field_result",
        also=FORM_LABELS,
    ),
}

NO_LABELS = ("table-labels-missing",)

LARGE = (
    table()
    .replace(
        "<decision ", "".join(f'<inputData name="n{n}" />\n' for n in range(450)) + "<decision "
    )
    .replace("<rule ", "<rule><inputEntry><text>1</text></inputEntry></rule>\n" * 450 + "<rule ")
)

INPUT = '<inputData id="asked_colour" name="colour" />\n'
REQUIRES = """<informationRequirement id="needs_colour">
<requiredInput href="#asked_colour" />
</informationRequirement>
"""
ALLOWED = """<inputValues id="severity_allowed">
<text>"major","ordinary"</text>
</inputValues>
"""

TABLES = {
    "duplicate-decision": Example(
        {".first.dmn": table(), ".dmn": table()}, at=".dmn", element="limit", also=NO_LABELS
    ),
    "no-decision": Example(
        {".dmn": table(own_id="")}, element="Definitions_example", text="namespace="
    ),
    "table-feel": Example({".dmn": table('"major')}, element="major_severity", also=NO_LABELS),
    "table-unknown-fact": Example(
        {".dmn": table(asked="case.colour")}, element="severity_asked", also=NO_LABELS
    ),
    "table-refused": Example(
        {".dmn": table().replace('"FIRST"', '"LAST"')}, element="table", also=NO_LABELS
    ),
    "table-too-large": Example(
        {".dmn": LARGE},
        element="Definitions_example",
        text="namespace=",
        also=NO_LABELS,
    ),
    "table-labels-missing": Example({".dmn": table()}, element="limit"),
    "table-unknown-name": Example(
        {
            ".dmn": table(asked="severity"),
            ".bpmn": diagram(straight(decide("ask", "limit"), names="ask")),
        },
        element="severity_asked",
        also=NO_LABELS,
    ),
    "table-wrong-type": Example(
        {".dmn": table("&lt; 3")}, element="major_severity", also=NO_LABELS
    ),
    "table-input-missing": Example(
        {
            ".dmn": table(asked="colour")
            .replace("<decision ", INPUT + "<decision ")
            .replace("<decisionTable ", REQUIRES + "<decisionTable "),
            ".bpmn": diagram(straight(decide("ask", "limit"), names="ask")),
        },
        element="asked_colour",
        text='<inputData id="asked_colour"',
        also=NO_LABELS,
    ),
    "table-never-true": Example(
        {".dmn": table('"mayor"').replace("</input>", ALLOWED + "</input>")},
        element="major_severity",
        also=NO_LABELS,
    ),
    "table-wrong-result": Example(
        {".dmn": table(output="15")}, element="major_limit", also=NO_LABELS
    ),
}

LABELS = {
    "labels-without-subject": Example({".zh-CN.json": labels(elements={})}),
    "label-unknown-id": Example(
        {".zh-CN.json": labels(elements={"work": "办理", "gone": "不在"}), ".bpmn": NAMED},
        element="gone",
    ),
    "label-not-text": Example(
        {".zh-CN.json": labels(elements={"work": 7}), ".bpmn": NAMED}, element="work"
    ),
    "labels-missing": Example(
        {".bpmn": NAMED}, element="example", text='<bpmn:process id="example"'
    ),
    "label-missing": Example({".bpmn": NAMED, ".zh-CN.json": labels(elements={})}, element="work"),
    "form-labels-refused": Example(
        {
            ".zh-CN.json": labels(fields={"result": {"label": "结果", "hint": "请写明"}}),
            **form(FIELD, id="example"),
        },
        element="result",
    ),
    "form-label-missing": Example(
        {
            ".zh-CN.json": labels(fields={"result": {"label": "结果"}}),
            **form(field(description="In a few words"), id="example"),
        },
        element="result",
    ),
    "documentation-untranslated": Example(
        {".bpmn": TOLD, ".zh-CN.json": labels(elements={"work": "办理"})}, element="work"
    ),
}

EXAMPLES = {**FILES, **FORMS, **TABLES, **LABELS}
