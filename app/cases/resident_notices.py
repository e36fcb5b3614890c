"""Whom words and files reach: who has the open tasks of the case, and roles a table names.

Where nobody has one a dispatcher is told. So it is where departments alone have the tasks of a
confidential case: they cannot read what its reporter adds.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from app.cases import notices
from app.cases.frame import read_frame
from app.cases.work import NoticeTo, place_of
from app.organisation.roles import Role
from app.organisation.scope import DEPARTMENT_ROLES
from app.store import resident_view
from app.store.db import Connection, Transaction
from app.store.resident_view import OpenTask


@dataclass(frozen=True, slots=True)
class Told:
    """A person, or whoever holds a role in a unit."""

    person_key: int | None = None
    role: str | None = None
    unit_key: int | None = None


def tell_holders(
    tx: Transaction,
    case: dict[str, Any],
    kind: str,
    *,
    besides: Sequence[str] = (),
    **params: int,
) -> None:
    """Tell who has the open tasks of a locked case what its reporter did, and roles `besides`.

    A role is told in its unit of the case; where nobody holds it, the next unit up.
    """
    told = holders(tx.connection, case)
    if besides:
        told += _of_roles(tx, case, besides)
    _tell(tx, case, kind, told, **params)


def tell_of_files(tx: Transaction, case: dict[str, Any], *, by: int, is_internal: bool) -> None:
    """Tell who has the open tasks of a locked case that a colleague added files.

    `is_internal`: departments cannot see them and are not told.
    """
    told = _of_tasks(tx.connection, case, besides_departments=is_internal)
    others = [each for each in told if each.person_key != by]
    _tell(tx, case, "files_added", others, by=by)


def holders(connection: Connection, case: dict[str, Any]) -> list[Told]:
    """Return who has the open tasks of a case, or is offered them; else a dispatcher."""
    found = _of_tasks(connection, case, besides_departments=case["is_confidential"])
    return found or [_dispatcher(connection, case)]


def _of_tasks(
    connection: Connection, case: dict[str, Any], *, besides_departments: bool
) -> list[Told]:
    tasks = resident_view.open_tasks(connection, case["key"])
    if besides_departments:
        tasks = [task for task in tasks if not _is_of_departments(task)]
    return [each for task in tasks for each in _offered(task)]


def _tell(
    tx: Transaction, case: dict[str, Any], kind: str, told: Sequence[Told], **params: int
) -> None:
    lines = [
        NoticeTo(
            kind,
            {"number": case["number"], **params},
            person_key=each.person_key,
            role=each.role,
            unit_key=each.unit_key,
        )
        for each in dict.fromkeys(told)
    ]
    notices.tell(tx, lines, case_key=case["key"], clock_domain=case["clock_domain"])


def _of_roles(tx: Transaction, case: dict[str, Any], roles: Sequence[str]) -> list[Told]:
    frame = read_frame(tx.connection)
    today = tx.now.astimezone(frame.zone).date()
    offers = [
        frame.directory.resolve(role, place_of(case), on=today)
        for role in roles
        if role in set(Role)
    ]
    return [Told(role=offer.role.value, unit_key=offer.unit_key) for offer in offers]


def _offered(task: OpenTask) -> Iterator[Told]:
    if task.assignee_key is not None:
        yield Told(person_key=task.assignee_key)
        return
    for role, unit_key in task.offered_to:
        yield Told(role=str(role), unit_key=int(unit_key))


def _is_of_departments(task: OpenTask) -> bool:
    return any(Role(role) in DEPARTMENT_ROLES for role, _unit in task.offered_to)


def _dispatcher(connection: Connection, case: dict[str, Any]) -> Told:
    if case["street_key"] is not None:
        return Told(role=Role.STREET_DISPATCHER.value, unit_key=case["street_key"])
    return _of_district(connection, Role.DISTRICT_DISPATCHER)


def _of_district(connection: Connection, role: Role) -> Told:
    return Told(role=role.value, unit_key=read_frame(connection).directory.district.key)
