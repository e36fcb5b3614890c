"""From which grade on a rating is bad is said once: the callback, the rating after closing and the
rates all ask the case rules; changed in the browser, all three heed it."""

import re

import pytest

from app import ROOT
from app.analytics.evaluated import Measure
from app.analytics.rates import read_counted, read_rates
from app.cases import table_drafts
from app.cases.designs import deploy
from app.cases.setup import shipped_files
from app.cases.table_drafts import GivenRow
from app.cases.table_effect import put_into_effect
from app.cases.tables import read_row
from app.store.db import reading
from app.store.resident_view import started_by
from tests.support import walk
from tests.support.district import District

TABLE, BAD = "case_rules", "case_rules_bad_grade"


def bad_from(district: District, grade: int, *, group: str = "") -> None:
    """Put another bad grade into effect, for all cases or in a row for one group of categories."""
    designer = district["designer"]
    if group:
        cells = dict(read_row(designer, TABLE, "case_rules_default", language="en").given)
        given = GivenRow({**cells, BAD: str(grade), "case_rules_in_major_class": f'"{group}"'})
    else:
        given = GivenRow({BAD: str(grade)}, row_id="case_rules_default")
    table_drafts.save_row(designer, TABLE, given)
    put_into_effect(designer, TABLE)


def rated(district: District, grade: int, *, minor_class: str = "A01") -> int:
    """Return a case of a category that was handled, then rated with this grade."""
    key = walk.report(minor_class=minor_class).case_key
    triaged = {**walk.TRIAGED, "minor_class": minor_class}
    walk.do(district["officer"], key, "triage", triaged)
    if "dispatch" in walk.open_tasks(key):
        walk.do(district["dispatcher"], key, "dispatch", walk.DISPATCHED)
    for login, step, answers in walk.TO_CALLBACK[1:]:
        walk.do(district[login], key, step, answers)
    walk.rate(key, grade=grade)
    return key


def is_verified(case_key: int) -> bool:
    return "verify_bad_rating" in walk.open_tasks(case_key)


def satisfied(district: District) -> tuple[int, int]:
    total = read_rates(district["supervisor"]).total
    listed = read_counted(district["supervisor"], Measure.SATISFIED).items
    assert len(listed) == total[Measure.SATISFIED], "a number and its list do not differ"
    return total[Measure.SATISFIED], total[Measure.RATED]


@pytest.mark.parametrize(("limit", "bad"), [(4, [4, 5]), (5, [5]), (3, [3, 4, 5])])
def test_the_callback_and_the_rates_go_by_one_table(
    sqlite_district: District, limit: int, bad: list[int]
) -> None:
    if limit != 4:
        bad_from(sqlite_district, limit)
    keys = {grade: rated(sqlite_district, grade) for grade in range(2, 6)}
    assert [grade for grade, key in keys.items() if is_verified(key)] == bad
    assert satisfied(sqlite_district) == (4 - len(bad), 4)


def test_a_group_has_its_own_bad_grade_everywhere(district: District) -> None:
    bad_from(district, 3, group="A")
    in_group, elsewhere = rated(district, 3), rated(district, 3, minor_class="C03")
    assert (is_verified(in_group), is_verified(elsewhere)) == (True, False)
    assert satisfied(district) == (1, 2)


@pytest.mark.parametrize(("limit", "is_bad"), [(4, True), (5, False)])
def test_a_grade_after_closing_goes_by_it_too(
    sqlite_district: District, limit: int, is_bad: bool
) -> None:
    bad_from(sqlite_district, limit)
    key = walk.report(channel="patrol").case_key
    walk.to_callback(sqlite_district, key)
    walk.do(sqlite_district["dispatcher"], key, "close", walk.CLOSED)
    walk.rate(key, grade=4)
    with reading() as connection:
        begun = started_by(connection, key, "CallbackStarted")
    assert len(begun) == (2 if is_bad else 1)
    assert is_verified(key) is is_bad


def older() -> dict[str, bytes]:
    """Return callback and its rules as they were when these held a bad grade of their own."""
    files = {name.rpartition("/")[2]: data for name, data in shipped_files(ROOT).items()}
    column = b'name="bad_from" typeRef="number" />'
    drawn = files["callback_rating.bpmn"].replace(b"gt;= bad_grade", b"gt;= rules.bad_from")
    rules = files["callback_rules.dmn"]
    output = b'      <output id="callback_rules_verify"'
    rules = rules.replace(
        output, b'      <output id="b" label="Bad from grade" ' + column + b"\n" + output
    )
    entry = rb'( +)<outputEntry id="callback_(\w+)_verify">'
    own = rb'\1<outputEntry id="callback_\2_b"><text>4</text></outputEntry>\n\g<0>'
    rules, rows = re.subn(entry, own, rules)
    assert b"rules.bad_from" in drawn
    assert rows == rules.count(b"<rule ")
    return {"callback_rating.bpmn": drawn, "callback_rules.dmn": rules}


def test_a_callback_of_before_goes_on_by_the_grade_it_began_with(district: District) -> None:
    deploy(older(), actor=None)
    key = walk.report().case_key
    walk.to_callback(district, key)
    deploy(shipped_files(ROOT), actor=None)
    bad_from(district, 5)
    walk.rate(key, grade=4)
    assert is_verified(key)
    assert not is_verified(rated(district, 4))
