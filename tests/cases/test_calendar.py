"""The district's calendar is filled once, keeps what was edited, and learns what is published."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from app.cases.calendar import CalendarContext, extend_calendar, local_today
from app.cases.housekeeping import tidy
from app.clock import moved_to
from app.engine.lint.types import CALENDAR
from app.feel import evaluate
from app.organisation import calendar
from app.organisation.calendar import Calendars
from app.organisation.working_time import WorkCalendar
from app.store.blobs import open_blobs
from app.store.db import reading, transaction
from app.store.settings import CALENDAR_VERSION, save_setting, version
from app.store.tables.organisation import calendar_day
from tests.organisation.staffed import BOTH, database, staffed
from tests.support.district import District

NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture(scope="module", params=BOTH)
def app(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    with database(request.param, request, tmp_path_factory) as made:
        yield made


@pytest.fixture
def district(app: Flask) -> Iterator[District]:
    with moved_to(NINE):
        yield staffed(app)


def extend() -> int:
    with transaction() as tx:
        return extend_calendar(tx)


def change(day: date, **values: object) -> None:
    with transaction() as tx:
        here = calendar_day.c.day == day
        tx.connection.execute(update(calendar_day).where(here).values(**values))


def current() -> WorkCalendar:
    with reading() as connection:
        return calendar.current(connection, version(connection, CALENDAR_VERSION)).district


def test_the_calendar_reaches_to_the_end_of_next_year_and_is_filled_once(
    district: District,
) -> None:
    assert extend() == (date(2027, 12, 31) - date(2003, 12, 31)).days
    assert extend() == 0
    with moved_to(NINE.replace(year=2027)):
        assert extend() == 366
    with reading() as connection:
        assert connection.scalar(select(func.max(calendar_day.c.day))) == date(2028, 12, 31)


def test_an_edited_day_stays_and_a_guess_becomes_what_is_published(district: District) -> None:
    extend()
    change(date(2026, 2, 14), is_working=False)
    change(date(2026, 2, 16), is_working=True, is_provisional=True)
    assert extend() == 1
    found = current()
    assert not found.is_working_day(date(2026, 2, 14))
    assert not found.is_working_day(date(2026, 2, 16))
    assert not found.is_provisional(date(2026, 2, 16))
    assert found.is_provisional(date(2027, 2, 16))


def test_half_days_and_the_hours_of_the_district_are_read(district: District) -> None:
    extend()
    change(date(2026, 3, 4), hours=[["09:00", "12:00"]])
    with transaction() as tx:
        save_setting(tx.connection, "working_hours", [["08:00", "16:00"]])
        save_setting(tx.connection, "zone", "Europe/London")
    found = current()
    assert len(found.hours_on(date(2026, 3, 4))) == 1
    assert found.after(datetime(2026, 3, 3, 15, 0, tzinfo=UTC), "5 wh") == datetime(
        2026, 3, 5, 9, 0, tzinfo=UTC
    )


def test_what_day_it_is_depends_on_the_zone(district: District) -> None:
    late = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)
    with reading() as connection:
        assert local_today(connection, late) == date(2026, 3, 3)
    with transaction() as tx:
        save_setting(tx.connection, "zone", "Europe/London")
        assert local_today(tx.connection, late) == date(2026, 3, 2)
        with pytest.raises(KeyError):
            save_setting(tx.connection, "zone", "Nowhere/Land")
        with pytest.raises(KeyError):
            save_setting(tx.connection, "colour", "red")


def test_today_in_expressions_is_the_day_of_the_district(district: District) -> None:
    """At four in the morning of 3 March in Beijing it is still the 2nd in Greenwich."""
    early = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)
    context = CalendarContext(Calendars(1, current(), {}), lambda _code: (), early)
    assert context.local_now == early
    assert evaluate("today()", {}, now=context.local_now) == date(2026, 3, 3)


def test_expressions_of_diagrams_count_working_time(district: District) -> None:
    extend()
    calendars = Calendars(1, current(), {})
    context = {
        "calendar": CalendarContext(calendars, lambda _code: (), NINE).values(),
        "limit": "2 wd",
    }
    due = evaluate("calendar.after(limit)", context)
    assert due == datetime(2026, 3, 4, 1, 0, tzinfo=UTC)
    assert evaluate('calendar.after("soon")', context) is None
    assert evaluate("calendar.after(7)", context) is None
    assert evaluate('calendar.after(duration("PT30M"))', context) == datetime(
        2026, 3, 2, 1, 30, tzinfo=UTC
    )


def test_the_lint_knows_every_function_of_the_calendar(district: District) -> None:
    extend()
    given = CalendarContext(Calendars(1, current(), {}), lambda _code: (), NINE).values()
    known = {name: function.names for name, function in CALENDAR.entries.items()}
    assert {name: function.parameters for name, function in given.items()} == known


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ('calendar.unit_after("S01", "1 wd")', datetime(2026, 3, 3, 1, 0, tzinfo=UTC)),
        ('calendar.unit_after("nowhere", "1 wd")', None),
        ("calendar.unit_after(7, 8)", None),
        ('calendar.add_working_days(@"2026-02-13", 2)', date(2026, 2, 24)),
        ('calendar.add_working_days(@"2026-02-24", -2)', date(2026, 2, 13)),
        ('calendar.add_working_days(@"2026-02-24", 1.5)', None),
        ('calendar.add_working_days(@"2026-02-24", 1e9)', None),
        ('calendar.add_working_days("2026-02-24", 1)', None),
        ('calendar.is_working_day(@"2026-02-14")', True),
        ('calendar.is_working_day(@"2026-02-15")', False),
        ('calendar.hours_between(@"2026-03-02T11:00:00+08:00", @"2026-03-02T14:30:00+08:00")', 2.5),
        ('calendar.hours_between(@"2026-03-02T11:00:00", @"2026-03-02T14:30:00")', None),
        ('calendar.hours_between(@"1900-03-02T11:00:00Z", @"2026-03-02T14:30:00Z")', None),
    ],
)
def test_what_expressions_can_ask_of_the_calendar(
    district: District, expression: str, value: object
) -> None:
    extend()

    def chain_of(code: str) -> tuple[int, ...]:
        return {"S01": (1, 2)}[code]

    calendars = Calendars(1, current(), {})
    context = {"calendar": CalendarContext(calendars, chain_of, NINE).values()}
    assert evaluate(expression, context) == value


def test_the_housekeeping_extends_a_calendar_that_was_filled(
    district: District, tmp_path: Path
) -> None:
    blobs = open_blobs(f"file:{tmp_path}")
    with moved_to(NINE.replace(year=2027)):
        tidy(blobs)
        assert current().days == {}
    extend()
    with moved_to(NINE.replace(year=2027)):
        tidy(blobs)
    assert max(current().days) == date(2028, 12, 31)
