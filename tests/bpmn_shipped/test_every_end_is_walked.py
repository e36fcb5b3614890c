"""Each end of each shipped diagram, and each of its timers, is named by a test that walks there."""

from pathlib import Path

import pytest

from tests.bpmn_shipped.shipped import BPMN, DIAGRAMS, tree

WALKS = [path for path in Path(__file__).parent.glob("test_*.py") if path != Path(__file__)]
WORDS = "\n".join(path.read_text("utf-8") for path in WALKS)
WAITING = ("timeDuration", "timeDate")


def named(path: Path) -> list[str]:
    """The ids of the ends of a diagram, and of the events that wait for a time."""
    ends = [str(each.get("id")) for each in tree(path).iter(f"{BPMN}endEvent")]
    timers = [
        str(event.get("id"))
        for kind in ("boundaryEvent", "intermediateCatchEvent")
        for event in tree(path).iter(f"{BPMN}{kind}")
        if any(event.find(f".//{BPMN}{each}") is not None for each in WAITING)
    ]
    return ends + timers


@pytest.mark.parametrize("path", DIAGRAMS, ids=lambda path: path.stem)
def test_a_test_names_each_end_and_each_timer(path: Path) -> None:
    found = named(path)
    assert found
    assert [element for element in found if f'"{element}"' not in WORDS] == []
