"""What is sent back or reopened again and again: how often is shown, and the table's roles hear."""

from app.json_types import JsonObject
from tests.support import walk
from tests.support.callback import JUSTIFIED
from tests.support.district import District
from tests.support.residents import kinds, told

AGAIN: JsonObject = {"verdict": "rework", "rework_reason": "Photograph it."}


def test_the_third_rework_rings_and_each_shows_its_count(district: District) -> None:
    key = walk.report().case_key
    for login, step, answers in walk.TO_CALLBACK[:2]:
        walk.do(district[login], key, step, answers)
    supervisor = (None, "supervisor", district.units["DISTRICT"])
    for count in range(3):
        assert walk.open_tasks(key)["handle"]["inputs"]["reworks"] == count
        assert told("reworked_often") == []
        walk.do(district["handler"], key, "handle", walk.HANDLED)
        assert walk.open_tasks(key)["review_result"]["inputs"]["reworks"] == count
        walk.do(district["leader"], key, "review_result", AGAIN)
    assert told("reworked_often") == [supervisor]
    assert kinds(key).count("reworked_often") == 1


def test_the_second_reopening_rings(district: District) -> None:
    key = walk.report().case_key
    walk.to_callback(district, key)
    for dispatcher in ("dispatcher", "district"):
        assert told("reopened_often") == []
        walk.send(key, "RatingReceived", grade="5", resolved="no", tags=[], comment="No.")
        walk.do(district["officer"], key, "verify_bad_rating", {**JUSTIFIED})
        walk.do(district[dispatcher], key, "dispatch", walk.DISPATCHED)
        if dispatcher == "dispatcher":
            for login, step, answers in walk.TO_CALLBACK[1:]:
                walk.do(district[login], key, step, answers)
    assert told("reopened_often") == [(None, "supervisor", district.units["DISTRICT"])]
    assert kinds(key).count("reopened_often") == 1
