"""The saved state: small, of constant size, versioned, and refused when it is not ours."""

import zlib
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.engine import codec, definition, runner
from app.engine.errors import StateUnreadable
from tests.engine import drawing as draw
from tests.engine.host import MONDAY, Host


def load(*nodes: str, flows: str) -> definition.Definition:
    data = draw.diagram(draw.process("p", *nodes, draw.end("e"), flows=flows))
    return definition.load({"p": data}, "p")


PLAIN = load(draw.user("a"), draw.user("b"), flows="start > a > b > e")


def take_up(state: bytes, of: definition.Definition = PLAIN) -> runner.Run:
    return runner.load(of, state, facts={}, now=MONDAY, next_key=iter(range(1, 99)).__next__)


def rework(inside: bool) -> definition.Definition:
    """A loop of two user tasks with a reminder, at the top or in a sub-process two deep."""
    nodes = (
        draw.xor("m", has_default=False),
        draw.user("a", outputs={"by": "=actor", "n": "=n"}),
        draw.boundary("remind", "a", draw.after("P1D"), interrupts=False),
        draw.service("reminder"),
        draw.end("e2"),
        draw.user("b", outputs={"verdict": "=verdict"}),
        draw.xor("x"),
    )
    flows = 'm > a > b > x\nx > m : =verdict = "rework"\nremind > reminder > e2'
    if not inside:
        return load(*nodes, flows=f"start > {flows}\nx > e default")
    deep = draw.sub(
        "deep", draw.start("d0"), *nodes, draw.end("d9"), flows=f"d0 > {flows}\nx > d9 default"
    )
    outer = draw.sub("outer", draw.start("o0"), deep, draw.end("o9"), flows="o0 > deep > o9")
    return load(outer, flows="start > outer > e")


@pytest.mark.parametrize("inside", [False, True], ids=["top", "two deep"])
def test_two_hundred_reworks_do_not_make_a_case_grow(inside: bool) -> None:
    host = Host(rework(inside), first_key=10**15).start()
    sizes = set()
    for number in range(1000, 1200):
        host.tick(days=1).do("a", actor=str(number), n=number).do("b", verdict="rework")
        sizes.add(len(host.state))
    assert max(sizes) - min(sizes) <= 60, "one side branch more that ended, at most"
    assert max(sizes) < 900
    host.do("a").do("b", verdict="pass")
    assert host.is_completed
    assert len(host.done) == 200


def test_side_branches_that_ended_do_not_pile_up() -> None:
    host = Host(rework(False)).start()
    rows = []
    for _ in range(30):
        host.tick(days=1).do("a").do("b", verdict="rework")
        rows.append(len(orjson.loads(host.state[6:])["t"]))
    assert rows[-1] == rows[5]


def test_completed_instance_keeps_its_variables_and_nothing_else() -> None:
    task = draw.user("a", outputs={"v": "=v"})
    host = Host(load(task, flows="start > a > e")).start().do("a", v=1)
    assert orjson.loads(host.state[6:]) == {"d": {"v": 1}, "x": 1}
    assert host.load().variables == {"v": 1}


def test_large_states_are_packed() -> None:
    host = Host(PLAIN).start(text="lamp post " * 1000)
    assert len(host.state) < 500
    assert host.load().variables == {"text": "lamp post " * 1000}


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(variables=st.dictionaries(st.text(), VALUES, max_size=5))
@settings(max_examples=60, deadline=None)
def test_any_plain_value_comes_back_as_it_was(variables: dict[str, Any]) -> None:
    host = Host(PLAIN)
    run = runner.start(PLAIN, facts={}, now=MONDAY, next_key=host.next_key, variables=variables)
    progress = run.progress()
    assert take_up(progress.state).variables == progress.variables


@pytest.mark.parametrize("name", ["typename", "__class__", "t", "d", "x"])
def test_no_name_of_a_variable_is_special(name: str) -> None:
    host = Host(PLAIN).start(**{name: "BpmnWorkflow"})
    assert host.do("a").variables == {name: "BpmnWorkflow"}


def sealed(body: bytes, *, packing: int = 0) -> bytes:
    """A state with the right version and checksum, whatever is in it."""
    return bytes((codec.VERSION, packing)) + zlib.crc32(body).to_bytes(4, "big") + body


GARBAGE = [
    b"",
    b"\x01",
    b"{}",
    b"\x01\x00\x00\x00\x00\x00{}",
    sealed(b""),
    sealed(b"{}"),
    sealed(b"[]"),
    sealed(b'{"t":[]}'),
    sealed(b'{"t":[["nowhere",-1,1,16]]}'),
    sealed(b'{"t":[["a",-1,1]]}'),
    sealed(b'{"t":[["a",7,1,16]]}'),
    sealed(b'{"t":[["a","x",1,16]]}'),
    sealed(b'{"t":[1,2]}'),
    sealed(b'{"t":[["a",-1,1,16,5,0,{}]],"s":{"0":{"t":[["a",-1,1,16]]}}}'),
    sealed(b'{"d":1,"x":1}'),
    sealed(b"not packed", packing=1),
    sealed(zlib.compress(b"no json"), packing=1),
]


@pytest.mark.parametrize("state", GARBAGE)
def test_state_that_is_not_ours_is_refused(state: bytes) -> None:
    with pytest.raises(StateUnreadable):
        take_up(state)


def test_state_of_another_version_is_refused() -> None:
    state = Host(PLAIN).start().state
    with pytest.raises(StateUnreadable, match="version 1"):
        take_up(bytes((codec.VERSION + 1,)) + state[1:])


REWORK = rework(inside=True)


@given(position=st.integers(0, 500), bits=st.integers(1, 255))
@settings(max_examples=100, deadline=None)
def test_every_changed_byte_is_noticed(position: int, bits: int) -> None:
    state = bytearray(Host(REWORK).start(n=1).state)
    state[position % len(state)] ^= bits
    with pytest.raises(StateUnreadable):
        take_up(bytes(state), REWORK)


def test_state_of_another_diagram_is_refused() -> None:
    other = load(draw.user("other"), flows="start > other > e")
    with pytest.raises(StateUnreadable, match="'a'"):
        take_up(Host(PLAIN).start().state, other)


def test_open_tasks_survive_a_diagram_that_gained_an_element() -> None:
    newer = load(draw.user("a"), draw.user("c"), draw.user("b"), flows="start > a > c > b > e")
    host = Host(PLAIN).start()
    host.definition = newer
    assert host.do("a").open == ["c"]


def test_value_json_cannot_hold_never_reaches_the_state() -> None:
    run = runner.start(PLAIN, facts={}, now=MONDAY, next_key=iter(range(1, 99)).__next__)
    run._instance.task_tree.data["bad"] = object()
    for task in run._instance.tasks.values():
        task.data["bad"] = object()
    with pytest.raises(StateUnreadable):
        codec.encode(run._instance)
