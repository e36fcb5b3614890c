"""OMG DMN 1.5, clause 8: what decision tables decide, by rows of cases."""

from datetime import date
from decimal import Decimal

import pytest

from app import dmn
from tests.dmn.models import decision, model, table

ROWS = [("< 10", '"low"', "1"), ("< 20", '"mid"', "2"), ("< 30", '"high"', "2")]
LOW, MID, HIGH = ({"a": "low", "b": 1}, {"a": "mid", "b": 2}, {"a": "high", "b": 2})

COMPOUND = [
    ("UNIQUE", 25, HIGH),
    ("UNIQUE", 5, None),
    ("ANY", 25, HIGH),
    ("ANY", 15, None),
    ("FIRST", 5, LOW),
    ("PRIORITY", 5, HIGH),
    ("RULE ORDER", 5, [LOW, MID, HIGH]),
    ("OUTPUT ORDER", 5, [HIGH, MID, LOW]),
    ("COLLECT", 15, [MID, HIGH]),
    ("COLLECT", 99, None),
]


def _compound(policy: str, *, aggregation: str = "") -> bytes:
    head = "<input><inputExpression><text>x</text></inputExpression></input>"
    outputs = (
        '<output name="a"><outputValues><text>"high","mid","low"</text></outputValues></output>'
        '<output name="b"><outputValues><text>2, 1</text></outputValues></output>'
    )
    rows = "".join(
        f"<rule><inputEntry><text>{test.replace('<', '&lt;')}</text></inputEntry>"
        f"<outputEntry><text>{a}</text></outputEntry><outputEntry><text>{b}</text></outputEntry></rule>"
        for test, a, b in ROWS
    )
    extra = f'aggregation="{aggregation}"' if aggregation else ""
    return model(
        decision(
            f'<decisionTable hitPolicy="{policy}" {extra}>{head}{outputs}{rows}</decisionTable>'
        )
    )


@pytest.mark.parametrize(("policy", "x", "value"), COMPOUND)
def test_8_2_10_compound_outputs_follow_the_policy(policy: str, x: int, value: object) -> None:
    loaded = dmn.load(_compound(policy), is_strict=True)
    assert loaded.evaluate("d", {"x": x}).value == value


@pytest.mark.parametrize("aggregation", ["SUM", "MIN", "MAX", "COUNT"])
def test_8_2_10_no_operator_reduces_several_outputs(aggregation: str) -> None:
    loaded = dmn.load(_compound("COLLECT", aggregation=aggregation))
    assert "one output" in loaded.problems[0].why
    answer = loaded.evaluate("d", {"x": 5})
    assert answer.value is None
    assert "one output" in answer.warnings[0]


def test_8_2_10_an_operator_belongs_to_collect_alone() -> None:
    xml = table([("> 0", "5"), ("> 1", "7")], policy="RULE ORDER", aggregation="SUM")
    assert dmn.load(xml).evaluate("d", {"x": 5}).value == [5, 7]


OPERATORS = [
    ("SUM", ("1", "2", "2"), 5),
    ("COUNT", ("1", "2", "2"), 3),
    ("MIN", ('"b"', '"a"', '"c"'), "a"),
    ("MAX", ('"b"', '"a"', '"c"'), "c"),
    ("MIN", ('date("2026-03-02")', 'date("2026-03-01")', 'date("2026-03-03")'), date(2026, 3, 1)),
    ("MAX", ("1", '"a"', "2"), None),
    ("SUM", ("1", "null", "2"), None),
]


@pytest.mark.parametrize(("aggregation", "outputs", "value"), OPERATORS)
def test_8_2_10_collect_reduces_every_output(
    aggregation: str, outputs: tuple[str, ...], value: object
) -> None:
    xml = table([("-", one) for one in outputs], policy="COLLECT", aggregation=aggregation)
    assert dmn.load(xml).evaluate("d", {"x": 1}).value == value


def test_8_3_3_a_priority_without_listed_values_is_a_problem() -> None:
    assert "none are listed" in dmn.load(table(ROWS_OF_ONE, policy="PRIORITY")).problems[0].why


ROWS_OF_ONE = [(test, output) for test, output, _ in ROWS]


def test_8_3_3_the_type_of_the_decision_lists_the_values_where_the_column_does_not() -> None:
    types = (
        '<itemDefinition name="tLevel"><typeRef>string</typeRef><allowedValues>'
        '<text>"high","mid","low"</text></allowedValues></itemDefinition>'
    )
    xml = table(ROWS_OF_ONE, policy="PRIORITY").decode()
    xml = xml.replace('<decision id="d"', types + '<decision id="d"')
    xml = xml.replace("<decisionTable", '<variable name="d" typeRef="tLevel"/><decisionTable', 1)
    assert dmn.load(xml.encode(), is_strict=True).evaluate("d", {"x": 5}).value == "high"


CELLS = [
    ("-", None, True),
    ("", 5, True),
    ("5", 5, True),
    ("5", "5", False),
    ("> 3, 1", 2, False),
    ("1, 2, 3", 2, True),
    ("[1..5)", 5, False),
    ("]1..5]", 5, True),
    ("not(1, 2)", 3, True),
    ("not(> 2)", 3, False),
    ("null", None, True),
    ("not(null)", None, False),
    ("null", 1, False),
    ("? > 3 and ? < 9", 5, True),
    ("odd(?)", 5, True),
    ("contains(?, \"a\")", "bab", True),
    ("x > 3", 5, True),
    ("[1, 2, 3]", 2, True),
    ("list contains(?, 2)", [1, 2], True),
    ("[1, 2]", [1, 2], True),
    ("true", True, True),
    ("false", True, False),
    ('"a", "b"', "b", True),
    ('date("2026-03-01")', date(2026, 3, 1), True),
    ('< date("2026-03-02")', date(2026, 3, 1), True),
    ("? in [1..3]", 2, True),
    ("some y in ? satisfies y > 3", [1, 5], True),
    ("count(?) > 1", [1, 5], True),
    ("x", 7, True),
    ("2 + 3", 5, True),
    ("-5", -5, True),
    ("> -5", -4, True),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "x", "is_hit"), CELLS)
def test_8_3_3_a_cell_tests_its_input(cell: str, x: object, is_hit: bool) -> None:
    loaded = dmn.load(table([(cell, '"hit"')], default='"miss"'), is_strict=True)
    assert loaded.evaluate("d", {"x": x}).value == ("hit" if is_hit else "miss")


def _typed(
    head: str, *, cell: str = "-", output: str = '"hit"', column: str = "<output/>"
) -> bytes:
    return model(
        decision(
            f"<decisionTable><input>{head}</input>{column}<rule><inputEntry><text>{cell}</text>"
            f"</inputEntry><outputEntry><text>{output}</text></outputEntry></rule></decisionTable>"
        )
    )


def test_8_3_2_an_input_that_is_not_allowed_leaves_the_table_undecided() -> None:
    xml = _typed(
        "<inputExpression><text>x</text></inputExpression>"
        '<inputValues><text>"a","b"</text></inputValues>'
    )
    loaded = dmn.load(xml, is_strict=True)
    assert loaded.evaluate("d", {"x": "a"}).value == "hit"
    assert loaded.evaluate("d", {"x": ["a", "b"]}).value == "hit"
    assert loaded.evaluate("d", {"x": None}).value == "hit"
    answer = loaded.evaluate("d", {"x": "c"})
    assert answer.value is None
    assert "does not allow" in answer.warnings[0]


def test_8_3_2_an_input_of_another_type_is_null_with_a_warning() -> None:
    xml = _typed('<inputExpression typeRef="number"><text>x</text></inputExpression>', cell="null")
    answer = dmn.load(xml, is_strict=True).evaluate("d", {"x": "a"})
    assert answer.value == "hit"
    assert "string, not a number" in answer.warnings[0]


OUTPUTS = [
    ('<output typeRef="number"/>', "[5]", 5),
    ('<output typeRef="number"/>', '"a"', None),
    ('<output typeRef="date and time"/>', '@"2026-03-01"', "2026-03-01T00:00:00Z"),
    ("<output><outputValues><text>1, 2</text></outputValues></output>", "2", 2),
    ("<output><outputValues><text>1, 2</text></outputValues></output>", "3", None),
    ("<output><outputValues><text>1, 2</text></outputValues></output>", "null", None),
]


@pytest.mark.parametrize(("column", "output", "value"), OUTPUTS)
def test_8_3_3_an_output_is_of_its_type_and_among_its_values(
    column: str, output: str, value: object
) -> None:
    xml = _typed("<inputExpression><text>1</text></inputExpression>", column=column, output=output)
    answer = dmn.load(xml, is_strict=True).evaluate("d", {})
    found = answer.value
    assert (
        found.isoformat().replace("+00:00", "Z") if hasattr(found, "isoformat") else found
    ) == value
    assert bool(answer.warnings) is (value is None and output != "null")


def test_8_2_9_defaults_stand_for_each_output() -> None:
    xml = _compound("UNIQUE").decode()
    xml = xml.replace(
        '"high","mid","low"</text></outputValues>',
        '"high","mid","low"</text>'
        '</outputValues><defaultOutputEntry><text>"low"</text></defaultOutputEntry>',
    )
    assert dmn.load(xml.encode()).evaluate("d", {"x": 99}).value == {"a": "low", "b": None}


ORIENTATIONS = ["Rule-as-Row", "Rule-as-Column", "CrossTable"]


@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_8_2_1_the_orientation_decides_nothing(orientation: str) -> None:
    xml = table([("1", '"one"')]).replace(
        b"<decisionTable", f'<decisionTable preferredOrientation="{orientation}"'.encode()
    )
    assert dmn.load(xml, is_strict=True).evaluate("d", {"x": 1}).value == "one"


def test_a_wide_table_is_decided_by_every_column() -> None:
    inputs = [f"x{n}" for n in range(30)]
    rows = [(*(str(n % 7 + row) for n in range(30)), str(row)) for row in range(40)]
    loaded = dmn.load(table(rows, inputs=inputs))
    given = {f"x{n}": n % 7 + 33 for n in range(30)}
    assert loaded.evaluate("d", given).value == Decimal(33)
