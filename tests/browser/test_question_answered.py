"""A report that says too little: the officer asks, the resident answers by the link, it goes on."""

from typing import TYPE_CHECKING

import pytest

from tests.browser.phones import (
    begin,
    choose,
    complete,
    follow,
    offered,
    phone,
    report,
    said,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
QUESTION = "积水在哪一个单元门口？大约多深？"
ANSWER = "三单元门口，大约没过脚踝"


def test_a_question_is_answered_by_the_link_and_triage_goes_on(
    browser: "Browser", address: str
) -> None:
    with phone(browser, address) as resident:
        tracking = report(resident, address, "楼门口积水")

    with phone(browser, address, "officer") as officer:
        begin(officer, "受理甄别")
        choose(officer, "decision", "need_info")
        officer.fill('[name="question"]', QUESTION)
        complete(officer)
        assert offered(officer, "受理甄别") == 0

    with phone(browser, address) as resident:
        resident.goto(tracking)
        assert QUESTION in said(resident)
        resident.fill('[name="answer"]', ANSWER)
        follow(resident, resident.locator("#question form [data-primary]"))
        resident.wait_for_selector(".said")
        assert ANSWER in said(resident)
        assert resident.locator("#question").count() == 0

    with phone(browser, address, "officer") as officer:
        begin(officer, "受理甄别")
        assert ANSWER in said(officer)
        choose(officer, "decision", "accept")
        officer.locator('[name="minor_class"]').select_option("C02")
        complete(officer)

    with phone(browser, address) as resident:
        resident.goto(tracking)
        assert "受理" in str(resident.text_content(".stand"))
    with phone(browser, address, "dispatcher") as dispatcher:
        assert offered(dispatcher, "派遣") == 1
