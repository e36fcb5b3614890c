"""What people outside the staff do: report, follow, rate, in a browser without scripts."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.cases import deadlines, public_report
from app.clock import moved_to, utc_now
from app.json_types import JsonObject
from app.store.db import reading
from app.store.tables.cases import attachment, cases, reporter
from app.web.access import declared_access
from tests.support import walk
from tests.support.district import District
from tests.support.residents import handling

SENTENCE = "The street lamp at the gate is out 路灯不亮"


def picture(colour: str = "red") -> BytesIO:
    """Return a small photo as a browser would send it."""
    content = BytesIO()
    Image.new("RGB", (64, 48), colour).save(content, "JPEG")
    content.seek(0)
    return content


class Visitor:
    """A person with a browser: fetches the form, fills it in, sends it."""

    def __init__(self, client: FlaskClient, language: str = "en") -> None:
        self.client = client
        self.headers = {"Accept-Language": language}

    def get(self, address: str) -> TestResponse:
        return self.client.get(address, headers=self.headers)

    def hidden(self, page: str) -> dict[str, str]:
        found = re.findall(r'type="hidden" name="(csrf_token|_\w+)" value="([^"]*)"', page)
        return dict(found)

    def send(self, fields: dict[str, object], page: str | None = None) -> TestResponse:
        form = self.hidden(page or self.get("/report").text) | fields
        return self.client.post("/report", data=form, headers=self.headers)

    def token_of(self, answer: TestResponse) -> str:
        assert answer.status_code == 303, answer.text
        return answer.headers["Location"].split("code=")[1]

    def rate(self, token: str, grade: str) -> TestResponse:
        csrf = self.hidden(self.get("/report").text)["csrf_token"]
        form = {"csrf_token": csrf, "grade": grade}
        return self.client.post(f"/track/{token}", data=form, headers=self.headers)


@pytest.fixture
def visitor(district: District) -> Iterator[Visitor]:
    with district.app.test_client() as client:
        yield Visitor(client)


@pytest.fixture
def district_units(district: District) -> dict[str, int]:
    return district.units


def rows(table: object) -> list[dict[str, object]]:
    with reading() as connection:
        return [dict(row) for row in connection.execute(select(table)).mappings()]  # type: ignore[call-overload]


def closed_case(visitor: Visitor, district: District) -> str:
    """Return the code of a handled case that waits for its rating."""
    answer = visitor.send({"description": SENTENCE, "location": "40.005,116.005"})
    case_key = int(str(rows(cases)[-1]["key"]))
    walk.to_callback(district, case_key)
    return visitor.token_of(answer)


def test_visitors_are_welcomed_with_two_ways_in(visitor: Visitor) -> None:
    home = visitor.get("/")
    page = visitor.get(home.headers["Location"]).text
    assert 'href="/report"' in page
    assert 'href="/track"' in page


def test_every_public_page_speaks_chinese_too(visitor: Visitor) -> None:
    visitor.headers = {"Accept-Language": "zh-CN"}
    for address in ("/welcome", "/report", "/track", "/track/no-such-code"):
        heading = re.search(r"<h1>(.*?)</h1>", visitor.get(address).text)
        assert heading is not None
        assert re.search(r"[\u4e00-\u9fff]", heading[1]), address


def test_every_public_route_declares_that_it_is_public(district: District) -> None:
    rooms = ("welcome.", "report.", "tracking.", "resident.", "grids.")
    ours = [name for name in district.app.view_functions if name.startswith(rooms)]
    declared = [declared_access(district.app, name) for name in ours]
    assert len(ours) == 21
    assert all(access is not None and access.is_public for access in declared)


def fields_shown(visitor: Visitor, **typed: str) -> str:
    """Return the fields of the report as a script gets them while somebody types."""
    form = visitor.hidden(visitor.get("/report").text) | typed
    headers = {**visitor.headers, "HX-Request": "true"}
    return visitor.client.post("/report/form", data=form, headers=headers).text


def test_everybody_reads_that_something_near_is_reported_already_and_nothing_else_of_it(
    visitor: Visitor,
) -> None:
    case = walk.report(latitude=40.0052)
    walk.report(minor_class="H01")
    walk.report(is_confidential=True)
    here = {"location": "40.005,116.005"}
    assert 'id="already-reported" data-part="words" role="status" hidden' in fields_shown(visitor)
    shown = fields_shown(visitor, **here)
    assert "Perhaps reported already" in shown
    assert shown.count("City appearance: exposed garbage · 20 m away · reported") == 1
    assert shown.count(" away · reported") == 1
    for secret in (case.number, "Rubbish by the gate", f"/cases/{case.case_key}"):
        assert secret not in shown
    assert visitor.send({"description": SENTENCE, **here}).status_code == 303


def test_a_point_outside_the_district_is_told_and_mended_by_hand(
    visitor: Visitor, district_units: dict[str, int]
) -> None:
    outside = {"location": "40.02,116.005"}
    shown = fields_shown(visitor, **outside)
    assert "This point lies outside the district." in shown
    assert re.search(r'id="f-community-part" data-part >', shown)
    visitor.send({"description": SENTENCE, **outside, "community": "S01-C01"})
    assert rows(cases)[0]["community_key"] == district_units["S01-C01"]


def test_an_anonymous_report_becomes_a_case_in_its_grid(visitor: Visitor) -> None:
    answer = visitor.send(
        {"description": SENTENCE, "location": "40.005,116.005", "minor_class": "C03"}
    )
    case = rows(cases)[0]
    assert (case["channel"], case["minor_class"], case["major_class"]) == ("web", "C03", "C")
    assert (case["latitude"], case["longitude"]) == (40.005, 116.005)
    assert case["grid_key"] is not None
    assert case["is_anonymous"]
    receipt = visitor.get(answer.headers["Location"])
    assert visitor.token_of(answer) in receipt.text
    assert str(case["number"]) in receipt.text
    assert f"http://localhost/track/{visitor.token_of(answer)}" in receipt.text


def test_contact_is_kept_with_consent_and_with_the_reporter_alone(visitor: Visitor) -> None:
    contact = {"contact_name": "Wang Fang", "contact_phone": "13800000000", "consent": "true"}
    visitor.send({"description": SENTENCE, **contact})
    who = rows(reporter)[0]
    assert (who["name"], who["phone"], who["has_consented"]) == ("Wang Fang", "13800000000", True)
    assert "13800000000" not in str(rows(cases))


def test_contact_without_consent_comes_back_with_what_was_typed(visitor: Visitor) -> None:
    answer = visitor.send({"description": SENTENCE, "contact_phone": "13800000000"})
    assert answer.status_code == 422
    assert SENTENCE in answer.text
    assert 'value="13800000000"' in answer.text
    assert "error-summary" in answer.text
    assert not rows(cases)


def test_a_community_places_a_report_without_a_point(
    visitor: Visitor, district_units: dict[str, int]
) -> None:
    visitor.send({"description": SENTENCE, "community": "S01-C01"})
    assert rows(cases)[0]["community_key"] == district_units["S01-C01"]


def test_a_refused_form_keeps_its_photos(visitor: Visitor) -> None:
    refused = visitor.send({"description": "", "photos": (picture(), "gate.jpg")})
    assert refused.status_code == 422
    key = rows(attachment)[0]["key"]
    thumbnail = re.search(r'src="(/report/files/[^"]+)"', refused.text)
    assert thumbnail is not None
    assert visitor.get(thumbnail[1]).mimetype == "image/jpeg"
    answer = visitor.send({"description": SENTENCE, "photos": str(key)}, page=refused.text)
    case = rows(cases)[0]
    assert [row["case_key"] for row in rows(attachment)] == [case["key"]]
    token = visitor.token_of(answer)
    assert f"/track/{token}/files/{key}" in visitor.get(f"/track/{token}").text
    assert visitor.get(f"/track/{token}/files/{key}").mimetype == "image/jpeg"


def test_an_unticked_photo_is_not_sent(visitor: Visitor) -> None:
    refused = visitor.send({"description": "", "photos": (picture(), "gate.jpg")})
    visitor.send({"description": SENTENCE, "photos": ""}, page=refused.text)
    assert [row["case_key"] for row in rows(attachment)] == [None]


def test_somebody_elses_photo_is_not_taken(visitor: Visitor) -> None:
    visitor.send({"description": "", "photos": (picture(), "gate.jpg")})
    key = rows(attachment)[0]["key"]
    visitor.send({"description": SENTENCE, "photos": str(key)})
    assert [row["case_key"] for row in rows(attachment)] == [None]
    assert len(rows(cases)) == 1


def test_what_is_no_picture_is_refused_and_the_words_stay(visitor: Visitor) -> None:
    bad = (BytesIO(b"<html>not a picture</html>"), "photo.jpg")
    answer = visitor.send({"description": SENTENCE, "photos": bad})
    assert answer.status_code == 422
    assert SENTENCE in answer.text
    assert not rows(cases)


@pytest.mark.parametrize("has_photo", [False, True])
def test_a_double_click_gives_the_same_receipt(visitor: Visitor, *, has_photo: bool) -> None:
    page = visitor.get("/report").text
    tokens = set()
    for _ in range(2):
        photo = {"photos": (picture(), "gate.jpg")} if has_photo else {}
        tokens.add(visitor.token_of(visitor.send({"description": SENTENCE, **photo}, page=page)))
    assert len(tokens) == 1
    assert len(rows(cases)) == 1


def test_the_public_cannot_set_what_only_the_staff_is_asked(visitor: Visitor) -> None:
    smuggled = {"severity": "major", "is_staff": "true", "number": "X-1", "channel": "hotline"}
    visitor.send({"description": SENTENCE, **smuggled})
    case = rows(cases)[0]
    assert (case["severity"], case["channel"]) == ("ordinary", "web")
    assert case["number"] != "X-1"


def test_too_many_reports_from_one_address_wait(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public_report, "MOST_REPORTS", 1)
    visitor.send({"description": SENTENCE})
    answer = visitor.send({"description": "Another one"})
    assert answer.status_code == 429
    assert "Another one" in answer.text
    assert len(rows(cases)) == 1


def test_conditions_are_answered_for_the_script(visitor: Visitor) -> None:
    form = visitor.hidden(visitor.get("/report").text) | {"contact_phone": "13800000000"}
    headers = visitor.headers | {"HX-Request": "true"}
    shown = visitor.client.post("/report/form", data=form, headers=headers).text
    assert re.search(r'id="f-consent-part" data-part\s*>', shown)
    assert "<html" not in shown


def test_the_map_names_codes_and_grids_and_nothing_else(visitor: Visitor) -> None:
    answer = visitor.get("/grids.geojson?language=zh-CN")
    features = answer.get_json(force=True)["features"]
    assert [feature["properties"] for feature in features] == [
        {"code": "S01-C01-G01", "name": "单位S01-C01-G01"},
        {"code": "S01-C01-G02", "name": "单位S01-C01-G02"},
    ]
    assert "public" in answer.headers["Cache-Control"]
    headers = {"If-None-Match": answer.headers["ETag"]}
    again = visitor.client.get("/grids.geojson?language=zh-CN", headers=headers)
    assert again.status_code == 304


def test_an_unknown_code_is_said_in_plain_words(visitor: Visitor) -> None:
    answer = visitor.get("/track/no-such-code")
    assert answer.status_code == 404
    assert "This link, or this code alone, leads to no case" in answer.text
    form = {
        "number": "20261124-00099",
        "code": "ABCD1234",
        **visitor.hidden(visitor.get("/track").text),
    }
    answer = visitor.client.post("/track", data=form, headers=visitor.headers)
    assert answer.status_code == 404
    assert "We find no case with this number and code" in answer.text


def test_a_code_is_found_however_it_is_pasted(visitor: Visitor) -> None:
    token = visitor.token_of(visitor.send({"description": SENTENCE}))
    for typed in (token, f"  {token} ", f"http://localhost/track/{token}"):
        answer = visitor.client.get("/track", query_string={"code": typed})
        assert answer.headers["Location"] == f"/track/{token}"


def test_pages_with_a_code_are_kept_nowhere(visitor: Visitor) -> None:
    token = visitor.token_of(visitor.send({"description": SENTENCE}))
    for address in (f"/track/{token}", f"/report/sent?code={token}", "/track/wrong"):
        answer = visitor.get(address)
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert '<meta name="referrer" content="no-referrer">' in answer.text


def test_nobodys_file_is_had_with_another_code(visitor: Visitor) -> None:
    visitor.send({"description": SENTENCE, "photos": (picture(), "gate.jpg")})
    key = rows(attachment)[0]["key"]
    other = visitor.token_of(visitor.send({"description": "Another"}))
    assert visitor.get(f"/track/{other}/files/{key}").status_code == 404


def test_a_closed_case_is_rated_once(visitor: Visitor, district: District) -> None:
    token = closed_case(visitor, district)
    page = visitor.get(f"/track/{token}").text
    assert "How satisfied are you?" in page
    assert "It was taken away this morning." in page
    assert visitor.rate(token, "").status_code == 422
    assert visitor.rate(token, "1").status_code == 303
    assert rows(cases)[0]["grade"] == 1
    assert "You said: Very satisfied" in visitor.get(f"/track/{token}").text
    late = visitor.rate(token, "5")
    assert late.status_code == 409
    assert "cannot be rated now" in late.text
    assert rows(cases)[0]["grade"] == 1


def test_a_rating_after_its_time_is_answered_with_a_sentence(
    visitor: Visitor, district: District
) -> None:
    handling()
    receipt = walk.report(language="en")
    walk.do(district["officer"], receipt.case_key, "handle", {"measures": "Taken away"})
    walk.do(district["officer"], receipt.case_key, "close", {"summary": "Done"})
    with moved_to(utc_now() + timedelta(days=40)):
        assert deadlines.fire_due().stepped == 1
    answer = visitor.rate(receipt.token, "1")
    assert answer.status_code == 409
    assert "the time for it is over" in answer.text


def test_a_case_that_was_not_accepted_says_so(visitor: Visitor, district: District) -> None:
    token = visitor.token_of(visitor.send({"description": SENTENCE, "location": "40.005,116.005"}))
    case_key = int(str(rows(cases)[0]["key"]))
    refusal: JsonObject = {
        "decision": "reject",
        "reject_code": "outside_district",
        "reason": "Not in this district",
    }
    walk.do(district["officer"], case_key, "triage", refusal)
    page = visitor.get(f"/track/{token}").text
    assert "Not accepted" in page
    assert "Not in this district" in page
    assert "still to come" not in page


def test_a_limit_over_an_unpublished_year_is_said_to_be_provisional(
    visitor: Visitor, district: District
) -> None:
    with moved_to(datetime(2026, 12, 30, 8, 0, tzinfo=UTC)):
        receipt = walk.report()
        walk.do(district["officer"], receipt.case_key, "triage", walk.TRIAGED)
        assert "provisional" in visitor.get(f"/track/{receipt.token}").text
