"""Uploaded files: told by their bytes, cleaned of what a camera adds, kept where all can share."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from app.cases import remarks
from app.cases.attachments import TooManyFiles, Upload, keep_upload
from app.cases.bell import read_bell
from app.cases.handling import claim_task, complete_task
from app.cases.housekeeping import tidy
from app.cases.pictures import LONGEST_SIDE, THUMBNAIL_SIDE, FileRefused, inspect
from app.clock import moved_to
from app.errors import NotFound
from app.organisation.actor import Actor
from app.store.attachments import of_case
from app.store.blobs import BlobMissing, FolderBlobs, S3Blobs, open_blobs
from app.store.db import reading
from tests.support import walk
from tests.support.colleagues import signed
from tests.support.district import TUESDAY_NINE, District


def photo(
    kind: str = "JPEG", size: tuple[int, int] = (3000, 2000), *, with_exif: bool = True
) -> bytes:
    image = Image.new("RGB", size, (30, 120, 60))
    out = io.BytesIO()
    if not with_exif:
        image.save(out, kind)
        return out.getvalue()
    exif = image.getexif()
    exif[0x010F] = "A camera that names its owner"
    details = exif.get_ifd(0x8769)
    details[0x9003] = "2026:11:24 09:30:00"
    details[0x9011] = "+08:00"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "N", (40.0, 0.0, 18.0)
    gps[3], gps[4] = "E", (116.0, 0.0, 18.0)
    image.save(out, kind, exif=exif)
    return out.getvalue()


def test_a_photo_keeps_its_pixels_time_and_place_and_nothing_else() -> None:
    found = inspect("IMG_1.jpg", photo())
    assert found.media_type == "image/jpeg"
    assert found.captured_at is not None
    assert found.captured_at.isoformat() == "2026-11-24T01:30:00+00:00"
    assert (found.latitude, found.longitude) == (40.005, 116.005)
    kept = Image.open(io.BytesIO(found.content))
    assert not kept.getexif()
    assert b"names its owner" not in found.content
    assert max(kept.size) == LONGEST_SIDE
    assert found.thumbnail is not None
    assert max(Image.open(io.BytesIO(found.thumbnail)).size) == THUMBNAIL_SIDE


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_pictures_are_taken_too(kind: str) -> None:
    found = inspect("picture", photo(kind, (40, 30), with_exif=False))
    assert found.media_type == f"image/{kind.lower()}"
    assert found.captured_at is None


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.jpg", b""),
        ("page.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        ("page.html", b"<html><script>alert(1)</script></html>"),
        ("program.jpg", b"MZ\x90\x00" + b"\x00" * 200),
        ("cut.jpg", photo(size=(60, 40))[:200]),
        ("archive.zip", b"PK\x03\x04" + b"\x00" * 60),
    ],
)
def test_what_is_not_taken_says_why(name: str, content: bytes) -> None:
    with pytest.raises(FileRefused) as refused:
        inspect(name, content)
    assert name in str(refused.value)


def test_a_picture_that_unfolds_too_far_is_refused() -> None:
    out = io.BytesIO()
    Image.new("1", (12_000, 12_000)).save(out, "PNG")
    with pytest.raises(FileRefused):
        inspect("bomb.png", out.getvalue())


def test_files_of_a_task_are_answers_of_that_task_only(
    sqlite_district: District, tmp_path: Path
) -> None:
    blobs = FolderBlobs(tmp_path / "blobs")
    keys = []
    for _ in range(2):
        case_key = walk.report().case_key
        walk.do(sqlite_district["officer"], case_key, "triage", walk.TRIAGED)
        walk.do(sqlite_district["clerk"], case_key, "sign_for", walk.SIGNED)
        task = walk.open_tasks(case_key)["handle"]
        kept = keep_upload(
            Upload(file_name="after.jpg", content=photo(size=(50, 40)), kind="after"),
            blobs=blobs,
            task_key=task["key"],
            case_key=case_key,
        )
        keys.append((case_key, task["key"], kept.key))
    (case_key, task_key, own), (_, _, foreign) = keys
    handler = sqlite_district["handler"]
    claim_task(handler, task_key, seen_version=1)
    with pytest.raises(NotFound):
        complete_task(
            handler, task_key, walk.HANDLED | {"after_photos": [str(foreign)]}, seen_version=2
        )
    complete_task(handler, task_key, walk.HANDLED | {"after_photos": [str(own)]}, seen_version=2)
    answers = walk.case_row(case_key)["answers"]["handle"]
    assert answers["after_photos"] == [str(own)]
    with reading() as connection:
        (row,) = of_case(connection, case_key)
    assert blobs.get(row.stored_as).startswith(b"\xff\xd8\xff")


def test_a_task_takes_no_more_files_than_it_may(sqlite_district: District, tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path / "blobs")
    case_key = walk.report().case_key
    task_key = walk.open_tasks(case_key)["triage"]["key"]
    upload = Upload(file_name="street.jpg", content=photo(size=(50, 40)), kind="evidence")
    for _ in range(20):
        keep_upload(upload, blobs=blobs, task_key=task_key, case_key=case_key)
    with pytest.raises(TooManyFiles):
        keep_upload(upload, blobs=blobs, task_key=task_key, case_key=case_key)


def test_files_of_a_report_go_with_the_case(sqlite_district: District, tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path / "blobs")
    upload = Upload(file_name="street.jpg", content=photo(size=(50, 40)), kind="report")
    for _ in range(20):
        keep_upload(upload, blobs=blobs, upload_group="one report")
    with pytest.raises(TooManyFiles):
        keep_upload(upload, blobs=blobs, upload_group="one report")
    case_key = walk.report(upload_group="one report").case_key
    with reading() as connection:
        assert len(of_case(connection, case_key)) == 20


def test_photos_of_a_report_never_sent_are_swept_away(
    sqlite_district: District, tmp_path: Path
) -> None:
    blobs = FolderBlobs(tmp_path / "blobs")
    upload = Upload(file_name="street.jpg", content=photo(size=(50, 40)), kind="report")
    with moved_to(TUESDAY_NINE):
        unsent = keep_upload(upload, blobs=blobs, upload_group="never sent")
        sent = keep_upload(upload, blobs=blobs, upload_group="sent")
        walk.report(upload_group="sent")
    with moved_to(TUESDAY_NINE + timedelta(days=1)):
        tidy(blobs)
        assert blobs.get(unsent.stored_as)
    with moved_to(TUESDAY_NINE + timedelta(days=3)):
        tidy(blobs)
    assert blobs.get(sent.stored_as)
    with pytest.raises(BlobMissing):
        blobs.get(unsent.stored_as)


def test_a_folder_keeps_and_misses(tmp_path: Path) -> None:
    blobs = open_blobs(f"file://{tmp_path}/kept")
    blobs.put("ab12", b"content", media_type="text/plain")
    assert blobs.get("ab12") == b"content"
    for name in ("cd34", "../ab12", "ab/12"):
        with pytest.raises(BlobMissing):
            blobs.get(name)


def test_a_bucket_keeps_and_misses(monkeypatch: pytest.MonkeyPatch) -> None:
    boto3 = pytest.importorskip("boto3")
    moto = pytest.importorskip("moto")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with moto.mock_aws():
        boto3.client("s3").create_bucket(Bucket="district")
        blobs = open_blobs("s3://district/attachments")
        assert isinstance(blobs, S3Blobs)
        blobs.put("ab12", b"content", media_type="text/plain")
        assert blobs.get("ab12") == b"content"
        blobs.delete("ab12")
        for name in ("ab12", "cd34"):
            with pytest.raises(BlobMissing):
                blobs.get(name)


def told(person: Actor) -> list[str]:
    """Return the kinds of lines in somebody's bell, the newest first."""
    return [item.line.kind for item in read_bell(person, language="en").items]


def add_file(district: District, login: str, case_key: int, **given: str) -> None:
    upload = Upload(file_name=given.get("name", "site.png"), content=photo("PNG", (40, 30)))
    remarks.attach(
        district[login],
        case_key,
        [upload],
        visibility=given.get("visibility", "departments"),
        blobs=district.app.extensions["blobs"],
    )


def test_who_has_the_case_hears_of_files_and_the_journal_keeps_who_added_them(
    district: District,
) -> None:
    case_key = signed(district)
    task = walk.open_tasks(case_key)["handle"]
    claim_task(district["handler"], task["key"], seen_version=task["version"])
    add_file(district, "officer", case_key, visibility="internal")
    assert "files_added" not in told(district["handler"]), "departments do not see them"
    add_file(district, "officer", case_key)
    assert told(district["handler"])[0] == "files_added"
    before = told(district["handler"])
    add_file(district, "handler", case_key)
    assert told(district["handler"]) == before, "whoever adds them knows it"
    lines = [line for line in walk.journal_of(case_key) if line["kind"] == "files_added"]
    assert [line["person_key"] for line in lines] == [
        district["officer"].person_key,
        district["officer"].person_key,
        district["handler"].person_key,
    ]
    assert lines[0]["data"] == {"count": 1, "visibility": "internal"}


def test_files_of_a_confidential_case_are_named_without_who_reported_it(district: District) -> None:
    case_key = walk.report(
        name="Ouyang Xiu", phone="13812345678", has_consented=True, is_confidential=True
    ).case_key
    add_file(district, "officer", case_key, name="Ouyang Xiu 13812345678.png")
    with reading() as connection:
        (name,) = [row.file_name for row in of_case(connection, case_key)]
    assert "Ouyang" not in name
    assert "138" not in name
    assert name.endswith(".png")
