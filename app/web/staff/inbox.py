"""The inbox: one's own tasks and one's groups', claimed and released where they stand."""

from flask import Blueprint, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from app.cases import handling, inbox, saved_filters
from app.cases.inbox import Tab
from app.organisation.permissions import Action
from app.web import navigation
from app.web.access import actor, needs, public
from app.web.addresses import asking, is_fragment, safe_next
from app.web.languages import language
from app.web.navigation import Entry
from app.web.numbers import whole
from app.web.pages import show as show_page
from app.web.said import say

blueprint = Blueprint("inbox", __name__)
navigation.add(
    Entry(
        "inbox.show",
        _l("Inbox"),
        Action.VIEW_INBOX,
        order=10,
        rooms=("tasks", "handing_on"),
    )
)


@blueprint.get("/")
@public
def home() -> ResponseReturnValue:
    """Lead the staff to their inbox and everybody else to the public page."""
    return redirect(url_for(_first_page()), 303)


@blueprint.get("/inbox")
@needs(Action.VIEW_INBOX)
def show() -> ResponseReturnValue:
    """Show a page of the inbox, or only its lines where htmx asks for them.

    Without a question it opens with one's default filter.
    """
    if not request.args:
        default = saved_filters.default_query(actor(), "inbox")
        if default:
            return redirect(asking("inbox.show", default), 303)
    page = inbox.read_inbox(
        actor(),
        _tab(),
        language=language(),
        text=request.args.get("q", ""),
        after=request.args.get("after"),
    )
    return show_page("staff/inbox_lines.html" if is_fragment() else "staff/inbox.html", page)


@blueprint.get("/inbox/next")
@needs(Action.VIEW_INBOX)
def next_task() -> ResponseReturnValue:
    """Lead to the task that is due first, or back to the inbox when nothing is left."""
    key = inbox.next_task(actor())
    if key is None:
        return redirect(url_for("inbox.show"), 303)
    return redirect(url_for("tasks.show", key=key), 303)


@blueprint.post("/tasks/<int:key>/claim")
@needs(Action.CLAIM_TASK)
def claim(key: int) -> ResponseReturnValue:
    """Take a task out of the group's inbox."""
    handling.claim_task(actor(), key, seen_version=whole(request.form.get("version")))
    return _moved(key, gettext("The task is yours now."))


@blueprint.post("/tasks/<int:key>/release")
@needs(Action.CLAIM_TASK)
def release(key: int) -> ResponseReturnValue:
    """Put one's own task back."""
    handling.release_task(actor(), key, seen_version=whole(request.form.get("version")))
    return _moved(key, gettext("The task is back with your group. What you typed stays with it."))


def _moved(key: int, sentence: str) -> ResponseReturnValue:
    """Show the line as it is now, or go back to the page with a word about it."""
    if is_fragment():
        page = inbox.read_item(actor(), key, language=language())
        return show_page("staff/inbox_moved.html", page, sentence=sentence)
    task = url_for("tasks.show", key=key)
    onwards = safe_next(request.form.get("next"), default=url_for("inbox.show"))
    say(sentence, link="" if onwards == task else task, words=gettext("Open it"))
    return redirect(onwards, 303)


def _tab() -> Tab:
    wanted = request.args.get("tab", "")
    return Tab(wanted) if wanted in set(Tab) else Tab.MINE


def _first_page() -> str:
    if g.actor is not None:
        return next(iter(navigation.endpoints_for(g.actor)), "notices.show")
    return "welcome.show"
