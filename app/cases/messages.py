"""Messages between instances, and from the outside to one: deliver now, or keep until they expire.

A delivery is one transaction that locks the receiver only. What an instance throws is buffered with
its own step and delivered by the worker's sweep, so no transaction ever locks two instances.
"""

import logging

from app.cases import journal
from app.cases.operations import settle
from app.cases.work import NOBODY, Hand, Work, open_instance
from app.engine.errors import NobodyWaits
from app.errors import CaseBusy
from app.json_types import JsonObject
from app.logs import bound
from app.store import waiting
from app.store.db import Transaction, instant_of, reading, transaction
from app.store.waiting import Buffered

log = logging.getLogger(__name__)


def deliver(
    tx: Transaction,
    name: str,
    *,
    correlation_key: str | None,
    variables: JsonObject,
    hand: Hand = NOBODY,
) -> Work:
    """Send a message to the one instance that waits for it and return the work, not yet recorded.

    The caller adds what else belongs to it, then calls `finish`.

    Raises:
        NobodyWaits: no instance waits, or it has gone on meanwhile.
    """
    found = waiting.waiting_for(tx.connection, name, correlation_key)
    work = None if found is None else open_instance(tx, found.instance_key)
    if found is None or work is None:
        raise NobodyWaits(name=name)
    if all(waits.key != found.element_key for waits in work.run.subscriptions):
        raise NobodyWaits(name=name)
    work.hand = hand
    work.run.send(name, correlation_key=correlation_key, variables=variables, to=found.element_key)
    return work


def finish(work: Work) -> None:
    """Let the receiver go on and write it down."""
    settle(work)
    journal.record(work)


def deliver_buffered(*, limit: int = 100) -> int:
    """Deliver what instances have thrown and others wait for; return how many were delivered."""
    with reading() as connection:
        found = waiting.deliverable(connection, now=instant_of(connection), limit=limit)
    delivered = 0
    for message in found:
        with bound(message=message.key):
            try:
                delivered += _deliver_one(message)
            except CaseBusy:
                continue
            except Exception:
                log.exception("a message could not be delivered")
    return delivered


def _deliver_one(message: Buffered) -> bool:
    with transaction() as tx:
        if not waiting.take(tx.connection, message.key):
            return False
        work = deliver(
            tx,
            message.name,
            correlation_key=message.correlation_key,
            variables=message.variables,
        )
        work.note("message_received", {"message": message.name})
        finish(work)
        return True
