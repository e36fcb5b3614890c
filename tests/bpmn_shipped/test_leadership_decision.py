"""The leadership decides beside a case or a whistle: an instruction that is recorded and told."""

from datetime import datetime
from typing import Any

import pytest

from app.engine.progress import PendingJob
from app.forms import InvalidAnswers
from app.json_types import JsonObject
from tests.bpmn_shipped.road import ZONE, Road

TOLD = ["unit_leader", "unit_handler", "street_dispatcher", "street_leader"]


recorded: list[JsonObject] = []
"""What the operation that records was given."""
reminded: list[JsonObject] = []
"""What the operation that reminds was given."""


def asked(reason: str = "whistle_unresolved", *, whistle: str | None = None, **facts: Any) -> Road:
    """A decision that a whistle of that kind has asked for."""
    return Road(
        process="leadership_decision",
        message="LeadershipAsked",
        operations={"record_instruction": _record, "remind": _remind},
        answers={"whistle_blown": {"need": "Clear it"}},
        variables={"reason": reason, "words": "Two of three came.", "kind": whistle},
        **facts,
    )


def _record(_road: Road, job: PendingJob) -> None:
    recorded.append(job.inputs)


def _remind(_road: Road, job: PendingJob) -> None:
    reminded.append(job.inputs)


@pytest.fixture(autouse=True)
def nothing_recorded() -> None:
    recorded.clear()
    reminded.clear()


def test_the_leadership_of_the_district_is_asked_and_knows_why() -> None:
    road = asked("whistle_refused")
    assert road.task.candidate_groups == ("leadership",)
    assert road.task.inputs == {"asked_because": "whistle_refused", "known": "Two of three came."}


@pytest.mark.parametrize(
    ("kind", "due_at"),
    [
        ("emergency", datetime(2026, 3, 2, 14, 30, tzinfo=ZONE)),
        ("hard_problem", datetime(2026, 3, 3, 9, tzinfo=ZONE)),
        (None, datetime(2026, 3, 3, 9, tzinfo=ZONE)),
    ],
)
def test_how_long_it_has_stands_in_the_table(kind: str | None, due_at: datetime) -> None:
    assert asked(whistle=kind).task.due_at == due_at


def test_an_instruction_with_department_and_time_is_recorded_and_told_by_the_table() -> None:
    road = asked()
    due = datetime(2026, 3, 6, 17, tzinfo=ZONE).isoformat()
    road.complete("give_instruction", instruction="Clear it at once.", lead_unit="D-ENV", due=due)
    (given,) = recorded
    assert (given["instruction"], given["lead_unit"]) == ("Clear it at once.", "D-ENV")
    assert datetime.fromisoformat(str(given["due"])) == datetime(2026, 3, 6, 17, tzinfo=ZONE)
    assert given["tell"] == TOLD
    assert road.ends == ["decided"]
    assert road.sent == [], "a case does not wait for it: it reads its record"
    assert road.warnings == []


def test_nobody_need_be_named_but_something_must_be_said() -> None:
    road = asked()
    with pytest.raises(InvalidAnswers) as refused:
        road.complete("give_instruction", lead_unit="D-ENV")
    assert set(refused.value.errors) == {"instruction"}
    road.complete("give_instruction", instruction="Go on as before.")
    assert (recorded[0]["lead_unit"], recorded[0]["due"]) == (None, None)
    assert road.is_over


def test_a_whistle_without_a_case_waits_for_it() -> None:
    road = asked(kind="whistle")
    road.complete("give_instruction", instruction="Clear it.")
    assert road.ends == ["whistle_told"]
    assert road.sent == ["LeadershipDecided"]
    assert road.thrown[0].correlation_key == road.case["number"]


@pytest.mark.parametrize(
    ("kind", "remind_at"),
    [
        ("emergency", datetime(2026, 3, 2, 11, tzinfo=ZONE)),
        ("hard_problem", datetime(2026, 3, 2, 14, 30, tzinfo=ZONE)),
        (None, datetime(2026, 3, 2, 14, 30, tzinfo=ZONE)),
    ],
)
def test_it_is_reminded_once_before_its_time_is_over_and_still_decides(
    kind: str | None, remind_at: datetime
) -> None:
    road = asked(whistle=kind)
    due_at = road.task.due_at
    assert due_at is not None
    assert road.timers["instruction_reminder"] == remind_at < due_at
    road.wait_until(remind_at)
    assert reminded == [{"step": "give_instruction", "tell": ["leadership", "district_dispatcher"]}]
    assert road.ends == ["reminded"]
    road.wait_until(datetime(2026, 3, 9, 9, tzinfo=ZONE))
    assert len(reminded) == 1
    assert road.timers == {}
    road.complete("give_instruction", instruction="Clear it.")
    assert road.ends == ["reminded", "decided"]
    assert road.is_over


def test_nobody_is_reminded_of_what_was_decided() -> None:
    road = asked()
    road.complete("give_instruction", instruction="Clear it.")
    assert (road.timers, reminded) == ({}, [])


def test_it_ends_with_the_case() -> None:
    road = asked()
    road.send("MasterClosed")
    assert road.is_over
    assert road.ends == ["overtaken"]
    assert road.tasks == ()
    assert recorded == []
