"""The units of the district as a tree, found by name or code, and the page of one."""

from flask import Blueprint, render_template, request
from flask_babel import lazy_gettext as _l

from app.cases import units
from app.cases.units import UnitNode, UnitView
from app.organisation.permissions import Action
from app.organisation.roles import HELD_IN, Role
from app.organisation.units import Line, Unit, UnitKind, keys_of
from app.web import navigation
from app.web.access import actor, needs
from app.web.admin import words
from app.web.admin.filled import plain
from app.web.admin.unit_changes import kinds_under
from app.web.navigation import Entry

blueprint = Blueprint("units", __name__)
navigation.add(
    Entry("units.show", _l("Units"), Action.MANAGE_UNITS, order=90, rooms=("unit_changes",))
)
MOST_FOUND = 100
OPEN_TO = {UnitKind.DISTRICT, UnitKind.PARTY_COMMITTEE}


@blueprint.get("/units")
@needs(Action.MANAGE_UNITS)
def show() -> str:
    """Show one line of units as a tree, or those whose name or code was asked for."""
    search = plain(request.args.get("q", ""))[:100]
    is_closed_shown = request.args.get("closed") == "1"
    top = units.list_units(actor(), with_closed=is_closed_shown)
    known = list(top.flat()) if top else []
    found = [unit for unit in known if search and _fits(unit, search)]
    found.sort(key=lambda unit: list(words.LINES).index(unit.line))
    line = _line()
    return render_template(
        "admin/units.html",
        top=_of_line(top, line) if top else None,
        line=line,
        lines=[(each, title, _count(known, each)) for each, title in words.LINES.items()],
        search=search,
        found=found[:MOST_FOUND],
        found_count=len(found),
        by_key={unit.key: unit for unit in known},
        keys_of=keys_of,
        open_to=OPEN_TO,
        is_closed_shown=is_closed_shown,
    )


@blueprint.get("/units/<int:key>")
@needs(Action.MANAGE_UNITS)
def one(key: int) -> str:
    """Show a unit: its facts, who holds which role, what hangs under it."""
    view = units.unit_view(actor(), key)
    return render_template(
        "admin/unit.html",
        view=view,
        unit=view.unit,
        roles=_roles_of(view),
        kinds=kinds_under(view.unit.kind) if view.unit.valid_to is None else [],
    )


def _roles_of(view: UnitView) -> list[Role]:
    """Return the roles that can be held in a unit."""
    return [role for role in Role if view.unit.kind in HELD_IN[role]]


def _line() -> Line:
    asked = request.args.get("line", "")
    return Line(asked) if asked in {line.value for line in Line} else Line.GRID


def _of_line(node: UnitNode, line: Line) -> UnitNode:
    """Return the tree without the units of other lines; the district stays on top of each."""
    return UnitNode(
        node.unit,
        tuple(_of_line(child, line) for child in node.children if child.unit.line is line),
    )


def _count(known: list[Unit], line: Line) -> int:
    return sum(unit.line is line for unit in known)


def _fits(unit: Unit, search: str) -> bool:
    text = f"{unit.code} {unit.name} {unit.name_zh}".lower()
    return all(word in text for word in search.lower().split())
