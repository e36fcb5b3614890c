"""How a limit is written: "4 wh", "2 wd", "PT30M", "P15D"; read by the work calendar.

The limit table of the diagrams holds such texts, and nothing else in the product reads them.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TypeAlias

from app.errors import CaseError


class UnknownLimit(CaseError):
    """A limit is written like 4 wh, 2 wd, PT30M or P15D, not like {limit!r}."""

    code = "unknown_limit"


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """So much working time."""

    time: timedelta


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """So many working days."""

    days: int


Limit: TypeAlias = WorkingHours | WorkingDays | timedelta

_WORKING = re.compile(r"([0-9]{1,4})(?:\.([0-9]{1,4}))? ?(wh|wd)")
_ELAPSED = re.compile(
    r"P(?=[0-9]|T[0-9])(?:(?P<weeks>[0-9]{1,4})W)?(?:(?P<days>[0-9]{1,5})D)?"
    r"(?:T(?=[0-9])(?:(?P<hours>[0-9]{1,6})H)?(?:(?P<minutes>[0-9]{1,7})M)?(?:(?P<seconds>[0-9]{1,9})S)?)?"
)


def read_limit(text: str) -> Limit:
    """Return what a limit means.

    Raises:
        UnknownLimit: it is written in no known way; half working days are not a limit either.
    """
    written = text.strip()
    working = _WORKING.fullmatch(written)
    if working:
        return _working(working, text)
    elapsed = _ELAPSED.fullmatch(written)
    if elapsed is None:
        raise UnknownLimit(limit=text)
    parts = {name: int(value) for name, value in elapsed.groupdict().items() if value}
    return timedelta(**parts)


def is_working_time(limit: str | timedelta) -> bool:
    """Tell whether a limit is counted on the work calendar, not by the clock on the wall."""
    return isinstance(limit, str) and not isinstance(read_limit(limit), timedelta)


def _working(found: re.Match[str], text: str) -> Limit:
    whole, part, unit = found.groups()
    if unit == "wh":
        hours = Decimal(f"{whole}.{part or 0}")
        return WorkingHours(timedelta(seconds=round(hours * 3600)))
    if part:
        raise UnknownLimit(limit=text)
    return WorkingDays(int(whole))
