"""Messages between instances, and from the outside to one: deliver now, or keep until they expire.

A delivery is one transaction that locks the receiver only. What an instance throws is kept with
its own step, delivered as soon as that is committed, and by the worker's sweep where that failed.
Where nobody waits but a process begins with the message, it is started beside the sender's case.
"""

import logging
from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from app.cases import confidence, journal, troubles
from app.cases.linking import start_linked
from app.cases.operations import settle
from app.cases.work import NOBODY, Hand, Work, open_instance
from app.engine.errors import NobodyWaits
from app.engine.progress import Progress
from app.errors import CaseBusy
from app.json_types import JsonObject
from app.logs import bound
from app.store import instances, timers, waiting
from app.store.db import Transaction, instant_of, reading, transaction
from app.store.projection import Projection
from app.store.waiting import Buffered

log = logging.getLogger(__name__)
MOST_IN_A_ROW = 10
"""So many messages may answer each other at once; what follows waits for the sweep."""
CASE_IS_OVER = "MasterClosed"
"""What a case says to whatever runs beside it, as it ends in one way or another."""
LOOKS = 2
_depth: ContextVar[int] = ContextVar("deliveries_in_a_row", default=0)


def finish(work: Work, *, new_rows: Projection | None = None) -> Progress:
    """Let the instance go on as far as it can, write it down, and deliver what it threw.

    `new_rows` says that the case is new too, see `journal.record`. The messages are delivered
    once this transaction is committed, each in one of its own.
    """
    settle(work)
    progress = journal.record(work, new_rows=new_rows)
    if work.thrown:
        work.tx.after_commit.append(partial(deliver_kept, tuple(work.thrown)))
    return progress


def deliver(
    tx: Transaction,
    name: str,
    *,
    correlation_key: str | None,
    variables: JsonObject,
    hand: Hand = NOBODY,
    case_key: int | None = None,
    parent_key: int | None = None,
) -> Work:
    """Give a message to the one instance that waits for it and return the work, not yet recorded.

    Where nobody waits, `case_key` lets a process that the message starts begin beside that case.
    The caller adds what else belongs to it, then calls `finish`.

    Raises:
        NobodyWaits: no instance waits and no process begins, or it has gone on meanwhile.
    """
    receiver = _receiver(tx, name, correlation_key)
    if receiver is not None:
        work = receiver.take(name, correlation_key, variables)
    else:
        work = _started(tx, name, case_key=case_key, parent_key=parent_key, variables=variables)
    work.hand = hand
    return work


def publish(
    tx: Transaction,
    name: str,
    *,
    correlation_key: str,
    variables: JsonObject,
    case_key: int,
    domain: str = journal.LIVE,
    time_to_live: timedelta = journal.MESSAGES_LIVE,
) -> None:
    """Send a message on behalf of a case: it waits for its receiver, until it expires.

    With no time to live it goes to everybody who waits now, and to nobody where nobody does. The
    case is locked by then or from now on.
    """
    locked = instances.lock_case(tx.connection, case_key)
    if locked is not None:
        variables = confidence.covered(tx.connection, locked.case, variables)
    receivers: list[int | None] = [None]
    if time_to_live == journal.AT_ONCE:
        receivers = waiting.hearing(tx.connection, name, correlation_key)
        time_to_live = journal.MESSAGES_LIVE
    keys = [tx.next_key() for _ in receivers]
    for key, receiver_key in zip(keys, receivers, strict=True):
        row = {
            "key": key,
            "message_name": name,
            "correlation_key": correlation_key,
            "variables": variables,
            "published_at": tx.now,
            "expires_at": tx.now + time_to_live,
            "clock_domain": domain,
            "case_key": case_key,
            "instance_key": None,
            "receiver_key": receiver_key,
        }
        waiting.keep(tx.connection, row)
    tx.after_commit.append(partial(deliver_kept, keys))


def deliver_kept(keys: Sequence[int]) -> None:
    """Deliver these messages if somebody takes them.

    One that fails, or that nobody takes yet, stays for the sweep.
    """
    if _depth.get() >= MOST_IN_A_ROW:
        return
    token = _depth.set(_depth.get() + 1)
    try:
        with reading() as connection:
            found = waiting.wanted(connection, keys)
        for message in found:
            _deliver_safely(message)
    finally:
        _depth.reset(token)


def deliver_buffered(*, limit: int = 100, domain: str = journal.LIVE) -> int:
    """Deliver what has been kept and somebody waits for; return how many were delivered."""
    with reading() as connection:
        found = waiting.deliverable(
            connection, now=instant_of(connection), limit=limit, domain=domain
        )
    return sum(_deliver_safely(message) for message in found)


@dataclass(frozen=True, slots=True)
class _Receiver:
    """The locked instance that waits for a message, and its element that does."""

    work: Work
    element_key: int

    def take(self, name: str, correlation_key: str | None, variables: JsonObject) -> Work:
        """Go on with the message."""
        self.work.run.send(
            name, correlation_key=correlation_key, variables=variables, to=self.element_key
        )
        return self.work


def _receiver(
    tx: Transaction, name: str, correlation_key: str | None, *, only: int | None = None
) -> _Receiver | None:
    """Lock who waits; one that has gone on before it was locked may wait at another element now."""
    for _ in range(LOOKS):
        found = waiting.waiting_for(tx.connection, name, correlation_key, receiver_key=only)
        work = None if found is None else open_instance(tx, found.instance_key)
        if found is None or work is None:
            return None
        if any(waits.key == found.element_key for waits in work.run.subscriptions):
            return _Receiver(work, found.element_key)
    return None


def _started(
    tx: Transaction,
    name: str,
    *,
    case_key: int | None,
    parent_key: int | None,
    variables: JsonObject,
) -> Work:
    work = None
    if case_key is not None:
        work = start_linked(tx, name, case_key=case_key, parent_key=parent_key, variables=variables)
    if work is None:
        raise NobodyWaits(name=name)
    return work


def _deliver_safely(message: Buffered) -> bool:
    with bound(message=message.key):
        try:
            return _deliver_one(message)
        except (CaseBusy, NobodyWaits):
            return False
        except Exception as error:
            log.exception("a message could not be delivered")
            _note_failure(message, error)
            return False


def _deliver_one(message: Buffered) -> bool:
    """Lock the case, then take the message: it may have been changed under that lock."""
    with transaction() as tx:
        only = message.receiver_key
        receiver = _receiver(tx, message.name, message.correlation_key, only=only)
        if receiver is None and only is not None:
            raise NobodyWaits(name=message.name)
        if receiver is None and message.case_key is not None:
            instances.lock_case(tx.connection, message.case_key)
        variables = waiting.take(tx.connection, message.key)
        if variables is None:
            return False
        if receiver is not None:
            work = receiver.take(message.name, message.correlation_key, variables)
        else:
            work = _started(
                tx,
                message.name,
                case_key=message.case_key,
                parent_key=message.instance_key,
                variables=variables,
            )
            _hear_of_the_end(work, message)
        work.note("message_received", {"message": message.name})
        finish(work)
        return True


def _hear_of_the_end(work: Work, message: Buffered) -> None:
    """Let a process that begins late hear what it has missed: that its case has ended meanwhile."""
    closed_at = work.case["closed_at"]
    if closed_at is None or closed_at < message.published_at:
        return
    for waits in work.run.subscriptions:
        if waits.message_name == CASE_IS_OVER:
            work.run.send(
                CASE_IS_OVER, correlation_key=waits.correlation_key, variables={}, to=waits.key
            )
            return


def _note_failure(message: Buffered, error: Exception) -> None:
    """Count the failure against the sender; a message that nobody can take becomes an incident."""
    with transaction() as tx:
        case = None
        if message.case_key is not None:
            locked = instances.lock_case(tx.connection, message.case_key)
            case = None if locked is None else locked.case
        sentence = f"{message.name}: {troubles.sentence_of(tx.connection, case, error)}"
        is_given_up = waiting.put_off(tx.connection, message.key, error=sentence, now=tx.now)
        sender = message.instance_key
        if sender is None and message.case_key is not None:
            sender = instances.first_of(tx.connection, message.case_key)
        if is_given_up and sender is not None:
            timers.raise_incident(
                tx.connection,
                sender,
                kind="MESSAGE_FAILED",
                error=sentence,
                now=tx.now,
                key=tx.next_key(),
            )
            log.error("message %s became an incident", message.key)
