"""ISO 8601 durations as people write them into a timer; the timer rules ask whether they parse."""

import re
from enum import StrEnum

_DURATION = re.compile(
    r"(-?)P(?=\d|T\d)(?:\d{1,9}Y)?(?:\d{1,9}M)?(?:\d{1,9}W)?(?:\d{1,9}D)?"
    r"(?:T(?=\d)(?:\d{1,9}H)?(?:\d{1,9}M)?(?:\d{1,9}(?:\.\d{1,9})?S)?)?\Z"
)
_CYCLE = re.compile(r"R\d{0,9}/(?:[^/]+/)?(P[^/]+)\Z")


class DurationText(StrEnum):
    """What a text is, read as a duration."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    INVALID = "invalid"


def read_duration(text: str) -> DurationText:
    """Return what `text` is as an ISO 8601 duration."""
    match = _DURATION.match(text.strip())
    if match is None:
        return DurationText.INVALID
    return DurationText.NEGATIVE if match[1] else DurationText.POSITIVE


def is_cycle(text: str) -> bool:
    """Say whether `text` is a repeated duration such as R3/PT1H."""
    match = _CYCLE.match(text.strip())
    return match is not None and read_duration(match[1]) is DurationText.POSITIVE
