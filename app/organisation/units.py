"""Units of the district and how they hang together: the grid line, the Party line, departments.

The directory holds them, `cases.staff` changes them, everybody else reads them by key or code.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class UnitKind(StrEnum):
    """What a unit is."""

    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"
    GRID = "grid"
    PARTY_COMMITTEE = "party_committee"
    PARTY_WORKING_COMMITTEE = "party_working_committee"
    PARTY_GENERAL_BRANCH = "party_general_branch"
    PARTY_BRANCH = "party_branch"
    UNIT_PARTY_ORGANISATION = "unit_party_organisation"
    DEPARTMENT = "department"
    STREET_BRANCH = "street_branch"


class Line(StrEnum):
    """The three lines of units; grid and Party line run in parallel."""

    GRID = "grid"
    PARTY = "party"
    DEPARTMENT = "department"


class PartyType(StrEnum):
    """How a Party unit was set up."""

    STANDALONE = "standalone"
    AFFILIATED = "affiliated"
    JOINT = "joint"


@dataclass(frozen=True, slots=True)
class Names:
    """A term in both languages."""

    en: str
    zh: str

    def in_language(self, language: str) -> str:
        """Return the term in `language` ("zh-CN" or anything else for English)."""
        return self.zh if language.lower().startswith("zh") else self.en


KIND_NAMES: dict[UnitKind, Names] = {
    UnitKind.DISTRICT: Names("District", "区"),
    UnitKind.STREET: Names("Street", "街道"),
    UnitKind.COMMUNITY: Names("Community", "社区"),
    UnitKind.GRID: Names("Grid", "网格"),
    UnitKind.PARTY_COMMITTEE: Names("District Party committee", "区委"),
    UnitKind.PARTY_WORKING_COMMITTEE: Names("Street Party working committee", "街道党工委"),
    UnitKind.PARTY_GENERAL_BRANCH: Names("Community Party organisation", "社区党组织"),
    UnitKind.PARTY_BRANCH: Names("Grid Party branch", "网格党支部"),
    UnitKind.UNIT_PARTY_ORGANISATION: Names("Unit Party organisation", "单位党组织"),
    UnitKind.DEPARTMENT: Names("Department", "职能部门"),
    UnitKind.STREET_BRANCH: Names("Street branch", "驻街机构"),
}

LINE_OF: dict[UnitKind, Line] = {
    UnitKind.DISTRICT: Line.GRID,
    UnitKind.STREET: Line.GRID,
    UnitKind.COMMUNITY: Line.GRID,
    UnitKind.GRID: Line.GRID,
    UnitKind.PARTY_COMMITTEE: Line.PARTY,
    UnitKind.PARTY_WORKING_COMMITTEE: Line.PARTY,
    UnitKind.PARTY_GENERAL_BRANCH: Line.PARTY,
    UnitKind.PARTY_BRANCH: Line.PARTY,
    UnitKind.UNIT_PARTY_ORGANISATION: Line.PARTY,
    UnitKind.DEPARTMENT: Line.DEPARTMENT,
    UnitKind.STREET_BRANCH: Line.DEPARTMENT,
}

# A unit hangs under a unit of this kind; the district hangs under nothing.
PARENT_KIND: dict[UnitKind, UnitKind | None] = {
    UnitKind.DISTRICT: None,
    UnitKind.STREET: UnitKind.DISTRICT,
    UnitKind.COMMUNITY: UnitKind.STREET,
    UnitKind.GRID: UnitKind.COMMUNITY,
    UnitKind.PARTY_COMMITTEE: UnitKind.DISTRICT,
    UnitKind.PARTY_WORKING_COMMITTEE: UnitKind.PARTY_COMMITTEE,
    UnitKind.PARTY_GENERAL_BRANCH: UnitKind.PARTY_WORKING_COMMITTEE,
    UnitKind.PARTY_BRANCH: UnitKind.PARTY_GENERAL_BRANCH,
    UnitKind.UNIT_PARTY_ORGANISATION: UnitKind.PARTY_COMMITTEE,
    UnitKind.DEPARTMENT: UnitKind.DISTRICT,
    UnitKind.STREET_BRANCH: UnitKind.DEPARTMENT,
}

# What a unit of this kind stands beside; a unit Party organisation checks in to a community.
SERVED_KIND: dict[UnitKind, UnitKind] = {
    UnitKind.PARTY_COMMITTEE: UnitKind.DISTRICT,
    UnitKind.PARTY_WORKING_COMMITTEE: UnitKind.STREET,
    UnitKind.PARTY_GENERAL_BRANCH: UnitKind.COMMUNITY,
    UnitKind.PARTY_BRANCH: UnitKind.GRID,
    UnitKind.UNIT_PARTY_ORGANISATION: UnitKind.COMMUNITY,
    UnitKind.STREET_BRANCH: UnitKind.STREET,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One unit; `path` names its ancestors and itself by key, root first: "/1/7/31/"."""

    key: int
    code: str
    kind: UnitKind
    line: Line
    name: str
    name_zh: str
    parent_key: int | None
    path: str
    serves_key: int | None = None
    party_type: PartyType | None = None
    is_synthetic: bool = False
    valid_from: date
    valid_to: date | None = None

    def label(self, language: str) -> str:
        """Return the unit's name in `language`."""
        return Names(self.name, self.name_zh).in_language(language)

    def is_valid(self, on: date) -> bool:
        """Tell whether the unit exists on that day (`valid_to` is its last day)."""
        return is_valid(self.valid_from, self.valid_to, on)


def is_valid(valid_from: date, valid_to: date | None, on: date) -> bool:
    """Tell whether a span of days, both ends included, holds `on`."""
    return valid_from <= on and (valid_to is None or on <= valid_to)


def keys_of(path: str) -> tuple[int, ...]:
    """Return the keys a path names, root first, the unit itself last."""
    return tuple(int(part) for part in path.split("/") if part)


def path_under(parent_path: str, key: int) -> str:
    """Return the path of unit `key` under a parent; "" stands for no parent."""
    return f"{parent_path or '/'}{key}/"


def topmost(paths: frozenset[str]) -> frozenset[str]:
    """Leave out every path that lies under another of them."""
    return frozenset(
        path
        for path in paths
        if not any(path != other and path.startswith(other) for other in paths)
    )
