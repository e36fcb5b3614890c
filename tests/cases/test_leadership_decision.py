"""The leadership decides in the database: begun by a whistle, on the record, told, over in time."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.cases import bell, case_view, deadlines, messages, whistle_blowing, whistles
from app.clock import moved_to
from app.json_types import JsonObject
from app.store.db import reading, transaction
from app.store.tables.delivery import notice
from tests.support import walk
from tests.support.district import TUESDAY_NINE, District

DUE = "2026-12-04T17:00:00+08:00"
INSTRUCTION: JsonObject = {"instruction": "Clear it by Friday. 周五前清理完毕"}
SAID: JsonObject = {
    "kind": "emergency",
    "need": "Gas smell",
    "minor_class": "A05",
    "called": ["D-URBAN", "D-PARKS"],
    "address": "Sunshine estate",
    "location": {"lat": 40.005, "lon": 116.005},
}
RECORDED: JsonObject = {
    "minutes": "Met.",
    "decisions": "None.",
    "result": "unresolved",
    "attendance": [{"presence": "leaves"}, {"presence": "absent"}],
}


def told(district: District, kind: str = "leadership_decided") -> set[str]:
    """Whom an instruction was told, or a reminder, as role@unit."""
    codes = {key: code for code, key in district.units.items()}
    query = select(notice.c.role, notice.c.unit_key).where(notice.c.kind == kind)
    with reading() as connection:
        return {f"{role}@{codes[key]}" for role, key in connection.execute(query)}


def refused_for_a_case(district: District) -> int:
    """A case whose handler asks for a whistle that the district refuses; return its key."""
    case_key = walk.report().case_key
    walk.do(district["officer"], case_key, "triage", walk.TRIAGED)
    walk.do(district["clerk"], case_key, "sign_for", walk.SIGNED)
    needs = {
        **walk.HANDLED,
        "result": "needs_coordination",
        "unresolved_reason": "The pipe belongs to another department.",
    }
    walk.do(district["handler"], case_key, "handle", needs)
    blow: JsonObject = {
        "decision": "blow",
        "kind": "hard_problem",
        "need": "Pipe",
        "called": ["D-WATER"],
    }
    walk.do(district["dispatcher"], case_key, "blow_whistle", blow)
    walk.do(district["district"], case_key, "approve_whistle", {"decision": "approve"})
    no: JsonObject = {"decision": "refuse", "reason": "One department can do it."}
    walk.do(district["district"], case_key, "screen_whistle", no)
    return case_key


def test_a_whistle_that_is_not_settled_in_time_is_over_when_the_leadership_has_decided(
    district: District,
) -> None:
    with moved_to(TUESDAY_NINE):
        case_key = whistle_blowing.blow(district["dispatcher"], None, SAID).case_key
    with moved_to(TUESDAY_NINE + timedelta(days=8)):
        deadlines.fire_due()
        task = walk.open_tasks(case_key)["give_instruction"]
        assert task["inputs"]["asked_because"] == "whistle_unresolved"
        rows: JsonObject = {"scores": [{"timely": 0, "attended": 0, "solved": 0}] * 2}
        walk.do(district["dispatcher"], case_key, "score_departments", rows)
        assert walk.case_row(case_key)["closed_at"] is None
        named: JsonObject = {**INSTRUCTION, "lead_unit": "D-PARKS", "due": DUE}
        walk.do(district["district"], case_key, "give_instruction", named)
    case = walk.case_row(case_key)
    assert (case["outcome"], case["close_code"]) == ("closed", "unresolvable")
    (line,) = (each for each in walk.journal_of(case_key) if each["kind"] == "leadership_decided")
    assert line["data"] == {"units": ["D-PARKS"], "due_at": DUE}
    assert told(district) == {
        "unit_leader@D-PARKS",
        "unit_handler@D-PARKS",
        "street_dispatcher@S01",
        "district_dispatcher@DISTRICT",
    }, "the street has no leader here: the next unit up hears of it"


def test_a_leadership_that_decides_before_the_scores_is_heard(district: District) -> None:
    with moved_to(TUESDAY_NINE):
        case_key = whistle_blowing.blow(district["dispatcher"], None, SAID).case_key
        ended: JsonObject = {**RECORDED, "rest": "end"}
        walk.do(district["dispatcher"], case_key, "joint_action_record", ended)
        walk.do(district["district"], case_key, "give_instruction", INSTRUCTION)
        assert set(walk.open_tasks(case_key)) == {"score_departments"}
        rows: JsonObject = {"scores": [{"timely": 0, "attended": 0, "solved": 0}] * 2}
        walk.do(district["dispatcher"], case_key, "score_departments", rows)
        messages.deliver_buffered()
    assert walk.case_row(case_key)["outcome"] == "closed"


def test_the_instruction_is_on_the_record_of_the_case_where_departments_read_it(
    district: District,
) -> None:
    case_key = refused_for_a_case(district)
    assert set(walk.open_tasks(case_key)) == {"handle", "give_instruction"}, "the case goes on"
    task = walk.open_tasks(case_key)["give_instruction"]
    assert task["inputs"] == {
        "asked_because": "whistle_refused",
        "known": "One department can do it.",
    }
    walk.do(district["district"], case_key, "give_instruction", INSTRUCTION)
    seen = case_view.read_case(district["handler"], case_key, language="en")
    (remark,) = (each.row for each in seen.remarks if each.row.kind == "comment")
    assert (remark.body, remark.visibility) == (INSTRUCTION["instruction"], "departments")
    assert remark.person_key == district["district"].person_key
    assert {"unit_leader@D-URBAN", "unit_handler@D-URBAN"} <= told(district), "who has the case"


@pytest.mark.parametrize("result", [None, "unresolved"])
def test_the_leadership_reads_what_was_decided_at_this_whistle_not_at_one_before(
    district: District, result: str | None
) -> None:
    with moved_to(TUESDAY_NINE):
        case_key = walk.report().case_key
        walk.do(district["officer"], case_key, "triage", walk.TRIAGED)
        for round_, decided in (("resolved", "Shut the gas off."), (result, "Dig the road up.")):
            asked: JsonObject = {"kind": "emergency", "need": "Gas", "called": ["D-URBAN"]}
            whistle_blowing.blow(district["dispatcher"], case_key, asked)
            if round_ is not None:
                rows: JsonObject = {"attendance": [{"presence": "absent"}]}
                rest = "end" if round_ == "resolved" else "wait"
                said: JsonObject = {"decisions": decided, "result": round_, "rest": rest}
                answers: JsonObject = {**RECORDED, **said, **rows}
                walk.do(district["dispatcher"], case_key, "joint_action_record", answers)
    with moved_to(TUESDAY_NINE + timedelta(days=8)):
        deadlines.fire_due()
        task = walk.open_tasks(case_key)["give_instruction"]
    assert task["inputs"]["known"] == (None if result is None else "Dig the road up.")


def test_the_leadership_is_reminded_before_its_time_is_over(district: District) -> None:
    with moved_to(TUESDAY_NINE):
        case_key = refused_for_a_case(district)
    with moved_to(TUESDAY_NINE + timedelta(hours=3)):
        deadlines.fire_due()
        assert told(district, "reminded") == set()
    with moved_to(TUESDAY_NINE + timedelta(hours=6)):
        deadlines.fire_due()
        assert told(district, "reminded") == {"district_dispatcher@DISTRICT"}, (
            "nobody holds the leadership here: the dispatcher of the district stands in"
        )
        (line,) = (each for each in walk.journal_of(case_key) if each["kind"] == "reminded")
        assert line["element_id"] == "give_instruction"
        rung = bell.read_bell(district["district"], language="en").items
        assert [each.step for each in rung if each.line.kind == "reminded"] == ["Give instruction"]
        walk.do(district["district"], case_key, "give_instruction", INSTRUCTION)
    with moved_to(TUESDAY_NINE + timedelta(days=3)):
        deadlines.fire_due()
    assert sum(each["kind"] == "reminded" for each in walk.journal_of(case_key)) == 1


def test_nobody_decides_about_a_case_that_is_over(district: District) -> None:
    case_key = refused_for_a_case(district)
    with transaction() as tx:
        messages.publish(
            tx,
            "CaseWithdrawn",
            correlation_key=str(walk.case_row(case_key)["number"]),
            variables={},
            case_key=case_key,
        )
    assert walk.case_row(case_key)["outcome"] == "withdrawn"
    assert walk.open_tasks(case_key) == {}
    assert told(district) == set()


@pytest.mark.parametrize("rest", ["wait", "end"])
def test_who_was_there_and_may_leave_is_shown_with_the_whistle(
    district: District, rest: str
) -> None:
    found = whistle_blowing.blow(district["dispatcher"], None, SAID)
    before = whistles.read_whistle(district["clerk"], found.whistle_key, language="en")
    assert [each.presence for each in before.departments] == [None, None]
    answers: JsonObject = {**RECORDED, "rest": rest}
    walk.do(district["dispatcher"], found.case_key, "joint_action_record", answers)
    seen = whistles.read_whistle(district["clerk"], found.whistle_key, language="en")
    assert [each.presence for each in seen.departments] == ["leaves", "absent"]
