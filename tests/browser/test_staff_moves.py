"""The inbox by keyboard and in bulk, in a real browser; standard replies put into a text."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from app.cases.standard_replies import seed_replies
from app.organisation.roles import Role
from app.store.db import transaction
from tests.browser.phones import served
from tests.support import walk
from tests.support.colleagues import PASSWORD, hire, signed
from tests.support.district import District

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
DESK = {"width": 1440, "height": 900}


@pytest.fixture
def address(sqlite_district: District) -> Iterator[str]:
    """Serve the small district with three reports and two more people."""
    hire(sqlite_district, "keys", Role.COMMUNITY_OFFICER, "S01-C01")
    hire(sqlite_district, "writer", Role.UNIT_HANDLER, "D-URBAN")
    with transaction() as tx:
        seed_replies(tx)
    signed(sqlite_district)
    for number in range(3):
        walk.report(description=f"Heap number {number}")
    with served(sqlite_district.app) as place:
        yield place


@pytest.fixture
def desk(browser: "Browser", address: str) -> Iterator["Page"]:
    """Yield a page at a desk; trouble in it is a failure. It is closed before `address` is."""
    context = browser.new_context(viewport=DESK, locale="en")  # type: ignore[arg-type]
    page = context.new_page()
    trouble: list[str] = []
    page.on("pageerror", lambda error: trouble.append(str(error)))
    yield page
    context.close()
    assert trouble == []


def enter(page: "Page", address: str, login: str) -> None:
    page.goto(f"{address}/language/en?next=/sign-in")
    page.fill("#login", login)
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    page.wait_for_url("**/inbox*")
    page.goto(f"{address}/inbox?tab=groups")
    page.wait_for_selector("html.has-script")


def test_the_inbox_is_worked_by_keyboard(desk: "Page", address: str) -> None:
    enter(desk, address, "keys")
    lines = desk.locator("[data-list-item]")
    assert lines.count() == 3
    for key in ("j", "j", "k"):
        desk.keyboard.press(key)
    first = lines.nth(0)
    assert first.locator("h2 a").evaluate("link => link === document.activeElement")
    assert first.locator("h2 a").evaluate("link => getComputedStyle(link).outlineStyle") != "none"
    desk.keyboard.press("x")
    assert first.locator("[data-choice]").is_checked()
    assert desk.inner_text("[data-chosen-count]") == "1 chosen"
    desk.keyboard.press("/")
    desk.keyboard.type("jxc?")
    assert desk.input_value("#q") == "jxc?"
    desk.fill("#q", "")
    desk.keyboard.press("Tab")
    desk.keyboard.press("?")
    assert desk.locator("dialog[data-shortcuts]").is_visible()
    desk.keyboard.press("Escape")
    desk.keyboard.press("j")
    desk.locator("[data-list-item] h2 a").nth(1).focus()
    desk.keyboard.press("c")
    desk.wait_for_selector("text=The task is yours now.")
    desk.wait_for_selector("[data-list-item]:focus, [data-list-item] :focus")
    desk.keyboard.press("o")
    desk.wait_for_url("**/tasks/*")


def test_chosen_lines_are_claimed_and_put_back(desk: "Page", address: str) -> None:
    enter(desk, address, "keys")
    assert desk.locator("#chosen button").first.is_disabled()
    boxes = desk.locator("[data-choice]")
    boxes.nth(0).click()
    boxes.nth(2).click(modifiers=["Shift"])
    assert desk.inner_text("[data-chosen-count]") == "3 chosen"
    assert desk.locator("[data-choose-all]").is_checked()
    boxes.nth(1).click()
    desk.click("text=Claim the chosen …")
    desk.wait_for_selector("text=2 tasks will be changed.")
    desk.click("text=Claim 2 tasks")
    desk.wait_for_selector("text=2 tasks are yours now.")
    desk.click("text=Undo")
    desk.wait_for_selector("text=2 tasks were put back.")


def test_many_show_how_far_it_is_and_go_on_after_a_lost_connection(
    desk: "Page", address: str
) -> None:
    for number in range(20):
        walk.report(description=f"Another heap {number}")
    enter(desk, address, "keys")
    desk.check("[data-choose-all]")
    desk.click("text=Claim the chosen …")
    desk.wait_for_selector("text=23 tasks will be changed.")
    desk.route(re.compile("/go-on"), lambda route: route.abort())
    desk.click("text=Claim 23 tasks")
    desk.wait_for_selector("text=The connection was lost.")
    assert desk.locator(".how-far progress").evaluate("bar => bar.value") == 10
    desk.unroute(re.compile("/go-on"))
    desk.click("text=Claim 23 tasks")
    desk.wait_for_selector("text=23 tasks are yours now.")


def test_who_leaves_half_way_lets_the_rest_be_done(desk: "Page", address: str) -> None:
    for number in range(20):
        walk.report(description=f"Another heap {number}")
    enter(desk, address, "keys")
    desk.check("[data-choose-all]")
    desk.click("text=Claim the chosen …")
    desk.route(re.compile("/go-on"), lambda _route: None)
    desk.click("text=Claim 23 tasks")
    desk.wait_for_selector("text=10 of 23 done.")
    desk.unroute(re.compile("/go-on"))
    mine = desk.locator(".tabs a", has_text="Mine").locator(".count")
    for _look in range(40):
        desk.goto(f"{address}/inbox?tab=mine")
        if mine.inner_text() == "23":
            return
    raise AssertionError(f"only {mine.inner_text()} were claimed")


def test_the_navigation_of_a_narrow_page_begins_where_one_is(desk: "Page", address: str) -> None:
    enter(desk, address, "keys")
    desk.set_viewport_size({"width": 220, "height": 800})
    desk.goto(f"{address}/cases")
    desk.wait_for_selector("html.has-script")
    box = desk.locator(".site-nav a[aria-current]").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 220


def test_a_standard_reply_goes_where_the_cursor_is(desk: "Page", address: str) -> None:
    enter(desk, address, "writer")
    desk.keyboard.press("j")
    desk.keyboard.press("o")
    desk.wait_for_url("**/tasks/*")
    desk.click("text=Claim and begin")
    desk.fill("[name=public_reply]", "Dear reporter,")
    desk.check("[name=result][value=resolved]")
    replies = desk.locator("[data-replies]")
    replies.locator("summary").click()
    assert replies.locator(".standard-reply:visible").count() == 1
    replies.locator("button[lang=en]:visible").first.click()
    text = desk.input_value("[name=public_reply]")
    assert text.startswith("Dear reporter,\nThank you for your report ")
