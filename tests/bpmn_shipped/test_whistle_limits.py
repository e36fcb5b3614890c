"""The shipped limits of a whistle follow from each other: what is late is recorded as late.

Between the call and the leadership each step of a department must have had its limit, also where
nobody of it does anything.
"""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from app import feel
from app.dmn.editing import SheetRow, read_sheet
from app.organisation.working_time import WorkCalendar, weekdays
from tests.bpmn_shipped.shipped import ROOT
from tests.bpmn_shipped.test_street_whistle_ends import THREE, Log, screened

ZONE = ZoneInfo("Asia/Shanghai")
SHEET = read_sheet((ROOT / "bpmn" / "whistle_limits.dmn").read_bytes(), "whistle_limits")
NAMES = [column.key for column in SHEET.columns]
HOURS = ((time(9), time(12)), (time(13), time(17, 30)))
CALENDAR = WorkCalendar(ZONE, weekdays(HOURS))
STARTS = [datetime(2026, 3, day, hour, tzinfo=ZONE) for day in range(2, 9) for hour in (8, 11, 17)]


@pytest.mark.parametrize("row", SHEET.rows, ids=lambda row: row.id)
def test_a_silent_department_is_late_with_its_delivery_before_the_matter_goes_up(
    row: SheetRow,
) -> None:
    limit = dict(zip(NAMES[1:], map(feel.evaluate, row.cells[1:]), strict=True))
    for start in STARTS:
        committed = CALENDAR.due(start, str(limit["commit"])).at
        delivered = CALENDAR.due(committed, str(limit["deliver"])).at
        assert delivered < CALENDAR.due(start, str(limit["unresolved"])).at


def test_whoever_never_comes_is_late_at_every_step_before_the_leadership_is_asked() -> None:
    log = Log()
    road = screened(log)
    road.complete("screen_whistle", decision="accept")
    asked_at = road.timers["unresolved_late"]
    while road.now < asked_at - timedelta(hours=1):
        road.wait_until(road.now + timedelta(hours=1))
    assert "report_unresolved" not in road.jobs
    for step in ("acknowledge", "check_in", "commit", "deliver"):
        assert sorted(unit for unit, late in log.absent if late == step) == sorted(THREE)
    road.wait_until(asked_at)
    assert "report_unresolved" in road.jobs
