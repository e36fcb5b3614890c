"""Counts the open limits again when a work calendar has changed or a year has been published.

The worker calls `recount` at every tick; it does nothing while the calendars are as they were. A
limit counted again moves everything that waited for its old instant: timers, due dates of open
tasks, the case's own; one journal line tells of it.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from app.cases import journal, ledger, limit_lines, messages, troubles
from app.cases.calendar import Counted
from app.cases.counted import row_of
from app.cases.limit_operations import tell_clock
from app.cases.work import Work, open_instance
from app.errors import CaseBusy, CaseError
from app.json_types import Json, JsonObject
from app.logs import bound
from app.organisation import calendar as calendars
from app.organisation import directory as directories
from app.organisation.calendar import Calendars
from app.organisation.directory import Directory
from app.organisation.working_time import Due
from app.store import instances, timers, whistles
from app.store import limits as limit_rows
from app.store.db import instant_of, reading, transaction
from app.store.limits import OF_CASE, OF_WHISTLE, CountedLimit

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
                connection,
                versions.calendar,
                domain=domain,
                now=instant_of(connection),
                after=after,
                limit=limit,
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
        except Exception as error:
            log.exception("the limits of an instance could not be counted again")
            _note_failure(instance_key, error)
            return False


def _note_failure(instance_key: int, error: Exception) -> None:
    with transaction() as tx:
        locked = instances.lock(tx.connection, instance_key, skips_locked=True)
        if locked is not None and limit_rows.put_off(tx.connection, instance_key, now=tx.now):
            timers.raise_incident(
                tx.connection,
                instance_key,
                kind="RECOUNT_FAILED",
                error=troubles.sentence_of(tx.connection, locked.case, error),
                now=tx.now,
                key=tx.next_key(),
            )


@dataclass(frozen=True, slots=True)
class _Recounted:
    """A limit somebody still waits for, as it was and as it is now."""

    before: CountedLimit
    due: Due


def recount_instance(instance_key: int) -> bool:
    """Count the limits of one instance again; False if another process has it, or it has ended."""
    with transaction() as tx:
        work = open_instance(tx, instance_key, skips_locked=True)
        if work is None:
            return False
        counted = list(_counted(work, _waited_for(work)))
        _keep(work, counted)
        moved = [each for each in counted if not _is_same(each.before, each.due)]
        for each in moved:
            _take_over(work, each)
        _tell(work, moved)
        work.run.reschedule(
            {(each.before.element_key, each.before.due_at): each.due.at for each in moved}
        )
        messages.finish(work)
        return True


def _counted(work: Work, waited: Iterable[CountedLimit]) -> Iterator[_Recounted]:
    """Count limits again; one that is counted on from another's end begins where that is now.

    A beginning that is still to come can be nothing else.
    """
    ends: dict[datetime, datetime] = {}
    for each in sorted(waited, key=lambda each: (each.counted_from, each.element_key)):
        before = each
        if each.counted_from > work.now:
            before = replace(each, counted_from=ends.get(each.counted_from, each.counted_from))
        due = _count(before, work.calendar.calendars, work.directory)
        if due is not None:
            ends.setdefault(each.due_at, due.at)
            yield _Recounted(before, due)


def _keep(work: Work, counted: list[_Recounted]) -> None:
    """Keep the limits as they are counted now; what nobody waits for any more goes."""
    version = work.calendar.calendars.version
    rows = [
        row_of(
            work.instance_key,
            each.due,
            each.before.unit_key,
            version,
            name=each.before.limit_name,
        )
        | {"element_key": each.before.element_key}
        for each in counted
    ]
    limit_rows.replace(work.tx.connection, work.instance_key, rows)


def _take_over(work: Work, found: _Recounted) -> None:
    """Give case or task its new limit, and say so in the ledger."""
    before, due = found.before, found.due
    # Tasks that move are marked with their new date, as this step counted it.
    work.calendar.counted[due.at] = Counted(due, before.unit_key)
    if due.at == before.due_at:
        limit_rows.mark_task(
            work.tx.connection, before.element_key, is_provisional=due.is_provisional
        )
    if before.element_key == OF_CASE and before.limit_name == ledger.HANDLE:
        work.set_column("due_at", due.at)
        work.set_column("is_due_provisional", due.is_provisional)
    if before.element_key == OF_WHISTLE:
        _move_whistle(work, before.due_at, due.at)
    _write(work, found)


def _move_whistle(work: Work, before: datetime, after: datetime) -> None:
    """Let departments be there at another time: the whistle, and what its steps were given."""
    row = whistles.of_instance(work.tx.connection, work.instance_key)
    if row is not None:
        work.whistles[work.instance_key] = row | {"check_in_by": after}
    shown = after.astimezone(work.calendar.district.zone).isoformat()
    work.run.rewrite(lambda value: shown if _is_instant(value, before) else value)


def _is_instant(value: Json, instant: datetime) -> bool:
    try:
        return isinstance(value, str) and datetime.fromisoformat(value) == instant
    except ValueError:
        return False


def _tell(work: Work, moved: list[_Recounted]) -> None:
    """Add a line to the journal for each limit that moved, whoever waits for it."""
    told: list[JsonObject] = []
    for each in moved:
        data: JsonObject = {
            "limit": each.before.limit_text,
            "from": each.before.due_at.isoformat(),
            "to": each.due.at.isoformat(),
            "is_provisional": each.due.is_provisional,
        }
        if data not in told:
            told.append(data)
            work.note("limit_recounted", data)


def _write(work: Work, found: _Recounted) -> None:
    """Add the line of the ledger, where the limit is one of a task or of the case."""
    before = found.before
    is_of_case = before.element_key == OF_CASE
    for limit in limit_lines.of_case(work) if is_of_case else limit_lines.of_tasks(work):
        is_meant = (
            limit.name == before.limit_name if is_of_case else limit.task_key == before.element_key
        )
        if is_meant and limit.is_running:
            moved = ledger.recounted(limit, found.due, now=work.now)
            limit_lines.write(work, moved)
            if limit.name == ledger.HANDLE and is_of_case and moved.due_at != limit.due_at:
                tell_clock(work, moved)


def _waited_for(work: Work) -> Iterator[CountedLimit]:
    """Yield how each instant somebody waits for was counted.

    A task or timer that waits for an instant that was counted for somebody else follows that one:
    a task that shows the limit of the case, a timer whose instant was kept in a variable.
    """
    found = limit_rows.of_instance(work.tx.connection, work.instance_key)
    own = {(each.element_key, each.limit_name, each.due_at): each for each in found}
    kept = [own[each] for each in _kept(work) if each in own]
    yield from kept
    alive = [each for each in found if each.element_key not in (OF_CASE, OF_WHISTLE)] + kept
    first = {each.due_at: each for each in sorted(alive, key=_order, reverse=True)}
    for element_key, due_at in _waiting(work):
        counted = own.get((element_key, "", due_at)) or first.get(due_at)
        if counted is not None:
            yield replace(counted, element_key=element_key, limit_name="")


def _order(each: CountedLimit) -> tuple[datetime, int]:
    return each.due_at, each.element_key


def _kept(work: Work) -> Iterator[tuple[int, str, datetime]]:
    """Yield what case and whistle wait for: their limits that run and have a counted end."""
    for limit in limit_lines.of_case(work):
        if limit.counted is not None:
            yield OF_CASE, limit.name, limit.due_at
    row = whistles.of_instance(work.tx.connection, work.instance_key)
    due_at = row["check_in_by"] if row is not None and row["ended_at"] is None else None
    if due_at is not None and due_at > work.now:
        yield OF_WHISTLE, "", due_at


def _waiting(work: Work) -> Iterator[tuple[int, datetime]]:
    yield from ((task.key, task.due_at) for task in work.run.open_tasks if task.due_at)
    yield from ((timer.key, timer.due_at) for timer in work.run.timers)


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
