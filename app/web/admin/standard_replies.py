"""The page of standard replies: written in both languages, valid from a day to a day."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from app.cases import standard_replies
from app.cases.standard_replies import ReplyText
from app.errors import CaseError
from app.organisation.permissions import Action
from app.web import navigation
from app.web.access import actor, needs
from app.web.admin.filled import Filled, posted
from app.web.languages import language
from app.web.navigation import Entry
from app.web.pages import show as show_page
from app.web.said import say

blueprint = Blueprint("standard_replies", __name__, url_prefix="/replies")
navigation.add(
    Entry("standard_replies.show", _l("Standard replies"), Action.MANAGE_SETTINGS, order=90)
)
FIELDS = ("category", "outcome", "title", "title_zh", "body", "body_zh", "valid_from", "valid_to")


@blueprint.get("")
@needs(Action.MANAGE_SETTINGS)
def show() -> str:
    """Show every reply."""
    page = standard_replies.list_replies(actor(), language=language())
    return show_page("admin/standard_replies.html", page)


@blueprint.get("/new")
@needs(Action.MANAGE_SETTINGS)
def ask_new() -> str:
    """Ask for a new reply."""
    return _page(None, Filled())


@blueprint.post("/new")
@needs(Action.MANAGE_SETTINGS)
def create() -> ResponseReturnValue:
    """Keep a new reply."""
    return _save(None)


@blueprint.get("/<int:key>")
@needs(Action.MANAGE_SETTINGS)
def one(key: int) -> str:
    """Show a reply to be changed, with what it said before."""
    return _page(key, None)


@blueprint.post("/<int:key>")
@needs(Action.MANAGE_SETTINGS)
def change(key: int) -> ResponseReturnValue:
    """Change a reply."""
    return _save(key)


def _save(key: int | None) -> ResponseReturnValue:
    filled = posted()
    try:
        standard_replies.save_reply(actor(), key, _text(filled))
    except CaseError as error:
        return _page(key, filled.refused(error, {})), 422
    say(gettext("The reply is kept."))
    return redirect(url_for("standard_replies.show"), 303)


def _text(filled: Filled) -> ReplyText:
    return ReplyText(
        category=filled.text("category"),
        outcome=filled.text("outcome"),
        title=filled.text("title"),
        title_zh=filled.text("title_zh"),
        body=_lines("body"),
        body_zh=_lines("body_zh"),
        valid_from=filled.day("valid_from"),
        valid_to=filled.day("valid_to"),
    )


def _lines(name: str) -> str:
    return request.form.get(name, "").replace("\r\n", "\n").strip()


def _page(key: int | None, form: Filled | None) -> str:
    page = standard_replies.read_reply(actor(), key, language=language())
    if form is None:
        kept = {name: getattr(page.row, name) for name in FIELDS}
        form = Filled({name: str(value) for name, value in kept.items() if value is not None})
    return show_page("admin/standard_reply.html", page, form=form, blanks=standard_replies.BLANKS)
