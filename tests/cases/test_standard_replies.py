"""Standard replies: which fit a case, what is filled in, who edits them; on both databases."""

from dataclasses import replace
from datetime import date

import pytest

from app.cases import standard_replies, task_view
from app.cases.handling import claim_task
from app.cases.standard_replies import (
    ReplyText,
    UnknownBlank,
    list_replies,
    read_reply,
    save_reply,
    seed_replies,
)
from app.cases.standard_reply_seed import SEED
from app.errors import Forbidden, InvalidInput, NotFound
from app.forms.components import ChoiceField, TextField, every
from app.store.db import transaction
from app.web.terms import TERMS
from tests.bpmn_shipped.road import shipped_form
from tests.support import walk
from tests.support.colleagues import signed
from tests.support.district import District

TEXT = ReplyText(
    category="A01",
    outcome="resolved",
    title="Taken away",
    title_zh="已清运",
    body="Report {number}: {unit} took it away from {address}.",
    body_zh="{number}：{unit}已从{address}清运。",
    valid_from=date(2020, 1, 1),
    valid_to=None,
)


def offered(district: District) -> list[standard_replies.Ready]:
    task = walk.open_tasks(signed(district))["handle"]
    return list(task_view.read_task(district["handler"], task["key"], language="en").replies)


def test_a_reply_is_offered_filled_in_by_category_and_day(district: District) -> None:
    admin = district["admin"]
    save_reply(admin, None, TEXT)
    save_reply(admin, None, replace(TEXT, category="B", title="Another category"))
    save_reply(admin, None, replace(TEXT, category="", title="For all"))
    save_reply(admin, None, replace(TEXT, title="Over", valid_to=date(2021, 1, 1)))
    found = offered(district)
    assert [each.title for each in found] == ["Taken away", "For all"]
    assert "Unit D-URBAN took it away from 中山路 12 号." in found[0].text["en"]
    assert found[0].text["zh-CN"].endswith("单位D-URBAN已从中山路 12 号清运。")


def test_a_reply_is_added_to_what_was_typed(district: District) -> None:
    save_reply(district["admin"], None, TEXT)
    task = walk.open_tasks(signed(district))["handle"]
    claim_task(district["handler"], task["key"], seen_version=1)
    page = task_view.read_task(district["handler"], task["key"], language="en")
    choice = f"public_reply:{page.replies[0].key}:zh-CN"
    for typed, begins in (("My words.", "My words.\n"), ("", "")):
        more = task_view.with_reply(
            district["handler"], task["key"], {"public_reply": [typed]}, choice, language="en"
        )
        assert more["public_reply"][0] == f"{begins}{page.replies[0].text['zh-CN']}"
    same = {"public_reply": ["x"]}
    for wrong in ("", "public_reply:1:zh-CN", f"public_reply:{page.replies[0].key}:tlh"):
        assert (
            task_view.with_reply(district["handler"], task["key"], same, wrong, language="en")
            == same
        )


def test_what_a_reply_said_before_is_kept(district: District) -> None:
    admin = district["admin"]
    key = save_reply(admin, None, TEXT)
    save_reply(admin, key, replace(TEXT, body="Changed"))
    page = read_reply(admin, key, language="en")
    assert page.row is not None
    assert page.row.body == "Changed"
    first, second = page.history
    assert first.before is not None
    assert (first.before["body"], second.before) == (TEXT.body, None)
    assert first.person == "Admin"


def test_only_who_keeps_the_settings_edits(district: District) -> None:
    with pytest.raises(Forbidden):
        save_reply(district["supervisor"], None, TEXT)
    with pytest.raises(Forbidden):
        list_replies(district["dispatcher"], language="en")
    with pytest.raises(NotFound):
        save_reply(district["admin"], 999_999_999, TEXT)


def test_a_wrong_text_is_refused_at_its_field(district: District) -> None:
    for wrong, field in (
        (replace(TEXT, body_zh=" "), "body_zh"),
        (replace(TEXT, title="x" * 1001), "title"),
        (replace(TEXT, outcome="not done!"), "category"),
        (replace(TEXT, valid_to=date(2019, 1, 1)), "valid_to"),
    ):
        with pytest.raises(InvalidInput) as refused:
            save_reply(district["admin"], None, wrong)
        assert refused.value.context["field"] == field
    with pytest.raises(UnknownBlank, match=r"\{phone\}"):
        save_reply(district["admin"], None, replace(TEXT, body="Call {phone}"))


def test_an_installation_begins_with_some_once(district: District) -> None:
    for _ in range(2):
        with transaction() as tx:
            seed_replies(tx)
    found = list_replies(district["admin"], language="zh-CN").replies
    assert len(found) == len(SEED)
    assert all(each.is_valid for each in found)


def test_every_outcome_told_to_a_reporter_has_a_reply_that_the_list_names() -> None:
    offered = {
        "close": {"resolved", "explained", "unresolvable", "referred"},
        "triage": {"outside_district", "not_public", "other_channel", "no_facts", "unfounded"},
        "verify_report": {"false", "not_found"},
        "review_rejection": {"uphold"},
        "confirm_withdrawal": {"refuse"},
    }
    seeded = {outcome for category, outcome, *_texts in SEED if category == ""}
    for form_id, outcomes in offered.items():
        asked = list(every(shipped_form(form_id).components))
        (written,) = (part for part in asked if isinstance(part, TextField) and part.replies)
        (chosen,) = (
            part for part in asked if isinstance(part, ChoiceField) and part.key == written.replies
        )
        assert outcomes <= {option.value for option in chosen.source.listed}, form_id
        assert outcomes <= seeded, form_id
    assert {outcome for _category, outcome, *_texts in SEED} <= set(TERMS["reply_outcome"])
