"""Working on tasks through the use cases, on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.cases import deadlines
from app.cases.handling import (
    AnotherPersonNeeded,
    claim_task,
    complete_task,
    release_task,
    save_draft,
)
from app.clock import moved_to
from app.errors import CaseBusy, Forbidden, NotFound
from app.forms.read import InvalidAnswers
from tests.support import walk
from tests.support.district import TUESDAY_NINE, District


def signed(district: District) -> int:
    """Return the key of a case that its department has signed for."""
    case_key = walk.report().case_key
    walk.do(district["officer"], case_key, "triage", walk.TRIAGED)
    walk.do(district["clerk"], case_key, "sign_for", walk.SIGNED)
    return case_key


def test_a_case_walks_from_report_to_close(district: District) -> None:
    case_key = signed(district)
    walk.do(district["handler"], case_key, "handle", walk.HANDLED)
    walk.do(district["leader"], case_key, "review_result", walk.PASSED)
    walk.do(district["worker"], case_key, "site_check", walk.CHECKED)
    walk.rate(case_key)
    done = walk.do(district["dispatcher"], case_key, "close", walk.CLOSED)
    row = walk.case_row(case_key)
    assert done.is_case_closed
    assert (row["outcome"], row["close_code"]) == ("closed", "resolved")
    assert row["handled_at"] is not None
    assert not walk.open_tasks(case_key)


def test_second_click_gets_case_busy(district: District) -> None:
    case_key = walk.report().case_key
    task = walk.open_tasks(case_key)["triage"]
    actor = district["officer"]
    complete_task(actor, task["key"], walk.TRIAGED, seen_version=task["version"])
    before = walk.case_row(case_key)
    with pytest.raises(CaseBusy):
        complete_task(actor, task["key"], walk.TRIAGED, seen_version=task["version"])
    assert walk.case_row(case_key) == before


def test_a_task_offered_to_others_is_forbidden(district: District) -> None:
    case_key = walk.report().case_key
    task = walk.open_tasks(case_key)["triage"]
    with pytest.raises(Forbidden):
        complete_task(district["handler"], task["key"], walk.TRIAGED, seen_version=1)
    assert walk.open_tasks(case_key)["triage"] == task


def test_invalid_answers_change_nothing(district: District) -> None:
    case_key = walk.report().case_key
    task = walk.open_tasks(case_key)["triage"]
    with pytest.raises(InvalidAnswers) as refused:
        complete_task(district["officer"], task["key"], {"decision": "perhaps"}, seen_version=1)
    assert "decision" in refused.value.errors
    assert walk.open_tasks(case_key)["triage"] == task


def test_there_is_no_such_task(district: District) -> None:
    with pytest.raises(NotFound):
        complete_task(district["officer"], 999_999_999, {}, seen_version=1)


def test_a_claimed_task_is_its_claimants_until_released(district: District) -> None:
    case_key = walk.report().case_key
    task = walk.open_tasks(case_key)["triage"]
    officer = district["officer"]
    claim_task(officer, task["key"], seen_version=1)
    with pytest.raises(CaseBusy):
        claim_task(officer, task["key"], seen_version=1)
    save_draft(officer, task["key"], {"comment": "half a sentence"})
    claimed = walk.open_tasks(case_key)["triage"]
    assert (claimed["assignee_key"], claimed["version"]) == (officer.person_key, 2)
    assert claimed["draft"] == {"comment": "half a sentence"}
    release_task(officer, task["key"], seen_version=2)
    assert walk.open_tasks(case_key)["triage"]["assignee_key"] is None


def test_nobody_keeps_a_draft_in_somebody_elses_task(district: District) -> None:
    task = walk.open_tasks(walk.report().case_key)["triage"]
    claim_task(district["officer"], task["key"], seen_version=1)
    with pytest.raises(CaseBusy):
        save_draft(district["dispatcher"], task["key"], {"comment": "mine"})


def test_who_handled_a_case_does_not_review_it(district: District) -> None:
    case_key = signed(district)
    walk.do(district["handler"], case_key, "handle", walk.HANDLED)
    task = walk.open_tasks(case_key)["review_result"]
    assert task["not_actor"] == str(district["handler"].person_key)
    with pytest.raises((AnotherPersonNeeded, Forbidden)):
        complete_task(district["handler"], task["key"], walk.PASSED, seen_version=1)


def test_whoever_holds_both_roles_still_leaves_the_review_to_another(district: District) -> None:
    case_key = signed(district)
    both = replace(
        district["handler"],
        positions=(*district["handler"].positions, *district["leader"].positions),
    )
    walk.do(both, case_key, "handle", walk.HANDLED)
    task = walk.open_tasks(case_key)["review_result"]
    with pytest.raises(AnotherPersonNeeded):
        complete_task(both, task["key"], walk.PASSED, seen_version=1)
    assert "review_result" in walk.open_tasks(case_key)


def test_an_unsigned_case_is_signed_for_by_the_clock(district: District) -> None:
    with moved_to(TUESDAY_NINE):
        case_key = walk.report().case_key
        walk.do(district["officer"], case_key, "triage", walk.TRIAGED)
        assert "sign_for" in walk.open_tasks(case_key)
        assert deadlines.fire_due().stepped == 0
    with moved_to(TUESDAY_NINE + timedelta(days=1)):
        assert deadlines.fire_due().stepped == 1
        assert set(walk.open_tasks(case_key)) == {"handle"}
        assert deadlines.fire_due().stepped == 0
