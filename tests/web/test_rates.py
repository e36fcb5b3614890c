"""The page of the rates: who may open it, what it says, what it lets one take along."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import update

from app.clock import moved_to
from app.store.db import transaction
from app.store.tables.cases import cases
from tests.analytics.conftest import Written, november, on_paper
from tests.support.district import District
from tests.web.conftest import Login

NOW = november(28)


@pytest.fixture(autouse=True)
def late_november(district: District) -> Iterator[None]:
    """Hold the clock at the end of the month, with the cases of the paper written."""
    on_paper(Written(district))
    with moved_to(NOW):
        yield


def words(page: str) -> str:
    """Return what a reader sees of a page, in one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_supervisors_read_the_rates_with_what_is_left_out(login: Login) -> None:
    seen = words(login("supervisor").get("/rates").get_data(as_text=True))
    assert "Rates · November 2026" in seen
    assert "Response 40.0% 2 of 5" in seen
    assert "Resolution 40.0% 2 of 5" in seen
    assert "Satisfaction 66.7% 4 of 6" in seen
    assert "1 screened 1 not evaluated" in seen
    assert "In part is not resolved." in seen


def test_a_number_opens_the_cases_it_counts(login: Login) -> None:
    browser = login("supervisor")
    page = browser.get("/rates?by=department").get_data(as_text=True)
    links = re.findall(r'href="(/rates/cases\?[^"]+)">(\d+)<', page)
    assert len(links) > 10
    for address, number in links:
        listed = browser.get(address.replace("&amp;", "&"))
        assert listed.status_code == 200
        assert listed.get_data(as_text=True).count("data-list-item") == int(number), address


def test_months_can_be_compared(login: Login) -> None:
    seen = words(login("supervisor").get("/rates?by=month").get_data(as_text=True))
    assert "October 2026 100.0% 1 / 1 – 0 / 0 100.0% 1 / 1" in seen


def test_everything_is_there_in_chinese(login: Login) -> None:
    browser = login("supervisor").language("zh-CN")
    for address in ("/rates", "/rates?by=month", "/rates/cases?measure=rated"):
        seen = words(browser.get(address).get_data(as_text=True))
        for english in ("Response", "Satisf", "Screened", "Month", "evaluated", "Resolved"):
            assert english not in seen, (address, english)
    assert "2026年11月" in words(browser.get("/rates").get_data(as_text=True))


def test_the_table_can_be_taken_along_by_who_may(login: Login) -> None:
    taken = login("supervisor").get("/rates.csv?by=department")
    lines = taken.get_data(as_text=True).splitlines()
    assert taken.mimetype == "text/csv"
    assert lines[1] == "Unit D-PARKS,0.0%,50.0%,100.0%,1,0,2,1,2,2,0,0,0"
    assert lines[-1] == "All together,40.0%,40.0%,66.7%,5,2,5,2,6,4,1,1,1"
    officer = login("officer")
    assert "rates.csv" not in officer.get("/rates").get_data(as_text=True)
    assert officer.get("/rates.csv").status_code == 403


def test_who_may_not_see_statistics_does_not(login: Login) -> None:
    handler = login("handler")
    assert handler.get("/rates").status_code == 403
    assert handler.get("/rates/cases?measure=rated").status_code == 403


def test_an_address_that_was_tampered_with_is_no_failure(login: Login) -> None:
    browser = login("supervisor")
    assert browser.get("/rates?month=2026-99&by=moon").status_code == 200
    assert browser.get("/rates/cases?measure=moon").status_code == 404
    assert browser.get("/rates/cases").status_code == 404
    odd = "/rates/cases?measure=rated&unit=9999999999999999999&month=x&by=month&after=%2527"
    assert browser.get(odd).status_code == 200


def test_an_empty_month_says_when_numbers_appear(login: Login) -> None:
    with moved_to(NOW + timedelta(days=62)):
        seen = words(login("supervisor").get("/rates").get_data(as_text=True))
    assert "Nothing was due or evaluated." in seen
    assert "Satisfaction –" in seen


def test_a_replay_is_a_choice_where_there_is_one(login: Login) -> None:
    browser = login("supervisor")
    assert "Daily work" not in browser.get("/rates").get_data(as_text=True)
    mark = {"source": "elsewhere", "source_ref": "1", "clock_domain": "replay:elsewhere"}
    with transaction() as tx:
        only = cases.c.description == "Case G"
        tx.connection.execute(update(cases).where(only).values(**mark))
    assert "Satisfaction 60.0% 3 of 5" in words(browser.get("/rates").get_data(as_text=True))
    page = browser.get("/rates?replay=elsewhere&by=department").get_data(as_text=True)
    assert "Only cases that were replayed from the file elsewhere are counted." in words(page)
    links = re.findall(r'href="(/rates/cases\?[^"]+)">1<', page)
    assert links
    for address in links:
        listed = browser.get(address.replace("&amp;", "&")).get_data(as_text=True)
        assert "Case G" in listed
    taken = browser.get("/rates.csv?replay=elsewhere")
    assert 'filename="rates-elsewhere.csv"' in taken.headers["Content-Disposition"]
