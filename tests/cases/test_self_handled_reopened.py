"""What a grid worker settled alone and did not hold goes to a department like any other case."""

from datetime import timedelta

from sqlalchemy import select

from app.cases import deadlines
from app.cases.case_view import read_case
from app.clock import moved_to
from app.json_types import JsonObject
from app.store.db import reading
from app.store.tables.cases import remark
from app.store.tables.definitions import process_definition
from app.store.tables.runtime import process_instance
from tests.support import walk
from tests.support.callback import JUSTIFIED
from tests.support.district import TUESDAY_NINE, District

SWEPT: JsonObject = {"measures": "Swept it myself.", "public_reply": "I swept it at once."}
TAKEN: JsonObject = {**walk.HANDLED, "public_reply": "The department took it away."}
LATER = TUESDAY_NINE + timedelta(hours=20)


def doubted(district: District) -> int:
    """Return a case settled on the spot whose reporter said, later, that it was not."""
    with moved_to(TUESDAY_NINE):
        key = walk.report(channel="staff", self_handled=True).case_key
        walk.do(district["worker"], key, "record_on_site", SWEPT)
        if "check_on_site" in walk.open_tasks(key):  # one in five, by its number
            walk.do(district["officer"], key, "check_on_site", walk.CHECKED)
    with moved_to(LATER):
        walk.send(key, "RatingReceived", grade="5", resolved="no", tags=[], comment="Still dirty.")
        walk.do(district["officer"], key, "verify_bad_rating", {**JUSTIFIED})
    return key


def clocks(case_key: int) -> list[str]:
    """The states of the clocks beside a case."""
    version = process_definition
    query = (
        select(process_instance.c.state)
        .join(version, version.c.key == process_instance.c.definition_key)
        .where(process_instance.c.case_key == case_key, version.c.resource_id == "sla_clock")
    )
    with reading() as connection:
        return list(connection.execute(query).scalars())


def replies(case_key: int) -> list[str]:
    """What the reporter was told in public, in order."""
    query = select(remark.c.body).where(remark.c.case_key == case_key, remark.c.kind == "reply")
    with reading() as connection:
        return list(connection.execute(query.order_by(remark.c.key)).scalars())


def test_it_has_a_limit_a_clock_and_the_department_of_the_duty_list(district: District) -> None:
    key = doubted(district)
    case = walk.case_row(key)
    assert case["self_handled"] is False
    assert case["lead_unit_key"] == district.units["D-URBAN"], "the duty list was asked"
    assert set(walk.open_tasks(key)) == {"sign_for"}
    assert case["due_at"] == TUESDAY_NINE + timedelta(days=8), "5 wd from the Wednesday"
    assert clocks(key) == ["ACTIVE"]
    with moved_to(LATER):
        limits = read_case(district["dispatcher"], key, language="en").limits.open
        assert ("handle", case["due_at"]) in [(s.limit.name, s.limit.due_at) for s in limits]
        walk.do(district["clerk"], key, "sign_for", walk.SIGNED)
    assert walk.open_tasks(key)["handle"]["due_at"] == case["due_at"]


def test_its_yellow_card_comes_at_four_fifths_of_the_new_limit(district: District) -> None:
    key = doubted(district)
    with moved_to(LATER):
        walk.do(district["clerk"], key, "sign_for", walk.SIGNED)
        due_at = walk.case_row(key)["due_at"]
    # Of five working days, Wednesday to Tuesday, four are over on Monday evening.
    near = due_at - timedelta(days=1, hours=15, minutes=30)
    for instant, card in ((near - timedelta(minutes=1), None), (near, "yellow"), (due_at, "red")):
        with moved_to(instant):
            deadlines.fire_due()
        assert walk.case_row(key)["card"] == card, instant


def test_the_reporter_reads_what_the_department_did_and_so_does_whoever_closes(
    district: District,
) -> None:
    key = doubted(district)
    with moved_to(LATER):
        walk.do(district["clerk"], key, "sign_for", walk.SIGNED)
        walk.do(district["handler"], key, "handle", TAKEN)
        walk.do(district["leader"], key, "review_result", walk.PASSED)
        walk.do(district["worker"], key, "site_check", walk.CHECKED)
        assert replies(key) == ["I swept it at once.", "The department took it away."]
        assert clocks(key) == ["COMPLETED"]
        walk.rate(key, grade=1)
    closing = walk.open_tasks(key)["close"]["inputs"]
    assert closing["measures"] == walk.HANDLED["measures"]
