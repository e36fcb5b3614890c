"""The declared facts of a case: what `case.*` means in diagrams, tables and forms.

The lint knows these names and no others; `record_facts` may set those marked so. A fact is a column
of the case or is derived from one (a unit's key becomes its code).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import StrEnum
from typing import Any

from app.errors import CaseError
from app.organisation.directory import Directory

SEVERITIES = ("ordinary", "urgent", "emergency", "major")
"""How severe a case can be, the least first."""


class UnknownFact(CaseError):
    """The fact {name!r} cannot be recorded: no case has it, or it has an operation of its own."""

    code = "unknown_fact"


class WrongFact(CaseError):
    """The fact {name!r} cannot be {value!r}."""

    code = "wrong_fact"


class FactKind(StrEnum):
    """What a fact's value is in FEEL."""

    TEXT = "string"
    FLAG = "boolean"
    NUMBER = "number"
    INSTANT = "date and time"
    DAY = "date"
    UNIT = "unit code"
    UNITS = "list of unit codes"
    TEXTS = "list of strings"
    PERSON = "login"


@dataclass(frozen=True, slots=True)
class Fact:
    """One declared fact: its column, its kind and whether an operation may record it."""

    name: str
    column: str
    kind: FactKind
    is_recordable: bool = False


def _facts(*declared: Fact) -> Mapping[str, Fact]:
    return {fact.name: fact for fact in declared}


FACTS = _facts(
    Fact("number", "number", FactKind.TEXT),
    Fact("channel", "channel", FactKind.TEXT),
    Fact("business_line", "business_line", FactKind.TEXT, is_recordable=True),
    Fact("major_class", "major_class", FactKind.TEXT, is_recordable=True),
    Fact("minor_class", "minor_class", FactKind.TEXT, is_recordable=True),
    Fact("severity", "severity", FactKind.TEXT, is_recordable=True),
    Fact("level", "level", FactKind.TEXT, is_recordable=True),
    Fact("description", "description", FactKind.TEXT, is_recordable=True),
    Fact("address", "address", FactKind.TEXT, is_recordable=True),
    Fact("grid", "grid_key", FactKind.UNIT, is_recordable=True),
    Fact("community", "community_key", FactKind.UNIT, is_recordable=True),
    Fact("street", "street_key", FactKind.UNIT, is_recordable=True),
    Fact("lead_unit", "lead_unit_key", FactKind.UNIT, is_recordable=True),
    Fact("co_units", "co_units", FactKind.UNITS, is_recordable=True),
    Fact("is_anonymous", "is_anonymous", FactKind.FLAG),
    Fact("has_telephone", "has_telephone", FactKind.FLAG),
    Fact("is_confidential", "is_confidential", FactKind.FLAG, is_recordable=True),
    Fact("self_handled", "self_handled", FactKind.FLAG, is_recordable=True),
    Fact("registered_by", "reported_by", FactKind.PERSON),
    Fact("occurred_at", "occurred_at", FactKind.INSTANT, is_recordable=True),
    Fact("reported_at", "reported_at", FactKind.INSTANT),
    Fact("reported_on", "reported_at", FactKind.DAY),
    Fact("established_at", "established_at", FactKind.INSTANT),
    Fact("handled_at", "handled_at", FactKind.INSTANT),
    Fact("closed_at", "closed_at", FactKind.INSTANT),
    Fact("due_at", "due_at", FactKind.INSTANT),
    Fact("limit_basis", "limit_basis", FactKind.TEXT),
    Fact("given_due_at", "given_due_at", FactKind.INSTANT),
    Fact("grade", "grade", FactKind.NUMBER),
    Fact("outcome", "outcome", FactKind.TEXT),
    Fact("close_code", "close_code", FactKind.TEXT),
    Fact("kind", "kind", FactKind.TEXT),
    Fact("card", "card", FactKind.TEXT),
    Fact("clock_phases", "clock_phases", FactKind.TEXTS),
    Fact("paused_at", "paused_at", FactKind.INSTANT),
    Fact("contacted_at", "contacted_at", FactKind.INSTANT, is_recordable=True),
    Fact("resolved", "resolved", FactKind.TEXT, is_recordable=True),
    Fact("callback_outcome", "callback_outcome", FactKind.TEXT, is_recordable=True),
    Fact("screened", "screened", FactKind.TEXT, is_recordable=True),
)
COLUMNS = frozenset(fact.column for fact in FACTS.values())
"""The columns of a case from which its facts are seen."""
_SEEN_AS_KEPT = {FactKind.TEXT, FactKind.FLAG, FactKind.NUMBER, FactKind.INSTANT}
_KEPT_IN = tuple((fact.name, fact.column) for fact in FACTS.values())
_SEEN_OTHERWISE = tuple(fact for fact in FACTS.values() if fact.kind not in _SEEN_AS_KEPT)


def context(row: Mapping[str, Any], directory: Directory, zone: tzinfo) -> dict[str, Any]:
    """Return `case` as FEEL sees it: every declared fact, absent ones null or empty.

    A day is the one that an instant fell on in `zone`.
    """
    seen = {name: row[column] for name, column in _KEPT_IN}
    for fact in _SEEN_OTHERWISE:
        value = seen[fact.name]
        is_day = fact.kind is FactKind.DAY
        seen[fact.name] = _day(value, zone) if is_day else _seen(fact, value, directory)
    return seen


def stored(name: str, value: object, directory: Directory) -> tuple[str, Any]:
    """Return the column and the value to keep for a fact an operation records.

    Raises:
        UnknownFact: no such fact, or one that has an operation of its own.
        WrongFact: the value is of another kind, or names a unit that does not exist.
    """
    fact = FACTS.get(name)
    if fact is None or not fact.is_recordable:
        raise UnknownFact(name=name)
    if value is None:
        return fact.column, None
    return fact.column, _kept(fact, value, directory)


def _day(value: datetime | None, zone: tzinfo) -> date | None:
    return None if value is None else value.astimezone(zone).date()


def _seen(fact: Fact, value: Any, directory: Directory) -> Any:
    if value is None:
        return [] if fact.kind is FactKind.TEXTS else None
    if fact.kind is FactKind.UNIT:
        return directory.unit(value).code
    if fact.kind is FactKind.PERSON:
        return directory.login_of(value)
    if fact.kind is FactKind.UNITS:
        return [directory.unit(key).code for key in value]
    return value


def _kept(fact: Fact, value: object, directory: Directory) -> Any:
    if fact.kind is FactKind.UNIT and isinstance(value, str):
        return directory.unit_by_code(value).key
    if fact.kind is FactKind.UNITS and isinstance(value, list):
        return [directory.unit_by_code(str(code)).key for code in value]
    if fact.kind is FactKind.INSTANT:
        return _instant(fact, value)
    expected = {FactKind.TEXT: str, FactKind.FLAG: bool}.get(fact.kind)
    if expected is not None and isinstance(value, expected):
        return value
    raise WrongFact(name=fact.name, value=value)


def _instant(fact: Fact, value: object) -> datetime:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError as error:
            raise WrongFact(name=fact.name, value=value) from error
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise WrongFact(name=fact.name, value=value)
    return value
