"""What a form's expressions see: the case, earlier answers, the task's inputs, unit choices."""

from collections.abc import Mapping
from typing import Any

from app.organisation.directory import Directory
from app.organisation.snapshots import Snapshots
from app.organisation.units import Unit, UnitKind

CHOICES = {"departments": UnitKind.DEPARTMENT, "communities": UnitKind.COMMUNITY}


def of_task(
    facts: Mapping[str, Any], inputs: Mapping[str, Any] | None, directory: Directory, language: str
) -> dict[str, Any]:
    """Return the context of a staff form; `language` only changes the labels of choices."""
    return {**facts, **choices(directory, language), **(inputs or {}), "is_staff": True}


def choices(directory: Directory, language: str) -> dict[str, Any]:
    """Return the units that forms offer under `valuesKey`: `departments` and `communities`."""
    kept = _kept.setdefault(language, Snapshots())
    return kept.at(directory.version, lambda: _choices(directory, language))


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
