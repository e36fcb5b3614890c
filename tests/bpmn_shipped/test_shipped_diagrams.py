"""The shipped diagrams say everything a person needs at each step, and could hang on a wall."""

from collections.abc import Iterator
from itertools import chain, combinations, pairwise
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from tests.bpmn_shipped.shipped import (
    BPMN,
    BPMNDI,
    DC,
    DI,
    DIAGRAMS,
    FORMS,
    OPERATIONS,
    TABLES,
    ZEEBE,
    form,
    tree,
)

MODELER = "{http://camunda.org/schema/modeler/1.0}"
GRID = 10
TASKS = ("userTask", "serviceTask", "scriptTask", "businessRuleTask")
Box = tuple[float, float, float, float]
Point = tuple[float, float]

pytestmark = pytest.mark.parametrize("path", [pytest.param(p, id=p.stem) for p in DIAGRAMS])


def each(path: Path, *names: str) -> Iterator[Any]:
    for name in names:
        yield from tree(path).iter(f"{BPMN}{name}")


def extension(element: etree._Element, name: str) -> Any:
    found = element.find(f"{BPMN}extensionElements/{ZEEBE}{name}")
    assert found is not None, f"{element.get('id')} has no zeebe:{name}"
    return found


def test_a_diagram_is_for_camunda_8(path: Path) -> None:
    root = tree(path)
    assert root.get(f"{MODELER}executionPlatform") == "Camunda Cloud"
    assert root.get(f"{MODELER}executionPlatformVersion") == "8.8.0"
    assert [p.get("id") for p in each(path, "process")] == [path.stem]


def test_a_user_task_has_form_role_limit_and_rank(path: Path) -> None:
    forms = {form(each_form)["id"] for each_form in FORMS}
    for task in each(path, "userTask"):
        extension(task, "userTask")
        reference = extension(task, "formDefinition")
        assert reference.get("formId") in forms
        assert reference.get("bindingType") == "deployment"
        assert extension(task, "assignmentDefinition").get("candidateGroups")
        assert extension(task, "taskSchedule").get("dueDate").startswith("=")
        assert "case.severity" in extension(task, "priorityDefinition").get("priority")


def test_a_service_task_asks_for_an_operation_that_exists(path: Path) -> None:
    for task in each(path, "serviceTask"):
        assert extension(task, "taskDefinition").get("type") in OPERATIONS


def test_a_rule_task_asks_a_table_that_exists(path: Path) -> None:
    tables = {table.stem for table in TABLES}
    for task in each(path, "businessRuleTask"):
        assert extension(task, "calledDecision").get("decisionId") in tables


def test_a_task_says_what_it_is_for(path: Path) -> None:
    for task in each(path, *TASKS):
        text = task.findtext(f"{BPMN}documentation") or ""
        assert text.endswith("."), task.get("id")


def test_a_question_is_a_gateway_and_its_answers_are_named(path: Path) -> None:
    flows = {flow.get("id"): flow for flow in each(path, "sequenceFlow")}
    for gateway in each(path, "exclusiveGateway"):
        outgoing = [flows[e.text] for e in gateway.iterchildren(f"{BPMN}outgoing")]
        if len(outgoing) > 1:
            assert gateway.get("name", "").endswith("?")
            assert gateway.get("default") in flows
            assert all(flow.get("name") for flow in outgoing)


def boxes(path: Path) -> dict[str, Box]:
    """Where each node is drawn."""
    drawn, own = shapes(path), lane_ids(path)
    return {name: box for name, box in drawn.items() if name not in own}


def lane_ids(path: Path) -> set[str]:
    return {lane.get("id", "") for lane in each(path, "lane")}


def shapes(path: Path) -> dict[str, Box]:
    """Where each node and each lane is drawn."""
    found = {}
    for shape in tree(path).iter(f"{BPMNDI}BPMNShape"):
        bounds = shape.find(f"{DC}Bounds")
        assert bounds is not None
        x, y, width, height = (float(bounds.get(n, "")) for n in ("x", "y", "width", "height"))
        found[shape.get("bpmnElement", "")] = (x, y, x + width, y + height)
    return found


def lines(path: Path) -> dict[str, list[Point]]:
    return {
        edge.get("bpmnElement", ""): [
            (float(point.get("x", "")), float(point.get("y", "")))
            for point in edge.iterchildren(f"{DI}waypoint")
        ]
        for edge in tree(path).iter(f"{BPMNDI}BPMNEdge")
    }


def test_everything_is_drawn_with_its_centre_on_the_grid(path: Path) -> None:
    drawn = boxes(path)
    boundary = {event.get("id") for event in each(path, "boundaryEvent")}
    nodes = {e.get("targetRef") for e in each(path, "sequenceFlow")}
    nodes |= {e.get("sourceRef") for e in each(path, "sequenceFlow")}
    assert set(drawn) == nodes
    assert set(lines(path)) == {flow.get("id") for flow in each(path, "sequenceFlow")}
    for name in set(drawn) - boundary:
        left, top, right, bottom = drawn[name]
        assert (left + right) / 2 % GRID == (top + bottom) / 2 % GRID == 0, name


def inside(path: Path) -> dict[str, set[str]]:
    """What lies inside each sub-process, by id: nodes and flows."""
    return {
        sub.get("id", ""): {element.get("id", "") for element in sub.iterdescendants()}
        for sub in each(path, "subProcess")
    }


def test_nothing_overlaps(path: Path) -> None:
    boundary = {event.get("id") for event in each(path, "boundaryEvent")}
    held = inside(path)
    for (one, a), (other, b) in combinations(boxes(path).items(), 2):
        if other in held.get(one, ()):
            is_within = a[0] < b[0] and a[1] < b[1] and b[2] < a[2] and b[3] < a[3]
            assert is_within, f"{other} sticks out of {one}"
        elif one not in held.get(other, ()) and not boundary & {one, other}:
            apart = a[2] + 40 <= b[0] or b[2] + 40 <= a[0] or a[3] + 40 <= b[1] or b[3] + 40 <= a[1]
            assert apart, f"{one} and {other} are closer than 40"


def segments(points: list[Point]) -> Iterator[Box]:
    for (x1, y1), (x2, y2) in pairwise(points):
        yield min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def test_every_flow_is_straight_or_turns_at_right_angles(path: Path) -> None:
    for name, points in lines(path).items():
        for x1, y1, x2, y2 in segments(points):
            assert x1 == x2 or y1 == y2, name


def test_no_flow_crosses_another(path: Path) -> None:
    drawn = [(n, s) for n, points in lines(path).items() for s in segments(points)]
    for (one, a), (other, b) in combinations(drawn, 2):
        if one != other:
            meets = a[0] <= b[2] and b[0] <= a[2] and a[1] <= b[3] and b[1] <= a[3]
            assert not meets, f"{one} and {other} cross"


def test_no_flow_runs_through_a_shape(path: Path) -> None:
    held = inside(path)
    for name, points in lines(path).items():
        for a in segments(points):
            for shape, b in boxes(path).items():
                through = a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
                assert name in held.get(shape, ()) or not through, f"{name} runs through {shape}"


def touches(point: Point, box: Box) -> bool:
    x, y = point
    is_near = box[0] <= x <= box[2] and box[1] <= y <= box[3]
    return is_near and (x in (box[0], box[2]) or y in (box[1], box[3]))


def test_a_flow_begins_and_ends_at_the_edge_of_its_shapes(path: Path) -> None:
    drawn, drawn_lines = boxes(path), lines(path)
    for flow in each(path, "sequenceFlow"):
        points = drawn_lines[flow.get("id", "")]
        assert touches(points[0], drawn[flow.get("sourceRef", "")]), flow.get("id")
        assert touches(points[-1], drawn[flow.get("targetRef", "")]), flow.get("id")


def test_a_lane_says_who_does_it_and_holds_what_they_do(path: Path) -> None:
    """Lanes of a scope lie under one another in its frame; each node of it lies in one of them."""
    drawn = shapes(path)
    flows = [*each(path, "sequenceFlow")]
    nodes = {f.get("sourceRef") for f in flows} | {f.get("targetRef") for f in flows}
    boundary = {event.get("id") for event in each(path, "boundaryEvent")}
    for lanes in each(path, "laneSet"):
        scope = lanes.getparent()
        own = [*lanes.iterchildren(f"{BPMN}lane")]
        assert all(lane.get("name") for lane in own)
        held = {lane.get("id"): [ref.text for ref in lane] for lane in own}
        inner = [e.get("id") for e in scope.iterchildren() if e.get("id") in nodes]
        assert sorted(chain.from_iterable(held.values())) == sorted(inner)
        places = [drawn[lane.get("id")] for lane in own]
        frame = drawn[scope.get("id")]
        for place, (_, top, _, bottom) in pairwise(places):
            assert (place[0], place[2], place[3]) == (places[0][0], places[0][2], top)
            assert frame[3] > bottom
        for lane, place in zip(own, places, strict=True):
            assert frame[0] < place[0] < place[2] < frame[2]
            for name in held[lane.get("id")]:
                box = drawn[name]
                is_within = place[0] + 30 <= box[0] and place[1] < box[1] and box[2] < place[2]
                assert name in boundary or (is_within and box[3] < place[3]), name


def test_who_does_what_of_a_whistle_is_seen_by_its_lanes(path: Path) -> None:
    """A task lies in a lane of whoever it is offered to."""
    if path.stem != "street_whistle":
        return
    roles = {"street": "Street", "unit": "Department", "district": "District"}
    lanes = {ref.text: lane.get("name") for lane in each(path, "lane") for ref in lane}
    seen = 0
    for task in each(path, "userTask"):
        around = [task, *task.iterancestors()]
        lane = next((lanes[e.get("id")] for e in around if e.get("id") in lanes), None)
        offered = extension(task, "assignmentDefinition").get("candidateGroups")
        who = offered.rpartition('["')[2].partition("_")[0]
        assert lane in (None, roles[who]), task.get("id")
        seen += lane is not None
    assert seen == 9, "all but the scores, which are given when everybody has gone"


def test_it_is_read_from_left_to_right(path: Path) -> None:
    drawn = boxes(path)
    starts = {event.get("id") for event in each(path, "startEvent")}
    ends = {event.get("id") for event in each(path, "endEvent")}
    assert min(drawn, key=lambda name: drawn[name][0]) in starts
    assert max(drawn, key=lambda name: drawn[name][2]) in ends
    into = {flow.get("targetRef"): flow.get("sourceRef") for flow in each(path, "sequenceFlow")}
    for end in ends:
        assert drawn[into[end]][2] < drawn[end][0]
