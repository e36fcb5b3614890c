"""Loading a form: what is refused, with which code, where, and how to mend it."""

import json

import pytest

from app.forms import FormRefused, Severity, check, load
from app.forms.components import ChoiceField, DynamicList, Kind, every
from tests.forms.making import form_of, options, part, schema

TEXT = part("textfield", "a")

BROKEN = [
    (b"{", "json", ""),
    (b"[1]", "not_form", ""),
    (b"{}", "not_form", ""),
    (b"\xff\xfe", "json", ""),
    (b" " * (512 * 1024 + 1), "too_large", ""),
    (schema(type="table"), "not_form", "type"),
    (schema(id=""), "form_id", "id"),
    (schema(id="<b>"), "form_id", "id"),
    (schema(schemaVersion=20), "schema_version", "schemaVersion"),
    (schema(schemaVersion="19"), "schema_version", "schemaVersion"),
    (schema(components={}), "components", "components"),
    (schema("text"), "component", "components[0]"),
    (schema({"type": "hologram"}), "component_type", "components[0].type"),
    (schema({"type": ["text"]}), "component_type", "components[0].type"),
    (schema({**TEXT, "id": "a b"}), "component_id", "components[0].id"),
    (schema(part("textfield")), "key", "components[0].key"),
    (schema(part("textfield", "1a")), "key", "components[0].key"),
    (schema(part("textfield", "_rows")), "key", "components[0].key"),
    (schema(part("textfield", "a b")), "key", "components[0].key"),
    (schema(part("textfield", "case")), "key_reserved", "components[0].key"),
    (schema(part("group", "answers.x")), "key_reserved", "components[0].path"),
    (schema(part("dynamiclist")), "key", "components[0].path"),
    (schema(TEXT, {**TEXT, "id": "other"}), "key_twice", "components[1].key"),
    (schema(TEXT, part("textfield", "b", id=TEXT["id"])), "id_twice", "components[1].id"),
    (schema(TEXT, part("textfield", "a.b")), "key_twice", "components[1].key"),
    (schema(part("textfield", "a.b"), TEXT), "key_twice", "components[1].key"),
    (schema(TEXT, part("group", "a")), "key_twice", "components[1].path"),
    (
        schema(part("dynamiclist", "r"), part("group", "r", components=[])),
        "key_twice",
        "components[1].path",
    ),
    (schema(part("group", components={})), "components", "components[0].components"),
    (schema({**TEXT, "label": 5, "description": []}), "not_text", "components[0].description"),
    (schema({**TEXT, "label": "x" * 20_001}), "too_long", "components[0].label"),
    (schema({**TEXT, "label": "{{a +}}"}), "feel", "components[0].label"),
    (schema({**TEXT, "label": "{{#if a}}x"}), "template", "components[0].label"),
    (schema({**TEXT, "label": "x{{/if}}"}), "template", "components[0].label"),
    (schema({**TEXT, "label": "{{#each a}}"}), "template", "components[0].label"),
    (schema({**TEXT, "label": "{{#if a}}x{{/loop}}"}), "template", "components[0].label"),
    (schema(part("textfield", "a", hide="=a =")), "feel", "components[0].conditional.hide"),
    (schema(part("textfield", "a", hide="a")), "condition", "components[0].conditional.hide"),
    (schema({**TEXT, "readonly": "yes"}), "condition", "components[0].readonly"),
    (schema({**TEXT, "disabled": "yes"}), "not_flag", "components[0].disabled"),
    (schema({**TEXT, "validate": {"required": 1}}), "not_flag", "components[0].validate.required"),
    (
        schema({**TEXT, "validate": {"pattern": "(?=x)"}}),
        "pattern",
        "components[0].validate.pattern",
    ),
    (
        schema({**TEXT, "validate": {"minLength": "long"}}),
        "not_number",
        "components[0].validate.minLength",
    ),
    (
        schema({**TEXT, "validate": {"validationType": "iban"}}),
        "validation_type",
        "components[0].validate.validationType",
    ),
    (schema({**TEXT, "properties": {"input": "photo"}}), "input", "components[0].properties.input"),
    (schema(part("number", "a", decimalDigits=-1)), "not_number", "components[0].decimalDigits"),
    (schema(part("number", "a", increment="big")), "not_number", "components[0].increment"),
    (
        schema(part("number", "a", serializeToString=1)),
        "not_flag",
        "components[0].serializeToString",
    ),
    (schema(part("datetime", "a", subtype="week")), "subtype", "components[0].subtype"),
    (
        schema(part("datetime", "a", subtype="date", properties={"latest": "today"})),
        "instant",
        "components[0].properties.latest",
    ),
    (
        schema(part("datetime", "a", subtype="time", properties={"earliest": "=now()"})),
        "instant",
        "components[0].properties.earliest",
    ),
    (
        schema(part("datetime", "a", timeSerializingFormat="local")),
        "time_format",
        "components[0].timeSerializingFormat",
    ),
    (schema(part("number", "a", defaultValue="many")), "default", "components[0].defaultValue"),
    (schema(part("datetime", "a", defaultValue=5)), "default", "components[0].defaultValue"),
    (schema(part("expression", "a")), "expression", "components[0].expression"),
    (schema(part("radio", "a")), "no_options", "components[0].values"),
    (schema(part("radio", "a", values=[])), "options", "components[0].values"),
    (schema(part("radio", "a", values=[{}])), "option", "components[0].values[0]"),
    (
        schema(part("radio", "a", values=options("x", "x"))),
        "option_twice",
        "components[0].values[1]",
    ),
    (
        schema(part("radio", "a", values=options("6"), properties={"input": "grade"})),
        "option",
        "components[0].values[0]",
    ),
    (
        schema(part("filepicker", "a", properties={"input": "photo"})),
        "photo_kind",
        "components[0].properties.kind",
    ),
    (
        schema(part("textfield", "a", properties={"source": "device"})),
        "point_source",
        "components[0].properties.source",
    ),
    (
        schema(part("textfield", "a", properties={"input": "point", "source": "sky"})),
        "point_source",
        "components[0].properties.source",
    ),
    (
        schema(part("filepicker", "a", properties={"visibility": "secret"})),
        "visibility",
        "components[0].properties.visibility",
    ),
    (schema(part("table", dataSource="=[]", columns=["x"])), "column", "components[0].columns[0]"),
    (
        schema(*(part("textfield", f"k{n}") for n in range(501))),
        "components",
        "components[500]",
    ),
]


@pytest.mark.parametrize(("source", "code", "path"), BROKEN)
def test_a_broken_form_is_refused_with_code_and_place(source, code, path):
    problems = check(source)
    assert [(problem.code, problem.path) for problem in problems] == [(code, path)]
    assert problems[0].message
    assert problems[0].mend
    with pytest.raises(FormRefused) as caught:
        load(source)
    assert caught.value.problems == problems
    assert problems[0].mend in str(caught.value)


def test_nesting_has_an_end():
    nested = part("textfield", "deep")
    for level in range(9):
        nested = part("group", id=f"g{level}", components=[nested])
    assert [problem.code for problem in check(schema(nested))] == ["depth"]


def test_all_problems_are_told_at_once():
    problems = check(
        schema(part("radio", "a"), part("textfield", "b", hide="=("), {"type": "x"}, id=7)
    )
    assert [problem.code for problem in problems] == [
        "form_id",
        "no_options",
        "feel",
        "component_type",
    ]
    with pytest.raises(FormRefused, match="and 3 more"):
        load(schema(part("radio", "a"), part("textfield", "b", hide="=("), {"type": "x"}, id=7))


def test_a_warning_does_not_keep_a_form_from_loading():
    source = schema(part("image", source="/map.png"))
    assert [problem.severity for problem in check(source)] == [Severity.WARNING]
    assert load(source).id == "Form"


def test_keys_are_nested_paths_with_every_level():
    form = form_of(
        part("textfield", "a"),
        part("group", "g", components=[part("number", "n"), part("textfield", "p.q")]),
        part("group", id="plain", components=[part("number", "m")]),
        part("dynamiclist", "rows", components=[part("group", "x", components=[TEXT])]),
    )
    assert form.keys == {"a", "g", "g.n", "g.p", "g.p.q", "m", "rows", "rows.x", "rows.x.a"}


def test_groups_may_share_a_path():
    form = form_of(
        part("group", "g", id="one", components=[part("number", "a")]),
        part("group", "g", id="two", components=[part("number", "b")]),
    )
    assert form.keys == {"g", "g.a", "g.b"}


def test_a_form_knows_its_photos_and_version():
    form = load(
        schema(
            part("filepicker", "f"),
            part("filepicker", "p", properties={"input": "photo", "kind": "before"}),
            part("filepicker", "e", properties={"kind": "evidence", "visibility": "internal"}),
            versionTag="2026-03",
            schemaVersion=16,
        )
    )
    assert form.photo_fields == {"p": "before", "e": "evidence"}
    assert (form.file_fields["e"].photo, form.file_fields["e"].visibility) == ("", "internal")
    assert (form.version, form.schema_version) == ("2026-03", 16)


def test_a_form_knows_what_it_reads_from_outside():
    form = form_of(
        part("textfield", "a", hide='=case.level = "street" and this.b = 1'),
        part("number", "b", validate={"max": "=answers.triage.most"}),
        part("select", "c", valuesKey="departments"),
        part(
            "text", text="{{case.number}} {{#if b}}{{grid}}{{/if}}{{#loop list}}{{item}}{{/loop}}"
        ),
        part("expression", "d", expression="=a + limits.handle"),
    )
    assert form.reads == {
        ("case", "level"),
        ("answers", "triage", "most"),
        ("departments",),
        ("case", "number"),
        ("grid",),
        ("list",),
        ("limits", "handle"),
    }


def test_every_component_of_form_js_loads():
    made = {
        "radio": {"values": options("x")},
        "select": {"valuesKey": "things"},
        "checklist": {"valuesExpression": "=[1]"},
        "taglist": {"values": ["x", 1, True]},
        "expression": {"expression": "=1"},
        "image": {"alt": "A map"},
    }
    shown_only = {"text", "html", "image", "table", "documentPreview", "iframe", "spacer"}
    shown_only |= {"separator", "button"}
    parts = [
        part(
            kind, "" if kind in shown_only else f"k{number}", id=f"c{number}", **made.get(kind, {})
        )
        for number, kind in enumerate(Kind)
    ]
    form = load(json.dumps(schema(*parts)))
    assert {component.kind for component in every(form.components)} == set(Kind)


def test_options_may_be_plain_values_or_lack_a_label():
    form = form_of(
        part("select", "a", values=["x", 2, {"value": "y"}, {"label": "Z", "value": "z"}])
    )
    (field,) = form.components
    assert isinstance(field, ChoiceField)
    assert [(o.value, o.label) for o in field.source.listed] == [
        ("x", "x"),
        (2, "2"),
        ("y", "y"),
        ("z", "Z"),
    ]


def test_a_list_starts_with_one_row_unless_told():
    form = form_of(
        part("dynamiclist", "a", id="a"), part("dynamiclist", "b", id="b", defaultRepetitions=0)
    )
    lists = [p for p in form.components if isinstance(p, DynamicList)]
    assert [p.default_rows for p in lists] == [1, 0]
