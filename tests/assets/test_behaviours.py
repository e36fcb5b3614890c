"""The small behaviours of every page, in a real browser under the product's policy."""

import io
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tests.assets.conftest import Site

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

DRAFT = """
    <form method="post" action="/done" data-draft-url="/draft" data-csrf="token-2">
      <input name="title" id="title"><input type="file" name="photos">
      <p data-draft-status data-saving="Saving" data-saved="Kept" data-failed="Lost"></p>
      <button data-primary>Send</button>
    </form><a href="/away" id="away">Away</a>"""
PHOTOS = """
    <form method="post" action="/done" enctype="multipart/form-data">
      <input type="file" name="photos" data-photo multiple><button>Send</button>
    </form>"""


def photo(width: int, height: int, *, with_exif: bool = False) -> bytes:
    """Return a JPEG, on request one that says where and when it was taken."""
    image, exif, file = Image.new("RGB", (width, height), "gray"), Image.Exif(), io.BytesIO()
    if with_exif:
        exif.get_ifd(0x8769).update({0x9003: "2026:03:01 08:15:30", 0x9011: "+08:00"})
        exif.get_ifd(0x8825).update({1: "N", 2: (31.0, 13.0, 30.0), 3: "E", 4: (121.0, 28.0, 12.0)})
    image.save(file, "JPEG", exif=exif)
    return file.getvalue()


def wait_until_posted(page: "Page", site: Site, count: int) -> None:
    for _ in range(100):
        if len(site.posted) >= count:
            return
        page.wait_for_timeout(50)
    pytest.fail(f"{len(site.posted)} of {count} requests came")


def test_what_is_typed_is_kept_a_second_later(site: Site, page: "Page") -> None:
    site.page(DRAFT)
    page.goto("/")
    page.fill("#title", "路灯坏了")
    page.wait_for_selector("[data-draft-status][data-state=saved]")
    assert page.inner_text("[data-draft-status]") == "Kept"
    assert site.posted[0].fields == [("title", "路灯坏了")]
    assert site.posted[0].headers["X-CSRFToken"] == "token-2"


def test_leaving_the_page_keeps_what_was_typed_last(site: Site, page: "Page") -> None:
    site.page(DRAFT)
    site.page("", path="/away")
    page.goto("/")
    page.fill("#title", "half a sent")
    page.click("#away")
    wait_until_posted(page, site, 1)
    assert site.posted[0].path == "/draft"


def test_a_draft_that_cannot_be_kept_says_so(site: Site, page: "Page") -> None:
    site.answers["/draft"] = 500
    site.page(DRAFT)
    page.goto("/")
    page.fill("#title", "x")
    page.wait_for_selector("[data-draft-status][data-state=failed]")
    assert page.inner_text("[data-draft-status]") == "Lost"


def test_no_draft_follows_the_submission(site: Site, page: "Page") -> None:
    site.answers["/done"] = 200
    site.page(DRAFT)
    site.page("Done", path="/done")
    page.goto("/")
    page.fill("#title", "all of it")
    page.press("#title", "Control+Enter")
    page.wait_for_url("/done")
    page.wait_for_timeout(1300)
    assert [posted.path for posted in site.posted] == ["/done"]


def test_second_click_sends_nothing(site: Site, page: "Page") -> None:
    site.page("<form method='post' action='/done'><button id='send'>Send</button></form>")
    page.goto("/")
    page.dblclick("#send")
    page.wait_for_timeout(300)
    assert len(site.posted) == 1


def test_copy_button_appears_and_copies(site: Site, page: "Page") -> None:
    site.page("<button hidden data-copy='GC-7' data-copied='Copied'>Copy</button>")
    page.goto("/")
    page.click("[data-copy]")
    page.wait_for_selector("text=Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "GC-7"


def test_j_and_k_move_and_enter_opens(site: Site, page: "Page") -> None:
    site.page(
        "<ol data-list>"
        + "".join(f"<li data-list-item><a href='/{n}'>Case {n}</a></li>" for n in (1, 2, 3))
        + "</ol>"
    )
    site.page("", path="/2")
    page.goto("/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url("/2")


def test_keys_typed_into_a_field_are_text(site: Site, page: "Page") -> None:
    site.page("<input id='q'><dialog data-shortcuts>Keys</dialog>")
    page.goto("/")
    page.type("#q", "j?")
    assert page.input_value("#q") == "j?"
    assert page.is_hidden("dialog")
    page.focus("body")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    assert page.is_visible("dialog")


def test_a_link_with_a_key_is_opened_by_it_but_not_while_typing(site: Site, page: "Page") -> None:
    site.page("<a href='/new' data-key='n'>Register a case</a><input id='q'>")
    site.page("", path="/new")
    page.goto("/")
    page.type("#q", "n")
    assert page.input_value("#q") == "n"
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("n")
    page.wait_for_url("/new")


def test_a_number_chooses_a_grade(site: Site, page: "Page") -> None:
    site.page(
        "<div data-grades>"
        + "".join(
            f"<label><input type='radio' name='grade' value='{n}'><span>{n}</span></label>"
            for n in range(1, 6)
        )
        + "</div>"
    )
    page.goto("/")
    page.keyboard.press("4")
    assert page.is_checked("input[value='4']")
    page.click("label:nth-child(5)")
    assert page.is_checked("input[value='5']")


def test_large_photo_shrinks_and_keeps_its_place_and_time(site: Site, page: "Page") -> None:
    site.answers["/done"] = 200
    site.page(PHOTOS)
    page.goto("/")
    files = [("big.jpg", photo(4000, 2000, with_exif=True)), ("small.jpg", photo(300, 200))]
    page.set_input_files(
        "input",
        [{"name": name, "mimeType": "image/jpeg", "buffer": data} for name, data in files],
    )
    page.wait_for_selector("input[data-ready='2']")
    sizes = page.evaluate("""async () => {
        const files = [...document.querySelector("input").files];
        const images = await Promise.all(files.map((file) => createImageBitmap(file)));
        return images.map(({width, height}) => [width, height]);
    }""")
    assert sizes == [[1600, 800], [300, 200]]

    def values(name: str) -> list[str]:
        fields = page.query_selector_all(f"input[name=photos_{name}]")
        return [field.input_value() for field in fields]

    assert values("taken_at")[0] == "2026-03-01T08:15:30+08:00"
    assert values("taken_at")[1].endswith("Z")
    assert values("latitude") == ["31.225000", ""]
    assert values("longitude") == ["121.470000", ""]


def test_photo_just_taken_asks_the_device_where(site: Site, page: "Page") -> None:
    site.page(PHOTOS.replace("data-photo", "data-photo data-photo-position"))
    page.goto("/")
    page.set_input_files(
        "input", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo(30, 20)}
    )
    page.wait_for_selector("input[data-ready='1']")
    assert page.input_value("input[name=photos_latitude]") == "31.235000"


def test_a_file_that_is_no_photo_goes_as_it_is(site: Site, page: "Page") -> None:
    site.answers["/done"] = 200
    site.page(PHOTOS)
    page.goto("/")
    page.set_input_files(
        "input", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8x"}
    )
    page.click("button")
    wait_until_posted(page, site, 1)
    assert b"\xff\xd8x" in site.posted[0].body


def test_upload_shows_its_progress_and_then_the_next_page(site: Site, page: "Page") -> None:
    site.answers["/done"] = 200
    site.page(
        """<form method="post" action="/done" enctype="multipart/form-data" hx-boost="true">
        <input type="file" name="film"><progress data-upload-progress hidden></progress>
        <button>Send</button></form>"""
    )
    site.page("<p id='arrived'>Thank you</p>", path="/done")
    page.goto("/")
    page.evaluate("""() => {
        window.seen = 0;
        const watcher = new MutationObserver(() => (window.seen += 1));
        watcher.observe(document.querySelector("progress"), {attributeFilter: ["value"]});
    }""")
    page.set_input_files(
        "input", {"name": "a.bin", "mimeType": "application/x-film", "buffer": bytes(4_000_000)}
    )
    page.click("button")
    page.wait_for_selector("#arrived")
    assert page.evaluate("window.seen") > 0
    assert page.url.endswith("/done")
    assert site.posted[0].headers["X-CSRFToken"] == "token-1"


def test_refused_answers_come_back_with_their_errors(site: Site, page: "Page") -> None:
    site.answers["/done"] = 422
    site.page("<form method='post' action='/done' hx-boost='true'><button>Send</button></form>")
    site.page("<p id='error'>Say where it is.</p>", path="/done")
    page.goto("/")
    page.click("button")
    page.wait_for_selector("#error")


def test_form_is_sent_without_javascript(site: Site, browser: "Browser") -> None:
    site.answers["/done"] = 200
    site.page(DRAFT + PHOTOS + "<button hidden data-copy='x'>Copy</button>")
    site.page("Done", path="/done")
    context = browser.new_context(base_url=site.address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.fill("#title", "x")
    page.click("[data-primary]")
    assert page.url.endswith("/done")
    assert ("title", "x") in site.posted[0].fields
    context.close()


def test_files_that_are_too_large_are_refused_at_their_field_and_the_text_stays(
    site: Site, page: "Page"
) -> None:
    site.page(
        """<meta name="most-bytes" content="1048576" data-words="{chosen} of {most} MB">
        <form method="post" action="/done" enctype="multipart/form-data">
          <textarea name="words" id="words"></textarea>
          <input type="file" name="files" id="files" multiple><button>Send</button>
        </form>"""
    )
    page.goto("/")
    page.fill("#words", "门口有垃圾")
    big = {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"x" * 1_200_000}
    page.set_input_files("#files", [big])  # type: ignore[list-item]
    page.click("button")
    assert page.inner_text("[data-too-large]") == "1.1 of 0.9 MB"
    assert page.get_attribute("#files", "aria-invalid") == "true"
    assert page.input_value("#words") == "门口有垃圾"
    assert site.posted == []
    small = {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"x" * 1_000}
    page.set_input_files("#files", [small])  # type: ignore[list-item]
    assert page.query_selector("[data-too-large]") is None
    page.click("button")
    wait_until_posted(page, site, 1)
    assert "门口有垃圾".encode() in site.posted[0].body
