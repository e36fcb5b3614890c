"""A model beyond bounds is refused at once, whoever hands it in; one within them is not."""

import pytest

from app import dmn
from app.dmn import DmnError
from tests.dmn.models import decision, literal, model, table

DEEP = "<list>" * 70 + "</list>" * 70
BEYOND = [
    (b" " * (2 * 1024 * 1024 + 1), "larger than 2 MB"),
    (model(decision(DEEP)), "nested deeper"),
    (model("<extensionElements>" + "<a/>" * 50_001 + "</extensionElements>"), "elements"),
    (model("<decision/>" * 2_001), "parts"),
    (model("".join(decision(literal("1 + " * 8_000 + "1"), name=f"d{n}") for n in range(20))),
     "characters"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "word"), BEYOND, ids=[word for _, word in BEYOND])
@pytest.mark.parametrize("is_strict", [True, False])
def test_a_model_beyond_bounds_is_refused(data: bytes, word: str, is_strict: bool) -> None:
    with pytest.raises(DmnError, match=word):
        dmn.load(data, is_strict=is_strict)


def test_a_file_beyond_bounds_is_refused_as_an_import_too() -> None:
    with pytest.raises(DmnError, match="parts"):
        dmn.load(model(""), [model("<decision/>" * 2_001)])


def test_a_table_of_a_thousand_rows_and_twenty_columns_is_within_bounds() -> None:
    rows = [tuple(f'"v{row}_{column}"' for column in range(20)) for row in range(1000)]
    loaded = dmn.load(table(rows, inputs=[f"x{n}" for n in range(19)]), is_strict=True)
    given = {f"x{n}": f"v999_{n}" for n in range(19)}
    assert loaded.evaluate("d", given).value == "v999_19"


def test_a_model_of_very_many_faults_lists_the_first_of_them() -> None:
    rows = [("1 +", "1")] * 2_000
    assert len(dmn.load(table(rows)).problems) == 500


def test_a_cell_too_long_for_feel_is_a_problem_of_that_cell() -> None:
    loaded = dmn.load(table([("1", '"' + "a" * 40_000 + '"'), ("2", '"b"')]))
    assert "characters" in loaded.problems[0].why
    assert loaded.evaluate("d", {"x": 2}).value == "b"


NESTED = [
    ("<list>", "</list>", 55),
    ("<context><contextEntry>", "</contextEntry></context>", 28),
    ("<conditional><if>" + literal("true") + "</if><else/><then>", "</then></conditional>", 28),
    ('<for iteratorVariable="i"><in>' + literal("[1]") + "</in><return>", "</return></for>", 28),
]


@pytest.mark.parametrize(("opening", "closing", "times"), NESTED)
def test_what_is_nested_as_deep_as_permitted_is_decided(
    opening: str, closing: str, times: int
) -> None:
    xml = model(decision(opening * times + literal("1") + closing * times))
    value: object = dmn.load(xml, is_strict=True).evaluate("d", {}).value
    while isinstance(value, list):
        (value,) = value
    assert value == 1
