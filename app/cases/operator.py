"""The hand at the command line: whoever can run `whistle` on the host supervises the district."""

from app.cases.frame import read_frame
from app.organisation.actor import Actor, HeldPosition
from app.organisation.roles import Role
from app.organisation.units import UnitKind
from app.store.db import reading

NO_POSITION = 0


def operator() -> Actor:
    """Return an actor who sees the whole district; nobody's position, so nothing is done as it.

    Raises:
        UnknownUnit: there is no district yet.
    """
    with reading() as connection:
        district = read_frame(connection).directory.district
    held = tuple(
        HeldPosition(
            position_key=NO_POSITION,
            role=role,
            unit_key=district.key,
            unit_path=district.path,
            unit_kind=UnitKind.DISTRICT,
        )
        for role in (Role.SUPERVISOR, Role.ADMINISTRATOR)
    )
    return Actor(person_key=NO_POSITION, login="operator", name="operator", positions=held)
