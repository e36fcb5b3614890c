"""What is overdue: late tasks and cases with a card, down the tree of units, and as a table."""

from collections.abc import Iterator, Sequence

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from app.cases import carded, overdue
from app.cases.frame import Frame
from app.cases.overdue import Late
from app.organisation.permissions import Action
from app.web import navigation
from app.web.access import actor, needs
from app.web.addresses import is_fragment
from app.web.languages import language
from app.web.navigation import Entry
from app.web.numbers import whole
from app.web.pages import show as show_page
from app.web.tables import csv_response

blueprint = Blueprint("overdue", __name__)
navigation.add(Entry("overdue.show", _l("Overdue"), Action.VIEW_OVERDUE, order=30))


@blueprint.get("/overdue")
@needs(Action.VIEW_OVERDUE)
def show() -> str:
    """Show what is late under a unit."""
    page = overdue.read_overdue(
        actor(),
        language=language(),
        unit_key=_unit_key(),
        category=request.args.get("category", ""),
        after=request.args.get("after"),
    )
    return show_page("staff/overdue_lines.html" if is_fragment() else "staff/overdue.html", page)


@blueprint.get("/overdue/<any(red, yellow):card>")
@needs(Action.VIEW_OVERDUE)
def show_cards(card: str) -> str:
    """Show the cases with a card under a unit."""
    page = carded.read_carded(
        actor(),
        language=language(),
        card=card,
        unit_key=_unit_key(),
        after=request.args.get("after"),
    )
    return show_page("staff/cards_lines.html" if is_fragment() else "staff/cards.html", page)


@blueprint.get("/overdue.csv")
@needs(Action.EXPORT_CSV)
def export() -> ResponseReturnValue:
    """Send every late task under a unit as a table."""
    found = overdue.export_overdue(
        actor(),
        language=language(),
        unit_key=_unit_key(),
        category=request.args.get("category", ""),
    )
    return csv_response("overdue.csv", _rows(found, language()))


def _rows(found: Iterator[tuple[Frame, Late]], spoken: str) -> Iterator[Sequence[object]]:
    yield (
        gettext("Case"),
        gettext("Step"),
        gettext("Late by (hours)"),
        gettext("Due"),
        gettext("Waiting since"),
        gettext("Times urged"),
        gettext("With whom"),
        gettext("Category"),
        gettext("Address"),
        gettext("Street"),
        gettext("Community"),
        gettext("Grid"),
        gettext("Lead department"),
        gettext("Description"),
    )
    for frame, late in found:
        line = late.line
        places = (line.street_key, line.community_key, line.grid_key, line.lead_unit_key)
        yield (
            line.number,
            late.step,
            round(late.lateness.total_seconds() / 3600, 1),
            line.due_at.astimezone(frame.zone).strftime("%Y-%m-%d %H:%M"),
            line.created_at.astimezone(frame.zone).strftime("%Y-%m-%d %H:%M"),
            late.urged,
            late.holder,
            late.category,
            line.address,
            *(frame.unit_name(key, spoken) for key in places),
            line.description,
        )


def _unit_key() -> int | None:
    return whole(request.args.get("unit")) or None
