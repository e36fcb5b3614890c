"""The command line as a shell sees it: words in, exit code and two streams out."""

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from flask_migrate import upgrade

from app import create_app
from app.cli import main
from app.config import settings_for
from app.store.db import db
from tests.support.district import SECRET, District, joined

Whistle = Callable[..., Result]


@click.command(add_help_option=False, context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def from_a_shell(words: tuple[str, ...]) -> None:
    sys.argv = ["whistle", *words]
    main()


@pytest.fixture
def whistle(monkeypatch: pytest.MonkeyPatch) -> Whistle:
    """Return a function that runs `whistle` with these words."""
    monkeypatch.setattr(sys, "argv", ["whistle"])

    def run(*words: str, stdin: str = "", code: int = 0) -> Result:
        answer = CliRunner().invoke(from_a_shell, ["--", *words], input=stdin)
        assert answer.exit_code == code, (answer.output, answer.exception)
        return answer

    return run


def parsed(answer: Result) -> Any:
    """Return what a command printed for scripts."""
    return json.loads(answer.stdout)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database that was migrated and holds nothing, to be copied."""
    folder = tmp_path_factory.mktemp("migrated")
    app = create_app(
        settings_for(
            instance_path=folder,
            database_url=f"sqlite:///{folder / 'whistle.sqlite'}",
            secret_key=SECRET,
            log_level="ERROR",
        )
    )
    with app.app_context():
        upgrade()
        for engine in db.engines.values():
            engine.dispose()  # so that all is in the one file that is copied
    return folder / "whistle.sqlite"


@pytest.fixture
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let commands find their database in a folder of the test's own; return its file."""
    database = tmp_path / "whistle.sqlite"
    monkeypatch.setenv("WHISTLE_INSTANCE", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{database}")
    monkeypatch.setenv("LOG_LEVEL", "ERROR")
    return database


@pytest.fixture
def empty(migrated: Path, at_home: Path) -> Path:
    """Put an empty, migrated database where commands find it."""
    shutil.copy(migrated, at_home)
    return at_home


@pytest.fixture
def district(sqlite_template: Path, at_home: Path) -> Iterator[District]:
    """Put a small running district where commands find it."""
    shutil.copy(sqlite_template, at_home)
    with joined(f"sqlite:///{at_home}", at_home.parent) as found:
        yield found
        for engine in db.engines.values():
            engine.dispose()
