"""Who reported in confidence is seen by no handler: not on pages, in lists, exports or notices."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select

from app.cases import discretion
from app.cases.attachments import Upload, keep_upload
from app.cases.bell import read_bell
from app.cases.case_view import read_attachment, read_case, read_reporters
from app.cases.intake import Report, receive_report
from app.cases.outbox import Letter, send_waiting
from app.cases.overdue import export_overdue, read_overdue
from app.cases.resident_answering import answer_question
from app.cases.resident_forms import ADD, Posting, keep_file
from app.cases.resident_urging import add_facts, urge
from app.cases.search import Wanted, find_cases
from app.cases.task_view import read_task
from app.cases.tracking import track
from app.clock import moved_to
from app.errors import Forbidden
from app.store.blobs import FolderBlobs
from app.store.db import metadata, reading
from tests.support import walk
from tests.support.district import TUESDAY_NINE, District
from tests.support.residents import posting, told, with_department, words

NAME, PHONE, MAIL = "Wang Xiaofang", "13812345678", "wang.fang@example.org"
HOME = "I live above it, call 138 1234 5678, or write to Wang.Fang@example.org. Wang Xiaofang"
SECRETS = (NAME, PHONE, "138 1234 5678", MAIL, "Wang.Fang@example.org")


def photo() -> bytes:
    """A photo that says where and when it was taken, and by whom."""
    content = BytesIO()
    exif = Image.Exif()
    exif[0x013B] = NAME  # artist
    exif[0x9286] = HOME  # comment
    Image.new("RGB", (64, 48), "green").save(content, "JPEG", exif=exif)
    return content.getvalue()


def upload(group: str, blobs: FolderBlobs) -> int:
    given = Upload(
        file_name=f"{NAME} {PHONE}.jpg",
        content=photo(),
        field="photos",
        kind="report",
        captured_at=TUESDAY_NINE - timedelta(days=1),
        latitude=40.0031,
        longitude=116.0042,
    )
    return keep_upload(given, blobs=blobs, upload_group=group).key


@pytest.fixture
def blobs(tmp_path: Path) -> FolderBlobs:
    return FolderBlobs(tmp_path / "blobs")


@pytest.fixture
def receipt(district: District, blobs: FolderBlobs) -> walk.Receipt:
    """A confidential case that a department works on, whose reporter wrote who they are."""
    with_department()
    upload("r" * 32, blobs)
    with moved_to(TUESDAY_NINE):
        return receive_report(
            Report(
                channel="web",
                description=f"Oil is poured into the drain. {HOME}",
                address=f"behind the house of {NAME}",
                latitude=40.005,
                longitude=116.005,
                is_confidential=True,
                name=NAME,
                phone=PHONE,
                email=MAIL,
                has_consented=True,
                upload_group="r" * 32,
                answers={"description": HOME, "photos": ["1"]},
            ),
        )


def no_secret(seen: object) -> bool:
    text = repr(seen)
    return [each for each in SECRETS if each in text] == []


def test_what_a_handler_reads_of_the_case_names_nobody(
    district: District, receipt: walk.Receipt
) -> None:
    handler = district["handler"]
    seen = read_case(handler, receipt.case_key, language="en")
    assert seen.reporters is None
    assert no_secret(seen)
    assert "Oil is poured into the drain" in str(seen.case["description"])
    assert discretion.BLANK in str(seen.case["description"])
    task = walk.open_tasks(receipt.case_key)["work"]
    assert no_secret(read_task(handler, task["key"], language="en"))
    with pytest.raises(Forbidden):
        read_reporters(handler, receipt.case_key)


def test_what_the_reporter_adds_stays_within_the_grid_line(
    district: District, receipt: walk.Receipt
) -> None:
    add_facts(receipt.token, posting(facts=f"Again tonight. {HOME}"))
    handler, officer = district["handler"], district["officer"]
    assert read_case(handler, receipt.case_key, language="en").remarks == ()
    (said,) = read_case(officer, receipt.case_key, language="en").remarks
    assert said.row.body.startswith("Again tonight.")
    assert no_secret(said.row.body)
    assert [said.kind for said in track(receipt.token).own_words] == ["addition"]


def test_an_answer_reaches_the_process_without_who_gave_it(
    district: District, receipt: walk.Receipt
) -> None:
    handler = district["handler"]
    walk.do(handler, receipt.case_key, "work", {"question": "Where exactly?"})
    answer_question(receipt.token, posting(answer=f"By the gate. {HOME}"))
    task = walk.open_tasks(receipt.case_key)["work_on"]
    seen = read_task(handler, task["key"], language="en")
    assert no_secret(seen)
    assert no_secret(task["inputs"])
    assert [visibility for _kind, visibility, _body in words(receipt.case_key)] == ["internal"]


def test_photos_tell_neither_name_nor_place_nor_time(
    district: District, receipt: walk.Receipt, blobs: FolderBlobs
) -> None:
    given = Upload(file_name=f"{NAME}.jpg", content=photo(), latitude=40.0, longitude=116.0)
    key = keep_file(ADD, given, name="facts_photos", group="g" * 32, blobs=blobs)
    files = {"facts_photos": [key]}
    add_facts(receipt.token, Posting(posted={}, files=files, group="g" * 32))
    rows = read_case(district["handler"], receipt.case_key, language="en").attachments
    assert len(rows) == 2
    for row in rows:
        assert no_secret(row)
        assert (row.latitude, row.longitude, row.captured_at) == (None, None, None)
        seen = read_attachment(district["handler"], row.key)
        content = blobs.get(seen.stored_as)
        assert not [each for each in SECRETS if each.encode() in content]
        assert dict(Image.open(BytesIO(content)).getexif()) == {}


@pytest.mark.parametrize("login", ["handler", "clerk", "leader"])
def test_no_list_finds_the_case_by_who_reported_it(
    district: District, receipt: walk.Receipt, login: str
) -> None:
    for wanted in (*SECRETS, "12345678", "Xiaofang"):
        found = find_cases(district[login], Wanted(text=wanted), language="en")
        assert (found.count, found.found) == (0, ())
    everything = find_cases(district[login], Wanted(text="Oil"), language="en")
    assert everything.count == 1
    assert no_secret(everything)


def test_lists_of_what_is_overdue_and_their_export_name_nobody(
    district: District, receipt: walk.Receipt
) -> None:
    with moved_to(TUESDAY_NINE + timedelta(days=2)):
        lines = list(export_overdue(district["leader"], language="en"))
        assert [line.line.number for _frame, line in lines] == [receipt.number]
        assert no_secret([line for _frame, line in lines])
        assert no_secret(read_overdue(district["leader"], language="en").items)


def test_notices_and_letters_to_the_staff_name_nobody(
    district: District, receipt: walk.Receipt
) -> None:
    add_facts(receipt.token, posting(facts=HOME))
    urge(receipt.token)
    letters: list[Letter] = []
    send_waiting(letters.append, limit=50)
    to_staff = [each for each in letters if not each.template.startswith("case_")]
    assert to_staff
    assert no_secret(to_staff)
    assert no_secret(read_bell(district["handler"], language="en"))
    street = district.units["S01"]
    assert told("facts_added") == [(None, "street_dispatcher", street)]


def test_outside_the_reporters_own_row_nothing_names_them(
    district: District, receipt: walk.Receipt
) -> None:
    walk.do(district["handler"], receipt.case_key, "work", {"question": "Where?"})
    answer_question(receipt.token, posting(answer=HOME))
    add_facts(receipt.token, posting(facts=HOME))
    urge(receipt.token)
    with reading() as connection:
        for table in metadata.sorted_tables:
            if table.name in {"reporter", "blob"}:
                continue
            rows = connection.execute(select(table)).all()
            assert no_secret(rows), table.name


def test_a_supervisor_may_know_who_reported(district: District, receipt: walk.Receipt) -> None:
    seen = read_case(district["supervisor"], receipt.case_key, language="en")
    assert seen.reporters is not None
    (row,) = read_reporters(district["supervisor"], receipt.case_key)
    assert (row.name, row.phone, row.email) == (NAME, PHONE, MAIL)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("call 13812345678", "call ＊＊＊"),
        ("call +86 138-1234-5678 now", "call ＊＊＊ now"),
        ("WANG XIAOFANG was here", "＊＊＊ was here"),
        ("lamp 12345", "lamp 12345"),
    ],
)
def test_names_and_numbers_are_taken_out_of_words(text: str, said: str) -> None:
    assert discretion.without(text, (NAME, PHONE, MAIL)) == said


def test_keys_of_files_stay_as_they_are() -> None:
    answers = {"photos": [PHONE], "words": [f"x {PHONE}"]}
    assert discretion.answers_without(answers, (PHONE,)) == {
        "photos": [PHONE],
        "words": [f"x {discretion.BLANK}"],
    }
