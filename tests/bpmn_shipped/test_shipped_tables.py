"""The codes of the shipped tables and forms agree, and each row is one the district can act on."""

import re

import pytest

from app import feel
from tests.bpmn_shipped.shipped import (
    CASE_FACTS,
    DEPARTMENTS,
    DMN,
    ROOT,
    components,
    form,
    labels_beside,
    tree,
)

DUTY_LIST = ROOT / "bpmn" / "duty_list.dmn"
LIMITS = ROOT / "bpmn" / "limits.dmn"
SEVERITIES = ["ordinary", "urgent", "emergency", "major"]


def rows(path: object) -> list[list[str]]:
    return [
        [entry.findtext(f"{DMN}text") or "" for entry in rule if entry.tag != f"{DMN}description"]
        for rule in tree(path).iter(f"{DMN}rule")  # type: ignore[arg-type]
    ]


def choices(form_id: str, key: str) -> dict[str, str]:
    schema = form(ROOT / "forms" / f"{form_id}.form")
    component = dict(components(schema))[key]
    return {choice["value"]: choice["label"] for choice in component["values"]}


def duty_codes() -> list[str]:
    return [feel.evaluate(row[0]) for row in rows(DUTY_LIST) if row[0]]  # type: ignore[misc]


def test_the_duty_list_names_every_category_of_the_forms_once_and_in_order() -> None:
    codes = duty_codes()
    assert codes == list(choices("report", "minor_class"))
    assert len(set(codes)) == len(codes) >= 35
    assert len({code[0] for code in codes}) == 8


def test_triage_offers_the_categories_of_the_report() -> None:
    assert choices("triage", "minor_class") == choices("report", "minor_class")


def test_a_category_begins_with_the_letter_of_its_major_class() -> None:
    by_letter: dict[str, set[str]] = {}
    for code, label in choices("report", "minor_class").items():
        assert re.fullmatch("[A-H][0-9]{2}", code)
        by_letter.setdefault(code[0], set()).add(label.split(": ")[0])
    assert all(len(names) == 1 for names in by_letter.values())


def test_table_and_forms_call_a_category_the_same_in_both_languages() -> None:
    english = {
        r.get("id"): r.findtext(f"{DMN}description") for r in tree(DUTY_LIST).iter(f"{DMN}rule")
    }
    chinese = labels_beside(DUTY_LIST)["annotations"]
    report = labels_beside(ROOT / "forms" / "report.form")["fields"]["minor_class"]["options"]
    for code, label in choices("report", "minor_class").items():
        assert english[f"duty_{code}"] == label
        assert chinese[f"duty_{code}"] == report[code]


def test_every_row_leads_to_departments_that_exist_and_to_no_helper_that_leads() -> None:
    for _, lead, helpers, basis, confident in rows(DUTY_LIST)[:-1]:
        lead_unit, co_units = feel.evaluate(lead), feel.evaluate(helpers)
        assert lead_unit in DEPARTMENTS
        assert isinstance(co_units, list)
        assert set(map(str, co_units)) <= DEPARTMENTS - {lead_unit}
        assert feel.evaluate(basis)
        assert confident in {"true", "false"}


def test_every_department_has_a_duty() -> None:
    assert {feel.evaluate(row[1]) for row in rows(DUTY_LIST)} >= DEPARTMENTS


def test_what_the_duty_list_does_not_name_is_dispatched_by_hand() -> None:
    code, lead, helpers, _, confident = rows(DUTY_LIST)[-1]
    assert (code, lead, helpers, confident) == ("", "null", "[]", "false")


def test_the_last_row_of_the_limits_leaves_no_case_without_one() -> None:
    table = rows(LIMITS)
    assert [row[0] for row in table] == ['"major"', '"emergency"', '"urgent"', ""]
    assert set(choices("report", "severity")) == set(SEVERITIES)


@pytest.mark.parametrize("row", rows(LIMITS), ids=lambda row: row[0] or "otherwise")
def test_a_limit_is_working_time_or_a_duration(row: list[str]) -> None:
    for cell in row[1:]:
        assert re.fullmatch(r"\d+ w[hd]|P\d+D|PT\d+[HM]", str(feel.evaluate(cell))), cell


@pytest.mark.parametrize("path", [DUTY_LIST, LIMITS], ids=lambda path: path.stem)
def test_a_table_reads_declared_facts_only(path: object) -> None:
    for expression in tree(path).iter(f"{DMN}inputExpression"):  # type: ignore[arg-type]
        prefix, _, fact = (expression.findtext(f"{DMN}text") or "").partition(".")
        assert prefix == "case"
        assert fact in CASE_FACTS
