"""OMG DMN 1.5, clauses 6 and 10.4: requirements, knowledge models, services, names, circles."""

import pytest

from app import dmn
from app.dmn import UnknownDecision
from tests.dmn.models import decision, input_data, knowledge, literal, model

SERVICE = model(
    input_data("n", "number")
    + decision(literal("n * 10"), name="given", requires=["Input:n"])
    + decision(literal("given + 1"), name="inner", requires=["Decision:given"])
    + decision(
        literal("inner + n"),
        name="outer",
        requires=["Decision:inner", "Input:n"],
        type_ref="number",
    )
    + '<decisionService id="one" name="One"><variable name="One" typeRef="number"/>'
    '<outputDecision href="#outer"/><encapsulatedDecision href="#inner"/>'
    '<inputDecision href="#given"/><inputData href="#n"/></decisionService>'
    '<decisionService id="two" name="Two"><outputDecision href="#outer"/>'
    '<outputDecision href="#inner"/><encapsulatedDecision href="#given"/><inputData href="#n"/>'
    "</decisionService>"
    + decision(literal("One(1, 100)"), name="by position", requires=["Knowledge:one"])
    + decision(literal("One(given: 100, n: 1)"), name="by name", requires=["Knowledge:one"])
    + decision(literal("Two(2).inner"), name="several", requires=["Knowledge:two"])
    + decision(literal('One("a", 100)'), name="wrong type", requires=["Knowledge:one"])
    + decision(literal("One(1)"), name="too few", requires=["Knowledge:one"])
)

CALLS = [("by position", 102), ("by name", 102), ("several", 21), ("wrong type", None),
         ("too few", None)]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), CALLS)
def test_10_4_a_service_is_a_function_of_its_input_data_then_its_input_decisions(
    name: str, value: object
) -> None:
    loaded = dmn.load(SERVICE, is_strict=True)
    assert loaded.evaluate(name, {}).value == value


GIVEN = [
    ("One", {"n": 1, "given": 100}, 102),
    ("one", {"n": 1, "given": 100}, 102),
    ("One", {"n": 1}, None),
    ("Two", {"n": 2}, {"outer": 23, "inner": 21}),
    ("Two", {"n": 2, "given": 500}, {"outer": 23, "inner": 21}),
]


@pytest.mark.parametrize(("name", "inputs", "value"), GIVEN)
def test_10_4_input_decisions_are_given_and_others_decided(
    name: str, inputs: dict[str, object], value: object
) -> None:
    assert dmn.load(SERVICE).evaluate_service(name, inputs).value == value


@pytest.mark.parametrize("reference", ["tCall", ""])
def test_10_4_a_service_may_declare_the_type_of_its_function(reference: str) -> None:
    types = (
        '<itemDefinition name="tCall"><functionItem outputTypeRef="number">'
        '<parameters name="n" typeRef="number"/></functionItem></itemDefinition>'
    )
    xml = model(
        types + decision(literal("n + 1"), name="a") + input_data("n", "number")
        + f'<decisionService id="s" name="s"><variable name="s" typeRef="{reference}"/>'
        '<outputDecision href="#a"/><inputData href="#n"/></decisionService>'
    )  # fmt: skip
    assert dmn.load(xml, is_strict=True).evaluate_service("s", {"n": 4}).value == 5


def test_6_3_knowledge_models_need_each_other_and_see_nothing_else() -> None:
    xml = model(
        knowledge("add", ["a:number", "b:number"], literal("a + b"))
        + knowledge("twice", ["a"], literal("add(a, a)")).replace(
            "</encapsulatedLogic>",
            "</encapsulatedLogic><knowledgeRequirement><requiredKnowledge href='#add'/>"
            "</knowledgeRequirement>",
        )
        + knowledge("peek", [], literal("n"))
        + input_data("n")
        + decision(literal("twice(n)"), requires=["Knowledge:twice", "Input:n"])
        + decision(literal("peek()"), name="e", requires=["Knowledge:peek", "Input:n"])
    )
    loaded = dmn.load(xml, is_strict=True)
    assert loaded.evaluate("d", {"n": 4}).value == 8
    assert loaded.evaluate("e", {"n": 4}).value is None


@pytest.mark.parametrize(("text", "value"), [("f(2)", 4), ('f("a")', None), ("f([2])", 4),
                                             ("f(1)", None)])  # fmt: skip
def test_6_3_arguments_and_results_of_knowledge_models_are_of_their_types(
    text: str, value: object
) -> None:
    body = literal('if n = 1 then "one" else n * 2')
    xml = model(
        knowledge("f", ["n:number"], body, type_ref="number")
        + decision(literal(text), requires=["Knowledge:f"])
    )
    assert dmn.load(xml, is_strict=True).evaluate("d", {}).value == value


NAMED = [
    ("Years of Service", "Years of Service + 1"),
    ("Years of  Service", "Years   of Service + 1"),
    ("a-b", "a-b + 1"),
    ("in or out", "in or out + 1"),
    ("立案数量", "立案数量 + 1"),
    ("No. of cases", "No. of cases + 1"),
    ("count", "count + 1"),
]


@pytest.mark.parametrize(("name", "text"), NAMED)
def test_10_3_1_names_hold_what_names_may_hold(name: str, text: str) -> None:
    xml = model(
        f'<inputData id="i" name="{name}"/>' + decision(literal(text), requires=["Input:i"])
    )
    assert dmn.load(xml).evaluate("d", {" ".join(name.split()): 4}).value == 5


def test_7_3_a_variable_named_otherwise_is_seen_by_its_name() -> None:
    xml = model(
        '<inputData id="i" name="Input"><variable name="other in" typeRef="number"/></inputData>'
        '<decision id="a" name="A"><variable name="other out"/><informationRequirement>'
        '<requiredInput href="#i"/></informationRequirement>'
        + literal("other in + 1")
        + "</decision>"
        + decision(literal("other out + A"), requires=["Decision:a"])
    )
    loaded = dmn.load(xml, is_strict=True)
    assert loaded.evaluate("d", {"Input": 1}).value == 4
    assert loaded.evaluate("d", {"other in": 1}).value == 4


def test_6_3_a_decision_without_logic_is_null_with_a_warning() -> None:
    answer = dmn.load(model('<decision id="d" name="d"/>'), is_strict=True).evaluate("d", {})
    assert answer.value is None
    assert answer.warnings == ("d: the decision has no logic",)


CIRCLES = [
    decision(literal("a"), name="a", requires=["Decision:a"]),
    decision(literal("b"), name="a", requires=["Decision:b"])
    + decision(literal("a"), name="b", requires=["Decision:a"]),
    decision(literal("f(1)"), name="a", requires=["Knowledge:f"])
    + knowledge("f", ["n"], literal("1")).replace(
        "</encapsulatedLogic>",
        "</encapsulatedLogic><knowledgeRequirement><requiredKnowledge href='#f'/>"
        "</knowledgeRequirement>",
    ),
]


@pytest.mark.parametrize("body", CIRCLES)
def test_6_3_what_requires_itself_is_told_and_null_and_harms_nothing_else(body: str) -> None:
    loaded = dmn.load(model(body + decision(literal("1"), name="free")))
    assert any("in a circle" in problem.why for problem in loaded.problems)
    answer = loaded.evaluate("a", {})
    assert answer.value is None
    assert answer.warnings
    assert loaded.evaluate("free", {}).value == 1


def test_a_chain_of_a_thousand_decisions_is_decided_each_once() -> None:
    chain = [decision(literal("1"), name="d0")]
    for n in range(1, 1000):
        before = f"d{n - 1}"
        chain.append(
            decision(literal(f"{before} + 1"), name=f"d{n}", requires=[f"Decision:{before}"])
        )
    assert dmn.load(model("".join(chain))).evaluate("d999", {}).value == 1000


def test_a_diamond_of_knowledge_models_does_not_multiply() -> None:
    parts = [knowledge("k0", [], literal("1"))]
    for n in range(1, 40):
        needs = "<knowledgeRequirement><requiredKnowledge href='#k{0}'/></knowledgeRequirement>"
        parts.append(
            knowledge(f"k{n}", [], literal(f"k{n - 1}()")).replace(
                "</encapsulatedLogic>", "</encapsulatedLogic>" + needs.format(n - 1) * 2
            )
        )
    xml = model("".join(parts) + decision(literal("k39()"), requires=["Knowledge:k39"]))
    assert dmn.load(xml).evaluate("d", {}).value == 1


def test_an_unknown_decision_is_refused_with_those_there_are() -> None:
    loaded = dmn.load(SERVICE)
    with pytest.raises(UnknownDecision, match="inner"):
        loaded.evaluate("nothing", {})
    with pytest.raises(UnknownDecision, match="One, Two"):
        loaded.evaluate_service("nothing", {})


def test_every_problem_is_listed_at_its_line() -> None:
    body = "\n".join(decision(literal("1 +"), name=f"d{n}") for n in range(3))
    assert [problem.line for problem in dmn.load(model(body)).problems] == [2, 3, 4]


def test_a_decision_that_cannot_be_read_is_null_and_the_others_are_not() -> None:
    xml = model(decision(literal("1 +")) + decision(literal("[d, 2]"), name="e",
                                                   requires=["Decision:d"]))  # fmt: skip
    loaded = dmn.load(xml)
    answer = loaded.evaluate("e", {})
    assert answer.value == [None, 2]
    assert "1 +" in answer.warnings[0]


LANGUAGES = [
    ('expressionLanguage="http://www.w3.org/XPath"', "not in FEEL"),
    ('typeLanguage="http://www.w3.org/2001/XMLSchema"', "not FEEL's"),
]


@pytest.mark.parametrize(("attribute", "word"), LANGUAGES)
def test_6_3_2_other_languages_are_told(attribute: str, word: str) -> None:
    xml = model(decision(literal("1"))).replace(
        b"<definitions ", f"<definitions {attribute} ".encode()
    )
    assert word in dmn.load(xml).problems[0].why


def test_a_model_knows_its_id_name_and_namespace() -> None:
    loaded = dmn.load(SERVICE)
    assert (loaded.id, loaded.name, loaded.namespace) == ("m", "m", "urn:m")
