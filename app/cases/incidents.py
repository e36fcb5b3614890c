"""Incidents: what the system has stopped trying, for those who look after it.

They read what happened in which case and since when, and have it tried again or settle it, with a
reason and a line in the case's journal. They see no more of a case than its number, unless they
may open it for other reasons.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.cases import confidence, journal
from app.cases.frame import Frame, read_frame
from app.cases.why import checked_why
from app.cases.wording import Wording
from app.cases.work import Entry, Hand
from app.errors import CaseBusy, NotFound
from app.organisation.actor import Actor
from app.organisation.permissions import Action, demand
from app.organisation.scope import scope_of
from app.store import incidents as rows
from app.store import instances
from app.store.db import Connection, Transaction, reading, transaction
from app.store.incidents import ACTIVE, RESOLVED, IncidentRow
from app.store.paging import Place, place_from
from app.store.scope import can_see_case

PAGE = 30


class Kind(StrEnum):
    """What failed five times."""

    TIMER = "TIMER_FAILED"
    MESSAGE = "MESSAGE_FAILED"
    RECOUNT = "RECOUNT_FAILED"


class Resolution(StrEnum):
    """What became of an incident."""

    RETRIED = "retried"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class Incident:
    """An incident in the reader's language.

    `steps` names the elements whose time did not come, `messages` the codes of those undelivered.
    """

    row: IncidentRow
    process: str
    steps: tuple[str, ...]
    messages: tuple[str, ...]
    may_open_case: bool

    @property
    def is_open(self) -> bool:
        """Whether somebody has yet to see to it."""
        return self.row.state == ACTIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class Incidents:
    """A page of incidents; `open` counts all that are, by kind."""

    frame: Frame
    found: tuple[Incident, ...]
    open: dict[str, int]
    kind: str
    is_settled: bool
    next_place: Place | None


@dataclass(frozen=True, slots=True)
class OneIncident:
    """One incident, in the frame of its page."""

    frame: Frame
    incident: Incident


def read_incidents(
    actor: Actor,
    *,
    language: str,
    kind: str = "",
    is_settled: bool = False,
    after: str | None = None,
) -> Incidents:
    """Return open incidents, the oldest first, or those that were seen to, the newest first.

    Raises:
        Forbidden: the actor does not look after the system.
    """
    demand(actor, Action.VIEW_INCIDENTS)
    kind = kind if kind in set(Kind) else ""
    with reading() as connection:
        found = rows.page(
            connection,
            state=RESOLVED if is_settled else ACTIVE,
            kind=kind,
            after=place_from(after),
            limit=PAGE + 1,
        )
        return Incidents(
            frame=read_frame(connection),
            found=_in_words(connection, actor, found[:PAGE], language),
            open=rows.counts(connection),
            kind=kind,
            is_settled=is_settled,
            next_place=found[PAGE - 1].place if len(found) > PAGE else None,
        )


def read_incident(actor: Actor, key: int, *, language: str) -> OneIncident:
    """Return one incident.

    Raises:
        Forbidden: as for the list. NotFound: there is none.
    """
    demand(actor, Action.VIEW_INCIDENTS)
    with reading() as connection:
        row = rows.find(connection, key)
        if row is None:
            raise NotFound(what="incident", key=key)
        (found,) = _in_words(connection, actor, [row], language)
        return OneIncident(read_frame(connection), found)


def retry(actor: Actor, key: int, *, reason: str) -> None:
    """Let what failed be tried again at the next tick, as if it had never failed.

    Raises:
        Forbidden: the actor may not. NotFound: there is no such incident.
        CaseBusy: somebody else has seen to it. WhyNeeded: none was given.
    """
    with transaction() as tx:
        row = _resolve(tx, actor, key, Resolution.RETRIED, reason)
        _AGAIN[Kind(row.kind)](tx.connection, row)


def settle(actor: Actor, key: int, *, reason: str) -> None:
    """Note that an incident was seen to elsewhere; the system tries it no more.

    Raises:
        Forbidden, NotFound, CaseBusy, WhyNeeded: as for `retry`.
    """
    with transaction() as tx:
        _resolve(tx, actor, key, Resolution.SETTLED, reason)


def _resolve(
    tx: Transaction, actor: Actor, key: int, resolution: Resolution, reason: str
) -> IncidentRow:
    """Note it under the lock of the case, and write it into its journal."""
    demand(actor, Action.RESOLVE_INCIDENTS)
    because = checked_why(reason)
    row = rows.find(tx.connection, key)
    locked = None if row is None else instances.lock(tx.connection, row.instance_key)
    if row is None or locked is None:
        raise NotFound(what="incident", key=key)
    case = dict(locked.case)
    if not rows.resolve(
        tx.connection,
        key,
        resolution=resolution.value,
        person_key=actor.person_key,
        reason=confidence.covered(tx.connection, case, because),
        now=tx.now,
    ):
        raise CaseBusy(key=key)
    entry = Entry(f"incident_{resolution.value}", {"incident": row.kind})
    journal.append(tx, case, [entry], Hand.of(actor))
    return row


_AGAIN: Final[dict[Kind, Callable[[Connection, IncidentRow], None]]] = {
    Kind.TIMER: lambda connection, row: rows.take_up_timers(connection, row.instance_key),
    Kind.MESSAGE: lambda connection, row: rows.take_up_messages(connection, row.case_key),
    Kind.RECOUNT: lambda connection, row: rows.take_up_limits(connection, row.instance_key),
}


def _in_words(
    connection: Connection, actor: Actor, found: Sequence[IncidentRow], language: str
) -> tuple[Incident, ...]:
    wording, scope = Wording(connection, language), scope_of(actor)
    keys = [row.instance_key for row in found]
    stopped, undelivered = rows.timers_of(connection, keys), rows.messages_of(connection, keys)
    return tuple(
        Incident(
            row,
            process=_process(wording, row.definition_key),
            steps=tuple(
                wording.step(row.definition_key, element_id)
                for element_id in stopped.get(row.instance_key, ())
                if row.kind == Kind.TIMER
            ),
            messages=tuple(undelivered.get(row.instance_key, ()))
            if row.kind == Kind.MESSAGE
            else (),
            may_open_case=can_see_case(connection, scope, row.case_key),
        )
        for row in found
    )


def _process(wording: Wording, definition_key: int) -> str:
    found = wording.of(definition_key)
    return found.titles.get(wording.language, found.name)
