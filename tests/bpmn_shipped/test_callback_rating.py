"""Callback and rating reach each end, every timer fires once; saved and loaded at every step."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from app.engine.errors import NobodyWaits
from app.engine.progress import PendingJob
from app.forms import InvalidAnswers
from tests.bpmn_shipped.road import MONDAY, Road

HANDLER = "41"
DAY = timedelta(days=1)
CALLED: dict[str, Any] = {"contacted": "yes", "resolved": "yes", "grade": "2"}
NO_ANSWER = {"contacted": "no", "not_reached": "no_answer"}
JUSTIFIED = {"verdict": "justified", "finding": "It is as the reporter says."}
SHOWN = {"evidence": ["1"]}
DOUBTFUL = {"verdict": "malicious", "finding": "The reporter was never there.", **SHOWN}
APPEALED = {"appeal": "appeal", "grounds": "The log shows that nobody was there.", **SHOWN}
UPHELD = {"decision": "uphold", "screen_code": "malicious", "reasons": "The log is sound."}
DENIED = {"decision": "deny", "reasons": "A log proves nothing."}


def keep(road: Road, job: PendingJob) -> None:
    """Play what is kept of an evaluation: the latest word of whoever was reached."""
    heard = job.inputs
    if heard.get("is_reached") is False:
        road.case["callback_outcome"] = "unreachable"
        return
    grade = heard.get("grade")
    road.case |= {
        "grade": None if grade is None else int(str(grade)),
        "resolved": heard.get("resolved"),
        "callback_outcome": "reached",
    }


def nothing(_road: Road, _job: PendingJob) -> None:
    """Supervisors are told elsewhere."""


def callback(*, variables: dict[str, Any] | None = None, **facts: Any) -> Road:
    """A case that has just been handled by person 41."""
    operations = dict.fromkeys(("record_rating", "record_evaluation"), keep)
    return Road(
        process="callback_rating",
        message="CallbackStarted",
        variables={"handler": HANDLER} | (variables or {}),
        operations=operations | {"report_unrectified": nothing},
        answers={"handle": {"public_reply": "It has been cleared away."}},
        **{"lead_unit": "D-ENV", "handled_at": MONDAY, **facts},
    )


def rated(grade: str, *, variables: dict[str, Any] | None = None, **given: Any) -> Road:
    """A case rated at once."""
    road = callback(variables=variables)
    road.rate(grade=grade, **given)
    return road


def called_on(road: Road, day: int, answer: dict[str, Any], element_id: str) -> None:
    """Wait until so many days after the report and let somebody call."""
    road.wait_until(MONDAY + day * DAY)
    road.complete(element_id, **answer)


def rectified(road: Road) -> Road:
    """Take a justified bad rating as far as its second callback."""
    road.complete("verify_bad_rating", **JUSTIFIED)
    road.complete("rectify", measures="Done properly.", public_reply="Swept.")
    return road


def reply(road: Road) -> list[object]:
    """What the main process is told."""
    return [sent.variables["outcome"] for sent in road.thrown if sent.name == "CallbackDone"]


def test_a_rating_at_once_needs_no_call() -> None:
    road = rated("1", resolved="yes", comment="Thank you.")
    assert road.is_over
    assert road.ends == ["evaluated", "answered"]
    assert reply(road) == ["resolved"]
    assert road.timers == {}
    assert road.warnings == []


def test_nobody_calls_before_a_day_has_passed() -> None:
    road = callback()
    assert road.timers == {"callback_due": MONDAY + DAY}
    assert road.waits_for == {"RatingReceived", "MasterClosed"}
    road.wait_until(MONDAY + DAY - timedelta(seconds=1))
    assert road.tasks == ()
    road.wait_until(MONDAY + DAY)
    assert road.task.element_id == "callback_task"
    assert road.task.candidate_groups == ("callback_agent",)
    assert road.task.properties["notActor"] == HANDLER
    assert road.task.properties["limitBasis"] == "Callback rules, ordinary"
    assert road.task.due_at == MONDAY + 2 * DAY
    assert road.timers == {}
    assert road.waits_for == {"RatingReceived", "MasterClosed"}


def test_what_the_reporter_says_on_the_telephone_is_recorded() -> None:
    road = callback()
    called_on(road, 1, CALLED, "callback_task")
    assert road.ends == ["spoken", "evaluated", "answered"]
    assert road.jobs == ["record_callback"]
    assert (road.case["grade"], road.case["resolved"]) == (2, "yes")
    assert reply(road) == ["resolved"]
    assert road.warnings == []


def test_three_attempts_fall_on_three_days_and_end_as_not_evaluated() -> None:
    road = callback()
    for day in (1, 2, 3):
        called_on(road, day, NO_ANSWER, "callback_task")
        left = {"next_day": MONDAY + (day + 1) * DAY} if day < 3 else {}
        assert road.timers == left
        assert road.tasks == ()
    assert road.ends == ["never_reached", "not_evaluated", "answered"]
    assert road.case["callback_outcome"] == "unreachable"
    assert road.case["grade"] is None, "never counted as satisfied"
    assert reply(road) == ["not_evaluated"]


def test_an_attempt_on_friday_is_repeated_on_monday() -> None:
    road = callback(now=MONDAY + 3 * DAY)
    road.wait_until(MONDAY + 4 * DAY)
    road.complete("callback_task", **NO_ANSWER)
    assert road.timers == {"next_day": MONDAY + 7 * DAY}


@pytest.mark.parametrize("why", ["no_number", "declined"])
def test_nobody_is_called_again_who_cannot_or_will_not_be(why: str) -> None:
    road = callback()
    called_on(road, 1, {"contacted": "no", "not_reached": why}, "callback_task")
    assert road.ends == ["never_reached", "not_evaluated", "answered"]


def test_a_rating_that_comes_while_somebody_calls_ends_the_calls() -> None:
    waiting, between = callback(), callback()
    waiting.wait_until(MONDAY + DAY)
    called_on(between, 1, NO_ANSWER, "callback_task")
    for road in (waiting, between):
        road.rate(grade="3")
        assert road.is_over
        assert road.jobs == ["record_rating_by_token"]
        assert road.ends == ["evaluated", "answered"]
        assert road.timers == {}


def test_an_anonymous_reporter_may_rate_and_is_not_called() -> None:
    road = callback(is_anonymous=True)
    assert road.waits_for == {"RatingReceived", "MasterClosed"}
    road.wait_until(MONDAY + DAY)
    assert road.ends == ["not_called", "not_evaluated", "answered"]
    assert reply(road) == ["not_evaluated"]


def test_an_anonymous_reporter_reads_what_was_put_right_and_is_not_called() -> None:
    road = callback(is_anonymous=True)
    road.rate(grade="5", resolved="yes")
    rectified(road)
    assert road.letters == ["rectified"]
    assert road.tasks == (), "there is no number to call"
    assert road.ends == ["nobody_to_call", "answered"]
    assert reply(road) == ["resolved"]


def test_what_was_found_on_patrol_is_nobodys_to_rate() -> None:
    road = callback(channel="patrol")
    assert road.is_over
    assert road.ends == ["nobody_asked", "answered"]
    assert reply(road) == ["not_evaluated"]


def test_a_call_says_whether_and_why() -> None:
    road = callback()
    road.wait_until(MONDAY + DAY)
    for given, wanted in (
        ({}, {"contacted"}),
        ({"contacted": "no"}, {"not_reached"}),
        ({"contacted": "yes"}, {"resolved", "grade"}),
    ):
        with pytest.raises(InvalidAnswers) as refused:
            road.complete("callback_task", **given)
        assert set(refused.value.errors) == wanted


@pytest.mark.parametrize(
    ("grade", "resolved", "is_verified"),
    [("3", "partly", False), ("4", "yes", True), ("5", None, True), ("1", "no", True)],
)
def test_a_bad_grade_and_an_unresolved_matter_are_verified(
    grade: str, resolved: str | None, is_verified: bool
) -> None:
    road = rated(grade, resolved=resolved)
    assert [task.element_id for task in road.tasks] == ["verify_bad_rating"] * is_verified


def test_a_bad_rating_is_verified_within_a_working_day_by_somebody_else() -> None:
    road = rated("5", comment="Nobody came.")
    assert set(road.task.candidate_groups) == {"supervisor", "community_officer"}
    assert road.task.properties["notActor"] == HANDLER
    assert road.task.due_at == MONDAY + DAY
    assert road.task.inputs == {"grade": 5, "resolved": None, "words": "Nobody came."}
    assert road.waits_for == {"MasterClosed"}
    with pytest.raises(NobodyWaits):
        road.rate(grade="1")


@pytest.mark.parametrize(("is_confidential", "words"), [(False, "A half of it."), (True, None)])
def test_whoever_puts_it_right_reads_what_was_said_but_of_a_confidential_case(
    is_confidential: bool, words: str | None
) -> None:
    road = rated("4", resolved="partly", comment="A half of it.")
    road.case["is_confidential"] = is_confidential
    road.complete("verify_bad_rating", **JUSTIFIED)
    assert road.task.inputs["words"] == words


def test_a_justified_one_is_rectified_and_asked_about_again() -> None:
    road = rated("4", resolved="partly")
    road.complete("verify_bad_rating", **JUSTIFIED)
    assert road.task.candidate_groups == ("unit_handler",)
    assert road.task.due_at == MONDAY + 7 * DAY, "five working days"
    road.complete("rectify", measures="Done properly.", public_reply="Swept.")
    assert road.letters == ["rectified"]
    assert reply(road) == []
    assert road.task.element_id == "second_callback"
    road.complete("second_callback", **CALLED)
    assert road.ends == ["rectified", "answered"]
    assert road.case["grade"] == 2
    assert reply(road) == ["resolved"]
    assert road.variables["words"] is None, "what was said first is not carried along"
    assert road.warnings == []


def test_what_is_complex_is_rectified_within_fifteen_working_days() -> None:
    road = rated("4")
    road.complete("verify_bad_rating", **JUSTIFIED, is_complex=True)
    assert road.task.due_at == MONDAY + 21 * DAY
    assert road.task.properties["limitBasis"] == "Callback rules, complex"


def test_what_is_still_bad_is_left_to_supervision() -> None:
    road = rectified(rated("5", resolved="partly"))
    road.complete("second_callback", **{**CALLED, "grade": "4"})
    assert road.ends == ["supervised", "answered"]
    assert [sent.name for sent in road.thrown] == ["SupervisionNeeded", "CallbackDone"]
    assert road.thrown[0].time_to_live == timedelta(0)
    assert reply(road) == ["resolved"]


def test_what_is_still_unresolved_is_to_be_handled_again() -> None:
    road = rectified(rated("5", resolved="partly"))
    road.complete("second_callback", **{**CALLED, "resolved": "no"})
    assert road.ends == ["supervised", "answered"]
    assert reply(road) == ["reopen"]


def test_who_does_not_answer_a_second_time_leaves_the_rating_as_it_was() -> None:
    road = rectified(rated("4"))
    for day in (0, 1, 2):
        called_on(road, day, NO_ANSWER, "second_callback")
        assert road.timers == ({"second_next_day": MONDAY + (day + 1) * DAY} if day < 2 else {})
    assert road.ends == ["not_heard_again", "answered"]
    assert road.case["grade"] == 4
    assert reply(road) == ["resolved"]


def test_who_will_not_be_called_a_second_time_is_not() -> None:
    road = rectified(rated("4"))
    road.complete("second_callback", contacted="no", not_reached="declined")
    assert road.ends == ["not_heard_again", "answered"]


def test_an_appeal_that_is_upheld_screens_the_rating() -> None:
    road = rated("5", resolved="no")
    road.complete("verify_bad_rating", actor="7", **DOUBTFUL)
    assert set(road.task.candidate_groups) == {"unit_leader", "unit_clerk"}
    assert road.task.due_at == MONDAY + 3 * DAY
    road.complete("appeal_rating", **APPEALED)
    assert road.task.candidate_groups == ("district_dispatcher",)
    assert road.task.properties["notActor"] == "7"
    assert road.task.inputs["screen_code"] == "malicious"
    road.complete("decide_appeal", **UPHELD)
    assert road.case["screened"] == "malicious"
    assert road.ends == ["screened", "answered"]
    assert reply(road) == ["screened"]
    assert road.warnings == []


def test_an_appeal_that_is_denied_leaves_the_rating_standing() -> None:
    road = rated("5")
    road.complete("verify_bad_rating", **DOUBTFUL)
    road.complete("appeal_rating", **APPEALED)
    road.complete("decide_appeal", **DENIED)
    assert road.task.element_id == "rectify"
    assert road.case["screened"] is None


def test_a_unit_that_does_not_appeal_puts_it_right() -> None:
    road = rated("5")
    road.complete("verify_bad_rating", **DOUBTFUL)
    road.complete("appeal_rating", appeal="accept")
    assert road.task.element_id == "rectify"
    assert road.timers == {}


def test_silence_is_no_appeal() -> None:
    road = rated("5")
    road.complete("verify_bad_rating", **DOUBTFUL)
    over = MONDAY + 3 * DAY
    assert road.timers == {"appeal_late": over}
    road.wait_until(over - timedelta(seconds=1))
    assert road.task.element_id == "appeal_rating"
    road.wait_until(over)
    assert road.task.element_id == "rectify"
    assert road.timers == {}


@pytest.mark.parametrize("verdict", ["mistaken", "malicious", "out_of_scope"])
def test_a_doubt_needs_evidence_and_a_justified_rating_none(verdict: str) -> None:
    road = rated("5")
    with pytest.raises(InvalidAnswers) as refused:
        road.complete("verify_bad_rating", verdict=verdict, finding="So we think.")
    assert set(refused.value.errors) == {"evidence"}
    road.complete("verify_bad_rating", verdict="justified", finding="So it is.")
    assert road.task.element_id == "rectify"


def test_an_appeal_needs_grounds_and_a_decision_reasons() -> None:
    road = rated("5")
    road.complete("verify_bad_rating", **DOUBTFUL)
    with pytest.raises(InvalidAnswers) as refused:
        road.complete("appeal_rating", appeal="appeal")
    assert set(refused.value.errors) == {"grounds", "evidence"}
    road.complete("appeal_rating", **APPEALED)
    with pytest.raises(InvalidAnswers) as refused:
        road.complete("decide_appeal", decision="uphold")
    assert set(refused.value.errors) == {"screen_code", "reasons"}


def test_unresolved_and_justified_goes_back_to_handling() -> None:
    road = rated("4", resolved="no")
    road.complete("verify_bad_rating", **JUSTIFIED)
    assert road.ends == ["to_reopen", "answered"]
    assert reply(road) == ["reopen"]


def test_a_bad_grade_after_closing_is_rectified_and_nobody_waits_for_the_result() -> None:
    late: dict[str, Any] = {"grade": 5, "words": "It is back.", "wants_reply": False}
    road = callback(variables=late, grade=5, resolved="no")
    assert road.task.element_id == "verify_bad_rating", "it is not asked for again"
    assert road.task.inputs["words"] == "It is back."
    road.complete("verify_bad_rating", **JUSTIFIED)
    assert road.task.element_id == "rectify", "what is closed is not reopened by this"
    road.complete("rectify", measures="Done properly.", public_reply="Swept.")
    road.complete("second_callback", **CALLED)
    assert road.ends == ["rectified", "kept"]
    assert reply(road) == []


def test_a_case_without_department_is_put_right_by_its_community() -> None:
    road = callback(lead_unit=None)
    road.rate(grade="4")
    road.complete("verify_bad_rating", **DOUBTFUL)
    assert road.task.candidate_groups == ("community_officer",)
    road.complete("appeal_rating", appeal="accept")
    assert road.task.candidate_groups == ("community_officer",)


def test_who_handled_it_need_not_be_known() -> None:
    road = callback(variables={"handler": None})
    road.rate(grade="4")
    assert road.task.properties.get("notActor") is None


def test_the_state_beside_a_case_stays_small() -> None:
    road = rated("5", comment="It was not done. " * 50)
    assert road.state_bytes < 2000
    rectified(road)
    assert road.state_bytes < 1500


@pytest.mark.parametrize("now", [MONDAY, MONDAY + 4 * DAY])
def test_every_way_of_answering_three_calls_ends(now: datetime) -> None:
    for answers in (
        [CALLED],
        [NO_ANSWER, CALLED],
        [NO_ANSWER, NO_ANSWER, CALLED],
        [NO_ANSWER, NO_ANSWER, NO_ANSWER],
    ):
        road = callback(now=now)
        for answer in answers:
            (due,) = road.timers.values()
            road.wait_until(due)
            road.complete("callback_task", **answer)
        assert road.is_over
        assert len(reply(road)) == 1


@pytest.mark.parametrize("steps", range(5))
def test_a_case_that_ends_meanwhile_ends_its_evaluation_wherever_it_stands(steps: int) -> None:
    road = callback()
    ways: list[Callable[[], None]] = [
        lambda: road.wait_until(MONDAY + DAY),
        lambda: road.complete("callback_task", **{**CALLED, "grade": "5"}),
        lambda: road.complete("verify_bad_rating", **DOUBTFUL),
        lambda: road.complete("appeal_rating", **APPEALED),
    ]
    for step in ways[:steps]:
        step()
    road.send("MasterClosed")
    assert road.is_over
    assert road.ends[-1] == "kept"
    assert (road.tasks, road.timers, road.waits_for) == ((), {}, set())
    assert reply(road) == []


def test_a_good_grade_after_closing_needs_nothing_more() -> None:
    road = callback(variables={"grade": 2, "wants_reply": False}, grade=2)
    assert road.ends == ["evaluated", "kept"]
    assert road.jobs == []
    assert road.warnings == []
