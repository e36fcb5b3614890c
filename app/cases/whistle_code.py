"""The secret under the QR code of a whistle: whoever has it is on the spot, as long as it runs.

`cases.whistle_operations` draws it when a whistle is registered and judges what was given with a
check-in; `cases.whistles` refuses a wrong one before anything is written.
"""

import secrets
from datetime import datetime

from app.errors import CaseError

CODE_BYTES = 9


class ForeignCode(CaseError):
    """That is not the code of this whistle. Scan the one the street shows."""

    code = "foreign_code"


class CodeExpired(CaseError):
    """This whistle has ended, and its code with it: nobody checks in any more."""

    code = "code_expired"


def new() -> str:
    """Return a code nobody can guess: 72 random bits, twelve characters."""
    return secrets.token_urlsafe(CODE_BYTES)


def is_right(given: str, *, kept: str, ended_at: datetime | None) -> bool:
    """Tell whether a code is the whistle's and still counts; how long that takes says nothing."""
    return secrets.compare_digest(given.encode(), kept.encode()) and ended_at is None


def demand(given: str, *, kept: str) -> None:
    """Stop whoever brings the code of something else.

    Raises:
        ForeignCode: it is not this whistle's.
    """
    if not is_right(given, kept=kept, ended_at=None):
        raise ForeignCode
