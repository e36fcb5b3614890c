"""One's own absence: who may stand in, what a deputy then can, and its end; both databases."""

from datetime import date, timedelta

import pytest

from app.cases import own_page, staff
from app.cases.absence import (
    AbsenceInThePast,
    AbsenceTooLong,
    AbsentAlready,
    DeputyAway,
    NothingToLend,
    NotYourDeputy,
    end_absence,
    set_absence,
)
from app.cases.assignment import take_back, take_over
from app.cases.handing_on import read_handing_on
from app.cases.handling import claim_task
from app.cases.inbox import Tab, read_inbox
from app.cases.staff import OwnDeputy, WrongSpan
from app.clock import moved_to
from app.errors import NotFound
from app.organisation.actor import Actor
from app.organisation.roles import Role
from tests.support import walk
from tests.support.colleagues import acting, hire, signed
from tests.support.district import TUESDAY_NINE, District

TODAY = date(2026, 11, 24)
FRIDAY = TODAY + timedelta(days=3)


def pair(district: District) -> tuple[Actor, Actor]:
    return district["handler"], hire(district, "second", Role.UNIT_HANDLER, "D-URBAN")


def test_a_deputy_is_offered_and_shown_what_the_absent_would_be(district: District) -> None:
    with moved_to(TUESDAY_NINE):
        handler, clerk = district["handler"], district["clerk"]
        case_key = signed(district)
        task_key = walk.open_tasks(case_key)["handle"]["key"]
        claim_task(handler, task_key, seen_version=1)
        absence = set_absence(handler, deputy_key=clerk.person_key, last=FRIDAY)
        deputy = acting(district, clerk.person_key, "clerk", TODAY)
        assert {held.on_behalf_of for held in deputy.positions} == {None, handler.person_key}
        assert [item.line.key for item in read_inbox(deputy, Tab.LENT, language="en").items] == [
            task_key
        ]
        take_over(deputy, task_key, seen_version=2)
        end_absence(handler, absence)
        back = acting(district, clerk.person_key, "clerk", TODAY)
        assert {held.on_behalf_of for held in back.positions} == {None}
        passed = read_inbox(handler, Tab.PASSED, language="en")
        assert [(item.line.key, item.holder) for item in passed.items] == [(task_key, "Clerk")]
        take_back(handler, task_key, seen_version=3)


def test_before_and_after_its_days_nobody_stands_in(district: District) -> None:
    handler, second = pair(district)
    with moved_to(TUESDAY_NINE):
        set_absence(handler, deputy_key=second.person_key, first=FRIDAY, last=FRIDAY)
    held = [
        len(acting(district, second.person_key, on=FRIDAY + timedelta(days=day)).positions)
        for day in (-1, 0, 1)
    ]
    assert held == [1, 2, 1]


def test_whoever_chooses_a_colleague_sees_who_is_away(district: District) -> None:
    with moved_to(TUESDAY_NINE):
        handler, second = pair(district)
        set_absence(handler, deputy_key=second.person_key, last=FRIDAY)
        task_key = walk.open_tasks(signed(district))["handle"]["key"]
        page = read_handing_on(district["leader"], task_key, language="en")
        away = {each.name: (each.away_until, each.deputy) for each in page.colleagues}
        assert away == {"Second": (None, ""), "Handler": (FRIDAY, "Second")}


def test_days_that_cannot_be_are_refused(district: District) -> None:
    handler, second = pair(district)
    key, day = second.person_key, timedelta(days=1)
    with moved_to(TUESDAY_NINE):
        for first, last, error in (
            (None, None, WrongSpan),
            (FRIDAY, TODAY, WrongSpan),
            (TODAY - day, FRIDAY, AbsenceInThePast),
            (TODAY, TODAY + 366 * day, AbsenceTooLong),
        ):
            with pytest.raises(error):
                set_absence(handler, deputy_key=key, first=first, last=last)
        set_absence(handler, deputy_key=key, first=TODAY, last=FRIDAY)
        with pytest.raises(AbsentAlready):
            set_absence(handler, deputy_key=key, first=FRIDAY, last=FRIDAY + day)


def test_only_a_colleague_of_the_unit_who_is_there_stands_in(district: District) -> None:
    handler, second = pair(district)
    with moved_to(TUESDAY_NINE):
        with pytest.raises(OwnDeputy):
            set_absence(handler, deputy_key=handler.person_key, last=FRIDAY)
        with pytest.raises(NotYourDeputy):
            set_absence(handler, deputy_key=district["parks_handler"].person_key, last=FRIDAY)
        with pytest.raises(NotFound):
            set_absence(handler, deputy_key=999_999_999, last=FRIDAY)
        set_absence(second, deputy_key=district["clerk"].person_key, last=TODAY)
        with pytest.raises(DeputyAway):
            set_absence(handler, deputy_key=second.person_key, last=FRIDAY)


def test_an_administrators_rights_are_not_lent_on_their_own_page(district: District) -> None:
    with pytest.raises(NothingToLend):
        set_absence(
            district["admin"],
            deputy_key=district["designer"].person_key,
            last=date(2999, 1, 1),
            first=date(2998, 12, 31),
        )


def test_nobody_ends_somebody_elses_absence(district: District) -> None:
    handler, second = pair(district)
    with moved_to(TUESDAY_NINE):
        key = set_absence(handler, deputy_key=second.person_key, last=FRIDAY)
        with pytest.raises(NotFound):
            end_absence(second, key)
        page = own_page.read_own_page(handler)
        assert [each.deputy_name for each in page.absences.own] == ["Second"]
    with moved_to(TUESDAY_NINE + timedelta(days=5)), pytest.raises(NotFound):
        end_absence(handler, key)


def test_a_closed_account_stands_in_for_nobody(district: District) -> None:
    handler, second = pair(district)
    staff.disable_person(district["admin"], second.person_key)
    with moved_to(TUESDAY_NINE), pytest.raises(NotFound):
        set_absence(handler, deputy_key=second.person_key, last=FRIDAY)


def test_what_is_over_is_told_apart_with_the_days_it_really_had(district: District) -> None:
    handler, second = pair(district)
    given = {"deputy_key": second.person_key}
    with moved_to(TUESDAY_NINE):
        set_absence(handler, **given, last=FRIDAY)
    with moved_to(TUESDAY_NINE + timedelta(days=2)):
        end_absence(handler, own_page.read_own_page(handler).absences.own[0].key)
        later = TODAY + timedelta(days=20)
        taken_back = set_absence(handler, **given, first=later, last=later)
        end_absence(handler, taken_back)
        set_absence(handler, **given, last=TODAY + timedelta(days=2))
        set_absence(handler, **given, first=later, last=later)
    with moved_to(TUESDAY_NINE + timedelta(days=3)):
        found = own_page.read_own_page(handler).absences
        assert [each.first_day for each in found.own] == [later]
        days = [(each.first_day, each.last_day) for each in found.past]
        assert days == [
            (later, TODAY + timedelta(days=1)),
            (TODAY + timedelta(days=2), TODAY + timedelta(days=2)),
            (TODAY, TODAY + timedelta(days=1)),
        ]
        assert own_page.read_own_page(second).absences.past == ()
