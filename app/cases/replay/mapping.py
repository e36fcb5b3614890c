"""How a file's columns become reports, units and answers: a TOML file, some of them shipped.

Values beginning with "=" are FEEL over `row` (column → text, empty cells null); others are taken as
they are. `docs/replay.md` explains every entry.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app import feel
from app.errors import CaseError
from app.json_types import Json, JsonObject

SHIPPED = Path(__file__).parent / "mappings"


class MappingUnknown(CaseError):
    """No shipped mapping fits the columns of {file}. Write one and name it with --mapping."""

    code = "mapping_unknown"


class MappingWrong(CaseError):
    """The mapping {file} cannot be used: {why}"""

    code = "mapping_wrong"


@dataclass(frozen=True, slots=True)
class Template:
    """Values by name, each a constant or FEEL over `row`."""

    constants: JsonObject
    expressions: dict[str, feel.Expression]

    def fill(self, row: dict[str, str | None]) -> JsonObject:
        """Return the values for one row of the file."""
        context: dict[str, Any] = {"row": row}
        values = dict(self.constants)
        for name, expression in self.expressions.items():
            values[name] = feel.to_json(expression.evaluate(context))
        return values


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """One mapping, ready to use. `at_report` are the steps done at once, the rest at closing.

    `messages` are those that a case waits for at its closing, by name.
    """

    name: str
    title: str
    columns: frozenset[str]
    zone: ZoneInfo
    time_format: str
    number: str
    reported_at: str
    due_at: str
    closed_at: str
    latitude: str
    longitude: str
    placeholders: frozenset[tuple[str, str]]
    street: str
    community: str
    grid: str
    department: str
    department_names: dict[str, str]
    report: Template
    synthetic: tuple[str, ...]
    at_report: frozenset[str]
    answers: dict[str, Template]
    messages: dict[str, Template]


def mapping_for(columns: Iterable[str], *, file: str) -> Mapping:
    """Return the shipped mapping that is made for these columns.

    Raises:
        MappingUnknown: there is none.
    """
    given = frozenset(columns)
    for path in sorted(SHIPPED.glob("*.toml")):
        found = load_mapping(path)
        if found.columns <= given:
            return found
    raise MappingUnknown(file=file)


def load_mapping(path: Path) -> Mapping:
    """Read a mapping file.

    Raises:
        MappingWrong: it is no TOML, lacks an entry, or an expression does not compile.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        return _mapping(raw)
    except KeyError as error:
        raise MappingWrong(file=path.name, why=f"the entry {error} is missing.") from error
    except (tomllib.TOMLDecodeError, ZoneInfoNotFoundError, TypeError, OSError) as error:
        raise MappingWrong(file=path.name, why=str(error)) from error
    except CaseError as error:
        raise MappingWrong(file=path.name, why=str(error)) from error


def _mapping(raw: dict[str, Any]) -> Mapping:
    columns, units = raw["columns"], raw["units"]
    return Mapping(
        name=raw["name"],
        title=raw["title"],
        columns=frozenset([*columns.values(), *units.values()]),
        zone=ZoneInfo(raw["zone"]),
        time_format=raw["time_format"],
        number=columns["number"],
        reported_at=columns["reported_at"],
        due_at=columns["due_at"],
        closed_at=columns["closed_at"],
        latitude=columns["latitude"],
        longitude=columns["longitude"],
        placeholders=frozenset((lat, lon) for lat, lon in raw.get("placeholder_coordinates", [])),
        street=units["street"],
        community=units["community"],
        grid=units["grid"],
        department=units["department"],
        department_names=raw.get("department_names", {}),
        report=_template(raw["report"]),
        synthetic=tuple(raw.get("synthetic", [])),
        at_report=frozenset(raw["at_report"]),
        answers={element_id: _template(given) for element_id, given in raw["answers"].items()},
        messages={name: _template(given) for name, given in raw.get("messages", {}).items()},
    )


def _template(raw: dict[str, Json]) -> Template:
    expressions = {
        name: feel.compile(value[1:])
        for name, value in raw.items()
        if isinstance(value, str) and value.startswith("=")
    }
    constants = {name: value for name, value in raw.items() if name not in expressions}
    return Template(constants, expressions)
