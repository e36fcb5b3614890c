"""Mail: who gets it, in which language, at least once and never for nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.cases.outbox import Letter, send_waiting
from app.clock import moved_to
from app.config import Settings, settings_for
from app.mail import compose, sender
from app.store.db import reading, transaction
from app.store.outbox import LEASE, MOST_ATTEMPTS
from app.store.tables.delivery import outbox
from app.store.tables.organisation import person
from tests.support import walk
from tests.support.district import TUESDAY_NINE, District


def sent(*, limit: int = 50) -> list[Letter]:
    letters: list[Letter] = []
    send_waiting(letters.append, limit=limit)
    return letters


def states() -> list[str]:
    with reading() as connection:
        return list(connection.execute(select(outbox.c.state)).scalars())


def closed(district: District) -> walk.Receipt:
    receipt = walk.report(
        name="Wang Fang", email="wang@example.org", has_consented=True, language="zh-CN"
    )
    walk.to_end(district, receipt.case_key)
    return receipt


def test_whoever_may_take_a_task_is_written_to_once(district: District) -> None:
    walk.report()
    (letter,) = sent()
    assert (letter.address, letter.template) == ("officer@example.org", "task_offered")
    assert sent() == []
    assert states() == ["sent"]


def test_nobody_is_written_to_about_a_task_that_is_done(sqlite_district: District) -> None:
    receipt = walk.report()
    walk.do(sqlite_district["officer"], receipt.case_key, "triage", walk.TRIAGED)
    assert [letter.address for letter in sent()] == ["clerk@example.org"]


def test_who_wants_no_mail_gets_none(sqlite_district: District) -> None:
    walk.report()
    with transaction() as tx:
        tx.connection.execute(update(person).values(wants_mail=False))
    assert sent() == []


def test_a_reporter_who_agreed_hears_how_it_ended(sqlite_district: District) -> None:
    receipt = closed(sqlite_district)
    letter = next(letter for letter in sent() if letter.template == "case_closed")
    assert letter.address == "wang@example.org"
    assert letter.params["token"] == receipt.token


def test_a_letter_that_fails_is_tried_again_and_becomes_an_incident(
    sqlite_district: District,
) -> None:
    def fail(_letter: Letter) -> None:
        raise OSError("no route to the mail server")

    now = TUESDAY_NINE
    with moved_to(now):
        walk.report()
    for _ in range(MOST_ATTEMPTS):
        assert states() == ["waiting"]
        with moved_to(now):
            send_waiting(fail)
        now += timedelta(days=1)
    assert states() == ["incident"]


def test_a_sender_that_dies_leaves_its_row_to_the_next(sqlite_district: District) -> None:
    class Died(BaseException):
        pass

    def die(_letter: Letter) -> None:
        raise Died

    with moved_to(TUESDAY_NINE):
        walk.report()
        with pytest.raises(Died):
            send_waiting(die)
        assert sent() == []
    with moved_to(TUESDAY_NINE + LEASE):
        assert len(sent()) == 1


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_letter_reads_in_both_languages(sqlite_district: District, language: str) -> None:
    settings: Settings = settings_for(mail_sender="whistle@example.org", public_url="https://w.org")
    closed(sqlite_district)
    for template in ("task_offered", "case_closed", "case_rejected", "case_moved"):
        letter = Letter(
            "7-1",
            "a@example.org",
            language,
            template,
            {"number": "20261124-00001", "task_key": 5, "case_key": 6, "token": "abc"},
        )
        message = compose(sqlite_district.app, settings, letter)
        text = f"{message['Subject']} {message.get_content()}"
        assert "20261124-00001" in text
        assert "https://w.org/" in text
        assert message["Message-ID"] == "<7-1@example.org>"
        assert any("\u4e00" <= letter <= "\u9fff" for letter in text) == (language == "zh-CN")


def test_without_a_mail_server_nothing_is_sent(sqlite_district: District) -> None:
    assert sender(sqlite_district.app, settings_for()) is None
