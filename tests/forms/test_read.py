"""Posts become answers: types, limits, hidden and readonly fields, rows, files."""

from datetime import UTC, datetime

import pytest

from app.forms import FileAnswer, InvalidAnswers, read
from app.forms.points import said
from tests.forms.making import (
    NOW,
    SHANGHAI,
    answered,
    codes,
    field_shown,
    fields_in,
    form_of,
    options,
    part,
    shown,
)

TEXT = part("textfield", "a")
NUMBER = part("number", "a")
DAY = part("datetime", "a", subtype="date")
TIME = part("datetime", "a", subtype="time")
INSTANT = part("datetime", "a", subtype="datetime")
POINT = part("textfield", "a", properties={"input": "point"})
POSITION = part("textfield", "a", properties={"input": "point", "source": "device"})
PHOTO = part("filepicker", "a", properties={"input": "photo", "kind": "after"})
PHOTOS = part("filepicker", "a", properties={"input": "photo", "kind": "after"}, multiple=True)
CHOICE = part("radio", "a", values=options("x", "y"))
CHOICES = part("checklist", "a", values=options("x", "y"))

GOOD = [
    (TEXT, ["  some words "], "some words"),
    (TEXT, ["two\r\nlines\there"], "two lines here"),
    (TEXT, ["nul\x00 and bell\x07"], "nul and bell"),
    (TEXT, ["   "], None),
    (TEXT, 5, "5"),
    (part("textarea", "a"), ["two\r\nlines\r"], "two\nlines"),
    (NUMBER, ["12"], 12),
    (NUMBER, [" 12.50 "], 12.5),
    (NUMBER, ["１２"], 12),
    (NUMBER, ["-0.1"], -0.1),
    (NUMBER, ["1e3"], 1000),
    (NUMBER, [""], None),
    (NUMBER, 0, 0),
    (part("number", "a", serializeToString=True), ["12.50"], "12.50"),
    (part("checkbox", "a"), ["true"], True),
    (part("checkbox", "a"), ["", "on"], True),
    (part("checkbox", "a"), [""], False),
    (part("checkbox", "a"), False, False),
    (CHOICE, ["y"], "y"),
    (CHOICE, ["", "x"], "x"),
    (CHOICE, [""], None),
    (CHOICES, ["", "x", "y", "x"], ["x", "y"]),
    (CHOICES, [""], []),
    (CHOICES, "x", ["x"]),
    (part("taglist", "a", values=options("x", "y")), ["y"], ["y"]),
    (part("radio", "a", values=options(1, 2)), ["2"], 2),
    (part("radio", "a", values=options(True, False)), ["false"], False),
    (part("select", "a", values=options({"unit": 7})), ['{"unit":7}'], {"unit": 7}),
    (part("radio", "a", properties={"input": "grade"}), ["4"], 4),
    (part("radio", "a", values=options("5", "1"), properties={"input": "grade"}), ["5"], 5),
    (DAY, ["2026-03-31"], "2026-03-31"),
    (TIME, ["16:30"], "16:30+08:00"),
    (TIME, ["16：30"], "16:30+08:00"),
    (
        part("datetime", "a", subtype="time", timeSerializingFormat="no_timezone"),
        ["16:30"],
        "16:30",
    ),
    (
        part("datetime", "a", subtype="time", timeSerializingFormat="utc_normalized"),
        ["16:30"],
        "08:30Z",
    ),
    (INSTANT, ["2026-03-31T16:30"], "2026-03-31T16:30:00+08:00"),
    (INSTANT, ["2026-03-31 16:30"], "2026-03-31T16:30:00+08:00"),
    (INSTANT, "2026-03-31T08:30:00Z", "2026-03-31T16:30:00+08:00"),
    (
        part("datetime", "a", subtype="datetime", timeSerializingFormat="utc_normalized"),
        ["2026-03-31T16:30"],
        "2026-03-31T08:30:00Z",
    ),
    (POINT, ["22.5431, 114.0579"], {"lat": 22.5431, "lon": 114.0579}),
    (POINT, {"lat": 22, "lon": -114.05}, {"lat": 22.0, "lon": -114.05}),
    (POINT, [""], None),
    (PHOTO, ["", "41"], ["41"]),
    (PHOTO, 41, ["41"]),
    (PHOTO, ["41", "42"], ["42"]),
    (PHOTOS, ["41", "42", "41"], ["41", "42"]),
    (PHOTOS, [""], []),
]


@pytest.mark.parametrize(("field", "posted", "answer"), GOOD)
def test_a_post_becomes_an_answer(field, posted, answer):
    given = answered(form_of(field), {"a": posted})["a"]
    assert given == answer
    assert type(given) is type(answer)


WRONG = [
    (TEXT, {"x": 1}, "text"),
    (TEXT, ["x" * 20_001], "max_length"),
    (NUMBER, ["12 m"], "number"),
    (NUMBER, ["NaN"], "number"),
    (NUMBER, ["1_000"], "number"),
    (NUMBER, ["1,000"], "number"),
    (NUMBER, True, "number"),
    (NUMBER, ["1e400"], "number"),
    (NUMBER, ["1234567890123456"], "number_size"),
    (NUMBER, ["0.00000000001"], "number_size"),
    (part("number", "a", decimalDigits=0), ["1.5"], "integer"),
    (part("number", "a", decimalDigits=2), ["1.555"], "digits"),
    (part("number", "a", increment=5), ["7"], "step"),
    (part("number", "a", validate={"min": 3}), ["2"], "min"),
    (part("number", "a", validate={"max": "=case.most"}), ["8"], "max"),
    (part("textfield", "a", validate={"minLength": 3}), ["ab"], "min_length"),
    (part("textfield", "a", validate={"maxLength": 3}), ["abcd"], "max_length"),
    (part("textfield", "a", validate={"pattern": "^[0-9]+$"}), ["12a"], "pattern"),
    (part("textfield", "a", validate={"validationType": "email"}), ["nobody"], "email"),
    (part("textfield", "a", validate={"validationType": "phone"}), ["call me"], "phone"),
    (part("checkbox", "a"), "perhaps", "checkbox"),
    (CHOICE, ["z"], "option"),
    (CHOICE, ["x", "z"], "option"),
    (CHOICES, ["x", "z"], "option"),
    (part("radio", "a", properties={"input": "grade"}), ["6"], "option"),
    (DAY, ["2026-02-30"], "date"),
    (DAY, ["31.3.2026"], "date"),
    (TIME, ["25:00"], "time"),
    (INSTANT, ["2026-03-31"], "datetime"),
    (INSTANT, 5, "datetime"),
    (part("datetime", "a", subtype="date", disallowPassedDates=True), ["2026-03-09"], "past"),
    (POINT, ["91,0"], "point"),
    (POINT, ["here"], "point"),
    (POINT, ["40,116;device;12"], "point"),
    (POSITION, ["here;device;12"], "point"),
    (POINT, {"lat": 1}, "point"),
    (PHOTO, ["../etc/passwd"], "file"),
    (PHOTO, ["0"], "file"),
    (PHOTO, [41, 42], "one_file"),
    (PHOTOS, [str(n) for n in range(1, 52)], "many_files"),
    (part("textfield", "a", required=True), [" "], "required"),
    (part("number", "a", required=True), [""], "required"),
    (part("checkbox", "a", required=True), [""], "required_tick"),
    (part("radio", "a", values=options("x"), required=True), [""], "required_choice"),
    (part("checklist", "a", values=options("x"), required=True), [""], "required_choice"),
    (part("filepicker", "a", required=True), [""], "required_file"),
    ({**PHOTO, "validate": {"required": True}}, [""], "required_photo"),
    ({**POINT, "validate": {"required": True}}, [""], "required_point"),
]


@pytest.mark.parametrize(("field", "posted", "code"), WRONG)
def test_a_wrong_post_is_told_by_code(field, posted, code):
    context = {"case": {"most": 7}}
    assert codes(form_of(field), {"a": posted}, context=context) == {"a": [code]}


def test_zero_and_false_are_answers():
    form = form_of(
        part("number", "n", required=True),
        part("radio", "r", values=options(0, False), required=True),
    )
    assert answered(form, {"n": ["0"], "r": ["0"]}) == {"n": 0, "r": 0}


def test_today_is_judged_in_the_district_not_in_greenwich():
    form = form_of(part("datetime", "a", subtype="date", disallowPassedDates=True))
    late = datetime(2026, 3, 9, 17, 0, tzinfo=UTC)  # already the 10th in Shanghai
    assert codes(form, {"a": ["2026-03-09"]}, now=late) == {"a": ["past"]}
    assert codes(form, {"a": ["2026-03-10"]}, now=late) == {}


def spoken(subtype="datetime", **ends):
    return form_of(part("datetime", "a", subtype=subtype, properties=ends))


@pytest.mark.parametrize(
    ("form", "value", "expected"),
    [
        # it is ten o'clock in the district
        (spoken(latest="=now()"), "2026-03-10T10:00", []),
        (spoken(latest="=now()"), "2026-03-10T10:01", ["latest"]),
        (spoken(latest="=now()"), "2026-03-10T10:01:00+09:00", []),
        (spoken(earliest="=case.reported_at"), "2026-03-10T09:30", []),
        (spoken(earliest="=case.reported_at"), "2026-03-10T09:29", ["earliest"]),
        (spoken(earliest="=case.nothing"), "1999-01-01T00:00", []),
        (spoken(earliest='="soon"'), "1999-01-01T00:00", []),
        (spoken(latest="=today()"), "2026-03-10T23:59", []),
        (spoken(latest="=today()"), "2026-03-11T00:00", ["latest"]),
        (spoken("date", latest="=today()"), "2026-03-11", ["latest"]),
        (spoken("date", latest="=now()"), "2026-03-10", []),
        (spoken("date", earliest="=case.reported_at"), "2026-03-09", ["earliest"]),
    ],
)
def test_a_time_lies_between_its_ends_by_the_clock_of_the_district(form, value, expected):
    reported = datetime(2026, 3, 10, 1, 30, 20, tzinfo=UTC)
    found = codes(form, {"a": [value]}, context={"case": {"reported_at": reported}})
    assert found.get("a", []) == expected


def test_the_end_is_named_as_the_district_says_it():
    with pytest.raises(InvalidAnswers) as refused:
        answered(spoken(latest="=now()"), {"a": ["2026-03-11T10:00"]}, language="zh-CN")
    assert refused.value.sentences == {"a": ["时间过晚，请填写 2026-03-10 10:00 或以前的时间。"]}


@pytest.mark.parametrize("kind", ["radio", "select", "checklist", "taglist"])
def test_what_is_withheld_is_neither_offered_nor_taken(kind):
    unless = {"withheld": '=if free = false then ["y"] else []'}
    form = form_of(part(kind, "a", values=options("x", "y"), properties=unless))
    assert codes(form, {"a": ["y"]}, context={"free": False}) == {"a": ["option"]}
    assert codes(form, {"a": ["x"]}, context={"free": False}) == {}
    assert codes(form, {"a": ["y"]}, context={"free": True}) == {}
    field = fields_in(shown(form, context={"free": False}).children)["a"]
    assert [option.token for option in field.options] == ["x"]


def test_every_key_is_there_and_nothing_else():
    form = form_of(
        part("textfield", "a"),
        part("group", "g", components=[part("number", "n"), part("textfield", "p.q")]),
        part("dynamiclist", "rows", components=[part("textfield", "t"), part("checkbox", "c")]),
        part("filepicker", "f"),
    )
    assert answered(form, {"rows[0]": ["1"], "unknown": ["x"], "g.other": ["y"]}) == {
        "a": None,
        "g": {"n": None, "p": {"q": None}},
        "rows": [{"t": None, "c": False}],
        "f": [],
    }
    assert answered(form, {"g": 5, "rows": "no", "a": None}) == {
        "a": None,
        "g": {"n": None, "p": {"q": None}},
        "rows": [],
        "f": [],
    }


def test_hidden_answers_are_null_and_never_wrong():
    form = form_of(
        part("checkbox", "x"),
        part("number", "n", hide="=x", required=True),
        part("group", "g", hide="=x", components=[part("textfield", "t", required=True)]),
        part("dynamiclist", "rows", hide="=x", components=[part("textfield", "t", required=True)]),
        part("checklist", "l", hide="=x", values=options("p")),
    )
    posted = {"x": ["true"], "n": ["no number"], "g.t": ["smuggled"], "rows[0].t": [""], "l": ["q"]}
    assert answered(form, posted) == {
        "x": True,
        "n": None,
        "g": {"t": None},
        "rows": None,
        "l": None,
    }


def test_what_hangs_on_a_hidden_answer_follows_it():
    form = form_of(
        part("radio", "kind", values=options("noise", "waste")),
        part("radio", "source", hide='=kind != "noise"', values=options("works", "shop")),
        part("textfield", "site", hide='=source != "works"', required=True),
        part("textfield", "permit", hide="=site = null", required=True),
    )
    posted = {"kind": ["waste"], "source": ["works"], "site": ["left over"], "permit": [""]}
    assert answered(form, posted) == {
        "kind": "waste",
        "source": None,
        "site": None,
        "permit": None,
    }


def test_conditions_in_a_circle_come_to_an_end():
    form = form_of(
        part("number", "a", hide="=b != null"),
        part("number", "b", hide="=a != null"),
    )
    assert answered(form, {"a": ["1"], "b": ["2"]}) == {"a": 1, "b": 2}


def test_readonly_and_disabled_fields_believe_the_context_not_the_post():
    form = form_of(
        part("textfield", "level", readonly=True),
        part("textfield", "note", readonly='=case.level = "street"', required=True),
        part("number", "count", disabled=True, defaultValue=3, required=True),
        part("textfield", "seen", hide="=count != 3"),
    )
    posted = {"level": ["district"], "note": ["mine"], "count": ["9"], "seen": ["yes"]}
    context = {"case": {"level": "street"}, "level": "street"}
    assert answered(form, posted, context=context) == {
        "level": "street",
        "note": None,
        "count": None,
        "seen": "yes",
    }
    editable = {"case": {"level": "district"}}
    assert answered(form, posted, context=editable)["note"] == "mine"


def test_a_readonly_field_of_a_row_takes_the_contexts_row_or_its_default():
    form = form_of(
        part(
            "dynamiclist",
            "rows",
            components=[
                part("textfield", "unit", readonly=True, defaultValue="kg"),
                part("number", "n"),
            ],
        )
    )
    posted = {f"rows[{n}].{key}": ["9"] for n in range(3) for key in ("unit", "n")}
    rows = [{"unit": "lb", "n": 9}, {"unit": "kg", "n": 9}, {"unit": "kg", "n": 9}]
    context = {"rows": [{"unit": "lb"}]}
    assert answered(form, posted, context=context) == {"rows": rows}


def test_rows_of_a_fixed_list_cannot_be_added():
    form = form_of(
        part(
            "dynamiclist",
            "rows",
            allowAddRemove=False,
            defaultRepetitions=2,
            components=[part("textfield", "t")],
        )
    )
    posted = {f"rows[{n}].t": [str(n)] for n in range(4)}
    assert answered(form, posted) == {"rows": [{"t": "0"}, {"t": "1"}]}


def test_missing_row_numbers_close_up_and_errors_name_the_closed_rows():
    form = form_of(part("dynamiclist", "rows", components=[part("textfield", "t", required=True)]))
    assert answered(form, {"rows[3].t": ["b"], "rows[1].t": ["a"]}) == {
        "rows": [{"t": "a"}, {"t": "b"}]
    }
    assert codes(form, {"rows[3].t": [""], "rows[1].t": ["a"]}) == {"rows[1].t": ["required"]}


def test_too_many_rows_are_told_at_their_list():
    inner = part("dynamiclist", "subs", components=[part("textfield", "t")])
    form = form_of(part("dynamiclist", "rows", components=[inner]))
    assert codes(form, {f"rows[{n}]": ["1"] for n in range(101)}) == {"rows": ["many_rows"]}
    nested = {f"rows[{n}].subs[{m}].t": ["x"] for n in range(20) for m in range(99)}
    found = codes(form, nested)
    assert set(found) == {f"rows[{n}].subs" for n in range(4, 20)}
    assert codes(form, {"rows": [{"subs": [{}] * 99}] * 20}) == found


def test_files_join_those_already_there_and_replace_a_single_one():
    row = part("filepicker", "photo", properties={"input": "photo", "kind": "before"})
    form = form_of(
        PHOTOS,
        part("filepicker", "one"),
        part("dynamiclist", "rows", components=[row]),
    )
    posted = {"a": ["1"], "one": ["2"], "rows[2].photo": [""]}
    files = {"a": ["11"], "one": ["12"], "rows[2].photo": ["13"], "other": ["14"]}
    answers = read(form, posted, context={}, now=NOW, zone=SHANGHAI, files=files)
    assert answers.values == {"a": ["1", "11"], "one": ["12"], "rows": [{"photo": ["13"]}]}
    assert answers.files == (
        FileAnswer("a", "after", ("1", "11")),
        FileAnswer("one", "", ("12",)),
        FileAnswer("rows[0].photo", "before", ("13",)),
    )
    field = form.file_field("rows[2].photo")
    assert field is not None
    assert field.photo == "before"
    assert form.file_field("nothing") is None


def test_computed_answers_come_from_the_server():
    form = form_of(
        part("number", "a"),
        part("expression", "twice", expression="=a * 2", computeOn="change"),
        part("expression", "seen", expression='=case.number + "!"', computeOn="presubmit"),
        part("expression", "none", expression="=a / nothing", computeOn="change"),
        part(
            "dynamiclist",
            "rows",
            components=[
                part("number", "n"),
                part("expression", "square", expression="=this.n ** 2", computeOn="change"),
            ],
        ),
    )
    posted = {"a": ["2"], "twice": ["99"], "rows[0].n": ["3"], "rows[0].square": ["0"]}
    assert answered(form, posted, context={"case": {"number": "A-1"}}) == {
        "a": 2,
        "twice": 4,
        "seen": "A-1!",
        "none": None,
        "rows": [{"n": 3, "square": 9}],
    }


def test_an_expression_without_end_is_stopped_and_counts_as_null():
    endless = "=count(for a in 1..9999 return for b in 1..9999 return a) > 0"
    form = form_of(
        part("textfield", "a", hide=endless),
        part("expression", "b", expression=endless, computeOn="change"),
    )
    assert answered(form, {"a": ["x"]}) == {"a": "x", "b": None}


def test_errors_come_in_reading_order_as_sentences_of_the_language():
    form = form_of(
        part("textfield", "last", required=True, id="one"),
        part("group", "g", components=[part("number", "first", required=True)]),
    )
    with pytest.raises(InvalidAnswers) as caught:
        answered(form, {}, language="zh-CN")
    assert caught.value.sentences == {"last": ["请填写此项。"], "g.first": ["请填写此项。"]}
    assert list(caught.value.errors) == ["last", "g.first"]
    assert caught.value.code == "invalid_answers"
    assert "2" in str(caught.value)


def test_a_form_is_judged_alike_from_html_and_from_json():
    form = form_of(
        part("number", "n", required=True),
        part("checklist", "l", values=options("x", "y")),
        part("dynamiclist", "rows", components=[part("datetime", "d", subtype="date")]),
    )
    html = {"n": ["4"], "l": ["x"], "rows[0].d": ["2026-01-01"]}
    plain = {"n": 4, "l": ["x"], "rows": [{"d": "2026-01-01"}]}
    assert answered(form, html) == answered(form, plain) == plain


@pytest.mark.parametrize(
    ("sent", "source", "metres"),
    [
        ("40,116;device;12", "device", 12),
        ("40,116;device;0", "device", 0),
        ("40,116;device", "device", None),
        ("40,116;device;far", "device", None),
        ("40,116;device;-1", "device", None),
        ("40,116;map", "map", None),
        ("40,116;map;3", "map", None),
        ("40，116", "typed", None),
        ("40,116;satellite", "typed", None),
        ({"lat": 40, "lon": 116, "source": "device", "accuracy_m": 8}, "device", 8),
        ({"lat": 40, "lon": 116}, "typed", None),
    ],
)
def test_a_position_keeps_how_it_came(sent, source, metres):
    form = form_of(POSITION)
    found = answered(form, {"a": sent} if isinstance(sent, dict) else {"a": [sent]})["a"]
    assert found == {"lat": 40.0, "lon": 116.0, "source": source, "accuracy_m": metres}
    again = field_shown(form, {"a": found})
    assert answered(form, {"a": [again.value]})["a"] == found, "a draft stays what it was"


def test_a_position_that_is_missing_asks_for_the_button():
    form = form_of({**POSITION, "validate": {"required": True}})
    assert codes(form, {"a": [""]}) == {"a": ["required_position"]}


def test_how_a_position_came_is_said_to_who_reads_it():
    place = {"lat": 40.0, "lon": 116.0}
    assert said(place, "en") == "40.0, 116.0"
    by_device = {**place, "source": "device", "accuracy_m": 12}
    assert said(by_device, "zh-CN") == "40.0, 116.0（设备定位，精度约 12 米）"
    assert said({**by_device, "accuracy_m": None}, "en") == "40.0, 116.0 (position of the device)"
    assert said({**place, "source": "typed"}, "en") == "40.0, 116.0 (typed by hand)"
    assert said({**place, "source": "map"}, "zh-CN") == "40.0, 116.0（手工在地图上点选）"
