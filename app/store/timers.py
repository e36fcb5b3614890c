"""Rows of waiting timers: what is due, what failed, what has become an incident.

The rows themselves are derived from an instance's state at every save (`store.projection`); here is
what the worker needs to find, postpone and give up on them.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, func, insert, or_, select, update

from app.store.columns import UtcDateTime
from app.store.tables.runtime import incident, process_instance, timer

MOST_ATTEMPTS = 5
FIRST_PAUSE = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class DueInstance:
    """An instance with at least one due timer, and the earliest due of them."""

    instance_key: int
    due_at: datetime


def due_instances(
    connection: Connection, *, domain: str, now: datetime, limit: int
) -> list[DueInstance]:
    """Return instances with due timers, the longest overdue first; failed ones wait their pause."""
    rows = connection.execute(_DUE, {"the_domain": domain, "the_now": now, "the_limit": limit})
    return [DueInstance(instance_key, due_at) for instance_key, due_at in rows]


def note_failure(
    connection: Connection, instance_key: int, *, error: str, now: datetime, incident_key: int
) -> bool:
    """Count a failed attempt on the due timers of an instance; True when it became an incident."""
    due = (timer.c.instance_key == instance_key) & (timer.c.due_at <= now)
    attempts = connection.execute(select(func.max(timer.c.attempts)).where(due)).scalar() or 0
    is_incident = attempts + 1 >= MOST_ATTEMPTS
    connection.execute(
        update(timer)
        .where(due)
        .values(
            attempts=attempts + 1,
            last_error=error,
            retry_at=now + FIRST_PAUSE * 2**attempts,
            state="incident" if is_incident else "waiting",
        )
    )
    if is_incident:
        raise_incident(
            connection,
            instance_key,
            kind="TIMER_FAILED",
            error=error,
            now=now,
            key=incident_key,
        )
    return is_incident


def raise_incident(
    connection: Connection,
    instance_key: int,
    *,
    kind: str,
    error: str,
    now: datetime,
    key: int,
) -> None:
    """Keep for the administrators that an instance cannot go on, and mark it.

    What fails again in the same way before somebody has seen to it is the same incident.
    """
    is_same = (
        (incident.c.instance_key == instance_key)
        & (incident.c.kind == kind)
        & (incident.c.state == "ACTIVE")
    )
    if not connection.execute(update(incident).where(is_same).values(message=error)).rowcount:
        connection.execute(
            insert(incident).values(
                key=key,
                instance_key=instance_key,
                kind=kind,
                message=error,
                created_at=now,
            )
        )
    connection.execute(
        update(process_instance)
        .where(process_instance.c.key == instance_key)
        .values(has_incident=True)
    )


_FIRST_DUE = func.min(timer.c.due_at)
_NOW = bindparam("the_now", type_=UtcDateTime())
_DUE = (
    select(timer.c.instance_key, _FIRST_DUE)
    .where(
        timer.c.clock_domain == bindparam("the_domain"),
        timer.c.state == "waiting",
        timer.c.due_at <= _NOW,
        or_(timer.c.retry_at.is_(None), timer.c.retry_at <= _NOW),
    )
    .group_by(timer.c.instance_key)
    .order_by(_FIRST_DUE)
    .limit(bindparam("the_limit"))
)
