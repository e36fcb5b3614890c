"""An application with the small district's units and people in it, filled anew for each test.

`database` keeps one database of either kind for a whole module; `staffed` fills it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event, update

from app import create_app
from app.config import settings_for
from app.organisation.passwords import hash_password
from app.store.db import db, metadata, transaction
from app.store.settings import DIRECTORY_VERSION, renew_version
from app.store.tables import organisation as t
from tests.support.district import SECRET, District, add_people, add_units
from tests.support.postgres import PostgresServer

PASSWORD = "correct horse battery"
BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@contextmanager
def database(
    kind: str, request: pytest.FixtureRequest, folders: pytest.TempPathFactory
) -> Iterator[Flask]:
    """Yield an application on a new database with all tables, inside its context."""
    folder = folders.mktemp("staffed")
    if kind == "sqlite":
        with _application(f"sqlite:///{folder / 'whistle.sqlite'}", folder) as app:
            yield app
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with server.fresh_database() as url, _application(url, folder) as app:
        yield app


@contextmanager
def _application(url: str, folder: Path) -> Iterator[Flask]:
    app = create_app(
        settings_for(instance_path=folder, database_url=url, secret_key=SECRET, log_level="ERROR")
    )
    with app.app_context():
        metadata.create_all(db.engine)
        yield app
        for engine in db.engines.values():
            engine.dispose()


def staffed(app: Flask) -> District:
    """Empty the database, put the district in; every account has the password `PASSWORD`."""
    with transaction() as tx:
        # Few rows lie in few tables: on PostgreSQL this is much faster than TRUNCATE.
        for table in reversed(metadata.sorted_tables):
            tx.connection.execute(table.delete())
    with transaction() as tx:
        units = add_units(tx)
        actors = add_people(tx, units)
        tx.connection.execute(update(t.person).values(password_hash=_kept()))
        renew_version(tx.connection, DIRECTORY_VERSION)
    url = db.engine.url.render_as_string(hide_password=False)
    return District(app, url, units, actors)


@contextmanager
def statements() -> Iterator[list[str]]:
    """Yield the list of statements that any engine of the application runs within the block."""
    found: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        found.append(statement)

    for engine in db.engines.values():
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        for engine in db.engines.values():
            event.remove(engine, "before_cursor_execute", note)


@cache
def _kept() -> str:
    return hash_password(PASSWORD)
