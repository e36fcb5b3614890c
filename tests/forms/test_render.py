"""What a template receives: ids, types, words, limits, errors, and nothing that could harm."""

import pytest

from app.forms import FieldError, InvalidAnswers, draft, read
from tests.forms.making import (
    NOW,
    SHANGHAI,
    field_shown,
    fields_in,
    form_of,
    options,
    part,
    shown,
)


def attributes(view, *names):
    return {name: getattr(view, name) for name in names}


def test_a_text_field_carries_its_limits_keyboard_and_words():
    form = form_of(
        part(
            "textfield",
            "phone",
            label="Telephone of {{case.number}}",
            description="With area code",
            validate={
                "required": True,
                "validationType": "phone",
                "minLength": 5,
                "maxLength": "=2 * 10",
                "pattern": "^[0-9]+$",
            },
            appearance={"prefixAdorner": "=case.prefix", "suffixAdorner": "ext."},
            properties={"placeholder": "021-…"},
            layout={"columns": 8, "row": "Row_1"},
        )
    )
    view = field_shown(form, context={"case": {"number": "A-7", "prefix": "+86"}})
    assert attributes(
        view, "id", "name", "label", "description", "described_by", "input_type", "inputmode"
    ) == {
        "id": "f-phone",
        "name": "phone",
        "label": "Telephone of A-7",
        "description": "With area code",
        "described_by": "f-phone-hint",
        "input_type": "tel",
        "inputmode": "tel",
    }
    assert attributes(view, "minlength", "maxlength", "pattern", "prefix", "suffix") == {
        "minlength": "5",
        "maxlength": "20",
        "pattern": ".*(?:^[0-9]+$).*",
        "prefix": "+86",
        "suffix": "ext.",
    }
    assert attributes(view, "autocomplete", "placeholder", "columns", "row", "is_required") == {
        "autocomplete": "tel",
        "placeholder": "021-…",
        "columns": 8,
        "row": "Row_1",
        "is_required": True,
    }


@pytest.mark.parametrize(
    ("field", "keyboard", "step", "limits"),
    [
        ({}, "decimal", "any", ("", "")),
        ({"decimalDigits": 0, "validate": {"min": 0, "max": "=2 + 3"}}, "numeric", "1", ("0", "5")),
        ({"decimalDigits": 2}, "decimal", "0.01", ("", "")),
        ({"increment": "0.5"}, "decimal", "0.5", ("", "")),
        ({"validate": {"min": -5}}, "text", "any", ("-5", "")),
    ],
)
def test_a_number_brings_the_right_keyboard(field, keyboard, step, limits):
    view = field_shown(form_of(part("number", "n", **field)))
    assert (view.input_type, view.inputmode, view.step) == ("text", keyboard, step)
    assert (view.minimum, view.maximum) == limits


@pytest.mark.parametrize(
    ("field", "answer", "input_type", "value", "text"),
    [
        (part("number", "a"), 1e-7, "text", "0.0000001", "0.0000001"),
        (part("number", "a"), 12, "text", "12", "12"),
        (part("textfield", "a"), "x", "text", "x", "x"),
        (part("textarea", "a"), "x\ny", "", "x\ny", "x\ny"),
        (part("datetime", "a", subtype="date"), "2026-03-31", "date", "2026-03-31", "2026-03-31"),
        (part("datetime", "a", subtype="time"), "16:30+08:00", "time", "16:30", "16:30"),
        (part("datetime", "a", subtype="time"), "08:30Z", "time", "16:30", "16:30"),
        (
            part("datetime", "a", subtype="datetime"),
            "2026-03-31T08:30:00Z",
            "datetime-local",
            "2026-03-31T16:30",
            "2026-03-31 16:30",
        ),
        (
            part("textfield", "a", properties={"input": "point"}),
            {"lat": 22.5, "lon": 114.0000001},
            "text",
            "22.5,114.0000001",
            "22.5,114.0000001",
        ),
    ],
)
def test_an_answer_comes_back_into_its_input(field, answer, input_type, value, text):
    view = field_shown(form_of(field), {"a": answer})
    assert (view.input_type, view.value, view.text) == (input_type, value, text)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        (part("number", "a"), "12 me"),
        (part("datetime", "a", subtype="date"), "31.3."),
        (part("datetime", "a", subtype="datetime"), "2026-03-31"),
        (part("textfield", "a", properties={"input": "point"}), "somewhere"),
    ],
)
def test_what_cannot_be_read_is_shown_as_typed(field, typed):
    form = form_of(field)
    view = field_shown(form, draft(form, {"a": [typed]}))
    assert (view.value, view.input_type) == (typed, "text")


def test_choices_know_which_is_taken():
    form = form_of(
        part("radio", "r", values=options(1, 2)),
        part("select", "s", valuesKey="units", searchable=True),
        part("checklist", "c", values=options("x", "y", "z")),
        part("taglist", "t", valuesExpression="=for u in units return {label: u.label, value: 7}"),
    )
    units = [{"label": "Parks", "value": "parks"}, {"nonsense": 1}]
    answers = {"r": 2, "s": "parks", "c": ["x", "z"], "t": [7]}
    fields = fields_in(shown(form, answers, context={"units": units}).children)
    assert [(o.id, o.token, o.label, o.is_selected) for o in fields["r"].options] == [
        ("f-r-0", "1", "Option 1", False),
        ("f-r-1", "2", "Option 2", True),
    ]
    assert [(o.token, o.is_selected) for o in fields["s"].options] == [("parks", True)]
    assert [o.is_selected for o in fields["c"].options] == [True, False, True]
    assert fields["t"].options[0].is_selected
    assert fields["c"].text == "Option x, Option z"
    assert [fields[name].input_type for name in "rsct"] == ["radio", "", "checkbox", ""]
    assert [fields[name].is_multiple for name in "rsct"] == [False, False, True, True]
    assert [fields[name].is_searchable for name in "rsct"] == [False, True, False, True]
    assert [fields[name].has_marker for name in "rsct"] == [True, False, True, True]


def test_grades_have_words_in_both_languages():
    form = form_of(part("radio", "g", properties={"input": "grade"}))
    assert [o.label for o in field_shown(form, language="zh-CN").options] == [
        "非常满意",
        "满意",
        "基本满意",
        "不满意",
        "非常不满意",
    ]
    english = field_shown(form)
    assert english.input == "grade"
    assert (english.options[0].token, english.options[0].label) == ("1", "Very satisfied")


def test_photos_ask_for_the_camera_and_list_what_is_stored():
    form = form_of(
        part("filepicker", "p", properties={"input": "photo", "kind": "before"}, multiple=True),
        part("filepicker", "f", accept=".pdf"),
    )
    view = shown(form, {"p": ["41", "42"]})
    photo, plain = fields_in(view.children).values()
    assert (photo.input, photo.photo, photo.capture) == ("photo", "before", "environment")
    assert (photo.accept, photo.files, photo.is_multiple) == ("image/*", ("41", "42"), True)
    assert (plain.input, plain.capture, plain.accept, plain.is_multiple) == ("", "", ".pdf", False)
    assert view.has_files


def test_what_is_answered_required_or_wrong_is_never_folded_away():
    parts = [part("textarea", "note"), part("filepicker", "files"), part("checkbox", "box")]
    form = form_of(part("group", label="More", components=parts, properties={"folded": True}))
    (untouched,) = shown(form).children
    assert (untouched.is_folded, untouched.is_open) == (True, False)
    for given in ({"note": "x"}, {"files": ["41"]}, {"box": True}):
        assert shown(form, given).children[0].is_open, given
    wrong = {"note": (FieldError("max_length", {"limit": "1", "length": "2"}),)}
    assert shown(form, errors=wrong).children[0].is_open
    needed = part("textarea", "why", required=True)
    form = form_of(part("group", components=[needed], properties={"folded": True}))
    assert shown(form).children[0].is_open


def test_hidden_parts_are_there_but_not_visible():
    form = form_of(
        part("checkbox", "x"),
        part("group", "g", hide="=x", label="G", components=[part("textfield", "t")]),
        part("text", hide="=not(x)", text="hello"),
    )
    box, group, words = shown(form, {"x": True, "g": {"t": "kept"}}).children
    assert (box.is_visible, group.is_visible, words.is_visible) == (True, False, True)
    assert (group.children[0].is_visible, group.children[0].value) == (False, "kept")


def test_errors_stand_at_their_fields_and_in_the_summary():
    form = form_of(
        part("group", "g", components=[part("number", "n", label="How many", required=True)]),
        part("radio", "r", label="Which", values=options("x"), required=True),
        part(
            "textfield",
            "p",
            label="Code",
            validate={"pattern": "^x", "patternErrorMessage": "Begin with x."},
        ),
        part(
            "dynamiclist",
            "rows",
            label="Items",
            components=[part("textfield", "t", label="Item", required=True)],
        ),
    )
    posted = {"g.n": ["many"], "p": ["y"], "rows[0]": ["1"]}
    with pytest.raises(InvalidAnswers) as caught:
        read(form, posted, context={}, now=NOW, zone=SHANGHAI)
    view = shown(form, draft(form, posted), errors=caught.value.errors)
    assert [(line.field_id, line.label, line.sentence) for line in view.summary] == [
        ("f-g-n", "How many", "Enter a number in digits, for example 12."),
        ("f-r-0", "Which", "Choose an answer."),
        ("f-p", "Code", "Begin with x."),
        ("f-rows-0-t", "Item", "Enter an answer."),
    ]
    field = fields_in(view.children)["g.n"]
    assert field.errors == ("Enter a number in digits, for example 12.",)
    assert (field.error_id, field.described_by) == ("f-g-n-error", "f-g-n-error")


def test_an_error_of_a_list_stands_at_the_list():
    form = form_of(part("dynamiclist", "rows", label="Items", components=[part("number", "n")]))
    view = shown(form, errors={"rows": [FieldError("many_rows", {"limit": "100"})]})
    assert view.summary[0].field_id == "f-rows"
    assert view.children[0].errors == ("Keep at most 100 entries.",)


def test_a_done_submission_is_shown_readonly():
    form = form_of(
        part("number", "n"),
        part("checkbox", "c"),
        part("dynamiclist", "rows", components=[part("textfield", "t")]),
    )
    view = shown(form, {"n": 3, "c": True, "rows": [{"t": "x"}]}, is_readonly=True)
    assert all(field.is_readonly for field in fields_in(view.children).values())
    assert [fields_in(view.children)[name].text for name in ("n", "c")] == ["3", "Yes"]
    rows = view.children[2]
    assert rows.add is None
    assert rows.rows[0].remove is None


def test_a_fixed_list_has_no_buttons():
    fixed = part("dynamiclist", "rows", allowAddRemove=False, components=[part("number", "n")])
    rows = shown(form_of(fixed)).children[0]
    assert rows.add is None
    assert rows.rows[0].remove is None
    assert rows.rows[0].legend == "1"


def test_fields_start_from_answers_then_context_then_default():
    form = form_of(part("textfield", "a", defaultValue="default"))
    context = {"a": "context"}
    assert field_shown(form).value == "default"
    assert field_shown(form, context=context).value == "context"
    assert field_shown(form, {"a": "answer"}, context=context).value == "answer"
    assert field_shown(form, {"a": None}, context=context).value == ""


def test_no_past_day_can_be_picked_where_it_is_refused():
    form = form_of(part("datetime", "d", subtype="datetime", disallowPassedDates=True))
    assert field_shown(form).minimum == "2026-03-10T00:00"


def test_pictures_and_links_from_elsewhere_are_links_and_scripts_are_nothing():
    form = form_of(
        part("image", id="own", source="/static/map.png", alt="Map"),
        part("image", id="data", source="data:image/png;base64,AAAA", alt="Dot"),
        part("image", id="far", source="https://example.com/x.png", alt="Far"),
        part("image", id="bad", source="javascript:alert(1)", alt="Bad"),
        part("image", id="svg", source="data:image/svg+xml,<svg onload=alert(1)>", alt="Bad"),
        part("image", id="other", source="//example.com/x.png", alt="Far"),
        part("iframe", id="frame", url="https://example.com/{{case.number}}", label="Plan"),
        part("iframe", id="script", url="javascript:alert(1)", label="Plan"),
    )
    views = shown(form, context={"case": {"number": "A-1"}}).children
    assert [(v.source, v.href) for v in views[:6]] == [
        ("/static/map.png", ""),
        ("data:image/png;base64,AAAA", ""),
        ("", "https://example.com/x.png"),
        ("", ""),
        ("", ""),
        ("", ""),
    ]
    assert [link.href for link in views[6].links] == ["https://example.com/A-1"]
    assert views[7].links == ()


def test_tables_and_documents_show_what_expressions_give():
    form = form_of(
        part(
            "table",
            id="t",
            label="Earlier cases",
            dataSource="=case.earlier",
            columns=[{"key": "no", "label": "Number"}, {"key": "at", "label": "Reported"}],
        ),
        part(
            "table", id="c", dataSource="=case.earlier", columnsExpression='=[{key:"no",label:"N"}]'
        ),
        part("documentPreview", id="d", label="Files", dataSource="=files"),
    )
    context = {
        "case": {"earlier": [{"no": 1, "at": None}, {"no": "B", "at": {"x": True}}, 5]},
        "files": [
            {"documentId": "1", "endpoint": "/files/1", "metadata": {"fileName": "a.pdf"}},
            {"documentId": "2", "endpoint": "javascript:x", "metadata": {"fileName": "b.pdf"}},
        ],
    }
    table, computed, documents = shown(form, context=context).children
    assert (table.caption, table.headings) == ("Earlier cases", ("Number", "Reported"))
    assert table.rows == (("1", ""), ("B", '{"x":true}'))
    assert (computed.headings, computed.rows) == (("N",), (("1",), ("B",)))
    assert [(link.label, link.href) for link in documents.links] == [("a.pdf", "/files/1")]


def test_lines_and_buttons_are_named():
    view = shown(
        form_of(part("separator"), part("spacer"), part("button", label="Go", action="reset"))
    )
    assert [node.kind for node in view.children] == ["separator", "spacer", "button"]
    assert (view.children[2].label, view.children[2].action) == ("Go", "reset")
