"""The page on which a closed case is taken up again, in a browser without scripts."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

from app.cases.tracking import track
from app.clock import moved_to
from app.store.db import reading
from app.store.tables.cases import attachment
from tests.support import walk
from tests.support.district import District
from tests.web.test_public_residents import Resident, picture

SAID = {"cause": "recurred", "reason": "It is full again 又满了"}


def closed(district: District, language: str = "en") -> tuple[Resident, walk.Receipt]:
    receipt = walk.report()
    walk.to_end(district, receipt.case_key)
    return Resident(district.app.test_client(), receipt.token, language), receipt


def test_the_page_says_what_will_happen_and_leads_to_the_new_case(district: District) -> None:
    resident, receipt = closed(district)
    assert f"/track/{receipt.token}/reopen" in resident.see()
    page = resident.see("/reopen")
    assert "You can do this until" in page
    posted = resident.send("/reopen", {**SAID, "reopen_photos": (picture(), "now.jpg")}, page=page)
    assert posted.status_code == 303
    token = urlsplit(posted.headers["Location"]).path.rpartition("/")[2]
    assert token != receipt.token
    seen = track(token)
    assert seen.gone_on_from is not None
    assert seen.gone_on_from.number == receipt.number
    with reading() as connection:
        (photo,) = connection.execute(attachment.select()).mappings()
    assert photo["case_key"] == seen.case_key, "the photo is of how it is now"
    first = resident.see()
    assert f"/track/{token}" in first
    assert "/reopen" not in first


def test_what_was_typed_is_given_back_where_something_is_missing(district: District) -> None:
    resident, receipt = closed(district)
    page = resident.see("/reopen")
    refused = resident.send("/reopen", {"reason": SAID["reason"]}, page=page)
    assert refused.status_code == 422
    assert SAID["reason"] in refused.text
    assert track(receipt.token).going_on is None


def test_who_comes_too_late_is_told_so_and_keeps_the_words(sqlite_district: District) -> None:
    resident, receipt = closed(sqlite_district)
    page = resident.see("/reopen")
    late = walk.case_row(receipt.case_key)["closed_at"] + timedelta(days=16)
    with moved_to(late):
        refused = resident.send("/reopen", {**SAID}, page=page)
    assert refused.status_code == 409
    assert "cannot be taken up again" in refused.text
    assert SAID["reason"] in refused.text


def test_the_page_is_chinese_for_who_reads_chinese(sqlite_district: District) -> None:
    resident, _receipt = closed(sqlite_district, "zh-CN")
    page = resident.see("/reopen")
    assert "申请重新办理" in page
    assert not re.search("Take it up again|It came back", page)
