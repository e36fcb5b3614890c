"""The first road as people walk it: on a phone, in Chinese, from a report to its rating."""

import io
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from waitress.server import create_server

from app import ROOT, create_app
from app.cases.setup import set_up
from app.config import settings_for
from app.organisation.demo import DEMO_PASSWORD
from app.store.db import db, metadata

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def address(sqlite_url: str, tmp_path: Path) -> Iterator[str]:
    """Serve the demo district on a free port of this machine."""
    settings = settings_for(
        instance_path=tmp_path, database_url=sqlite_url, is_demo=True, log_level="ERROR"
    )
    app = create_app(settings)
    with app.app_context():
        metadata.create_all(db.engine)
        set_up(ROOT, is_demo=True)
    server = create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(timeout=5)
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


@contextmanager
def phone(browser: "Browser", address: str, login: str | None = None) -> Iterator["Page"]:
    """Open a Chinese phone, signed in where a login is given; trouble in it is a failure."""
    context = browser.new_context(viewport=PHONE, locale="zh-CN")
    page = context.new_page()
    trouble: list[str] = []
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on(
        "console", lambda message: trouble.append(message.text) if message.type == "error" else None
    )
    if login is not None:
        page.goto(f"{address}/sign-in")
        page.fill("#login", login)
        page.fill("#password", DEMO_PASSWORD)
        page.press("#password", "Enter")
        page.wait_for_url("**/inbox*")
    yield page
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    context.close()
    assert trouble == []
    assert wide <= 0, "the page is wider than the phone"


def photo() -> dict[str, object]:
    out = io.BytesIO()
    Image.new("RGB", (800, 600), (90, 120, 60)).save(out, "JPEG")
    return {"name": "after.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def begin(page: "Page", step: str) -> None:
    """Claim the first task of the group and come to its form."""
    page.goto(page.url.split("/inbox")[0] + "/inbox?tab=groups")
    page.locator("main a", has_text=step).first.click()
    page.get_by_role("button", name="领取并开始").click()
    page.wait_for_selector("form.task-form")


def complete(page: "Page") -> None:
    page.locator("form.task-form [data-primary]").click()
    page.wait_for_load_state()
    assert page.locator("[data-error-summary], .error-summary").count() == 0


def choose(page: "Page", name: str, value: str) -> None:
    page.locator(f'input[name="{name}"][value="{value}"]').check()


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
        resident.locator("form [data-primary]").click()
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

    with phone(browser, address) as resident:
        resident.goto(tracking if tracking.startswith("http") else address + tracking)
        assert "垃圾已清运" in str(resident.text_content("main"))
        choose(resident, "grade", "1")
        resident.locator("form [data-primary]").click()
        resident.wait_for_load_state()
        assert re.search("感谢|谢谢", str(resident.text_content("main")))

    with phone(browser, address, "dispatcher") as dispatcher:
        begin(dispatcher, "结案")
        choose(dispatcher, "close_code", "resolved")
        dispatcher.fill('[name="summary"]', "已清运")
        complete(dispatcher)
