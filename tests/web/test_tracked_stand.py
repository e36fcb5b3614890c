"""The page of a case says how far it is: done, not checked before anybody has; taken up again."""

import re

from app.json_types import JsonObject
from tests.support import walk
from tests.support.callback import JUSTIFIED
from tests.support.district import District


def page(district: District, receipt: walk.Receipt, language: str = "en") -> str:
    """Return the words on the page of a case."""
    answer = district.app.test_client().get(
        f"/track/{receipt.token}", headers={"Accept-Language": language}
    )
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def test_nothing_is_called_checked_before_anybody_went_to_see(district: District) -> None:
    receipt = walk.report(language="en")
    for login, step, answers in walk.TO_CALLBACK[:-1]:
        walk.do(district[login], receipt.case_key, step, answers)
    assert set(walk.open_tasks(receipt.case_key)) == {"site_check"}
    shown = page(district, receipt)
    assert "The work is done" in shown
    assert "was checked" not in shown
    assert "and checked" not in shown


def test_a_case_that_is_handled_anew_says_so(district: District) -> None:
    receipt = walk.report(language="en")
    key = receipt.case_key
    walk.to_callback(district, key)
    again = "Worked on again"
    assert again not in page(district, receipt)
    bad: JsonObject = {"grade": "5", "resolved": "no", "tags": [], "comment": "Still there."}
    walk.send(key, "RatingReceived", **bad)
    walk.do(district["officer"], key, "verify_bad_rating", {**JUSTIFIED})
    assert again in page(district, receipt)
    walk.do(district["dispatcher"], key, "dispatch", walk.DISPATCHED)
    for login, step, answers in walk.TO_CALLBACK[1:]:
        walk.do(district[login], key, step, answers)
    assert again not in page(district, receipt)
