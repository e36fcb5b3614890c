"""A set without problems that uses what the modelling patterns allow, each in its right form."""

import json

from tests.engine.lint.drawing import (
    boundary,
    call,
    catch,
    decide,
    definition,
    diagram,
    end,
    excludes,
    flows,
    gateway,
    many,
    mapping,
    message,
    node,
    process,
    root_message,
    script,
    service,
    start,
    timer,
    user,
    xor,
    zeebe,
)
from tests.engine.lint.examples_other import labels, table

EXTERNAL = f"<zeebe:taskHeaders>{zeebe('header', key='external', value='true')}</zeebe:taskHeaders>"
GUARDED = "=if units = null then [] else units"
REWORK = '=answers.handle.result = "rework"'

ASSIST = node(
    "subProcess",
    "work",
    start("work_start"),
    gateway("parallel", "work_split"),
    user(
        "handle", form="answer", extra=mapping(outputs={"handler": "=actor", "proceed": "=result"})
    ),
    xor("may_proceed"),
    end("proceeded", definition("terminate")),
    end("handled"),
    user("assist", many(GUARDED, "unit", outputCollection="assists", outputElement="=result")),
    end("assisted"),
    flows(
        """work_start > work_split > handle > may_proceed
        may_proceed > proceeded : =proceed = "yes"
        may_proceed > handled default
        work_split > assist > assisted"""
    ),
)

DEPARTMENTS = node(
    "subProcess",
    "wrapper",
    start("wrapper_start"),
    node(
        "subProcess",
        "reports",
        many(
            "=case.co_units",
            "department",
            "=report_outcome = null",
            outputCollection="outcomes",
            outputElement="=report_outcome",
        ),
        start("report_start"),
        user("report", role='="unit_clerk@" + department', extra=excludes("=handler")),
        boundary(
            "report_late",
            "report",
            timer("timeDate", "=calendar.after(limits.report)"),
            interrupts=False,
        ),
        service("note_absence", "record_absence", extra=EXTERNAL),
        end("absence_noted"),
        script("keep", "report_outcome", "=answers.report.result"),
        end("report_end"),
        flows(
            "report_start > report > keep > report_end\nreport_late > note_absence > absence_noted"
        ),
    ),
    end("wrapper_end"),
    flows("wrapper_start > reports > wrapper_end"),
)

MAIN = process(
    start("reported", message("Reported")),
    decide("limits"),
    script("choose", "units", "=concatenate([case.lead_unit], case.co_units)"),
    script("total", "until", '=calendar.after("5 wd")'),
    ASSIST,
    boundary("withdrawn", "work", message("Withdrawn")),
    xor("is_done"),
    script("count", "passes", "=(if passes = null then 0 else passes) + 1"),
    DEPARTMENTS,
    boundary("over", "wrapper", timer("timeDate", "=until")),
    gateway("eventBased", "wait"),
    catch("replied", message("Replied")),
    catch("remind", timer("timeDuration", "P1D")),
    service("reminder"),
    xor("is_enough"),
    call("rate", "rating", {"number": "=case.number"}, {"grade": "=given"}),
    node("receiveTask", "confirm", messageRef="Message_Confirmed"),
    boundary("unconfirmed", "confirm", timer("timeDuration", "PT48H")),
    service("record", "record_facts", extra=mapping({"severity": "=case.severity"})),
    end("closed"),
    flows(
        f"""reported > limits > choose > total > work > is_done
        is_done > count : {REWORK} and (passes = null or passes < 3)
        is_done > wrapper default
        count > work
        withdrawn > record
        wrapper > wait
        over > wait
        wait > replied > rate
        wait > remind > reminder > is_enough
        is_enough > rate : =passes > 2
        is_enough > wait default
        rate > confirm > record > closed
        unconfirmed > record"""
    ),
    own_id="good",
)
RATING = process(
    start("rating_start"),
    user("grade_task", extra=mapping(outputs={"given": "=result"})),
    boundary("unrated", "grade_task", timer("timeDuration", '=duration("P15D")')),
    script("none", "given", "=if number = null then null else 0"),
    end("rating_end"),
    flows("rating_start > grade_task > rating_end\nunrated > none > rating_end"),
    own_id="rating",
)
SKETCH = process(node("task", "idea"), own_id="sketch", executable="false")
MESSAGES = tuple(root_message(name) for name in ("Reported", "Withdrawn", "Replied", "Confirmed"))

FORM = {
    "type": "default",
    "schemaVersion": 19,
    "id": "answer",
    "components": [
        {"type": "text", "id": "intro", "text": "# Answer"},
        {
            "type": "group",
            "id": "group",
            "label": "Outcome",
            "components": [
                {
                    "type": "radio",
                    "id": "field_result",
                    "key": "result",
                    "label": "Result",
                    "values": [
                        {"label": "Yes", "value": "yes"},
                        {"label": "Rework", "value": "rework"},
                    ],
                    "conditional": {"hide": '=case.severity = "major" or passes > 2'},
                },
            ],
        },
        {
            "type": "dynamiclist",
            "id": "rows",
            "path": "steps",
            "label": "Steps",
            "components": [
                {
                    "type": "textfield",
                    "id": "field_step",
                    "key": "result",
                    "label": "Step",
                    "validate": {"pattern": "^[a-z]+$", "minLength": 1, "maxLength": 9},
                    "conditional": {"hide": "=this.result = null"},
                },
            ],
        },
    ],
}

FILES: dict[str, str] = {
    "good.bpmn": diagram(*MESSAGES, MAIN, SKETCH).replace(
        '<bpmn:userTask id="handle"', '<bpmn:userTask id="handle" name="Handle"'
    ),
    "good.rating.bpmn": diagram(RATING),
    "good.dmn": table(),
    "good.form": json.dumps(FORM, indent=1) + "\n",
    "good.zh-CN.json": labels(process="好例", elements={"handle": "处置"}),
    "limit.zh-CN.json": labels(decision="时限", outputs={"limit": "时限"}),
    "answer.zh-CN.json": labels(
        title="答复",
        fields={
            "result": {"label": "结果", "options": {"yes": "是", "rework": "返工"}},
            "steps": {"label": "步骤"},
            "steps.result": {"label": "步骤"},
        },
        texts={"intro": "# 答复", "group": "结论"},
    ),
}
