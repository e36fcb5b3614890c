"""Whoever may corrects facts of a case at any time, with a reason that stays beside them."""

import re
from html import unescape

import pytest
from sqlalchemy import select

from app.cases.designs import deploy
from app.cases.journal import first_broken
from app.clock import moved_to
from app.store.db import reading
from app.store.tables.cases import case_search, fact_change
from app.store.tables.runtime import element_instance, task_unit
from tests.cases.test_confidential_beside import begin_beside, deployed, leaks
from tests.cases.test_tracking_confidential import HOME, MAIL, NAME, PHONE
from tests.engine.drawing import diagram, end, process, service, user, xor
from tests.support import walk
from tests.support.district import TUESDAY_NINE, District
from tests.support.residents import begun, form
from tests.support.residents import text as field
from tests.web.conftest import Browser, Login


def told(**values: object) -> walk.Receipt:
    deployed()
    with moved_to(TUESDAY_NINE):
        return walk.report(
            **{"name": NAME, "phone": PHONE, "email": MAIL, "has_consented": True} | values
        )


def fields(browser: Browser, key: int) -> dict[str, str]:
    """Return what the form holds when it is opened."""
    answer = browser.get(f"/cases/{key}/correct")
    assert answer.status_code == 200
    text = answer.get_data(as_text=True)
    found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text))
    found = {name: unescape(value) for name, value in found.items() if name != "csrf_token"}
    shown = {name.removeprefix("was_"): value for name, value in found.items()}
    return {**found, **shown}


def correct(browser: Browser, key: int, **changes: str):  # type: ignore[no-untyped-def]
    return browser.post(f"/cases/{key}/correct", {**fields(browser, key), **changes})


def test_facts_are_corrected_with_a_reason_that_the_page_shows(
    district: District, login: Login
) -> None:
    receipt = told()
    officer, key = login("officer"), receipt.case_key
    assert f"/cases/{key}/correct" in officer.get(f"/cases/{key}").get_data(as_text=True)
    answer = correct(
        officer,
        key,
        description="Oil in the drain 下水道有油",
        minor_class="C02",
        occurred_at="2026-11-23T18:30",
        reason="The reporter rang up",
    )
    assert answer.status_code == 303, answer.get_data(as_text=True)
    case = walk.case_row(key)
    assert (case["description"], case["minor_class"], case["major_class"]) == (
        "Oil in the drain 下水道有油",
        "C02",
        "C",
    )
    assert case["occurred_at"].isoformat() == "2026-11-23T10:30:00+00:00"
    page = officer.get(f"/cases/{key}").get_data(as_text=True)
    assert "The reporter rang up" in page
    assert "corrected facts: Description, Category, Noticed" in page
    with reading() as connection:
        words = connection.execute(select(case_search.c.words)).scalar_one()
        classes = set(connection.execute(select(task_unit.c.major_class)).scalars())
    assert "oil in the drain" in words
    assert classes == {"C"}
    assert first_broken(walk.journal_of(key)) is None


def test_a_running_process_decides_by_the_corrected_fact(district: District, login: Login) -> None:
    drawn = process(
        "decides",
        begun(),
        service("locate"),
        user("look", "community_officer"),
        xor("which"),
        end("oil"),
        end("rubbish"),
        flows="""begin > locate > look > which
        which > oil : =case.minor_class = "C02"
        which > rubbish default""",
    )
    deploy({"decides.bpmn": diagram(drawn), "look.form": form("look", field("note"))}, actor=None)
    receipt = walk.report()
    sent = correct(login("officer"), receipt.case_key, minor_class="C02", reason="Wrong class")
    assert sent.status_code == 303
    walk.do(district["officer"], receipt.case_key, "look", {"note": "Seen"})
    with reading() as connection:
        ended = select(element_instance.c.element_id).where(
            element_instance.c.element_type == "END_EVENT"
        )
        assert list(connection.execute(ended).scalars()) == ["oil"]


def test_the_shipped_process_runs_on_beside_it(district: District, login: Login) -> None:
    receipt = walk.report()
    correct(login("district"), receipt.case_key, minor_class="C02", reason="Wrong class")
    facts = [
        line for line in walk.journal_of(receipt.case_key) if line["kind"] == "facts_corrected"
    ]
    assert [line["data"] for line in facts] == [{"facts": ["minor_class"]}]
    with reading() as connection:
        row = connection.execute(select(fact_change)).one()
    assert (row.old_value, row.new_value, row.reason) == ("A01", "C02", "Wrong class")
    assert walk.case_row(receipt.case_key)["minor_class"] == "C02"


def test_what_cannot_be_is_refused_at_its_field_and_kept(district: District, login: Login) -> None:
    receipt = told()
    officer, key = login("officer"), receipt.case_key
    for changes, sentence in (
        ({"description": "", "reason": "x"}, "The description cannot be taken as it is"),
        ({"minor_class": "Z99", "reason": "x"}, "it is not on the matter list."),
        ({"occurred_at": "2999-01-01T00:00", "reason": "x"}, "it lies in the future."),
        ({"occurred_at": "soon", "reason": "x"}, "it cannot be read."),
        ({"description": "y" * 4001, "reason": "x"}, "it is too long."),
        ({"description": "Another", "reason": " "}, "Say in a few words why"),
        ({"reason": "x"}, "Nothing was changed."),
    ):
        answer = correct(officer, key, **changes)
        assert answer.status_code == 422, changes
        text = unescape(answer.get_data(as_text=True))
        assert sentence in text
        assert changes.get("description", "") in text
    assert walk.case_row(key)["description"] == "Rubbish by the gate 门口有垃圾"
    assert "请简要说明原因" in correct(
        officer.language("zh-CN"), key, description="Another", reason=""
    ).get_data(as_text=True)


def test_a_colleague_who_was_faster_is_seen(district: District, login: Login) -> None:
    receipt = told()
    officer, district_desk, key = login("officer"), login("district"), receipt.case_key
    before = fields(officer, key)
    correct(district_desk, key, address="Gate 3", reason="Rang up")
    late = officer.post(
        f"/cases/{key}/correct", {**before, "address": "Gate 4", "reason": "Saw it"}
    )
    assert late.status_code == 409
    text = late.get_data(as_text=True)
    assert "A colleague was faster" in text
    assert 'name="was_address" value="Gate 3"' in text
    assert 'value="Gate 4"' in text
    other = officer.post(
        f"/cases/{key}/correct", {**before, "description": "Another", "reason": "Saw it"}
    )
    assert other.status_code == 303, "what nobody touched is corrected"
    assert walk.case_row(key)["address"] == "Gate 3"


@pytest.mark.parametrize("name", ["worker", "handler", "leader", "supervisor", "admin"])
def test_others_may_not(district: District, login: Login, name: str) -> None:
    receipt = told()
    browser = login(name)
    assert browser.get(f"/cases/{receipt.case_key}/correct").status_code == 403
    sent = browser.post(f"/cases/{receipt.case_key}/correct", {"description": "x", "reason": "x"})
    assert sent.status_code == 403
    assert "/correct" not in browser.get(f"/cases/{receipt.case_key}").get_data(as_text=True)


def test_a_case_made_confidential_is_cleaned_with_all_that_runs(
    district: District, login: Login
) -> None:
    receipt = told(description=f"Oil. {HOME}")
    with moved_to(TUESDAY_NINE):
        begin_beside(receipt.case_key)
    officer, key = login("officer"), receipt.case_key
    answer = correct(officer, key, is_confidential="yes", reason=f"{NAME} is afraid")
    assert answer.status_code == 303, answer.get_data(as_text=True)
    assert walk.case_row(key)["is_confidential"]
    assert leaks() == []
    assert [line["kind"] for line in walk.journal_of(key)][-2:] == [
        "facts_corrected",
        "reporter_hidden",
    ]
    back = officer.post(
        f"/cases/{key}/correct",
        {**fields(officer, key), "is_confidential": "", "reason": "Not any more"},
    )
    assert back.status_code == 422
    assert "stays confidential" in back.get_data(as_text=True)
    correct(officer, key, description=f"Oil, says {NAME}.", reason="More exact")
    assert leaks() == []
    with moved_to(TUESDAY_NINE):
        walk.do(district["officer"], key, "look", {"note": "Seen"})
    assert leaks() == []
