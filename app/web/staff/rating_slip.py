"""The slip with the QR code by which a reporter rates, ready to be printed."""

import segno
from flask import (
    Blueprint,
    Response,
    current_app,
    g,
    make_response,
    render_template,
    request,
    url_for,
)
from markupsafe import Markup

from app.cases import rating_slip
from app.cases.rating_slip import RatingSlip
from app.cases.resident_forms import SLIP
from app.organisation.permissions import Action
from app.web.access import actor, needs
from app.web.languages import in_language
from app.web.pages import show as show_page
from app.web.public.privacy import keep_secret

blueprint = Blueprint("rating_slip", __name__)
PIXELS_PER_MODULE = 6


@blueprint.post("/cases/<int:key>/rating-slip")
@needs(Action.SEE_REPORTER)
def show(key: int) -> Response:
    """Show the slip of a handled case; the journal keeps who printed it."""
    slip = rating_slip.print_slip(actor(), key)
    site = current_app.extensions["settings"].public_url.rstrip("/") or request.url_root.rstrip("/")
    link = site + url_for("tracking.show", token=slip.token, by=SLIP)
    page = show_page("staff/rating_slip.html", slip, case_key=key, words=_worded(slip, link))
    return keep_secret(make_response(page))


def _worded(slip: RatingSlip, link: str) -> Markup:
    """Return the slip in the language its reporter chose, whatever that of the page around it."""
    g.frame = slip.frame
    with in_language(slip.language):
        words = render_template(
            "staff/rating_slip_words.html", page=slip, link=link, code=drawn(link)
        )
    return Markup(words)  # noqa: S704 a template of our own


def drawn(link: str) -> Markup:
    """Return a link as a QR code: an SVG without styles of its own."""
    code = segno.make(link, error="m", micro=False)
    return Markup(code.svg_inline(scale=PIXELS_PER_MODULE, omitsize=True, lineclass=None))  # noqa: S704 drawn here, of squares
