"""The page that tries a table out: its fields in words, and what it says where it cannot ask."""

import re

import pytest

from app.cases import table_drafts
from app.cases.table_drafts import GivenRow
from tests.support.district import District
from tests.web.conftest import Browser, Login


@pytest.fixture
def designer(login: Login) -> Browser:
    return login("designer").language("en")


def shown(browser: Browser, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return str(answer.get_data(as_text=True))


def options(page: str, name: str) -> dict[str, str]:
    (select,) = re.findall(rf'<select[^>]* name="{re.escape(name)}">(.*?)</select>', page, re.S)
    return dict(re.findall(r'<option value="([^"]*)"[^>]*>([^<]*)<', select))


@pytest.mark.parametrize(
    ("language", "words", "beside"),
    [
        ("en", ("Emergency response", "something else"), "Kind of whistle"),
        ("zh-CN", ("应急处置", "其他"), "哨类"),
    ],
)
def test_the_kind_of_a_whistle_is_chosen_in_words(
    designer: Browser, language: str, words: tuple[str, str], beside: str
) -> None:
    designer.language(language)
    page = shown(designer, "/tables/whistle_limits/try?var.kind=emergency")
    kinds = options(page, "var.kind")
    assert (kinds["emergency"], kinds["…"]) == words
    assert re.search(rf'<p class="hint[^>]*>[^<]*{beside}', page)
    assert "/tables/whistle_limits/cases" not in page
    none_of_them = shown(designer, "/tables/whistle_limits/try?var.kind=…")
    assert 'class="reason-row"' in none_of_them


@pytest.mark.parametrize(("language", "said"), [("en", "Closed"), ("zh-CN", "已结案")])
def test_a_fact_of_the_case_has_the_words_the_program_has(
    designer: Browser, language: str, said: str
) -> None:
    designer.language(language)
    page = shown(designer, "/tables/reopening_rules/try?outcome=closed&close_code=forced")
    assert options(page, "outcome")["closed"] == said
    assert set(options(page, "close_code")) >= {"resolved", "forced", "referred"}
    channels = options(shown(designer, "/tables/callback_rules/try"), "channel")
    assert len(set(channels.values())) == len(channels), "nothing is offered twice"
    assert {"web", "hotline"} <= channels.keys()


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_the_last_cases_say_why_they_are_not_asked(
    district: District, designer: Browser, language: str
) -> None:
    row = GivenRow({"whistle_limits_screen": "3 wh"}, row_id="whistle_emergency")
    table_drafts.save_row(district["designer"], "whistle_limits", row)
    designer.language(language)
    page = shown(designer, "/tables/whistle_limits/cases")
    assert {"en": "no fact of a case", "zh-CN": "不是案件信息"}[language] in page
    assert "Of the last 0 cases" not in page


def test_a_wrong_value_is_told_at_its_field(designer: Browser) -> None:
    page = shown(designer, "/tables/limits/try?severity=urgent&reported_on=soon")
    assert re.search(r'id="about-reported_on" role="alert">This cannot be read', page)
    assert 'class="reason"' not in page
