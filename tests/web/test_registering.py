"""The staff registers cases in the browser: at the hotline, on patrol, for whoever has no phone."""

import json
import re
from datetime import date
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import insert, select
from werkzeug.test import TestResponse

from app import ROOT
from app.cases import tracking
from app.cases.designs import deploy
from app.cases.setup import shipped_files
from app.organisation.passwords import hash_password
from app.organisation.roles import Role
from app.store.db import reading, transaction
from app.store.settings import DIRECTORY_VERSION, renew_version
from app.store.tables import organisation as t
from app.store.tables.cases import attachment, cases, reporter
from app.web.languages import LANGUAGES
from tests.support import walk
from tests.support.district import LONG_AGO, District
from tests.web.conftest import PASSWORD, SAME_SITE, Browser, Login

SENTENCE = "The street lamp at the gate is out 路灯不亮"
TYPED = {"description": SENTENCE, "severity": "ordinary", "reporter_language": "zh-CN"}
CALLER: dict[str, object] = {
    "contact_name": "王芳",
    "contact_phone": "13800001234",
    "consent": "true",
}
HIDDEN = re.compile(r'type="hidden" name="(_group|_once|_position)" value="([^"]*)"')


def appoint(district: District, login: str, role: Role, unit: str) -> None:
    """Give somebody a position; who is not there yet gets an account."""
    with transaction() as tx:
        found = tx.connection.execute(select(t.person.c.key).where(t.person.c.login == login))
        key = found.scalar()
        if key is None:
            key = tx.next_key()
            tx.connection.execute(
                insert(t.person).values(
                    key=key,
                    login=login,
                    name=login.title(),
                    password_hash=hash_password(PASSWORD),
                    created_at=tx.now,
                )
            )
        tx.connection.execute(
            insert(t.position).values(
                key=tx.next_key(),
                person_key=key,
                role=role.value,
                unit_key=district.units[unit],
                valid_from=date(LONG_AGO.year, 1, 1),
            )
        )
        renew_version(tx.connection, DIRECTORY_VERSION)


def rows(table: object) -> list[dict[str, object]]:
    with reading() as connection:
        return [dict(row) for row in connection.execute(select(table)).mappings()]  # type: ignore[call-overload]


def picture() -> tuple[BytesIO, str]:
    content = BytesIO()
    Image.new("RGB", (64, 48), "red").save(content, "JPEG")
    content.seek(0)
    return content, "lamp.jpg"


def hidden(page: str) -> dict[str, str]:
    return dict(HIDDEN.findall(page))


def send(browser: Browser, fields: dict[str, object], page: str | None = None) -> TestResponse:
    """Fill in the page (a new one unless given) and send it."""
    words = hidden(page or browser.get("/cases/new").text)
    return browser.post("/cases/new", {**TYPED, **words, **fields})


@pytest.fixture
def hotline(district: District, login: Login) -> Browser:
    appoint(district, "hotline", Role.HOTLINE_AGENT, "DISTRICT")
    return login("hotline")


def test_an_agent_registers_while_somebody_talks(hotline: Browser) -> None:
    more = {"severity": "urgent", "is_confidential": "true", "community": "S01-C01"}
    answer = send(hotline, {**CALLER, **more})
    assert answer.status_code == 303
    (case,), (who,) = rows(cases), rows(reporter)
    assert (case["channel"], case["severity"]) == ("hotline", "urgent")
    assert (case["is_confidential"], case["is_anonymous"]) == (True, False)
    assert (who["name"], who["phone"], who["channel"]) == ("王芳", "13800001234", "hotline")
    receipt = hotline.get(answer.headers["Location"])
    assert receipt.headers["Cache-Control"] == "no-store"
    code = re.search(r'<code id="code">([^<]+)</code>', receipt.text)
    assert code is not None
    assert f'<code id="number">{case["number"]}</code>' in receipt.text
    token = tracking.look_up(str(case["number"]), code[1], address="here")
    assert f"http://localhost/track/{token}" in receipt.text
    assert "Triage report" in receipt.text
    assert "Street dispatcher, Unit S01" in receipt.text
    assert 'href="/cases/new"' in receipt.text


def test_a_confidential_caller_is_nowhere_to_be_read(hotline: Browser, login: Login) -> None:
    words = f"{SENTENCE}, says 王芳, call 13800001234"
    send(hotline, {**CALLER, "is_confidential": "true", "description": words})
    (case,) = rows(cases)
    assert "王芳" not in str(case)
    assert "13800001234" not in str(case)
    seen = login("officer").get(f"/cases/{case['key']}").text
    assert "王芳" not in seen


def test_who_settled_it_comes_straight_to_the_record(district: District, login: Login) -> None:
    worker = login("worker")
    answer = send(worker, {"self_handled": "true", "noticed_by": "self"})
    (case,) = rows(cases)
    assert (case["channel"], case["self_handled"]) == ("patrol", True)
    assert case["grid_key"] == district.units["S01-C01-G01"]
    task = walk.open_tasks(int(str(case["key"])))["record_on_site"]
    assert answer.headers["Location"] == f"/tasks/{task['key']}"
    page = worker.get(answer.headers["Location"])
    assert f"Case {case['number']} is registered. Now record what you did." in page.text
    assert 'name="before_photos"' in page.text
    assert re.search(r'id="f-public_reply-part" data-part hidden', page.text)
    receipt = worker.get(f"/cases/{case['key']}/registered").text
    assert 'id="code"' not in receipt  # nobody but the worker noticed it


def test_a_resident_who_told_a_worker_is_called_back(login: Login) -> None:
    answer = send(login("worker"), {**CALLER, "noticed_by": "resident"})
    (case,) = rows(cases)
    assert (case["channel"], case["is_anonymous"]) == ("staff", False)
    assert answer.headers["Location"] == f"/cases/{case['key']}/registered"


def test_what_nobody_but_a_worker_says_is_not_taken_from_others(hotline: Browser) -> None:
    send(hotline, {"self_handled": "true", "noticed_by": "self"})
    (case,) = rows(cases)
    assert (case["channel"], case["self_handled"]) == ("hotline", False)


def test_the_channel_follows_from_the_role_that_is_chosen(district: District, login: Login) -> None:
    appoint(district, "worker", Role.HOTLINE_AGENT, "DISTRICT")
    worker = login("worker")
    page = worker.get("/cases/new").text
    choices = re.findall(r'name="_position" id="[^"]+" value="(\d+)"', page)
    labels = re.findall(r'for="position-\d+">([^<]+)<', page)
    assert labels == ["Grid worker, Unit S01-C01-G01", "Hotline agent, Unit DISTRICT"]
    words = {**hidden(page), "_position": choices[1]}
    headers = {"HX-Request": "true", "Sec-Fetch-Site": "same-origin"}
    form = {"csrf_token": worker.token, "description": SENTENCE, **words}
    shown = worker.client.post("/cases/new/form", data=form, headers=headers).text
    assert re.search(r'id="f-self_handled-part" data-part hidden', shown)
    send(worker, {"_position": choices[1]}, page)
    assert rows(cases)[0]["channel"] == "hotline"


def test_a_position_of_somebody_else_is_refused_and_the_words_stay(
    district: District, login: Login
) -> None:
    position = district["officer"].positions[0].position_key
    answer = send(login("worker"), {"_position": str(position)})
    assert answer.status_code == 403
    assert SENTENCE in answer.text
    assert rows(cases) == []


def test_who_helps_in_a_grid_reports_what_they_see_and_nobody_elses_name(
    district: District, login: Login
) -> None:
    appoint(district, "steward", Role.PROPERTY_STEWARD, "S01-C01-G02")
    steward = login("steward")
    page = steward.get("/cases/new").text
    assert re.search(r'id="f-contact_name-part" data-part', page)
    assert re.search(r'class="group[^"]*" id="g[^"]*" data-part hidden', page)
    answer = send(steward, {**CALLER, "noticed_by": "resident"}, page)
    (case,), (who,) = rows(cases), rows(reporter)
    assert (case["channel"], case["is_anonymous"]) == ("staff", True)
    assert case["grid_key"] == district.units["S01-C01-G02"]
    assert (who["name"], who["phone"]) == (None, None)
    receipt = steward.get(answer.headers["Location"]).text
    assert str(case["number"]) in receipt
    assert "See the case" not in receipt


def test_a_refused_form_keeps_words_choices_and_photos(hotline: Browser) -> None:
    typed = {"contact_phone": "13800001234", "address": "中山路 12 号", "severity": "emergency"}
    refused = send(hotline, {**typed, "photos": picture()})
    assert refused.status_code == 422  # nobody has said that the contact may be used
    assert rows(cases) == []
    for words in (SENTENCE, 'value="13800001234"', 'value="中山路 12 号"', "error-summary"):
        assert words in refused.text
    assert re.search(r'value="emergency"\s+checked', refused.text)
    thumbnail = re.search(r'src="(/cases/new/files/[^"]+)"', refused.text)
    assert thumbnail is not None
    assert hotline.get(thumbnail[1]).mimetype == "image/jpeg"
    (file,) = rows(attachment)
    send(hotline, {**typed, "consent": "true", "photos": str(file["key"])}, refused.text)
    (case,), (file,) = rows(cases), rows(attachment)
    assert (file["case_key"], file["kind"]) == (case["key"], "report")


@pytest.mark.parametrize("has_photo", [False, True])
def test_a_repeated_post_counts_once(hotline: Browser, *, has_photo: bool) -> None:
    page = hotline.get("/cases/new").text
    places = {
        send(hotline, {"photos": picture()} if has_photo else {}, page).headers["Location"]
        for _ in range(2)
    }
    assert len(places) == len(rows(cases)) == 1


def test_another_case_begins_with_an_empty_form(hotline: Browser) -> None:
    for _ in range(2):
        send(hotline, {})
    assert len(rows(cases)) == 2


@pytest.mark.parametrize("name", ["designer", "admin"])
def test_who_runs_the_machine_registers_nothing(login: Login, name: str) -> None:
    browser = login(name)
    assert browser.get("/cases/new").status_code == 403
    assert send(browser, {}, page="<html></html>").status_code == 403
    assert 'href="/cases/new"' not in browser.get("/notices").text
    assert rows(cases) == []


def test_strangers_are_led_to_the_sign_in(visitor: Browser) -> None:
    assert visitor.get("/cases/new").headers["Location"].startswith("/sign-in")


def test_a_receipt_is_for_whoever_registered_the_case(hotline: Browser, login: Login) -> None:
    place = send(hotline, {}).headers["Location"]
    assert hotline.get(place).status_code == 200
    assert login("district").get(place).status_code == 404


def test_everybody_who_registers_finds_the_page_by_key_and_menu(login: Login) -> None:
    page = login("officer").get("/inbox").text
    assert re.search(r'href="/cases/new"[^>]* data-key="n"', page)
    assert "<kbd>n</kbd>" in page


@pytest.mark.parametrize("code", [code for code in LANGUAGES if code != "en"])
def test_the_pages_speak_chinese(hotline: Browser, code: str) -> None:
    hotline.language(code)
    page = hotline.get("/cases/new")
    assert "登记案件" in page.text
    assert "告知人" in page.text
    receipt = hotline.get(send(hotline, {}, page.text).headers["Location"]).text
    for words in ("案件已登记", "查询码", "下一步", "再登记一件"):
        assert words in receipt


def with_more_questions() -> dict[str, bytes]:
    """Return the shipped files, the report asking besides for a block and for several witnesses."""
    files = shipped_files(ROOT)
    name = next(each for each in files if each.endswith("report.form"))
    form = json.loads(files[name])
    witness = {"type": "textfield", "id": "witness", "key": "witness", "label": "Witness"}
    form["components"] += [
        {"type": "textfield", "id": "block", "key": "block", "label": "Block"},
        {
            "type": "dynamiclist",
            "id": "witnesses",
            "path": "witnesses",
            "label": "Witnesses",
            "allowAddRemove": True,
            "defaultRepetitions": 1,
            "components": [witness],
        },
    ]
    return files | {name: json.dumps(form).encode()}


def test_what_a_designer_adds_is_asked_and_kept(district: District, hotline: Browser) -> None:
    deploy(with_more_questions(), actor=None)
    page = hotline.get("/cases/new").text
    assert 'hx-post="/cases/new/form"' in page
    add = re.search(r'name="_rows" value="(add:[^"]+)"', page)
    assert add is not None
    more = send(hotline, {"block": "7", "_rows": add[1], "witnesses[0]": "1"}, page)
    assert more.status_code == 200
    assert 'name="witnesses[1]"' in more.text
    assert rows(cases) == []
    send(hotline, {"block": "7"}, page)
    (case,) = rows(cases)
    assert '"block": "7"' in json.dumps(case["answers"])
    assert district.app.test_client().get("/report").status_code == 200


def test_a_caller_is_written_to_and_reads_in_the_language_they_speak(
    district: District, hotline: Browser
) -> None:
    page = hotline.get("/cases/new").text
    assert re.search(r'name="reporter_language" value="zh-CN" checked', page)
    answer = send(hotline, {**CALLER, "reporter_language": "en"}, page)
    link = re.search(r'href="(/track/[^"]+)"', hotline.get(answer.headers["Location"]).text)
    send(hotline, CALLER)
    assert [who["language"] for who in rows(reporter)] == ["en", "zh-CN"]
    assert link is not None
    caller = district.app.test_client()
    chinese = {"Accept-Language": "zh-CN"}
    assert '<html lang="en"' in caller.get(link[1], headers=chinese).text
    token = re.search(r'name="csrf-token" content="(\w+)"', caller.get(link[1]).text)
    assert token is not None
    form = {"csrf_token": token[1], "facts": ""}
    refused = caller.post(f"{link[1]}/facts", data=form, headers={**chinese, **SAME_SITE})
    assert refused.status_code == 422
    assert '<html lang="en"' in refused.text
    caller.get("/language/zh-CN")
    assert '<html lang="zh-CN"' in caller.get(link[1], headers={"Accept-Language": "en"}).text


def test_nobody_is_asked_for_the_language_of_who_noticed_it_themselves(login: Login) -> None:
    page = login("worker").get("/cases/new").text
    assert re.search(r'id="f-reporter_language-part" data-part hidden', page)


def refreshed(browser: Browser, **typed: str) -> str:
    """Return the fields as a script gets them while somebody types."""
    page = hidden(browser.get("/cases/new").text)
    headers = {"HX-Request": "true", "Sec-Fetch-Site": "same-origin"}
    form = {"csrf_token": browser.token, **TYPED, **page, **typed}
    return browser.client.post("/cases/new/form", data=form, headers=headers).text


def test_what_may_be_reported_already_is_shown_with_its_link_and_hinders_nothing(
    hotline: Browser,
) -> None:
    receipt = walk.report(description="Rubbish <b>by the gate</b>")
    assert 'id="already-reported" data-part="words" role="status" hidden' in refreshed(hotline)
    shown = refreshed(hotline, location="40.005,116.005", minor_class="A01")
    assert "Perhaps reported already" in shown
    assert f'<a href="/cases/{receipt.case_key}" target="_blank">{receipt.number}</a>' in shown
    assert "Rubbish &lt;b&gt;by the gate" in shown
    assert send(hotline, {"location": "40.005,116.005", "minor_class": "A01"}).status_code == 303


def test_a_point_outside_the_district_is_told_and_mended_by_hand(
    district: District, hotline: Browser
) -> None:
    outside = {"location": "40.02,116.005"}
    shown = refreshed(hotline, **outside)
    assert "This point lies outside the district." in shown
    assert "Nearest grid: Unit S01-C01-G01, about 1.1 km away." in shown
    assert "choose the community by hand below" in shown
    assert re.search(r'id="f-community-part" data-part >', shown)
    shown = refreshed(hotline, **outside, community="S01-C01")
    assert "The case goes to Unit S01-C01, which is chosen below." in shown
    receipt = hotline.get(send(hotline, {**outside, "community": "S01-C01"}).headers["Location"])
    assert "The point of this case lies in no grid of the district." in receipt.text
    assert "It goes by the community that was chosen: Unit S01-C01." in receipt.text
    (case,) = rows(cases)
    assert case["community_key"] == district.units["S01-C01"]
    assert case["street_key"] == district.units["S01"]


def test_a_point_outside_without_a_community_is_not_lost(hotline: Browser, login: Login) -> None:
    place = send(hotline, {"location": "40.02,116.005"}).headers["Location"]
    receipt = hotline.get(place).text
    assert "No community was chosen either" in receipt
    assert "District dispatcher, Unit DISTRICT" in receipt
    task = login("district").get("/inbox?tab=groups").text
    address = re.search(r'href="(/tasks/\d+)', task)
    assert address is not None
    assert "lies in no grid of the district" in login("district").get(address[1]).text
