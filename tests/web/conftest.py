"""A running district with a browser for each of its people."""

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from babel.messages import mofile, pofile
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import ROOT
from app.organisation.passwords import hash_password
from app.store import people
from app.store.db import db, transaction
from tests.support.district import District, joined

PASSWORD = "correct horse battery"
SAME_SITE = {"Sec-Fetch-Site": "same-origin"}
_HASH = hash_password(PASSWORD)


@dataclass(slots=True)
class Browser:
    """A test client that carries the token of the forms it was shown."""

    client: FlaskClient
    token: str = ""

    def get(self, address: str, **more: object) -> TestResponse:
        """Open a page."""
        answer = self.client.get(address, **more)  # type: ignore[arg-type]
        if answer.mimetype == "text/html":
            found = re.search(r'name="csrf-token" content="(\w+)"', answer.get_data(as_text=True))
            self.token = found[1] if found else self.token
        return answer

    def post(self, address: str, fields: dict[str, object], **more: object) -> TestResponse:
        """Send a form of a page that was opened before."""
        return self.client.post(
            address,
            data={"csrf_token": self.token, **fields},
            headers=SAME_SITE,
            **more,  # type: ignore[arg-type]
        )

    def language(self, code: str) -> "Browser":
        """Choose a language."""
        self.client.get(f"/language/{code}")
        return self


Login = Callable[[str], Browser]


@pytest.fixture(scope="session", autouse=True)
def compiled_translations() -> None:
    """Compile the Chinese where the installation has not done it yet."""
    for source in ROOT.glob("app/web/translations/*/LC_MESSAGES/messages.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            with source.open("rb") as text, target.open("wb") as binary:
                mofile.write_mo(binary, pofile.read_po(text))


@pytest.fixture(scope="session")
def template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the database of the small district with passwords for its people, to be copied."""
    folder = tmp_path_factory.mktemp("passwords")
    copy = Path(shutil.copy(sqlite_template, folder))
    with joined(f"sqlite:///{copy}", folder) as found:
        with transaction() as tx:
            for actor in found.actors.values():
                people.update_person(tx.connection, actor.person_key, password_hash=_HASH)
        for engine in db.engines.values():
            engine.dispose()
    return copy


@pytest.fixture
def district(template: Path, tmp_path: Path) -> Iterator[District]:
    """Yield a small district of the test's own."""
    shutil.copy(template, tmp_path / "whistle.sqlite")
    with joined(f"sqlite:///{tmp_path / 'whistle.sqlite'}", tmp_path / "instance") as found:
        yield found
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture
def visitor(district: District) -> Browser:
    """Return the browser of somebody who is not signed in."""
    return Browser(district.app.test_client())


@pytest.fixture
def login(district: District) -> Login:
    """Return a function that signs somebody in, in English."""

    def enter(name: str) -> Browser:
        browser = Browser(district.app.test_client()).language("en")
        browser.get("/sign-in")
        answer = browser.post("/sign-in", {"login": name, "password": PASSWORD})
        assert answer.status_code == 303, answer.get_data(as_text=True)
        browser.get("/inbox")
        return browser

    return enter
