"""Following a case: by its link, or by number and query code; its page, and its files."""

from http import HTTPStatus
from io import BytesIO
from urllib.parse import urlsplit

from flask import Blueprint, current_app, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from app.cases import tracking, tracking_page
from app.cases.sessions import TooManyAttempts
from app.errors import NotFound
from app.web import posting
from app.web.access import public
from app.web.public.privacy import keep_secret
from app.web.public.spoken import speak_as_told
from app.web.public.tracked import page_of
from app.web.sentences import sentence_of

blueprint = Blueprint("tracking", __name__)
MOST_CHARACTERS = 200


@blueprint.get("/track")
@public
def enter() -> ResponseReturnValue:
    """Ask for number and code; a link or its token that is given leads to its case."""
    code = _token(request.args.get("code", ""))
    if code:
        return redirect(url_for("tracking.show", token=code), 303)
    return render_template("public/track.html", number="", code="", trouble="", is_unknown=False)


@blueprint.post("/track")
@public
def look_up() -> ResponseReturnValue:
    """Find the case of a number and a query code, or of a pasted link."""
    number = request.form.get("number", "")[:MOST_CHARACTERS]
    code = request.form.get("code", "")[:MOST_CHARACTERS]
    if not number.strip() and _token(code):
        return redirect(url_for("tracking.show", token=_token(code)), 303)
    try:
        token = tracking.look_up(number, code, address=posting.address())
    except NotFound:
        return _asked_again(number, code), HTTPStatus.NOT_FOUND
    except TooManyAttempts as error:
        return _asked_again(number, code, sentence_of(error)), HTTPStatus.TOO_MANY_REQUESTS
    return redirect(url_for("tracking.show", token=token), 303)


@blueprint.get("/track/<token>")
@public
def show(token: str) -> ResponseReturnValue:
    """Show the case of a token."""
    return page_of(token)


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


def unknown(_error: NotFound) -> ResponseReturnValue:
    """Say that no case has this token, and ask for it again."""
    code = str((request.view_args or {}).get("token", ""))[:MOST_CHARACTERS]
    return _asked_again("", code), HTTPStatus.NOT_FOUND


blueprint.register_error_handler(NotFound, unknown)
blueprint.before_request(speak_as_told)
blueprint.after_request(keep_secret)


def _asked_again(number: str, code: str, trouble: str = "") -> str:
    return render_template(
        "public/track.html", number=number, code=code, trouble=trouble, is_unknown=not trouble
    )


def _token(text: str) -> str:
    """Return the token in what was typed or pasted: alone, with spaces, or as the whole link."""
    joined = "".join(text[:MOST_CHARACTERS].split())
    return urlsplit(joined).path.rstrip("/").rpartition("/")[2] if "/" in joined else joined
