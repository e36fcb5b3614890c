"""The database: its engines, the one transaction that may write, and the one place that commits.

Use cases enter `transaction()` once; pages and lists read through `reading()`, an engine that can
take no write lock. Settings of both databases are those measured in docs/operating.md.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection as Connection  # the name under which the rooms above know it
from sqlalchemy import Engine, MetaData, event, func, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError

from app.clock import moved_now, utc_now
from app.errors import CaseBusy
from app.store.keys import key_source

READING = "reading"
TOKEN_SECRET = "token_secret"  # noqa: S105 the name of an option of the engines
DATABASE = "database"
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
db = SQLAlchemy(metadata=metadata)


@dataclass(frozen=True, slots=True)
class Transaction:
    """What a use case works with: the connection, the instant it happens at, and new keys.

    `after_commit` are calls for when everything is written and no transaction is open any more.
    """

    connection: Connection
    now: datetime
    next_key: Callable[[], int]
    after_commit: list[Callable[[], None]] = field(default_factory=list)


_batch: ContextVar[tuple[Connection, Callable[[], int]] | None] = ContextVar("batch", default=None)
_open: ContextVar[bool] = ContextVar("open_transaction", default=False)


@contextmanager
def transaction() -> Iterator[Transaction]:
    """Open the one writing transaction of a use case and commit it at the end of the block.

    `now` is the moved clock of a test or replay, else the database's time (SQLite: the system's).

    Raises:
        CaseBusy: somebody held the rows for longer than the lock time-out.
        RuntimeError: a transaction is open already; use cases do not call each other.
    """
    if _open.get():
        raise RuntimeError("a transaction is open already")
    after_commit: list[Callable[[], None]] = []
    token = _open.set(True)
    try:
        batch = _batch.get()
        if batch is not None:
            with _savepoint(batch[0]):
                yield Transaction(batch[0], instant_of(batch[0]), batch[1], after_commit)
        else:
            with _busy_in_plain_words(), db.engine.connect() as connection, connection.begin():
                now = instant_of(connection)
                next_key = key_source(connection, database_of(connection))
                yield Transaction(connection, now, next_key, after_commit)
    finally:
        _open.reset(token)
    for call in after_commit:
        call()


@contextmanager
def batch() -> Iterator[None]:
    """Let the transactions inside the block share one commit, each behind its own savepoint.

    For a replay and for loading the demo district only: a step inside is durable when the block
    ends, not before.
    """
    with db.engine.connect() as connection, connection.begin():
        token = _batch.set((connection, key_source(connection, database_of(connection))))
        try:
            yield
        finally:
            _batch.reset(token)


@contextmanager
def _savepoint(connection: Connection) -> Iterator[None]:
    # SQLAlchemy's own has a new name each time, which the drivers would have to parse anew.
    connection.exec_driver_sql("SAVEPOINT step")
    try:
        yield
    except BaseException:
        connection.exec_driver_sql("ROLLBACK TO SAVEPOINT step")
        raise
    finally:
        connection.exec_driver_sql("RELEASE SAVEPOINT step")


@contextmanager
def reading() -> Iterator[Connection]:
    """Lend a connection that reads committed rows statement by statement and cannot write.

    Inside a batch it is the batch's own connection, so that a replay sees its own steps.
    """
    shared = _batch.get()
    if shared is not None:
        yield shared[0]
        return
    with db.engines[READING].connect() as connection:
        yield connection


def database_of(connection: Connection) -> str:
    """Return what tells one database from another, for what is kept beside it in memory."""
    return str(connection.get_execution_options()[DATABASE])


def token_secret(connection: Connection) -> str:
    """Return what the application derives the tokens of reporters from."""
    return str(connection.get_execution_options()[TOKEN_SECRET])


def is_postgresql(connection: Connection) -> bool:
    """Tell the two databases apart where their SQL differs."""
    return connection.dialect.name == "postgresql"


def engine_options(url: str, *, pool_size: int, is_reading: bool, secret: str) -> dict[str, Any]:
    """Return SQLAlchemy's options for an engine on `url` (Source: docs/operating.md, databases).

    `secret` is for `token_secret`.
    """
    options: dict[str, Any] = {
        "url": url,
        "execution_options": {TOKEN_SECRET: secret, DATABASE: str(make_url(url))},
        "json_serializer": lambda value: orjson.dumps(value).decode(),
        "json_deserializer": _json_from,
    }
    if is_reading:
        options["isolation_level"] = "AUTOCOMMIT"
    if make_url(url).get_backend_name() == "sqlite":
        options["connect_args"] = {"timeout": 30, "check_same_thread": False}
        options["pool_size"], options["max_overflow"] = pool_size, 4
    else:
        settings = (
            "-c statement_timeout=10s -c lock_timeout=3s"
            " -c idle_in_transaction_session_timeout=15s -c timezone=UTC"
        )
        if is_reading:
            settings += " -c default_transaction_read_only=on"
        options |= {
            "connect_args": {"options": settings},
            "pool_size": pool_size,
            "max_overflow": 0,
            "pool_timeout": 5,
            "pool_pre_ping": True,
            "pool_recycle": 1800,
        }
    return options


def _json_from(stored: object) -> object:
    """Return what a JSON column holds; SQLite gives a number back as one, not as text."""
    return orjson.loads(stored) if isinstance(stored, str | bytes) else stored


def prepare_engines() -> None:
    """Hang SQLite's settings on the engines of the current application."""
    for name, engine in db.engines.items():
        if engine.dialect.name == "sqlite":
            _prepare_sqlite(engine, is_reading=name == READING)


def _prepare_sqlite(engine: Engine, *, is_reading: bool) -> None:
    def on_connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout=30000")
        _switch_to_wal(cursor)
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA cache_size=-32768")
        cursor.execute("PRAGMA temp_store=MEMORY")
        if is_reading:
            cursor.execute("PRAGMA query_only=ON")
        cursor.close()

    event.listen(engine, "connect", on_connect)
    if not is_reading:
        event.listen(engine, "begin", lambda c: c.exec_driver_sql("BEGIN IMMEDIATE") and None)


def _switch_to_wal(cursor: Any) -> None:
    # Changing the mode asks for an exclusive lock without heeding the busy time-out.
    for attempt in range(50):
        try:
            if cursor.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                cursor.execute("PRAGMA journal_mode=WAL")
        except Exception:
            if attempt == 49:
                raise
            time.sleep(0.05)
        else:
            return


def instant_of(connection: Connection) -> datetime:
    """Return the moved clock's instant, else the database's (SQLite: the system's)."""
    moved = moved_now()
    if moved is not None:
        return moved
    if not is_postgresql(connection):
        return utc_now()
    now: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
    return now.astimezone(UTC)


@contextmanager
def _busy_in_plain_words() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        if _is_lock_conflict(error):
            raise CaseBusy from error
        raise


def _is_lock_conflict(error: DBAPIError) -> bool:
    state = getattr(error.orig, "sqlstate", None)
    return state in {"55P03", "40001", "40P01"} or "database is locked" in str(error.orig)
