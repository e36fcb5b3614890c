"""One's own page: absence, mail, language and password."""

from flask import Blueprint, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext

from app.cases import absence, own_page, sessions
from app.errors import CaseError
from app.web import cookies
from app.web.access import actor, signed_in
from app.web.admin.filled import Filled, posted
from app.web.languages import LANGUAGE_LASTS, LOCALES
from app.web.numbers import whole
from app.web.pages import show as show_page
from app.web.said import say

blueprint = Blueprint("own_page", __name__, url_prefix="/me")
ABSENCE_FIELD_OF = {
    "wrong_span": "last",
    "absence_in_the_past": "first",
    "absence_too_long": "last",
    "absent_already": "first",
    "own_deputy": "deputy",
    "not_your_deputy": "deputy",
    "deputy_away": "deputy",
    "not_found": "deputy",
    "nothing_to_lend": "deputy",
}
PASSWORD_FIELD_OF = {
    "wrong_credentials": "current",
    "too_many_attempts": "current",
    "password_too_short": "new",
    "password_too_long": "new",
    "password_too_easy": "new",
}


@blueprint.get("")
@signed_in
def show() -> str:
    """Show one's own page."""
    return _page(Filled())


@blueprint.post("/absence")
@signed_in
def set_absence() -> ResponseReturnValue:
    """Let somebody stand in from a day to a day."""
    filled = posted()
    try:
        absence.set_absence(
            actor(),
            deputy_key=whole(filled.values.get("deputy")),
            first=filled.day("first"),
            last=filled.day("last"),
        )
    except CaseError as error:
        return _page(filled.refused(error, ABSENCE_FIELD_OF)), 422
    return _back(gettext("Your deputy is told. The page shows it until you are back."))


@blueprint.post("/absences/<int:key>/end")
@signed_in
def end_absence(key: int) -> ResponseReturnValue:
    """End an absence now."""
    absence.end_absence(actor(), key)
    say(
        gettext("The absence has ended. What your deputy has taken over is under “Passed on”."),
        link=url_for("inbox.show", tab="passed"),
        words=gettext("See it"),
    )
    return redirect(url_for("own_page.show"), 303)


@blueprint.post("/mail")
@signed_in
def choose_mail() -> ResponseReturnValue:
    """Keep which mail one wants."""
    own_page.choose_mail(
        actor(),
        wants_mail=bool(request.form.get("wants_mail")),
        wishes=request.form.getlist("wish"),
    )
    return _back(gettext("Your wishes are kept."))


@blueprint.post("/language")
@signed_in
def choose_language() -> ResponseReturnValue:
    """Keep the language one reads in, and go on in it."""
    chosen = request.form.get("language", "")
    sessions.choose_language(actor(), chosen)
    with force_locale(LOCALES.get(chosen, "en")):
        say(gettext("Your wishes are kept."))
    answer = current_app.make_response(redirect(url_for("own_page.show"), 303))
    cookies.write(answer, cookies.LANGUAGE, chosen, lasts=LANGUAGE_LASTS)
    return answer


@blueprint.post("/password")
@signed_in
def choose_password() -> ResponseReturnValue:
    """Change one's own password."""
    typed = request.form
    try:
        own_page.choose_password(
            actor(),
            typed.get("current", ""),
            typed.get("new", ""),
            typed.get("again", ""),
            token=g.session_token,
        )
    except CaseError as error:
        return _page(Filled().refused(error, PASSWORD_FIELD_OF)), 422
    return _back(gettext("The new password holds from now on."))


def _page(form: Filled) -> str:
    return show_page("staff/own_page.html", own_page.read_own_page(actor()), form=form)


def _back(sentence: str) -> ResponseReturnValue:
    say(sentence)
    return redirect(url_for("own_page.show"), 303)
