"""A closed case is taken up again by its reporter: a new case goes on, with the same followers."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.cases import tokens
from app.cases.case_view import read_case
from app.cases.outbox import Letter, send_waiting
from app.cases.resident_answering import NotToBeReopened, ask_reopening
from app.cases.task_view import read_task
from app.cases.tracking import look_up, track
from app.clock import moved_to
from app.store.db import reading
from app.store.tables.cases import cases, reporter
from tests.support import walk
from tests.support.district import District
from tests.support.residents import kinds, posting, words

CONTACT = {
    "name": "Chen Mei",
    "phone": "13800000001",
    "email": "mei@example.org",
    "has_consented": True,
    "stages": (),
}
FORCED = {"close_code": "forced", "summary": "No way on.", "forced_reason": "The owner is gone."}


def closed(district: District, **values: Any) -> walk.Receipt:
    receipt = walk.report(**{**CONTACT, **values})
    walk.to_end(district, receipt.case_key)
    return receipt


def reopen(token: str, once: str = "", reason: str = "It is full again.") -> str:
    return ask_reopening(token, posting(once, cause="recurred", reason=reason))


def behind(case_key: int) -> dict[str, Any]:
    with reading() as connection:
        query = select(cases).where(cases.c.reopens_key == case_key)
        return dict(connection.execute(query).mappings().one())


def test_a_new_case_goes_on_and_its_reporter_follows_it(district: District) -> None:
    receipt = closed(district)
    until = track(receipt.token).offers.reopen_until
    closed_at = walk.case_row(receipt.case_key)["closed_at"]
    assert until == closed_at + timedelta(days=15)
    token = reopen(receipt.token)
    first, second = track(receipt.token), track(token)
    assert second.number != first.number
    assert (second.description, second.closed_at) == (first.description, None)
    assert first.going_on is not None
    assert first.going_on.number == second.number
    assert second.gone_on_from is not None
    assert second.gone_on_from.number == first.number
    assert second.has_consented
    assert [said.body for said in second.own_words] == ["It is full again."]
    assert set(walk.open_tasks(second.case_key)) == {"triage"}
    assert behind(receipt.case_key)["channel"] == "web"
    assert {"reopening_asked", "linked_case_opened"} <= set(kinds(receipt.case_key))


def test_the_query_code_of_the_new_case_opens_it(sqlite_district: District) -> None:
    token = reopen(closed(sqlite_district).token)
    seen = track(token)
    with reading() as connection:
        code = tokens.query_code(connection, seen.reporter_key)
    assert look_up(seen.number, code, address="here") == token


def test_it_is_reopened_once_and_a_repeated_post_counts_once(district: District) -> None:
    receipt = closed(district)
    token = reopen(receipt.token, "the same post")
    assert reopen(receipt.token, "the same post") == token
    assert track(receipt.token).offers.reopen_until is None
    with pytest.raises(NotToBeReopened):
        reopen(receipt.token, "another one")
    assert behind(receipt.case_key)["number"] == track(token).number


def test_after_fifteen_days_it_is_too_late(sqlite_district: District) -> None:
    receipt = closed(sqlite_district)
    late = walk.case_row(receipt.case_key)["closed_at"] + timedelta(days=15, seconds=1)
    with moved_to(late):
        assert track(receipt.token).offers.reopen_until is None
        with pytest.raises(NotToBeReopened):
            reopen(receipt.token)
    assert "reopening_asked" not in kinds(receipt.case_key)


def test_an_open_case_is_not_reopened(sqlite_district: District) -> None:
    receipt = walk.report()
    assert track(receipt.token).offers.reopen_until is None
    with pytest.raises(NotToBeReopened):
        reopen(receipt.token)


def test_the_new_case_can_be_closed_and_taken_up_again(sqlite_district: District) -> None:
    token = reopen(closed(sqlite_district).token)
    walk.to_end(sqlite_district, track(token).case_key)
    third = track(reopen(token))
    assert third.gone_on_from is not None
    assert third.gone_on_from.number == track(token).number


def test_a_confidential_reporter_stays_unseen_in_the_new_case(district: District) -> None:
    receipt = closed(district, is_confidential=True)
    key = track(reopen(receipt.token, reason="Call Chen Mei, 13800000001")).case_key
    assert walk.case_row(key)["is_confidential"]
    ((kind, visibility, body),) = words(key)
    assert (kind, visibility) == ("reopening", "internal")
    assert "Mei" not in body
    assert "138" not in body
    walk.do(district["officer"], key, "triage", walk.TRIAGED)
    assert read_case(district["clerk"], key, language="en").reporters is None


def test_staff_are_led_from_each_case_to_the_other(sqlite_district: District) -> None:
    receipt = closed(sqlite_district)
    key = track(reopen(receipt.token)).case_key
    dispatcher = sqlite_district["dispatcher"]
    first = read_case(dispatcher, receipt.case_key, language="en")
    second = read_case(dispatcher, key, language="en")
    assert first.going_on is not None
    assert first.going_on["key"] == key
    assert second.gone_on_from is not None
    assert second.gone_on_from["key"] == receipt.case_key
    department = read_case(sqlite_district["leader"], receipt.case_key, language="en")
    assert department.going_on is None, "the department has no part in the new case yet"


def test_a_forced_closing_carries_the_reporter_over_and_tells_them(district: District) -> None:
    receipt = walk.report(**CONTACT)
    walk.to_callback(district, receipt.case_key)
    walk.rate(receipt.case_key)
    walk.do(district["dispatcher"], receipt.case_key, "close", {**FORCED})
    walk.do(district["district"], receipt.case_key, "approve_forced", {"verdict": "approve"})
    going_on = track(receipt.token).going_on
    assert going_on is not None
    sent: list[Letter] = []
    while send_waiting(sent.append):
        pass
    (letter,) = [each for each in sent if each.template == "case_continued"]
    assert letter.params["number"] == going_on.number
    assert track(str(letter.params["token"])).number == going_on.number
    assert track(receipt.token).offers.reopen_until is None


def test_every_reporter_has_a_token_of_their_own(sqlite_district: District) -> None:
    receipt = closed(sqlite_district)
    reopen(receipt.token)
    with reading() as connection:
        rows = connection.execute(select(reporter.c.token_hash, reporter.c.continues_key)).all()
    assert len({row.token_hash for row in rows}) == len(rows) == 2
    assert [row.continues_key is None for row in rows] == [True, False]


def test_whoever_judges_the_new_case_reads_why_and_a_department_reads_nothing_in_confidence(
    sqlite_district: District,
) -> None:
    key = track(reopen(closed(sqlite_district, is_confidential=True).token)).case_key
    triage = walk.open_tasks(key)["triage"]["key"]
    page = read_task(sqlite_district["officer"], triage, language="en")
    assert [said.body for said in page.reporter_words] == ["It is full again."]
    walk.do(sqlite_district["officer"], key, "triage", walk.TRIAGED)
    sign = walk.open_tasks(key)["sign_for"]["key"]
    assert read_task(sqlite_district["clerk"], sign, language="en").reporter_words == ()
