"""Counts the open limits again when a work calendar has changed or a year has been published.

The worker calls `recount` at every tick; it does nothing while the calendars are as they were. A
limit counted again moves everything that waited for its old instant: timers, due dates of open
tasks, the case's own; one journal line tells of it.
"""

import logging
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from app.cases import journal
from app.cases.calendar import Counted
from app.cases.counted import row_of
from app.cases.work import Work, open_instance
from app.errors import CaseBusy, CaseError
from app.json_types import JsonObject
from app.logs import bound
from app.organisation import calendar as calendars
from app.organisation import directory as directories
from app.organisation.calendar import Calendars
from app.organisation.directory import Directory
from app.organisation.working_time import Due
from app.store import instances
from app.store import limits as limit_rows
from app.store.db import reading, transaction
from app.store.limits import CountedLimit

log = logging.getLogger(__name__)


def recount(*, limit: int = 500, domain: str = journal.LIVE) -> int:
    """Count limits again that were counted on an older calendar; return how many are done.

    What comes out as before is confirmed in one statement; each instance with a limit that moved,
    or is no longer provisional, takes a transaction of its own. Instances that fail, or that
    somebody works on, are passed over until the next tick and never keep the others waiting.
    """
    done, after = 0, 0
    while done < limit:
        with reading() as connection:
            versions = instances.versions(connection)
            found = limit_rows.outdated(
                connection, versions.calendar, domain=domain, after=after, limit=limit
            )
            if not found:
                break
            current = calendars.current(connection, versions.calendar)
            directory = directories.current(connection, versions.directory)
        done += _recount_all(found, current, directory)
        after = found[-1].instance_key
    return done


def _recount_all(found: list[CountedLimit], current: Calendars, directory: Directory) -> int:
    changed: dict[int, list[CountedLimit]] = defaultdict(list)
    same: list[CountedLimit] = []
    for each in found:
        if _is_same(each, _count(each, current, directory)):
            same.append(each)
        else:
            changed[each.instance_key].append(each)
    with transaction() as tx:
        limit_rows.confirm(tx.connection, same, current.version)
    moved = sum(len(limits) for key, limits in changed.items() if _recount_safely(key))
    return len(same) + moved


def count_waiting(*, domain: str = journal.LIVE) -> int:
    """Return how many limits of running cases still stand as an older calendar had them."""
    with reading() as connection:
        version = instances.versions(connection).calendar
        return limit_rows.count_outdated(connection, version, domain=domain)


def _recount_safely(instance_key: int) -> bool:
    with bound(instance=instance_key):
        try:
            return recount_instance(instance_key)
        except CaseBusy:
            return False
        except Exception:
            log.exception("the limits of an instance could not be counted again")
            return False


def recount_instance(instance_key: int) -> bool:
    """Count the limits of one instance again; False if another process has it, or it has ended."""
    with transaction() as tx:
        work = open_instance(tx, instance_key, skips_locked=True)
        if work is None:
            return False
        waited_for = set(_waited_for(work))
        counted = [
            (each, due)
            for each in limit_rows.of_instance(tx.connection, instance_key)
            if (due := _count(each, work.calendar.calendars, work.directory)) is not None
        ]
        _keep(work, sorted(counted, key=lambda pair: pair[0].due_at not in waited_for))
        case_due_at = None if work.case["handled_at"] else work.case["due_at"]
        moved: dict[datetime, datetime] = {}
        for before, due in counted:
            if before.due_at in waited_for and not _is_same(before, due):
                _take_over(work, before, due, is_of_case=before.due_at == case_due_at)
                moved[before.due_at] = due.at
        work.run.reschedule({old: new for old, new in moved.items() if old != new})
        journal.record(work)
        return True


def _keep(work: Work, counted: list[tuple[CountedLimit, Due]]) -> None:
    """Keep the limits as they are counted now; of two at one instant the first stays."""
    version = work.calendar.calendars.version
    limit_rows.replace(
        work.tx.connection,
        [before for before, _ in counted],
        [row_of(work.instance_key, due, before.unit_key, version) for before, due in counted],
    )


def _take_over(work: Work, before: CountedLimit, due: Due, *, is_of_case: bool) -> None:
    """Give the case its new limit, mark the tasks, and say so in journal and ledger."""
    # Tasks that move are marked with their new date, as this step counted it.
    work.calendar.counted[due.at] = Counted(due, before.unit_key)
    if due.at == before.due_at:
        limit_rows.mark_tasks(
            work.tx.connection,
            work.instance_key,
            due_at=due.at,
            is_provisional=due.is_provisional,
        )
    data: JsonObject = {
        "limit": before.limit_text,
        "from": before.due_at.isoformat(),
        "to": due.at.isoformat(),
        "is_provisional": due.is_provisional,
    }
    work.note("limit_recounted", data)
    if is_of_case:
        work.set_column("due_at", due.at)
        work.set_column("is_due_provisional", due.is_provisional)
        if due.at != before.due_at:
            work.ledger.append(_ledger(work, before.due_at, due.at))


def _waited_for(work: Work) -> Iterator[datetime | None]:
    yield from (task.due_at for task in work.run.open_tasks)
    yield from (timer.due_at for timer in work.run.timers)
    if work.case["handled_at"] is None:
        yield work.case["due_at"]


def _count(each: CountedLimit, current: Calendars, directory: Directory) -> Due | None:
    """Count a limit on the calendars as they are now; None where they have no time for it."""
    try:
        chain = directory.ancestors(each.unit_key) if each.unit_key is not None else ()
        return current.of(chain).due(each.counted_from, each.limit_text)
    except CaseError:
        log.warning("a limit cannot be counted on the calendar as it is now", exc_info=True)
        return None


def _is_same(before: CountedLimit, due: Due | None) -> bool:
    return due is None or (before.due_at, before.is_provisional) == (due.at, due.is_provisional)


def _ledger(work: Work, before: datetime, after: datetime) -> dict[str, Any]:
    return {
        "key": work.tx.next_key(),
        "case_key": work.case_key,
        "limit_name": "handle",
        "action": "recounted",
        "due_at": after,
        "previous_due_at": before,
        "reason": None,
        "person_key": None,
        "position_key": None,
        "at": work.now,
    }
