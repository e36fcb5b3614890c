"""A process that walks cases, to be killed at any moment; and the check that finds what it broke.

`step_until_done` acknowledges each completed step with a line in a file that it syncs to the disk,
as a server acknowledges by answering. `naive=True` takes the path without lock, version and common
transaction: the negative control, which the same check has to catch.
"""

import os
import random
import time
from collections import Counter
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from app.cases import journal as journal_room
from app.cases import messages
from app.cases.handling import complete_task
from app.cases.journal import first_broken
from app.cases.operations import settle
from app.cases.work import Hand, open_task
from app.errors import CaseBusy
from app.json_types import JsonObject
from app.store import projection
from app.store.db import reading, transaction
from app.store.projection import Projection
from app.store.tables.cases import cases, journal, submission
from app.store.tables.delivery import notice
from app.store.tables.runtime import process_instance, task_unit, user_task
from tests.support import walk
from tests.support.district import District, joined

ANSWERS: dict[str, JsonObject] = {
    "triage": walk.TRIAGED,
    "sign_for": walk.SIGNED,
    "handle": walk.HANDLED,
    "review_result": walk.PASSED,
    "site_check": walk.CHECKED,
    "close": walk.CLOSED,
}
HANDS = {
    "triage": "officer",
    "sign_for": "clerk",
    "handle": "handler",
    "review_result": "leader",
    "site_check": "worker",
    "close": "dispatcher",
}
MOST_SECONDS = 240
MOST_FAILURES = 50


def step_until_done(
    database_url: str, folder: Path, log: Path, seed: int, *, naive: bool = False
) -> None:
    """Complete random open tasks until none is left and no message waits (or for four minutes)."""
    chooser = random.Random(seed)
    ends_at = time.monotonic() + MOST_SECONDS
    failures = 0
    with joined(database_url, folder) as district, log.open("a") as acknowledged:
        while time.monotonic() < ends_at:
            task = _random_task(chooser)
            if task is None:
                if messages.deliver_buffered() == 0:  # what a killed one did not come to deliver
                    return
                continue
            try:
                if naive:
                    _complete_naively(district, task)
                else:
                    _complete(district, task)
            except CaseBusy:
                continue
            except Exception:
                failures += 1
                if not naive or failures > MOST_FAILURES:
                    raise
                continue
            acknowledged.write(f"{task['key']}\n")
            acknowledged.flush()
            os.fsync(acknowledged.fileno())


def broken(log: Path, expected_cases: int) -> list[str]:
    """Return what was lost or doubled, as sentences; nothing for a sound database."""
    acknowledged = [int(line) for line in log.read_text().split("\n") if line.isdigit()]
    found: list[str] = []
    with reading() as connection:
        submitted: Counter[int] = Counter(
            connection.execute(
                select(submission.c.task_key).where(submission.c.task_key.is_not(None))
            ).scalars()
        )
        states: dict[int, str] = {
            row.key: row.state
            for row in connection.execute(select(user_task.c.key, user_task.c.state))
        }
        offered = Counter(connection.execute(select(notice.c.task_key)).scalars())
        closed = connection.execute(
            select(func.count()).select_from(cases).where(cases.c.closed_at.is_not(None))
        ).scalar_one()
        left = connection.execute(select(func.count()).select_from(task_unit)).scalar_one()
        found += _broken_journals(connection)
    found += [
        f"task {key} was acknowledged and is lost"
        for key in acknowledged
        if states.get(key) != "COMPLETED" or submitted[key] == 0
    ]
    found += [
        f"task {key} was acknowledged {count} times"
        for key, count in Counter(acknowledged).items()
        if count > 1
    ]
    found += [
        f"task {key} was submitted {count} times" for key, count in submitted.items() if count > 1
    ]
    found += [
        f"task {key} was announced {count} times" for key, count in offered.items() if count > 1
    ]
    if closed != expected_cases:
        found.append(f"{closed} cases are closed, not {expected_cases}")
    if left:
        found.append(f"{left} rows list tasks that are done")
    return found


def _random_task(chooser: random.Random) -> dict[str, Any] | None:
    with reading() as connection:
        rows = connection.execute(
            select(user_task.c.key, user_task.c.element_id, user_task.c.version).where(
                user_task.c.state == "CREATED"
            )
        ).all()
    if not rows:
        return None
    # A few at a time, so that processes get into each other's way.
    return dict(chooser.choice(rows[:6])._mapping)


def _complete(district: District, task: dict[str, Any]) -> None:
    actor = district[HANDS[task["element_id"]]]
    complete_task(actor, task["key"], ANSWERS[task["element_id"]], seen_version=task["version"])


def _complete_naively(district: District, task: dict[str, Any]) -> None:
    """Load, run, save: each in a transaction of its own, without lock, version or journal."""
    actor = district[HANDS[task["element_id"]]]
    answers = ANSWERS[task["element_id"]]
    with transaction() as tx:
        work = open_task(tx, task["key"])
        tx.next_key()  # takes a block of keys that outlives the transaction
    work.hand = Hand.of(actor)
    row = {
        "key": work.tx.next_key(),
        "case_key": work.case_key,
        "instance_key": work.instance_key,
        "task_key": task["key"],
        "element_id": task["element_id"],
        "answers": answers,
        "at": work.now,
    }
    with transaction() as tx:
        projection.write(tx.connection, Projection(submissions=[row]))
    work.answer(task["element_id"], answers)
    work.refresh()
    work.run.complete(task["key"], answers, actor=str(actor.person_key))
    settle(work)
    work.entries.clear()
    with transaction() as tx:
        work.tx = tx
        work.version = tx.connection.execute(
            select(process_instance.c.version).where(process_instance.c.key == work.instance_key)
        ).scalar_one()
        journal_room.record(work)


def _broken_journals(connection: Any) -> list[str]:
    found = []
    lines: dict[int, list[dict[str, Any]]] = {}
    query = select(journal).order_by(journal.c.case_key, journal.c.number)
    for row in connection.execute(query).mappings():
        lines.setdefault(row["case_key"], []).append(dict(row))
    for case_key, chain in lines.items():
        number = first_broken(chain)
        if number is not None:
            found.append(f"the journal of case {case_key} breaks at line {number}")
    return found
