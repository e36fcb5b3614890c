"""Rows of incidents: what the system has stopped trying, and how it is taken up again or settled.

`store.timers.raise_incident` keeps them; `cases.incidents` shows them and sees to them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, case, func, select, update

from app.store import waiting
from app.store.paging import Place, earlier, later
from app.store.tables.cases import cases
from app.store.tables.organisation import person
from app.store.tables.runtime import counted_limit, incident, message, process_instance, timer

ACTIVE, RESOLVED = "ACTIVE", "RESOLVED"
LIVE = "live"


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """An incident, with the case and the process it happened in and how often it was tried."""

    key: int
    kind: str
    message: str
    state: str
    created_at: datetime
    resolved_at: datetime | None
    resolution: str | None
    reason: str | None
    resolved_by: str | None
    instance_key: int
    definition_key: int
    case_key: int
    number: str
    attempts: int | None

    @property
    def place(self) -> Place:
        """Where a page ends with this line."""
        return Place(self.created_at, self.key)


def page(
    connection: Connection, *, state: str, kind: str, after: Place | None, limit: int
) -> list[IncidentRow]:
    """Return incidents of the live district: open ones from the oldest, others from the newest."""
    is_open = state == ACTIVE
    query = _rows().where(incident.c.state == state)
    if kind:
        query = query.where(incident.c.kind == kind)
    if after is not None:
        follows = later if is_open else earlier
        query = query.where(follows(incident.c.created_at, incident.c.key, after))
    at = (incident.c.created_at, incident.c.key)
    query = query.order_by(*(at if is_open else (each.desc() for each in at)))
    return [IncidentRow(*row) for row in connection.execute(query.limit(limit))]


def find(connection: Connection, key: int) -> IncidentRow | None:
    """Return one incident."""
    row = connection.execute(_rows().where(incident.c.key == key)).first()
    return None if row is None else IncidentRow(*row)


def counts(connection: Connection) -> dict[str, int]:
    """Return how many are open, by kind."""
    query = (
        select(incident.c.kind, func.count())
        .join(process_instance, process_instance.c.key == incident.c.instance_key)
        .where(incident.c.state == ACTIVE, process_instance.c.clock_domain == LIVE)
        .group_by(incident.c.kind)
    )
    return {kind: int(number) for kind, number in connection.execute(query)}


def timers_of(connection: Connection, keys: Sequence[int]) -> dict[int, list[str]]:
    """Return the elements of these instances whose timers stand still, by instance."""
    query = (
        select(timer.c.instance_key, timer.c.element_id)
        .where(timer.c.instance_key.in_(keys), timer.c.state == "incident")
        .order_by(timer.c.due_at)
    )
    return _by_instance(connection, query)


def messages_of(connection: Connection, keys: Sequence[int]) -> dict[int, list[str]]:
    """Return the names of messages of the cases of these instances that are given up."""
    query = (
        select(process_instance.c.key, message.c.message_name)
        .join(message, message.c.case_key == process_instance.c.case_key)
        .where(process_instance.c.key.in_(keys), message.c.attempts >= waiting.MOST_ATTEMPTS)
        .order_by(message.c.key)
    )
    return _by_instance(connection, query)


def take_up_timers(connection: Connection, instance_key: int) -> None:
    """Let the timers of a locked instance that stand still be tried again."""
    stands = (timer.c.instance_key == instance_key) & (timer.c.state == "incident")
    connection.execute(
        update(timer).where(stands).values(state="waiting", attempts=0, retry_at=None)
    )


def take_up_messages(connection: Connection, case_key: int) -> None:
    """Let the messages of a locked case that are given up be tried again."""
    given_up = (message.c.case_key == case_key) & (message.c.attempts >= waiting.MOST_ATTEMPTS)
    connection.execute(update(message).where(given_up).values(attempts=0, retry_at=None))


def take_up_limits(connection: Connection, instance_key: int) -> None:
    """Let the limits of a locked instance be counted again at the next tick."""
    here = counted_limit.c.instance_key == instance_key
    connection.execute(update(counted_limit).where(here).values(attempts=0, retry_at=None))


def resolve(
    connection: Connection,
    key: int,
    *,
    resolution: str,
    person_key: int,
    reason: str | None,
    now: datetime,
) -> bool:
    """Note what became of an open incident; False when somebody else has seen to it."""
    done = connection.execute(
        update(incident)
        .where(incident.c.key == key, incident.c.state == ACTIVE)
        .values(
            state=RESOLVED,
            resolved_at=now,
            resolution=resolution,
            resolved_by=person_key,
            reason=reason,
        )
        .returning(incident.c.instance_key)
    ).first()
    if done is None:
        return False
    more = select(incident.c.key).where(
        incident.c.instance_key == done.instance_key, incident.c.state == ACTIVE
    )
    if connection.execute(more.limit(1)).first() is None:
        here = process_instance.c.key == done.instance_key
        connection.execute(update(process_instance).where(here).values(has_incident=False))
    return True


def _rows() -> Select[Any]:
    i, p = incident.c, process_instance.c
    of_timer = (
        select(func.max(timer.c.attempts))
        .where(timer.c.instance_key == i.instance_key, timer.c.state == "incident")
        .scalar_subquery()
    )
    of_message = (
        select(func.max(message.c.attempts))
        .where(message.c.case_key == p.case_key, message.c.attempts >= waiting.MOST_ATTEMPTS)
        .scalar_subquery()
    )
    of_limit = (
        select(func.max(counted_limit.c.attempts))
        .where(counted_limit.c.instance_key == i.instance_key)
        .scalar_subquery()
    )
    attempts = case(
        (i.kind == "TIMER_FAILED", of_timer),
        (i.kind == "MESSAGE_FAILED", of_message),
        else_=of_limit,
    )
    columns: list[Any] = [
        *(i.key, i.kind, i.message, i.state, i.created_at, i.resolved_at, i.resolution, i.reason),
        *(person.c.name, i.instance_key, p.definition_key, p.case_key, cases.c.number, attempts),
    ]
    return (
        select(*columns)
        .select_from(incident)
        .join(process_instance, p.key == i.instance_key)
        .join(cases, cases.c.key == p.case_key)
        .join(person, person.c.key == i.resolved_by, isouter=True)
        .where(p.clock_domain == LIVE)
    )


def _by_instance(connection: Connection, query: Select[Any]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for key, name in connection.execute(query):
        if name not in found.setdefault(key, []):
            found[key].append(name)
    return found
