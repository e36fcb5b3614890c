"""Tables changed in the browser: drafts, their effect, history, undo, trial; on both databases."""

import re
from datetime import UTC, datetime

import pytest

from app import ROOT
from app.cases import table_drafts, table_history, table_trial, tables
from app.cases.designs import deploy
from app.cases.public_report import read_report_form
from app.cases.table_drafts import GivenRow, OtherColumns, RowRefused
from app.cases.table_effect import DraftOvertaken, NothingChanged, put_into_effect
from app.cases.tables import TablePage
from app.clock import moved_to
from app.errors import CaseBusy, Forbidden, NotFound
from app.store import case_files, limits
from app.store.db import reading
from tests.cases.test_concurrency import at_once
from tests.support import walk
from tests.support.district import District

DUTY = "duty_list"
LEAD, AREA, VALID = "duty_list_lead_unit", "duty_list_in_street", "duty_list_in_reported_on"
CATEGORY, BASIS = "duty_list_in_minor_class", "duty_list_basis"
NEW = {
    CATEGORY: "A01",
    AREA: "S01",
    VALID: "2026-11-01..2026-12-31",
    LEAD: "D-PARKS",
    "duty_list_co_units": "D-ENV, D-URBAN",
    BASIS: "Winter campaign",
    "duty_list_confident": "yes",
}


def page(district: District, login: str = "designer", **more: int) -> TablePage:
    return tables.read_table(district[login], DUTY, language="en", **more)


def change_lead(district: District, login: str = "designer", *, row: str = "duty_A01") -> None:
    given = GivenRow({LEAD: "D-PARKS"}, note="A park's matter", row_id=row)
    table_drafts.save_row(district[login], DUTY, given)


def lead_of(case_key: int) -> int:
    with reading() as connection:
        found = case_files.find(connection, case_key)
    assert found is not None
    return int(found["lead_unit_key"])


def test_the_list_names_every_table_in_both_languages(district: District) -> None:
    found = tables.list_tables(district["designer"], language="zh-CN")
    names = {line.decision_id: line.name for line in found.lines}
    assert names["duty_list"] == "职责清单"
    assert names["matters"] == "事项清单"
    assert all(line.rows for line in found.lines)


def test_cells_are_read_in_words(district: District) -> None:
    row = page(district).rows[0]
    said = {
        column.key: cell for column, cell in zip(page(district).columns, row.cells, strict=True)
    }
    assert said["duty_list_in_minor_class"].said == (("A01", "City appearance: exposed garbage"),)
    assert said["lead_unit"].said == (("D-URBAN", "Unit D-URBAN"),)
    assert said["confident"].plain == "yes"


def test_changes_are_gathered_and_take_effect_together(district: District) -> None:
    change_lead(district)
    new = table_drafts.save_row(district["designer"], DUTY, GivenRow(NEW, note="In winter"))
    table_drafts.remove_row(district["designer"], DUTY, "duty_H04")
    draft = page(district)
    assert draft.changed == 3
    assert {row.change for row in draft.rows} >= {"added", "changed", "removed"}
    assert page(district, "admin").changed == 0, "a draft is its writer's own"
    put_into_effect(district["designer"], DUTY, reason="Council of 1 November")
    after = page(district)
    assert (after.version.number, after.changed, after.draft_at) == (2, 0, None)
    assert after.rows[0].id == new
    assert after.rows[0].validity == "current"
    assert after.version.reason == "Council of 1 November"
    assert after.version.person == "Designer"


def test_a_new_case_goes_by_the_new_rows_and_a_running_one_by_those_it_began_with(
    district: District,
) -> None:
    running = walk.report(minor_class="A01").case_key
    change_lead(district)
    put_into_effect(district["designer"], DUTY)
    later = walk.report(minor_class="A01").case_key
    for key in (running, later):
        walk.do(district["officer"], key, "triage", walk.TRIAGED)
    leads = [lead_of(key) for key in (running, later)]
    assert leads == [district.units["D-URBAN"], district.units["D-PARKS"]]


@pytest.mark.parametrize(
    ("reported_at", "lead"),
    [
        (datetime(2026, 12, 31, 15, 30, tzinfo=UTC), "D-URBAN"),  # half past eleven in the evening
        (datetime(2026, 12, 31, 16, 30, tzinfo=UTC), "D-PARKS"),  # half past midnight
    ],
)
def test_a_row_stands_from_the_midnight_of_the_district_on(
    sqlite_district: District, reported_at: datetime, lead: str
) -> None:
    row = {**NEW, AREA: "", VALID: "2027-01-01.."}
    table_drafts.save_row(sqlite_district["designer"], DUTY, GivenRow(row))
    put_into_effect(sqlite_district["designer"], DUTY)
    with moved_to(reported_at):
        key = walk.report(minor_class="A01").case_key
        walk.do(sqlite_district["officer"], key, "triage", walk.TRIAGED)
    assert lead_of(key) == sqlite_district.units[lead]


@pytest.mark.parametrize(("hour", "limit"), [(15, "2 wh"), (16, "1 wh")])  # UTC
def test_a_limit_stands_from_the_midnight_of_the_district_on(
    sqlite_district: District, hour: int, limit: str
) -> None:
    designer = sqlite_district["designer"]
    usual = tables.read_row(designer, "limits", "limit_ordinary", language="en").given
    new_year = {"limits_in_reported_on": "2027-01-01..", "limits_triage": "1 wh"}
    table_drafts.save_row(designer, "limits", GivenRow({**usual, **new_year}))
    put_into_effect(designer, "limits")
    with moved_to(datetime(2026, 12, 31, hour, 30, tzinfo=UTC)):
        key = walk.report(minor_class="A01").case_key
    with reading() as connection:
        lines = limits.ledger(connection, key)
    assert [row["limit_text"] for row in lines if row["element_id"] == "triage"] == [limit]


def test_a_row_for_a_street_and_a_season_applies_there_and_then(district: District) -> None:
    table_drafts.save_row(district["designer"], DUTY, GivenRow(NEW))

    def lead(street: str, day: str) -> str:
        asked = {"minor_class": "A01", "street": street, "reported_on": day}
        found = table_trial.try_out(district["designer"], DUTY, asked, language="en")
        assert found.draft is not None
        return dict(found.draft.reasons[0].rows[0].outputs)["Lead department"]

    assert lead("S01", "2026-12-31") == "Unit D-PARKS"
    assert lead("S01", "2027-01-01") == "Unit D-URBAN"
    assert lead("", "2026-12-31") == "Unit D-URBAN"


def test_whoever_was_overtaken_is_told_and_loses_nothing(district: District) -> None:
    change_lead(district)
    change_lead(district, "admin", row="duty_A02")
    put_into_effect(district["admin"], DUTY)
    with pytest.raises(DraftOvertaken):
        put_into_effect(district["designer"], DUTY)
    assert page(district).is_overtaken
    assert table_drafts.carry_over(district["designer"], DUTY) == ()
    assert page(district).changed == 1
    put_into_effect(district["designer"], DUTY)
    leads = [row.cells[4].plain for row in page(district).rows[:2]]
    assert leads == ["D-PARKS", "D-PARKS"]


def test_rows_that_both_changed_are_named(district: District) -> None:
    change_lead(district)
    given = GivenRow({LEAD: "D-WATER"}, note="Water", row_id="duty_A01")
    table_drafts.save_row(district["admin"], DUTY, given)
    put_into_effect(district["admin"], DUTY)
    assert table_drafts.carry_over(district["designer"], DUTY) == ("duty_A01",)


def with_a_column_more() -> bytes:
    """Return the shipped duty list with a column for the grid."""
    drawn = (ROOT / "bpmn/duty_list.dmn").read_text()
    column = '<input id="in_grid" label="Grid"><inputExpression typeRef="string">'
    column += "<text>case.grid</text></inputExpression></input>"
    drawn = drawn.replace("<output ", f"{column}<output ", 1)
    cell = "<inputEntry><text></text></inputEntry>"
    return re.sub(r'(<outputEntry id="\w+_lead_unit">)', rf"{cell}\1", drawn).encode()


def test_a_draft_whose_table_has_other_columns_now_is_still_to_be_read(district: District) -> None:
    change_lead(district)
    deploy({"duty_list.dmn": with_a_column_more()}, actor=None)
    assert page(district).is_overtaken
    assert page(district).changed == 1
    assert (
        tables.read_row(district["designer"], DUTY, "duty_A01", language="en").given[LEAD]
        == "D-PARKS"
    )
    asked = {"minor_class": "A01"}
    assert table_trial.try_out(district["designer"], DUTY, asked, language="en").differs
    for refused in (table_drafts.carry_over, put_into_effect):
        with pytest.raises((OtherColumns, DraftOvertaken)):
            refused(district["designer"], DUTY)
    with pytest.raises(OtherColumns):
        table_drafts.put_back(district["designer"], DUTY, 1)
    table_drafts.discard(district["designer"], DUTY)
    assert [column.key for column in page(district).columns][4] == "in_grid"


def test_of_two_who_put_a_draft_into_effect_at_once_one_is_told(district: District) -> None:
    change_lead(district)
    change_lead(district, "admin", row="duty_A02")
    logins = ("designer", "admin")
    found = at_once(
        district, [lambda login=login: put_into_effect(district[login], DUTY) for login in logins]
    )
    told = [each for each in found if isinstance(each, DraftOvertaken | CaseBusy)]
    assert (len(told), page(district).version.number) == (1, 2)
    late = next(login for login in logins if page(district, login).draft_at)
    table_drafts.carry_over(district[late], DUTY)
    put_into_effect(district[late], DUTY)
    assert [row.cells[4].plain for row in page(district).rows[:2]] == ["D-PARKS", "D-PARKS"]


def test_a_note_in_a_language_without_labels_is_kept(sqlite_district: District) -> None:
    bare = (ROOT / "bpmn/limits.dmn").read_bytes().replace(b"limits", b"own_limits")
    deploy({"own_limits.dmn": bare}, actor=None)
    designer = sqlite_district["designer"]
    given = GivenRow({}, note="Short", words={"zh-CN": "简短"}, row_id="limit_urgent")
    table_drafts.save_row(designer, "own_limits", given)
    put_into_effect(designer, "own_limits")
    found = tables.read_table(designer, "own_limits", language="zh-CN")
    assert next(row.note for row in found.rows if row.id == "limit_urgent") == "简短"


BASIS_ZH = "basis:zh-CN"


def basis_in(district: District, language: str, row_id: str = "duty_A01") -> str:
    found = tables.read_table(district["designer"], DUTY, language=language)
    row = next(row for row in found.rows if row.id == row_id)
    place = [column.key for column in found.columns].index("basis")
    ((code, name),) = row.cells[place].said
    return name or code


def test_a_text_and_its_translation_are_changed_together(district: District) -> None:
    given = GivenRow(
        {BASIS: "Winter campaign"}, words={BASIS_ZH: "冬季专项行动"}, row_id="duty_A01"
    )
    table_drafts.save_row(district["designer"], DUTY, given)
    asked = {"minor_class": "A01"}
    tried = table_trial.try_out(district["designer"], DUTY, asked, language="zh-CN")
    assert tried.draft is not None
    assert "冬季专项行动" in dict(tried.draft.reasons[0].rows[0].outputs).values()
    put_into_effect(district["designer"], DUTY)
    assert basis_in(district, "zh-CN") == "冬季专项行动"
    assert basis_in(district, "en") == "Winter campaign"
    assert basis_in(district, "zh-CN", "duty_A02") == "职能任务清单第 A02 项"


def test_a_translation_alone_is_a_change_with_its_history_and_undo(district: District) -> None:
    given = GivenRow({}, words={BASIS_ZH: "另一种说法"}, row_id="duty_A01")
    table_drafts.save_row(district["designer"], DUTY, given)
    (changed,) = [row for row in page(district).rows if row.change]
    (word,) = [each for each in changed.reworded if each.column]
    assert (word.before, word.after) == ("职能任务清单第 A01 项", "另一种说法")
    put_into_effect(district["designer"], DUTY)
    newest, _ = table_history.read_history(district["designer"], DUTY, language="en").steps
    assert [row.id for row in newest.rows] == ["duty_A01"]
    table_drafts.put_back(district["designer"], DUTY, 1)
    put_into_effect(district["designer"], DUTY)
    assert basis_in(district, "zh-CN") == "职能任务清单第 A01 项"


def test_one_text_has_one_translation_in_all_rows_of_a_draft(district: District) -> None:
    for row_id, word in (("duty_A01", "甲"), ("duty_A02", "乙")):
        given = GivenRow({BASIS: "By order"}, words={BASIS_ZH: word}, row_id=row_id)
        table_drafts.save_row(district["designer"], DUTY, given)
    assert [basis_in(district, "zh-CN", row) for row in ("duty_A01", "duty_A02")] == ["乙", "乙"]


def test_a_translation_of_no_text_is_refused_at_its_cell(district: District) -> None:
    for basis in ("", "feel: case.street"):
        given = GivenRow({BASIS: basis}, words={BASIS_ZH: "无"}, row_id="duty_A01")
        with pytest.raises(RowRefused) as refused:
            table_drafts.save_row(district["designer"], DUTY, given)
        assert list(refused.value.errors) == [BASIS]


def test_only_words_for_people_have_a_translation_beside_them(district: District) -> None:
    worded = {
        f"{line.decision_id}.{column.key}"
        for line in tables.list_tables(district["designer"], language="en").lines
        for column in tables.read_table(
            district["designer"], line.decision_id, language="en"
        ).columns
        if column.is_worded
    }
    assert {"duty_list.basis", "limits.basis", "escalation_steps.card"} <= worded
    assert not [name for name in worded if name.startswith("matters.")]


def test_a_version_is_put_back_by_a_draft_of_its_rows(district: District) -> None:
    change_lead(district)
    table_drafts.remove_row(district["designer"], DUTY, "duty_A02")
    put_into_effect(district["designer"], DUTY)
    table_drafts.put_back(district["designer"], DUTY, 1)
    assert page(district).changed == 2
    put_into_effect(district["designer"], DUTY, restores=1)
    one, three = page(district, version=1), page(district, version=3)
    assert [row.cells for row in one.rows] == [row.cells for row in three.rows]
    assert [row.note for row in one.rows] == [row.note for row in three.rows]
    zh = tables.read_table(district["designer"], DUTY, language="zh-CN")
    assert zh.rows[1].note == "市容环境：乱倒建筑垃圾"
    found = table_history.read_history(district["designer"], DUTY, language="en")
    assert [step.version.number for step in found.steps] == [3, 2, 1]
    assert [len(step.rows) for step in found.steps] == [2, 2, 0]
    assert found.steps[0].version.restores == 1


def test_undoing_a_change_leaves_no_draft(district: District) -> None:
    change_lead(district)
    table_drafts.remove_row(district["designer"], DUTY, "duty_A03")
    table_drafts.move_row(district["designer"], DUTY, "duty_A04", steps=-1)
    for row in ("duty_A01", "duty_A03", "duty_A04"):
        table_drafts.restore_row(district["designer"], DUTY, row)
    assert page(district).draft_at is None
    with pytest.raises(NothingChanged):
        put_into_effect(district["designer"], DUTY)


WRONG = (
    (LEAD, "D-NOBODY"),
    (LEAD, "feel: 5"),
    (LEAD, "feel: if"),
    (VALID, "2026-12-31..2026-01-01"),
    (VALID, "tomorrow"),
    ("duty_list_confident", "perhaps"),
    (BASIS, "x" * 3_000),
    (CATEGORY, 'feel: > "'),
)


def test_a_wrong_cell_is_told_at_the_cell_and_changes_nothing(district: District) -> None:
    for column, given in WRONG:
        with pytest.raises(RowRefused) as refused:
            table_drafts.save_row(
                district["designer"], DUTY, GivenRow({column: given}, row_id="duty_A01")
            )
        assert list(refused.value.errors) == [column]
    assert page(district).draft_at is None


def test_who_may_not_deploy_may_read_and_change_nothing(district: District) -> None:
    assert page(district, "dispatcher").rows
    with pytest.raises(Forbidden):
        change_lead(district, "dispatcher")
    with pytest.raises(Forbidden):
        put_into_effect(district["dispatcher"], DUTY)
    with pytest.raises(Forbidden):
        table_drafts.put_back(district["dispatcher"], DUTY, 1)


def test_an_unknown_table_or_row_is_not_found(district: District) -> None:
    with pytest.raises(NotFound):
        tables.read_table(district["designer"], "nothing", language="en")
    with pytest.raises(NotFound):
        change_lead(district, row="nothing")


def test_a_trial_says_which_unit_which_limit_and_why_before_and_after(district: District) -> None:
    change_lead(district)
    asked = {"minor_class": "A01", "community": "S01-C01"}
    found = table_trial.try_out(district["designer"], DUTY, asked, language="en")
    assert found.in_force is not None
    assert found.draft is not None
    assert found.differs
    assert next(each.given for each in found.asked if each.name == "street") == "S01"
    before, after = (
        dict(each.reasons[0].rows[0].outputs) for each in (found.in_force, found.draft)
    )
    assert before["Lead department"] == "Unit D-URBAN"
    assert after["Lead department"] == "Unit D-PARKS"
    assert found.draft.reasons[0].rows[0].note == "A park's matter"
    assert found.others is not None
    limits = next(each for each in found.others.reasons if each.table == "Limits")
    assert dict(limits.rows[0].outputs)["Handle"] == "5 wd"


def test_the_last_cases_are_counted_that_would_go_elsewhere(district: District) -> None:
    for category in ("A01", "A01", "A02"):
        walk.report(minor_class=category)
    change_lead(district)
    found = table_trial.recount(district["designer"], DUTY, 100, language="en")
    assert (found.looked_at, found.parted) == (3, 2)
    (parting,) = found.partings
    assert (parting.before, parting.after, parting.count) == ("Unit D-URBAN", "Unit D-PARKS", 2)


@pytest.fixture
def new_category(sqlite_district: District) -> District:
    row = {
        "matters_in_minor_class": "A06",
        "matters_in_reported_on": "2026-11-24..",
        "matters_major_class": "A",
        "matters_major_name": "City appearance",
        "matters_major_name_zh": "市容环境",
        "matters_name": "graffiti",
        "matters_name_zh": "涂鸦",
        "matters_business_line": "governance",
        "matters_form": "report",
        "matters_limit_class": "ordinary",
    }
    table_drafts.save_row(sqlite_district["designer"], "matters", GivenRow(row))
    put_into_effect(sqlite_district["designer"], "matters")
    return sqlite_district


def test_a_new_category_is_a_row_of_the_matter_list_only(new_category: District) -> None:
    for language, words in (("en", "City appearance: graffiti"), ("zh-CN", "市容环境：涂鸦")):
        page = read_report_form(language=language, upload_group="g")
        assert words in repr(page.form)
