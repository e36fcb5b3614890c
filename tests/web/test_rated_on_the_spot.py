"""Who rates by the slip a colleague showed has rated on the spot, and the case says so."""

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select, update

from app.clock import moved_to
from app.store.db import reading, transaction
from app.store.tables.cases import cases, submission
from app.store.tables.evaluations import evaluation
from app.store.tables.runtime import message
from tests.support import callback, residents, walk
from tests.support.district import TUESDAY_NINE, District
from tests.web.conftest import Browser, Login


def kinds() -> list[tuple[str, int]]:
    with reading() as connection:
        rows = connection.execute(select(evaluation.c.kind, evaluation.c.grade))
        return [(str(row.kind), int(row.grade)) for row in rows]


def handled(case_key: int) -> None:
    with transaction() as tx:
        here = update(cases).where(cases.c.key == case_key)
        tx.connection.execute(here.values(handled_at=TUESDAY_NINE))


def link_on_slip(login: Login, case_key: int) -> str:
    slip = login("dispatcher").post(f"/cases/{case_key}/rating-slip", {})
    found = re.search(r'class="rating-link">([^<]+)<', slip.text)
    assert found is not None
    return "/" + unescape(found[1]).split("/", 3)[3]


def place_of(page: str) -> str:
    """Return where the rating form of a page is sent."""
    found = re.search(r'action="(/track/[^"]+)"[^>]*>(?:(?!</form>).)*name="grade"', page, re.S)
    assert found is not None
    return unescape(found[1])


def rate(visitor: Browser, address: str, grade: str) -> None:
    page = visitor.language("en").get(address).text
    refused = visitor.post(place_of(page), {"grade": "9"})
    assert refused.status_code == 422
    fields = dict(re.findall(r'name="(_once|_group)" value="([^"]*)"', refused.text))
    sent = visitor.post(place_of(refused.text), {**fields, "grade": grade, "resolved": "yes"})
    assert sent.status_code == 303, sent.text


@pytest.mark.parametrize(("by_slip", "kind"), [(True, "device"), (False, "token")])
def test_the_way_to_the_page_is_kept_with_the_rating(
    district: District, login: Login, visitor: Browser, by_slip: bool, kind: str
) -> None:
    receipt = callback.handled(district)
    handled(receipt.case_key)
    with moved_to(TUESDAY_NINE + timedelta(hours=1)):
        slip = link_on_slip(login, receipt.case_key)
        assert slip == f"/track/{receipt.token}?by=slip"
        rate(visitor, slip if by_slip else f"/track/{receipt.token}", "2")
    assert kinds() == [(kind, 2)]
    story = login("dispatcher").get(f"/cases/{receipt.case_key}").text
    assert ("Rated by the reporter on the spot: Satisfied." in story) is by_slip
    with reading() as connection:
        answers = connection.execute(
            select(submission.c.answers).where(submission.c.element_id == "rated")
        ).scalars()
        assert all("kind" not in each for each in answers)


def test_one_that_comes_before_anybody_waits_for_it_is_kept_as_such(
    district: District, login: Login, visitor: Browser
) -> None:
    residents.handling()
    receipt = walk.report()
    with moved_to(TUESDAY_NINE):
        walk.do(district["officer"], receipt.case_key, "handle", {"measures": "Swept"})
        rate(visitor, link_on_slip(login, receipt.case_key), "1")
        callback_says = walk.journal_of(receipt.case_key)[-1]["kind"]
    assert callback_says == "rating_received"
    with reading() as connection:
        kept = connection.execute(select(message.c.variables)).scalars().all()
    assert [each["kind"] for each in kept if "grade" in each] == ["device"]


def test_a_made_up_way_counts_as_none(district: District, visitor: Browser) -> None:
    receipt = callback.handled(district)
    handled(receipt.case_key)
    with moved_to(TUESDAY_NINE + timedelta(hours=1)):
        rate(visitor, f"/track/{receipt.token}?by=callback", "2")
    assert kinds() == [("token", 2)]
