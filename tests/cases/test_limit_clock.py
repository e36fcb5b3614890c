"""The clock beside a case, on both databases: it hears when the limit moves, and tells people.

The district works from 9:00 to 12:00 and from 13:00 to 17:30. A case is established on Monday 2
March 2026 at nine with three working days: until Thursday at nine. 80 % of twenty-two and a half
hours are eighteen: seven and a half on Monday and on Tuesday, three on Wednesday, until noon.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from app.cases import deadlines, recount
from app.cases.calendar import extend_calendar
from app.cases.calendar_editing import Work, change_days
from app.cases.designs import deploy
from app.clock import moved_to
from app.store.db import reading, transaction
from app.store.tables.delivery import notice
from app.store.tables.runtime import message, process_instance, timer
from tests.engine import drawing as draw
from tests.support import walk
from tests.support.district import District

ZONE = ZoneInfo("Asia/Shanghai")
SECOND = timedelta(seconds=1)
NAMES = ("begun", "waited", "done", "checked", "again")


def march(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=ZONE).astimezone(UTC)


MONDAY = march(2, 9)


@pytest.fixture
def case(district: District) -> int:
    """A case with its clock, in handling."""
    due = {"due": '=calendar.after("3 wd")'}
    drawn = draw.process(
        "p",
        draw.start("begin", draw.message("CaseReported")),
        *(draw.user(name, "unit_clerk@D-URBAN") for name in NAMES),
        draw.service("establish", "establish", inputs=due),
        draw.throw("start_clock", draw.message("ClockStarted")),
        draw.service("pause", "pause_limit"),
        draw.service("resume", "resume_limit"),
        draw.service("handled", "mark_handled"),
        draw.throw("stop_clock", draw.message("ClockStopped")),
        draw.service("reopen", "reopen_handling", outputs={"limit_from": "=limit_from"}),
        draw.throw(
            "start_again", draw.message("ClockStarted"), inputs={"limit_from": "=limit_from"}
        ),
        draw.end("e"),
        flows=(
            "begin > establish > start_clock > begun > pause > waited > resume > done"
            " > handled > stop_clock > checked > reopen > start_again > again > e"
        ),
    )
    blank = b'{"type": "default", "schemaVersion": 19, "id": "%s", "components": []}'
    keys = dict.fromkeys(("ClockStarted", "ClockStopped"), "=case.number")
    files = {f"{name}.form": blank % name.encode() for name in NAMES}
    files["p.bpmn"] = draw.diagram(drawn, correlations=keys)
    deploy(files, actor=district["designer"])
    with moved_to(MONDAY):
        with transaction() as tx:
            extend_calendar(tx)
        return walk.report().case_key


def tick(case_key: int) -> datetime:
    """Return when the clock of a case acts next."""
    with reading() as connection:
        query = (
            select(timer.c.due_at)
            .join(process_instance, process_instance.c.key == timer.c.instance_key)
            .where(process_instance.c.case_key == case_key, timer.c.element_id == "tick")
        )
        return connection.execute(query).scalar_one()


def phases(case_key: int, at: datetime) -> list[str]:
    """Let what is due at an instant happen, and return which steps the clock has done."""
    with moved_to(at):
        deadlines.fire_due()
    found: list[str] = walk.case_row(case_key)["clock_phases"] or []
    return found


def told() -> list[tuple[str, str]]:
    with reading() as connection:
        query = select(notice).where(notice.c.kind.in_(("limit_near", "limit_passed")))
        rows = connection.execute(query.order_by(notice.c.key)).mappings()
        return [(row["params"]["phase"], row["role"]) for row in rows]


def test_each_step_of_the_clock_comes_once_and_tells_whom_it_must(case: int) -> None:
    assert tick(case) == march(4, 12)
    assert phases(case, march(4, 12) - SECOND) == []
    assert phases(case, march(4, 12) + SECOND) == ["warn"]
    assert walk.case_row(case)["card"] == "yellow"
    assert phases(case, march(5, 9) + SECOND) == ["warn", "due"]
    assert walk.case_row(case)["card"] == "red"
    assert phases(case, march(6, 9) + SECOND) == ["warn", "due", "late_1"]
    assert phases(case, march(10, 9) + SECOND) == ["warn", "due", "late_1", "late_2"]
    assert phases(case, march(20, 9)) == ["warn", "due", "late_1", "late_2"]
    assert [phase for phase, _ in told()] == ["warn", "due", "due", "late_1", "late_2"]
    assert told()[-1] == ("late_2", "district_dispatcher")


def test_the_clock_hears_that_the_calendar_moved_the_limit(district: District, case: int) -> None:
    """With Tuesday off the limit ends on Friday at nine; half past one on Wednesday becomes noon
    on Thursday: Monday seven and a half hours, Wednesday seven and a half, Thursday three.
    """
    with moved_to(march(2, 10)):
        change_days(district["admin"], first=date(2026, 3, 3), last=None, work=Work.OFF)
        recount.recount()
    assert walk.case_row(case)["due_at"] == march(6, 9)
    assert tick(case) == march(5, 12)
    with reading() as connection:
        assert connection.execute(select(message)).all() == []


def test_a_paused_limit_has_no_step_and_goes_on_with_the_rest(
    district: District, case: int
) -> None:
    with moved_to(march(3, 12)):
        walk.do(district["clerk"], case, "begun", {})
    assert tick(case).year == 2999
    assert phases(case, march(12, 9)) == []
    with moved_to(march(12, 9)):
        walk.do(district["clerk"], case, "waited", {})
    # Twelve hours were left: Thursday seven and a half, Friday four and a half. The last fifth,
    # four hours and a half, begins on Friday at nine.
    assert walk.case_row(case)["due_at"] == march(13, 14, 30)
    assert tick(case) in (march(12, 17, 30), march(13, 9))
    assert phases(case, march(12, 17)) == []


def test_a_clock_started_again_after_rework_does_no_step_twice(
    district: District, case: int
) -> None:
    assert phases(case, march(4, 12) + SECOND) == ["warn"]
    for name, hour in (("begun", 13), ("waited", 13), ("done", 15), ("checked", 15)):
        with moved_to(march(4, hour)):
            walk.do(district["clerk"], case, name, {})
    row = walk.case_row(case)
    # The last two and a half hours, whose end at half past five is the same as Thursday at nine.
    assert (row["handled_at"], row["due_at"]) == (None, march(4, 17, 30))
    assert phases(case, march(4, 17, 30) + SECOND) == ["warn", "due"]
    assert [phase for phase, _ in told()] == ["warn", "due", "due"]
    with reading() as connection:
        query = select(process_instance.c.state).where(process_instance.c.case_key == case)
        states = sorted(connection.execute(query).scalars())
    assert states == ["ACTIVE", "ACTIVE", "COMPLETED"]


def test_the_time_a_case_counted_as_handled_brings_no_warning_nearer(
    district: District, case: int
) -> None:
    for name, day, hour in (
        ("begun", 2, 12),
        ("waited", 2, 12),
        ("done", 2, 12),
        ("checked", 4, 9),
    ):
        with moved_to(march(day, hour)):
            walk.do(district["clerk"], case, name, {})
    # Three hours had passed on Monday; from Wednesday on there are nineteen and a half.
    assert walk.case_row(case)["due_at"] == march(6, 14, 30)
    # The warning is due after eighteen: fifteen more, which end with Thursday.
    assert tick(case) in (march(5, 17, 30), march(6, 9))
