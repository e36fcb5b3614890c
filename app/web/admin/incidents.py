"""The pages of incidents and of letters that have not left, for those who look after the system."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from app.cases import incidents, undelivered
from app.errors import CaseError
from app.organisation.permissions import Action
from app.web import navigation
from app.web.access import actor, needs
from app.web.addresses import is_fragment
from app.web.admin.filled import Filled, posted
from app.web.languages import language
from app.web.navigation import Entry
from app.web.pages import show as show_page
from app.web.said import say

blueprint = Blueprint("incidents", __name__, url_prefix="/incidents")
navigation.add(Entry("incidents.show", _l("Incidents"), Action.VIEW_INCIDENTS, order=95))
FIELD_OF = {"why_needed": "reason"}


@blueprint.get("")
@needs(Action.VIEW_INCIDENTS)
def show() -> str:
    """Show what the system has stopped trying, or (`?state=settled`) what was seen to."""
    page = incidents.read_incidents(
        actor(),
        language=language(),
        kind=request.args.get("kind", ""),
        is_settled=request.args.get("state") == "settled",
        after=request.args.get("after"),
    )
    lines = "admin/incidents_lines.html"
    return show_page(lines if is_fragment() else "admin/incidents.html", page)


@blueprint.get("/<int:key>")
@needs(Action.VIEW_INCIDENTS)
def one(key: int) -> str:
    """Show one incident, to be tried again or settled."""
    return _page(key, Filled())


@blueprint.post("/<int:key>")
@needs(Action.RESOLVE_INCIDENTS)
def resolve(key: int) -> ResponseReturnValue:
    """Have it tried again, or settle it."""
    filled, is_retry = posted(), request.form.get("act") == "retry"
    act = incidents.retry if is_retry else incidents.settle
    try:
        act(actor(), key, reason=filled.values.get("reason", ""))
    except CaseError as error:
        return _page(key, filled.refused(error, FIELD_OF)), 422
    if is_retry:
        say(gettext("It is tried again within the next seconds. If it fails again, it comes back."))
    else:
        say(gettext("The incident is settled."))
    return redirect(url_for("incidents.show"), 303)


@blueprint.get("/letters")
@needs(Action.VIEW_INCIDENTS)
def letters() -> str:
    """Show letters that were given up, or (`?state=waiting`) those that still wait."""
    page = undelivered.read_undelivered(
        actor(),
        language=language(),
        is_waiting=request.args.get("state") == "waiting",
        after=request.args.get("after"),
    )
    return show_page("admin/letters_lines.html" if is_fragment() else "admin/letters.html", page)


@blueprint.post("/letters/all")
@needs(Action.RESOLVE_INCIDENTS)
def send_all() -> ResponseReturnValue:
    """Have every letter sent again that was given up."""
    return _sent_again(undelivered.send_again(actor()))


@blueprint.post("/letters/<int:key>")
@needs(Action.RESOLVE_INCIDENTS)
def send_one(key: int) -> ResponseReturnValue:
    """Have a letter sent again that was given up."""
    return _sent_again(undelivered.send_again(actor(), key))


def _sent_again(count: int) -> ResponseReturnValue:
    words = ngettext(
        "%(num)s letter is sent again within the next seconds.",
        "%(num)s letters are sent again within the next seconds.",
        count,
    )
    say(words)
    return redirect(url_for("incidents.letters"), 303)


def _page(key: int, form: Filled) -> str:
    page = incidents.read_incident(actor(), key, language=language())
    return show_page("admin/incident.html", page, form=form)
