"""What the check of tables finds wrong is told in the language of the page."""

import pytest
from babel.messages.catalog import Catalog

from app import ROOT
from app.engine.lint import RULES
from app.engine.lint.problems import Subject
from app.feel.checking.mistakes import SENTENCES
from app.web.problem_words import phrase
from app.web.translating import sentences
from tests.house.test_errors import chinese, placeholders
from tests.support.district import District
from tests.web.conftest import Browser, Login

RULE_FILES = ("tables", "table_types", "labels")


def says_less(catalog: Catalog, english: str) -> bool:
    found = catalog.get(english)
    said = found.string if found is not None else ""
    return not said or not placeholders(str(said)) <= placeholders(english)


def test_each_rule_of_tables_speaks_chinese() -> None:
    catalog = chinese()
    rules = [each for each in RULES.values() if each.subject is Subject.TABLE]
    told = {text for each in rules for text in (each.message, each.mend) if text != "{how}"}
    told |= {text for pair in SENTENCES.values() for text in pair}
    assert len(told) > 40
    assert [text for text in sorted(told) if says_less(catalog, text)] == []


def test_translators_are_given_the_sentences_of_rules_about_tables() -> None:
    found = set()
    for name in RULE_FILES:
        with (ROOT / f"app/engine/lint/rules/{name}.py").open("rb") as file:
            found |= {text for _, _, text, _ in sentences(file, {}, (), {})}
    with (ROOT / "app/feel/checking/mistakes.py").open("rb") as file:
        found |= {text for _, _, text, _ in sentences(file, {}, (), {})}
    rules = [each for each in RULES.values() if each.subject is Subject.TABLE]
    assert {text for each in rules for text in (each.message, each.mend)} - {"{how}"} <= found
    assert "{operation} is never true" in found


def test_a_cell_is_not_called_by_its_id_in_english_either(login: Login) -> None:
    designer = login("designer").language("en")
    designer.get("/tables/duty_list")
    given = {"row": "duty_A01", "as": "feel", "duty_list_lead_unit-feel": "5"}
    shown = designer.post("/tables/duty_list/row", given).get_data(as_text=True)
    assert "The cell gives number, but string is declared there." in shown


WRONG = (
    ("duty_list_lead_unit", "5", "单元格给出的是数字，而规定的是文字。请更正单元格"),
    ("duty_list_lead_unit", "if", "应为 一个值，实为 文字末尾"),
    ("duty_list_lead_unit", "case.streets", "案件没有这项信息"),
    ("duty_list_confident", '"a" + 1', "文字 + 数字 只能得出空值。请让两边的类型相符"),
    ("duty_list_in_street", "> 5", "文字不会符合检验“&gt; 数字”。请写成对文字的检验。"),
)


@pytest.mark.parametrize(("column", "text", "said"), WRONG)
def test_a_wrong_cell_is_told_in_chinese_at_the_cell(
    login: Login, column: str, text: str, said: str
) -> None:
    designer: Browser = login("designer").language("zh-CN")
    designer.get("/tables/duty_list/row?row=duty_A01&as=feel")
    answer = designer.post(
        "/tables/duty_list/row", {"row": "duty_A01", "as": "feel", f"{column}-feel": text}
    )
    shown = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in shown
    for english in ("expected", "Correct", "Choose", "declared"):
        assert english not in shown.split("<main")[1].split("action-bar")[0]


def test_phrases_of_phrases_are_made_anew(district: District) -> None:
    with district.app.test_request_context(headers={"Accept-Language": "zh-CN"}):
        assert phrase("number, date or list of string") == "数字、日期或文字列表"
        assert phrase("a string never passes a test for a number") == "文字不会符合对数字的检验"
        assert phrase("something nobody has translated") == "something nobody has translated"
