"""Supervisors find the cases with a card, whether or not a task is late; lines show the card.

A case is established on Tuesday 24 November 2026 at nine with five working days of seven and a half
hours: 80 % have passed on Friday 27 November at half past five, when the fourth day is over; the
limit is over on Tuesday 1 December at nine.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.cases import deadlines, messages
from app.clock import moved_to
from tests.support import walk
from tests.support.district import TUESDAY_NINE, District
from tests.web.conftest import Login

ZONE = ZoneInfo("Asia/Shanghai")
MINUTE = timedelta(minutes=1)
NEAR = datetime(2026, 11, 27, 17, 30, tzinfo=ZONE) + MINUTE
PASSED = datetime(2026, 12, 1, 9, tzinfo=ZONE) + MINUTE
MARK = {"red": 'class="card-mark card-red"', "yellow": 'class="card-mark card-yellow"'}


def settle() -> None:
    while deadlines.fire_due().stepped:
        messages.deliver_buffered()


def in_handling(district: District) -> tuple[int, str]:
    """Return key and number of a case that its department has begun to handle."""
    with moved_to(TUESDAY_NINE):
        receipt = walk.report()
        walk.do(district["officer"], receipt.case_key, "triage", walk.TRIAGED)
        walk.do(district["clerk"], receipt.case_key, "sign_for", walk.SIGNED)
    return receipt.case_key, receipt.number


def reviewed_late(district: District, at: datetime) -> tuple[int, str]:
    """Return a case handled just before its limit: its review is not late when the limit passes."""
    key, number = in_handling(district)
    with moved_to(at - 2 * MINUTE):
        settle()
        walk.do(district["handler"], key, "handle", walk.HANDLED)
    return key, number


def shown(login: Login, address: str, at: datetime, *, who: str = "supervisor") -> str:
    with moved_to(at):
        settle()
        answer = login(who).get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_a_red_case_is_on_the_list_although_none_of_its_tasks_is_late(
    district: District, login: Login
) -> None:
    _, number = reviewed_late(district, PASSED)
    tasks = shown(login, "/overdue", PASSED)
    assert number not in tasks
    assert 'Red cards <span class="count">1</span>' in tasks
    cards = shown(login, "/overdue/red", PASSED)
    assert number in cards
    assert MARK["red"] in cards
    assert "Review" in cards
    assert number not in shown(login, "/overdue/yellow", PASSED)


def test_a_yellow_case_is_on_the_list_of_its_own_and_moves_to_the_other(
    district: District, login: Login
) -> None:
    _, number = in_handling(district)
    assert number not in shown(login, "/overdue/yellow", NEAR - 2 * MINUTE)
    assert number in shown(login, "/overdue/yellow", NEAR)
    assert number in shown(login, "/overdue/red", PASSED)
    assert number not in shown(login, "/overdue/yellow", PASSED)


def test_the_list_leads_down_the_tree_of_units(district: District, login: Login) -> None:
    _, number = in_handling(district)
    street, parks = district.units["S01"], district.units["D-PARKS"]
    top = shown(login, "/overdue/red", PASSED)
    assert f"/overdue/red?unit={street}" in top
    assert f"/overdue/red?unit={parks}" not in top
    assert number in shown(login, f"/overdue/red?unit={street}", PASSED)
    assert number in shown(login, f"/overdue/red?unit={district.units['D-URBAN']}", PASSED)
    assert number not in shown(login, f"/overdue/red?unit={parks}", PASSED)


def test_a_closed_case_leaves_the_list_and_a_handled_one_says_so(
    district: District, login: Login
) -> None:
    key, number = reviewed_late(district, PASSED)
    with moved_to(PASSED):
        settle()
        walk.do(district["leader"], key, "review_result", walk.PASSED)
        walk.do(district["worker"], key, "site_check", walk.CHECKED)
    handled = shown(login, "/overdue/red", PASSED)
    assert number in handled
    assert "handled" in handled
    with moved_to(PASSED):
        walk.rate(key)
        walk.do(district["dispatcher"], key, "close", walk.CLOSED)
    assert number not in shown(login, "/overdue/red", PASSED)
    assert MARK["red"] not in shown(login, "/cases", PASSED)


@pytest.mark.parametrize(("card", "at"), [("yellow", NEAR), ("red", PASSED)])
def test_lines_of_every_list_show_the_card(
    district: District, login: Login, card: str, at: datetime
) -> None:
    in_handling(district)
    assert MARK[card] in shown(login, "/inbox?tab=groups", at, who="handler")
    assert MARK[card] in shown(login, "/cases", at, who="handler")
    late = shown(login, "/overdue", at + timedelta(days=30))
    assert MARK["red"] in late
    for address in ("/inbox?tab=groups", "/cases"):
        assert "card-mark" not in shown(login, address, TUESDAY_NINE, who="parks_handler")


def test_only_who_supervises_reads_it_and_only_their_own_part(
    district: District, login: Login
) -> None:
    in_handling(district)
    with moved_to(PASSED):
        assert login("worker").get("/overdue/red").status_code == 403
        foreign = f"/overdue/red?unit={district.units['DISTRICT']}"
        assert login("dispatcher").get(foreign).status_code == 404
        assert login("supervisor").get("/overdue/blue").status_code == 404


def test_the_list_is_in_chinese_on_chinese_pages(district: District, login: Login) -> None:
    in_handling(district)
    with moved_to(PASSED):
        settle()
        page = login("supervisor").language("zh-CN").get("/overdue/red").get_data(as_text=True)
    assert "红牌" in page
    assert "黄牌" in page
    assert "超时任务" in page


def test_a_limit_that_is_moved_moves_the_case_in_the_list(district: District, login: Login) -> None:
    """Two red cases; the first is given a month more, so that it has no card any more."""
    key, number = in_handling(district)
    _, other = in_handling(district)
    assert shown(login, "/overdue/red", PASSED).count(MARK["red"]) == 2
    with moved_to(PASSED):
        returned = {"result": "not_duty", "unresolved_reason": "law", "proposed_unit": "D-PARKS"}
        walk.do(district["handler"], key, "handle", walk.HANDLED | returned)
        approved = {"verdict": "approve", "reason": "Theirs"}
        walk.do(district["dispatcher"], key, "arbitrate_return", approved)
        longer = {"limit_until": "2026-12-31T09:00:00+08:00", "limit_reason": "Another department"}
        to_parks = walk.DISPATCHED | {"lead_unit": "D-PARKS"} | longer
        walk.do(district["dispatcher"], key, "dispatch", to_parks)
    page = shown(login, "/overdue/red", PASSED)
    assert number not in page
    assert other in page
