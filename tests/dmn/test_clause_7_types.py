"""OMG DMN 1.5, clause 7.3: item definitions, and what becomes of values that do not fit."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from app import dmn
from app.feel import FeelBudgetExceeded
from tests.dmn.models import decision, input_data, literal, model

TYPES = """
<itemDefinition name="tChildren" isCollection="true"><typeRef>tChild</typeRef></itemDefinition>
<itemDefinition name="tChild"><itemComponent name="first name"><typeRef>string</typeRef>
  </itemComponent><itemComponent name="age"><typeRef>tAge</typeRef></itemComponent></itemDefinition>
<itemDefinition name="tAge"><typeRef>number</typeRef>
  <allowedValues><text>[0..150]</text></allowedValues></itemDefinition>
<itemDefinition name="tAdult"><typeRef>tAge</typeRef>
  <allowedValues><text>&gt;= 18</text></allowedValues></itemDefinition>
<itemDefinition name="tKinds" isCollection="true"><typeRef>string</typeRef>
  <allowedValues><text>"noise", "dust"</text></allowedValues></itemDefinition>
<itemDefinition name="tPair" isCollection="true"><typeRef>number</typeRef>
  <typeConstraint><text>count(?) = 2</text></typeConstraint></itemDefinition>
<itemDefinition name="tCall"><functionItem outputTypeRef="number">
  <parameters name="a" typeRef="number"/></functionItem></itemDefinition>
<itemDefinition name="tAny"><typeRef>Any</typeRef></itemDefinition>
"""
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
CHILD = {"first name": "An", "age": 7}

FITTING = [
    ("number", 5, 5),
    ("number", 5.5, Decimal("5.5")),
    ("number", "5", None),
    ("number", True, None),
    ("number", [5], 5),
    ("number", [5, 6], None),
    ("string", "a", "a"),
    ("boolean", False, False),
    ("date", date(2026, 3, 1), date(2026, 3, 1)),
    ("date", NOON, None),
    ("date and time", NOON, NOON),
    ("date and time", date(2026, 3, 1), datetime(2026, 3, 1, tzinfo=UTC)),
    ("feel:number", 5, 5),
    ("Any", "a", "a"),
    ("tAny", "a", "a"),
    ("", "a", "a"),
    ("tAge", 7, 7),
    ("tAge", 151, None),
    ("tAge", None, None),
    ("tAdult", 18, 18),
    ("tAdult", 17, None),
    ("tAdult", 200, None),
    ("tChild", CHILD, CHILD),
    ("tChild", {**CHILD, "more": 1}, {**CHILD, "more": 1}),
    ("tChild", {"first name": "An"}, None),
    ("tChild", {"first name": "An", "age": None}, {"first name": "An", "age": None}),
    ("tChild", {"first name": "An", "age": 200}, None),
    ("tChildren", [CHILD], [CHILD]),
    ("tChildren", CHILD, [CHILD]),
    ("tChildren", [CHILD, 5], None),
    ("tKinds", ["dust", "noise"], ["dust", "noise"]),
    ("tKinds", ["dust", "water"], None),
    ("tKinds", "dust", ["dust"]),
    ("tPair", [1, 2], [1, 2]),
    ("tPair", [1, 2, 3], None),
    ("tCall", 5, None),
]


@pytest.mark.parametrize(("reference", "given", "value"), FITTING)
def test_7_3_an_input_is_of_its_type_or_null(reference: str, given: object, value: object) -> None:
    xml = model(TYPES + input_data("x", reference) + decision(literal("x"), requires=["Input:x"]))
    answer = dmn.load(xml, is_strict=True).evaluate("d", {"x": given})
    assert answer.value == value
    assert type(answer.value) is not float
    if value is None and given is not None:
        assert answer.warnings[0].startswith("x: ")


@pytest.mark.parametrize(("reference", "given", "value"), FITTING)
def test_7_3_a_decision_is_of_its_type_or_null(
    reference: str, given: object, value: object
) -> None:
    xml = model(TYPES + decision(literal("x"), type_ref=reference))
    assert dmn.load(xml, is_strict=True).evaluate("d", {"x": given}).value == value


def test_7_3_warnings_tell_another_type_from_a_value_not_allowed() -> None:
    loaded = dmn.load(model(TYPES + decision(literal("x"), type_ref="tAge")))
    assert loaded.evaluate("d", {"x": "a"}).warnings == ("d: the value is a string, not a number",)
    assert loaded.evaluate("d", {"x": 200}).warnings == (
        "d: the number is not among the allowed values",
    )


def test_7_3_instance_of_knows_the_types_of_the_model() -> None:
    xml = model(TYPES + decision(literal("[x instance of tChild, 1 instance of tChildren]")))
    assert dmn.load(xml, is_strict=True).evaluate("d", {"x": CHILD}).value == [True, False]


FAULTY = [
    ('<itemDefinition name="tA"><typeRef>tB</typeRef></itemDefinition>'
     '<itemDefinition name="tB"><typeRef>tA</typeRef></itemDefinition>', "defined by itself"),
    ('<itemDefinition name="tA"><itemComponent name="c" isCollection="true"><typeRef>tA</typeRef>'
     "</itemComponent></itemDefinition>", "defined by itself"),
    ('<itemDefinition name="tA"><typeRef>tNone</typeRef></itemDefinition>', "no type 'tNone'"),
    ('<itemDefinition name="tA"><functionItem outputTypeRef="tNone"/></itemDefinition>', "tNone"),
    ('<itemDefinition name="tA"><typeRef>number</typeRef><allowedValues><text>1 +</text>'
     "</allowedValues></itemDefinition>", "expected"),
    ('<itemDefinition name="tA"/><itemDefinition name="tA"/>', "two of the type"),
    ('<itemDefinition name="tA" typeLanguage="http://www.w3.org/2001/XMLSchema"/>', "FEEL"),
    ("".join(f'<itemDefinition name="t{n}"><typeRef>t{n + 1}</typeRef></itemDefinition>'
             for n in range(100)), "deep"),
]  # fmt: skip


@pytest.mark.parametrize(("types", "word"), FAULTY)
def test_7_3_a_faulty_type_is_told_and_permits_anything(types: str, word: str) -> None:
    loaded = dmn.load(model(types + decision(literal("x"), type_ref="tA")))
    assert any(word in problem.why for problem in loaded.problems)
    loaded.evaluate("d", {"x": 1})


def test_checks_of_types_spend_the_budget_of_the_decision() -> None:
    slow = "some y in 1..100000 satisfies y + ? = 0"
    types = (
        f'<itemDefinition name="tSlow" isCollection="true"><typeRef>number</typeRef><allowedValues>'
        f"<text>{slow}</text></allowedValues></itemDefinition>"
    )
    loaded = dmn.load(model(types + decision(literal("x"), type_ref="tSlow")), is_strict=True)
    with pytest.raises(FeelBudgetExceeded):
        loaded.evaluate("d", {"x": list(range(10_000))})
