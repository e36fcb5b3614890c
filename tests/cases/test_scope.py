"""What a person may see of real cases, on both databases; and that nothing is listed unscoped."""

import pytest
from sqlalchemy import select

from app.cases import units
from app.organisation.actor import Actor, HeldPosition
from app.organisation.roles import Role
from app.organisation.scope import can_see_reporter, is_handler_of, scope_of
from app.organisation.units import UnitKind
from app.store import scope as scoped
from app.store.db import reading, transaction
from app.store.scope import Scope, can_see_case
from app.store.settings import DIRECTORY_VERSION, renew_version
from app.store.tables.cases import cases
from app.store.tables.organisation import unit as unit_table
from app.store.tables.runtime import task_unit, user_task
from tests.support import walk
from tests.support.district import LONG_AGO, District


def holding(*places: tuple[Role, str, UnitKind]) -> Actor:
    """Somebody who holds each role in the unit at the end of the path."""
    positions = tuple(
        HeldPosition(
            position_key=number,
            role=role,
            unit_key=int(path.split("/")[-2]),
            unit_path=path,
            unit_kind=kind,
        )
        for number, (role, path, kind) in enumerate(places, start=1)
    )
    return Actor(person_key=5, login="x", name="x", positions=positions)


GRID_WORKER = (Role.GRID_WORKER, "/1/2/3/4/", UnitKind.GRID)
OFFICER = (Role.COMMUNITY_OFFICER, "/1/2/3/", UnitKind.COMMUNITY)
HANDLER = (Role.UNIT_HANDLER, "/1/9/", UnitKind.DEPARTMENT)
SUPERVISOR = (Role.SUPERVISOR, "/1/", UnitKind.DISTRICT)
CAPTAIN = (Role.BUILDING_CAPTAIN, "/1/2/3/4/", UnitKind.GRID)


@pytest.mark.parametrize(
    ("held", "units_seen", "is_wide"),
    [
        ([GRID_WORKER], {4}, False),
        ([GRID_WORKER, OFFICER], {3}, False),
        ([OFFICER, HANDLER], {3, 9}, False),
        ([OFFICER, HANDLER, SUPERVISOR], {1}, True),
        ([CAPTAIN], set(), False),
        ([], set(), False),
    ],
)
def test_a_person_sees_the_topmost_of_their_units(
    held: list[tuple[Role, str, UnitKind]], units_seen: set[int], is_wide: bool
) -> None:
    scope = scope_of(holding(*held))
    assert scope.unit_keys == units_seen
    assert scope.is_district_wide is is_wide


def test_a_path_that_begins_with_the_same_digits_is_another_unit() -> None:
    scope = scope_of(
        holding(
            (Role.STREET_DISPATCHER, "/1/2/", UnitKind.STREET),
            (Role.STREET_DISPATCHER, "/1/22/", UnitKind.STREET),
        )
    )
    assert scope.unit_keys == {2, 22}


@pytest.mark.parametrize(
    ("held", "is_confidential", "is_handler", "may"),
    [
        ([HANDLER], False, True, True),
        ([HANDLER], True, True, False),
        ([OFFICER], True, False, False),
        ([SUPERVISOR], True, False, True),
        ([SUPERVISOR, HANDLER], True, True, False),
        ([CAPTAIN], False, False, False),
    ],
)
def test_a_handler_of_a_confidential_case_never_sees_the_reporter(
    held: list[tuple[Role, str, UnitKind]], is_confidential: bool, is_handler: bool, may: bool
) -> None:
    scope = scope_of(holding(*held))
    found = can_see_reporter(scope, is_confidential=is_confidential, is_handler=is_handler)
    assert found is may


def test_who_works_for_a_unit_that_handles_a_case_is_its_handler() -> None:
    branch = (Role.UNIT_CLERK, "/1/9/90/", UnitKind.STREET_BRANCH)
    assert is_handler_of(holding(branch), frozenset({9}))
    assert is_handler_of(holding(branch), frozenset({90}))
    assert not is_handler_of(holding(branch), frozenset({8}))
    assert not is_handler_of(holding(OFFICER), frozenset({3}))


def test_a_list_without_a_scope_is_refused() -> None:
    for condition in (scoped.case_rows, scoped.task_rows, scoped.offer_rows):
        with pytest.raises(TypeError, match="needs the scope"):
            condition(None)  # type: ignore[arg-type]


def really(district: District, login: str) -> Scope:
    """The scope of somebody of the running district, with the paths that units really have."""
    actor = district[login]
    with reading() as connection:
        found = connection.execute(select(unit_table.c.key, unit_table.c.path))
        paths = {row.key: row.path for row in found}
    positions = tuple(
        HeldPosition(
            position_key=held.position_key,
            role=held.role,
            unit_key=held.unit_key,
            unit_path=paths[held.unit_key],
            unit_kind=held.unit_kind,
        )
        for held in actor.positions
    )
    return scope_of(
        Actor(person_key=actor.person_key, login=login, name=login, positions=positions)
    )


def listed(scope: Scope) -> list[int]:
    with reading() as connection:
        return list(
            connection.scalars(select(cases.c.key).where(scoped.sees_case(scope, cases.c.key)))
        )


def tasks(scope: Scope) -> list[str]:
    with reading() as connection:
        query = select(user_task.c.element_id).where(scoped.sees_task(scope, user_task.c.key))
        return list(connection.scalars(query))


def offered(scope: Scope) -> list[str]:
    with reading() as connection:
        query = (
            select(user_task.c.element_id)
            .join(task_unit, task_unit.c.task_key == user_task.c.key)
            .where(scoped.offer_rows(scope))
        )
        return list(connection.scalars(query))


def opens(district: District, login: str, case_key: int) -> bool:
    with reading() as connection:
        return can_see_case(connection, really(district, login), case_key)


def test_a_case_is_seen_along_its_grid_line_and_by_its_department_once_it_leads(
    district: District,
) -> None:
    case_key = walk.report().case_key
    along = ("worker", "officer", "dispatcher", "district", "supervisor")
    others = ("clerk", "parks_clerk", "admin", "designer")
    assert [listed(really(district, login)) for login in along] == [[case_key]] * 5
    assert [listed(really(district, login)) for login in others] == [[]] * 4
    assert tasks(really(district, "supervisor")) == ["triage"]
    assert offered(really(district, "officer")) == ["triage"]
    assert offered(really(district, "clerk")) == []
    walk.do(district["officer"], case_key, "triage", walk.TRIAGED)
    assert listed(really(district, "clerk")) == [case_key]
    assert offered(really(district, "clerk")) == ["sign_for"]
    assert listed(really(district, "parks_clerk")) == []
    assert opens(district, "handler", case_key)
    assert not opens(district, "parks_handler", case_key)
    assert not opens(district, "admin", case_key)


def test_open_tasks_move_with_their_grid_in_the_lists_of_those_above(district: District) -> None:
    case_key = walk.report().case_key
    made = []
    with transaction() as tx:
        path = f"/{district.units['DISTRICT']}/"
        for kind, parent in ((UnitKind.STREET, "DISTRICT"), (UnitKind.COMMUNITY, "S02")):
            key = tx.next_key()
            path = f"{path}{key}/"
            code = "S02" if kind is UnitKind.STREET else "S02-C01"
            tx.connection.execute(
                unit_table.insert().values(
                    key=key,
                    code=code,
                    kind=kind.value,
                    line="grid",
                    name=code,
                    name_zh=code,
                    parent_key=district.units[parent],
                    path=path,
                    valid_from=LONG_AGO,
                )
            )
            district.units[code] = key
            made.append((path, kind))
        renew_version(tx.connection, DIRECTORY_VERSION)
    grid = district.units["S01-C01-G01"]
    units.move_unit(district["admin"], grid, parent_key=district.units["S02-C01"])
    there = scope_of(holding((Role.STREET_DISPATCHER, *made[0])))
    assert tasks(there) == ["triage"]
    assert listed(there) == [case_key]
    assert tasks(really(district, "supervisor")) == ["triage"]
    # It was offered to the officer of the old community, who keeps it; their street sees it too.
    assert offered(really(district, "officer")) == ["triage"]
    assert tasks(really(district, "dispatcher")) == ["triage"]
    walk.do(district["officer"], case_key, "triage", walk.TRIAGED)
    assert "sign_for" in tasks(really(district, "supervisor"))
