"""OMG DMN 1.5, clause 10.2: what boxed expressions are worth, by rows of cases."""

import pytest

from app import dmn
from app.feel import FeelBudgetExceeded
from tests.dmn.models import decision, knowledge, literal, model


def _context(*entries: tuple[str, str, str]) -> str:
    parts = "".join(
        (f'<contextEntry><variable name="{name}" typeRef="{of}"/>{logic}</contextEntry>')
        if name
        else f"<contextEntry>{logic}</contextEntry>"
        for name, of, logic in entries
    )
    return f"<context>{parts}</context>"


def _call(target: str, **bindings: str) -> str:
    parts = "".join(
        f'<binding><parameter name="{name}"/>{literal(text)}</binding>'
        for name, text in bindings.items()
    )
    return f"<invocation>{literal(target)}{parts}</invocation>"


def _function(body: str, *parameters: str, attributes: str = "") -> str:
    formal = "".join(
        f'<formalParameter name="{one.partition(":")[0]}" typeRef="{one.partition(":")[2]}"/>'
        for one in parameters
    )
    return f"<functionDefinition {attributes}>{formal}{body}</functionDefinition>"


def _loop(tag: str, source: str, body: str, *, of: str = "") -> str:
    inner = "return" if tag == "for" else "satisfies"
    attribute = f'typeRef="{of}"' if of else ""
    return (
        f'<{tag} iteratorVariable="i"><in {attribute}>{literal(source)}</in>'
        f"<{inner}>{literal(body)}</{inner}></{tag}>"
    )


def _filter(source: str, match: str) -> str:
    return f"<filter><in>{literal(source)}</in><match>{literal(match)}</match></filter>"


def _if(condition: str) -> str:
    return (
        f"<conditional><if>{literal(condition)}</if><then>{literal('1')}</then>"
        f"<else>{literal('2')}</else></conditional>"
    )


WORTH = [
    # 10.2.1.1 literal expression
    (literal("x + 1"), 6),
    (literal("[x]", 'typeRef="number"'), 5),
    (literal('"a"', 'typeRef="number"'), None),
    # 10.2.1.4 context
    (_context(("a", "", literal("1")), ("b", "", literal("a + 1"))), {"a": 1, "b": 2}),
    (_context(("a", "", literal("1")), ("", "", literal("a + x"))), 6),
    (_context(("a", "number", literal('"no"')), ("b", "string", literal('"b"'))),
     {"a": None, "b": "b"}),
    (_context(("a", "", _context(("b", "", literal("x")))), ("", "", literal("a.b"))), 5),
    (_context(("f", "", _function(literal("n * 2"), "n:number")), ("", "", literal("f(4)"))), 8),
    (_context(("f", "number", _function(literal("n * 2"), "n")), ("", "", literal("f(4)"))), 8),
    (_context(("f", "", _function(literal("if n = 0 then 0 else n + f(n - 1)"), "n")),
              ("", "", literal("f(4)"))), 10),
    # 10.2.1.5 list, 10.2.1.6 relation
    (f"<list>{literal('1')}<list>{literal('2')}</list></list>", [1, [2]]),
    ("<list/>", []),
    (f'<relation><column name="p" typeRef="number"/><column name="q"/><row>{literal("[1]")}'
     f'{literal("2")}</row><row>{literal("x")}{literal("null")}</row></relation>',
     [{"p": 1, "q": 2}, {"p": 5, "q": None}]),
    ('<relation><column name="p"/></relation>', []),
    # 10.2.1.3 invocation
    (_call("twice", n="x"), 10),
    (_call("twice", n='"a"'), None),
    (_call("twice", m="x"), None),
    (_call("twice"), None),
    (_call("missing", n="x"), None),
    (_call("x", n="x"), None),
    (_call("abs", n="-x"), 5),
    # 10.2.1.7 function definition
    (_context(("f", "", _function("", "n", attributes='kind="Java"')), ("", "", literal("f(4)"))),
     None),
    (_context(("f", "", _function("", "n", attributes='kind="PMML"')), ("", "", literal("f(4)"))),
     None),
    # 10.2.1.8 conditional
    (_if("x > 3"), 1),
    (_if("x > 9"), 2),
    (_if("null"), 2),
    (_if('"a"'), None),
    # 10.2.1.9 filter
    (_filter("[1, 5, 9]", "item > x"), [9]),
    (_filter("[{a: 1}, {a: 9}, {b: 1}]", "a > x"), [{"a": 9}]),
    (_filter("[4, 5, 6]", "2"), 5),
    (_filter("[4, 5, 6]", '"a"'), None),
    (_filter("null", "true"), []),
    (_filter("7", "item > x"), [7]),
    # 10.2.1.10 iterators
    (_loop("for", "[1, 2]", "i + x"), [6, 7]),
    (_loop("for", "[1..3]", "i + count(partial)"), [1, 3, 5]),
    (_loop("for", "5", "i"), None),
    (_loop("for", '[1, "a"]', "i", of="number"), [1, None]),
    (_loop("some", "[1, 9]", "i > x"), True),
    (_loop("some", "[1, null]", "i > x"), None),
    (_loop("some", "[]", "i > x"), False),
    (_loop("every", "[7, 9]", "i > x"), True),
    (_loop("every", "[7, null]", "i > x"), None),
    (_loop("every", "[1, null]", "i > x"), False),
    (_loop("every", "[]", "i > x"), True),
    (_loop("every", "null", "i > x"), None),
]  # fmt: skip


@pytest.mark.parametrize(("logic", "value"), WORTH)
def test_a_boxed_expression_is_worth(logic: str, value: object) -> None:
    twice = knowledge("twice", ["n:number"], literal("n * 2"))
    loaded = dmn.load(model(twice + decision(logic, requires=["Knowledge:twice"])))
    answer = loaded.evaluate("d", {"x": 5})
    assert answer.value == value
    if value is None and "null" not in logic:
        assert answer.warnings


def test_a_function_that_calls_itself_for_ever_is_stopped() -> None:
    endless = knowledge("f", ["n"], literal("f(n + 1)"))
    loaded = dmn.load(model(endless + decision(literal("f(1)"), requires=["Knowledge:f"])))
    with pytest.raises(FeelBudgetExceeded):
        loaded.evaluate("d", {})


def test_a_function_definition_is_the_value_of_a_decision() -> None:
    function = decision(_function(literal("n + 1"), "n:number"), name="f", type_ref="number")
    user = decision(literal("f(2)"), requires=["Decision:f"])
    assert dmn.load(model(function + user)).evaluate("d", {}).value == 3


def test_a_named_call_reaches_parameters_with_spaces() -> None:
    half = knowledge("Half of", ["the amount:number"], literal("the amount / 2"))
    xml = model(half + decision(literal("Half of(the amount: 8)"), requires=["Knowledge:Half of"]))
    assert dmn.load(xml, is_strict=True).evaluate("d", {}).value == 4


FAULTY = [
    ("<conditional/>", "has no 'if'"),
    (_context(("a", "", literal("1")), ("a", "", literal("2"))), "two entries"),
    ("<for><in/><return/></for>", "names no variable"),
    (f"<invocation>{literal('f')}<binding/></invocation>", "names no parameter"),
    ("<literalExpression><importedValues/></literalExpression>", "no logic"),
    (f'<relation><column name="p"/><row>{literal("1")}{literal("2")}</row></relation>', "cells"),
]


@pytest.mark.parametrize(("logic", "word"), FAULTY)
def test_a_faulty_boxed_expression_is_told_and_null(logic: str, word: str) -> None:
    loaded = dmn.load(model(decision(logic)))
    answer = loaded.evaluate("d", {})
    told = [problem.why for problem in loaded.problems] + list(answer.warnings)
    assert any(word in each for each in told), told
