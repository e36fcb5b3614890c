"""Registering a case: the deployed start form for the staff, then what to tell whoever reported it.

As on the public page, files are kept as soon as they arrive, under a random group that the page
carries, so that a form sent back loses none, and a post counts once.
"""

from dataclasses import replace
from http import HTTPStatus

from flask import (
    Blueprint,
    Response,
    current_app,
    make_response,
    redirect,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from app.cases import registering, start_form
from app.cases.attachments import Upload
from app.cases.registering import Registered, RegisterPage
from app.cases.start_form import Sending
from app.cases.task_view import Typed
from app.errors import CaseError
from app.forms.posted import ACTION_NAME
from app.forms.read import InvalidAnswers
from app.forms.views import FieldView
from app.organisation.permissions import Action
from app.organisation.roles import Role
from app.web import navigation, posting
from app.web.access import actor, needs
from app.web.addresses import is_fragment
from app.web.failures import status_of
from app.web.languages import language
from app.web.navigation import Entry
from app.web.pages import show as show_page
from app.web.posting import GROUP, ONCE, REFRESH
from app.web.public.link_code import drawn, link_to
from app.web.public.news import has_messages
from app.web.public.privacy import keep_secret
from app.web.said import say
from app.web.sentences import sentence_of

blueprint = Blueprint("registering", __name__)
navigation.add(
    Entry("registering.show", _l("Register a case"), Action.REPORT_CASE, order=15, key="n")
)
POSITION = "_position"


@blueprint.get("/cases/new")
@needs(Action.REPORT_CASE)
def show() -> str:
    """Show the empty form."""
    return _page(None)


@blueprint.post("/cases/new")
@needs(Action.REPORT_CASE)
def send() -> ResponseReturnValue:
    """Register the case, or show the form again with everything that was typed."""
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


@blueprint.post("/cases/new/form")
@needs(Action.REPORT_CASE)
def refresh() -> str:
    """Answer a script with the form's fields as the conditions now show them."""
    typed = Typed(posted=posting.fields(), row_action=request.form.get(ACTION_NAME, ""))
    return _page(typed, template="staff/register_fields.html")


@blueprint.get("/cases/new/files/<group>/<int:key>")
@needs(Action.REPORT_CASE)
def file(group: str, key: int) -> ResponseReturnValue:
    """Show a file of a case that is not registered yet to whoever is writing it."""
    return posting.unsent_file(group, key)


@blueprint.get("/cases/<int:key>/registered")
@needs(Action.REPORT_CASE)
def registered(key: int) -> Response:
    """Show whoever registered a case its number, what the reporter needs, and what comes next."""
    page = registering.read_receipt(actor(), key, language=language())
    link = link_to(page.token) if page.token else ""
    shown = show_page("staff/registered.html", page, link=link, picture=drawn(link) if link else "")
    return keep_secret(make_response(shown))


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
        done = registering.register(actor(), sending, position_key=_position())
    except InvalidAnswers as error:
        return _again(replace(typed, errors=error.errors))
    except CaseError as error:
        return _again(typed, error)
    return redirect(_onward(done), 303)


def _onward(done: Registered) -> str:
    """Return where to go on: to the record of who settled it themselves, else to the receipt."""
    receipt = url_for("registering.registered", key=done.case_key)
    if done.task_key is None:
        return receipt
    say(
        gettext("Case %(number)s is registered. Now record what you did.", number=done.number),
        link=receipt,
        words=gettext("Receipt"),
    )
    return url_for("tasks.show", key=done.task_key)


def _again(typed: Typed, error: CaseError | None = None) -> ResponseReturnValue:
    status = status_of(error) if error else HTTPStatus.UNPROCESSABLE_ENTITY
    return _page(typed, trouble=sentence_of(error) if error else ""), status


def _page(typed: Typed | None, *, trouble: str = "", template: str = "staff/register.html") -> str:
    group = posting.random_word(GROUP)
    page = registering.read_form(
        actor(),
        position_key=_position(),
        language=language(),
        upload_group=group,
        typed=typed,
        has_messages=has_messages(),
    )
    return show_page(
        "staff/register_fields.html" if is_fragment() else template,
        page,
        start=page.start,
        group=group,
        once=posting.random_word(ONCE),
        trouble=trouble,
        rows_url=url_for("registering.refresh"),
        is_for_others=True,
        focus_on=_first_field(page) if typed is None else "",
        form_thumbnail=lambda row: url_for("registering.file", group=group, key=row.key),
    )


def _first_field(page: RegisterPage) -> str:
    """Return the field to type into at once while somebody talks; on patrol none opens the keys."""
    if page.position.role is not Role.HOTLINE_AGENT:
        return ""
    fields = (node for node in page.start.form.children if isinstance(node, FieldView))
    return next((node.name for node in fields), "")


def _position() -> int | None:
    return request.form.get(POSITION, type=int)


def _keep(name: str, upload: Upload) -> int:
    return start_form.keep_photo(
        upload,
        name=name,
        upload_group=posting.random_word(GROUP),
        blobs=current_app.extensions["blobs"],
        person_key=actor().person_key,
    ).key
