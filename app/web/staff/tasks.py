"""The page on which a task is done: its form, what was typed kept, and on to the next.

A post is one of three things: a row added or removed, a look at what the conditions now show, or
the submission. Files are kept first in any case, so that a refused form loses none.
"""

from collections.abc import Sequence
from dataclasses import replace
from http import HTTPStatus

from flask import Blueprint, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app.cases import handling, inbox, task_view
from app.cases.attachments import keep_upload
from app.cases.task_view import Typed
from app.errors import CaseBusy, CaseError
from app.forms.posted import ACTION_NAME
from app.forms.read import InvalidAnswers
from app.organisation.permissions import Action
from app.web.access import actor, needs
from app.web.addresses import is_fragment
from app.web.languages import language
from app.web.numbers import whole
from app.web.pages import show as show_page
from app.web.said import say
from app.web.sentences import sentence_of
from app.web.uploads import posted_files

blueprint = Blueprint("tasks", __name__)
REFRESH = "_refresh"
REPLY = "_reply"
Files = dict[str, list[int]]


@blueprint.get("/tasks/<int:key>")
@needs(Action.COMPLETE_TASK)
def show(key: int) -> ResponseReturnValue:
    """Show a task; one that is not this person's to do leads to its case."""
    page = task_view.read_task(actor(), key, language=language())
    if page.is_open and not page.may_take:
        return redirect(url_for("case_file.show", key=page.case["key"]), 303)
    return show_page("staff/task.html", page, trouble="", is_sent=False)


@blueprint.post("/tasks/<int:key>")
@needs(Action.COMPLETE_TASK)
def complete(key: int) -> ResponseReturnValue:
    """Complete a task and go on to the next one, of the same case first."""
    files, refused = _keep_files(key)
    typed = Typed(posted=_fields(), files=files, row_action=request.form.get(ACTION_NAME, ""))
    if refused is not None:
        return _again(key, typed, HTTPStatus.UNPROCESSABLE_ENTITY, sentence_of(refused))
    if REPLY in request.form:
        more = task_view.with_reply(
            actor(), key, typed.posted, request.form[REPLY], language=language()
        )
        return _again(key, replace(typed, posted=more), HTTPStatus.OK)
    if typed.row_action or REFRESH in request.form:
        return _again(key, typed, HTTPStatus.OK)
    try:
        done = handling.complete_task(
            actor(), key, typed.posted, seen_version=_seen_version(), files=files
        )
    except InvalidAnswers as error:
        typed = replace(typed, errors=error.errors)
        return _again(key, typed, HTTPStatus.UNPROCESSABLE_ENTITY)
    except CaseBusy as error:
        return _again(key, typed, HTTPStatus.CONFLICT, sentence_of(error))
    _say_done(done)
    return redirect(_next_page(done.case_key), 303)


@blueprint.post("/tasks/<int:key>/form")
@needs(Action.COMPLETE_TASK)
def refresh(key: int) -> ResponseReturnValue:
    """Answer htmx with the form's fields as the conditions now show them."""
    typed = Typed(posted=_fields(), row_action=request.form.get(ACTION_NAME, ""))
    page = task_view.read_task(actor(), key, language=language(), typed=typed)
    return show_page("staff/task_fields.html", page)


@blueprint.post("/tasks/<int:key>/draft")
@needs(Action.COMPLETE_TASK)
def draft(key: int) -> ResponseReturnValue:
    """Keep what has been typed so far."""
    task_view.keep_typed(actor(), key, _fields())
    return "", HTTPStatus.NO_CONTENT


def _again(key: int, typed: Typed, status: HTTPStatus, trouble: str = "") -> ResponseReturnValue:
    """Show the page again with everything that was typed."""
    page = task_view.read_task(actor(), key, language=language(), typed=typed)
    template = "staff/task_fields.html" if is_fragment() else "staff/task.html"
    return show_page(template, page, trouble=trouble, is_sent=True), status


def _fields() -> dict[str, Sequence[str]]:
    return {name: values for name, values in request.form.lists() if not name.startswith("csrf_")}


def _keep_files(key: int) -> tuple[Files, CaseError | None]:
    """Keep the files of the post; return their keys by field, and the first error if any."""
    if not any(file.filename for file in request.files.values()):
        return {}, None
    task_view.demand_own_task(actor(), key)
    kept: Files = {}
    refused: CaseError | None = None
    for name, upload in posted_files(zone=task_view.district_zone()):
        named = task_view.as_asked(key, name, upload)
        try:
            row = keep_upload(
                named,
                blobs=current_app.extensions["blobs"],
                person_key=g.actor.person_key,
                task_key=key,
            )
        except CaseError as error:
            refused = refused or error
        else:
            kept.setdefault(name, []).append(row.key)
    return kept, refused


def _next_page(case_key: int) -> str:
    """Return where to go on: to the case's next step where it is this person's, else the inbox."""
    following = inbox.next_of_case(actor(), case_key)
    if following is None:
        return url_for("inbox.next_task")
    return url_for("tasks.show", key=following)


def _seen_version() -> int:
    return whole(request.form.get("_version"))


def _say_done(done: handling.Completed) -> None:
    sentence = (
        gettext("Done: case %(number)s is closed.", number=done.case_number)
        if done.is_case_closed
        else gettext("Done: case %(number)s goes on.", number=done.case_number)
    )
    say(sentence, link=url_for("case_file.show", key=done.case_key), words=gettext("See the case"))
