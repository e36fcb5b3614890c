"""Empty PostgreSQL databases for tests and soaks, made for one of them and dropped afterwards."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

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

    def connect(self) -> psycopg.Connection[tuple[object, ...]]:
        """Open a connection outside any transaction."""
        uri = self.url.set(drivername="postgresql").render_as_string(hide_password=False)
        return psycopg.connect(uri, autocommit=True, connect_timeout=5)

    @contextmanager
    def fresh_database(self, *, template: str = "template0") -> Iterator[str]:
        """Yield the address of a new database copied from `template`, and drop it afterwards."""
        self.made += 1
        name = f"{self.prefix}_{self.made}"
        with self.connect() as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8'").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )
        try:
            yield self.url.set(database=name).render_as_string(hide_password=False)
        finally:
            with self.connect() as connection:
                connection.execute(
                    sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
                )
