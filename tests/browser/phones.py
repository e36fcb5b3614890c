"""The hands of browser tests: phones in Chinese, and the steps that most walks have in common.

A walk opens a phone for each person it needs and fills in what the pages show. Trouble in a page,
a page wider than the phone or a form that refuses fails the walk.
"""

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask
from PIL import Image
from waitress.server import create_server

from app import create_app
from app.config import settings_for
from app.organisation.demo import DEMO_PASSWORD
from app.store.db import db

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

PHONE = {"width": 390, "height": 844}
PATIENCE = 60_000
REFUSAL = "[data-error-summary], .error-summary, main .failure"


@contextmanager
def demo(database_url: str, folder: Path) -> Iterator[Flask]:
    """Start an application for the demo district; the block runs in it."""
    app = create_app(
        settings_for(
            instance_path=folder, database_url=database_url, is_demo=True, log_level="ERROR"
        )
    )
    with app.app_context():
        yield app
        for engine in db.engines.values():
            engine.dispose()


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve an application on a free port; yield its address."""
    server = create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(timeout=5)


@contextmanager
def phone(browser: "Browser", address: str, login: str | None = None) -> Iterator["Page"]:
    """Open a Chinese phone, signed in where a login is given; trouble in it is a failure."""
    context = browser.new_context(viewport=PHONE, locale="zh-CN")  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    trouble: list[str] = []
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on(
        "console", lambda message: trouble.append(message.text) if message.type == "error" else None
    )
    if login is not None:
        sign_in(page, address, login)
    yield page
    fits(page)
    context.close()
    assert trouble == []


def sign_in(page: "Page", address: str, login: str) -> None:
    page.goto(f"{address}/sign-in")
    page.fill("#login", login)
    page.fill("#password", DEMO_PASSWORD)
    page.press("#password", "Enter")
    page.wait_for_url("**/inbox*")


def fits(page: "Page") -> None:
    """Fail where the page has to be pushed sideways."""
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"{page.url} is wider than the phone"


def photo() -> dict[str, object]:
    out = io.BytesIO()
    Image.new("RGB", (800, 600), (90, 120, 60)).save(out, "JPEG")
    return {"name": "after.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def choose(page: "Page", name: str, value: str) -> None:
    page.locator(f'input[name="{name}"][value="{value}"]').check()


def said(page: "Page") -> str:
    """Return the words of the page."""
    return str(page.text_content("main"))


def offered(page: "Page", step: str) -> int:
    """Return how many tasks of a step wait in the person's groups."""
    page.goto(page.url.split("/inbox")[0] + "/inbox?tab=groups")
    return page.locator("main .task h2 a", has_text=step).count()


def follow(page: "Page", target: "Locator") -> None:
    """Click what leads to another page, or to this one anew, and wait until that is there."""
    with page.expect_navigation():
        target.click()


def begin(page: "Page", step: str) -> None:
    """Claim the first task of the group and come to its form."""
    page.goto(page.url.split("/inbox")[0] + "/inbox?tab=groups")
    follow(page, page.locator("main a", has_text=step).first)
    follow(page, page.get_by_role("button", name="领取并开始"))
    page.wait_for_selector("form.task-form")
    fits(page)


def complete(page: "Page") -> None:
    """Send the form of the task; it must be taken."""
    follow(page, page.locator("form.task-form [data-primary]"))
    assert page.locator(REFUSAL).count() == 0, said(page)


def report(page: "Page", address: str, description: str) -> str:
    """Report something in the first community, with a name; return the link to follow it."""
    page.goto(f"{address}/report")
    page.fill('[name="description"]', description)
    page.fill('[name="address"]', "幸福社区 12 号楼前")
    page.locator('[name="community"]').select_option("S01-C01")
    page.fill('[name="contact_name"]', "王芳")
    page.fill('[name="contact_phone"]', "13800001234")
    page.locator('[type="checkbox"][name="consent"]').check()
    follow(page, page.locator("form [data-primary]"))
    page.wait_for_selector("#code")
    fits(page)
    return address + str(page.locator('a[href*="/track/"]').first.get_attribute("href"))


def accept(page: "Page") -> None:
    """Triage: the report is ours to handle."""
    begin(page, "受理甄别")
    choose(page, "decision", "accept")
    complete(page)


def dispatch(page: "Page", unit: str) -> None:
    """Send the case to a department."""
    begin(page, "派遣")
    page.locator('[name="lead_unit"]').select_option(unit)
    complete(page)


def sign(page: "Page") -> None:
    """The department takes the case."""
    begin(page, "签收")
    choose(page, "sign", "sign")
    complete(page)


def handle(page: "Page", reply: str) -> None:
    """The department does what is to be done, and says so."""
    begin(page, "处置")
    choose(page, "is_true", "yes")
    page.fill('[name="measures"]', "已到场处理完毕")
    choose(page, "result", "resolved")
    page.fill('[name="public_reply"]', reply)
    complete(page)


def handled(browser: "Browser", address: str, reply: str) -> None:
    """Walk a case that is signed for through its handling, the review of it and the site check."""
    with phone(browser, address, "handler") as handler:
        handle(handler, reply)
    with phone(browser, address, "leader") as leader:
        begin(leader, "审核")
        choose(leader, "verdict", "pass")
        complete(leader)
    with phone(browser, address, "officer") as nearby:
        check(nearby)


def check(page: "Page") -> None:
    """Whoever is near looks on the spot: the community, where the grid is not known."""
    begin(page, "现场核查")
    stand(page, 40.005, 116.005)
    choose(page, "verdict", "pass")
    complete(page)


def stand(page: "Page", latitude: float, longitude: float) -> None:
    """Let the phone find itself at a place, and give it to the form by its button."""
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"latitude": latitude, "longitude": longitude, "accuracy": 12})
    page.click("[data-position]")
    page.wait_for_selector("text=设备定位成功，精度约 12 米")


def rate(page: "Page", tracking: str, grade: str, **more: str) -> None:
    """Rate the case on its own page."""
    page.goto(tracking)
    choose(page, "grade", grade)
    for name, value in more.items():
        choose(page, name, value)
    follow(page, page.locator("#rating form [data-primary]"))
    assert page.locator(REFUSAL).count() == 0, said(page)


def close(page: "Page") -> None:
    """The street closes the case as resolved."""
    begin(page, "结案")
    choose(page, "close_code", "resolved")
    page.fill('[name="summary"]', "已办结")
    complete(page)
