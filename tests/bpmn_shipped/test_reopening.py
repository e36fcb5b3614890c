"""Reopening: within the time of the table a new case goes on, after it none does."""

from datetime import timedelta
from typing import Any

import pytest

from app.engine.progress import PendingJob
from tests.bpmn_shipped.road import MONDAY, Road

CLOSED = {"outcome": "closed", "close_code": "resolved"}


def reopened(**facts: Any) -> tuple[Road, list[PendingJob]]:
    """Return the whole way of a request, and what the operation was given."""
    opened: list[PendingJob] = []

    def open_linked_case(_road: Road, job: PendingJob) -> None:
        opened.append(job)

    road = Road(
        process="reopening",
        message="ReopeningAsked",
        variables={"cause": "recurred", "reason": "It leaks again.", "reopen_photos": []},
        operations={"open_linked_case": open_linked_case},
        **{"closed_at": MONDAY, **CLOSED, **facts},
    )
    return road, opened


def test_in_time_a_new_case_goes_on_by_the_same_channel() -> None:
    road, opened = reopened(channel="hotline")
    assert road.ends == ["reopened"]
    (job,) = opened
    assert job.inputs == {"channel": "hotline", "reason": "It leaks again."}
    assert job.headers == {"template": "continued"}


@pytest.mark.parametrize(
    ("days", "end"), [(14, "reopened"), (15, "reopened"), (15.01, "too_late"), (90, "too_late")]
)
def test_fifteen_days_by_the_clock(days: float, end: str) -> None:
    road, opened = reopened(closed_at=MONDAY - timedelta(days=days))
    assert road.ends == [end]
    assert len(opened) == (end == "reopened")


@pytest.mark.parametrize(
    "facts",
    [
        {"close_code": "forced"},
        {"outcome": "rejected", "close_code": None},
        {"outcome": "withdrawn", "close_code": None},
        {"outcome": "no_response", "close_code": None},
        {"outcome": None, "close_code": None, "closed_at": None},
    ],
)
def test_what_has_another_way_or_is_not_closed_is_not_reopened(facts: dict[str, Any]) -> None:
    road, opened = reopened(**facts)
    assert road.ends == ["too_late"]
    assert opened == []
    assert road.is_over
