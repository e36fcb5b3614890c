"""Passwords: refused with a sentence, kept as argon2id, compared in the same time for nobody."""

import re
from time import process_time

import pytest

from app.organisation import passwords
from app.organisation.passwords import (
    PasswordTooEasy,
    PasswordTooLong,
    PasswordTooShort,
    check_new_password,
    hash_password,
    needs_rehash,
    one_time_password,
    verify_password,
)


def test_a_password_is_kept_as_argon2id_with_a_salt_of_its_own() -> None:
    first, second = hash_password("correct horse battery"), hash_password("correct horse battery")
    assert first.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert first != second
    assert not needs_rehash(first)
    assert verify_password("correct horse battery", first)
    assert not verify_password("correct horse batterz", first)


def test_the_same_characters_typed_another_way_are_the_same_password() -> None:
    assert verify_password("cafe\u0301 at the corner", hash_password("caf\u00e9 at the corner"))


def test_what_is_no_hash_matches_nothing() -> None:
    assert not verify_password("correct horse battery", "not a hash")
    assert not verify_password("correct horse battery", None)


def test_an_unknown_login_takes_as_long_as_a_wrong_password() -> None:
    kept = hash_password("correct horse battery")
    verify_password("warm up", None)

    def fastest(of: str | None) -> float:
        taken = []
        for _ in range(3):
            began = process_time()
            verify_password("another password", of)
            taken.append(process_time() - began)
        return min(taken)

    assert fastest(None) > fastest(kept) / 3


@pytest.mark.parametrize("password", ["", "123456789", "九个字的密码不够啊"])
def test_a_short_password_is_refused(password: str) -> None:
    with pytest.raises(PasswordTooShort, match="at least 10 characters"):
        check_new_password(password, login="wang")


def test_a_password_without_end_is_refused() -> None:
    with pytest.raises(PasswordTooLong, match="at most 200"):
        check_new_password("long " * 41, login="wang")


@pytest.mark.parametrize("password", ["1234567890", "Password123", "aaaaaaaaaaaa", "Wang.Xiaoming"])
def test_what_somebody_would_try_first_is_refused(password: str) -> None:
    with pytest.raises(PasswordTooEasy):
        check_new_password(password, login="wang.xiaoming")


def test_a_sentence_is_taken_in_any_language() -> None:
    check_new_password("street lamps at dusk", login="wang")
    check_new_password("黄昏时分街上的路灯亮了", login="wang")


def test_one_time_passwords_are_readable_and_never_the_same() -> None:
    made = {one_time_password() for _ in range(50)}
    assert len(made) == 50
    assert all(re.fullmatch(r"[a-hj-km-np-z2-9]{4}(-[a-hj-km-np-z2-9]{4}){2}", one) for one in made)
    for one in made:
        check_new_password(one, login="wang")


def test_common_passwords_are_long_enough_to_matter() -> None:
    assert min(len(word) for word in passwords._TOO_COMMON) >= passwords.MINIMUM_LENGTH
