"""The public pages in a browser, phone-wide and in Chinese: map, conditions, photo, receipt."""

import re
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from werkzeug.serving import make_server

from app.web.static_files import MANIFEST
from tests.conftest import absent
from tests.support.district import District

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def site(district: District) -> Iterator[str]:
    """Serve the district and yield its address."""
    if not MANIFEST.exists():
        absent("the assets are not built (make assets)")
    server = make_server("127.0.0.1", 0, district.app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def phone(browser: "Browser") -> Iterator["Page"]:
    """Yield a phone's page; what its console complains of fails the test."""
    context = browser.new_context(viewport=PHONE, locale="zh-CN")  # type: ignore[arg-type]
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


def test_a_resident_reports_with_map_and_photo(phone: "Page", site: str, tmp_path: Path) -> None:
    from playwright.sync_api import expect

    photo = tmp_path / "lamp.jpg"
    Image.new("RGB", (320, 240), "navy").save(photo)
    phone.goto(f"{site}/")
    phone.get_by_role("link", name="我要上报").click()
    phone.fill("#f-description", "小区门口路灯不亮")
    phone.set_input_files("#f-photos", photo)
    community, consent = phone.locator("#f-community"), phone.locator("#f-consent")
    expect(community).to_be_visible()
    expect(consent).to_be_hidden()
    phone.locator("#f-location-map .leaflet-control-zoom").wait_for()
    phone.locator("#f-location-map").click(position={"x": 100, "y": 160})
    expect(community).to_be_hidden()
    expect(phone.locator("[data-map-status]")).to_contain_text("S01-C01-G0")
    phone.fill("#f-contact_phone", "13800000000")
    phone.locator("#f-contact_phone").blur()
    expect(consent).to_be_visible()
    consent.check()
    phone.get_by_role("button", name="提交上报").click()
    phone.wait_for_url(re.compile("/report/sent"))
    number, code = (phone.locator(f"#{name}").inner_text() for name in ("number", "code"))
    phone.goto(f"{site}/track")
    phone.fill("#number", number)
    phone.fill("#code", code.lower())
    phone.get_by_role("button", name="查看案件").click()
    phone.wait_for_url(re.compile("/track/[A-Za-z0-9_-]{32}$"))
    expect(phone.get_by_role("img", name="lamp.jpg")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
