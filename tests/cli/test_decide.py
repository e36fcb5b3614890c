"""`whistle decide`: a designer tries a table at the terminal, with nothing but its file."""

import json
import shlex
from pathlib import Path

import pytest

from app import ROOT
from tests.cli.conftest import Whistle, parsed
from tests.dmn.models import model, table

DUTY_LIST = str(ROOT / "bpmn/duty_list.dmn")
FUMES = json.dumps(
    {"case": {"minor_class": "A05", "street": "S01", "community": None, "reported_on": None}}
)

LEAVE = """
<inputData id="i_from" name="First day"><variable name="First day" typeRef="date"/></inputData>
<inputData id="i_for" name="请假时长">
  <variable name="请假时长" typeRef="dayTimeDuration"/></inputData>
<inputData id="i_at" name="Sent"><variable name="Sent" typeRef="dateTime"/></inputData>
<decision id="back" name="Back on">
  <variable name="Back on" typeRef="date"/>
  <informationRequirement><requiredInput href="#i_from"/></informationRequirement>
  <informationRequirement><requiredInput href="#i_for"/></informationRequirement>
  <literalExpression><text>First day + 请假时长</text></literalExpression>
</decision>
<decision id="late" name="Sent late">
  <informationRequirement><requiredDecision href="#back"/></informationRequirement>
  <informationRequirement><requiredInput href="#i_at"/></informationRequirement>
  <literalExpression><text>date(Sent) &gt; Back on</text></literalExpression>
</decision>
<decisionService id="leave" name="Leave">
  <outputDecision href="#late"/><encapsulatedDecision href="#back"/>
  <inputData href="#i_from"/><inputData href="#i_for"/><inputData href="#i_at"/>
</decisionService>
"""
TWO_DAYS = '{"First day": "2026-03-01", "请假时长": "P2D"}'


@pytest.fixture(autouse=True)
def nothing_is_set_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHISTLE_INSTANCE", str(tmp_path / "none"))
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:9/none")


@pytest.fixture
def leave(tmp_path: Path) -> str:
    return put(tmp_path / "leave.dmn", model(LEAVE))


def put(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    return str(path)


def test_a_shipped_table_says_its_value_its_row_and_why(whistle: Whistle) -> None:
    said = whistle("decide", DUTY_LIST, "--decision", "Duty list", "--input", FUMES).stdout
    assert said.startswith('Duty list:\n  lead_unit: "D-URBAN"\n')
    assert 'given  Category (case.minor_class) = "A05"' in said
    assert 'row 5 applies: Category is "A05"' in said
    assert "why    City appearance: cooking fumes" in said
    assert "Warnings" not in said


def test_scripts_get_value_trace_and_warnings(whistle: Whistle) -> None:
    found = parsed(whistle("decide", DUTY_LIST, "--input", FUMES, "--json"))
    assert found["value"]["co_units"] == ["D-ENV", "D-MARKET"]
    assert [rule["number"] for rule in found["trace"][0]["rules"]] == [5]
    assert found["warnings"] == []


def test_inputs_come_from_a_file_and_from_standard_input(whistle: Whistle, tmp_path: Path) -> None:
    file = put(tmp_path / "case.json", FUMES.encode())
    from_file = whistle("decide", DUTY_LIST, "--input", f"@{file}").stdout
    from_stdin = whistle("decide", DUTY_LIST, "--input", "-", stdin=FUMES).stdout
    assert from_file == from_stdin
    assert "row 5 applies" in from_file


def test_texts_become_dates_and_durations_where_the_model_says_so(
    whistle: Whistle, leave: str
) -> None:
    found = parsed(whistle("decide", leave, "--decision", "back", "--input", TWO_DAYS, "--json"))
    assert found["value"] == "2026-03-03"
    given = {**json.loads(TWO_DAYS), "Sent": "2026-03-04T08:00:00+08:00"}
    for ask in (("--decision", "Sent late"), ("--service", "Leave")):
        said = parsed(whistle("decide", leave, *ask, "--input", json.dumps(given), "--json"))
        assert (said["value"], said["warnings"]) == (True, [])


def test_a_date_that_is_none_is_wrong_usage(whistle: Whistle, leave: str) -> None:
    words = ("decide", leave, "--decision", "back", "--input", '{"First day": "2026-02-30"}')
    assert "First day: '2026-02-30' is no date" in whistle(*words, code=2).stderr


def test_entries_of_typed_contexts_and_lists_become_dates_too(
    whistle: Whistle, tmp_path: Path
) -> None:
    body = """<itemDefinition name="Stay"><itemComponent name="from"><typeRef>date</typeRef>
    </itemComponent><itemComponent name="nights" isCollection="true"><typeRef>date</typeRef>
    </itemComponent></itemDefinition>
    <inputData id="i" name="Stay"><variable name="Stay" typeRef="Stay"/></inputData>
    <decision id="d" name="d"><informationRequirement><requiredInput href="#i"/>
    </informationRequirement><literalExpression><text>Stay.nights[item &gt; Stay.from]</text>
    </literalExpression></decision>"""
    file = put(tmp_path / "stay.dmn", model(body))
    given = '{"Stay": {"from": "2026-03-01", "nights": ["2026-03-01", "2026-03-02"]}}'
    assert parsed(whistle("decide", file, "--input", given, "--json"))["value"] == ["2026-03-02"]
    lacking = parsed(whistle("decide", file, "--input", '{"Stay": {"nights": []}}', "--json"))
    assert "Stay.from was not given, and its type asks for it" in lacking["warnings"]


def test_a_column_of_a_table_types_what_nobody_drew_as_input_data(
    whistle: Whistle, tmp_path: Path
) -> None:
    rules = [['< date("2026-03-01")', '"before"'], ["-", '"after"']]
    drawn = table(rules, inputs=["case.seen_on"], policy="FIRST")
    typed = drawn.replace(b"<inputExpression>", b'<inputExpression typeRef="date">')
    file = put(tmp_path / "t.dmn", typed)
    given = '{"case": {"seen_on": "2026-02-28"}}'
    assert parsed(whistle("decide", file, "--input", given, "--json"))["value"] == "before"


def test_feel_writes_what_no_type_tells(whistle: Whistle, tmp_path: Path) -> None:
    literal = "<literalExpression><text>x + duration(&quot;P1D&quot;)</text></literalExpression>"
    file = put(tmp_path / "l.dmn", model(f'<decision id="d" name="d">{literal}</decision>'))
    given = json.dumps({"x": '@"2026-02-28"'})
    assert parsed(whistle("decide", file, "--input", given, "--json"))["value"] == "2026-03-01"
    wrong = json.dumps({"x": '@"February"'})
    assert "x: @" in whistle("decide", file, "--input", wrong, code=2).stderr


def test_numbers_keep_every_digit(whistle: Whistle, tmp_path: Path) -> None:
    literal = "<literalExpression><text>x + 0.1</text></literalExpression>"
    file = put(tmp_path / "n.dmn", model(f'<decision id="d" name="d">{literal}</decision>'))
    said = whistle("decide", file, "--input", '{"x": 0.2000000000000000000000000001}').stdout
    assert said == "d: 0.3000000000000000000000000001\n"


def test_the_moment_can_be_chosen(whistle: Whistle, tmp_path: Path) -> None:
    literal = "<literalExpression><text>today()</text></literalExpression>"
    file = put(tmp_path / "t.dmn", model(f'<decision id="d" name="d">{literal}</decision>'))
    now = "2026-03-01T01:00:00+08:00"
    assert whistle("decide", file, "--now", now).stdout.startswith("d: 2026-03-01")
    assert "2026-03-01T09" in whistle("decide", file, "--now", "2026-03-01", code=2).stderr


def test_what_is_missing_is_named_with_what_may_have_been_meant(
    whistle: Whistle, leave: str
) -> None:
    given = '{"First  day": "2026-03-01"}'
    said = whistle("decide", leave, "--decision", "back", "--input", given).stdout
    assert "First day was not given and is null (was it meant by 'First  day'?)" in said
    assert "请假时长 was not given and is null" in said


def test_without_a_name_the_decisions_are_listed_with_what_they_need(
    whistle: Whistle, leave: str
) -> None:
    said = whistle("decide", leave).stdout
    assert "decision Back on (back)\n    needs First day: date\n" in said
    assert "    needs 请假时长: days and time duration\n" in said
    assert "service Leave (leave)\n" in said
    rows = parsed(whistle("decide", leave, "--json"))
    assert [row["id"] for row in rows] == ["back", "late", "leave"]
    dated = ["First day: date", "请假时长: days and time duration"]
    assert rows[1]["needs"] == [*dated, "Sent: date and time"]
    assert "several" in whistle("decide", leave, "--input", "{}", code=2).stderr


def test_an_unknown_name_is_answered_with_the_known_ones(whistle: Whistle, leave: str) -> None:
    said = whistle("decide", leave, "--decision", "Back in", code=2).stderr
    assert "Did you mean 'Back on'? There is: Back on (back), Sent late (late)" in said
    assert "Leave (leave)" in whistle("decide", leave, "--service", "Left", code=2).stderr
    assert (
        "not both" in whistle("decide", leave, "--service", "a", "--decision", "b", code=2).stderr
    )


HEAD = (
    'xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="{0}" name="{0}" namespace="urn:{0}"'
)
ASKS = """<import name="rates" namespace="urn:rates"
  importType="https://www.omg.org/spec/DMN/20191111/MODEL/"/>
<decision id="d" name="Price"><informationRequirement><requiredDecision href="urn:rates#r"/>
</informationRequirement><literalExpression><text>rates.Rate * 2</text></literalExpression>
</decision>"""
RATES = """<inputData id="i" name="Level"><variable name="Level" typeRef="number"/></inputData>
<decision id="r" name="Rate"><informationRequirement><requiredInput href="#i"/>
</informationRequirement><literalExpression><text>Level + 1</text></literalExpression></decision>"""


def test_imports_are_found_beside_the_file_or_where_they_are_said_to_be(
    whistle: Whistle, tmp_path: Path
) -> None:
    asks = put(tmp_path / "price.dmn", model(ASKS, head=HEAD.format("price")))
    put(tmp_path / "broken.dmn", b"<no")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    rates = put(elsewhere / "rates.dmn", model(RATES, head=HEAD.format("rates")))
    words = ("decide", asks, "--input", '{"rates": {"Level": 4}}')
    assert whistle(*words, "--import", rates).stdout.startswith("Price: 10")
    assert "urn:rates" in whistle(*words, code=1).stderr
    put(tmp_path / "rates.dmn", model(RATES, head=HEAD.format("rates")))
    assert whistle(*words).stdout.startswith("Price: 10")
    assert "rates.Level was not given" in whistle("decide", asks).stdout


def test_no_row_and_the_default_are_said_plainly(whistle: Whistle, tmp_path: Path) -> None:
    rules = [["1", '"one"']]
    bare = put(tmp_path / "bare.dmn", table(rules))
    said = whistle("decide", bare, "--input", '{"x": 2}').stdout
    assert "no row applies\n" in said
    assert "no rule matches" in said
    fallen = put(tmp_path / "default.dmn", table(rules, default='"other"'))
    said = whistle("decide", fallen, "--input", '{"x": 2}').stdout
    assert 'no row applies; what holds by default is "other"' in said


def test_rows_that_contradict_each_other_are_named(whistle: Whistle, tmp_path: Path) -> None:
    file = put(tmp_path / "t.dmn", table([["> 1", "1"], ["> 2", "2"]]))
    said = whistle("decide", file, "--input", '{"x": 5}').stdout
    assert "cannot decide (rows 1, 2 apply): only one rule may match" in said


def test_a_decision_beside_a_fault_is_decided_and_the_fault_is_told(
    whistle: Whistle, tmp_path: Path
) -> None:
    body = """<decision id="a" name="a"><literalExpression><text>1 + 1</text></literalExpression>
    </decision>
    <decision id="b" name="b"><literalExpression><text>1 +</text></literalExpression></decision>"""
    file = put(tmp_path / "two.dmn", model(body))
    said = whistle("decide", file, "--decision", "a", code=1)
    assert said.stdout == "a: 2\n"
    assert f"{file}:4: " in said.stderr


def test_a_broken_model_is_told_at_its_line(whistle: Whistle, tmp_path: Path) -> None:
    file = put(tmp_path / "broken.dmn", table([["1", "2 +"]]))
    assert f"{file}:2: " in whistle("decide", file, "--input", '{"x": 1}', code=1).stderr
    for content in (b"", b"<definitions/>", b"\xff\xfe"):
        put(tmp_path / "broken.dmn", content)
        assert f"{file}:1:" in whistle("decide", file, code=1).stderr
    whistle("decide", str(tmp_path / "none.dmn"), code=2)


@pytest.mark.parametrize(
    "given", ["{", "[]", "3", '{"x": NaN}', "@no-such-file.json", '{"a":' * 100_000, "text"]
)
def test_inputs_that_are_no_object_of_json_are_wrong_usage(whistle: Whistle, given: str) -> None:
    assert "'--input'" in whistle("decide", DUTY_LIST, "--input", given, code=2).stderr


def test_an_expression_without_end_is_stopped_in_a_sentence(
    whistle: Whistle, tmp_path: Path
) -> None:
    endless = "count(for a in 1..9999 return for b in 1..9999 return a)"
    literal = f"<literalExpression><text>{endless}</text></literalExpression>"
    file = put(tmp_path / "e.dmn", model(f'<decision id="d" name="d">{literal}</decision>'))
    said = whistle("decide", file, code=1)
    assert said.stderr.startswith("whistle: ")
    assert "Traceback" not in said.output


def test_the_handbook_shows_what_the_command_prints(
    whistle: Whistle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    shown = (ROOT / "docs/modelling.md").read_text().split("```\n$ whistle ")[1].split("```")[0]
    command, _, printed = shown.partition("\n")
    assert whistle(*shlex.split(command)).stdout == printed
