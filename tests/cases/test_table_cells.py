"""The plain notation of cells: what people write, the FEEL it stands for, and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import feel
from app.cases.table_cells import CellKind, shown, written
from app.cases.table_diff import ChangeKind, carried_over, changes
from app.dmn.editing import SheetRow
from app.errors import CaseError

K = CellKind
INPUTS = {K.ANY_OF, K.DAYS, K.IF}


@pytest.mark.parametrize(
    ("kind", "plain", "text"),
    [
        (K.ANY_OF, "A01, A02", '"A01","A02"'),
        (K.ANY_OF, "", ""),
        (K.DAYS, "2026-01-01..2026-12-31", '[date("2026-01-01")..date("2026-12-31")]'),
        (K.DAYS, "2026-01-01..", '>= date("2026-01-01")'),
        (K.DAYS, "..2026-12-31", '<= date("2026-12-31")'),
        (K.IF, "yes", "true"),
        (K.TEXT, 'say "so" \\ then', '"say \\"so\\" \\\\ then"'),
        (K.TEXT, "", "null"),
        (K.CHOICE, "D-PARKS", '"D-PARKS"'),
        (K.CHOICES, "D-ENV, D-PARKS", '["D-ENV", "D-PARKS"]'),
        (K.CHOICES, "", "[]"),
        (K.FLAG, "no", "false"),
        (K.NUMBER, "-2.50", "-2.50"),
        (K.LIMIT, "4 wh", '"4 wh"'),
    ],
)
def test_a_cell_is_written_and_read_alike(kind: CellKind, plain: str, text: str) -> None:
    assert written(kind, plain, is_input=kind in INPUTS) == text
    assert shown(kind, text) == plain


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        (K.DAYS, "2026-02-30.."),
        (K.DAYS, "2026-02-01"),
        (K.DAYS, "2026-02-02..2026-02-01"),
        (K.LIMIT, "4 hours"),
        (K.NUMBER, "many"),
        (K.NUMBER, "Infinity"),
        (K.FLAG, "perhaps"),
        (K.TEXT, "feel: if"),
        (K.ANY_OF, "feel: ]"),
        (K.TEXT, "x" * 2_001),
    ],
)
def test_what_is_written_in_no_known_way_is_refused(kind: CellKind, given: str) -> None:
    with pytest.raises(CaseError):
        written(kind, given, is_input=kind in INPUTS)


@pytest.mark.parametrize("kind", list(CellKind))
@given(text=st.text(max_size=30))
def test_what_is_shown_and_sent_back_changes_nothing(kind: CellKind, text: str) -> None:
    before = text.strip()
    assert written(kind, shown(kind, before), is_input=kind in INPUTS, before=before) == before


@given(text=st.text(max_size=40))
def test_every_text_is_a_text_again(text: str) -> None:
    try:
        made = written(K.TEXT, text, is_input=False)
    except CaseError:
        return
    if not text.strip().lower().startswith("feel:"):
        assert (feel.evaluate(made) or "") == text.replace("\0", "").replace("\r\n", "\n").strip()


@pytest.mark.parametrize("text", ['not("A")', "> 5", '"A", 5', "f(x)"])
def test_feel_that_the_notation_cannot_say_is_kept_as_feel(text: str) -> None:
    assert shown(K.ANY_OF, text) == f"feel: {text}"


def rows(*names: str, **cells: str) -> list[SheetRow]:
    return [SheetRow(name, (cells.get(name, name),)) for name in names]


def test_changes_tell_what_was_added_removed_changed_and_moved() -> None:
    found = changes(rows("a", "b", "c", "d"), rows("c", "a", "b", "e", b="B"))
    assert [(each.kind, each.id) for each in found] == [
        (ChangeKind.MOVED, "c"),
        (ChangeKind.CHANGED, "b"),
        (ChangeKind.ADDED, "e"),
        (ChangeKind.REMOVED, "d"),
    ]


def test_changes_are_carried_over_those_of_somebody_else() -> None:
    base, mine = rows("a", "b", "c"), rows("a", "n", "b", a="mine")
    theirs = rows("x", "a", "b", "c", b="theirs", c="theirs")
    made = carried_over(base, mine, theirs)
    assert [(row.id, row.cells[0]) for row in made.rows] == [
        ("x", "x"),
        ("a", "mine"),
        ("n", "n"),
        ("b", "theirs"),
    ]
    assert made.clashes == ("c",)


@given(
    st.permutations("abcd").map(lambda ids: rows(*ids[:3])),
    st.permutations("abcd").map(lambda ids: rows(*ids[:3])),
)
def test_nothing_of_mine_leaves_theirs_as_it_is(
    base: list[SheetRow], theirs: list[SheetRow]
) -> None:
    assert carried_over(base, base, theirs).rows == tuple(theirs)
