"""Residents on the shipped processes: asked back, rejected, withdrawing, rating."""

from datetime import timedelta
from typing import Any

from app.cases import deadlines
from app.cases.resident_answering import (
    answer_question,
    appeal_rejection,
    ask_withdrawal,
    rate,
)
from app.cases.resident_urging import add_facts
from app.cases.tracking import track
from app.cases.tracking_page import Stand, read_tracking
from app.clock import moved_to
from app.json_types import JsonObject
from tests.support import walk
from tests.support.district import TUESDAY_NINE, District
from tests.support.residents import QUESTION, kinds, posting, told, words

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


def asked(district: District, **reported: Any) -> walk.Receipt:
    """Return a case whose reporter is asked something in triage."""
    receipt = walk.report(**reported)
    question = {"decision": "need_info", "question": QUESTION}
    walk.do(district["officer"], receipt.case_key, "triage", {**question})
    return receipt


def test_facts_added_while_a_question_is_open_are_its_answer(district: District) -> None:
    receipt = asked(district)
    add_facts(receipt.token, posting(facts="It is at the back gate of No 5."))
    triage = walk.open_tasks(receipt.case_key)["triage"]
    assert triage["inputs"]["reporter_answer"] == "It is at the back gate of No 5."
    assert words(receipt.case_key)[-1][::2] == ("addition", "It is at the back gate of No 5.")
    assert track(receipt.token).offers.question is None
    assert kinds(receipt.case_key).count("facts_added") == 1
    assert told("facts_added") == [], "whoever is offered triage again reads it there"
    with moved_to(TUESDAY_NINE + timedelta(days=30)):
        deadlines.fire_due()
    assert walk.case_row(receipt.case_key)["outcome"] is None


def test_facts_added_while_nobody_has_a_task_reach_the_dispatcher(district: District) -> None:
    receipt = walk.report()
    walk.do(district["officer"], receipt.case_key, "triage", {**REJECTED})
    assert walk.open_tasks(receipt.case_key) == {}
    add_facts(receipt.token, posting(facts="Two bags more"))
    assert told("facts_added") == [(None, "street_dispatcher", district.units["S01"])]


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
