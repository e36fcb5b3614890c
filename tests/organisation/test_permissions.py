"""Who may do what: the table is whole, and reads as the rules of the field."""

import pytest

from app.errors import Forbidden
from app.organisation.actor import Actor, HeldPosition, position_for
from app.organisation.permissions import ROLES_FOR, Action, allows, demand
from app.organisation.roles import HELD_IN, ROLE_NAMES, Role, UnknownRole, role_label, role_named
from app.organisation.units import KIND_NAMES, LINE_OF, PARENT_KIND, UnitKind

CASE_WORK = [Action.CLAIM_TASK, Action.COMPLETE_TASK, Action.VIEW_CASES, Action.SEE_REPORTER]


def somebody(*roles: Role, on_behalf_of: int | None = None, unit: int = 10) -> Actor:
    positions = tuple(
        HeldPosition(
            position_key=100 + index,
            role=role,
            unit_key=unit,
            unit_path=f"/1/{unit}/",
            unit_kind=min(HELD_IN[role]),
            on_behalf_of=on_behalf_of,
        )
        for index, role in enumerate(roles)
    )
    return Actor(person_key=7, login="somebody", name="某人", positions=positions)


def test_every_action_is_somebodys_and_every_role_may_do_something() -> None:
    assert set(ROLES_FOR) == set(Action)
    assert all(ROLES_FOR.values())
    assert {role for roles in ROLES_FOR.values() for role in roles} == set(Role)


def test_there_are_eighteen_roles_with_names_and_places() -> None:
    assert len(Role) == len(ROLE_NAMES) == len(HELD_IN) == 18
    assert len({names.zh for names in ROLE_NAMES.values()}) == 18
    assert role_label(Role.GRID_WORKER, "zh-CN") == "网格员"
    assert role_label(Role.GRID_WORKER, "en") == "Grid worker"
    assert set(KIND_NAMES) == set(LINE_OF) == set(PARENT_KIND) == set(UnitKind)


def test_a_role_is_found_by_its_code_alone() -> None:
    assert role_named("unit_clerk") is Role.UNIT_CLERK
    with pytest.raises(UnknownRole, match="Known roles: grid_worker, "):
        role_named("clerk")


@pytest.mark.parametrize("action", CASE_WORK)
def test_administrators_and_designers_are_not_handlers(action: Action) -> None:
    assert not allows(somebody(Role.ADMINISTRATOR, Role.PROCESS_DESIGNER), action)


@pytest.mark.parametrize(
    "action", [Action.MANAGE_PEOPLE, Action.MANAGE_UNITS, Action.RESOLVE_INCIDENTS]
)
def test_only_administrators_administer(action: Action) -> None:
    others = [role for role in Role if role is not Role.ADMINISTRATOR]
    assert not allows(somebody(*others), action)
    assert allows(somebody(Role.ADMINISTRATOR), action)


@pytest.mark.parametrize(
    ("role", "action", "may"),
    [
        (Role.GRID_WORKER, Action.REPORT_CASE, True),
        (Role.GRID_WORKER, Action.EXPORT_CSV, False),
        (Role.BUILDING_CAPTAIN, Action.COMPLETE_TASK, True),
        (Role.BUILDING_CAPTAIN, Action.VIEW_CASES, False),
        (Role.BUILDING_CAPTAIN, Action.SEE_REPORTER, False),
        (Role.UNIT_HANDLER, Action.SEE_REPORTER, True),
        (Role.UNIT_HANDLER, Action.SEE_CONFIDENTIAL, False),
        (Role.UNIT_LEADER, Action.SEE_CONFIDENTIAL, False),
        (Role.CALLBACK_AGENT, Action.SEE_CONFIDENTIAL, True),
        (Role.SUPERVISOR, Action.VIEW_OVERDUE, True),
        (Role.PROCESS_DESIGNER, Action.DEPLOY, True),
        (Role.SUPERVISOR, Action.DEPLOY, False),
    ],
)
def test_some_rules_of_the_table(role: Role, action: Action, may: bool) -> None:
    assert allows(somebody(role), action) is may


def test_who_holds_nothing_may_do_nothing() -> None:
    nobody = somebody()
    assert not any(allows(nobody, action) for action in Action)
    with pytest.raises(Forbidden, match="Your role does not allow this"):
        demand(nobody, Action.VIEW_INBOX)


def test_a_deputy_may_what_the_holder_may() -> None:
    demand(somebody(Role.SUPERVISOR, on_behalf_of=3), Action.VIEW_OVERDUE)


def test_a_position_of_ones_own_comes_before_a_lent_one() -> None:
    lent = somebody(Role.UNIT_CLERK, on_behalf_of=3).positions[0]
    own = HeldPosition(
        position_key=900,
        role=Role.UNIT_CLERK,
        unit_key=10,
        unit_path="/1/10/",
        unit_kind=UnitKind.DEPARTMENT,
    )
    actor = Actor(person_key=7, login="x", name="x", positions=(lent, own))
    assert position_for(actor, [["unit_clerk", 10]]) is own


def test_a_task_of_another_unit_or_role_is_nobodys_here() -> None:
    clerk = somebody(Role.UNIT_CLERK)
    assert position_for(clerk, [["unit_clerk", 11], ["unit_leader", 10]]) is None
    assert position_for(clerk, []) is None
    found = position_for(clerk, [["unit_leader", 10], ["unit_clerk", 10]])
    assert found is clerk.positions[0]
