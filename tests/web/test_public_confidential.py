"""Every page a handler can open, and every file they can take along, names no secret reporter."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from app.cases.intake import Report, receive_report
from app.cases.resident_urging import add_facts, urge
from app.clock import moved_to
from tests.support import walk
from tests.support.district import TUESDAY_NINE, District
from tests.support.residents import posting, with_department

if TYPE_CHECKING:
    from tests.web.conftest import Login

NAME, PHONE, MAIL = "Wang Xiaofang", "13812345678", "wang.fang@example.org"
SECRETS = (NAME, PHONE, "138 1234 5678", MAIL)
HOME = f"I live above it, call 138 1234 5678 or {MAIL}. {NAME}"


@pytest.fixture
def receipt(district: District) -> walk.Receipt:
    with_department()
    with moved_to(TUESDAY_NINE - timedelta(days=3)):
        report = Report(
            channel="web",
            description=f"Oil is poured into the drain. {HOME}",
            address=f"behind the house of {NAME}",
            latitude=40.005,
            longitude=116.005,
            is_confidential=True,
            name=NAME,
            phone=PHONE,
            email=MAIL,
            has_consented=True,
            answers={"description": HOME},
        )
        found = receive_report(report)
    add_facts(found.token, posting(facts=f"Again tonight. {HOME}"))
    urge(found.token)
    return found


@pytest.mark.parametrize("login_name", ["handler", "clerk", "leader"])
def test_no_page_or_export_of_a_department_names_who_reported(
    district: District, receipt: walk.Receipt, login: "Login", login_name: str
) -> None:
    task = walk.open_tasks(receipt.case_key)["work"]["key"]
    browser = login(login_name)
    seen = {}
    for page in (
        "/inbox",
        "/inbox?tab=groups",
        "/cases",
        "/cases?q=Oil",
        f"/cases/{receipt.case_key}",
        f"/cases/{receipt.case_key}/print",
        f"/tasks/{task}",
        f"/tasks/{task}/hand-on",
        "/notices",
        "/overdue",
        "/overdue.csv",
        "/rates",
        "/rates.csv",
        "/whistles",
    ):
        answer = browser.get(page)
        if answer.status_code == 200:
            seen[page] = answer.get_data(as_text=True)
    assert f"/cases/{receipt.case_key}" in seen
    assert f"/cases/{receipt.case_key}/print" in seen
    found = {page: each for page, text in seen.items() for each in SECRETS if each in text}
    assert found == {}
    assert "Again tonight" not in "".join(seen.values())
    for wanted in SECRETS:
        assert receipt.number not in browser.get(f"/cases?q={wanted}").get_data(as_text=True)


def test_the_grid_line_reads_what_was_added_without_the_name(
    district: District, receipt: walk.Receipt, login: "Login"
) -> None:
    page = login("dispatcher").get(f"/cases/{receipt.case_key}").get_data(as_text=True)
    assert "Again tonight." in page
    assert [each for each in SECRETS if each in page] == []
