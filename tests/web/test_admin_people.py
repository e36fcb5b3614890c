"""Administrators and people: accounts, one-time passwords, positions, deputies; nobody else."""

import re

import pytest

from app.cases import people, staff
from app.cases.handling import claim_task
from app.organisation.roles import Role
from tests.support import walk
from tests.support.colleagues import signed
from tests.support.district import District
from tests.web.conftest import PASSWORD, Browser, Login

PAGES = ("/people", "/people/new", "/units")


def key_of(district: District, login: str) -> int:
    return district[login].person_key


def new_person(browser: Browser, **fields: str) -> tuple[int, str]:
    """Make an account on its page and return the person's key and the password shown."""
    browser.get("/people/new")
    answer = browser.post("/people/new", {"name": "王芳", "login": "wang", **fields})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200, page
    password = re.search(r'<code class="fs-4">([^<]+)</code>', page)
    key = re.search(r"/people/(\d+)/positions/new", page)
    assert password
    assert key
    return int(key[1]), password[1]


def grant(browser: Browser, key: int, role: Role, unit: int, **days: str) -> int:
    fields = {"role": role.value, "unit": unit, **days}
    return browser.post(f"/people/{key}/positions/new", fields).status_code


@pytest.mark.parametrize("page", PAGES)
def test_only_administrators_come_in(login: Login, visitor: Browser, page: str) -> None:
    assert visitor.get(page).status_code == 303
    assert login("supervisor").get(page).status_code == 403
    assert login("admin").get(page).status_code == 200


def test_nobody_else_can_send_the_forms(district: District, login: Login) -> None:
    browser, key = login("supervisor"), key_of(district, "clerk")
    for address in ("new", f"{key}/disable", f"{key}/password", f"{key}/positions/new"):
        assert browser.post(f"/people/{address}", {}).status_code == 403
    assert people.person_view(district["admin"], key).is_active


def test_the_head_shows_the_pages_to_administrators_alone(login: Login) -> None:
    assert 'href="/people"' in login("admin").get("/people").get_data(as_text=True)
    assert 'href="/people"' not in login("supervisor").get("/cases").get_data(as_text=True)


def test_people_are_found_by_name_unit_and_state(district: District, login: Login) -> None:
    browser = login("admin")
    page = browser.get("/people?q=parks&state=active").get_data(as_text=True)
    assert "3 people" in page
    unit = district.units["D-URBAN"]
    page = browser.get(f"/people?unit={unit}").get_data(as_text=True)
    assert re.findall(r"<code>(\w+)</code>", page) == ["clerk", "handler", "leader"]
    assert "Nobody fits" in browser.get("/people?state=disabled").get_data(as_text=True)
    assert browser.get("/people?unit=999999").status_code == 404


def test_a_long_list_has_pages(district: District, login: Login) -> None:
    for number in range(40):
        staff.create_person(
            district["admin"], login=f"extra{number:02}", name="Extra", password=PASSWORD
        )
    browser = login("admin")
    first = browser.get("/people").get_data(as_text=True)
    assert "Page 1 of 2" in first
    second = browser.get("/people?page=2").get_data(as_text=True)
    assert "Page 2 of 2" in second
    logins = re.findall(r"<code>(\w+)</code>", first + second)
    assert len(logins) == len(set(logins)) == 40 + len(district.actors)
    assert "not that long" in browser.get("/people?page=9").get_data(as_text=True)


def test_a_new_person_signs_in_with_the_password_shown_once(
    district: District, login: Login
) -> None:
    browser = login("admin")
    key, password = new_person(browser)
    assert password not in browser.get(f"/people/{key}").get_data(as_text=True)
    theirs = Browser(district.app.test_client())
    theirs.get("/sign-in")
    assert theirs.post("/sign-in", {"login": "wang", "password": password}).status_code == 303


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"name": "王芳", "login": "a b"}, "login", "no spaces"),
        ({"name": "王芳", "login": "CLERK"}, "login", "is taken"),
        ({"name": " ", "login": "wang"}, "name", "cannot be taken"),
        ({"name": "x" * 201, "login": "wang"}, "name", "too long"),
        ({"name": "\u200b\u2028", "login": "wang"}, "name", "cannot be taken"),
    ],
)
def test_what_is_wrong_with_an_account_is_said_at_its_field(
    login: Login, fields: dict[str, object], field: str, sentence: str
) -> None:
    browser = login("admin")
    browser.get("/people/new")
    answer = browser.post("/people/new", fields)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    told = re.search(rf'<p class="field-error" id="{field}-error">([^<]+)</p>', page)
    assert told
    assert sentence in told[1]
    assert f'href="#{field}"' in page


def test_an_account_is_closed_only_after_asking(district: District, login: Login) -> None:
    browser, key = login("admin"), key_of(district, "clerk")
    clerk = login("clerk")
    assert "Close this account?" in browser.get(f"/people/{key}/disable").get_data(as_text=True)
    assert people.person_view(district["admin"], key).is_active
    assert browser.post(f"/people/{key}/disable", {}).status_code == 303
    assert clerk.get("/inbox").status_code == 303
    browser.post(f"/people/{key}/enable", {})
    assert people.person_view(district["admin"], key).is_active


def test_the_last_administrator_is_told_to_stay(district: District, login: Login) -> None:
    browser, key = login("admin"), key_of(district, "admin")
    answer = browser.post(f"/people/{key}/disable", {})
    assert answer.status_code == 422
    assert "only administrator left" in answer.get_data(as_text=True)
    assert "your own account" in answer.get_data(as_text=True)


def test_a_new_password_ends_the_sessions_of_the_old(district: District, login: Login) -> None:
    browser, key = login("admin"), key_of(district, "clerk")
    clerk = login("clerk")
    browser.get(f"/people/{key}/password")
    assert clerk.get("/inbox").status_code == 200
    assert browser.post(f"/people/{key}/password", {}).status_code == 200
    assert clerk.get("/inbox").status_code == 303


def test_a_position_is_asked_for_by_role_then_unit(district: District, login: Login) -> None:
    browser, key = login("admin"), key_of(district, "clerk")
    page = browser.get(f"/people/{key}/positions/new?role=grid_worker").get_data(as_text=True)
    assert re.findall(r"\((S01-C01-G\d+)\)", page) == ["S01-C01-G01", "S01-C01-G02"]
    unit = district.units["S01-C01-G02"]
    days = {"valid_from": "2026-01-01", "valid_to": "2999-12-31"}
    assert grant(browser, key, Role.GRID_WORKER, unit, **days) == 303
    page = browser.get(f"/people/{key}").get_data(as_text=True)
    assert "Jan 1, 2026" in page
    assert "Dec 31, 2999" in page
    assert "Grid worker" in page


def test_what_is_wrong_with_a_position_is_said(district: District, login: Login) -> None:
    browser, key = login("admin"), key_of(district, "clerk")
    parks, street = district.units["D-PARKS"], district.units["S01"]
    browser.get(f"/people/{key}")
    assert grant(browser, key, Role.UNIT_CLERK, street) == 422
    assert grant(browser, key, Role.UNIT_CLERK, 0) == 422
    assert grant(browser, key, Role.UNIT_CLERK, parks, valid_from="soon") == 422
    days = {"valid_from": "2026-12-02", "valid_to": "2026-12-01"}
    assert grant(browser, key, Role.UNIT_CLERK, parks, **days) == 422
    assert grant(browser, key, Role.UNIT_CLERK, parks) == 303
    assert grant(browser, key, Role.UNIT_CLERK, parks) == 422
    held = people.person_view(district["admin"], key).positions
    assert {line.unit.code for line in held} == {"D-URBAN", "D-PARKS"}


def test_a_deputy_acts_until_the_end(district: District, login: Login) -> None:
    browser, leader = login("admin"), district["leader"]
    position = leader.positions[0].position_key
    address = f"/people/{leader.person_key}/positions/{position}"
    page = browser.get(f"{address}/deputy?q=parks_leader").get_data(as_text=True)
    deputy = key_of(district, "parks_leader")
    assert f'value="{deputy}"' in page
    assert browser.post(f"{address}/deputy", {"deputy": deputy}).status_code == 303
    (line,) = people.person_view(district["admin"], leader.person_key).positions
    assert [each.login for each in line.deputies] == ["parks_leader"]
    ending = f"{address}/deputies/{line.deputies[0].key}/end"
    assert "parks_leader" in browser.get(ending).get_data(as_text=True).lower()
    assert browser.post(ending, {"last_day": ""}).status_code == 303
    (line,) = people.person_view(district["admin"], leader.person_key).positions
    assert line.deputies[0].valid_to is not None


def test_nobody_stands_in_for_themselves(district: District, login: Login) -> None:
    browser, leader = login("admin"), district["leader"]
    address = f"/people/{leader.person_key}/positions/{leader.positions[0].position_key}/deputy"
    for deputy, sentence in ((leader.person_key, "themselves"), ("", "nothing here")):
        answer = browser.post(address, {"deputy": deputy, "q": "leader"})
        assert answer.status_code == 422
        assert sentence in answer.get_data(as_text=True)


def test_a_position_ends_on_its_last_day(district: District, login: Login) -> None:
    browser, clerk = login("admin"), district["clerk"]
    address = f"/people/{clerk.person_key}/positions/{clerk.positions[0].position_key}/end"
    assert browser.post(address, {"last_day": "31.12."}).status_code == 422
    assert browser.post(address, {"last_day": "2999-12-31"}).status_code == 303
    (line,) = people.person_view(district["admin"], clerk.person_key).positions
    assert line.is_held_today
    assert browser.post(address, {"last_day": ""}).status_code == 303
    (line,) = people.person_view(district["admin"], clerk.person_key).positions
    assert not line.is_held_today


def test_a_position_is_changed_only_at_its_holder(district: District, login: Login) -> None:
    browser, clerk = login("admin"), district["clerk"]
    other = key_of(district, "handler")
    address = f"/people/{other}/positions/{clerk.positions[0].position_key}"
    for rest in ("end", "deputy"):
        assert browser.get(f"{address}/{rest}").status_code == 404
        assert browser.post(f"{address}/{rest}", {}).status_code == 404
    (line,) = people.person_view(district["admin"], clerk.person_key).positions
    assert line.is_held_today


@pytest.mark.parametrize("key", [1, 2**40, 2**63, 10**30])
def test_an_address_of_nobody_is_a_sentence(login: Login, key: int) -> None:
    browser = login("admin")
    for rest in ("", "/disable", "/password", "/positions/new", f"/positions/{key}/end"):
        assert browser.get(f"/people/{key}{rest}").status_code == 404
    assert browser.post(f"/people/{key}/password", {}).status_code in {404, 405}


def test_pages_speak_chinese(district: District, login: Login) -> None:
    browser = login("admin").language("zh-CN")
    assert "添加人员" in browser.get("/people").get_data(as_text=True)
    page = browser.get(f"/people/{key_of(district, 'clerk')}").get_data(as_text=True)
    assert "部门收文员" in page
    assert "2020年1月1日" in page


def test_before_a_position_ends_one_sees_what_its_holder_has_taken(
    district: District, login: Login
) -> None:
    handler = district["handler"]
    task = walk.open_tasks(signed(district))["handle"]
    address = f"/people/{handler.person_key}/positions/{handler.positions[0].position_key}/end"
    assert "has taken" not in login("admin").get(address).get_data(as_text=True)
    claim_task(handler, task["key"], seen_version=task["version"])
    seen = login("admin").get(address).get_data(as_text=True)
    assert "1 open task that Handler has taken goes back to those who hold the role." in seen
    assert "已领取的 1 项未完成任务" in login("admin").language("zh-CN").get(address).get_data(
        as_text=True
    )
