"""Messages and signals: who hears them, once, and what travels with them."""

import pytest

from app.engine import definition
from app.engine.errors import NobodyWaits
from app.engine.progress import ThrownMessage
from tests.engine import drawing as draw
from tests.engine.host import Host


def host_of(
    *nodes: str, flows: str, correlations: draw.Texts | None = None, **facts: object
) -> Host:
    body = draw.process("p", *nodes, draw.end("e"), flows=flows)
    data = draw.diagram(body, correlations=correlations)
    return Host(definition.load({"p": data}, "p"), facts=dict(facts))


def gateway() -> Host:
    """An event gateway: the message opens `a`, the timer of an hour opens `b`."""
    nodes = (
        draw.first("g"),
        draw.catch("m", draw.message("M")),
        draw.catch("t", draw.after("PT1H")),
        draw.user("a"),
        draw.user("b"),
    )
    return host_of(*nodes, flows="start > g\ng > m > a > e\ng > t > b > e")


def test_message_starts_the_instance_through_its_output_mapping() -> None:
    start = draw.start("start", draw.message("Reported"), outputs={"n": "=n + 1"})
    host = host_of(start, draw.user("a"), flows="start > a > e")
    assert host.definition.start_message == "Reported"
    host.start("Reported", n=1, other=2)
    assert (host.open, host.variables) == (["a"], {"n": 2})
    assert host.progress is not None
    assert host.progress.subscriptions_set == host.progress.subscriptions_gone == ()


def test_message_that_starts_without_a_mapping_brings_its_variables() -> None:
    host = host_of(draw.start("start", draw.message("M")), draw.user("a"), flows="start > a > e")
    assert host.start("M", n=1).variables == {"n": 1}


def test_message_no_start_event_takes_starts_nothing() -> None:
    with pytest.raises(NobodyWaits, match="Nobody waits"):
        host_of(draw.user("a"), flows="start > a > e").start("Other")


def test_of_several_start_events_the_message_picks_one() -> None:
    nodes = (
        draw.start("none"),
        draw.start("one", draw.message("One")),
        draw.start("two", draw.message("Two")),
        *(draw.user(each) for each in "abc"),
    )
    flows = "none > a > e\none > b > e\ntwo > c > e"
    assert host_of(*nodes, flows=flows).start().open == ["a"]
    assert host_of(*nodes, flows=flows).start("One").open == ["b"]
    assert host_of(*nodes, flows=flows).start("Two").open == ["c"]


def test_subscription_carries_the_key_of_the_moment_it_was_made() -> None:
    host = host_of(
        draw.receive("r", "M"), flows="start > r > e", correlations={"M": "=case.number"}
    )
    host.facts = {"case": {"number": "A-1"}}
    host.start()
    host.facts = {"case": {"number": "A-2"}}
    (subscription,) = host.tick(hours=1).run.subscriptions
    assert (subscription.message_name, subscription.correlation_key) == ("M", "A-1")
    assert subscription.element_id == "r"


def test_message_with_another_key_is_not_for_this_instance() -> None:
    host = host_of(draw.receive("r", "M"), flows="start > r > e", correlations={"M": '="A-1"'})
    host.start()
    with pytest.raises(NobodyWaits):
        host.load().send("M", correlation_key="A-2")
    assert host.send("M", key="A-1").is_completed


def test_variables_of_a_message_go_through_the_output_mapping() -> None:
    mapped = draw.receive("r", "M", outputs={"grade": "=grade"})
    host = host_of(mapped, draw.user("a"), flows="start > r > a > e").start()
    assert host.send("M", grade=5, other=1).variables == {"grade": 5}
    plain = host_of(draw.receive("r", "M"), draw.user("a"), flows="start > r > a > e").start()
    assert plain.send("M", grade=5, other=1).variables == {"grade": 5, "other": 1}


def test_mapping_of_an_event_behind_a_gateway_applies() -> None:
    nodes = draw.first("g"), draw.catch("m", draw.message("M"), outputs={"n": "=n"}), draw.user("a")
    host = host_of(*nodes, flows="start > g > m > a > e").start()
    assert host.send("M", n=1, other=2).variables == {"n": 1}


def test_one_message_reaches_one_of_several_that_wait() -> None:
    loop = draw.each('=["x","y","z"]', "d", "out", "=got")
    host = host_of(draw.receive("r", "M", outputs={"got": "=n"}, loop=loop), flows="start > r > e")
    host.start()
    first, second, third = (each.key for each in host.run.subscriptions)
    host.send("M", n=1)
    assert [each.key for each in host.run.subscriptions] == [second, third]
    host.send("M", to=third, n=3)
    assert [each.key for each in host.run.subscriptions] == [second]
    with pytest.raises(NobodyWaits):
        host.load().send("M", to=first)
    assert host.send("M", n=2).variables == {"out": {"x": 1, "y": 2, "z": 3}}


def test_gateway_shows_the_events_behind_it_under_its_own_key() -> None:
    host = gateway().start()
    (subscription,), (timer,) = host.run.subscriptions, host.run.timers
    assert (subscription.element_id, timer.element_id) == ("m", "t")
    assert subscription.key == timer.key


def test_first_event_decides() -> None:
    assert gateway().start().send("M").open == ["a"]
    assert gateway().start().tick(hours=1).open == ["b"]


def test_message_after_the_timer_was_due_comes_too_late_and_runs_nothing_twice() -> None:
    host = gateway().start().pass_time(hours=2)
    run = host.load()
    with pytest.raises(NobodyWaits):
        run.send("M")
    assert [task.element_id for task in run.open_tasks] == ["b"]
    assert run.progress().opened == run.open_tasks


def test_gateway_in_a_loop_waits_afresh_each_time() -> None:
    nodes = (
        draw.xor("again", has_default=False),
        draw.first("g"),
        draw.catch("m", draw.message("M")),
        draw.catch("t", draw.after("P1D")),
        draw.service("remind"),
    )
    flows = "start > again > g\ng > m > e\ng > t > remind > again"
    host = host_of(*nodes, flows=flows).start()
    assert host.tick(days=1).tick(days=5).done == ["remind", "remind"]
    assert host.send("M").is_completed


def test_interrupting_message_ends_what_runs_inside() -> None:
    inner = draw.sub("s", draw.start("s0"), draw.user("a"), draw.end("s9"), flows="s0 > a > s9")
    nodes = inner, draw.boundary("w", "s", draw.message("Withdrawn")), draw.user("confirm")
    host = host_of(*nodes, flows="start > s > e\nw > confirm > e").start()
    assert host.send("Withdrawn").open == ["confirm"]
    assert host.run.subscriptions == ()


def test_thrown_message_is_handed_to_the_host_with_key_and_inputs() -> None:
    nodes = (
        draw.throw("t", draw.message("Out"), inputs={"n": "=n + 1"}),
        draw.receive("r", "Out"),
    )
    host = host_of(*nodes, flows="start > t > r > e", correlations={"Out": "=who"}).start(
        n=1, who=7
    )
    assert host.progress is not None
    assert host.progress.messages == (ThrownMessage("Out", "7", {"n": 2}),)
    assert not host.is_completed, "whether this instance hears it, too, is the host's to find out"


def test_message_end_and_send_task_throw_as_well() -> None:
    sent = draw.element("sendTask", "s", messageRef="message_A")
    nodes = sent, draw.end("e2", draw.message("B"))
    host = host_of(*nodes, flows="start > s > e2").start()
    assert host.progress is not None
    assert [each.name for each in host.progress.messages] == ["A", "B"]


def test_signal_is_heard_by_everybody_inside_the_instance() -> None:
    nodes = (
        draw.both("split"),
        draw.catch("c1", draw.signal("S")),
        draw.catch("c2", draw.signal("S")),
        draw.user("a"),
        draw.throw("t", draw.signal("S"), inputs={"n": "=1"}),
        draw.user("b"),
        draw.user("c"),
    )
    flows = "start > split\nsplit > c1 > b > e\nsplit > c2 > c > e\nsplit > a > t > e"
    host = host_of(*nodes, flows=flows).start().do("a")
    assert (host.open, host.variables) == (["b", "c"], {"n": 1})
