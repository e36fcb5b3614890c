"""A resident on the phone, in Chinese: asked back, answering, urging, adding, withdrawing."""

import re
from typing import TYPE_CHECKING

import pytest

from tests.browser.phones import begin, choose, complete, follow, phone, photo, said

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

QUESTION = "是北门还是南门？灯杆上有编号吗？"
ANSWER = "南门，灯杆编号 A-17"


def found(page: "Page", address: str, number: str, code: str) -> None:
    """Open the page of a case with what the receipt says, typed by hand."""
    page.goto(f"{address}/track")
    page.fill("#number", number)
    page.fill("#code", code.lower().replace("-", " "))
    follow(page, page.locator("main form [data-primary]"))
    page.wait_for_url(re.compile("/track/[A-Za-z0-9_-]{32}$"))


@pytest.mark.browser
@pytest.mark.timeout(240)
def test_an_anonymous_resident_answers_urges_adds_and_withdraws(
    browser: "Browser",
    address: str,
) -> None:
    with phone(browser, address) as resident:
        resident.goto(f"{address}/report")
        resident.fill('[name="description"]', "小区门口路灯不亮")
        resident.locator('[name="community"]').select_option("S01-C01")
        follow(resident, resident.locator("form [data-primary]"))
        resident.wait_for_selector("#code")
        number, code = (str(resident.text_content(f"#{name}")) for name in ("number", "code"))
        assert resident.locator(".link-picture svg").is_visible()

    with phone(browser, address, "officer") as officer:
        begin(officer, "受理甄别")
        choose(officer, "decision", "need_info")
        officer.fill('[name="question"]', QUESTION)
        complete(officer)

    with phone(browser, address) as resident:
        found(resident, address, number, code)
        assert QUESTION in said(resident)
        resident.fill('[name="answer"]', ANSWER)
        field = 'input[type="file"][name="answer_photos"]'
        resident.set_input_files(field, files=[photo()])  # type: ignore[arg-type,list-item]
        follow(resident, resident.get_by_role("button", name="提交回答"))
        resident.wait_for_selector(".said")
        assert ANSWER in said(resident)
        assert resident.locator(".reported-files img").count() == 1

    with phone(browser, address, "officer") as officer:
        begin(officer, "受理甄别")
        assert ANSWER in said(officer)
        choose(officer, "decision", "accept")
        officer.locator('[name="minor_class"]').select_option("C03")
        complete(officer)

    with phone(browser, address) as resident:
        found(resident, address, number, code)
        resident.locator("#urge > summary").click()
        follow(resident, resident.get_by_role("button", name="催办此案"))
        resident.wait_for_selector(".said")
        resident.locator("#urge > summary").click()
        assert "您已催办 1 次" in said(resident)
        resident.locator("#add > summary").click()
        resident.fill('[name="facts"]', "现在两盏都不亮了")
        follow(resident, resident.get_by_role("button", name="提交补充"))
        resident.wait_for_selector(".said")
        follow(resident, resident.get_by_role("link", name="撤回案件"))
        resident.fill('[name="reason"]', "已经修好了")
        follow(resident, resident.get_by_role("button", name="申请撤回"))
        resident.wait_for_selector(".pending")
        assert "街道作出决定的时限" in said(resident)

    with phone(browser, address, "dispatcher") as dispatcher:
        begin(dispatcher, "审核撤回申请")
        choose(dispatcher, "verdict", "grant")
        complete(dispatcher)

    with phone(browser, address) as resident:
        found(resident, address, number, code)
        assert "已撤回" in said(resident)
        assert resident.locator("#add").count() == 0
