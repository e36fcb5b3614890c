"""What reporters may do, and when, is said by a table: changed in the browser, it is heeded."""

import pytest

from app.cases import table_drafts, table_trial
from app.cases.resident_answering import NotToBeWithdrawn, ask_withdrawal, rate
from app.cases.resident_urging import CaseOver, NotNow, add_facts, urge
from app.cases.resident_waiting import Offers
from app.cases.table_drafts import GivenRow
from app.cases.table_effect import put_into_effect
from app.cases.tracking import track
from app.engine.errors import NobodyWaits
from tests.support import walk
from tests.support.district import District
from tests.support.residents import posting

TABLE = "resident_offers"
REJECTED = {"decision": "reject", "reject_code": "no_facts", "reason": "Nothing there"}
GRADE = {"grade": "2", "resolved": "yes"}


def change(district: District, row_id: str, **outputs: str) -> None:
    """Put other answers of a row into effect, as a designer does in the browser."""
    cells = {f"{TABLE}_{name}": said for name, said in outputs.items()}
    table_drafts.save_row(district["designer"], TABLE, GivenRow(cells, row_id=row_id))
    put_into_effect(district["designer"], TABLE)


def offered(offers: Offers) -> list[str]:
    names = ("can_add", "can_urge", "can_rate", "can_withdraw", "can_appeal")
    return [name for name in names if getattr(offers, name)]


def test_what_is_offered_follows_the_road_of_a_case(district: District) -> None:
    receipt, rejected = walk.report(), walk.report()
    key = receipt.case_key
    assert offered(track(receipt.token).offers) == ["can_add", "can_urge", "can_withdraw"]
    walk.do(district["officer"], rejected.case_key, "triage", REJECTED)
    assert offered(track(rejected.token).offers) == ["can_add", "can_withdraw", "can_appeal"]
    walk.to_callback(district, key)
    assert offered(track(receipt.token).offers) == ["can_add", "can_rate", "can_withdraw"]
    walk.rate(key)
    assert offered(track(receipt.token).offers) == ["can_add", "can_withdraw"]
    walk.do(district["dispatcher"], key, "close", walk.CLOSED)
    assert offered(track(receipt.token).offers) == []


def test_a_handled_case_can_be_urged_where_the_row_says_so(district: District) -> None:
    receipt = walk.report()
    walk.to_callback(district, receipt.case_key)
    with pytest.raises(NotNow):
        urge(receipt.token)
    change(district, "offers_handled", can_urge="yes")
    assert track(receipt.token).offers.can_urge
    urge(receipt.token)
    assert track(receipt.token).offers.urged == 1


def test_what_a_row_takes_away_is_neither_shown_nor_done(sqlite_district: District) -> None:
    receipt = walk.report()
    change(sqlite_district, "offers_open", can_add="no", can_urge="no", can_withdraw="no")
    assert offered(track(receipt.token).offers) == []
    with pytest.raises(NotNow):
        urge(receipt.token)
    with pytest.raises(NotNow):
        add_facts(receipt.token, posting(facts="Two bags more"))
    with pytest.raises(NotToBeWithdrawn):
        ask_withdrawal(receipt.token, posting(reason="Gone"))


def test_no_row_opens_what_a_closed_case_cannot_take(sqlite_district: District) -> None:
    receipt = walk.report()
    walk.to_end(sqlite_district, receipt.case_key)
    change(sqlite_district, "offers_closed", can_add="yes", can_urge="yes", can_rate="yes")
    assert offered(track(receipt.token).offers) == []
    with pytest.raises(CaseOver):
        urge(receipt.token)


def test_a_rating_before_anybody_asks_comes_from_when_the_row_says(district: District) -> None:
    receipt = walk.report()
    for login, step, answers in walk.TO_CALLBACK[:-2]:
        walk.do(district[login], receipt.case_key, step, answers)
    with pytest.raises(NobodyWaits):
        rate(receipt.token, posting(**GRADE))
    change(district, "offers_open", can_rate="yes")
    rate(receipt.token, posting(**GRADE))
    assert not track(receipt.token).offers.can_rate, "one counts"


def test_where_no_row_fits_nothing_is_offered(sqlite_district: District) -> None:
    receipt = walk.report()
    table_drafts.remove_row(sqlite_district["designer"], TABLE, "offers_open")
    put_into_effect(sqlite_district["designer"], TABLE)
    assert offered(track(receipt.token).offers) == []


@pytest.mark.parametrize(
    ("language", "column", "said"), [("en", "Urge", ["Yes", "No"]), ("zh-CN", "催办", ["是", "否"])]
)
def test_it_is_tried_out_in_words(
    sqlite_district: District, language: str, column: str, said: list[str]
) -> None:
    found = []
    for at in ("", "2026-11-24T09:00"):
        asked = {"handled_at": at, "var.has_rated": "no", "var.may_appeal": "no"}
        trial = table_trial.try_out(sqlite_district["designer"], TABLE, asked, language=language)
        assert trial.in_force is not None
        assert trial.in_force.warnings == ()
        found.append(dict(trial.in_force.reasons[0].rows[0].outputs)[column])
    assert found == said
