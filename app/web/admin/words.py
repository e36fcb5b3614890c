"""Units, kinds and days in words, and units as the choices of a select, for these pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask import Blueprint
from flask_babel import format_date
from flask_babel import lazy_gettext as _l

from app.organisation.units import KIND_NAMES, LINE_OF, Line, Unit, UnitKind
from app.web.languages import language

LINES = {
    Line.GRID: _l("Streets, communities and grids"),
    Line.DEPARTMENT: _l("Departments"),
    Line.PARTY: _l("Party line"),
}
PARTY_TYPES = (
    ("standalone", _l("Set up on its own")),
    ("affiliated", _l("Affiliated to another")),
    ("joint", _l("Joint")),
)


@dataclass(frozen=True, slots=True)
class Choices:
    """Units to choose from that hang under the same unit; `words` names it."""

    words: str
    units: tuple[Unit, ...]


def init(blueprint: Blueprint) -> None:
    """Make these words known to templates."""
    blueprint.add_app_template_filter(kind_name, "kind_name")
    blueprint.add_app_template_filter(day, "day")


def kind_name(kind: UnitKind) -> str:
    """Return what a unit is, in the language of the page."""
    return KIND_NAMES[kind].in_language(language())


def day(on: date) -> str:
    """Say a day."""
    return str(format_date(on, "medium"))


def party_types_for(kind: UnitKind) -> tuple[tuple[str, object], ...]:
    """Return how a unit of this kind may have been set up; nothing outside the Party line."""
    return PARTY_TYPES if LINE_OF[kind] is Line.PARTY else ()


def grouped(wanted: Iterable[Unit], known: Iterable[Unit]) -> list[Choices]:
    """Return units for a select, under the names of those they hang under."""
    by_key = {unit.key: unit for unit in known}
    found: dict[str, list[Unit]] = {}
    for unit in wanted:
        above = by_key.get(unit.parent_key) if unit.parent_key is not None else None
        found.setdefault(above.label(language()) if above else "", []).append(unit)
    return [Choices(words, tuple(units)) for words, units in found.items()]
