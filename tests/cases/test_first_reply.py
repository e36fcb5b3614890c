"""The limit of a first reply: set with the case, met by what the handler says of the contact."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.clock import moved_to
from app.json_types import Json, JsonObject
from app.store.db import reading
from app.store.tables.cases import deadline_ledger
from tests.support import walk
from tests.support.district import TUESDAY_NINE, District


def told(case_key: int) -> list[str]:
    query = (
        select(deadline_ledger.c.action)
        .where(
            deadline_ledger.c.case_key == case_key,
            deadline_ledger.c.limit_name == "first_reply",
        )
        .order_by(deadline_ledger.c.key)
    )
    with reading() as connection:
        return [str(each) for each in connection.execute(query).scalars()]


def handled(district: District, contact: dict[str, Json], **facts: Json) -> int:
    """Handle a case two days after it came in, with what the form says of the contact."""
    with moved_to(TUESDAY_NINE):
        key = walk.report(**facts).case_key
        walk.do(district["officer"], key, "triage", walk.TRIAGED)
        walk.do(district["clerk"], key, "sign_for", walk.SIGNED)
    answers: JsonObject = {**walk.HANDLED, **contact}
    with moved_to(TUESDAY_NINE + timedelta(days=2)):
        walk.do(district["handler"], key, "handle", answers)
    return key


@pytest.mark.parametrize(
    ("spoken_at", "expected"),
    [("2026-11-24T10:00:00+08:00", "met"), ("2026-11-25T17:00:00+08:00", "missed")],
)
def test_the_first_reply_is_judged_by_when_the_reporter_was_spoken_to(
    district: District, spoken_at: str, expected: str
) -> None:
    contact: dict[str, Json] = {
        "contacted": True,
        "contacted_by": "Wang",
        "contacted_at": spoken_at,
    }
    key = handled(district, contact)
    assert told(key) == ["set", expected]
    assert walk.case_row(key)["contacted_at"] is not None


def test_a_first_reply_nobody_gave_runs_on(sqlite_district: District) -> None:
    key = handled(sqlite_district, {"contacted": False})
    assert told(key) == ["set"]


def test_where_nobody_can_be_spoken_to_no_reply_is_due(sqlite_district: District) -> None:
    assert told(handled(sqlite_district, {}, is_anonymous=True)) == []


@pytest.mark.parametrize(("days", "expected"), [(0, "dropped"), (4, "lapsed")])
def test_a_first_reply_nobody_gave_until_the_case_ended_was_not_done_late(
    district: District, days: int, expected: str
) -> None:
    with moved_to(TUESDAY_NINE):
        key = walk.report(name="Wang", phone="13800000000", has_consented=True).case_key
        walk.to_callback(district, key)
    with moved_to(TUESDAY_NINE + timedelta(days=days)):
        walk.rate(key)
        walk.do(district["dispatcher"], key, "close", walk.CLOSED)
    assert told(key) == ["set", expected]
