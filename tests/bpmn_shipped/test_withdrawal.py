"""A withdrawal is asked for beside the case, and somebody of the district decides."""

import pytest

from app.forms import InvalidAnswers
from tests.bpmn_shipped.road import MONDAY, Road


def asked(**facts: object) -> Road:
    return Road(
        process="withdrawal",
        message="WithdrawalAsked",
        variables={"reason": "It was my own car."},
        established_at=MONDAY,
        **facts,
    )


def test_a_granted_withdrawal_tells_the_case() -> None:
    road = asked()
    assert road.task.inputs == {"withdrawal_reason": "It was my own car."}
    assert road.task.due_at is not None
    road.complete("confirm_withdrawal", verdict="grant")
    assert road.is_over
    assert road.sent == ["CaseWithdrawn"]
    assert road.thrown[0].correlation_key == road.case["number"]
    assert road.ends == ["granted"]
    assert road.letters == [], "the case itself tells its reporter"


def test_a_refused_one_tells_the_reporter_why() -> None:
    road = asked()
    with pytest.raises(InvalidAnswers) as refused:
        road.complete("confirm_withdrawal", verdict="refuse")
    assert set(refused.value.errors) == {"reason"}
    road.complete("confirm_withdrawal", verdict="refuse", reason="It endangers others.")
    assert road.ends == ["refused"]
    assert road.letters == ["withdrawal_denied"]
    assert road.sent == []


def test_it_ends_with_the_case() -> None:
    road = asked()
    road.send("MasterClosed")
    assert road.is_over
    assert road.ends == ["overtaken"]
    assert road.tasks == ()


@pytest.mark.parametrize(
    ("facts", "groups"),
    [
        ({"established_at": None}, ("community_officer", "street_dispatcher")),
        ({}, ("street_dispatcher",)),
        ({"level": "district"}, ("district_dispatcher",)),
        ({"street": None}, ("district_dispatcher",)),
    ],
)
def test_who_decides_follows_from_where_the_case_stands(
    facts: dict[str, None], groups: tuple[str, ...]
) -> None:
    road = Road(
        process="withdrawal",
        message="WithdrawalAsked",
        variables={"reason": None},
        **{"established_at": MONDAY} | facts,
    )
    assert road.task.candidate_groups == groups
