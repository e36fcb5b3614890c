"""Handing tasks on through the use cases, on both databases."""

import pytest
from sqlalchemy import select

from app.cases import staff
from app.cases.assignment import (
    AlreadyTheirs,
    NothingToTakeBack,
    ReasonNeeded,
    delegate_task,
    reassign_task,
    take_back,
    take_over,
)
from app.cases.colleagues import ExcludedColleague, NotEligible
from app.cases.handing_on import read_handing_on
from app.cases.handling import claim_task
from app.cases.inbox import Tab, read_inbox
from app.clock import moved_to
from app.errors import CaseBusy, Forbidden, NotFound
from app.organisation.actor import Actor
from app.organisation.roles import Role
from app.store.db import reading
from app.store.tables.delivery import notice
from tests.support import walk
from tests.support.colleagues import acting, hire, signed
from tests.support.district import TUESDAY_NINE, District


def waiting(district: District) -> tuple[int, int]:
    """Return a case at the desk of D-URBAN's handlers and the key of its task."""
    case_key = signed(district)
    return case_key, walk.open_tasks(case_key)["handle"]["key"]


def told(person: Actor) -> list[str]:
    query = select(notice.c.kind).where(notice.c.person_key == person.person_key)
    with reading() as connection:
        return list(connection.execute(query.order_by(notice.c.at, notice.c.key)).scalars())


def kinds(case_key: int) -> list[str]:
    return [line["kind"] for line in walk.journal_of(case_key)]


def test_a_leader_gives_a_task_to_an_eligible_colleague_and_both_are_told(
    district: District,
) -> None:
    second = hire(district, "second", Role.UNIT_HANDLER, "D-URBAN")
    case_key, task_key = waiting(district)
    claim_task(district["handler"], task_key, seen_version=1)
    reassign_task(
        district["leader"], task_key, to_key=second.person_key, reason="On leave", seen_version=2
    )
    task = walk.open_tasks(case_key)["handle"]
    assert (task["assignee_key"], task["version"]) == (second.person_key, 3)
    assert told(second) == ["task_given"]
    assert told(district["handler"]) == ["task_taken_away"]
    last = walk.journal_of(case_key)[-1]
    assert last["kind"] == "task_reassigned"
    assert last["data"]["from"] == district["handler"].person_key
    assert "On leave" not in str(last["data"])
    walk.do(second, case_key, "handle", walk.HANDLED)
    assert "review_result" in walk.open_tasks(case_key)


@pytest.mark.parametrize("login", ["handler", "clerk", "officer", "parks_leader", "dispatcher"])
def test_who_leads_no_unit_of_the_task_reassigns_nothing(district: District, login: str) -> None:
    second = hire(district, "second", Role.UNIT_HANDLER, "D-URBAN")
    case_key, task_key = waiting(district)
    with pytest.raises(Forbidden):
        reassign_task(
            district[login], task_key, to_key=second.person_key, reason="x", seen_version=1
        )
    assert walk.open_tasks(case_key)["handle"]["version"] == 1


@pytest.mark.parametrize("login", ["leader", "district", "supervisor"])
def test_leaders_dispatchers_and_supervisors_above_do(district: District, login: str) -> None:
    case_key, task_key = waiting(district)
    to_key = district["handler"].person_key
    reassign_task(district[login], task_key, to_key=to_key, reason="Please", seen_version=1)
    assert walk.open_tasks(case_key)["handle"]["assignee_key"] == to_key


def test_only_eligible_colleagues_are_offered_and_taken(district: District) -> None:
    second = hire(district, "second", Role.UNIT_HANDLER, "D-URBAN")
    _case_key, task_key = waiting(district)
    page = read_handing_on(district["leader"], task_key, language="en")
    keys = {each.key for each in page.colleagues}
    assert keys == {second.person_key, district["handler"].person_key}
    for login in ("parks_handler", "clerk", "supervisor"):
        with pytest.raises(NotEligible):
            reassign_task(
                district["leader"],
                task_key,
                to_key=district[login].person_key,
                reason="x",
                seen_version=1,
            )


def test_whoever_did_the_step_before_cannot_be_given_the_next(district: District) -> None:
    case_key, _task_key = waiting(district)
    both = hire(district, "both", Role.UNIT_HANDLER, "D-URBAN")
    staff.grant_position(
        district["admin"],
        person_key=both.person_key,
        role=Role.UNIT_LEADER,
        unit_key=district.units["D-URBAN"],
    )
    walk.do(both, case_key, "handle", walk.HANDLED)
    review = walk.open_tasks(case_key)["review_result"]["key"]
    with pytest.raises(ExcludedColleague):
        reassign_task(
            district["supervisor"], review, to_key=both.person_key, reason="x", seen_version=1
        )


def test_a_reason_is_needed_and_a_slower_click_is_told(district: District) -> None:
    _case_key, task_key = waiting(district)
    leader, to_key = district["leader"], district["handler"].person_key
    for reason in ("", "   ", "x" * 501):
        with pytest.raises(ReasonNeeded):
            reassign_task(leader, task_key, to_key=to_key, reason=reason, seen_version=1)
    reassign_task(leader, task_key, to_key=to_key, reason="Yours", seen_version=1)
    with pytest.raises(CaseBusy):
        reassign_task(leader, task_key, to_key=to_key, reason="Yours", seen_version=1)
    with pytest.raises(AlreadyTheirs):
        reassign_task(leader, task_key, to_key=to_key, reason="Yours", seen_version=2)
    with pytest.raises(NotFound):
        reassign_task(leader, 999_999_999, to_key=to_key, reason="Yours", seen_version=1)


def test_a_closed_account_is_given_nothing(district: District) -> None:
    second = hire(district, "second", Role.UNIT_HANDLER, "D-URBAN")
    staff.disable_person(district["admin"], second.person_key)
    _case_key, task_key = waiting(district)
    with pytest.raises(NotFound):
        reassign_task(
            district["leader"], task_key, to_key=second.person_key, reason="x", seen_version=1
        )


def test_the_assignee_delegates_and_takes_back(district: District) -> None:
    second = hire(district, "second", Role.UNIT_HANDLER, "D-URBAN")
    case_key, task_key = waiting(district)
    handler = district["handler"]
    claim_task(handler, task_key, seen_version=1)
    delegate_task(handler, task_key, to_key=second.person_key, seen_version=2)
    assert read_inbox(handler, Tab.PASSED, language="en").items[0].holder == "Second"
    take_back(handler, task_key, seen_version=3)
    assert walk.open_tasks(case_key)["handle"]["assignee_key"] == handler.person_key
    assert kinds(case_key)[-2:] == ["task_delegated", "task_taken_back"]
    assert told(second) == ["task_given", "task_taken_back"]
    with pytest.raises(NothingToTakeBack):
        take_back(handler, task_key, seen_version=4)
    assert not read_inbox(handler, Tab.PASSED, language="en").items


def test_nobody_delegates_a_task_that_is_not_theirs(district: District) -> None:
    second = hire(district, "second", Role.UNIT_HANDLER, "D-URBAN")
    _case_key, task_key = waiting(district)
    with pytest.raises(Forbidden):
        delegate_task(district["handler"], task_key, to_key=second.person_key, seen_version=1)
    claim_task(second, task_key, seen_version=1)
    with pytest.raises(NotEligible):
        delegate_task(second, task_key, to_key=district["clerk"].person_key, seen_version=2)
    delegate_task(second, task_key, to_key=district["handler"].person_key, seen_version=2)
    with pytest.raises(NothingToTakeBack):
        take_back(district["leader"], task_key, seen_version=3)


def test_what_is_done_is_not_taken_back(district: District) -> None:
    second = hire(district, "second", Role.UNIT_HANDLER, "D-URBAN")
    case_key, task_key = waiting(district)
    claim_task(district["handler"], task_key, seen_version=1)
    delegate_task(district["handler"], task_key, to_key=second.person_key, seen_version=2)
    walk.do(second, case_key, "handle", walk.HANDLED)
    with pytest.raises(CaseBusy):
        take_back(district["handler"], task_key, seen_version=3)


def test_a_deputy_sees_and_takes_over_what_the_absent_has_claimed(district: District) -> None:
    with moved_to(TUESDAY_NINE):
        deputy = hire(district, "stand_in", Role.UNIT_CLERK, "D-URBAN")
        case_key, task_key = waiting(district)
        handler = district["handler"]
        claim_task(handler, task_key, seen_version=1)
        with pytest.raises(Forbidden):
            take_over(deputy, task_key, seen_version=2)
        staff.appoint_deputy(
            district["admin"],
            position_key=handler.positions[0].position_key,
            person_key=deputy.person_key,
        )
        deputy = acting(district, deputy.person_key, "stand_in")
        page = read_inbox(deputy, Tab.LENT, language="en")
        assert [(item.line.key, item.holder) for item in page.items] == [(task_key, "Handler")]
        take_over(deputy, task_key, seen_version=2)
        line = walk.journal_of(case_key)[-1]
        assert (line["kind"], line["on_behalf_of"]) == ("task_taken_over", handler.person_key)
        assert told(handler) == ["task_taken_over"]
        take_back(handler, task_key, seen_version=3)
        assert walk.open_tasks(case_key)["handle"]["assignee_key"] == handler.person_key
