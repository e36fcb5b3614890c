"""Who can be asked, and who can appeal: nobody where the staff noticed the matter themselves."""

import pytest
from sqlalchemy import select

from app.cases.frame import read_frame
from app.cases.start_form import report_of
from app.cases.task_view import Typed, read_task
from app.forms import InvalidAnswers
from app.forms.views import ProseView
from app.json_types import JsonObject
from app.store.db import reading
from app.store.tables.cases import deadline_ledger
from tests.support import walk
from tests.support.district import District
from tests.support.residents import QUESTION

ASKED: JsonObject = {"decision": "need_info", "question": QUESTION}
REJECTED: JsonObject = {"decision": "reject", "reject_code": "no_facts", "reason": "Not so."}
RING = "Please ring them"
NOT_TOLD = "They left no address"


def noticed(**report: object) -> int:
    """Return a case that the staff noticed themselves."""
    given = {"channel": "patrol", "is_anonymous": True, **report}
    return walk.report(**given).case_key


def asking(district: District, case_key: int, login: str = "officer") -> str:
    """What the form of triage says to whoever wants to ask."""
    task = walk.open_tasks(case_key)["triage"]
    typed = Typed(posted={"decision": ["need_info"]})
    form = read_task(district[login], task["key"], language="en", typed=typed).form
    assert form is not None
    texts = [part for part in form.children if isinstance(part, ProseView) and part.is_visible]
    return repr([part.blocks for part in texts])


BY_STAFF = pytest.mark.parametrize(
    "report",
    [{}, {"channel": "staff", "answers": {"noticed_by": "self"}}],
    ids=["patrol", "noticed at a desk"],
)


@BY_STAFF
def test_what_the_staff_noticed_itself_is_not_asked_about(
    district: District, report: JsonObject
) -> None:
    key = noticed(**report)
    with pytest.raises(InvalidAnswers) as refused:
        walk.do(district["officer"], key, "triage", ASKED)
    assert set(refused.value.errors) == {"decision"}
    assert "noticed by the staff" in asking(district, key)
    walk.do(district["officer"], key, "triage", walk.TRIAGED)
    with reading() as connection:
        names = connection.execute(
            select(deadline_ledger.c.limit_name).where(deadline_ledger.c.case_key == key)
        )
        assert "first_reply" not in set(names.scalars()), "nobody waits for a reply"


@BY_STAFF
def test_a_rejection_nobody_can_appeal_against_ends_the_case(
    district: District, report: JsonObject
) -> None:
    key = noticed(**report)
    walk.do(district["officer"], key, "triage", REJECTED)
    case = walk.case_row(key)
    assert (case["outcome"], case["closed_at"] is not None) == ("rejected", True)


def test_somebody_who_left_but_a_telephone_number_is_to_be_rung(district: District) -> None:
    key = walk.report(channel="hotline", name="Wang", phone="13800000000", has_consented=True)
    text = asking(district, key.case_key, "dispatcher")
    assert RING in text
    assert NOT_TOLD not in text


def test_somebody_without_an_address_is_known_to_get_no_letter(district: District) -> None:
    text = asking(district, walk.report(is_anonymous=True).case_key)
    assert NOT_TOLD in text
    assert RING not in text


def test_somebody_who_gets_letters_is_just_asked(district: District) -> None:
    known = walk.report(name="Wang", phone="1380", email="wang@example.org", has_consented=True)
    text = asking(district, known.case_key)
    assert RING not in text
    assert NOT_TOLD not in text


@pytest.mark.parametrize(
    ("left", "way"),
    [({"contact_phone": "13800000000"}, "nothing"), ({"contact_email": "w@x.org"}, "mail")],
    ids=["a number", "an address of mail"],
)
def test_letters_go_where_an_address_was_left(
    sqlite_district: District, left: JsonObject, way: str
) -> None:
    with reading() as connection:
        frame = read_frame(connection)
    answers: JsonObject = {"description": "A lamp is out.", "consent": True, **left}
    report = report_of(answers, channel="hotline", directory=frame.directory, zone=frame.zone)
    assert (report.told_by, report.is_anonymous) == (way, False)
