"""Residents on the shipped processes: asked back, rejected, withdrawing, rating."""

from app.cases.resident_answering import (
    answer_question,
    appeal_rejection,
    ask_withdrawal,
    rate,
)
from app.cases.tracking import track
from app.cases.tracking_page import Stand, read_tracking
from app.json_types import JsonObject
from tests.support import walk
from tests.support.district import District
from tests.support.residents import QUESTION, posting, words

REJECTED = {"decision": "reject", "reject_code": "no_facts", "reason": "It says not where."}


def stand(receipt: walk.Receipt) -> Stand:
    return read_tracking(receipt.token, language="en").stand


def test_a_question_of_triage_is_answered_and_triage_comes_again(district: District) -> None:
    receipt = walk.report()
    asked = {"decision": "need_info", "question": QUESTION}
    walk.do(district["officer"], receipt.case_key, "triage", {**asked})
    assert walk.open_tasks(receipt.case_key) == {}
    assert track(receipt.token).offers.question == QUESTION
    answer_question(receipt.token, posting(answer="The south one"))
    assert set(walk.open_tasks(receipt.case_key)) == {"triage"}
    assert words(receipt.case_key)[-1] == ("answer", "departments", "The south one")


def test_a_rejection_is_appealed_against_and_looked_at_again(district: District) -> None:
    receipt = walk.report()
    walk.do(district["officer"], receipt.case_key, "triage", {**REJECTED})
    assert stand(receipt) is Stand.REJECTED
    assert track(receipt.token).offers.can_appeal
    appeal_rejection(receipt.token, posting(reason="It says so: at the gate."))
    assert set(walk.open_tasks(receipt.case_key)) == {"review_rejection"}
    assert stand(receipt) is Stand.RECEIVED
    assert not track(receipt.token).offers.can_appeal


def test_a_rejection_that_is_overturned_goes_on_with_the_category_of_the_review(
    district: District,
) -> None:
    receipt = walk.report()
    walk.do(district["officer"], receipt.case_key, "triage", {**REJECTED})
    appeal_rejection(receipt.token, posting(reason="It is a smell, not rubbish."))
    overturned: JsonObject = {"verdict": "overturn", "minor_class": "A05", "severity": "urgent"}
    walk.do(district["district"], receipt.case_key, "review_rejection", overturned)
    case = walk.case_row(receipt.case_key)
    assert (case["minor_class"], case["major_class"], case["severity"]) == ("A05", "A", "urgent")
    assert case["lead_unit_key"] == district.units["D-URBAN"]
    assert set(walk.open_tasks(receipt.case_key)) == {"sign_for"}


def test_a_withdrawal_is_granted_and_ends_the_case(district: District) -> None:
    receipt = walk.report()
    walk.do(district["officer"], receipt.case_key, "triage", walk.TRIAGED)
    ask_withdrawal(receipt.token, posting(reason="It was taken away."))
    offers = track(receipt.token).offers
    assert offers.withdrawal is not None
    assert offers.withdrawal.unit_key == district.units["S01"]
    walk.do(district["dispatcher"], receipt.case_key, "confirm_withdrawal", {"verdict": "grant"})
    assert stand(receipt) is Stand.WITHDRAWN
    assert walk.open_tasks(receipt.case_key) == {}
    assert not track(receipt.token).offers.can_add


def test_a_withdrawal_that_is_refused_says_why_and_the_work_goes_on(district: District) -> None:
    receipt = walk.report()
    walk.do(district["officer"], receipt.case_key, "triage", walk.TRIAGED)
    ask_withdrawal(receipt.token, posting(reason="I do not care any more."))
    refused = {"verdict": "refuse", "reason": "Others are in danger."}
    walk.do(district["dispatcher"], receipt.case_key, "confirm_withdrawal", {**refused})
    seen = track(receipt.token)
    assert seen.offers.withdrawal is None
    assert [reply.body for reply in seen.replies][-1] == "Others are in danger."
    assert stand(receipt) is Stand.ACCEPTED


def test_a_handled_case_is_rated_at_once_by_who_reported_it(district: District) -> None:
    receipt = walk.report()
    walk.to_callback(district, receipt.case_key)
    assert stand(receipt) is Stand.HANDLED
    assert track(receipt.token).can_rate
    rate(receipt.token, posting(grade="1", resolved="yes"))
    assert walk.case_row(receipt.case_key)["grade"] == 1
    assert not track(receipt.token).can_rate
