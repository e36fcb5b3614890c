"""FEEL and decision tables could be published on their own: nothing else comes with them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.house.source import ROOT

LIBRARIES = {"flask", "sqlalchemy", "SpiffWorkflow", "marshmallow", "click", "apscheduler"}
LOADED = "import json, sys; print(json.dumps(sorted(sys.modules)))"
USED = """
from datetime import date
from app import dmn, feel
assert feel.evaluate("a + 1", {"a": 1}) == 2
assert feel.evaluate('date("2026-03-01") + duration("P1M")', {}) == date(2026, 4, 1)
model = dmn.load(open(sys.argv[1], "rb").read())
assert model.decisions
"""


def run(script: str, *arguments: str, path: Path) -> str:
    environment = {**os.environ, "PYTHONPATH": str(path)}
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_importing_them_loads_neither_web_nor_database() -> None:
    loaded = run(f"import app.feel, app.dmn; {LOADED}", path=ROOT)
    assert '"app.dmn.model"' in loaded
    assert [library for library in sorted(LIBRARIES) if f'"{library}"' in loaded] == []
    assert '"app.store"' not in loaded


def test_they_work_with_nothing_of_the_product_but_its_errors(tmp_path: Path) -> None:
    package = tmp_path / "app"
    package.mkdir()
    (package / "__init__.py").write_text("")
    for name in ("feel", "dmn"):
        shutil.copytree(ROOT / "app" / name, package / name)
    for name in ("errors.py", "json_types.py"):
        shutil.copy(ROOT / "app" / name, package / name)
    run(f"import sys\n{USED}", str(ROOT / "bpmn/limits.dmn"), path=tmp_path)
