"""The shipped main process with its shipped tables, on the engine alone."""

from typing import Any

import pytest

from app import dmn
from app.engine import definition
from app.engine.definition import Definition
from tests.engine.first_road import BPMN, CaseHost
from tests.engine.host import Host

TO_RATING = ("triage", "dispatch", "sign_for", "handle", "review_result", "close")


@pytest.fixture(scope="module")
def shipped() -> Definition:
    tables = [dmn.load((BPMN / f"{name}.dmn").read_bytes()) for name in ("limits", "duty_list")]
    decisions = {name: table for table in tables for name in table.decisions}
    files = {"grid_case": (BPMN / "grid_case.bpmn").read_bytes()}
    return definition.load(files, "grid_case", decisions=decisions)


def drive(host: Host, *steps: str, **answers: Any) -> Host:
    for step in steps:
        if step in host.open:
            host.do(step, **answers)
    return host


def passing(shipped: Definition) -> Host:
    host = CaseHost(shipped).start("CaseReported")
    return drive(host, *TO_RATING, decision="accept", sign="sign", verdict="pass")


def test_report_is_rejected(shipped: Definition) -> None:
    host = CaseHost(shipped).start("CaseReported").do("triage", decision="reject")
    assert host.is_completed
    assert host.done[-2:] == ["notify_reporter", "close_case"]
    assert host.passed["rejected"] == 1


def test_case_is_rated_at_the_end(shipped: Definition) -> None:
    host = passing(shipped)
    (waiting,) = host.run.subscriptions
    assert (waiting.message_name, waiting.correlation_key) == ("RatingReceived", "2026-000123")
    assert host.send("RatingReceived", key="2026-000123", grade=5).is_completed
    assert host.passed["rated_end"] == 1


def test_case_nobody_rates_ends_as_well(shipped: Definition) -> None:
    assert passing(shipped).tick(days=16).passed["unrated_end"] == 1


def test_silence_counts_as_signing(shipped: Definition) -> None:
    host = CaseHost(shipped).start("CaseReported")
    drive(host, "triage", "dispatch", decision="accept")
    assert host.open == ["sign_for"]
    host.tick(days=30)
    assert host.open == ["handle"]
    assert "auto_sign" in host.done


def test_rework_comes_back_to_the_handler_and_counts(shipped: Definition) -> None:
    host = CaseHost(shipped).start("CaseReported")
    drive(host, "triage", "dispatch", "sign_for", decision="accept", sign="sign")
    for number in (1, 2):
        host.do("handle", actor="7").do("review_result", verdict="rework")
        assert (host.open, host.variables["rework_count"]) == (["handle"], number)
    assert host.do("handle", actor="7").task("review_result").properties["notActor"] == "7"


def test_state_of_an_open_case_stays_far_below_four_kilobytes(shipped: Definition) -> None:
    assert passing(shipped).largest_state < 1000
