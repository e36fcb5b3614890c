"""The main process and its callback answer each other, on both databases, and leave nothing."""

from datetime import datetime, timedelta

from sqlalchemy import select

from app.cases import deadlines, messages
from app.cases.intake import Receipt
from app.clock import moved_to
from app.store.db import reading, transaction
from app.store.tables.runtime import message, message_subscription, process_instance, timer
from tests.support import callback, walk
from tests.support.callback import CALLED, DAY, JUSTIFIED, NO_ANSWER
from tests.support.district import TUESDAY_NINE, District

STEPS = {
    "triage": ("officer", walk.TRIAGED),
    "dispatch": ("dispatcher", walk.DISPATCHED),
    "sign_for": ("clerk", walk.SIGNED),
    "handle": ("handler", walk.HANDLED),
    "review_result": ("leader", walk.PASSED),
    "site_check": ("worker", walk.CHECKED),
}


def handled(district: District, case: Receipt, *, at: datetime) -> None:
    """Take a case as far as the department can."""
    while steps := walk.open_tasks(case.case_key).keys() & STEPS.keys():
        step = steps.pop()
        who, answers = STEPS[step]
        callback.do(district, who, case, step, answers, at=at)


def nothing_is_left(case: Receipt) -> bool:
    with reading() as connection:
        states = connection.execute(select(process_instance.c.state)).scalars().all()
        rows = [
            connection.execute(select(table.c.key)).first()
            for table in (message, message_subscription, timer)
        ]
    return set(states) == {"COMPLETED"} and not any(rows) and not walk.open_tasks(case.case_key)


def test_what_is_rightly_called_unresolved_is_handled_again_and_asked_about_again(
    district: District,
) -> None:
    with moved_to(TUESDAY_NINE):
        case = walk.report()
    handled(district, case, at=TUESDAY_NINE)
    assert walk.open_tasks(case.case_key) == {}, "the reporter has a day to rate"
    callback.rate(case, "4", resolved="no")
    callback.do(district, "officer", case, "verify_bad_rating", JUSTIFIED, at=TUESDAY_NINE)
    assert walk.case_row(case.case_key)["handled_at"] is None
    handled(district, case, at=TUESDAY_NINE)
    later = TUESDAY_NINE + DAY
    callback.wait_until(later)
    callback.do(district, "callback", case, "callback_task", CALLED, at=later)
    callback.do(district, "dispatcher", case, "close", walk.CLOSED, at=later)
    row = walk.case_row(case.case_key)
    assert (row["grade"], row["resolved"], row["outcome"]) == (2, "yes", "closed")
    assert [each["kind"] for each in callback.rounds(case)] == ["token", "callback"]
    assert nothing_is_left(case)


def test_a_bad_rating_after_closing_is_put_right_beside_the_closed_case(
    district: District,
) -> None:
    with moved_to(TUESDAY_NINE):
        case = walk.report()
    handled(district, case, at=TUESDAY_NINE)
    now = TUESDAY_NINE
    for _attempt in range(3):
        now += DAY
        callback.wait_until(now)
        callback.do(district, "callback", case, "callback_task", NO_ANSWER, at=now)
    callback.do(district, "dispatcher", case, "close", walk.CLOSED, at=now)
    callback.rate(case, "5", resolved="no", at=now + timedelta(days=3))
    callback.do(district, "officer", case, "verify_bad_rating", JUSTIFIED, at=now)
    callback.do(district, "handler", case, "rectify", callback.PUT_RIGHT, at=now)
    callback.do(district, "callback", case, "second_callback", CALLED, at=now)
    row = walk.case_row(case.case_key)
    assert (row["grade"], row["outcome"]) == (2, "closed")
    assert [each["grade"] for each in callback.rounds(case)] == [None, 5, 2]
    assert nothing_is_left(case)


def test_a_withdrawn_case_is_not_asked_about_any_more(district: District) -> None:
    with moved_to(TUESDAY_NINE):
        case = walk.report()
    handled(district, case, at=TUESDAY_NINE)
    with moved_to(TUESDAY_NINE + DAY):
        deadlines.fire_due()
        assert set(walk.open_tasks(case.case_key)) == {"callback_task"}
        with transaction() as tx:
            messages.publish(
                tx,
                "CaseWithdrawn",
                correlation_key=case.number,
                variables={},
                case_key=case.case_key,
            )
    assert walk.case_row(case.case_key)["outcome"] == "withdrawn"
    assert callback.rounds(case) == []
    assert nothing_is_left(case)
