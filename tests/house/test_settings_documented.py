"""`docs/settings.md` lists exactly the settings there are, with true defaults and examples."""

import json
import re
from dataclasses import fields
from pathlib import Path

import pytest

from app.config import VARIABLES, Variable, WrongSetting, from_environment, settings_for
from app.store.settings import DEFAULTS, DistrictSettings
from tests.house.source import ROOT

TEXT = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
ENVIRONMENT, DISTRICT = TEXT.split("## District")


def rows(part: str, *, cells: int) -> dict[str, list[str]]:
    """Return the lines of a part's table by the name in their first cell."""
    table = [line.strip("|").split(" | ") for line in part.splitlines() if line.startswith("| `")]
    assert {len(line) for line in table} == {cells}
    named = [[cell.strip() for cell in line] for line in table]
    return {first.strip("`"): others for first, *others in named}


def plain(text: str) -> str:
    return re.sub(r"[`,.…]|\s+", " ", text).strip().lower()


@pytest.fixture(params=VARIABLES, ids=lambda variable: variable.name)
def variable(request: pytest.FixtureRequest) -> Variable:
    found: Variable = request.param
    return found


def test_every_variable_is_documented_once_and_in_order() -> None:
    assert list(rows(ENVIRONMENT, cells=4)) == [variable.name for variable in VARIABLES]


def test_documented_default_is_the_one_the_code_names(variable: Variable) -> None:
    *_, default = variable.meaning.partition("Default: ")
    assert default
    assert plain(rows(ENVIRONMENT, cells=4)[variable.name][1]) == plain(default)


def test_numbers_named_as_defaults_are_those_in_force(variable: Variable, tmp_path: Path) -> None:
    default = rows(ENVIRONMENT, cells=4)[variable.name][1].strip("`")
    if default.isdigit():
        in_force = getattr(settings_for(instance_path=tmp_path), variable.field)
        assert in_force == variable.read(default)


def test_documented_example_is_taken_at_start(variable: Variable, tmp_path: Path) -> None:
    example = rows(ENVIRONMENT, cells=4)[variable.name][2].strip("`")
    environment = {"WHISTLE_INSTANCE": str(tmp_path), variable.name: example}
    taken = getattr(
        from_environment(environment | {"SECRET_KEY": "x" * 32, variable.name: example}),
        variable.field,
    )
    assert taken == variable.read(example)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("DATABASE_URL", "mysql://db"),
        ("SECRET_KEY", "short"),
        ("MAIL_TLS", "?"),
    ],
)
def test_wrong_setting_stops_the_start_and_names_itself(name: str, value: str) -> None:
    with pytest.raises(WrongSetting, match=name):
        from_environment({name: value})


def test_every_setting_of_the_district_is_documented_with_its_default() -> None:
    documented = {
        name: json.loads(cells[1].strip("`")) for name, cells in rows(DISTRICT, cells=3).items()
    }
    in_force = {item.name: getattr(DEFAULTS, item.name) for item in fields(DistrictSettings)}
    assert documented == json.loads(json.dumps(in_force))
