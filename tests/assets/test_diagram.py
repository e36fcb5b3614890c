"""The case's diagram, under the strict policy: tokens, path, labels and the mark of bpmn.io."""

import json
from typing import TYPE_CHECKING

import pytest

from tests.assets.conftest import Site

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

XML = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
    xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
    xmlns:di="http://www.omg.org/spec/DD/20100524/DI" id="d" targetNamespace="urn:test">
  <bpmn:process id="p" isExecutable="true">
    <bpmn:startEvent id="start" name="Reported"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="triage"/>
    <bpmn:userTask id="triage" name="Triage"><bpmn:incoming>f1</bpmn:incoming></bpmn:userTask>
    <bpmn:subProcess id="inner" name="Handling"/>
  </bpmn:process>
  <bpmndi:BPMNDiagram id="view"><bpmndi:BPMNPlane id="plane" bpmnElement="p">
    <bpmndi:BPMNShape id="s1" bpmnElement="start">
      <dc:Bounds x="100" y="100" width="36" height="36"/>
      <bpmndi:BPMNLabel><dc:Bounds x="90" y="140" width="60" height="14"/></bpmndi:BPMNLabel>
    </bpmndi:BPMNShape>
    <bpmndi:BPMNShape id="s2" bpmnElement="triage">
      <dc:Bounds x="200" y="78" width="100" height="80"/>
    </bpmndi:BPMNShape>
    <bpmndi:BPMNShape id="s3" bpmnElement="inner" isExpanded="false">
      <dc:Bounds x="1900" y="78" width="100" height="80"/>
    </bpmndi:BPMNShape>
    <bpmndi:BPMNEdge id="e1" bpmnElement="f1">
      <di:waypoint x="136" y="118"/><di:waypoint x="200" y="118"/>
    </bpmndi:BPMNEdge>
  </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
  <bpmndi:BPMNDiagram id="view2">
    <bpmndi:BPMNPlane id="plane2" bpmnElement="inner"/>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>"""


@pytest.fixture
def drawn(site: Site, page: "Page") -> "Page":
    data = {
        "xml_url": "/p.bpmn",
        "labels": {"triage": "受理", "start": "上报"},
        "tokens": ["triage", "gone"],
        "completed": ["start"],
        "path": ["f1"],
    }
    site.files["/p.bpmn"] = ("application/xml", XML.encode())
    site.page(
        f"""<div data-diagram data-zoom-in="Larger" data-zoom-out="Smaller" data-zoom-fit="All"
        data-open-label="Open {{element}}" data-failed="Not drawn">
        <script type="application/json" data-diagram-data>{json.dumps(data)}</script></div>"""
    )
    page.goto("/")
    page.wait_for_selector(".diagram-buttons")
    return page


def test_token_and_path_are_marked(drawn: "Page") -> None:
    assert drawn.locator(".djs-element.is-token").get_attribute("data-element-id") == "triage"
    assert drawn.locator(".djs-element.is-taken").get_attribute("data-element-id") == "f1"
    assert drawn.locator(".djs-element.is-completed").get_attribute("data-element-id") == "start"
    assert drawn.locator(".diagram-token").count() == 1


def test_names_are_the_deployed_translations(drawn: "Page") -> None:
    text = drawn.locator(".diagram-canvas").inner_text()
    assert "受理" in text
    assert "上报" in text
    assert "Triage" not in text


def test_token_is_in_view_and_readable_on_a_phone(drawn: "Page") -> None:
    task = drawn.locator("[data-element-id=triage] .djs-visual").bounding_box()
    frame = drawn.locator("[data-diagram]").bounding_box()
    assert task is not None
    assert frame is not None
    assert task["width"] > 50
    assert frame["x"] <= task["x"]
    assert task["x"] + task["width"] <= frame["x"] + frame["width"]


def test_mark_of_bpmn_io_is_visible_and_uncovered(drawn: "Page") -> None:
    mark = drawn.locator(".bjs-powered-by")
    assert mark.is_visible()
    mark.scroll_into_view_if_needed()
    box = mark.bounding_box()
    assert box is not None
    at_its_middle = drawn.evaluate(
        "([x, y]) => document.elementFromPoint(x, y).closest('.bjs-powered-by') !== null",
        [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2],
    )
    assert at_its_middle


def test_buttons_enlarge_and_show_all_of_it(drawn: "Page") -> None:
    def right_edge_and_width(element: str) -> tuple[float, float]:
        box = drawn.locator(element).first.bounding_box()
        assert box is not None
        return box["x"] + box["width"], box["width"]

    triage, last = "[data-element-id=triage] .djs-visual", "[data-element-id=inner] .djs-visual"
    frame_edge, _ = right_edge_and_width("[data-diagram]")
    _, width = right_edge_and_width(triage)
    drawn.click("[aria-label=Larger]")
    assert right_edge_and_width(triage)[1] > width
    assert right_edge_and_width(last)[0] > frame_edge
    drawn.click("[aria-label=All]")
    assert right_edge_and_width(last)[0] <= frame_edge


def test_mark_of_bpmn_io_leads_to_its_notice(drawn: "Page") -> None:
    drawn.click(".bjs-powered-by")
    assert drawn.is_visible(".bjs-powered-by-lightbox")


def test_wheel_scrolls_the_page_not_the_diagram(drawn: "Page") -> None:
    drawn.evaluate(
        "document.querySelector('main').append(Object.assign("
        "document.createElement('p'), {className: 'pt-5 mt-5 pb-5 mb-5 vh-100'}))"
    )
    drawn.hover(".diagram-canvas")
    drawn.mouse.wheel(0, 200)
    drawn.wait_for_timeout(500)
    assert drawn.evaluate("window.scrollY") > 0
