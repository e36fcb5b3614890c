"""The trace of a decision: what each table saw, which rows applied, and why; bounded."""

import json

from app import dmn
from tests.dmn.models import decision, knowledge, literal, model, table


def test_a_table_tells_what_it_saw_and_which_rules_made_the_result() -> None:
    rows = [("> 0", '"a"'), ("> 1", '"b"'), ("> 9", '"c"')]
    xml = table(rows, policy="PRIORITY", allowed='"b", "a", "c"').replace(
        b"<decisionTable", b'<decisionTable outputLabel="Which" label="Of letters"'
    )
    xml = xml.replace(b'<rule id="r2"', b'<rule id="r2" label="the second"')
    (entry,) = dmn.load(xml, is_strict=True).evaluate("d", {"x": 5}).trace
    rules = entry.pop("rules")
    assert entry == {
        "decision": "d",
        "name": "The decision",
        "model": "m",
        "table": "The decision",
        "id": "t",
        "table_name": "Of letters",
        "hit_policy": "PRIORITY",
        "aggregation": None,
        "inputs": [{"id": "", "label": "x", "expression": "x", "value": 5}],
        "outputs": [{"name": "out", "label": "out"}],
        "matched": [1, 2],
        "default_used": False,
        "violation": None,
        "value": "b",
    }
    assert [(rule["number"], rule["label"]) for rule in rules] == [(2, "the second")]  # type: ignore[union-attr,call-overload,index]


def test_a_default_and_a_violation_are_told() -> None:
    rows = [("> 1", '"a"'), ("> 2", '"b"')]
    loaded = dmn.load(table(rows, default='"none"'))
    (entry,) = loaded.evaluate("d", {"x": 0}).trace
    assert (entry["default_used"], entry["value"], entry["matched"]) == (True, "none", [])
    (entry,) = loaded.evaluate("d", {"x": 3}).trace
    assert entry["violation"] == "only one rule may match, but 1, 2 do"
    assert (entry["matched"], entry["rules"], entry["value"]) == ([1, 2], [], None)


def test_annotations_stand_under_their_clauses() -> None:
    xml = table([("-", "1")]).replace(b"<rule", b'<annotation name="why"/><rule')
    xml = xml.replace(b"</rule>", b"<annotationEntry><text>because</text></annotationEntry></rule>")
    (entry,) = dmn.load(xml, is_strict=True).evaluate("d", {"x": 0}).trace
    annotations = entry["rules"][0]["annotations"]  # type: ignore[index,call-overload]
    assert annotations == {"why": "because", "description": "row 1"}


def test_other_decisions_tell_their_logic_and_value_in_the_order_of_deciding() -> None:
    xml = model(
        decision(literal("x + 1"), name="a")
        + decision("<list>" + literal("a") + "</list>", name="b", requires=["Decision:a"])
    )
    answer = dmn.load(xml).evaluate("b", {"x": 1})
    assert answer.trace == [
        {"decision": "a", "name": "a", "model": "m", "logic": "literalExpression", "value": 2},
        {"decision": "b", "name": "b", "model": "m", "logic": "list", "value": [2]},
    ]


TABLE = (
    "<decisionTable><input><inputExpression><text>x</text></inputExpression></input><output/>"
    "<rule><inputEntry><text>-</text></inputEntry><outputEntry><text>x</text></outputEntry></rule>"
    "</decisionTable>"
)


def test_a_table_inside_a_context_is_told_beside_the_whole() -> None:
    entry = f'<contextEntry><variable name="t"/>{TABLE}</contextEntry>'
    answer = dmn.load(model(decision(f"<context>{entry}</context>"))).evaluate("d", {"x": 3})
    assert [entry.get("logic", "table") for entry in answer.trace] == ["table", "context"]
    assert answer.trace[1]["value"] == {"t": 3}


def test_a_trace_stays_small_however_often_a_table_is_asked() -> None:
    asked = knowledge("ask", ["x"], TABLE)
    xml = model(
        asked + decision(literal("for i in 1..20000 return ask(i)"), requires=["Knowledge:ask"])
    )
    answer = dmn.load(xml, is_strict=True).evaluate("d", {})
    assert len(answer.value) == 20_000  # type: ignore[arg-type]
    assert len(answer.trace) <= 501
    assert len(json.dumps(answer.trace)) < 1_000_000


def test_a_trace_shows_no_value_that_is_too_large() -> None:
    xml = model(decision(literal("for i in 1..50000 return i")))
    answer = dmn.load(xml, is_strict=True).evaluate("d", {})
    assert len(answer.value) == 50_000  # type: ignore[arg-type]
    assert answer.trace[0]["value"] == "(too large to be shown)"


def test_warnings_stay_few() -> None:
    xml = model(
        knowledge("bad", ["x"], literal("x + null"))
        + decision(literal("for i in 1..5000 return bad(i)"), requires=["Knowledge:bad"])
    )
    answer = dmn.load(xml, is_strict=True).evaluate("d", {})
    assert 0 < len(answer.warnings) <= 200
