"""docs/forms.md names every component and every property that is read, and no others."""

import re
from pathlib import Path

import pytest

from app.forms import check, labels
from app.forms.components import PHOTO_KINDS, VISIBILITIES, Kind
from app.forms.parts import QUESTIONS
from app.forms.properties import EVERY_COMPONENT, EVERY_QUESTION, OF_ITS_OWN, properties_of
from app.forms.schema import RESERVED
from tests.forms.making import options, schema

DOCUMENT = Path(__file__).parents[2].joinpath("docs/forms.md").read_text(encoding="utf-8")
SECTIONS = {
    title.strip(): text
    for title, text in re.findall(
        r"^###? (.+?)\n(.*?)(?=^##|\Z)", DOCUMENT, re.DOTALL | re.MULTILINE
    )
}


def listed(section):
    """Return the properties that begin the points of a section, before the colon."""
    points = re.findall(r"^- (`.*?)(?=^- |^\S|\Z)", SECTIONS[section], re.DOTALL | re.MULTILINE)
    heads = [re.match(r"(?:`[\w.]+`[,\s]*)+", point) for point in points]
    return {name for head in heads if head for name in re.findall(r"`([\w.]+)`", head[0])}


def test_every_component_has_its_section_with_its_properties():
    assert listed("Every component") == set(EVERY_COMPONENT)
    assert listed("Every question") == set(EVERY_QUESTION)
    assert {kind: listed(kind) for kind in Kind} == {k: set(v) for k, v in OF_ITS_OWN.items()}


def test_the_document_names_what_a_property_may_be():
    known = (*PHOTO_KINDS, *VISIBILITIES, *RESERVED)
    for word in (*known, "point", "photo", "grade", "email", "phone"):
        assert f"`{word}`" in DOCUMENT


def test_the_labels_shown_as_an_example_load():
    (example,) = re.findall(r"```json\n(.*?)```", DOCUMENT, re.DOTALL)
    assert labels.load(example).fields["result"].options["done"] == "已办结"


class Spy(dict):
    """A component that remembers which of its properties were asked for."""

    def __init__(self, raw, seen, above=""):
        super().__init__(raw)
        self.seen, self.above = seen, above

    def get(self, name, default=None):
        self.seen.add(self.above + name)
        value = super().get(name, default)
        if isinstance(value, dict):
            return Spy(value, self.seen, f"{self.above}{name}.")
        return value


GROUPS = {"conditional", "layout", "validate", "appearance", "properties"}


@pytest.mark.parametrize("kind", Kind)
def test_exactly_the_listed_properties_are_read(kind):
    seen = set()
    inside = {name: {} for name in GROUPS}
    for variant in ({}, {"values": options("x")}, {"subtype": "time"}, {"valuesKey": "x"}):
        raw = {"type": kind.value, "id": "x", "key": "x", "path": "x", **inside, **variant}
        check(schema(Spy(raw, seen)))
    assert seen - GROUPS == properties_of(kind, is_question=kind in QUESTIONS)
