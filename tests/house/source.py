"""The product's own source as syntax trees, for the tests that hold the rules of the house."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Module:
    """One module: its name relative to `app` (`store.db`), its text and its tree."""

    name: str
    path: Path
    text: str
    tree: ast.Module

    def is_in(self, rooms: tuple[str, ...]) -> bool:
        """Tell whether this module is one of `rooms` or stands inside one."""
        return any(self.name == room or self.name.startswith(f"{room}.") for room in rooms)

    def imported(self) -> Iterator[str]:
        """Yield every absolute name this module imports, wherever in it."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield node.module

    def functions(self) -> Iterator[Function]:
        """Yield every function and method of this module."""
        for node in ast.walk(self.tree):
            if isinstance(node, Function):
                yield node

    def calls(self) -> Iterator[tuple[str, int]]:
        """Yield the dotted name and line of every call: (`datetime.now`, 17)."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name):
                yield ast.unparse(node.func), node.lineno


@cache
def modules() -> tuple[Module, ...]:
    """Return every module of the product; `app/__init__.py` is called `create_app`."""
    found = []
    for path in sorted((ROOT / "app").rglob("*.py")):
        parts = path.relative_to(ROOT / "app").with_suffix("").parts
        name = ".".join(part for part in parts if part != "__init__") or "create_app"
        text = path.read_text(encoding="utf-8")
        found.append(Module(name, path, text, ast.parse(text)))
    return tuple(found)


@cache
def tracked_files() -> tuple[Path, ...]:
    """Return the files that git tracks; skip where this is no checkout."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    return tuple(path for path in paths if path.is_file())
