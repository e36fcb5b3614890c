"""Writes down what a step did: the journal with its hash chain, and every row derived from it.

`record` is the only writer of tasks, task units, timers, subscriptions, jobs, elements and journal
lines. Each line's hash covers the line before it, so that nobody can alter or drop one unseen.
"""

import hashlib
import logging
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import orjson

from app.cases import confidence, counted, following, limit_lines, notices, task_rows
from app.cases.work import Entry, Hand, Work
from app.engine.progress import ElementState, Progress, ThrownMessage
from app.errors import CaseBusy
from app.json_types import JsonObject
from app.store import instances, limits, projection, waiting
from app.store.db import Transaction
from app.store.projection import Projection

log = logging.getLogger(__name__)
LIVE = notices.LIVE
MOST_WARNINGS = 20
_QUOTED = re.compile(r"(['\"]).*?\1")
MESSAGES_LIVE = timedelta(days=30)
AT_ONCE = timedelta()
PLACING_COLUMNS = {"grid_key", "community_key", "street_key", "lead_unit_key", "co_units"}


def record(work: Work, *, new_rows: Projection | None = None) -> Progress:
    """Write everything the step did and return what the engine reported.

    `new_rows` says that case and instance are new: they are inserted, together with the rows given.

    Raises:
        CaseBusy: somebody saved the instance in between.
    """
    if work.case["is_confidential"]:
        confidence.cover_variables(work)
    progress = work.run.progress()
    rows = new_rows or Projection()
    task_rows.add(work, progress, rows)
    _add_waiting(work, progress, rows)
    _add_jobs(work, progress, rows)
    _add_elements(work, progress, rows)
    _add_decisions(work, progress, rows)
    _add_messages(work, progress, rows)
    _add_case_units(work, rows, is_new=new_rows is not None)
    rows.submissions += work.submissions
    rows.fact_changes += work.fact_changes
    limit_lines.add(work, progress)
    rows.ledger += work.ledger
    rows.evaluations += work.evaluations
    rows.whistles += work.whistles.values()
    rows.whistle_reports += work.whistle_reports.values()
    rows.remarks += work.remarks
    rows.limits += counted.rows_of(work, progress)
    if work.case["is_confidential"]:
        confidence.cover(work, rows)
    _add_journal(work, rows)
    _add_notices(work, rows)
    work.thrown += [row["key"] for row in rows.messages]
    _save(work, progress, is_new_case=new_rows is not None)
    projection.write(work.tx.connection, rows)
    if progress.is_completed and work.version:
        limits.forget(work.tx.connection, work.instance_key)
    _show_case_units(work)
    _log_warnings(work, progress)
    return progress


def chained(previous: str | None, line: dict[str, Any]) -> str:
    """Return the hash of a journal line behind the line with hash `previous` (SHA-256, hex)."""
    left_out = {"hash", "previous_hash"}
    content = {str(name): value for name, value in line.items() if name not in left_out}
    plain = orjson.dumps([previous, content], option=orjson.OPT_SORT_KEYS, default=str)
    return hashlib.sha256(plain).hexdigest()


def first_broken(lines: Iterable[dict[str, Any]]) -> int | None:
    """Return the number of the first line that does not follow from the one before; None: sound."""
    previous: str | None = None
    for expected, line in enumerate(lines, start=1):
        if line["number"] != expected or line["previous_hash"] != previous:
            return expected
        if chained(previous, line) != line["hash"]:
            return expected
        previous = line["hash"]
    return None


def _save(work: Work, progress: Progress, *, is_new_case: bool) -> None:
    connection = work.tx.connection
    engine_state = None if progress.is_completed else progress.state
    state = "COMPLETED" if progress.is_completed else "ACTIVE"
    ended_at = work.now if progress.is_completed else None
    if is_new_case:
        projection.insert_case(connection, work.case)
    else:
        projection.update_case(connection, work.case_key, work.changes)
    if not work.version:
        instances.insert_instance(
            connection,
            {
                "key": work.instance_key,
                "definition_key": work.definition_key,
                "case_key": work.case_key,
                "business_id": work.case["number"],
                "parent_key": work.parent_key,
                "root_key": work.parent_key or work.instance_key,
                "clock_domain": work.clock_domain,
                "started_at": work.now,
                "engine_state": engine_state,
                "state": state,
                "ended_at": ended_at,
            },
        )
        return
    if not instances.save(
        connection,
        work.instance_key,
        seen_version=work.version,
        engine_state=engine_state,
        state=state,
        ended_at=ended_at,
    ):
        raise CaseBusy(key=work.instance_key)


def _log_warnings(work: Work, progress: Progress) -> None:
    """Tell operators where expressions of the diagram became null; never with what they saw."""
    for warning in progress.warnings[:MOST_WARNINGS]:
        place = _QUOTED.sub("…", warning)
        log.warning("an expression became null, case %s: %s", work.case["number"], place)


def _add_waiting(work: Work, progress: Progress, rows: Projection) -> None:
    next_key = work.tx.next_key
    rows.timers_gone = [(gone.key, gone.due_at) for gone in progress.timers_gone]
    rows.timers = [
        {
            "key": next_key(),
            "instance_key": work.instance_key,
            "element_key": timer.key,
            "element_id": timer.element_id,
            "due_at": timer.due_at,
            "clock_domain": work.clock_domain,
        }
        for timer in progress.timers_set
    ]
    rows.subscriptions_gone = {gone.key for gone in progress.subscriptions_gone}
    rows.subscriptions = [
        {
            "key": next_key(),
            "instance_key": work.instance_key,
            "element_key": waiting.key,
            "element_id": waiting.element_id,
            "message_name": waiting.message_name,
            "correlation_key": waiting.correlation_key,
            "created_at": work.now,
        }
        for waiting in progress.subscriptions_set
    ]


def _add_jobs(work: Work, progress: Progress, rows: Projection) -> None:
    gone = [(job, "COMPLETED") for job in progress.jobs_gone]
    for job, state in [(job, "CREATED") for job in progress.jobs_set] + gone:
        rows.jobs.append(
            {
                "key": job.key,
                "instance_key": work.instance_key,
                "element_id": job.element_id,
                "job_type": job.job_type,
                "state": state,
                "retries": job.retries,
                "inputs": job.inputs,
                "headers": dict(job.headers),
                "created_at": work.now,
                "ended_at": None if state == "CREATED" else work.now,
            }
        )


def _add_elements(work: Work, progress: Progress, rows: Projection) -> None:
    rows.elements = [
        {
            "key": change.key,
            "instance_key": work.instance_key,
            "element_id": change.element_id,
            "element_type": change.element_type,
            "name": change.name,
            "state": change.state.value,
            "started_at": change.at,
            "ended_at": None if change.state is ElementState.ACTIVE else change.at,
        }
        for change in progress.elements
    ]


def _add_decisions(work: Work, progress: Progress, rows: Projection) -> None:
    """Note what tables said and why; a line stays for ever, so it names no reporter."""
    if not progress.decisions:
        return
    unnamed = confidence.unnaming(work.tx.connection, work.case, besides=rows.reporters)
    for taken in progress.decisions:
        data: JsonObject = {
            "decision": taken.decision_id,
            "result": unnamed(taken.result),
            "trace": unnamed(taken.trace),
        }
        work.note("decision_taken", data, element_id=taken.element_id)


def _add_messages(work: Work, progress: Progress, rows: Projection) -> None:
    """Keep what instance and operations sent until it is delivered to whoever waits for it.

    What may not wait is kept for each who waits now, until it is theirs or they have ended.
    """
    rows.messages = [
        {
            "key": work.tx.next_key(),
            "message_name": thrown.name,
            "correlation_key": thrown.correlation_key,
            "variables": thrown.variables,
            "published_at": work.now,
            "expires_at": work.now + _time_to_live(thrown),
            "clock_domain": work.clock_domain,
            "case_key": work.case_key,
            "instance_key": work.instance_key,
            "receiver_key": receiver_key,
        }
        for thrown in (*progress.messages, *work.messages)
        for receiver_key in _receivers(work, thrown)
    ]


def _receivers(work: Work, thrown: ThrownMessage) -> list[int | None]:
    if thrown.time_to_live != AT_ONCE:
        return [None]
    return waiting.hearing(work.tx.connection, thrown.name, thrown.correlation_key)


def _time_to_live(thrown: ThrownMessage) -> timedelta:
    return thrown.time_to_live or MESSAGES_LIVE


def _add_case_units(work: Work, rows: Projection, *, is_new: bool) -> None:
    if not is_new and not PLACING_COLUMNS & work.changes.keys():
        return
    case = work.case
    card, due_at = _card(case)
    units = [case["grid_key"], case["community_key"], case["street_key"], case["lead_unit_key"]]
    units += case["co_units"] or []
    found = {work.directory.district.key}
    for key in units:
        if key is not None:
            found.update(work.directory.ancestors(key))
    rows.case_units = [
        {
            "unit_key": unit_key,
            "case_key": work.case_key,
            "reported_at": case["reported_at"],
            "is_open": case["closed_at"] is None,
            "card": card,
            "due_at": due_at,
        }
        for unit_key in sorted(found)
    ]


def _show_case_units(work: Work) -> None:
    """Let the units of a case show that it was closed, or what card it has now."""
    if "closed_at" in work.changes:
        projection.close_case_units(work.tx.connection, work.case_key)
    elif "card" in work.changes or (work.case["card"] and "due_at" in work.changes):
        card, due_at = _card(work.case)
        projection.card_case_units(work.tx.connection, work.case_key, card=card, due_at=due_at)


def _card(case: Mapping[str, Any]) -> tuple[str | None, datetime | None]:
    """Return the card of an open case, and its handling limit where it has one."""
    if case["card"] is None or case["closed_at"] is not None:
        return None, None
    return case["card"], case["due_at"] or case["reported_at"]


def append(tx: Transaction, case: dict[str, Any], entries: Sequence[Entry], hand: Hand) -> None:
    """Add lines to the journal of a case whose row is locked, outside a step of its process."""
    rows, changes = _lines(case, entries, hand, tx.now)
    projection.write(tx.connection, Projection(journal=rows))
    projection.update_case(tx.connection, case["key"], changes)


def _add_journal(work: Work, rows: Projection) -> None:
    lines, changes = _lines(work.case, work.entries, work.hand, work.now)
    rows.journal += lines
    for column, value in changes.items():
        work.set_column(column, value)


def _lines(
    case: dict[str, Any], entries: Sequence[Entry], hand: Hand, at: datetime
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    previous, length = case["journal_head"], case["journal_length"]
    lines = []
    for number, entry in enumerate(entries, start=length + 1):
        line = {
            "case_key": case["key"],
            "number": number,
            "kind": entry.kind,
            "element_id": entry.element_id,
            "task_key": entry.task_key,
            "person_key": hand.person_key,
            "position_key": hand.position_key,
            "on_behalf_of": hand.on_behalf_of,
            "data": entry.data,
            "at": at,
        }
        line["previous_hash"], line["hash"] = previous, chained(previous, line)
        previous = line["hash"]
        lines.append(line)
    return lines, {"journal_head": previous, "journal_length": length + len(lines)}


def _add_notices(work: Work, rows: Projection) -> None:
    if work.clock_domain != LIVE:
        return
    told = [*work.notices, *following.of_step(work)]
    rows.notices, rows.outbox = notices.rows_of(work.tx, told, case_key=work.case_key)
    rows.outbox += [
        notices.mail(work.tx, "reporter_mail", payload) for payload in work.reporter_mails
    ]
