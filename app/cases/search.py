"""Finding cases: by number, telephone, address and words, and by what is known of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.cases.frame import Frame, read_frame
from app.cases.wording import Wording
from app.organisation.actor import Actor
from app.organisation.directory import Directory
from app.organisation.permissions import Action, demand
from app.organisation.scope import scope_of
from app.organisation.units import Unit, UnitKind, keys_of
from app.store import case_lists as rows
from app.store.case_lists import CaseFilter, CaseLine, Step
from app.store.db import Connection, reading
from app.store.paging import Place, place_from
from app.store.scope import Scope
from app.store.words import terms

PAGE = 30
MOST_KEY_DIGITS = 18
MOST_COUNTED = 1000
STATES = {"open": True, "closed": False}
FIELDS = {
    "text": "q",
    "state": "state",
    "category": "category",
    "severity": "severity",
    "unit": "unit",
    "reported_from": "from",
    "reported_to": "to",
}
"""What each part of `Wanted` is called in an address."""
_UNIT_KINDS = (UnitKind.STREET, UnitKind.COMMUNITY, UnitKind.DEPARTMENT, UnitKind.STREET_BRANCH)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is asked for, as a form sends it; empty strings ask for all."""

    text: str = ""
    state: str = ""
    category: str = ""
    severity: str = ""
    unit: str = ""
    reported_from: str = ""
    reported_to: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A case of the list, where it stands and its category in the reader's language."""

    line: CaseLine
    category: str
    steps: tuple[tuple[Step, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseList:
    """A page of cases; `units` and `categories` are what can be filtered by."""

    frame: Frame
    wanted: Wanted
    found: tuple[Found, ...]
    count: int
    next_place: Place | None
    units: tuple[Unit, ...]
    categories: Mapping[str, str]


def find_cases(
    actor: Actor, wanted: Wanted, *, language: str, after: str | None = None
) -> CaseList:
    """Return a page of the cases the actor may see and asks for, the newest report first.

    Raises:
        Forbidden: the actor may not read case files.
    """
    demand(actor, Action.VIEW_CASES)
    scope = scope_of(actor)
    with reading() as connection:
        frame = read_frame(connection)
        meant = _meant(wanted, frame)
        lines = rows.lines(connection, scope, meant, after=place_from(after), limit=PAGE + 1)
        shown = lines[:PAGE]
        wording = Wording(connection, language)
        steps = open_steps(connection, [line.key for line in shown], wording)
        return CaseList(
            frame=frame,
            wanted=wanted,
            found=tuple(
                Found(line, wording.category(line.minor_class), steps.get(line.key, ()))
                for line in shown
            ),
            count=rows.count(connection, scope, meant),
            next_place=shown[-1].place if len(lines) > PAGE else None,
            units=units_within(frame.directory, scope, _UNIT_KINDS),
            categories=wording.classes,
        )


def open_steps(
    connection: Connection, case_keys: Sequence[int], wording: Wording
) -> dict[int, tuple[tuple[Step, str], ...]]:
    """Return where cases stand: their open tasks, due first, each with what it is called."""
    found: dict[int, tuple[tuple[Step, str], ...]] = {}
    for step in rows.steps(connection, case_keys):
        name = wording.step(step.definition_key, step.element_id, step.name)
        found[step.case_key] = (*found.get(step.case_key, ()), (step, name))
    return found


def count_of(connection: Connection, actor: Actor, query: Mapping[str, str]) -> int:
    """Return how many cases a saved filter of this page finds, at most a thousand."""
    frame = read_frame(connection)
    meant = _meant(wanted_from(query), frame)
    return rows.count(connection, scope_of(actor), meant, at_most=MOST_COUNTED)


def wanted_from(query: Mapping[str, str]) -> Wanted:
    """Return what an address asks for."""
    return Wanted(**{name: query.get(field, "") for name, field in FIELDS.items()})


def units_within(
    directory: Directory, scope: Scope, kinds: tuple[UnitKind, ...]
) -> tuple[Unit, ...]:
    """Return the units of these kinds that lie in a scope, in the order of the tree."""
    return tuple(
        unit
        for unit in sorted(directory.units.values(), key=lambda unit: (unit.line, unit.code))
        if unit.kind in kinds and not scope.unit_keys.isdisjoint(keys_of(unit.path))
    )


def _meant(wanted: Wanted, frame: Frame) -> CaseFilter:
    """Turn what a form sent into a filter; what cannot be read asks for all."""
    unit = frame.directory.units.get(int(wanted.unit)) if _is_key(wanted.unit) else None
    last = _day(wanted.reported_to)
    return CaseFilter(
        terms=terms(wanted.text),
        is_open=STATES.get(wanted.state),
        minor_class=wanted.category or None,
        severity=wanted.severity or None,
        unit_key=unit.key if unit else None,
        reported_from=_midnight(_day(wanted.reported_from), frame.zone),
        reported_to=_midnight(last + timedelta(days=1) if last else None, frame.zone),
    )


def _is_key(text: str) -> bool:
    return text.isdecimal() and len(text) <= MOST_KEY_DIGITS


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1 < found.year < 9999 else None


def _midnight(day: date | None, zone: ZoneInfo) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), zone)
