"""Blowing a whistle: the deployed form with the departments the duty list proposes, and the start.

What a whistle asks is the deployed form's to say, what happens next the diagram's: the newest
process that the message `WhistleBlown` starts. A whistle on its own is a case row of its own kind.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from app.cases import form_context, idempotency, intake, journal, matters, messages, submissions
from app.cases.deployed import Deployed, PinnedForm, deployed
from app.cases.frame import Frame, read_frame
from app.cases.intake import NothingDeployed, Report
from app.cases.linking import start_linked
from app.cases.task_view import Typed
from app.cases.visible import visible_case
from app.cases.work import Hand, Work
from app.errors import CaseBusy, CaseError
from app.forms import posted as typing
from app.forms.messages import ENGLISH
from app.forms.read import read
from app.forms.render import view
from app.forms.views import FormView
from app.json_types import Json, JsonObject
from app.organisation.actor import Actor, HeldPosition
from app.organisation.permissions import ROLES_FOR, Action, demand
from app.organisation.roles import Role
from app.organisation.units import UnitKind
from app.store import processes, tasks, whistles
from app.store.db import Connection, Transaction, reading, transaction
from app.store.projection import Projection

BLOWN = "WhistleBlown"
OWN, EMERGENCY = "whistle", "emergency"
DUTY = "duty_list"
PLACES = ("street", "community", "grid")
BASES = ("basis", "legal_basis")
"""What the duty list says of a duty: the item that it is, and the law or rule it rests on."""
STEP = "blow_whistle"
"""Where later forms look for what was asked, whichever way the whistle was blown."""
SAID = ("kind", "need", "expected", *BASES, "meet_at")


class WhistleUnderWay(CaseError):
    """A whistle for this case is under way already. Open the case and see how far it is."""

    code = "whistle_under_way"


class WhistleAwaited(CaseError):
    """This case waits for its whistle. Blow it in the open task, so that the result reaches it."""

    code = "whistle_awaited"


@dataclass(frozen=True, slots=True, kw_only=True)
class BlowPage:
    """The form of a whistle, filled in so far; `case` is the one it is blown for, if any.

    `proposed_for` is the category the ticked departments were proposed for.
    """

    frame: Frame
    form: FormView
    case: Mapping[str, Any] | None
    proposed_for: str


@dataclass(frozen=True, slots=True)
class Blown:
    """A whistle that has been blown, with its case."""

    whistle_key: int
    case_key: int
    number: str


def read_blow_form(
    actor: Actor, case_key: int | None, *, language: str, typed: Typed | None = None
) -> BlowPage:
    """Return the form of a whistle, with `typed` as it was sent.

    Without `typed`, and where the category has changed since, the duty list proposes departments.

    Raises:
        Forbidden: the actor blows no whistles. NotFound: the case is not for their eyes.
        NothingDeployed: no process begins with a whistle.
    """
    demand(actor, Action.BLOW_WHISTLE)
    with reading() as connection:
        frame = read_frame(connection)
        case = _case(connection, actor, case_key)
        found, pinned = _form(connection)
        answers: JsonObject = typing.draft(pinned.form, typed.posted) if typed else {}
        category = _category(answers, case)
        if typed is None or _proposed_for(typed) != category:
            answers |= _proposal(found, category, case, frame=frame, language=language)
        return BlowPage(
            frame=frame,
            form=view(
                pinned.in_language(language),
                answers=answers,
                context=_context(frame, case, language),
                now=frame.now,
                zone=frame.zone,
                language=language,
                errors=typed.errors if typed else None,
            ),
            case=case,
            proposed_for=category,
        )


def blow(
    actor: Actor, case_key: int | None, posted: Mapping[str, Any], *, client_key: str | None = None
) -> Blown:
    """Blow a whistle for a case, or on its own where `case_key` is None.

    `client_key` makes a repeated call give the first one's whistle.

    Raises:
        Forbidden, NotFound, NothingDeployed: as for the form.
        CaseBusy: the case is closed. WhistleUnderWay, WhistleAwaited: see there.
        InvalidAnswers: the form comes back with every error.
    """
    demand(actor, Action.BLOW_WHISTLE)
    position = _position(actor)
    with transaction() as tx:
        first = _first(tx, client_key)
        if first is not None:
            return first
        frame = read_frame(tx.connection)
        case = _case(tx.connection, actor, case_key)
        _demand_free(tx.connection, case)
        pinned = _form(tx.connection)[1]
        answers = _judged(pinned, posted, frame, case)
        work, rows = _started(tx, actor, position, case_key=case_key, answers=answers)
        work.hand = Hand.of(actor, position)
        work.answer(STEP, answers)
        submissions.keep(work, work.deployed.start_element_id, answers, form=pinned)
        messages.finish(work, new_rows=rows)
        key: int = work.whistles[work.instance_key]["key"]
        blown = Blown(key, work.case_key, str(work.case["number"]))
        if client_key is not None:
            idempotency.keep(tx.connection, OWN, client_key, response=asdict(blown))
        return blown


def awaited(actor: Actor, case_key: int | None) -> int | None:
    """Return the open task in which a case waits for its whistle to be blown, if there is one.

    Raises:
        Forbidden, NotFound: as for the form.
    """
    demand(actor, Action.BLOW_WHISTLE)
    with reading() as connection:
        case = _case(connection, actor, case_key)
        return None if case is None else tasks.open_at(connection, case["key"], STEP)


def _first(tx: Transaction, client_key: str | None) -> Blown | None:
    """Return the whistle that was blown under this key already."""
    if client_key is None:
        return None
    known = idempotency.known(tx.connection, OWN, client_key, digest="", now=tx.now)
    if known is None:
        return None
    return Blown(int(str(known["whistle_key"])), int(str(known["case_key"])), str(known["number"]))


def _demand_free(connection: Connection, case: Mapping[str, Any] | None) -> None:
    """Stop a whistle for a case that is closed, or for which one is under way."""
    if case is None:
        return
    if case["closed_at"] is not None:
        raise CaseBusy(key=case["key"])
    if any(row.ended_at is None for row in whistles.of_case(connection, case["key"])):
        raise WhistleUnderWay(key=case["key"])
    if tasks.open_at(connection, case["key"], STEP) is not None:
        raise WhistleAwaited(key=case["key"])


def _judged(
    pinned: PinnedForm,
    posted: Mapping[str, Any],
    frame: Frame,
    case: Mapping[str, Any] | None,
) -> JsonObject:
    context = _context(frame, case, ENGLISH)
    return read(pinned.form, posted, context=context, now=frame.now, zone=frame.zone).values


def _started(
    tx: Transaction,
    actor: Actor,
    position: HeldPosition,
    *,
    case_key: int | None,
    answers: JsonObject,
) -> tuple[Work, Projection | None]:
    """Start the process beside its case or, without one, on a case of its own."""
    variables: JsonObject = {
        "is_linked": False,
        "blower": str(actor.person_key),
        "departments": answers.get("called"),
        **{name: answers.get(name) for name in SAID},
    }
    if case_key is not None:
        linked = start_linked(tx, BLOWN, case_key=case_key, parent_key=None, variables=variables)
        if linked is None:
            raise NothingDeployed(message=BLOWN)
        return linked, None
    group = matters.current(tx.connection).group_of(_text(answers.get("minor_class")))
    report = _report(answers, position, group)
    hand = Hand.of(actor, position)
    work = intake.started(tx, report, hand, domain=journal.LIVE, message=BLOWN, variables=variables)
    return work, Projection(search=[intake.search_row(work.case)])


def _report(answers: JsonObject, position: HeldPosition, group: str | None) -> Report:
    """Return the case row to be of a whistle on its own: in the street that blows it."""
    location = answers.get("location")
    place = location if isinstance(location, dict) else {}
    return Report(
        channel="staff",
        kind=OWN,
        description=_text(answers.get("need")) or "",
        minor_class=_text(answers.get("minor_class")),
        major_class=group,
        address=_text(answers.get("address")),
        latitude=_degrees(place.get("lat")),
        longitude=_degrees(place.get("lon")),
        street_key=position.unit_key if position.unit_kind is UnitKind.STREET else None,
        severity=EMERGENCY if answers.get("kind") == EMERGENCY else "ordinary",
        answers=answers,
    )


def _position(actor: Actor) -> HeldPosition:
    """Return the position in which the actor blows: the street's before the district's."""
    held = [each for each in actor.positions if each.role in ROLES_FOR[Action.BLOW_WHISTLE]]
    return min(held, key=lambda each: (each.role is Role.DISTRICT_DISPATCHER, each.position_key))


def _case(connection: Connection, actor: Actor, key: int | None) -> Mapping[str, Any] | None:
    return None if key is None else visible_case(connection, actor, key)


def _form(connection: Connection) -> tuple[Deployed, PinnedForm]:
    key = processes.newest_started_by(connection, BLOWN)
    found = deployed(connection, key) if key is not None else None
    pinned = found.forms.get(found.start_form_id or "") if found is not None else None
    if found is None or pinned is None:
        raise NothingDeployed(message=BLOWN)
    return found, pinned


def _context(frame: Frame, case: Mapping[str, Any] | None, language: str) -> dict[str, Any]:
    day = frame.now.astimezone(frame.zone).date()
    offered = form_context.choices(frame.directory, language, day=day)
    kind = OWN if case is None else case["kind"]
    return {**offered, "case": {"kind": kind}, "is_asked": None, "is_staff": True}


def _category(answers: JsonObject, case: Mapping[str, Any] | None) -> str:
    found = answers.get("minor_class") if case is None else case["minor_class"]
    return str(found or "")


def _proposed_for(typed: Typed) -> str:
    return "".join(typed.posted.get("_proposed", ()))


def _proposal(
    found: Deployed,
    category: str,
    case: Mapping[str, Any] | None,
    *,
    frame: Frame,
    language: str,
) -> JsonObject:
    """Return the departments the duty list names for a category, by which item and which law."""
    model = found.definition.decisions.get(DUTY)
    if model is None or not category:
        return {}
    facts = _facts(category, case, frame)
    duty = model.evaluate(DUTY, {"case": facts}, now=frame.now).value
    if not isinstance(duty, dict):
        return {}
    co_units = duty.get("co_units")
    units: list[Json] = [duty.get("lead_unit"), *(co_units if isinstance(co_units, list) else [])]
    texts = {name: _text(duty.get(name)) for name in BASES}
    words = {name: text and _in_words(found, name, text, language) for name, text in texts.items()}
    return {"called": [unit for unit in units if unit is not None], **words}


def _facts(category: str, case: Mapping[str, Any] | None, frame: Frame) -> dict[str, Any]:
    """Return what the duty list asks of a case: its category, place and day."""
    units = {} if case is None else {name: case[f"{name}_key"] for name in PLACES}
    codes = {name: frame.directory.unit(key).code for name, key in units.items() if key is not None}
    day = frame.now.astimezone(frame.zone).date()
    return {**dict.fromkeys(PLACES), **codes, "minor_class": category, "reported_on": day}


def _in_words(found: Deployed, column: str, text: str, language: str) -> str:
    """Return a text of a column as the labels of the duty list call it."""
    labels = found.table_labels.get(language, {}).get(DUTY, {}).get("values")
    named = labels.get(column) if isinstance(labels, dict) else None
    return str(named.get(text, text)) if isinstance(named, dict) else text


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _degrees(value: Json) -> float | None:
    return float(value) if isinstance(value, int | float) else None
