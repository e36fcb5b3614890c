"""The slip by which a reporter rates: of handled cases, for who may see reporters, and noted."""

import re

from sqlalchemy import update

from app.cases import tokens
from app.clock import moved_to
from app.store.db import reading, transaction
from app.store.tables.cases import cases
from app.web.staff.rating_slip import drawn
from tests.support import walk
from tests.support.district import TUESDAY_NINE, District
from tests.web.conftest import Login


def handled(**reported: object) -> int:
    """Return a case that has been handled."""
    case_key = walk.report(**reported).case_key
    with transaction() as tx:
        tx.connection.execute(
            update(cases).where(cases.c.key == case_key).values(handled_at=TUESDAY_NINE)
        )
    return case_key


def test_a_handled_case_offers_a_slip_with_the_reporters_link(
    district: District, login: Login
) -> None:
    with moved_to(TUESDAY_NINE):
        case_key = handled()
    browser = login("dispatcher")
    assert f"/cases/{case_key}/rating-slip" in browser.get(f"/cases/{case_key}").text
    slip = browser.post(f"/cases/{case_key}/rating-slip", {})
    link = re.search(r'class="rating-link">([^<]+)<', slip.text)
    assert link is not None
    with reading() as connection:
        near = {tokens.for_reporter(connection, case_key + step) for step in range(-50, 50)}
    assert link[1].rpartition("/")[2].removesuffix("?by=slip") in near
    assert str(drawn(link[1])) in slip.text
    assert " style=" not in slip.text
    assert slip.headers["Cache-Control"] == "no-store"
    kinds = [line["kind"] for line in walk.journal_of(case_key)]
    assert kinds[-1] == "slip_printed"


def test_a_case_that_is_not_handled_has_nothing_to_rate(login: Login) -> None:
    case_key = walk.report().case_key
    browser = login("dispatcher")
    assert "rating-slip" not in browser.get(f"/cases/{case_key}").text
    refused = browser.post(f"/cases/{case_key}/rating-slip", {})
    assert refused.status_code >= 400
    assert "has not been handled yet" in refused.text
    assert walk.journal_of(case_key)[-1]["kind"] != "slip_printed"


def test_who_may_not_see_the_reporter_gets_no_slip(login: Login) -> None:
    case_key = handled(is_confidential=True)
    browser = login("officer")
    assert "rating-slip" not in browser.get(f"/cases/{case_key}").text
    assert browser.post(f"/cases/{case_key}/rating-slip", {}).status_code == 403
    assert login("parks_handler").post(f"/cases/{case_key}/rating-slip", {}).status_code == 404


def test_a_slip_speaks_the_reporters_language(login: Login) -> None:
    browser = login("dispatcher")
    seen = browser.post(f"/cases/{handled(language='zh-CN')}/rating-slip", {}).text
    assert "扫描二维码" in seen
    assert "Scan" not in seen
    assert "The journal keeps who did." in seen
    browser.language("zh-CN")
    seen = browser.post(f"/cases/{handled(language='en')}/rating-slip", {}).text
    assert "Scan the code" in seen
    assert "扫描二维码" not in seen
