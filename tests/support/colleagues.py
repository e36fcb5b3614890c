"""More people for the small district, and cases that wait at a step for them."""

from datetime import date

from app.cases import staff
from app.cases.colleagues import as_actor
from app.cases.people import directory_now
from app.organisation.actor import Actor
from app.organisation.roles import Role
from app.store.db import reading
from tests.support import walk
from tests.support.district import LONG_AGO, District

PASSWORD = "correct horse battery"


def hire(district: District, login: str, role: Role, unit: str) -> Actor:
    """Make somebody who holds a role in a unit, and return them as they may act."""
    made = staff.create_person(
        district["admin"],
        login=login,
        name=login.title(),
        password=PASSWORD,
        email=f"{login}@example.org",
        language="en",
    )
    staff.grant_position(
        district["admin"],
        person_key=made.person_key,
        role=role,
        unit_key=district.units[unit],
        valid_from=LONG_AGO,
    )
    return acting(district, made.person_key, login)


def acting(district: District, person_key: int, login: str = "", on: date | None = None) -> Actor:
    """Return a person as they may act on a day, deputies' positions included."""
    with reading() as connection:
        directory = directory_now(connection)
    found = as_actor(directory, person_key, on or date(2026, 11, 24), name=login.title())
    return Actor(person_key=person_key, login=login, name=found.name, positions=found.positions)


def signed(district: District) -> int:
    """Return the key of a case that its department has signed for."""
    case_key = walk.report().case_key
    walk.do(district["officer"], case_key, "triage", walk.TRIAGED)
    walk.do(district["clerk"], case_key, "sign_for", walk.SIGNED)
    return case_key
