"""Looks after open tasks whose people are gone, so that none waits for somebody who is not there.

A position ends, an account is closed, a unit loses its last holder of a role: what was offered to
them is offered anew by the directory as it is now, and what they had taken goes back to those it is
offered to, with its draft. The worker calls `Vacancies.refill` at every tick; it does nothing while
directory and day are as they were.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from app.cases import journal, notices, task_rows
from app.cases.frame import read_frame
from app.cases.work import NOBODY, Entry, place_of
from app.json_types import Json, JsonObject
from app.logs import bound
from app.organisation import directory as directories
from app.organisation.directory import Directory, Offer
from app.organisation.roles import HELD_IN, Role
from app.store import instances, projection, vacancies
from app.store.db import Transaction, reading, transaction
from app.store.projection import Projection

log = logging.getLogger(__name__)
LOOKED_BACK = timedelta(days=14)


class Vacancies:
    """What one process has seen to already: the directory's version and the day."""

    def __init__(self) -> None:
        self._seen: tuple[int, date] | None = None

    def refill(self) -> int:
        """Offer anew what waits for nobody; return how many tasks have changed hands."""
        with reading() as connection:
            frame = read_frame(connection)
            today = frame.now.astimezone(frame.zone).date()
            if (frame.directory.version, today) == self._seen:
                return 0
            keys = _waiting_for_nobody(connection, frame.directory, today)
        done = [_offer_safely(key, today) for key in keys]
        if None not in done:
            self._seen = frame.directory.version, today
        return sum(map(bool, done))


def _waiting_for_nobody(connection: Any, directory: Directory, today: date) -> Sequence[int]:
    vacant: dict[str, list[int]] = {}
    for unit in directory.units.values():
        for role, kinds in HELD_IN.items():
            if unit.kind in kinds and not directory.people(role, unit.key, today):
                vacant.setdefault(role.value, []).append(unit.key)
    left = vacancies.left_between(connection, today - LOOKED_BACK, today - timedelta(days=1))
    found = {*vacancies.offered_to(connection, vacant), *vacancies.taken_by(connection, left)}
    return sorted(found)


def _offer_safely(task_key: int, today: date) -> bool | None:
    """Tell whether something changed; None where it failed and has to be tried again."""
    with bound(task=task_key):
        try:
            with transaction() as tx:
                return _offer_anew(tx, task_key, today)
        except Exception:
            log.exception("a task that waits for nobody could not be offered anew")
            return None


def _offer_anew(tx: Transaction, task_key: int, today: date) -> bool:
    locked = instances.lock_for_task(tx.connection, task_key)
    if locked is None or locked.task is None or locked.task["state"] != "CREATED":
        return False
    task, case = locked.task, dict(locked.case)
    directory = directories.current(tx.connection, locked.directory_version)
    offers = _offers_now(directory, task, case, today)
    is_taken = task["assignee_key"] is not None
    is_left = is_taken and not _may_have(directory, task["assignee_key"], offers, today)
    as_before = _written(offers) == task["offered_to"]
    if not is_left and (is_taken or as_before):
        return False
    vacancies.offer(tx.connection, task_key, _written(offers), is_released=is_left)
    _write(tx, task, case, directory, offers)
    moves: list[tuple[str, JsonObject]] = [("task_released", {})] if is_left else []
    moves.append(("task_offered", task_rows.offered(directory, offers, task["due_at"])))
    entries = [Entry(kind, data, task["element_id"], task_key) for kind, data in moves]
    journal.append(tx, case, entries, NOBODY)
    return True


def _offers_now(
    directory: Directory, task: Mapping[str, Any], case: Mapping[str, Any], today: date
) -> list[Offer]:
    """Return to whom the task is offered: as before while anybody of them is there."""
    before = [
        Offer(Role(role), unit_key, directory.unit(unit_key).path)
        for role, unit_key in task["offered_to"]
    ]
    if any(directory.people(each.role, each.unit_key, today) for each in before):
        return before
    return task_rows.offers_of(
        directory,
        task["candidate_groups"],
        place_of(case),
        on=today,
        not_actor=task["not_actor"],
    )


def _write(
    tx: Transaction,
    task: Mapping[str, Any],
    case: Mapping[str, Any],
    directory: Directory,
    offers: Sequence[Offer],
) -> None:
    rows = Projection(
        task_units=task_rows.unit_rows(
            directory, case, offers, task_key=task["key"], due_at=task["due_at"]
        )
    )
    if case["clock_domain"] == journal.LIVE:
        told = task_rows.bells(offers, case, element_id=task["element_id"], task_key=task["key"])
        rows.notices, rows.outbox = notices.rows_of(tx, told, case_key=case["key"])
    projection.write(tx.connection, rows)


def _written(offers: Sequence[Offer]) -> list[Json]:
    return [[offer.role.value, offer.unit_key] for offer in offers]


def _may_have(directory: Directory, person_key: int, offers: Sequence[Offer], today: date) -> bool:
    """Tell whether somebody may have the task: they hold what it is offered to, or nothing is."""
    held = {(each.role, each.unit_key) for each in directory.positions_of(person_key, today)}
    return not offers or any((each.role, each.unit_key) in held for each in offers)
