"""Why somebody did what is out of the ordinary: asked for, and checked before it is kept."""

from app.errors import CaseError

MOST_CHARACTERS = 500


class WhyNeeded(CaseError):
    """Say in a few words why (at most 500 characters)."""

    code = "why_needed"


def checked_why(reason: str) -> str:
    """Return a reason as it is kept.

    Raises:
        WhyNeeded: there is none, or it is too long.
    """
    found = " ".join(reason.split())
    if not found or len(found) > MOST_CHARACTERS:
        raise WhyNeeded
    return found
