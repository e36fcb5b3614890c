"""What stood out to whoever rated is read on the page of the case and behind the rates."""

from app.clock import moved_to
from tests.support import callback, walk
from tests.support.district import TUESDAY_NINE, District
from tests.web.conftest import Login

BEHIND = "/rates/cases?measure=rated&month=2026-11"


def test_tags_are_read_in_words_beside_the_grade(district: District, login: Login) -> None:
    case = callback.handled(district)
    callback.rate(case, "4", resolved="yes", tags=["slow", "no_explanation"])
    for page in (f"/cases/{case.case_key}", f"/cases/{case.case_key}/print"):
        seen = login("supervisor").get(page).get_data(as_text=True)
        assert "What stood out" in seen
        assert "Too slow, Nobody explained" in seen
    with moved_to(TUESDAY_NINE):
        chinese = login("supervisor").language("zh-CN")
        assert "太慢、没有解释清楚" in chinese.get(BEHIND).get_data(as_text=True)


def test_a_case_rated_without_tags_shows_none(district: District, login: Login) -> None:
    case = callback.handled(district)
    callback.rate(case, "1", resolved="yes", tags=[])
    assert walk.case_row(case.case_key)["grade"] == 1
    page = login("supervisor").get(f"/cases/{case.case_key}").get_data(as_text=True)
    assert "What stood out" not in page
