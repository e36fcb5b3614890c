"""The three rates of a hand-made set are what a hand computes, in every scope, on both databases.

In November, with what `conftest.on_paper` writes: replies were due for A, B, C, E and G, and in
time for A and E. Callbacks reached B, C, D, G and I; C and G call it resolved. Graded are A, B, C,
D, G and I; grade 1 to 3 have A, C, D and G. F is screened, E not evaluated. H belongs to October,
J to December. The district is eight hours ahead of the instants written.
"""

from collections.abc import Callable
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from app.analytics.evaluated import Measure
from app.analytics.periods import Month, latest, month_named
from app.analytics.rates import Counts, Rates, export_rates, read_counted, read_rates
from app.cases.designs import deploy
from app.clock import moved_to
from app.errors import Forbidden
from app.organisation.actor import Actor
from app.store.db import transaction
from app.store.tables.cases import cases
from tests.analytics.conftest import Written, november
from tests.engine import drawing
from tests.support import callback, walk
from tests.support.callback import JUSTIFIED, PUT_RIGHT
from tests.support.district import TUESDAY_NINE, District

NOW = november(28)
NEXT_DAY = TUESDAY_NINE + timedelta(days=1)
M = Measure
Paper = Callable[[], Written]


def rates(actor: Actor, **asked: str) -> Rates:
    with moved_to(NOW):
        return read_rates(actor, **asked)


def names(actor: Actor, measure: Measure, **asked: object) -> list[str]:
    with moved_to(NOW):
        found = read_counted(actor, measure, **asked)  # type: ignore[arg-type]
    return [case.description.removeprefix("Case ") for case in found.items]


def numbers(counts: Counts) -> dict[str, int]:
    return {measure.value: number for measure, number in counts.numbers.items() if number}


def test_the_rates_of_a_month_are_what_a_hand_computes(district: District, paper: Paper) -> None:
    paper()
    total = rates(district["supervisor"]).total
    assert numbers(total) == {
        "due": 5,
        "in_time": 2,
        "reached": 5,
        "resolved": 2,
        "rated": 6,
        "satisfied": 4,
        "screened": 1,
        "screened_replies": 1,
        "not_evaluated": 1,
    }
    assert total.response == pytest.approx(2 / 5)
    assert total.resolution == pytest.approx(2 / 5)
    assert total.satisfaction == pytest.approx(4 / 6)


def test_every_number_leads_to_the_cases_it_counts(district: District, paper: Paper) -> None:
    paper()
    supervisor = district["supervisor"]
    wanted = {
        M.DUE: "ABCEG",
        M.IN_TIME: "AE",
        M.REACHED: "BCDGI",
        M.RESOLVED: "CG",
        M.RATED: "ABCDGI",
        M.SATISFIED: "ACDG",
        M.SCREENED: "F",
        M.SCREENED_REPLIES: "F",
        M.NOT_EVALUATED: "E",
    }
    assert {each: "".join(sorted(names(supervisor, each))) for each in M} == wanted


def test_departments_are_told_apart_and_what_has_none_stands_last(
    district: District, paper: Paper
) -> None:
    paper()
    rows = rates(district["supervisor"], by="department").rows
    units = district.units
    assert [row.unit_key for row in rows] == [units["D-PARKS"], units["D-URBAN"], None]
    assert [numbers(row.counts) for row in rows] == [
        {"due": 1, "reached": 2, "resolved": 1, "rated": 2, "satisfied": 2},
        {
            "due": 3,
            "in_time": 1,
            "reached": 2,
            "resolved": 1,
            "rated": 3,
            "satisfied": 2,
            "screened": 1,
            "screened_replies": 1,
        },
        {"due": 1, "in_time": 1, "reached": 1, "rated": 1, "not_evaluated": 1},
    ]
    urban = {"by": "department", "unit_key": units["D-URBAN"]}
    assert names(district["supervisor"], M.RATED, **urban) == ["G", "B", "A"]
    assert names(district["supervisor"], M.RATED, by="department") == ["I"]


def test_streets_are_told_apart(district: District, paper: Paper) -> None:
    paper()
    rows = rates(district["supervisor"], by="street").rows
    assert [row.unit_key for row in rows] == [district.units["S01"], None]
    assert rows[1].counts[M.RATED] == 1
    assert names(district["supervisor"], M.REACHED, by="street") == ["I"]


def test_everybody_sees_the_cases_of_their_own_units_only(district: District, paper: Paper) -> None:
    paper()
    assert names(district["leader"], M.RATED) == ["G", "B", "A"]
    assert rates(district["leader"]).total[M.REACHED] == 2
    assert rates(district["dispatcher"]).total[M.RATED] == 5, "I lies in no street"
    parks = {"by": "department", "unit_key": district.units["D-PARKS"]}
    assert names(district["leader"], M.RATED, **parks) == []


def test_a_month_begins_at_midnight_of_the_district(district: District, paper: Paper) -> None:
    paper()
    supervisor = district["supervisor"]
    assert names(supervisor, M.RATED, month="2026-10") == ["H"]
    assert names(supervisor, M.SATISFIED, month="2026-12") == ["J"]
    by_month = rates(supervisor, by="month")
    assert [str(row.month) for row in by_month.rows][:2] == ["2026-11", "2026-10"]
    assert [row.counts[M.RATED] for row in by_month.rows] == [6, 1, *[0] * 10]
    assert by_month.total[M.RATED] == 7


def test_nothing_to_divide_by_is_no_rate(district: District) -> None:
    found = rates(district["supervisor"])
    assert found.is_empty
    assert found.rows == ()
    assert found.total.response is found.total.resolution is found.total.satisfaction is None


def test_statistics_are_not_for_everybody(district: District) -> None:
    with pytest.raises(Forbidden):
        read_rates(district["handler"])
    with pytest.raises(Forbidden):
        read_counted(district["handler"], M.RATED)
    with pytest.raises(Forbidden):
        export_rates(district["officer"])


@pytest.mark.parametrize("seed", range(3))
def test_whatever_was_heard_the_sums_agree_with_counting_one_by_one(
    district: District, written: Written, seed: int
) -> None:
    random = Random(seed)
    said: dict[str, tuple[str, int | None, str | None, str | None]] = {}
    rank: dict[str, tuple[int, bool, int]] = {}
    for name in map(str, range(15)):
        screened = random.choice([None, None, None, "mistaken"])
        written.case(name, lead=random.choice([None, "D-URBAN", "D-PARKS"]), screened=screened)
        handling = 1
        for round in range(1, random.randint(1, 4) + 1):
            handling += random.choice([0, 0, 1]) if round > 1 else 0
            kind = random.choice(["token", "callback", "second_callback", "silence"])
            grade, resolved = random.choice([None, 1, 3, 4, 5]), random.choice(["yes", "no", None])
            if kind == "silence":
                written.not_heard(name, at=november(round), round=round, handling=handling)
            else:
                place = {"at": november(round), "round": round, "handling": handling}
                written.heard(name, kind, grade, resolved, **place)
            stands = (handling, kind != "silence", round)
            if stands > rank.get(name, (0, False, 0)):
                rank[name], said[name] = stands, (kind, grade, resolved, screened)
    counted = [each for each in said.values() if each[3] is None]
    reached = [each for each in counted if "callback" in each[0]]
    rated = [each for each in counted if each[0] != "silence" and each[1] is not None]
    expected = {
        M.REACHED: len(reached),
        M.RESOLVED: sum(each[2] == "yes" for each in reached),
        M.RATED: len(rated),
        M.SATISFIED: sum((each[1] or 9) <= 3 for each in rated),
        M.SCREENED: sum(each[3] is not None for each in said.values()),
        M.NOT_EVALUATED: sum(each[0] == "silence" for each in counted),
    }
    for by in ("street", "department", "month"):
        total = rates(district["supervisor"], by=by).total
        assert {measure: total[measure] for measure in expected} == expected
        assert total[M.SATISFIED] <= total[M.RATED]
        assert total[M.RESOLVED] <= total[M.REACHED]


def called_back(district: District, *, resolved: str) -> int:
    """Return a case whose reporter was reached and gives grade 5; the rating is justified."""
    with moved_to(TUESDAY_NINE):
        case = walk.report(name="Wang", phone="13800000000")
        walk.to_callback(district, case.case_key)
    callback.wait_until(NEXT_DAY)
    bad = {"contacted": "yes", "resolved": resolved, "grade": "5", "quote": "All still there."}
    callback.do(district, "callback", case, "callback_task", bad, at=NEXT_DAY)
    callback.do(district, "supervisor", case, "verify_bad_rating", JUSTIFIED, at=NEXT_DAY)
    return case.case_key


def test_a_case_that_triage_leaves_out_is_shown_beside_the_response_rate(
    district: District,
) -> None:
    left_out = {"screen_code": "unreasonable", "screen_evidence": "It is a park, not a dump."}
    with moved_to(TUESDAY_NINE):
        key = walk.report(name="Wang", phone="13800000000").case_key
        walk.do(district["officer"], key, "triage", {**walk.TRIAGED, **left_out})
        other = walk.report(name="Li", phone="13800000001").case_key
        walk.do(district["officer"], other, "triage", walk.TRIAGED)
    assert numbers(rates(district["supervisor"]).total) == {"due": 1, "screened_replies": 1}
    with moved_to(NOW):
        (found,) = read_counted(district["supervisor"], M.SCREENED_REPLIES).items
    assert found.key == key


def test_a_bad_grade_is_counted_when_nobody_answers_the_second_call(district: District) -> None:
    case_key = called_back(district, resolved="partly")
    counted = {"due": 1, "reached": 1, "rated": 1}
    assert numbers(rates(district["supervisor"]).total) == counted
    with moved_to(NEXT_DAY):
        walk.do(district["handler"], case_key, "rectify", PUT_RIGHT)
        declined = {"contacted": "no", "not_reached": "declined"}
        walk.do(district["callback"], case_key, "second_callback", declined)
    assert walk.case_row(case_key)["grade"] == 5
    assert numbers(rates(district["supervisor"]).total) == counted, "the rating stands as it was"


def test_what_was_said_before_a_reopening_does_not_stand_for_what_was_done_after_it(
    district: District,
) -> None:
    case_key = called_back(district, resolved="no")
    with moved_to(NEXT_DAY):
        walk.do(district["dispatcher"], case_key, "dispatch", walk.DISPATCHED)
        for login, step, answers in walk.TO_CALLBACK[1:]:
            walk.do(district[login], case_key, step, answers)
    assert numbers(rates(district["supervisor"]).total)["rated"] == 1, "until it is asked about"
    callback.wait_until(NEXT_DAY + callback.DAY)
    with moved_to(NEXT_DAY + callback.DAY):
        declined = {"contacted": "no", "not_reached": "declined"}
        walk.do(district["callback"], case_key, "callback_task", declined)
    assert numbers(rates(district["supervisor"]).total) == {"due": 1, "not_evaluated": 1}


@given(st.integers(2, 9998), st.integers(1, 12))
def test_months_follow_each_other_without_gap(year: int, number: int) -> None:
    month = Month(year, number)
    assert month.after().before() == month
    assert month.before() < month < month.after()
    assert month_named(str(month)) == month


@given(st.text(max_size=9))
def test_whatever_is_typed_for_a_month_is_one_or_none(typed: str) -> None:
    found = month_named(typed)
    assert found is None or str(found) == typed


def test_the_newest_month_comes_first() -> None:
    assert [str(month) for month in latest(Month(2026, 2), 3)] == ["2026-02", "2026-01", "2025-12"]


@pytest.mark.parametrize(
    ("contacted_at", "in_time"),
    [('=calendar.after("PT1H")', 1), ('=calendar.after("P2D")', 0), (None, 0)],
)
def test_the_response_rate_reads_the_lines_the_ledger_writes(
    district: District, contacted_at: str | None, in_time: int
) -> None:
    limit = {"limit": '="first_reply"', "due": '=calendar.after("P1D")', "basis": '="a row"'}
    met = {"limit": '="first_reply"', "at": contacted_at or "=null"}
    steps = [drawing.service("begin_limit", "set_limit", inputs=limit)]
    steps += [drawing.service("end_limit", "meet_limit", inputs=met)] if contacted_at else []
    drawn = drawing.process(
        "replies",
        drawing.start("begin", drawing.message("CaseReported")),
        *steps,
        drawing.catch("rest", drawing.after("P20D")),
        drawing.end("over"),
        flows=f"begin > begin_limit > {'end_limit > ' if contacted_at else ''}rest > over",
    )
    deploy({"replies.bpmn": drawing.diagram(drawn)}, actor=None)
    with moved_to(TUESDAY_NINE):
        walk.report()
    with moved_to(TUESDAY_NINE + timedelta(hours=23)):
        early = read_rates(district["supervisor"]).total
    total = rates(district["supervisor"]).total
    assert early[M.DUE] == (1 if contacted_at else 0), "what still runs is not due yet"
    assert (total[M.DUE], total[M.IN_TIME]) == (1, in_time)


def replayed(written: Written, *names: str) -> None:
    """Move cases into a replay of the file "elsewhere", as `cases.replay` marks its own."""
    with transaction() as tx:
        for name in names:
            mark = {"source": "elsewhere", "source_ref": name, "clock_domain": "replay:elsewhere"}
            query = update(cases).where(cases.c.key == written.keys[name])
            tx.connection.execute(query.values(**mark))


def test_replayed_cases_are_counted_in_no_rate_of_daily_work(
    district: District, paper: Paper
) -> None:
    """Without G and I: due A, B, C, E; reached B, C, D; graded A, B, C, D."""
    replayed(paper(), "G", "H", "I")
    found = rates(district["supervisor"])
    counted = {measure: found.total[measure] for measure in (M.DUE, M.REACHED, M.RATED)}
    assert counted == {M.DUE: 4, M.REACHED: 3, M.RATED: 4}
    assert (found.replay, found.replays) == ("", ("elsewhere",))
    assert sorted(names(district["supervisor"], M.RATED)) == ["A", "B", "C", "D"]
    assert rates(district["supervisor"], by="month").total[M.RATED] == 4


def test_a_replay_is_counted_by_itself_where_it_is_chosen(district: District, paper: Paper) -> None:
    replayed(paper(), "G", "H", "I")
    supervisor = district["supervisor"]
    assert rates(supervisor, replay="elsewhere").total[M.RATED] == 2
    assert sorted(names(supervisor, M.RATED, replay="elsewhere")) == ["G", "I"]
    assert rates(supervisor, replay="elsewhere", by="month").total[M.RATED] == 3
    assert rates(supervisor, replay="unheard of").total[M.RATED] == 4


def test_a_replay_begins_with_the_last_month_that_has_a_number(
    district: District, paper: Paper
) -> None:
    replayed(paper(), "H")
    found = rates(district["supervisor"], replay="elsewhere")
    assert (str(found.month), found.total[M.RATED]) == ("2026-10", 1)
    assert str(found.months[0]) == "2026-10"


def test_a_replay_is_offered_to_whom_it_left_cases_only(district: District, paper: Paper) -> None:
    replayed(paper(), "G")
    assert rates(district["leader"]).replays == ("elsewhere",)
    assert rates(district["parks_leader"]).replays == ()
    assert rates(district["parks_leader"], replay="elsewhere").replay == ""
