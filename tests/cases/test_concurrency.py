"""Many hands on one case at the same moment: one gets it, the others are told, once is once."""

import multiprocessing
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select, update

from app.cases import deadlines
from app.cases.handling import claim_task, complete_task
from app.cases.idempotency import RepeatedWithOtherContent
from app.cases.intake import Receipt, Report, receive_report
from app.cases.journal import first_broken
from app.clock import moved_to
from app.engine.errors import NobodyWaits
from app.errors import CaseBusy, CaseError
from app.store.db import reading, transaction
from app.store.tables.cases import cases, journal, submission
from app.store.tables.delivery import notice
from app.store.tables.runtime import incident, process_instance, timer
from app.store.timers import MOST_ATTEMPTS
from tests.support import walk
from tests.support.district import TUESDAY_NINE, District, joined

HANDS = 8
NEXT_DAY = TUESDAY_NINE + timedelta(days=1)
TIMERS = 100
FIRED_BEFORE_THE_KILL = 10


def at_once(
    district: District, calls: Sequence[Callable[[], object]], *, now: datetime | None = None
) -> list[object]:
    """Run the calls by eight hands that begin together; return results and refusals alike."""
    hands = min(HANDS, len(calls))
    barrier = Barrier(hands)

    def work(own: Sequence[Callable[[], object]]) -> list[object]:
        with district.app.app_context():
            barrier.wait(timeout=30)
            if now is None:
                return [_outcome(call) for call in own]
            with moved_to(now):
                return [_outcome(call) for call in own]

    with ThreadPoolExecutor(hands) as pool:
        shares = [calls[number::hands] for number in range(hands)]
        return [each for share in pool.map(work, shares) for each in share]


def _outcome(call: Callable[[], object]) -> object:
    try:
        return call()
    except CaseError as refused:
        return refused


def journal_of(case_key: int) -> list[dict[str, Any]]:
    query = select(journal).where(journal.c.case_key == case_key).order_by(journal.c.number)
    with reading() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def count(table: Any, *where: Any) -> int:
    with reading() as connection:
        query = select(func.count()).select_from(table).where(*where)
        return int(connection.execute(query).scalar_one())


def instance_of(case_key: int) -> int:
    with reading() as connection:
        query = select(process_instance.c.key).where(
            process_instance.c.case_key == case_key, process_instance.c.parent_key.is_(None)
        )
        return connection.execute(query).scalar_one()


def to_sign_for(district: District) -> int:
    """Return the key of a case that waits to be signed for, under its time limit."""
    case_key = walk.report().case_key
    walk.do(district["officer"], case_key, "triage", walk.TRIAGED)
    return case_key


def to_rating(district: District) -> Receipt:
    """Return the receipt of a closed case that waits for its rating: nobody was called back."""
    receipt = walk.report(channel="patrol")
    walk.to_callback(district, receipt.case_key)
    walk.do(district["dispatcher"], receipt.case_key, "close", walk.CLOSED)
    return receipt


def test_three_hundred_completions_of_one_task_give_one_success(district: District) -> None:
    case_key = to_sign_for(district)
    task = walk.open_tasks(case_key)["sign_for"]
    actor = district["clerk"]

    def complete() -> object:
        return complete_task(actor, task["key"], walk.SIGNED, seen_version=task["version"])

    outcomes = at_once(district, [complete] * 300)
    assert Counter(type(each).__name__ for each in outcomes) == {"Completed": 1, "CaseBusy": 299}
    assert set(walk.open_tasks(case_key)) == {"handle"}
    assert count(submission, submission.c.task_key == task["key"]) == 1
    offered = walk.open_tasks(case_key)["handle"]["key"]
    assert count(notice, notice.c.task_key == offered) == 1
    lines = journal_of(case_key)
    assert first_broken(lines) is None
    assert [each["kind"] for each in lines].count("task_completed") == 2


def test_claim_and_completion_at_once_leave_one_of_them(district: District) -> None:
    case_key = to_sign_for(district)
    task = walk.open_tasks(case_key)["sign_for"]
    actor = district["clerk"]

    def claim() -> object:
        return claim_task(actor, task["key"], seen_version=task["version"])

    def complete() -> object:
        return complete_task(actor, task["key"], walk.SIGNED, seen_version=task["version"])

    outcomes = at_once(district, [claim, complete] * 4)
    refused = [each for each in outcomes if isinstance(each, CaseError)]
    assert [type(each) for each in refused] == [CaseBusy] * 7
    assert first_broken(journal_of(case_key)) is None


def test_the_same_report_sent_at_once_opens_one_case(district: District) -> None:
    report = Report(channel="web", description="Sent twice", latitude=40.005, longitude=116.005)

    def send() -> object:
        return receive_report(report, client_key="a browser's key")

    outcomes = at_once(district, [send] * 24)
    assert all(isinstance(each, Receipt) for each in outcomes)
    assert len(set(outcomes)) == 1
    assert count(cases) == 1


def test_another_report_under_the_same_key_is_refused(district: District) -> None:
    first = Report(channel="web", description="This", latitude=40.005, longitude=116.005)
    other = Report(channel="web", description="That", latitude=40.005, longitude=116.005)
    receive_report(first, client_key="a browser's key")

    def send() -> object:
        return receive_report(other, client_key="a browser's key")

    outcomes = at_once(district, [send] * 8)
    assert [type(each) for each in outcomes] == [RepeatedWithOtherContent] * 8
    assert count(cases) == 1


def test_reports_at_once_get_numbers_of_their_own(district: District) -> None:
    outcomes = at_once(district, [walk.report] * 24)
    assert len({each.number for each in outcomes if isinstance(each, Receipt)}) == 24


def test_a_timer_fired_by_four_at_once_fires_once(district: District) -> None:
    with moved_to(TUESDAY_NINE):
        case_key = to_sign_for(district)
    instance_key = instance_of(case_key)

    def fire() -> object:
        return deadlines.fire_instance(instance_key)

    outcomes = at_once(district, [fire] * 4, now=NEXT_DAY)
    assert Counter(outcomes) == {True: 1, False: 3}
    demand_signed_by_the_clock(case_key)


def demand_signed_by_the_clock(case_key: int) -> None:
    tasks = walk.open_tasks(case_key)
    assert set(tasks) == {"handle"}
    lines = journal_of(case_key)
    assert [each["kind"] for each in lines].count("timer_fired") == 1
    assert first_broken(lines) is None
    assert count(notice, notice.c.task_key == tasks["handle"]["key"]) == 1


def sweep_until_nothing_is_due(
    database_url: str, folder: Path, now: datetime, begin: Any, ready: Any
) -> None:
    """Fire what is due, a few at a time, as a worker process does."""
    with joined(database_url, folder), moved_to(now):
        ready.release()
        begin.wait(60)
        ends_at = time.monotonic() + 60
        while time.monotonic() < ends_at:
            if deadlines.fire_due(limit=10) == deadlines.Fired() and not timers_left():
                return


def timers_left() -> int:
    return count(timer, timer.c.element_id == "sign_late")


@pytest.mark.timeout(120)
def test_a_worker_killed_in_its_sweep_loses_and_doubles_no_timer(district: District) -> None:
    with moved_to(TUESDAY_NINE):
        keys = [to_sign_for(district) for _ in range(TIMERS)]
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.support.stepper"])
    begin, ready = context.Event(), context.Semaphore(0)
    folder = Path(district.app.instance_path)
    arguments = (district.database_url, folder, NEXT_DAY, begin, ready)
    workers = [
        context.Process(target=sweep_until_nothing_is_due, args=arguments, daemon=True)
        for _ in range(2)
    ]
    for worker in workers:
        worker.start()
    for _ in workers:
        assert ready.acquire(timeout=60)
    begin.set()
    while timers_left() > TIMERS - FIRED_BEFORE_THE_KILL:
        time.sleep(0.001)
    workers[0].kill()
    workers[0].join()
    assert timers_left() > 0, "the kill came too late to tell anything"
    workers[1].join(timeout=60)
    assert workers[1].exitcode == 0
    assert timers_left() == 0
    for case_key in keys:
        demand_signed_by_the_clock(case_key)


def test_a_rating_after_its_time_finds_nobody_waiting(district: District) -> None:
    with moved_to(TUESDAY_NINE):
        receipt = to_rating(district)
    with moved_to(TUESDAY_NINE + timedelta(days=40)):
        assert deadlines.fire_due().stepped == 1
        with pytest.raises(NobodyWaits):
            walk.rate(receipt.case_key)
    assert walk.case_row(receipt.case_key)["grade"] is None


def deadlines_fired_later(instance_key: int) -> bool:
    with moved_to(TUESDAY_NINE + timedelta(days=40)):
        return deadlines.fire_instance(instance_key)


def test_a_rating_and_the_end_of_its_time_at_once_leave_one_of_them(district: District) -> None:
    with moved_to(TUESDAY_NINE):
        receipts = [to_rating(district) for _ in range(6)]
    for receipt in receipts:
        instance_key = instance_of(receipt.case_key)

        def rate(case_key: int = receipt.case_key) -> object:
            return walk.rate(case_key)  # type: ignore[func-returns-value]

        def fire(key: int = instance_key) -> object:
            return deadlines.fire_instance(key)

        rated, fired = at_once(district, [rate, fire], now=TUESDAY_NINE + timedelta(days=40))
        grade = walk.case_row(receipt.case_key)["grade"]
        if isinstance(rated, NobodyWaits):
            # Refused because its time was over; where it still held the lock, the next sweep fires.
            assert fired or deadlines_fired_later(instance_key)
            assert grade is None
        else:
            assert (rated, fired, grade) == (None, False, 1)
        assert first_broken(journal_of(receipt.case_key)) is None


def test_a_timer_that_fails_five_times_is_an_incident_and_stops_no_other(
    district: District,
) -> None:
    with moved_to(TUESDAY_NINE):
        keys = [to_sign_for(district) for _ in range(3)]
    broken, *sound = keys
    broken_instance = instance_of(broken)
    with transaction() as tx:
        own = update(process_instance).where(process_instance.c.key == broken_instance)
        tx.connection.execute(own.values(engine_state=b"unreadable"))
    now = NEXT_DAY
    with moved_to(now):
        assert deadlines.fire_due() == deadlines.Fired(stepped=2, failed=1)
        assert deadlines.fire_due() == deadlines.Fired()
    for case_key in sound:
        demand_signed_by_the_clock(case_key)
    for _ in range(MOST_ATTEMPTS - 1):
        assert count(incident) == 0
        now += timedelta(hours=1)
        with moved_to(now):
            assert deadlines.fire_due() == deadlines.Fired(failed=1)
    assert count(incident, incident.c.instance_key == broken_instance) == 1
    assert count(process_instance, process_instance.c.has_incident.is_(True)) == 1
    with moved_to(now + timedelta(days=1)):
        assert deadlines.fire_due() == deadlines.Fired()
    assert timers_left() == 1, "a timer that failed is kept"
