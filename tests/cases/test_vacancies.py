"""Tasks whose people are gone: offered anew, given back, and left alone where somebody is there."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.cases import staff
from app.cases.handling import claim_task
from app.cases.vacancies import Vacancies
from app.clock import moved_to
from app.errors import Forbidden
from app.organisation.roles import Role
from app.store.db import reading
from app.store.tables.delivery import notice
from app.store.tables.runtime import task_unit
from tests.support import walk
from tests.support.colleagues import acting, hire, signed
from tests.support.district import TUESDAY_NINE, District

LATER = TUESDAY_NINE + timedelta(hours=1)


def handle_of(case_key: int) -> dict[str, Any]:
    return walk.open_tasks(case_key)["handle"]


def end_of(district: District, login: str) -> None:
    staff.end_position(district["admin"], district[login].positions[0].position_key)


def found_under(task_key: int) -> set[tuple[str, int]]:
    query = select(task_unit.c.role, task_unit.c.unit_key).where(
        task_unit.c.task_key == task_key, task_unit.c.role != ""
    )
    with reading() as connection:
        return {(row.role, row.unit_key) for row in connection.execute(query)}


def told_of(task_key: int) -> list[tuple[str, int]]:
    query = select(notice).where(notice.c.task_key == task_key).order_by(notice.c.key)
    with reading() as connection:
        return [(row.role, row.unit_key) for row in connection.execute(query)]


def test_what_the_only_handler_had_goes_to_the_next_unit_up(district: District) -> None:
    with moved_to(TUESDAY_NINE):
        case_key = signed(district)
        task = handle_of(case_key)
        claim_task(district["handler"], task["key"], seen_version=task["version"])
        end_of(district, "handler")
    with moved_to(LATER):
        assert Vacancies().refill() == 1
        task = handle_of(case_key)
        top = ["district_dispatcher", district.units["DISTRICT"]]
        assert (task["assignee_key"], task["offered_to"]) == (None, [top])
        assert found_under(task["key"]) == {tuple(top)}
        assert told_of(task["key"])[-1] == tuple(top)
        last = walk.journal_of(case_key)[-2:]
        assert [line["kind"] for line in last] == ["task_released", "task_offered"]
        assert last[1]["data"]["raised_from"] == ["D-URBAN"]
        walk.do(district["district"], case_key, "handle", walk.HANDLED)
    assert "review_result" in walk.open_tasks(case_key)


def test_a_colleague_finds_what_somebody_who_left_had_taken(district: District) -> None:
    with moved_to(TUESDAY_NINE):
        colleague = hire(district, "colleague", Role.UNIT_HANDLER, "D-URBAN")
        case_key = signed(district)
        task = handle_of(case_key)
        claim_task(district["handler"], task["key"], seen_version=task["version"])
        end_of(district, "handler")
        assert Vacancies().refill() == 1
        after = handle_of(case_key)
        assert (after["assignee_key"], after["offered_to"]) == (None, task["offered_to"])
        walk.do(colleague, case_key, "handle", walk.HANDLED)


def test_who_came_back_under_another_role_does_not_keep_the_task(district: District) -> None:
    with moved_to(TUESDAY_NINE):
        case_key = signed(district)
        task = handle_of(case_key)
        claim_task(district["handler"], task["key"], seen_version=task["version"])
        staff.grant_position(
            district["admin"],
            person_key=district["handler"].person_key,
            role=Role.UNIT_CLERK,
            unit_key=district.units["D-PARKS"],
        )
        end_of(district, "handler")
        Vacancies().refill()
        moved = acting(district, district["handler"].person_key, "handler")
        with pytest.raises(Forbidden):
            walk.do(moved, case_key, "handle", walk.HANDLED)


def test_nothing_moves_where_somebody_is_there(district: District) -> None:
    with moved_to(TUESDAY_NINE):
        case_key = signed(district)
        task = handle_of(case_key)
        claim_task(district["handler"], task["key"], seen_version=task["version"])
        end_of(district, "parks_handler")
        before = handle_of(case_key)
        vacancies = Vacancies()
        assert vacancies.refill() == 0
        assert handle_of(case_key) == before
        end_of(district, "handler")
        assert vacancies.refill() == 1, "a changed directory is looked at again"
        assert vacancies.refill() == 0


def test_a_position_that_ends_by_its_date_is_seen_on_the_next_day(district: District) -> None:
    with moved_to(TUESDAY_NINE):
        case_key = signed(district)
        position = district["handler"].positions[0].position_key
        staff.end_position(district["admin"], position, last_day=TUESDAY_NINE.date())
        vacancies = Vacancies()
        assert vacancies.refill() == 0
    with moved_to(TUESDAY_NINE + timedelta(days=1)):
        assert vacancies.refill() == 1
        assert handle_of(case_key)["offered_to"][0][0] == "district_dispatcher"
