"""The list of cases: searched by number, telephone, address and words, and filtered."""

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.cases import saved_filters, search
from app.cases.search import FIELDS
from app.organisation.permissions import Action
from app.web import navigation
from app.web.access import actor, needs
from app.web.addresses import asking, is_fragment
from app.web.languages import language
from app.web.navigation import Entry
from app.web.pages import show as show_page

blueprint = Blueprint("cases", __name__)
navigation.add(Entry("cases.show", _l("Cases"), Action.VIEW_CASES, order=20, rooms=("case_file",)))


@blueprint.get("/cases")
@needs(Action.VIEW_CASES)
def show() -> ResponseReturnValue:
    """Show a page of the cases asked for; without a question, what one's default filter asks."""
    if not request.args:
        default = saved_filters.default_query(actor(), "cases")
        if default:
            return redirect(asking("cases.show", default), 303)
    wanted = search.wanted_from(request.args)
    page = search.find_cases(actor(), wanted, language=language(), after=request.args.get("after"))
    query = {field: getattr(wanted, name) or None for name, field in FIELDS.items()}
    template = "staff/cases_lines.html" if is_fragment() else "staff/cases.html"
    return show_page(template, page, query=query)
