"""Working time, by dated cases: weekends, Spring Festival, make-up Saturdays, half days, years."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.organisation.calendar_seed import seed_days
from app.organisation.limits import UnknownLimit, WorkingDays, WorkingHours, read_limit
from app.organisation.working_time import (
    Day,
    Hours,
    NoWorkingTime,
    WorkCalendar,
    WrongHours,
    hours_from,
    weekdays,
)

BEIJING = ZoneInfo("Asia/Shanghai")
USUAL = hours_from([["09:00", "12:00"], ["13:00", "17:30"]])
MORNING = hours_from([["09:00", "12:00"]])
LATE_SHIFT = hours_from([["14:00", "20:00"]])


@cache
def china() -> WorkCalendar:
    days = {
        row["day"]: Day(USUAL if row["is_working"] else (), row["is_provisional"])
        for row in seed_days(2027)
    }
    return WorkCalendar(zone=BEIJING, week=weekdays(USUAL), days=days)


def plain(**days: Hours) -> WorkCalendar:
    """A calendar of plain weeks, but for days given as d2026_03_04=hours."""
    known = {date.fromisoformat(name[1:].replace("_", "-")): Day(h) for name, h in days.items()}
    return WorkCalendar(zone=BEIJING, week=weekdays(USUAL), days=known)


def beijing(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


def said(at: datetime) -> str:
    return at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("start", "limit", "expected"),
    [
        # within a day, over the break, over the night
        ("2026-03-02 09:00", "1 wh", "2026-03-02 10:00"),
        ("2026-03-02 09:00", "3 wh", "2026-03-02 12:00"),
        ("2026-03-02 11:30", "1 wh", "2026-03-02 13:30"),
        ("2026-03-02 16:30", "2 wh", "2026-03-03 10:00"),
        ("2026-03-02 09:00", "7.5 wh", "2026-03-02 17:30"),
        ("2026-03-02 09:00", "0.5 wh", "2026-03-02 09:30"),
        ("2026-03-02 09:00", "40 wh", "2026-03-09 11:30"),
        # a start outside hours counts from the next opening
        ("2026-03-02 06:00", "1 wh", "2026-03-02 10:00"),
        ("2026-03-02 12:20", "1 wh", "2026-03-02 14:00"),
        ("2026-03-02 20:00", "1 wh", "2026-03-03 10:00"),
        ("2026-03-06 18:00", "1 wh", "2026-03-09 10:00"),
        ("2026-03-07 11:00", "4 wh", "2026-03-09 14:00"),
        # days keep the time of day and skip weekends
        ("2026-03-02 10:15", "1 wd", "2026-03-03 10:15"),
        ("2026-03-06 16:00", "1 wd", "2026-03-09 16:00"),
        ("2026-03-06 16:00", "5 wd", "2026-03-13 16:00"),
        ("2026-03-07 11:00", "1 wd", "2026-03-10 09:00"),
        ("2026-03-06 17:31", "1 wd", "2026-03-10 09:00"),
        ("2026-03-06 17:30", "1 wd", "2026-03-09 17:30"),
        ("2026-03-02 12:20", "2 wd", "2026-03-04 13:00"),
        # Spring Festival 2026: 15 to 23 February off, Saturdays 14 and 28 February worked
        ("2026-02-13 16:30", "4 wh", "2026-02-14 12:00"),
        ("2026-02-14 16:30", "4 wh", "2026-02-24 12:00"),
        ("2026-02-13 10:00", "1 wd", "2026-02-14 10:00"),
        ("2026-02-13 10:00", "2 wd", "2026-02-24 10:00"),
        ("2026-02-13 10:00", "7 wd", "2026-03-02 10:00"),
        ("2026-02-18 15:00", "2 wh", "2026-02-24 11:00"),
        ("2026-02-27 15:00", "1 wd", "2026-02-28 15:00"),
        # National Day 2026: 1 to 7 October off, Sunday 20 September and Saturday 10 October worked
        ("2026-09-18 15:00", "1 wd", "2026-09-20 15:00"),
        ("2026-09-30 17:00", "1 wh", "2026-10-08 09:30"),
        ("2026-10-09 10:00", "1 wd", "2026-10-10 10:00"),
        # over the year's end, into a year that is only a guess
        ("2025-12-31 16:30", "2 wh", "2026-01-04 10:00"),
        ("2026-12-31 16:00", "1 wd", "2027-01-01 16:00"),
        ("2026-12-30 10:00", "3 wd", "2027-01-04 10:00"),
        # by the clock on the wall, whatever day it is
        ("2026-02-14 17:20", "PT30M", "2026-02-14 17:50"),
        ("2026-02-14 17:20", "P15D", "2026-03-01 17:20"),
        ("2026-02-14 17:20", "P1DT2H", "2026-02-15 19:20"),
        ("2026-02-14 17:20", "P1W", "2026-02-21 17:20"),
    ],
)
def test_when_a_limit_is_over(start: str, limit: str, expected: str) -> None:
    assert said(china().after(beijing(start), limit)) == expected


@pytest.mark.parametrize(
    ("start", "limit", "expected"),
    [
        ("2026-03-03 16:00", "5 wh", "2026-03-05 09:30"),
        ("2026-03-03 16:00", "1 wd", "2026-03-04 12:00"),
        ("2026-03-03 10:00", "1 wd", "2026-03-04 10:00"),
        ("2026-03-03 16:00", "2 wd", "2026-03-05 16:00"),
        ("2026-03-04 15:00", "1 wd", "2026-03-06 09:00"),
        ("2026-03-05 10:00", "2 wd", "2026-03-09 14:00"),
        ("2026-03-09 19:00", "1 wd", "2026-03-10 17:30"),
        ("2026-03-09 19:30", "1 wh", "2026-03-10 09:30"),
    ],
)
def test_half_days_and_late_shifts_are_kept_within(start: str, limit: str, expected: str) -> None:
    """Wednesday 4 March ends at noon, Monday 9 March is worked from two to eight."""
    calendar = plain(d2026_03_04=MORNING, d2026_03_09=LATE_SHIFT)
    assert said(calendar.after(beijing(start), limit)) == expected


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-03-02 09:00", "2026-03-02 17:30", 7.5),
        ("2026-03-02 11:00", "2026-03-02 14:00", 2),
        ("2026-03-02 17:00", "2026-03-03 09:30", 1),
        ("2026-03-06 17:00", "2026-03-09 09:30", 1),
        ("2026-02-14 16:30", "2026-02-24 10:00", 2),
        ("2026-02-15 00:00", "2026-02-23 23:59", 0),
        ("2026-02-23 00:00", "2026-03-01 00:00", 37.5),
        ("2026-03-03 09:30", "2026-03-02 17:00", -1),
    ],
)
def test_how_much_working_time_lies_between(start: str, end: str, hours: float) -> None:
    expected = timedelta(hours=hours)
    assert china().working_time_between(beijing(start), beijing(end)) == expected


def test_instants_are_given_in_utc() -> None:
    for limit in ("1 wh", "1 wd", "PT1H"):
        assert china().after(beijing("2026-03-02 09:00"), limit).tzinfo is UTC


def test_clocks_that_change_do_not_change_the_hours_of_a_day() -> None:
    """New York puts its clocks forward on Sunday 8 March 2026, and back on 1 November."""
    zone = ZoneInfo("America/New_York")
    calendar = WorkCalendar(zone=zone, week=weekdays(USUAL))
    spring = datetime(2026, 3, 6, 16, 30, tzinfo=zone)
    autumn = datetime(2026, 10, 30, 10, 0, tzinfo=zone)
    assert calendar.after(spring, "2 wh").astimezone(zone).hour == 10
    assert calendar.after(spring, "1 wd").astimezone(zone) == datetime(
        2026, 3, 9, 16, 30, tzinfo=zone
    )
    assert calendar.after(autumn, "1 wd").astimezone(zone) == datetime(2026, 11, 2, 10, tzinfo=zone)


def test_the_published_calendar_is_seeded_and_the_next_year_is_a_guess() -> None:
    calendar = china()
    assert not calendar.is_provisional(date(2026, 12, 31))
    assert calendar.is_provisional(date(2027, 1, 1))
    assert calendar.is_provisional(date(2030, 1, 1))
    assert calendar.is_working_day(date(2011, 9, 5))
    assert not calendar.is_working_day(date(2011, 10, 3))
    names = {row["day"]: row["name"] for row in seed_days(2026)}
    assert names[date(2026, 2, 17)] == "Spring Festival"


def test_a_day_begins_at_midnight_of_the_district() -> None:
    assert china().local_date(datetime(2026, 3, 2, 16, 0, tzinfo=UTC)) == date(2026, 3, 3)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("4 wh", WorkingHours(timedelta(hours=4))),
        ("4wh", WorkingHours(timedelta(hours=4))),
        (" 1.25 wh ", WorkingHours(timedelta(minutes=75))),
        ("2 wd", WorkingDays(2)),
        ("PT15M", timedelta(minutes=15)),
        ("P15D", timedelta(days=15)),
        ("P1DT12H", timedelta(hours=36)),
        ("PT90S", timedelta(seconds=90)),
    ],
)
def test_how_a_limit_is_written(text: str, meant: object) -> None:
    assert read_limit(text) == meant


@pytest.mark.parametrize(
    "text",
    ["", "4", "4 hours", "-1 wh", "1.5 wd", "P", "PT", "P1M", "P1Y", "PT-5M", "1e3 wh", "٣ wd"],
)
def test_what_is_no_limit_is_refused_with_how_to_write_one(text: str) -> None:
    with pytest.raises(UnknownLimit, match="written like 4 wh, 2 wd, PT30M or P15D"):
        read_limit(text)


@pytest.mark.parametrize(
    "written",
    [
        [["9", "12:00"]],
        [["12:00", "09:00"]],
        [["09:00", "12:00"], ["11:00", "13:00"]],
        [["09:00"]],
        "09:00-12:00",
        None,
        [["09:00+08:00", "12:00+08:00"]],
    ],
)
def test_hours_out_of_order_are_refused(written: object) -> None:
    with pytest.raises(WrongHours):
        hours_from(written)


def test_a_calendar_without_any_working_time_says_so() -> None:
    nobody_works = WorkCalendar(zone=BEIJING, week=weekdays(()))
    for limit in ("1 wh", "1 wd"):
        with pytest.raises(NoWorkingTime):
            nobody_works.after(beijing("2026-03-02 09:00"), limit)
    assert nobody_works.after(beijing("2026-03-02 09:00"), "PT1H")


moments = st.datetimes(datetime(2024, 1, 1), datetime(2026, 12, 1)).map(  # noqa: DTZ001
    lambda naive: naive.replace(microsecond=0, tzinfo=UTC)
)


@settings(max_examples=60, deadline=None)
@given(first=moments, second=moments, hours=st.integers(0, 60), days=st.integers(0, 20))
def test_who_begins_later_is_never_due_earlier(
    first: datetime, second: datetime, hours: int, days: int
) -> None:
    first, second = sorted((first, second))
    for limit in (f"{hours} wh", f"{days} wd"):
        assert china().after(first, limit) <= china().after(second, limit)


@settings(max_examples=60, deadline=None)
@given(start=moments, first=st.integers(0, 40), second=st.integers(0, 40))
def test_working_hours_add_up(start: datetime, first: int, second: int) -> None:
    once = china().after(start, f"{first + second} wh")
    assert china().after(china().after(start, f"{first} wh"), f"{second} wh") == once


@settings(max_examples=60, deadline=None)
@given(start=moments, first=st.integers(0, 15), second=st.integers(0, 15))
def test_working_days_of_usual_hours_add_up(start: datetime, first: int, second: int) -> None:
    once = china().after(start, f"{first + second} wd")
    assert china().after(china().after(start, f"{first} wd"), f"{second} wd") == once


@settings(max_examples=60, deadline=None)
@given(start=moments, hours=st.integers(0, 60))
def test_exactly_the_working_time_of_a_limit_passes_until_it_is_over(
    start: datetime, hours: int
) -> None:
    end = china().after(start, f"{hours} wh")
    assert china().working_time_between(start, end) == timedelta(hours=hours)


@settings(max_examples=60, deadline=None)
@given(a=moments, b=moments, c=moments)
def test_working_time_between_adds_up_and_turns_round(
    a: datetime, b: datetime, c: datetime
) -> None:
    a, b, c = sorted((a, b, c))
    between = china().working_time_between
    assert between(a, b) + between(b, c) == between(a, c)
    assert between(c, a) == -between(a, c)


@settings(max_examples=40, deadline=None)
@given(start=moments, days=st.integers(1, 15))
def test_a_limit_in_days_is_over_within_working_hours(start: datetime, days: int) -> None:
    local = china().after(start, f"{days} wd").astimezone(BEIJING)
    assert any(
        opening <= local.time() <= closing for opening, closing in china().hours_on(local.date())
    )
    assert local.time() <= time(17, 30)
