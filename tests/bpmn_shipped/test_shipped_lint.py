"""The shipped set passes every check a designer's upload has to pass, warnings included."""

from pathlib import Path

import pytest

from app import dmn, forms
from app.cases.form_context import NAMES
from app.engine import lint
from app.forms import labels
from tests.bpmn_shipped.shipped import (
    CASE_FACTS,
    FORMS,
    OPERATIONS,
    ROLES,
    TABLES,
    labels_beside,
    resources,
)


def bundle(changed: dict[str, bytes]) -> lint.Bundle:
    return lint.Bundle(
        resources=resources() | changed,
        operations=OPERATIONS,
        roles=ROLES,
        case_facts=CASE_FACTS,
        choices=NAMES,
    )


def test_lint_finds_nothing_in_the_shipped_set() -> None:
    assert lint.check(bundle({})) == ()


def test_lint_would_find_what_a_careless_change_breaks() -> None:
    drawn = resources()["grid_case.bpmn"]
    changed = drawn.replace(b"answers.arbitrate_return.verdict", b"answers.arbitrate_return.said")
    assert changed != drawn
    (problem,) = lint.check(bundle({"grid_case.bpmn": changed}))
    assert problem.element_id == "is_return_approved_no"


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in FORMS])
def test_a_form_and_its_labels_have_no_gap(path: Path) -> None:
    assert forms.check(path.read_bytes()) == ()
    assert labels.check(labels_beside(path), forms.load(path.read_bytes())) == ()


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in TABLES])
def test_a_table_is_found_by_its_file_name(path: Path) -> None:
    assert path.stem in dmn.load(path.read_bytes()).decisions
