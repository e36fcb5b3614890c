"""Whistles: the list, blowing one, how far each department is, and checking in with the QR code.

What departments and street do are ordinary tasks; these pages show them together and lead there.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import replace
from http import HTTPStatus

import segno
from flask import Blueprint, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from app.cases import whistle_blowing, whistles
from app.cases.task_view import Typed
from app.cases.whistles import WhistlePage
from app.errors import CaseError
from app.forms.read import InvalidAnswers
from app.organisation.permissions import Action
from app.web import navigation
from app.web.access import actor, needs, signed_in
from app.web.addresses import is_fragment
from app.web.languages import language
from app.web.navigation import Entry
from app.web.pages import show as show_page
from app.web.said import say
from app.web.sentences import sentence_of
from app.web.times import span

blueprint = Blueprint("whistles", __name__)
navigation.add(Entry("whistles.show", _l("Whistles"), Action.VIEW_WHISTLES, order=25))
PROPOSE, REFRESH, ONCE = "_propose", "_refresh", "_once"


@blueprint.get("/whistles")
@needs(Action.VIEW_WHISTLES)
def show() -> str:
    """Show the whistles that run, and those that ended last."""
    return show_page("staff/whistle_list.html", whistles.read_list(actor()))


@blueprint.get("/whistles/new")
@needs(Action.BLOW_WHISTLE)
def new() -> ResponseReturnValue:
    """Show the form of a whistle, for a case (`?case=`) or on its own.

    A case that waits for its whistle has a task for it.
    """
    task = whistle_blowing.awaited(actor(), _case_key())
    return _form(None) if task is None else redirect(url_for("tasks.show", key=task), 303)


@blueprint.post("/whistles/new")
@needs(Action.BLOW_WHISTLE)
def blow() -> ResponseReturnValue:
    """Blow the whistle, or show the form again: asked to, or because something is missing."""
    typed = Typed(posted=_fields())
    if PROPOSE in request.form or REFRESH in request.form:
        return _form(typed)
    try:
        blown = whistle_blowing.blow(actor(), _case_key(), typed.posted, client_key=_once(typed))
    except InvalidAnswers as error:
        return _form(replace(typed, errors=error.errors)), HTTPStatus.UNPROCESSABLE_ENTITY
    except CaseError as error:
        if error.code not in ("case_busy", "whistle_under_way", "whistle_awaited"):
            raise
        return _form(typed, trouble=sentence_of(error)), HTTPStatus.CONFLICT
    say(gettext("The whistle is blown: %(number)s.", number=blown.number))
    return redirect(url_for("whistles.one", key=blown.whistle_key), 303)


@blueprint.post("/whistles/new/form")
@needs(Action.BLOW_WHISTLE)
def refresh() -> ResponseReturnValue:
    """Answer a script with the form's fields as the conditions now show them."""
    return _form(Typed(posted=_fields()), template="staff/whistle_fields.html")


@blueprint.get("/whistles/<int:key>")
@signed_in
def one(key: int) -> str:
    """Show how far each department of a whistle is."""
    return show_page("staff/whistle.html", _page(key))


@blueprint.get("/whistles/<int:key>/code")
@needs(Action.BLOW_WHISTLE)
def code(key: int) -> str:
    """Show the QR code of a whistle, to be printed or held up on the spot."""
    page = _page(key)
    whistles.demand_code(actor(), page)
    site = current_app.extensions["settings"].public_url or request.host_url.rstrip("/")
    link = site + url_for("whistles.check_in", key=key, code=page.row.code)
    drawn = segno.make(link, error="m").svg_inline(scale=8, border=2, omitsize=True)
    return show_page("staff/whistle_code.html", page, drawn=Markup(drawn))  # noqa: S704


@blueprint.get("/whistles/<int:key>/check-in")
@signed_in
def check_in(key: int) -> str:
    """Ask whoever scanned the code whether their department is there now."""
    code = request.args.get("code", "")
    unit_key = whistles.find_check_in(actor(), key, code)
    return show_page("staff/whistle_check_in.html", _page(key), unit_key=unit_key, code=code)


@blueprint.post("/whistles/<int:key>/check-in")
@needs(Action.COMPLETE_TASK)
def be_there(key: int) -> ResponseReturnValue:
    """Check the department in and go on to its next step."""
    unit_key = whistles.check_in_by_code(actor(), key, request.form.get("code", ""))
    (department,) = [each for each in _page(key).departments if each.report.unit_key == unit_key]
    if department.late_by is None:
        say(gettext("You are checked in."))
    else:
        say(
            gettext(
                "You are checked in, %(span)s late. The absence stays on record.",
                span=span(department.late_by),
            )
        )
    following = next((each.task.key for each in department.steps if each.may_take), None)
    if following is None:
        return redirect(url_for("whistles.one", key=key), 303)
    return redirect(url_for("tasks.show", key=following), 303)


def _page(key: int) -> WhistlePage:
    return whistles.read_whistle(actor(), key, language=language())


def _form(
    typed: Typed | None, *, trouble: str = "", template: str = "staff/whistle_new.html"
) -> str:
    page = whistle_blowing.read_blow_form(actor(), _case_key(), language=language(), typed=typed)
    if is_fragment():
        template = "staff/whistle_fields.html"
    return show_page(template, page, trouble=trouble, once=_random())


def _once(typed: Typed) -> str:
    """Return the key under which this very post counts once: its page and its words."""
    known = hashlib.sha256(_random().encode())
    for name, values in sorted(typed.posted.items()):
        known.update(repr((name, list(values))).encode())
    return known.hexdigest()


def _random() -> str:
    """Return the random word the page carries, a new one where it carries none."""
    return request.form.get(ONCE) or secrets.token_urlsafe(24)


def _case_key() -> int | None:
    return request.values.get("case", type=int)


def _fields() -> dict[str, Sequence[str]]:
    return {name: values for name, values in request.form.lists() if not name.startswith("csrf_")}
