"""The first page for people who are not signed in: report something, or follow a case."""

from flask import Blueprint, render_template

from app.web.access import public

blueprint = Blueprint("welcome", __name__)


@blueprint.get("/welcome")
@public
def show() -> str:
    """Show what one can do here."""
    return render_template("public/welcome.html")
