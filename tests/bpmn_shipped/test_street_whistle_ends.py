"""The street whistle reaches each end and lets each of its limits pass, on a moved clock."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from app.engine.progress import PendingJob
from app.forms import InvalidAnswers
from tests.bpmn_shipped.road import CHOICES, ZONE, Road

THREE = ["D-URBAN", "D-ENV", "D-WATER"]
URBAN, ENV, WATER = THREE
HERE = "39.9,116.4"
PHOTO = {"evidence": ["1"]}
RECORDED = {
    "minutes": "All were there.",
    "decisions": "Shut it down.",
    "result": "resolved",
    "rest": "wait",
    "attendance": [{"presence": "leaves"}] * 3,
}


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of March 2026, district time; the 2nd is a Monday."""
    return datetime(2026, 3, day, hour, minute, tzinfo=ZONE)


class Log:
    """Plays the operations of a whistle and remembers what they were given."""

    def __init__(self, *, distance: int | None = 20, code: str = "secret") -> None:
        self.absent: list[tuple[str, str]] = []
        self.told: list[Any] = []
        self.reports: list[tuple[str, str]] = []
        self.there: set[str] = set()
        self.leaves: dict[str, str] = {}
        self.called: list[Any] = []
        self.check_in_by: Any = None
        self.scores: Any = None
        self.result: Any = None
        self.recorded: Any = None
        self.decisions: Any = None
        self.distance = distance
        self.code = code

    def operations(self) -> dict[str, Any]:
        """Return them by job type."""
        return {
            "open_whistle": lambda _road, _job: None,
            "call_departments": self._call,
            "record_report": self._report,
            "check_presence": self._presence,
            "record_absence": self._absence,
            "record_leave": self._leave,
            "record_joint_action": self._record,
            "read_record": lambda _road, _job: {"result": self.recorded or "unresolved"},
            "report_unresolved": self._unresolved,
            "record_scores": self._scores,
            "end_whistle": self._end,
        }

    def _call(self, _road: Road, job: PendingJob) -> None:
        self.called = list(job.inputs["departments"])  # type: ignore[arg-type]
        self.check_in_by = datetime.fromisoformat(str(job.inputs["check_in_by"]))

    def _report(self, _road: Road, job: PendingJob) -> dict[str, Any]:
        unit = str(job.inputs["department"])
        self.reports.append((unit, str(job.inputs["state"])))
        leave = self.leaves.get(unit)
        return {"is_there": unit in self.there, "leave": None if leave == "refused" else leave}

    def _presence(self, _road: Road, job: PendingJob) -> dict[str, Any]:
        code, unit = job.inputs["code"], str(job.inputs["department"])
        is_right = code == self.code if code else None
        near = self.distance is None or self.distance <= int(str(job.inputs["allowed_m"]))
        if is_right is True or near:
            self.there.add(unit)
        return {
            "is_there": is_right is True or near,
            "distance_m": self.distance,
            "is_code_right": is_right,
            "is_late": (unit, "check_in") in self.absent,
        }

    def _absence(self, _road: Road, job: PendingJob) -> None:
        self.absent.append((str(job.inputs["department"]), str(job.inputs["step"])))
        self.told.append(job.inputs["tell"])

    def _unresolved(self, _road: Road, job: PendingJob) -> None:
        self.told.append(job.inputs["tell"])

    def _leave(self, _road: Road, job: PendingJob) -> None:
        self.leaves[str(job.inputs["department"])] = str(job.inputs["leave"])
        if job.inputs["leave"] == "unconsented":
            self.told.append(job.inputs["tell"])

    def _record(self, _road: Road, job: PendingJob) -> None:
        self.recorded = job.inputs["result"]
        self.decisions = job.inputs["decisions"]
        meant = {"leaves": "consented", "left": "unconsented"}
        for line in job.inputs["attendance"]:  # type: ignore[union-attr]
            if line["presence"] in meant:  # type: ignore[index,call-overload]
                self.leaves[line["department"]] = meant[line["presence"]]  # type: ignore[index,call-overload]

    def _scores(self, _road: Road, job: PendingJob) -> None:
        self.scores = job.inputs["scores"]

    def _end(self, _road: Road, job: PendingJob) -> dict[str, Any]:
        self.result = job.inputs["result"]
        left = [unit for unit, leave in self.leaves.items() if leave == "unconsented"]
        return {"left_units": left, "decisions": self.decisions}


def whistle(log: Log, what: str = "emergency", *, case: str = "whistle", **said: Any) -> Road:
    """A whistle as a street blows it on its page, on its own unless told so."""
    return Road(
        process="street_whistle",
        message="WhistleBlown",
        operations=log.operations(),
        kind=case,
        minor_class="A01",
        answers={"whistle_blown": {"need": "Clear it"}},
        variables={
            "is_linked": False,
            "blower": "1",
            "kind": what,
            "need": "Clear it",
            "departments": THREE,
            **said,
        },
    )


def asked(log: Log, **facts: Any) -> Road:
    """A whistle that a case asks for and waits for."""
    return Road(
        process="street_whistle",
        message="WhistleBlown",
        operations=log.operations(),
        minor_class="A05",
        variables={"is_linked": True, "need": "Three departments are needed."},
        **facts,
    )


def work_through(road: Road, unit: str, *, promised: datetime) -> None:
    """Take a department from its call to its delivery."""
    road.complete("acknowledge", unit=unit, who="Wang 138")
    road.complete("check_in", unit=unit, position=HERE)
    commit_and_deliver(road, unit, promised=promised)


def commit(road: Road, unit: str, *, promised: datetime) -> None:
    road.complete("commit", unit=unit, tasks="Clear", owner="Li", promised_at=promised.isoformat())


def commit_and_deliver(road: Road, unit: str, *, promised: datetime) -> None:
    commit(road, unit, promised=promised)
    deliver(road, unit)


def deliver(road: Road, unit: str, *, leave: str = "consented") -> None:
    """Let a department deliver, and the street say whether one that was there may leave."""
    road.complete("deliver", unit=unit, outcome="Cleared", files=PHOTO)
    if asks_leave(road, unit):
        road.complete("give_leave", unit=unit, leave=leave)


def asks_leave(road: Road, unit: str) -> bool:
    return any(
        task.element_id == "give_leave" and task.inputs["department"] == unit for task in road.tasks
    )


def score(road: Road) -> None:
    rows = [{"department": u, "timely": 5, "attended": 4, "solved": 3} for u in THREE]
    road.complete("score_departments", scores=rows)


@pytest.fixture(autouse=True)
def three_departments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CHOICES, "departments", [{"value": u, "label": u} for u in THREE])


def test_three_departments_come_and_the_whistle_is_closed() -> None:
    log = Log()
    road = whistle(log)
    assert log.called == THREE
    assert log.check_in_by == at(2, 9, 30)
    for unit in THREE:
        work_through(road, unit, promised=at(3, 9))
    road.complete("joint_action_record", **RECORDED)
    score(road)
    assert road.ends[-1] == "whistle_closed"
    assert road.is_over
    assert (road.case["outcome"], road.case["close_code"]) == ("closed", "resolved")
    assert log.absent == []
    assert [row["timely"] for row in log.scores] == [5, 5, 5]
    assert [row["department"] for row in log.scores] == THREE
    assert log.result == "resolved"
    assert (road.ends.count("arrived"), road.ends.count("report_delivered")) == (3, 3)
    assert {"reports_over", "action_recorded"} <= set(road.ends)
    assert road.thrown == []
    assert road.warnings == []


def test_the_state_of_a_whistle_at_work_stays_small() -> None:
    road = whistle(Log())
    for unit in THREE:
        road.complete("acknowledge", unit=unit, who="Wang 138")
    assert road.state_bytes < 4096


def test_a_department_that_never_comes_is_absent_at_every_step_and_the_rest_goes_on() -> None:
    log = Log()
    road = whistle(log)
    for unit in (URBAN, ENV):
        work_through(road, unit, promised=at(3, 9))
    road.wait_until(at(2, 9, 10))
    assert log.absent == [(WATER, "acknowledge")]
    assert road.open_task("check_in", unit=WATER).due_at == at(2, 9, 30)
    road.wait_until(at(2, 9, 30))
    assert log.absent == [(WATER, "acknowledge"), (WATER, "check_in")]
    road.wait_until(at(2, 10, 30))
    assert log.absent[2:] == [(WATER, "commit")]
    road.wait_until(at(3, 10, 30))
    assert log.absent[3:] == [(WATER, "deliver")]
    late = ("ack_late", "check_in_late", "commit_late", "deliver_late")
    assert [road.passed[timer] for timer in late] == [1, 1, 1, 1]
    assert road.ends[-1] == "delay_recorded"
    road.complete("joint_action_record", **RECORDED)
    assert {task.element_id for task in road.tasks} == {"check_in", "deliver"}, "both may be late"
    road.complete("deliver", unit=WATER, outcome="Late, but done", files=PHOTO)
    score(road)
    assert road.ends[-1] == "whistle_closed"
    assert log.reports[-1] == (WATER, "delivered")


def test_who_missed_the_check_in_may_come_late_commit_and_deliver() -> None:
    log = Log()
    road = whistle(log, departments=[WATER])
    road.complete("acknowledge", unit=WATER, who="Wang")
    road.wait_until(at(2, 9, 30))
    assert log.absent == [(WATER, "check_in")]
    assert {task.element_id for task in road.tasks} == {
        "check_in",
        "commit",
        "joint_action_record",
    }
    assert road.open_task("check_in").due_at == at(2, 9, 30), "it is late, and says so"
    road.now = at(2, 9, 45)
    road.complete("check_in", unit=WATER, position=HERE)
    assert road.ends[-1] == "arrived_late"
    assert road.open_task("commit").due_at == at(2, 10, 30), "the next step does not begin twice"
    commit_and_deliver(road, WATER, promised=at(3, 9))
    assert log.reports[-2:] == [(WATER, "committed"), (WATER, "delivered")]
    assert log.absent == [(WATER, "check_in")]
    road.complete("joint_action_record", **RECORDED)
    road.complete("score_departments", scores=[{"timely": 1, "attended": 2, "solved": 3}])
    assert road.ends[-1] == "whistle_closed"
    assert road.warnings == []


def test_who_has_begun_the_work_may_still_come_afterwards() -> None:
    log = Log()
    road = whistle(log, departments=[WATER])
    road.wait_until(at(2, 9, 30))
    commit(road, WATER, promised=at(3, 9))
    road.complete("check_in", unit=WATER, position=HERE)
    assert {task.element_id for task in road.tasks} == {"deliver", "joint_action_record"}
    assert log.absent.count((WATER, "check_in")) == 1


def test_the_check_in_of_who_delivered_without_coming_is_taken_back() -> None:
    road = whistle(Log(), departments=[ENV, WATER])
    road.wait_until(at(2, 9, 30))
    commit_and_deliver(road, WATER, promised=at(3, 9))
    left = [task.inputs["department"] for task in road.tasks if task.element_id == "check_in"]
    assert left == [ENV]


def test_who_is_late_and_too_far_away_is_absent_once() -> None:
    log = Log(distance=450)
    road = whistle(log, departments=[WATER])
    road.complete("acknowledge", unit=WATER, who="Wang")
    road.wait_until(at(2, 9, 30))
    road.complete("check_in", unit=WATER, position=HERE)
    road.wait_until(at(2, 9, 50))
    assert log.absent == [(WATER, "check_in")]
    assert road.open_task("check_in").inputs["distance_m"] == 450
    road.complete("check_in", unit=WATER, code="secret")
    assert road.ends[-1] == "arrived_late"


def test_a_code_of_another_whistle_is_named_as_such_and_asked_for_again() -> None:
    road = whistle(Log(distance=450), departments=[WATER])
    road.complete("acknowledge", unit=WATER, who="Wang")
    road.complete("check_in", unit=WATER, code="foreign")
    assert road.open_task("check_in").inputs["is_code_right"] is False
    road.complete("check_in", unit=WATER, position=HERE)
    assert road.open_task("check_in").inputs["is_code_right"] is None
    road.complete("check_in", unit=WATER, code="secret")
    assert road.open_task("commit")


def test_supervision_is_asked_for_at_every_absence_and_when_nothing_is_settled() -> None:
    road = whistle(Log(), departments=[WATER])
    for now in (at(2, 9, 10), at(2, 9, 30), at(2, 10, 30), at(3, 10, 30), at(9, 9, 30)):
        road.wait_until(now)
    asked_for = [variables for _, variables in told(road, "SupervisionNeeded")]
    assert [each.get("step") for each in asked_for] == [
        "acknowledge",
        "check_in",
        "commit",
        "deliver",
        None,
    ]
    assert {each.get("department") for each in asked_for} == {WATER, None}
    assert asked_for[-1]["reason"] == "whistle_unresolved"


def test_whom_a_missed_limit_is_told_is_read_from_the_table() -> None:
    log = Log()
    road = whistle(log, departments=[WATER])
    for now in (at(2, 9, 10), at(2, 9, 30), at(2, 10, 30), at(3, 10, 30), at(9, 9, 30)):
        road.wait_until(now)
    absent = ["unit_leader", "street_dispatcher", "street_leader", "supervisor"]
    assert log.told == [absent] * 4 + [["leadership", "supervisor"]]


def test_who_is_late_by_one_step_goes_on_with_the_next() -> None:
    log = Log()
    road = whistle(log)
    road.wait_until(at(2, 9, 10))
    assert len(log.absent) == 3
    road.complete("check_in", unit=ENV, position=HERE)
    commit_and_deliver(road, ENV, promised=at(2, 18))
    assert log.reports[-1] == (ENV, "delivered")


def test_a_promise_that_is_not_kept_is_recorded_and_the_task_stays() -> None:
    log = Log()
    road = whistle(log)
    road.complete("acknowledge", unit=ENV, who="Wang")
    road.complete("check_in", unit=ENV, position=HERE)
    road.complete("commit", unit=ENV, tasks="Clear", owner="Li", promised_at=at(2, 15).isoformat())
    assert road.open_task("deliver", unit=ENV).due_at == at(2, 15)
    road.wait_until(at(2, 15))
    assert (ENV, "deliver") in log.absent
    deliver(road, ENV)
    assert log.reports[-1] == (ENV, "delivered")


def test_who_is_too_far_away_checks_in_again() -> None:
    log = Log(distance=450)
    road = whistle(log)
    road.complete("acknowledge", unit=ENV, who="Wang")
    road.complete("check_in", unit=ENV, position=HERE)
    again = road.open_task("check_in", unit=ENV)
    assert again.inputs["distance_m"] == 450
    assert again.due_at == at(2, 9, 30), "the limit does not begin anew"
    road.complete("check_in", unit=ENV, code="secret")
    assert road.open_task("commit", unit=ENV)


def test_a_check_in_needs_a_position_or_a_code() -> None:
    road = whistle(Log())
    road.complete("acknowledge", unit=ENV, who="Wang")
    with pytest.raises(InvalidAnswers) as refused:
        road.complete("check_in", unit=ENV)
    assert set(refused.value.errors) == {"position"}


def test_what_is_not_settled_in_five_working_days_goes_to_the_leadership() -> None:
    log = Log()
    road = whistle(log)
    work_through(road, URBAN, promised=at(3, 9))
    road.wait_until(at(9, 9, 30))
    assert "report_unresolved" in road.jobs
    assert log.result == "unresolved"
    assert told(road, "LeadershipAsked") == [
        (
            "LeadershipAsked",
            {"reason": "whistle_unresolved", "words": None, "kind": "emergency"},
        )
    ]
    assert road.task.element_id == "score_departments"
    score(road)
    assert road.waits_for == {"LeadershipDecided"}, "it is not over before they have decided"
    road.send("LeadershipDecided")
    assert (road.case["outcome"], road.case["close_code"]) == ("closed", "unresolvable")


@pytest.mark.parametrize("result", ["resolved", "partly", "unresolved"])
def test_the_leadership_is_asked_about_what_the_street_could_not_resolve(result: str) -> None:
    road = whistle(Log(), departments=[ENV], case="case")
    road.complete("joint_action_record", **{**RECORDED, "result": result, "rest": "end"})
    asked_for = told(road, "LeadershipAsked")
    assert [variables["words"] for _, variables in asked_for] == (
        [RECORDED["decisions"]] if result == "unresolved" else []
    )
    road.complete("score_departments", scores=[{"timely": 1, "attended": 1, "solved": 1}])
    assert road.ends[-1] == "whistle_over", "a case does not wait for the leadership"


def test_the_street_records_who_was_there_and_who_may_leave() -> None:
    road = whistle(Log(), departments=[ENV, WATER])
    assert road.open_task("joint_action_record").inputs["attendance"] == [
        {"department": ENV},
        {"department": WATER},
    ]
    with pytest.raises(InvalidAnswers) as refused:
        road.complete("joint_action_record", **{**RECORDED, "attendance": [{"presence": "stays"}]})
    assert set(refused.value.errors) == {"attendance[1].presence"}
    rows = [{"presence": "leaves"}, {"presence": "absent"}]
    road.complete("joint_action_record", **{**RECORDED, "attendance": rows})
    assert road.answers["joint_action_record"]["attendance"] == [
        {"department": ENV, "presence": "leaves"},
        {"department": WATER, "presence": "absent"},
    ]


def test_the_street_ends_the_action_without_who_has_not_delivered() -> None:
    log = Log()
    road = asked(log)
    said = {"decision": "blow", "kind": "emergency", "need": "N", "called": [ENV, WATER]}
    road.complete("blow_whistle", actor="7", **said)
    work_through(road, ENV, promised=at(3, 9))
    road.complete("joint_action_record", **{**RECORDED, "rest": "end"})
    assert "action_ended" in road.ends
    assert told(road) == [("WhistleEnded", {"result": "resolved", "words": RECORDED["decisions"]})]
    assert [task.element_id for task in road.tasks] == ["score_departments"]
    assert set(road.timers) == {"score_late"}


@pytest.mark.parametrize("result", ["resolved", "partly"])
def test_what_the_street_recorded_stands_when_a_department_never_delivers(result: str) -> None:
    log = Log()
    road = whistle(log)
    road.complete("joint_action_record", **{**RECORDED, "result": result})
    before = [*log.told]
    road.wait_until(at(9, 9, 30))
    assert "report_unresolved" not in road.jobs, "it was settled in time"
    assert ["leadership", "supervisor"] not in log.told[len(before) :]
    asked_for = [variables["reason"] for _, variables in told(road, "SupervisionNeeded")]
    assert "whistle_unresolved" not in asked_for
    assert log.result == result
    assert [task.element_id for task in road.tasks] == ["score_departments"]


def test_what_the_street_recorded_as_unresolved_is_told_when_its_time_is_over() -> None:
    log = Log()
    road = whistle(log, departments=[WATER])
    road.complete("joint_action_record", **{**RECORDED, "result": "unresolved"})
    road.wait_until(at(9, 9, 30))
    assert "report_unresolved" in road.jobs
    assert log.result == "unresolved"


def test_a_whistle_nobody_scores_ends_without_scores() -> None:
    log = Log()
    road = whistle(log)
    for unit in THREE:
        work_through(road, unit, promised=at(3, 9))
    road.complete("joint_action_record", **{**RECORDED, "result": "partly"})
    assert road.timers == {"score_late": at(4, 9)}
    road.wait_until(at(4, 9))
    assert road.ends[-1] == "whistle_closed"
    assert log.scores is None
    assert road.case["close_code"] == "explained"


def test_an_emergency_is_neither_approved_nor_screened() -> None:
    road = whistle(Log())
    assert {task.element_id for task in road.tasks} == {"acknowledge", "joint_action_record"}
    assert road.open_task("acknowledge", unit=ENV).due_at == at(2, 9, 10)


@pytest.mark.parametrize("kind", ["hard_problem", "joint_enforcement"])
def test_other_whistles_are_approved_by_the_leader_and_screened_by_the_district(kind: str) -> None:
    log = Log()
    road = whistle(log, kind, departments=[ENV, WATER])
    approving = road.task
    assert (approving.element_id, approving.candidate_groups) == (
        "approve_whistle",
        ("street_leader",),
    )
    assert approving.properties["notActor"] == "1"
    assert approving.inputs["chosen"] == [ENV, WATER]
    road.complete("approve_whistle", actor="2", decision="approve")
    screening = road.task
    assert screening.candidate_groups == ("district_dispatcher",)
    assert screening.due_at == at(2, 11)
    road.complete("screen_whistle", decision="accept")
    assert log.called == [ENV, WATER]
    assert log.check_in_by == at(2, 14, 30), "the shortest notice, when no time was named"
    assert road.open_task("acknowledge", unit=ENV).due_at == at(2, 14, 30)


def screened(log: Log, **said: Any) -> Road:
    """A whistle for joint enforcement that its leader has approved and the district looks at."""
    road = whistle(log, "joint_enforcement", **said)
    road.complete("approve_whistle", actor="2", decision="approve")
    return road


def test_departments_are_there_at_the_time_to_meet() -> None:
    log = Log()
    road = screened(log, meet_at=at(4, 10).isoformat())
    road.complete("screen_whistle", decision="accept")
    assert log.check_in_by == at(4, 10)
    assert road.timers["unresolved_late"] == at(11, 10), "counted from the time to meet"
    road.complete("acknowledge", unit=ENV, who="Wang")
    assert road.open_task("check_in", unit=ENV).due_at == at(4, 10)


def test_a_time_to_meet_that_has_passed_gives_the_shortest_notice() -> None:
    log = Log()
    road = screened(log, meet_at=at(2, 9, 30).isoformat())
    road.now = at(2, 11)
    road.complete("screen_whistle", decision="accept")
    assert log.check_in_by == at(2, 16, 30)


def test_the_district_amends_departments_and_time() -> None:
    log = Log()
    road = screened(log, departments=[URBAN], meet_at=at(3, 9).isoformat())
    assert road.task.inputs["called"] == [URBAN]
    road.complete(
        "screen_whistle",
        decision="amend",
        called=[ENV, WATER],
        meet_on=at(5, 9).isoformat(),
        reason="Not the duty of D-URBAN.",
    )
    assert log.called == [ENV, WATER]
    assert log.check_in_by == at(5, 9)


def test_the_district_refuses_with_a_reason() -> None:
    log = Log()
    road = screened(log)
    with pytest.raises(InvalidAnswers):
        road.complete("screen_whistle", decision="refuse")
    road.complete("screen_whistle", decision="refuse", reason="One department can do it.")
    assert road.ends == ["run_over", "whistle_closed"]
    assert (log.result, road.case["outcome"], road.case["close_code"]) == (
        "refused",
        "rejected",
        None,
    )
    assert log.called == []
    assert "LeadershipAsked" not in road.sent, "no case waits for it"


def test_the_streets_leader_does_not_approve() -> None:
    log = Log()
    road = whistle(log, "hard_problem")
    road.complete("approve_whistle", actor="2", decision="refuse", reason="We can do it alone.")
    assert road.ends == ["run_over", "whistle_closed"]
    assert log.result == "not_approved"


def test_a_whistle_beside_a_case_leaves_the_case_alone() -> None:
    log = Log()
    road = whistle(log, case="case")
    for unit in THREE:
        work_through(road, unit, promised=at(3, 9))
    road.complete("joint_action_record", **RECORDED)
    score(road)
    assert road.ends[-1] == "whistle_over"
    assert road.case["closed_at"] is None
    assert road.thrown == []


def told(road: Road, name: str = "WhistleEnded") -> list[tuple[str, Any]]:
    return [(sent.name, sent.variables) for sent in road.thrown if sent.name == name]


def test_a_case_that_asks_is_told_the_result_before_departments_are_scored() -> None:
    log = Log()
    road = asked(log)
    blowing = road.task
    assert (blowing.element_id, blowing.due_at) == ("blow_whistle", at(2, 14, 30))
    assert blowing.inputs["called"] == ["D-URBAN", "D-ENV", "D-MARKET"]
    assert blowing.inputs["need"] == "Three departments are needed."
    assert "A05" in blowing.inputs["basis"]
    assert blowing.inputs["legal_basis"]
    road.complete(
        "blow_whistle",
        actor="7",
        decision="blow",
        kind="emergency",
        need="Fumes",
        called=[ENV, WATER],
    )
    assert log.called == [ENV, WATER]
    for unit in (ENV, WATER):
        work_through(road, unit, promised=at(3, 9))
    road.complete("joint_action_record", **RECORDED)
    assert told(road) == [("WhistleEnded", {"result": "resolved", "words": RECORDED["decisions"]})]
    assert road.task.element_id == "score_departments"
    road.complete("score_departments", scores=[{"timely": 1, "attended": 1, "solved": 1}] * 2)
    assert road.ends[-1] == "whistle_over"
    assert road.warnings == []


def test_a_case_that_asks_in_vain_is_told_so() -> None:
    log = Log()
    road = asked(log)
    road.complete("blow_whistle", decision="not_needed", not_needed_reason="You can do it.")
    assert told(road) == [("WhistleEnded", {"result": "not_blown", "words": "You can do it."})]
    assert road.ends == ["run_over", "whistle_over"]


@pytest.mark.parametrize("refusal", ["refused", "not_approved"])
def test_a_refusal_reaches_the_case_that_waits(refusal: str) -> None:
    log = Log()
    road = asked(log)
    said = {"decision": "blow", "kind": "hard_problem", "need": "N", "called": [ENV]}
    road.complete("blow_whistle", actor="7", **said)
    if refusal == "not_approved":
        road.complete("approve_whistle", decision="refuse", reason="No.")
    else:
        road.complete("approve_whistle", decision="approve")
        road.complete("screen_whistle", decision="refuse", reason="No.")
    assert told(road) == [("WhistleEnded", {"result": refusal, "words": "No."})]
    by_district = {"reason": "whistle_refused", "words": "No.", "kind": "hard_problem"}
    assert told(road, "LeadershipAsked") == (
        [("LeadershipAsked", by_district)] if refusal == "refused" else []
    ), "what its own leader does not approve stays with the street"
    assert road.ends == ["run_over", "whistle_over"]


def test_what_is_unresolved_reaches_the_case_that_waits() -> None:
    road = asked(Log())
    said = {"decision": "blow", "kind": "emergency", "need": "N", "called": [ENV]}
    road.complete("blow_whistle", actor="7", **said)
    road.wait_until(at(9, 9, 30))
    assert told(road) == [("WhistleEnded", {"result": "unresolved", "words": None})]


def blown(log: Log) -> Road:
    road = asked(log)
    said = {"decision": "blow", "kind": "hard_problem", "need": "N", "called": [ENV]}
    road.complete("blow_whistle", actor="7", **said)
    return road


def approved(log: Log) -> Road:
    road = blown(log)
    road.complete("approve_whistle", decision="approve")
    return road


def under_way(log: Log) -> Road:
    road = approved(log)
    road.complete("screen_whistle", decision="accept")
    return road


@pytest.mark.parametrize("stand", [asked, blown, approved, under_way])
def test_nobody_has_to_come_once_the_case_is_over(stand: Callable[[Log], Road]) -> None:
    log = Log()
    road = stand(log)
    road.send("MasterClosed")
    assert road.is_over
    assert road.tasks == ()
    assert road.timers == {}
    assert log.result == "case_over"
    assert "LeadershipAsked" not in road.sent
    assert road.ends[-1] == "whistle_over"


def test_departments_are_scored_although_the_case_is_over() -> None:
    log = Log()
    road = asked(log)
    said = {"decision": "blow", "kind": "emergency", "need": "N", "called": [ENV]}
    road.complete("blow_whistle", actor="7", **said)
    work_through(road, ENV, promised=at(3, 9))
    road.complete("joint_action_record", **RECORDED)
    assert "MasterClosed" not in road.waits_for
    assert road.task.element_id == "score_departments"


def test_the_district_blows_where_no_street_is_known() -> None:
    road = asked(Log(), street=None)
    assert road.task.candidate_groups == ("district_dispatcher",)


def test_what_a_case_asks_for_is_cut_to_what_the_form_takes() -> None:
    road = Road(
        process="street_whistle",
        message="WhistleBlown",
        operations=Log().operations(),
        variables={"is_linked": True, "need": "需要协调" * 400},
    )
    assert len(road.task.inputs["need"]) == 500
