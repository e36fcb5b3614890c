"""A whistle as people walk it on Chinese phones: three departments, one of them absent."""

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from app.cases import deadlines
from app.clock import moved_to, utc_now
from tests.browser.phones import choose, complete, follow, phone, photo, stand

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PLACE = "40.0000,116.4000"


def take(page: "Page") -> None:
    """Claim the task of the page and come to its form."""
    follow(page, page.get_by_role("button", name="领取并开始"))
    page.wait_for_selector("form.task-form")


def open_step(page: "Page", whistle: str, department: str, step: str) -> None:
    """Go from the whistle to the open step of a department."""
    page.goto(whistle)
    card = page.locator(".whistle-department", has_text=department)
    follow(page, card.locator("a.btn", has_text=step))
    take(page)


def commit_and_deliver(page: "Page") -> None:
    """Do the last two steps of a department, each on the page the one before led to."""
    take(page)
    page.fill('[name="tasks"]', "责令停业整改，清洗油烟净化设施")
    page.fill('[name="owner"]', "李明")
    page.fill('[name="promised_at"]', "2099-01-01T18:00")
    complete(page)
    take(page)
    page.fill('[name="outcome"]', "已整改，油烟达标")
    page.set_input_files('input[type="file"][name="evidence"]', files=[photo()])  # type: ignore[arg-type,list-item]
    complete(page)


@pytest.mark.browser
@pytest.mark.timeout(240)
def test_a_whistle_with_three_departments_of_which_one_is_absent(
    browser: "Browser", address: str
) -> None:
    with phone(browser, address, "dispatcher") as street:
        street.goto(f"{address}/whistles")
        follow(street, street.locator("main a", has_text="吹哨").first)
        street.locator('[name="minor_class"]').select_option("A05")
        follow(street, street.get_by_role("button", name="推荐部门"))
        assert street.locator('input[name="called"]:checked').count() == 3
        choose(street, "kind", "emergency")
        street.fill('[name="need"]', "餐饮油烟扰民，居民聚集，请到场处置")
        street.fill('[name="address"]', "幸福社区 12 号楼前")
        street.fill('[name="location"]', PLACE)
        follow(street, street.locator("form [data-primary]"))
        street.wait_for_url(re.compile(r"/whistles/\d+$"))
        whistle = street.url
        follow(street, street.get_by_role("link", name="签到二维码"))
        assert street.locator(".whistle-code svg").count() == 1
        code = str(street.locator(".whistle-code-words strong").text_content())

    with phone(browser, address, "clerk") as clerk:
        open_step(clerk, whistle, "城市管理局", "应哨")
        clerk.fill('[name="who"]', "王强 13800001234")
        complete(clerk)
        take(clerk)
        stand(clerk, 40.0, 116.4)
        complete(clerk)
        commit_and_deliver(clerk)

        open_step(clerk, whistle, "生态环境局", "应哨")
        clerk.fill('[name="who"]', "赵丽 13900001234")
        complete(clerk)
        clerk.goto(f"{whistle}/check-in?code={code}")
        follow(clerk, clerk.get_by_role("button", name="我们已到场"))
        assert "签到成功" in str(clerk.text_content("main"))
        commit_and_deliver(clerk)

    for minutes in (11, 31):
        with moved_to(utc_now() + timedelta(minutes=minutes)):
            deadlines.fire_due()

    with phone(browser, address, "dispatcher") as street:
        street.goto(whistle)
        absent = street.locator(".whistle-department.is-absent")
        assert absent.count() == 1
        assert "市场监督管理局" in str(absent.text_content())
        assert "缺席：未到场" in str(absent.text_content())
        assert str(street.text_content("main")).count("待街道同意离场") == 2
        for department, leave in (("城市管理局", "consented"), ("生态环境局", "unconsented")):
            open_step(street, whistle, department, "同意离场")
            choose(street, "leave", leave)
            complete(street)
        street.goto(whistle)
        assert "擅自离场" in str(street.text_content("main"))
        follow(street, street.locator("a.btn", has_text="打开"))
        take(street)
        street.fill('[name="minutes"]', "城管、生态环境到场，市场监管缺席。")
        street.fill('[name="decisions"]', "商户停业整改三日。")
        for row, presence in enumerate(("leaves", "left", "absent")):
            choose(street, f"attendance[{row}].presence", presence)
        choose(street, "result", "resolved")
        choose(street, "rest", "end")
        complete(street)
        take(street)
        for name in ("timely", "attended", "solved"):
            for row, given in enumerate(("5", "4", "0")):
                if (name, row) != ("attended", 1):
                    street.fill(f'[name="scores[{row}].{name}"]', given)
        complete(street)
        street.goto(whistle)
        page = str(street.text_content("main"))
        assert "已解决" in page
        assert "及时 0、现场履职 0、解决问题 0" in page
        assert "及时 4、现场履职 0、解决问题 4" in page, "it had left without consent"

    with phone(browser, address, "supervisor") as supervisor:
        supervisor.goto(f"{address}/whistles")
        assert "缺席 1 个" in str(supervisor.text_content("main"))
