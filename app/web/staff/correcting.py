"""The page on which facts of a case are corrected, with a reason."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app.cases import correcting
from app.errors import CaseError
from app.organisation.permissions import Action
from app.web.access import actor, needs
from app.web.admin.filled import WHOLE_FORM, Filled
from app.web.languages import language
from app.web.pages import show as show_page
from app.web.said import say

blueprint = Blueprint("correcting", __name__)
FIELD_OF = {"why_needed": "reason", "nothing_corrected": WHOLE_FORM, "case_busy": WHOLE_FORM}
STATUS_OF = {"case_busy": 409}


@blueprint.get("/cases/<int:key>/correct")
@needs(Action.CORRECT_FACTS)
def show(key: int) -> str:
    """Show the facts of a case to be corrected."""
    return _page(key, None)


@blueprint.post("/cases/<int:key>/correct")
@needs(Action.CORRECT_FACTS)
def correct(key: int) -> ResponseReturnValue:
    """Correct what was changed in the form."""
    sent = {name: text.replace("\r\n", "\n").strip() for name, text in request.form.items()}
    seen = {name: sent.get(f"was_{name}", "") for name in correcting.FACTS}
    wanted = {name: sent.get(name, "") for name in correcting.FACTS}
    try:
        correcting.correct(actor(), key, seen=seen, wanted=wanted, reason=sent.get("reason", ""))
    except CaseError as error:
        filled = Filled(sent).refused(error, FIELD_OF)
        return _page(key, filled), STATUS_OF.get(error.code, 422)
    say(gettext("The facts are corrected."))
    return redirect(url_for("case_file.show", key=key), 303)


def _page(key: int, form: Filled | None) -> str:
    page = correcting.read_facts(actor(), key, language=language())
    kept = {f"was_{name}": text for name, text in page.values.items()}
    if form is None:
        form = Filled({**page.values, **kept})
    elif WHOLE_FORM in form.errors:
        form = Filled({**form.values, **kept}, form.errors)  # what a colleague changed is seen now
    return show_page("staff/correct.html", page, form=form)
