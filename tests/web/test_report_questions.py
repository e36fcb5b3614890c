"""What a report is asked beside the usual follows from the category, as the matter list says."""

import re
from collections.abc import Iterator

import pytest

from app.cases import table_drafts
from app.cases.table_drafts import GivenRow
from app.cases.table_effect import put_into_effect
from app.store.tables.cases import cases, submission
from tests.support import walk
from tests.support.district import District
from tests.web.conftest import Login
from tests.web.test_public_pages import Visitor, rows

NUMBER, BUILDING = "facility_number", "building"


@pytest.fixture
def visitor(district: District) -> Iterator[Visitor]:
    with district.app.test_client() as client:
        yield Visitor(client)


def asked(visitor: Visitor, minor_class: str) -> set[str]:
    """Return which of the further questions are shown once a category is chosen."""
    form = visitor.hidden(visitor.get("/report").text) | {"minor_class": minor_class}
    headers = visitor.headers | {"HX-Request": "true"}
    shown = visitor.client.post("/report/form", data=form, headers=headers).text
    found = re.findall(r'id="f-(\w+)-part" data-part\s*>', shown)
    return {NUMBER, BUILDING} & set(found)


@pytest.mark.parametrize(
    ("minor_class", "questions"),
    [("C03", {NUMBER}), ("D02", {BUILDING}), ("A01", set()), ("", set()), ("Z99", set())],
)
def test_a_category_brings_its_questions(
    visitor: Visitor, minor_class: str, questions: set[str]
) -> None:
    assert asked(visitor, minor_class) == questions


def test_a_row_changed_in_the_browser_changes_what_is_asked(
    district: District, visitor: Visitor
) -> None:
    row = GivenRow({"matters_form": "facility"}, row_id="matter_A01")
    table_drafts.save_row(district["designer"], "matters", row)
    assert asked(visitor, "A01") == set(), "a draft is not in effect"
    put_into_effect(district["designer"], "matters")
    assert asked(visitor, "A01") == {NUMBER}
    assert asked(visitor, "C03") == {NUMBER}


def test_the_answer_stays_with_the_case_and_is_read_on_its_page(
    visitor: Visitor, login: Login
) -> None:
    given = {"description": "路灯不亮", "location": "40.005,116.005", NUMBER: "LD-0417"}
    for minor_class in ("C03", "A01"):
        assert visitor.send({**given, "minor_class": minor_class}).status_code == 303
    lamp, other = (dict(row["answers"]) for row in rows(submission))  # type: ignore[call-overload]
    assert (lamp[NUMBER], other[NUMBER]) == ("LD-0417", None), "nobody asked for the second one"
    key = rows(cases)[0]["key"]
    page = login("officer").language("zh-CN").get(f"/cases/{key}").text
    assert "设施编号" in page
    assert "LD-0417" in page


def test_the_answer_stands_where_the_work_is_done(
    district: District, visitor: Visitor, login: Login
) -> None:
    given = {"description": "路灯不亮", "location": "40.005,116.005", NUMBER: "LD-0417"}
    assert visitor.send({**given, "minor_class": "C03"}).status_code == 303
    key = rows(cases)[0]["key"]
    task = walk.open_tasks(int(str(key)))["triage"]["key"]
    officer = login("officer").language("zh-CN")
    for place in (f"/tasks/{task}", f"/cases/{key}", f"/cases/{key}/print"):
        (facts,) = re.findall(r'<dl class="facts">.*?</dl>', officer.get(place).text, re.S)[:1]
        assert re.search(r"<dt>设施编号</dt>\s*<dd>LD-0417</dd>", facts), place


def test_the_staff_is_asked_the_same(login: Login) -> None:
    page = login("officer").language("zh-CN").get("/cases/new").text
    assert "设施编号" in page
    assert "楼栋、单元、楼层" in page
