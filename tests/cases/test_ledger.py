"""The deadline ledger: what a limit becomes when it is set, moved, paused, ended and reopened.

The week of these tests is worked from 9:00 to 12:00 and from 13:30 to 17:30, Monday to Friday:
seven hours a day. 2 March 2026 is a Monday.
"""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cases import ledger
from app.cases.designs import deploy
from app.cases.ledger import Action, Limit
from app.clock import moved_to
from app.organisation.working_time import WorkCalendar, weekdays
from app.store.db import reading
from app.store.limits import ledger as lines_of
from app.store.tables.runtime import counted_limit
from tests.engine import drawing as draw
from tests.support import walk
from tests.support.district import District

ZONE = ZoneInfo("Asia/Shanghai")
WEEK = WorkCalendar(ZONE, weekdays(((time(9), time(12)), (time(13, 30), time(17, 30)))))


def march(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=ZONE).astimezone(UTC)


MONDAY = march(2, 9)


def handling(text: str = "3 wd", at: datetime = MONDAY) -> Limit:
    return ledger.set_limit("handle", WEEK.due(at, text), now=at)


def test_a_limit_paused_on_tuesday_noon_has_the_rest_when_it_goes_on_on_friday() -> None:
    """Three days from Monday nine are over on Thursday at nine: 21 hours. By Tuesday noon ten are
    used, eleven are left: Friday four from half past one, Monday seven.
    """
    limit = handling()
    assert limit.due_at == march(5, 9)
    still = ledger.paused(limit, now=march(3, 12), calendar=WEEK)
    assert (still.used_seconds, still.left_text) == (10 * 3600, "11 wh")
    going_on = ledger.resumed(still, now=march(6, 13, 30), calendar=WEEK)
    assert going_on.due_at == march(9, 17, 30)
    assert ledger.used(going_on, march(6, 14, 30), WEEK) == 11 * 3600
    assert ledger.length(going_on, WEEK) == 21 * 3600


def test_a_limit_by_the_clock_on_the_wall_keeps_a_remainder_by_it() -> None:
    """Twenty-four hours from Monday nine, paused in the evening at nine: twelve are left."""
    still = ledger.paused(handling("PT24H"), now=march(2, 21), calendar=WEEK)
    assert still.left_text == "PT43200S"
    going_on = ledger.resumed(still, now=march(7, 3), calendar=WEEK)  # a Saturday, at night
    assert going_on.due_at == march(7, 15)


@pytest.mark.parametrize(
    ("handled", "action", "again", "due"),
    [
        # Wednesday four in the afternoon: an hour and a half are left.
        (march(4, 16), Action.MET, march(10, 9), march(10, 10, 30)),
        # A Saturday's rework begins on Monday.
        (march(4, 16), Action.MET, march(7, 12), march(9, 10, 30)),
        # On the last second, and late: nothing is left, it is overdue as it was.
        (march(5, 9), Action.MET, march(10, 9), march(5, 9)),
        (march(5, 9, 1), Action.MISSED, march(10, 9), march(5, 9)),
    ],
)
def test_rework_has_what_was_left_when_the_case_was_handled(
    handled: datetime, action: Action, again: datetime, due: datetime
) -> None:
    done = ledger.ended(handling(), now=handled, calendar=WEEK)
    assert done.action is action
    assert ledger.reopened(done, now=again, calendar=WEEK).due_at == due


def test_a_limit_of_which_nothing_was_left_counts_no_time_twice() -> None:
    """Three days of seven hours are over on Thursday the 5th; handled on Monday the 9th at nine, 35
    hours are used. Taken up again on Wednesday the 11th it has three days more from Thursday on:
    seven hours of Wednesday are used too, and 21 are left.
    """
    done = ledger.ended(handling(), now=march(9, 9), calendar=WEEK)
    assert done.used_seconds == 35 * 3600
    again = ledger.reopened(done, now=march(11, 9), calendar=WEEK)
    assert (again.due_at, again.counted) == (march(5, 9), None)
    assert ledger.used(again, march(12, 9), WEEK) == (35 + 7) * 3600
    more = ledger.changed(again, WEEK.due(march(12, 9), "3 wd"), calendar=WEEK)
    assert more.used_seconds == (35 + 7) * 3600
    assert ledger.length(more, WEEK) == (35 + 7 + 21) * 3600


def test_a_given_limit_stays_given_until_it_is_changed() -> None:
    given_one = ledger.set_limit("handle", WEEK.due(MONDAY, "3 wd"), now=MONDAY, is_given=True)
    assert given_one.limit_text is None
    later = WEEK.due(march(3, 9), "5 wd")
    moved = ledger.changed(given_one, later, calendar=WEEK)
    assert (moved.action, moved.limit_text, moved.due_at) == (Action.EXTENDED, "5 wd", march(10, 9))
    sooner = WEEK.due(march(3, 10), "1 wd")
    assert ledger.changed(moved, sooner, calendar=WEEK).action is Action.CHANGED


def test_what_is_dropped_after_its_time_was_done_by_nobody() -> None:
    limit = handling("2 wh")
    assert ledger.dropped(limit, now=march(2, 10)).action is Action.DROPPED
    assert ledger.dropped(limit, now=march(2, 11)).action is Action.LAPSED


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["pause", "resume", "end", "reopen", "change", "recount"]),
        st.integers(min_value=1, max_value=60 * 24 * 4),
    ),
    max_size=25,
)


def step(limit: Limit, name: str, now: datetime) -> Limit:
    """Do what the operations do: nothing where it does not fit."""
    if name == "pause" and limit.is_running:
        return ledger.paused(limit, now=now, calendar=WEEK)
    if name == "resume" and limit.is_paused:
        return ledger.resumed(limit, now=now, calendar=WEEK)
    if name == "end" and not limit.has_ended:
        return ledger.ended(limit, now=now, calendar=WEEK)
    if name == "reopen" and limit.has_ended:
        return ledger.reopened(limit, now=now, calendar=WEEK)
    if name == "change" and limit.is_running:
        return ledger.changed(limit, WEEK.due(now, "2 wd"), calendar=WEEK)
    if name == "recount" and limit.is_running and limit.counted_from and limit.limit_text:
        due = WEEK.due(limit.counted_from, limit.limit_text)
        return ledger.recounted(limit, due, now=now)
    return limit


@given(STEPS, st.sampled_from(["4 wh", "3 wd", "PT24H", "P15D"]))
def test_the_current_limit_is_what_its_lines_replayed_give(
    steps: list[tuple[str, int]], text: str
) -> None:
    now = MONDAY
    limit = handling(text)
    lines = [limit]
    for name, minutes in steps:
        now += timedelta(minutes=minutes)
        after = step(limit, name, now)
        if after is not limit:
            # A line of the database knows only when it was written, not when the limit was set.
            lines.append(replace(after, set_at=after.at))
        assert after.used_seconds >= limit.used_seconds
        if text in {"4 wh", "3 wd"}:
            passed = WEEK.working_time_between(MONDAY, now) / timedelta(seconds=1)
            assert ledger.used(after, now, WEEK) <= passed
        if (
            after is not limit
            and after.action is Action.RESUMED
            and limit.left_text not in {"0 wh", "PT0S"}
        ):
            assert after.due_at > now
        limit = after
    (found,) = ledger.current(lines)
    assert found == limit


def drawn() -> str:
    """Everything that can happen to the handling limit, a task before each."""
    basis = {"due": '=calendar.after("3 wd")', "basis": '="District rule 4"'}
    longer = {"due": '=calendar.after("5 wd")', "reason": '="A part is missing"'}
    names = ["asked", "begun", "waited", "parted", "looked", "again", "longer", "last"]
    own = {"limit": "first_look", "limitBasis": '="Rule 2"'}
    tasks = [draw.user(name, "unit_clerk@D-URBAN") for name in names]
    tasks[0] = draw.user(
        "asked", "unit_clerk@D-URBAN", due='=calendar.after("2 wh")', properties=own
    )
    return draw.process(
        "p",
        draw.start("begin", draw.message("CaseReported")),
        *tasks,
        draw.service("establish", "establish", inputs=basis),
        draw.service("pause", "pause_limit", inputs={"reason": '="Waits for a part"'}),
        draw.service("resume", "resume_limit"),
        draw.service("handled", "mark_handled"),
        draw.service("reopen", "reopen_handling"),
        draw.service("change", "change_limit", inputs=longer),
        draw.service("handled_again", "mark_handled"),
        draw.service(
            "reply",
            "set_limit",
            inputs={"limit": '="first_reply"', "due": '=calendar.after("1 wd")'},
        ),
        draw.service("close", "close_case"),
        draw.end("e"),
        flows=(
            "begin > asked > establish > begun > pause > waited > resume > parted > handled"
            " > looked > reopen > again > change > longer > handled_again > reply > last"
            " > close > e"
        ),
    )


def test_everything_that_happens_to_a_limit_is_written_and_the_case_shows_it(
    district: District,
) -> None:
    blank = b'{"type": "default", "schemaVersion": 19, "id": "%s", "components": []}'
    names = ("asked", "begun", "waited", "parted", "looked", "again", "longer", "last")
    forms = {f"{name}.form": blank % name.encode() for name in names}
    deploy({"p.bpmn": draw.diagram(drawn()), **forms}, actor=district["designer"])

    def do(name: str, at: datetime) -> dict[str, Any]:
        with moved_to(at):
            walk.do(district["clerk"], key, name, {})
            return walk.case_row(key)

    with moved_to(MONDAY):
        key = walk.report().case_key
    # The district of these tests has lunch from twelve to one: seven and a half hours a day.
    assert do("asked", MONDAY)["due_at"] == march(5, 9)
    assert do("begun", march(3, 12))["paused_at"] == march(3, 12)
    # Ten and a half hours are used, twelve are left: Friday 4:30 from one, Monday seven and a half.
    row = do("waited", march(6, 13))
    assert (row["paused_at"], row["due_at"]) == (None, march(9, 17, 30))
    assert do("parted", march(9, 17))["handled_at"] == march(9, 17)
    row = do("looked", march(11, 9))  # half an hour was left
    assert (row["handled_at"], row["due_at"]) == (None, march(11, 9, 30))
    assert do("again", march(11, 9, 10))["due_at"] == march(18, 9, 10)
    do("longer", march(19, 9))
    do("last", march(19, 10))
    with reading() as connection:
        rows = lines_of(connection, key)
    told = [(row["limit_name"], row["action"]) for row in rows]
    assert told == [
        ("first_look", "set"),
        ("handle", "set"),
        ("first_look", "met"),
        *(
            ("handle", action)
            for action in ("paused", "resumed", "met", "reopened", "extended", "missed")
        ),
        ("first_reply", "set"),
        ("first_reply", "dropped"),
    ]
    first_look, handle, _, stopped = rows[:4]
    assert (first_look["basis"], first_look["limit_text"]) == ("Rule 2", "2 wh")
    assert (handle["basis"], handle["limit_text"]) == ("District rule 4", "3 wd")
    assert (stopped["reason"], stopped["left_text"]) == ("Waits for a part", "12 wh")
    assert rows[7]["reason"] == "A part is missing"
    with reading() as connection:
        assert connection.execute(counted_limit.select()).all() == []


def test_a_task_that_nobody_did_in_time_missed_its_limit_and_a_later_one_met_it(
    district: District,
) -> None:
    with moved_to(MONDAY):
        key = walk.report().case_key
    with moved_to(march(2, 12)):
        walk.do(district["officer"], key, "triage", walk.TRIAGED)
    with reading() as connection:
        rows = lines_of(connection, key)
    triage = [row for row in rows if row["element_id"] == "triage"]
    assert [row["action"] for row in triage] == ["set", "missed"]
    assert triage[0]["due_at"] == march(2, 11)


@pytest.mark.parametrize(
    ("end", "hours", "begun"),
    [
        (march(5, 9), 21, march(2, 9)),  # Thursday at nine, three days back: Monday at nine
        (march(3, 14), 3.5, march(3, 9)),
        (march(9, 10), 2, march(6, 16, 30)),  # over the weekend
        (march(8, 12), 7, march(6, 9)),  # from a Sunday
    ],
)
def test_working_time_is_counted_back_from_an_end(
    end: datetime, hours: float, begun: datetime
) -> None:
    assert WEEK.before(end, timedelta(hours=hours)) == begun


def test_a_limit_that_stood_still_would_have_begun_later() -> None:
    """Three days, ten hours used by Tuesday noon; on Friday at half past one it goes on."""
    still = ledger.paused(handling(), now=march(3, 12), calendar=WEEK)
    going_on = ledger.resumed(still, now=march(6, 13, 30), calendar=WEEK)
    # Ten hours before Friday half past one: three that morning, Thursday seven.
    assert ledger.begun(going_on, WEEK) == march(5, 9)
    assert ledger.begun(handling(), WEEK) == MONDAY
