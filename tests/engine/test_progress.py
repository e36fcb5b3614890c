"""Progress: what one step changed, told once and in order."""

from datetime import timedelta, timezone

import pytest
import SpiffWorkflow.bpmn.specs.event_definitions.timer as library_timer
import SpiffWorkflow.task as library_task

from app.engine import definition, runner
from app.engine.progress import ElementState
from tests.engine import drawing as draw
from tests.engine.host import MONDAY, Host


def host_of(*nodes: str, flows: str) -> Host:
    data = draw.diagram(draw.process("p", *nodes, draw.end("e"), flows=flows))
    return Host(definition.load({"p": data}, "p"))


def told(host: Host) -> list[tuple[str, str, ElementState]]:
    assert host.progress is not None
    return [(each.element_id, each.element_type, each.state) for each in host.progress.elements]


ACTIVE, COMPLETED, TERMINATED = ElementState.ACTIVE, ElementState.COMPLETED, ElementState.TERMINATED


def test_elements_come_in_order_and_once_each() -> None:
    nodes = draw.user("a"), draw.script("s", "n", "=1"), draw.xor("x"), draw.user("b")
    host = host_of(*nodes, flows="start > a > s > x\nx > b : =n = 1\nx > e default\nb > e").start()
    assert told(host) == [("start", "START_EVENT", COMPLETED), ("a", "USER_TASK", ACTIVE)]
    assert told(host.do("a")) == [
        ("a", "USER_TASK", COMPLETED),
        ("s", "SCRIPT_TASK", COMPLETED),
        ("x", "EXCLUSIVE_GATEWAY", COMPLETED),
        ("b", "USER_TASK", ACTIVE),
    ]


def test_elements_carry_name_key_and_the_instant_of_the_step() -> None:
    host = host_of(draw.user("a"), flows="start > a > e").start()
    assert host.progress is not None
    change = host.progress.elements[-1]
    assert (change.name, change.key, change.at) == ("a", host.task("a").key, MONDAY)


def test_what_a_boundary_event_ends_is_terminated() -> None:
    nodes = draw.user("a"), draw.boundary("b", "a", draw.after("PT1H")), draw.user("late")
    host = host_of(*nodes, flows="start > a > e\nb > late > e").start().tick(hours=2)
    assert ("a", "USER_TASK", TERMINATED) in told(host)
    assert ("b", "BOUNDARY_EVENT", COMPLETED) in told(host)


def test_multi_instance_body_and_instances_are_told_apart() -> None:
    task = draw.user("a", loop=draw.each('=["x","y"]', "d"))
    host = host_of(task, flows="start > a > e").start()
    assert told(host)[1:] == [
        ("a", "MULTI_INSTANCE_BODY", ACTIVE),
        ("a", "USER_TASK", ACTIVE),
        ("a", "USER_TASK", ACTIVE),
    ]


def test_flows_taken_lead_from_element_to_element() -> None:
    nodes = (
        draw.user("a"),
        draw.boundary("b", "a", draw.after("PT1H"), interrupts=False),
        draw.xor("x"),
        draw.first("g"),
        draw.catch("m", draw.message("M")),
        draw.end("e2"),
    )
    flows = "start > a > x\nx > e : =n = 1\nx > g default\ng > m > e\nb > e2"
    host = host_of(*nodes, flows=flows).start(n=2)
    assert host.progress is not None
    assert host.progress.flows_taken == ("start_to_a_1",)
    host.do("a")
    assert host.progress.flows_taken == ("a_to_x_2", "x_default")
    host.send("M")
    assert host.progress.flows_taken == ("g_to_m_4", "m_to_e_5")


def test_flows_are_told_inside_a_sub_process_after_loading() -> None:
    inner = draw.sub(
        "s",
        draw.start("s0"),
        draw.user("a"),
        draw.boundary("late", "a", draw.after("PT1H")),
        draw.user("b"),
        draw.end("s9"),
        flows="s0 > a > b > s9\nlate > b",
    )
    host = host_of(inner, flows="start > s > e").start().tick(hours=1)
    assert host.progress is not None
    assert host.progress.flows_taken == ("late_to_b_4",)


def test_row_that_comes_and_goes_within_a_step_is_never_told() -> None:
    nodes = draw.user("a"), draw.boundary("b", "a", draw.at("2026-01-01T00:00:00Z"))
    host = host_of(*nodes, draw.user("n"), flows="start > a > e\nb > n > e").start()
    assert host.progress is not None
    assert [task.element_id for task in host.progress.opened] == ["n"]
    assert host.progress.closed == ()
    assert host.progress.timers_set == host.progress.timers_gone == ()


def test_several_operations_on_one_run_are_told_together() -> None:
    host = host_of(draw.user("a"), draw.user("b"), flows="start > a > b > e").start()
    run = host.load()
    run.complete(run.open_tasks[0].key, {})
    run.complete(run.open_tasks[0].key, {})
    progress = run.progress()
    assert [task.element_id for task in progress.closed] == ["a"]
    assert progress.opened == ()
    assert progress.is_completed
    assert [each.element_id for each in progress.elements] == ["a", "b", "e"]


def test_asking_twice_gives_the_same_answer() -> None:
    run = host_of(draw.user("a"), flows="start > a > e").start().load()
    run.complete(run.open_tasks[0].key, {})
    assert run.progress() == run.progress()


def test_keys_are_drawn_only_for_what_a_token_reached() -> None:
    branches = "".join(f"\nx > t{n} : =n = {n}\nt{n} > e" for n in range(50))
    nodes = draw.user("a"), draw.xor("x"), *(draw.user(f"t{n}") for n in range(50))
    host = host_of(*nodes, flows=f"start > a > x{branches}\nx > e default").start(n=7)
    host.do("a")
    assert host.next_key() == host.first_key + 4, "start, a, x and t7"


class ForbiddenClock:
    def __getattr__(self, name: str) -> object:
        raise AssertionError(f"the library asked the clock: {name}")


def test_the_engine_never_reads_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    nodes = (
        draw.user("a"),
        draw.boundary("b", "a", draw.every("R/PT1H"), interrupts=False),
        draw.boundary("c", "a", draw.after("P1D"), interrupts=False),
        draw.user("late"),
        draw.end("e2"),
    )
    flows = "start > a > e\nb > late > e2\nc > late"
    definition_without_clock = host_of(*nodes, flows=flows).definition
    monkeypatch.setattr(library_timer, "datetime", ForbiddenClock())
    monkeypatch.setattr(library_task, "time", ForbiddenClock())
    host = Host(definition_without_clock).start()
    assert host.tick(hours=30).do("a").do("late").do("late").is_completed


def test_now_may_come_in_any_zone_and_leaves_in_utc() -> None:
    loaded = host_of(draw.catch("t", draw.after("PT1H")), flows="start > t > e").definition
    now = MONDAY.astimezone(timezone(timedelta(hours=8)))
    run = runner.start(loaded, facts={}, now=now, next_key=iter(range(1, 99)).__next__)
    (timer,) = run.progress().timers_set
    assert timer.due_at.isoformat() == "2026-03-02T09:00:00+00:00"
