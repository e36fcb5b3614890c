"""Lists of people for administrators: accounts, positions of all times, and who stands in.

Changes are in `cases.staff`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.cases.calendar import local_today
from app.errors import NotFound
from app.organisation import directory as directories
from app.organisation.actor import Actor
from app.organisation.directory import Directory
from app.organisation.permissions import Action, demand
from app.organisation.roles import Role
from app.organisation.units import Unit, is_valid
from app.store import people as rows
from app.store import vacancies
from app.store.db import Connection, instant_of, reading
from app.store.people import PeopleQuery
from app.store.settings import DIRECTORY_VERSION, version
from app.store.units import AnyRow

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class DeputyLine:
    """Somebody stands in for a position, both days included."""

    key: int
    person_key: int
    login: str
    name: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionLine:
    """A role in a unit that somebody holds from a day to a day."""

    key: int
    role: Role
    unit: Unit
    valid_from: date
    valid_to: date | None
    is_held_today: bool
    deputies: tuple[DeputyLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonView:
    """A person as administrators see them."""

    key: int
    login: str
    name: str
    phone: str | None
    email: str | None
    language: str
    is_active: bool
    is_demo: bool
    positions: tuple[PositionLine, ...]


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """A page of a list of people, from 1, of `page_count` (at least 1)."""

    people: tuple[PersonView, ...]
    total: int
    page: int
    page_count: int


def list_people(
    actor: Actor,
    *,
    search: str = "",
    unit_key: int | None = None,
    is_active: bool | None = None,
    page: int = 1,
) -> PeoplePage:
    """Return the people whose name or login holds every word, who work in or under a unit.

    `is_active`: only those whose account is open (or closed); None: all.

    Raises:
        Forbidden: the actor does not manage people. UnknownUnit: there is no such unit.
    """
    demand(actor, Action.MANAGE_PEOPLE)
    page = max(1, page)
    with reading() as connection:
        found = directory_now(connection)
        path = found.unit(unit_key).path if unit_key is not None else None
        total, people = rows.search_people(
            connection,
            PeopleQuery(
                words=search[:100],
                unit_path=path,
                is_active=is_active,
                offset=(page - 1) * PAGE_SIZE,
                limit=PAGE_SIZE,
            ),
        )
        views = _views(connection, people, found)
    return PeoplePage(views, total, page, max(1, -(-total // PAGE_SIZE)))


def person_view(actor: Actor, person_key: int) -> PersonView:
    """Return one person with every position, past and future ones too.

    Raises:
        Forbidden: the actor does not manage people. NotFound: there is no such person.
    """
    demand(actor, Action.MANAGE_PEOPLE)
    with reading() as connection:
        person = rows.person_by_key(connection, person_key)
        if person is None:
            raise NotFound(person_key=person_key)
        (view,) = _views(connection, [person], directory_now(connection))
    return view


def count_taken(actor: Actor, person_key: int, line: PositionLine) -> int:
    """Count the open tasks somebody has taken that are offered to one of their positions.

    Raises:
        Forbidden: the actor does not manage people.
    """
    demand(actor, Action.MANAGE_PEOPLE)
    with reading() as connection:
        return vacancies.count_taken(connection, person_key, line.role.value, line.unit.key)


def directory_now(connection: Connection) -> Directory:
    """Return the directory as it is."""
    return directories.current(connection, version(connection, DIRECTORY_VERSION))


def _views(
    connection: Connection, people: Sequence[AnyRow], known: Directory
) -> tuple[PersonView, ...]:
    today = local_today(connection, instant_of(connection))
    held = rows.positions_of(connection, [person.key for person in people])
    deputies = deputy_lines(connection, [row.key for row in held])
    found: dict[int, list[PositionLine]] = {}
    for row in held:
        line = PositionLine(
            key=row.key,
            role=Role(row.role),
            unit=known.unit(row.unit_key),
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            is_held_today=is_valid(row.valid_from, row.valid_to, today),
            deputies=deputies.get(row.key, ()),
        )
        found.setdefault(row.person_key, []).append(line)
    return tuple(_view(person, tuple(found.get(person.key, ()))) for person in people)


def deputy_lines(
    connection: Connection, positions: Sequence[int]
) -> dict[int, tuple[DeputyLine, ...]]:
    """Return who stands in for positions, by the position's key."""
    found: dict[int, tuple[DeputyLine, ...]] = {}
    for row in rows.deputies_for(connection, positions):
        line = DeputyLine(
            key=row.key,
            person_key=row.person_key,
            login=row.login,
            name=row.name,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
        )
        found[row.position_key] = (*found.get(row.position_key, ()), line)
    return found


def _view(person: AnyRow, positions: tuple[PositionLine, ...]) -> PersonView:
    return PersonView(
        key=person.key,
        login=person.login,
        name=person.name,
        phone=person.phone,
        email=person.email,
        language=person.language,
        is_active=person.is_active,
        is_demo=person.is_demo,
        positions=positions,
    )
