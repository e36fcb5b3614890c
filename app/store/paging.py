"""Pages of long lists by key instead of by offset: the place a page ends at, and what comes after.

A list is ordered by an instant and, where that is equal, by key; `Place` is the pair of the last
line, and goes to the browser as text.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.sql.elements import SQLCoreOperations

FAR = datetime(9999, 12, 31, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ends: the instant and the key of its last line."""

    at: datetime
    key: int

    def __str__(self) -> str:
        """Return the place as it stands in an address."""
        return f"{self.at.astimezone(UTC):%Y%m%dT%H%M%S.%f}_{self.key}"


def place_from(text: str | None) -> Place | None:
    """Read a place from an address; None where there is none or it cannot be read."""
    at, _, key = (text or "").partition("_")
    if not key.isdigit() or len(key) > 18:
        return None
    try:
        return Place(datetime.strptime(at, "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC), int(key))
    except ValueError:
        return None


def later(
    at: SQLCoreOperations[Any], key: SQLCoreOperations[Any], place: Place
) -> ColumnElement[bool]:
    """Return the condition for lines after `place` in a list that begins with the earliest."""
    return and_(at >= place.at, or_(at > place.at, key > place.key))


def earlier(
    at: SQLCoreOperations[Any], key: SQLCoreOperations[Any], place: Place
) -> ColumnElement[bool]:
    """Return the condition for lines after `place` in a list that begins with the latest."""
    return and_(at <= place.at, or_(at < place.at, key < place.key))
