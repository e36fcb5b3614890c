"""A year drawn through: 2026 with its make-up days, the turn to 2027, and its publication.

Each limit is computed by hand beside the test, on the holidays the State Council published for
2026: the Spring Festival is off from Sunday 15 to Monday 23 February, worked on Saturdays 14 and 28
February instead; National Day is off from Thursday 1 to Wednesday 7 October, worked on Sunday 20
September and Saturday 10 October. The district works from 9:00 to 12:00 and from 13:00 to 17:30.
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from app.cases import recount
from app.cases.calendar import extend_calendar
from app.cases.calendar_editing import Work, change_days, publish_year
from app.clock import moved_to
from app.store.db import reading, transaction
from app.store.tables.cases import deadline_ledger
from tests.support import walk
from tests.support.district import District

ZONE = ZoneInfo("Asia/Shanghai")


def local(month: int, day: int, hour: int, minute: int = 0, *, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZONE).astimezone(UTC)


@pytest.fixture
def filled(district: District) -> District:
    with moved_to(local(1, 5, 9)), transaction() as tx:
        extend_calendar(tx)
    return district


def established(district: District, at: datetime) -> int:
    """Return a case whose five working days begin at that instant."""
    with moved_to(at):
        key = walk.report().case_key
        walk.do(district["officer"], key, "triage", walk.TRIAGED)
    return key


@pytest.mark.parametrize(
    ("begun", "due"),
    [
        # Monday 2 March: Tuesday 1, Wednesday 2, Thursday 3, Friday 4, Monday 5.
        (local(3, 2, 9), local(3, 9, 9)),
        # Friday 13 February: Saturday 14 is worked (1), the festival is not, Tuesday 24 (2),
        # Wednesday 3, Thursday 4, Friday 27 (5).
        (local(2, 13, 16), local(2, 27, 16)),
        # Friday 27 February: Saturday 28 is worked (1), Monday 2 March (2), … Thursday 5 (5).
        (local(2, 27, 10), local(3, 5, 10)),
        # Saturday 19 September counts from Sunday 20, which is worked, at nine: Monday 1,
        # Tuesday 2, Wednesday 3, Thursday 4, Friday 25 is the Mid-Autumn Festival, Monday 28 (5).
        (local(9, 19, 11), local(9, 28, 9)),
        # Wednesday 30 September: Thursday 8 October (1), Friday (2), Saturday 10 is worked (3),
        # Monday 12 (4), Tuesday 13 (5).
        (local(9, 30, 17), local(10, 13, 17)),
    ],
)
def test_five_working_days_over_the_holidays_of_2026(
    filled: District, begun: datetime, due: datetime
) -> None:
    row = walk.case_row(established(filled, begun))
    assert (row["due_at"], row["is_due_provisional"]) == (due, False)


def test_the_turn_into_2027_is_provisional_and_its_publication_tells_of_each_limit(
    filled: District,
) -> None:
    """Wednesday 30 December at four: Thursday 31 (1), then days nobody has published: Friday 1 (2),
    Monday 4 (3), Tuesday 5 (4), Wednesday 6 January (5). With Friday 1 January off: Thursday 7.
    """
    begun = local(12, 30, 16)
    keys = [established(filled, begun) for _ in range(2)]
    rows = [walk.case_row(key) for key in keys]
    assert {row["due_at"] for row in rows} == {local(1, 6, 16, year=2027)}
    assert all(row["is_due_provisional"] for row in rows)
    with moved_to(local(12, 31, 9)):
        new_year = date(2027, 1, 1)
        change_days(filled["admin"], first=new_year, last=None, work=Work.OFF, name="New Year")
        publish_year(filled["admin"], 2027)
        recount.recount()
    for key in keys:
        row = walk.case_row(key)
        assert (row["due_at"], row["is_due_provisional"]) == (local(1, 7, 16, year=2027), False)
        told = [line for line in walk.journal_of(key) if line["kind"] == "limit_recounted"]
        assert [line["data"]["limit"] for line in told] == ["5 wd"]
        with reading() as connection:
            query = select(deadline_ledger).where(
                deadline_ledger.c.case_key == key, deadline_ledger.c.limit_name == "handle"
            )
            lines = list(connection.execute(query.order_by(deadline_ledger.c.key)).mappings())
        assert [line["action"] for line in lines] == ["set", "recounted"]
        assert lines[1]["previous_due_at"] == local(1, 6, 16, year=2027)


def test_the_first_reply_over_the_turn_of_the_year(filled: District) -> None:
    """Thursday 31 December at four: a working day is Friday 1 January, while nobody knows; with
    that day off it is Monday 4 January at four.
    """
    key = established(filled, local(12, 31, 16))
    assert told(key) == [("set", local(1, 1, 16, year=2027), True)]
    with moved_to(local(12, 31, 17)):
        day = date(2027, 1, 1)
        change_days(filled["admin"], first=day, last=None, work=Work.OFF, name="New Year")
        publish_year(filled["admin"], 2027)
        recount.recount()
    assert told(key)[1:] == [("recounted", local(1, 4, 16, year=2027), False)]


def told(case_key: int) -> list[tuple[str, datetime, bool]]:
    """Return the lines of the first reply: what happened, until when, whether it may change."""
    line = deadline_ledger.c
    query = select(line.action, line.due_at, line.is_provisional).where(
        line.case_key == case_key, line.limit_name == "first_reply"
    )
    with reading() as connection:
        return [tuple(row) for row in connection.execute(query.order_by(line.key))]
