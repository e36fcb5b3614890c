"""A department that returns a case: somebody else arbitrates, it is sent again or kept."""

from typing import TYPE_CHECKING

import pytest

from tests.browser.phones import (
    accept,
    begin,
    choose,
    close,
    complete,
    dispatch,
    handled,
    offered,
    phone,
    rate,
    report,
    said,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
OTHER_DISPATCHER = "dispatcher2.s01"
BASIS = "职责清单：树木养护由住建部门负责"
REPLY = "倒伏树木已清理，道路已恢复通行。"


def dispatched(browser: "Browser", address: str) -> str:
    """Report a tree and send it to urban management; return the link of the reporter."""
    with phone(browser, address) as resident:
        tracking = report(resident, address, "行道树倒伏，挡住了小区出口")
    with phone(browser, address, "officer") as officer:
        accept(officer)
    with phone(browser, address, "dispatcher") as dispatcher:
        dispatch(dispatcher, "D-URBAN")
    return tracking


def send_back(browser: "Browser", address: str) -> None:
    """The department's clerk returns the case, with a reason and its basis."""
    with phone(browser, address, "clerk") as clerk:
        begin(clerk, "签收")
        choose(clerk, "sign", "return")
        clerk.locator('[name="return_reason"]').select_option("not_duty")
        clerk.fill('[name="legal_basis"]', BASIS)
        clerk.locator('[name="proposed_unit"]').select_option("D-HOUSING")
        complete(clerk)


def arbitrate(browser: "Browser", address: str, verdict: str, reason: str) -> None:
    """Another dispatcher than the one who sent it judges what the department says."""
    with phone(browser, address, "dispatcher") as dispatcher:
        assert offered(dispatcher, "退单裁定") == 0
    with phone(browser, address, OTHER_DISPATCHER) as judge:
        begin(judge, "退单裁定")
        assert BASIS in said(judge)
        assert judge.get_by_text("部门退回：不属本单位职责").is_visible()
        choose(judge, "verdict", verdict)
        judge.fill('[name="reason"]', reason)
        complete(judge)


def test_a_returned_case_goes_elsewhere_and_after_the_second_return_where_the_district_says(
    browser: "Browser", address: str
) -> None:
    dispatched(browser, address)
    send_back(browser, address)
    arbitrate(browser, address, "approve", "属实，不在城管职责范围内。")

    with phone(browser, address, "dispatcher") as dispatcher:
        begin(dispatcher, "派遣")
        assert BASIS in said(dispatcher)
        dispatcher.locator('[name="lead_unit"]').select_option("D-HOUSING")
        complete(dispatcher)
    send_back(browser, address)

    with phone(browser, address, "district") as district:
        begin(district, "指定承办")
        assert BASIS in said(district)
        district.locator('[name="lead_unit"]').select_option("D-URBAN")
        district.fill('[name="reason"]', "影响通行，由城管牵头清理。")
        complete(district)

    with phone(browser, address, "clerk") as clerk:
        begin(clerk, "签收")
        assert "不能退回" in said(clerk)
        assert clerk.locator('[name="sign"]:visible').count() == 0
        complete(clerk)


def test_a_department_that_may_not_return_a_case_handles_it(
    browser: "Browser", address: str
) -> None:
    tracking = dispatched(browser, address)
    send_back(browser, address)
    arbitrate(browser, address, "deny", "倒伏树木影响通行，属城管应急清障。")
    handled(browser, address, REPLY)

    with phone(browser, address) as resident:
        resident.goto(tracking)
        assert REPLY in said(resident)
        assert BASIS not in said(resident)
        rate(resident, tracking, "2", resolved="yes")
    with phone(browser, address, "dispatcher") as dispatcher:
        close(dispatcher)
    with phone(browser, address) as resident:
        resident.goto(tracking)
        assert "已结案" in said(resident)
