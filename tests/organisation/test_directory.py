"""To whom a task is offered: the unit of the case, the climb, the excluded person, deputies."""

from datetime import date

import pytest

from app.organisation.directory import CasePlace, Directory, UnknownUnit
from app.organisation.roles import Role, UnknownRole
from app.organisation.units import UnitKind
from tests.organisation.conftest import (
    BRANCH,
    COMMUNITY,
    DEPARTMENT,
    DISTRICT,
    GRID,
    OTHER_STREET,
    PARTY_COMMUNITY,
    STREET,
    Draft,
)

TODAY = date(2026, 3, 2)
PLACE = CasePlace(grid_key=GRID, community_key=COMMUNITY, street_key=STREET)
LED = CasePlace(grid_key=GRID, community_key=COMMUNITY, street_key=STREET, lead_unit_key=BRANCH)
NOWHERE = CasePlace()


@pytest.mark.parametrize(
    ("role", "unit"),
    [
        (Role.GRID_WORKER, GRID),
        (Role.PROPERTY_STEWARD, GRID),
        (Role.COMMUNITY_OFFICER, COMMUNITY),
        (Role.STREET_DISPATCHER, STREET),
        (Role.STREET_LEADER, STREET),
        (Role.UNIT_CLERK, BRANCH),
        (Role.UNIT_LEADER, BRANCH),
        (Role.PARTY_VOLUNTEER, PARTY_COMMUNITY),
        (Role.SUPERVISOR, DISTRICT),
        (Role.HOTLINE_AGENT, DISTRICT),
    ],
)
def test_a_role_is_sought_in_the_unit_of_the_case(draft: Draft, role: Role, unit: int) -> None:
    draft.holds(1, role, unit)
    offer = draft.directory().resolve(role, LED, on=TODAY)
    assert (offer.role, offer.unit_key, offer.raised_from) == (role, unit, None)
    assert offer.unit_path.endswith(f"/{unit}/")


def test_a_group_may_name_its_unit(draft: Draft) -> None:
    draft.holds(1, Role.STREET_DISPATCHER, OTHER_STREET)
    offer = draft.directory().resolve("street_dispatcher@S02", PLACE, on=TODAY)
    assert (offer.unit_key, offer.raised_from) == (OTHER_STREET, None)


def test_what_nobody_holds_goes_to_who_receives_at_the_next_level_up(draft: Draft) -> None:
    draft.holds(1, Role.COMMUNITY_OFFICER, COMMUNITY)
    offer = draft.directory().resolve("grid_worker", PLACE, on=TODAY)
    assert (offer.role, offer.unit_key) == (Role.COMMUNITY_OFFICER, COMMUNITY)
    assert offer.raised_from == GRID


def test_levels_without_people_are_passed_over(draft: Draft) -> None:
    draft.holds(1, Role.STREET_DISPATCHER, STREET)
    offer = draft.directory().resolve("grid_worker", PLACE, on=TODAY)
    assert (offer.role, offer.unit_key, offer.raised_from) == (
        Role.STREET_DISPATCHER,
        STREET,
        GRID,
    )


def test_a_leaders_task_is_not_taken_by_the_dispatcher_of_the_same_street(draft: Draft) -> None:
    draft.holds(1, Role.STREET_DISPATCHER, STREET)
    draft.holds(2, Role.DISTRICT_DISPATCHER, DISTRICT)
    offer = draft.directory().resolve("street_leader", PLACE, on=TODAY)
    assert (offer.role, offer.unit_key) == (Role.DISTRICT_DISPATCHER, DISTRICT)


def test_a_branch_without_leader_asks_the_leader_of_its_department(draft: Draft) -> None:
    draft.holds(1, Role.UNIT_LEADER, DEPARTMENT)
    offer = draft.directory().resolve("unit_leader", LED, on=TODAY)
    assert (offer.role, offer.unit_key, offer.raised_from) == (
        Role.UNIT_LEADER,
        DEPARTMENT,
        BRANCH,
    )


def test_who_handled_a_case_does_not_review_it(draft: Draft) -> None:
    draft.holds(7, Role.UNIT_LEADER, BRANCH)
    draft.holds(8, Role.UNIT_LEADER, DEPARTMENT)
    directory = draft.directory()
    assert directory.resolve("unit_leader", LED, on=TODAY).unit_key == BRANCH
    raised = directory.resolve("unit_leader", LED, on=TODAY, not_actor=7)
    assert (raised.unit_key, raised.raised_from) == (DEPARTMENT, BRANCH)


def test_a_colleague_of_the_excluded_person_keeps_the_task_in_the_unit(draft: Draft) -> None:
    draft.holds(7, Role.UNIT_LEADER, BRANCH)
    draft.holds(8, Role.UNIT_LEADER, BRANCH)
    offer = draft.directory().resolve("unit_leader", LED, on=TODAY, not_actor=7)
    assert (offer.unit_key, offer.raised_from) == (BRANCH, None)


def test_a_deputy_of_the_excluded_person_is_not_another_person(draft: Draft) -> None:
    draft.holds(7, Role.UNIT_LEADER, BRANCH)
    draft.holds(9, Role.UNIT_LEADER, BRANCH, for_person=7)
    draft.holds(8, Role.UNIT_LEADER, DEPARTMENT)
    directory = draft.directory()
    assert directory.resolve("unit_leader", LED, on=TODAY, not_actor=8).unit_key == BRANCH
    assert directory.resolve("unit_leader", LED, on=TODAY, not_actor=7).unit_key == DEPARTMENT


@pytest.mark.parametrize(
    ("others", "found"),
    [
        ((), Role.DISTRICT_DISPATCHER),
        ((Role.LEADERSHIP,), Role.LEADERSHIP),
        ((Role.LEADERSHIP, Role.SUPERVISOR), Role.SUPERVISOR),
    ],
)
def test_in_the_district_too_another_person_is_found(
    draft: Draft, others: tuple[Role, ...], found: Role
) -> None:
    draft.holds(3, Role.DISTRICT_DISPATCHER, DISTRICT)
    for person, role in enumerate(others, start=10):
        draft.holds(person, role, DISTRICT)
    directory = draft.directory()
    offer = directory.resolve("district_dispatcher", CasePlace(), on=TODAY, not_actor=3)
    assert (offer.role, offer.unit_key) == (found, DISTRICT)
    free = directory.resolve("district_dispatcher", CasePlace(), on=TODAY)
    assert free.role is Role.DISTRICT_DISPATCHER


def test_the_district_dispatcher_is_the_last_resort_even_when_nobody_is_that(
    draft: Draft,
) -> None:
    offer = draft.directory().resolve("unit_leader", LED, on=TODAY)
    assert (offer.role, offer.unit_key) == (Role.DISTRICT_DISPATCHER, DISTRICT)
    assert offer.raised_from == BRANCH


@pytest.mark.parametrize(
    ("role", "place", "expected"),
    [
        ("grid_worker", CasePlace(community_key=COMMUNITY, street_key=STREET), COMMUNITY),
        ("community_officer", CasePlace(street_key=STREET), STREET),
        ("unit_handler", PLACE, STREET),
        ("street_dispatcher", NOWHERE, DISTRICT),
        ("grid_worker", NOWHERE, DISTRICT),
    ],
)
def test_an_unknown_unit_is_sought_from_what_is_known_above_it(
    draft: Draft, role: str, place: CasePlace, expected: int
) -> None:
    draft.holds(1, Role.COMMUNITY_OFFICER, COMMUNITY)
    draft.holds(2, Role.STREET_DISPATCHER, STREET)
    draft.holds(3, Role.DISTRICT_DISPATCHER, DISTRICT)
    offer = draft.directory().resolve(role, place, on=TODAY)
    assert (offer.unit_key, offer.raised_from) == (expected, expected)


def test_nobody_before_the_first_or_after_the_last_day_of_a_position(draft: Draft) -> None:
    draft.holds(1, Role.GRID_WORKER, GRID, since=date(2026, 3, 2), until=date(2026, 3, 4))
    directory = draft.directory()
    held = [
        bool(directory.people(Role.GRID_WORKER, GRID, date(2026, 3, day))) for day in range(1, 6)
    ]
    assert held == [False, True, True, True, False]


def test_a_deputy_counts_after_the_holder_while_appointed(draft: Draft) -> None:
    draft.holds(2, Role.GRID_WORKER, GRID, since=date(2026, 3, 3), for_person=1)
    draft.holds(1, Role.GRID_WORKER, GRID)
    directory = draft.directory()
    assert directory.people(Role.GRID_WORKER, GRID, TODAY) == (1,)
    assert directory.people(Role.GRID_WORKER, GRID, date(2026, 3, 3)) == (1, 2)


def test_a_closed_unit_receives_nothing_more(draft: Draft) -> None:
    draft.unit(GRID, UnitKind.GRID, parent=COMMUNITY, code="S01-C01-G01", valid_to=date(2026, 3, 1))
    draft.holds(1, Role.GRID_WORKER, GRID)
    draft.holds(2, Role.COMMUNITY_OFFICER, COMMUNITY)
    offer = draft.directory().resolve("grid_worker", PLACE, on=TODAY)
    assert (offer.unit_key, offer.raised_from) == (COMMUNITY, GRID)


def test_units_are_found_by_key_and_by_code(draft: Draft) -> None:
    directory = draft.directory()
    assert directory.unit_by_code("D-URBAN-S01").key == BRANCH
    assert directory.ancestors(GRID) == (DISTRICT, STREET, COMMUNITY, GRID)
    assert [unit.code for unit in directory.children(DISTRICT)][:3] == ["D-URBAN", "S01", "S02"]
    assert directory.district.key == DISTRICT


def test_a_group_that_does_not_exist_is_refused(draft: Draft) -> None:
    directory = draft.directory()
    with pytest.raises(UnknownRole, match="no role 'janitor'"):
        directory.resolve("janitor", PLACE, on=TODAY)
    with pytest.raises(UnknownUnit, match="no unit 'S99'"):
        directory.resolve("street_dispatcher@S99", PLACE, on=TODAY)
    with pytest.raises(UnknownUnit, match="no unit 77"):
        directory.unit(77)


def test_a_district_without_units_has_nowhere_to_send_anything() -> None:
    with pytest.raises(UnknownUnit):
        Directory(version=0, units={}).resolve("supervisor", NOWHERE, on=TODAY)
