"""Doing a task on its page: claim, type, refused, overtaken, done."""

import io
import re

from PIL import Image

from app.cases.standard_replies import seed_replies
from app.store import case_files
from app.store.db import reading, transaction
from app.web.tables import cell
from tests.support import walk
from tests.support.district import District
from tests.web.conftest import Browser, Login


def claimed(browser: Browser, case_key: int, element_id: str = "triage") -> tuple[str, int]:
    """Claim the open task of a step; return its address and the version of its form."""
    task = walk.open_tasks(case_key)[element_id]
    address = f"/tasks/{task['key']}"
    browser.post(f"{address}/claim", {"version": task["version"]})
    return address, walk.open_tasks(case_key)[element_id]["version"]


def test_a_group_task_is_claimed_and_released_in_place(district: District, login: Login) -> None:
    case_key = walk.report().case_key
    browser = login("officer")
    assert "Rubbish by the gate" in browser.get("/inbox?tab=groups").get_data(as_text=True)
    address, version = claimed(browser, case_key)
    mine = browser.get("/inbox").get_data(as_text=True)
    assert f'href="{address}"' in mine
    browser.post(f"{address}/release", {"version": version})
    assert "You have no task of your own" in browser.get("/inbox").get_data(as_text=True)


def test_completing_leads_to_the_next_task_and_says_what_happened(
    district: District, login: Login
) -> None:
    first, second = walk.report(), walk.report()
    browser = login("officer")
    address, version = claimed(browser, first.case_key)
    next_address, _ = claimed(browser, second.case_key)
    done = browser.post(address, {"_version": version, **walk.TRIAGED})
    assert (done.status_code, done.headers["Location"]) == (303, "/inbox/next")
    assert browser.get("/inbox/next").headers["Location"] == next_address
    assert f"case {first.number} goes on" in browser.get(next_address).get_data(as_text=True)


def test_how_a_step_is_done_is_said_in_the_language_of_the_page(
    district: District, login: Login
) -> None:
    browser = login("officer")
    address, _ = claimed(browser, walk.report().case_key)
    assert "Is this ours to handle" in browser.get(address).get_data(as_text=True)
    page = browser.language("zh-CN").get(address).get_data(as_text=True)
    assert "判断该事项是否属于受理范围" in page
    assert "Is this ours to handle" not in page


def test_refused_answers_come_back_with_errors_at_their_fields(
    district: District, login: Login
) -> None:
    case_key = walk.report().case_key
    browser = login("officer")
    address, version = claimed(browser, case_key)
    answer = browser.post(address, {"_version": version, "comment": "half a thought"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "error-summary" in text
    assert 'href="#f-decision' in text
    assert "half a thought" in text


def test_whoever_is_slower_is_told_and_keeps_the_text(district: District, login: Login) -> None:
    case_key = walk.report().case_key
    browser = login("officer")
    address, version = claimed(browser, case_key)
    walk.do(district["officer"], case_key, "triage", walk.TRIAGED)
    answer = browser.post(address, {"_version": version, "comment": "my careful words"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "A colleague was faster" in text
    assert "my careful words" in text


def test_a_draft_is_there_again(district: District, login: Login) -> None:
    case_key = walk.report().case_key
    browser = login("officer")
    address, _ = claimed(browser, case_key)
    kept = browser.post(f"{address}/draft", {"comment": "to be continued"})
    assert kept.status_code == 204
    assert "to be continued" in browser.get(address).get_data(as_text=True)


def test_a_draft_of_a_colleagues_task_is_not_taken(district: District, login: Login) -> None:
    case_key = walk.report().case_key
    task = walk.open_tasks(case_key)["triage"]
    answer = login("officer").post(f"/tasks/{task['key']}/draft", {"comment": "x"})
    assert answer.status_code == 409


def test_conditions_follow_what_was_answered(district: District, login: Login) -> None:
    case_key = walk.report().case_key
    browser = login("officer")
    address, _ = claimed(browser, case_key)
    part = re.compile(r'id="f-right_channel-part" data-part ?(hidden)?')

    def is_hidden(decision: str) -> bool:
        text = browser.post(f"{address}/form", {"decision": decision}).get_data(as_text=True)
        found = part.search(text)
        assert found is not None
        group = re.search(r'<fieldset class="group[^>]*hidden[^>]*>(.*?)</fieldset>', text, re.S)
        return bool(found[1]) or bool(group and "f-right_channel-part" in group[1])

    assert is_hidden("accept")
    assert not is_hidden("reject")


def handled_address(district: District, browser: Browser) -> tuple[int, str, int]:
    case_key = walk.report().case_key
    walk.do(district["officer"], case_key, "triage", walk.TRIAGED)
    walk.do(district["clerk"], case_key, "sign_for", walk.SIGNED)
    address, version = claimed(browser, case_key, "handle")
    return case_key, address, version


def photo() -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "#393").save(out, "JPEG")
    out.seek(0)
    return out


def test_a_photo_survives_a_refused_form_and_is_seen_on_the_case(
    district: District, login: Login
) -> None:
    browser = login("handler")
    case_key, address, version = handled_address(district, browser)
    refused = browser.post(address, {"_version": version, "after_photos": (photo(), "after.jpg")})
    assert refused.status_code == 422
    key = re.search(r'name="after_photos" value="(\d+)"', refused.get_data(as_text=True))
    assert key is not None
    done = browser.post(address, {"_version": version, "after_photos": key[1], **walk.HANDLED})
    assert done.status_code == 303
    assert f"/attachments/{key[1]}/thumb" in browser.get(f"/cases/{case_key}").get_data(
        as_text=True
    )
    picture = browser.get(f"/attachments/{key[1]}/thumb")
    assert picture.headers["Content-Type"] == "image/jpeg"
    leader = login("leader")
    review, _ = claimed(leader, case_key, "review_result")
    page = leader.get(review).get_data(as_text=True)
    assert f"/attachments/{key[1]}/thumb" in page, "who judges the work sees its photos"
    assert "Result:" in page


def test_files_of_an_arbitration_stay_within_the_grid_line(
    district: District, login: Login
) -> None:
    case_key = walk.report().case_key
    walk.do(district["officer"], case_key, "triage", walk.TRIAGED)
    returned = {"sign": "return", "return_reason": "not_duty", "legal_basis": "The duty list"}
    walk.do(district["clerk"], case_key, "sign_for", returned)
    arbiter = login("dispatcher")
    address, version = claimed(arbiter, case_key, "arbitrate_return")
    said = {"_version": version, "verdict": "deny", "reason": "It is theirs."}
    done = arbiter.post(address, {**said, "files": (photo(), "minutes.jpg")})
    assert done.status_code == 303
    (key,) = walk.case_row(case_key)["answers"]["arbitrate_return"]["files"]
    link = f"/attachments/{key}"
    assert link in arbiter.get(f"/cases/{case_key}").get_data(as_text=True)
    handler = login("handler")
    following, _ = claimed(handler, case_key, "handle")
    for page in (f"/cases/{case_key}", following):
        assert link not in handler.get(page).get_data(as_text=True)
    assert handler.get(link).status_code == 404


def test_a_file_of_a_confidential_case_is_not_called_by_its_reporter(
    district: District, login: Login
) -> None:
    case_key = walk.report(
        is_confidential=True, name="王晓芳", phone="13800001234", has_consented=True
    ).case_key
    officer = login("officer")
    address, version = claimed(officer, case_key)
    named = (photo(), "王晓芳 138 0000 1234.jpg")
    done = officer.post(address, {"_version": version, **walk.TRIAGED, "files": named})
    assert done.status_code == 303
    with reading() as connection:
        (row,) = case_files.attachments(connection, case_key)
    assert row.file_name == "＊＊＊ ＊＊＊.jpg"


def test_a_rejection_offers_its_own_replies_and_none_of_another_step(
    district: District, login: Login
) -> None:
    with transaction() as tx:
        seed_replies(tx)
    officer = login("officer")
    address, version = claimed(officer, walk.report().case_key)
    page = officer.get(address).get_data(as_text=True)
    assert "people’s mediation committee" in page
    assert "Rejection stands" not in page
    key = re.search(r'value="reason:(\d+):zh-CN"[^>]*属民事纠纷', page)
    assert key is not None
    added = officer.post(address, {"_version": version, "_reply": f"reason:{key[1]}:zh-CN"})
    assert "人民调解委员会" in added.get_data(as_text=True)


def test_a_file_that_is_none_is_refused_in_words(district: District, login: Login) -> None:
    browser = login("handler")
    _, address, version = handled_address(district, browser)
    fake = (io.BytesIO(b"MZ not a picture"), "photo.jpg")
    answer = browser.post(address, {"_version": version, "after_photos": fake, "measures": "done"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "was not taken" in text
    assert "done" in text


def test_rows_are_added_and_removed_without_script(district: District, login: Login) -> None:
    browser = login("handler")
    _, address, version = handled_address(district, browser)
    fields: dict[str, object] = {"_version": version, "_rows": "add:steps_taken"}
    added = browser.post(address, fields)
    assert added.status_code == 200
    assert 'name="steps_taken[0].step"' in added.get_data(as_text=True)
    fields = {
        "_version": version,
        "steps_taken[0]": "1",
        "steps_taken[0].step": "called",
        "_rows": "remove:steps_taken[0]",
    }
    assert 'name="steps_taken[0].step"' not in browser.post(address, fields).get_data(as_text=True)


def test_a_task_of_others_leads_to_the_case_or_nowhere(district: District, login: Login) -> None:
    case_key = walk.report().case_key
    task = walk.open_tasks(case_key)["triage"]
    supervisor = login("supervisor").get(f"/tasks/{task['key']}")
    assert supervisor.headers["Location"] == f"/cases/{case_key}"
    assert login("parks_handler").get(f"/tasks/{task['key']}").status_code == 404


def test_no_cell_of_an_export_is_computed() -> None:
    for text in ("=1+1", "+1", "-1", "@x", "\t=1", "\0=1"):
        assert cell(text).startswith("'")
    assert cell("rubbish") == "rubbish"
    assert cell(None) == ""
