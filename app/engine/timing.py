"""ISO 8601 durations, repetitions and instants as timers write them; `now` is always given.

The library's own reader takes "-PT1H" for one hour and gives a time without a zone the zone of
the server, so nothing of it is used.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

_DURATION = re.compile(
    r"P(?=\d|T\d)(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?"
)
_REPETITION = re.compile(r"R(?P<times>\d*)(?:/(?P<start>[^/P]+))?/(?P<every>P[^/]+)")
_MONTHS_PER_YEAR = 12
UNBOUNDED = -1


class UnreadableTime(ValueError):
    """The text is no duration, repetition or instant with a zone."""


@dataclass(frozen=True, slots=True)
class Duration:
    """A positive span: months are counted on the calendar, the rest is exact."""

    months: int
    exact: timedelta

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "P1M", "P2W", "PT30M" and the like.

        Raises:
            UnreadableTime: a sign, a missing part or anything else ISO 8601 does not write.
        """
        found = _DURATION.fullmatch(text.strip())
        if found is None:
            raise UnreadableTime(text)
        part = {name: float(value) for name, value in found.groupdict("0").items()}
        try:
            exact = timedelta(
                weeks=part["weeks"],
                days=part["days"],
                hours=part["hours"],
                minutes=part["minutes"],
                seconds=part["seconds"],
            )
        except OverflowError as error:
            raise UnreadableTime(text) from error
        return cls(months=int(part["years"]) * _MONTHS_PER_YEAR + int(part["months"]), exact=exact)

    def after(self, start: datetime) -> datetime:
        """Return `start` moved by this span; a day the month lacks becomes its last day.

        Raises:
            UnreadableTime: the result lies beyond the year 9999.
        """
        try:
            return _add_months(start, self.months) + self.exact
        except (OverflowError, ValueError) as error:
            raise UnreadableTime(f"{start.isoformat()} + {self}") from error


@dataclass(frozen=True, slots=True)
class Repetition:
    """A timeCycle: `times` repetitions (`UNBOUNDED` for "R/…"), the first one at `start`."""

    times: int
    every: Duration
    start: datetime | None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "R3/PT1H", "R/P1D" or "R5/2026-03-01T08:00:00+08:00/P1D".

        Raises:
            UnreadableTime: it is none of these, or would repeat without ever advancing.
        """
        found = _REPETITION.fullmatch(text.strip())
        if found is None:
            raise UnreadableTime(text)
        every = Duration.parse(found["every"])
        if not every.months and not every.exact:
            raise UnreadableTime(text)
        start = found["start"]
        return cls(
            times=int(found["times"]) if found["times"] else UNBOUNDED,
            every=every,
            start=None if start is None else parse_instant(start),
        )


def parse_instant(text: str) -> datetime:
    """Read an instant with an offset and return it in UTC.

    Raises:
        UnreadableTime: no ISO 8601 date and time, or one without an offset.
    """
    try:
        instant = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise UnreadableTime(text) from error
    if instant.tzinfo is None:
        raise UnreadableTime(text)
    return instant.astimezone(UTC)


def _add_months(start: datetime, months: int) -> datetime:
    if not months:
        return start
    total = start.year * _MONTHS_PER_YEAR + start.month - 1 + months
    first = start.replace(year=total // _MONTHS_PER_YEAR, month=total % _MONTHS_PER_YEAR + 1, day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    last_day = (following - timedelta(days=1)).day
    return first.replace(day=min(start.day, last_day))
