"""A year of the calendar in words and classes for its page: months, days of the week, changes."""

from collections.abc import Sequence
from datetime import date, timedelta

from flask import Blueprint
from flask_babel import format_date, gettext
from flask_babel import lazy_gettext as _l

from app.cases.calendar_changes import ChangeKind
from app.cases.calendar_editing import Work
from app.cases.calendar_year import CalendarDay, CalendarYear, ChangeLine
from app.organisation.working_time import DAYS_OF_WEEK, SATURDAY
from app.web.admin.hours import hours_text
from app.web.admin.words import day as day_text

MONDAY = date(2024, 1, 1)
HOLIDAYS = {
    "New Year's Day": _l("New Year's Day"),
    "Spring Festival": _l("Spring Festival"),
    "Tomb-sweeping Day": _l("Tomb-sweeping Day"),
    "Labour Day": _l("Labour Day"),
    "Dragon Boat Festival": _l("Dragon Boat Festival"),
    "Mid-autumn Festival": _l("Mid-autumn Festival"),
    "National Day": _l("National Day"),
    "Anti-Fascist 70th Day": _l("Victory Day"),
}
"""The names the seeded calendar gives; what somebody typed is shown as it was typed."""


def init(blueprint: Blueprint) -> None:
    """Make these words known to templates."""
    for function in (
        month_name,
        weekday_name,
        weekday_letter,
        in_weeks,
        day_class,
        change_said,
        holiday_name,
        named_days,
    ):
        blueprint.add_app_template_filter(function, function.__name__)


def month_name(first: date) -> str:
    """Return the name of a month."""
    return str(format_date(first, "LLLL"))


def weekday_name(_any: date, number: int) -> str:
    """Return the name of a day of the week, 0 for Monday."""
    return str(format_date(MONDAY + timedelta(days=number), "EEE"))


def weekday_letter(_any: date, number: int) -> str:
    """Return the shortest name of a day of the week."""
    return str(format_date(MONDAY + timedelta(days=number), "EEEEE"))


def in_weeks(month: Sequence[CalendarDay]) -> list[list[CalendarDay | None]]:
    """Return a month as rows of seven, Monday first, with None before and after it."""
    cells: list[CalendarDay | None] = [None] * month[0].day.weekday()
    cells += month
    cells += [None] * (-len(cells) % DAYS_OF_WEEK)
    return [cells[start : start + DAYS_OF_WEEK] for start in range(0, len(cells), DAYS_OF_WEEK)]


def day_class(day: CalendarDay) -> str:
    """Return the classes of a day: off, holiday, make-up, with hours of its own, provisional."""
    is_weekend = day.day.weekday() >= SATURDAY
    kind = ""
    if not day.hours:
        kind = "day-off" if is_weekend or not day.is_special else "day-holiday"
    elif day.is_special:
        kind = "day-makeup" if is_weekend else "day-hours"
    return f"{kind} day-provisional" if day.is_provisional else kind


def holiday_name(name: str) -> str:
    """Return the name of a holiday in the language of the page."""
    return str(HOLIDAYS.get(name, name))


def named_days(year: CalendarYear) -> list[tuple[date, date, str]]:
    """Return the named days of a year: first and last of those in a row, and their name."""
    found: list[tuple[date, date, str]] = []
    for day in (day for month in year.months for day in month if day.name):
        name = holiday_name(day.name or "")
        if not day.hours or not day.is_special:
            kind = name
        else:
            kind = gettext("%(name)s: worked %(hours)s", name=name, hours=hours_text(day.hours))
        if found and found[-1][2] == kind and found[-1][1] == day.day - timedelta(days=1):
            found[-1] = (found[-1][0], day.day, kind)
        else:
            found.append((day.day, day.day, kind))
    return found


def change_said(line: ChangeLine) -> str:
    """Say what somebody changed."""
    return f"{_days(line)}{_what(line)}"


def _days(line: ChangeLine) -> str:
    if line.first_day is None or line.last_day is None:
        return ""
    if line.kind is ChangeKind.PUBLISHED:
        return f"{line.first_day.year}: "
    if line.first_day == line.last_day:
        return f"{day_text(line.first_day)}: "
    return f"{day_text(line.first_day)} – {day_text(line.last_day)}: "


def _what(line: ChangeLine) -> str:
    if line.kind is ChangeKind.DAYS:
        made = _made(line)
        return f"{made} ({holiday_name(line.name)})" if line.name else made
    sentences = {
        ChangeKind.PUBLISHED: gettext("taken for certain"),
        ChangeKind.WEEK: gettext("hours of the week: %(hours)s", hours=hours_text(line.hours)),
        ChangeKind.REMOVED: gettext("calendar removed"),
        ChangeKind.UNDONE: gettext("change undone"),
    }
    return str(sentences[line.kind])


def _made(line: ChangeLine) -> str:
    made = {
        Work.OFF: gettext("day off"),
        Work.USUAL: gettext("working day"),
        Work.HOURS: gettext("hours %(hours)s", hours=hours_text(line.hours)),
        Work.ORDINARY: gettext("as the week says"),
    }
    return str(made.get(Work(line.work or Work.ORDINARY), ""))
