"""The road that `docs/architecture.md` leads along exists: each function is where it says."""

import ast
import re

import pytest

from tests.house.source import ROOT, Function

TEXT = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
STOPS = re.findall(r"^\| `(app/[\w/]+\.py)` \| `(\w+)` \|", TEXT, flags=re.MULTILINE)
DOTTED = sorted(set(re.findall(r"`((?:cases|engine)\.[a-z_.]+)`", TEXT)))


def functions_in(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, Function)}


def test_the_road_goes_from_the_door_to_the_commit() -> None:
    assert len(STOPS) > 20
    assert STOPS[0][0].startswith("app/web/")
    assert ("app/store/db.py", "transaction") in STOPS


@pytest.mark.parametrize(("path", "function"), STOPS)
def test_each_stop_of_the_road_is_where_the_page_says(path: str, function: str) -> None:
    assert function in functions_in(path)


@pytest.mark.parametrize("name", DOTTED)
def test_each_name_of_a_room_leads_somewhere(name: str) -> None:
    *path, last = name.split(".")
    folder = ROOT / "app" / "/".join(path)
    file = folder.with_suffix(".py")
    if file.exists():
        assert last in functions_in(str(file.relative_to(ROOT)))
    else:
        init = folder / "__init__.py"
        named = init.exists() and re.search(rf"\b{last}\b", init.read_text(encoding="utf-8"))
        assert (folder / f"{last}.py").exists() or named


@pytest.mark.parametrize("room", sorted(set(re.findall(r"^\| `(app/[\w/.]+)` \|", TEXT, re.M))))
def test_each_room_exists(room: str) -> None:
    assert (ROOT / room).exists()
