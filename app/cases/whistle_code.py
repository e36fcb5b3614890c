"""The secret under the QR code of a whistle: whoever has it is on the spot, as long as it runs.

`cases.whistle_operations` draws it when a whistle is registered and judges what was given with a
check-in; `cases.whistles` refuses a wrong one before anything is written.
"""

import secrets
from datetime import datetime

from app.cases.tokens import CODE_SIGNS, plain_code
from app.errors import CaseError

GROUPS, GROUP_LENGTH = 3, 4


class ForeignCode(CaseError):
    """That is not the code of this whistle. Scan the one the street shows."""

    code = "foreign_code"


class CodeExpired(CaseError):
    """This whistle has ended, and its code with it: nobody checks in any more."""

    code = "code_expired"


def new() -> str:
    """Return a code nobody can guess, as it is typed where a camera fails: "7K3M-Q9XT-0B2D".

    60 random bits, in signs none of which is taken for another.
    """
    groups = (
        "".join(secrets.choice(CODE_SIGNS) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS)
    )
    return "-".join(groups)


def is_right(given: str, *, kept: str, ended_at: datetime | None) -> bool:
    """Tell whether a code is the whistle's and still counts, in constant time.

    Capitals, hyphens and spaces do not matter.
    """
    typed, wanted = plain_code(given).encode(), plain_code(kept).encode()
    return secrets.compare_digest(typed, wanted) and ended_at is None


def demand(given: str, *, kept: str) -> None:
    """Stop whoever brings the code of something else.

    Raises:
        ForeignCode: it is not this whistle's.
    """
    if not is_right(given, kept=kept, ended_at=None):
        raise ForeignCode
