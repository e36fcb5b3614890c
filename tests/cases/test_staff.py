"""Administering people: accounts, positions, deputies, and what may not be done."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select

from app.cases import people, staff
from app.cases.sessions import WrongCredentials, open_session, sign_in
from app.clock import moved_to
from app.errors import Forbidden, InvalidInput, NotFound
from app.organisation import directory
from app.organisation.directory import UnknownUnit
from app.organisation.passwords import PasswordTooShort
from app.organisation.roles import Role
from app.store.db import reading, transaction
from app.store.settings import DIRECTORY_VERSION, version
from app.store.tables import organisation as t
from tests.organisation.staffed import BOTH, PASSWORD, database, staffed
from tests.support.district import District

NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)
NOBODY = 2**40


@pytest.fixture(scope="module", params=BOTH)
def app(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    with database(request.param, request, tmp_path_factory) as made:
        yield made


@pytest.fixture
def district(app: Flask) -> Iterator[District]:
    with moved_to(NINE):
        yield staffed(app)


def holders(role: Role, unit_key: int, on: date = TODAY) -> tuple[int, ...]:
    with reading() as connection:
        found = directory.current(connection, version(connection, DIRECTORY_VERSION))
    return found.people(role, unit_key, on)


def new_person(district: District, login: str = "wang.fang") -> int:
    return staff.create_person(district["admin"], login=login, name="王芳").person_key


def test_a_new_person_signs_in_with_the_one_time_password(district: District) -> None:
    made = staff.create_person(district["admin"], login="wang.fang", name=" 王芳 ")
    assert made.one_time_password is not None
    assert sign_in("wang.fang", made.one_time_password, address="a").person_key == made.person_key
    view = people.person_view(district["admin"], made.person_key)
    assert (view.login, view.name, view.is_active, view.positions) == (
        "wang.fang",
        "王芳",
        True,
        (),
    )


def test_a_password_given_is_not_told_back(district: District) -> None:
    made = staff.create_person(
        district["admin"], login="wang.fang", name="王芳", password="street lamps at dusk"
    )
    assert made.one_time_password is None
    assert sign_in("wang.fang", "street lamps at dusk", address="a")


def test_a_login_is_given_once_whatever_its_capital_letters(district: District) -> None:
    with pytest.raises(staff.DuplicateLogin, match="OFFICER is taken"):
        staff.create_person(district["admin"], login="OFFICER", name="王芳")


@pytest.mark.parametrize("login", ["", "x", "with space", "a" * 65, "a/b", "..", "<script>"])
def test_a_login_is_plain(district: District, login: str) -> None:
    with pytest.raises(staff.WrongLogin):
        staff.create_person(district["admin"], login=login, name="王芳")


def test_an_account_needs_a_name_and_a_good_password(district: District) -> None:
    with pytest.raises(InvalidInput, match="name"):
        staff.create_person(district["admin"], login="wang.fang", name="  ")
    with pytest.raises(PasswordTooShort):
        staff.create_person(district["admin"], login="wang", name="王芳", password="short")


def test_a_disabled_person_is_out_at_once_and_comes_back_when_enabled(district: District) -> None:
    officer = district["officer"].person_key
    token = sign_in("officer", PASSWORD, address="a").token
    staff.disable_person(district["admin"], officer)
    assert open_session(token, now=NINE) is None
    assert holders(Role.COMMUNITY_OFFICER, district.units["S01-C01"]) == ()
    staff.enable_person(district["admin"], officer)
    assert open_session(token, now=NINE) is None
    assert sign_in("officer", PASSWORD, address="a")
    assert holders(Role.COMMUNITY_OFFICER, district.units["S01-C01"]) == (officer,)


def test_a_reset_password_ends_sessions_and_replaces_the_old_one(district: District) -> None:
    token = sign_in("officer", PASSWORD, address="a").token
    fresh = staff.reset_password(district["admin"], district["officer"].person_key)
    assert open_session(token, now=NINE) is None
    assert sign_in("officer", fresh, address="a")
    with pytest.raises(WrongCredentials):
        sign_in("officer", PASSWORD, address="a")


def test_the_last_administrator_stays(district: District) -> None:
    admin = district["admin"]
    with pytest.raises(staff.LastAdministrator):
        staff.disable_person(admin, admin.person_key)
    with pytest.raises(staff.LastAdministrator):
        staff.end_position(admin, admin.positions[0].position_key)
    assert people.person_view(admin, admin.person_key).is_active
    second = new_person(district)
    staff.grant_position(
        admin, person_key=second, role=Role.ADMINISTRATOR, unit_key=district.units["DISTRICT"]
    )
    staff.disable_person(admin, admin.person_key)
    assert holders(Role.ADMINISTRATOR, district.units["DISTRICT"]) == (second,)


def test_a_position_counts_from_its_first_to_its_last_day(district: District) -> None:
    person, grid = new_person(district), district.units["S01-C01-G02"]
    staff.grant_position(
        district["admin"],
        person_key=person,
        role=Role.GRID_WORKER,
        unit_key=grid,
        valid_from=TODAY + DAY,
        valid_to=TODAY + 2 * DAY,
    )
    held = [bool(holders(Role.GRID_WORKER, grid, TODAY + n * DAY)) for n in range(4)]
    assert held == [False, True, True, False]
    (line,) = people.person_view(district["admin"], person).positions
    assert (line.role, line.unit.code, line.is_held_today) == (
        Role.GRID_WORKER,
        "S01-C01-G02",
        False,
    )


def test_a_role_is_held_only_where_it_belongs(district: District) -> None:
    person = new_person(district)
    with pytest.raises(staff.RoleNotHeldThere, match="网格员 cannot be held in 单位S01"):
        staff.grant_position(
            district["admin"],
            person_key=person,
            role=Role.GRID_WORKER,
            unit_key=district.units["S01"],
        )


def test_the_same_position_is_not_held_twice_at_a_time(district: District) -> None:
    person, grid = new_person(district), district.units["S01-C01-G02"]

    def grant(first: date, last: date | None) -> int:
        return staff.grant_position(
            district["admin"],
            person_key=person,
            role=Role.GRID_WORKER,
            unit_key=grid,
            valid_from=first,
            valid_to=last,
        )

    grant(TODAY, TODAY + 5 * DAY)
    for first, last in [(TODAY + 5 * DAY, None), (TODAY - DAY, None), (TODAY + DAY, TODAY + DAY)]:
        with pytest.raises(staff.PositionHeldAlready):
            grant(first, last)
    assert grant(TODAY + 6 * DAY, None)
    with pytest.raises(staff.WrongSpan):
        grant(TODAY, TODAY - DAY)


def test_an_ended_position_is_over_today_and_takes_its_deputies_with_it(district: District) -> None:
    dispatcher, street = district["dispatcher"], district.units["S01"]
    position = dispatcher.positions[0].position_key
    other = district["supervisor"].person_key
    staff.appoint_deputy(district["admin"], position_key=position, person_key=other)
    assert holders(Role.STREET_DISPATCHER, street) == (dispatcher.person_key, other)
    staff.end_position(district["admin"], position)
    assert holders(Role.STREET_DISPATCHER, street) == ()


def test_a_deputy_stands_in_until_it_is_ended(district: District) -> None:
    admin, position = district["admin"], district["dispatcher"].positions[0].position_key
    other = district["supervisor"].person_key
    key = staff.appoint_deputy(admin, position_key=position, person_key=other)
    view = people.person_view(admin, district["dispatcher"].person_key)
    assert [line.login for line in view.positions[0].deputies] == ["supervisor"]
    staff.end_deputy(admin, key)
    assert holders(Role.STREET_DISPATCHER, district.units["S01"]) == (
        district["dispatcher"].person_key,
    )


def test_nobody_stands_in_for_themselves(district: District) -> None:
    dispatcher = district["dispatcher"]
    with pytest.raises(staff.OwnDeputy):
        staff.appoint_deputy(
            district["admin"],
            position_key=dispatcher.positions[0].position_key,
            person_key=dispatcher.person_key,
        )


def test_people_are_found_by_name_login_and_unit(district: District) -> None:
    admin = district["admin"]
    new_person(district)
    new_person(district, "wang_fang")

    def logins(search: str = "", unit: str | None = None) -> list[str]:
        unit_key = district.units[unit] if unit else None
        found = people.list_people(admin, search=search, unit_key=unit_key)
        assert found.total == len(found.people)
        return [person.login for person in found.people]

    assert logins("王") == ["wang.fang", "wang_fang"]
    assert logins("WANG fang") == ["wang.fang", "wang_fang"]
    assert logins("wang_") == ["wang_fang"]
    assert logins("%") == []
    assert logins("\\") == []
    assert logins(unit="S01") == ["dispatcher", "officer", "worker"]
    assert logins("cler", "D-PARKS") == ["parks_clerk"]


def test_a_long_list_comes_in_pages(district: District, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "PAGE_SIZE", 6)
    first = people.list_people(district["admin"])
    last = people.list_people(district["admin"], page=first.page_count)
    assert (first.total, first.page_count) == (14, 3)
    assert (len(first.people), len(last.people)) == (6, 2)
    assert people.list_people(district["admin"], page=99).people == ()
    assert people.list_people(district["admin"], page=-1).page == 1


CHANGES: list[Callable[[District], object]] = [
    lambda d: staff.create_person(d["officer"], login="new", name="新"),
    lambda d: staff.disable_person(d["officer"], d["worker"].person_key),
    lambda d: staff.enable_person(d["officer"], d["worker"].person_key),
    lambda d: staff.reset_password(d["officer"], d["worker"].person_key),
    lambda d: staff.grant_position(
        d["officer"],
        person_key=d["officer"].person_key,
        role=Role.ADMINISTRATOR,
        unit_key=d.units["DISTRICT"],
    ),
    lambda d: staff.end_position(d["officer"], d["worker"].positions[0].position_key),
    lambda d: staff.appoint_deputy(d["officer"], position_key=1, person_key=2),
    lambda d: staff.end_deputy(d["officer"], 1),
    lambda d: people.list_people(d["officer"]),
    lambda d: people.person_view(d["officer"], d["worker"].person_key),
]


@pytest.mark.parametrize("change", CHANGES)
def test_only_administrators_manage_people(
    district: District, change: Callable[[District], object]
) -> None:
    with pytest.raises(Forbidden):
        change(district)


def test_what_does_not_exist_is_not_found(district: District) -> None:
    admin = district["admin"]
    for change in (
        lambda: people.person_view(admin, NOBODY),
        lambda: staff.disable_person(admin, NOBODY),
        lambda: staff.reset_password(admin, NOBODY),
        lambda: staff.end_position(admin, NOBODY),
        lambda: staff.end_deputy(admin, NOBODY),
        lambda: staff.appoint_deputy(admin, position_key=NOBODY, person_key=admin.person_key),
    ):
        with pytest.raises(NotFound):
            change()
    with pytest.raises(UnknownUnit):
        people.list_people(admin, unit_key=NOBODY)


def test_the_first_administrator_is_made_once(district: District) -> None:
    with pytest.raises(staff.AdministratorExists):
        staff.create_first_administrator(login="root", password="street lamps at dusk")
    with transaction() as tx:
        for table in (t.position, t.person, t.counter):
            tx.connection.execute(delete(table))
        for row in tx.connection.execute(select(t.unit.c.key).order_by(t.unit.c.path.desc())):
            tx.connection.execute(delete(t.unit).where(t.unit.c.key == row.key))
    made = staff.create_first_administrator(login="root", password="street lamps at dusk")
    view = open_session(sign_in("root", "street lamps at dusk", address="a").token, now=NINE)
    assert view is not None
    assert view.actor is not None
    assert view.actor.person_key == made
    assert view.actor.roles == {Role.ADMINISTRATOR}
    assert people.person_view(view.actor, made).positions[0].unit.code == "DISTRICT"
