"""A calendar that changes moves the limits that run over it, each once, with a line in the journal.

A case is triaged on Wednesday 30 December 2026; its handling limit of five working days leads into
2027, which nobody has published yet: 31 December, then Friday 1, Monday 4 to Wednesday 6 January.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from app.cases import deadlines, recount
from app.cases.calendar import extend_calendar
from app.cases.calendar_editing import (
    ChangeGone,
    NoHours,
    Work,
    change_days,
    publish_year,
    remove_unit_calendar,
    set_unit_week,
    set_usual_hours,
    undo_change,
)
from app.cases.calendar_year import WrongDays, read_year
from app.cases.designs import deploy
from app.cases.journal_check import verify
from app.cases.work import open_instance
from app.clock import moved_to
from app.errors import Forbidden, NotFound
from app.store.db import reading, transaction
from app.store.tables.cases import deadline_ledger, journal
from app.store.tables.runtime import (
    counted_limit,
    incident,
    process_instance,
    task_unit,
    timer,
    user_task,
)
from tests.engine import drawing as draw
from tests.support import walk
from tests.support.district import District, running

LATE = datetime(2026, 12, 30, 8, 0, tzinfo=UTC)
PROVISIONAL = datetime(2027, 1, 6, 8, 0, tzinfo=UTC)
A_DAY = timedelta(days=1)
NEW_YEAR = date(2027, 1, 1)
MORNING = ((time(9), time(12)),)


@pytest.fixture
def case(district: District) -> Iterator[int]:
    """A case that its department has signed for, the clock standing still."""
    with moved_to(LATE):
        with transaction() as tx:
            extend_calendar(tx)
        key = walk.report().case_key
        walk.do(district["officer"], key, "triage", walk.TRIAGED)
        yield key


def rows(table: Any, *where: Any) -> list[Any]:
    with reading() as connection:
        return list(connection.execute(select(table).where(*where)).all())


def main_instance(case_key: int) -> Any:
    """Return the instance of the main process; a clock may run beside it."""
    (found,) = rows(
        process_instance,
        process_instance.c.case_key == case_key,
        process_instance.c.parent_key.is_(None),
    )
    return found


def lines(case_key: int) -> list[dict[str, Any]]:
    found = rows(journal, journal.c.case_key == case_key, journal.c.kind == "limit_recounted")
    return [line.data for line in sorted(found, key=lambda line: line.number)]


def off(district: District, *, first: date = NEW_YEAR, last: date | None = None) -> None:
    change_days(district["admin"], first=first, last=last, work=Work.OFF, name="New Year")


def test_a_limit_into_an_unpublished_year_is_provisional(district: District, case: int) -> None:
    row = walk.case_row(case)
    assert (row["due_at"], row["is_due_provisional"]) == (PROVISIONAL, True)
    signing = walk.open_tasks(case)["sign_for"]
    assert not signing["is_due_provisional"]
    walk.do(district["clerk"], case, "sign_for", walk.SIGNED)
    handling = walk.open_tasks(case)["handle"]
    assert (handling["due_at"], handling["is_due_provisional"]) == (PROVISIONAL, True)


def test_a_day_off_moves_case_task_and_lists_once(district: District, case: int) -> None:
    walk.do(district["clerk"], case, "sign_for", walk.SIGNED)
    off(district)
    assert recount.count_waiting() > 0
    assert recount.recount() > 0
    assert recount.count_waiting() == 0
    assert recount.recount() == 0
    moved = PROVISIONAL + A_DAY
    task = walk.open_tasks(case)["handle"]
    assert walk.case_row(case)["due_at"] == task["due_at"] == moved
    found = rows(task_unit, task_unit.c.task_key == task["key"])
    assert {row.due_at for row in found} == {moved}
    (line,) = lines(case)
    assert (line["limit"], line["is_provisional"]) == ("5 wd", True)
    assert datetime.fromisoformat(line["to"]) == moved
    ledger = rows(deadline_ledger, deadline_ledger.c.action == "recounted")
    assert [(row.previous_due_at, row.due_at) for row in ledger] == [(PROVISIONAL, moved)]
    assert verify()[1] == {}


def test_a_timer_moves_with_its_limit_and_fires_at_the_new_instant(
    district: District, case: int
) -> None:
    """Who signs has until half past eleven on the 31st; that day is taken off."""
    (before,) = rows(timer, timer.c.element_id == "sign_late")
    assert before.due_at == datetime(2026, 12, 31, 3, 30, tzinfo=UTC)
    off(district, first=date(2026, 12, 31))
    recount.recount()
    (after,) = rows(timer, timer.c.element_id == "sign_late")
    assert after.due_at == before.due_at + A_DAY
    assert walk.open_tasks(case)["sign_for"]["due_at"] == after.due_at
    with moved_to(before.due_at + timedelta(hours=1)):
        assert deadlines.fire_due().stepped == 0
    with moved_to(after.due_at):
        assert deadlines.fire_due().stepped == 1
        assert deadlines.fire_due().stepped == 0
    assert set(walk.open_tasks(case)) == {"handle"}


def test_publication_makes_limits_certain_with_a_line_each(district: District, case: int) -> None:
    publish_year(district["admin"], 2027)
    recount.recount()
    row = walk.case_row(case)
    assert (row["due_at"], row["is_due_provisional"]) == (PROVISIONAL, False)
    assert [line["from"] == line["to"] for line in lines(case)] == [True]
    assert rows(counted_limit, counted_limit.c.is_provisional) == []
    assert not read_year(district["admin"], 2027).is_provisional


def test_what_was_undone_is_as_it_was(district: District, case: int) -> None:
    before = read_year(district["admin"], 2027).months
    off(district, last=date(2027, 1, 3))
    recount.recount()
    undo_change(district["admin"], read_year(district["admin"], 2027).changes[0].key)
    assert read_year(district["admin"], 2027).months == before
    recount.recount()
    assert walk.case_row(case)["due_at"] == PROVISIONAL
    assert len(lines(case)) == 2
    undone, made = read_year(district["admin"], 2027).changes
    assert not undone.can_be_undone
    assert not made.can_be_undone


def test_only_the_latest_change_of_a_day_can_be_undone(district: District, case: int) -> None:
    off(district)
    first = read_year(district["admin"], 2027).changes[0].key
    change_days(
        district["admin"], first=NEW_YEAR, last=None, work=Work.HOURS, hours=MORNING, reason="Rota"
    )
    with pytest.raises(ChangeGone):
        undo_change(district["admin"], first)
    day = read_year(district["admin"], 2027).months[0][0]
    assert (day.hours, day.is_special, day.is_provisional) == (MORNING, True, False)


def test_what_nobody_waits_for_any_more_is_not_told(district: District, case: int) -> None:
    """Triage and signing are over, their limits ran on the 31st, which is taken off afterwards."""
    walk.do(district["clerk"], case, "sign_for", walk.SIGNED)
    off(district, first=date(2026, 12, 31))
    recount.recount()
    assert sorted(line["limit"] for line in lines(case)) == ["1 wd", "5 wd"]


@pytest.fixture
def to_be_answered(district: District) -> Iterator[int]:
    """A case with an address, triaged on the last working day of the year.

    Its reporter has to be spoken to within a working day, which leads into 2027.
    """
    with moved_to(LATE + A_DAY):
        with transaction() as tx:
            extend_calendar(tx)
        key = walk.report(name="Wang", phone="13800000000", has_consented=True).case_key
        walk.do(district["officer"], key, "triage", walk.TRIAGED)
        yield key


def first_reply(case_key: int) -> list[tuple[str, datetime, bool]]:
    found = rows(
        deadline_ledger,
        deadline_ledger.c.case_key == case_key,
        deadline_ledger.c.limit_name == "first_reply",
    )
    found.sort(key=lambda row: row.key)
    return [(row.action, row.due_at, row.is_provisional) for row in found]


def test_the_first_reply_is_counted_again_and_becomes_certain(
    district: District, to_be_answered: int
) -> None:
    """Thursday 31 December at four: a working day is Friday 1 January, taken off: Monday 4."""
    due, moved = LATE + 2 * A_DAY, LATE + 5 * A_DAY
    off(district)
    publish_year(district["admin"], 2027)
    recount.recount()
    assert recount.count_waiting() == 0
    assert first_reply(to_be_answered) == [("set", due, True), ("recounted", moved, False)]
    row = walk.case_row(to_be_answered)
    assert row["due_at"] == datetime(2027, 1, 8, 8, 0, tzinfo=UTC)
    assert sorted(line["limit"] for line in lines(to_be_answered)) == ["1 wd", "4 wh", "5 wd"]


def test_a_first_reply_that_was_given_stays_as_it_was(
    district: District, to_be_answered: int
) -> None:
    walk.do(district["clerk"], to_be_answered, "sign_for", walk.SIGNED)
    spoken = {"contacted": True, "contacted_by": "Wang", "contacted_at": (LATE + A_DAY).isoformat()}
    walk.do(district["handler"], to_be_answered, "handle", {**walk.HANDLED, **spoken})
    off(district)
    recount.recount()
    assert [action for action, _, _ in first_reply(to_be_answered)] == ["set", "met"]
    assert {row.limit_name for row in rows(counted_limit)} <= {"", "handle"}


def test_a_handled_case_keeps_its_limit(district: District, case: int) -> None:
    walk.do(district["clerk"], case, "sign_for", walk.SIGNED)
    walk.do(district["handler"], case, "handle", walk.HANDLED)
    walk.do(district["leader"], case, "review_result", walk.PASSED)
    off(district)
    recount.recount()
    assert walk.case_row(case)["due_at"] == PROVISIONAL


def test_an_instance_that_has_ended_leaves_no_limits(district: District) -> None:
    with moved_to(LATE):
        key = two_limits(district)
        assert rows(counted_limit) != []
        for step in ("a", "b"):
            walk.do(district["clerk"], key, step, {})
    assert rows(counted_limit) == []


def test_a_form_that_was_open_is_still_taken(district: District, case: int) -> None:
    task = walk.open_tasks(case)["sign_for"]
    off(district, first=date(2026, 12, 31))
    recount.recount()
    assert rows(user_task, user_task.c.key == task["key"])[0].version == task["version"]
    walk.do(district["clerk"], case, "sign_for", walk.SIGNED)


def test_a_unit_works_its_own_week(district: District, case: int) -> None:
    """Parks work from six to ten every day of the week, holidays too."""
    hours = ((time(6), time(10)),)
    admin = district["admin"]
    parks = district.units["D-PARKS"]
    set_unit_week(admin, parks, (hours,) * 7, keeps_holidays=False)
    year = read_year(admin, 2026, unit_key=parks)
    assert year.working_days == 365
    set_unit_week(admin, parks, (hours,) * 7, keeps_holidays=True)
    kept = read_year(admin, 2026, unit_key=parks)
    assert not kept.months[1][16].hours  # Spring Festival, Tuesday 17 February
    assert not kept.months[0][2].hours  # New Year's holiday, Saturday 3 January
    assert kept.months[0][9].hours == hours  # an ordinary Saturday
    assert kept.months[0][3].hours == hours  # Sunday 4 January, worked instead
    change_days(admin, first=date(2026, 2, 17), last=None, work=Work.USUAL, unit_key=parks)
    assert read_year(admin, 2026, unit_key=parks).months[1][16].hours == hours
    change_days(admin, first=date(2026, 2, 17), last=None, work=Work.ORDINARY, unit_key=parks)
    assert not read_year(admin, 2026, unit_key=parks).months[1][16].hours
    assert [unit.code for unit in kept.own] == ["D-PARKS"]
    remove_unit_calendar(admin, parks)
    assert read_year(admin, 2026, unit_key=parks).week == read_year(admin, 2026).week
    with pytest.raises(NotFound):
        remove_unit_calendar(admin, parks)


def test_other_usual_hours_move_limits_too(district: District, case: int) -> None:
    set_usual_hours(district["admin"], ((time(8), time(16)),))
    recount.recount()
    assert walk.case_row(case)["due_at"] == PROVISIONAL
    (after,) = rows(timer, timer.c.element_id == "sign_late")
    assert after.due_at == datetime(2026, 12, 31, 4, 0, tzinfo=UTC)


def test_who_may_and_what_is_refused(district: District) -> None:
    admin, worker = district["admin"], district["worker"]
    assert read_year(worker, 2026).year == 2026
    with pytest.raises(Forbidden):
        off(replace_admin(district))
    for first, last in (
        (None, None),
        (date(2026, 3, 2), date(2026, 3, 1)),
        (date(1999, 1, 1), None),
    ):
        with pytest.raises(WrongDays):
            change_days(admin, first=first, last=last, work=Work.OFF)
    with pytest.raises(WrongDays):
        change_days(admin, first=date(2026, 1, 1), last=date(2027, 6, 1), work=Work.OFF)
    with pytest.raises(NoHours):
        change_days(admin, first=NEW_YEAR, last=None, work=Work.HOURS)
    with pytest.raises(NotFound):
        undo_change(admin, 12345)


def replace_admin(district: District) -> District:
    """Return a district in which the supervisor stands where the administrator does."""
    return replace(district, actors={**district.actors, "admin": district["supervisor"]})


def two_limits(district: District) -> int:
    """Return a case with a task due in one working day and another due in two."""
    drawn = draw.process(
        "p",
        draw.start("begin", draw.message("CaseReported")),
        draw.both("fork"),
        draw.both("join"),
        draw.user("a", "unit_clerk@D-URBAN", due='=calendar.after("1 wd")'),
        draw.user("b", "unit_clerk@D-URBAN", due='=calendar.after("2 wd")'),
        draw.end("e"),
        flows="begin > fork\nfork > a\nfork > b\na > join\nb > join\njoin > e",
    )
    blank = b'{"type": "default", "schemaVersion": 19, "id": "%s", "components": []}'
    files = {"p.bpmn": draw.diagram(drawn), "a.form": blank % b"a", "b.form": blank % b"b"}
    deploy(files, actor=district["designer"])
    return walk.report().case_key


def test_a_limit_that_takes_the_place_of_another_is_not_lost(district: District) -> None:
    """A day off moves the first limit to where the second stood; once undone, both are back."""
    first, second = LATE + A_DAY, LATE + 2 * A_DAY
    with moved_to(LATE):
        case_key = two_limits(district)
        before = {row.due_at: row.limit_text for row in rows(counted_limit)}
        assert before == {first: "1 wd", second: "2 wd"}
        off(district, first=date(2026, 12, 31))
        recount.recount()
        tasks = walk.open_tasks(case_key)
        assert (tasks["a"]["due_at"], tasks["b"]["due_at"]) == (second, second + 3 * A_DAY)
        assert len(rows(counted_limit)) == 2
        undo_change(district["admin"], read_year(district["admin"], 2026).changes[0].key)
        recount.recount()
        tasks = walk.open_tasks(case_key)
    assert (tasks["a"]["due_at"], tasks["b"]["due_at"]) == (first, second)


def test_an_instance_that_fails_keeps_no_other_waiting(
    district: District, case: int, caplog: pytest.LogCaptureFixture
) -> None:
    broken = main_instance(case)
    other = walk.report().case_key
    walk.do(district["officer"], other, "triage", walk.TRIAGED)
    engine_state(broken.key, b"{")
    off(district)
    for _ in range(12):
        recount.recount(limit=1)
    assert [line["limit"] for line in lines(other)] == ["5 wd"]
    assert caplog.text.count("could not be counted again") == 1
    engine_state(broken.key, broken.engine_state)
    with moved_to(LATE + timedelta(minutes=1)):
        recount.recount()
    assert [line["limit"] for line in lines(case)] == ["5 wd"]
    assert recount.count_waiting() == 0


def test_what_always_fails_is_tried_ever_less_and_becomes_one_incident(
    district: District, case: int, caplog: pytest.LogCaptureFixture
) -> None:
    broken = main_instance(case)
    engine_state(broken.key, b"{")
    off(district)
    for minute in range(60):
        with moved_to(LATE + timedelta(minutes=minute)):
            recount.recount()
    assert caplog.text.count("could not be counted again") == 5
    (found,) = rows(incident, incident.c.instance_key == broken.key)
    assert found.kind == "RECOUNT_FAILED"
    assert recount.count_waiting() > 0


def engine_state(instance_key: int, state: bytes) -> None:
    """Set the stored state of an instance."""
    with transaction() as tx:
        here = process_instance.c.key == instance_key
        tx.connection.execute(update(process_instance).where(here).values(engine_state=state))


@pytest.mark.postgres
def test_a_limit_somebody_works_on_is_counted_at_the_next_tick(
    postgres_url: str, tmp_path: Path
) -> None:
    """A hand took the case before the day was taken off, and is done after the recount."""
    with running(postgres_url, tmp_path) as found, moved_to(LATE):
        key = walk.report().case_key
        walk.do(found["officer"], key, "triage", walk.TRIAGED)
        instance = main_instance(key)
        with transaction() as tx:
            assert open_instance(tx, instance.key) is not None
            with ThreadPoolExecutor(1) as other:
                other.submit(taken_off_and_recounted, found).result()
        assert recount.count_waiting() > 0
        assert lines(key) == []
        recount.recount()
        assert [line["limit"] for line in lines(key)] == ["5 wd"]
        assert recount.count_waiting() == 0


def taken_off_and_recounted(district: District) -> None:
    """Take the first of January off and count again, as another process would."""
    with district.app.app_context(), moved_to(LATE):
        off(district)
        recount.recount()


def test_a_publication_undone_and_done_again_keeps_every_day(district: District) -> None:
    """Of 2028 the calendar knows nothing yet but one day that somebody entered."""
    admin = district["admin"]
    change_days(admin, first=date(2028, 5, 1), last=None, work=Work.OFF, name="Labour Day")
    before = read_year(admin, 2028).months
    publish_year(admin, 2028)
    published = read_year(admin, 2028)
    undo_change(admin, published.changes[0].key)
    undone = read_year(admin, 2028)
    assert undone.months == before
    undo_change(admin, undone.changes[0].key)
    assert read_year(admin, 2028).months == published.months


def test_what_was_changed_twice_is_undone_step_by_step(district: District, case: int) -> None:
    admin = district["admin"]
    before = read_year(admin, 2027).months
    off(district)
    change_days(admin, first=NEW_YEAR, last=None, work=Work.HOURS, hours=MORNING)
    for offered in ([True, False], [False, False, True]):
        lines_shown = read_year(admin, 2027).changes
        assert [line.can_be_undone for line in lines_shown] == offered
        undo_change(admin, lines_shown[offered.index(True)].key)
    assert read_year(admin, 2027).months == before
    assert not any(line.can_be_undone for line in read_year(admin, 2027).changes)


def test_a_calendar_that_was_removed_takes_nothing_back(district: District, case: int) -> None:
    admin, parks = district["admin"], district.units["D-PARKS"]
    set_unit_week(admin, parks, (MORNING,) * 7, keeps_holidays=False)
    change_days(admin, first=NEW_YEAR, last=None, work=Work.OFF, unit_key=parks)
    key = read_year(admin, 2027, unit_key=parks).changes[0].key
    remove_unit_calendar(admin, parks)
    with pytest.raises(ChangeGone):
        undo_change(admin, key)


def test_a_gap_in_the_calendar_is_filled(district: District, case: int) -> None:
    change_days(
        district["admin"], first=date(2028, 5, 1), last=None, work=Work.HOURS, hours=MORNING
    )
    with moved_to(LATE.replace(year=2027)), transaction() as tx:
        assert extend_calendar(tx) == 365
    spring = read_year(district["admin"], 2028)
    assert spring.months[4][0].hours == MORNING
    assert spring.months[0][0].is_provisional


def test_two_limits_at_one_instant_are_counted_apart(district: District) -> None:
    """Both end on Thursday 31 December at four: a working day from Wednesday at four, and six hours
    from Thursday at nine. With that Thursday worked until noon only they part.
    """
    drawn = draw.process(
        "p",
        draw.start("begin", draw.message("CaseReported")),
        draw.both("fork"),
        draw.both("join"),
        draw.user("a", "unit_clerk@D-URBAN", due='=calendar.after("1 wd")'),
        draw.user("c", "unit_clerk@D-URBAN"),
        draw.user("b", "unit_clerk@D-URBAN", due='=calendar.after("6 wh")'),
        draw.end("e"),
        flows="begin > fork\nfork > a\nfork > c\nc > b\na > join\nb > join\njoin > e",
    )
    blank = b'{"type": "default", "schemaVersion": 19, "id": "%s", "components": []}'
    forms = {f"{name}.form": blank % name.encode() for name in "abc"}
    deploy({"p.bpmn": draw.diagram(drawn), **forms}, actor=district["designer"])
    with moved_to(LATE):
        key = walk.report().case_key
    with moved_to(datetime(2026, 12, 31, 1, 0, tzinfo=UTC)):
        walk.do(district["clerk"], key, "c", {})
        tasks = walk.open_tasks(key)
        assert tasks["a"]["due_at"] == tasks["b"]["due_at"] == LATE + A_DAY
        day = date(2026, 12, 31)
        change_days(district["admin"], first=day, last=None, work=Work.HOURS, hours=MORNING)
        recount.recount()
        tasks = walk.open_tasks(key)
    assert tasks["a"]["due_at"] == datetime(2026, 12, 31, 4, 0, tzinfo=UTC)
    assert tasks["b"]["due_at"] == datetime(2027, 1, 1, 4, 0, tzinfo=UTC)
    moved = rows(deadline_ledger, deadline_ledger.c.action == "recounted")
    assert [row.limit_name for row in moved] == ["a", "b"]


def test_a_task_that_moves_within_an_unpublished_year_stays_provisional(
    district: District,
) -> None:
    """Who signs from four on the 31st has until half past eleven of the next working day."""
    last = datetime(2026, 12, 31, 8, 0, tzinfo=UTC)
    with moved_to(last):
        with transaction() as tx:
            extend_calendar(tx)
        key = walk.report().case_key
        walk.do(district["officer"], key, "triage", walk.TRIAGED)
        task = walk.open_tasks(key)["sign_for"]
        assert (task["due_at"].day, task["is_due_provisional"]) == (1, True)
        off(district)
        recount.recount()
        task = walk.open_tasks(key)["sign_for"]
    assert (task["due_at"].day, task["is_due_provisional"]) == (4, True)
