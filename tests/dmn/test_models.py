"""Requirement graphs, boxed expressions, knowledge models, services, types, imports."""

from decimal import Decimal

import pytest

from app import dmn
from app.errors import NotFound
from tests.dmn.models import model

GRAPH = model("""
<inputData id="i" name="Years of Service"/>
<decision id="base" name="Base Days">
  <variable name="Base Days" typeRef="number"/>
  <informationRequirement><requiredInput href="#i"/></informationRequirement>
  <literalExpression><text>if Years of Service &gt; 10 then 30 else 20</text></literalExpression>
</decision>
<businessKnowledgeModel id="bk" name="Extra">
  <encapsulatedLogic><formalParameter name="d" typeRef="number"/>
    <literalExpression><text>d + 2</text></literalExpression></encapsulatedLogic>
</businessKnowledgeModel>
<decision id="total" name="Total">
  <informationRequirement><requiredDecision href="#base"/></informationRequirement>
  <knowledgeRequirement><requiredKnowledge href="#bk"/></knowledgeRequirement>
  <invocation><literalExpression><text>Extra</text></literalExpression>
    <binding><parameter name="d"/><literalExpression><text>Base Days</text></literalExpression>
    </binding></invocation>
</decision>
<decisionService id="s" name="Days">
  <outputDecision href="#total"/><encapsulatedDecision href="#base"/><inputData href="#i"/>
</decisionService>
""")


def test_required_decisions_come_first() -> None:
    loaded = dmn.load(GRAPH)
    answer = loaded.evaluate("Total", {"Years of Service": 12})
    assert answer.value == 32
    assert [entry["decision"] for entry in answer.trace] == ["base", "total"]
    assert loaded.decisions["total"].inputs == ("Years of Service",)


def test_a_service_gives_its_output_decision() -> None:
    assert dmn.load(GRAPH).evaluate_service("Days", {"Years of Service": 1}).value == 22


def test_an_unknown_decision_is_not_found() -> None:
    with pytest.raises(NotFound):
        dmn.load(GRAPH).evaluate("nothing", {})


def test_a_value_of_the_wrong_type_becomes_null_with_a_reason() -> None:
    xml = model("""<inputData id="i" name="n"><variable name="n" typeRef="number"/></inputData>
    <decision id="d" name="d"><informationRequirement><requiredInput href="#i"/>
    </informationRequirement><literalExpression><text>n</text></literalExpression></decision>""")
    answer = dmn.load(xml).evaluate("d", {"n": "three"})
    assert answer.value is None
    assert answer.warnings


BOXED = [
    ("<context><contextEntry><variable name='a b'/><literalExpression><text>2</text>"
     "</literalExpression></contextEntry><contextEntry><literalExpression><text>a b * 3</text>"
     "</literalExpression></contextEntry></context>", 6),
    ("<context><contextEntry><variable name='k'/><literalExpression><text>1</text>"
     "</literalExpression></contextEntry></context>", {"k": 1}),
    ("<list><literalExpression><text>1</text></literalExpression><literalExpression>"
     "<text>x</text></literalExpression></list>", [1, 5]),
    ("<relation><column name='p'/><column name='q'/><row><literalExpression><text>1</text>"
     "</literalExpression><literalExpression><text>2</text></literalExpression></row></relation>",
     [{"p": 1, "q": 2}]),
    ("<conditional><if><literalExpression><text>x &gt; 3</text></literalExpression></if><then>"
     "<literalExpression><text>1</text></literalExpression></then><else><literalExpression>"
     "<text>2</text></literalExpression></else></conditional>", 1),
    ("<for iteratorVariable='i'><in><literalExpression><text>[1..3]</text></literalExpression>"
     "</in><return><literalExpression><text>i * x</text></literalExpression></return></for>",
     [5, 10, 15]),
    ("<some iteratorVariable='i'><in><literalExpression><text>[1,2]</text></literalExpression>"
     "</in><satisfies><literalExpression><text>i &gt; 1</text></literalExpression></satisfies>"
     "</some>", True),
    ("<every iteratorVariable='i'><in><literalExpression><text>[1,2]</text></literalExpression>"
     "</in><satisfies><literalExpression><text>i &gt; 1</text></literalExpression></satisfies>"
     "</every>", False),
    ("<filter><in><literalExpression><text>[{a: 1}, {a: 9}]</text></literalExpression></in>"
     "<match><literalExpression><text>a &gt; x</text></literalExpression></match></filter>",
     [{"a": 9}]),
    ("<invocation><literalExpression><text>abs</text></literalExpression><binding>"
     "<parameter name='n'/><literalExpression><text>-x</text></literalExpression></binding>"
     "</invocation>", 5),
]  # fmt: skip


@pytest.mark.parametrize(("logic", "value"), BOXED)
def test_boxed_expression_is_worth(logic: str, value: object) -> None:
    xml = model(f'<decision id="d" name="d">{logic}</decision>')
    assert dmn.load(xml).evaluate("d", {"x": 5}).value == value


def test_item_definitions_restrict_values() -> None:
    xml = model("""<itemDefinition name="tKind"><typeRef>string</typeRef>
      <allowedValues><text>"noise","dust"</text></allowedValues></itemDefinition>
    <inputData id="i" name="kind"><variable name="kind" typeRef="tKind"/></inputData>
    <decision id="d" name="d"><informationRequirement><requiredInput href="#i"/>
    </informationRequirement><literalExpression><text>kind</text></literalExpression></decision>""")
    loaded = dmn.load(xml)
    assert loaded.evaluate("d", {"kind": "dust"}).value == "dust"
    assert loaded.evaluate("d", {"kind": "water"}).value is None


def test_models_import_models() -> None:
    other = model(
        """<businessKnowledgeModel id="b" name="Say Hello"><encapsulatedLogic>
        <formalParameter name="who"/><literalExpression><text>"Hello " + who</text>
        </literalExpression></encapsulatedLogic></businessKnowledgeModel>""",
        head='xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="o" namespace="urn:o"',
    )
    main = model("""<import namespace="urn:o" name="other"
      importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>
    <decision id="d" name="d"><knowledgeRequirement><requiredKnowledge href="urn:o#b"/>
    </knowledgeRequirement><literalExpression><text>other.Say Hello("x")</text>
    </literalExpression></decision>""")
    assert dmn.load(main, [other]).evaluate("d", {}).value == "Hello x"


@pytest.mark.parametrize(
    "namespace",
    [
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
    ],
)
def test_versions_1_1_to_1_5_are_read(namespace: str) -> None:
    xml = model(
        '<itemDefinition name="tSum"><typeRef>feel:number</typeRef></itemDefinition>'
        '<decision name="d"><variable name="d" typeRef="tSum"/><literalExpression>'
        "<text>1 + 1</text></literalExpression></decision>",
        head=f'xmlns="{namespace}" xmlns:feel="urn:feel" name="m" namespace="urn:m"',
    )
    assert dmn.load(xml, is_strict=True).evaluate("d", {}).value == Decimal(2)


GIVEN = [
    (1.5, Decimal("1.5")),
    (3, Decimal(3)),
    ([1, 2.5], [Decimal(1), Decimal("2.5")]),
    ((1, 2), [Decimal(1), Decimal(2)]),
    ({"a": {"b": 1}}, {"a": {"b": Decimal(1)}}),
    (float("nan"), None),
    (True, True),
]


@pytest.mark.parametrize(("given", "value"), GIVEN)
def test_plain_python_values_go_in_and_feel_values_come_out(given: object, value: object) -> None:
    xml = model(
        '<decision name="d"><literalExpression><text>x</text></literalExpression></decision>'
    )
    found = dmn.load(xml).evaluate("d", {"x": given}).value
    assert found == value
    assert type(found) is type(value)
