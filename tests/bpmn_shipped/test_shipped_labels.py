"""Everything a person reads in a shipped diagram, table or form has its Chinese beside it."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.bpmn_shipped.shipped import (
    BPMN,
    DIAGRAMS,
    DMN,
    FORMS,
    LABELS,
    TABLES,
    components,
    labels_beside,
    tree,
)
from tests.bpmn_shipped.shipped import form as read_form

WORDS = ("label", "description")


def named(paths: list[Path]) -> list[Any]:
    return [pytest.param(path, id=path.stem) for path in paths]


@pytest.mark.parametrize("path", named(DIAGRAMS))
def test_every_named_element_of_a_diagram_is_translated_and_nothing_else(path: Path) -> None:
    process = tree(path).find(f"{BPMN}process")
    assert process is not None
    english = {e.get("id") for e in process.iterdescendants() if e.get("name") and e.get("id")}
    labels = labels_beside(path)
    assert labels["process"].strip()
    assert set(labels["elements"]) == english
    assert all(text.strip() for text in labels["elements"].values())


@pytest.mark.parametrize("path", named(DIAGRAMS))
def test_what_a_user_task_tells_whoever_does_it_is_translated_and_nothing_else(path: Path) -> None:
    tasks = {task.get("id") for task in tree(path).iter(f"{BPMN}userTask")}
    assert set(labels_beside(path).get("documentation", {})) == tasks


@pytest.mark.parametrize("path", named(TABLES))
def test_every_column_and_annotation_of_a_table_is_translated(path: Path) -> None:
    decision = tree(path).find(f"{DMN}decision")
    assert decision is not None
    labels = labels_beside(path)
    assert labels["decision"].strip()
    assert set(labels["inputs"]) == {e.get("id") for e in decision.iter(f"{DMN}input")}
    assert set(labels["outputs"]) == {e.get("name") for e in decision.iter(f"{DMN}output")}
    rules = {e.get("id"): e.findtext(f"{DMN}description") for e in decision.iter(f"{DMN}rule")}
    assert set(labels["annotations"]) == set(rules)
    assert all(rules.values()), "every row says why it is there"


@pytest.mark.parametrize("path", named(FORMS))
def test_every_field_and_choice_of_a_form_is_translated(path: Path) -> None:
    labels = labels_beside(path)
    expected: dict[str, dict[str, Any]] = {}
    texts = set()
    for key, component in components(read_form(path)):
        if not key:
            texts.add(component["id"])
            continue
        wanted: dict[str, Any] = {word: ... for word in WORDS if word in component}
        if "dateLabel" in component:
            wanted["label"] = ...
        if "values" in component:
            wanted["options"] = {choice["value"] for choice in component["values"]}
        if "patternErrorMessage" in component.get("validate", {}):
            wanted["patternErrorMessage"] = ...
        expected[key] = wanted
    assert labels["title"].strip()
    assert set(labels.get("texts", {})) == texts
    assert set(labels["fields"]) == set(expected)
    for key, wanted in expected.items():
        given = labels["fields"][key]
        assert set(given) == set(wanted), key
        assert set(given.get("options", {})) == wanted.get("options", set()), key


def test_no_label_file_is_left_over() -> None:
    ids = {path.stem for path in [*DIAGRAMS, *TABLES, *FORMS]}
    assert {path.name.split(".")[0] for path in LABELS} == ids


@pytest.mark.parametrize("path", named(LABELS))
def test_labels_are_written_in_chinese(path: Path) -> None:
    def texts(value: Any) -> list[str]:
        if isinstance(value, dict):
            return [text for each in value.values() for text in texts(each)]
        return [value]

    for text in texts(json.loads(path.read_text("utf-8"))):
        assert any("一" <= letter <= "鿿" for letter in text), text
