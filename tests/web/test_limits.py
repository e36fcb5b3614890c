"""The case page explains each limit in one sentence, in both languages, as computed here by hand.

The limit of these cases is three working days of seven and a half hours, 9:00 to 12:00 and 13:00 to
17:30. 2 March 2026 is a Monday.
"""

import re
from datetime import UTC, datetime
from html import unescape
from zoneinfo import ZoneInfo

import pytest

from app.cases.calendar import extend_calendar
from app.cases.designs import deploy
from app.clock import moved_to
from app.store.db import transaction
from tests.engine import drawing as draw
from tests.support import walk
from tests.support.district import District
from tests.web.conftest import Login

ZONE = ZoneInfo("Asia/Shanghai")
NAMES = ("asked", "begun", "waited", "done")


def local(month: int, day: int, hour: int, minute: int = 0, *, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZONE).astimezone(UTC)


def deploy_road(district: District) -> None:
    """Deploy a road on which a case is established, paused, taken up again and handled."""
    basis = {"due": '=calendar.after("3 wd")', "basis": '="Limit table, urgent: District rule 4"'}
    drawn = draw.process(
        "p",
        draw.start("begin", draw.message("CaseReported")),
        *(draw.user(name, "unit_clerk@D-URBAN") for name in NAMES),
        draw.service("establish", "establish", inputs=basis),
        draw.service("pause", "pause_limit", inputs={"reason": '="Waits for a part"'}),
        draw.service("resume", "resume_limit"),
        draw.service("handled", "mark_handled"),
        draw.end("e"),
        flows="begin > asked > establish > begun > pause > waited > resume > done > handled > e",
    )
    blank = b'{"type": "default", "schemaVersion": 19, "id": "%s", "components": []}'
    forms = {f"{name}.form": blank % name.encode() for name in NAMES}
    deploy({"p.bpmn": draw.diagram(drawn), **forms}, actor=district["designer"])


def case_at(district: District, *steps: datetime) -> int:
    """Return a case reported at the first of these instants, with a step done at each."""
    deploy_road(district)
    with moved_to(steps[0]):
        with transaction() as tx:
            extend_calendar(tx)
        key = walk.report().case_key
    for name, at in zip(NAMES, steps, strict=False):
        with moved_to(at):
            walk.do(district["clerk"], key, name, {})
    return key


def section(login: Login, case_key: int, at: datetime, language: str) -> str:
    """Return what the section of limits says at an instant."""
    with moved_to(at):
        browser = login("supervisor").language(language)
        page = browser.get(f"/cases/{case_key}").get_data(as_text=True)
    found = re.search(r'<section id="limits".*?</section>', page, flags=re.DOTALL)
    assert found is not None
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", found[0]))).strip()


MONDAY = local(3, 2, 9)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (
            "en",
            "Handling is due Thu 5 Mar 2026 09:00: 3 working days from Mon 2 Mar 2026 09:00"
            " (Limit table, urgent: District rule 4).",
        ),
        (
            "zh-CN",
            "处置时限至 2026年3月5日 周四 09:00：自 2026年3月2日 周一 09:00 起 3 个工作日"
            "（Limit table, urgent: District rule 4）。",
        ),
    ],
)
def test_a_running_limit_says_until_when_from_when_and_by_which_row(
    district: District, login: Login, language: str, sentence: str
) -> None:
    """Monday nine: Tuesday, Wednesday, Thursday at nine."""
    key = case_at(district, MONDAY)
    assert sentence in section(login, key, MONDAY, language)


def test_a_limit_that_passed_says_how_late_it_is(district: District, login: Login) -> None:
    key = case_at(district, MONDAY)
    assert "; it is 2 h late." in section(login, key, local(3, 5, 11), "en")
    assert "；已超时 2 小时。" in section(login, key, local(3, 5, 11), "zh-CN")


def test_a_paused_limit_says_since_when_and_how_much_is_left(
    district: District, login: Login
) -> None:
    """By Tuesday noon ten and a half hours of twenty-two and a half are used."""
    key = case_at(district, MONDAY, local(3, 3, 12))
    said = section(login, key, local(3, 4, 9), "en")
    assert "Handling stands still since Tue 3 Mar 2026 12:00; 12 working hours left." in said
    assert "Waits for a part" in said
    said = section(login, key, local(3, 4, 9), "zh-CN")
    assert "自 2026年3月3日 周二 12:00 起暂停计时，剩余 12 个工作小时。" in said


def test_a_limit_that_goes_on_says_what_was_left(district: District, login: Login) -> None:
    """Twelve hours from Friday one o'clock: four and a half, then Monday seven and a half."""
    key = case_at(district, MONDAY, local(3, 3, 12), local(3, 6, 13))
    said = section(login, key, local(3, 6, 14), "en")
    assert "Handling is due Mon 9 Mar 2026 17:30: the 12 working hours left, from" in said


def test_a_limit_that_was_met_says_how_early(district: District, login: Login) -> None:
    key = case_at(district, MONDAY, local(3, 3, 12), local(3, 6, 13), local(3, 9, 15, 30))
    said = section(login, key, local(3, 10, 9), "en")
    assert "Handling was met on Mon 9 Mar 2026 15:30, 2 h early." in said
    assert "按时完成，提前 2 小时。" in section(login, key, local(3, 10, 9), "zh-CN")


def test_a_limit_into_an_unpublished_year_says_that_it_may_change(
    district: District, login: Login
) -> None:
    """Wednesday 30 December: Thursday 31, then Friday 1 and Monday 4 January, as a guess."""
    begun = local(12, 30, 9)
    key = case_at(district, begun)
    said = section(login, key, begun, "en")
    assert "Handling is due Mon 4 Jan 2027 09:00" in said
    assert "; the calendar of 2027 is not yet published, so the date may change." in said
    assert "2027年工作日历尚未公布" in section(login, key, begun, "zh-CN")


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (
            "en",
            "Handling is due Wed 4 Mar 2026 12:00, as Dispatcher set it on Mon 2 Mar 2026 09:00"
            " (Set when dispatched): The road opens on Thursday.",
        ),
        (
            "zh-CN",
            "处置时限至 2026年3月4日 周三 12:00，由Dispatcher于 2026年3月2日 周一 09:00 另定"
            "（派遣时另定）：The road opens on Thursday。",
        ),
    ],
)
def test_a_limit_a_dispatcher_set_says_who_and_why(
    district: District, login: Login, language: str, sentence: str
) -> None:
    override = {
        "limit_until": "2026-03-04T12:00:00+08:00",
        "limit_reason": "The road opens on Thursday.",
    }
    with moved_to(MONDAY):
        key = walk.report(
            minor_class=None, limit_basis="given", given_due_at=local(3, 9, 9)
        ).case_key
        walk.do(district["officer"], key, "triage", {"decision": "accept"})
        assert "as the report brought it" in section(login, key, MONDAY, "en")
        walk.do(district["dispatcher"], key, "dispatch", walk.DISPATCHED | override)
    said = section(login, key, MONDAY, language)
    assert sentence in said
    assert "as the report brought it" not in said


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (
            "en",
            "Handling is due Thu 5 Mar 2026 09:00: when it began again on Mon 9 Mar 2026 09:00"
            " nothing was left of it (Rule 4); it is 4 d 2 h late.",
        ),
        (
            "zh-CN",
            "处置时限至 2026年3月5日 周四 09:00：2026年3月9日 周一 09:00 重新计时时已无剩余时间"
            "（Rule 4）；已超时 4 天 2 小时。",
        ),
    ],
)
def test_a_limit_of_which_nothing_was_left_says_so_when_it_begins_again(
    district: District, login: Login, language: str, sentence: str
) -> None:
    deploy_steps(
        district,
        draw.service("handled", "mark_handled"),
        draw.user("waited", "unit_clerk@D-URBAN"),
        draw.service("again", "reopen_handling"),
        draw.user("done", "unit_clerk@D-URBAN"),
        flows="handled > waited > again > done > e",
    )
    key = steps_done(district, ("begun", local(3, 6, 9)), ("waited", local(3, 9, 9)))
    assert sentence in section(login, key, local(3, 9, 11), language)


@pytest.mark.parametrize(
    ("last", "language", "sentence"),
    [
        (
            local(3, 5, 9),
            "en",
            "Handling was missed: nothing had been done by Thu 5 Mar 2026 09:00.",
        ),
        (
            local(3, 5, 11),
            "en",
            "Handling was missed: due Thu 5 Mar 2026 09:00, and still not done on Thu 5 Mar 2026"
            " 11:00.",
        ),
        (
            local(3, 5, 11),
            "zh-CN",
            "处置超时：时限 2026年3月5日 周四 09:00，至 2026年3月5日 周四 11:00 仍未完成。",
        ),
    ],
)
def test_a_limit_nobody_met_until_the_case_ended_is_not_said_to_be_done(
    district: District, login: Login, last: datetime, language: str, sentence: str
) -> None:
    deploy_steps(district, draw.service("closed", "close_case"), flows="closed > e")
    key = steps_done(district, ("begun", last))
    said = section(login, key, local(3, 5, 11), language)
    assert sentence in said
    assert "done Thu" not in said


def deploy_steps(district: District, *elements: str, flows: str) -> None:
    """Deploy a road on which a case is established, stands at `begun`, and goes on as drawn."""
    basis = {"due": '=calendar.after("3 wd")', "basis": '="Rule 4"'}
    drawn = draw.process(
        "p",
        draw.start("begin", draw.message("CaseReported")),
        draw.service("establish", "establish", inputs=basis),
        draw.user("begun", "unit_clerk@D-URBAN"),
        *elements,
        draw.end("e"),
        flows=f"begin > establish > begun > {flows}",
    )
    blank = b'{"type": "default", "schemaVersion": 19, "id": "%s", "components": []}'
    forms = {f"{name}.form": blank % name.encode() for name in NAMES}
    deploy({"p.bpmn": draw.diagram(drawn), **forms}, actor=district["designer"])


def steps_done(district: District, *steps: tuple[str, datetime]) -> int:
    """Return a case reported on Monday at nine, with these steps done at these instants."""
    with moved_to(MONDAY):
        with transaction() as tx:
            extend_calendar(tx)
        key = walk.report().case_key
    for name, at in steps:
        with moved_to(at):
            walk.do(district["clerk"], key, name, {})
    return key
