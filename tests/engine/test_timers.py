"""Timers: computed once, by the `now` of the step, fired in the order they fell due."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.engine import definition
from app.engine.errors import TimerUnreadable
from app.engine.progress import Timer, TimerGone
from tests.engine import drawing as draw
from tests.engine.host import MONDAY, Host


def host_of(*nodes: str, flows: str, does_jobs: bool = True) -> Host:
    data = draw.diagram(draw.process("p", *nodes, draw.end("e"), flows=flows))
    return Host(definition.load({"p": data}, "p"), does_jobs=does_jobs)


def watched(inner: str, *, interrupts: bool = True) -> Host:
    """A user task whose boundary event leads to the user task `late`."""
    nodes = (
        draw.user("a"),
        draw.boundary("b", "a", inner, interrupts=interrupts),
        draw.user("late"),
        draw.end("e2"),
    )
    return host_of(*nodes, flows="start > a > e\nb > late > e2")


def test_timer_is_told_when_set_and_when_gone() -> None:
    host = watched(draw.after("PT4H")).start()
    (timer,) = host.run.timers
    assert (timer.element_id, timer.due_at) == ("b", MONDAY + timedelta(hours=4))
    host.tick(hours=5)
    assert host.progress is not None
    assert host.progress.timers_gone == (TimerGone(timer.key, timer.due_at),)
    assert host.open == ["late"]


@pytest.mark.parametrize(("minutes_late", "opened"), [(-1, ["a"]), (0, ["late"]), (1, ["late"])])
def test_timer_fires_at_its_due_and_not_before(minutes_late: int, opened: list[str]) -> None:
    host = watched(draw.after("PT1H")).start()
    assert host.tick(minutes=60 + minutes_late).open == opened


@pytest.mark.parametrize(
    ("inner", "due"),
    [
        (draw.after("P1M"), datetime(2026, 4, 2, 8, tzinfo=UTC)),
        (draw.after("P1Y2M3W"), datetime(2027, 5, 23, 8, tzinfo=UTC)),
        (draw.after('=duration("PT90M")'), datetime(2026, 3, 2, 9, 30, tzinfo=UTC)),
        (draw.at("2026-03-05T08:00:00+08:00"), datetime(2026, 3, 5, tzinfo=UTC)),
        (draw.at("=now() + duration(span)"), datetime(2026, 3, 4, 8, tzinfo=UTC)),
        (draw.every("R/P1D"), datetime(2026, 3, 3, 8, tzinfo=UTC)),
        (draw.every("R2/2026-03-09T00:00:00Z/P1D"), datetime(2026, 3, 9, tzinfo=UTC)),
    ],
)
def test_due_of_every_kind_of_timer(inner: str, due: datetime) -> None:
    host = watched(inner, interrupts=False).start(span="P2D")
    assert [timer.due_at for timer in host.run.timers] == [due]


def test_today_is_the_day_in_the_zone_of_the_step() -> None:
    """Four in the morning of 2 March in Beijing is still 1 March in Greenwich."""
    host = watched(draw.at('=date and time(today(), time("23:00:00+08:00"))'))
    host.now = datetime(2026, 3, 2, 4, tzinfo=ZoneInfo("Asia/Shanghai"))
    (timer,) = host.start().run.timers
    assert timer.due_at == datetime(2026, 3, 2, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    "inner",
    [
        draw.after("-PT1H"),
        draw.after("PT"),
        draw.after("1 hour"),
        draw.after("=null"),
        draw.at("2026-03-05T08:00:00"),
        draw.at("=case.due_at"),
        draw.every("R/PT0S"),
        draw.every("P1D"),
    ],
)
def test_time_nobody_can_read_names_its_element(inner: str) -> None:
    with pytest.raises(TimerUnreadable, match="at b "):
        watched(inner, interrupts=False).start()


def test_non_interrupting_timer_leaves_the_task_open() -> None:
    host = watched(draw.after("PT1H"), interrupts=False).start().tick(hours=2)
    assert host.open == ["a", "late"]
    assert not host.do("a").is_completed
    assert host.do("late").is_completed


def test_completing_the_task_in_time_takes_its_timer_away() -> None:
    host = watched(draw.after("PT1H")).start()
    assert host.do("a").is_completed
    assert host.run.timers == ()


def test_task_completed_after_its_due_but_before_the_sweep_counts() -> None:
    host = watched(draw.after("PT1H")).start().pass_time(hours=2)
    assert host.do("a").is_completed


def test_several_boundary_timers_of_one_task_fire_in_order() -> None:
    nodes = (
        draw.user("a"),
        draw.boundary("remind", "a", draw.after("PT1H"), interrupts=False),
        draw.boundary("over", "a", draw.after("PT2H")),
        draw.service("reminded"),
        draw.service("given_up"),
        draw.end("e2"),
        draw.end("e3"),
    )
    flows = "start > a > e\nremind > reminded > e2\nover > given_up > e3"
    host = host_of(*nodes, flows=flows).start().tick(days=5)
    assert host.done == ["reminded", "given_up"]
    assert host.is_completed


def test_cycle_that_missed_five_ticks_catches_up_once() -> None:
    host = watched(draw.every("R/P1D"), interrupts=False).start()
    assert host.tick(days=5, hours=1).open == ["a", "late"]
    assert [timer.due_at for timer in host.run.timers] == [MONDAY + timedelta(days=6)]
    assert host.tick(days=1).open == ["a", "late", "late"]


def test_cycle_ends_after_its_repetitions_and_its_branches_live_on() -> None:
    host = watched(draw.every("R2/PT1H"), interrupts=False).start()
    assert host.tick(hours=1).tick(hours=1).tick(hours=9).open == ["a", "late", "late"]
    assert host.run.timers == ()
    assert host.do("a").open == ["late", "late"]
    assert host.do("late").do("late").is_completed


def test_what_falls_due_by_firing_fires_in_the_same_step() -> None:
    nodes = [draw.catch(f"t{n}", draw.at("2026-03-01T00:00:00Z")) for n in range(4)]
    assert host_of(*nodes, flows="start > t0 > t1 > t2 > t3 > e").start().is_completed


def test_long_wait_with_a_reminder_reminds_once_however_late() -> None:
    nodes = (
        draw.xor("m", has_default=False),
        draw.receive("wait", "M"),
        draw.boundary("daily", "wait", draw.after("P1D")),
        draw.service("remind"),
    )
    host = host_of(*nodes, flows="start > m > wait > e\ndaily > remind > m").start()
    assert host.tick(days=1).tick(days=5).tick(days=1).done == ["remind"] * 3
    assert host.send("M").is_completed


def test_boundary_that_leads_back_to_its_own_task_leaves_one_token() -> None:
    nodes = (
        draw.user("a"),
        draw.boundary("daily", "a", draw.after("P1D")),
        draw.service("remind"),
        draw.user("n"),
    )
    host = host_of(*nodes, flows="start > a > n > e\ndaily > remind > a").start()
    for _ in range(3):
        assert host.tick(days=1).open == ["a"]
    assert host.do("a").open == ["n"]
    assert host.do("n").is_completed


def test_start_timer_holds_the_instance_until_its_due() -> None:
    start = draw.start("start", draw.after("PT1H"))
    host = host_of(start, draw.user("a"), flows="start > a > e").start()
    assert [timer.element_id for timer in host.run.timers] == ["start"]
    assert host.tick(hours=1).open == ["a"]


def test_timer_rows_can_be_derived_again_from_a_saved_instance() -> None:
    host = watched(draw.after("PT1H")).start()
    assert host.load().timers == (Timer(host.run.timers[0].key, "b", MONDAY + timedelta(hours=1)),)
