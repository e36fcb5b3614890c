"""The three rates by street, department or month, the cases behind each number, and a table."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from babel.dates import format_skeleton
from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue
from flask_babel import format_percent, get_locale, gettext
from flask_babel import lazy_gettext as _l
from werkzeug.utils import secure_filename

from app.analytics import rates
from app.analytics.evaluated import By, Measure
from app.analytics.periods import Month
from app.analytics.rates import CountedCases, Counts, Rates, RatesRow
from app.cases.frame import Frame
from app.cases.rating_tags import tag_words
from app.organisation.permissions import Action
from app.web import navigation
from app.web.access import actor, needs
from app.web.addresses import is_fragment
from app.web.languages import language
from app.web.navigation import Entry
from app.web.numbers import whole
from app.web.pages import show as show_page
from app.web.tables import csv_response

blueprint = Blueprint("rates", __name__)
navigation.add(Entry("rates.show", _l("Rates"), Action.VIEW_STATISTICS, order=35))

MEASURES = {
    Measure.DUE: _l("First replies due"),
    Measure.IN_TIME: _l("Contacted in time"),
    Measure.REACHED: _l("Reached by callback"),
    Measure.RESOLVED: _l("Resolved"),
    Measure.RATED: _l("Graded"),
    Measure.SATISFIED: _l("Satisfied"),
    Measure.SCREENED: _l("Screened"),
    Measure.SCREENED_REPLIES: _l("First replies screened"),
    Measure.NOT_EVALUATED: _l("Not evaluated"),
}


@dataclass(frozen=True, slots=True)
class Page:
    """What a page of rates shows, in its frame."""

    frame: Frame
    found: Rates | CountedCases


@blueprint.get("/rates")
@needs(Action.VIEW_STATISTICS)
def show() -> str:
    """Show the rates of a month."""
    found = rates.read_rates(actor(), **_asked())
    return show_page("staff/rates.html", _framed(found), **_words())


@blueprint.get("/rates.csv")
@needs(Action.EXPORT_CSV)
def export() -> ResponseReturnValue:
    """Send the same rates as a table; the name of the file says of which replay."""
    found = rates.export_rates(actor(), **_asked())
    name = f"rates-{found.replay}.csv" if found.replay else "rates.csv"
    return csv_response(secure_filename(name), _rows(_framed(found).frame, found))


@blueprint.get("/rates/cases")
@needs(Action.VIEW_STATISTICS)
def counted() -> str:
    """Show the cases that a number counts."""
    if request.args.get("measure") not in set(Measure):
        abort(404)
    found = rates.read_counted(
        actor(),
        Measure(request.args["measure"]),
        **_asked(),
        unit_key=whole(request.args.get("unit")) or None,
        after=request.args.get("after"),
    )
    template = "staff/rates_case_lines.html" if is_fragment() else "staff/rates_cases.html"
    return show_page(template, _framed(found), **_words(), tags=tag_words(language()))


def _asked() -> dict[str, str]:
    return {name: request.args.get(name, "") for name in ("month", "by", "replay")}


def _framed(found: Rates | CountedCases) -> Page:
    return Page(Frame(found.now, found.zone, found.directory), found)


def _words() -> dict[str, object]:
    return {"percent": percent, "month_name": month_name, "measures": MEASURES}


def percent(share: float | None) -> str:
    """Return a share in per cent; a dash where there was nothing to divide by."""
    return "–" if share is None else str(format_percent(share, "0.0%"))


def month_name(month: Month) -> str:
    """Return a month in the language of the page: "March 2026"."""
    first = date(month.year, month.number, 1)
    return format_skeleton("yMMMM", first, locale=get_locale() or "en")


def _rows(frame: Frame, found: Rates) -> Iterator[Sequence[object]]:
    yield (
        gettext("Month") if found.by is By.MONTH else gettext("Unit"),
        gettext("Response"),
        gettext("Resolution"),
        gettext("Satisfaction"),
        *(str(MEASURES[measure]) for measure in Measure),
    )
    for row in found.rows:
        yield (_name(frame, row), *_numbers(row.counts))
    yield (gettext("All together"), *_numbers(found.total))


def _name(frame: Frame, row: RatesRow) -> str:
    if row.month is not None:
        return str(row.month)
    return frame.unit_name(row.unit_key, language()) or gettext("None yet")


def _numbers(counts: Counts) -> tuple[object, ...]:
    shares = (counts.response, counts.resolution, counts.satisfaction)
    return (*(percent(share) for share in shares), *(counts[measure] for measure in Measure))
