"""What is no decision model, or a faulty one, is refused with its line and element."""

import pytest

from app import dmn
from app.dmn import DmnError
from tests.dmn.models import HEAD, model, table

HOSTILE = [
    b"",
    b"not xml",
    b"<a/>",
    b"<definitions/>",
    "<definitions/>".encode("utf-16"),
    b'<?xml version="1.0" encoding="UTF-16"?><definitions/>',
    b"\xff\xfe\x00",
    b'<!DOCTYPE d [<!ENTITY a "b">]><d>&a;</d>',
    b'<!DOCTYPE d SYSTEM "file:///etc/passwd"><d/>',
    b"<definitions " + HEAD.encode() + b">" + b"<decision>" * 70 + b"</decision>" * 70
    + b"</definitions>",
    model("<decision/>" * 50_001),
    b" " * (2 * 1024 * 1024 + 1),
]  # fmt: skip


@pytest.mark.parametrize("data", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_file_is_refused(data: bytes) -> None:
    with pytest.raises(DmnError):
        dmn.load(data)


FAULTY = [
    (table([("1 +", "2")]), "expected"),
    (table([("1", "2 2")]), "expected"),
    (table([("1",)]), "as many cells"),
    (table([("1", "2")], policy="SOMETIMES"), "hit policy"),
    (table([("1", "2")], policy="COLLECT", aggregation="AVG"), "aggregation"),
    (model('<decision id="d" name="d"><informationRequirement><requiredInput href="#x"/>'
           "</informationRequirement></decision>"), "required"),
    (model('<decision id="d" name="d"><variable name="d" typeRef="tNone"/></decision>'), "tNone"),
    (model('<decision id="d" name="d"><informationRequirement><requiredDecision href="#d"/>'
           "</informationRequirement></decision>"), "circle"),
    (model('<decision id="a" name="d"/><decision id="b" name="d"/>'), "twice"),
    (model('<import namespace="urn:x" name="x" importType="https://www.omg.org/spec/DMN/20230324/'
           'MODEL/"/>'), "not there"),
    (model('<decision id="d" name="d"><literalExpression expressionLanguage="groovy">'
           "<text>1</text></literalExpression></decision>"), "groovy"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "word"), FAULTY, ids=range(len(FAULTY)))
def test_a_faulty_model_names_place_and_reason(data: bytes, word: str) -> None:
    with pytest.raises(DmnError) as caught:
        dmn.load(data, is_strict=True)
    assert word in caught.value.why
    assert caught.value.line >= 1
    assert dmn.load(data).problems[0].why == caught.value.why


def test_all_problems_are_kept_for_lint() -> None:
    loaded = dmn.load(table([("1 +", "2 2"), ("1", "2")]))
    assert len(loaded.problems) == 2


def test_a_table_cannot_decide_by_a_cell_that_cannot_be_read() -> None:
    loaded = dmn.load(table([("1 +", '"a"'), ("1", '"b"')], policy="FIRST"))
    answer = loaded.evaluate("d", {"x": 1})
    assert answer.value is None
    assert "1 +" in answer.warnings[0]


def test_a_cell_that_cannot_be_read_matters_only_where_it_is_reached() -> None:
    loaded = dmn.load(table([("1", '"b"'), ("1 +", '"a"')], policy="FIRST"))
    assert loaded.evaluate("d", {"x": 1}).value == "b"


def test_functions_outside_feel_are_never_run() -> None:
    xml = model("""<decision id="d" name="d"><literalExpression><text>
    (function(x) external {java: {class: "java.lang.Math", method signature: "cos(double)"}})(1)
    </text></literalExpression></decision>""")
    answer = dmn.load(xml).evaluate("d", {})
    assert answer.value is None
    assert "never run" in answer.warnings[0]
