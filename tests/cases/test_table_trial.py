"""Every table can be tried out: the question is made of its own columns, in both languages."""

import pytest

from app import ROOT
from app.cases import table_drafts, table_trial, tables
from app.cases.designs import deploy
from app.cases.table_drafts import GivenRow
from app.cases.table_questions import Asked, AskedKind, ValueNotRead
from app.cases.table_trial import Trial
from tests.support import walk
from tests.support.district import District

TABLES = sorted(path.stem for path in (ROOT / "bpmn").glob("*.dmn"))


def tried(
    district: District, table: str, given: dict[str, str] | None = None, language: str = "en"
) -> Trial:
    return table_trial.try_out(district["designer"], table, given, language=language)


def fields(trial: Trial) -> dict[str, Asked]:
    return {each.name: each for each in trial.asked}


def answer(trial: Trial) -> dict[str, str]:
    assert trial.in_force is not None
    assert trial.in_force.warnings == ()
    (reason,) = trial.in_force.reasons
    return dict(reason.rows[0].outputs)


def given_words(trial: Trial) -> list[str]:
    assert trial.in_force is not None
    return [each.value for each in trial.in_force.reasons[0].inputs]


def one_of(asked: Asked) -> str:
    """Return something that can be answered to a field."""
    if asked.choices:
        return asked.choices[0].code
    usual = {AskedKind.FLAG: "yes", AskedKind.NUMBER: "3", AskedKind.DAY: "2026-11-24"}
    usual[AskedKind.INSTANT] = "2026-11-24T09:00"
    return usual.get(asked.kind, "resolved")


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_every_shipped_table_is_asked_all_that_it_reads(
    sqlite_district: District, language: str
) -> None:
    for table in TABLES:
        empty = tried(sqlite_district, table, language=language)
        assert empty.in_force is None, "nothing is asked before somebody does"
        asked = {each.name: one_of(each) for each in empty.asked}
        page = tables.read_table(sqlite_district["designer"], table, language=language)
        assert len(asked) == sum(column.is_input for column in page.columns), table
        found = tried(sqlite_district, table, asked, language)
        assert found.in_force is not None
        assert found.in_force.warnings == (), table
        assert all(given_words(found)), f"{table}: every input got a value"


def test_a_whistle_is_asked_for_its_kind(sqlite_district: District) -> None:
    trial = tried(sqlite_district, "whistle_limits", language="zh-CN")
    (kind,) = trial.asked
    assert (kind.name, kind.is_fact, kind.is_open) == ("var.kind", False, True)
    assert {each.code: each.name for each in kind.choices}["emergency"]
    answers = [
        answer(tried(sqlite_district, "whistle_limits", {"var.kind": code}))
        for code in ("emergency", "joint_enforcement")
    ]
    assert answers[0] != answers[1]


def test_who_is_told_is_said_by_their_roles(sqlite_district: District) -> None:
    for language, name in (("en", "Supervisor"), ("zh-CN", "督办员")):
        given = {"var.kind": "emergency"}
        said = answer(tried(sqlite_district, "whistle_limits", given, language)).values()
        assert any(name in each for each in said)
        assert not any("street_leader" in each for each in said)


def test_yes_and_no_are_asked_as_such(sqlite_district: District) -> None:
    asked = fields(tried(sqlite_district, "callback_rules"))
    assert (asked["is_anonymous"].kind, asked["var.is_complex"].kind) == (AskedKind.FLAG,) * 2
    assert (asked["is_anonymous"].is_fact, asked["var.is_complex"].is_fact) == (True, False)


@pytest.mark.parametrize(
    ("given", "seen"),
    [
        ({"self_handled": "yes"}, {"Settled on the spot": "Yes", "Severity": "ordinary"}),
        ({"self_handled": "no", "severity": "major"}, {"Settled on the spot": "No"}),
        ({"severity": ""}, {"Severity": "", "Settled on the spot": ""}),
        ({"minor_class": "C01"}, {"Group": "Public facilities"}),
        ({"major_class": "F", "minor_class": "C01"}, {"Group": "Public safety"}),
        ({"reported_on": "2027-02-03"}, {"Valid": "2027-02-03"}),
    ],
)
def test_the_table_is_given_what_was_said(
    sqlite_district: District, given: dict[str, str], seen: dict[str, str]
) -> None:
    trial = tried(sqlite_district, "sampling", given)
    assert trial.in_force is not None
    inputs = {each.label: each.value for each in trial.in_force.reasons[0].inputs}
    assert {name: inputs[name] for name in seen} == seen


def test_what_the_other_tables_read_is_asked_beside(district: District) -> None:
    trial = tried(district, "sampling", {"severity": "urgent"})
    more = {each.name for each in trial.more}
    assert {"minor_class", "street", "community", "channel"} <= more
    assert not more & fields(trial).keys()
    assert trial.others is not None
    limits = next(each for each in trial.others.reasons if each.table == "Limits")
    assert dict(limits.rows[0].outputs)["Handle"] == "PT24H"


def test_what_cannot_be_read_is_told_at_its_field_and_nothing_is_asked(
    sqlite_district: District,
) -> None:
    trial = tried(sqlite_district, "limits", {"reported_on": "tomorrow"})
    assert isinstance(fields(trial)["reported_on"].error, ValueNotRead)
    assert trial.in_force is None


ANYTHING = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="anything" name="Anything"
    namespace="http://example.org/anything">
  <decision id="anything" name="Anything">
    <decisionTable id="anything_table" hitPolicy="FIRST">
      <input id="at"><inputExpression typeRef="dateTime"><text>case.established_at</text></inputExpression></input>
      <input id="grade"><inputExpression typeRef="number"><text>case.grade</text></inputExpression></input>
      <input id="share"><inputExpression typeRef="number"><text>answers.handle.share</text></inputExpression></input>
      <input id="wait"><inputExpression typeRef="dayTimeDuration"><text>wait</text></inputExpression></input>
      <input id="helpers"><inputExpression typeRef="boolean"><text>count(case.co_units) &gt; 1</text></inputExpression></input>
      <output id="out" name="out" typeRef="string"/>
      <rule id="r"><inputEntry><text></text></inputEntry><inputEntry><text>&gt; 3</text></inputEntry><inputEntry><text>0.5</text></inputEntry><inputEntry><text>&gt;= duration("PT3H")</text></inputEntry><inputEntry><text>true</text></inputEntry><outputEntry><text>"yes"</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>
"""  # noqa: E501
READ = {
    "established_at": "2026-11-24T09:00",
    "grade": "4",
    "var.answers.handle.share": "0.5",
    "var.wait": "PT4H",
    "co_units": "D-URBAN，D-WATER",
}


def test_values_of_every_type_can_be_named(sqlite_district: District) -> None:
    deploy({"anything.dmn": ANYTHING.encode()}, actor=None)
    trial = tried(sqlite_district, "anything", READ)
    assert [each.kind.value for each in trial.asked] == [
        "instant",
        "number",
        "number",
        "span",
        "list",
    ]
    assert list(answer(trial).values()) == ["yes"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("established_at", "0001-01-01T00:00"),
        ("established_at", "soon"),
        ("grade", "١٢"),
        ("grade", "1e9"),
        ("var.answers.handle.share", "half"),
        ("var.wait", 'PT4H" + "'),
        ("var.wait", "four hours"),
    ],
)
def test_a_value_of_another_type_is_refused(
    sqlite_district: District, name: str, text: str
) -> None:
    deploy({"anything.dmn": ANYTHING.encode()}, actor=None)
    trial = tried(sqlite_district, "anything", {**READ, name: text})
    assert [each.name for each in trial.asked if each.error] == [name]
    assert trial.in_force is None


@pytest.mark.parametrize("table", ["whistle_limits", "callback_rules"])
def test_the_last_cases_are_not_counted_where_a_case_does_not_say_it(
    sqlite_district: District, table: str
) -> None:
    walk.report(minor_class="A01")
    found = table_trial.recount(sqlite_district["designer"], table, 100, language="en")
    assert (found.looked_at, found.parted) == (0, 0)
    assert found.beside == tried(sqlite_district, table).beside
    assert found.beside


@pytest.mark.parametrize(
    ("table", "row", "output", "said"),
    [
        ("limits", "limit_ordinary", "limits_handle", "3 wd"),
        ("sampling", "sampling_other", "sampling_rate", "10"),
        ("verification", "verification_other", "verification_is_needed", "yes"),
        ("escalation_steps", "step_warn_work", "escalation_steps_share", "0.5"),
        ("duty_list", "duty_other", "duty_list_lead_unit", "D-PARKS"),
        ("matters", "matter_other", "matters_limit_class", "urgent"),
    ],
)
def test_a_row_with_days_answers_within_them_alone(
    sqlite_district: District, table: str, row: str, output: str, said: str
) -> None:
    """Every table of the matters, duties, limits, steps and rates has the same validity."""
    valid = f"{table}_in_reported_on"
    before = tables.read_row(sqlite_district["designer"], table, row, language="en").given
    cells = {**before, valid: "2027-01-01..2027-12-31", output: said}
    table_drafts.save_row(sqlite_district["designer"], table, GivenRow(cells))
    found = tables.read_table(sqlite_district["designer"], table, language="en")
    assert next(row for row in found.rows if row.change == "added").validity == "future"
    assert [column.label for column in found.columns if column.key == valid] == ["Valid"]
    days = ("2026-12-31", "2027-01-01", "2027-12-31", "2028-01-01")
    differs = [tried(sqlite_district, table, {"reported_on": day}).differs for day in days]
    assert differs == [False, True, True, False]


ASKING_ANOTHER = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="asking" name="Asking"
    namespace="http://example.org/asking">
  <decision id="fee" name="fee">
    <informationRequirement id="r"><requiredDecision href="#zone"/></informationRequirement>
    <decisionTable id="fee_table" hitPolicy="FIRST">
      <input id="fee_zone"><inputExpression typeRef="string"><text>zone</text></inputExpression></input>
      <input id="fee_hours"><inputExpression typeRef="number"><text>hours</text></inputExpression></input>
      <output id="fee_out" name="fee" typeRef="number"/>
      <rule id="inner"><inputEntry><text>"inner"</text></inputEntry><inputEntry><text>&gt; 2</text></inputEntry><outputEntry><text>5</text></outputEntry></rule>
    </decisionTable>
  </decision>
  <decision id="zone" name="zone">
    <decisionTable id="zone_table" hitPolicy="FIRST">
      <input id="zone_street"><inputExpression typeRef="string"><text>case.street</text></inputExpression></input>
      <output id="zone_out" name="zone" typeRef="string"/>
      <rule id="in_S01"><inputEntry><text>"S01"</text></inputEntry><outputEntry><text>"inner"</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>
"""  # noqa: E501


def test_a_table_that_asks_another_of_its_file_asks_for_what_that_one_reads(
    sqlite_district: District,
) -> None:
    deploy({"asking.dmn": ASKING_ANOTHER.encode()}, actor=None)
    assert set(fields(tried(sqlite_district, "fee"))) == {"var.hours", "street"}
    trial = tried(sqlite_district, "fee", {"var.hours": "2.5", "street": "S01"})
    assert trial.in_force is not None
    assert dict(trial.in_force.reasons[-1].rows[0].outputs) == {"fee": "5"}
    wrong = tried(sqlite_district, "fee", {"var.hours": "many", "street": "S01"})
    assert fields(wrong)["var.hours"].error is not None
