"""Triage passes a case up and down with a reason, and says who dispatches: street or district."""

import pytest

from app.forms import InvalidAnswers
from app.json_types import JsonObject
from tests.support import walk
from tests.support.district import District

UNCLEAR: JsonObject = {"decision": "accept", "severity": "ordinary"}
UP: JsonObject = {"decision": "transfer_up", "transfer_reason": "Two streets share the pipe."}
DOWN: JsonObject = {"decision": "transfer_down", "transfer_reason": "It lies in one of them."}


def unclear() -> int:
    """Return a case of a matter that no department has beyond doubt."""
    return walk.report(minor_class=None).case_key


def dispatchers(case_key: int) -> list[str]:
    """The roles the dispatch of a case is offered to."""
    return [role for role, _unit in walk.open_tasks(case_key)["dispatch"]["offered_to"]]


@pytest.mark.parametrize(
    ("chosen", "level", "by"),
    [
        ("street", "community", "street_dispatcher"),
        (None, "community", "street_dispatcher"),
        ("district", "district", "district_dispatcher"),
    ],
)
def test_who_dispatches_is_chosen_and_nothing_else(
    district: District, chosen: str | None, level: str, by: str
) -> None:
    key = unclear()
    assert walk.open_tasks(key)["triage"]["inputs"]["level"] == "street"
    walk.do(district["officer"], key, "triage", {**UNCLEAR, "level": chosen})
    assert walk.case_row(key)["level"] == level
    assert dispatchers(key) == [by]


@pytest.mark.parametrize("without_effect", ["grid", "community"])
def test_a_level_that_changes_nothing_is_not_offered(
    sqlite_district: District, without_effect: str
) -> None:
    with pytest.raises(InvalidAnswers):
        walk.do(
            sqlite_district["officer"], unclear(), "triage", {**UNCLEAR, "level": without_effect}
        )


def test_the_next_level_reads_why_the_case_came_and_the_district_can_give_it_back(
    district: District,
) -> None:
    key = unclear()
    assert walk.open_tasks(key)["triage"]["inputs"]["passed_reason"] is None
    for login in ("officer", "dispatcher"):
        walk.do(district[login], key, "triage", UP)
        inputs = walk.open_tasks(key)["triage"]["inputs"]
        assert inputs["passed_reason"] == "Two streets share the pipe."
    assert inputs["level"] == "district"
    walk.do(district["district"], key, "triage", {**UNCLEAR, "level": "street"})
    assert walk.case_row(key)["level"] == "street"
    assert dispatchers(key) == ["street_dispatcher"]


def test_who_gets_a_case_from_above_reads_why(district: District) -> None:
    key = unclear()
    walk.do(district["officer"], key, "triage", UP)
    walk.do(district["dispatcher"], key, "triage", DOWN)
    assert walk.open_tasks(key)["triage"]["inputs"]["passed_reason"] == DOWN["transfer_reason"]
