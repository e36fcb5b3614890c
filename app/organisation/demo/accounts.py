"""The accounts a demo lists on its sign-in page: between them they can walk one case to its end.

Those of the grid line belong to one grid, its community and its street; clerk, handler and leader
work for every department, so that it does not matter which one the duty list chooses.
"""

from dataclasses import dataclass

from app.organisation.demo.names import COMMUNITIES, DISTRICT, STREETS
from app.organisation.roles import ROLE_NAMES, Role
from app.organisation.units import Names

DEMO_PASSWORD = "whistle-demo"  # noqa: S105 printed on the demo's sign-in page
HOME_GRID = "S01-C01-G01"
HOME_COMMUNITY = "S01-C01"
HOME_STREET = "S01"

_STREET = Names(f"{STREETS[0][0]} Street", f"{STREETS[0][1]}街道")
_COMMUNITY = Names(f"{COMMUNITIES[0][0]} Community", f"{COMMUNITIES[0][1]}社区")
_GRID = Names(f"{COMMUNITIES[0][0]} Community, grid 1", f"{COMMUNITIES[0][1]}社区第1网格")
_DISTRICT = Names(*DISTRICT)
_DEPARTMENTS = Names("Every department", "各职能部门")


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One account of the list; `unit` is None for those who work for every department."""

    login: str
    role: Role
    unit: str | None
    unit_name: Names

    @property
    def role_name(self) -> Names:
        """The role in both languages."""
        return ROLE_NAMES[self.role]


_DISTRICT_ACCOUNTS = (
    ("district", Role.DISTRICT_DISPATCHER),
    ("supervisor", Role.SUPERVISOR),
    ("callback", Role.CALLBACK_AGENT),
    ("hotline", Role.HOTLINE_AGENT),
    ("leadership", Role.LEADERSHIP),
    ("designer", Role.PROCESS_DESIGNER),
    ("admin", Role.ADMINISTRATOR),
)


def demo_accounts() -> tuple[DemoAccount, ...]:
    """Return the accounts in the order in which a case meets them."""
    return (
        DemoAccount("grid", Role.GRID_WORKER, HOME_GRID, _GRID),
        DemoAccount("officer", Role.COMMUNITY_OFFICER, HOME_COMMUNITY, _COMMUNITY),
        DemoAccount("dispatcher", Role.STREET_DISPATCHER, HOME_STREET, _STREET),
        DemoAccount("clerk", Role.UNIT_CLERK, None, _DEPARTMENTS),
        DemoAccount("handler", Role.UNIT_HANDLER, None, _DEPARTMENTS),
        DemoAccount("leader", Role.UNIT_LEADER, None, _DEPARTMENTS),
        DemoAccount("streetleader", Role.STREET_LEADER, HOME_STREET, _STREET),
        *(DemoAccount(login, role, "DISTRICT", _DISTRICT) for login, role in _DISTRICT_ACCOUNTS),
    )
