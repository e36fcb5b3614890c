"""Pages of decision tables: read, change a row, look at the draft, put it into effect, undo."""

import io
import re
import zipfile

import pytest
from openpyxl import Workbook, load_workbook

from app import ROOT
from app.cases import table_drafts, table_files, tables
from app.cases.designs import deploy
from app.cases.table_drafts import GivenRow
from app.cases.table_effect import put_into_effect
from app.errors import CaseError
from tests.support import walk
from tests.support.district import District
from tests.web.conftest import Browser, Login

DUTY = "duty_list"
LEAD = "duty_list_lead_unit"
ROW: dict[str, object] = {
    "row": "duty_A01",
    "duty_list_in_minor_class": "A01",
    "duty_list_in_minor_class-more": "",
    "duty_list_in_reported_on-first": "",
    "duty_list_in_reported_on-last": "",
    LEAD: "D-PARKS",
    "duty_list_co_units": ["D-ENV", "D-WATER"],
    "duty_list_basis": "Duty list, item A01",
    "duty_list_confident": "yes",
    "duty_list_basis-zh-CN": "职能任务清单第 A01 项",
    "note": "A park's matter",
    "note-zh-CN": "公园事项",
}


@pytest.fixture
def designer(district: District, login: Login) -> Browser:
    return login("designer").language("en")


def page(browser: Browser, address: str, status: int = 200) -> str:
    answer = browser.get(address)
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def test_a_row_is_changed_looked_at_put_into_effect_and_put_back(designer: Browser) -> None:
    assert "Duty list" in page(designer, "/tables")
    assert "City appearance: exposed garbage" in page(designer, "/tables/duty_list")
    form = page(designer, "/tables/duty_list/row?row=duty_A01")
    assert re.search(r'<option value="D-URBAN" selected>', form)
    answer = designer.post("/tables/duty_list/row", ROW)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    draft = page(designer, "/tables/duty_list/draft")
    assert "1 row changes." in draft
    assert "<del>Unit D-URBAN</del> → <ins>Unit D-PARKS</ins>" in draft
    answer = designer.post("/tables/duty_list/effect", {"reason": "By order"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/tables/duty_list")
    history = page(designer, "/tables/duty_list/history")
    assert "Version 2" in history
    assert "By order" in history
    answer = designer.post("/tables/duty_list/put-back", {"version": "1"})
    assert answer.headers["Location"] == "/tables/duty_list/draft?restores=1"
    assert 'name="restores" value="1"' in page(designer, answer.headers["Location"])
    designer.post("/tables/duty_list/effect", {"restores": "1"})
    assert "Puts back version 1." in page(designer, "/tables/duty_list/history")


def test_every_page_speaks_chinese(designer: Browser) -> None:
    designer.language("zh-CN")
    designer.post("/tables/duty_list/row", ROW)
    for address in ("", "/duty_list", "/duty_list/row", "/duty_list/draft", "/duty_list/history"):
        shown = page(designer, f"/tables{address}")
        assert "职责清单" in shown
    assert "公园事项" in page(designer, "/tables/duty_list")
    assert "某类事项在某地由哪个部门牵头" in page(designer, "/tables")
    for address in ("try?minor_class=A01", "cases", "import"):
        assert page(designer, f"/tables/duty_list/{address}")


def test_a_wrong_cell_comes_back_with_everything_that_was_typed(designer: Browser) -> None:
    page(designer, "/tables/duty_list/row?row=duty_A01")
    wrong = {
        **ROW,
        "duty_list_basis": "Typed and kept",
        "duty_list_in_reported_on-first": "2026-12-31",
        "duty_list_in_reported_on-last": "2026-01-01",
    }
    answer = designer.post("/tables/duty_list/row", wrong)
    shown = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Write the days like" in shown
    for typed in ("Typed and kept", "2026-12-31", "A park&#39;s matter", "公园事项"):
        assert typed in shown
    assert re.search(r'<option value="D-PARKS" selected>', shown)


def test_experts_write_feel_and_are_told_where_it_is_wrong(designer: Browser) -> None:
    form = page(designer, "/tables/duty_list/row?row=duty_A01&as=feel")
    assert "&#34;A01&#34;" in form
    fields = dict(re.findall(r'name="(\w+-feel)"[^>]*>([^<]*)<', form))
    assert len(fields) == 9
    answer = designer.post(
        "/tables/duty_list/row",
        {"row": "duty_A01", "as": "feel", "duty_list_in_minor_class-feel": 'not("A02"', **NOTES},
    )
    assert answer.status_code == 422
    assert "line 1, column" in answer.get_data(as_text=True).lower()
    good = {name: text.replace("&#34;", '"') for name, text in fields.items()}
    good["duty_list_in_minor_class-feel"] = 'not("A02", "A03")'
    answer = designer.post("/tables/duty_list/row", {"row": "duty_A01", "as": "feel", **good})
    assert answer.status_code == 303
    assert '<code class="feel">not(&#34;A02&#34;, &#34;A03&#34;)</code>' in page(
        designer, "/tables/duty_list"
    )


NOTES: dict[str, object] = {"note": "", "note-zh-CN": ""}


def test_the_legal_basis_is_written_in_both_languages_beside_each_other(designer: Browser) -> None:
    form = page(designer, "/tables/duty_list/row?row=duty_A01")
    assert re.search('name="duty_list_basis-zh-CN"[^>]*value="职能任务清单第 A01 项"', form)
    new = {**ROW, "duty_list_basis": "Winter campaign", "duty_list_basis-zh-CN": "冬季专项行动"}
    assert designer.post("/tables/duty_list/row", new).status_code == 303
    assert "冬季专项行动" in page(designer, "/tables/duty_list/draft")
    designer.language("zh-CN")
    assert "冬季专项行动" in page(designer, "/tables/duty_list")


def test_rows_are_found_by_words_and_state(designer: Browser) -> None:
    assert page(designer, "/tables/duty_list?q=cooking+fumes").count("data-list-item") == 1
    assert "No row fits." in page(designer, "/tables/duty_list?q=nothing+like+it")
    designer.post("/tables/duty_list/row", ROW)
    assert page(designer, "/tables/duty_list?show=changed").count("data-list-item") == 1
    assert page(designer, "/tables/duty_list?show=future").count("data-list-item") == 0


def test_rows_are_moved_removed_and_restored(designer: Browser) -> None:
    page(designer, "/tables/duty_list")
    designer.post("/tables/duty_list/move", {"row": "duty_A01", "now": "1", "place": "3"})
    designer.post("/tables/duty_list/remove", {"row": "duty_H04"})
    draft = page(designer, "/tables/duty_list/draft")
    assert "moved" in draft
    assert "It was row 1." in draft
    assert "removed" in draft
    assert "Row 44" in draft
    designer.post("/tables/duty_list/restore", {"row": "duty_H04"})
    designer.post("/tables/duty_list/discard", {})
    assert "You have no draft" in page(designer, "/tables/duty_list/draft")


def test_a_draft_that_was_overtaken_is_carried_over(district: District, designer: Browser) -> None:
    page(designer, "/tables/duty_list")
    designer.post("/tables/duty_list/row", ROW)
    given = GivenRow({LEAD: "D-WATER"}, row_id="duty_A02")
    table_drafts.save_row(district["admin"], DUTY, given)
    put_into_effect(district["admin"], DUTY)
    answer = designer.post("/tables/duty_list/effect", {"reason": "kept"})
    assert answer.status_code == 409
    assert "Carry my changes over to it" in answer.get_data(as_text=True)
    designer.post("/tables/duty_list/carry", {})
    assert designer.post("/tables/duty_list/effect", {}).status_code == 303


def test_a_trial_answers_side_by_side(designer: Browser) -> None:
    page(designer, "/tables/duty_list")
    designer.post("/tables/duty_list/row", ROW)
    shown = page(designer, "/tables/duty_list/try?minor_class=A01&community=S01-C01")
    assert "The draft answers differently." in shown
    assert "A park&#39;s matter" in shown
    walk.report(minor_class="A01")
    shown = page(designer, "/tables/duty_list/cases?count=100")
    assert "Of the last 1 cases, 1 would be treated otherwise." in shown


def test_who_may_only_look_sees_no_way_to_change(login: Login) -> None:
    dispatcher = login("dispatcher").language("en")
    assert '<a href="/tables"' in page(dispatcher, "/inbox").split("<main")[0]
    shown = page(dispatcher, "/tables/duty_list")
    assert "Add a row" not in shown
    assert page(dispatcher, "/tables/duty_list/try?minor_class=A01")
    page(dispatcher, "/tables/duty_list/row", 403)
    assert dispatcher.post("/tables/duty_list/row", ROW).status_code == 403


@pytest.mark.parametrize("name", ["nothing", "grid_case", "%00", "x" * 500])
def test_an_unknown_table_is_not_found(designer: Browser, name: str) -> None:
    for part in ("", "/row", "/history", "/try", "/draft", "/table.xlsx"):
        assert designer.get(f"/tables/{name}{part}").status_code in (400, 404)


# --- workbooks --------------------------------------------------------------------------------


def workbook(designer: Browser) -> Workbook:
    answer = designer.get("/tables/duty_list/table.xlsx")
    assert answer.status_code == 200
    return load_workbook(io.BytesIO(answer.get_data()))


def packed(book: Workbook) -> bytes:
    sink = io.BytesIO()
    book.save(sink)
    return sink.getvalue()


def send(designer: Browser, content: bytes) -> tuple[int, str]:
    page(designer, "/tables/duty_list/import")
    answer = designer.post(
        "/tables/duty_list/import",
        {"file": (io.BytesIO(content), "table.xlsx")},
        content_type="multipart/form-data",
    )
    return answer.status_code, answer.get_data(as_text=True)


@pytest.mark.parametrize("name", ["duty_list", "matters", "limits", "callback_rules"])
def test_a_workbook_sent_back_unchanged_changes_nothing(
    district: District, designer: Browser, name: str
) -> None:
    content = designer.get(f"/tables/{name}/table.xlsx").get_data()
    page(designer, f"/tables/{name}/import")
    answer = designer.post(
        f"/tables/{name}/import",
        {"file": (io.BytesIO(content), "table.xlsx")},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 303, answer.get_data(as_text=True)
    assert tables.read_table(district["designer"], name, language="en").draft_at is None


def test_a_table_whose_id_is_chinese_has_all_its_pages(designer: Browser) -> None:
    bare = (ROOT / "bpmn/limits.dmn").read_text().replace('"limits"', '"时限"')
    deploy({"时限.dmn": bare.encode()}, actor=None)
    for part in ("", "/row", "/draft", "/history", "/try", "/cases", "/import", "/table.xlsx"):
        assert designer.get(f"/tables/时限{part}").status_code == 200


def test_changed_new_and_missing_rows_become_the_draft(
    district: District, designer: Browser
) -> None:
    book = workbook(designer)
    sheet = book["duty_list"]
    sheet["F3"] = "D-PARKS"
    sheet.delete_rows(4)
    new = ["", "A99", "", "", "2027-01-01..", "D-WATER", "", "Item A99", "第 A99 项"]
    new += ["Order 5", "第 5 号令", "yes", "New"]
    sheet.append(new)
    status, _ = send(designer, packed(book))
    assert status == 303
    assert "第 A99 项" in page(designer, "/tables/duty_list/draft")
    found = tables.read_table(district["designer"], DUTY, language="en")
    assert sorted(row.change for row in found.rows if row.change) == ["added", "changed", "removed"]
    assert next(row for row in found.rows if row.change == "added").validity == "future"


def test_wrong_cells_are_told_by_their_addresses_and_nothing_changes(
    district: District, designer: Browser
) -> None:
    book = workbook(designer)
    sheet = book["duty_list"]
    sheet["F3"], sheet["L4"], sheet["H5"] = "D-NOBODY", "perhaps", "=1+1"
    sheet["H6"], sheet["H7"], sheet["I6"], sheet["I7"] = "Same", "Same", "一样", "两样"
    status, shown = send(designer, packed(book))
    assert status == 422
    for address in ("F3", "L4", "H5", "I7"):
        assert f"<strong>{address}</strong>" in shown
    assert tables.read_table(district["designer"], DUTY, language="en").draft_at is None


def test_what_the_check_of_tables_finds_is_told_by_its_address(designer: Browser) -> None:
    book = workbook(designer)
    book["duty_list"]["F3"] = "feel: 5"
    status, shown = send(designer, packed(book))
    assert (status, "<strong>F3</strong>" in shown) == (422, True)


def test_cells_that_a_spreadsheet_would_compute_are_written_as_text(
    district: District, designer: Browser
) -> None:
    said = '=HYPERLINK("http://example.org")'
    given = GivenRow({"duty_list_basis": said}, note="+1", row_id="duty_A01")
    table_drafts.save_row(district["designer"], DUTY, given)
    put_into_effect(district["designer"], DUTY)
    book = workbook(designer)
    cells = [book["duty_list"][at] for at in ("H3", "M3")]
    assert [(cell.value, cell.data_type) for cell in cells] == [(f"'{said}", "s"), ("'+1", "s")]
    assert send(designer, packed(book))[0] == 303
    assert tables.read_table(district["designer"], DUTY, language="en").draft_at is None


def bomb() -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 50_000_000)
    return sink.getvalue()


def entities() -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("xl/workbook.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    return sink.getvalue()


def other_sheet() -> bytes:
    book = Workbook()
    book.active.append(["id"])
    return packed(book)


def too_many_rows() -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("duty_list")
    for number in range(100_000):
        sheet.append([f"r{number}", "A01"])
    return packed(book)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "This is no workbook"),
        (b"PK not a zip", "This is no workbook"),
        (bomb(), "larger than a table can be"),
        (b"0" * 6_000_000, "larger than a table can be"),
        (entities(), "This is no workbook"),
        (other_sheet(), "not of this table"),
    ],
)
def test_hostile_uploads_are_refused_in_plain_words(
    sqlite_district: District, content: bytes, said: str
) -> None:
    assert said in refused(sqlite_district, content)


def test_a_hundred_thousand_rows_are_too_many(sqlite_district: District) -> None:
    assert "2000 rows at most" in refused(sqlite_district, too_many_rows())


def refused(district: District, content: bytes) -> str:
    with pytest.raises(CaseError) as error:
        table_files.import_table(district["designer"], DUTY, content)
    return str(error.value)
