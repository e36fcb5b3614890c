"""The pages of whistles: blown in the browser, reported on, checked in by code, scored."""

import io
import re
from datetime import timedelta

import pytest
from PIL import Image

from app.cases import deadlines, whistle_blowing, whistles
from app.cases.outbox import Letter
from app.clock import moved_to, utc_now
from app.config import settings_for
from app.json_types import Json
from app.mail import compose
from tests.support import walk
from tests.support.district import District
from tests.web.conftest import Browser, Login

SAID: dict[str, object] = {
    "kind": "emergency",
    "need": "Gas smell",
    "called": ["D-URBAN", "D-PARKS", "D-WATER"],
    "address": "Sunshine estate",
    "location": "40.005,116.005",
}


def blown(district: District) -> int:
    return whistle_blowing.blow(district["dispatcher"], None, SAID).whistle_key


def text(browser: Browser, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def ticked(page: str) -> set[str]:
    return set(re.findall(r'name="called" value="([A-Z-]+)" checked', page))


def test_the_way_to_a_whistle_is_in_the_head_for_those_who_need_it(
    district: District, login: Login
) -> None:
    assert 'href="/whistles"' in text(login("dispatcher"), "/inbox")
    assert 'href="/whistles"' in text(login("clerk"), "/inbox")
    assert 'href="/whistles"' not in text(login("officer"), "/inbox")


def test_an_empty_list_says_what_to_do(district: District, login: Login) -> None:
    assert "Blow one when a matter needs several departments" in text(
        login("dispatcher"), "/whistles"
    )
    called = text(login("clerk"), "/whistles")
    assert "When a street calls departments" in called
    assert "/whistles/new" not in called


def test_departments_are_proposed_for_the_category_with_their_basis(
    district: District, login: Login
) -> None:
    browser = login("dispatcher")
    assert ticked(text(browser, "/whistles/new")) == set()
    answer = browser.post(
        "/whistles/new", {"minor_class": "A05", "need": "Fumes", "_proposed": "", "_propose": "1"}
    ).get_data(as_text=True)
    assert ticked(answer) == {"D-URBAN", "D-ENV", "D-MARKET"}
    assert "item A05" in answer
    assert "Fumes" in answer
    kept = browser.post(
        "/whistles/new",
        {"minor_class": "A05", "called": "D-WATER", "_proposed": "A05", "_propose": "1"},
    ).get_data(as_text=True)
    assert ticked(kept) == {"D-WATER"}, "what a person chose stays"


WORDS = 'data-part="words" ><p><strong>'
LAW = "Regulation 7, article 3 第七号条例第三条"


def asked_for(district: District, said: dict[str, Json]) -> int:
    """Blow the whistle a case asks for and waits for; return the key of the case."""
    case_key = walk.report().case_key
    walk.do(district["officer"], case_key, "triage", walk.TRIAGED)
    walk.do(district["clerk"], case_key, "sign_for", walk.SIGNED)
    why = {"result": "needs_coordination", "unresolved_reason": "The pipe is not ours."}
    walk.do(district["handler"], case_key, "handle", {**walk.HANDLED, **why})
    walk.do(district["dispatcher"], case_key, "blow_whistle", {**said, "decision": "blow"})
    return case_key


def form_of(browser: Browser, case_key: int, element_id: str) -> str:
    """Claim the task where nobody has, and return its page."""
    task = walk.open_tasks(case_key)[element_id]
    if task["assignee_key"] is None:
        browser.post(f"/tasks/{task['key']}/claim", {"version": str(task["version"])})
    return text(browser, f"/tasks/{task['key']}")


@pytest.mark.parametrize("way", ["own", "asked_for"])
def test_the_legal_basis_is_read_by_everybody_who_decides_or_is_called(
    district: District, login: Login, way: str
) -> None:
    said: dict[str, Json] = {"kind": "hard_problem", "need": "Fumes", "called": ["D-URBAN"]}
    said |= {"basis": "Item 5", "legal_basis": LAW}
    if way == "own":
        own = {**SAID, **said}
        case_key = whistle_blowing.blow(district["dispatcher"], None, own).case_key
    else:
        case_key = asked_for(district, said)
    (line,) = whistles.read_list(district["district"]).running
    browser = login("district")
    for element_id in ("approve_whistle", "screen_whistle"):
        shown = form_of(browser, case_key, element_id)
        assert f"{WORDS}Legal basis:</strong> {LAW}" in shown
        shown = form_of(browser.language("zh-CN"), case_key, element_id)
        assert f"{WORDS}法律政策依据：</strong>{LAW}" in shown
        browser.language("en")
        decision = {"approve_whistle": "approve", "screen_whistle": "accept"}[element_id]
        walk.do(district["district"], case_key, element_id, {"decision": decision})
    clerk = login("clerk")
    for element_id, answers in (
        ("acknowledge", {"who": "W"}),
        ("check_in", {"position": "40.005,116.005"}),
        ("commit", {}),
    ):
        shown = form_of(clerk, case_key, element_id)
        assert f"{WORDS}Legal basis:</strong> {LAW}" in shown, element_id
        if answers:
            walk.do(district["clerk"], case_key, element_id, answers)
    page = text(clerk, f"/whistles/{line.line.row.key}")
    assert f"<dt>Legal basis</dt><dd>{LAW}</dd>" in page


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("en", ("The whistle was approved.", "amended departments or time.", "Reason: Not parks")),
        ("zh-CN", ("哨单已获同意。", "区级受理哨单，并调整了部门或时间。", "原因：Not parks")),
    ],
)
def test_what_was_decided_about_a_whistle_stands_on_its_page(
    district: District, login: Login, code: str, lines: tuple[str, ...]
) -> None:
    said = {**SAID, "kind": "hard_problem"}
    found = whistle_blowing.blow(district["dispatcher"], None, said)
    walk.do(district["district"], found.case_key, "approve_whistle", {"decision": "approve"})
    amended: dict[str, Json] = {"decision": "amend", "called": ["D-URBAN"], "reason": "Not parks"}
    walk.do(district["district"], found.case_key, "screen_whistle", amended)
    for reader in ("dispatcher", "clerk"):
        page = text(login(reader).language(code), f"/whistles/{found.whistle_key}")
        for line in lines:
            assert line in page


@pytest.mark.parametrize("step", ["approve_whistle", "screen_whistle"])
def test_a_refusal_stands_on_the_page_of_the_whistle_with_its_reason(
    district: District, login: Login, step: str
) -> None:
    found = whistle_blowing.blow(district["dispatcher"], None, {**SAID, "kind": "hard_problem"})
    if step == "screen_whistle":
        walk.do(district["district"], found.case_key, "approve_whistle", {"decision": "approve"})
    no: dict[str, Json] = {"decision": "refuse", "reason": "One department can do it."}
    walk.do(district["district"], found.case_key, step, no)
    page = text(login("dispatcher"), f"/whistles/{found.whistle_key}")
    refused = {"approve_whistle": "was not approved.", "screen_whistle": "The district refused the"}
    assert refused[step] in page
    assert "Reason: One department can do it." in page


def test_the_photos_of_what_was_delivered_stand_where_the_street_scores(
    district: District, login: Login
) -> None:
    found = whistle_blowing.blow(district["dispatcher"], None, {**SAID, "called": ["D-URBAN"]})
    key = f"/whistles/{found.whistle_key}"
    given: tuple[tuple[str, dict[str, Json]], ...] = (
        ("acknowledge", {"who": "Wang"}),
        ("check_in", {"position": "40.005,116.005"}),
        ("commit", {"tasks": "Shut it", "owner": "Li", "promised_at": "2099-01-01T10:00"}),
    )
    for element_id, answers in given:
        walk.do(district["clerk"], found.case_key, element_id, answers)
    street, clerk = login("dispatcher"), login("clerk")
    form_of(clerk, found.case_key, "deliver")
    assert 'class="thumb"' not in text(street, key)
    task = walk.open_tasks(found.case_key)["deliver"]
    fields = {"_version": task["version"], "outcome": "Shut", "evidence": (photo(), "a.jpg")}
    assert clerk.post(f"/tasks/{task['key']}", fields).status_code == 303
    (address,) = re.findall(r'class="thumb" href="(/attachments/[0-9]+)"', text(street, key))
    assert street.get(address).status_code == 200


def test_a_whistle_without_a_legal_basis_names_none(district: District, login: Login) -> None:
    said: dict[str, object] = {**SAID, "called": ["D-URBAN"]}
    found = whistle_blowing.blow(district["dispatcher"], None, said)
    browser = login("clerk")
    shown = form_of(browser, found.case_key, "acknowledge")
    assert 'data-part="words" hidden><p><strong>Legal basis:</strong></p>' in shown
    assert "Legal basis" not in text(browser, f"/whistles/{found.whistle_key}")


def test_a_whistle_is_blown_on_its_own(district: District, login: Login) -> None:
    browser = login("dispatcher")
    browser.get("/whistles/new")
    answer = browser.post("/whistles/new", {**SAID, "minor_class": "A05"})
    assert answer.status_code == 303
    page = text(browser, answer.headers["Location"])
    assert "Gas smell" in page
    assert "Unit D-PARKS" in page
    assert "QR code for check-in" in page
    assert "Gas smell" in text(browser, "/whistles")


def test_the_same_post_blows_one_whistle(district: District, login: Login) -> None:
    browser = login("dispatcher")
    (once,) = re.findall(r'name="_once" value="([^"]+)"', text(browser, "/whistles/new"))
    said = {**SAID, "_once": once}
    first, again = (browser.post("/whistles/new", said) for _ in range(2))
    assert first.headers["Location"] == again.headers["Location"]
    other = browser.post("/whistles/new", {**said, "need": "Another matter"})
    assert other.headers["Location"] != first.headers["Location"]


def test_a_case_has_one_whistle_at_a_time(district: District, login: Login) -> None:
    case_key = walk.report().case_key
    browser = login("dispatcher")
    browser.get(f"/whistles/new?case={case_key}")
    fields = {"kind": "hard_problem", "need": "Help us", "called": ["D-URBAN"]}
    assert browser.post(f"/whistles/new?case={case_key}", fields).status_code == 303
    answer = browser.post(f"/whistles/new?case={case_key}", {**fields, "need": "Again"})
    assert answer.status_code == 409
    assert "under way already" in answer.get_data(as_text=True)
    assert f"/whistles/new?case={case_key}" not in text(browser, f"/cases/{case_key}")


def test_what_is_missing_is_said_at_its_field(district: District, login: Login) -> None:
    browser = login("dispatcher")
    browser.get("/whistles/new")
    answer = browser.post("/whistles/new", {"kind": "emergency"})
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "error-summary" in page
    assert 'href="#f-need' in page


def test_a_case_has_a_way_to_its_whistle(district: District, login: Login) -> None:
    case_key = walk.report().case_key
    browser = login("dispatcher")
    assert f"/whistles/new?case={case_key}" in text(browser, f"/cases/{case_key}")
    form = text(browser, f"/whistles/new?case={case_key}")
    assert "Rubbish by the gate" in form
    assert ticked(form) == {"D-URBAN"}
    answer = browser.post(
        f"/whistles/new?case={case_key}",
        {"kind": "hard_problem", "need": "Help us", "called": ["D-URBAN"]},
    )
    assert answer.status_code == 303
    assert answer.headers["Location"] in text(browser, f"/cases/{case_key}")
    assert "Departments are called once" in text(browser, answer.headers["Location"])


def test_a_department_goes_from_step_to_step(district: District, login: Login) -> None:
    key = blown(district)
    browser = login("clerk")
    page = text(browser, f"/whistles/{key}")
    (address,) = re.findall(r'href="(/tasks/\d+)">Acknowledge', page)
    text(browser, address)
    answer = browser.post(address, {"_version": "1", "who": "Wang 138"})
    assert answer.status_code == 303
    following = text(browser, answer.headers["Location"])
    assert "Check in" in following, "the next step is the next page"
    answer = browser.post(
        answer.headers["Location"], {"_version": "1", "position": "40.005,116.005;device;9"}
    )
    assert "Commit" in text(browser, answer.headers["Location"])
    assert "position, 0 m from the place" in text(browser, f"/whistles/{key}")


def test_the_code_is_shown_by_the_street_and_checks_in(district: District, login: Login) -> None:
    key = blown(district)
    street, clerk = login("dispatcher"), login("clerk")
    shown = text(street, f"/whistles/{key}/code")
    assert "<svg" in shown
    assert clerk.get(f"/whistles/{key}/code").status_code == 403
    code = whistles.read_whistle(district["dispatcher"], key, language="en").row.code
    assert code in shown
    assert clerk.get(f"/whistles/{key}/check-in?code={code}").status_code == 422
    case_key = whistles.read_whistle(district["clerk"], key, language="en").row.case_key
    acknowledging = next(
        step.task.key
        for each in whistles.read_whistle(district["clerk"], key, language="en").departments
        for step in each.steps
        if step.may_take
    )
    clerk.post(f"/tasks/{acknowledging}", {"_version": "1", "who": "Wang"})
    asked = text(clerk, f"/whistles/{key}/check-in?code={code}")
    assert "Unit D-URBAN is on the spot." in asked
    wrong = clerk.post(f"/whistles/{key}/check-in", {"code": "wrong"})
    assert wrong.status_code == 422
    assert "That is not the code of this whistle." in wrong.get_data(as_text=True)
    scanned = clerk.get(f"/whistles/{key}/check-in?code=wrong")
    assert "That is not the code of this whistle." in scanned.get_data(as_text=True)
    there = clerk.post(f"/whistles/{key}/check-in", {"code": code})
    assert "/tasks/" in there.headers["Location"]
    assert "You are checked in." in text(clerk, there.headers["Location"])
    assert "checked in on the spot" in text(street, f"/cases/{case_key}")


def photo() -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "#393").save(out, "JPEG")
    out.seek(0)
    return out


def test_a_whistle_is_walked_to_its_scores(district: District, login: Login) -> None:
    key = whistle_blowing.blow(
        district["dispatcher"], None, {**SAID, "called": ["D-URBAN"]}
    ).whistle_key
    case_key = whistles.read_whistle(district["clerk"], key, language="en").row.case_key
    clerk, street = login("clerk"), login("dispatcher")

    def step(browser: Browser, element_id: str, fields: dict[str, object]) -> None:
        task = walk.open_tasks(case_key)[element_id]
        browser.get(f"/tasks/{task['key']}")
        done = browser.post(f"/tasks/{task['key']}", {"_version": task["version"], **fields})
        assert done.status_code == 303, done.get_data(as_text=True)

    step(clerk, "acknowledge", {"who": "Wang"})
    step(clerk, "check_in", {"position": "40.005,116.005"})
    step(
        clerk,
        "commit",
        {"tasks": "Shut it", "owner": "Li", "promised_at": "2099-01-01T10:00"},
    )
    step(clerk, "deliver", {"outcome": "Shut", "evidence": (photo(), "a.jpg")})
    task = walk.open_tasks(case_key)["give_leave"]
    street.post(f"/tasks/{task['key']}/claim", {"version": task["version"]})
    step(street, "give_leave", {"leave": "consented"})
    task = walk.open_tasks(case_key)["joint_action_record"]
    street.post(f"/tasks/{task['key']}/claim", {"version": task["version"]})
    recording = text(street, f"/tasks/{task['key']}")
    (where,) = set(re.findall(r'name="(attendance[^"]*presence)"', recording))
    said = {"minutes": "All there", "decisions": "None", "result": "resolved", "rest": "wait"}
    kept = dict(re.findall(r'name="(attendance[^"]*)" value="(1?)"', recording))
    step(street, "joint_action_record", {**kept, **said, where: "leaves"})
    task = walk.open_tasks(case_key)["score_departments"]
    street.post(f"/tasks/{task['key']}/claim", {"version": task["version"]})
    scoring = text(street, f"/tasks/{task['key']}")
    assert "Unit D-URBAN" in scoring
    names = re.findall(r'name="(scores[^"]*(?:timely|attended|solved))"', scoring)
    assert len(names) == 3
    hidden = re.findall(r'name="(scores[^"]*)" value="(1?)"', scoring)
    step(street, "score_departments", {**dict(hidden), **dict.fromkeys(names, "4")})
    page = text(street, f"/whistles/{key}")
    assert "timely 4, on the spot 4, solved 4 of 5" in page
    assert walk.case_row(case_key)["close_code"] == "resolved"
    assert "Resolved" in text(street, "/whistles")


def test_a_department_waits_for_consent_and_reads_what_is_missing(
    district: District, login: Login
) -> None:
    key = whistle_blowing.blow(
        district["dispatcher"], None, {**SAID, "called": ["D-URBAN"]}
    ).whistle_key
    case_key = whistles.read_whistle(district["clerk"], key, language="en").row.case_key
    clerk, street = login("clerk"), login("dispatcher")
    given: tuple[tuple[str, dict[str, Json]], ...] = (
        ("acknowledge", {"who": "Wang"}),
        ("check_in", {"position": "40.005,116.005"}),
        ("commit", {"tasks": "Shut it", "owner": "Li", "promised_at": "2099-01-01T10:00"}),
    )
    for element_id, answers in given:
        walk.do(district["clerk"], case_key, element_id, answers)

    def deliver() -> str:
        task = walk.open_tasks(case_key)["deliver"]
        clerk.post(f"/tasks/{task['key']}/claim", {"version": task["version"]})
        task = walk.open_tasks(case_key)["deliver"]
        page = text(clerk, f"/tasks/{task['key']}")
        fields = {"_version": task["version"], "outcome": "Shut", "evidence": (photo(), "a.jpg")}
        assert clerk.post(f"/tasks/{task['key']}", fields).status_code == 303
        return page

    assert "leaves only with the consent of the street" in deliver()
    waits = text(clerk, f"/whistles/{key}")
    assert "waits for the street’s consent to leave" in waits
    asking = walk.open_tasks(case_key)["give_leave"]
    assert f'href="/tasks/{asking["key"]}"' not in waits, "it is the street’s to say"
    assert f'href="/tasks/{asking["key"]}"' in text(street, f"/whistles/{key}")
    no: dict[str, Json] = {"leave": "refused", "missing": "The valve still leaks."}
    walk.do(district["dispatcher"], case_key, "give_leave", no)
    page = text(clerk, f"/whistles/{key}")
    assert "may not leave yet" in page
    assert "the street did not let it go: something is missing" in page
    assert "The valve still leaks." in deliver()
    walk.do(district["dispatcher"], case_key, "give_leave", {"leave": "unconsented"})
    page = text(clerk, f"/whistles/{key}")
    assert '<span class="mark mark-absent">left without consent</span>' in page
    assert "Unit D-URBAN left without the consent of the street." in text(
        street, f"/cases/{case_key}"
    )
    for name in ("leader", "supervisor", "dispatcher"):
        assert "A department left a whistle without consent" in text(login(name), "/notices")


def test_an_absence_rings_the_bell_of_those_who_answer_for_it(
    district: District, login: Login
) -> None:
    key = blown(district)
    with moved_to(utc_now() + timedelta(minutes=31)):
        deadlines.fire_due()
    for name in ("leader", "supervisor", "dispatcher"):
        assert "A department let a limit of a whistle pass" in text(login(name), "/notices")
    page = text(login("dispatcher"), f"/whistles/{key}")
    assert page.count("absent: was not there") >= 3
    case_key = whistles.read_whistle(district["dispatcher"], key, language="en").row.case_key
    assert "Unit D-URBAN let a limit pass" in text(login("dispatcher"), f"/cases/{case_key}")


def test_a_department_that_comes_late_reads_so_and_checks_in(
    district: District, login: Login
) -> None:
    begun = utc_now()
    with moved_to(begun):
        blown = whistle_blowing.blow(district["dispatcher"], None, {**SAID, "called": ["D-URBAN"]})
    key = blown.whistle_key
    clerk, street = login("clerk"), login("dispatcher")
    with moved_to(begun + timedelta(minutes=31)):
        deadlines.fire_due()
    assert "absent: was not there" in text(street, f"/whistles/{key}")
    assert re.search(r'href="/tasks/\d+">Check in<', text(clerk, f"/whistles/{key}"))
    code = whistles.read_whistle(district["dispatcher"], key, language="en").row.code
    with moved_to(begun + timedelta(minutes=44, seconds=30)):
        late = walk.open_tasks(blown.case_key)["check_in"]
        clerk.post(f"/tasks/{late['key']}/claim", {"version": late["version"]})
        assert "Your department is recorded as absent." in text(clerk, f"/tasks/{late['key']}")
        there = clerk.post(f"/whistles/{key}/check-in", {"code": code})
        said = text(clerk, there.headers["Location"])
    assert "You are checked in, 15 min late. The absence stays on record." in said
    assert "Commit" in said
    page = text(street, f"/whistles/{key}")
    assert re.search(r"absent, arrived late at .*\(15 min late\)", page)
    assert "checked in 15 min late" in text(street, f"/cases/{blown.case_key}")


def test_the_code_of_a_whistle_that_has_ended_is_neither_shown_nor_taken(
    district: District, login: Login
) -> None:
    key = blown(district)
    seen = whistles.read_whistle(district["dispatcher"], key, language="en")
    answers: dict[str, Json] = {
        "minutes": "Done",
        "decisions": "None",
        "result": "resolved",
        "rest": "end",
        "attendance": [{"presence": "leaves"}] * 3,
    }
    walk.do(district["dispatcher"], seen.row.case_key, "joint_action_record", answers)
    for answer in (
        login("dispatcher").get(f"/whistles/{key}/code"),
        login("clerk").get(f"/whistles/{key}/check-in?code={seen.row.code}"),
        login("clerk").post(f"/whistles/{key}/check-in", {"code": seen.row.code}),
    ):
        assert answer.status_code == 422
        assert "This whistle has ended, and its code with it" in answer.get_data(as_text=True)


def test_who_was_there_and_may_leave_stands_with_each_department(
    district: District, login: Login
) -> None:
    key = blown(district)
    case_key = whistles.read_whistle(district["clerk"], key, language="en").row.case_key
    browser = login("dispatcher")
    task = walk.open_tasks(case_key)["joint_action_record"]
    browser.get("/inbox")
    browser.post(f"/tasks/{task['key']}/claim", {"version": task["version"]})
    form = text(browser, f"/tasks/{task['key']}")
    assert form.count("only with the consent of the street") == 3
    said: dict[str, Json] = {
        "minutes": "Met",
        "decisions": "None",
        "result": "partly",
        "rest": "wait",
        "attendance": [{"presence": each} for each in ("leaves", "stays", "absent")],
    }
    walk.do(district["dispatcher"], case_key, "joint_action_record", said)
    page = text(login("clerk"), f"/whistles/{key}")
    there = ("the street consents that it leaves", "no consent yet that it leaves", "was not there")
    assert [page.count(words) for words in there] == [2, 1, 1], "consent is a thing that happened"
    assert "Was there, may leave: the street consents" in text(browser, f"/cases/{case_key}")


@pytest.mark.parametrize(
    "kind",
    ["whistle_absent", "whistle_left", "whistle_unresolved", "leadership_decided", "reminded"],
)
def test_a_letter_about_a_whistle_says_which(district: District, kind: str) -> None:
    letter = Letter(
        key="1",
        address="leader@example.org",
        language="en",
        template=kind,
        params={"number": "20261124-00001", "task_key": None, "case_key": 7},
    )
    message = compose(district.app, settings_for(mail_sender="whistle@example.org"), letter)
    assert "20261124-00001" in message["Subject"]
    assert "20261124-00001" in message.get_content()


def test_a_case_that_waits_for_its_whistle_leads_to_the_task_and_takes_no_other(
    district: District, login: Login
) -> None:
    case_key = walk.report().case_key
    for name, step, answers in walk.TO_CALLBACK[:2]:
        walk.do(district[name], case_key, step, answers)
    needs = {**walk.HANDLED, "result": "needs_coordination", "unresolved_reason": "The pipe."}
    walk.do(district["handler"], case_key, "handle", needs)
    task = walk.open_tasks(case_key)["blow_whistle"]
    browser = login("dispatcher")
    answer = browser.get(f"/whistles/new?case={case_key}")
    assert answer.status_code == 303
    assert answer.location == f"/tasks/{task['key']}"
    refused = browser.post(f"/whistles/new?case={case_key}", SAID)
    assert refused.status_code == 409
    assert "Blow it in the open task" in refused.get_data(as_text=True)
    assert set(walk.open_tasks(case_key)) == {"blow_whistle"}
