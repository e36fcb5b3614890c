"""Following a case with its code: how far it is, what was answered, and rating it in the end."""

from http import HTTPStatus
from io import BytesIO
from urllib.parse import urlsplit

from flask import Blueprint, current_app, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app.cases import tracking_page
from app.cases.task_view import Typed
from app.engine.errors import NobodyWaits
from app.errors import NotFound
from app.forms.read import InvalidAnswers
from app.web.access import public
from app.web.languages import language
from app.web.pages import show as show_page
from app.web.public.privacy import keep_secret
from app.web.said import say

blueprint = Blueprint("tracking", __name__)
MOST_CHARACTERS = 200


@blueprint.get("/track")
@public
def enter() -> ResponseReturnValue:
    """Ask for the code; one that is given leads to its case."""
    code = _code(request.args.get("code", ""))
    if code:
        return redirect(url_for("tracking.show", token=code), 303)
    return render_template("public/track.html", code="", is_unknown=False)


@blueprint.get("/track/<token>")
@public
def show(token: str) -> ResponseReturnValue:
    """Show the case of a code."""
    return _page(token)


@blueprint.post("/track/<token>")
@public
def rate(token: str) -> ResponseReturnValue:
    """Take the rating, or show the page again with what was typed."""
    posted = {name: values for name, values in request.form.lists() if name != "csrf_token"}
    try:
        tracking_page.rate(token, posted, language=language())
    except InvalidAnswers as error:
        typed = Typed(posted=posted, errors=error.errors)
        return _page(token, typed), HTTPStatus.UNPROCESSABLE_ENTITY
    except NobodyWaits:
        trouble = gettext(
            "This case cannot be rated now: it was rated already, or the time for it is over."
        )
        return _page(token, trouble=trouble), HTTPStatus.CONFLICT
    say(gettext("Thank you. Your rating has arrived."))
    return redirect(url_for("tracking.show", token=token), 303)


@blueprint.get("/track/<token>/files/<int:key>")
@public
def file(token: str, key: int) -> ResponseReturnValue:
    """Hand out a file of the case that its reporter may see; `small` asks for its thumbnail."""
    row = tracking_page.own_file(token, key)
    if row is None:
        raise NotFound(what="attachment", key=key)
    is_small = "small" in request.args and row.thumbnail_as is not None
    stored_as = str(row.thumbnail_as) if is_small else row.stored_as
    return send_file(
        BytesIO(current_app.extensions["blobs"].get(stored_as)),
        mimetype="image/jpeg" if is_small else row.media_type,
        as_attachment=row.thumbnail_as is None,
        download_name=row.file_name,
    )


@blueprint.errorhandler(NotFound)
def unknown(_error: NotFound) -> ResponseReturnValue:
    """Say that no case has this code, and ask for it again."""
    code = str((request.view_args or {}).get("token", ""))[:MOST_CHARACTERS]
    return render_template("public/track.html", code=code, is_unknown=True), HTTPStatus.NOT_FOUND


blueprint.after_request(keep_secret)


def _page(token: str, typed: Typed | None = None, *, trouble: str = "") -> str:
    page = tracking_page.read_tracking(token, language=language(), typed=typed)
    return show_page("public/tracked.html", page, token=token, trouble=trouble)


def _code(text: str) -> str:
    """Return the code in what was typed or pasted: alone, with spaces, or as the whole link."""
    joined = "".join(text[:MOST_CHARACTERS].split())
    return urlsplit(joined).path.rstrip("/").rpartition("/")[2] if "/" in joined else joined
