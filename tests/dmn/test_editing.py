"""A table read into rows and written back: what nobody touched stays as it was, byte for byte."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import ROOT, dmn
from app.dmn import DmnError
from app.dmn.editing import Sheet, SheetRow, cell_ids, read_sheet, read_sheets, write_rows
from app.dmn.errors import UnknownDecision
from tests.dmn.models import model

SHIPPED = sorted((ROOT / "bpmn").glob("*.dmn"))
DUTY = (ROOT / "bpmn/duty_list.dmn").read_bytes()
SIGNS = st.characters(
    codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff"
)
CELLS = st.text(SIGNS, max_size=20).map(lambda text: text.strip()).filter(lambda text: text != "-")


def tables(path: Path) -> tuple[Sheet, ...]:
    return read_sheets(path.read_bytes())


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_rows_that_are_written_as_they_were_leave_the_very_bytes(path: Path) -> None:
    data = path.read_bytes()
    for sheet in tables(path):
        assert write_rows(data, sheet.decision_id, sheet.rows) is data


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_change_and_its_undoing_leave_the_very_bytes(path: Path) -> None:
    data = path.read_bytes()
    for sheet in tables(path):
        rows = [*sheet.rows, SheetRow("another", sheet.rows[0].cells, "new & <odd>")]
        changed = write_rows(data, sheet.decision_id, list(reversed(rows)))
        assert read_sheet(changed, sheet.decision_id).rows == tuple(reversed(rows))
        assert write_rows(changed, sheet.decision_id, sheet.rows) == data


def test_one_changed_cell_is_one_changed_line() -> None:
    rows = list(read_sheet(DUTY, "duty_list").rows)
    rows[0] = SheetRow(
        rows[0].id, (*rows[0].cells[:4], '"D-PARKS"', *rows[0].cells[5:]), rows[0].note
    )
    changed = write_rows(DUTY, "duty_list", rows)
    pairs = zip(DUTY.splitlines(), changed.splitlines(), strict=True)
    assert [new.strip() for old, new in pairs if old != new] == [b'<text>"D-PARKS"</text>']


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_rows_that_are_written_are_read_again(data: st.DataObject) -> None:
    sheet = read_sheet(DUTY, "duty_list")
    wide = len(sheet.rows[0].cells)
    rows = [
        SheetRow(f"row_{number}", tuple(cells), note)
        for number, (cells, note) in enumerate(
            data.draw(
                st.lists(
                    st.tuples(st.lists(CELLS, min_size=wide, max_size=wide), CELLS), max_size=5
                )
            )
        )
    ]
    kept = data.draw(st.lists(st.sampled_from(sheet.rows[:6]), unique_by=lambda row: row.id))
    wanted = data.draw(st.permutations([*rows, *kept]))
    written = write_rows(DUTY, "duty_list", wanted)
    assert read_sheet(written, "duty_list").rows == tuple(wanted)
    assert write_rows(written, "duty_list", wanted) is written
    assert dmn.load(written).decisions


def test_what_is_not_known_stays() -> None:
    odd = model(
        """<!-- kept --><decision id="d" name="D"><extensionElements>
        <own xmlns="urn:own" a="1"/></extensionElements><decisionTable id="t" hitPolicy="FIRST">
        <input id="i"><inputExpression><text>x</text></inputExpression></input>
        <output id="o" name="o"/><annotation name="Why"/>
        <rule id="r"><inputEntry id="a"><text>1</text></inputEntry>
        <outputEntry id="b"><text>2</text></outputEntry>
        <annotationEntry><text>because</text></annotationEntry></rule></decisionTable></decision>"""
    )
    changed = write_rows(odd, "d", [SheetRow("r", ("1", "3"))])
    for sign in (b"<!-- kept -->", b'<own xmlns="urn:own" a="1"/>', b"because", b'id="b"'):
        assert sign in changed
    assert b"<text>3</text>" in changed


def test_cells_are_found_by_their_ids() -> None:
    places = cell_ids(DUTY, "duty_list")
    assert places["duty_A01_minor_class"] == ("duty_A01", 0)
    assert places["duty_H04_confident"] == ("duty_H04", 8)


def test_what_cannot_be_read_or_written_is_refused() -> None:
    with pytest.raises(DmnError):
        read_sheets(b"<no/>")
    with pytest.raises(UnknownDecision):
        read_sheet(DUTY, "nothing")
    with pytest.raises(ValueError, match="one cell for each column"):
        write_rows(DUTY, "duty_list", [SheetRow("r", ("1",))])
