"""Signing in and out, and who is behind a request.

Attempts are counted in the database, so that the limits hold for all processes together; the slow
comparison of passwords happens outside any transaction.
"""

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from app.errors import CaseBusy, CaseError, InvalidInput
from app.json_types import JsonObject
from app.organisation.actor import Actor
from app.organisation.passwords import (
    check_new_password,
    hash_password,
    needs_rehash,
    verify_password,
)
from app.organisation.sessions import Lifetimes, SessionView, hash_of, new_token, view_of
from app.store import people as people_rows
from app.store import sessions as session_rows
from app.store.db import Transaction, reading, transaction
from app.store.settings import district_settings


class WrongCredentials(CaseError):
    """Login and password do not belong together. Check both; capital letters count."""

    code = "wrong_credentials"


class TooManyAttempts(CaseError):
    """There were too many attempts. Try again in {retry_after_minutes} minutes."""

    code = "too_many_attempts"

    def __init__(self, *, retry_after_seconds: int) -> None:
        """Say how long to wait, in seconds for programs and in minutes for people."""
        self.retry_after_seconds = retry_after_seconds
        super().__init__(
            retry_after_seconds=retry_after_seconds,
            retry_after_minutes=max(1, ceil(retry_after_seconds / 60)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInLimits:
    """How many wrong attempts are let through within a window.

    A login is watched from one address closely, from everywhere together loosely, so that nobody
    can lock a colleague out from elsewhere in a few tries.
    """

    window: timedelta = timedelta(minutes=15)
    per_login_and_address: int = 10
    per_login: int = 100
    per_address: int = 200


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The secret for the cookie of a new session, and whose it is."""

    token: str
    person_key: int
    language: str


def sign_in(
    login: str,
    password: str,
    *,
    address: str,
    replaces: str | None = None,
    limits: SignInLimits = SignInLimits(),
) -> SignedIn:
    """Begin a session for whoever knows login and password.

    `address` is where the request came from; `replaces` the token of a session that ends with it.

    Raises:
        WrongCredentials: they do not belong together, or the account is disabled.
        TooManyAttempts: too many were tried before.
    """
    buckets = _buckets(login, address, limits)
    with transaction() as tx:
        wait = max(_attempt(tx, name, at_most, limits.window) for name, at_most in buckets.items())
        person = people_rows.person_by_login(tx.connection, login)
    if wait:
        raise TooManyAttempts(retry_after_seconds=wait)
    kept: str | None = person.password_hash if person is not None else None
    is_right = verify_password(password, kept)
    if person is None or kept is None or not is_right or not person.is_active:
        raise WrongCredentials
    renewed = hash_password(password) if needs_rehash(kept) else None
    with transaction() as tx:
        session_rows.forgive(tx.connection, list(buckets))
        if renewed is not None:
            people_rows.update_person(tx.connection, person.key, password_hash=renewed)
        if replaces is not None:
            session_rows.delete_session(tx.connection, hash_of(replaces))
        token = _begin(tx, person.key, {})
    return SignedIn(token, person.key, person.language)


def start_session(data: JsonObject) -> str:
    """Begin a session for somebody who is not signed in, and return its token."""
    with transaction() as tx:
        return _begin(tx, None, data)


def open_session(
    token: str,
    *,
    now: datetime,
    lifetimes: Lifetimes = Lifetimes(),  # noqa: B008 frozen
) -> SessionView | None:
    """Return the live session of a token with who acts in it, in one statement; None: none.

    Once a minute the use is noted, in a transaction of its own.
    """
    token_hash = hash_of(token)
    with reading() as connection:
        rows = session_rows.find(connection, token_hash, now.date())
    view = view_of(token_hash, rows, now)
    if view is None or lifetimes.has_ended(view.began_at, view.last_seen_at, now):
        return None
    if view.needs_touch(now):
        # Reading a page must not fail because somebody is writing: it is noted next time.
        with suppress(CaseBusy), transaction() as tx:
            session_rows.touch(tx.connection, token_hash, tx.now)
    return view


def save_session_data(token: str, data: JsonObject) -> None:
    """Keep data with a session."""
    with transaction() as tx:
        session_rows.save_data(tx.connection, hash_of(token), data)


def sign_out(token: str) -> None:
    """End a session; nothing happens when it has ended already."""
    with transaction() as tx:
        session_rows.delete_session(tx.connection, hash_of(token))


def change_password(actor: Actor, current: str, new: str, *, token: str) -> None:
    """Let somebody choose a new password; every other session of theirs ends.

    Raises:
        WrongCredentials: the current password is another one.
        PasswordTooShort, PasswordTooLong, PasswordTooEasy: the new one cannot be taken.
    """
    with reading() as connection:
        person = people_rows.person_by_login(connection, actor.login)
    if person is None or not verify_password(current, person.password_hash):
        raise WrongCredentials
    check_new_password(new, login=actor.login)
    kept = hash_password(new)
    with transaction() as tx:
        people_rows.update_person(tx.connection, actor.person_key, password_hash=kept)
        session_rows.delete_sessions_of(tx.connection, actor.person_key, but=hash_of(token))


def choose_language(actor: Actor, language: str) -> None:
    """Remember the language somebody reads in.

    Raises:
        InvalidInput: the district does not offer it.
    """
    with transaction() as tx:
        if language not in district_settings(tx.connection).languages:
            raise InvalidInput(what="The language", why="it is not one of those offered here.")
        people_rows.update_person(tx.connection, actor.person_key, language=language)


def limit_rate(bucket: str, *, at_most: int, window: timedelta) -> None:
    """Count one more use of something open to everybody, such as a public form.

    `bucket` names what is counted and for whom; it is kept as a hash.

    Raises:
        TooManyAttempts: there were `at_most` in this window already.
    """
    with transaction() as tx:
        wait = _attempt(tx, _bucket("use", bucket), at_most, window)
    if wait:
        raise TooManyAttempts(retry_after_seconds=wait)


def _begin(tx: Transaction, person_key: int | None, data: JsonObject) -> str:
    token = new_token()
    session_rows.insert_session(
        tx.connection, hash_of(token), person_key=person_key, data=data, now=tx.now
    )
    return token


def _attempt(tx: Transaction, bucket: str, at_most: int, window: timedelta) -> int:
    """Count an attempt; return how many seconds to wait when it is one too many, else 0."""
    count, began = session_rows.count_attempt(tx.connection, bucket, window=window, now=tx.now)
    if count <= at_most:
        return 0
    return max(1, ceil((began + window - tx.now).total_seconds()))


def _buckets(login: str, address: str, limits: SignInLimits) -> dict[str, int]:
    name = login.casefold()
    return {
        _bucket("login at address", f"{name}\n{address}"): limits.per_login_and_address,
        _bucket("login", name): limits.per_login,
        _bucket("address", address): limits.per_address,
    }


def _bucket(kind: str, whose: str) -> str:
    """Name a counter without keeping whose it is."""
    return f"{kind}:{hashlib.sha256(whose.encode()).hexdigest()[:32]}"
