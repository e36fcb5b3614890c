"""Correcting facts of a case at any time, outside the steps of its processes.

Triage corrects what its form asks; here whoever may corrects what turned out wrong later, with a
reason. Processes that run for the case see the facts as they are from their next step on; limits
that were counted and units that were chosen stay as they are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, Final

from app.cases import confidence, journal, matters
from app.cases import facts as declared
from app.cases.frame import Frame, read_frame
from app.cases.intake import search_row
from app.cases.people import directory_now
from app.cases.visible import demand_case, visible_case
from app.cases.why import checked_why
from app.cases.wording import Wording
from app.cases.work import Entry, Hand
from app.errors import CaseBusy, CaseError, InvalidInput, NotFound
from app.json_types import Json
from app.organisation.actor import Actor
from app.organisation.permissions import Action, demand, positions_with
from app.store import corrections, instances
from app.store.db import Transaction, reading, transaction

FACTS: Final = ("description", "address", "minor_class", "occurred_at", "is_confidential")
MOST_CHARACTERS: Final = {"description": 4000, "address": 300}


class NothingCorrected(CaseError):
    """Nothing was changed. Correct what is wrong, or go back to the case."""

    code = "nothing_corrected"


class StaysConfidential(CaseError):
    """A confidential case stays confidential: what was taken out of it is gone."""

    code = "stays_confidential"


@dataclass(frozen=True, slots=True)
class Correctable:
    """What can be corrected of a case: each fact as a form shows it, and the categories."""

    frame: Frame
    key: int
    number: str
    values: Mapping[str, str]
    categories: Mapping[str, str]


def read_facts(actor: Actor, case_key: int, *, language: str) -> Correctable:
    """Return the facts of a case that can be corrected, as they are.

    Raises:
        Forbidden: the actor may not. NotFound: the case is not for their eyes.
    """
    demand(actor, Action.CORRECT_FACTS)
    with reading() as connection:
        case = visible_case(connection, actor, case_key)
        frame = read_frame(connection)
        code = case["minor_class"]
        today = frame.now.astimezone(frame.zone).date()
        offered = matters.current(connection).choices(language, today)
        categories = {str(each["value"]): str(each["label"]) for each in offered}  # type: ignore[call-overload,index]
        if code and code not in categories:
            categories[code] = Wording(connection, language).category(code)
        return Correctable(frame, case_key, case["number"], _shown(case, frame.zone), categories)


def correct(
    actor: Actor,
    case_key: int,
    *,
    seen: Mapping[str, str],
    wanted: Mapping[str, str],
    reason: str,
) -> None:
    """Correct the facts that differ in `wanted` from what the person had `seen`; both as texts.

    Raises:
        Forbidden, NotFound: as for reading. WhyNeeded: no reason was given.
        NothingCorrected: nothing differs. InvalidInput: a fact cannot be so; `field` names it.
        CaseBusy: a fact to be corrected has changed since it was seen.
    """
    demand(actor, Action.CORRECT_FACTS)
    changed = {name: wanted[name] for name in FACTS if wanted.get(name, "") != seen.get(name, "")}
    if not changed:
        raise NothingCorrected
    because = checked_why(reason)
    with transaction() as tx:
        demand_case(tx.connection, actor, case_key)
        locked = instances.lock_case(tx.connection, case_key)
        if locked is None:
            raise NotFound(what="case", key=case_key)
        case = dict(locked.case)
        zone = read_frame(tx.connection).zone
        now_shown = _shown(case, zone)
        if any(now_shown[name] != seen.get(name, "") for name in changed):
            raise CaseBusy(key=case_key)
        values = {name: _value(tx, name, text, zone) for name, text in changed.items()}
        _write(tx, actor, case, values, because)


def _write(
    tx: Transaction, actor: Actor, case: dict[str, Any], values: Mapping[str, Any], reason: str
) -> None:
    before = dict(case)
    directory = directory_now(tx.connection)
    for name, value in values.items():
        column, kept = declared.stored(name, value, directory)
        case[column] = kept
    case["major_class"] = _group(tx, case, before)
    hand = Hand.of(actor, positions_with(actor, Action.CORRECT_FACTS)[0])
    names: list[Json] = [*sorted(values)]
    entries = [Entry("facts_corrected", {"facts": names})]
    for column in ("description", "address"):
        case[column] = confidence.covered(tx.connection, case, case[column])
    corrections.write(
        tx.connection,
        case,
        columns={name for name in case if case[name] != before[name]},
        changes=[_change(tx, hand, case, before, name, reason) for name in values],
        words=search_row(case)["words"],
    )
    if case["is_confidential"] and not before["is_confidential"]:
        confidence.hide_reporters_of(tx, case)
        entries.append(Entry("reporter_hidden"))
    journal.append(tx, case, entries, hand)


def _change(
    tx: Transaction,
    hand: Hand,
    case: Mapping[str, Any],
    before: Mapping[str, Any],
    name: str,
    reason: str,
) -> dict[str, Any]:
    column = declared.FACTS[name].column
    row = {
        "key": tx.next_key(),
        "case_key": case["key"],
        "fact": name,
        "old_value": _plain(before[column]),
        "new_value": _plain(case[column]),
        "reason": reason,
        "person_key": hand.person_key,
        "position_key": hand.position_key,
        "at": tx.now,
    }
    return {
        column: confidence.covered(tx.connection, case, value)
        if column in {"old_value", "new_value", "reason"}
        else value
        for column, value in row.items()
    }


def _group(tx: Transaction, case: Mapping[str, Any], before: Mapping[str, Any]) -> str | None:
    kept: str | None = before["major_class"]
    if case["minor_class"] == before["minor_class"]:
        return kept
    return matters.current(tx.connection).group_of(case["minor_class"]) or kept


def _shown(case: Mapping[str, Any], zone: tzinfo) -> dict[str, str]:
    """Return the facts as the fields of a form hold them."""
    occurred: datetime | None = case["occurred_at"]
    return {
        "description": case["description"] or "",
        "address": case["address"] or "",
        "minor_class": case["minor_class"] or "",
        "occurred_at": f"{occurred.astimezone(zone):%Y-%m-%dT%H:%M}" if occurred else "",
        "is_confidential": "yes" if case["is_confidential"] else "",
    }


def _value(tx: Transaction, name: str, text: str, zone: tzinfo) -> object:
    """Return what a field says as the value of its fact."""
    if name == "is_confidential":
        if not text:
            raise StaysConfidential(field=name)
        return True
    if name == "occurred_at":
        return _instant(tx, text, zone)
    if name == "minor_class":
        known = matters.current(tx.connection).names("en")
        if text not in known:
            raise InvalidInput(what="The category", why="it is not on the matter list.", field=name)
        return text
    if len(text) > MOST_CHARACTERS[name]:
        raise InvalidInput(what="The text", why="it is too long.", field=name)
    if name == "description" and not text:
        raise InvalidInput(what="The description", why="it is empty.", field=name)
    return text or None


def _instant(tx: Transaction, text: str, zone: tzinfo) -> datetime | None:
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text).replace(tzinfo=zone)
    except ValueError:
        raise InvalidInput(what="The time", why="it cannot be read.", field="occurred_at") from None
    if found > tx.now:
        raise InvalidInput(what="The time", why="it lies in the future.", field="occurred_at")
    return found


def _plain(value: Any) -> Json:
    return value.isoformat() if isinstance(value, datetime) else value
