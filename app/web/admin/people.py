"""The list of people and the page of one: accounts made, closed, opened, given a new password."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from app.cases import people, staff, units
from app.errors import CaseError
from app.organisation.permissions import Action
from app.organisation.units import Line, Unit, UnitKind
from app.web import navigation
from app.web.access import actor, needs
from app.web.admin import words
from app.web.admin.filled import WHOLE_FORM, Filled, plain, posted
from app.web.languages import LANGUAGES
from app.web.navigation import Entry
from app.web.numbers import whole
from app.web.said import say

blueprint = Blueprint("people", __name__)
words.init(blueprint)
navigation.add(
    Entry("people.show", _l("People"), Action.MANAGE_PEOPLE, order=80, rooms=("positions",))
)

FILTERED = (UnitKind.STREET, UnitKind.COMMUNITY, UnitKind.DEPARTMENT)
STATES = {"active": True, "disabled": False}
FIELD_OF = {
    "wrong_login": "login",
    "duplicate_login": "login",
    "invalid_input": "name",
    "last_administrator": WHOLE_FORM,
}


@blueprint.get("/people")
@needs(Action.MANAGE_PEOPLE)
def show() -> str:
    """Show a page of the people asked for."""
    search = plain(request.args.get("q", ""))[:100]
    unit_key = whole(request.args.get("unit")) or None
    state = request.args.get("state", "")
    page = people.list_people(
        actor(),
        search=search,
        unit_key=unit_key,
        is_active=STATES.get(state),
        page=whole(request.args.get("page"), default=1),
    )
    known = _known_units()
    return render_template(
        "admin/people.html",
        page=page,
        query={"q": search or None, "unit": unit_key, "state": state or None},
        choices=words.grouped(_filterable(known, unit_key), known),
    )


@blueprint.get("/people/new")
@needs(Action.MANAGE_PEOPLE)
def ask_new() -> str:
    """Ask for what an account needs."""
    return _new_page(Filled({"language": "zh-CN"}))


@blueprint.post("/people/new")
@needs(Action.MANAGE_PEOPLE)
def create() -> ResponseReturnValue:
    """Make an account and show its password, this once."""
    filled = posted()
    language = filled.values.get("language", "")
    try:
        made = staff.create_person(
            actor(),
            login=filled.text("login"),
            name=filled.text("name"),
            phone=filled.text("phone"),
            email=filled.text("email"),
            language=language if language in LANGUAGES else "zh-CN",
        )
    except CaseError as error:
        return _new_page(filled.refused(error, FIELD_OF)), 422
    return _password_page(made.person_key, made.one_time_password or "", is_new=True)


@blueprint.get("/people/<int:key>")
@needs(Action.MANAGE_PEOPLE)
def one(key: int) -> str:
    """Show a person: who it is, and every position of all times."""
    return render_template("admin/person.html", person=people.person_view(actor(), key))


@blueprint.get("/people/<int:key>/disable")
@needs(Action.MANAGE_PEOPLE)
def ask_disable(key: int) -> str:
    """Ask whether an account is to be closed."""
    return _disable_page(key, Filled())


@blueprint.post("/people/<int:key>/disable")
@needs(Action.MANAGE_PEOPLE)
def disable(key: int) -> ResponseReturnValue:
    """Close an account."""
    try:
        staff.disable_person(actor(), key)
    except CaseError as error:
        return _disable_page(key, posted().refused(error, FIELD_OF)), 422
    return _back_to(key, gettext("The account is closed."))


@blueprint.get("/people/<int:key>/enable")
@needs(Action.MANAGE_PEOPLE)
def ask_enable(key: int) -> str:
    """Ask whether an account is to be opened again."""
    return render_template(
        "admin/person_enable.html", person=people.person_view(actor(), key), form=Filled()
    )


@blueprint.post("/people/<int:key>/enable")
@needs(Action.MANAGE_PEOPLE)
def enable(key: int) -> ResponseReturnValue:
    """Open a closed account again."""
    staff.enable_person(actor(), key)
    return _back_to(key, gettext("The account is open again."))


@blueprint.get("/people/<int:key>/password")
@needs(Action.MANAGE_PEOPLE)
def ask_password(key: int) -> str:
    """Ask whether somebody is to get a new password."""
    return render_template(
        "admin/person_password.html", person=people.person_view(actor(), key), form=Filled()
    )


@blueprint.post("/people/<int:key>/password")
@needs(Action.MANAGE_PEOPLE)
def reset_password(key: int) -> str:
    """Give somebody a new password and show it, this once."""
    return _password_page(key, staff.reset_password(actor(), key), is_new=False)


def _known_units() -> list[Unit]:
    top = units.list_units(actor(), with_closed=True)
    return list(top.flat()) if top else []


def _filterable(known: list[Unit], chosen: int | None) -> list[Unit]:
    """Return the units a list is narrowed by; a grid or branch only when it is chosen."""
    return [
        unit
        for unit in known
        if unit.key == chosen
        or (unit.kind in FILTERED and unit.line is not Line.PARTY and unit.valid_to is None)
    ]


def _new_page(form: Filled) -> str:
    return render_template("admin/person_new.html", form=form)


def _disable_page(key: int, form: Filled) -> str:
    person = people.person_view(actor(), key)
    return render_template("admin/person_disable.html", person=person, form=form)


def _password_page(key: int, password: str, *, is_new: bool) -> str:
    person = people.person_view(actor(), key)
    return render_template(
        "admin/person_password_made.html", person=person, password=password, is_new=is_new
    )


def _back_to(key: int, sentence: str) -> ResponseReturnValue:
    say(sentence)
    return redirect(url_for("people.one", key=key), 303)
