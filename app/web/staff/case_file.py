"""The page of one case: what it is, where it stands, what happened, what was said and added."""

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app.cases import case_view, remarks, task_view
from app.organisation.permissions import Action
from app.web.access import actor, needs, signed_in
from app.web.languages import language
from app.web.pages import show as show_page
from app.web.said import say
from app.web.uploads import posted_files

blueprint = Blueprint("case_file", __name__)


@blueprint.get("/cases/<int:key>")
@signed_in
def show(key: int) -> str:
    """Show a case to whoever may see it."""
    page = case_view.read_case(actor(), key, language=language())
    return show_page("staff/case.html", page, full_reporters=None)


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
    """Add a comment or a reply to the public."""
    remarks.add_remark(
        actor(),
        key,
        request.form.get("body", ""),
        visibility=request.form.get("visibility", "departments"),
    )
    say(gettext("Your comment is there."))
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
