"""Callback and rating beside a case, on both databases: what is kept, and what the case hears."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.cases import operations
from app.cases.handling import AnotherPersonNeeded
from app.cases.job_inputs import WrongOperationInput
from app.cases.journal import first_broken
from app.cases.tracking import track
from app.clock import moved_to
from app.engine.errors import NobodyWaits
from app.engine.progress import PendingJob
from app.errors import Forbidden
from app.store.db import reading
from app.store.tables.delivery import notice
from app.store.tables.runtime import message, process_instance
from tests.support import callback, walk
from tests.support.callback import APPEALED, CALLED, DAY, JUSTIFIED, MISTAKEN, NO_ANSWER, PUT_RIGHT
from tests.support.district import TUESDAY_NINE, District

LATER = TUESDAY_NINE + DAY


def outcome(case_key: int) -> object:
    return walk.case_row(case_key)["outcome"]


def nothing_is_left_running(case_key: int) -> bool:
    with reading() as connection:
        query = select(process_instance.c.state).where(process_instance.c.case_key == case_key)
        states = set(connection.execute(query).scalars())
        kept = connection.execute(select(message.c.message_name)).scalars().all()
    return states == {"COMPLETED"} and list(kept) == []


def test_a_rating_by_token_is_kept_and_answers_the_case_at_once(district: District) -> None:
    case = callback.handled(district)
    callback.rate(case, "1", resolved="yes", tags=["quick", "friendly"], comment="Thank you.")
    row = walk.case_row(case.case_key)
    assert (row["grade"], row["resolved"], row["callback_outcome"]) == (1, "yes", "reached")
    assert row["outcome"] == "resolved"
    (heard,) = callback.rounds(case)
    assert (heard["round"], heard["kind"], heard["quote"]) == (1, "token", "Thank you.")
    assert heard["tags"] == ["quick", "friendly"]
    assert heard["person_key"] is None
    assert nothing_is_left_running(case.case_key)
    assert first_broken(walk.journal_of(case.case_key)) is None


def test_who_does_not_rate_is_called_after_a_day(district: District) -> None:
    case = callback.handled(district)
    assert walk.open_tasks(case.case_key) == {}
    callback.wait_until(LATER)
    callback.do(district, "callback", case, "callback_task", CALLED, at=LATER)
    (heard,) = callback.rounds(case)
    assert (heard["kind"], heard["grade"], heard["attempt"]) == ("callback", 2, 1)
    assert heard["person_key"] == district["callback"].person_key
    assert outcome(case.case_key) == "resolved"


def test_a_rating_ends_the_calls_that_were_going_on(district: District) -> None:
    case = callback.handled(district)
    callback.wait_until(LATER)
    assert set(walk.open_tasks(case.case_key)) == {"callback_task"}
    callback.rate(case, "3", at=LATER)
    assert walk.open_tasks(case.case_key) == {}
    assert [each["kind"] for each in callback.rounds(case)] == ["token"]
    assert nothing_is_left_running(case.case_key)


def test_three_calls_on_three_days_without_an_answer_are_not_evaluated(district: District) -> None:
    case = callback.handled(district)
    for attempt in (1, 2, 3):
        at = TUESDAY_NINE + attempt * DAY
        callback.wait_until(at)
        callback.do(district, "callback", case, "callback_task", NO_ANSWER, at=at)
        assert walk.open_tasks(case.case_key) == {}, "the next one comes on another day"
    row = walk.case_row(case.case_key)
    assert (row["callback_outcome"], row["grade"]) == ("unreachable", None)
    assert row["outcome"] == "not_evaluated"
    (missed,) = callback.rounds(case)
    assert (missed["is_reached"], missed["attempt"], missed["grade"]) == (False, 3, None)


def test_a_bad_rating_is_verified_by_another_than_the_handler(district: District) -> None:
    case = callback.handled(district)
    callback.rate(case, "5")
    task = walk.open_tasks(case.case_key)["verify_bad_rating"]
    assert task["not_actor"] == str(district["handler"].person_key)
    with moved_to(TUESDAY_NINE), pytest.raises((AnotherPersonNeeded, Forbidden)):
        walk.do(district["handler"], case.case_key, "verify_bad_rating", JUSTIFIED)


def test_a_justified_one_is_put_right_and_asked_about_again(district: District) -> None:
    case = callback.handled(district)
    callback.rate(case, "4", resolved="partly")
    callback.do(district, "officer", case, "verify_bad_rating", JUSTIFIED, at=TUESDAY_NINE)
    assert set(walk.open_tasks(case.case_key)) == {"rectify"}
    callback.do(district, "handler", case, "rectify", PUT_RIGHT, at=TUESDAY_NINE)
    assert [each.body for each in track(case.token).replies] == [PUT_RIGHT["public_reply"]]
    assert outcome(case.case_key) is None, "the case waits for the second callback"
    callback.do(district, "callback", case, "second_callback", CALLED, at=TUESDAY_NINE)
    row = walk.case_row(case.case_key)
    assert (row["grade"], row["resolved"], row["outcome"]) == (2, "yes", "resolved")
    assert [each["grade"] for each in callback.rounds(case)] == [4, 2]
    assert [each["round"] for each in callback.rounds(case)] == [1, 2]


def test_what_is_still_bad_is_told_to_the_supervisors_once(district: District) -> None:
    case = callback.handled(district)
    callback.rate(case, "5", resolved="partly")
    callback.do(district, "officer", case, "verify_bad_rating", JUSTIFIED, at=TUESDAY_NINE)
    callback.do(district, "handler", case, "rectify", PUT_RIGHT, at=TUESDAY_NINE)
    bad = {**CALLED, "grade": "5", "resolved": "no"}
    callback.do(district, "callback", case, "second_callback", bad, at=TUESDAY_NINE)
    with reading() as connection:
        query = select(notice.c.role).where(notice.c.kind == "unrectified")
        assert connection.execute(query).scalars().all() == ["supervisor"]
    assert outcome(case.case_key) == "reopen"
    kinds = [line["kind"] for line in walk.journal_of(case.case_key)]
    assert kinds.count("supervision_needed") == 1


def test_a_doubtful_one_is_screened_when_the_district_upholds_the_appeal(
    district: District,
) -> None:
    case = callback.handled(district)
    callback.rate(case, "5")
    callback.shown(district, "supervisor", case, "verify_bad_rating", MISTAKEN, at=TUESDAY_NINE)
    callback.shown(district, "leader", case, "appeal_rating", APPEALED, at=TUESDAY_NINE)
    upheld = {"decision": "uphold", "screen_code": "mistaken", "reasons": "The photos show it."}
    callback.do(district, "district", case, "decide_appeal", upheld, at=TUESDAY_NINE)
    row = walk.case_row(case.case_key)
    assert (row["screened"], row["grade"], row["outcome"]) == ("mistaken", 5, "screened")
    assert nothing_is_left_running(case.case_key)


def test_silence_is_no_appeal(district: District) -> None:
    case = callback.handled(district)
    callback.rate(case, "5", resolved="yes")
    callback.shown(district, "supervisor", case, "verify_bad_rating", MISTAKEN, at=TUESDAY_NINE)
    callback.wait_until(TUESDAY_NINE + 3 * DAY - timedelta(seconds=1))
    assert set(walk.open_tasks(case.case_key)) == {"appeal_rating"}
    callback.wait_until(TUESDAY_NINE + 3 * DAY)
    assert set(walk.open_tasks(case.case_key)) == {"rectify"}


def test_unresolved_and_justified_goes_back_to_be_handled_again(district: District) -> None:
    case = callback.handled(district)
    callback.rate(case, "3", resolved="no")
    callback.do(district, "officer", case, "verify_bad_rating", JUSTIFIED, at=TUESDAY_NINE)
    assert outcome(case.case_key) == "reopen"


def test_nobody_calls_an_anonymous_reporter(district: District) -> None:
    case = callback.handled(district, is_anonymous=True)
    callback.wait_until(LATER)
    assert walk.open_tasks(case.case_key) == {}
    assert outcome(case.case_key) == "not_evaluated"


def test_what_a_patrol_found_is_nobodys_to_rate(district: District) -> None:
    case = callback.handled(district, channel="patrol")
    assert outcome(case.case_key) == "not_evaluated"
    assert callback.rounds(case) == []
    with pytest.raises(NobodyWaits):
        callback.rate(case, "1")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("grade", "6"),
        ("grade", "best"),
        ("resolved", "perhaps"),
        ("kind", "rumour"),
        ("tags", "slow"),
    ],
)
def test_a_wrong_input_names_what_is_needed(name: str, value: str) -> None:
    job = PendingJob(
        key=1,
        element_id="record",
        job_type="record_rating",
        inputs={"grade": "5", "resolved": "no", name: value},
    )
    with pytest.raises(WrongOperationInput) as refused:
        operations.OPERATIONS["record_rating"](_Unused(), job)  # type: ignore[arg-type]
    assert refused.value.context["name"] == name


class _Unused:
    """No work at all: a wrong input is found before anything is asked of it."""


@pytest.mark.parametrize(
    ("left", "tasks"),
    [
        ({"email": "wang@example.org"}, set()),
        ({"email": "wang@example.org", "phone": "13800000000"}, {"callback_task"}),
    ],
)
def test_whoever_left_an_address_of_mail_only_is_not_called(
    district: District, left: dict[str, str], tasks: set[str]
) -> None:
    case = callback.handled(district, name="Wang", **left)
    callback.wait_until(LATER)
    assert set(walk.open_tasks(case.case_key)) == tasks
    assert (outcome(case.case_key) == "not_evaluated") is (not tasks)
