"""What every page is read in: the instant, the district's zone, the directory of its units.

The read-only use cases put a `Frame` into what they return, so that a page can say times and names
without asking again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from app.cases.nearness import Nearness, read_nearness
from app.organisation import calendar as calendars
from app.organisation import directory as directories
from app.organisation.directory import Directory
from app.store import instances
from app.store.db import Connection, instant_of


@dataclass(frozen=True, slots=True)
class Frame:
    """The instant a page was read at, the zone of its times, the units it names, what is near."""

    now: datetime
    zone: ZoneInfo
    directory: Directory
    nearness: Nearness | None = None

    def unit_name(self, key: int | None, language: str) -> str:
        """Return a unit's name; nothing where there is no unit or it is no longer known."""
        unit = self.directory.units.get(key) if key is not None else None
        return unit.label(language) if unit else ""

    def unit_names(self, keys: Iterable[int], language: str) -> list[str]:
        """Return the names of units."""
        return [self.unit_name(key, language) for key in keys]


def read_frame(connection: Connection) -> Frame:
    """Read the frame; what changes seldom comes from this process's memory."""
    versions = instances.versions(connection)
    now, district = (
        instant_of(connection),
        calendars.current(connection, versions.calendar).district,
    )
    return Frame(
        now=now,
        zone=district.zone,
        directory=directories.current(connection, versions.directory),
        nearness=read_nearness(connection, district, now=now),
    )
