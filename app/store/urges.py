"""Rows of urges: how often and when reporters asked that a case be hurried on."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from app.store.tables.residents import urge


def add(
    connection: Connection, *, key: int, case_key: int, reporter_key: int, now: datetime
) -> None:
    """Keep a new urge."""
    connection.execute(
        insert(urge).values(key=key, case_key=case_key, reporter_key=reporter_key, at=now)
    )


def last_at(connection: Connection, case_key: int) -> datetime | None:
    """Return when a case was urged last, None where it never was."""
    query = select(urge.c.at).where(urge.c.case_key == case_key).order_by(urge.c.at.desc()).limit(1)
    found: datetime | None = connection.execute(query).scalar()
    return found


def counts(connection: Connection, case_keys: Collection[int]) -> dict[int, int]:
    """Return how often each of these cases was urged; cases that never were are left out."""
    if not case_keys:
        return {}
    rows = connection.execute(
        select(urge.c.case_key, func.count())
        .where(urge.c.case_key.in_(sorted(case_keys)))
        .group_by(urge.c.case_key)
    )
    return {key: int(count) for key, count in rows}
