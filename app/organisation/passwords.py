"""Passwords: how they are kept (argon2id), when one is kept anew, and which are refused.

Hashing takes a noticeable moment on purpose; callers do it outside any transaction.
"""

import secrets
import unicodedata
from functools import cache
from hmac import compare_digest

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.errors import CaseError

MINIMUM_LENGTH = 10
MAXIMUM_LENGTH = 200
ONE_TIME_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_TOO_COMMON = frozenset(
    {
        "1234567890",
        "0123456789",
        "0987654321",
        "12345678910",
        "1111111111",
        "0000000000",
        "password12",
        "password123",
        "passw0rd123",
        "qwertyuiop",
        "1qaz2wsx3edc",
        "administrator",
        "woaini1314",
        "woaini520520",
    }
)


class PasswordTooShort(CaseError):
    """A password needs at least {minimum} characters; a short sentence is easiest to remember."""

    code = "password_too_short"


class PasswordTooLong(CaseError):
    """A password can have at most {maximum} characters."""

    code = "password_too_long"


class PasswordTooEasy(CaseError):
    """That password is among the first that somebody would try. Choose another."""

    code = "password_too_easy"


def check_new_password(password: str, *, login: str) -> None:
    """Refuse a password that would be guessed.

    Raises:
        PasswordTooShort, PasswordTooLong, PasswordTooEasy: as they say.
    """
    if len(password) < MINIMUM_LENGTH:
        raise PasswordTooShort(minimum=MINIMUM_LENGTH)
    if len(password) > MAXIMUM_LENGTH:
        raise PasswordTooLong(maximum=MAXIMUM_LENGTH)
    plain = password.casefold()
    is_login = compare_digest(plain.encode(), login.casefold().encode())
    if is_login or plain in _TOO_COMMON or len(set(plain)) < 4:
        raise PasswordTooEasy


def hash_password(password: str) -> str:
    """Return what is kept of a password."""
    return _hasher().hash(_normal(password))


def verify_password(password: str, kept: str | None) -> bool:
    """Tell whether a password is the one kept; takes as long where there is none to compare."""
    try:
        return _hasher().verify(kept or _nobodys_hash(), _normal(password)) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(kept: str) -> bool:
    """Tell whether a password was kept with other parameters than today's."""
    return _hasher().check_needs_rehash(kept)


def one_time_password() -> str:
    """Return a random password that can be read out over the telephone: three groups of four."""
    groups = ("".join(secrets.choice(ONE_TIME_ALPHABET) for _ in range(4)) for _ in range(3))
    return "-".join(groups)


def _normal(password: str) -> str:
    # The same password typed with another keyboard must give the same bytes (RFC 8265).
    return unicodedata.normalize("NFC", password[: MAXIMUM_LENGTH + 1])


@cache
def _hasher() -> PasswordHasher:
    """Return argon2id with RFC 9106's parameters for little memory: 64 MiB, 3 passes."""
    return PasswordHasher()


@cache
def _nobodys_hash() -> str:
    return _hasher().hash(secrets.token_hex())
