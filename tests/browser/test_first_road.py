"""The first road as people walk it: on a phone, in Chinese, from a report to its rating."""

import re
from typing import TYPE_CHECKING

import pytest

from tests.browser.phones import begin, check, choose, complete, follow, phone, photo

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.mark.browser
@pytest.mark.timeout(240)
def test_a_case_walks_on_phones_from_report_to_rating(browser: "Browser", address: str) -> None:
    with phone(browser, address) as resident:
        resident.goto(f"{address}/report")
        resident.fill('[name="description"]', "小区门口垃圾堆放多日，异味严重")
        resident.fill('[name="address"]', "幸福社区 12 号楼前")
        resident.locator('[name="community"]').select_option("S01-C01")
        resident.fill('[name="contact_name"]', "王芳")
        resident.fill('[name="contact_phone"]', "13800001234")
        resident.locator('[type="checkbox"][name="consent"]').check()
        resident.set_input_files('input[type="file"][name="photos"]', files=[photo()])  # type: ignore[arg-type,list-item]
        follow(resident, resident.locator("form [data-primary]"))
        resident.wait_for_selector("#code")
        code = str(resident.locator("#code").text_content()).strip()
        tracking = str(resident.locator('a[href*="/track/"]').first.get_attribute("href"))
        assert code

    with phone(browser, address, "officer") as officer:
        begin(officer, "受理甄别")
        choose(officer, "decision", "accept")
        complete(officer)

    with phone(browser, address, "dispatcher") as dispatcher:
        begin(dispatcher, "派遣")
        dispatcher.locator('[name="lead_unit"]').select_option("D-URBAN")
        complete(dispatcher)

    with phone(browser, address, "clerk") as clerk:
        begin(clerk, "签收")
        choose(clerk, "sign", "sign")
        complete(clerk)

    with phone(browser, address, "handler") as handler:
        begin(handler, "处置")
        choose(handler, "is_true", "yes")
        handler.fill('[name="measures"]', "已清运垃圾并消毒")
        choose(handler, "result", "resolved")
        handler.fill('[name="public_reply"]', "垃圾已清运，今后每日巡查。")
        handler.set_input_files('input[type="file"][name="after_photos"]', files=[photo()])  # type: ignore[arg-type,list-item]
        complete(handler)

    with phone(browser, address, "leader") as leader:
        begin(leader, "审核")
        choose(leader, "verdict", "pass")
        complete(leader)

    with phone(browser, address, "officer") as nearby:
        check(nearby)

    with phone(browser, address) as resident:
        resident.goto(tracking if tracking.startswith("http") else address + tracking)
        assert "垃圾已清运" in str(resident.text_content("main"))
        choose(resident, "grade", "1")
        follow(resident, resident.locator("form [data-primary]"))
        assert re.search("感谢|谢谢", str(resident.text_content("main")))

    with phone(browser, address, "dispatcher") as dispatcher:
        begin(dispatcher, "结案")
        choose(dispatcher, "close_code", "resolved")
        dispatcher.fill('[name="summary"]', "已清运")
        complete(dispatcher)
