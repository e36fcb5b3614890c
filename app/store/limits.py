"""Rows of counted limits: how each instant somebody waits for was counted on a work calendar.

`cases.counted` takes them at every step, `cases.recount` counts them again when the calendar has
changed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, func, or_, select, update

from app.store.columns import UtcDateTime
from app.store.rows import insert_new_rows
from app.store.tables.runtime import counted_limit, process_instance, user_task


@dataclass(frozen=True, slots=True)
class CountedLimit:
    """A limit of a running instance: when it is over, as it was counted, on whose calendar."""

    instance_key: int
    due_at: datetime
    limit_text: str
    counted_from: datetime
    unit_key: int | None
    is_provisional: bool


def forget(connection: Connection, instance_key: int) -> None:
    """Drop the limits of an instance that has ended."""
    connection.execute(_FORGET, {"the_instance": instance_key})


def of_instance(connection: Connection, instance_key: int) -> list[CountedLimit]:
    """Return the limits of one instance, the earliest first."""
    query = select(*_COLUMNS).where(counted_limit.c.instance_key == instance_key)
    rows = connection.execute(query.order_by(counted_limit.c.due_at))
    return [CountedLimit(*row) for row in rows]


def outdated(
    connection: Connection, version: int, *, domain: str, after: int, limit: int
) -> list[CountedLimit]:
    """Return limits that were counted on another state of the calendar, by instance.

    `after` is the key of the last instance not to be returned again.
    """
    query = (
        select(*_COLUMNS)
        .select_from(_RUNNING)
        .where(
            _OUTDATED,
            process_instance.c.clock_domain == domain,
            counted_limit.c.instance_key > after,
        )
        .order_by(counted_limit.c.instance_key, counted_limit.c.due_at)
        .limit(limit)
    )
    rows = connection.execute(query, {"the_version": version})
    return [CountedLimit(*row) for row in rows]


def count_outdated(connection: Connection, version: int, *, domain: str) -> int:
    """Return how many limits of running instances are still to be counted again."""
    query = (
        select(func.count())
        .select_from(_RUNNING)
        .where(_OUTDATED, process_instance.c.clock_domain == domain)
    )
    return connection.execute(query, {"the_version": version}).scalar_one()


def confirm(connection: Connection, found: Sequence[CountedLimit], version: int) -> None:
    """Note that these limits are the same on the calendar's present state."""
    if found:
        connection.execute(
            _CONFIRM,
            [
                {
                    "the_instance": each.instance_key,
                    "the_due": each.due_at,
                    "the_version": version,
                }
                for each in found
            ],
        )


def mark_tasks(
    connection: Connection, instance_key: int, *, due_at: datetime, is_provisional: bool
) -> None:
    """Say of the tasks due at an instant whether it is provisional."""
    here = and_(user_task.c.instance_key == instance_key, user_task.c.due_at == due_at)
    connection.execute(update(user_task).where(here).values(is_due_provisional=is_provisional))


def replace(
    connection: Connection, gone: Sequence[CountedLimit], rows: Sequence[Mapping[str, Any]]
) -> None:
    """Put limits counted anew in the place of the old ones, all at once: they may change places."""
    if gone:
        keys = [{"the_instance": each.instance_key, "the_due": each.due_at} for each in gone]
        connection.execute(_DELETE, keys)
        insert_new_rows(connection, counted_limit, rows)


_COLUMNS = [
    counted_limit.c[name]
    for name in (
        "instance_key",
        "due_at",
        "limit_text",
        "counted_from",
        "unit_key",
        "is_provisional",
    )
]
_RUNNING = counted_limit.join(
    process_instance, process_instance.c.key == counted_limit.c.instance_key
)
_VERSION = bindparam("the_version", type_=counted_limit.c.calendar_version.type)
# Two ranges, so that an index over the version finds them.
_OUTDATED = or_(
    counted_limit.c.calendar_version < _VERSION, counted_limit.c.calendar_version > _VERSION
)
_FORGET = delete(counted_limit).where(counted_limit.c.instance_key == bindparam("the_instance"))
_HERE = and_(
    counted_limit.c.instance_key == bindparam("the_instance"),
    counted_limit.c.due_at == bindparam("the_due", type_=UtcDateTime),
)
_CONFIRM = update(counted_limit).where(_HERE).values(calendar_version=_VERSION)
_DELETE = delete(counted_limit).where(_HERE)
