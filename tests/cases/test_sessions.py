"""Signing in and out: time-outs, limits on attempts, deputies, and what ends a session."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.cases.sessions import (
    SignInLimits,
    TooManyAttempts,
    WrongCredentials,
    change_password,
    choose_language,
    limit_rate,
    open_session,
    save_session_data,
    sign_in,
    sign_out,
    start_session,
)
from app.clock import moved_to
from app.errors import InvalidInput
from app.organisation.actor import Actor, position_for
from app.organisation.passwords import PasswordTooShort
from app.organisation.roles import Role
from app.organisation.sessions import Lifetimes, SessionView
from app.store.db import reading, transaction
from app.store.settings import save_setting
from app.store.tables import organisation as t
from tests.organisation.staffed import BOTH, PASSWORD, database, staffed, statements
from tests.support.district import District

NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
FEW = SignInLimits(per_login_and_address=3, per_login=5, per_address=6)


@pytest.fixture(scope="module", params=BOTH)
def app(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    with database(request.param, request, tmp_path_factory) as made:
        yield made


@pytest.fixture
def district(app: Flask) -> Iterator[District]:
    with moved_to(NINE):
        yield staffed(app)


def signed_in(login: str = "officer", at: datetime = NINE) -> str:
    with moved_to(at):
        return sign_in(login, PASSWORD, address="10.0.0.1").token


def opened(token: str, at: datetime = NINE) -> SessionView:
    with moved_to(at):
        view = open_session(token, now=at)
    assert view is not None
    return view


def actor_of(token: str, at: datetime = NINE) -> Actor:
    actor = opened(token, at).actor
    assert actor is not None
    return actor


def test_whoever_signs_in_acts_in_their_positions(district: District) -> None:
    actor = actor_of(signed_in())
    assert (actor.person_key, actor.login) == (district["officer"].person_key, "officer")
    (held,) = actor.positions
    assert (held.role, held.unit_key) == (Role.COMMUNITY_OFFICER, district.units["S01-C01"])
    assert held.unit_path.endswith(f"/{held.unit_key}/")


def test_a_login_is_found_whatever_its_capital_letters(district: District) -> None:
    assert sign_in("Officer", PASSWORD, address="a").person_key == district["officer"].person_key


def test_opening_a_session_with_its_actor_takes_one_statement(district: District) -> None:
    token = signed_in()
    with statements() as ran:
        assert open_session(token, now=NINE + MINUTE / 2) is not None
    assert len(ran) == 1


def test_its_use_is_noted_at_most_once_a_minute(district: District) -> None:
    token = signed_in()
    assert opened(token, NINE + MINUTE * 0.9).last_seen_at == NINE
    assert opened(token, NINE + MINUTE).last_seen_at == NINE
    assert opened(token, NINE + MINUTE * 1.5).last_seen_at == NINE + MINUTE


def test_a_session_ends_when_it_is_not_used(district: District) -> None:
    token = signed_in()
    used = NINE + timedelta(minutes=50)
    assert opened(token, used)
    assert opened(token, used + timedelta(minutes=59))
    assert open_session(token, now=used + timedelta(minutes=59 + 60)) is None


def test_a_session_ends_after_its_longest_time_however_busy(district: District) -> None:
    token = signed_in()
    short = Lifetimes(idle=timedelta(hours=1), absolute=timedelta(hours=2))
    at = NINE
    while at < NINE + timedelta(hours=2):
        with moved_to(at):
            assert open_session(token, now=at, lifetimes=short) is not None
        at += timedelta(minutes=30)
    assert open_session(token, now=at, lifetimes=short) is None


def test_signing_out_ends_the_session(district: District) -> None:
    token, other = signed_in(), signed_in()
    sign_out(token)
    sign_out(token)
    assert open_session(token, now=NINE) is None
    assert opened(other)


def test_a_token_nobody_was_given_opens_nothing(district: District) -> None:
    assert open_session("made up", now=NINE) is None


def test_the_database_does_not_hold_what_opens_a_session(district: District) -> None:
    token = signed_in()
    with reading() as connection:
        kept = connection.scalars(select(t.login_session.c.token_hash)).all()
    assert len(kept) == 1
    assert token not in kept[0]


def test_a_disabled_account_is_signed_out_and_cannot_sign_in(district: District) -> None:
    token = signed_in()
    with transaction() as tx:
        disabled = update(t.person).where(t.person.c.login == "officer").values(is_active=False)
        tx.connection.execute(disabled)
    assert open_session(token, now=NINE) is None
    with pytest.raises(WrongCredentials):
        signed_in()


def test_a_new_session_replaces_the_one_before_it(district: District) -> None:
    visitor = start_session({"language": "en"})
    token = sign_in("officer", PASSWORD, address="a", replaces=visitor).token
    assert open_session(visitor, now=NINE) is None
    assert opened(token)


def test_somebody_not_signed_in_can_have_data_kept(district: District) -> None:
    token = start_session({"language": "en"})
    save_session_data(token, {"language": "zh-CN", "seen": [1, 2]})
    view = opened(token)
    assert view.actor is None
    assert view.data == {"language": "zh-CN", "seen": [1, 2]}


@pytest.mark.parametrize(
    ("login", "password"),
    [("officer", "wrong password"), ("nobody", PASSWORD), ("", ""), ("officer", "x" * 5000)],
)
def test_wrong_credentials_do_not_tell_which_part_is_wrong(
    district: District, login: str, password: str
) -> None:
    with pytest.raises(WrongCredentials) as caught:
        sign_in(login, password, address="10.0.0.1")
    assert str(caught.value).startswith("Login and password do not belong together")


def test_after_a_few_wrong_attempts_a_login_waits(district: District) -> None:
    for _ in range(3):
        with pytest.raises(WrongCredentials):
            sign_in("officer", "wrong password", address="a", limits=FEW)
    with moved_to(NINE + timedelta(minutes=5)), pytest.raises(TooManyAttempts) as caught:
        sign_in("officer", PASSWORD, address="a", limits=FEW)
    assert caught.value.retry_after_seconds == 600
    assert "in 10 minutes" in str(caught.value)
    with moved_to(NINE + timedelta(minutes=15)):
        assert sign_in("officer", PASSWORD, address="a", limits=FEW)


def test_a_colleague_elsewhere_is_not_locked_out_by_a_few_tries(district: District) -> None:
    for _ in range(3):
        with pytest.raises(WrongCredentials):
            sign_in("officer", "wrong password", address="a", limits=FEW)
    assert sign_in("officer", PASSWORD, address="b", limits=FEW)


def test_one_login_tried_from_everywhere_waits_too(district: District) -> None:
    for number in range(5):
        with pytest.raises(WrongCredentials):
            sign_in("officer", "wrong password", address=f"a{number}", limits=FEW)
    with pytest.raises(TooManyAttempts):
        sign_in("officer", PASSWORD, address="b", limits=FEW)


def test_one_address_that_tries_every_login_waits(district: District) -> None:
    for number in range(6):
        with pytest.raises(WrongCredentials):
            sign_in(f"guess{number}", "wrong password", address="a", limits=FEW)
    with pytest.raises(TooManyAttempts):
        sign_in("officer", PASSWORD, address="a", limits=FEW)


def test_right_attempts_do_not_use_up_the_limit(district: District) -> None:
    for _ in range(8):
        assert sign_in("officer", PASSWORD, address="a", limits=FEW)


def test_a_public_form_takes_so_many_and_then_asks_to_wait(district: District) -> None:
    for _ in range(2):
        limit_rate("report from 10.0.0.9", at_most=2, window=MINUTE)
    with pytest.raises(TooManyAttempts) as caught:
        limit_rate("report from 10.0.0.9", at_most=2, window=MINUTE)
    assert caught.value.retry_after_seconds == 60
    limit_rate("report from 10.0.0.8", at_most=2, window=MINUTE)


def test_changing_the_password_ends_every_other_session(district: District) -> None:
    here, elsewhere = signed_in(), signed_in()
    change_password(actor_of(here), PASSWORD, "another good sentence", token=here)
    assert opened(here)
    assert open_session(elsewhere, now=NINE) is None
    assert sign_in("officer", "another good sentence", address="a")
    with pytest.raises(WrongCredentials):
        signed_in()


def test_a_password_is_changed_only_by_who_knows_it_and_to_a_good_one(district: District) -> None:
    token = signed_in()
    actor = actor_of(token)
    with pytest.raises(WrongCredentials):
        change_password(actor, "not the password", "another good sentence", token=token)
    with pytest.raises(PasswordTooShort):
        change_password(actor, PASSWORD, "short", token=token)
    assert signed_in()


def test_a_password_kept_with_old_parameters_is_kept_anew(district: District) -> None:
    from argon2 import PasswordHasher

    weak = PasswordHasher(time_cost=1, memory_cost=1024).hash(PASSWORD)
    with transaction() as tx:
        tx.connection.execute(update(t.person).values(password_hash=weak))
    assert signed_in()
    with reading() as connection:
        mine = select(t.person.c.password_hash).where(t.person.c.login == "officer")
        kept = connection.scalar(mine)
    assert kept is not None
    assert "m=65536" in kept
    assert signed_in()


def lend(position_key: int, to: int, *, since: date, until: date | None = None) -> None:
    with transaction() as tx:
        tx.connection.execute(
            t.deputy.insert().values(
                key=tx.next_key(),
                position_key=position_key,
                person_key=to,
                valid_from=since,
                valid_to=until,
            )
        )


def test_a_deputy_acts_on_behalf_while_appointed(district: District) -> None:
    dispatcher = district["dispatcher"]
    lend(
        dispatcher.positions[0].position_key,
        district["officer"].person_key,
        since=date(2026, 3, 2),
        until=date(2026, 3, 3),
    )
    tuesday = NINE + timedelta(days=1)
    acting = actor_of(signed_in(at=tuesday), tuesday)
    assert [held.role for held in acting.positions] == [
        Role.COMMUNITY_OFFICER,
        Role.STREET_DISPATCHER,
    ]
    taken = position_for(acting, [["street_dispatcher", district.units["S01"]]])
    assert taken is not None
    assert taken.on_behalf_of == dispatcher.person_key
    wednesday = NINE + timedelta(days=2)
    assert len(actor_of(signed_in(at=wednesday), wednesday).positions) == 1


def test_positions_change_at_midnight_of_the_district(district: District) -> None:
    with transaction() as tx:
        mine = t.position.c.person_key == district["officer"].person_key
        last = update(t.position).where(mine).values(valid_to=date(2026, 3, 2))
        tx.connection.execute(last)
    late = datetime(2026, 3, 2, 15, 59, tzinfo=UTC)
    token = signed_in(at=late)
    assert len(actor_of(token, late).positions) == 1
    assert actor_of(token, late + MINUTE).positions == ()
    with transaction() as tx:
        save_setting(tx.connection, "zone", "Europe/London")
    assert len(actor_of(token, late + MINUTE).positions) == 1


def test_a_language_is_remembered_if_the_district_offers_it(district: District) -> None:
    choose_language(district["officer"], "en")
    assert actor_of(signed_in()).language == "en"
    with pytest.raises(InvalidInput, match="not one of those offered"):
        choose_language(district["officer"], "tlh")
