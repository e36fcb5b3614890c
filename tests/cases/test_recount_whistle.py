"""A calendar that changes moves a whistle's time to be there, and all that is counted on from it.

A whistle is blown on Thursday 31 December 2026 at three. The departments have four working hours to
be there: two and a half that day, one and a half on Friday 1 January, which nobody has published
yet; so until half past ten. With 1 to 3 January taken off that is Monday the 4th.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from app.cases import deadlines, recount, whistle_blowing
from app.cases.calendar import extend_calendar
from app.cases.calendar_editing import Work, change_days
from app.clock import moved_to
from app.json_types import Json
from app.store.db import reading, transaction
from app.store.tables.runtime import process_instance, timer, user_task
from app.store.tables.whistles import whistle, whistle_report
from tests.support import walk
from tests.support.district import District

ZONE = ZoneInfo("Asia/Shanghai")


def local(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZONE).astimezone(UTC)


BLOWN = local(2026, 12, 31, 15)
BEFORE, AFTER = local(2027, 1, 1, 10, 30), local(2027, 1, 4, 10, 30)
FIVE_DAYS_ON = local(2027, 1, 11, 10, 30)


@pytest.fixture
def clock() -> Iterator[None]:
    """Let the clock stand still at the hour of the whistle."""
    with moved_to(BLOWN):
        yield


def blown(district: District, **more: Json) -> int:
    """Return the case of a whistle that calls one department, approved and screened."""
    with transaction() as tx:
        extend_calendar(tx)
    said: dict[str, Json] = {
        "kind": "hard_problem",
        "need": "Who owns the pipe",
        "minor_class": "A05",
        "called": ["D-URBAN"],
        "address": "Sunshine estate",
        "location": {"lat": 40.005, "lon": 116.005},
    }
    key = whistle_blowing.blow(district["dispatcher"], None, said | more).case_key
    walk.do(district["district"], key, "approve_whistle", {"decision": "approve"})
    walk.do(district["district"], key, "screen_whistle", {"decision": "accept"})
    return key


def taken_off(district: District) -> None:
    first, last = date(2027, 1, 1), date(2027, 1, 3)
    change_days(district["admin"], first=first, last=last, work=Work.OFF, name="New Year")
    recount.recount()
    assert recount.count_waiting() == 0


def be_there_by(case_key: int) -> datetime | None:
    with reading() as connection:
        query = select(whistle.c.check_in_by).where(whistle.c.case_key == case_key)
        return connection.execute(query).scalar_one()


def timers_of(case_key: int) -> dict[str, datetime]:
    query = (
        select(timer.c.element_id, timer.c.due_at)
        .join(process_instance, process_instance.c.key == timer.c.instance_key)
        .where(process_instance.c.case_key == case_key)
    )
    with reading() as connection:
        return {row.element_id: row.due_at for row in connection.execute(query)}


def shown(case_key: int, element_id: str) -> datetime:
    """Return what the form of an open step says until when one has to be there."""
    query = select(user_task.c.inputs).where(
        user_task.c.case_key == case_key,
        user_task.c.element_id == element_id,
        user_task.c.state == "CREATED",
    )
    with reading() as connection:
        inputs = connection.execute(query).scalar_one()
    return datetime.fromisoformat(inputs["check_in_by"])


def acknowledge(district: District, case_key: int) -> None:
    walk.do(district["clerk"], case_key, "acknowledge", {"who": "Wang 138"})


@pytest.mark.usefixtures("clock")
def test_the_time_to_be_there_moves_before_anybody_has_answered(district: District) -> None:
    key = blown(district)
    assert be_there_by(key) == BEFORE
    taken_off(district)
    assert be_there_by(key) == AFTER == shown(key, "acknowledge")
    acknowledge(district, key)
    assert walk.open_tasks(key)["check_in"]["due_at"] == AFTER == shown(key, "check_in")
    assert timers_of(key)["check_in_late"] == AFTER


@pytest.mark.usefixtures("clock")
def test_who_is_on_the_way_has_until_the_new_time_and_is_not_absent_on_a_holiday(
    district: District,
) -> None:
    key = blown(district)
    acknowledge(district, key)
    assert walk.open_tasks(key)["check_in"]["due_at"] == BEFORE
    taken_off(district)
    assert walk.open_tasks(key)["check_in"]["due_at"] == AFTER == shown(key, "check_in")
    with moved_to(BEFORE + timedelta(hours=1)):
        deadlines.fire_due()
    assert absences() == [None]
    with moved_to(AFTER):
        deadlines.fire_due()
    assert absences() == ["check_in"]


def absences() -> list[str | None]:
    with reading() as connection:
        return list(connection.execute(select(whistle_report.c.absent_step)).scalars())


@pytest.mark.usefixtures("clock")
def test_what_is_counted_on_from_the_time_to_be_there_moves_with_it(district: District) -> None:
    """The record has five working days from then on: from the 1st until Friday the 8th, from the
    4th until Monday the 11th; and so has the whole matter, before it goes to the leadership.
    """
    key = blown(district)
    assert walk.open_tasks(key)["joint_action_record"]["due_at"] == local(2027, 1, 8, 10, 30)
    taken_off(district)
    assert walk.open_tasks(key)["joint_action_record"]["due_at"] == FIVE_DAYS_ON
    assert timers_of(key)["unresolved_late"] == FIVE_DAYS_ON


@pytest.mark.usefixtures("clock")
def test_a_time_to_meet_that_the_street_named_stays(district: District) -> None:
    meet_at = local(2027, 1, 5, 14)
    key = blown(district, meet_at=meet_at.isoformat())
    taken_off(district)
    assert be_there_by(key) == meet_at == shown(key, "acknowledge")


def test_a_time_that_is_over_stays(district: District) -> None:
    """On Friday the 1st at noon the department is absent; the day is taken off afterwards."""
    with moved_to(BLOWN):
        key = blown(district)
        acknowledge(district, key)
    with moved_to(local(2027, 1, 1, 12)):
        deadlines.fire_due()
        taken_off(district)
    assert be_there_by(key) == BEFORE
    assert absences() == ["check_in"]
