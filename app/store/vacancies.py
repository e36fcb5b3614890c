"""Queries for `cases.vacancies`: open tasks offered to roles nobody holds, or taken by who left."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import Connection, delete, func, select, update

from app.json_types import Json
from app.store.tables.organisation import position
from app.store.tables.runtime import task_unit, user_task

UNITS_AT_ONCE = 400


def offered_to(connection: Connection, held: Mapping[str, Collection[int]]) -> list[int]:
    """Return the keys of open tasks that are offered to one of these roles in one of these units.

    `held` names the units by role. The oldest tasks come first.
    """
    found: set[int] = set()
    for role, units in held.items():
        keys = sorted(units)
        for start in range(0, len(keys), UNITS_AT_ONCE):
            some = keys[start : start + UNITS_AT_ONCE]
            query = select(task_unit.c.task_key).where(
                task_unit.c.unit_key.in_(some), task_unit.c.role == role
            )
            found.update(connection.scalars(query))
    return sorted(found)


def left_between(connection: Connection, first: date, last: date) -> Sequence[int]:
    """Return who had a position whose last day lies in this span."""
    query = select(position.c.person_key).where(position.c.valid_to.between(first, last))
    return connection.scalars(query.distinct().order_by(position.c.person_key)).all()


def taken_by(connection: Connection, people: Sequence[int]) -> list[int]:
    """Return the keys of the open tasks that these people have taken, the oldest first."""
    if not people:
        return []
    query = select(user_task.c.key).where(
        user_task.c.state == "CREATED", user_task.c.assignee_key.in_(people)
    )
    return list(connection.scalars(query.order_by(user_task.c.key)))


def offer(
    connection: Connection, task_key: int, offered: Sequence[Json], *, is_released: bool
) -> None:
    """Keep to whom a task whose row is locked is offered now; its unit rows are written apart."""
    nobody = {"assignee_key": None, "assignee_login": None} if is_released else {}
    connection.execute(
        update(user_task)
        .where(user_task.c.key == task_key)
        .values(offered_to=list(offered), version=user_task.c.version + 1, **nobody)
    )
    connection.execute(delete(task_unit).where(task_unit.c.task_key == task_key))


def count_taken(connection: Connection, person_key: int, role: str, unit_key: int) -> int:
    """Count the open tasks a person has taken that are offered to a role in a unit."""
    query = (
        select(func.count())
        .select_from(user_task)
        .join(task_unit, task_unit.c.task_key == user_task.c.key)
        .where(
            user_task.c.state == "CREATED",
            user_task.c.assignee_key == person_key,
            task_unit.c.unit_key == unit_key,
            task_unit.c.role == role,
        )
    )
    return int(connection.execute(query).scalar_one())
