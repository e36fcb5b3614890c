"""The limit clock of a case: its steps one after the other, stopped, moved, paused, started again.

The district works 9:00 to 12:00 and 13:30 to 17:30, Monday to Friday; the limit of these cases runs
from Monday 9:00 to Wednesday 9:00, fourteen working hours.
"""

from datetime import datetime, timedelta
from typing import Any

from app.engine.progress import PendingJob
from tests.bpmn_shipped.road import MONDAY, ZONE, Road

WEDNESDAY = MONDAY + timedelta(days=2)
FAR = datetime(2999, 12, 31, tzinfo=ZONE)


def fire_phase(road: Road, job: PendingJob) -> None:
    assert job.inputs["phase"] not in road.case["clock_phases"], "a step was done twice"
    road.case["clock_phases"] = [*road.case["clock_phases"], job.inputs["phase"]]
    road.case["card"] = job.inputs["card"]


def keep_phases(road: Road, job: PendingJob) -> None:
    kept: Any = job.inputs["phases"]
    road.case["clock_phases"] = [each for each in road.case["clock_phases"] if each in kept]
    road.case["card"] = job.inputs["card"]


def clock(**facts: Any) -> Road:
    given: dict[str, Any] = {"established_at": MONDAY, "due_at": WEDNESDAY, **facts}
    played = {"fire_phase": fire_phase, "keep_phases": keep_phases}
    return Road(process="sla_clock", message="ClockStarted", operations=played, **given)


def local(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZONE)


def test_every_step_comes_at_its_time_and_once() -> None:
    road = clock()
    # 80 % of fourteen working hours are 11 h 12 min: Monday 7 h, Tuesday 4 h 12 min.
    tuesday = local(2026, 3, 3, 14, 42)
    expected = [
        (tuesday, ["warn"], "yellow"),
        (WEDNESDAY, ["warn", "due"], "red"),
        (local(2026, 3, 5, 9), ["warn", "due", "late_1"], "red"),
        (local(2026, 3, 9, 9), ["warn", "due", "late_1", "late_2"], "red"),
    ]
    for at, phases, card in expected:
        assert road.timers["tick"] == at
        road.wait_until(at - timedelta(seconds=1))
        assert road.case["clock_phases"] == phases[:-1]
        road.wait_until(at + timedelta(seconds=1))
        assert (road.case["clock_phases"], road.case["card"]) == (phases, card)
    assert road.timers["tick"].year == FAR.year
    asked = [(sent.name, sent.variables) for sent in road.thrown]
    assert asked == [("SupervisionNeeded", {"reason": "overdue", "step": "due"})]
    road.send("ClockStopped")
    assert (road.ends, road.is_over, road.warnings) == (["stopped"], True, [])


def test_a_clock_looked_at_late_does_what_was_missed_in_order() -> None:
    road = clock()
    road.wait_until(MONDAY + timedelta(days=30))
    assert road.case["clock_phases"] == ["warn", "due", "late_1", "late_2"]


def test_what_is_urgent_counts_day_and_night() -> None:
    road = clock(severity="urgent", due_at=MONDAY + timedelta(hours=10))
    assert road.timers["tick"] == MONDAY + timedelta(hours=8)


def test_a_clock_that_is_stopped_does_nothing_more() -> None:
    road = clock()
    road.send("ClockStopped")
    assert (road.ends, road.is_over) == (["stopped"], True)
    assert road.case["clock_phases"] == []


def test_a_later_deadline_brings_back_the_steps_that_are_not_past_any_more() -> None:
    road = clock()
    road.wait_until(WEDNESDAY + timedelta(minutes=1))
    assert road.case["clock_phases"] == ["warn", "due"]
    road.case["due_at"] = local(2026, 3, 6, 9)
    road.send("DeadlineChanged")
    assert (road.case["clock_phases"], road.case["card"]) == ([], None)
    # 80 % of four days of seven hours: 22 h 24 min, on Thursday after 1 h 24 min.
    assert road.timers["tick"] == local(2026, 3, 5, 10, 24)
    road.wait_until(local(2026, 3, 6, 9, 1))
    assert road.case["clock_phases"] == ["warn", "due"]


def test_a_step_that_is_past_by_the_new_date_too_is_not_done_again() -> None:
    road = clock()
    road.wait_until(WEDNESDAY + timedelta(minutes=1))
    road.case["due_at"] = WEDNESDAY + timedelta(hours=1)
    road.send("DeadlineChanged")
    assert (road.case["clock_phases"], road.case["card"]) == (["warn"], "yellow")
    assert road.timers["tick"] == WEDNESDAY + timedelta(hours=1)


def test_a_paused_limit_has_no_step_until_it_goes_on() -> None:
    road = clock()
    road.case["paused_at"] = MONDAY
    road.send("DeadlineChanged")
    assert road.timers["tick"].year == FAR.year
    road.case |= {"paused_at": None, "due_at": local(2026, 3, 4, 16)}
    road.send("DeadlineChanged")
    assert road.timers["tick"] < road.case["due_at"]


def test_a_clock_started_again_after_rework_does_no_step_twice() -> None:
    road = clock(clock_phases=["warn"], card="yellow", due_at=local(2026, 3, 6, 9))
    assert road.timers["tick"] == local(2026, 3, 6, 9)
    road.wait_until(local(2026, 3, 6, 9, 1))
    assert road.case["clock_phases"] == ["warn", "due"]


def test_a_clock_keeps_little_between_its_steps() -> None:
    assert clock().state_bytes < 1_000
