"""OMG DMN 1.5, 6.3.3: models that import models, by name, without one, several levels deep."""

from itertools import permutations

import pytest

from app import dmn
from app.dmn import DmnError
from tests.dmn.models import decision, input_data, knowledge, literal, model

KIND = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def _model(name: str, body: str, *, imports: dict[str, str] | None = None) -> bytes:
    head = f'xmlns="{KIND}" id="{name}" name="{name}" namespace="urn:{name}"'
    listed = "".join(
        f'<import name="{local}" namespace="urn:{other}" importType="{KIND}"/>'
        for local, other in (imports or {}).items()
    )
    return model(listed + body, head=head)


BASE = _model(
    "base",
    '<itemDefinition name="tSmall"><typeRef>number</typeRef><allowedValues><text>&lt; 10</text>'
    "</allowedValues></itemDefinition>"
    + input_data("n", "tSmall")
    + decision(literal("n * 2"), name="Twice N", requires=["Input:n"])
    + knowledge("Add One", ["x:tSmall"], literal("x + 1"))
    + '<decisionService id="s" name="Serve"><outputDecision href="#Twice N"/>'
    '<inputData href="#n"/></decisionService>',
)
MIDDLE = _model(
    "middle",
    decision(
        literal("low.Add One(1) + low.Twice N"),
        name="Sum",
        requires=["Knowledge:urn:base#Add One", "Decision:urn:base#Twice N"],
    )
    + input_data("n", "low.tSmall"),
    imports={"low": "base"},
)
TOP = _model(
    "top",
    decision(
        literal("mid.Sum + n"),
        name="d",
        requires=["Decision:urn:middle#Sum", "Input:n"],
        type_ref="mid.low.tSmall",
    )
    + input_data("n", "mid.low.tSmall"),
    imports={"mid": "middle"},
)


@pytest.mark.parametrize("order", list(permutations([BASE, MIDDLE, TOP])))
def test_imports_come_in_any_order(order: tuple[bytes, ...]) -> None:
    loaded = dmn.load(TOP, order, is_strict=True)
    inputs = {"n": 1, "mid": {"low": {"n": 2}}}
    assert loaded.evaluate("d", inputs).value == 7


def test_imports_may_be_loaded_models() -> None:
    base = dmn.load(BASE)
    middle = dmn.load(MIDDLE, [base])
    assert dmn.load(TOP, [middle], is_strict=True).evaluate("d", {"n": 1}).value == 5


def test_an_imported_input_may_be_given_directly() -> None:
    assert dmn.load(TOP, [BASE, MIDDLE]).evaluate("d", {"n": 1}).value == 5


def test_imported_types_check_at_every_level() -> None:
    loaded = dmn.load(TOP, [BASE, MIDDLE])
    assert loaded.evaluate("d", {"n": 11}).value is None
    assert loaded.evaluate("d", {"n": 4}).value is None  # 2 + 8 + 4 is not small


def test_an_imported_service_is_called_by_its_name() -> None:
    top = _model(
        "top",
        decision(literal("low.Serve(3) + low.Serve(n: 4)"), requires=["Knowledge:urn:base#s"]),
        imports={"low": "base"},
    )
    assert dmn.load(top, [BASE], is_strict=True).evaluate("d", {}).value == 14


def test_a_service_gives_out_and_is_given_what_is_imported() -> None:
    top = _model(
        "top",
        decision(literal("low.Twice N + 1"), name="More", requires=["Decision:urn:base#Twice N"])
        + '<decisionService id="a" name="A"><outputDecision href="#More"/>'
        '<inputDecision href="urn:base#Twice N"/></decisionService>'
        '<decisionService id="b" name="B"><outputDecision href="urn:base#Twice N"/>'
        '<inputData href="urn:base#n"/></decisionService>',
        imports={"low": "base"},
    )
    loaded = dmn.load(top, [BASE], is_strict=True)
    assert loaded.evaluate_service("A", {"Twice N": 10}).value == 11
    assert loaded.evaluate_service("A", {"low": {"Twice N": 10}}).value == 11
    assert loaded.evaluate_service("B", {"n": 3}).value == 6


def test_an_import_without_a_name_is_seen_without_one() -> None:
    top = _model(
        "top",
        decision(
            literal("Add One(1) + Twice N + (if 3 instance of tSmall then 1 else 0)"),
            requires=["Knowledge:urn:base#Add One", "Decision:urn:base#Twice N"],
            type_ref="tSmall",
        ),
        imports={"": "base"},
    )
    assert dmn.load(top, [BASE], is_strict=True).evaluate("d", {"n": 2}).value == 7


def test_an_import_of_no_stated_kind_is_of_a_model_at_hand() -> None:
    top = _model(
        "top",
        decision(literal("Twice N"), requires=["Decision:Twice N"]),
        imports={"": "base"},
    ).replace(b' importType="' + KIND.encode() + b'"', b"")
    assert dmn.load(top, [BASE], is_strict=True).evaluate("d", {"n": 2}).value == 4


def test_two_models_may_use_the_same_names() -> None:
    other = _model("other", decision(literal('"other"'), name="d"))
    top = _model(
        "top",
        decision(literal('"top"'), name="d")
        + decision(
            literal("[d, o.d]"), name="both", requires=["Decision:d", "Decision:urn:other#d"]
        ),
        imports={"o": "other"},
    )
    answer = dmn.load(top, [other], is_strict=True).evaluate("both", {})
    assert answer.value == ["top", "other"]
    assert [(entry["model"], entry["name"]) for entry in answer.trace] == [
        ("top", "d"),
        ("other", "d"),
        ("top", "both"),
    ]


ASKED = [
    ("mid.Sum", {"mid": {"low": {"n": 2}}}, 6),
    ("mid.low.Twice N", {"n": 2}, 4),
    ("mid.low.Serve", {"n": 2}, 4),
]


@pytest.mark.parametrize(("name", "inputs", "value"), ASKED)
def test_imported_parts_are_asked_for_as_feel_names_them(
    name: str, inputs: dict[str, object], value: object
) -> None:
    loaded = dmn.load(TOP, [BASE, MIDDLE])
    ask = loaded.evaluate_service if name.endswith("Serve") else loaded.evaluate
    assert ask(name, inputs).value == value


def test_what_is_imported_without_a_name_is_asked_for_without_one() -> None:
    top = _model("top", "", imports={"": "base"})
    assert dmn.load(top, [BASE], is_strict=True).evaluate("Twice N", {"n": 2}).value == 4


FAULTY = [
    (_model("top", "", imports={"x": "nowhere"}), (), "not there"),
    (_model("top", input_data("n"), imports={"": "base"}), (BASE,), "imported without a prefix"),
    (_model("top", input_data("low"), imports={"low": "base"}), (BASE,), "that of an import"),
    (_model("a", "", imports={"b": "b"}), (_model("b", "", imports={"a": "a"}),), "circle"),
    (_model("top", decision(literal("1"), requires=["Decision:urn:base#none"]),
            imports={"low": "base"}), (BASE,), "required but not there"),
    (_model("top", "", imports={"b": "b"}), (_model("b", decision(literal("1 +"))),), "expected"),
]  # fmt: skip


@pytest.mark.parametrize(("main", "others", "word"), FAULTY)
def test_faults_of_imports_are_told(main: bytes, others: tuple[bytes, ...], word: str) -> None:
    problems = dmn.load(main, others).problems
    assert [word in problem.why for problem in problems] == [True]


def test_an_import_that_is_no_model_is_refused() -> None:
    with pytest.raises(DmnError):
        dmn.load(TOP, [b"<a/>"])


def test_an_import_of_java_types_or_pmml_is_passed_over() -> None:
    top = _model("top", decision(literal("1"))).replace(
        b"<decision ",
        b'<import name="p" namespace="urn:p" importType="http://www.dmg.org/PMML-4_2"/><decision ',
    )
    assert dmn.load(top, is_strict=True).evaluate("d", {}).value == 1


def test_a_diamond_of_imports_is_read_once_and_does_not_multiply() -> None:
    files = [_model("m0", decision(literal("1")))]
    for n in range(1, 25):
        needs = [f"Decision:urn:m{n - 1}#d"]
        body = decision(literal("a.d"), requires=needs)
        files.append(_model(f"m{n}", body, imports={"a": f"m{n - 1}", "b": f"m{n - 1}"}))
    assert dmn.load(files[-1], files, is_strict=True).evaluate("d", {}).value == 1


def test_the_prefix_of_an_imported_namespace_names_its_types() -> None:
    top = _model(
        "top",
        decision(literal("x"), type_ref="p:tSmall"),
        imports={"low": "base"},
    ).replace(b"<definitions ", b'<definitions xmlns:p="urn:base" ')
    loaded = dmn.load(top, [BASE], is_strict=True)
    assert [loaded.evaluate("d", {"x": x}).value for x in (9, 10)] == [9, None]
