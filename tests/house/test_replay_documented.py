"""`docs/replay.md` explains every entry of a mapping, and the shipped mappings load."""

import re
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from app.cases.replay import Numbers, load_mapping, mapping_for
from app.cases.replay.mapping import SHIPPED
from app.cli.replaying import replay_command
from tests.house.source import ROOT

TEXT = (ROOT / "docs/replay.md").read_text(encoding="utf-8")
CODE = set(re.findall(r"`([^`\n]+)`", TEXT))
MAPPINGS = sorted(SHIPPED.glob("*.toml"))


@pytest.fixture(params=MAPPINGS, ids=lambda path: path.stem)
def shipped(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    return found


def test_there_is_a_shipped_mapping() -> None:
    assert MAPPINGS


def test_every_entry_of_a_shipped_mapping_is_explained(shipped: Path) -> None:
    for name, value in tomllib.loads(shipped.read_text(encoding="utf-8")).items():
        if not isinstance(value, dict):
            assert name in CODE
        elif name == "answers":
            assert "[answers.<step>]" in CODE
        elif name == "messages":
            assert "[messages.<name>]" in CODE
        else:
            assert f"[{name}]" in CODE
            if name != "department_names":
                assert set(value) <= CODE


def test_shipped_mapping_loads_and_is_found_by_its_columns(shipped: Path) -> None:
    mapping = load_mapping(shipped)
    assert mapping_for(mapping.columns, file="any.csv").name == mapping.name


def test_every_number_of_the_result_is_explained() -> None:
    assert {item.name for item in fields(Numbers)} <= CODE


def test_every_option_is_explained() -> None:
    options = {name for parameter in replay_command.params for name in parameter.opts}
    explained = {code.split()[0] for code in CODE}
    assert {name for name in options if name.startswith("--")} <= explained
