"""The work calendar: a year at a glance, changing days, publishing a year, weeks of units, undo."""

from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date, gettext
from flask_babel import lazy_gettext as _l

from app.cases import calendar_editing as editing
from app.cases import calendar_year, units
from app.cases.calendar_editing import Work
from app.cases.calendar_year import CalendarYear
from app.errors import CaseError
from app.organisation.permissions import Action
from app.organisation.units import Line, Unit
from app.organisation.working_time import DAYS_OF_WEEK, Hours
from app.web import navigation
from app.web.access import actor, needs
from app.web.admin import hours, words, year_words
from app.web.admin.filled import Filled, plain, posted
from app.web.admin.hours import hours_in, hours_text
from app.web.navigation import Entry
from app.web.numbers import whole
from app.web.said import say

blueprint = Blueprint("calendar", __name__, url_prefix="/calendar")
hours.init(blueprint)
year_words.init(blueprint)
navigation.add(Entry("calendar.show", _l("Work calendar"), Action.MANAGE_SETTINGS, order=95))

WORKS = (
    (Work.OFF, _l("A day off")),
    (Work.USUAL, _l("A working day, in the usual hours")),
    (Work.HOURS, _l("A working day, in these hours:")),
    (Work.ORDINARY, _l("As the week says")),
)
DAYS_FIELD_OF = {"wrong_days": "first", "no_hours": "hours", "invalid_input": "reason"}
WEEK_FIELD_OF = {
    "nobody_works": "day0",
    "unknown_unit": "unit",
    "invalid_input": "reason",
}


@blueprint.get("")
@needs(Action.VIEW_CALENDAR)
def show() -> str:
    """Show a year, this one unless another was asked for."""
    view = _view()
    return render_template("admin/calendar.html", view=view, unit=view.unit, works=dict(WORKS))


@blueprint.get("/waiting")
@needs(Action.VIEW_CALENDAR)
def waiting() -> str:
    """Say how many limits are still to be counted again; the page asks while there are some."""
    return render_template("admin/calendar_waiting.html", view=_view())


@blueprint.get("/days")
@needs(Action.MANAGE_SETTINGS)
def ask_days() -> str:
    """Ask what the days are to be."""
    first = plain(request.args.get("first", ""))
    return _days_page(Filled({"first": first, "last": first, "work": Work.OFF}))


@blueprint.post("/days")
@needs(Action.MANAGE_SETTINGS)
def change_days() -> ResponseReturnValue:
    """Change the days."""
    filled = posted()
    work = filled.values.get("work", "")
    unit_key = _unit_key()
    try:
        first = filled.day("first")
        editing.change_days(
            actor(),
            first=first,
            last=filled.day("last"),
            work=Work(work) if work in set(Work) else Work.OFF,
            hours=hours_in(filled.text("hours"), field="hours"),
            name=filled.text("name"),
            reason=filled.text("reason"),
            unit_key=unit_key,
        )
    except CaseError as error:
        return _days_page(filled.refused(error, DAYS_FIELD_OF)), 422
    say(gettext("The days are changed. Limits that run over them are counted again."))
    return _back(first.year if first else None)


@blueprint.get("/publish")
@needs(Action.MANAGE_SETTINGS)
def ask_publish() -> str:
    """Ask whether the year is certain."""
    return render_template("admin/calendar_publish.html", view=_view())


@blueprint.post("/publish")
@needs(Action.MANAGE_SETTINGS)
def publish() -> ResponseReturnValue:
    """Take the year for certain."""
    year = whole(request.form.get("year"))
    editing.publish_year(actor(), year)
    say(gettext("The calendar of %(year)s is certain now.", year=year))
    return _back(year)


@blueprint.post("/undo/<int:key>")
@needs(Action.MANAGE_SETTINGS)
def undo(key: int) -> ResponseReturnValue:
    """Put back what was there before a change."""
    editing.undo_change(actor(), key)
    say(gettext("The change is undone. Limits that run over these days are counted again."))
    return _back(whole(request.form.get("year")) or None)


@blueprint.get("/week")
@needs(Action.MANAGE_SETTINGS)
def ask_week() -> str:
    """Ask for the hours of an ordinary week."""
    view = _view()
    filled = {f"day{number}": hours_text(hours) for number, hours in enumerate(view.week)}
    filled["keeps_holidays"] = "yes" if view.keeps_holidays or view.unit not in view.own else ""
    return _week_page(Filled(filled))


@blueprint.post("/week")
@needs(Action.MANAGE_SETTINGS)
def set_week() -> ResponseReturnValue:
    """Set the hours of an ordinary week, of the district or of a unit."""
    filled = posted()
    unit_key = _unit_key()
    try:
        reason = filled.text("reason")
        week = tuple(_hours_of(filled, number) for number in range(DAYS_OF_WEEK))
        if unit_key is None:
            editing.set_usual_hours(actor(), week[0], reason=reason)
        else:
            keeps = filled.values.get("keeps_holidays") == "yes"
            editing.set_unit_week(actor(), unit_key, week, keeps_holidays=keeps, reason=reason)
    except CaseError as error:
        return _week_page(filled.refused(error, WEEK_FIELD_OF)), 422
    say(gettext("The hours are set. Limits are counted again."))
    return _back(None)


@blueprint.get("/remove")
@needs(Action.MANAGE_SETTINGS)
def ask_remove() -> str:
    """Ask whether the unit is to follow the calendar above it again."""
    return render_template("admin/calendar_remove.html", view=_view())


@blueprint.post("/remove")
@needs(Action.MANAGE_SETTINGS)
def remove() -> ResponseReturnValue:
    """Let the unit follow the calendar above it again."""
    unit_key = _unit_key()
    if unit_key is not None:
        editing.remove_unit_calendar(actor(), unit_key)
    say(gettext("The unit follows the calendar above it again."))
    return redirect(url_for("calendar.show"), 303)


def _view() -> CalendarYear:
    return calendar_year.read_year(
        actor(), whole(request.values.get("year")) or _this_year(), unit_key=_unit_key()
    )


def _this_year() -> int:
    return calendar_year.today(actor()).year


def _unit_key() -> int | None:
    return whole(request.values.get("unit")) or None


def _hours_of(filled: Filled, number: int) -> Hours:
    name = f"day{number}"
    return hours_in(filled.text(name), field=name)


def _days_page(form: Filled) -> str:
    view = _view()
    works = [(work, label) for work, label in WORKS if work is not Work.ORDINARY or view.unit]
    return render_template("admin/calendar_days.html", view=view, form=form, works=works)


def _week_page(form: Filled) -> str:
    view = _view()
    top = units.list_units(actor())
    known = list(top.flat()) if top else []
    return render_template(
        "admin/calendar_week.html",
        view=view,
        form=form,
        weekdays=[_weekday(number) for number in range(DAYS_OF_WEEK if view.unit else 1)],
        choices=words.grouped(_without_calendar(known, view), known),
    )


def _without_calendar(known: list[Unit], view: CalendarYear) -> list[Unit]:
    own = {unit.key for unit in view.own}
    return [
        unit
        for unit in known
        if unit.key not in own and unit.parent_key is not None and unit.line is not Line.PARTY
    ]


def _weekday(number: int) -> str:
    """Return the name of a day of the week, 0 for Monday."""
    return str(format_date(date(2024, 1, 1 + number), "EEEE"))


def _back(year: int | None) -> ResponseReturnValue:
    return redirect(url_for("calendar.show", year=year, unit=_unit_key()), 303)
