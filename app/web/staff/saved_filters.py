"""Saved filters of the inbox and of the list of cases: kept, dropped, opened with."""

from collections.abc import Mapping

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app.cases import saved_filters
from app.cases.saved_filters import ShownFilter
from app.web.access import actor, signed_in
from app.web.addresses import asking
from app.web.said import say

blueprint = Blueprint("saved_filters", __name__)
ANYTHING = {"inbox": {"tab": "mine"}, "cases": {"all": "1"}}
PREFIX = "query-"


@blueprint.app_template_global("saved_filters")
def shown(page: str, query: Mapping[str, str | None]) -> tuple[ShownFilter, ...]:
    """Return one's own filters for a page that shows `query`."""
    here = {name: value for name, value in query.items() if value}
    return saved_filters.read_filters(actor(), page, here)


@blueprint.post("/filters/<page>")
@signed_in
def save(page: str) -> ResponseReturnValue:
    """Keep what a page shows under a name."""
    query = {
        name.removeprefix(PREFIX): value
        for name, value in request.form.items()
        if name.startswith(PREFIX)
    }
    is_default = bool(request.form.get("is_default"))
    name = request.form.get("name", "")
    saved_filters.save_filter(actor(), page, name, query, is_default=is_default)
    say(gettext("The filter is kept."))
    return redirect(asking(f"{page}.show", query), 303)


@blueprint.post("/filters/<int:key>/change")
@signed_in
def change(key: int) -> ResponseReturnValue:
    """Drop a filter, or let its page open with it or not."""
    act = request.form.get("act", "")
    if act == "delete":
        page = saved_filters.delete_filter(actor(), key)
        say(gettext("The filter is deleted."))
    else:
        page = saved_filters.choose_default(actor(), key, is_default=act == "default")
        say(gettext("Your wishes are kept."))
    return redirect(asking(f"{page}.show", ANYTHING[page]), 303)
