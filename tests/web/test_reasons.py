"""Staff read on the case page what a table decided: given, row, why and what, in their language."""

import re
from html import unescape

import pytest

from app.cases.designs import deploy
from tests.dmn.models import table
from tests.engine import drawing as draw
from tests.support import walk
from tests.support.district import District
from tests.web.conftest import Login


def words_of(page: str) -> str:
    """Return the section that says why a unit leads the case, and the story's reasons, as text."""
    found = re.findall(r'<div class="reason">.*?</div>', page, flags=re.DOTALL)
    text = re.sub(r"</(?:p|li|dd|dt)>", "\n", " ".join(found))
    return re.sub(r"\s*\n\s*", "\n", unescape(re.sub(r"<[^>]+>", "", text))).strip()


def page_of(login: Login, case_key: int, language: str) -> str:
    browser = login("supervisor").language(language)
    return words_of(browser.get(f"/cases/{case_key}").get_data(as_text=True))


def triaged(district: District) -> int:
    case_key = walk.report(minor_class="A05", severity="urgent").case_key
    walk.do(district["officer"], case_key, "triage", {**walk.TRIAGED, "minor_class": "A05"})
    return case_key


def test_a_reader_of_chinese_reads_all_of_it_in_chinese(district: District, login: Login) -> None:
    said = page_of(login, triaged(district), "zh-CN")
    duty = said[said.index("职责清单") : said.index("时限表")]
    assert "事项小类：餐饮油烟" in duty
    assert "街道：单位S01\n社区：单位S01-C01" in duty
    assert "适用第 5 行：市容环境：餐饮油烟" in duty
    assert "协办部门\n单位D-ENV、单位D-MARKET" in duty
    assert "清单条目\n职能任务清单第 A05 项" in duty
    assert "法律政策依据\n网格协调联动处理部门职能任务清单" in duty
    assert "职责明确\n是" in duty
    assert "Duty list" not in said


def test_a_reader_of_english_reads_what_the_table_says(district: District, login: Login) -> None:
    said = page_of(login, triaged(district), "en")
    assert "Row 5 applies: City appearance: cooking fumes" in said
    assert "Item of the list\nDuty list, item A05" in said
    assert "Lead department\nUnit D-URBAN" in said
    assert "Duty clear\nYes" in said


def test_what_a_table_was_given_is_called_by_its_name(district: District, login: Login) -> None:
    case_key = walk.report(channel="staff", minor_class="C03").case_key
    walk.do(district["officer"], case_key, "triage", {**walk.TRIAGED, "minor_class": "A01"})
    chinese, english = (page_of(login, case_key, code) for code in ("zh-CN", "en"))
    assert "来源：工作人员上报" in chinese
    assert "Channel: Reported by staff" in english
    assert "来源：staff" not in chinese


@pytest.mark.parametrize(
    ("language", "old", "new"),
    [("zh-CN", "公用设施", "市容环境"), ("en", "Public facilities", "City appearance")],
)
def test_a_corrected_group_is_called_by_its_name(
    district: District, login: Login, language: str, old: str, new: str
) -> None:
    case_key = walk.report(minor_class="C03").case_key
    walk.do(district["officer"], case_key, "triage", {**walk.TRIAGED, "minor_class": "A01"})
    page = login("supervisor").language(language).get(f"/cases/{case_key}").text
    assert f"<del>{old}</del> → <ins>{new}</ins>" in page


def test_limits_are_said_in_words(district: District, login: Login) -> None:
    case_key = walk.report(severity="urgent").case_key
    chinese = page_of(login, case_key, "zh-CN")
    assert "紧急程度：紧急" in chinese
    assert "受理\n1 个工作小时" in chinese
    assert "派遣\n30 分钟" in chinese
    assert "评价期\n15 天" in chinese
    english = page_of(login, case_key, "en")
    assert "Triage\n1 working hour\n" in english
    assert "Review result\n4 working hours\n" in english
    for written in ("PT30M", "1 wh", "P15D"):
        assert written not in chinese + english


def decided_by(decision: bytes) -> int:
    """Report a case whose process asks this table what to do with its severity, `ordinary`."""
    begin = draw.start("begin", draw.message("CaseReported"))
    drawn = draw.process(
        "p",
        begin,
        draw.rule("ask", "d", "answer"),
        draw.user("a", "supervisor"),
        draw.end("e"),
        flows="begin > ask > a > e",
    )
    form = b'{"type": "default", "schemaVersion": 19, "id": "a", "components": []}'
    deploy({"p.bpmn": draw.diagram(drawn), "d.dmn": decision, "a.form": form}, actor=None)
    return walk.report().case_key


ORDINARY = ['"ordinary"', '"D-PARKS"']
ASKED = ["case.severity"]


@pytest.mark.parametrize(
    ("decision", "english", "chinese"),
    [
        (
            table([['"major"', '"D-URBAN"']], inputs=ASKED, outputs=["lead_unit"]),
            "No row applies, so it gives no answer.",
            "没有适用的行，因此没有结果。",
        ),
        (
            table([['"major"', '"x"']], inputs=ASKED, outputs=[""], default='"5 wd"'),
            "No row applies. By default it gives:\nAnswer\n5 working days",
            "没有适用的行，按默认值：\n结果\n5 个工作日",
        ),
        (
            table([ORDINARY, ["-", '"D-URBAN"']], inputs=ASKED, outputs=["lead_unit"]),
            "The table could not decide: rows 1, 2 apply at once.",
            "该表无法作出决定：第 1、2 行同时适用。",
        ),
    ],
    ids=["no row", "the default", "two rows where one may"],
)
def test_what_a_table_could_not_say_is_said_plainly(
    district: District, login: Login, decision: bytes, english: str, chinese: str
) -> None:
    case_key = decided_by(decision)
    assert english in page_of(login, case_key, "en")
    assert chinese in page_of(login, case_key, "zh-CN")


def test_each_row_of_several_is_shown_with_what_it_gave(district: District, login: Login) -> None:
    rules = [['"ordinary"', '"D-PARKS"', "1"], ["-", '"D-URBAN"', "2"]]
    case_key = decided_by(
        table(rules, inputs=ASKED, outputs=["lead_unit", "rank"], policy="COLLECT")
    )
    said = page_of(login, case_key, "en")
    first, second = said.split("Row 1 applies: row 1")[1].split("Row 2 applies: row 2")[:2]
    assert "Unit D-PARKS" in first
    assert "rank\n1" in first
    assert "Unit D-URBAN" in second
    assert "rank\n2" in second
