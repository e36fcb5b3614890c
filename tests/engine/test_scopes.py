"""Sub-processes, call activities and multi-instance: what goes in, what comes out, what ends."""

from typing import Any

import pytest

from app.engine import definition
from app.engine.errors import DiagramRefused, UncaughtError
from tests.engine import drawing as draw
from tests.engine.host import Host


def load(*nodes: str, flows: str, called: tuple[str, ...] = ()) -> definition.Definition:
    main = draw.process("p", *nodes, draw.end("e"), flows=flows)
    return definition.load({"p": draw.diagram(main, *called)}, "p")


def host_of(*nodes: str, flows: str, called: tuple[str, ...] = ()) -> Host:
    return Host(load(*nodes, flows=flows, called=called))


def part(name: str, *nodes: str, path: str, loop: str = "") -> str:
    """A sub-process whose path runs from its start to its end."""
    start, end = f"{name}_start", f"{name}_end"
    body = draw.start(start), *nodes, draw.end(end)
    return draw.sub(name, *body, flows=f"{start} > {path} > {end}", loop=loop)


def test_variables_go_into_a_sub_process_and_come_back() -> None:
    inner = part("s", draw.user("a", outputs={"n": "=n + 1", "m": "=1"}), path="a")
    host = host_of(inner, draw.user("b"), flows="start > s > b > e").start(n=1)
    assert host.variables == {"n": 1}
    assert host.do("a").variables == {"n": 2, "m": 1}


def test_sub_processes_nest() -> None:
    deep = part("s", part("t", part("u", draw.user("a"), path="a"), path="u"), path="t")
    host = host_of(deep, draw.user("b"), flows="start > s > b > e").start()
    assert host.open == ["a"]
    assert host.do("a").open == ["b"]


def test_sub_process_in_a_loop_starts_anew() -> None:
    inner = part("s", draw.user("a", outputs={"go": "=go"}), path="a")
    nodes = inner, draw.xor("m", has_default=False), draw.xor("x")
    host = host_of(*nodes, flows="start > m > s > x\nx > m : =go = 1\nx > e default").start()
    for _ in range(3):
        assert host.do("a", go=1).open == ["a"]
    assert host.do("a", go=0).is_completed


def calling(**options: Any) -> Host:
    called = draw.process(
        "q",
        draw.start("q0"),
        draw.user("a", outputs={"n": "=n + 1", "other": "=1"}),
        draw.end("q9"),
        flows="q0 > a > q9",
    )
    nodes = draw.call("c", "q", **options), draw.user("b")
    return host_of(*nodes, flows="start > c > b > e", called=(called,))


def test_call_activity_maps_variables_both_ways() -> None:
    host = calling(inputs={"n": "=m * 2"}, outputs={"back": "=n"}).start(m=5, n=99)
    assert host.do("a").variables == {"m": 5, "n": 99, "back": 11}


def test_call_activity_hands_everything_back_where_the_diagram_says_so() -> None:
    assert calling(inputs={"n": "=1"}, propagates=True).start().do("a").variables == {
        "n": 2,
        "other": 1,
    }
    assert calling(inputs={"n": "=1"}).start().do("a").variables == {}


def test_called_process_must_be_given() -> None:
    with pytest.raises(DiagramRefused, match="nowhere"):
        host_of(draw.call("c", "nowhere"), flows="start > c > e")
    with pytest.raises(DiagramRefused, match="does not name"):
        host_of(draw.call("c", "=which"), flows="start > c > e")


def each_unit(**options: Any) -> Host:
    """A user task per department, collecting who answered what."""
    loop = draw.each(
        "=units", "unit", "results", "={said: said, by: actor, n: loopCounter}", **options
    )
    nodes = draw.user("a", '="clerk@" + unit', loop=loop), draw.user("b")
    return host_of(*nodes, flows="start > a > b > e")


def test_instances_are_open_together_and_collected_by_their_item() -> None:
    host = each_unit().start(units=["roads", "gas"])
    assert [task.candidate_groups for task in host.run.open_tasks] == [
        ("clerk@roads",),
        ("clerk@gas",),
    ]
    host.do("a#1", actor="2", said="no").do("a", actor="1", said="yes")
    assert host.open == ["b"]
    assert host.variables["results"] == {
        "roads": {"said": "yes", "by": "1", "n": 1},
        "gas": {"said": "no", "by": "2", "n": 2},
    }
    assert "unit" not in host.variables


def test_instances_in_order_are_open_one_after_the_other() -> None:
    host = each_unit(in_order=True).start(units=["roads", "gas"])
    assert [task.candidate_groups for task in host.run.open_tasks] == [("clerk@roads",)]
    host.do("a", said=1)
    assert [task.candidate_groups for task in host.run.open_tasks] == [("clerk@gas",)]
    assert host.do("a", said=2).open == ["b"]
    assert {key: each["n"] for key, each in host.variables["results"].items()} == {
        "roads": 1,
        "gas": 2,
    }


@pytest.mark.parametrize("units", [[], None, {}])
def test_empty_or_missing_collection_passes_through(units: Any) -> None:
    host = each_unit().start(units=units)
    assert host.open == ["b"]
    assert host.variables["results"] == {}


def test_collection_may_be_a_context_or_hold_numbers() -> None:
    host = each_unit().start(units={"x": "roads"})
    assert host.do("a", said=1).variables["results"].keys() == {"x"}
    nodes = draw.user("a", loop=draw.each("=[7, 8]", "n", "out", "=n")), draw.user("b")
    numbers = host_of(*nodes, flows="start > a > b > e").start().do("a").do("a")
    assert numbers.variables == {"out": {"0": 7, "1": 8}}


def test_enough_answers_end_the_rest() -> None:
    host = each_unit(until="=said = true").start(units=["a", "b", "c"]).do("a#1", said=True)
    assert host.open == ["b"]
    assert host.variables["results"].keys() == {"b"}
    counted = each_unit(until="=numberOfCompletedInstances / numberOfInstances >= 0.5")
    assert counted.start(units=["a", "b", "c", "d"]).do("a").open == ["a", "a", "a"]
    assert counted.do("a").open == ["b"]


def test_collected_results_start_afresh_on_every_entry() -> None:
    loop = draw.each("=units", "unit", "results", "=said")
    nodes = (
        draw.xor("m", has_default=False),
        draw.user("a", loop=loop),
        draw.user("b", outputs={"units": "=units"}),
        draw.xor("x"),
    )
    flows = "start > m > a > b > x\nx > m : =count(units) > 0\nx > e default"
    host = host_of(*nodes, flows=flows).start(units=["x", "y"]).do("a", said=1).do("a", said=2)
    host.do("b", units=["z"]).do("a", said=3)
    assert host.variables["results"] == {"z": 3}


def test_instances_without_a_collection_hand_on_only_what_they_changed() -> None:
    loop = draw.each('=["p","q"]', "unit")
    inner = part(
        "s",
        draw.script("which", "mine", "=unit"),
        draw.user("a", outputs={"last": "=unit"}),
        path="which > a",
        loop=loop,
    )
    host = host_of(inner, draw.user("b"), flows="start > s > b > e").start(kept=1)
    assert host.do("a#1").do("a").variables == {"kept": 1, "mine": "p", "last": "p"}


def test_element_variable_may_hide_an_outer_one_for_a_while() -> None:
    host = each_unit().start(units=["roads"], unit="outer")
    assert host.task("a").candidate_groups == ("clerk@roads",)
    assert host.do("a").variables["unit"] == "outer"


def interrupted(loop: str) -> Host:
    """A multi-instance sub-process of user tasks, each with a timer, interrupted after a day."""
    inner = draw.sub(
        "s",
        draw.start("s0"),
        draw.user("a"),
        draw.boundary("late", "a", draw.after("P5D"), interrupts=False),
        draw.service("report_late"),
        draw.end("s8"),
        draw.end("s9"),
        flows="s0 > a > s9\nlate > report_late > s8",
        loop=loop,
    )
    nodes = inner, draw.boundary("over", "s", draw.after("P1D")), draw.user("b")
    return host_of(*nodes, flows="start > s > b > e\nover > b")


@pytest.mark.parametrize("loop", ["", draw.each('=["x","y","z"]', "d")], ids=["one", "each"])
def test_interrupting_a_scope_leaves_no_ghosts(loop: str) -> None:
    host = interrupted(loop).start().tick(days=2)
    assert host.open == ["b"]
    assert host.run.timers == ()
    assert host.tick(days=9).done == []
    assert host.do("b").is_completed


def test_enough_answers_leave_no_ghosts_either() -> None:
    loop = draw.each('=["x","y","z"]', "d", until='=d = "y"')
    inner = part(
        "s",
        draw.user("a"),
        draw.boundary("late", "a", draw.after("P5D"), interrupts=False),
        draw.service("report_late"),
        path="a",
        loop=loop,
    ).replace("</bpmn:subProcess>", draw.paths("late > report_late") + "</bpmn:subProcess>")
    host = host_of(inner, draw.user("b"), flows="start > s > b > e").start().do("a#1")
    assert (host.open, host.run.timers) == (["b"], ())
    assert host.tick(days=9).done == []


def test_terminate_ends_its_scope_and_nothing_else() -> None:
    inner = draw.sub(
        "s",
        draw.start("s0"),
        draw.both("split"),
        draw.user("a"),
        draw.user("b"),
        draw.terminate("s8"),
        draw.end("s9"),
        flows="s0 > split\nsplit > a > s8\nsplit > b > s9",
    )
    nodes = draw.both("outer"), inner, draw.user("c"), draw.user("n"), draw.end("e2")
    flows = "start > outer\nouter > s > n > e\nouter > c > e2"
    assert host_of(*nodes, flows=flows).start().do("a").open == ["c", "n"]
    assert host_of(*nodes, flows=flows).start().do("b").open == ["a", "c"]


def test_terminate_keeps_the_variables_of_its_own_branch() -> None:
    nodes = (
        draw.both("split"),
        draw.user("a", outputs={"x": "=x"}),
        draw.user("b"),
        draw.terminate("t"),
    )
    host = host_of(*nodes, flows="start > split\nsplit > a > t\nsplit > b > e").start()
    assert host.do("a", x=1).is_completed
    assert host.variables == {"x": 1}


def failing(*, code: str | None, around: bool) -> Host:
    """A job with an error boundary on it, or on the sub-process around it."""
    job = draw.service("job")
    attached = "s" if around else "job"
    nodes = (
        part("s", job, path="job") if around else job,
        draw.boundary("oops", attached, draw.error(code), outputs={"why": "=why"}),
        draw.user("mend"),
    )
    flows = f"start > {attached} > e\noops > mend > e"
    host = host_of(*nodes, flows=flows)
    host.does_jobs = False
    return host.start()


@pytest.mark.parametrize("around", [False, True])
@pytest.mark.parametrize("code", ["E1", None])
def test_error_of_a_job_reaches_the_nearest_boundary(code: str | None, around: bool) -> None:
    host = failing(code=code, around=around).fail("job", "E1", why="broken")
    assert (host.open, host.pending) == (["mend"], [])
    assert host.variables == {"why": "broken"}
    assert host.do("mend").is_completed


def test_error_nobody_catches_is_raised() -> None:
    with pytest.raises(UncaughtError, match="E2 at job"):
        failing(code="E1", around=True).fail("job", "E2")


def test_error_is_caught_at_the_job_that_failed_not_at_its_neighbour() -> None:
    nodes = (
        draw.both("split"),
        *(draw.service(f"job{n}") for n in (1, 2)),
        *(draw.boundary(f"oops{n}", f"job{n}", draw.error("E")) for n in (1, 2)),
        *(draw.user(f"mend{n}") for n in (1, 2)),
        *(draw.end(f"e{n}") for n in (1, 2, 3, 4)),
    )
    flows = "start > split\n" + "\n".join(
        f"split > job{n} > e{n}\noops{n} > mend{n} > e{n + 2}" for n in (1, 2)
    )
    host = host_of(*nodes, flows=flows)
    host.does_jobs = False
    host.start().fail("job2", "E")
    assert (host.open, host.pending) == (["mend2"], ["job1"])


def test_error_of_one_instance_ends_the_whole_multi_instance() -> None:
    job = draw.service("job", loop=draw.each('=["x","y","z"]', "d"))
    nodes = job, draw.boundary("oops", "job", draw.error("E")), draw.user("mend")
    host = host_of(*nodes, flows="start > job > e\noops > mend > e")
    host.does_jobs = False
    assert host.start().pending == ["job"] * 3
    host.fail("job", "E")
    assert (host.open, host.pending) == (["mend"], [])


def test_error_end_event_leaves_its_scope_by_the_boundary() -> None:
    inner = draw.sub(
        "s",
        draw.start("s0"),
        draw.user("a"),
        draw.end("bad", draw.error("E")),
        flows="s0 > a > bad",
    )
    nodes = inner, draw.boundary("oops", "s", draw.error("E")), draw.user("mend"), draw.user("n")
    host = host_of(*nodes, flows="start > s > n > e\noops > mend > e").start().do("a")
    assert host.open == ["mend"]


def test_error_end_event_without_a_boundary_is_raised() -> None:
    host = host_of(draw.user("a"), draw.end("bad", draw.error("E")), flows="start > a > bad")
    with pytest.raises(UncaughtError, match="E at bad"):
        host.start().do("a")


def escalating(*, interrupts: bool) -> Host:
    inner = draw.sub(
        "s",
        draw.start("s0"),
        draw.throw("tell", draw.escalation("X")),
        draw.user("a"),
        draw.end("s9"),
        flows="s0 > tell > a > s9",
    )
    boundary = draw.boundary("told", "s", draw.escalation("X"), interrupts=interrupts)
    nodes = inner, boundary, draw.user("lead"), draw.end("e2")
    return host_of(*nodes, flows="start > s > e\ntold > lead > e2").start()


def test_escalation_tells_or_interrupts_the_scope_around() -> None:
    assert escalating(interrupts=False).open == ["a", "lead"]
    assert escalating(interrupts=True).open == ["lead"]


def test_escalation_nobody_hears_is_no_failure() -> None:
    nodes = draw.throw("tell", draw.escalation("X")), draw.user("a")
    assert host_of(*nodes, flows="start > tell > a > e").start().open == ["a"]


def test_cancelled_instance_has_nothing_left() -> None:
    host = interrupted(draw.each('=["x","y"]', "d")).start(n=1).cancel()
    assert host.is_completed
    assert host.variables["n"] == 1
    assert host.progress is not None
    assert len(host.progress.closed) == 2
    assert len(host.progress.timers_gone) == 3
    assert host.load().is_completed
