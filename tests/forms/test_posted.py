"""Drafts keep everything; rows come and go without JavaScript."""

import pytest

from app.forms import draft, edit_rows
from tests.forms.making import fields_in, form_of, options, part, shown

ROWS = form_of(
    part("textfield", "a"),
    part("checkbox", "c", defaultValue=True),
    part("checklist", "l", values=options("x", "y"), defaultValue=["x"]),
    part(
        "dynamiclist",
        "rows",
        components=[
            part("number", "n", defaultValue=7),
            part("dynamiclist", "subs", components=[part("textfield", "t")]),
        ],
    ),
)


def test_a_draft_keeps_what_cannot_be_an_answer():
    posted = {
        "a": ["  half a "],
        "c": [""],
        "l": ["", "y"],
        "rows[0].n": ["12 me"],
        "rows[0].subs[0].t": ["x"],
        "_rows": ["add:rows"],
        "csrf_token": ["secret"],
    }
    assert draft(ROWS, posted) == {
        "a": "  half a ",
        "c": False,
        "l": ["y"],
        "rows": [{"n": "12 me", "subs": [{"t": "x"}]}],
    }


def test_a_draft_is_shown_as_it_was_typed():
    kept = draft(ROWS, {"a": ["<b>"], "c": [""], "l": [""], "rows[0].n": ["12 me"]})
    fields = fields_in(shown(ROWS, kept).children)
    assert fields["a"].value == "<b>"
    assert not fields["c"].is_checked
    assert not any(option.is_selected for option in fields["l"].options)
    assert fields["rows[0].n"].value == "12 me"


def test_what_was_not_on_the_page_keeps_its_default():
    fields = fields_in(shown(ROWS, draft(ROWS, {"a": ["x"]})).children)
    assert fields["c"].is_checked
    assert fields["rows[0].n"].value == "7"


def test_a_draft_keeps_stored_files():
    form = form_of(part("filepicker", "f", multiple=True))
    assert draft(form, {"f": ["1"]}, files={"f": ["2"]}) == {"f": ["1", "2"]}


def test_a_draft_of_json_is_the_same():
    assert draft(ROWS, {"a": 5, "rows": [{"n": "x", "other": 1}], "more": {}}) == {
        "a": 5,
        "rows": [{"n": "x"}],
    }


POSTED = {
    "a": ["1"],
    "rows[0].n": ["10"],
    "rows[1].n": ["11"],
    "rows[1].subs[0].t": ["x"],
    "rows[1].subs[1].t": ["y"],
    "_rows": ["…"],
}


@pytest.mark.parametrize(
    ("action", "changed"),
    [
        ("add:rows", {"rows[2]": ["1"]}),
        ("add:rows[1].subs", {"rows[1].subs[2]": ["1"]}),
        ("add:rows[0].subs", {"rows[0].subs[0]": ["1"]}),
        ("add:rows[1]", {}),
        ("drop:rows", {}),
        ("", {}),
    ],
)
def test_a_row_is_added_at_the_end(action, changed):
    before = {name: values for name, values in POSTED.items() if name != "_rows"}
    assert edit_rows(POSTED, action) == {**before, **changed}


def test_a_removed_row_lets_the_later_ones_move_up():
    assert edit_rows(POSTED, "remove:rows[0]") == {
        "a": ["1"],
        "rows[0].n": ["11"],
        "rows[0].subs[0].t": ["x"],
        "rows[0].subs[1].t": ["y"],
        "rows": [""],
    }
    assert edit_rows(POSTED, "remove:rows[1].subs[0]") == {
        "a": ["1"],
        "rows[0].n": ["10"],
        "rows[1].n": ["11"],
        "rows[1].subs[0].t": ["y"],
        "rows[1].subs": [""],
    }


def test_files_that_came_with_the_post_move_with_their_rows():
    posted = {"rows[0].n": ["1"], "rows[1].photo": ["7"]}
    files = {"rows[0].photo": ["8"], "rows[1].photo": ["9"], "f": ["10"]}
    assert edit_rows(posted, "remove:rows[0]", files=files) == {
        "rows[0].photo": ["7", "9"],
        "f": ["10"],
        "rows": [""],
    }


def test_an_added_row_starts_from_its_defaults_and_the_last_one_may_go():
    one = edit_rows({"rows[0].n": ["1"]}, "add:rows")
    fields = fields_in(shown(ROWS, draft(ROWS, one)).children)
    assert (fields["rows[0].n"].value, fields["rows[1].n"].value) == ("1", "7")
    none = edit_rows({"rows[0].n": ["1"]}, "remove:rows[0]")
    assert draft(ROWS, none)["rows"] == []


def test_nobody_adds_more_than_a_hundred_rows():
    full = {f"rows[{n}].n": ["1"] for n in range(100)}
    assert edit_rows(full, "add:rows") == full


def test_the_buttons_on_the_page_say_what_edit_rows_understands():
    view = shown(ROWS, {"rows": [{"n": 1, "subs": [{"t": "x"}, {"t": "y"}]}]}, language="zh-CN")
    rows = next(node for node in view.children if node.kind == "list")
    assert rows.add is not None
    assert (rows.add.name, rows.add.value) == ("_rows", "add:rows")
    subs = rows.rows[0].children[1]
    assert subs.rows[1].remove.value == "remove:rows[0].subs[1]"
    assert subs.rows[1].remove.label == "删除第 2 条"
