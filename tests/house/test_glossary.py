"""`docs/glossary.md` uses the words of the code, and what it points to exists."""

import re

import pytest

from app.cases.facts import FACTS
from app.cases.operations import OPERATIONS
from app.organisation.roles import ROLE_NAMES, Role
from app.organisation.units import KIND_NAMES, Line, PartyType, UnitKind
from app.store import tables
from app.store.db import metadata
from tests.house.source import ROOT

TEXT = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in TEXT.splitlines()
    if line.startswith("| ") and not line.startswith("| English")
]
DECISIONS = {"limits", "duty_list"}


def in_code(row: list[str], pattern: str) -> list[str]:
    """Return what of the last cell's code, or of a list after a word, has this shape."""
    return re.findall(pattern, row[-1])


def every(pattern: str) -> list[str]:
    return sorted({name for row in ROWS for name in in_code(row, pattern)})


def test_every_role_is_there_with_the_names_of_the_code() -> None:
    found = {in_code(row, r"`Role\.(\w+)`")[0]: row[:2] for row in ROWS if "`Role." in row[-1]}
    wanted = {role.name: [ROLE_NAMES[role].en, ROLE_NAMES[role].zh] for role in Role}
    assert {name: [en.lower(), zh] for name, (en, zh) in found.items()} == {
        name: [en.lower(), zh] for name, (en, zh) in wanted.items()
    }


@pytest.mark.parametrize("name", every(r"`UnitKind\.(\w+)`"))
def test_units_are_called_as_in_the_code(name: str) -> None:
    names = KIND_NAMES[UnitKind[name]]
    row = next(row for row in ROWS if f"`UnitKind.{name}`" in row[-1])
    assert [row[0].lower(), row[1]] == [names.en.lower(), names.zh]


@pytest.mark.parametrize("name", every(r"tables? `(\w+)`"))
def test_tables_exist(name: str) -> None:
    assert tables
    assert name in metadata.tables or name in DECISIONS


def test_facts_and_operations_exist() -> None:
    facts = {name for row in ROWS for name in _after(row[-1], "facts?")}
    assert facts
    assert facts <= set(FACTS)
    operations = {name for row in ROWS for name in _after(row[-1], "operation")}
    assert operations
    assert operations <= set(OPERATIONS)


@pytest.mark.parametrize("path", every(r"`((?:app|bpmn|forms)/[\w/.]*)`"))
def test_places_exist(path: str) -> None:
    assert (ROOT / path).exists()


def test_lines_and_party_types_exist() -> None:
    assert {Line[name] for name in every(r"`Line\.(\w+)`")} <= set(Line)
    assert all(each.value in TEXT for each in PartyType)


def _after(cell: str, word: str) -> list[str]:
    names: list[str] = []
    for found in re.findall(rf"\b{word} ((?:`\w+`(?:, )?)+)", cell):
        names += re.findall(r"`(\w+)`", found)
    return names
