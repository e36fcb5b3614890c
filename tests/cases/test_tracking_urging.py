"""What reporters say unasked: facts and photos, urging, and when they want to be told."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select

from app.cases import resident_urging, tracking
from app.cases.attachments import Upload, keep_upload
from app.cases.designs import deploy
from app.cases.handling import complete_task
from app.cases.outbox import Letter, send_waiting
from app.cases.pictures import FileRefused
from app.cases.resident_forms import ADD, Posting, keep_file
from app.cases.resident_urging import (
    CaseOver,
    NothingAdded,
    UrgedAlready,
    add_facts,
    choose_news,
    urge,
)
from app.cases.sessions import TooManyAttempts
from app.cases.tokens import query_code
from app.cases.tracking import look_up, track
from app.clock import moved_to
from app.errors import InvalidInput, NotFound
from app.store import resident_view
from app.store.blobs import FolderBlobs
from app.store.db import reading
from app.store.tables.cases import attachment
from app.store.tables.delivery import outbox
from tests.engine.drawing import diagram, end, message, process, start, user
from tests.support import walk
from tests.support.district import TUESDAY_NINE, District
from tests.support.residents import form, handling, kinds, owe, posting, text, told, words


def picture() -> bytes:
    content = BytesIO()
    Image.new("RGB", (64, 48), "green").save(content, "JPEG")
    return content.getvalue()


def closed(district: District) -> walk.Receipt:
    handling()
    receipt = walk.report()
    walk.do(district["officer"], receipt.case_key, "handle", {"measures": "Taken away"})
    walk.do(district["officer"], receipt.case_key, "close", {"summary": "Done"})
    return receipt


def letters(text: list[Letter] | None = None) -> list[tuple[str, str]]:
    sent: list[Letter] = []
    send_waiting(sent.append, limit=50, text=None if text is None else text.append)
    return [(each.template, each.address) for each in sent if each.template.startswith("case_")]


def test_added_facts_reach_who_has_the_task(district: District) -> None:
    receipt = walk.report()
    add_facts(receipt.token, posting(facts="Now it burns 着火了"))
    assert words(receipt.case_key) == [("addition", "departments", "Now it burns 着火了")]
    assert kinds(receipt.case_key)[-1] == "facts_added"
    unit = district.units["S01-C01"]
    assert told("facts_added") == [(None, "community_officer", unit)]


def test_whoever_claimed_the_task_is_told_alone(sqlite_district: District) -> None:
    from app.cases.handling import claim_task

    receipt = walk.report()
    task = walk.open_tasks(receipt.case_key)["triage"]
    officer = sqlite_district["officer"]
    claim_task(officer, task["key"], seen_version=task["version"])
    add_facts(receipt.token, posting(facts="Two bags more"))
    assert told("facts_added") == [(officer.person_key, None, None)]


def test_a_photo_alone_is_enough_and_goes_with_the_case(district: District, tmp_path: Path) -> None:
    receipt = walk.report()
    blobs = FolderBlobs(tmp_path / "blobs")
    upload = Upload(file_name="now.jpg", content=picture())
    key = keep_file(ADD, upload, name="facts_photos", group="g" * 32, blobs=blobs)
    files = {"facts_photos": [key]}
    add_facts(receipt.token, Posting(posted={}, files=files, group="g" * 32))
    assert [row.file_name for row in track(receipt.token).attachments] == ["now.jpg"]


def test_what_is_no_picture_is_refused(sqlite_district: District, tmp_path: Path) -> None:
    with pytest.raises(FileRefused):
        keep_file(
            ADD,
            Upload(file_name="cv.pdf", content=b"%PDF-1.4 by Wang Fang"),
            name="facts_photos",
            group="g" * 32,
            blobs=FolderBlobs(tmp_path),
        )


def test_nothing_is_not_added(sqlite_district: District) -> None:
    receipt = walk.report()
    with pytest.raises(NothingAdded):
        add_facts(receipt.token, posting(facts="  "))


def test_the_same_facts_sent_twice_count_once(district: District) -> None:
    receipt = walk.report()
    for _ in range(2):
        add_facts(receipt.token, posting("one page", facts="Two bags more"))
    assert len(words(receipt.case_key)) == 1


def test_nothing_is_added_to_or_urged_of_a_closed_case(sqlite_district: District) -> None:
    receipt = closed(sqlite_district)
    with pytest.raises(CaseOver):
        add_facts(receipt.token, posting(facts="Still there"))
    with pytest.raises(CaseOver):
        urge(receipt.token)
    assert not track(receipt.token).offers.can_add


def test_too_many_additions_wait(
    sqlite_district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resident_urging, "MOST_ADDITIONS", 1)
    receipt = walk.report()
    add_facts(receipt.token, posting(facts="One"))
    with pytest.raises(TooManyAttempts):
        add_facts(receipt.token, posting(facts="Two"))


def test_a_wrong_token_adds_and_urges_nothing(sqlite_district: District) -> None:
    walk.report()
    with pytest.raises(NotFound):
        add_facts("wrong", posting(facts="One"))
    with pytest.raises(NotFound):
        urge("wrong")
    with pytest.raises(NotFound):
        choose_news("wrong", told_by="nothing", chosen=[])


def test_an_urge_reaches_holder_and_supervisor_and_is_counted(district: District) -> None:
    with moved_to(TUESDAY_NINE):
        receipt = walk.report()
        urge(receipt.token)
        offers = track(receipt.token).offers
        assert (offers.urged, offers.urge_again_at) == (1, TUESDAY_NINE + timedelta(days=1))
        with pytest.raises(UrgedAlready, match="2026-11-25 09:00"):
            urge(receipt.token)
    assert told("urged") == [
        (None, "community_officer", district.units["S01-C01"]),
        (None, "supervisor", district.units["DISTRICT"]),
    ]
    assert kinds(receipt.case_key)[-1] == "urged"


def urge_daily(receipt: walk.Receipt, days: int) -> None:
    for day in range(days):
        with moved_to(TUESDAY_NINE + timedelta(days=day)):
            urge(receipt.token)


def test_the_third_urge_asks_for_supervision(district: District) -> None:
    drawn = process(
        "supervises",
        start("needed", message("SupervisionNeeded"), outputs={"why": "=reason"}),
        user("look_into", "supervisor", inputs={"why": "=why"}),
        end("released"),
        flows="needed > look_into > released",
    )
    files = {
        "supervises.bpmn": diagram(drawn, correlations={"SupervisionNeeded": "=case.number"}),
        "look_into.form": form("look_into", text("note")),
    }
    deploy(files, actor=None)
    with moved_to(TUESDAY_NINE):
        receipt = walk.report()
    urge_daily(receipt, 2)
    assert "look_into" not in walk.open_tasks(receipt.case_key)
    with moved_to(TUESDAY_NINE + timedelta(days=2)):
        urge(receipt.token)
    assert walk.open_tasks(receipt.case_key)["look_into"]["inputs"] == {"why": "urged"}
    with moved_to(TUESDAY_NINE + timedelta(days=3)):
        urge(receipt.token)
    with reading() as connection:
        begun = resident_view.started_by(connection, receipt.case_key, "SupervisionNeeded")
    assert len(begun) == 1, "it is asked for once"


def test_where_nobody_supervises_the_message_is_kept_for_nobody(district: District) -> None:
    with moved_to(TUESDAY_NINE):
        receipt = walk.report()
    urge_daily(receipt, 3)
    with reading() as connection:
        assert resident_view.kept_for(connection, receipt.case_key, "SupervisionNeeded") is None


@pytest.mark.parametrize(
    ("severity", "hours"), [("ordinary", 24), ("urgent", 24), ("emergency", 4), ("major", 4)]
)
def test_how_often_one_may_urge_stands_in_the_table(
    sqlite_district: District, severity: str, hours: int
) -> None:
    with moved_to(TUESDAY_NINE):
        receipt = walk.report(severity=severity)
        urge(receipt.token)
    with moved_to(TUESDAY_NINE + timedelta(hours=hours, seconds=-1)), pytest.raises(UrgedAlready):
        urge(receipt.token)
    with moved_to(TUESDAY_NINE + timedelta(hours=hours)):
        urge(receipt.token)
        assert track(receipt.token).offers.urged == 2


def test_number_and_query_code_open_the_case_however_they_are_typed(district: District) -> None:
    receipt = walk.report(is_anonymous=True)
    code = tracking.code_of(receipt.token)
    typed = [code, code.lower(), code.replace("-", " "), code.replace("0", "O").replace("1", "l")]
    for each in typed:
        found = look_up(f" {receipt.number} ", each, address="1.2.3.4")
        assert found == receipt.token


def test_a_code_opens_no_other_case(sqlite_district: District) -> None:
    one, two = walk.report(), walk.report()
    code = tracking.code_of(one.token)
    for number, given in ((two.number, code), (one.number, ""), ("", code), ("x", "x")):
        with pytest.raises(NotFound):
            look_up(number, given, address="1.2.3.4")


def test_guessing_codes_is_stopped(
    sqlite_district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracking, "MOST_LOOKUPS_OF_A_CASE", 2)
    receipt = walk.report()
    for address in ("1.1.1.1", "2.2.2.2"):
        with pytest.raises(NotFound):
            look_up(receipt.number, "00000000", address=address)
    with pytest.raises(TooManyAttempts):
        look_up(receipt.number, "00000000", address="3.3.3.3")


def test_codes_are_as_many_as_reporters(sqlite_district: District) -> None:
    with reading() as connection:
        codes = {query_code(connection, key) for key in range(2000)}
    assert len(codes) == 2000
    assert all(len(code) == 9 and code[4] == "-" for code in codes)


CONTACT = {"name": "Wang Fang", "email": "wang@example.org", "has_consented": True}


def test_reporters_are_told_at_the_stages_they_chose(district: District) -> None:
    receipt = walk.report(**CONTACT, stages=("handled",))
    walk.do(
        district["officer"],
        receipt.case_key,
        "triage",
        {"decision": "reject", "reject_code": "no_facts", "reason": "Nothing there"},
    )
    assert letters() == [("case_rejected", "wang@example.org")]


@pytest.mark.parametrize(
    ("stages", "templates"),
    [
        (None, ["accepted", "facts_added", "closed", "question"]),
        (["accepted"], ["accepted", "question"]),
        (["progress", "closed"], ["facts_added", "closed", "question"]),
        ([], ["question"]),
    ],
)
def test_questions_reach_everybody_and_the_rest_who_chose_it(
    sqlite_district: District, stages: list[str] | None, templates: list[str]
) -> None:
    receipt = walk.report(**CONTACT)
    if stages is not None:
        choose_news(receipt.token, told_by="mail", chosen=stages)
    for template in ("accepted", "facts_added", "closed", "question"):
        owe(receipt.case_key, template)
    assert letters() == [(f"case_{name}", "wang@example.org") for name in templates]


def test_who_stopped_it_is_told_nothing(sqlite_district: District) -> None:
    receipt = walk.report(**CONTACT)
    choose_news(receipt.token, told_by="nothing", chosen=["closed"])
    owe(receipt.case_key, "question")
    assert letters() == []


def test_nobody_chooses_a_way_they_cannot_be_reached_by(sqlite_district: District) -> None:
    receipt = walk.report(**CONTACT)
    for way in ("message", "pigeon", ""):
        with pytest.raises(InvalidInput):
            choose_news(receipt.token, told_by=way, chosen=[], has_messages=True)
    anonymous = walk.report(is_anonymous=True)
    with pytest.raises(InvalidInput):
        choose_news(anonymous.token, told_by="mail", chosen=[])


def test_text_messages_leave_only_where_there_is_a_gateway(district: District) -> None:
    receipt = walk.report(name="Wang Fang", phone="13800000000", has_consented=True)
    choose_news(receipt.token, told_by="message", chosen=["closed"], has_messages=True)
    owe(receipt.case_key, "closed")
    assert letters() == []
    assert "reporter_sms" not in rows_of_outbox()
    owe(receipt.case_key, "closed")
    texts: list[Letter] = []
    letters(texts)
    letters(texts)
    assert [(each.template, each.address) for each in texts] == [("case_closed", "13800000000")]
    assert rows_of_outbox().count("reporter_sms") == 1


def test_after_photos_are_shown_once_the_case_is_handled(
    district: District, tmp_path: Path
) -> None:
    handling()
    receipt = walk.report()
    task = walk.open_tasks(receipt.case_key)["handle"]
    keys = [
        keep_upload(
            Upload(file_name=name, content=picture(), field="after_photos", kind="after"),
            blobs=FolderBlobs(tmp_path / "blobs"),
            task_key=task["key"],
            person_key=district["officer"].person_key,
        ).key
        for name in ("clean.jpg", "blurred.jpg")
    ]
    assert track(receipt.token).after_photos == ()
    complete_task(
        district["officer"],
        task["key"],
        {"measures": "Taken away", "after_photos": [str(keys[0])]},
        seen_version=task["version"],
    )
    assert [row.file_name for row in track(receipt.token).after_photos] == ["clean.jpg"]


def rows_of_outbox() -> list[str]:
    with reading() as connection:
        return list(connection.execute(select(outbox.c.kind)).scalars())


def test_positions_of_photos_are_kept_where_the_case_is_open_to_all(
    sqlite_district: District, tmp_path: Path
) -> None:
    receipt = walk.report()
    upload = Upload(file_name="now.jpg", content=picture(), latitude=40.0, longitude=116.0)
    key = keep_file(ADD, upload, name="facts_photos", group="g" * 32, blobs=FolderBlobs(tmp_path))
    files = {"facts_photos": [key]}
    add_facts(receipt.token, Posting(posted={}, files=files, group="g" * 32))
    with reading() as connection:
        assert connection.execute(select(attachment.c.latitude)).scalar_one() == 40.0
