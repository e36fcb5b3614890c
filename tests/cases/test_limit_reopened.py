"""A limit that was missed, was taken up again and got more time: no hour of it counts twice.

A case is established on Tuesday 24 November 2026 at nine with five working days of seven and a half
hours, until Tuesday 1 December at nine. It is reviewed on Friday 4 December at nine, when sixty
hours have passed, and fails the check on the spot. The dispatcher gives it until Monday 14 December
at nine: forty-five hours more. Of a hundred and five the yellow card comes after eighty-four, that
is twenty-four hours on: Friday, Monday and Tuesday seven and a half each, and on Wednesday 9
December at half past ten.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.cases import deadlines, messages
from app.clock import moved_to
from tests.support import walk
from tests.support.district import TUESDAY_NINE, District

ZONE = ZoneInfo("Asia/Shanghai")
MINUTE = timedelta(minutes=1)
RETURNED = {
    "result": "not_duty",
    "unresolved_reason": "law",
    "proposed_unit": "D-PARKS",
}


def december(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 12, day, hour, minute, tzinfo=ZONE)


def settle() -> None:
    """Let everything that is due or on its way happen."""
    while deadlines.fire_due().stepped:
        messages.deliver_buffered()
    messages.deliver_buffered()


def test_the_yellow_card_comes_when_four_fifths_of_all_its_time_have_passed(
    district: District,
) -> None:
    with moved_to(TUESDAY_NINE):
        key = walk.report().case_key
        walk.do(district["officer"], key, "triage", walk.TRIAGED)
        walk.do(district["clerk"], key, "sign_for", walk.SIGNED)
        walk.do(district["handler"], key, "handle", walk.HANDLED)
    assert walk.case_row(key)["due_at"] == december(1, 9)
    with moved_to(december(4, 9)):
        settle()
        walk.do(district["leader"], key, "review_result", walk.PASSED)
        failed = {**walk.CHECKED, "verdict": "fail", "note": "Still there"}
        walk.do(district["worker"], key, "site_check", failed)
        settle()
        assert walk.case_row(key)["card"] == "red"
        walk.do(district["handler"], key, "handle", walk.HANDLED | RETURNED)
        approved = {"verdict": "approve", "reason": "Theirs"}
        walk.do(district["dispatcher"], key, "arbitrate_return", approved)
        longer = {"limit_until": december(14, 9).isoformat(), "limit_reason": "New department"}
        to_parks = walk.DISPATCHED | {"lead_unit": "D-PARKS"} | longer
        walk.do(district["dispatcher"], key, "dispatch", to_parks)
        settle()
    assert (walk.case_row(key)["due_at"], walk.case_row(key)["card"]) == (december(14, 9), None)
    for at, card in (
        (december(9, 10, 30) - MINUTE, None),
        (december(9, 10, 30) + MINUTE, "yellow"),
        (december(14, 9) + MINUTE, "red"),
    ):
        with moved_to(at):
            settle()
        assert walk.case_row(key)["card"] == card
