"""PostgreSQL databases for tests and soaks, made for one of them and dropped afterwards.

They do not wait for the disk when they commit: tests kill processes, never the server. A
`KeptDatabase` serves many tests: each finds in it what it held at first, which takes a twentieth
of the time of making and dropping one.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL, make_url

POSTGRES_DEFAULT = "postgresql+psycopg://postgres@127.0.0.1:5432/test"


@dataclass(slots=True)
class PostgresServer:
    """A server on which tests make databases of their own; `url` names its maintenance database."""

    url: URL
    prefix: str
    made: int = 0

    @classmethod
    def named(cls, prefix: str) -> "PostgresServer":
        """Return the server of `WHISTLE_TEST_POSTGRES`, by default the one on this machine."""
        url = make_url(os.environ.get("WHISTLE_TEST_POSTGRES", POSTGRES_DEFAULT))
        return cls(url=url, prefix=prefix)

    def problem(self) -> str | None:
        """Return why no database can be had; None where one can."""
        try:
            self.connect().close()
        except psycopg.OperationalError as error:
            return f"no PostgreSQL answers at {self.url}: {error}"
        return None

    def connect(self, url: str | None = None) -> psycopg.Connection[tuple[object, ...]]:
        """Open a connection outside any transaction, to `url` or to the maintenance database."""
        found = self.url if url is None else make_url(url)
        uri = found.set(drivername="postgresql").render_as_string(hide_password=False)
        return psycopg.connect(uri, autocommit=True, connect_timeout=5)

    @contextmanager
    def fresh_database(self) -> Iterator[str]:
        """Yield the address of a new, empty database, and drop it afterwards."""
        self.made += 1
        name = f"{self.prefix}_{self.made}"
        with self.connect() as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(
                    sql.Identifier(name)
                )
            )
            connection.execute(
                sql.SQL("ALTER DATABASE {} SET synchronous_commit TO off").format(
                    sql.Identifier(name)
                )
            )
        try:
            yield self.url.set(database=name).render_as_string(hide_password=False)
        finally:
            with self.connect() as connection:
                connection.execute(
                    sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
                )


@dataclass(slots=True)
class KeptDatabase:
    """A database that remembers what its tables hold now, to hold it again."""

    server: PostgresServer
    url: str
    _again: sql.Composed = field(init=False)

    def __post_init__(self) -> None:
        with self.server.connect(self.url) as connection:
            connection.execute("CREATE SCHEMA kept")
            found = connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            ).fetchall()
            tables = [sql.Identifier(str(name)) for (name,) in found]
            for table in tables:
                connection.execute(
                    sql.SQL("CREATE TABLE kept.{0} AS TABLE public.{0}").format(table)
                )
        delete, insert = (
            sql.SQL("DELETE FROM public.{0};"),
            sql.SQL("INSERT INTO public.{0} TABLE kept.{0};"),
        )
        self._again = sql.Composed(
            [
                # References are not looked at meanwhile, so the order of tables does not matter.
                sql.SQL("BEGIN; SET LOCAL session_replication_role = replica;"),
                *(each.format(table) for each in (delete, insert) for table in tables),
                sql.SQL("COMMIT"),
            ]
        )

    def put_back(self) -> str:
        """Let the tables hold what they held at first, nobody being connected; return the URL."""
        with self.server.connect(self.url) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            connection.execute(self._again)
        return self.url
