"""A case that is handled again after its callback is rated again: each round keeps its own word."""

from sqlalchemy import select

from app.cases import messages
from app.cases.resident_answering import rate
from app.cases.tracking import track
from app.store.db import reading
from app.store.tables.evaluations import evaluation
from tests.support import walk
from tests.support.callback import JUSTIFIED
from tests.support.district import District
from tests.support.residents import posting


def grades(case_key: int) -> list[int | None]:
    with reading() as connection:
        query = select(evaluation.c.grade).where(evaluation.c.case_key == case_key)
        return list(connection.execute(query.order_by(evaluation.c.round)).scalars())


def test_what_was_said_of_the_first_round_does_not_stand_for_the_second(district: District) -> None:
    receipt = walk.report()
    key = receipt.case_key
    walk.to_callback(district, key)
    walk.send(key, "RatingReceived", grade=5, resolved="no", tags=[], comment="All still there.")
    assert walk.case_row(key)["grade"] == 5
    walk.do(district["officer"], key, "verify_bad_rating", {**JUSTIFIED})
    assert set(walk.open_tasks(key)) == {"dispatch"}
    row = walk.case_row(key)
    assert (row["grade"], row["resolved"], row["callback_outcome"]) == (None, None, None)
    assert not track(receipt.token).can_rate, "nothing is handled yet"
    walk.do(district["dispatcher"], key, "dispatch", {**walk.DISPATCHED})
    for login, step, answers in walk.TO_CALLBACK[1:]:
        walk.do(district[login], key, step, answers)
    assert track(receipt.token).can_rate
    walk.rate(key, grade=1)
    walk.do(district["dispatcher"], key, "close", walk.CLOSED)
    assert walk.case_row(key)["grade"] == 1
    assert grades(key) == [5, 1]


FAILED = {**walk.CHECKED, "verdict": "fail", "note": "The bags still lie there."}
BAD = {"grade": "5", "resolved": "no", "comment": "Nothing was done."}


def test_a_rating_from_before_a_failed_check_does_not_stand_for_what_is_done_after_it(
    district: District,
) -> None:
    case = walk.report()
    key = case.case_key
    for login, step, answers in walk.TO_CALLBACK[:-1]:
        walk.do(district[login], key, step, answers)
    rate(case.token, posting(**BAD))
    assert track(case.token).offers.has_rated
    walk.do(district["worker"], key, "site_check", FAILED)
    messages.deliver_buffered()
    assert set(walk.open_tasks(key)) == {"handle"}
    assert not track(case.token).offers.has_rated
    assert not track(case.token).can_rate, "nothing is handled yet"
    lines = [line["kind"] for line in walk.journal_of(key)]
    assert lines.count("rating_dropped") == 1
    for login, step, answers in walk.TO_CALLBACK[2:]:
        walk.do(district[login], key, step, answers)
    assert set(walk.open_tasks(key)) == set(), "the reporter is asked now"
    assert walk.case_row(key)["grade"] is None
    assert track(case.token).can_rate
    rate(case.token, posting(grade="1", resolved="yes"))
    assert set(walk.open_tasks(key)) == {"close"}
    assert grades(key) == [1]


def test_a_failed_check_says_nothing_of_a_rating_where_there_was_none(
    sqlite_district: District,
) -> None:
    key = walk.report().case_key
    for login, step, answers in walk.TO_CALLBACK[:-1]:
        walk.do(sqlite_district[login], key, step, answers)
    walk.do(sqlite_district["worker"], key, "site_check", FAILED)
    assert "rating_dropped" not in [line["kind"] for line in walk.journal_of(key)]
