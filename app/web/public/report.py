"""Reporting a problem: the deployed form on one page, then the receipt.

Files are kept as soon as they arrive, under a random group that the page carries, so that a form
sent back loses none. A post is a look at what the conditions now show, or the report itself.
"""

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import replace
from http import HTTPStatus
from io import BytesIO

from flask import Blueprint, current_app, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue

from app.cases import public_report
from app.cases.public_report import Sending
from app.cases.sessions import TooManyAttempts
from app.cases.task_view import Typed, district_zone
from app.cases.tracking_page import read_tracking
from app.errors import CaseError
from app.forms.posted import ACTION_NAME
from app.forms.read import InvalidAnswers
from app.web.access import public
from app.web.addresses import is_fragment
from app.web.languages import language
from app.web.pages import show as show_page
from app.web.public.privacy import keep_secret
from app.web.sentences import sentence_of
from app.web.uploads import posted_files

blueprint = Blueprint("report", __name__)
GROUP, ONCE, REFRESH = "_group", "_once", "_refresh"
_RANDOM = re.compile(r"[A-Za-z0-9_-]{32}")
Fields = dict[str, Sequence[str]]


@blueprint.get("/report")
@public
def show() -> str:
    """Show the empty form."""
    return _page(None)


@blueprint.post("/report")
@public
def send() -> ResponseReturnValue:
    """Take the report, or show the form again with everything that was typed."""
    try:
        public_report.count_post(_address())
    except TooManyAttempts as error:
        return _again(Typed(posted=_fields()), error, HTTPStatus.TOO_MANY_REQUESTS)
    once = _once()
    files, refused = _keep_files()
    typed = Typed(posted=_fields(), files=files, row_action=request.form.get(ACTION_NAME, ""))
    if refused is not None:
        return _again(typed, refused)
    if typed.row_action or REFRESH in request.form:
        return _page(typed)
    return _send(typed, once)


@blueprint.post("/report/form")
@public
def refresh() -> str:
    """Answer a script with the form's fields as the conditions now show them."""
    typed = Typed(posted=_fields(), row_action=request.form.get(ACTION_NAME, ""))
    return _page(typed, template="public/report_fields.html")


@blueprint.get("/report/sent")
@public
def sent() -> ResponseReturnValue:
    """Show the receipt of the report whose code the address carries."""
    code = request.args.get("code", "")
    page = read_tracking(code, language=language())
    site = current_app.extensions["settings"].public_url or request.host_url.rstrip("/")
    link = site + url_for("tracking.show", token=code)
    return show_page("public/sent.html", page, code=code, link=link)


@blueprint.get("/report/files/<group>/<int:key>")
@public
def file(group: str, key: int) -> ResponseReturnValue:
    """Show a picture of a report that is not sent yet to whoever is writing it."""
    row = public_report.unsent_file(group, key)
    stored_as = row.thumbnail_as or row.stored_as
    content = current_app.extensions["blobs"].get(stored_as)
    is_picture = row.thumbnail_as is not None
    return send_file(
        BytesIO(content),
        mimetype="image/jpeg" if is_picture else row.media_type,
        as_attachment=not is_picture,
        download_name=row.file_name,
    )


blueprint.after_request(keep_secret)


def _send(typed: Typed, once: str) -> ResponseReturnValue:
    sending = Sending(
        posted=typed.posted,
        files=typed.files,
        upload_group=_random(GROUP),
        client_key=once,
        language=language(),
    )
    try:
        receipt = public_report.send_report(
            sending, address=_address(), secret=str(current_app.secret_key)
        )
    except InvalidAnswers as error:
        return _again(replace(typed, errors=error.errors))
    except TooManyAttempts as error:
        return _again(typed, error, HTTPStatus.TOO_MANY_REQUESTS)
    return redirect(url_for("report.sent", code=receipt.token), 303)


def _again(
    typed: Typed,
    error: CaseError | None = None,
    status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY,
) -> ResponseReturnValue:
    return _page(typed, trouble=sentence_of(error) if error else ""), status


def _page(typed: Typed | None, *, trouble: str = "", template: str = "public/report.html") -> str:
    group = _random(GROUP)
    page = public_report.read_report_form(language=language(), upload_group=group, typed=typed)
    if is_fragment():
        template = "public/report_fields.html"
    return show_page(
        template,
        page,
        group=group,
        once=_random(ONCE),
        trouble=trouble,
        form_thumbnail=lambda row: url_for("report.file", group=group, key=row.key),
    )


def _keep_files() -> tuple[dict[str, list[int]], CaseError | None]:
    """Keep the files of the post; return their keys by field, and the first error if any."""
    kept: dict[str, list[int]] = {}
    refused: CaseError | None = None
    if not any(file.filename for file in request.files.values()):
        return kept, refused
    blobs = current_app.extensions["blobs"]
    for name, upload in posted_files(zone=district_zone()):
        try:
            row = public_report.keep_photo(
                upload, field=name, upload_group=_random(GROUP), blobs=blobs
            )
        except CaseError as error:
            refused = refused or error
        else:
            kept.setdefault(name, []).append(row.key)
    return kept, refused


def _once() -> str:
    """Return the key under which this very post counts once: its page, its words, its files."""
    known = hashlib.sha256(_random(ONCE).encode())
    for name, values in sorted(_fields().items()):
        known.update(repr((name, list(values))).encode())
    for name in sorted(request.files):
        for upload in request.files.getlist(name):
            known.update(hashlib.sha256(upload.stream.read()).digest())
            upload.stream.seek(0)
    return known.hexdigest()


def _fields() -> Fields:
    return {name: values for name, values in request.form.lists() if not name.startswith("csrf_")}


def _random(name: str) -> str:
    """Return the random word the page carries under `name`, a new one where it carries none."""
    given = request.form.get(name, "")
    return given if _RANDOM.fullmatch(given) else secrets.token_urlsafe(24)


def _address() -> str:
    return request.remote_addr or ""
