"""What the pages read: inbox, search, overdue, the file of a case, within the reader's scope."""

from dataclasses import replace
from datetime import timedelta

import orjson
import pytest

from app.cases import bell, case_view, deadlines, inbox, overdue, remarks, search
from app.cases.case_view import masked, read_case, read_diagram, read_reporters
from app.cases.designs import deploy
from app.cases.frame import read_frame
from app.cases.handling import claim_task
from app.cases.inbox import Tab, read_inbox
from app.cases.search import Wanted, find_cases
from app.clock import moved_to
from app.errors import Forbidden, InvalidInput, NotFound
from app.organisation.actor import Actor, HeldPosition
from app.organisation.scope import scope_of
from app.store import case_lists
from app.store import overdue as rows_of_overdue
from app.store.case_lists import CaseFilter
from app.store.db import reading
from app.store.paging import Place, place_from
from tests.engine import drawing as draw
from tests.support import walk
from tests.support.district import TUESDAY_NINE, District


def numbers(actor: Actor, **wanted: str) -> set[str]:
    found = find_cases(actor, Wanted(**wanted), language="en")
    assert found.count == len(found.found)
    return {each.line.number for each in found.found}


def test_an_inbox_holds_what_is_ones_own_and_what_ones_groups_may_take(district: District) -> None:
    officer = district["officer"]
    case_key = walk.report().case_key
    offered = read_inbox(officer, Tab.GROUPS, language="zh-CN")
    assert [item.step for item in offered.items] == ["受理甄别"]
    assert (offered.mine.all, offered.groups.all) == (0, 1)
    claim_task(officer, walk.open_tasks(case_key)["triage"]["key"], seen_version=1)
    own = read_inbox(officer, Tab.MINE, language="en")
    assert (own.mine.all, own.groups.all) == (1, 0)
    assert inbox.next_task(officer) == own.items[0].line.key


def test_what_is_due_first_is_on_top_and_pages_join_without_gap(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "PAGE", 2)
    for minutes in (30, 0, 20, 10, 40):
        with moved_to(TUESDAY_NINE + timedelta(minutes=minutes)):
            walk.report()
    seen, after = [], None
    for _ in range(3):
        page = read_inbox(district["officer"], Tab.GROUPS, language="en", after=after)
        seen += [item.line.due_at for item in page.items]
        after = str(page.next_place)
    assert len(seen) == 5
    assert seen == sorted(seen)
    assert page.next_place is None


def test_a_place_is_read_back_and_nonsense_is_no_place() -> None:
    place = Place(TUESDAY_NINE, 7)
    assert place_from(str(place)) == place
    assert [place_from(text) for text in ("", None, "x_7", "20261124T010000.0_x", "_")] == [
        None
    ] * 5


def test_nobody_finds_cases_of_units_that_are_not_theirs(district: District) -> None:
    receipt = walk.report()
    assert numbers(district["officer"]) == {receipt.number}
    assert numbers(district["parks_clerk"]) == set()
    with pytest.raises(NotFound):
        read_case(district["parks_clerk"], receipt.case_key, language="en")
    with pytest.raises(Forbidden):
        find_cases(district["designer"], Wanted(), language="en")


def test_a_case_is_found_by_number_words_and_chinese(district: District) -> None:
    receipt = walk.report()
    other = walk.report(description="路灯不亮", address="解放路 1 号")
    officer = district["officer"]
    assert numbers(officer, text=receipt.number) == {receipt.number}
    assert numbers(officer, text="垃圾") == {receipt.number}
    assert numbers(officer, text="解放路 路灯") == {other.number}
    assert numbers(officer, text="RUBBISH gate") == {receipt.number}
    assert numbers(officer, text="100%") == set()
    assert numbers(officer, state="closed") == set()
    assert numbers(officer, severity="urgent") == set()
    assert numbers(officer, reported_from="2001-01-01", reported_to="2001-01-02") == set()
    assert numbers(officer, unit=str(district.units["S01-C01-G02"])) == set()


def test_a_telephone_finds_its_reports_but_not_confidential_ones(district: District) -> None:
    plain = walk.report(name="Wang", phone="138 0000 1234")
    secret = walk.report(name="Li", phone="138 0000 1234", is_confidential=True)
    assert numbers(district["officer"], text="13800001234") == {plain.number}
    assert numbers(district["dispatcher"], text="1380000") == {plain.number, secret.number}


def test_what_is_late_is_counted_down_the_tree_and_listed(district: District) -> None:
    with moved_to(TUESDAY_NINE):
        receipt = walk.report()
    with moved_to(TUESDAY_NINE + timedelta(days=2)):
        found = overdue.read_overdue(district["supervisor"], language="en")
        assert found.tally.late == 1
        assert [branch.unit.code for branch in found.branches] == ["S01"]
        street = found.branches[0].unit.key
        below = overdue.read_overdue(district["supervisor"], language="en", unit_key=street)
        assert [late.line.number for late in below.items] == [receipt.number]
        assert below.items[0].holder == "Community officer, Unit S01-C01"
        of_parks = replace(
            district["leader"], positions=(replace_unit(district, "leader", "D-PARKS"),)
        )
        assert overdue.read_overdue(of_parks, language="en").tally.late == 0
        rows = list(overdue.export_overdue(district["supervisor"], language="en"))
        assert [late.line.number for _, late in rows] == [receipt.number]


def replace_unit(district: District, login: str, unit: str) -> HeldPosition:
    """Return the person's position as if it were held in another unit."""
    key = district.units[unit]
    return replace(district[login].positions[0], unit_key=key, unit_path=f"/{key}/")


def test_a_list_of_the_district_shows_only_what_lies_in_the_scope(district: District) -> None:
    with moved_to(TUESDAY_NINE):
        walk.report()
    stranger = scope_of(
        replace(
            district["parks_leader"], positions=(replace_unit(district, "parks_leader", "D-ENV"),)
        )
    )
    with reading() as connection:
        top = read_frame(connection).directory.district
        now = TUESDAY_NINE + timedelta(days=2)
        assert rows_of_overdue.by_unit(connection, stranger, [top], now=now) == {}
        assert rows_of_overdue.by_class(connection, stranger, top, now=now) == {}
        assert rows_of_overdue.lines(connection, stranger, top, now=now, limit=9) == []
        wanted = CaseFilter(unit_key=top.key)
        assert case_lists.lines(connection, stranger, wanted, limit=9) == []


def test_nobody_looks_into_a_unit_that_is_not_theirs(district: District) -> None:
    with pytest.raises(NotFound):
        overdue.read_overdue(
            district["officer"], language="en", unit_key=district.units["S01-C01-G01"] + 999_999
        )
    with pytest.raises(NotFound):
        overdue.read_overdue(district["officer"], language="en", unit_key=district.units["D-URBAN"])
    with pytest.raises(Forbidden):
        overdue.export_overdue(district["officer"], language="en")


def test_the_file_of_a_case_says_why_it_is_with_its_unit(district: District) -> None:
    case_key = walk.report().case_key
    walk.do(district["officer"], case_key, "triage", walk.TRIAGED)
    file = read_case(district["clerk"], case_key, language="zh-CN")
    (why,) = file.story.why
    (reason,) = [each for each in why.reasons if each.names_unit]
    assert reason.table == "职责清单"
    (row,) = reason.rows
    assert row.note == "市容环境：暴露垃圾"
    assert dict(row.outputs)["牵头部门"] == "单位D-URBAN"
    (drawn, *_) = file.diagrams
    assert {"sign_for", "sign_late"} <= set(drawn.tokens)
    assert "triage" in drawn.completed
    assert drawn.path


def test_the_file_of_a_case_tells_which_department_it_was_moved_from(district: District) -> None:
    case_key = walk.report().case_key
    walk.do(district["officer"], case_key, "triage", walk.TRIAGED)
    returned = {"sign": "return", "return_reason": "not_duty", "legal_basis": "Duty list, trees"}
    walk.do(district["clerk"], case_key, "sign_for", returned)
    granted = {"verdict": "approve", "reason": "Indeed"}
    walk.do(district["dispatcher"], case_key, "arbitrate_return", granted)
    moved = {"lead_unit": "D-PARKS", "override_reason": "Trees are theirs"}
    walk.do(district["dispatcher"], case_key, "dispatch", moved)
    (change,) = [
        each
        for each in read_case(district["dispatcher"], case_key, language="en").corrections
        if each.row.fact == "lead_unit"
    ]
    assert (change.old, change.new) == ("Unit D-URBAN", "Unit D-PARKS")


def test_the_file_of_a_case_shows_each_process_that_runs_for_it(district: District) -> None:
    asks = draw.process(
        "asks",
        draw.start("begin", draw.message("CaseReported")),
        draw.throw("ask", draw.message("Asked")),
        draw.catch("hear", draw.message("Told")),
        draw.end("heard"),
        flows="begin > ask > hear > heard",
    )
    answers = draw.process(
        "answers",
        draw.start("hear_question", draw.message("Asked")),
        draw.catch("think", draw.after("P1D")),
        draw.end("replied"),
        flows="hear_question > think > replied",
    )
    correlations = {"Asked": "=case.number", "Told": "=case.number"}
    titles = {"process": "答复", "elements": {"think": "考虑"}}
    files = {
        "asks.bpmn": draw.diagram(asks, correlations=correlations),
        "answers.bpmn": draw.diagram(answers, correlations=correlations),
        "answers.zh-CN.json": orjson.dumps(titles),
    }
    deploy(files, actor=None)
    with moved_to(TUESDAY_NINE):
        case_key = walk.report().case_key
    file = read_case(district["supervisor"], case_key, language="zh-CN")
    assert [each.title for each in file.diagrams] == ["asks", "答复"]
    assert [each.tokens for each in file.diagrams] == [("hear",), ("think",)]
    assert [line.process for line in file.story.lines if line.process] == ["答复"]
    beside = file.diagrams[1]
    assert b"hear_question" in read_diagram(district["supervisor"], case_key, beside.instance_key)
    with pytest.raises(NotFound):
        read_diagram(district["supervisor"], case_key, 1)
    with moved_to(TUESDAY_NINE + timedelta(days=2)):
        assert deadlines.fire_due().stepped == 1
    file = read_case(district["supervisor"], case_key, language="zh-CN")
    assert [line.step for line in file.story.lines if line.row.kind == "timer_fired"] == ["考虑"]
    assert [each.is_running for each in file.diagrams] == [True, False]


def test_reporters_come_masked_and_reading_them_leaves_a_line(district: District) -> None:
    case_key = walk.report(name="王小明", phone="13800001234").case_key
    officer = district["officer"]
    (seen,) = read_case(officer, case_key, language="en").reporters or ()
    assert (seen.name, seen.phone) == ("王**", "138******")
    (full,) = read_reporters(officer, case_key)
    assert (full.name, full.phone) == ("王小明", "13800001234")
    story = read_case(officer, case_key, language="en").story
    assert story.lines[-1].row.kind == "reporter_read"
    assert "13800001234" not in str([line.row.data for line in story.lines])


def test_a_handler_of_a_confidential_case_never_sees_the_reporter(district: District) -> None:
    case_key = walk.report(name="Li", phone="13911112222", is_confidential=True).case_key
    walk.do(district["officer"], case_key, "triage", walk.TRIAGED)
    clerk = district["clerk"]
    assert read_case(clerk, case_key, language="en").reporters is None
    with pytest.raises(Forbidden):
        read_reporters(clerk, case_key)
    both = replace(clerk, positions=clerk.positions + district["district"].positions)
    assert read_case(both, case_key, language="en").reporters is None
    assert read_case(district["district"], case_key, language="en").reporters is not None


def test_internal_words_stay_within_the_grid_line(district: District) -> None:
    case_key = walk.report().case_key
    walk.do(district["officer"], case_key, "triage", walk.TRIAGED)
    remarks.add_remark(district["officer"], case_key, "Among us", visibility="internal")
    remarks.add_remark(district["officer"], case_key, "For all", visibility="departments")

    def heard(login: str) -> list[str]:
        return [
            each.row.body for each in read_case(district[login], case_key, language="en").remarks
        ]

    assert heard("dispatcher") == ["Among us", "For all"]
    assert heard("clerk") == ["For all"]


def test_a_remark_needs_words_and_a_role(district: District) -> None:
    case_key = walk.report().case_key
    with pytest.raises(InvalidInput):
        remarks.add_remark(district["officer"], case_key, "  ", visibility="internal")
    with pytest.raises(NotFound):
        remarks.add_remark(district["parks_clerk"], case_key, "hello", visibility="internal")
    with pytest.raises(Forbidden):
        remarks.add_remark(district["worker"], case_key, "hello", visibility="public")


def test_the_bell_counts_what_is_new_until_it_is_opened(district: District) -> None:
    walk.report()
    officer = district["officer"]
    assert bell.count_new(officer) == 1
    assert bell.count_new(district["clerk"]) == 0
    page = bell.read_bell(officer, language="zh-CN")
    assert [(item.step, item.is_new) for item in page.items] == [("受理甄别", True)]
    assert bell.count_new(officer) == 0


@pytest.mark.parametrize(
    ("text", "keep", "shown"),
    [("王小明", 1, "王**"), ("13800001234", 3, "138******"), (None, 1, None), ("", 1, None)],
)
def test_a_mask_leaves_only_the_beginning(text: str | None, keep: int, shown: str | None) -> None:
    assert masked(text, keep=keep) == shown


def test_units_to_filter_by_lie_within_the_scope(district: District) -> None:
    found = find_cases(district["officer"], Wanted(), language="en")
    assert [unit.code for unit in found.units] == ["S01-C01"]
    assert search.STATES == {"open": True, "closed": False}
    assert case_view.sees_internal(district["officer"])
    assert not case_view.sees_internal(district["clerk"])
