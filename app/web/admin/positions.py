"""The positions of a person: granted, ended, and somebody standing in for them."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app.cases import people, staff, units
from app.cases.people import PersonView, PositionLine
from app.errors import CaseError, NotFound
from app.organisation.permissions import Action
from app.organisation.roles import HELD_IN, Role
from app.web.access import actor, needs
from app.web.admin import words
from app.web.admin.filled import WHOLE_FORM, Filled, plain, posted
from app.web.numbers import whole
from app.web.said import say

blueprint = Blueprint("positions", __name__, url_prefix="/people/<int:key>/positions")

FIELD_OF = {
    "unknown_unit": "unit",
    "role_not_held_there": "unit",
    "position_held_already": "unit",
    "wrong_span": "valid_to",
    "last_administrator": WHOLE_FORM,
}
DEPUTY_FIELD_OF = {"own_deputy": "deputy", "not_found": "deputy", "wrong_span": "valid_to"}


@blueprint.get("/new")
@needs(Action.MANAGE_PEOPLE)
def ask_grant(key: int) -> str:
    """Ask for the role, then for the unit it is to be held in."""
    return _grant_page(key, Filled())


@blueprint.post("/new")
@needs(Action.MANAGE_PEOPLE)
def grant(key: int) -> ResponseReturnValue:
    """Let the person hold a role in a unit."""
    filled = posted()
    role = _role()
    if role is None:
        return redirect(url_for("positions.ask_grant", key=key), 303)
    try:
        staff.grant_position(
            actor(),
            person_key=key,
            role=role,
            unit_key=whole(filled.values.get("unit")),
            valid_from=filled.day("valid_from"),
            valid_to=filled.day("valid_to"),
        )
    except CaseError as error:
        return _grant_page(key, filled.refused(error, FIELD_OF)), 422
    return _back_to(key, gettext("The position is granted."))


@blueprint.get("/<int:position>/end")
@needs(Action.MANAGE_PEOPLE)
def ask_end(key: int, position: int) -> str:
    """Ask when a position is to end."""
    return _end_page(key, position, Filled())


@blueprint.post("/<int:position>/end")
@needs(Action.MANAGE_PEOPLE)
def end(key: int, position: int) -> ResponseReturnValue:
    """End a position."""
    filled = posted()
    _held(key, position)
    try:
        staff.end_position(actor(), position, last_day=filled.day("last_day"))
    except CaseError as error:
        return _end_page(key, position, filled.refused(error, FIELD_OF)), 422
    return _back_to(key, gettext("The end of the position is noted."))


@blueprint.get("/<int:position>/deputy")
@needs(Action.MANAGE_PEOPLE)
def ask_deputy(key: int, position: int) -> str:
    """Look for somebody to stand in."""
    return _deputy_page(key, position, Filled(), search=request.args.get("q", ""))


@blueprint.post("/<int:position>/deputy")
@needs(Action.MANAGE_PEOPLE)
def appoint(key: int, position: int) -> ResponseReturnValue:
    """Let somebody stand in for the position."""
    filled = posted()
    _held(key, position)
    try:
        staff.appoint_deputy(
            actor(),
            position_key=position,
            person_key=whole(filled.values.get("deputy")),
            valid_from=filled.day("valid_from"),
            valid_to=filled.day("valid_to"),
        )
    except CaseError as error:
        refused = filled.refused(error, DEPUTY_FIELD_OF)
        return _deputy_page(key, position, refused, search=filled.values.get("q", "")), 422
    return _back_to(key, gettext("The deputy is appointed."))


@blueprint.get("/<int:position>/deputies/<int:deputy>/end")
@needs(Action.MANAGE_PEOPLE)
def ask_end_deputy(key: int, position: int, deputy: int) -> str:
    """Ask when somebody is to stop standing in."""
    return _end_deputy_page(key, position, deputy, Filled())


@blueprint.post("/<int:position>/deputies/<int:deputy>/end")
@needs(Action.MANAGE_PEOPLE)
def end_deputy(key: int, position: int, deputy: int) -> ResponseReturnValue:
    """Let somebody stop standing in."""
    filled = posted()
    _held(key, position)
    try:
        staff.end_deputy(actor(), deputy, last_day=filled.day("last_day"))
    except CaseError as error:
        return _end_deputy_page(key, position, deputy, filled.refused(error, {})), 422
    return _back_to(key, gettext("The end of the deputy's time is noted."))


def _role() -> Role | None:
    found = request.values.get("role", "")
    return Role(found) if found in {role.value for role in Role} else None


def _held(key: int, position: int) -> tuple[PersonView, PositionLine]:
    """Return a person and one of their positions.

    Raises:
        NotFound: there is no such person, or the position is somebody else's.
    """
    person = people.person_view(actor(), key)
    for line in person.positions:
        if line.key == position:
            return person, line
    raise NotFound(position_key=position)


def _grant_page(key: int, form: Filled) -> str:
    role = _role()
    top = units.list_units(actor())
    known = list(top.flat()) if top else []
    fitting = [unit for unit in known if role is not None and unit.kind in HELD_IN[role]]
    return render_template(
        "admin/position_new.html",
        person=people.person_view(actor(), key),
        roles=list(Role),
        role=role,
        choices=words.grouped(fitting, known),
        form=form,
    )


def _end_page(key: int, position: int, form: Filled) -> str:
    person, line = _held(key, position)
    return render_template(
        "admin/position_end.html",
        person=person,
        line=line,
        taken=people.count_taken(actor(), key, line),
        form=form,
    )


def _deputy_page(key: int, position: int, form: Filled, *, search: str) -> str:
    person, line = _held(key, position)
    search = plain(search)[:100]
    found = people.list_people(actor(), search=search, is_active=True) if search else None
    return render_template(
        "admin/deputy_new.html", person=person, line=line, search=search, found=found, form=form
    )


def _end_deputy_page(key: int, position: int, deputy: int, form: Filled) -> str:
    person, line = _held(key, position)
    deputies = [each for each in line.deputies if each.key == deputy]
    if not deputies:
        raise NotFound(deputy_key=deputy)
    return render_template(
        "admin/deputy_end.html", person=person, line=line, deputy=deputies[0], form=form
    )


def _back_to(key: int, sentence: str) -> ResponseReturnValue:
    say(sentence)
    return redirect(url_for("people.one", key=key), 303)
