"""The bell's page: what has happened, the newest first; opening it takes it as seen."""

from flask import Blueprint, request

from app.cases import bell
from app.web.access import actor, signed_in
from app.web.addresses import is_fragment
from app.web.languages import language
from app.web.pages import show as show_page

blueprint = Blueprint("notices", __name__)


@blueprint.get("/notices")
@signed_in
def show() -> str:
    """Show a page of notices."""
    page = bell.read_bell(actor(), language=language(), after=request.args.get("after"))
    return show_page("staff/notices_lines.html" if is_fragment() else "staff/notices.html", page)
