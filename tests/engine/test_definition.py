"""Definitions: what is read from the files, refused from them, shared and never changed."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from app.engine import definition
from app.engine.canonical import describe
from app.engine.definition import DefinitionCache, Element
from app.engine.errors import DiagramRefused
from app.engine.xml import XmlRefused
from tests.engine import drawing as draw
from tests.engine.first_road import CaseHost, grid_case
from tests.engine.host import Host


def load(*nodes: str, flows: str = "start > a > e") -> definition.Definition:
    data = draw.diagram(draw.process("p", *nodes, draw.end("e"), flows=flows))
    return definition.load({"p": data}, "p")


def test_shipped_process_is_known_by_its_elements() -> None:
    loaded = grid_case()
    assert loaded.process_id == "grid_case"
    assert loaded.name == "Grid case"
    assert loaded.version_tag == "1"
    assert loaded.start_message == "CaseReported"
    assert loaded.elements["triage"] == Element("triage", "Triage report", "USER_TASK", "grid_case")
    assert loaded.elements["await_rating"].type == "EVENT_BASED_GATEWAY"
    assert loaded.elements["sign_late"].type == "BOUNDARY_EVENT"


def test_elements_of_called_processes_are_known_and_the_main_one_wins() -> None:
    called = draw.process(
        "q", draw.start(), draw.user("inner"), draw.end("e"), flows="start > inner > e"
    )
    main = draw.process("p", draw.call("c", "q"), draw.end("e"), flows="start > c > e")
    files = {"p": draw.diagram(main), "q": draw.diagram(called)}
    elements = definition.load(files, "p").elements
    assert elements["inner"].process_id == "q"
    assert elements["e"].process_id == "p"


def test_processes_of_one_file_may_be_given_once_or_several_times() -> None:
    called = draw.process("q", draw.start("q0"), draw.end("q9"), flows="q0 > q9")
    main = draw.process("p", draw.call("c", "q"), draw.end("e"), flows="start > c > e")
    data = draw.diagram(main, called)
    for files in ({"p": data}, {"p": data, "q": data}):
        assert Host(definition.load(files, "p")).start().is_completed


REFUSED = {
    "event sub-process": (
        draw.user("a"),
        draw.element("subProcess", "s", draw.start("s0"), triggeredByEvent="true"),
    ),
    "conditional event": (
        draw.user("a"),
        draw.boundary("b", "a", "<bpmn:conditionalEventDefinition/>"),
    ),
    "standard loop": (draw.user("a", loop="<bpmn:standardLoopCharacteristics/>"),),
    "event this system does not run": (
        draw.element("intermediateThrowEvent", "a", "<bpmn:linkEventDefinition/>"),
    ),
    "no message": (draw.element("receiveTask", "a"),),
    "no error": (
        draw.user("a"),
        draw.boundary("b", "a", '<bpmn:errorEventDefinition errorRef="x"/>'),
    ),
    "timer without a time": (draw.catch("a", "<bpmn:timerEventDefinition/>"),),
    "no support": (draw.element("complexGateway", "a"),),
}


@pytest.mark.parametrize("why", REFUSED)
def test_what_would_misbehave_is_refused_when_loading(why: str) -> None:
    with pytest.raises(DiagramRefused, match=why):
        load(*REFUSED[why])


def test_condition_on_a_flow_out_of_a_task_is_refused() -> None:
    with pytest.raises(DiagramRefused, match="a has a condition"):
        load(draw.user("a"), draw.end("e2"), flows="start > a\na > e : =x\na > e2")


def test_process_without_a_start_is_refused() -> None:
    data = draw.diagram('<bpmn:process id="p" isExecutable="true"/>')
    with pytest.raises(DiagramRefused, match="no start event"):
        definition.load({"p": data}, "p")


def test_process_that_is_not_in_the_files_is_refused() -> None:
    data = draw.diagram(draw.process("p", draw.end("e"), flows="start > e"))
    with pytest.raises(DiagramRefused, match="'q' was not found"):
        definition.load({"p": data}, "q")


def test_endless_chain_is_refused_not_a_crash() -> None:
    names = [f"t{n}" for n in range(2000)]
    with pytest.raises(DiagramRefused, match="too many elements in a row"):
        load(*(draw.user(name) for name in names), flows=" > ".join(["start", *names, "e"]))


def test_three_hundred_elements_in_a_row_run() -> None:
    names = [f"t{n}" for n in range(297)]
    loaded = load(
        *(draw.script(name, "n", "=(if n = null then 0 else n) + 1") for name in names),
        flows=" > ".join(["start", *names, "e"]),
    )
    assert Host(loaded).start().variables == {"n": 297}


def test_bytes_that_are_no_xml_are_refused() -> None:
    with pytest.raises(XmlRefused):
        definition.load({"p": b"no xml"}, "p")


def test_data_objects_and_stores_are_pictures() -> None:
    """The library would hang on a data object read two levels down, and refuse any data store."""
    association = (
        '<bpmn:dataInputAssociation id="i"><bpmn:sourceRef>ref</bpmn:sourceRef>'
        "<bpmn:targetRef>a</bpmn:targetRef></bpmn:dataInputAssociation>"
    )
    task = draw.user("a", loop=association)
    deep = draw.sub("t", draw.start("t0"), task, draw.end("t9"), flows="t0 > a > t9")
    outer = draw.sub("s", draw.start("s0"), deep, draw.end("s9"), flows="s0 > t > s9")
    pictures = (
        '<bpmn:dataObject id="o"/><bpmn:dataObjectReference id="ref" dataObjectRef="o"/>'
        '<bpmn:dataStoreReference id="sr" dataStoreRef="ds"/>'
    )
    body = draw.process("p", outer, pictures, draw.end("e"), flows="start > s > e")
    data = draw.diagram('<bpmn:dataStore id="ds" name="ledger"/>', body)
    host = Host(definition.load({"p": data}, "p")).start()
    assert (host.open, host.variables) == (["a"], {})


def test_running_changes_nothing_in_the_definition() -> None:
    loop = draw.each('=["x","y"]', "d", "out", "=1")
    inner = draw.sub(
        "s",
        draw.start("s0"),
        draw.user("a"),
        draw.boundary("b", "a", draw.every("R/PT1H"), interrupts=False),
        draw.service("job"),
        draw.end("s8"),
        draw.end("s9"),
        flows="s0 > a > s9\nb > job > s8",
        loop=loop,
    )
    loaded = load(
        inner, draw.first("g"), draw.catch("m", draw.message("M")), flows="start > s > g > m > e"
    )
    before = _picture(loaded)
    for _ in range(2):
        Host(loaded).start().tick(hours=3).do("a").do("a").send("M")
    assert _picture(loaded) == before


def _picture(loaded: definition.Definition) -> list[Any]:
    specs = [loaded.spec, *loaded.scope_specs.values()]
    listeners = [
        (task_spec.name, task_spec.completed_event.n_subscribers())
        for spec in specs
        for task_spec in spec.task_specs.values()
    ]
    return [repr([describe(spec) for spec in specs]), listeners]


def test_eight_threads_share_one_definition() -> None:
    loaded = grid_case()

    def live(number: int) -> bool:
        host = CaseHost(loaded, first_key=number * 1000).start("CaseReported")
        for step in ("triage", "dispatch", "sign_for", "handle", "review_result", "close"):
            host.do(step, decision="accept", verdict="pass")
        return host.tick(days=16).is_completed

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(live, range(1, 25)))


def test_cache_loads_once_and_forgets_what_was_used_longest_ago() -> None:
    made: list[int] = []
    some = load(draw.user("a"))

    def loader(key: int) -> Any:
        return lambda: made.append(key) or some

    cache = DefinitionCache(capacity=2)
    for key in (1, 2, 1, 3, 1, 2):
        assert cache.get(key, loader(key)) is some
    assert made == [1, 2, 3, 2]
