"""How the page of a case is laid out: what stands open, what folds, and how times are said."""

import re
from datetime import timedelta

from app.clock import moved_to
from app.json_types import JsonObject
from tests.support import walk
from tests.support.district import TUESDAY_NINE, District
from tests.web.conftest import Login


def test_a_long_story_shows_its_end_and_folds_what_was_before(
    district: District, login: Login
) -> None:
    with moved_to(TUESDAY_NINE):
        key = walk.report().case_key
        walk.to_end(district, key)
        page = login("supervisor").get(f"/cases/{key}").get_data(as_text=True)
    lines = len(walk.journal_of(key))
    story = page[page.index('id="story-title"') :]
    shown, folded = story.split("<details><summary>What happened before")
    assert len(re.findall(r"^    <li", shown, flags=re.MULTILINE)) == 20
    assert folded.startswith(f" ({lines - 20})</summary>")
    assert "The case was reported" in folded
    assert "The case was closed" in shown


def test_what_the_system_did_by_itself_stands_back(login: Login) -> None:
    with moved_to(TUESDAY_NINE):
        key = walk.report().case_key
        page = login("supervisor").get(f"/cases/{key}").get_data(as_text=True)
    items = re.findall(r'<li( class="timeline-quiet")?>(.*?)</li>', page, flags=re.DOTALL)
    quiet = {bool(mark) for mark, words in items if "was offered to" in words}
    own = {bool(mark) for mark, words in items if "The case was reported" in words}
    assert (quiet, own) == ({True}, {False})


def test_the_diagram_stands_open_while_the_case_runs_and_folds_afterwards(
    district: District, login: Login
) -> None:
    key = walk.report().case_key
    supervisor = login("supervisor")
    running = supervisor.get(f"/cases/{key}").get_data(as_text=True)
    walk.to_end(district, key)
    ended = supervisor.get(f"/cases/{key}").get_data(as_text=True)
    heading = 'id="diagram-title">Where it stands in the process</h2>'
    assert running.split(heading)[1].lstrip().startswith("<div data-diagram")
    assert ended.split(heading)[1].lstrip().startswith("<details")


def test_a_while_ago_is_said_with_a_space_behind_the_number(login: Login) -> None:
    with moved_to(TUESDAY_NINE):
        key = walk.report().case_key
    with moved_to(TUESDAY_NINE + timedelta(hours=2)):
        browser = login("supervisor")
        english = browser.language("en").get(f"/cases/{key}").get_data(as_text=True)
        chinese = browser.language("zh-CN").get(f"/cases/{key}").get_data(as_text=True)
    assert "(2 hours ago)" in english
    assert "（2 小时前）" in chinese


def test_a_case_in_nobodys_hands_says_what_it_waits_for(district: District, login: Login) -> None:
    asked, handled = walk.report().case_key, walk.report().case_key
    question: JsonObject = {"decision": "need_info", "question": "Which gate is it?"}
    walk.do(district["officer"], asked, "triage", question)
    walk.to_callback(district, handled)
    supervisor = login("supervisor")
    now = 'id="now-title">Now</h2>'
    waiting = supervisor.get(f"/cases/{asked}").get_data(as_text=True).split(now)[1]
    assert waiting.lstrip().startswith("<p>Nobody has a task; the diagram shows what")
    rating = supervisor.get(f"/cases/{handled}").get_data(as_text=True).split(now)[1]
    assert rating.lstrip().startswith("<p>Waiting for a rating</p>")


def test_whoever_has_a_task_of_a_confidential_case_sees_that_it_is(login: Login) -> None:
    plain, secret = walk.report().case_key, walk.report(is_confidential=True).case_key
    officer = login("officer")
    pages = [
        officer.get(f"/tasks/{walk.open_tasks(key)['triage']['key']}").get_data(as_text=True)
        for key in (plain, secret)
    ]
    assert ['<span class="confidential">' in page for page in pages] == [False, True]
