"""The pages on which tasks are handed on: one task to a colleague, and many chosen in a list.

Before many are changed a page says how many and which not; while they are it shows how far it is, a
few tasks a request; afterwards one says what became of each, with a button that undoes it for some
minutes.
"""

import secrets
from dataclasses import asdict

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app.cases import assignment, bulk, handing_on
from app.cases.bulk import BulkKind, Chosen
from app.errors import CaseError
from app.organisation.permissions import Action
from app.web.access import actor, needs
from app.web.addresses import safe_next
from app.web.languages import language
from app.web.numbers import whole
from app.web.pages import show as show_page
from app.web.said import say
from app.web.sentences import sentence_of

blueprint = Blueprint("handing_on", __name__)
A_FEW = 10
MOST_SIGNS = 64
JSON = "application/json"
AT_THE_FORM = {"not_eligible", "excluded_colleague", "already_theirs", "reason_needed"}


@blueprint.get("/tasks/<int:key>/hand-on")
@needs(Action.CLAIM_TASK)
def show(key: int) -> str:
    """Ask to whom a task is to go."""
    return _one(key)


@blueprint.post("/tasks/<int:key>/reassign")
@needs(Action.REASSIGN_TASK)
def reassign(key: int) -> ResponseReturnValue:
    """Give a task under one's units to a colleague."""
    try:
        assignment.reassign_task(
            actor(), key, to_key=_to(), reason=_reason(), seen_version=_version()
        )
    except CaseError as error:
        return _refused(key, error)
    return _done(gettext("The task is with your colleague; everybody concerned is told."))


@blueprint.post("/tasks/<int:key>/delegate")
@needs(Action.CLAIM_TASK)
def delegate(key: int) -> ResponseReturnValue:
    """Pass one's own task on."""
    try:
        assignment.delegate_task(
            actor(), key, to_key=_to(), reason=_reason(), seen_version=_version()
        )
    except CaseError as error:
        return _refused(key, error)
    return _done(gettext("Your colleague has the task. You can take it back while it is open."))


@blueprint.post("/tasks/<int:key>/take-back")
@needs(Action.CLAIM_TASK)
def take_back(key: int) -> ResponseReturnValue:
    """Take back what one passed on."""
    assignment.take_back(actor(), key, seen_version=_version())
    return _done(gettext("The task is yours again."), default=url_for("tasks.show", key=key))


@blueprint.post("/tasks/<int:key>/take-over")
@needs(Action.CLAIM_TASK)
def take_over(key: int) -> ResponseReturnValue:
    """Take a task of somebody one stands in for."""
    assignment.take_over(actor(), key, seen_version=_version())
    return _done(gettext("The task is yours now."), default=url_for("tasks.show", key=key))


@blueprint.post("/tasks/chosen")
@needs(Action.CLAIM_TASK)
def look() -> str:
    """Say what an action would do to the chosen tasks, before it does anything."""
    return _many(_kind())


@blueprint.post("/tasks/chosen/claim")
@needs(Action.CLAIM_TASK)
def claim_many() -> ResponseReturnValue:
    """Claim the chosen tasks."""
    return _go_on(bulk.begin_claim(actor(), _chosen(), once=_once()))


@blueprint.post("/tasks/chosen/reassign")
@needs(Action.REASSIGN_TASK)
def reassign_many() -> ResponseReturnValue:
    """Give the chosen tasks to a colleague."""
    try:
        begun = bulk.begin_reassign(
            actor(), _chosen(), to_key=_to(), reason=_reason(), once=_once()
        )
    except assignment.ReasonNeeded as error:
        return _many(BulkKind.REASSIGN, trouble=sentence_of(error)), 422
    return _go_on(begun)


@blueprint.post("/bulk/<int:key>/go-on")
@needs(Action.CLAIM_TASK)
def go_on(key: int) -> ResponseReturnValue:
    """Take up the tasks of an action that still wait."""
    return _go_on(key)


@blueprint.get("/bulk/<int:key>")
@needs(Action.CLAIM_TASK)
def result(key: int) -> str:
    """Show what became of each task."""
    page = handing_on.read_bulk(actor(), key, language=language())
    return show_page("staff/bulk_result.html", page, next=safe_next(request.args.get("next")))


@blueprint.post("/bulk/<int:key>/undo")
@needs(Action.CLAIM_TASK)
def undo(key: int) -> ResponseReturnValue:
    """Put back what nobody has touched since."""
    bulk.undo(actor(), key)
    return redirect(url_for("handing_on.result", key=key, next=_next()), 303)


def _one(key: int, *, trouble: str = "") -> str:
    page = handing_on.read_handing_on(actor(), key, language=language())
    return show_page(
        "staff/hand_on.html",
        page,
        trouble=trouble,
        chosen=_to(),
        reason=_reason(),
        next=safe_next(request.values.get("next"), default=url_for("inbox.show")),
    )


def _many(kind: BulkKind, *, trouble: str = "") -> str:
    page = handing_on.preview(actor(), kind, _chosen(), language=language())
    return show_page(
        "staff/bulk.html",
        page,
        trouble=trouble,
        chosen=_to(),
        reason=_reason(),
        next=_next(),
        once=secrets.token_urlsafe(16),
    )


def _refused(key: int, error: CaseError) -> ResponseReturnValue:
    """Show the form again with what is wrong with it; what it cannot mend is a page of its own."""
    if error.code not in AT_THE_FORM:
        raise error
    return _one(key, trouble=sentence_of(error)), 422


def _done(sentence: str, *, default: str = "") -> ResponseReturnValue:
    say(sentence)
    fallback = default or url_for("inbox.show")
    return redirect(safe_next(request.form.get("next"), default=fallback), 303)


def _go_on(action_key: int) -> ResponseReturnValue:
    """Take a few tasks and say how far it is, to a script that asks again; for others take all."""
    after = _next()
    result = url_for("handing_on.result", key=action_key, next=after)
    if request.accept_mimetypes.best != JSON:
        bulk.go_on(actor(), action_key)
        return redirect(result, 303)
    progress = bulk.go_on(actor(), action_key, at_most=A_FEW)
    onward = url_for("handing_on.go_on", key=action_key, next=after)
    return {**asdict(progress), "go_on": onward, "result": result}


def _next() -> str:
    return safe_next(request.values.get("next"), default=url_for("inbox.show"))


def _kind() -> BulkKind:
    is_reassign = request.form.get("action") == BulkKind.REASSIGN
    return BulkKind.REASSIGN if is_reassign else BulkKind.CLAIM


def _chosen() -> list[Chosen]:
    found = []
    for each in request.form.getlist("task"):
        key, _, version = each.partition(".")
        if whole(key):
            found.append(Chosen(whole(key), whole(version)))
    return found


def _to() -> int:
    return whole(request.values.get("to"))


def _reason() -> str:
    return request.values.get("reason", "")


def _once() -> str:
    return request.form.get("once", "")[:MOST_SIGNS]


def _version() -> int:
    return whole(request.form.get("version"))
