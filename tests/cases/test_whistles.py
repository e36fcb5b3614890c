"""Whistles in the database: blown on their own or for a case, seen, checked in, absent, scored."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app import ROOT
from app.cases import deadlines, inbox, messages, whistle_blowing, whistle_code, whistles
from app.cases.attachments import Upload, keep_upload
from app.cases.designs import deploy
from app.cases.handling import complete_task
from app.cases.setup import shipped_files
from app.cases.whistle_code import CodeExpired, ForeignCode
from app.cases.whistle_operations import metres_between
from app.cases.whistles import Department, NoCheckIn, WhistlePage
from app.clock import moved_to
from app.errors import CaseBusy, Forbidden, NotFound
from app.forms import InvalidAnswers
from app.json_types import Json, JsonObject
from app.organisation.actor import Actor
from app.store.db import reading, transaction
from app.store.tables.cases import submission
from app.store.tables.delivery import notice
from app.store.tables.runtime import user_task
from tests.support import walk
from tests.support.callback import PIXEL
from tests.support.district import TUESDAY_NINE, District

PLACE = {"lat": 40.005, "lon": 116.005}
SAID: JsonObject = {
    "kind": "emergency",
    "need": "Gas smell, everybody out 疏散居民",
    "minor_class": "A05",
    "called": ["D-URBAN", "D-PARKS", "D-WATER"],
    "address": "Sunshine estate",
    "location": PLACE,
}

PROMISED = "2099-01-01T10:00:00+08:00"
ENDED: JsonObject = {
    "minutes": "Done",
    "decisions": "None",
    "rest": "end",
    "attendance": [{"presence": "leaves"}],
}


def blown(district: District, **more: Any) -> whistle_blowing.Blown:
    return whistle_blowing.blow(district["dispatcher"], None, {**SAID, **more})


def page(actor: Actor, key: int) -> WhistlePage:
    return whistles.read_whistle(actor, key, language="en")


def step(district: District, key: int, unit: str, element_id: str, **answers: Any) -> None:
    """Do the open step of a department, by whoever may."""
    unit_key = district.units[unit]
    for actor in district.actors.values():
        try:
            seen = page(actor, key)
        except NotFound:
            continue
        for each in seen.departments:
            if each.report.unit_key != unit_key:
                continue
            for found in each.steps:
                if found.may_take and found.task.element_id == element_id:
                    task = found.task
                    complete_task(actor, task.key, answers, seen_version=task.version)
                    return
    raise AssertionError(f"nobody may do {element_id} of {unit}")


def open_steps(department: Department) -> list[str]:
    return [each.task.element_id for each in department.steps]


def states(seen: WhistlePage, district: District) -> dict[str, tuple[str, bool]]:
    names = {key: code for code, key in district.units.items()}
    return {
        names[each.report.unit_key]: (each.report.state, each.is_absent)
        for each in seen.departments
    }


def test_a_whistle_on_its_own_is_a_case_of_its_own_kind(district: District) -> None:
    with moved_to(TUESDAY_NINE):
        found = blown(district)
    case = walk.case_row(found.case_key)
    assert (case["kind"], case["severity"], case["major_class"]) == ("whistle", "emergency", "A")
    assert case["street_key"] == district.units["S01"]
    assert case["grid_key"] == district.units["S01-C01-G01"]
    seen = page(district["dispatcher"], found.whistle_key)
    assert seen.row.check_in_by == TUESDAY_NINE + timedelta(minutes=30)
    assert states(seen, district) == {
        "D-URBAN": ("called", False),
        "D-PARKS": ("called", False),
        "D-WATER": ("called", False),
    }
    assert seen.is_street


def test_three_departments_one_of_which_is_absent(district: District) -> None:
    with moved_to(TUESDAY_NINE):
        key = blown(district).whistle_key
        for unit, how in (("D-URBAN", ";device;8"), ("D-PARKS", ";map")):
            step(district, key, unit, "acknowledge", who="Wang 138")
            step(district, key, unit, "check_in", position=f"40.0051,116.0051{how}")
    with moved_to(TUESDAY_NINE + timedelta(minutes=31)):
        deadlines.fire_due()
    seen = page(district["dispatcher"], key)
    assert states(seen, district) == {
        "D-URBAN": ("checked_in", False),
        "D-PARKS": ("checked_in", False),
        "D-WATER": ("called", True),
    }
    urban, parks, water = (each.report for each in seen.departments)
    assert (urban.proof, urban.distance_m) == (
        "position",
        metres_between((40.0051, 116.0051), (40.005, 116.005)),
    )
    assert (parks.proof, parks.distance_m) == ("stated", urban.distance_m)
    assert (water.absent_step, water.absent_at) == (
        "check_in",
        TUESDAY_NINE + timedelta(minutes=31),
    )
    assert told(district) == {
        "supervisor@DISTRICT",
        "street_dispatcher@S01",
        "district_dispatcher@DISTRICT",
    }, "nobody leads D-WATER or the street here: the next unit up hears of it"


def on_the_spot(district: District, key: int, unit: str) -> None:
    """Take a department as far as having delivered, on the spot."""
    step(district, key, unit, "acknowledge", who="Wang 138")
    step(district, key, unit, "check_in", position="40.0051,116.0051;device;8")
    step(district, key, unit, "commit", tasks="Shut it", owner="Li", promised_at=PROMISED)
    delivered(district, key, unit)


def delivered(district: District, key: int, unit: str) -> None:
    seen = page(district["dispatcher"], key)
    (department,) = (e for e in seen.departments if e.report.unit_key == district.units[unit])
    (task,) = (each.task for each in department.steps if each.task.element_id == "deliver")
    upload = Upload(file_name="shut.png", content=PIXEL, kind="evidence")
    kept = keep_upload(upload, blobs=district.app.extensions["blobs"], task_key=task.key)
    step(district, key, unit, "deliver", outcome="Shut", evidence=[str(kept.key)])


def leaves(district: District, key: int) -> list[tuple[str | None, bool]]:
    seen = page(district["dispatcher"], key)
    return [(each.report.leave, each.asks_leave) for each in seen.departments]


def test_departments_leave_with_the_consent_of_the_street_only(district: District) -> None:
    with moved_to(TUESDAY_NINE):
        found = blown(district, called=["D-URBAN", "D-PARKS"])
        key = found.whistle_key
        for unit in ("D-URBAN", "D-PARKS"):
            on_the_spot(district, key, unit)
        assert leaves(district, key) == [(None, True), (None, True)]
        step(district, key, "D-URBAN", "give_leave", leave="refused", missing="It still leaks.")
        assert leaves(district, key) == [("refused", False), (None, True)]
        urban = page(district["clerk"], key).departments[0]
        assert (urban.report.state, urban.report.delivered_at) == ("committed", None)
        (task,) = (each.task for each in urban.steps)
        assert task.element_id == "deliver"
        delivered(district, key, "D-URBAN")
        step(district, key, "D-URBAN", "give_leave", leave="consented")
        step(district, key, "D-PARKS", "give_leave", leave="unconsented")
        assert leaves(district, key) == [("consented", False), ("unconsented", False)]
        assert "unit_leader@D-PARKS" in told(district, "whistle_left")
        assert "unit_leader@D-URBAN" not in told(district, "whistle_left")
        rows = [{"presence": "leaves"}, {"presence": "left"}]
        record: JsonObject = {**ENDED, "result": "resolved", "attendance": [*rows]}
        walk.do(district["dispatcher"], found.case_key, "joint_action_record", record)
        points: JsonObject = {"timely": 5, "attended": 5, "solved": 5}
        scores: JsonObject = {"scores": [points, points]}
        walk.do(district["dispatcher"], found.case_key, "score_departments", scores)
    seen = page(district["dispatcher"], key)
    assert [each.report.attended for each in seen.departments] == [5, 0]
    assert [each.detail for each in seen.happened if each.kind == "leave"] == [
        "consented",
        "unconsented",
    ]
    journal = [line["kind"] for line in walk.journal_of(found.case_key)]
    assert journal.count("department_leave_unconsented") == 1, "the record does not say it twice"


def test_who_left_by_the_record_alone_is_told_and_scored_so_at_once(district: District) -> None:
    found = blown(district, called=["D-PARKS"])
    left: JsonObject = {**ENDED, "result": "resolved", "attendance": [{"presence": "left"}]}
    walk.do(district["dispatcher"], found.case_key, "joint_action_record", left)
    assert leaves(district, found.whistle_key) == [("unconsented", False)]
    assert "unit_leader@D-PARKS" in told(district, "whistle_left")
    task = walk.open_tasks(found.case_key)["score_departments"]
    assert task["inputs"]["left_units"] == ["D-PARKS"]


def told(district: District, kind: str = "whistle_absent") -> set[str]:
    """Whom notices of a kind went to, as role@unit."""
    codes = {key: code for code, key in district.units.items()}
    with reading() as connection:
        query = select(notice.c.role, notice.c.unit_key).where(notice.c.kind == kind)
        return {f"{role}@{codes[key]}" for role, key in connection.execute(query)}


def test_the_leader_of_the_absent_department_is_told(district: District) -> None:
    with moved_to(TUESDAY_NINE):
        blown(district, called=["D-PARKS"])
    with moved_to(TUESDAY_NINE + timedelta(minutes=11)):
        deadlines.fire_due()
    assert "unit_leader@D-PARKS" in told(district)


def test_whom_an_absence_is_told_stands_in_the_table(district: District) -> None:
    files = shipped_files(ROOT)
    usual = b'["unit_leader", "street_dispatcher", "street_leader", "supervisor"]'
    table = files["bpmn/whistle_limits.dmn"]
    assert usual in table
    files["bpmn/whistle_limits.dmn"] = table.replace(usual, b'["leadership", "unit_clerk"]')
    deploy(files, actor=None)
    with moved_to(TUESDAY_NINE):
        blown(district, called=["D-URBAN"])
    with moved_to(TUESDAY_NINE + timedelta(minutes=11)):
        deadlines.fire_due()
    assert told(district) == {"district_dispatcher@DISTRICT", "unit_clerk@D-URBAN"}


def test_what_is_not_settled_is_told_to_the_district(district: District) -> None:
    with moved_to(TUESDAY_NINE):
        blown(district, called=["D-URBAN"])
    with moved_to(TUESDAY_NINE + timedelta(days=8)):
        deadlines.fire_due()
    assert told(district, "whistle_unresolved") == {
        "district_dispatcher@DISTRICT",
        "supervisor@DISTRICT",
    }


@pytest.mark.parametrize("result", ["resolved", "partly", "unresolved"])
def test_what_the_street_recorded_in_time_is_told_as_late_only_where_it_is_unresolved(
    district: District, result: str
) -> None:
    with moved_to(TUESDAY_NINE):
        found = blown(district, called=["D-URBAN"])
        step(district, found.whistle_key, "D-URBAN", "acknowledge", who="W")
        step(district, found.whistle_key, "D-URBAN", "check_in", position="40.005,116.005")
        later: JsonObject = {"tasks": "Dig", "owner": "W", "promised_at": PROMISED}
        step(district, found.whistle_key, "D-URBAN", "commit", **later)
        answers: JsonObject = {**ENDED, "rest": "wait", "result": result}
        walk.do(district["dispatcher"], found.case_key, "joint_action_record", answers)
    with moved_to(TUESDAY_NINE + timedelta(days=8)):
        deadlines.fire_due()
    is_late = result == "unresolved"
    assert bool(told(district, "whistle_unresolved")) is is_late
    journal = [each["kind"] for each in walk.journal_of(found.case_key)]
    assert ("whistle_unresolved" in journal) is is_late
    assert page(district["dispatcher"], found.whistle_key).row.result == result
    assert "score_departments" in walk.open_tasks(found.case_key)


def test_who_is_too_far_away_is_told_how_far(district: District) -> None:
    with moved_to(TUESDAY_NINE):
        key = blown(district).whistle_key
        step(district, key, "D-URBAN", "acknowledge", who="Wang")
        step(district, key, "D-URBAN", "check_in", position="40.02,116.005")
        (urban, *_rest) = page(district["clerk"], key).departments
    assert urban.report.state == "acknowledged"
    assert open_steps(urban) == ["check_in"]
    lines = walk.journal_of(page(district["clerk"], key).row.case_key)
    (told,) = (line["data"] for line in lines if line["kind"] == "department_too_far")
    assert told["distance"] == 1668


def test_the_code_proves_that_somebody_is_there(district: District) -> None:
    with moved_to(TUESDAY_NINE):
        key = blown(district).whistle_key
        with pytest.raises(NoCheckIn):
            whistles.check_in_by_code(district["clerk"], key, "anything")
        step(district, key, "D-URBAN", "acknowledge", who="Wang")
        with pytest.raises(ForeignCode):
            whistles.check_in_by_code(district["clerk"], key, "wrong")
        assert page(district["clerk"], key).departments[0].report.state == "acknowledged"
        code = page(district["dispatcher"], key).row.code
        assert whistles.find_check_in(district["clerk"], key, code) == district.units["D-URBAN"]
        whistles.check_in_by_code(district["clerk"], key, code)
        (urban, *_rest) = page(district["clerk"], key).departments
    assert (urban.report.state, urban.report.proof) == ("checked_in", "code")
    case_key = page(district["clerk"], key).row.case_key
    assert [inbox.next_of_case(district["clerk"], case_key)] == [
        each.task.key for each in urban.steps
    ]


def test_the_code_of_another_whistle_is_refused_and_named_in_the_journal(
    district: District,
) -> None:
    with moved_to(TUESDAY_NINE):
        key = blown(district, called=["D-URBAN"]).whistle_key
        other = blown(district, called=["D-URBAN"]).whistle_key
        foreign = page(district["dispatcher"], other).row.code
        step(district, key, "D-URBAN", "acknowledge", who="Wang")
        with pytest.raises(ForeignCode):
            whistles.find_check_in(district["clerk"], key, foreign)
        step(district, key, "D-URBAN", "check_in", position="", code=foreign)
    (urban,) = page(district["clerk"], key).departments
    assert (urban.report.state, open_steps(urban)) == ("acknowledged", ["check_in"])
    (asked,) = urban.steps
    case_key = page(district["clerk"], key).row.case_key
    assert walk.open_tasks(case_key)["check_in"]["key"] == asked.task.key
    assert walk.open_tasks(case_key)["check_in"]["inputs"]["is_code_right"] is False
    kinds = [line["kind"] for line in walk.journal_of(case_key)]
    assert "department_wrong_code" in kinds
    assert "department_too_far" not in kinds


def test_the_code_ends_with_its_whistle(district: District) -> None:
    with moved_to(TUESDAY_NINE):
        key = blown(district, called=["D-URBAN"]).whistle_key
        step(district, key, "D-URBAN", "acknowledge", who="Wang")
        seen = page(district["dispatcher"], key)
        whistles.demand_code(district["dispatcher"], seen)
        answers = {**ENDED, "result": "resolved"}
        walk.do(district["dispatcher"], seen.row.case_key, "joint_action_record", answers)
    with pytest.raises(CodeExpired):
        whistles.check_in_by_code(district["clerk"], key, seen.row.code)
    with pytest.raises(CodeExpired):
        whistles.demand_code(district["dispatcher"], page(district["dispatcher"], key))


@pytest.mark.parametrize(
    ("given", "ended_at", "counts"),
    [
        ("7K3M-Q9XT-0B2D", None, True),
        ("7k3mq9xt0b2d", None, True),
        (" 7K3M Q9XT OB2D ", None, True),
        ("7K3M-Q9XT-0B2D", TUESDAY_NINE, False),
        ("7K3M-Q9XT-0B2E", None, False),
        ("7K3M-Q9XT", None, False),
        ("秘密", None, False),
        ("", None, False),
    ],
)
def test_a_code_counts_when_it_is_the_whistles_and_the_whistle_runs(
    given: str, ended_at: datetime | None, counts: bool
) -> None:
    assert whistle_code.is_right(given, kept="7K3M-Q9XT-0B2D", ended_at=ended_at) is counts


def test_every_whistle_has_a_code_of_its_own_that_can_be_read_out() -> None:
    codes = {whistle_code.new() for _ in range(200)}
    assert len(codes) == 200
    assert all(
        re.fullmatch(r"(?:[0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}", c) for c in codes
    )


def test_the_code_is_not_kept_where_the_answers_are_read(district: District) -> None:
    with moved_to(TUESDAY_NINE):
        key = blown(district, called=["D-URBAN"]).whistle_key
        step(district, key, "D-URBAN", "acknowledge", who="Wang")
        row = page(district["dispatcher"], key).row
        whistles.check_in_by_code(district["clerk"], key, row.code)
    with reading() as connection:
        kept = connection.execute(select(submission.c.answers)).scalars().all()
        variables = connection.execute(select(user_task.c.inputs)).scalars().all()
    assert row.code not in str([walk.case_row(row.case_key)["answers"], kept, variables])


def test_what_a_department_commits_itself_to_is_kept(district: District) -> None:
    with moved_to(TUESDAY_NINE):
        found = blown(district, called=["D-URBAN"])
        key = found.whistle_key
        step(district, key, "D-URBAN", "acknowledge", who="Wang")
        step(district, key, "D-URBAN", "check_in", position="40.005,116.005")
        step(
            district,
            key,
            "D-URBAN",
            "commit",
            tasks="Shut the main",
            owner="Li",
            promised_at="2026-11-24T18:00:00+08:00",
        )
    seen = page(district["dispatcher"], key)
    assert seen.departments[0].report.tasks == "Shut the main"
    assert [each.task.element_id for each in seen.own_steps] == ["joint_action_record"]
    assert seen.own_steps[0].may_take


def test_a_whistle_for_a_case_leaves_it_its_own_process(district: District) -> None:
    case_key = walk.report().case_key
    with pytest.raises(InvalidAnswers) as refused:
        whistle_blowing.blow(district["dispatcher"], case_key, {"kind": "emergency"})
    assert set(refused.value.errors) == {"need", "called"}
    found = whistle_blowing.blow(
        district["dispatcher"],
        case_key,
        {"kind": "hard_problem", "need": "Help", "called": ["D-URBAN"]},
    )
    assert found.case_key == case_key
    assert walk.case_row(case_key)["kind"] == "case"
    assert {"triage", "approve_whistle"} <= set(walk.open_tasks(case_key))
    seen = page(district["dispatcher"], found.whistle_key)
    assert [each.step for each in seen.own_steps] == ["Approve whistle"]


def test_a_closed_case_needs_no_whistle(district: District) -> None:
    found = blown(district, kind="hard_problem")
    walk.do(
        district["district"],
        found.case_key,
        "approve_whistle",
        {"decision": "refuse", "reason": "We can do it alone."},
    )
    case = walk.case_row(found.case_key)
    assert (case["outcome"], case["closed_at"] is None) == ("rejected", False)
    assert page(district["dispatcher"], found.whistle_key).row.result == "not_approved"
    with pytest.raises(CaseBusy):
        whistle_blowing.blow(district["dispatcher"], found.case_key, SAID)


def test_only_streets_and_the_district_blow(district: District) -> None:
    with pytest.raises(Forbidden):
        whistle_blowing.blow(district["clerk"], None, SAID)
    with pytest.raises(Forbidden):
        whistle_blowing.read_blow_form(district["officer"], None, language="en")


def test_whoever_is_not_called_does_not_see_it(district: District) -> None:
    key = blown(district, called=["D-URBAN"]).whistle_key
    assert page(district["clerk"], key).sees_case
    with pytest.raises(NotFound):
        page(district["parks_clerk"], key)
    assert not page(district["clerk"], key).is_street
    with pytest.raises(NotFound):
        whistles.demand_code(district["clerk"], page(district["clerk"], key))


def test_the_list_holds_what_runs_for_whom_it_concerns(district: District) -> None:
    with moved_to(TUESDAY_NINE):
        key = blown(district, called=["D-URBAN", "D-WATER"]).whistle_key
    with moved_to(TUESDAY_NINE + timedelta(minutes=11)):
        deadlines.fire_due()
    for login in ("dispatcher", "supervisor", "clerk"):
        (listed,) = whistles.read_list(district[login]).running
        assert listed.line.row.key == key
        assert (listed.called, listed.delivered, listed.absent) == (2, 0, 2)
    assert whistles.read_list(district["parks_clerk"]).running == ()
    with pytest.raises(Forbidden):
        whistles.read_list(district["worker"])


def test_departments_are_proposed_by_the_duty_list(district: District) -> None:
    case_key = walk.report(minor_class="A05").case_key
    form = whistle_blowing.read_blow_form(district["dispatcher"], case_key, language="en")
    fields = {node.name: node for node in form.form.children if hasattr(node, "name")}
    ticked = {o.token for o in fields["called"].options if o.is_selected}
    assert ticked == {"D-URBAN", "D-ENV", "D-MARKET"}
    assert "A05" in fields["basis"].value


def test_distances_are_measured_on_the_globe() -> None:
    assert metres_between((40.0, 116.0), (40.0, 116.0)) == 0
    assert metres_between((40.0, 116.0), (40.001, 116.0)) == 111
    assert metres_between((40.0, 116.0), (40.0, 116.001)) == 85


def asked(case_key: int) -> None:
    """Let the case ask for a whistle, as a department does that cannot go on alone."""
    number = str(walk.case_row(case_key)["number"])
    with transaction() as tx:
        messages.publish(
            tx,
            whistle_blowing.BLOWN,
            correlation_key=number,
            variables={"is_linked": True, "need": "Three departments are needed."},
            case_key=case_key,
        )


def ended(case_key: int) -> list[Json]:
    """How the whistles of a case ended, as its journal has it."""
    lines = walk.journal_of(case_key)
    return [line["data"]["result"] for line in lines if line["kind"] == "whistle_ended"]


def test_a_case_that_asks_for_a_whistle_is_told_how_it_ended(district: District) -> None:
    case_key = walk.report().case_key
    asked(case_key)
    assert whistles.read_list(district["dispatcher"]).running == (), "nobody has blown it yet"
    answers = {"decision": "not_needed", "not_needed_reason": "You can do it alone."}
    walk.do(district["dispatcher"], case_key, "blow_whistle", answers)
    assert ended(case_key) == ["not_blown"]


def test_a_whistle_a_case_asked_for_is_blown_by_its_street(district: District) -> None:
    case_key = walk.report(minor_class="A05").case_key
    asked(case_key)
    task = walk.open_tasks(case_key)["blow_whistle"]
    assert task["inputs"]["called"] == ["D-URBAN", "D-ENV", "D-MARKET"]
    walk.do(
        district["dispatcher"],
        case_key,
        "blow_whistle",
        {"decision": "blow", "kind": "emergency", "need": "Fumes", "called": ["D-URBAN"]},
    )
    (listed,) = whistles.read_list(district["clerk"]).running
    assert listed.line.row.blown_by == district["dispatcher"].person_key
    answers = {**ENDED, "result": "partly"}
    walk.do(district["dispatcher"], case_key, "joint_action_record", answers)
    assert ended(case_key) == ["partly"]
    assert "acknowledge" not in walk.open_tasks(case_key)
    assert "score_departments" in walk.open_tasks(case_key)


def test_who_comes_late_is_no_longer_absent(district: District) -> None:
    with moved_to(TUESDAY_NINE):
        key = blown(district, called=["D-URBAN"]).whistle_key
    with moved_to(TUESDAY_NINE + timedelta(minutes=11)):
        deadlines.fire_due()
        assert states(page(district["clerk"], key), district) == {"D-URBAN": ("called", True)}
    with moved_to(TUESDAY_NINE + timedelta(minutes=20)):
        step(district, key, "D-URBAN", "check_in", position="40.005,116.005")
    assert states(page(district["clerk"], key), district) == {"D-URBAN": ("checked_in", False)}


def test_who_missed_the_check_in_arrives_late_and_stays_on_record(district: District) -> None:
    with moved_to(TUESDAY_NINE):
        key = blown(district, called=["D-URBAN"]).whistle_key
        step(district, key, "D-URBAN", "acknowledge", who="Wang")
    with moved_to(TUESDAY_NINE + timedelta(minutes=30)):
        deadlines.fire_due()
        (urban,) = page(district["clerk"], key).departments
        assert (urban.is_absent, urban.late_by) == (True, None)
        assert set(open_steps(urban)) == {"check_in", "commit"}
    with moved_to(TUESDAY_NINE + timedelta(minutes=44, seconds=10)):
        code = page(district["dispatcher"], key).row.code
        whistles.check_in_by_code(district["clerk"], key, code)
    seen = page(district["clerk"], key)
    (urban,) = seen.departments
    assert (urban.report.state, urban.is_absent) == ("checked_in", False)
    assert urban.late_by == timedelta(minutes=15)
    assert urban.report.absent_step == "check_in"
    assert open_steps(urban) == ["commit"]
    assert [each.kind for each in seen.happened][-2:] == ["absent", "arrived_late"]
    (there,) = (
        line["data"]
        for line in walk.journal_of(seen.row.case_key)
        if line["kind"] == "department_checked_in"
    )
    assert there["late_minutes"] == 15


def test_who_comes_after_committing_is_as_far_as_before(district: District) -> None:
    with moved_to(TUESDAY_NINE):
        key = blown(district, called=["D-URBAN"]).whistle_key
    with moved_to(TUESDAY_NINE + timedelta(minutes=30)):
        deadlines.fire_due()
        promised = "2026-11-24T18:00:00+08:00"
        step(district, key, "D-URBAN", "commit", tasks="Shut", owner="Li", promised_at=promised)
        assert states(page(district["clerk"], key), district) == {"D-URBAN": ("committed", True)}
    with moved_to(TUESDAY_NINE + timedelta(minutes=50)):
        step(district, key, "D-URBAN", "check_in", position="40.005,116.005")
    (urban,) = page(district["clerk"], key).departments
    assert (urban.report.state, urban.is_absent) == ("committed", False)
    assert urban.late_by == timedelta(minutes=20)


def test_a_handler_asks_for_coordination_and_goes_on_when_the_whistle_is_over(
    district: District,
) -> None:
    case_key = walk.report().case_key
    walk.do(district["officer"], case_key, "triage", walk.TRIAGED)
    walk.do(district["clerk"], case_key, "sign_for", walk.SIGNED)
    needs = {
        **walk.HANDLED,
        "result": "needs_coordination",
        "unresolved_reason": "The pipe belongs to another department.",
    }
    walk.do(district["handler"], case_key, "handle", needs)
    assert set(walk.open_tasks(case_key)) == {"blow_whistle"}
    task = walk.open_tasks(case_key)["blow_whistle"]
    assert task["inputs"]["need"] == "The pipe belongs to another department."
    walk.do(
        district["dispatcher"],
        case_key,
        "blow_whistle",
        {"decision": "blow", "kind": "emergency", "need": "Pipe", "called": ["D-WATER"]},
    )
    assert set(walk.open_tasks(case_key)) == {"acknowledge", "joint_action_record"}
    answers = {**ENDED, "result": "resolved"}
    walk.do(district["dispatcher"], case_key, "joint_action_record", answers)
    assert set(walk.open_tasks(case_key)) == {"handle", "score_departments"}
