"""Letters of the main process: a department that keeps silent, a case that is handled anew."""

from datetime import timedelta

from sqlalchemy import select

from app.cases import deadlines
from app.clock import moved_to
from app.store.db import reading
from app.store.tables.delivery import outbox
from tests.support import walk
from tests.support.callback import JUSTIFIED
from tests.support.district import TUESDAY_NINE, District

CONTACT = {"name": "Wang Fang", "email": "wang@example.org", "has_consented": True}


def owed(case_key: int) -> list[str]:
    """The letters owed to the reporters of a case so far."""
    query = select(outbox.c.payload).where(outbox.c.kind == "reporter_mail")
    with reading() as connection:
        rows = connection.execute(query.order_by(outbox.c.key)).scalars()
        return [row["template"] for row in rows if row["case_key"] == case_key]


def test_signing_by_silence_is_told_like_any_other(district: District) -> None:
    with moved_to(TUESDAY_NINE):
        key = walk.report(**CONTACT).case_key
        walk.do(district["officer"], key, "triage", walk.TRIAGED)
        assert owed(key) == ["accepted"]
    with moved_to(TUESDAY_NINE + timedelta(days=1)):
        deadlines.fire_due()
        assert set(walk.open_tasks(key)) == {"handle"}
        assert owed(key) == ["accepted", "moved"]


def test_who_reported_hears_that_the_case_is_handled_anew(district: District) -> None:
    with moved_to(TUESDAY_NINE):
        key = walk.report(**CONTACT).case_key
        walk.to_callback(district, key)
        walk.send(key, "RatingReceived", grade="5", resolved="no", tags=[], comment="No.")
        walk.do(district["officer"], key, "verify_bad_rating", {**JUSTIFIED})
        assert owed(key) == ["accepted", "moved", "handled", "reopened"]
