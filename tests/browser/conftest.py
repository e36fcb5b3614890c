"""Where walks take place: the demo district, served on a free port of this machine."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import ROOT
from app.cases.setup import set_up
from app.store.db import db, metadata
from tests.browser.phones import demo, served


@pytest.fixture(scope="session")
def demo_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the SQLite file of a new demo district, to be copied."""
    folder = tmp_path_factory.mktemp("demo")
    with demo(f"sqlite:///{folder / 'whistle.sqlite'}", folder):
        metadata.create_all(db.engine)
        set_up(ROOT, is_demo=True)
    return folder / "whistle.sqlite"


@pytest.fixture
def address(demo_template: Path, tmp_path: Path) -> Iterator[str]:
    """Yield where the demo district is served; the test is in its application."""
    copy = shutil.copy(demo_template, tmp_path / "whistle.sqlite")
    with demo(f"sqlite:///{copy}", tmp_path) as app, served(app) as place:
        yield place
