"""The main process reaches each of its ends, on a moved clock, saved and loaded at every step."""

from datetime import datetime, timedelta

import pytest

from app.engine.errors import NobodyWaits
from app.forms import InvalidAnswers
from tests.bpmn_shipped.road import HANDLED, MONDAY, ZONE, Road

CLEAR = "A01"
UNCLEAR = "C02"
RETURNED = {
    "sign": "return",
    "return_reason": "not_duty",
    "legal_basis": "The cover belongs to the water works.",
    "proposed_unit": "D-WATER",
}


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of March 2026, district time; the 2nd is a Monday."""
    return datetime(2026, 3, day, hour, minute, tzinfo=ZONE)


def test_a_report_that_is_not_ours_is_rejected_with_its_reason() -> None:
    road = Road(minor_class=CLEAR)
    road.complete(
        "triage", decision="reject", reject_code="outside_district", reason="It lies elsewhere."
    )
    assert road.is_over
    assert road.ends == ["rejected"]
    assert road.letters == ["rejected"]
    assert road.case["outcome"] == "rejected"
    assert road.case["closed_at"] == MONDAY
    assert road.case["established_at"] is None


def test_a_rejection_without_a_reason_is_refused() -> None:
    road = Road(minor_class=CLEAR)
    with pytest.raises(InvalidAnswers) as refused:
        road.complete("triage", decision="reject")
    assert set(refused.value.errors) == {"reject_code", "reason"}


def test_a_clear_case_is_signed_handled_passed_closed_and_rated() -> None:
    road = Road(minor_class=CLEAR)
    assert road.task.candidate_groups == ("community_officer",)
    road.complete("triage", decision="accept")
    assert road.case["lead_unit"] == "D-URBAN"
    assert road.task.candidate_groups == ("unit_clerk",)
    road.complete("sign_for", sign="sign")
    assert road.task.candidate_groups == ("unit_handler",)
    assert road.task.due_at == road.case["due_at"] == at(9, 9)
    road.complete("handle", actor="41", **HANDLED)
    assert road.task.candidate_groups == ("unit_leader",)
    assert road.task.properties == {"notActor": "41"}
    road.now = at(4, 15)
    road.complete("review_result", actor="42", verdict="pass")
    assert road.case["handled_at"] == at(4, 15)
    assert road.task.candidate_groups == ("street_dispatcher",)
    assert road.task.inputs == {"close_code": "resolved"}
    road.complete("close", close_code="resolved", summary="Cleared.")
    assert (road.case["outcome"], road.case["close_code"]) == ("closed", "resolved")
    assert not road.is_over
    road.rate(grade="2", resolved="yes", tags=["quick"], comment="Thank you.")
    assert road.is_over
    assert road.ends == ["rated_end"]
    assert road.case["grade"] == 2
    assert road.letters == ["closed"]
    assert road.jobs == [
        "locate",
        "record_triage",
        "establish",
        "record_duty",
        "mark_handled",
        "close_case",
        "tell_closed",
        "record_rating",
    ]


def test_nothing_on_the_way_reads_what_is_not_there() -> None:
    road = Road(minor_class=UNCLEAR)
    road.complete("triage", decision="accept")
    road.complete("dispatch", lead_unit="D-ENV")
    road.complete("sign_for", **RETURNED)
    road.complete("dispatch", lead_unit="D-WATER")
    road.complete("sign_for")
    road.complete("handle", **HANDLED)
    road.complete("review_result", verdict="rework", rework_reason="Photograph it.")
    road.complete("handle", **HANDLED)
    road.complete("review_result", verdict="pass")
    road.complete("close", close_code="resolved", summary="Done.")
    road.rate(grade="1")
    assert road.is_over
    assert road.warnings == []


def test_a_category_whose_duty_is_not_clear_is_dispatched_by_hand() -> None:
    road = Road(minor_class=UNCLEAR)
    road.complete("triage", decision="accept")
    assert road.task.element_id == "dispatch"
    assert road.task.candidate_groups == ("street_dispatcher",)
    assert road.task.inputs == {"lead_unit": "D-HOUSING", "co_units": ["D-WATER", "D-URBAN"]}
    road.complete("dispatch", lead_unit="D-WATER", co_units=["D-ENV"])
    assert (road.case["lead_unit"], road.case["co_units"]) == ("D-WATER", ["D-ENV"])
    assert road.task.element_id == "sign_for"


def test_a_report_without_category_is_dispatched_by_hand_without_a_suggestion() -> None:
    road = Road()
    road.complete("triage", decision="accept")
    assert road.task.element_id == "dispatch"
    assert road.task.inputs == {"lead_unit": None, "co_units": []}
    with pytest.raises(InvalidAnswers):
        road.complete("dispatch")


def test_the_district_dispatches_what_it_keeps_and_what_lies_outside_every_street() -> None:
    kept = Road(minor_class=UNCLEAR)
    kept.complete("triage", decision="accept", level="district")
    outside = Road(minor_class=UNCLEAR, grid=None, community=None, street=None)
    assert outside.task.candidate_groups == ("district_dispatcher",)
    outside.complete("triage", decision="accept")
    for road in (kept, outside):
        assert road.task.candidate_groups == ("district_dispatcher",)


def test_a_case_is_returned_once_and_then_stays_where_it_was_sent() -> None:
    road = Road(minor_class=CLEAR)
    road.complete("triage", decision="accept")
    due_at = road.case["due_at"]
    road.complete("sign_for", **RETURNED)
    assert road.task.element_id == "dispatch"
    assert road.task.inputs["lead_unit"] == "D-WATER"
    road.complete("dispatch", lead_unit="D-WATER")
    assert road.case["lead_unit"] == "D-WATER"
    road.complete("sign_for", **RETURNED)
    assert road.task.element_id == "handle"
    assert road.answers["sign_for"]["sign"] is None, "the form no longer offers a return"
    assert road.variables["return_count"] == 1
    assert road.case["due_at"] == due_at, "a return does not stop the clock"


def test_a_case_nobody_signs_for_counts_as_signed_when_the_time_is_over() -> None:
    road = Road(minor_class=CLEAR)
    road.complete("triage", decision="accept")
    assert road.timers == {"sign_late": at(2, 14, 30)}
    road.wait_until(at(2, 14, 29))
    assert road.task.element_id == "sign_for"
    road.wait_until(at(2, 14, 30))
    assert road.task.element_id == "handle"
    assert road.jobs[-1] == "auto_sign"
    assert road.timers == {}
    assert road.case["due_at"] == at(9, 9), "silence does not move the handling limit"


def test_a_result_is_sent_back_until_it_stands() -> None:
    road = Road(minor_class=CLEAR)
    road.to_handling()
    for round_ in (1, 2, 3):
        road.complete("handle", actor=str(round_), **HANDLED)
        assert road.task.properties == {"notActor": str(round_)}
        road.complete("review_result", verdict="rework", rework_reason="Not yet.")
        assert road.variables["rework_count"] == round_
        assert road.task.element_id == "handle"
        assert road.task.inputs["measures"] == HANDLED["measures"]
    assert road.case["handled_at"] is None
    road.complete("handle", **HANDLED)
    road.complete("review_result", verdict="pass")
    assert road.task.element_id == "close"


def test_a_case_nobody_rates_ends_unrated_fifteen_days_after_closing() -> None:
    road = Road(minor_class=CLEAR)
    road.to_closing()
    road.complete("close", close_code="resolved", summary="Cleared.")
    over = MONDAY + timedelta(days=15)
    assert road.timers == {"rating_over": over}
    road.wait_until(over - timedelta(seconds=1))
    assert not road.is_over
    road.wait_until(over)
    assert road.is_over
    assert road.ends == ["unrated_end"]
    assert road.case["grade"] is None


def test_a_rating_after_the_period_finds_nobody() -> None:
    road = Road(minor_class=CLEAR)
    road.to_closing()
    road.complete("close", close_code="resolved", summary="Cleared.")
    road.now = MONDAY + timedelta(days=16)
    with pytest.raises(NobodyWaits):
        road.rate(grade="1")


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
    road = Road(minor_class="B03", severity="urgent")
    assert road.task.inputs == {"minor_class": "B03", "severity": "urgent", "level": "community"}
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
