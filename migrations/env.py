"""Runs migrations against the application's own database, in one transaction a step."""

from typing import Literal

from alembic import context

from app.store import tables  # noqa: F401
from app.store.columns import UtcDateTime
from app.store.db import db, metadata


def _plain_types(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Write plain column types into a new step, which must outlive today's classes."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def _is_of_the_models(_object: object, name: str | None, kind: str, *_rest: object) -> bool:
    """Leave out what only PostgreSQL has: the index for searching inside words."""
    return not (kind == "index" and name == "ix_case_search_words")


def run() -> None:
    """Migrate the database of the current application."""
    engine = db.engine
    with engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        context.configure(
            connection=connection,
            target_metadata=metadata,
            render_as_batch=is_sqlite,
            transaction_per_migration=True,
            compare_type=True,
            render_item=_plain_types,
            include_object=_is_of_the_models,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
