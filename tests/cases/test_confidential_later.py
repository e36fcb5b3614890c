"""A case that becomes confidential after its report is cleaned of who reported it, everywhere."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.cases import discretion, whistle_blowing
from app.cases.bell import read_bell
from app.cases.case_view import read_attachment, read_case, read_reporters
from app.cases.designs import deploy
from app.cases.intake import Report, receive_report
from app.cases.journal import first_broken
from app.cases.overdue import export_overdue
from app.cases.resident_answering import answer_question
from app.cases.resident_urging import add_facts
from app.cases.search import Wanted, find_cases
from app.cases.task_view import read_task
from app.cases.tracking import track
from app.clock import moved_to
from app.errors import Forbidden
from app.store.blobs import FolderBlobs
from app.store.db import metadata, reading
from app.store.tables.cases import submission
from app.store.tables.runtime import user_task
from app.store.tables.whistles import whistle
from tests.cases.test_tracking_confidential import HOME, MAIL, NAME, PHONE, no_secret, upload
from tests.cases.test_whistles import SAID
from tests.engine.drawing import catch, diagram, end, message, process, service, user
from tests.support import walk
from tests.support.district import TUESDAY_NINE, District
from tests.support.residents import CORRELATED, begun, form, posting, text, words

RECORDED = {
    "is_confidential": "=true",
    "lead_unit": '="D-URBAN"',
    "description": '=case.description + " Looked at."',
}


def deployed() -> None:
    """Put a process in place whose officer asks, looks, and makes the case confidential."""
    drawn = process(
        "hides",
        begun(),
        service("locate"),
        user("ask", "community_officer"),
        catch("heard", message("QuestionAnswered"), outputs={"said": "=answer"}),
        user("look", "community_officer", inputs={"told": "=said"}),
        service("record_facts", inputs=RECORDED),
        user("work", "unit_handler", inputs={"told": "=said"}, due='=calendar.after("PT1H")'),
        end("done"),
        flows="begin > locate > ask > heard > look > record_facts > work > done",
    )
    files = {
        "hides.bpmn": diagram(drawn, correlations=CORRELATED),
        "ask.form": form("ask", text("question")),
        "look.form": form("look", text("verdict"), text("note")),
        "work.form": form("work", text("note")),
    }
    deploy(files, actor=None)


@pytest.fixture
def receipt(district: District, tmp_path: Path) -> walk.Receipt:
    """A case whose reporter wrote everywhere who they are, before it became confidential."""
    deployed()
    upload("r" * 32, FolderBlobs(tmp_path / "blobs"))
    with moved_to(TUESDAY_NINE):
        found = receive_report(
            Report(
                channel="web",
                description=f"Oil is poured into the drain. {HOME}",
                address=f"behind the house of {NAME}",
                latitude=40.005,
                longitude=116.005,
                name=NAME,
                phone=PHONE,
                email=MAIL,
                has_consented=True,
                upload_group="r" * 32,
                answers={"description": HOME, "severity": "urgent"},
            ),
        )
        officer = district["officer"]
        asked = {"question": f"Dear {NAME}, where exactly?"}
        walk.do(officer, found.case_key, "ask", asked)
        answer_question(found.token, posting(answer=f"By the gate. {HOME}"))
        add_facts(found.token, posting(facts=f"Again tonight. {HOME}"))
        assert not no_secret(read_case(officer, found.case_key, language="en"))
        looked = {"verdict": "urgent", "note": f"{NAME} called me from {PHONE}."}
        walk.do(officer, found.case_key, "look", looked)
    return found


def test_nothing_outside_the_reporters_own_row_names_them(
    district: District, receipt: walk.Receipt
) -> None:
    assert walk.case_row(receipt.case_key)["is_confidential"] is True
    with reading() as connection:
        for table in metadata.sorted_tables:
            if table.name not in {"reporter", "blob"}:
                assert no_secret(connection.execute(select(table)).all()), table.name
    lines = walk.journal_of(receipt.case_key)
    assert [each["data"] for each in lines if each["kind"] == "reporter_hidden"] == [{}]
    assert first_broken(lines) is None


def test_handlers_read_the_matter_and_not_who_told_it(
    district: District, receipt: walk.Receipt
) -> None:
    handler = district["handler"]
    seen = read_case(handler, receipt.case_key, language="en")
    assert seen.reporters is None
    assert no_secret(seen)
    assert str(seen.case["description"]).startswith("Oil is poured into the drain.")
    assert str(seen.case["description"]).endswith("Looked at.")
    task = walk.open_tasks(receipt.case_key)["work"]
    assert str(task["inputs"]["told"]).startswith("By the gate.")
    assert discretion.BLANK in str(task["inputs"]["told"])
    assert no_secret(read_task(handler, task["key"], language="en"))
    with pytest.raises(Forbidden):
        read_reporters(handler, receipt.case_key)
    (row,) = seen.attachments
    assert no_secret(read_attachment(handler, row.key))
    assert (row.latitude, row.longitude, row.captured_at) == (None, None, None)


def test_what_they_wrote_before_stays_within_the_grid_line(
    district: District, receipt: walk.Receipt
) -> None:
    said = [(kind, visibility) for kind, visibility, _body in words(receipt.case_key)]
    assert said == [("answer", "internal"), ("addition", "internal")]
    assert read_case(district["handler"], receipt.case_key, language="en").remarks == ()
    assert len(read_case(district["officer"], receipt.case_key, language="en").remarks) == 2
    assert len(track(receipt.token).own_words) == 2


def test_lists_exports_and_notices_name_nobody(district: District, receipt: walk.Receipt) -> None:
    for wanted in (NAME, PHONE, MAIL, "Xiaofang"):
        found = find_cases(district["handler"], Wanted(text=wanted), language="en")
        assert found.count == 0
    assert find_cases(district["handler"], Wanted(text="Oil"), language="en").count == 1
    with moved_to(TUESDAY_NINE + timedelta(days=2)):
        lines = list(export_overdue(district["leader"], language="en"))
    assert len(lines) == 1
    assert no_secret([line for _frame, line in lines])
    assert no_secret(read_bell(district["handler"], language="en"))


def test_codes_stay_even_where_somebody_bears_such_a_name(
    district: District, receipt: walk.Receipt
) -> None:
    answers = walk.case_row(receipt.case_key)["answers"]
    assert answers["look"]["verdict"] == "urgent"
    assert answers["look"]["note"] == f"{discretion.BLANK} called me from {discretion.BLANK}."
    kept = {"decision": "accept", "unit": "D-URBAN", "words": "I accept, by Li of D-URBAN: light"}
    names = ("accept", "D-URBAN", "Li")
    assert discretion.kept_without(kept, names) == {
        "decision": "accept",
        "unit": "D-URBAN",
        "words": "I ＊＊＊, by ＊＊＊ of ＊＊＊: light",
    }


def test_those_who_may_still_learn_who_reported(district: District, receipt: walk.Receipt) -> None:
    (row,) = read_reporters(district["supervisor"], receipt.case_key)
    assert (row.name, row.phone, row.email) == (NAME, PHONE, MAIL)


def test_a_whistle_blown_for_it_names_nobody(district: District, receipt: walk.Receipt) -> None:
    asked_for = SAID | {"need": f"Ask {NAME} ({PHONE}) which drain it is."}
    whistle_blowing.blow(district["dispatcher"], receipt.case_key, asked_for)
    with reading() as connection:
        for table in (whistle, submission, user_task):
            assert no_secret(connection.execute(select(table)).all()), table.name
        needs = connection.execute(select(whistle.c.need)).scalars().all()
    assert needs == [f"Ask {discretion.BLANK} ({discretion.BLANK}) which drain it is."]


def test_what_is_written_from_now_on_names_nobody_either(
    district: District, receipt: walk.Receipt
) -> None:
    walk.do(district["handler"], receipt.case_key, "work", {"note": f"Spoke with {NAME}."})
    with reading() as connection:
        assert no_secret(connection.execute(select(submission)).all())
    assert no_secret(read_case(district["handler"], receipt.case_key, language="en"))
    assert no_secret(walk.case_row(receipt.case_key))
