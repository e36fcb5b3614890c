"""The people of the synthetic district: at least one for every role in every unit that needs one.

Where a rule demands another person there are two. Names are put together at random from lists.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from random import Random

from app.organisation.demo.accounts import demo_accounts
from app.organisation.demo.names import DEPARTMENTS, GIVEN_FIRST, GIVEN_LAST, SURNAMES
from app.organisation.demo.units import SEED, planned_units
from app.organisation.roles import Role
from app.organisation.units import UnitKind


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPlan:
    """A person to be made, with what they hold: (role, unit code)."""

    login: str
    name: str
    positions: tuple[tuple[Role, str], ...]


# How many people of each role a unit of a kind has.
STAFFING: dict[UnitKind, tuple[tuple[Role, int], ...]] = {
    UnitKind.DISTRICT: (
        (Role.DISTRICT_DISPATCHER, 3),
        (Role.SUPERVISOR, 2),
        (Role.CALLBACK_AGENT, 3),
        (Role.HOTLINE_AGENT, 3),
        (Role.LEADERSHIP, 2),
        (Role.PROCESS_DESIGNER, 1),
        (Role.ADMINISTRATOR, 1),
    ),
    UnitKind.STREET: ((Role.STREET_DISPATCHER, 2), (Role.STREET_LEADER, 1)),
    UnitKind.COMMUNITY: ((Role.COMMUNITY_OFFICER, 2),),
    UnitKind.GRID: (
        (Role.GRID_WORKER, 1),
        (Role.BUILDING_CAPTAIN, 1),
        (Role.PROPERTY_STEWARD, 1),
    ),
    UnitKind.DEPARTMENT: ((Role.UNIT_CLERK, 1), (Role.UNIT_HANDLER, 2), (Role.UNIT_LEADER, 1)),
    UnitKind.STREET_BRANCH: ((Role.UNIT_CLERK, 1), (Role.UNIT_HANDLER, 1), (Role.UNIT_LEADER, 1)),
    UnitKind.PARTY_GENERAL_BRANCH: ((Role.PARTY_LIAISON, 1), (Role.PARTY_VOLUNTEER, 2)),
    UnitKind.UNIT_PARTY_ORGANISATION: ((Role.PARTY_LIAISON, 1),),
}

LOGIN_PART: dict[Role, str] = {
    Role.GRID_WORKER: "grid",
    Role.BUILDING_CAPTAIN: "captain",
    Role.COMMUNITY_OFFICER: "officer",
    Role.STREET_DISPATCHER: "dispatcher",
    Role.DISTRICT_DISPATCHER: "district",
    Role.UNIT_CLERK: "clerk",
    Role.UNIT_HANDLER: "handler",
    Role.UNIT_LEADER: "leader",
    Role.SUPERVISOR: "supervisor",
    Role.CALLBACK_AGENT: "callback",
    Role.LEADERSHIP: "leadership",
    Role.PROPERTY_STEWARD: "steward",
    Role.PARTY_VOLUNTEER: "volunteer",
    Role.PARTY_LIAISON: "liaison",
    Role.STREET_LEADER: "streetleader",
    Role.HOTLINE_AGENT: "hotline",
    Role.PROCESS_DESIGNER: "designer",
    Role.ADMINISTRATOR: "admin",
}


@cache
def planned_people() -> tuple[PersonPlan, ...]:
    """Return everybody: the accounts of the sign-in page first, and they fill their places."""
    names = _names(Random(SEED + 1))  # noqa: S311 the same people every time is what is wanted
    listed = tuple(
        PersonPlan(login=each.login, name=next(names), positions=_positions(each.role, each.unit))
        for each in demo_accounts()
    )
    taken = {place for person in listed for place in person.positions}
    return (*listed, *_rest(names, taken))


def _positions(role: Role, unit: str | None) -> tuple[tuple[Role, str], ...]:
    if unit is not None:
        return ((role, unit),)
    return tuple((role, code) for code, _, _ in DEPARTMENTS)


def _rest(names: Iterator[str], taken: set[tuple[Role, str]]) -> Iterator[PersonPlan]:
    for unit in planned_units():
        for role, count in STAFFING.get(unit.kind, ()):
            # A listed account does not replace a department's own people: it stands beside them.
            is_filled = (role, unit.code) in taken and unit.kind is not UnitKind.DEPARTMENT
            for number in range(2 if is_filled else 1, count + 1):
                part = LOGIN_PART[role] + (str(number) if count > 1 else "")
                yield PersonPlan(
                    login=f"{part}.{unit.code.lower()}",
                    name=next(names),
                    positions=((role, unit.code),),
                )


def _names(random: Random) -> Iterator[str]:
    """Yield plausible names without end, a third of them of two characters, none twice."""
    seen: set[str] = set()
    while True:
        surname = SURNAMES[min(int(random.expovariate(0.05)), len(SURNAMES) - 1)]
        given = random.choice(GIVEN_LAST)
        if random.random() > 0.2:
            given = random.choice(GIVEN_FIRST) + given
        if surname + given not in seen:
            seen.add(surname + given)
            yield surname + given
