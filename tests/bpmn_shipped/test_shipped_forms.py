"""The shipped forms ask for what is needed and nothing else: conditions as a person meets them."""

from contextlib import nullcontext
from typing import Any

import pytest

from app import forms
from app.forms.labels import load, translate
from app.forms.views import ProseView
from app.json_types import JsonObject
from tests.bpmn_shipped.road import HANDLED, MONDAY, ZONE, shipped_form
from tests.bpmn_shipped.shipped import BPMN, DIAGRAMS, ROOT, ZEEBE, tree

MATTER: JsonObject = {"description": "A lamp is out."}
COMMUNITIES = [{"value": "C-01", "label": "East"}]


def answer(form_id: str, given: JsonObject, **context: Any) -> JsonObject:
    seen = {"case": {}, "answers": {}, "communities": COMMUNITIES, "is_staff": False, **context}
    form = shipped_form(form_id)
    return forms.read(form, given, context=seen, now=MONDAY, zone=ZONE).values


def wrong(form_id: str, given: JsonObject, **context: Any) -> set[str]:
    with pytest.raises(forms.InvalidAnswers) as refused:
        answer(form_id, given, **context)
    return set(refused.value.errors)


def staff_forms() -> list[str]:
    tasks = [task for path in DIAGRAMS for task in tree(path).iter(f"{BPMN}userTask")]
    found = [task.find(f".//{ZEEBE}formDefinition") for task in tasks]
    return sorted({str(form.get("formId")) for form in found if form is not None})


@pytest.mark.parametrize("form_id", staff_forms())
def test_every_task_of_the_staff_takes_a_note_and_files(form_id: str) -> None:
    form = shipped_form(form_id)
    assert "comment" in form.keys
    assert form.file_fields


def test_a_report_needs_a_description_only() -> None:
    assert wrong("report", {}) == {"description"}
    assert answer("report", MATTER)["description"] == "A lamp is out."


def test_the_community_is_asked_only_without_a_point() -> None:
    assert answer("report", {**MATTER, "community": "C-01"})["community"] == "C-01"
    placed = answer("report", {**MATTER, "location": "30.25,120.16", "community": "C-01"})
    assert placed["location"] == {"lat": 30.25, "lon": 120.16}
    assert placed["community"] is None


def test_a_contact_is_kept_with_consent_only() -> None:
    contact: JsonObject = {**MATTER, "contact_phone": "13800000000"}
    assert wrong("report", contact) == {"consent"}
    assert answer("report", {**contact, "consent": True})["contact_phone"] == "13800000000"


def test_an_anonymous_report_keeps_no_contact() -> None:
    sent = answer("report", {**MATTER, "is_anonymous": True, "contact_phone": "13800000000"})
    assert sent["contact_phone"] is None


def test_only_staff_say_how_urgent_a_report_is() -> None:
    urgent: JsonObject = {**MATTER, "severity": "urgent"}
    assert answer("report", urgent)["severity"] is None
    registered = answer("report", {**urgent, "reporter_language": "en"}, is_staff=True)
    assert registered["severity"] == "urgent"


def test_staff_say_which_language_the_reporter_speaks() -> None:
    urgent: JsonObject = {**MATTER, "severity": "urgent"}
    assert wrong("report", urgent, is_staff=True) == {"reporter_language"}
    assert answer("report", {**MATTER, "reporter_language": "en"})["reporter_language"] is None


@pytest.mark.parametrize("number", ["call me", "12", "138-0000-0000-0000-0000"])
def test_a_telephone_number_is_digits(number: str) -> None:
    given: JsonObject = {**MATTER, "contact_phone": number, "consent": True}
    assert wrong("report", given) == {"contact_phone"}


def test_a_result_that_is_not_full_says_what_remains() -> None:
    assert wrong("handle", {**HANDLED, "result": "partly"}) == {"unresolved_reason"}
    assert answer("handle", HANDLED)["unresolved_reason"] is None


def test_a_contact_with_the_reporter_says_who_and_when() -> None:
    spoken: JsonObject = {**HANDLED, "contacted": True}
    assert wrong("handle", spoken) == {"contacted_by", "contacted_at"}
    nobody = answer("handle", spoken, case={"is_anonymous": True})
    assert nobody["contacted_by"] is None


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-03-02T08:59", set()),
        ("2026-03-02T09:01", {"contacted_at"}),
        ("2026-03-01T23:59", {"contacted_at"}),
    ],
)
def test_the_reporter_was_spoken_to_not_before_the_day_of_the_report_nor_after_now(
    at: str, expected: set[str]
) -> None:
    spoken: JsonObject = {**HANDLED, "contacted": True, "contacted_by": "W", "contacted_at": at}
    case = {"reported_on": MONDAY.date()}
    with pytest.raises(forms.InvalidAnswers) if expected else nullcontext() as refused:
        answer("handle", spoken, case=case)
    assert (set(refused.value.errors) if refused else set()) == expected


@pytest.mark.parametrize("form_id", ["arbitrate_return", "designate_unit"])
def test_a_proposed_unit_is_named_in_the_language_of_the_page(form_id: str) -> None:
    beside = ROOT / "forms" / f"{form_id}.zh-CN.json"
    translated = translate(shipped_form(form_id), load(beside.read_bytes()))
    offered = [{"value": "D-WATER", "label": "水务局"}, {"value": "D-ENV", "label": "环保局"}]
    said = {"returned_from": "sign_for", "return_reason": "not_duty", "legal_basis": "三定方案"}
    context = {
        "case": {},
        "answers": {},
        "departments": offered,
        "proposed_unit": "D-WATER",
        **said,
    }
    page = forms.view(
        translated, answers=None, context=context, now=MONDAY, zone=ZONE, language="zh-CN"
    )
    words = "".join(
        span.text
        for node in page.children
        if isinstance(node, ProseView) and node.is_visible
        for block in node.blocks
        for line in block.lines
        for span in line
    )
    assert "部门退回：不属本单位职责。依据：三定方案" in words
    assert "水务局" in words
    assert "D-WATER" not in words


def test_a_return_gives_its_reason_and_basis() -> None:
    assert wrong("sign_for", {"sign": "return"}) == {"return_reason", "legal_basis"}


def test_rework_says_what_is_to_be_done_again() -> None:
    assert wrong("review_result", {"verdict": "rework"}) == {"rework_reason"}


def test_a_rating_is_one_of_five_grades() -> None:
    assert wrong("rating", {"grade": "6"}) == {"grade"}
    assert answer("rating", {"grade": "5", "tags": ["slow"]})["tags"] == ["slow"]
