"""The law or rule a duty rests on stands beside the item of the duty list, wherever it is named."""

import pytest

from app.cases import case_view, table_drafts, whistle_blowing
from app.cases.table_drafts import GivenRow
from app.cases.table_effect import put_into_effect
from tests.support import walk
from tests.support.district import District

ITEM = {"en": "Duty list, item A05", "zh-CN": "职能任务清单第 A05 项"}
DISTRICTS_OWN = {
    "en": "The district’s list of the departments’ duties in joint handling",
    "zh-CN": "网格协调联动处理部门职能任务清单",
}


def proposed(district: District, minor_class: str, language: str) -> tuple[object, object]:
    """Return the item and the legal basis that a whistle for a new case is proposed with."""
    case_key = walk.report(minor_class=minor_class).case_key
    page = whistle_blowing.read_blow_form(district["dispatcher"], case_key, language=language)
    fields = {node.name: node for node in page.form.children if hasattr(node, "name")}
    return fields["basis"].value, fields["legal_basis"].value


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_a_whistle_is_proposed_with_the_item_and_the_districts_own_list(
    sqlite_district: District, language: str
) -> None:
    assert proposed(sqlite_district, "A05", language) == (ITEM[language], DISTRICTS_OWN[language])


def test_where_no_rule_is_named_yet_the_field_is_empty(sqlite_district: District) -> None:
    item, legal_basis = proposed(sqlite_district, "C02", "zh-CN")
    assert "C02" in str(item)
    assert legal_basis == ""


def test_a_law_that_the_district_fills_in_is_told_with_its_translation(
    sqlite_district: District,
) -> None:
    row = GivenRow(
        {"duty_list_legal_basis": "Order 5"},
        words={"legal_basis:zh-CN": "第 5 号令"},
        row_id="duty_A05",
    )
    table_drafts.save_row(sqlite_district["designer"], "duty_list", row)
    put_into_effect(sqlite_district["designer"], "duty_list")
    assert proposed(sqlite_district, "A05", "en") == (ITEM["en"], "Order 5")
    assert proposed(sqlite_district, "A05", "zh-CN") == (ITEM["zh-CN"], "第 5 号令")


@pytest.mark.parametrize(
    ("language", "names"),
    [("en", ("Item of the list", "Legal basis")), ("zh-CN", ("清单条目", "法律政策依据"))],
)
def test_why_this_unit_tells_both_apart(
    sqlite_district: District, language: str, names: tuple[str, str]
) -> None:
    key = walk.report(minor_class="A05").case_key
    walk.do(sqlite_district["officer"], key, "triage", {**walk.TRIAGED, "minor_class": "A05"})
    page = case_view.read_case(sqlite_district["dispatcher"], key, language=language)
    (reason,) = [each for line in page.story.why for each in line.reasons if each.names_unit]
    given = dict(reason.rows[0].outputs)
    assert [given[name] for name in names] == [ITEM[language], DISTRICTS_OWN[language]]
