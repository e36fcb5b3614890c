"""`whistle unit`: listing, making, renaming, moving and closing units."""

import pytest

from tests.cli.conftest import Whistle, parsed
from tests.support import walk
from tests.support.district import District


def unit(whistle: Whistle, code: str) -> dict[str, object]:
    found: dict[str, object] = parsed(whistle("unit", "show", code, "--json"))
    return found


def street(whistle: Whistle, code: str = "S02") -> None:
    whistle(
        "unit", "create", code, "--kind", "street", "--name", "Two", "--name-zh", "二",
        "--under", "DISTRICT",
    )  # fmt: skip


def test_units_are_listed_by_kind(district: District, whistle: Whistle) -> None:
    found = parsed(whistle("unit", "list", "--kind", "grid", "--json"))
    assert [each["code"] for each in found] == ["S01-C01-G01", "S01-C01-G02"]
    assert {each["under"] for each in found} == {"S01-C01"}
    assert len(whistle("unit", "list").stdout.splitlines()) == 1 + len(district.units)


def test_a_unit_is_shown_with_who_works_there(district: District, whistle: Whistle) -> None:
    found = unit(whistle, "S01")
    assert found["children"] == ["S01-C01"]
    assert [(each["role"], each["login"]) for each in found["holders"]] == [  # type: ignore[attr-defined]
        ("street_dispatcher", "dispatcher")
    ]
    text = whistle("unit", "show", "S01").stdout
    assert "单位S01" in text
    assert "street_dispatcher" in text


def test_a_unit_is_made_and_renamed_in_one_language(district: District, whistle: Whistle) -> None:
    street(whistle)
    whistle("unit", "rename", "S02", "--name-zh", "新街道")
    found = unit(whistle, "S02")
    assert (found["name"], found["name_zh"], found["under"]) == ("Two", "新街道", "DISTRICT")


def test_a_move_says_first_what_moves_along(district: District, whistle: Whistle) -> None:
    street(whistle)
    walk.report()
    refused = whistle("unit", "move", "S01-C01", "--under", "S02", stdin="n\n", code=1)
    assert "2 units under it and 1 open tasks" in refused.stderr
    assert unit(whistle, "S01-C01")["under"] == "S01"
    whistle("unit", "move", "S01-C01", "--under", "S02", "--yes")
    assert unit(whistle, "S01-C01")["under"] == "S02"
    assert unit(whistle, "S02")["open_tasks"] == 1


def test_a_closed_unit_leaves_the_list(district: District, whistle: Whistle) -> None:
    street(whistle)
    whistle("unit", "close", "S02", stdin="y\n")
    codes = [each["code"] for each in parsed(whistle("unit", "list", "--json"))]
    assert "S02" not in codes
    everything = parsed(whistle("unit", "list", "--all", "--json"))
    assert [each["to"] is None for each in everything if each["code"] == "S02"] == [False]


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("show", "NONE"), 1, "no unit 'NONE'"),
        (("close", "S01", "--yes"), 1, "1 units under this one"),
        (("close", "DISTRICT", "--yes"), 1, "district itself"),
        (("close", "S01"), 1, "Aborted"),
        (("move", "S01-C01", "--under", "D-PARKS", "--yes"), 1, "cannot hang there"),
        (("move", "S01-C01"), 2, "--under"),
        (("rename", "S01"), 2, "--name"),
        (("rename", "S01", "--name", " "), 1, "both languages"),
        (("list", "--kind", "village"), 2, "village"),
        (("create", "s 02", "--kind", "street", "--name", "a", "--name-zh", "b", "--under",
          "DISTRICT"), 1, "capital letters"),
        (("create", "S01", "--kind", "street", "--name", "a", "--name-zh", "b", "--under",
          "DISTRICT"), 1, "is taken"),
        (("create", "B1", "--kind", "street_branch", "--name", "a", "--name-zh", "b", "--under",
          "D-PARKS"), 1, "does not stand beside"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_exit_code(
    district: District, whistle: Whistle, words: tuple[str, ...], code: int, says: str
) -> None:
    assert says in whistle("unit", *words, code=code).stderr


def test_a_branch_stands_beside_its_street(district: District, whistle: Whistle) -> None:
    whistle(
        "unit", "create", "D-PARKS-S01", "--kind", "street_branch", "--name", "Parks",
        "--name-zh", "园林", "--under", "D-PARKS", "--serves", "S01",
    )  # fmt: skip
    assert unit(whistle, "D-PARKS-S01")["serves"] == "S01"
    assert unit(whistle, "S01")["beside"] == ["D-PARKS-S01"]
