"""Every route is closed by default, every answer carries its headers, every write its token."""

import pytest

from app.web.access import declared_access
from app.web.headers import CONTENT_SECURITY_POLICY
from tests.support import walk
from tests.support.district import District
from tests.web.conftest import PASSWORD, Browser, Login


def test_every_route_declares_who_may_call_it(district: District) -> None:
    endpoints = {rule.endpoint for rule in district.app.url_map.iter_rules()}
    closed = [name for name in endpoints if declared_access(district.app, name) is None]
    assert closed == []


def test_a_route_without_a_declaration_stays_closed(
    district: District, login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = login("officer")
    view = district.app.view_functions["notices.show"]
    monkeypatch.delattr(view, "declared_access")
    assert browser.get("/notices").status_code == 403


def test_pages_carry_the_strict_headers(visitor: Browser, login: Login) -> None:
    for answer in (visitor.get("/sign-in"), login("officer").get("/inbox")):
        assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "geolocation=(self)" in answer.headers["Permissions-Policy"]


def test_no_page_holds_inline_script_or_style(login: Login) -> None:
    case_key = walk.report().case_key
    officer = login("officer")
    for address in ("/inbox", "/cases", "/overdue", "/notices", f"/cases/{case_key}"):
        text = officer.get(address).get_data(as_text=True)
        assert " style=" not in text
        assert "<script>" not in text
        assert "hx-on" not in text


def test_whoever_is_not_signed_in_is_led_to_the_sign_in(visitor: Browser) -> None:
    answer = visitor.get("/cases?q=lamp")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/sign-in?next=/cases?q%3Dlamp"


def test_a_role_without_the_page_is_told_so(login: Login) -> None:
    answer = login("handler").get("/overdue")
    assert answer.status_code == 403
    assert "Your role does not allow this" in answer.get_data(as_text=True)


def test_a_write_without_the_token_is_refused_and_keeps_what_was_typed(login: Login) -> None:
    case_key = walk.report().case_key
    browser = login("officer")
    browser.token = "forged"
    answer = browser.post(f"/cases/{case_key}/remarks", {"body": "Please look twice"})
    assert answer.status_code == 400
    assert "Please look twice" in answer.get_data(as_text=True)


def test_what_another_site_sends_is_not_carried_on(login: Login) -> None:
    browser = login("officer")
    answer = browser.client.post(
        "/cases/1/remarks", data={"body": "planted"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 400
    assert "planted" not in answer.get_data(as_text=True)


def test_text_survives_the_end_of_a_session(district: District, login: Login) -> None:
    case_key = walk.report().case_key
    browser = login("officer")
    browser.post("/sign-out", {})
    late = browser.post(f"/cases/{case_key}/remarks", {"body": "Typed for an hour"})
    assert late.status_code == 401
    browser.get("/sign-in")
    again = browser.post(
        "/sign-in",
        {
            "login": "officer",
            "password": PASSWORD,
            "kept": '[["body", "Typed for an hour"]]',
            "kept_for": f"/cases/{case_key}/remarks",
        },
    )
    assert again.status_code == 200
    assert "Typed for an hour" in again.get_data(as_text=True)


def test_the_secret_of_a_session_changes_with_every_sign_in(login: Login) -> None:
    first = login("officer")
    cookie = first.client.get_cookie("whistle_session")
    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    first.get("/sign-in")
    first.post("/sign-in", {"login": "officer", "password": PASSWORD})
    renewed = first.client.get_cookie("whistle_session")
    assert renewed is not None
    assert renewed.value != cookie.value


def test_a_wrong_password_is_answered_in_words(visitor: Browser) -> None:
    visitor.get("/sign-in")
    answer = visitor.post("/sign-in", {"login": "officer", "password": "guess"})
    assert answer.status_code == 422
    assert "账号或密码不正确" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "target", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_sent_to_another_site(visitor: Browser, target: str) -> None:
    answer = visitor.client.get("/language/en", query_string={"next": target})
    assert answer.headers["Location"] == "/"


def test_a_page_that_does_not_exist_says_so_calmly(visitor: Browser) -> None:
    answer = visitor.get("/nowhere")
    assert answer.status_code == 404
    assert "<h1>没有找到</h1>" in answer.get_data(as_text=True)
    assert "该地址下没有页面" in answer.get_data(as_text=True)
    assert ">返回首页</a>" in answer.get_data(as_text=True)


def test_more_than_may_be_sent_is_refused_in_words(login: Login) -> None:
    case_key = walk.report().case_key
    browser = login("officer")
    too_much = "x" * (browser.client.application.config["MAX_CONTENT_LENGTH"] + 1)
    answer = browser.post(f"/cases/{case_key}/remarks", {"body": too_much})
    assert answer.status_code == 413
    assert "more than can be sent at once" in answer.get_data(as_text=True)
