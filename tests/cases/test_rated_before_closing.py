"""A rating between the end of the callback and closing is looked at before the case is closed."""

from datetime import datetime, timedelta

import pytest

from app.cases.intake import Receipt
from app.cases.resident_answering import rate
from app.cases.tracking import track
from app.clock import moved_to
from app.engine.errors import NobodyWaits
from app.errors import CaseBusy
from tests.cases.test_concurrency import at_once
from tests.support import callback, walk
from tests.support.callback import CALLED, DAY, JUSTIFIED
from tests.support.district import TUESDAY_NINE, District
from tests.support.residents import posting

LATER = TUESDAY_NINE + DAY
DECLINED = {"contacted": "no", "not_reached": "declined"}
BAD = {"grade": "5", "resolved": "no", "comment": "All still there."}
GOOD = {"grade": "2", "resolved": "yes"}


def to_closing(district: District, found: object = DECLINED) -> Receipt:
    """Return a case that waits for closing; nobody was reached unless something else was found."""
    with moved_to(TUESDAY_NINE):
        case = walk.report(name="Wang", phone="13800000000", has_consented=True)
        walk.to_callback(district, case.case_key)
    callback.wait_until(LATER)
    callback.do(district, "callback", case, "callback_task", found, at=LATER)
    assert set(walk.open_tasks(case.case_key)) == {"close"}
    return case


def say(case: Receipt, given: dict[str, str], *, at: datetime = LATER) -> None:
    """Let the reporter rate on the page of the case."""
    with moved_to(at):
        rate(case.token, posting(**given))


def test_a_bad_rating_is_verified_and_leads_back_to_handling(district: District) -> None:
    case = to_closing(district)
    assert track(case.token).offers.can_rate
    say(case, BAD)
    assert set(walk.open_tasks(case.case_key)) == {"verify_bad_rating"}
    task = walk.open_tasks(case.case_key)["verify_bad_rating"]
    assert (task["inputs"]["words"], task["inputs"]["grade"]) == ("All still there.", 5)
    assert not track(case.token).offers.can_rate
    callback.do(district, "officer", case, "verify_bad_rating", JUSTIFIED, at=LATER)
    assert set(walk.open_tasks(case.case_key)) == {"dispatch"}
    assert walk.case_row(case.case_key)["handled_at"] is None
    kinds = [(each["kind"], each["is_reached"]) for each in callback.rounds(case)]
    assert kinds == [("callback", False), ("token", True)]


def test_a_good_rating_is_kept_and_the_case_waits_for_closing_again(district: District) -> None:
    case = to_closing(district)
    say(case, GOOD)
    task = walk.open_tasks(case.case_key)["close"]
    assert task["inputs"]["callback_outcome"] == "resolved"
    callback.do(district, "dispatcher", case, "close", walk.CLOSED, at=LATER)
    row = walk.case_row(case.case_key)
    assert (row["outcome"], row["grade"], row["resolved"]) == ("closed", 2, "yes")
    assert not track(case.token).offers.can_rate


def test_who_said_it_on_the_telephone_is_not_asked_by_the_page(district: District) -> None:
    case = to_closing(district, CALLED)
    assert not track(case.token).offers.can_rate
    with pytest.raises(NobodyWaits):
        say(case, BAD)
    assert set(walk.open_tasks(case.case_key)) == {"close"}
    assert walk.case_row(case.case_key)["grade"] == 2


def test_a_rating_and_a_closing_at_once_leave_one_of_them_first_and_lose_neither(
    district: District,
) -> None:
    for _ in range(3):
        case = to_closing(district)
        task = walk.open_tasks(case.case_key)["close"]

        def close(case: Receipt = case) -> object:
            return walk.do(district["dispatcher"], case.case_key, "close", walk.CLOSED)

        def say_bad(case: Receipt = case) -> object:
            with moved_to(LATER + timedelta(seconds=1)):
                return rate(case.token, posting(**BAD))

        closed, said = at_once(district, [close, say_bad], now=LATER)
        row = walk.case_row(case.case_key)
        assert said is None, "the rating is taken either way"
        assert row["grade"] == 5
        assert set(walk.open_tasks(case.case_key)) == {"verify_bad_rating"}
        is_closed = not isinstance(closed, CaseBusy | KeyError)
        assert (row["closed_at"] is not None) is is_closed, task
