"""A case in the hands of departments: dispatch, return, arbitration, assistance, review, check."""

from datetime import datetime, timedelta

import pytest

from app.forms import InvalidAnswers
from tests.bpmn_shipped.road import HANDLED, MONDAY, ZONE, Road

CLEAR = "A01"
UNCLEAR = "C02"
BOTH = "A05"
RETURNED = {
    "sign": "return",
    "return_reason": "not_duty",
    "legal_basis": "The cover belongs to the water works.",
    "proposed_unit": "D-WATER",
}
APPROVED = {"verdict": "approve", "reason": "The basis holds."}
DENIED = {"verdict": "deny", "reason": "The duty list says otherwise."}
NOT_OURS = {**HANDLED, "result": "not_duty", "unresolved_reason": "It is a gas pipe."}
STUCK = {**HANDLED, "result": "needs_coordination", "unresolved_reason": "Three must meet."}
PASS = {"verdict": "pass"}
REWORK = {"verdict": "rework", "rework_reason": "Photograph it."}
DONE = {"done": "yes", "measures": "Closed the valve."}
THERE = "40.005,116.005"


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of March 2026, district time; the 2nd is a Monday."""
    return datetime(2026, 3, day, hour, minute, tzinfo=ZONE)


def accepted(minor_class: str | None = CLEAR, **facts: object) -> Road:
    road = Road(minor_class=minor_class, **facts)
    road.complete("triage", decision="accept")
    return road


def shared() -> Road:
    """A case at work: D-ENV leads, D-WATER and D-URBAN assist."""
    road = accepted(UNCLEAR)
    road.complete(
        "dispatch", lead_unit="D-ENV", co_units=["D-WATER"], override_reason="It is the valve."
    )
    road.case["co_units"] = ["D-WATER", "D-URBAN"]
    road.complete("sign_for", sign="sign")
    return road


def open_steps(road: Road) -> list[str]:
    return sorted(task.element_id for task in road.tasks)


def test_a_category_whose_duty_is_not_clear_is_dispatched_by_hand() -> None:
    road = accepted(UNCLEAR)
    assert road.task.candidate_groups == ("street_dispatcher",)
    assert road.task.inputs["lead_unit"] == road.task.inputs["listed_unit"] == "D-HOUSING"
    assert road.task.inputs["co_units"] == ["D-WATER", "D-URBAN"]
    with pytest.raises(InvalidAnswers) as refused:
        road.complete("dispatch", lead_unit="D-WATER")
    assert set(refused.value.errors) == {"override_reason"}
    road.complete("dispatch", lead_unit="D-WATER", co_units=["D-ENV"], override_reason="Water.")
    assert (road.case["lead_unit"], road.case["co_units"]) == ("D-WATER", ["D-ENV"])
    assert road.task.element_id == "sign_for"


def test_a_report_without_category_is_dispatched_without_a_suggestion_or_reason() -> None:
    road = accepted(None)
    assert (road.task.inputs["lead_unit"], road.task.inputs["co_units"]) == (None, [])
    with pytest.raises(InvalidAnswers):
        road.complete("dispatch")
    road.complete("dispatch", lead_unit="D-ENV")
    assert road.task.element_id == "sign_for"


def test_the_district_dispatches_what_it_keeps_and_what_lies_outside_every_street() -> None:
    kept = Road(minor_class=UNCLEAR)
    kept.complete("triage", decision="accept", level="district")
    outside = accepted(UNCLEAR, grid=None, community=None, street=None)
    for road in (kept, outside):
        assert road.task.candidate_groups == ("district_dispatcher",)


def test_a_return_is_arbitrated_by_another_person_than_the_dispatcher() -> None:
    road = accepted(UNCLEAR)
    road.complete("dispatch", actor="21", lead_unit="D-ENV", override_reason="Smoke.")
    due_at = road.case["due_at"]
    road.complete("sign_for", **RETURNED)
    assert "sent_back" in road.ends
    assert road.task.element_id == "arbitrate_return"
    assert road.task.properties["notActor"] == "21"
    assert road.task.due_at == at(2, 14, 30)
    road.complete("arbitrate_return", **APPROVED)
    assert road.task.element_id == "dispatch"
    assert road.task.inputs["lead_unit"] == "D-WATER"
    road.complete("dispatch", lead_unit="D-WATER")
    assert road.case["lead_unit"] == "D-WATER"
    assert road.task.element_id == "sign_for"
    assert road.case["due_at"] == due_at, "a return does not stop the clock"


SOONER = {"limit_until": "2026-03-04T12:00", "limit_reason": "The road opens on Thursday."}


def dispatched(**given: object) -> Road:
    road = accepted(UNCLEAR)
    road.complete("dispatch", lead_unit="D-ENV", override_reason="Smoke.", **given)
    return road


def test_a_dispatcher_may_set_another_limit_and_says_why() -> None:
    with pytest.raises(InvalidAnswers) as refused:
        dispatched(limit_until="2026-03-04T12:00")
    assert set(refused.value.errors) == {"limit_reason"}
    with pytest.raises(InvalidAnswers) as refused:
        dispatched(**SOONER | {"limit_until": "2026-03-02T09:00"})
    assert set(refused.value.errors) == {"limit_until"}, "it lies in the future"
    road = dispatched(**SOONER)
    assert road.jobs[-1] == "override_limit"
    assert road.case["due_at"] == at(4, 12)
    road.complete("sign_for", sign="sign")
    assert road.task.due_at == at(4, 12)
    assert road.task.inputs["due_reason"] == SOONER["limit_reason"]


def test_a_dispatcher_who_says_nothing_of_the_limit_leaves_it_as_it_is() -> None:
    road = dispatched()
    assert road.passed["override_limit"] == 0
    assert road.case["due_at"] == at(9, 9)


def test_a_limit_once_set_stays_when_the_case_is_dispatched_anew_until_another_is_set() -> None:
    road = dispatched(**SOONER)
    road.complete("sign_for", **RETURNED)
    road.complete("arbitrate_return", **APPROVED)
    assert road.task.inputs["due_reason"] == SOONER["limit_reason"]
    road.complete("dispatch", lead_unit="D-WATER")
    assert road.case["due_at"] == at(4, 12)
    assert road.passed["override_limit"] == 1
    road.complete("sign_for", sign="sign")
    road.complete("handle", **NOT_OURS)
    road.complete("designate_unit", lead_unit="D-ENV", reason="So it is.")
    road.complete("sign_for")
    assert road.task.due_at == at(4, 12)
    assert road.task.inputs["due_reason"] == SOONER["limit_reason"]


def test_the_last_of_two_limits_counts() -> None:
    road = dispatched(**SOONER)
    road.complete("sign_for", **RETURNED)
    road.complete("arbitrate_return", **APPROVED)
    later = {"limit_until": "2026-03-13T17:30", "limit_reason": "Water needs a week."}
    road.complete("dispatch", lead_unit="D-WATER", **later)
    assert road.case["due_at"] == at(13, 17, 30)
    road.complete("sign_for", sign="sign")
    assert road.task.inputs["due_reason"] == later["limit_reason"]


def test_a_case_that_came_without_a_limit_gets_none_by_dispatch() -> None:
    road = accepted(UNCLEAR, limit_basis="given", given_due_at=None)
    road.complete("dispatch", lead_unit="D-ENV", override_reason="Smoke.", **SOONER)
    assert road.case["due_at"] is None
    assert road.answers["dispatch"]["limit_until"] is None


def test_a_return_that_is_denied_leads_to_handling() -> None:
    road = accepted()
    road.complete("sign_for", **RETURNED)
    road.complete("arbitrate_return", **DENIED)
    assert road.task.element_id == "handle"
    assert road.case["lead_unit"] == "D-URBAN"


def test_the_second_return_is_settled_by_the_district_for_good() -> None:
    road = accepted()
    road.complete("sign_for", **RETURNED)
    road.complete("arbitrate_return", **APPROVED)
    road.complete("dispatch", lead_unit="D-WATER")
    road.complete("sign_for", **RETURNED)
    assert road.task.element_id == "designate_unit"
    assert road.task.candidate_groups == ("district_dispatcher",)
    road.complete("designate_unit", lead_unit="D-ENV", reason="The district decides.")
    assert road.case["lead_unit"] == "D-ENV"
    assert road.task.inputs["can_return"] is False
    assert road.task.inputs["is_designated"] is True
    road.complete("sign_for", **RETURNED)
    assert road.answers["sign_for"]["sign"] is None, "the form no longer offers a return"
    assert road.task.element_id == "handle"
    assert road.passed["count_return"] == 2


def test_a_handler_may_find_that_it_is_not_their_duty() -> None:
    road = accepted()
    road.complete("sign_for", sign="sign")
    road.complete("handle", **NOT_OURS)
    assert road.task.element_id == "arbitrate_return"
    road.complete("arbitrate_return", **DENIED)
    assert road.task.element_id == "handle"
    road.complete("handle", **NOT_OURS)
    assert road.task.element_id == "designate_unit"
    road.complete("designate_unit", lead_unit="D-ENV", reason="The district decides.")
    road.complete("sign_for")
    with pytest.raises(InvalidAnswers) as refused:
        road.complete("handle", **NOT_OURS)
    assert set(refused.value.errors) == {"result"}, "what was designated is final"
    road.complete("handle", **HANDLED)
    assert road.task.element_id == "review_result"


def test_what_is_dispatched_after_a_designation_is_not_called_designated() -> None:
    """Reopened after the callback it goes to whom the dispatcher names, who may return it anew."""
    road = accepted()
    road.complete("sign_for", **RETURNED)
    road.complete("arbitrate_return", **APPROVED)
    road.complete("dispatch", lead_unit="D-WATER")
    road.complete("sign_for", **RETURNED)
    road.complete("designate_unit", lead_unit="D-ENV", reason="The district decides.")
    road.complete("sign_for")
    road.complete("handle", **HANDLED)
    road.complete("review_result", **PASS)
    road.send("CallbackDone", outcome="reopen")
    road.complete("dispatch", lead_unit="D-WATER", override_reason="Water after all.")
    seen = road.task.inputs
    assert (seen["can_return"], seen["is_designated"], seen["returns"]) == (True, False, 0)


@pytest.mark.parametrize("by_handler", [False, True])
def test_the_arbiter_sees_what_the_department_said_now_not_what_another_said_before(
    by_handler: bool,
) -> None:
    road = accepted()
    if by_handler:
        road.answers["sign_for"] = RETURNED
        road.wait_until(at(2, 14, 30))
        road.complete("handle", **NOT_OURS, proposed_unit="D-ENV")
        expected = ("handle", "not_duty", "It is a gas pipe.", "D-ENV")
    else:
        road.complete("sign_for", **RETURNED)
        expected = ("sign_for", "not_duty", RETURNED["legal_basis"], "D-WATER")
    seen = road.task.inputs
    names = ("returned_from", "return_reason", "legal_basis", "proposed_unit")
    assert tuple(seen[name] for name in names) == expected
    road.complete("arbitrate_return", **APPROVED)
    assert road.task.inputs["lead_unit"] == expected[-1]


def test_who_was_denied_a_return_reads_why_and_nobody_else_does() -> None:
    road = accepted()
    road.complete("sign_for", **RETURNED)
    road.complete("arbitrate_return", **DENIED)
    assert road.task.inputs["sent_by"] == "denial"
    road.complete("handle", **NOT_OURS)
    road.complete("designate_unit", lead_unit="D-ENV", reason="The district decides.")
    road.complete("sign_for")
    assert road.task.inputs["sent_by"] == "designation"


def test_a_case_nobody_signs_for_counts_as_signed_when_the_time_is_over() -> None:
    road = accepted()
    assert road.timers == {"sign_late": at(2, 14, 30)}
    road.wait_until(at(2, 14, 29))
    assert road.task.element_id == "sign_for"
    road.wait_until(at(2, 14, 30))
    assert road.task.element_id == "handle"
    assert road.jobs[-2:] == ["auto_sign", "tell_moved"]
    assert road.timers == {}
    assert road.case["due_at"] == at(9, 9), "silence does not move the handling limit"


def test_assisting_units_work_beside_the_leading_one_and_are_waited_for() -> None:
    road = shared()
    assert open_steps(road) == ["assist", "assist", "handle"]
    groups = {task.candidate_groups for task in road.tasks if task.element_id == "assist"}
    assert groups == {("unit_handler@D-WATER",), ("unit_handler@D-URBAN",)}
    road.complete("assist", unit="D-WATER", **DONE)
    road.complete("handle", actor="41", **HANDLED)
    assert open_steps(road) == ["assist"]
    road.complete("assist", unit="D-URBAN", done="no", measures="The key is lost.")
    assert (road.ends.count("assisted"), road.ends.count("lead_done")) == (2, 1)
    assert road.task.element_id == "review_result"
    assert road.task.properties["notActor"] == "41"


def test_whoever_leads_may_be_last() -> None:
    road = shared()
    for unit in ("D-URBAN", "D-WATER"):
        road.complete("assist", unit=unit, **DONE)
    road.complete("handle", actor="41", **HANDLED)
    assert road.task.properties["notActor"] == "41"


def test_whoever_leads_does_not_wait_when_that_is_justified() -> None:
    road = shared()
    with pytest.raises(InvalidAnswers) as refused:
        road.complete("handle", **HANDLED, proceed=True)
    assert set(refused.value.errors) == {"proceed_reason"}
    road.complete("handle", **HANDLED, proceed=True, proceed_reason="The leak is stopped.")
    assert open_steps(road) == ["review_result"]
    assert "lead_alone" in road.ends
    assert road.timers == {}


def test_nobody_waits_for_a_unit_that_lets_its_limit_pass() -> None:
    road = shared()
    road.complete("handle", **HANDLED)
    assert road.timers == {"assist_late": at(5, 9)}
    road.wait_until(at(5, 9))
    assert road.task.element_id == "review_result"
    assert road.ends.count("assist_missed") == 2
    assert road.ends[-2:] == ["assists_done", "department_done"]


def test_units_that_have_assisted_are_not_asked_again_on_rework() -> None:
    road = shared()
    for unit in ("D-WATER", "D-URBAN"):
        road.complete("assist", unit=unit, **DONE)
    road.complete("handle", **HANDLED)
    road.complete("review_result", **REWORK)
    assert open_steps(road) == ["handle"]
    assert road.task.inputs["assisting"] == []
    assert road.task.inputs["measures"] == HANDLED["measures"]


def test_coordination_is_asked_for_by_whistle_and_waited_for() -> None:
    road = shared()
    road.complete("handle", **STUCK)
    assert road.tasks == ()
    assert road.sent == ["ClockStarted", "WhistleBlown"]
    assert road.thrown[-1].variables == {"is_linked": True, "need": "Three must meet."}
    assert road.waits_for == {"WhistleEnded", "CaseWithdrawn"}
    road.send("WhistleEnded", result="partly", words="Two of three came.")
    assert open_steps(road) == ["assist", "assist", "handle"]
    seen = road.open_task("handle").inputs
    assert (seen["whistle_result"], seen["whistle_words"]) == ("partly", "Two of three came.")
    assert seen["measures"] == STUCK["measures"], "what was written before is filled in"
    assert seen["result"] is None


def test_who_spoke_to_the_reporter_has_replied_whatever_came_of_the_handling() -> None:
    road = accepted()
    road.complete("sign_for", sign="sign")
    road.complete("handle", **STUCK, contacted=True, **SPOKEN)
    assert str(road.case["contacted_at"]).startswith("2026-03-02")


def test_a_department_that_returns_at_once_has_not_replied_for_the_one_before() -> None:
    road = accepted()
    road.complete("sign_for", sign="sign")
    road.complete("handle", **NOT_OURS, contacted=True, **SPOKEN)
    road.case["contacted_at"] = None
    road.complete("arbitrate_return", **APPROVED)
    road.complete("dispatch", lead_unit="D-WATER", override_reason="Theirs.")
    road.complete("sign_for", **RETURNED)
    assert road.case["contacted_at"] is None


def test_a_result_is_reviewed_by_another_person_than_the_handler() -> None:
    road = accepted()
    road.complete("sign_for", sign="sign")
    assert road.task.candidate_groups == ("unit_handler",)
    assert road.task.due_at == road.case["due_at"] == at(9, 9)
    road.complete("handle", actor="41", **HANDLED, contacted=True, **SPOKEN)
    assert str(road.case["contacted_at"]).startswith("2026-03-02")
    assert road.task.candidate_groups == ("unit_leader",)
    assert road.task.properties["notActor"] == "41"
    road.now = at(4, 15)
    road.complete("review_result", actor="42", **PASS)
    assert road.case["handled_at"] == at(4, 15)
    assert road.sent == ["ClockStarted", "ClockStopped", "CallbackStarted"]
    assert road.letters == ["accepted", "moved", "handled"]


SPOKEN = {"contacted_by": "Wang", "contacted_at": "2026-03-02T08:30:00+08:00"}


def test_a_result_is_sent_back_until_it_stands_and_supervision_hears_of_the_third_time() -> None:
    road = accepted()
    road.complete("sign_for", sign="sign")
    for round_ in (1, 2, 3, 4):
        road.complete("handle", actor=str(round_), **HANDLED)
        assert road.task.properties["notActor"] == str(round_)
        road.complete("review_result", **REWORK)
        assert road.passed["count_rework"] == round_
        assert road.sent.count("SupervisionNeeded") == (round_ >= 3)
        assert road.task.inputs["measures"] == HANDLED["measures"]
    assert road.case["handled_at"] is None
    road.complete("handle", **HANDLED)
    road.complete("review_result", **PASS)
    assert road.case["handled_at"] == MONDAY


@pytest.mark.parametrize("result", ["partly", "explained", "not_now"])
def test_any_other_result_is_reviewed_with_what_remains(result: str) -> None:
    road = accepted()
    road.complete("sign_for", sign="sign")
    road.complete("handle", **HANDLED | {"result": result, "unresolved_reason": "Frost."})
    assert road.task.element_id == "review_result"
    assert ("SuspensionNeeded" in road.sent) == (result == "not_now")


def test_suspension_is_asked_for_where_it_cannot_be_done_now_and_the_case_does_not_wait() -> None:
    road = accepted()
    road.complete("sign_for", sign="sign")
    not_now = HANDLED | {"result": "not_now", "unresolved_reason": "The ground is frozen."}
    road.complete("handle", **not_now)
    (asked,) = [each for each in road.thrown if each.name == "SuspensionNeeded"]
    assert asked.variables == {
        "words": "The ground is frozen.",
        "department": road.case["lead_unit"],
    }
    assert asked.correlation_key == road.case["number"]
    assert asked.time_to_live == timedelta(0), "whoever does not listen now will not hear of it"
    road.complete("review_result", **REWORK)
    road.complete("handle", **HANDLED)
    road.complete("review_result", **PASS)
    assert road.case["handled_at"] == MONDAY
    assert road.sent.count("SuspensionNeeded") == 1


def checked() -> Road:
    road = accepted()
    road.is_sampled = True
    road.complete("sign_for", sign="sign")
    road.complete("handle", actor="41", **HANDLED)
    road.complete("review_result", **PASS)
    return road


def test_a_sample_is_checked_on_the_spot_by_another_than_the_handler() -> None:
    road = checked()
    assert road.case["handled_at"] == MONDAY
    assert road.task.element_id == "site_check"
    assert road.task.candidate_groups == ("grid_worker",)
    assert road.task.properties["notActor"] == "41"
    assert road.letters == ["accepted", "moved"], "the reporter is told when the check has passed"
    road.complete("site_check", point=THERE, verdict="pass")
    assert road.letters == ["accepted", "moved", "handled"]


def test_a_check_needs_a_position_near_the_place() -> None:
    road = checked()
    with pytest.raises(InvalidAnswers) as refused:
        road.complete("site_check", verdict="pass")
    assert set(refused.value.errors) == {"point"}
    road.distance_m = 340
    road.complete("site_check", point=THERE, verdict="pass")
    assert road.task.inputs["distance_m"] == 340
    road.distance_m = None
    road.complete("site_check", point=THERE, verdict="pass")
    assert road.sent[-1] == "CallbackStarted", "where the place is unknown nobody can be too far"


def test_a_failed_check_is_rework_and_the_clock_runs_again() -> None:
    road = checked()
    road.complete("site_check", point=THERE, verdict="fail", note="Half of it lies there.")
    assert road.case["handled_at"] is None
    assert road.jobs[-1] == "reopen_after_check"
    assert road.sent == ["ClockStarted", "ClockStopped", "ClockStarted"]
    assert road.passed["count_rework"] == 1
    road.complete("handle", **HANDLED)
    road.complete("review_result", **PASS)
    road.complete("site_check", point=THERE, verdict="pass")
    assert road.sent[-1] == "CallbackStarted"


def test_a_failed_check_of_a_case_without_limit_starts_no_clock() -> None:
    road = Road(minor_class=CLEAR, limit_basis="given", given_due_at=None)
    road.is_sampled = True
    road.to_callback()
    road.complete("site_check", point=THERE, verdict="fail", note="No.")
    assert road.sent == []
    assert road.task.element_id == "handle"
