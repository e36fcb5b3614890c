"""Reporting a problem: the deployed form on one page, then the receipt.

Files are kept as soon as they arrive, under a random group that the page carries, so that a form
sent back loses none. A post is a look at what the conditions now show, or the report itself.
"""

from dataclasses import replace
from http import HTTPStatus

from flask import Blueprint, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.cases import public_report, start_form, tracking
from app.cases.attachments import Upload
from app.cases.sessions import TooManyAttempts
from app.cases.start_form import Sending
from app.cases.task_view import Typed
from app.cases.tracking_page import read_tracking
from app.errors import CaseError
from app.forms.posted import ACTION_NAME
from app.forms.read import InvalidAnswers
from app.web import posting
from app.web.access import public
from app.web.addresses import is_fragment
from app.web.languages import language
from app.web.pages import show as show_page
from app.web.posting import GROUP, ONCE, REFRESH
from app.web.public.link_code import drawn, link_to
from app.web.public.news import has_messages
from app.web.public.privacy import keep_secret
from app.web.sentences import sentence_of

blueprint = Blueprint("report", __name__)


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
        public_report.count_post(posting.address())
    except TooManyAttempts as error:
        return _again(Typed(posted=posting.fields()), error, HTTPStatus.TOO_MANY_REQUESTS)
    once = posting.once()
    files, refused = posting.kept_files(_keep)
    typed = Typed(
        posted=posting.fields(), files=files, row_action=request.form.get(ACTION_NAME, "")
    )
    if refused is not None:
        return _again(typed, refused)
    if typed.row_action or REFRESH in request.form:
        return _page(typed)
    return _send(typed, once)


@blueprint.post("/report/form")
@public
def refresh() -> str:
    """Answer a script with the form's fields as the conditions now show them."""
    typed = Typed(posted=posting.fields(), row_action=request.form.get(ACTION_NAME, ""))
    return _page(typed, template="public/report_fields.html")


@blueprint.get("/report/sent")
@public
def sent() -> ResponseReturnValue:
    """Show the receipt of the report whose code the address carries."""
    code = request.args.get("code", "")
    page = read_tracking(code, language=language())
    link = link_to(code)
    return show_page(
        "public/sent.html",
        page,
        token=code,
        code=tracking.code_of(code),
        link=link,
        picture=drawn(link),
    )


@blueprint.get("/report/files/<group>/<int:key>")
@public
def file(group: str, key: int) -> ResponseReturnValue:
    """Show a picture of a report that is not sent yet to whoever is writing it."""
    return posting.unsent_file(group, key)


blueprint.after_request(keep_secret)


def _send(typed: Typed, once: str) -> ResponseReturnValue:
    sending = Sending(
        posted=typed.posted,
        files=typed.files,
        upload_group=posting.random_word(GROUP),
        client_key=once,
        language=language(),
        has_messages=has_messages(),
    )
    try:
        receipt = public_report.send_report(sending, address=posting.address())
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
    group = posting.random_word(GROUP)
    page = public_report.read_report_form(
        language=language(), upload_group=group, typed=typed, has_messages=has_messages()
    )
    if is_fragment():
        template = "public/report_fields.html"
    return show_page(
        template,
        page,
        start=page,
        group=group,
        once=posting.random_word(ONCE),
        trouble=trouble,
        rows_url=url_for("report.refresh"),
        form_thumbnail=lambda row: url_for("report.file", group=group, key=row.key),
    )


def _keep(name: str, upload: Upload) -> int:
    blobs = current_app.extensions["blobs"]
    group = posting.random_word(GROUP)
    return start_form.keep_photo(upload, name=name, upload_group=group, blobs=blobs).key
