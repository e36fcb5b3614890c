"""The main process reaches each of its ends, on a moved clock, saved and loaded at every step."""

from datetime import datetime, timedelta

import pytest

from app.engine.errors import NobodyWaits
from tests.bpmn_shipped.road import HANDLED, MONDAY, ZONE, Road

CLEAR = "A01"
CLOSED = {"close_code": "resolved", "summary": "Cleared."}
FORCED = {"close_code": "forced", "summary": "No way on.", "forced_reason": "The owner is gone."}
MOST_BYTES = 4000


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of March 2026, district time; the 2nd is a Monday."""
    return datetime(2026, 3, day, hour, minute, tzinfo=ZONE)


def handled(**facts: object) -> Road:
    road = Road(minor_class=CLEAR, **facts)
    road.to_callback()
    return road


def closing() -> Road:
    road = Road(minor_class=CLEAR)
    road.to_closing()
    return road


def rating() -> Road:
    road = Road(minor_class=CLEAR)
    road.to_rating()
    return road


def test_a_clear_case_is_signed_handled_passed_judged_and_closed() -> None:
    road = Road(minor_class=CLEAR)
    assert road.task.candidate_groups == ("community_officer",)
    road.complete("triage", decision="accept")
    assert road.case["lead_unit"] == "D-URBAN"
    assert road.task.candidate_groups == ("unit_clerk",)
    road.complete("sign_for", sign="sign")
    road.complete("handle", actor="41", **HANDLED)
    road.complete("review_result", actor="42", verdict="pass")
    assert road.thrown[-1].name == "CallbackStarted"
    asked = {"grade": None, "wants_reply": True, "handler": "41", "words": None}
    assert road.thrown[-1].variables == asked
    road.case["grade"] = 1
    road.send("CallbackDone", outcome="resolved")
    assert road.task.candidate_groups == ("street_dispatcher",)
    assert road.task.inputs["close_code"] == "resolved"
    road.complete("close", **CLOSED)
    assert road.is_over
    assert (road.case["outcome"], road.case["close_code"]) == ("closed", "resolved")
    assert road.ends[-2:] == ["lifecycle_closed", "graded_end"]
    assert road.letters == ["accepted", "moved", "handled", "closed"]
    assert road.sent == ["ClockStarted", "ClockStopped", "CallbackStarted", "MasterClosed"]
    assert road.jobs == [
        "locate",
        "record_reported",
        "record_triage",
        "record_matter",
        "establish",
        "tell_accepted",
        "record_duty",
        "tell_moved",
        "record_contact",
        "mark_handled",
        "draw_sample",
        "tell_handled",
        "close_case",
        "tell_closed",
    ]


def test_nothing_on_the_way_reads_what_is_not_there() -> None:
    road = Road(minor_class="C02")
    road.complete("triage", decision="need_info", question="Where?")
    road.send("QuestionAnswered", answer="Here.")
    road.complete("triage", decision="accept")
    road.complete("dispatch", lead_unit="D-ENV", override_reason="Smoke.", co_units=["D-WATER"])
    road.complete("sign_for", sign="return", return_reason="unclear", legal_basis="None given.")
    road.complete("arbitrate_return", verdict="approve", reason="So it is.")
    road.complete("dispatch", lead_unit="D-WATER")
    road.complete("sign_for", sign="sign")
    road.complete("handle", **HANDLED)
    road.complete("review_result", verdict="rework", rework_reason="Photograph it.")
    road.complete("handle", **HANDLED)
    road.complete("review_result", verdict="pass")
    road.send("CallbackDone", outcome="not_evaluated", words=None)
    road.complete("close", **CLOSED)
    road.rate(grade="4")
    assert road.is_over
    assert road.warnings == []


def test_the_bytes_of_an_open_case_stay_below_four_thousand() -> None:
    road = Road(minor_class="C02")
    sizes = [road.state_bytes]
    road.complete("triage", decision="accept")
    road.complete("dispatch", lead_unit="D-ENV", override_reason="Smoke.", co_units=["D-WATER"])
    sizes.append(road.state_bytes)
    road.complete("sign_for", sign="sign")
    sizes.append(road.state_bytes)
    for _ in range(5):
        road.complete("handle", **HANDLED, proceed=True, proceed_reason="Done.")
        road.complete("review_result", verdict="rework", rework_reason="Again.")
        sizes.append(road.state_bytes)
    assert max(sizes) <= MOST_BYTES
    assert sizes[-1] <= sizes[3] + 100, "rework does not make it grow"


@pytest.mark.parametrize("outcome", ["resolved", "screened", "not_evaluated"])
def test_whatever_the_callback_finds_but_a_reopening_leads_to_closing(outcome: str) -> None:
    road = handled()
    assert road.waits_for == {"CallbackDone", "CaseWithdrawn"}
    road.send("CallbackDone", outcome=outcome)
    assert road.task.element_id == "close"
    assert road.task.inputs["callback_outcome"] == outcome


@pytest.mark.parametrize("grade", [2, 5])
def test_a_rating_before_closing_goes_to_the_callback_and_closing_begins_anew(grade: int) -> None:
    road = handled()
    road.send("CallbackDone", outcome="not_evaluated", words=None)
    assert "RatingReceived" in road.waits_for
    road.rate(grade=str(grade), comment="Said late.")
    assert road.tasks == ()
    assert road.thrown[-1].name == "CallbackStarted"
    said = {"grade": grade, "wants_reply": True, "words": "Said late."}
    assert road.thrown[-1].variables | {"handler": None} == {**said, "handler": None}
    road.send("CallbackDone", outcome="resolved", words=None)
    assert road.task.element_id == "close"
    assert road.task.inputs["callback_outcome"] == "resolved"
    road.complete("close", **CLOSED)
    assert road.ends[-1] == "graded_end"
    assert road.warnings == []


def test_a_case_that_is_not_settled_is_reopened_and_the_second_time_by_the_district() -> None:
    road = handled()
    road.send("CallbackDone", outcome="reopen", words="Still there.")
    assert road.case["handled_at"] is None
    assert road.sent[-1] == "ClockStarted"
    assert road.task.element_id == "dispatch"
    assert road.task.candidate_groups == ("street_dispatcher",)
    road.complete("dispatch", lead_unit="D-ENV", override_reason="Urban did not manage.")
    road.complete("sign_for", sign="sign")
    assert road.task.inputs["measures"] is None, "another department begins afresh"
    assert road.task.inputs["reporter_words"] == "Still there."
    road.complete("handle", **HANDLED)
    road.complete("review_result", verdict="pass")
    assert road.sent[-2:] == ["ClockStopped", "CallbackStarted"]
    road.send("CallbackDone", outcome="reopen")
    assert road.passed["count_reopen"] == 2
    assert road.case["level"] == "district"
    assert road.sent[-2:] == ["ClockStarted", "SupervisionNeeded"]
    assert road.task.candidate_groups == ("district_dispatcher",)


def test_a_reopened_case_without_limit_starts_no_clock() -> None:
    road = handled(limit_basis="given", given_due_at=None)
    road.send("CallbackDone", outcome="reopen")
    assert road.sent == ["CallbackStarted"]
    assert road.task.element_id == "dispatch"


def test_forced_closing_is_approved_by_another_person_and_goes_on_as_a_linked_case() -> None:
    road = closing()
    road.complete("close", actor="51", **FORCED)
    assert road.task.candidate_groups == ("district_dispatcher", "leadership")
    assert road.task.properties["notActor"] == "51"
    road.complete("approve_forced", actor="52", verdict="approve")
    assert "open_linked_case" in road.jobs
    assert (road.case["outcome"], road.case["close_code"]) == ("closed", "forced")


def test_forced_closing_that_is_refused_comes_back_with_the_reason() -> None:
    road = closing()
    road.complete("close", **FORCED)
    road.complete("approve_forced", verdict="deny", reason="Look for the owner.")
    assert road.task.element_id == "close"
    assert road.task.inputs["refusal"] == "Look for the owner."
    road.complete("close", **CLOSED)
    assert road.case["close_code"] == "resolved"
    assert "open_linked_case" not in road.jobs


def test_a_late_good_rating_ends_the_case() -> None:
    road = rating()
    assert not road.is_over
    assert road.waits_for == {"RatingReceived"}
    road.rate(grade="2", resolved="yes", tags=["quick"], comment="Thank you.")
    assert road.ends[-1] == "rated_end"
    assert road.case["grade"] == 2
    assert road.sent[-1] == "MasterClosed"


@pytest.mark.parametrize("grade", [4, 5])
def test_a_late_bad_rating_is_looked_into_beside_the_closed_case(grade: int) -> None:
    road = rating()
    road.rate(grade=str(grade), comment="Still there.")
    assert road.is_over
    assert road.ends[-1] == "rated_badly_end"
    assert road.thrown[-1].name == "CallbackStarted"
    assert road.thrown[-1].variables | {"handler": None} == {
        "grade": grade,
        "wants_reply": False,
        "handler": None,
        "words": "Still there.",
    }


def test_a_case_nobody_rates_ends_unrated_fifteen_days_after_closing() -> None:
    road = rating()
    over = MONDAY + timedelta(days=15)
    assert road.timers == {"rating_over": over}
    road.wait_until(over - timedelta(seconds=1))
    assert not road.is_over
    road.wait_until(over)
    assert road.ends[-1] == "unrated_end"
    assert road.case["grade"] is None


def test_a_rating_after_the_period_finds_nobody() -> None:
    road = rating()
    road.now = MONDAY + timedelta(days=16)
    with pytest.raises(NobodyWaits):
        road.rate(grade="1")


def until(step: str) -> Road:
    """A case that waits at a step."""
    road = Road(minor_class=CLEAR)
    for name, given in STEPS.items():
        if name == step:
            break
        road.complete(name, **given)
    return road


STEPS = {
    "triage": {"decision": "accept"},
    "sign_for": {"sign": "sign"},
    "handle": HANDLED,
    "review_result": {"verdict": "pass"},
    "callback": {},
}


@pytest.mark.parametrize("step", STEPS)
def test_a_granted_withdrawal_ends_the_case_wherever_it_stands(step: str) -> None:
    road = until(step)
    before = road.sent.count("ClockStarted") - road.sent.count("ClockStopped")
    road.send("CaseWithdrawn")
    assert road.is_over
    assert road.tasks == ()
    assert road.timers == {}
    assert road.ends[-1] == "withdrawn_end"
    assert road.letters[-1] == "withdrawn"
    assert road.case["outcome"] == "withdrawn"
    assert road.sent[-1] == "MasterClosed"
    assert before == (step in {"sign_for", "handle", "review_result"})
    assert road.sent.count("ClockStarted") == road.sent.count("ClockStopped")


def test_a_withdrawal_ends_what_assists_too_and_a_rejection_that_may_be_appealed() -> None:
    road = Road(minor_class="C02")
    road.complete("triage", decision="accept")
    road.complete("dispatch", lead_unit="D-ENV", override_reason="Smoke.", co_units=["D-WATER"])
    road.complete("sign_for", sign="sign")
    road.send("CaseWithdrawn")
    assert (road.tasks, road.timers, road.is_over) == ((), {}, True)
    refused = Road(minor_class=CLEAR)
    refused.complete("triage", decision="reject", reject_code="no_facts", reason="Where?")
    refused.send("CaseWithdrawn")
    assert refused.ends == ["withdrawn_end"]


def test_a_closed_case_is_not_withdrawn() -> None:
    with pytest.raises(NobodyWaits):
        rating().send("CaseWithdrawn")


@pytest.mark.parametrize(
    ("severity", "due", "sign_late"),
    [
        ("ordinary", at(9, 9), at(2, 14, 30)),
        ("urgent", at(3, 9), at(2, 9, 30)),
        ("emergency", at(2, 11), at(2, 9, 15)),
        ("major", at(3, 9), at(2, 9, 15)),
    ],
)
def test_the_limits_follow_the_severity_found_in_triage(
    severity: str, due: datetime, sign_late: datetime
) -> None:
    road = Road(minor_class=CLEAR)
    road.complete("triage", decision="accept", severity=severity)
    assert road.case["severity"] == severity
    assert road.case["due_at"] == due
    assert road.timers == {"sign_late": sign_late}
    assert road.task.properties["limitBasis"] == f"Limit table, {severity}"


def test_work_is_ranked_by_severity() -> None:
    ranks = [
        Road(minor_class=CLEAR, severity=severity).task.priority
        for severity in ("ordinary", "urgent", "emergency", "major")
    ]
    assert ranks == sorted(set(ranks))
    assert ranks[0] == 50


@pytest.mark.parametrize("given", [at(20, 12), None], ids=["with a limit", "without one"])
def test_a_limit_that_came_with_the_report_is_the_handling_limit(given: datetime | None) -> None:
    road = Road(minor_class=CLEAR, limit_basis="given", given_due_at=given)
    road.to_handling()
    assert road.case["due_at"] == road.task.due_at == given


def test_triage_corrects_the_category_and_leaves_the_rest_as_reported() -> None:
    road = Road(minor_class="B03", severity="urgent", channel="patrol")
    assert road.task.inputs == {
        "minor_class": "B03",
        "severity": "urgent",
        "level": "street",
        "passed_reason": None,
        "reporter_answer": None,
        "has_reporter": False,
    }
    road.complete("triage", decision="accept", minor_class="E03")
    assert (road.case["major_class"], road.case["minor_class"]) == ("E", "E03")
    assert (road.case["severity"], road.case["level"]) == ("urgent", "community")
    assert road.case["lead_unit"] == "D-ENV"


def test_a_category_of_another_list_keeps_the_class_it_came_with() -> None:
    road = Road(minor_class="Street Light Outages", major_class="Public Works")
    road.complete("triage", decision="accept", minor_class=None)
    assert road.case["minor_class"] == "Street Light Outages"
    assert road.case["major_class"] == "Public Works"
    assert road.task.element_id == "dispatch"
