"""What a form's expressions see: the case, earlier answers, the task's inputs, what is on offer.

Units come from the directory, categories from the newest matter list (`cases.matters`).
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.cases import matters
from app.forms.components import Form
from app.organisation.directory import Directory
from app.organisation.snapshots import Snapshots
from app.organisation.units import Unit, UnitKind
from app.store import reporters
from app.store.db import reading

WAYS = "reporter_ways"
CHOICES = {"departments": UnitKind.DEPARTMENT, "communities": UnitKind.COMMUNITY}
NAMES = frozenset({*CHOICES, WAYS, "is_staff"})
"""What forms of tasks may read beside the case, answers and what their task hands in."""


def of_task(
    facts: Mapping[str, Any],
    inputs: Mapping[str, Any] | None,
    directory: Directory,
    language: str,
    *,
    form: Form,
) -> dict[str, Any]:
    """Return the context of a staff form; `language` only changes the labels of choices.

    A form that reads `reporter_ways` sees by what ways reporters can be reached: "letter", "phone".
    """
    offered = choices(directory, language, day=facts["case"]["reported_on"], form=form)
    context = {**facts, **offered, **(inputs or {}), "is_staff": True}
    if (WAYS,) in form.paths:
        with reading() as connection:
            ways = set(reporters.reached_by(connection, facts["case"]["number"]))
        context[WAYS] = sorted(ways)
    return context


def choices(
    directory: Directory, language: str, *, day: date, form: Form | None = None
) -> dict[str, Any]:
    """Return what forms offer under `valuesKey`: `departments`, `communities` and `matters`.

    `day` is that of the report: what is valid on it can be chosen. The matter list is read only
    where `form` offers it.
    """
    kept = _kept.setdefault(language, Snapshots())
    units = kept.at(directory.version, lambda: _choices(directory, language))
    if form is not None and (matters.TABLE,) not in form.paths:
        return units
    with reading() as connection:
        return {**units, "matters": matters.current(connection).choices(language, day)}


_kept: dict[str, Snapshots[dict[str, Any]]] = {}


def _choices(directory: Directory, language: str) -> dict[str, Any]:
    return {
        name: [
            {"value": unit.code, "label": unit_name(unit, language)}
            for unit in sorted(directory.units.values(), key=lambda unit: unit.code)
            if unit.kind is kind
        ]
        for name, kind in CHOICES.items()
    }


def unit_name(unit: Unit, language: str) -> str:
    """Return a unit's name in `language`."""
    return unit.name_zh if language.startswith("zh") else unit.name
