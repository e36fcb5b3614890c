"""Rows of sign-in sessions, and counters of attempts shared by all processes.

Of a session's token only the SHA-256 is kept. `find` reads session, person and everything the
person acts as today in one statement, because every request begins with it.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    Boolean,
    CompoundSelect,
    Connection,
    Date,
    FromClause,
    Select,
    Table,
    Text,
    bindparam,
    case,
    delete,
    insert,
    literal,
    null,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from app.json_types import JsonObject
from app.store.columns import JsonType, KeyType, UtcDateTime
from app.store.tables.organisation import (
    deputy,
    login_session,
    person,
    position,
    rate_counter,
    setting,
    unit,
)
from app.store.units import AnyRow

_LENT = position.alias("lent")


def insert_session(
    connection: Connection,
    token_hash: str,
    *,
    person_key: int | None,
    data: JsonObject,
    now: datetime,
) -> None:
    """Begin a session; `person_key` is None for somebody who is not signed in."""
    connection.execute(
        insert(login_session).values(
            token_hash=token_hash,
            person_key=person_key,
            data=data,
            created_at=now,
            last_seen_at=now,
        )
    )


def find(connection: Connection, token_hash: str, near: date) -> Sequence[AnyRow]:
    """Return the session's own row first, then one row for each position of the person.

    The own row carries the session, the person and the district's zone; the others a position
    each, with the days from and to which it is held, of which at least one is within a day of
    `near`: what day it is in the district the reader knows. Nothing comes back for an unknown
    token; for an inactive person, only the own row.
    """
    day = timedelta(days=1)
    given = {"the_token": token_hash, "earliest": near - day, "latest": near + day}
    return sorted(connection.execute(_find(), given).all(), key=lambda row: row.is_position)


def touch(connection: Connection, token_hash: str, now: datetime) -> None:
    """Note that the session was used just now."""
    _change(connection, token_hash, last_seen_at=now)


def save_data(connection: Connection, token_hash: str, data: JsonObject) -> None:
    """Keep what belongs to the session."""
    _change(connection, token_hash, data=data)


def delete_session(connection: Connection, token_hash: str) -> None:
    """End a session."""
    connection.execute(delete(login_session).where(login_session.c.token_hash == token_hash))


def delete_sessions_of(connection: Connection, person_key: int, *, but: str | None = None) -> None:
    """End every session of a person, except perhaps the one they are using."""
    statement = delete(login_session).where(login_session.c.person_key == person_key)
    if but is not None:
        statement = statement.where(login_session.c.token_hash != but)
    connection.execute(statement)


def count_attempt(
    connection: Connection, bucket: str, *, window: timedelta, now: datetime
) -> tuple[int, datetime]:
    """Count one more attempt in a bucket; return how many there are and when its window began.

    A window begins with the first attempt after the last one is over.
    """
    is_postgresql = connection.dialect.name == "postgresql"
    into = postgresql_insert if is_postgresql else sqlite_insert
    statement = into(rate_counter).values(bucket=bucket, window_start=now, count=1)
    is_over = rate_counter.c.window_start <= now - window
    statement = statement.on_conflict_do_update(
        index_elements=[rate_counter.c.bucket],
        set_={
            "window_start": case((is_over, now), else_=rate_counter.c.window_start),
            "count": case((is_over, 1), else_=rate_counter.c.count + 1),
        },
    )
    returning = statement.returning(rate_counter.c["count"], rate_counter.c.window_start)
    count, began = connection.execute(returning).one()
    return count, began


def forgive(connection: Connection, buckets: Sequence[str]) -> None:
    """Take back one attempt from each bucket: it was none of the wrong ones."""
    for bucket in buckets:  # in the order in which they were counted, so that none waits in a ring
        connection.execute(
            update(rate_counter)
            .where(rate_counter.c.bucket == bucket, rate_counter.c["count"] > 0)
            .values(count=rate_counter.c["count"] - 1)
        )


def _change(connection: Connection, token_hash: str, **values: Any) -> None:
    connection.execute(
        update(login_session).where(login_session.c.token_hash == token_hash).values(**values)
    )


@cache
def _find() -> CompoundSelect[*tuple[Any, ...]]:
    # Every request asks this; building the statement anew would cost more than running it.
    return union_all(
        _own_row(),
        _of_live_days(_held_rows(), position),
        _of_live_days(_deputised_rows(), deputy),
    )


def _own_row() -> Select[Any]:
    zone = select(setting.c.value).where(setting.c.name == "zone").scalar_subquery()
    return (
        select(
            literal(0).label("is_position"),
            login_session.c.data,
            login_session.c.created_at,
            login_session.c.last_seen_at,
            login_session.c.person_key,
            person.c.login,
            person.c.name,
            person.c.language,
            person.c.is_active,
            zone.label("zone"),
            *_empty(_POSITION_COLUMNS),
        )
        .outerjoin(person, person.c.key == login_session.c.person_key)
        .where(login_session.c.token_hash == bindparam("the_token"))
    )


def _held_rows() -> Select[Any]:
    return (
        select(
            *_position_columns(position),
            position.c.valid_from,
            position.c.valid_to,
            null().cast(KeyType).label("on_behalf_of"),
        )
        .select_from(login_session)
        .join(person, person.c.key == login_session.c.person_key)
        .join(position, position.c.person_key == person.c.key)
        .join(unit, unit.c.key == position.c.unit_key)
        .where(login_session.c.token_hash == bindparam("the_token"), person.c.is_active)
    )


def _deputised_rows() -> Select[Any]:
    own, lent = deputy.c, _LENT.c
    begins = case((own.valid_from > lent.valid_from, own.valid_from), else_=lent.valid_from)
    ends = case(
        (own.valid_to.is_(None), lent.valid_to),
        (lent.valid_to.is_(None), own.valid_to),
        (own.valid_to < lent.valid_to, own.valid_to),
        else_=lent.valid_to,
    )
    return (
        select(*_position_columns(_LENT), begins, ends, lent.person_key.label("on_behalf_of"))
        .select_from(login_session)
        .join(person, person.c.key == login_session.c.person_key)
        .join(deputy, own.person_key == person.c.key)
        .join(_LENT, lent.key == own.position_key)
        .join(unit, unit.c.key == lent.unit_key)
        .where(login_session.c.token_hash == bindparam("the_token"), person.c.is_active)
    )


def _position_columns(of: FromClause) -> list[Any]:
    return [
        literal(1).label("is_position"),
        *_empty(_SESSION_COLUMNS),
        of.c.key.label("position_key"),
        of.c.role,
        of.c.unit_key,
        unit.c.path.label("unit_path"),
        unit.c.kind.label("unit_kind"),
    ]


_SESSION_COLUMNS = {
    "data": JsonType,
    "created_at": UtcDateTime(),
    "last_seen_at": UtcDateTime(),
    "person_key": KeyType,
    "login": Text(),
    "name": Text(),
    "language": Text(),
    "is_active": Boolean(),
    "zone": JsonType,
}
_POSITION_COLUMNS = {
    "position_key": KeyType,
    "role": Text(),
    "unit_key": KeyType,
    "unit_path": Text(),
    "unit_kind": Text(),
    "valid_from": Date(),
    "valid_to": Date(),
    "on_behalf_of": KeyType,
}


def _empty(columns: Mapping[str, Any]) -> list[Any]:
    """Return the columns that the other kind of row fills."""
    return [null().cast(type_).label(name) for name, type_ in columns.items()]


def _of_live_days(query: Select[Any], table: Table) -> Select[Any]:
    ends = table.c.valid_to
    return query.where(
        table.c.valid_from <= bindparam("latest", type_=Date()),
        or_(ends.is_(None), ends >= bindparam("earliest", type_=Date())),
    )
