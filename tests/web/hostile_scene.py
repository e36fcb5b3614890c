"""The scene of the hostile tests: a district with cases at several steps, and who attacks it.

Requests run outside the test's application context, as a server's do, so that nothing one request
remembers is there for the next.
"""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import Context
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from PIL import Image
from sqlalchemy import func, insert, select, update
from werkzeug.test import TestResponse

from app.cases.attachments import Upload, keep_upload
from app.cases.handling import claim_task, save_draft
from app.clock import moved_to, utc_now
from app.organisation.roles import Role
from app.store import people
from app.store.db import db, metadata, reading, transaction
from app.store.settings import DIRECTORY_VERSION, renew_version
from app.store.tables import organisation as t
from app.store.tables.cases import attachment
from tests.support import walk
from tests.support.district import LONG_AGO, District, running
from tests.web.conftest import _HASH, PASSWORD, Browser

SIGNED_IN = (
    "officer",
    "handler",
    "clerk",
    "parks_clerk",
    "parks_handler",
    "admin",
    "supervisor",
    "leader",
)
DRAFT = "my careful words"
# What a read or a refused request may write all the same: that a session was used, what was tried.
MAY_CHANGE = {"login_session", "rate_counter", "key_sequence"}


class Outside(Browser):
    """A browser whose requests see nothing of the test's own context."""

    def get(self, address: str, **more: object) -> TestResponse:
        """Open a page."""
        return _apart(lambda: Browser.get(self, address, **more))

    def post(self, address: str, fields: dict[str, object], **more: object) -> TestResponse:
        """Send a form of a page that was opened before."""
        return _apart(lambda: Browser.post(self, address, fields, **more))

    def send(self, address: str, **more: Any) -> TestResponse:
        """Send anything at all."""
        return _apart(lambda: self.client.open(address, **more))


def _apart(ask: Callable[[], TestResponse]) -> TestResponse:
    def read() -> TestResponse:
        answer = ask()
        answer.get_data()  # what is streamed is made now
        return answer

    return Context().run(read)


@dataclass(slots=True)
class Scene:
    """Cases by the step they wait at, the tasks that wait there, and everybody's browser."""

    district: District
    browsers: dict[str, Outside]
    visitor: Outside
    cases: dict[str, int] = field(default_factory=dict)
    tasks: dict[str, int] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    foreign_file: int = 0
    code: str = ""

    def by(self, login: str) -> Outside:
        """Return somebody's browser."""
        return self.browsers[login]

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """Return everything the database holds that no refused request may change."""
        with reading() as connection:
            return {
                name: sorted(
                    (tuple(row) for row in connection.execute(select(table))),
                    key=repr,
                )
                for name, table in metadata.tables.items()
                if name not in MAY_CHANGE
            }

    def count_files(self) -> int:
        """Return how many files are kept."""
        with reading() as connection:
            return int(
                connection.execute(select(func.count()).select_from(attachment)).scalar_one()
            )

    def newest_file(self) -> Any:
        """Return the row of the file that was kept last."""
        with reading() as connection:
            query = select(attachment).order_by(attachment.c.key.desc()).limit(1)
            return connection.execute(query).one()


@contextmanager
def hostile_scene(database_url: str, folder: Path) -> Iterator[Scene]:
    """Yield the scene on an empty database."""
    with running(database_url, folder) as district:
        with transaction() as tx:
            for actor in district.actors.values():
                people.update_person(tx.connection, actor.person_key, password_hash=_HASH)
            _second_position(tx, district, "handler", Role.UNIT_LEADER)
            _second_position(tx, district, "parks_clerk", Role.UNIT_CLERK)
        browsers = {login: signed_in(district, login) for login in SIGNED_IN}
        scene = Scene(district, browsers, Outside(district.app.test_client()))
        scene.visitor.get("/language/en")
        _open_cases(scene)
        yield scene
        for engine in db.engines.values():
            engine.dispose()


def signed_in(district: District, login: str) -> Outside:
    """Return the browser of somebody who has signed in."""
    browser = Outside(district.app.test_client())
    browser.get("/language/en")
    browser.get("/sign-in")
    answer = browser.post("/sign-in", {"login": login, "password": PASSWORD})
    assert answer.status_code == 303
    browser.get("/notices")
    return browser


def picture(kind: str = "JPEG") -> bytes:
    """Return a small photo."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(out, kind)
    return out.getvalue()


def _second_position(tx: Any, district: District, login: str, role: Role) -> None:
    tx.connection.execute(
        insert(t.position).values(
            key=tx.next_key(),
            person_key=district[login].person_key,
            role=role.value,
            unit_key=district.units["D-URBAN"],
            valid_from=LONG_AGO,
        )
    )
    renew_version(tx.connection, DIRECTORY_VERSION)


def _open_cases(scene: Scene) -> None:
    """Bring cases to the steps that are attacked; all but the last are claimed."""
    people_ = scene.district
    steps = (
        ("officer", "triage", walk.TRIAGED),
        ("clerk", "sign_for", walk.SIGNED),
        ("handler", "handle", walk.HANDLED),
        ("leader", "review_result", walk.PASSED),
    )
    for number, (_login, step, _answers) in enumerate(steps):
        with moved_to(utc_now() - timedelta(days=30)):
            receipt = walk.report(description="=cmd|' /C calc'!A0", address="+1+1")
            for login, done, answers in steps[:number]:
                walk.do(people_[login], receipt.case_key, done, answers)
        task = walk.open_tasks(receipt.case_key)[step]
        scene.cases[step], scene.tasks[step] = receipt.case_key, task["key"]
        scene.code = receipt.token
    claim_task(people_["officer"], scene.tasks["triage"], seen_version=1)
    save_draft(people_["officer"], scene.tasks["triage"], {"comment": DRAFT})
    claim_task(people_["handler"], scene.tasks["handle"], seen_version=1)
    claim_task(people_["clerk"], scene.tasks["sign_for"], seen_version=1)
    for step, case_key in scene.cases.items():
        scene.versions[step] = walk.open_tasks(case_key)[step]["version"]
    kept = keep_upload(
        Upload(file_name="photo.jpg", content=picture()),
        blobs=people_.app.extensions["blobs"],
        person_key=people_["handler"].person_key,
        case_key=scene.cases["review_result"],
    )
    scene.foreign_file = kept.key


def end_sessions(login: str) -> None:
    """Let the sessions of somebody be older than any may be."""
    long_ago = utc_now() - timedelta(days=2)
    with transaction() as tx:
        whose = select(t.person.c.key).where(t.person.c.login == login).scalar_subquery()
        own = update(t.login_session).where(t.login_session.c.person_key == whose)
        tx.connection.execute(own.values(created_at=long_ago, last_seen_at=long_ago))


def set_active(login: str, *, is_active: bool) -> None:
    """Close an account, or open it again."""
    with transaction() as tx:
        own = update(t.person).where(t.person.c.login == login)
        tx.connection.execute(own.values(is_active=is_active))
