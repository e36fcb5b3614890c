"""One's own absence: from a day to a day somebody stands in, and afterwards nobody does any more.

A deputy is offered what the absent person would be, and finds what they had claimed in the inbox
(`cases.inbox`, tab "lent"). Administrators appoint deputies for anybody in `cases.staff`.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from app.cases import notices
from app.cases.calendar import local_today
from app.cases.colleagues import Colleague, described
from app.cases.people import directory_now
from app.cases.staff import OwnDeputy, WrongSpan
from app.cases.work import NoticeTo
from app.errors import CaseError, NotFound
from app.json_types import JsonObject
from app.organisation.actor import Actor, HeldPosition
from app.organisation.directory import Directory
from app.organisation.roles import Role
from app.store import absences as rows
from app.store import handovers, people
from app.store.absences import AbsenceRow
from app.store.db import Connection, Transaction, transaction

MOST_DAYS = 366
PAST_SHOWN = 20


class NothingToLend(CaseError):
    """You hold no position that a colleague could stand in for. An administrator can appoint a deputy for you."""  # noqa: E501

    code = "nothing_to_lend"


class AbsenceInThePast(CaseError):
    """The first day has passed. Begin today or later."""

    code = "absence_in_the_past"


class AbsenceTooLong(CaseError):
    """That is longer than a year. Choose an earlier last day."""

    code = "absence_too_long"


class AbsentAlready(CaseError):
    """You are away already on some of these days. End that absence first, or choose other days."""

    code = "absent_already"


class NotYourDeputy(CaseError):
    """{name} cannot stand in for you: choose somebody who works in your unit or in the one directly above it."""  # noqa: E501

    code = "not_your_deputy"


class DeputyAway(CaseError):
    """{name} is away too on some of these days. Choose somebody else, or other days."""

    code = "deputy_away"


@dataclass(frozen=True, slots=True, kw_only=True)
class Absences:
    """One's own absences, whom one stands in for, and who could stand in.

    `own` are those of today and to come, `past` the latest that are over, also one ended early: its
    last day is then the day before. One ended before its second day has no days left.
    """

    own: tuple[AbsenceRow, ...]
    past: tuple[AbsenceRow, ...]
    standing_in_for: tuple[str, ...]
    candidates: tuple[Colleague, ...]
    today: date


def read_absences(connection: Connection, actor: Actor, today: date) -> Absences:
    """Return what the page of an absence needs."""
    directory = directory_now(connection)
    keys = _candidates(directory, actor, today)
    absent = {held.on_behalf_of for held in actor.positions if held.on_behalf_of is not None}
    names = handovers.active(connection, absent)
    return Absences(
        own=tuple(rows.of_person(connection, actor.person_key, since=today)),
        past=tuple(rows.past(connection, actor.person_key, before=today, limit=PAST_SHOWN)),
        standing_in_for=tuple(sorted(name for _login, name in names.values())),
        candidates=described(connection, keys, on=today),
        today=today,
    )


def set_absence(
    actor: Actor, *, deputy_key: int, first: date | None = None, last: date | None
) -> int:
    """Let a colleague stand in from a day (today unless told) to a day; return the absence's key.

    Raises:
        WrongSpan, AbsenceInThePast, AbsenceTooLong, AbsentAlready: the days cannot be.
        OwnDeputy, NotYourDeputy, DeputyAway, NotFound: the colleague cannot.
        NothingToLend: there is nothing to stand in for.
    """
    with transaction() as tx:
        today = local_today(tx.connection, tx.now)
        span = _checked_span(first or today, last, today)
        lent = _lendable(actor)
        if not lent:
            raise NothingToLend
        if rows.away(tx.connection, [actor.person_key], *span):
            raise AbsentAlready
        _demand_deputy(tx, actor, deputy_key, span, today)
        return _insert(tx, actor, deputy_key, lent, span)


def end_absence(actor: Actor, absence_key: int) -> None:
    """End one's own absence now; one that has not begun is taken back.

    Raises:
        NotFound: it is not one of the actor's own that is still to come or under way.
    """
    with transaction() as tx:
        today = local_today(tx.connection, tx.now)
        found = rows.find(tx.connection, absence_key)
        is_own = found is not None and found.person_key == actor.person_key
        if found is None or not is_own or found.last_day < today:
            raise NotFound(what="absence", key=absence_key)
        rows.end(tx.connection, absence_key, today - timedelta(days=1))
        told = NoticeTo("deputy_ended", {"by": actor.person_key}, person_key=found.deputy_key)
        notices.tell(tx, [told])


def _insert(
    tx: Transaction,
    actor: Actor,
    deputy_key: int,
    lent: list[HeldPosition],
    span: tuple[date, date],
) -> int:
    key, (first, last) = tx.next_key(), span
    rows.insert(
        tx.connection,
        {
            "key": key,
            "person_key": actor.person_key,
            "deputy_key": deputy_key,
            "first_day": first,
            "last_day": last,
            "made_at": tx.now,
        },
    )
    appointments = [
        {
            "key": tx.next_key(),
            "position_key": held.position_key,
            "person_key": deputy_key,
            "valid_from": first,
            "valid_to": last,
            "absence_key": key,
        }
        for held in lent
    ]
    people.insert_deputies(tx.connection, appointments)
    days: JsonObject = {"by": actor.person_key, "first": str(first), "last": str(last)}
    notices.tell(tx, [NoticeTo("deputy_appointed", days, person_key=deputy_key)])
    return key


def _checked_span(first: date, last: date | None, today: date) -> tuple[date, date]:
    if last is None or last < first:
        raise WrongSpan
    if first < today:
        raise AbsenceInThePast
    if (last - first).days >= MOST_DAYS:
        raise AbsenceTooLong
    return first, last


def _demand_deputy(
    tx: Transaction, actor: Actor, deputy_key: int, span: tuple[date, date], today: date
) -> None:
    if deputy_key == actor.person_key:
        raise OwnDeputy
    found = handovers.active(tx.connection, [deputy_key])
    if deputy_key not in found:
        raise NotFound(what="person", key=deputy_key)
    name = found[deputy_key][1]
    if deputy_key not in _candidates(directory_now(tx.connection), actor, today):
        raise NotYourDeputy(name=name)
    if rows.away(tx.connection, [deputy_key], *span):
        raise DeputyAway(name=name)


def _lendable(actor: Actor) -> list[HeldPosition]:
    """Return one's own positions; the rights of administrators are lent by another of them."""
    return [
        held
        for held in actor.positions
        if held.on_behalf_of is None and held.role is not Role.ADMINISTRATOR
    ]


def _candidates(directory: Directory, actor: Actor, today: date) -> set[int]:
    units = {held.unit_key for held in _lendable(actor)}
    units |= {directory.units[key].parent_key or 0 for key in units if key in directory.units}
    found = {
        holding.person_key
        for (_role, unit_key), holdings in directory.holdings.items()
        if unit_key in units
        for holding in holdings
        if holding.on_behalf_of is None and directory.positions_of(holding.person_key, today)
    }
    return found - {actor.person_key}
