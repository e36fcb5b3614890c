"""A limit is near where the table of the clock's steps gives a yellow card, in working time.

A case is established on Tuesday 24 November 2026 at nine with five working days: 80 % of their
working time have passed on Friday at half past five, 80 % of all the time on Sunday night.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app import ROOT
from app.cases.designs import deploy
from app.clock import moved_to
from tests.support import walk
from tests.support.district import TUESDAY_NINE, District
from tests.web.conftest import Login

ZONE = ZoneInfo("Asia/Shanghai")
MINUTE = timedelta(minutes=1)


def in_handling(district: District, **said: str) -> int:
    with moved_to(TUESDAY_NINE):
        key = walk.report().case_key
        walk.do(district["officer"], key, "triage", {**walk.TRIAGED, **said})
        walk.do(district["clerk"], key, "sign_for", walk.SIGNED)
    return key


def is_near(login: Login, at: datetime) -> bool:
    with moved_to(at):
        page = login("handler").get("/inbox?tab=groups").get_data(as_text=True)
    assert "due-fine" in page or "due-near" in page
    return "due-near" in page


def at_share(key: int, share: float) -> datetime:
    case = walk.case_row(key)
    return case["established_at"] + (case["due_at"] - case["established_at"]) * share


def test_what_is_ordinary_is_near_by_working_time(district: District, login: Login) -> None:
    in_handling(district)
    near_at = datetime(2026, 11, 27, 17, 30, tzinfo=ZONE)
    assert not is_near(login, near_at - MINUTE)
    assert is_near(login, near_at + MINUTE)


def test_what_is_urgent_is_near_day_and_night(district: District, login: Login) -> None:
    key = in_handling(district, severity="urgent")
    near_at = at_share(key, 0.8)
    assert not is_near(login, near_at - MINUTE)
    assert is_near(login, near_at + MINUTE)


@pytest.mark.parametrize(("share", "near"), [("0.2", True), ("0.9", False)])
def test_another_share_in_the_table_moves_what_is_near(
    district: District, login: Login, share: str, near: bool
) -> None:
    """On Thursday at nine 40 % have passed: beyond a fifth, and far from nine tenths."""
    in_handling(district)
    table = (ROOT / "bpmn" / "escalation_steps.dmn").read_bytes()
    changed = table.replace(b"<text>0.8</text>", f"<text>{share}</text>".encode())
    assert changed != table
    labels = (ROOT / "bpmn" / "escalation_steps.zh-CN.json").read_bytes()
    files = {"escalation_steps.dmn": changed, "escalation_steps.zh-CN.json": labels}
    deploy(files, actor=district["designer"])
    assert is_near(login, datetime(2026, 11, 26, 9, tzinfo=ZONE)) is near
