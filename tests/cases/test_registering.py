"""A grid worker registers what they settled themselves, and the case goes to its end."""

from collections.abc import Mapping
from itertools import count

import pytest
from sqlalchemy import select

from app.cases import registering
from app.cases.handling import complete_task, why_not
from app.cases.registering import Registered
from app.cases.start_form import Sending
from app.clock import moved_to
from app.errors import Forbidden
from app.json_types import JsonObject
from app.store.db import reading
from app.store.limits import ledger
from app.store.tables.cases import journal
from app.store.tables.delivery import notice
from tests.support import walk
from tests.support.district import TUESDAY_NINE, District

SETTLED = {
    "severity": "ordinary",
    "description": "Boxes on the stairs 楼道堆物",
    "self_handled": "true",
}
LAMP = {"description": "A lamp is out.", "severity": "urgent"}
RECORD: JsonObject = {"measures": "Carried away."}
HERE: JsonObject = {"point": "40.0051,116.005"}
_posts = count()


def register(district: District, login: str, answers: Mapping[str, str]) -> Registered:
    """Send the form of the staff as one of the district's people."""
    number = next(_posts)
    sending = Sending(
        posted={"noticed_by": ["self"], **{name: [value] for name, value in answers.items()}},
        upload_group=f"group {number}",
        client_key=f"post {number}",
        language="en",
    )
    return registering.register(district[login], sending, position_key=None)


def settled(district: District, *, is_sampled: bool) -> int:
    """Return a case that was recorded on the spot and is, or is not, in the sample."""
    for _ in range(60):  # one in five, by the number of the case
        done = register(district, "worker", SETTLED)
        task = walk.open_tasks(done.case_key)["record_on_site"]
        assert done.task_key == task["key"]
        complete_task(district["worker"], task["key"], RECORD, seen_version=task["version"])
        if ("check_on_site" in walk.open_tasks(done.case_key)) is is_sampled:
            return done.case_key
    pytest.fail("no number was drawn like that")


def test_what_is_not_sampled_is_closed_without_a_clock(district: District) -> None:
    with moved_to(TUESDAY_NINE):
        key = settled(district, is_sampled=False)
        assert set(walk.open_tasks(key)) == {"close"}
        walk.do(district["dispatcher"], key, "close", walk.CLOSED)
    case = walk.case_row(key)
    assert (case["outcome"], case["due_at"]) == ("closed", None)
    assert case["established_at"] == case["handled_at"] == TUESDAY_NINE
    assert case["reported_by"] == district["worker"].person_key
    with reading() as connection:
        assert "handle" not in {line["limit_name"] for line in ledger(connection, key)}


def test_what_is_sampled_is_checked_by_another_person(district: District) -> None:
    with moved_to(TUESDAY_NINE):
        key = settled(district, is_sampled=True)
        task = walk.open_tasks(key)["check_on_site"]
        assert why_not(district["worker"], task) is not None
        walk.do(
            district["officer"], key, "check_on_site", {**HERE, "verdict": "fail", "note": "No."}
        )
        again = walk.open_tasks(key)["record_on_site"]
        assert again["assignee_key"] == district["worker"].person_key
        walk.do(district["worker"], key, "record_on_site", RECORD)
        walk.do(district["officer"], key, "check_on_site", {**HERE, "verdict": "pass"})
        walk.do(district["dispatcher"], key, "close", walk.CLOSED)
    case = walk.case_row(key)
    assert (case["outcome"], case["due_at"]) == ("closed", None)


def test_the_record_is_theirs_alone_wherever_the_matter_lay(district: District) -> None:
    done = register(district, "worker", {**SETTLED, "location": "40.005,116.015"})
    task = walk.open_tasks(done.case_key)["record_on_site"]
    assert walk.case_row(done.case_key)["grid_key"] == district.units["S01-C01-G02"]
    assert task["assignee_key"] == district["worker"].person_key
    assert done.task_key == task["key"]
    with reading() as connection:
        told = connection.execute(select(notice).where(notice.c.case_key == done.case_key))
        assert told.first() is None


def test_the_journal_names_hand_and_position(district: District) -> None:
    key = register(district, "officer", LAMP).case_key
    with reading() as connection:
        first = connection.execute(
            select(journal).where(journal.c.case_key == key, journal.c.kind == "reported")
        ).one()
    held = district["officer"].positions[0]
    assert (first.person_key, first.position_key) == (
        district["officer"].person_key,
        held.position_key,
    )
    assert walk.case_row(key)["community_key"] == held.unit_key


def test_who_runs_the_machine_is_refused(sqlite_district: District) -> None:
    with pytest.raises(Forbidden):
        register(sqlite_district, "designer", SETTLED)
