"""What reporters do with the token of their case: answer, appeal, rate, withdraw, and too late."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.cases import deadlines, messages
from app.cases.journal import first_broken
from app.cases.resident_answering import (
    NotToBeWithdrawn,
    answer_question,
    appeal_rejection,
    ask_withdrawal,
    rate,
)
from app.cases.tracking import track
from app.cases.tracking_page import Stand, read_tracking
from app.clock import moved_to
from app.engine.errors import NobodyWaits
from app.errors import NotFound
from app.forms.read import InvalidAnswers
from app.store.db import reading
from app.store.tables.cases import submission
from app.store.tables.runtime import message, process_instance
from tests.support import walk
from tests.support.district import TUESDAY_NINE, District
from tests.support.residents import (
    QUESTION,
    asked,
    asking,
    handling,
    kinds,
    posting,
    withdrawing,
    words,
)

SOUTH = "The south one, by the bus stop 南门"


def count(table: object) -> int:
    with reading() as connection:
        found: int = connection.execute(select(func.count()).select_from(table)).scalar_one()  # type: ignore[arg-type]
        return found


def reporters_answers(case_key: int) -> list[dict[str, object]]:
    with reading() as connection:
        query = select(submission.c.element_id, submission.c.answers).where(
            submission.c.case_key == case_key, submission.c.reporter_key.is_not(None)
        )
        return [
            dict(row) for row in connection.execute(query.order_by(submission.c.key)).mappings()
        ]


def test_a_question_is_shown_and_its_answer_takes_the_case_on(district: District) -> None:
    asking()
    receipt = asked(district)
    page = read_tracking(receipt.token, language="en")
    assert page.case.offers.question == QUESTION
    assert "answer_question" in page.forms
    answer_question(receipt.token, posting(answer=SOUTH))
    assert set(walk.open_tasks(receipt.case_key)) == {"go_on"}
    assert "question_answered" in kinds(receipt.case_key)
    assert words(receipt.case_key) == [("answer", "departments", SOUTH)]
    kept = reporters_answers(receipt.case_key)[-1]
    assert (kept["element_id"], kept["answers"]) == (
        "heard",
        {"answer": SOUTH, "answer_photos": []},
    )
    assert [said.body for said in track(receipt.token).own_words] == [SOUTH]
    assert track(receipt.token).offers.question is None
    assert first_broken(walk.journal_of(receipt.case_key)) is None


def test_the_same_answer_sent_twice_counts_once(district: District) -> None:
    asking()
    receipt = asked(district)
    for _ in range(2):
        answer_question(receipt.token, posting("the same page", answer=SOUTH))
    assert len(words(receipt.case_key)) == 1


def test_another_answer_after_the_first_is_told_that_nobody_waits(district: District) -> None:
    asking()
    receipt = asked(district)
    answer_question(receipt.token, posting("one", answer=SOUTH))
    with pytest.raises(NobodyWaits):
        answer_question(receipt.token, posting("two", answer="The north one"))
    assert len(words(receipt.case_key)) == 1


def test_an_answer_after_the_time_for_it_is_refused_and_leaves_nothing(district: District) -> None:
    asking()
    with moved_to(TUESDAY_NINE):
        receipt = asked(district)
    with moved_to(TUESDAY_NINE + timedelta(days=16)):
        deadlines.fire_due()
        with pytest.raises(NobodyWaits):
            answer_question(receipt.token, posting("late", answer=SOUTH))
    assert words(receipt.case_key) == []


def test_an_empty_answer_comes_back(sqlite_district: District) -> None:
    asking()
    receipt = asked(sqlite_district)
    with pytest.raises(InvalidAnswers):
        answer_question(receipt.token, posting(answer=" "))
    assert track(receipt.token).offers.question == QUESTION


@pytest.mark.parametrize("use_case", [answer_question, appeal_rejection, rate, ask_withdrawal])
def test_a_wrong_token_opens_nothing(sqlite_district: District, use_case: object) -> None:
    asking()
    asked(sqlite_district)
    filled = posting(answer=SOUTH, reason=SOUTH, grade="1")
    with pytest.raises(NotFound):
        use_case("no-such-token", filled)  # type: ignore[operator]


def test_an_appeal_reaches_the_case_once(district: District) -> None:
    asking("RejectionAppealed", "reason")
    receipt = asked(district)
    assert track(receipt.token).offers.can_appeal
    appeal_rejection(receipt.token, posting(reason="The lamp stands on the public road."))
    assert not track(receipt.token).offers.can_appeal
    assert "rejection_appealed" in kinds(receipt.case_key)
    assert words(receipt.case_key)[0][0] == "appeal"
    with pytest.raises(NobodyWaits):
        appeal_rejection(receipt.token, posting(reason="Once more"))


def test_a_rating_is_taken_from_the_handling_on_and_kept_until_it_is_awaited(
    district: District,
) -> None:
    handling()
    receipt = walk.report()
    assert not track(receipt.token).can_rate
    walk.do(district["officer"], receipt.case_key, "handle", {"measures": "Taken away"})
    assert track(receipt.token).can_rate
    rate(receipt.token, posting(grade="2"))
    seen = track(receipt.token).offers
    assert (seen.can_rate, seen.has_rated) == (False, True)
    with pytest.raises(NobodyWaits):
        rate(receipt.token, posting(grade="5"))
    walk.do(district["officer"], receipt.case_key, "close", {"summary": "Done"})
    assert messages.deliver_buffered() == 1
    assert walk.case_row(receipt.case_key)["grade"] == 2
    assert count(message) == 0
    assert [row["element_id"] for row in reporters_answers(receipt.case_key)][1:] == ["rated"]


def test_a_rating_after_closing_goes_to_who_waits(district: District) -> None:
    handling()
    receipt = walk.report()
    walk.do(district["officer"], receipt.case_key, "handle", {"measures": "Taken away"})
    walk.do(district["officer"], receipt.case_key, "close", {"summary": "Done"})
    rate(receipt.token, posting(grade="1"))
    assert walk.case_row(receipt.case_key)["grade"] == 1
    assert not track(receipt.token).can_rate


def test_before_the_handling_nothing_can_be_rated(sqlite_district: District) -> None:
    receipt = walk.report()
    with pytest.raises(NobodyWaits):
        rate(receipt.token, posting(grade="1"))
    assert count(message) == 0


def test_a_withdrawal_is_decided_by_a_process_of_its_own(district: District) -> None:
    withdrawing()
    with moved_to(TUESDAY_NINE):
        receipt = walk.report()
        assert track(receipt.token).offers.can_withdraw
        ask_withdrawal(receipt.token, posting(reason="It was taken away yesterday."))
        offers = track(receipt.token).offers
        task = walk.open_tasks(receipt.case_key)["decide"]
        assert not offers.can_withdraw
        assert offers.withdrawal is not None
        assert offers.withdrawal.asked_at == TUESDAY_NINE
        assert offers.withdrawal.unit_key == district.units["S01"]
        assert offers.withdrawal.due_at == task["due_at"]
        with pytest.raises(NotToBeWithdrawn):
            ask_withdrawal(receipt.token, posting("again", reason="Once more"))
        walk.do(district["dispatcher"], receipt.case_key, "decide", {"verdict": "grant"})
    assert read_tracking(receipt.token, language="en").stand is Stand.WITHDRAWN
    assert "withdrawal_asked" in kinds(receipt.case_key)


def test_a_withdrawal_that_was_denied_may_be_asked_for_as_often_as_the_table_says(
    district: District,
) -> None:
    withdrawing()
    receipt = walk.report()
    for round in ("one", "two"):
        ask_withdrawal(receipt.token, posting(round, reason="Please"))
        walk.do(district["dispatcher"], receipt.case_key, "decide", {"verdict": "deny"})
    assert not track(receipt.token).offers.can_withdraw
    with pytest.raises(NotToBeWithdrawn):
        ask_withdrawal(receipt.token, posting("three", reason="Please"))
    with reading() as connection:
        query = select(func.count()).where(process_instance.c.case_key == receipt.case_key)
        assert connection.execute(query).scalar_one() == 3


def test_a_closed_case_is_not_withdrawn(sqlite_district: District) -> None:
    handling()
    withdrawing()
    receipt = walk.report()
    walk.do(sqlite_district["officer"], receipt.case_key, "handle", {"measures": "Taken away"})
    walk.do(sqlite_district["officer"], receipt.case_key, "close", {"summary": "Done"})
    assert not track(receipt.token).offers.can_withdraw
    with pytest.raises(NotToBeWithdrawn):
        ask_withdrawal(receipt.token, posting(reason="Please"))
