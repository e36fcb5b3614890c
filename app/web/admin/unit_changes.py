"""Changing units: another name, a unit below, another place in the tree, and the end of one."""

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app.cases import units
from app.cases.units import UnitView, WrongParent
from app.errors import CaseError
from app.organisation.permissions import Action
from app.organisation.units import PARENT_KIND, SERVED_KIND, PartyType, Unit, UnitKind
from app.web.access import actor, needs
from app.web.admin import words
from app.web.admin.filled import WHOLE_FORM, Filled, posted
from app.web.numbers import whole
from app.web.said import say

blueprint = Blueprint("unit_changes", __name__, url_prefix="/units/<int:key>")

NEW_FIELD_OF = {
    "wrong_code": "code",
    "duplicate_code": "code",
    "invalid_input": "name",
    "wrong_served_unit": "serves",
    "unknown_unit": "serves",
    "wrong_parent": WHOLE_FORM,
}
MOVE_FIELD_OF = {
    "wrong_parent": "parent",
    "unknown_unit": "parent",
    "district_stays": WHOLE_FORM,
}
CLOSE_FIELD_OF = {
    "district_stays": WHOLE_FORM,
    "unit_has_open_tasks": WHOLE_FORM,
    "unit_has_subunits": WHOLE_FORM,
}


def kinds_under(kind: UnitKind) -> list[UnitKind]:
    """Return the kinds of unit that hang under one of this kind."""
    return [child for child, parent in PARENT_KIND.items() if parent is kind]


@blueprint.get("/rename")
@needs(Action.MANAGE_UNITS)
def ask_rename(key: int) -> str:
    """Ask for the new names."""
    unit = units.unit_view(actor(), key).unit
    return _rename_page(key, Filled({"name": unit.name, "name_zh": unit.name_zh}))


@blueprint.post("/rename")
@needs(Action.MANAGE_UNITS)
def rename(key: int) -> ResponseReturnValue:
    """Give the unit other names."""
    filled = posted()
    try:
        units.rename_unit(actor(), key, name=filled.text("name"), name_zh=filled.text("name_zh"))
    except CaseError as error:
        return _rename_page(key, filled.refused(error, {"invalid_input": "name"})), 422
    return _back_to(key, gettext("The unit has its new name."))


@blueprint.get("/add")
@needs(Action.MANAGE_UNITS)
def ask_add(key: int) -> str:
    """Ask for what a new unit under this one needs."""
    above = units.unit_view(actor(), key).unit
    code = "" if above.kind is UnitKind.DISTRICT else f"{above.code}-"
    return _add_page(key, Filled({"code": code}))


@blueprint.post("/add")
@needs(Action.MANAGE_UNITS)
def add(key: int) -> ResponseReturnValue:
    """Make a unit under this one."""
    filled = posted()
    above = units.unit_view(actor(), key).unit
    kind = _kind(above)
    party_type = filled.values.get("party_type", "")
    try:
        if kind is None:
            raise WrongParent
        made = units.create_unit(
            actor(),
            code=filled.text("code").upper(),
            kind=kind,
            name=filled.text("name"),
            name_zh=filled.text("name_zh"),
            parent_key=key,
            serves_key=whole(filled.values.get("serves")) or None,
            party_type=PartyType(party_type) if party_type in set(PartyType) else None,
            valid_from=filled.day("valid_from"),
        )
    except CaseError as error:
        return _add_page(key, filled.refused(error, NEW_FIELD_OF)), 422
    return _back_to(made, gettext("The unit is made."))


@blueprint.get("/move")
@needs(Action.MANAGE_UNITS)
def ask_move(key: int) -> str:
    """Say what hangs on the unit, and ask where it is to hang."""
    return _move_page(key, Filled())


@blueprint.post("/move")
@needs(Action.MANAGE_UNITS)
def move(key: int) -> ResponseReturnValue:
    """Hang the unit elsewhere."""
    filled = posted()
    return _tried(
        lambda: units.move_unit(actor(), key, parent_key=whole(filled.values.get("parent"))),
        lambda error: _move_page(key, filled.refused(error, MOVE_FIELD_OF)),
        done=lambda: _back_to(key, gettext("The unit has moved.")),
    )


@blueprint.get("/close")
@needs(Action.MANAGE_UNITS)
def ask_close(key: int) -> str:
    """Ask whether the unit is to end."""
    return _close_page(key, Filled())


@blueprint.post("/close")
@needs(Action.MANAGE_UNITS)
def close(key: int) -> ResponseReturnValue:
    """Let the unit end."""
    filled = posted()
    return _tried(
        lambda: units.close_unit(actor(), key, last_day=filled.day("last_day")),
        lambda error: _close_page(key, filled.refused(error, CLOSE_FIELD_OF)),
        done=lambda: _back_to(key, gettext("The unit is closed.")),
    )


def _tried(
    act: Callable[[], None],
    refused: Callable[[CaseError], str],
    *,
    done: Callable[[], ResponseReturnValue],
) -> ResponseReturnValue:
    try:
        act()
    except CaseError as error:
        return refused(error), 422
    return done()


def _kind(above: Unit) -> UnitKind | None:
    """Return the kind asked for; the only one possible need not be said."""
    possible = kinds_under(above.kind)
    asked = request.values.get("kind", "")
    if len(possible) == 1:
        return possible[0]
    return next((kind for kind in possible if kind.value == asked), None)


def _rename_page(key: int, form: Filled) -> str:
    view = units.unit_view(actor(), key)
    return render_template("admin/unit_rename.html", unit=view.unit, form=form)


def _add_page(key: int, form: Filled) -> str:
    view = units.unit_view(actor(), key)
    kind = _kind(view.unit)
    known = _known_units()
    return render_template(
        "admin/unit_add.html",
        unit=view.unit,
        kind=kind,
        kinds=kinds_under(view.unit.kind),
        served_kind=SERVED_KIND.get(kind) if kind else None,
        choices=words.grouped(_servable(view, kind, known), known),
        party_types=words.party_types_for(kind) if kind else (),
        form=form,
    )


def _servable(view: UnitView, kind: UnitKind | None, known: list[Unit]) -> list[Unit]:
    """Return what a new unit may stand beside: within what the unit above stands beside."""
    wanted = SERVED_KIND.get(kind) if kind else None
    within = view.serves.path if view.serves else "/"
    return [unit for unit in known if unit.kind is wanted and unit.path.startswith(within)]


def _move_page(key: int, form: Filled) -> str:
    view = units.unit_view(actor(), key)
    known = _known_units()
    every = units.list_units(actor(), with_closed=True)
    below = sum(unit.path.startswith(view.unit.path) for unit in every.flat()) if every else 1
    fitting = [
        unit
        for unit in known
        if unit.kind is PARENT_KIND[view.unit.kind] and unit.key != view.unit.parent_key
    ]
    return render_template(
        "admin/unit_move.html",
        view=view,
        unit=view.unit,
        below=below - 1,
        choices=words.grouped(fitting, known),
        form=form,
    )


def _close_page(key: int, form: Filled) -> str:
    view = units.unit_view(actor(), key)
    held = sum(line.is_held_today for line in view.holders)
    return render_template("admin/unit_close.html", view=view, unit=view.unit, held=held, form=form)


def _known_units() -> list[Unit]:
    top = units.list_units(actor())
    return list(top.flat()) if top else []


def _back_to(key: int, sentence: str) -> ResponseReturnValue:
    say(sentence)
    return redirect(url_for("units.one", key=key), 303)
