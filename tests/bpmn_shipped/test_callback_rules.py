"""The callback rules leave no case without an answer, and every limit in them can be counted."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app import dmn, feel
from app.dmn.editing import read_sheets
from app.organisation.limits import read_limit
from tests.bpmn_shipped.road import CALENDAR, MONDAY
from tests.bpmn_shipped.shipped import DMN, ROOT, TABLES, components, form, tree

RULES = ROOT / "bpmn" / "callback_rules.dmn"
CASE_RULES = ROOT / "bpmn" / "case_rules.dmn"
LIMITS = ("callback_after", "callback", "next_attempt", "verify", "appeal", "decide_appeal")
RESOLVED = ["yes", "partly", "no"]


def rules(**given: Any) -> dict[str, Any]:
    seen = {"channel": "web", "is_anonymous": False, "has_telephone": None, **given}
    model = dmn.load(RULES.read_bytes(), is_strict=True)
    inputs = {"case": seen, "is_complex": given.get("is_complex", False)}
    found = model.evaluate("callback_rules", inputs).value
    assert isinstance(found, dict)
    return found


def columns_of(path: Path) -> list[str]:
    return [str(output.get("name")) for output in tree(path).iter(f"{DMN}output")]


def rows() -> list[dict[str, Any]]:
    return [
        dict(
            zip(
                columns_of(RULES),
                [
                    feel.evaluate(entry.findtext(f"{DMN}text") or "null")
                    for entry in rule.iter(f"{DMN}outputEntry")
                ],
                strict=True,
            )
        )
        for rule in tree(RULES).iter(f"{DMN}rule")
    ]


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["basis"])
def test_every_limit_can_be_counted_and_nothing_is_left_out(row: dict[str, Any]) -> None:
    for name in (*LIMITS, "rectify"):
        assert read_limit(row[name])
    assert row["ask"] in {"call", "wait", "nobody"}
    assert row["attempts"] >= 1
    assert row["basis"]


def test_two_attempts_never_fall_on_one_day() -> None:
    for row in rows():
        for hour in range(24):
            first = MONDAY.replace(hour=hour)
            for day in range(7):
                called = first + timedelta(days=day)
                again = CALENDAR.after(called, row["next_attempt"])
                assert again.astimezone(called.tzinfo).date() > called.date()


@pytest.mark.parametrize(
    ("given", "ask", "rectify"),
    [
        ({}, "call", "5 wd"),
        ({"is_complex": True}, "call", "15 wd"),
        ({"is_anonymous": True}, "wait", "5 wd"),
        ({"is_anonymous": True, "is_complex": True}, "wait", "15 wd"),
        ({"has_telephone": True}, "call", "5 wd"),
        ({"has_telephone": False}, "wait", "5 wd"),
        ({"has_telephone": False, "is_complex": True}, "wait", "15 wd"),
        ({"channel": "patrol"}, "nobody", "5 wd"),
        ({"channel": None, "is_anonymous": None}, "call", "5 wd"),
    ],
)
def test_who_is_asked_and_how_long_putting_right_may_take(
    given: dict[str, Any], ask: str, rectify: str
) -> None:
    found = rules(**given)
    assert (found["ask"], found["rectify"]) == (ask, rectify)


def test_the_forms_agree_on_grades_and_on_what_resolved_means() -> None:
    def choices(form_id: str, key: str) -> list[str]:
        component = dict(components(form(ROOT / "forms" / f"{form_id}.form")))[key]
        return [choice["value"] for choice in component["values"]]

    for form_id in ("rating", "callback_task", "second_callback"):
        assert choices(form_id, "grade") == ["1", "2", "3", "4", "5"]
        assert choices(form_id, "resolved") == RESOLVED
    screened = choices("verify_bad_rating", "verdict")[1:]
    assert choices("decide_appeal", "screen_code") == screened


def test_what_a_bad_grade_is_stands_in_one_table_that_reads_the_group_alone() -> None:
    """The rates ask by the group of categories, so nothing else may decide it."""
    sheets = [sheet for path in TABLES for sheet in read_sheets(path.read_bytes())]
    telling = [sheet for sheet in sheets for each in sheet.columns if "bad" in each.key]
    assert [sheet.decision_id for sheet in telling] == ["case_rules"]
    inputs = [each.expression for each in telling[0].columns if each.is_input]
    assert inputs == ["case.major_class"]
    for row in telling[0].rows:
        assert 1 < int(row.cells[1 + columns_of(CASE_RULES).index("bad_grade")]) <= 5
