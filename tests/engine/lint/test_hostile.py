"""Whatever is uploaded, a check answers with problems, in bounded time, and never raises."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from app.engine.lint import check
from app.engine.lint.checking import MAX_PROBLEMS
from tests.engine.lint.drawing import (
    diagram,
    end,
    many,
    mapping,
    node,
    process,
    script,
    start,
    straight,
    timer,
    user,
)
from tests.engine.lint.example import FOLDER
from tests.engine.lint.examples_good import FILES
from tests.engine.lint.test_rules import bundle

GOOD = FILES["good.bpmn"].encode()
DEMANDING = "=for a in 1..9000 return for b in 1..9000 return a * b"


def checked(data: bytes, *, file: str = "a.bpmn", seconds: float = 20) -> set[str]:
    """Return the rules a file breaks."""
    return {each.rule for each in check(bundle(resources={file: data}), seconds=seconds)}


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([".bpmn", ".dmn", ".form", ".json", ".txt", ""]))
def test_any_bytes_under_any_name(data: bytes, ending: str) -> None:
    checked(data, file=f"a{ending}")


VALUES = (
    "",
    "=",
    "=1 +",
    "work",
    "handle",
    "good",
    "-PT1H",
    "=null",
    "R/PT1S",
    "\u2028",
    "a:b",
    "=[",
)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """The good diagram with some elements removed, doubled, moved, or attributes changed."""
    root = etree.fromstring(GOOD)
    for _ in range(draw(st.integers(1, 6))):
        elements = [each for each in root.iter() if each.getparent() is not None]
        chosen = draw(st.sampled_from(elements))
        parent = chosen.getparent()
        action = draw(st.sampled_from(["drop", "double", "move", "change", "empty"]))
        if action == "drop" and parent is not None:
            parent.remove(chosen)
        elif action == "double" and parent is not None:
            parent.append(etree.fromstring(etree.tostring(chosen)))
        elif action == "move":
            others = [each for each in elements if chosen not in [each, *each.iterancestors()]]
            draw(st.sampled_from([*others, root])).append(chosen)
        elif action == "empty":
            chosen.text = None
        elif chosen.attrib:
            name = draw(st.sampled_from(sorted(chosen.attrib)))
            chosen.set(name, draw(st.sampled_from(VALUES)))
    return etree.tostring(root)


@settings(max_examples=80, deadline=None)
@given(mutated())
def test_a_diagram_changed_at_random_is_checked_without_an_exception(data: bytes) -> None:
    checked(data)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just("=1 +"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["components", "id", "key", "type", "path", "validate", "values"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=80, deadline=None)
@given(JSON, st.sampled_from([".form", ".zh-CN.json"]))
def test_any_json_is_checked_without_an_exception(document: object, ending: str) -> None:
    checked(json.dumps(document).encode(), file=f"good{ending}")


def nested(depth: int) -> bytes:
    """Sub-processes within sub-processes without a wait, each on a loop."""
    inside = script("step", "result", "=1")
    for level in range(depth):
        own = f"level_{level}"
        inside = node("subProcess", own, inside)
    return diagram(process(start(), inside, end())).encode()


NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def names_and_cells(names: int, cells: int) -> bytes:
    """A table where every cell could use every name."""
    inputs = "".join(f'<inputData id="i{n}" name="in put {n}" />' for n in range(names))
    entries = "".join(f"<inputEntry><text>in put {n} + (</text></inputEntry>" for n in range(cells))
    decision = f"<decision id='d'><decisionTable><rule>{entries}</rule></decisionTable></decision>"
    return f'<definitions xmlns="{NAMESPACE}">{inputs}{decision}</definitions>'.encode()


def mappings(count: int) -> bytes:
    """A task with very many mappings."""
    outputs = {f"result_{n}": f"=case.number + {n} + unknown_{n}" for n in range(count)}
    return diagram(straight(user(extra=mapping(outputs=outputs)), names="work")).encode()


@pytest.mark.parametrize(
    ("file", "data"),
    [
        (
            "chain.bpmn",
            diagram(straight(*[script(f"s{n}", "r", "=1") for n in range(9_000)])).encode(),
        ),
        (
            "flows.bpmn",
            diagram(
                process(
                    start(),
                    end(),
                    *[
                        f'<bpmn:sequenceFlow id="f{n}" sourceRef="start" targetRef="end" />'
                        for n in range(12_000)
                    ],
                )
            ).encode(),
        ),
        (
            "processes.bpmn",
            diagram(*[process(start(), end(), own_id=f"p{n}") for n in range(9_000)]).encode(),
        ),
        ("nested.bpmn", nested(55)),
        ("cells.dmn", names_and_cells(0, 12_000)),
        ("names.dmn", names_and_cells(2_000, 2_000)),
        ("mappings.bpmn", mappings(9_000)),
        ("deep.form", b'{"components":' + b"[" * 400_000 + b"]" * 400_000 + b"}"),
        (
            "wide.form",
            json.dumps({"id": "wide", "components": [{"type": "group"}] * 60_000}).encode(),
        ),
        ("empty.form", b'{"id": "e", "components": [' + b"{}," * 600_000 + b"{}]}"),
        ("wide.zh-CN.json", json.dumps({"a": dict.fromkeys(map(str, range(90_000)), 1)}).encode()),
        (
            "long.bpmn",
            diagram(
                straight(
                    user("work"), script("s", "r", "=" + "1+" * 15_000 + "1"), names="work > s"
                )
            ).encode(),
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_huge_file_is_answered_in_time(file: str, data: bytes) -> None:
    began = time.process_time()
    problems = check(bundle(resources={file: data}))
    assert len(problems) <= MAX_PROBLEMS + 1
    assert problems
    assert time.process_time() - began < 10


def test_expressions_that_take_all_their_budget_end_the_check_not_the_server() -> None:
    waits = [
        node("intermediateCatchEvent", f"w{n}", timer("timeDate", DEMANDING)) for n in range(40)
    ]
    loops = [user(f"u{n}", many(DEMANDING, f"item{n}")) for n in range(40)]
    names = " > ".join([*(f"w{n}" for n in range(40)), *(f"u{n}" for n in range(40))])
    data = diagram(straight(*waits, *loops, names=names)).encode()
    began = time.process_time()
    assert "check-unfinished" in checked(data, seconds=0.5)
    assert time.process_time() - began < 5


def test_the_diagram_that_hangs_the_engines_parser_is_refused_before_it() -> None:
    data = (FOLDER / "data-object-across-levels.bpmn").read_bytes()
    assert checked(data) == {"data-object-across-levels"}
