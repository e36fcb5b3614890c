"""The shipped resources as the tests of this folder read them: names, bytes, trees and labels."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from app.cases import operations
from app.cases.facts import FACTS
from app.organisation.roles import Role

ROOT = Path(__file__).parents[2]
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
BPMNDI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
DI = "{http://www.omg.org/spec/DD/20100524/DI}"
DMN = "{https://www.omg.org/spec/DMN/20191111/MODEL/}"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
LANGUAGE = "zh-CN"
WAITING = ("timeDuration", "timeDate")

DIAGRAMS = sorted((ROOT / "bpmn").glob("*.bpmn"))
TABLES = sorted((ROOT / "bpmn").glob("*.dmn"))
FORMS = sorted((ROOT / "forms").glob("*.form"))
LABELS = sorted([*(ROOT / "bpmn").glob("*.json"), *(ROOT / "forms").glob("*.json")])

DEPARTMENTS = frozenset(
    [
        "D-URBAN",
        "D-HOUSING",
        "D-ENV",
        "D-EMERG",
        "D-MARKET",
        "D-POLICE",
        "D-CIVIL",
        "D-HEALTH",
        "D-TRAFFIC",
        "D-WATER",
        "D-PARKS",
        "D-JUSTICE",
        "D-PETITION",
        "D-DATA",
    ]
)
OPERATIONS = frozenset(operations.OPERATIONS)
ROLES = frozenset(Role)
CASE_FACTS = frozenset(FACTS)


def tree(path: Path) -> etree._Element:
    """Return the root of a diagram or table."""
    return etree.parse(path).getroot()


def form(path: Path) -> dict[str, Any]:
    """Return a form's schema."""
    schema: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return schema


def labels_beside(path: Path) -> dict[str, Any]:
    """Return the labels of a diagram, table or form in the shipped language."""
    labels: dict[str, Any] = json.loads(
        path.with_name(f"{path.stem}.{LANGUAGE}.json").read_text("utf-8")
    )
    return labels


def components(schema: dict[str, Any], above: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every component with the key labels address it by (empty where it has none)."""
    for component in schema["components"]:
        own = component.get("key") or component.get("path") or ""
        key = f"{above}{own}" if own else ""
        yield key, component
        if "components" in component:
            yield from components(component, f"{key}." if own else above)


def resources() -> dict[str, bytes]:
    """Return everything that is deployed together, by file name."""
    return {path.name: path.read_bytes() for path in [*DIAGRAMS, *TABLES, *FORMS, *LABELS]}


def ends_and_timers(path: Path) -> list[str]:
    """Return the ids of the ends of a diagram, and of the events that wait for a time."""
    ends = [str(each.get("id")) for each in tree(path).iter(f"{BPMN}endEvent")]
    timers = [
        str(event.get("id"))
        for kind in ("boundaryEvent", "intermediateCatchEvent")
        for event in tree(path).iter(f"{BPMN}{kind}")
        if any(event.find(f".//{BPMN}{each}") is not None for each in WAITING)
    ]
    return ends + timers
