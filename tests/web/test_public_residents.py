"""The page of a case in a browser without scripts: every form, refused, repeated and too late."""

import re
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from app.cases import tracking
from app.cases.overdue import read_overdue
from app.clock import moved_to, utc_now
from app.store.db import reading
from app.store.tables.cases import reporter
from tests.support import walk
from tests.support.district import District
from tests.support.residents import (
    QUESTION,
    asked,
    asking,
    handling,
    withdrawing,
    words,
)

if TYPE_CHECKING:
    from tests.web.conftest import Login

SOUTH = "The south one 南门"


def picture() -> BytesIO:
    content = BytesIO()
    Image.new("RGB", (64, 48), "red").save(content, "JPEG")
    content.seek(0)
    return content


class Resident:
    """A person with a browser on the page of their case."""

    def __init__(self, client: FlaskClient, token: str = "", language: str = "en") -> None:
        self.client, self.token, self.headers = client, token, {"Accept-Language": language}
        client.get(f"/language/{language}")  # chosen in the head of a page: it outdoes the report's

    def see(self, path: str = "") -> str:
        return self.client.get(f"/track/{self.token}{path}", headers=self.headers).text

    def send(
        self, path: str, fields: dict[str, object], *, page: str | None = None
    ) -> TestResponse:
        """Post a form of the page, with the hidden words it carries."""
        shown = self.see() if page is None else page
        hidden = dict(re.findall(r'type="hidden" name="(csrf_token|_\w+)" value="([^"]*)"', shown))
        address = f"/track/{self.token}{path}"
        return self.client.post(address, data=hidden | fields, headers=self.headers)


@pytest.fixture
def resident(district: District) -> Iterator[Resident]:
    with district.app.test_client() as client:
        yield Resident(client)


def test_a_question_is_answered_on_the_page(district: District, resident: Resident) -> None:
    asking()
    resident.token = asked(district).token
    page = resident.see()
    assert QUESTION in page
    assert "It goes on as soon as you have answered" in page
    assert resident.send("/answer", {"answer": SOUTH}).status_code == 303
    page = resident.see()
    assert SOUTH in page
    assert 'id="question"' not in page


def test_an_empty_answer_comes_back_with_its_photo(district: District, resident: Resident) -> None:
    asking()
    receipt = asked(district)
    resident.token = receipt.token
    refused = resident.send("/answer", {"answer": "", "answer_photos": (picture(), "gate.jpg")})
    assert refused.status_code == 422
    assert "error-summary" in refused.text
    thumbnail = re.search(r'src="(/report/files/[^"]+)"', refused.text)
    assert thumbnail is not None
    key = thumbnail[1].rpartition("/")[2]
    assert resident.client.get(thumbnail[1]).mimetype == "image/jpeg"
    sent = resident.send("/answer", {"answer": SOUTH, "answer_photos": key}, page=refused.text)
    assert sent.status_code == 303
    assert f"/files/{key}" in resident.see()


def test_an_answer_that_comes_too_late_gives_the_words_back(
    district: District, resident: Resident
) -> None:
    asking()
    resident.token = asked(district).token
    page = resident.see()
    resident.send("/answer", {"answer": "The north one"}, page=page)
    late = resident.send("/answer", {"answer": SOUTH}, page=page)
    assert late.status_code == 409
    assert "Nobody waits for this answer any more" in late.text
    assert SOUTH in late.text


def test_a_double_click_counts_once(district: District, resident: Resident) -> None:
    receipt = walk.report()
    resident.token = receipt.token
    page = resident.see()
    for _ in range(2):
        answer = resident.send("/facts", {"facts": "Two bags more"}, page=page)
        assert answer.status_code == 303
    assert len(words(receipt.case_key)) == 1


def test_nothing_added_is_said_beside_the_open_form(district: District, resident: Resident) -> None:
    resident.token = walk.report().token
    answer = resident.send("/facts", {"facts": " "})
    assert answer.status_code == 422
    assert "Write something, or choose a photo." in answer.text
    assert re.search(r'<details class="doing" id="add" open>', answer.text)


def test_what_is_no_picture_is_refused_and_the_words_stay(
    district: District, resident: Resident
) -> None:
    resident.token = walk.report().token
    bad = (BytesIO(b"%PDF-1.4 author"), "me.pdf")
    answer = resident.send("/facts", {"facts": "Two bags more", "facts_photos": bad})
    assert answer.status_code == 422
    assert "Two bags more" in answer.text


def test_an_appeal_is_offered_while_it_is_possible(district: District, resident: Resident) -> None:
    asking("RejectionAppealed", "reason")
    resident.token = asked(district).token
    page = resident.see()
    assert "you can appeal below" in page
    assert resident.send("/appeal", {"reason": "It is a public road."}).status_code == 303
    assert "Being looked at once more" in resident.see()
    late = resident.send("/appeal", {"reason": "Once more"}, page=page)
    assert late.status_code == 409
    assert "An appeal is not possible any more" in late.text


def test_a_withdrawal_is_confirmed_first_and_then_shown_as_asked(
    district: District, resident: Resident
) -> None:
    withdrawing()
    resident.token = walk.report().token
    assert f"/track/{resident.token}/withdraw" in resident.see()
    page = resident.see("/withdraw")
    assert "Until that is decided the work goes on." in page
    refused = resident.send("/withdraw", {"reason": ""}, page=page)
    assert refused.status_code == 422
    assert "error-summary" in refused.text
    assert resident.send("/withdraw", {"reason": "It is gone"}, page=page).status_code == 303
    shown = resident.see()
    assert "You asked to withdraw the case (" in shown
    assert "Unit S01 decides on it by" in shown
    assert f"/track/{resident.token}/withdraw" not in shown
    again = resident.send("/withdraw", {"reason": "Really"}, page=page)
    assert again.status_code == 409
    assert "Really" in again.text
    case_key = tracking.track(resident.token).case_key
    walk.do(district["dispatcher"], case_key, "decide", {"verdict": "refuse"})
    assert "That was not granted, so the work goes on" in resident.see()


def test_one_may_urge_once_a_day(district: District, resident: Resident) -> None:
    resident.token = walk.report().token
    assert resident.send("/urge", {}).status_code == 303
    page = resident.see()
    assert "You urged once so far." in page
    assert "You can urge again from" in page
    again = resident.send("/urge", {})
    assert again.status_code == 409
    assert "You can urge it again from" in again.text


def test_news_are_chosen_and_stopped(district: District, resident: Resident) -> None:
    resident.token = walk.report(name="Wang", email="w@example.org", has_consented=True).token
    page = resident.see()
    assert 'value="message"' not in page
    assert resident.send("/news", {"told_by": "nothing", "stages": ["closed"]}).status_code == 303
    with reading() as connection:
        row = connection.execute(reporter.select()).one()
    assert (row.told_by, row.stages) == ("nothing", ["closed"])
    assert resident.send("/news", {"told_by": "message"}).status_code == 422


def test_an_anonymous_reporter_is_offered_no_letters(
    district: District, resident: Resident
) -> None:
    resident.token = walk.report(is_anonymous=True).token
    assert 'id="news"' not in resident.see()


def test_a_closed_case_takes_nothing_but_the_rating(district: District, resident: Resident) -> None:
    handling()
    receipt = walk.report()
    resident.token = receipt.token
    page = resident.see()
    walk.do(district["officer"], receipt.case_key, "handle", {"measures": "Taken away"})
    walk.do(district["officer"], receipt.case_key, "close", {"summary": "Done"})
    shown = resident.see()
    assert 'id="add"' not in shown
    assert 'id="urge"' not in shown
    assert 'id="rating"' in shown
    late = resident.send("/facts", {"facts": "Still there"}, page=page)
    assert late.status_code == 409
    assert "Still there" in late.text
    assert resident.send("/urge", {}, page=page).status_code == 409


@pytest.mark.parametrize(
    "path", ["", "/answer", "/appeal", "/facts", "/urge", "/withdraw", "/news"]
)
def test_a_wrong_token_is_answered_with_the_question_for_the_code(
    district: District, resident: Resident, path: str
) -> None:
    resident.token = walk.report().token
    page = resident.see()
    resident.token = "x" * 32
    filled = {"answer": "a", "reason": "a", "facts": "a", "grade": "1", "told_by": "nothing"}
    answer = resident.send(path, {**filled}, page=page)
    assert answer.status_code == 404
    assert "Query code" in answer.text


def test_number_and_code_of_the_receipt_open_the_page(
    district: District, resident: Resident
) -> None:
    receipt = walk.report(is_anonymous=True)
    shown = resident.client.get(f"/report/sent?code={receipt.token}", headers=resident.headers).text
    code = re.search(r'<code id="code">([^<]+)</code>', shown)
    assert code is not None
    assert "<svg" in shown
    assert f"http://localhost/track/{receipt.token}" in shown
    asked_for = resident.client.get("/track", headers=resident.headers).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', asked_for)
    assert token is not None
    fields = {"csrf_token": token[1], "number": receipt.number, "code": code[1].lower()}
    answer = resident.client.post("/track", data=fields, headers=resident.headers)
    assert answer.headers["Location"] == f"/track/{receipt.token}"
    wrong = resident.client.post("/track", data=fields | {"code": "0000-0000"})
    assert wrong.status_code == 404
    assert "0000-0000" in wrong.text


def test_guessing_is_stopped_with_a_sentence(
    district: District, resident: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracking, "MOST_LOOKUPS", 1)
    asked_for = resident.client.get("/track", headers=resident.headers).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', asked_for)
    assert token is not None
    fields = {"csrf_token": token[1], "number": "20261124-00001", "code": "AAAA-AAAA"}
    statuses = [resident.client.post("/track", data=fields).status_code for _ in range(2)]
    assert statuses == [404, 429]


def test_the_page_speaks_chinese(district: District, resident: Resident) -> None:
    asking()
    withdrawing()
    resident.token = asked(district, name="王芳", email="w@example.org", has_consented=True).token
    resident.client.get("/language/zh-CN")
    page = re.sub(r"<[^>]+>", " ", resident.see() + resident.see("/withdraw"))
    english = re.findall(r"\b(?:answer|urge|withdraw|told|photos|case)\b", page, re.IGNORECASE)
    assert english == []
    assert "催办" in page


def test_the_code_is_never_part_of_an_address(district: District, resident: Resident) -> None:
    receipt = walk.report()
    code = tracking.code_of(receipt.token)
    assert code not in resident.client.get(f"/report/sent?code={receipt.token}").headers
    assert f"code={code}" not in resident.see()


def test_supervisors_see_how_often_a_case_was_urged(
    district: District, resident: Resident, login: "Login"
) -> None:
    receipt = walk.report()
    resident.token = receipt.token
    resident.send("/urge", {})
    supervisor = login("supervisor")
    assert "urged once" in supervisor.get(f"/cases/{receipt.case_key}").text
    assert "The reporter urged the case on." in supervisor.get(f"/cases/{receipt.case_key}").text
    assert receipt.number in supervisor.get("/notices").text
    with moved_to(utc_now() + timedelta(days=20)):
        (late,) = read_overdue(district["supervisor"], language="en").items
        assert late.urged == 1
