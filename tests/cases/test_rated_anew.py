"""A case that is handled again after its callback is rated again: each round keeps its own word."""

from sqlalchemy import select

from app.cases.tracking import track
from app.store.db import reading
from app.store.tables.evaluations import evaluation
from tests.support import walk
from tests.support.callback import JUSTIFIED
from tests.support.district import District


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
