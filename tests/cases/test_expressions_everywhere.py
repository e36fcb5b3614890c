"""One expression language: what only FEEL can say takes effect wherever a designer may write it.

Each design is deployed by the district's designer and walked by its people. That it is `app.feel`
that answers is seen by what nobody else has: decimal numbers, and the bounds of an evaluation.
"""

import json
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from app.cases import deadlines
from app.cases.case_view import read_case
from app.cases.designs import deploy
from app.cases.task_view import Typed, read_task
from app.clock import moved_to
from app.errors import Forbidden
from app.feel import FeelBudgetExceeded
from app.forms.read import InvalidAnswers
from app.store.db import reading
from app.store.tables.runtime import timer
from tests.dmn.models import table
from tests.engine import drawing as draw
from tests.support import walk
from tests.support.district import TUESDAY_NINE, District

CLERK = "unit_clerk@D-URBAN"
ENDLESS = "count(for a in 1..9999 return for b in 1..9999 return a) > 0"


def form(form_id: str, *components: Mapping[str, Any]) -> dict[str, bytes]:
    """Return a form's file; a component without a type is a text field."""
    listed = [
        {"type": "textfield", "id": f"{form_id}_{number}", "label": "A question", **each}
        for number, each in enumerate(components)
    ]
    file = {"type": "default", "schemaVersion": 19, "id": form_id, "components": listed}
    return {f"{form_id}.form": json.dumps(file).encode()}


def put_live(
    district: District,
    *nodes: str,
    flows: str,
    files: Mapping[str, bytes] | None = None,
    outputs: Mapping[str, str] | None = None,
    correlations: Mapping[str, str] | None = None,
) -> None:
    """Deploy a process that a report starts, as the district's designer."""
    begin = draw.start("begin", draw.message("CaseReported"), outputs)
    drawn = draw.process("p", begin, *nodes, draw.end("e"), flows=flows)
    data = draw.diagram(drawn, correlations=correlations)
    blank = form("a") | form("b")
    deploy({"p.bpmn": data, **blank, **(files or {})}, actor=district["designer"])


def reported() -> int:
    """Report rubbish on Tuesday at nine and return the key of the case."""
    with moved_to(TUESDAY_NINE):
        return walk.report().case_key


def opened(case_key: int) -> list[str]:
    """Return the ids of the open tasks."""
    return sorted(walk.open_tasks(case_key))


def told(value: str) -> str:
    """Return an expression that gives a role's group if `value` is true, else another's."""
    return f'=if {value} then "{CLERK}" else "supervisor"'


# --- diagrams -------------------------------------------------------------------------------------


def test_a_gateway_asks_with_a_quantifier_over_chinese_names(sqlite_district: District) -> None:
    condition = '=some 词 in split(case.description, " ") satisfies 词 = "门口有垃圾"'
    put_live(
        sqlite_district,
        draw.xor("g"),
        draw.user("a", CLERK),
        draw.user("b", CLERK),
        flows=f"begin > g\ng > a : {condition}\ng > b default\na > e\nb > e",
    )
    assert opened(reported()) == ["a"]
    with moved_to(TUESDAY_NINE):
        assert opened(walk.report(description="nothing of the kind").case_key) == ["b"]


def test_a_task_is_offered_to_whom_a_filter_leaves(sqlite_district: District) -> None:
    parks = '["D-URBAN", "D-PARKS"][ends with(item, "KS")]'
    groups = f'=for 单位 in {parks} return "unit_clerk@" + 单位'
    put_live(sqlite_district, draw.user("a", groups), flows="begin > a > e")
    case_key = reported()
    with pytest.raises(Forbidden):
        walk.do(sqlite_district["clerk"], case_key, "a", {})
    walk.do(sqlite_district["parks_clerk"], case_key, "a", {})
    assert opened(case_key) == []


def test_a_task_is_given_to_whom_a_closure_names(sqlite_district: District) -> None:
    closure = '={of: function(unit) unit + "_clerk", who: of("parks")}.who'
    put_live(
        sqlite_district,
        draw.user("a", "unit_clerk@D-PARKS", assignee=closure),
        flows="begin > a > e",
    )
    assert walk.open_tasks(reported())["a"]["assignee_login"] == "parks_clerk"


def test_a_task_is_due_after_a_sum_of_durations(sqlite_district: District) -> None:
    put_live(
        sqlite_district,
        draw.user(
            "a",
            CLERK,
            due='=case.reported_at + sum([duration("P1D"), duration("PT4H")]) * 2',
            follow_up='=case.reported_at + duration("P1M")',
            priority="=decimal(200 / 3, 0)",
        ),
        flows="begin > a > e",
    )
    task = walk.open_tasks(reported())["a"]
    assert task["due_at"] == TUESDAY_NINE + timedelta(days=2, hours=8)
    assert task["follow_up_at"] == TUESDAY_NINE.replace(month=12)
    assert task["priority"] == 67


def test_a_table_decides_over_the_same_language(sqlite_district: District) -> None:
    rules = [['string length(?) > 8 and contains(?, "垃圾")', '"D-" + upper case("parks")']]
    decision = table(
        rules, inputs=["case.description"], outputs=["lead"], policy="FIRST", default='"D-URBAN"'
    )
    put_live(
        sqlite_district,
        draw.rule("ask", "d", "answer"),
        draw.user("a", '="unit_clerk@" + answer'),
        flows="begin > ask > a > e",
        files={"d.dmn": decision},
    )
    assert walk.open_tasks(reported())["a"]["candidate_groups"] == ["unit_clerk@D-PARKS"]
    with moved_to(TUESDAY_NINE):
        other = walk.report(description="short").case_key
    assert walk.open_tasks(other)["a"]["candidate_groups"] == [CLERK]


def test_mappings_carry_what_paths_and_filters_give(sqlite_district: District) -> None:
    put_live(
        sqlite_district,
        draw.user(
            "a",
            CLERK,
            inputs={"清单": "=(for i in 1..4 return {号: i, 方: i ** 2})[方 > 1].号"},
            outputs={"总数": "=sum(清单) + count(answers.a.给)"},
        ),
        draw.user("b", told("总数 = 9 + 2")),
        flows="begin > a > b > e",
        outputs={"起": '=get value({一: "x"}, "一")'},
        files=form(
            "a",
            {"key": "给", "type": "taglist", "values": [{"label": v, "value": v} for v in "xyz"]},
        ),
    )
    case_key = reported()
    assert walk.open_tasks(case_key)["a"]["inputs"] == {"清单": [2, 3, 4]}
    walk.do(sqlite_district["clerk"], case_key, "a", {"给": ["x", "z"]})
    assert walk.open_tasks(case_key)["b"]["candidate_groups"] == [CLERK]


def test_instances_follow_a_sorted_list_until_two_thirds_are_done(
    sqlite_district: District,
) -> None:
    loop = draw.each(
        '=sort(["D-URBAN", "D-PARKS", "D-WATER"], function(x, y) x < y)',
        "unit",
        in_order=True,
        until="=numberOfCompletedInstances / numberOfInstances = 2 / 3",
    )
    put_live(
        sqlite_district,
        draw.user("a", '="unit_clerk@" + unit', loop=loop),
        draw.user("b", CLERK),
        flows="begin > a > b > e",
    )
    case_key = reported()
    assert walk.open_tasks(case_key)["a"]["candidate_groups"] == ["unit_clerk@D-PARKS"]
    walk.do(sqlite_district["parks_clerk"], case_key, "a", {})
    walk.do(sqlite_district["clerk"], case_key, "a", {})
    assert opened(case_key) == ["b"]


def test_a_script_computes_in_decimal_numbers(sqlite_district: District) -> None:
    put_live(
        sqlite_district,
        draw.script("compute", "sum", "=string(0.1 + 0.2)"),
        draw.user("a", told('sum = "0.3"')),
        flows="begin > compute > a > e",
    )
    assert Decimal("0.3") != Decimal(0.1 + 0.2)
    assert walk.open_tasks(reported())["a"]["candidate_groups"] == [CLERK]


def test_timers_take_what_durations_and_dates_compute(sqlite_district: District) -> None:
    put_live(
        sqlite_district,
        draw.user("a", CLERK),
        draw.boundary("late", "a", draw.after('=duration("PT1H") * count([1, 2, 3][item > 1])')),
        draw.catch("night", draw.at('=max(case.reported_at, @"2026-11-25T18:00:00+08:00")')),
        draw.user("b", CLERK),
        flows="begin > a > e\nlate > night > b > e",
    )
    case_key = reported()
    for hours, open_now in ((1, ["a"]), (2, []), (32, []), (33, ["b"])):
        with moved_to(TUESDAY_NINE + timedelta(hours=hours)):
            deadlines.fire_due()
        assert opened(case_key) == open_now
    with reading() as connection:
        assert connection.execute(select(timer)).all() == []


def test_a_message_finds_its_case_by_a_computed_key(sqlite_district: District) -> None:
    put_live(
        sqlite_district,
        draw.throw("ask", draw.message("Told")),
        draw.catch("hear", draw.message("Told")),
        draw.user("a", CLERK),
        flows="begin > ask > hear > a > e",
        correlations={"Told": '=string join(reverse(split(case.number, "-")), "/")'},
    )
    with moved_to(TUESDAY_NINE):
        receipt = walk.report()
    assert opened(receipt.case_key) == ["a"], "it was delivered at once"


PLACES: dict[str, tuple[tuple[str, ...], str, dict[str, str]]] = {
    "gateway": (
        (draw.xor("g"), draw.user("a", CLERK)),
        f"begin > g\ng > a : ={ENDLESS}\ng > e default\na > e",
        {},
    ),
    "candidate groups": ((draw.user("a", told(ENDLESS)),), "begin > a > e", {}),
    "assignee": ((draw.user("a", CLERK, assignee=told(ENDLESS)),), "begin > a > e", {}),
    "due date": (
        (draw.user("a", CLERK, due=f"=if {ENDLESS} then case.reported_at else null"),),
        "begin > a > e",
        {},
    ),
    "priority": (
        (draw.user("a", CLERK, priority=f"=if {ENDLESS} then 1 else 2"),),
        "begin > a > e",
        {},
    ),
    "property": (
        (draw.user("a", CLERK, properties={"notActor": f"={ENDLESS}"}),),
        "begin > a > e",
        {},
    ),
    "input": ((draw.user("a", CLERK, inputs={"x": f"={ENDLESS}"}),), "begin > a > e", {}),
    "output": ((draw.user("a", CLERK),), "begin > a > e", {"x": f"={ENDLESS}"}),
    "script": ((draw.script("s", "x", f"={ENDLESS}"),), "begin > s > e", {}),
    "collection": (
        (draw.user("a", CLERK, loop=draw.each(f"=[case.number != null and {ENDLESS}]", "x")),),
        "begin > a > e",
        {},
    ),
    "duration": (
        (draw.catch("t", draw.after(f'=if {ENDLESS} then "PT1H" else "PT2H"')),),
        "begin > t > e",
        {},
    ),
    "retries": (
        (draw.service("j", "x", retries=f"=if {ENDLESS} then 1 else 2"),),
        "begin > j > e",
        {},
    ),
}


@pytest.mark.parametrize("place", PLACES)
def test_the_bounds_of_an_evaluation_hold_at_every_place_of_a_diagram(
    sqlite_district: District, place: str
) -> None:
    nodes, flows, outputs = PLACES[place]
    put_live(sqlite_district, *nodes, flows=flows, outputs=outputs)
    with pytest.raises(FeelBudgetExceeded):
        reported()


def test_the_bounds_of_an_evaluation_hold_when_an_instance_is_done(
    sqlite_district: District,
) -> None:
    loop = draw.each("=[1]", "number", until=f"={ENDLESS}")
    put_live(sqlite_district, draw.user("a", CLERK, loop=loop), flows="begin > a > e")
    case_key = reported()
    with pytest.raises(FeelBudgetExceeded):
        walk.do(sqlite_district["clerk"], case_key, "a", {})


def test_the_bounds_of_an_evaluation_hold_in_tables(sqlite_district: District) -> None:
    decision = table([[f"? = ({ENDLESS})", "1"]], inputs=["true"])
    put_live(
        sqlite_district,
        draw.rule("ask", "d", "answer"),
        flows="begin > ask > e",
        files={"d.dmn": decision},
    )
    with pytest.raises(FeelBudgetExceeded):
        reported()


# --- forms ----------------------------------------------------------------------------------------

COUNTED = {"key": "数量", "type": "number"}
HIDDEN = {
    "key": "why",
    "conditional": {"hide": "=not(some 个 in [3, 4] satisfies 个 = 数量)"},
    "validate": {"required": '=every 词 in ["a", "b"] satisfies string length(词) = 1'},
}
SAID = {
    "type": "text",
    "text": (
        '{{#if 数量 > 0.1 + 0.2}}{{string join(for i in 1..数量 return string(i), "·")}}{{/if}}'
    ),
}


def with_form(district: District, *components: Mapping[str, Any]) -> int:
    put_live(district, draw.user("a", CLERK), flows="begin > a > e", files=form("a", *components))
    return reported()


def test_a_condition_of_a_form_hides_its_question_and_its_answer(
    sqlite_district: District,
) -> None:
    case_key = with_form(sqlite_district, COUNTED, HIDDEN)
    task = walk.open_tasks(case_key)["a"]
    shown = {}
    for count in ("2", "3"):
        typed = Typed(posted={"数量": [count], "why": ["because"]})
        page = read_task(sqlite_district["clerk"], task["key"], language="en", typed=typed)
        assert page.form is not None
        shown[count] = [node.is_visible for node in page.form.children]
    assert shown == {"2": [True, False], "3": [True, True]}
    walk.do(sqlite_district["clerk"], case_key, "a", {"数量": 2, "why": "because"})
    file = read_case(sqlite_district["clerk"], case_key, language="en")
    answered = [each.answers for each in file.story.lines if each.row.kind == "task_completed"]
    assert "because" not in repr(answered)


def test_a_question_is_required_by_an_expression(sqlite_district: District) -> None:
    case_key = with_form(sqlite_district, COUNTED, HIDDEN)
    with pytest.raises(InvalidAnswers) as refused:
        walk.do(sqlite_district["clerk"], case_key, "a", {"数量": 3})
    assert set(refused.value.errors) == {"why"}
    walk.do(sqlite_district["clerk"], case_key, "a", {"数量": 3, "why": "so"})


def test_a_text_of_a_form_is_filled_by_the_same_language(sqlite_district: District) -> None:
    case_key = with_form(sqlite_district, COUNTED, SAID)
    task = walk.open_tasks(case_key)["a"]
    typed = Typed(posted={"数量": ["3"]})
    page = read_task(sqlite_district["clerk"], task["key"], language="en", typed=typed)
    assert "1·2·3" in repr(page.form)


def test_a_condition_of_a_form_that_never_ends_hides_nothing(sqlite_district: District) -> None:
    never = {"key": "x", "conditional": {"hide": f"={ENDLESS}"}}
    always = {"key": "y", "conditional": {"hide": "=count(for a in 1..99 return a) > 0"}}
    case_key = with_form(sqlite_district, never, always)
    walk.do(sqlite_district["clerk"], case_key, "a", {"x": "kept", "y": "dropped"})
    file = read_case(sqlite_district["clerk"], case_key, language="en")
    said = repr([line.answers for line in file.story.lines])
    assert "kept" in said
    assert "dropped" not in said
