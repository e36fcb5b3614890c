"""Many tasks at once, each by itself, and undone while nobody has touched them; both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.cases.bulk import (
    MOST_TASKS,
    BulkKind,
    Chosen,
    Progress,
    TooLateToUndo,
    TooManyChosen,
    begin_claim,
    begin_reassign,
    claim_many,
    go_on,
    reassign_many,
    undo,
)
from app.cases.handing_on import BulkResult, preview, read_bulk
from app.cases.handling import claim_task, save_draft
from app.cases.idempotency import RepeatedWithOtherContent
from app.clock import moved_to
from app.errors import Forbidden, InvalidInput, NotFound
from app.organisation.roles import Role
from app.store.db import reading
from app.store.tables.delivery import notice
from tests.support import walk
from tests.support.colleagues import hire, signed
from tests.support.district import TUESDAY_NINE, District


def reported(count: int) -> list[int]:
    return [walk.report().case_key for _ in range(count)]


def chosen(case_keys: list[int], step: str = "triage") -> list[Chosen]:
    tasks = [walk.open_tasks(key)[step] for key in case_keys]
    return [Chosen(task["key"], task["version"]) for task in tasks]


def assignees(case_keys: list[int], step: str = "triage") -> list[int | None]:
    return [walk.open_tasks(key)[step]["assignee_key"] for key in case_keys]


def states(result: BulkResult) -> list[str]:
    return sorted(each.item.state for each in result.outcomes)


def test_what_can_be_claimed_is_and_the_rest_is_told_with_its_reason(district: District) -> None:
    officer, keys = district["officer"], reported(3)
    wanted = chosen(keys)
    second = hire(district, "second", Role.COMMUNITY_OFFICER, "S01-C01")
    claim_task(second, wanted[1].task_key, seen_version=1)
    before = preview(officer, BulkKind.CLAIM, wanted, language="en")
    assert (len(before.tasks), len(before.ready)) == (3, 2)
    result = read_bulk(officer, claim_many(officer, wanted), language="en")
    assert states(result) == ["done", "done", "failed"]
    failed = next(each for each in result.outcomes if each.item.state == "failed")
    assert failed.sentence.startswith("A colleague was faster")
    assert assignees(keys) == [officer.person_key, second.person_key, officer.person_key]


def test_undone_is_only_what_nobody_has_touched_since(district: District) -> None:
    officer, keys = district["officer"], reported(3)
    wanted = chosen(keys)
    action = claim_many(officer, wanted)
    save_draft(officer, wanted[0].task_key, {"comment": "begun"})
    walk.do(officer, keys[1], "triage", walk.TRIAGED)
    undo(officer, action)
    result = read_bulk(officer, action, language="en")
    assert states(result) == ["kept", "kept", "undone"]
    assert result.may_undo_until is None
    assert assignees([keys[0], keys[2]]) == [officer.person_key, None]
    with pytest.raises(TooLateToUndo):
        undo(officer, action)


def test_it_cannot_be_undone_for_ever_nor_by_others(district: District) -> None:
    officer, keys = district["officer"], reported(1)
    with moved_to(TUESDAY_NINE):
        action = claim_many(officer, chosen(keys))
        with pytest.raises(NotFound):
            undo(district["dispatcher"], action)
    with moved_to(TUESDAY_NINE + timedelta(minutes=11)), pytest.raises(TooLateToUndo):
        undo(officer, action)
    assert assignees(keys) == [officer.person_key]


def test_a_leader_gives_many_and_each_concerned_is_told_once(district: District) -> None:
    second = hire(district, "second", Role.UNIT_HANDLER, "D-URBAN")
    keys = [signed(district) for _ in range(3)]
    claim_task(district["handler"], chosen(keys, "handle")[0].task_key, seen_version=1)
    wanted = chosen(keys, "handle")
    leader = district["leader"]
    page = preview(leader, BulkKind.REASSIGN, wanted, language="en")
    fits = {each.colleague.name: each.fits for each in page.candidates}
    assert fits == {"Second": 3, "Handler": 2}
    action = reassign_many(leader, wanted, to_key=second.person_key, reason="Full desk")
    assert assignees(keys, "handle") == [second.person_key] * 3
    with reading() as connection:
        query = select(notice.c.kind, func.count()).where(notice.c.person_key.is_not(None))
        counted = connection.execute(query.group_by(notice.c.kind)).all()
    assert sorted(tuple(row) for row in counted) == [("tasks_given", 1), ("tasks_taken_away", 1)]
    undo(leader, action)
    assert assignees(keys, "handle") == [district["handler"].person_key, None, None]
    assert walk.journal_of(keys[0])[-1]["kind"] == "assignment_undone"


def test_who_leads_nothing_gives_nothing_away(district: District) -> None:
    keys = reported(1)
    to_key = district["officer"].person_key
    with pytest.raises(Forbidden):
        reassign_many(district["officer"], chosen(keys), to_key=to_key, reason="x")
    result = read_bulk(
        district["leader"],
        reassign_many(district["leader"], chosen(keys), to_key=to_key, reason="x"),
        language="en",
    )
    assert states(result) == ["failed"]
    assert assignees(keys) == [None]


def test_nothing_and_too_much_are_refused(district: District) -> None:
    with pytest.raises(InvalidInput):
        claim_many(district["officer"], [])
    with pytest.raises(TooManyChosen):
        claim_many(district["officer"], [Chosen(key, 1) for key in range(MOST_TASKS + 1)])
    with pytest.raises(NotFound):
        reassign_many(district["leader"], [Chosen(1, 1)], to_key=999_999_999, reason="x")


def test_somebody_elses_tasks_are_not_shown_before(district: District) -> None:
    page = preview(district["parks_leader"], BulkKind.REASSIGN, chosen(reported(1)), language="en")
    assert page.tasks == ()


def told(district: District) -> list[str]:
    with reading() as connection:
        return sorted(connection.execute(select(notice.c.kind)).scalars())


def test_a_few_at_a_time_end_where_all_at_once_would(district: District) -> None:
    officer, keys = district["officer"], reported(3)
    wanted = chosen(keys)
    claim_task(
        hire(district, "second", Role.COMMUNITY_OFFICER, "S01-C01"),
        wanted[1].task_key,
        seen_version=1,
    )
    action = begin_claim(officer, wanted)
    assert states(read_bulk(officer, action, language="en")) == ["waiting"] * 3
    seen = [go_on(officer, action, at_most=1) for _ in range(4)]
    assert seen == [Progress(1, 0, 2), Progress(1, 1, 1), Progress(2, 1, 0), Progress(2, 1, 0)]
    assert states(read_bulk(officer, action, language="en")) == ["done", "done", "failed"]
    with pytest.raises(NotFound):
        go_on(district["dispatcher"], action)


def test_sent_twice_it_is_one_action_and_tells_once(district: District) -> None:
    leader = district["leader"]
    second = hire(district, "second", Role.UNIT_HANDLER, "D-URBAN")
    keys = [signed(district) for _ in range(2)]
    wanted = chosen(keys, "handle")
    given = {"to_key": second.person_key, "reason": "Full desk", "once": "a page"}
    before = told(district)
    action = begin_reassign(leader, wanted, **given)
    go_on(leader, action, at_most=1)
    assert told(district) == before
    assert begin_reassign(leader, wanted, **given) == action
    for _ in range(2):
        assert go_on(leader, action) == Progress(2, 0, 0)
    assert told(district) == sorted([*before, "tasks_given"])
    lines = [line["kind"] for line in walk.journal_of(keys[0])]
    assert lines.count("task_reassigned") == 1
    with pytest.raises(RepeatedWithOtherContent):
        begin_reassign(leader, wanted[:1], **given)
    assert begin_reassign(leader, wanted, **{**given, "once": "another page"}) != action


def test_whoever_goes_on_at_the_same_time_takes_no_task_twice(district: District) -> None:
    officer, keys = district["officer"], reported(8)
    action = begin_claim(officer, chosen(keys))

    def go(_number: int) -> None:
        with district.app.app_context():
            go_on(officer, action)

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(go, range(3)))
    assert states(read_bulk(officer, action, language="en")) == ["done"] * 8
    for key in keys:
        kinds = [line["kind"] for line in walk.journal_of(key)]
        assert kinds.count("task_claimed") == 1


def test_what_was_left_half_way_is_undone_as_far_as_it_came(district: District) -> None:
    leader = district["leader"]
    second = hire(district, "second", Role.UNIT_HANDLER, "D-URBAN")
    keys = [signed(district) for _ in range(2)]
    before = told(district)
    action = begin_reassign(
        leader, chosen(keys, "handle"), to_key=second.person_key, reason="Full desk"
    )
    go_on(leader, action, at_most=1)
    undo(leader, action)
    assert go_on(leader, action) == Progress(0, 0, 0)
    assert states(read_bulk(leader, action, language="en")) == ["undone", "waiting"]
    assert assignees(keys, "handle") == [None, None]
    assert told(district) == before, "nobody was told, so nothing is taken back"
