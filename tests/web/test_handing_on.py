"""The pages on which tasks are handed on, lists are filtered, and colleagues work together."""

import re

import pytest

from app.organisation.roles import Role
from tests.support import walk
from tests.support.colleagues import PASSWORD as HIRED
from tests.support.colleagues import hire, signed
from tests.support.district import District
from tests.web.conftest import PASSWORD, SAME_SITE, Browser, Login


def text(answer: object) -> str:
    return str(answer.get_data(as_text=True))  # type: ignore[attr-defined]


def enter(district: District, login: str, password: str = HIRED) -> Browser:
    browser = Browser(district.app.test_client()).language("en")
    browser.get("/sign-in")
    browser.post("/sign-in", {"login": login, "password": password})
    browser.get("/inbox")
    return browser


def test_a_leader_gives_a_task_away_from_its_case(district: District, login: Login) -> None:
    second = hire(district, "second", Role.UNIT_HANDLER, "D-URBAN")
    case_key = signed(district)
    task = walk.open_tasks(case_key)["handle"]
    leader = login("leader")
    assert f"/tasks/{task['key']}/hand-on" in text(leader.get(f"/cases/{case_key}"))
    page = text(leader.get(f"/tasks/{task['key']}/hand-on"))
    assert "Second" in page
    assert "Parks" not in page
    address = f"/tasks/{task['key']}/reassign"
    fields: dict[str, object] = {"to": second.person_key, "version": task["version"]}
    refused = leader.post(address, fields)
    assert refused.status_code == 422
    assert "Say in a few words why" in text(refused)
    assert f'value="{second.person_key}" required checked' in text(refused)
    done = leader.post(address, {**fields, "reason": "The desk is full"})
    assert done.status_code == 303
    story = text(leader.get(f"/cases/{case_key}"))
    assert re.search(r"Leader \(Unit leader.* gave “.*” to Second: The desk is full", story)
    theirs = enter(district, "second")
    assert "Leader gave you “" in text(theirs.get("/notices"))
    assert f"/tasks/{task['key']}" in text(theirs.get("/inbox"))


def test_who_may_not_is_told_so(district: District, login: Login) -> None:
    case_key = signed(district)
    key = walk.open_tasks(case_key)["handle"]["key"]
    handler = login("handler")
    assert handler.get(f"/tasks/{key}/hand-on").status_code == 403
    fields: dict[str, object] = {"to": 1, "version": 1, "reason": "x"}
    assert handler.post(f"/tasks/{key}/reassign", fields).status_code == 403
    assert handler.post(f"/tasks/{key}/delegate", fields).status_code == 403
    assert handler.post(f"/tasks/{key}/take-back", fields).status_code == 422
    assert handler.post(f"/tasks/{key}/take-over", fields).status_code == 403
    assert login("parks_handler").get(f"/tasks/{key}/hand-on").status_code == 404
    overtaken: dict[str, object] = {"to": district["handler"].person_key, "reason": "x"}
    leader = login("leader")
    answer = leader.post(f"/tasks/{key}/reassign", {**overtaken, "version": 9})
    assert answer.status_code == 409


def test_one_passes_a_task_on_and_takes_it_back(district: District, login: Login) -> None:
    second = hire(district, "second", Role.UNIT_HANDLER, "D-URBAN")
    case_key = signed(district)
    key = walk.open_tasks(case_key)["handle"]["key"]
    handler = login("handler")
    handler.post(f"/tasks/{key}/claim", {"version": 1})
    assert "Pass it on to a colleague" in text(handler.get(f"/tasks/{key}"))
    handler.post(f"/tasks/{key}/delegate", {"to": second.person_key, "version": 2})
    passed = text(handler.get("/inbox?tab=passed"))
    assert "Take back" in passed
    assert "Second" in passed
    back = handler.post(f"/tasks/{key}/take-back", {"version": 3})
    assert back.headers["Location"] == f"/tasks/{key}"


def chosen(case_keys: list[int]) -> list[str]:
    tasks = [walk.open_tasks(key)["triage"] for key in case_keys]
    return [f"{task['key']}.{task['version']}" for task in tasks]


def test_many_are_claimed_after_a_look_and_undone(district: District, login: Login) -> None:
    keys = [walk.report().case_key for _ in range(3)]
    wanted = chosen(keys)
    officer = login("officer")
    page = text(officer.get("/inbox?tab=groups"))
    assert all(f'value="{each}"' in page for each in wanted)
    stale = f"{wanted[2].split('.')[0]}.7"
    look = officer.post("/tasks/chosen", {"action": "claim", "task": [*wanted[:2], stale]})
    assert "2 tasks will be changed." in text(look)
    assert "1 of those chosen cannot be." in text(look)
    assert "A colleague was faster" in text(look)
    assert all(walk.open_tasks(key)["triage"]["assignee_key"] is None for key in keys)
    done = officer.post("/tasks/chosen/claim", {"task": [*wanted[:2], stale]})
    result = text(officer.get(done.headers["Location"]))
    assert "2 tasks are yours now." in result
    assert "1 was not changed" in result
    undo = re.search(r'action="(/bulk/\d+/undo)"', result)
    assert undo is not None
    undone = officer.post(undo[1], {})
    assert "2 tasks were put back." in text(officer.get(undone.headers["Location"]))
    assert all(walk.open_tasks(key)["triage"]["assignee_key"] is None for key in keys)
    assert officer.post(undo[1], {}).status_code == 422
    assert login("dispatcher").get(undo[1].removesuffix("/undo")).status_code == 404


def test_many_are_given_away_with_a_reason(district: District, login: Login) -> None:
    keys = [walk.report().case_key for _ in range(2)]
    dispatcher = login("dispatcher")
    fields: dict[str, object] = {"action": "reassign", "task": chosen(keys)}
    look = text(dispatcher.post("/tasks/chosen", fields))
    assert "can have 2 of 2" in look
    to = district["officer"].person_key
    given: dict[str, object] = {"task": chosen(keys), "to": to}
    assert dispatcher.post("/tasks/chosen/reassign", given).status_code == 422
    done = dispatcher.post("/tasks/chosen/reassign", {**given, "reason": "Yours"})
    assert "2 tasks are with Officer now." in text(dispatcher.get(done.headers["Location"]))
    assert "Dispatcher gave you tasks: 2" in text(login("officer").get("/notices"))


def test_a_page_that_goes_on_by_itself_is_told_how_far_it_is(
    district: District, login: Login
) -> None:
    keys = [walk.report().case_key for _ in range(12)]
    officer = login("officer")
    look = text(officer.post("/tasks/chosen", {"action": "claim", "task": chosen(keys)}))
    once = re.search(r'name="once" value="([^"]+)"', look)
    assert once is not None
    fields: dict[str, object] = {"task": chosen(keys), "once": once[1], "next": "/inbox?tab=groups"}
    scripted = {"headers": {**SAME_SITE, "Accept": "application/json"}}
    first = officer.client.post(
        "/tasks/chosen/claim", data={"csrf_token": officer.token, **fields}, **scripted
    ).get_json()
    assert (first["done"], first["failed"], first["waiting"]) == (10, 0, 2)
    half = text(officer.get(first["result"]))
    assert "Not begun: 2" in half
    assert f'action="{first["go_on"].split("?")[0]}"' in half
    second = officer.client.post(
        first["go_on"], data={"csrf_token": officer.token}, **scripted
    ).get_json()
    assert (second["done"], second["waiting"]) == (12, 0)
    again = officer.post("/tasks/chosen/claim", fields)
    assert again.headers["Location"] == first["result"]
    assert "12 tasks are yours now." in text(officer.get(first["result"]))
    assert login("dispatcher").post(first["go_on"], {}).status_code == 404


def test_choosing_nothing_is_answered_in_words(login: Login) -> None:
    answer = login("officer").post("/tasks/chosen", {"action": "claim"})
    assert answer.status_code == 422
    assert "no task was chosen" in text(answer)


@pytest.mark.parametrize("page", ["inbox", "cases"])
def test_a_filter_is_kept_on_its_page_and_opened_with(
    district: District, login: Login, page: str
) -> None:
    walk.report()
    officer = login("officer")
    fields = {"name": "Gate", "query-q": "gate", "query-tab": "groups", "is_default": "1"}
    saved = officer.post(f"/filters/{page}", {**fields})
    assert saved.status_code == 303
    opened = officer.get(f"/{page}")
    assert opened.status_code == 303
    shown = text(officer.get(opened.headers["Location"]))
    assert re.search(r'aria-current="page">.*Gate <span class="count">1</span>', shown)
    change = re.search(r'action="(/filters/\d+/change)"', shown)
    assert change is not None
    officer.post(change[1], {"act": "plain"})
    assert officer.get(f"/{page}").status_code == 200
    officer.post(change[1], {"act": "delete"})
    assert "Gate" not in text(officer.get(f"/{page}?all=1"))
    assert officer.post(change[1], {"act": "delete"}).status_code == 404


def test_ones_own_page_keeps_absence_mail_and_language(district: District, login: Login) -> None:
    clerk = login("clerk")
    page = text(clerk.get("/me"))
    assert "Handler (handler)" in page
    deputy = district["handler"].person_key
    wrong = clerk.post("/me/absence", {"deputy": deputy, "last": "2001-01-01"})
    assert wrong.status_code == 422
    assert "The last day comes before the first." in text(wrong)
    clerk.post("/me/absence", {"deputy": deputy, "first": "2999-01-01", "last": "2999-01-05"})
    shown = text(clerk.get("/me"))
    assert "Handler stands in for you." in shown
    end = re.search(r'action="(/me/absences/\d+/end)"', shown)
    assert end is not None
    assert login("handler").post(end[1], {}).status_code == 404
    clerk.post(end[1], {})
    ended = text(clerk.get("/me"))
    assert "stands in for you" not in ended
    assert "Past absences (1)" in ended
    assert "Planned from Jan 1, 2999, taken back" in ended
    clerk.post("/me/mail", {"wish": ["handed"]})
    kept = text(clerk.get("/me"))
    assert re.search(r'value="handed" checked', kept)
    assert not re.search(r'value="offered" checked', kept)
    clerk.post("/me/language", {"language": "zh-CN"})
    assert "我的页面" in text(clerk.get("/me"))
    assert clerk.post("/me/language", {"language": "tlh"}).status_code == 422


def test_ones_own_password_is_changed_by_who_knows_it(district: District, login: Login) -> None:
    clerk = login("clerk")
    new = "another good sentence"
    for fields, words in (
        ({"current": PASSWORD, "new": new, "again": "x"}, "the two do not match"),
        ({"current": "guess", "new": new, "again": new}, "Login and password do not belong"),
        ({"current": PASSWORD, "new": "short", "again": "short"}, "field-error"),
    ):
        answer = clerk.post("/me/password", {**fields})
        assert answer.status_code == 422
        assert words in text(answer)
        assert new not in text(answer)
    clerk.post("/me/password", {"current": PASSWORD, "new": new, "again": new})
    assert clerk.get("/me").status_code == 200
    assert enter(district, "clerk", new).get("/me").status_code == 200


def test_own_pages_are_for_the_staff(visitor: Browser) -> None:
    for address in ("/me", "/tasks/1/hand-on", "/bulk/1", "/cases/1/print", "/replies"):
        assert visitor.get(address).status_code == 303


def test_a_standard_reply_is_written_and_added_without_script(
    district: District, login: Login
) -> None:
    admin = login("admin")
    fields: dict[str, object] = {
        "category": "A",
        "outcome": "resolved",
        "title": "Taken away",
        "title_zh": "已清运",
        "body": "Report {number} is done.",
        "body_zh": "{number} 已办结。",
    }
    wrong = admin.post("/replies/new", {**fields, "body": "{nobody}"})
    assert wrong.status_code == 422
    assert "There is no blank {nobody}" in text(wrong)
    assert admin.post("/replies/new", fields).status_code == 303
    assert "Taken away" in text(admin.get("/replies"))
    assert login("supervisor").get("/replies").status_code == 403
    case_key = signed(district)
    task = walk.open_tasks(case_key)["handle"]
    handler = login("handler")
    address = f"/tasks/{task['key']}"
    handler.post(f"{address}/claim", {"version": 1})
    page = text(handler.get(address))
    number = walk.case_row(case_key)["number"]
    button = re.search(r'name="_reply" value="(public_reply:\d+:en)"', page)
    assert button is not None
    typed: dict[str, object] = {"_version": 2, "public_reply": "Dear reporter,"}
    again = handler.post(address, {**typed, "_reply": button[1]})
    assert again.status_code == 200
    assert f"Dear reporter,\nReport {number} is done.</textarea>" in text(again)


def test_a_mention_that_cannot_be_read_comes_back_with_the_text(
    district: District, login: Login
) -> None:
    case_key = signed(district)
    clerk = login("clerk")
    refused = clerk.post(f"/cases/{case_key}/remarks", {"body": "Look, @parks_handler"})
    assert refused.status_code == 422
    assert "Parks_Handler may not see this case" in text(refused)
    assert "Look, @parks_handler</textarea>" in text(refused)
    told = clerk.post(f"/cases/{case_key}/remarks", {"body": "Look", "mention": "officer"})
    assert told.status_code == 303
    page = text(clerk.get(f"/cases/{case_key}"))
    assert "Told: Officer" in page
    assert "Clerk mentioned you in a comment" in text(login("officer").get("/notices"))


def test_a_case_is_followed_and_printed(district: District, login: Login) -> None:
    case_key = signed(district)
    supervisor = login("supervisor")
    supervisor.post(f"/cases/{case_key}/follow", {"act": "begin"})
    assert "Followed by Supervisor" in text(supervisor.get(f"/cases/{case_key}"))
    supervisor.post(f"/cases/{case_key}/follow", {"act": "end"})
    assert "Followed by" not in text(supervisor.get(f"/cases/{case_key}"))
    assert login("parks_handler").post(f"/cases/{case_key}/follow", {}).status_code == 404
    printed = text(supervisor.get(f"/cases/{case_key}/print"))
    assert "Printed" in printed
    assert "What happened" in printed
    assert login("parks_handler").get(f"/cases/{case_key}/print").status_code == 404


def test_a_handler_prints_a_confidential_case_without_its_reporter(
    district: District, login: Login
) -> None:
    case_key = walk.report(
        is_confidential=True, name="Zhang San", phone="13800001111", has_consented=True
    ).case_key
    walk.do(district["officer"], case_key, "triage", walk.TRIAGED)
    walk.do(district["clerk"], case_key, "sign_for", walk.SIGNED)
    printed = text(login("handler").get(f"/cases/{case_key}/print"))
    assert "Confidential" in printed
    assert "Reporters" not in printed
    assert "138*" not in printed
    assert "13800001111" not in printed
    assert "Zhang" not in printed
    assert "Reporters" in text(login("supervisor").get(f"/cases/{case_key}/print"))
