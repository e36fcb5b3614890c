"""Documents name only commands, settings and packages that exist, and every one that exists."""

import importlib.util
import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from app.config import VARIABLES
from tests.house.source import ROOT

DOCUMENTS = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), *ROOT.glob("*/README.md")])
TEST_SETTINGS = {"WHISTLE_SHARED", "WHISTLE_TEST_POSTGRES"}


def code_in(path: Path) -> str:
    """Return what stands between backticks and in code blocks: what a reader would type."""
    text = path.read_text(encoding="utf-8")
    return "\n".join(re.findall(r"```.*?```|`[^`\n]+`", text, flags=re.DOTALL))


def targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))


def declared_packages() -> set[str]:
    """Return every direct dependency of pyproject.toml and package.json, by normalised name."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assets = json.loads((ROOT / "app/assets/package.json").read_text())
    lists = [
        project["build-system"]["requires"],
        project["project"]["dependencies"],
        *project["project"]["optional-dependencies"].values(),
        *project["dependency-groups"].values(),
    ]
    names = {re.split(r"[\[<>=~! ]", item)[0] for items in lists for item in items}
    names |= assets["dependencies"].keys() | assets["devDependencies"].keys()
    reference = json.loads((ROOT / "tests/feel/differential/package.json").read_text())
    names |= reference["dependencies"].keys()
    return {name.lower() for name in names}


def test_readme_opens_with_the_two_commands() -> None:
    opening = (ROOT / "README.md").read_text().splitlines()[:12]
    assert "make run" in "\n".join(opening)
    assert "make test" in "\n".join(opening)


@pytest.mark.parametrize("target", ["run", "test", "check", "bench", "soak", "assets"])
def test_make_knows_what_is_promised(target: str) -> None:
    assert target in targets()
    plan = subprocess.run(
        ["make", "--dry-run", target], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert plan.returncode == 0, plan.stderr


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_document_names_only_make_targets_that_exist(document: Path) -> None:
    named = set(re.findall(r"(?<![\w-])make ([a-z]+)", code_in(document)))
    assert named <= targets()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_document_names_only_settings_that_exist(document: Path) -> None:
    known = {variable.name for variable in VARIABLES} | TEST_SETTINGS
    named = set(re.findall(r"\bWHISTLE_[A-Z_]+\b", document.read_text(encoding="utf-8")))
    assert named <= known


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_document_names_only_commands_that_exist(document: Path) -> None:
    named = set(re.findall(r"(?<![\w./-])whistle ([a-z][a-z-]*)", code_in(document)))
    if not named:
        return
    if importlib.util.find_spec("app.cli") is None:
        pytest.skip("the command line is not written yet")
    commands = importlib.import_module("app.cli").commands.commands
    assert named <= set(commands)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_every_direct_dependency_is_explained_and_none_that_is_gone() -> None:
    text = (ROOT / "docs/dependencies.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([^`]+)` \|([^|]+)\|([^|]+)\|([^|]+)\|$", text, flags=re.MULTILINE)
    assert {name.lower() for name, *_ in rows} == declared_packages()
    assert [name for name, *cells in rows if not all(cell.strip() for cell in cells)] == []
