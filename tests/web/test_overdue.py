"""What is overdue, as a table for a spreadsheet."""

import csv
import io
from datetime import timedelta

import pytest

from app.cases.resident_urging import urge
from app.clock import moved_to
from tests.support import walk
from tests.support.district import TUESDAY_NINE
from tests.web.conftest import Login

NAME, PHONE = "Wang Xiaofang", "13812345678"


@pytest.mark.parametrize(("language", "heading"), [("en", "Times urged"), ("zh-CN", "催办次数")])
def test_the_table_says_how_often_each_case_was_urged_and_by_nobodys_name(
    login: Login, language: str, heading: str
) -> None:
    with moved_to(TUESDAY_NINE):
        calm = walk.report()
        urged = walk.report(name=NAME, phone=PHONE, has_consented=True, is_confidential=True)
    for day in (1, 3):
        with moved_to(TUESDAY_NINE + timedelta(days=day)):
            urge(urged.token)
    with moved_to(TUESDAY_NINE + timedelta(days=4)):
        answer = login("supervisor").language(language).get("/overdue.csv")
    text = answer.get_data(as_text=True).removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text)))
    number = next(iter(rows[0]))
    assert {row[number]: row[heading] for row in rows} == {calm.number: "0", urged.number: "2"}
    assert NAME not in text
    assert PHONE not in text
