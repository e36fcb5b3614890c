"""A bad rating is put right on the pages, by the right people, in English and Chinese."""

from datetime import timedelta

from app.clock import moved_to
from tests.support import callback, walk
from tests.support.district import TUESDAY_NINE, District
from tests.web.conftest import Browser, Login
from tests.web.test_tasks import claimed

LATER = TUESDAY_NINE + timedelta(days=1)


def done(browser: Browser, case_key: int, element_id: str, **answers: object) -> int:
    """Claim the open task of a step on its page, fill it in and return the answer's status."""
    address, version = claimed(browser, case_key, element_id)
    browser.get(address)
    return browser.post(address, {"_version": version, **answers}).status_code


def test_a_bad_rating_is_verified_rectified_and_asked_about_again(
    district: District, login: Login, visitor: Browser
) -> None:
    case = callback.handled(district)
    callback.rate(case, "5", resolved="partly", comment="Half of it still lies there.")
    with moved_to(TUESDAY_NINE):
        officer = login("officer")
        address, _ = claimed(officer, case.case_key, "verify_bad_rating")
        assert "Half of it still lies there." in officer.get(address).text
        found = {"verdict": "justified", "finding": "Two bags were left behind."}
        assert done(officer, case.case_key, "verify_bad_rating", **found) == 303
        handler = login("handler")
        address, _ = claimed(handler, case.case_key, "rectify")
        assert "Two bags were left behind." in handler.get(address).text
        assert done(handler, case.case_key, "rectify", measures="Took both away.") == 422
        right = {"measures": "Took both away.", "public_reply": "Both bags are gone."}
        assert done(handler, case.case_key, "rectify", **right) == 303
        assert "Both bags are gone." in visitor.get(f"/track/{case.token}").text
        agent = login("callback").language("zh-CN")
        address, _ = claimed(agent, case.case_key, "second_callback")
        page = agent.get(address).text
        assert "Took both away." in page
        assert "每次回访须在不同日期" in page
        assert done(agent, case.case_key, "second_callback", **callback.CALLED) == 303
        seen = agent.get(f"/cases/{case.case_key}").text
    assert "已电话回访上报人：已解决，评价：满意。" in seen
    assert walk.case_row(case.case_key)["outcome"] == "resolved"


def test_a_call_without_what_was_said_comes_back(district: District, login: Login) -> None:
    case = callback.handled(district)
    callback.wait_until(LATER)
    with moved_to(LATER):
        agent = login("callback")
        assert done(agent, case.case_key, "callback_task", contacted="yes") == 422
        assert done(agent, case.case_key, "callback_task", contacted="no") == 422
        assert done(agent, case.case_key, "callback_task", **callback.NO_ANSWER) == 303
    assert walk.open_tasks(case.case_key) == {}


def test_the_unit_that_handled_it_is_not_offered_the_call(district: District, login: Login) -> None:
    callback.handled(district)
    callback.wait_until(LATER)
    with moved_to(LATER):
        for name in ("handler", "leader", "clerk"):
            assert "Call the reporter" not in login(name).get("/inbox?tab=groups").text
        assert "Call the reporter" in login("callback").get("/inbox?tab=groups").text


def test_supervisors_hear_of_what_was_not_put_right(district: District, login: Login) -> None:
    case = callback.handled(district)
    callback.rate(case, "5", resolved="partly")
    callback.do(district, "officer", case, "verify_bad_rating", callback.JUSTIFIED, at=TUESDAY_NINE)
    callback.do(district, "handler", case, "rectify", callback.PUT_RIGHT, at=TUESDAY_NINE)
    bad = {**callback.CALLED, "grade": "5"}
    callback.do(district, "callback", case, "second_callback", bad, at=TUESDAY_NINE)
    with moved_to(TUESDAY_NINE):
        bell = login("supervisor").get("/notices").text
        story = login("supervisor").get(f"/cases/{case.case_key}").text
    assert case.number in bell
    assert "supervision is asked for" in story
