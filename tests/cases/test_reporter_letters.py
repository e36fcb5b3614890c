"""Which letter belongs to which stage is a row of a table: changed in the browser, it is heeded."""

from pathlib import Path

import pytest
from sqlalchemy import select

from app import ROOT
from app.cases import table_drafts, table_trial, tables
from app.cases.designs import deploy
from app.cases.outbox import Letter, send_waiting
from app.cases.resident_urging import choose_news
from app.cases.table_drafts import GivenRow
from app.cases.table_effect import put_into_effect
from app.clock import moved_to
from app.store.db import reading
from app.store.tables.delivery import outbox
from tests.support import walk
from tests.support.district import TUESDAY_NINE, District, running
from tests.support.residents import owe

TABLE = "reporter_letters"
LETTER, VALID, STAGE = (f"{TABLE}_{name}" for name in ("in_letter", "in_reported_on", "stage"))
CONTACT = {"name": "Wang Fang", "email": "wang@example.org", "has_consented": True}


def sent() -> list[str]:
    found: list[Letter] = []
    send_waiting(found.append, limit=50)
    return [each.template for each in found if each.template.startswith("case_")]


def told(stage: str, *letters: str) -> list[str]:
    """Owe these letters to somebody who chose one stage; return which are sent."""
    receipt = walk.report(**CONTACT)
    choose_news(receipt.token, told_by="mail", chosen=[stage])
    for letter in letters:
        owe(receipt.case_key, letter)
    return sent()


def test_a_letter_goes_with_the_stage_its_row_says(district: District) -> None:
    designer = district["designer"]
    assert told("handled", "rectified", "closed") == ["case_rectified"]
    table_drafts.save_row(designer, TABLE, GivenRow({LETTER: "handled"}, row_id="letters_handled"))
    closed = GivenRow({LETTER: "closed, withdrawn, rectified"}, row_id="letters_closed")
    table_drafts.save_row(designer, TABLE, closed)
    assert told("handled", "rectified") == ["case_rectified"], "a draft changes nothing"
    put_into_effect(designer, TABLE)
    assert told("handled", "rectified") == []
    assert told("closed", "rectified") == ["case_rectified"]


def test_a_row_stands_for_cases_reported_within_its_days(sqlite_district: District) -> None:
    designer = sqlite_district["designer"]
    cells = {LETTER: "accepted", VALID: "2027-01-01..", STAGE: "always"}
    table_drafts.save_row(designer, TABLE, GivenRow(cells))
    put_into_effect(designer, TABLE)
    with moved_to(TUESDAY_NINE):
        assert told("closed", "accepted") == []
    with moved_to(TUESDAY_NINE.replace(year=2027)):
        assert told("closed", "accepted") == ["case_accepted"]


def test_a_letter_that_no_row_fits_waits_and_says_what_is_missing(
    sqlite_district: District,
) -> None:
    designer = sqlite_district["designer"]
    table_drafts.remove_row(designer, TABLE, "letters_other")
    put_into_effect(designer, TABLE)
    with moved_to(TUESDAY_NINE):
        assert told("progress", "moved") == []
    with reading() as connection:
        error = connection.execute(
            select(outbox.c.last_error).where(outbox.c.last_error.is_not(None))
        )
        assert "“Letters to reporters” says for no stage when the letter moved is sent" in str(
            error.scalar_one()
        )
    table_drafts.save_row(designer, TABLE, GivenRow({LETTER: "moved", STAGE: "progress"}))
    put_into_effect(designer, TABLE)
    with moved_to(TUESDAY_NINE.replace(hour=9)):
        assert sent() == ["case_moved"], "it is tried again"


def test_a_stage_that_no_reporter_can_choose_is_refused(sqlite_district: District) -> None:
    row = GivenRow({STAGE: "soon"}, row_id="letters_closed")
    with pytest.raises(table_drafts.RowRefused):
        table_drafts.save_row(sqlite_district["designer"], TABLE, row)


def test_the_shipped_table_is_asked_where_a_district_has_not_deployed_one(tmp_path: Path) -> None:
    files = {
        path.name: path.read_bytes()
        for folder in ("bpmn", "forms")
        for path in sorted((ROOT / folder).iterdir())
        if path.name != "README.md" and not path.name.startswith(TABLE)
    }
    url = f"sqlite:///{tmp_path / 'older.db'}"
    with running(url, tmp_path, files=files) as district:
        names = {
            line.decision_id
            for line in tables.list_tables(district["designer"], language="en").lines
        }
        assert TABLE not in names
        assert told("closed", "accepted", "closed") == ["case_closed"]
        own = (
            (ROOT / "bpmn" / f"{TABLE}.dmn")
            .read_bytes()
            .replace(b'"closed", "withdrawn"', b'"withdrawn"')
        )
        deploy({f"{TABLE}.dmn": own}, actor=None)
        assert told("closed", "closed") == []


@pytest.mark.parametrize(("language", "said"), [("en", "always"), ("zh-CN", "一律告知")])
def test_it_is_tried_out_in_words(sqlite_district: District, language: str, said: str) -> None:
    asked = {"var.letter": "question"}
    trial = table_trial.try_out(sqlite_district["designer"], TABLE, asked, language=language)
    assert trial.in_force is not None
    (reason,) = trial.in_force.reasons
    assert [words for _, words in reason.rows[0].outputs] == [said]
