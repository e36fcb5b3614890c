"""Whatever JSON arrives: a form or its problems; answers or what is wrong; always a page."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.forms import Form, FormRefused, InvalidAnswers, check, draft, edit_rows, load, read, view
from app.forms import labels as labels_file
from app.forms.components import Kind
from app.forms.problems import Severity
from app.forms.properties import EVERY_COMPONENT, EVERY_QUESTION, OF_ITS_OWN
from tests.forms.making import NOW, SHANGHAI, form_of, options, part, schema

SOME = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-10, 10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8),
    st.sampled_from(
        ["=a", "=a > 1", "=(", "{{a}}", "{{#if a}}", "2026-03-10", "2026-03-10T10:00", "12:30"]
    ),
    st.sampled_from(
        ["x", "1", "22,114", "true", "９", "-0", "0001-01-01T00:00", "9999-12-31T23:59"]
    ),
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)
NAMES = sorted(
    {
        name.partition(".")[0]
        for names in (EVERY_COMPONENT, EVERY_QUESTION, *OF_ITS_OWN.values())
        for name in names
    }
)


def component(inner):
    return st.fixed_dictionaries(
        {},
        optional={
            **dict.fromkeys(NAMES, JSON),
            "type": st.sampled_from([*Kind, "unknown"]),
            "key": st.sampled_from(["a", "b", "c.d", "case", "", "1"]),
            "path": st.sampled_from(["a", "g", "rows", ""]),
            "components": st.lists(inner, max_size=3),
        },
    )


SCHEMAS = st.builds(
    lambda parts: schema(*parts),
    st.lists(st.recursive(component(JSON), component, max_leaves=5), max_size=4),
)

EXPRESSIONS = st.sampled_from(
    [
        *("=a = null", "=b > 1", "=true", "=c.d", "=this.b", "=parent.a", "=i[1]", "=1/0"),
        *("=rows[1].b", "=count(rows)", '=date(a) > date("2026-01-01")'),
        '=if a = "x" then [1, "x"] else null',
    ]
)
TEXTS = st.sampled_from(
    ["Text", "{{a}}", "={{", "# {{#if a}}x{{/if}}", "{{#loop rows}}{{b}}{{/loop}}"]
)
LIMITS = st.one_of(EXPRESSIONS, st.integers(0, 5), st.sampled_from(["2", "0.5"]))
PLAUSIBLE_PROPERTIES = {
    "label": TEXTS,
    "description": TEXTS,
    "text": TEXTS,
    "content": TEXTS,
    "readonly": st.one_of(st.booleans(), EXPRESSIONS),
    "disabled": st.one_of(st.booleans(), EXPRESSIONS),
    "conditional": st.builds(lambda hide: {"hide": hide}, EXPRESSIONS),
    "validate": st.fixed_dictionaries(
        {},
        optional={
            "required": st.one_of(st.booleans(), EXPRESSIONS),
            **dict.fromkeys(["min", "max", "minLength", "maxLength"], LIMITS),
            "pattern": st.sampled_from(["x", "^[0-9]+$"]),
            "validationType": st.sampled_from(["email", "phone"]),
        },
    ),
    "values": st.lists(st.sampled_from(["x", "y", 1, 2.5, True]), min_size=1, unique_by=str),
    "valuesKey": st.sampled_from(["a", "case"]),
    "valuesExpression": EXPRESSIONS,
    "expression": EXPRESSIONS,
    "dataSource": EXPRESSIONS,
    "subtype": st.sampled_from(["date", "time", "datetime"]),
    "decimalDigits": st.integers(0, 3),
    "increment": st.sampled_from([1, "0.1"]),
    "multiple": st.one_of(st.booleans(), EXPRESSIONS),
    "defaultValue": st.sampled_from(["x", "1", None]),
    "allowAddRemove": st.booleans(),
    "defaultRepetitions": st.integers(0, 2),
}
KEYS = ["a", "b", "c.d", "e"]


def plausible(components):
    """Components whose properties are of the right types, though in odd company."""
    return st.fixed_dictionaries(
        {"type": st.sampled_from(list(Kind)), "components": components},
        optional=PLAUSIBLE_PROPERTIES,
    )


def keyed(parts):
    """Give every component a key of its own, and choices something to choose from."""
    made = []
    for number, one in enumerate(parts):
        name = KEYS[number] if number < len(KEYS) else f"k{number}"
        own = {"values": ["x", 1]} if not set(one) & {"values", "valuesKey"} else {}
        path = "rows" if one["type"] == "dynamiclist" and number == 0 else name
        components = keyed(one["components"])
        made.append(
            {"expression": "=a", **one, **own}
            | {"key": name, "path": path, "components": components}
        )
    return made


PLAUSIBLE = st.builds(
    lambda parts: schema(*keyed(parts)),
    st.lists(
        st.recursive(
            plausible(st.just([])),
            lambda inner: plausible(st.lists(inner, max_size=4)),
            max_leaves=8,
        ),
        min_size=1,
        max_size=6,
    ),
)


@SOME
@given(st.one_of(JSON, SCHEMAS, st.binary(max_size=30)))
def test_anything_is_a_form_or_has_problems(source):
    if not isinstance(source, dict | bytes):
        return
    problems = check(source)
    assert all(problem.message and problem.mend for problem in problems)
    if any(problem.severity is Severity.ERROR for problem in problems):
        try:
            load(source)
        except FormRefused:
            return
        raise AssertionError("problems, and yet a form")
    assert_works(load(source), {"a": ["1"], "rows[0].a": ["x"]})


FORM = form_of(
    part("textfield", "a", hide='=b = "x"', validate={"pattern": "^x+$", "minLength": 2}),
    part("number", "b", increment="0.3", validate={"min": "=c"}),
    part(
        "group",
        "g",
        readonly="=a = null",
        components=[
            part("datetime", "c", subtype="datetime", disallowPassedDates=True),
            part("datetime", "d", subtype="time", timeSerializingFormat="utc_normalized"),
        ],
    ),
    part("checklist", "l", values=options(1, True, "x"), required=True),
    part("radio", "r", valuesExpression="=for v in l return v"),
    part("filepicker", "f", multiple="=b > 1"),
    part("textfield", "p", properties={"input": "point"}),
    part("expression", "e", expression="=string(b) + a", computeOn="change"),
    part(
        "dynamiclist",
        "rows",
        components=[
            part("checkbox", "k"),
            part("number", "n", hide="=this.k"),
            part("dynamiclist", "subs", components=[part("select", "s", values=options("x", 2))]),
        ],
    ),
)
INPUTS = st.sampled_from(
    [
        *("a", "b", "g.c", "g.d", "l", "r", "f", "p", "e", "rows", "rows[0]", "rows[0].k"),
        *("rows[0].n", "rows[2].subs[0].s", "rows[9999].n", "rows[x].n", "_rows", "g", "g.c.x"),
        *("[0]", "rows[0][1].n"),
    ]
)
HTML = st.dictionaries(
    st.one_of(INPUTS, st.text(max_size=5)),
    st.lists(st.one_of(st.text(max_size=6), SCALARS.map(str)), max_size=3),
    max_size=8,
)
OBJECTS = st.dictionaries(
    st.sampled_from(["a", "b", "g", "l", "r", "f", "p", "rows", "other"]),
    st.one_of(
        JSON,
        st.lists(
            st.dictionaries(st.sampled_from(["k", "n", "subs"]), JSON, max_size=3), max_size=3
        ),
        st.dictionaries(st.sampled_from(["c", "d"]), JSON, max_size=2),
    ),
    max_size=6,
)


def assert_works(form: Form, posted):
    """Whatever is posted: answers with every key, or errors at names; and a page in any case."""
    errors, sentences = {}, {}
    try:
        answers = read(form, posted, context={"case": {}}, now=NOW, zone=SHANGHAI)
    except InvalidAnswers as wrong:
        errors = wrong.errors
        sentences = wrong.sentences
    else:
        again = read(form, answers.values, context={"case": {}}, now=NOW, zone=SHANGHAI)
        assert set(again.values) == set(answers.values)
    assert set(sentences) == set(errors)
    assert all(sentences.values())
    for answered in ({}, draft(form, posted)):
        page = view(
            form, answers=answered, context={"case": {}}, now=NOW, zone=SHANGHAI, errors=errors
        )
        assert page.id == form.id


@SOME
@given(PLAUSIBLE, st.one_of(HTML, OBJECTS))
def test_any_form_answers_any_post_or_tells_what_is_wrong(source, posted):
    problems = [p.code for p in check(source) if p.severity is Severity.ERROR]
    assert set(problems) <= {"template", "feel", "default"}
    if not problems:
        assert_works(load(source), posted)


@SOME
@given(st.one_of(HTML, OBJECTS))
def test_any_post_is_answered_or_told_what_is_wrong(posted):
    assert_works(FORM, posted)


@SOME
@given(
    HTML,
    st.one_of(st.text(max_size=12), INPUTS.map("add:{}".format), INPUTS.map("remove:{}".format)),
)
def test_any_action_on_rows_leaves_a_post(posted, action):
    assert_works(FORM, edit_rows(posted, action))


@SOME
@given(st.one_of(JSON, st.builds(lambda f, t: {"fields": f, "texts": t}, JSON, JSON)))
def test_any_labels_load_or_have_problems(source):
    if not isinstance(source, dict):
        return
    try:
        labels = labels_file.load(source)
    except FormRefused:
        assert any(problem.code == "labels" for problem in labels_file.check(source, FORM))
        return
    view(FORM, context={}, now=NOW, zone=SHANGHAI, labels=labels)
