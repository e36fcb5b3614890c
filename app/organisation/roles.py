"""The roles people hold in units: their names in both languages and where each is held.

A position is a role in a unit (`store.tables.organisation.position`); candidate groups of diagrams
are written in these codes.
"""

from enum import StrEnum

from app.errors import CaseError
from app.organisation.units import Names, UnitKind


class UnknownRole(CaseError):
    """There is no role {role!r}. Known roles: {known}."""

    code = "unknown_role"


class Role(StrEnum):
    """What somebody is in a unit."""

    GRID_WORKER = "grid_worker"
    BUILDING_CAPTAIN = "building_captain"
    COMMUNITY_OFFICER = "community_officer"
    STREET_DISPATCHER = "street_dispatcher"
    DISTRICT_DISPATCHER = "district_dispatcher"
    UNIT_CLERK = "unit_clerk"
    UNIT_HANDLER = "unit_handler"
    UNIT_LEADER = "unit_leader"
    SUPERVISOR = "supervisor"
    CALLBACK_AGENT = "callback_agent"
    LEADERSHIP = "leadership"
    PROPERTY_STEWARD = "property_steward"
    PARTY_VOLUNTEER = "party_volunteer"
    PARTY_LIAISON = "party_liaison"
    STREET_LEADER = "street_leader"
    HOTLINE_AGENT = "hotline_agent"
    PROCESS_DESIGNER = "process_designer"
    ADMINISTRATOR = "administrator"


ROLE_NAMES: dict[Role, Names] = {
    Role.GRID_WORKER: Names("Grid worker", "网格员"),
    Role.BUILDING_CAPTAIN: Names("Building captain", "楼栋长"),
    Role.COMMUNITY_OFFICER: Names("Community officer", "社区工作站"),
    Role.STREET_DISPATCHER: Names("Street dispatcher", "街道调度员"),
    Role.DISTRICT_DISPATCHER: Names("District dispatcher", "区调度员"),
    Role.UNIT_CLERK: Names("Unit clerk", "部门收文员"),
    Role.UNIT_HANDLER: Names("Handler", "承办人"),
    Role.UNIT_LEADER: Names("Unit leader", "部门负责人"),
    Role.SUPERVISOR: Names("Supervisor", "督办员"),
    Role.CALLBACK_AGENT: Names("Callback agent", "回访员"),
    Role.LEADERSHIP: Names("Leading Group", "领导小组"),
    Role.PROPERTY_STEWARD: Names("Property steward", "物管员"),
    Role.PARTY_VOLUNTEER: Names("Party volunteer", "报到党员"),
    Role.PARTY_LIAISON: Names("Party liaison", "党建联络员"),
    Role.STREET_LEADER: Names("Street leader", "街道负责人"),
    Role.HOTLINE_AGENT: Names("Hotline agent", "热线坐席"),
    Role.PROCESS_DESIGNER: Names("Process designer", "流程设计员"),
    Role.ADMINISTRATOR: Names("Administrator", "管理员"),
}

_GRID = frozenset({UnitKind.GRID})
_STREET = frozenset({UnitKind.STREET})
_DISTRICT = frozenset({UnitKind.DISTRICT})
_DEPARTMENT = frozenset({UnitKind.DEPARTMENT, UnitKind.STREET_BRANCH})

# The kinds of unit in which each role can be held.
HELD_IN: dict[Role, frozenset[UnitKind]] = {
    Role.GRID_WORKER: _GRID,
    Role.BUILDING_CAPTAIN: _GRID,
    Role.PROPERTY_STEWARD: _GRID,
    Role.COMMUNITY_OFFICER: frozenset({UnitKind.COMMUNITY}),
    Role.STREET_DISPATCHER: _STREET,
    Role.STREET_LEADER: _STREET,
    Role.UNIT_CLERK: _DEPARTMENT,
    Role.UNIT_HANDLER: _DEPARTMENT,
    Role.UNIT_LEADER: _DEPARTMENT,
    Role.PARTY_VOLUNTEER: frozenset({UnitKind.PARTY_GENERAL_BRANCH}),
    Role.PARTY_LIAISON: frozenset(
        {UnitKind.PARTY_GENERAL_BRANCH, UnitKind.UNIT_PARTY_ORGANISATION}
    ),
    Role.DISTRICT_DISPATCHER: _DISTRICT,
    Role.SUPERVISOR: _DISTRICT,
    Role.CALLBACK_AGENT: _DISTRICT,
    Role.LEADERSHIP: _DISTRICT,
    Role.HOTLINE_AGENT: _DISTRICT,
    Role.PROCESS_DESIGNER: _DISTRICT,
    Role.ADMINISTRATOR: _DISTRICT,
}

# Who receives, at each level of the grid line, what nobody below could take.
RECEIVING_ROLE: dict[UnitKind, Role] = {
    UnitKind.COMMUNITY: Role.COMMUNITY_OFFICER,
    UnitKind.STREET: Role.STREET_DISPATCHER,
    UnitKind.DISTRICT: Role.DISTRICT_DISPATCHER,
}

# Who takes, in the district, what nobody at any level may take: the first of them that is held
# by a person who may.
AT_LAST = (Role.DISTRICT_DISPATCHER, Role.SUPERVISOR, Role.LEADERSHIP)


def role_named(code: str) -> Role:
    """Return the role with that code.

    Raises:
        UnknownRole: there is none.
    """
    try:
        return Role(code)
    except ValueError:
        raise UnknownRole(role=code, known=", ".join(Role)) from None


def role_label(role: Role, language: str) -> str:
    """Return the name of a role in `language`."""
    return ROLE_NAMES[role].in_language(language)


def role_in(role: Role, unit: str, language: str) -> str:
    """Return "Role, unit" with the comma of `language`; the role alone where no unit is named."""
    comma = "，" if language == "zh-CN" else ", "
    return comma.join(filter(None, (role_label(role, language), unit)))
