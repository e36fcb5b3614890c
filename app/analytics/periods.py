"""Months of the district: how one is written, which can be chosen, and the instants it encloses."""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

MONTHS_SHOWN = 12
_FIRST_YEAR, _LAST_YEAR = 2, 9998


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month of the calendar; as a text it is "2026-03"."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"

    def before(self) -> "Month":
        """Return the month before."""
        return Month(self.year - 1, 12) if self.number == 1 else Month(self.year, self.number - 1)

    def after(self) -> "Month":
        """Return the month after."""
        return Month(self.year + 1, 1) if self.number == 12 else Month(self.year, self.number + 1)

    def starts_at(self, zone: ZoneInfo) -> datetime:
        """Return the instant at which the month begins in a zone."""
        return datetime.combine(date(self.year, self.number, 1), time(), zone)


def month_of(instant: datetime, zone: ZoneInfo) -> Month:
    """Return the month an instant lies in."""
    day = instant.astimezone(zone)
    return Month(day.year, day.month)


def month_named(text: str | None) -> Month | None:
    """Return the month written "2026-03"; None for what cannot be read."""
    year, _, number = (text or "").partition("-")
    if not (len(year) == 4 and len(number) == 2 and (year + number).isascii()):
        return None
    if not (year + number).isdecimal():
        return None
    found = Month(int(year), int(number))
    is_month = 1 <= found.number <= 12 and _FIRST_YEAR <= found.year <= _LAST_YEAR
    return found if is_month else None


def latest(last: Month, count: int = MONTHS_SHOWN) -> tuple[Month, ...]:
    """Return so many months up to `last`, the newest first."""
    found = [last]
    while len(found) < count:
        found.append(found[-1].before())
    return tuple(found)
