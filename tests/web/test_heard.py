"""What a reporter said stands on the page of the case, and with whoever has to do it again."""

from app.clock import moved_to
from tests.support import callback, walk
from tests.support.callback import DAY, JUSTIFIED
from tests.support.district import TUESDAY_NINE, District
from tests.web.conftest import Login
from tests.web.test_tasks import claimed

LATER = TUESDAY_NINE + DAY
WORDS = "The drain smells still."
SECRET_WORDS = "Only the lid was put back."


def test_every_round_is_read_on_the_page_of_the_case_the_newest_first(
    district: District, login: Login
) -> None:
    case = callback.handled(district)
    callback.wait_until(LATER)
    said = {"contacted": "yes", "resolved": "partly", "grade": "4", "result_grade": "5"}
    callback.do(district, "callback", case, "callback_task", {**said, "quote": WORDS}, at=LATER)
    callback.do(district, "supervisor", case, "verify_bad_rating", JUSTIFIED, at=LATER)
    with moved_to(LATER):
        handler = login("handler")
        address, _ = claimed(handler, case.case_key, "rectify")
        assert WORDS in handler.get(address).text
        page = login("supervisor").get(f"/cases/{case.case_key}").text
    heard = page[page.index('id="heard"') :]
    assert "What the reporter said" in page
    assert "On the telephone" in heard
    assert "All in all: Dissatisfied." in heard
    assert "The result: Very dissatisfied." in heard
    assert WORDS in heard
    callback.do(district, "handler", case, "rectify", callback.PUT_RIGHT, at=LATER)
    again = {**callback.CALLED, "quote": "It is dry now."}
    callback.do(district, "callback", case, "second_callback", again, at=LATER)
    chinese = login("supervisor").language("zh-CN").get(f"/cases/{case.case_key}").text
    assert chinese.index("It is dry now.") < chinese.index(WORDS)
    assert "上报人评价" in chinese
    assert "再次电话回访" in chinese


def test_the_words_of_a_confidential_case_stay_within_the_grid_line(
    district: District, login: Login
) -> None:
    with moved_to(TUESDAY_NINE):
        case = walk.report(name="Wang", phone="13800000000", is_confidential=True)
        walk.to_callback(district, case.case_key)
    callback.rate(case, "5", resolved="no", comment=SECRET_WORDS)
    assert SECRET_WORDS in login("supervisor").get(f"/cases/{case.case_key}").text
    seen = login("handler").get(f"/cases/{case.case_key}").text
    assert "What the reporter said" in seen
    assert SECRET_WORDS not in seen
    assert SECRET_WORDS not in login("handler").get(f"/cases/{case.case_key}/print").text
    callback.do(district, "supervisor", case, "verify_bad_rating", JUSTIFIED, at=TUESDAY_NINE)
    with moved_to(TUESDAY_NINE):
        walk.do(district["dispatcher"], case.case_key, "dispatch", walk.DISPATCHED)
        walk.do(district["clerk"], case.case_key, "sign_for", walk.SIGNED)
        handler = login("handler")
        address, _ = claimed(handler, case.case_key, "handle")
        assert SECRET_WORDS not in handler.get(address).text


def test_whoever_handles_a_reopened_case_reads_what_was_said(
    district: District, login: Login
) -> None:
    with moved_to(TUESDAY_NINE):
        case = walk.report()
        walk.to_callback(district, case.case_key)
    callback.rate(case, "5", resolved="no", comment=WORDS)
    callback.do(district, "supervisor", case, "verify_bad_rating", JUSTIFIED, at=TUESDAY_NINE)
    with moved_to(TUESDAY_NINE):
        walk.do(district["dispatcher"], case.case_key, "dispatch", walk.DISPATCHED)
        walk.do(district["clerk"], case.case_key, "sign_for", walk.SIGNED)
        handler = login("handler")
        address, _ = claimed(handler, case.case_key, "handle")
        assert WORDS in handler.get(address).text


def test_the_page_of_a_case_says_why_it_is_left_out_of_the_rates(
    district: District, login: Login
) -> None:
    left_out = {"screen_code": "unreasonable", "screen_evidence": "It is a park, not a dump."}
    key = walk.report().case_key
    walk.do(district["officer"], key, "triage", {**walk.TRIAGED, **left_out})
    page = login("supervisor").get(f"/cases/{key}").text
    facts = page[page.index('id="facts-title"') : page.index('id="reporters"')]
    assert "Left out of the rates" in facts
    assert "Unreasonable" in facts
    assert "It is a park, not a dump." in facts
    assert "不计入统计" in login("supervisor").language("zh-CN").get(f"/cases/{key}").text
