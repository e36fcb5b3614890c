"""A form in another language: what is translated, what stays, what the lint hears of."""

import pytest

from app.forms import FieldError, FormRefused, Severity
from app.forms.labels import check, gaps, load, translate
from tests.forms.making import fields_in, form_of, options, part, shown

FORM = form_of(
    part(
        "textfield",
        "name",
        label="Name of {{case.number}}",
        description="As written",
        appearance={"prefixAdorner": "No.", "suffixAdorner": "km"},
        properties={"placeholder": "Li"},
        validate={"pattern": "^x", "patternErrorMessage": "Begin with x."},
    ),
    part("radio", "kind", label="Kind", values=options("x", "y")),
    part("group", "g", label="Group", components=[part("number", "n", label="Number")]),
    part("group", id="plain", label="Plain", components=[]),
    part("dynamiclist", "rows", label="Rows", components=[part("number", "n", id="m", label="N")]),
    part("text", id="hello", text="Hello **{{case.number}}**"),
    part("image", id="map", source="/m.png", alt="A map"),
    part("table", id="t", label="Table", dataSource="=[]", columns=[{"key": "a", "label": "A"}]),
    part("button", id="go", label="Go"),
    part("expression", "sum", expression="=1"),
    part("separator", id="line"),
)
CHINESE = {
    "fields": {
        "name": {
            "label": "{{case.number}} 的名称",
            "description": "按原文",
            "placeholder": "李",
            "prefixLabel": "编号",
            "suffixLabel": "公里",
            "patternErrorMessage": "请以 x 开头。",
        },
        "kind": {"label": "类别", "options": {"x": "甲", "y": "乙"}},
        "g": {"label": "分组"},
        "g.n": {"label": "数量"},
        "rows": {"label": "条目"},
        "rows.n": {"label": "数"},
    },
    "texts": {
        "plain": "一般",
        "hello": "您好 **{{case.number}}**",
        "map": "地图",
        "t": {"label": "表", "columns": {"a": "甲"}},
        "go": "提交",
    },
}
CONTEXT = {"case": {"number": "A-1"}}


def test_a_complete_file_has_no_gaps_and_translates_everything():
    labels = load(CHINESE)
    assert gaps(FORM, labels) == ()
    view = shown(FORM, labels=labels, language="zh-CN", context=CONTEXT)
    fields = fields_in(view.children)
    name = fields["name"]
    assert (name.label, name.description, name.placeholder) == ("A-1 的名称", "按原文", "李")
    assert (name.prefix, name.suffix) == ("编号", "公里")
    assert [option.label for option in fields["kind"].options] == ["甲", "乙"]
    assert (fields["g.n"].label, fields["rows[0].n"].label) == ("数量", "数")
    _, _, group, plain, rows, hello, image, table, button, _ = view.children
    assert (group.legend, plain.legend, rows.legend) == ("分组", "一般", "条目")
    assert rows.rows[0].legend == "条目 1"
    assert rows.add.label == "再加一条：条目"
    assert [span.text for span in hello.blocks[0].lines[0]] == ["您好 ", "A-1"]
    assert (image.alt, table.caption, table.headings, button.label) == (
        "地图",
        "表",
        ("甲",),
        "提交",
    )


def test_the_forms_own_message_is_told_in_the_readers_language():
    errors = {"name": [FieldError("pattern", {"message": "Begin with x."})]}
    view = shown(FORM, labels=load(CHINESE), language="zh-CN", context=CONTEXT, errors=errors)
    assert view.summary[0].sentence == "请以 x 开头。"


def test_what_has_no_translation_stays_and_is_warned_of():
    labels = load(
        {"fields": {"kind": {"options": {"x": "甲"}}, "old": {"label": "旧"}}, "texts": {}}
    )
    fields = fields_in(shown(FORM, labels=labels, context=CONTEXT).children)
    assert fields["kind"].label == "Kind"
    assert [option.label for option in fields["kind"].options] == ["甲", "Option y"]
    found = gaps(FORM, labels)
    assert {problem.severity for problem in found} == {Severity.WARNING}
    paths = {problem.path for problem in found}
    assert paths >= {
        "fields.name.label",
        "fields.name.patternErrorMessage",
        "fields.kind.options.y",
        "fields.rows.n.label",
        "texts.plain.label",
        "texts.hello.label",
        "texts.t.columns.a",
        "fields.old",
    }
    assert not any("sum" in path or "line" in path for path in paths)


def test_translating_twice_gives_the_same_form():
    labels = load(CHINESE)
    assert translate(FORM, labels) is translate(FORM, labels)
    assert translate(FORM, labels).keys == FORM.keys


@pytest.mark.parametrize(
    ("source", "path"),
    [
        (b"{", ""),
        (b"[]", ""),
        (b" " * (512 * 1024 + 1), ""),
        ({"fields": []}, "fields"),
        ({"fields": {"a": 5}}, "fields.a"),
        ({"fields": {"a": {"label": 5}}}, "fields.a.label"),
        ({"fields": {"a": {"colour": "red"}}}, "fields.a.colour"),
        ({"fields": {"a": {"options": ["x"]}}}, "fields.a.options"),
        ({"fields": {"a": {"options": {"x": 5}}}}, "fields.a.options"),
        ({"texts": {"a": "{{#if x}}"}}, "texts.a.label"),
        ({"texts": {"a": "{{x +}}"}}, "texts.a.label"),
    ],
)
def test_a_broken_file_is_refused_with_its_place(source, path):
    with pytest.raises(FormRefused) as caught:
        load(source)
    assert [problem.path for problem in caught.value.problems] == [path]
    assert {problem.path for problem in check(source, FORM)} >= {path}
