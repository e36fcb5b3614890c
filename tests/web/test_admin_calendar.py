"""Administrators and the work calendar: the year, its days, publication, units, undo."""

import re

import pytest

from app.cases import recount
from app.cases.calendar import extend_calendar
from app.store.db import transaction
from tests.support import walk
from tests.support.district import District
from tests.web.conftest import Browser, Login


@pytest.fixture
def admin(district: District, login: Login) -> Browser:
    """The administrator, with the calendar filled."""
    with transaction() as tx:
        extend_calendar(tx)
    return login("admin")


def page(browser: Browser, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def test_the_year_shows_holidays_and_days_worked_instead(admin: Browser) -> None:
    shown = page(admin, "/calendar?year=2026")
    assert "248 working days" in shown
    assert "Spring Festival · day off" in shown
    assert len(re.findall(r'<td class="day-makeup', shown)) == 6
    assert "not published yet" not in shown
    assert "not published yet" in page(admin, "/calendar?year=2027")


def test_days_are_changed_and_the_change_is_undone(admin: Browser) -> None:
    asked = page(admin, "/calendar/days?first=2026-12-24&year=2026")
    assert 'value="2026-12-24"' in asked
    answer = admin.post(
        "/calendar/days",
        {
            "year": "2026",
            "first": "2026-12-24",
            "last": "",
            "work": "hours",
            "hours": "09：00－12：00",
            "name": "Half day",
            "reason": "By order of the district",
        },
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, "/calendar?year=2026")
    shown = page(admin, "/calendar?year=2026")
    assert "Half day · 09:00-12:00" in shown
    assert "By order of the district" in shown
    undo = re.findall(r'action="(/calendar/undo/\d+)"', shown)
    assert len(undo) == 1
    assert admin.post(undo[0], {"year": "2026"}).status_code == 303
    shown = page(admin, "/calendar?year=2026")
    assert "Half day · 09:00-12:00" not in shown
    assert "change undone" in shown
    assert re.findall(r'action="/calendar/undo', shown) == []


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"first": ""}, "first", "between 2000 and 2100"),
        ({"first": "2026-13-01"}, "first", "no day"),
        ({"first": "2026-05-02", "last": "2026-05-01"}, "first", "in order"),
        ({"first": "2026-05-02", "work": "hours"}, "hours", "needs them"),
        ({"first": "2026-05-02", "work": "hours", "hours": "nine to five"}, "hours", "Write hours"),
        ({"first": "2026-05-02", "work": "hours", "hours": "12:00-09:00"}, "hours", "Write hours"),
        ({"first": "2026-05-02", "reason": "x" * 201}, "reason", "too long"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    admin: Browser, values: dict[str, str], field: str, sentence: str
) -> None:
    answer = admin.post("/calendar/days", {"year": "2026", "work": "off", "name": "Kept", **values})
    shown = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'href="#{field}"' in shown
    assert sentence in shown
    assert 'value="Kept"' in shown


def test_a_year_is_published(admin: Browser) -> None:
    assert "Take 2027 for certain?" in page(admin, "/calendar/publish?year=2027")
    assert admin.post("/calendar/publish", {"year": "2027"}).status_code == 303
    shown = page(admin, "/calendar?year=2027")
    assert "not published yet" not in shown
    assert "taken for certain" in shown


def test_the_page_says_how_many_limits_are_counted_again(
    district: District, admin: Browser
) -> None:
    key = walk.report().case_key
    walk.do(district["officer"], key, "triage", walk.TRIAGED)
    admin.post("/calendar/days", {"year": "2026", "first": "2026-12-24", "work": "off"})
    assert "being counted again" in page(admin, "/calendar?year=2026")
    recount.recount()
    assert "being counted again" not in page(admin, "/calendar/waiting")


def test_a_unit_gets_a_week_and_loses_it(district: District, admin: Browser) -> None:
    unit = district.units["D-PARKS"]
    assert f'value="{unit}"' in page(admin, "/calendar/week?new=1")
    assert "Monday" in page(admin, f"/calendar/week?unit={unit}")
    days = {f"day{number}": "06:00-10:00" if number < 6 else "" for number in range(7)}
    answer = admin.post("/calendar/week", {"unit": str(unit), "keeps_holidays": "yes", **days})
    assert answer.status_code == 303
    shown = page(admin, f"/calendar?unit={unit}&year=2026")
    assert "keeps holidays" in shown
    assert "Unit D-PARKS" in page(admin, "/calendar?year=2026")
    nobody = admin.post("/calendar/week", {"unit": str(unit), "day0": ""})
    assert nobody.status_code == 422
    assert "at least one day" in nobody.get_data(as_text=True)
    assert "Remove this calendar" in page(admin, f"/calendar/remove?unit={unit}")
    assert admin.post("/calendar/remove", {"unit": str(unit)}).status_code == 303
    assert "All units work as the district does" in page(admin, "/calendar?year=2026")


def test_the_district_gets_other_hours(admin: Browser) -> None:
    assert "Monday to Friday" in page(admin, "/calendar/week")
    assert admin.post("/calendar/week", {"day0": "8:30-11:30，13:30-17:30"}).status_code == 303
    assert "08:30-11:30, 13:30-17:30" in page(admin, "/calendar?year=2026")


def test_others_see_the_calendar_and_cannot_change_it(district: District, login: Login) -> None:
    worker = login("worker")
    shown = page(worker, "/calendar?year=2026")
    assert "/calendar/days" not in shown
    for address in ("/calendar/days", "/calendar/publish?year=2027", "/calendar/week"):
        assert worker.get(address).status_code == 403


def test_a_provisional_limit_says_so(district: District, login: Login) -> None:
    """A case triaged in November is due in 2026: nothing provisional about it."""
    with transaction() as tx:
        extend_calendar(tx)
    key = walk.report().case_key
    walk.do(district["officer"], key, "triage", walk.TRIAGED)
    task = walk.open_tasks(key)["sign_for"]["key"]
    clerk = login("clerk")
    assert 'class="provisional"' not in page(clerk, f"/tasks/{task}")
