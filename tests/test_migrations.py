"""Migrations: from empty to the models, on both databases, without a difference left."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, stamp, upgrade
from sqlalchemy import inspect, text

from app import create_app
from app.cases import recount
from app.config import settings_for
from app.store.db import db, metadata, transaction
from tests.support import walk
from tests.support.district import running


@contextmanager
def empty(database_url: str, folder: Path) -> Iterator[None]:
    settings = settings_for(instance_path=folder, database_url=database_url, log_level="ERROR")
    with create_app(settings).app_context():
        yield
        for engine in db.engines.values():
            engine.dispose()


def is_of_the_models(_object: object, name: str | None, kind: str, *_rest: object) -> bool:
    return not (kind == "index" and name == "ix_case_search_words")


@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based")
@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
def test_migrations_lead_from_empty_to_the_models(database_url: str, tmp_path: Path) -> None:
    with empty(database_url, tmp_path):
        upgrade()
        with db.engine.connect() as connection:
            context = MigrationContext.configure(
                connection, opts={"compare_type": True, "include_object": is_of_the_models}
            )
            differences = compare_metadata(context, metadata)
        assert differences == []
        with transaction() as tx:
            assert tx.next_key() > 0


def test_the_first_migration_can_be_undone(database_url: str, tmp_path: Path) -> None:
    with empty(database_url, tmp_path):
        upgrade()
        downgrade(revision="base")
        assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}


def test_a_case_that_runs_goes_on_over_the_work_calendar(database_url: str, tmp_path: Path) -> None:
    """Its limits were counted before anybody noted how; they keep their instants."""
    with running(database_url, tmp_path) as district:
        key = walk.report().case_key
        walk.do(district["officer"], key, "triage", walk.TRIAGED)
        due_at = walk.case_row(key)["due_at"]
        stamp()
        downgrade(revision="0001")
        assert "counted_limit" not in inspect(db.engine).get_table_names()
        upgrade()
        row = walk.case_row(key)
        assert (row["due_at"], row["is_due_provisional"]) == (due_at, False)
        walk.do(district["clerk"], key, "sign_for", walk.SIGNED)
        assert walk.open_tasks(key)["handle"]["due_at"] == due_at
        assert recount.count_waiting() == 0


def test_the_first_reply_of_a_case_that_runs_is_counted_again_from_now_on(
    database_url: str, tmp_path: Path
) -> None:
    """Before, only the handling limit was; the worker looks at the new ones once."""
    with running(database_url, tmp_path) as district:
        key = walk.report().case_key
        walk.do(district["officer"], key, "triage", walk.TRIAGED)
        before = names_of_limits(key)
        assert before[-2:] == ["first_reply", "handle"]
        stamp()
        downgrade(revision="0013")
        upgrade()
        assert names_of_limits(key) == before
        assert recount.count_waiting() == 1
        assert recount.recount() == 1
        assert recount.count_waiting() == 0


def names_of_limits(case_key: int) -> list[str]:
    """Return which limits of a case are counted again: of tasks and timers, and its own by name."""
    with db.engine.connect() as connection:
        query = text(
            "SELECT l.limit_name FROM counted_limit l"
            " JOIN process_instance i ON i.key = l.instance_key"
            " WHERE i.case_key = :case_key ORDER BY l.limit_name"
        )
        return list(connection.execute(query, {"case_key": case_key}).scalars())
