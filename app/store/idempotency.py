"""Rows that remember which request was answered how."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from app.json_types import JsonObject
from app.store.db import is_postgresql
from app.store.tables.delivery import idempotency_key as t


@dataclass(frozen=True, slots=True)
class Kept:
    """What was sent under a key, and what was answered."""

    body_digest: str
    response: JsonObject


def reserve(
    connection: Connection, scope: str, client_key: str, *, digest: str, now: datetime
) -> bool:
    """Take the key for this request; False when another request has it (waits while it is open)."""
    insert = postgresql_insert if is_postgresql(connection) else sqlite_insert
    statement = (
        insert(t)
        .values(scope=scope, client_key=client_key, body_digest=digest, response={}, created_at=now)
        .on_conflict_do_nothing()
        .returning(t.c.client_key)  # drivers do not all count the rows of an INSERT
    )
    return connection.execute(statement).first() is not None


def find(connection: Connection, scope: str, client_key: str) -> Kept:
    """Return what is kept under a key that is taken."""
    row = connection.execute(
        select(t.c.body_digest, t.c.response).where(
            t.c.scope == scope, t.c.client_key == client_key
        )
    ).one()
    return Kept(row.body_digest, row.response)


def keep(connection: Connection, scope: str, client_key: str, *, response: JsonObject) -> None:
    """Write the answer under a reserved key."""
    connection.execute(
        update(t).where(t.c.scope == scope, t.c.client_key == client_key).values(response=response)
    )
