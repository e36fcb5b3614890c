"""Nobody leaves before the matter is settled: a department needs the consent of the street."""

from typing import Any

import pytest

from app.forms import InvalidAnswers
from tests.bpmn_shipped.road import CHOICES, Road
from tests.bpmn_shipped.test_street_whistle_ends import (
    ENV,
    HERE,
    PHOTO,
    RECORDED,
    THREE,
    WATER,
    Log,
    asked,
    asks_leave,
    at,
    commit,
    deliver,
    whistle,
)

TOLD = ["unit_leader", "street_dispatcher", "street_leader", "supervisor"]


@pytest.fixture(autouse=True)
def three_departments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CHOICES, "departments", [{"value": u, "label": u} for u in THREE])


def on_the_spot(log: Log, *units: str, **said: Any) -> Road:
    """A whistle whose departments are there and have committed themselves."""
    road = whistle(log, departments=[*units], **said)
    for unit in units:
        road.complete("acknowledge", unit=unit, who="Wang")
        road.complete("check_in", unit=unit, position=HERE)
        commit(road, unit, promised=at(2, 12))
    return road


def done(road: Road, unit: str) -> None:
    road.complete("deliver", unit=unit, outcome="Cleared", files=PHOTO)


def record(road: Road, *presences: str, **more: Any) -> None:
    rows = [{"presence": each} for each in presences]
    road.complete("joint_action_record", **{**RECORDED, "attendance": rows, **more})


def test_a_department_that_was_there_asks_the_street_when_its_part_is_done() -> None:
    log = Log()
    road = on_the_spot(log, ENV, WATER)
    done(road, ENV)
    task = road.open_task("give_leave")
    assert task.candidate_groups == ("street_dispatcher",)
    assert task.inputs == {"department": ENV, "outcome": "Cleared"}
    assert task.due_at == at(2, 9, 30), "30 minutes in an emergency"
    assert "report_delivered" not in road.ends
    road.complete("give_leave", leave="consented")
    assert log.leaves == {ENV: "consented"}
    assert road.ends.count("report_delivered") == 1
    assert log.told == []


@pytest.mark.parametrize(("street", "role"), [("S-1", "street"), (None, "district")])
def test_where_no_street_is_known_the_district_consents(street: str | None, role: str) -> None:
    log = Log()
    road = asked(log, street=street)
    said = {"decision": "blow", "kind": "emergency", "need": "N", "called": [ENV]}
    road.complete("blow_whistle", actor="7", **said)
    road.complete("acknowledge", who="Wang")
    road.complete("check_in", position=HERE)
    commit(road, ENV, promised=at(2, 12))
    done(road, ENV)
    assert road.open_task("give_leave").candidate_groups == (f"{role}_dispatcher",)


def test_what_is_missing_goes_back_to_the_department_with_time_of_its_own() -> None:
    log = Log()
    road = on_the_spot(log, ENV)
    done(road, ENV)
    with pytest.raises(InvalidAnswers) as refused:
        road.complete("give_leave", leave="refused")
    assert set(refused.value.errors) == {"missing"}
    road.complete("give_leave", leave="refused", missing="The gully is still full.")
    task = road.open_task("deliver")
    assert task.inputs["missing"] == "The gully is still full."
    assert task.due_at == at(3, 9), "the time of the table anew: 1 working day"
    assert log.absent == []
    done(road, ENV)
    assert asks_leave(road, ENV), "it asks again"
    assert road.open_task("give_leave").due_at == at(2, 9, 30)
    road.complete("give_leave", leave="consented")
    assert log.reports[-2:] == [(ENV, "delivered"), (ENV, "delivered")]
    assert road.ends[-1] in ("report_delivered", "reports_over")
    assert road.warnings == []


def test_who_left_without_consent_is_told_and_its_part_scores_what_the_table_says() -> None:
    log = Log()
    road = on_the_spot(log, ENV, WATER)
    deliver(road, WATER)
    deliver(road, ENV, leave="unconsented")
    assert log.told == [TOLD]
    record(road, "left", "leaves")
    assert road.open_task("score_departments").inputs["left_units"] == [ENV]
    given = {"timely": 5, "attended": 5, "solved": 3}
    road.complete("score_departments", scores=[given, given])
    assert [row["attended"] for row in log.scores] == [0, 5]
    assert [row["timely"] for row in log.scores] == [5, 5]
    assert road.ends[-1] == "whistle_closed"
    assert road.warnings == []


@pytest.mark.parametrize("presence", ["leaves", "left"])
def test_whom_the_record_has_spoken_of_already_is_not_asked_about_again(presence: str) -> None:
    log = Log()
    road = on_the_spot(log, ENV)
    record(road, presence)
    done(road, ENV)
    assert not asks_leave(road, ENV)
    assert road.task.element_id == "score_departments"
    assert road.task.inputs["left_units"] == ([ENV] if presence == "left" else [])


def test_who_does_not_leave_yet_by_the_record_asks_when_its_part_is_done() -> None:
    road = on_the_spot(Log(), ENV)
    record(road, "stays")
    done(road, ENV)
    assert asks_leave(road, ENV)


def test_who_never_came_needs_nobodys_consent() -> None:
    log = Log()
    road = whistle(log, departments=[ENV])
    road.wait_until(at(2, 9, 30))
    commit(road, ENV, promised=at(2, 12))
    done(road, ENV)
    assert road.ends[-1] == "reports_over"
    assert log.leaves == {}


def test_who_came_late_needs_it_too() -> None:
    log = Log()
    road = whistle(log, departments=[ENV])
    road.wait_until(at(2, 9, 30))
    road.complete("check_in", position=HERE)
    commit(road, ENV, promised=at(2, 12))
    done(road, ENV)
    assert asks_leave(road, ENV)


def test_a_whistle_that_the_street_ends_lets_everybody_go() -> None:
    log = Log()
    road = on_the_spot(log, ENV)
    done(road, ENV)
    record(road, "stays", rest="end")
    assert road.task.element_id == "score_departments"
    assert road.task.inputs["left_units"] == []
