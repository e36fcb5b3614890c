"""A report until it is established: triage with each outcome, verification, what one settles."""

from datetime import datetime, timedelta

import pytest

from app.engine.errors import NobodyWaits
from app.forms import InvalidAnswers
from tests.bpmn_shipped.road import MONDAY, ZONE, Road

CLEAR = "A01"
REJECTED = {"decision": "reject", "reject_code": "other_channel", "reason": "Ask the court."}
QUESTION = {"decision": "need_info", "question": "Which gate is it?"}
UP = {"decision": "transfer_up", "transfer_reason": "It concerns two communities."}
DOWN = {"decision": "transfer_down", "transfer_reason": "The grid can settle it."}
SETTLED = {"measures": "Put it upright again."}
THERE = "40.005,116.005"


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of March 2026, district time; the 2nd is a Monday."""
    return datetime(2026, 3, day, hour, minute, tzinfo=ZONE)


def rejected(**facts: object) -> Road:
    road = Road(minor_class=CLEAR, **facts)
    road.complete("triage", actor="11", **REJECTED)
    return road


def test_a_rejection_nobody_appeals_against_ends_after_five_working_days() -> None:
    road = rejected()
    assert road.letters == ["rejected"]
    assert road.waits_for == {"RejectionAppealed", "CaseWithdrawn"}
    assert road.timers == {"appeal_over": at(9, 9)}
    road.wait_until(at(9, 8, 59))
    assert not road.is_over
    road.wait_until(at(9, 9))
    assert road.is_over
    assert road.ends == ["lifecycle_rejected", "rejected"]
    assert road.sent == ["MasterClosed"], "no clock was started, so none is stopped"
    assert (road.case["outcome"], road.case["close_code"]) == ("rejected", None)
    assert road.case["established_at"] is None


def test_a_rejection_nobody_can_appeal_against_ends_at_once() -> None:
    road = rejected(channel="patrol")
    assert road.ends == ["lifecycle_unappealed", "rejected"]
    assert (road.case["outcome"], road.timers) == ("rejected", {})


def test_a_rejection_needs_its_ground_and_reason() -> None:
    road = Road(minor_class=CLEAR)
    with pytest.raises(InvalidAnswers) as refused:
        road.complete("triage", decision="reject")
    assert set(refused.value.errors) == {"reject_code", "reason"}


def test_an_appeal_is_decided_by_another_person_of_the_district_and_may_be_upheld() -> None:
    road = rejected()
    road.send("RejectionAppealed", reason="The court sent me to you.")
    assert road.task.candidate_groups == ("district_dispatcher", "supervisor")
    assert road.task.properties["notActor"] == "11"
    assert road.task.inputs["appeal_reason"] == "The court sent me to you."
    road.complete("review_rejection", verdict="overturn")
    assert road.case["established_at"] == MONDAY
    assert road.letters == ["rejected", "accepted"]
    assert road.task.element_id == "sign_for"
    assert road.variables["ending"] == "closed"


def test_who_takes_a_case_up_after_all_corrects_its_category_and_severity() -> None:
    road = rejected()
    road.send("RejectionAppealed", reason="It is the smell of the works.")
    assert (road.task.inputs["minor_class"], road.task.inputs["severity"]) == (CLEAR, "ordinary")
    road.complete("review_rejection", verdict="overturn", minor_class="E03", severity="urgent")
    facts = [road.case[name] for name in ("minor_class", "major_class", "business_line")]
    assert facts == ["E03", "E", "environment"]
    assert road.case["severity"] == "urgent"
    assert road.case["lead_unit"] == "D-ENV", "the duty list is asked about the right category"
    assert road.task.due_at == at(2, 9, 30), "by the limits of the right severity"


@pytest.mark.parametrize(
    ("given", "severity"),
    [
        ({"minor_class": "C02"}, "urgent"),
        ({"minor_class": "C02", "severity": "major"}, "major"),
        ({"minor_class": "A05", "severity": "ordinary"}, "ordinary"),
        ({}, "ordinary"),
    ],
)
def test_a_category_found_in_the_review_sets_the_limit_class(
    given: dict[str, str], severity: str
) -> None:
    road = rejected()
    road.send("RejectionAppealed", reason="Look again.")
    road.complete("review_rejection", verdict="overturn", **given)
    assert road.case["severity"] == severity
    assert road.case["minor_class"] == given.get("minor_class", CLEAR)
    assert {"matter", "is_reclassed"}.isdisjoint(
        name for name, value in road.variables.items() if value is not None
    ), "nothing of it travels with the case"


def test_who_judges_a_category_otherwise_than_its_class_is_heard_in_the_review_too() -> None:
    road = Road(minor_class="C02")
    road.complete("triage", actor="11", **REJECTED)
    road.send("RejectionAppealed", reason="Look again.")
    assert road.task.inputs["severity"] == "urgent"
    road.complete("review_rejection", verdict="overturn", severity="ordinary")
    assert road.case["severity"] == "ordinary"


def test_what_triage_judged_stays_where_only_the_finding_was_wrong() -> None:
    road = Road(minor_class="C02", channel="web")
    road.complete("triage", actor="11", decision="accept", minor_class="B05", severity="ordinary")
    road.complete("verify_report", finding="false", reason="There is a permit.")
    road.send("RejectionAppealed", reason="It is forged.")
    road.complete("review_rejection", verdict="overturn")
    assert (road.case["minor_class"], road.case["severity"]) == ("B05", "ordinary")


def test_a_rejection_that_stands_leaves_the_category_alone() -> None:
    road = rejected()
    road.send("RejectionAppealed", reason="Look again.")
    road.complete(
        "review_rejection",
        verdict="uphold",
        reason="It stands.",
        minor_class="E03",
        severity="major",
    )
    assert (road.case["minor_class"], road.case["severity"]) == (CLEAR, "ordinary")


def test_an_appeal_is_possible_once() -> None:
    road = rejected()
    road.send("RejectionAppealed", reason="Look again.")
    with pytest.raises(NobodyWaits):
        road.send("RejectionAppealed", reason="And again.")
    road.complete("review_rejection", verdict="uphold", reason="It stands.")
    assert road.is_over
    assert road.ends == ["lifecycle_rejected", "rejected"]
    assert road.letters == ["rejected", "rejected"]


def test_a_question_is_answered_by_the_reporter_and_shown_in_triage() -> None:
    road = Road(minor_class=CLEAR)
    road.complete("triage", **QUESTION)
    assert road.letters == ["question"]
    assert road.waits_for == {"QuestionAnswered", "CaseWithdrawn"}
    assert road.timers == {
        "reminder_due": MONDAY + timedelta(days=3),
        "answer_late": MONDAY + timedelta(days=7),
    }
    road.send("QuestionAnswered", answer="The northern one.")
    assert road.task.inputs["reporter_answer"] == "The northern one."
    assert road.timers == {}
    road.complete("triage", **UP)
    assert road.task.inputs["reporter_answer"] is None


def test_a_reporter_who_does_not_answer_is_reminded_once_and_then_the_case_ends() -> None:
    road = Road(minor_class=CLEAR)
    road.complete("triage", **QUESTION)
    road.wait_until(MONDAY + timedelta(days=3))
    assert road.letters == ["question", "reminder"]
    road.wait_until(MONDAY + timedelta(days=7))
    assert road.is_over
    assert road.ends == ["reminded", "lifecycle_unanswered", "no_response_end"]
    assert road.letters == ["question", "reminder", "no_response"]
    assert road.case["outcome"] == "no_response"


def test_a_case_can_be_asked_about_twice() -> None:
    road = Road(minor_class=CLEAR)
    for words in ("Which gate?", "Which colour?"):
        road.complete("triage", decision="need_info", question=words)
        road.wait_until(road.now + timedelta(days=4))
        road.send("QuestionAnswered", answer="See the photo.")
    assert road.letters == ["question", "reminder"] * 2
    assert road.task.element_id == "triage"


def test_a_case_is_passed_up_and_down_between_grid_community_street_and_district() -> None:
    road = Road(minor_class=CLEAR)
    offered = [road.task.candidate_groups]
    for given in (UP, UP, DOWN, DOWN, DOWN):
        road.complete("triage", **given)
        offered.append(road.task.candidate_groups)
    assert [group for (group,) in offered] == [
        "community_officer",
        "street_dispatcher",
        "district_dispatcher",
        "street_dispatcher",
        "community_officer",
        "grid_worker",
    ]
    assert road.case["level"] == "grid"
    with pytest.raises(InvalidAnswers) as refused:
        road.complete("triage", **DOWN)
    assert set(refused.value.errors) == {"decision"}, "there is nothing below the grid"


def test_there_is_nothing_above_the_district() -> None:
    road = Road(minor_class=CLEAR, level="district")
    with pytest.raises(InvalidAnswers) as refused:
        road.complete("triage", **UP)
    assert set(refused.value.errors) == {"decision"}


def test_passing_on_needs_a_reason() -> None:
    road = Road(minor_class=CLEAR)
    with pytest.raises(InvalidAnswers) as refused:
        road.complete("triage", decision="transfer_up")
    assert set(refused.value.errors) == {"transfer_reason"}


def test_what_comes_by_the_hotline_begins_with_the_street_and_can_be_passed_down() -> None:
    road = Road(minor_class=CLEAR, channel="hotline")
    assert road.task.candidate_groups == ("street_dispatcher",)
    road.complete("triage", **DOWN)
    assert road.task.candidate_groups == ("community_officer",)
    up = Road(minor_class=CLEAR, channel="hotline")
    up.complete("triage", **UP)
    assert up.task.candidate_groups == ("district_dispatcher",)


@pytest.mark.parametrize(
    ("chosen", "severity"), [(None, "urgent"), ("ordinary", "urgent"), ("major", "major")]
)
def test_the_category_triage_finds_sets_the_limit_class(chosen: str | None, severity: str) -> None:
    """The matter list says that a burst pipe (C02) is urgent."""
    road = Road(minor_class=None)
    given = {"severity": chosen} if chosen else {}
    road.complete("triage", decision="accept", minor_class="C02", **given)
    assert road.case["severity"] == severity
    assert road.case["major_class"] == "C"


def test_who_judges_a_category_otherwise_than_its_class_is_heard() -> None:
    road = Road(minor_class="C02")
    assert road.task.inputs["severity"] == "urgent"
    road.complete("triage", decision="accept", severity="ordinary")
    assert road.case["severity"] == "ordinary"


def test_what_is_left_out_of_the_rates_needs_evidence() -> None:
    road = Road(minor_class=CLEAR)
    with pytest.raises(InvalidAnswers) as refused:
        road.complete("triage", decision="accept", screen_code="unreasonable")
    assert set(refused.value.errors) == {"screen_evidence"}
    road.complete(
        "triage", decision="accept", screen_code="unreasonable", screen_evidence="Wants a moon."
    )
    assert road.case["screened"] == "unreasonable"


@pytest.mark.parametrize("facts", [{"self_handled": True}, {}])
def test_group_and_line_of_what_was_reported_are_facts_at_once(facts: dict[str, bool]) -> None:
    road = Road(minor_class=CLEAR, **facts)
    assert road.case["major_class"] == "A"


@pytest.mark.parametrize(
    ("place", "group"),
    [
        ({"grid": None, "community": None}, "street_dispatcher"),
        ({"grid": None, "community": None, "street": None}, "district_dispatcher"),
        ({"grid": None, "level": "grid"}, "community_officer"),
    ],
)
def test_where_a_place_is_unknown_the_next_level_up_does_it(
    place: dict[str, str | None], group: str
) -> None:
    assert Road(minor_class=CLEAR, **place).task.candidate_groups == (group,)


def test_a_doubtful_report_of_the_public_is_verified_on_the_spot() -> None:
    road = Road(minor_class="B05")
    road.complete("triage", decision="accept")
    assert road.task.element_id == "verify_report"
    assert road.task.candidate_groups == ("grid_worker",)
    assert road.task.due_at == at(2, 14, 30)
    road.complete("verify_report", finding="true")
    assert road.letters == ["accepted"]
    assert road.case["established_at"] == MONDAY


@pytest.mark.parametrize("finding", ["false", "not_found"])
def test_a_report_that_is_not_so_is_rejected_and_can_be_appealed_against(finding: str) -> None:
    road = Road(minor_class="B05")
    road.complete("triage", actor="11", decision="accept")
    with pytest.raises(InvalidAnswers):
        road.complete("verify_report", finding=finding)
    road.complete("verify_report", finding=finding, reason="There is a permit.")
    assert road.letters == ["rejected"]
    assert road.case["established_at"] is None
    road.send("RejectionAppealed", reason="It is forged.")
    road.complete("review_rejection", verdict="overturn")
    assert road.case["established_at"] == MONDAY, "it is not verified again"


@pytest.mark.parametrize(
    "facts",
    [{"channel": "patrol"}, {"severity": "emergency"}],
    ids=["found on patrol", "no time to lose"],
)
def test_what_needs_no_verification_is_established_at_once(facts: dict[str, str]) -> None:
    road = Road(minor_class="B05", **facts)
    road.complete("triage", decision="accept")
    assert road.letters == ["accepted"]


def test_an_established_case_starts_its_clock() -> None:
    road = Road(minor_class=CLEAR)
    road.complete("triage", decision="accept")
    assert road.sent == ["ClockStarted"]
    assert road.thrown[0].correlation_key == road.case["number"]


def test_a_case_without_a_limit_has_no_clock() -> None:
    road = Road(minor_class=CLEAR, limit_basis="given", given_due_at=None)
    road.to_callback()
    assert road.sent == ["CallbackStarted"]


def settled(**facts: object) -> Road:
    road = Road(minor_class=CLEAR, channel="patrol", self_handled=True, **facts)
    assert road.task.element_id == "record_on_site"
    assert (road.case["established_at"], road.case["due_at"]) == (MONDAY, None)
    return road


def test_what_a_grid_worker_settled_alone_is_recorded_and_goes_to_the_callback() -> None:
    road = settled()
    road.complete("record_on_site", **SETTLED)
    assert road.case["handled_at"] == MONDAY
    assert road.sent == ["CallbackStarted"]
    road.send("CallbackDone", outcome="not_evaluated")
    assert road.task.inputs["close_code"] == "resolved"
    road.complete("close", close_code="resolved", summary="Settled on patrol.")
    assert road.ends == ["lifecycle_closed"]
    assert "ClockStopped" not in road.sent


def test_a_sample_of_it_is_checked_by_another_grid_worker() -> None:
    road = settled()
    road.is_sampled = True
    road.complete("record_on_site", actor="31", **SETTLED)
    assert road.task.element_id == "check_on_site"
    assert road.task.properties["notActor"] == "31"
    assert road.task.properties["limit"] == "site_check"
    road.complete("check_on_site", point=THERE, verdict="pass")
    assert road.case["handled_at"] == MONDAY


def test_who_checks_from_too_far_away_is_asked_again() -> None:
    road = settled()
    road.is_sampled, road.distance_m = True, 101
    road.complete("record_on_site", **SETTLED)
    road.complete("check_on_site", point=THERE, verdict="pass")
    assert road.task.element_id == "check_on_site"
    assert road.task.inputs["distance_m"] == 101
    road.distance_m = 100
    road.complete("check_on_site", point=THERE, verdict="pass")
    assert road.sent == ["CallbackStarted"]


def test_a_failed_check_leads_back_to_the_one_who_settled_it() -> None:
    road = settled()
    road.is_sampled = True
    road.complete("record_on_site", **SETTLED)
    road.complete("check_on_site", point=THERE, verdict="fail", note="It leans again.")
    assert road.task.element_id == "record_on_site"
    assert road.task.inputs == {"check_note": "It leans again."}
    road.complete("record_on_site", **SETTLED)
    road.complete("check_on_site", point=THERE, verdict="pass")
    assert road.sent == ["CallbackStarted"]
