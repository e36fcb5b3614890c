"""By which channel the staff registers is said by a table: changed in the browser, it is heeded."""

import re

import pytest

from app.cases import table_drafts, table_trial
from app.cases.staff_channels import NoChannel
from app.cases.table_drafts import GivenRow
from app.cases.table_effect import put_into_effect
from app.cases.table_questions import AskedKind
from app.dmn.editing import read_sheet
from app.organisation.permissions import ROLES_FOR, Action
from app.organisation.roles import Role, role_label
from tests.bpmn_shipped.shipped import ROOT
from tests.cases.test_registering import LAMP, SETTLED, register
from tests.support import walk
from tests.support.district import District

TABLE = "registering_rules"
ROLE, TOLD, VALID = (f"{TABLE}_in_{name}" for name in ("role", "is_told", "reported_on"))
CHANNEL, NOTICED = f"{TABLE}_channel", f"{TABLE}_noticed_by"
TOLD_THEM = {"noticed_by": "resident", "is_anonymous": "true", "reporter_language": "zh-CN"}
COMMUNITY_PATROL = {ROLE: "community_officer", CHANNEL: "patrol", NOTICED: "self"}


def channel(district: District, login: str, answers: dict[str, str]) -> str:
    return str(walk.case_row(register(district, login, answers).case_key)["channel"])


@pytest.mark.parametrize(
    ("login", "answers", "wanted"),
    [
        ("worker", LAMP, "patrol"),
        ("worker", {**LAMP, **TOLD_THEM}, "staff"),
        ("officer", LAMP, "staff"),
        ("clerk", {**LAMP, **TOLD_THEM}, "staff"),
    ],
)
def test_the_shipped_rows(
    sqlite_district: District, login: str, answers: dict[str, str], wanted: str
) -> None:
    assert channel(sqlite_district, login, answers) == wanted


def test_a_new_row_for_a_role_is_heeded_from_its_day_on(district: District) -> None:
    designer = district["designer"]
    table_drafts.save_row(designer, TABLE, GivenRow({**COMMUNITY_PATROL, VALID: "2199-01-01.."}))
    put_into_effect(designer, TABLE)
    assert channel(district, "officer", LAMP) == "staff"
    table_drafts.save_row(designer, TABLE, GivenRow(COMMUNITY_PATROL))
    put_into_effect(designer, TABLE)
    assert channel(district, "officer", LAMP) == "patrol"
    done = register(district, "officer", SETTLED)
    assert walk.case_row(done.case_key)["self_handled"], "the form offers it on patrol"


def test_a_role_without_a_row_is_told_so_in_plain_words(sqlite_district: District) -> None:
    table_drafts.remove_row(sqlite_district["designer"], TABLE, "registering_other")
    put_into_effect(sqlite_district["designer"], TABLE)
    assert channel(sqlite_district, "worker", LAMP) == "patrol"
    with pytest.raises(NoChannel, match="by the role community_officer comes in"):
        register(sqlite_district, "officer", LAMP)


def test_every_role_that_may_register_can_be_chosen() -> None:
    sheet = read_sheet((ROOT / "bpmn" / f"{TABLE}.dmn").read_bytes(), TABLE)
    listed = re.findall(r'"(\w+)"', sheet.columns[0].listed)
    assert listed == [role.value for role in Role if role in ROLES_FOR[Action.REPORT_CASE]]


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_roles_are_tried_out_by_their_names(sqlite_district: District, language: str) -> None:
    asked = {"var.role": "hotline_agent", "var.is_told": "no"}
    trial = table_trial.try_out(sqlite_district["designer"], TABLE, asked, language=language)
    kinds = {each.name: each.kind for each in trial.asked}
    assert kinds["var.role"] is AskedKind.CHOICE
    assert trial.in_force is not None
    (reason,) = trial.in_force.reasons
    assert reason.inputs[0].value == role_label(Role.HOTLINE_AGENT, language)
    assert trial.in_force.warnings == ()
