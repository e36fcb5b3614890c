"""The codes of the shipped tables and forms agree, and each row is one the district can act on."""

import re
from pathlib import Path

import pytest

from app import feel
from app.dmn.editing import read_sheet
from app.web.terms import TERMS
from tests.bpmn_shipped.shipped import (
    CASE_FACTS,
    DEPARTMENTS,
    DMN,
    ROLES,
    ROOT,
    TABLES,
    components,
    form,
    labels_beside,
    tree,
)

DUTY_LIST = ROOT / "bpmn" / "duty_list.dmn"
MATTERS = ROOT / "bpmn" / "matters.dmn"
LIMITS = ROOT / "bpmn" / "limits.dmn"
SAMPLING = ROOT / "bpmn" / "sampling.dmn"
ESCALATION = ROOT / "bpmn" / "escalation_steps.dmn"
VERIFICATION = ROOT / "bpmn" / "verification.dmn"
DATED = [DUTY_LIST, MATTERS, LIMITS, ESCALATION, SAMPLING, VERIFICATION]
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


def matter(code: str, column: str) -> str:
    sheet = read_sheet(MATTERS.read_bytes(), "matters")
    row = next(row for row in sheet.rows if row.cells[0] == f'"{code}"')
    place = next(place for place, each in enumerate(sheet.columns) if each.key == column)
    return str(feel.evaluate(row.cells[place]))


def questions_by_matter() -> set[str]:
    """Return the sets of questions that the form of a report asks by the matter list."""
    drawn = (ROOT / "forms" / "report.form").read_text()
    return set(re.findall(r"matters\[value = minor_class\]\[1\]\.form = \\\"(\w+)\\\"", drawn))


def matter_codes() -> list[str]:
    return [feel.evaluate(row[0]) for row in rows(MATTERS) if row[0]]  # type: ignore[misc]


def test_the_duty_list_names_every_matter_once_and_in_order() -> None:
    codes = duty_codes()
    assert codes == matter_codes()
    assert len(set(codes)) == len(codes) >= 35
    assert len({code[0] for code in codes}) == 8


@pytest.mark.parametrize("form_id", ["report", "triage"])
def test_forms_take_their_categories_from_the_matter_list(form_id: str) -> None:
    component = dict(components(form(ROOT / "forms" / f"{form_id}.form")))["minor_class"]
    assert component["valuesKey"] == "matters"


def test_a_category_begins_with_the_letter_of_its_major_class() -> None:
    by_letter: dict[str, set[str]] = {}
    for code in matter_codes():
        assert re.fullmatch("[A-H][0-9]{2}", code)
        assert matter(code, "major_class") == code[0]
        by_letter.setdefault(code[0], set()).add(matter(code, "major_name"))
    assert all(len(names) == 1 for names in by_letter.values())


def test_both_tables_call_a_category_the_same_in_both_languages() -> None:
    english = {
        r.get("id"): r.findtext(f"{DMN}description") for r in tree(DUTY_LIST).iter(f"{DMN}rule")
    }
    chinese = labels_beside(DUTY_LIST)["annotations"]
    for code in matter_codes():
        said = f"{matter(code, 'major_name')}: {matter(code, 'name')}"
        assert english[f"duty_{code}"] == said
        assert chinese[f"duty_{code}"] == (
            f"{matter(code, 'major_name_zh')}：{matter(code, 'name_zh')}"
        )


def test_a_matter_has_a_business_line_a_form_and_a_limit_class_that_exist() -> None:
    for code in matter_codes():
        assert matter(code, "business_line") in TERMS["business_line"]
        assert matter(code, "form") in {"report", *questions_by_matter()}
        assert matter(code, "limit_class") in SEVERITIES


def test_every_row_leads_to_departments_that_exist_and_to_no_helper_that_leads() -> None:
    for *_, lead, helpers, basis, _, confident in rows(DUTY_LIST)[:-1]:
        lead_unit, co_units = feel.evaluate(lead), feel.evaluate(helpers)
        assert lead_unit in DEPARTMENTS
        assert isinstance(co_units, list)
        assert set(map(str, co_units)) <= DEPARTMENTS - {lead_unit}
        assert feel.evaluate(basis)
        assert confident in {"true", "false"}


def test_every_department_has_a_duty() -> None:
    assert {feel.evaluate(row[4]) for row in rows(DUTY_LIST)} >= DEPARTMENTS


def test_what_the_duty_list_does_not_name_is_dispatched_by_hand() -> None:
    *tests, lead, helpers, _, legal_basis, confident = rows(DUTY_LIST)[-1]
    assert (tests, lead, helpers, confident) == ([""] * 4, "null", "[]", "false")
    assert legal_basis == "null"


def test_no_row_names_a_law_that_the_district_has_not_named() -> None:
    """Where the duty is clear it rests on the district's own list; the rest is left to fill in."""
    (named,) = labels_beside(DUTY_LIST)["values"]["legal_basis"].items()
    assert named[1] == "网格协调联动处理部门职能任务清单"
    for *_, legal_basis, confident in rows(DUTY_LIST):
        assert feel.evaluate(legal_basis) == (named[0] if confident == "true" else None)


def test_the_last_row_of_the_limits_leaves_no_case_without_one() -> None:
    table = rows(LIMITS)
    assert [row[0] for row in table] == ['"major"', '"emergency"', '"urgent"', ""]
    assert set(choices("report", "severity")) == set(SEVERITIES)


@pytest.mark.parametrize("row", rows(LIMITS), ids=lambda row: row[0] or "otherwise")
def test_a_limit_is_working_time_or_a_duration(row: list[str]) -> None:
    for cell in row[2:-1]:
        assert re.fullmatch(r"\d+ w[hd]|P\d+D|PT\d+[HM]", str(feel.evaluate(cell))), cell


@pytest.mark.parametrize("row", rows(LIMITS), ids=lambda row: row[0] or "otherwise")
def test_a_row_of_the_limits_names_itself_as_the_basis(row: list[str]) -> None:
    severity = str(feel.evaluate(row[0])) if row[0] else "ordinary"
    assert feel.evaluate(row[-1]) == f"Limit table, {severity}"


@pytest.mark.parametrize("row", rows(SAMPLING), ids=lambda row: row[-1])
def test_a_sampling_rate_is_a_share_in_per_cent(row: list[str]) -> None:
    assert 0 <= int(str(feel.evaluate(row[-1]))) <= 100


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_whom_a_table_tells_are_roles(path: Path) -> None:
    names = [str(output.get("name")) for output in tree(path).iter(f"{DMN}output")]
    for row in rows(path):
        for name, cell in zip(names, row[-len(names) :], strict=True):
            if name.split("_")[0] == "tell":
                told = feel.evaluate(cell)
                assert isinstance(told, list)
                assert told
                assert set(map(str, told)) <= ROLES


@pytest.mark.parametrize("path", DATED, ids=lambda path: path.stem)
def test_a_row_can_be_given_the_days_it_stands_and_ships_without(path: Path) -> None:
    sheet = read_sheet(path.read_bytes(), path.stem)
    place, column = next(
        (place, each)
        for place, each in enumerate(sheet.columns)
        if each.expression == "case.reported_on"
    )
    assert (column.label, column.type, column.is_input) == ("Valid", "date", True)
    assert labels_beside(path)["inputs"][column.key] == "有效期"
    assert {row.cells[place] for row in sheet.rows} == {""}


@pytest.mark.parametrize("path", DATED, ids=lambda path: path.stem)
def test_a_table_reads_declared_facts_only(path: Path) -> None:
    for expression in tree(path).iter(f"{DMN}inputExpression"):
        prefix, _, fact = (expression.findtext(f"{DMN}text") or "").partition(".")
        assert prefix == "case"
        assert fact in CASE_FACTS
