"""Signing in and out. A demo lists its accounts; one click fills the form in."""

from http import HTTPStatus

from flask import (
    Blueprint,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.cases.demo import listed_accounts
from app.cases.sessions import TooManyAttempts, WrongCredentials
from app.organisation.demo import DEMO_PASSWORD
from app.web import sessions
from app.web.access import public
from app.web.addresses import safe_next
from app.web.kept import Fields, packed, unpacked
from app.web.sentences import sentence_of

blueprint = Blueprint("sign_in", __name__)


@blueprint.get("/sign-in")
@public
def form() -> str:
    """Show the sign-in page."""
    return sign_in_page(login=request.args.get("login", ""))


@blueprint.post("/sign-in")
@public
def enter() -> ResponseReturnValue:
    """Sign in, then go on to where one was going, with what was typed there."""
    kept = unpacked(request.form.get("kept"))
    login = request.form.get("login", "").strip()
    try:
        signed_in = sessions.sign_in(login, request.form.get("password", ""))
    except (WrongCredentials, TooManyAttempts) as error:
        page = sign_in_page(login=login, sentence=sentence_of(error), kept=kept)
        is_wrong = isinstance(error, WrongCredentials)
        return page, HTTPStatus.UNPROCESSABLE_ENTITY if is_wrong else HTTPStatus.TOO_MANY_REQUESTS
    return sessions.remember(_onward(kept), signed_in.token)


def _onward(kept: Fields) -> Response:
    """Go where one was going; what was typed when the session ended is offered to be sent again."""
    if not kept:
        return redirect(safe_next(request.form.get("next")), 303)
    page = render_template(
        "resume.html",
        sentence=gettext("You are signed in again. What you typed is still here."),
        kept=kept,
        kept_for=safe_next(request.form.get("kept_for")),
        back=safe_next(request.form.get("next")),
    )
    return make_response(page)


@blueprint.post("/sign-out")
@public
def leave() -> Response:
    """Sign out."""
    return sessions.sign_out(redirect(url_for("sign_in.form"), 303))


def sign_in_page(
    *, login: str = "", sentence: str = "", kept: Fields = (), kept_for: str = ""
) -> str:
    """Return the page; `kept` was typed on the page `kept_for` when its session had ended."""
    accounts = listed_accounts() if current_app.extensions["settings"].is_demo else ()
    return render_template(
        "staff/sign_in.html",
        login=login,
        sentence=sentence,
        next=safe_next(request.values.get("next")),
        kept=packed(kept) if kept else "",
        kept_for=kept_for or request.form.get("kept_for", ""),
        accounts=accounts,
        demo_password=DEMO_PASSWORD if accounts else "",
    )
