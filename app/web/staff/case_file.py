"""The page of one case: what it is, where it stands, what happened, what was said and added."""

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app.cases import case_view, following, journal_check, remarks, task_view
from app.cases.notes import Mentioned
from app.errors import CaseError
from app.organisation.permissions import Action
from app.web.access import actor, needs, signed_in
from app.web.languages import language
from app.web.pages import show as show_page
from app.web.said import say
from app.web.sentences import sentence_of
from app.web.uploads import posted_files

blueprint = Blueprint("case_file", __name__)
AT_THE_FORM = {
    "mentioned_cannot_see",
    "mentioned_cannot_read",
    "too_many_mentioned",
    "invalid_input",
}


@blueprint.get("/cases/<int:key>")
@signed_in
def show(key: int) -> str:
    """Show a case to whoever may see it."""
    return _page(key)


@blueprint.get("/cases/<int:key>/print")
@signed_in
def printed(key: int) -> str:
    """Show a case as a clean document to be printed, with what this person may see of it."""
    page = case_view.read_case(actor(), key, language=language())
    return show_page("staff/case_print.html", page)


@blueprint.get("/cases/<int:key>/journal")
@needs(Action.VIEW_JOURNAL)
def journal(key: int) -> str:
    """Show the journal line by line, and whether its chain is sound."""
    page = journal_check.read_journal(actor(), key, language=language())
    return show_page("staff/journal.html", page)


@blueprint.post("/cases/<int:key>/follow")
@signed_in
def follow(key: int) -> ResponseReturnValue:
    """Begin to follow a case, or follow it no longer."""
    if request.form.get("act") == "end":
        following.unfollow(actor(), key)
        say(gettext("You no longer follow this case."))
    else:
        following.follow(actor(), key)
        say(gettext("You follow this case: the bell tells you of each step its reporter sees."))
    return redirect(url_for("case_file.show", key=key), 303)


@blueprint.get("/cases/<int:key>/diagram.bpmn")
@signed_in
def diagram(key: int) -> Response:
    """Hand out the diagram of one of the case's processes (`?instance=`), else of its first."""
    instance = request.args.get("instance", type=int)
    return Response(case_view.read_diagram(actor(), key, instance), mimetype="application/xml")


@blueprint.post("/cases/<int:key>/reporters")
@needs(Action.SEE_REPORTER)
def reporters(key: int) -> ResponseReturnValue:
    """Show the reporters in full; the journal keeps who read them."""
    found = case_view.read_reporters(actor(), key)
    return render_template("staff/case_reporters.html", case_key=key, full_reporters=found)


@blueprint.post("/cases/<int:key>/remarks")
@needs(Action.COMMENT)
def remark(key: int) -> ResponseReturnValue:
    """Add a comment or a reply to the public; whoever it mentions is told."""
    typed = request.form.get("body", "")
    named = "".join(f" @{login}" for login in request.form.getlist("mention"))
    try:
        told = remarks.add_remark(
            actor(),
            key,
            f"{typed.rstrip()}{named}",
            visibility=request.form.get("visibility", "departments"),
        )
    except CaseError as error:
        if error.code not in AT_THE_FORM:
            raise
        return _page(key, trouble=sentence_of(error), typed=typed), 422
    _say_told(told)
    return redirect(url_for("case_file.show", key=key, _anchor="remarks"), 303)


@blueprint.post("/cases/<int:key>/attachments")
@needs(Action.ATTACH)
def attach(key: int) -> ResponseReturnValue:
    """Add files to the case."""
    remarks.attach(
        actor(),
        key,
        [upload for _name, upload in posted_files(zone=task_view.district_zone())],
        visibility=request.form.get("visibility", "departments"),
        blobs=current_app.extensions["blobs"],
    )
    say(gettext("The files are there."))
    return redirect(url_for("case_file.show", key=key, _anchor="attachments"), 303)


def _page(key: int, *, trouble: str = "", typed: str = "") -> str:
    page = case_view.read_case(actor(), key, language=language())
    return show_page("staff/case.html", page, full_reporters=None, trouble=trouble, typed=typed)


def _say_told(told: Mentioned) -> None:
    sentence = gettext("Your comment is there.")
    if told.people:
        names = ", ".join(told.people.values())
        sentence = gettext("Your comment is there. Told: %(names)s.", names=names)
    if told.unknown:
        logins = ", ".join(f"@{each}" for each in told.unknown)
        sentence += " " + gettext("Nobody has the login %(logins)s.", logins=logins)
    say(sentence)
