"""Gateways: choices, joins in every order and on every pass, and variables where branches meet."""

from itertools import permutations

import pytest

from app.engine import definition, workflow
from app.engine.errors import BudgetExceeded, DiagramFailed
from tests.engine import drawing as draw
from tests.engine.host import Host

ORDERS = list(permutations("abc"))


def host_of(*nodes: str, flows: str) -> Host:
    data = draw.diagram(draw.process("p", *nodes, draw.end("e"), flows=flows))
    return Host(definition.load({"p": data}, "p"))


def looping(join: str) -> Host:
    """Three branches between a split and `join`; answering `again = true` at `n` repeats them."""
    nodes = (
        draw.xor("m", has_default=False),
        draw.both("split"),
        join,
        *(draw.user(each, outputs={each: "=value"}) for each in "abc"),
        draw.user("n", outputs={"again": "=again"}),
        draw.xor("x"),
    )
    branches = "\n".join(f"split > {each} > join" for each in "abc")
    flows = f"start > m > split\n{branches}\njoin > n > x\nx > m : =again = true\nx > e default"
    return host_of(*nodes, flows=flows)


JOINS = [draw.both("join"), draw.element("inclusiveGateway", "join")]


@pytest.mark.parametrize("join", JOINS, ids=["parallel", "inclusive"])
@pytest.mark.parametrize("order", ORDERS, ids="".join)
def test_join_waits_for_all_branches_on_every_pass(join: str, order: tuple[str, ...]) -> None:
    host = looping(join).start()
    for number in range(3):
        for place, branch in enumerate(order):
            assert host.open == sorted(order[place:])
            host.do(branch, value=number)
        assert host.open == ["n"]
        assert host.variables | {"again": 0} == {"a": number, "b": number, "c": number, "again": 0}
        host.do("n", again=number < 2)
    assert host.is_completed


def test_branch_keeps_what_it_did_not_touch() -> None:
    """A branch that ends later must not bring back a value that another branch changed."""
    nodes = (
        draw.both("s"),
        draw.both("j"),
        draw.user("a", outputs={"x": "=x"}),
        draw.user("b", outputs={"y": "=y"}),
        draw.user("n"),
    )
    flows = "start > s\ns > a > j\ns > b > j\nj > n > e"
    for order in ("ab", "ba"):
        host = host_of(*nodes, flows=flows).start(x="old", y="old")
        for each in order:
            host.do(each, x="new x", y="new y")
        assert host.variables == {"x": "new x", "y": "new y"}


def test_lists_two_branches_added_to_are_united() -> None:
    nodes = (
        draw.both("s"),
        draw.both("j"),
        draw.script("a", "log", '=concatenate(log, ["a"])'),
        draw.script("b", "log", '=concatenate(log, ["b"])'),
        draw.user("n"),
    )
    host = host_of(*nodes, flows="start > s\ns > a > j\ns > b > j\nj > n > e").start(log=["0"])
    assert host.variables == {"log": ["0", "a", "b"]}


def test_join_on_the_second_pass_routes_on_the_second_pass_s_values() -> None:
    inner = draw.sub(
        "w",
        draw.start("w0"),
        draw.both("s"),
        draw.both("j"),
        draw.user("a", outputs={"ra": "=r"}),
        draw.user("b", outputs={"rb": "=r"}),
        draw.end("w9"),
        flows="w0 > s\ns > a > j\ns > b > j\nj > w9",
    )
    nodes = inner, draw.xor("m", has_default=False), draw.user("n", outputs={"go": "=go"})
    flows = "start > m > w > n > x\nx > m : =go = 1\nx > e default"
    host = host_of(*nodes, draw.xor("x"), flows=flows).start()
    host.do("a", r=1).do("b", r=1).do("n", go=1)
    host.do("b", r=3).do("a", r=2)
    assert host.variables == {"ra": 2, "rb": 3, "go": 1}


def test_tokens_that_run_ahead_on_one_flow_wait_for_the_other() -> None:
    nodes = (
        draw.both("s"),
        draw.xor("m", has_default=False),
        draw.both("s2"),
        draw.user("a"),
        draw.user("b"),
        draw.both("j"),
        draw.user("n"),
    )
    flows = "start > s\ns > s2\ns2 > m\ns2 > m\nm > a > j\ns > b > j\nj > n > e"
    host = host_of(*nodes, flows=flows).start()
    assert host.do("a").open == ["a", "b"]
    assert host.do("a").open == ["b"]
    assert host.do("b").open == ["n"]


def inclusive(chosen: str) -> Host:
    nodes = (
        draw.some("s"),
        draw.element("inclusiveGateway", "j"),
        *(draw.user(each) for each in "abcn"),
    )
    flows = (
        'start > s\ns > a : =contains(chosen, "a")\ns > b : =contains(chosen, "b")\n'
        "s > c default\na > j\nb > j\nc > j\nj > n > e"
    )
    return host_of(*nodes, flows=flows).start(chosen=chosen)


def test_inclusive_gateway_takes_every_true_flow_else_the_default() -> None:
    assert inclusive("ab").open == ["a", "b"]
    assert inclusive("b").open == ["b"]
    assert inclusive("").open == ["c"]


def test_inclusive_join_waits_for_those_that_can_still_come_and_no_others() -> None:
    assert inclusive("b").do("b").open == ["n"]
    assert inclusive("ab").do("b").open == ["a"]
    assert inclusive("ab").do("b").do("a").open == ["n"]


def test_inclusive_join_waits_for_a_job_that_runs_upstream() -> None:
    nodes = (
        draw.both("s"),
        draw.element("inclusiveGateway", "j"),
        draw.user("a"),
        draw.service("slow"),
        draw.user("b"),
        draw.user("n"),
    )
    flows = "start > s\ns > a > j\ns > slow > b > j\nj > n > e"
    host = host_of(*nodes, flows=flows)
    host.does_jobs = False
    assert host.start().do("a").open == []
    assert host.finish("slow").open == ["b"]
    assert host.do("b").open == ["n"]


def test_inclusive_join_stops_waiting_when_the_other_token_goes_elsewhere() -> None:
    nodes = (
        draw.both("s"),
        draw.element("inclusiveGateway", "j"),
        draw.user("a"),
        draw.user("b", outputs={"go": "=go"}),
        draw.xor("x"),
        draw.user("n"),
        draw.end("away"),
    )
    flows = "start > s\ns > a > j\ns > b > x\nx > j : =go = 1\nx > away default\nj > n > e"
    assert host_of(*nodes, flows=flows).start().do("a").do("b", go=0).open == ["n"]
    assert host_of(*nodes, flows=flows).start().do("b", go=0).do("a").open == ["n"]
    assert host_of(*nodes, flows=flows).start().do("a").do("b", go=1).open == ["n"]


def test_first_true_condition_in_drawn_order_decides() -> None:
    nodes = draw.xor("x"), *(draw.user(each) for each in "abc")
    flows = "start > x\nx > a : =n > 1\nx > b : =n > 0\nx > c default\na > e\nb > e\nc > e"
    assert [host_of(*nodes, flows=flows).start(n=n).open for n in (2, 1, 0)] == [
        ["a"],
        ["b"],
        ["c"],
    ]


def test_only_true_is_true() -> None:
    nodes = draw.xor("x"), draw.user("a"), draw.user("b")
    flows = "start > x\nx > a : =n\nx > b default\na > e\nb > e"
    for value in (None, 1, "true", [True]):
        assert host_of(*nodes, flows=flows).start(n=value).open == ["b"]
    assert host_of(*nodes, flows=flows).start(n=True).open == ["a"]


def test_gateway_nobody_can_leave_fails_by_name() -> None:
    for gateway in (draw.xor("x", has_default=False), draw.element("inclusiveGateway", "x")):
        host = host_of(gateway, draw.user("a"), flows="start > x\nx > a : =n = 1\nx > e : =n = 2")
        with pytest.raises(DiagramFailed, match="at x"):
            host.start(n=3)


def test_several_flows_out_of_a_task_are_parallel() -> None:
    nodes = *(draw.user(each) for each in "abc"), draw.end("e2")
    host = host_of(*nodes, flows="start > a\na > b > e\na > c > e2").start()
    assert host.do("a").open == ["b", "c"]
    assert not host.do("b").is_completed
    assert host.do("c").is_completed


def test_loop_without_a_wait_is_stopped_by_the_budget() -> None:
    nodes = draw.xor("m", has_default=False), draw.script("s", "n", "=1"), draw.xor("x")
    flows = "start > m > s > x\nx > e : =n = 2\nx > m default"
    with pytest.raises(BudgetExceeded, match="1000 elements"):
        host_of(*nodes, flows=flows).start()


def test_step_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workflow, "MAX_SECONDS_PER_STEP", -1.0)
    with pytest.raises(BudgetExceeded, match="s; the last element"):
        host_of(draw.script("s", "n", "=1"), flows="start > s > e").start()


def test_catch_service_catch_in_a_circle_needs_no_gateway() -> None:
    nodes = draw.catch("c", draw.message("M")), draw.service("s")
    host = host_of(*nodes, flows="start > c > s > c").start()
    assert host.send("M").send("M").send("M").done == ["s"] * 3
