"""Colleagues: who else could do a task, and what somebody who is not signed in may see.

Assignments, mentions and followers ask here; a colleague is an `Actor` made from the directory.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.errors import CaseError
from app.organisation.actor import Actor, HeldPosition, position_for
from app.organisation.directory import Directory
from app.organisation.roles import Role
from app.organisation.scope import scope_of
from app.store import absences, handovers
from app.store.db import Connection
from app.store.scope import can_see_case


class NotEligible(CaseError):
    """{name} cannot take this task: none of their positions is among those it is offered to. Choose somebody from the list."""  # noqa: E501

    code = "not_eligible"


class ExcludedColleague(CaseError):
    """{name} did the step before this one, so somebody else has to do this. Choose another colleague."""  # noqa: E501

    code = "excluded_colleague"


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Somebody who could do a task: how much they have to do, and until when they are away."""

    key: int
    login: str
    name: str
    open_tasks: int
    away_until: date | None
    deputy: str


def as_actor(directory: Directory, person_key: int, on: date, *, name: str = "") -> Actor:
    """Return a colleague as they may act on a day."""
    positions = directory.positions_of(person_key, on)
    return Actor(person_key=person_key, login="", name=name, positions=positions)


def sees_case(
    connection: Connection, directory: Directory, person_key: int, case_key: int, *, on: date
) -> bool:
    """Tell whether a colleague may open a case."""
    scope = scope_of(as_actor(directory, person_key, on))
    return can_see_case(connection, scope, case_key)


def demand_eligible(
    directory: Directory, task: Mapping[str, Any], person_key: int, *, name: str, on: date
) -> HeldPosition:
    """Return the position by which a colleague may do a task.

    Raises:
        NotEligible: none of theirs is among those it is offered to.
        ExcludedColleague: the diagram wants somebody else than them.
    """
    colleague = as_actor(directory, person_key, on)
    position = position_for(colleague, offers_of(task))
    if position is None:
        raise NotEligible(name=name, key=task["key"])
    if task["not_actor"] in {str(person_key), str(position.on_behalf_of)}:
        raise ExcludedColleague(name=name, key=task["key"])
    return position


def eligible(
    connection: Connection, directory: Directory, task: Mapping[str, Any], *, on: date
) -> tuple[Colleague, ...]:
    """Return who could do a task, those who are there and have least to do first."""
    keys: set[int] = set()
    for role, unit_key in offers_of(task):
        keys |= set(directory.people(role, unit_key, on))
    keys -= {key for key in keys if not _is_eligible(directory, task, key, on=on)}
    return described(connection, keys, on=on)


def described(connection: Connection, keys: set[int], *, on: date) -> tuple[Colleague, ...]:
    """Return these people as colleagues to choose from."""
    people = handovers.active(connection, keys)
    loads = handovers.loads(connection, people)
    away = absences.away(connection, people, on, on)
    found = [
        Colleague(
            key=key,
            login=login,
            name=name,
            open_tasks=loads.get(key, 0),
            away_until=away[key].last_day if key in away else None,
            deputy=away[key].deputy_name if key in away else "",
        )
        for key, (login, name) in people.items()
    ]
    found.sort(key=lambda each: (each.away_until is not None, each.open_tasks, each.name))
    return tuple(found)


def offers_of(task: Mapping[str, Any]) -> list[tuple[Role, int]]:
    """Return to which roles in which units a task is offered."""
    return [(Role(str(role)), int(unit_key)) for role, unit_key in task["offered_to"]]


def _is_eligible(directory: Directory, task: Mapping[str, Any], key: int, *, on: date) -> bool:
    try:
        demand_eligible(directory, task, key, name="", on=on)
    except (NotEligible, ExcludedColleague):
        return False
    return True
