"""The list of cases: searched by number, telephone, address and words, and filtered."""

from flask import Blueprint, request
from flask_babel import lazy_gettext as _l

from app.cases import search
from app.cases.search import Wanted
from app.organisation.permissions import Action
from app.web import navigation
from app.web.access import actor, needs
from app.web.addresses import is_fragment
from app.web.languages import language
from app.web.navigation import Entry
from app.web.pages import show as show_page

blueprint = Blueprint("cases", __name__)
navigation.add(Entry("cases.show", _l("Cases"), Action.VIEW_CASES, order=20, rooms=("case_file",)))

FIELDS = {
    "text": "q",
    "state": "state",
    "category": "category",
    "severity": "severity",
    "unit": "unit",
    "reported_from": "from",
    "reported_to": "to",
}


@blueprint.get("/cases")
@needs(Action.VIEW_CASES)
def show() -> str:
    """Show a page of the cases asked for."""
    wanted = Wanted(**{name: request.args.get(field, "") for name, field in FIELDS.items()})
    page = search.find_cases(actor(), wanted, language=language(), after=request.args.get("after"))
    query = {field: getattr(wanted, name) or None for name, field in FIELDS.items()}
    template = "staff/cases_lines.html" if is_fragment() else "staff/cases.html"
    return show_page(template, page, query=query)
