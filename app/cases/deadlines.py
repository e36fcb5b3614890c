"""Fires what is due: one instance after the other, each in a transaction of its own.

The worker and the in-process ticker call `fire_due`. Timer rows are derived from the instance's
state, so a timer that does not fire stays, and one that fired is gone with the same commit.
"""

import logging
from dataclasses import dataclass

from app.cases import journal, messages, troubles
from app.cases.work import open_instance
from app.errors import CaseBusy
from app.logs import bound
from app.store import instances, timers
from app.store.db import instant_of, reading, transaction

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Fired:
    """What a sweep did: instances stepped, left to another process, failed."""

    stepped: int = 0
    left: int = 0
    failed: int = 0


def fire_due(*, limit: int = 200, domain: str = journal.LIVE) -> Fired:
    """Fire the due timers of at most `limit` instances; one bad case never stops the sweep."""
    with reading() as connection:
        now = instant_of(connection)
        due = timers.due_instances(connection, domain=domain, now=now, limit=limit)
    stepped = left = failed = 0
    for instance in due:
        with bound(instance=instance.instance_key):
            try:
                if fire_instance(instance.instance_key):
                    stepped += 1
                else:
                    left += 1
            except CaseBusy:
                left += 1
            except Exception as error:
                log.exception("a timer could not be fired")
                _note_failure(instance.instance_key, error)
                failed += 1
    return Fired(stepped, left, failed)


def fire_instance(instance_key: int) -> bool:
    """Fire every due timer of one instance; False when another process has it, or it has ended."""
    with transaction() as tx:
        work = open_instance(tx, instance_key, skips_locked=True)
        if work is None:
            return False
        before = {(timer.key, timer.due_at): timer.element_id for timer in work.run.timers}
        work.run.fire()
        after = {(timer.key, timer.due_at) for timer in work.run.timers}
        for (key, due_at), element_id in before.items():
            if (key, due_at) not in after and due_at <= tx.now:
                work.note("timer_fired", {"due_at": due_at.isoformat()}, element_id=element_id)
        if not work.entries:
            return False
        messages.finish(work)
        return True


def _note_failure(instance_key: int, error: Exception) -> None:
    """Count the failure, unless somebody works on the instance just now and tries in our stead."""
    with transaction() as tx:
        locked = instances.lock(tx.connection, instance_key, skips_locked=True)
        if locked is None:
            return
        sentence = troubles.sentence_of(tx.connection, locked.case, error)
        if timers.note_failure(
            tx.connection,
            instance_key,
            error=sentence,
            now=tx.now,
            incident_key=tx.next_key(),
        ):
            log.error("timers of instance %s became an incident", instance_key)
