"""Settings of the district, and the versions that tell when a snapshot of it has become old.

The rooms above read them through `district_settings`; whoever writes units, positions, deputies,
accounts or calendar days calls `renew_version` in the same transaction.
"""

import secrets
from dataclasses import dataclass, fields
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Label, func, select

from app.json_types import Json
from app.store.rows import upsert_rows
from app.store.tables.organisation import counter, setting

DIRECTORY_VERSION = "directory_version"
CALENDAR_VERSION = "calendar_version"
SETTINGS_VERSION = "settings_version"


@dataclass(frozen=True, slots=True, kw_only=True)
class DistrictSettings:
    """What a district decides for itself; each field is a row of `setting`, or its default.

    `working_hours` are the usual ones of a working day, as [["09:00", "12:00"], …] local time.
    `case_number_format` knows {year}, {month}, {day} and {serial} (a number within the year).
    """

    district_name: str = "Whistle"
    district_name_zh: str = "哨声"
    zone: str = "Asia/Shanghai"
    languages: tuple[str, ...] = ("zh-CN", "en")
    calendar: str = "cn"
    working_hours: tuple[tuple[str, str], ...] = (("09:00", "12:00"), ("13:00", "17:30"))
    case_number_format: str = "{year}{month:02d}{day:02d}-{serial:05d}"


DEFAULTS = DistrictSettings()
_FIELDS = {item.name for item in fields(DistrictSettings)}


def district_settings(connection: Connection) -> DistrictSettings:
    """Read the settings of the district."""
    found = connection.execute(select(setting.c.name, setting.c.value)).all()
    values: dict[str, Any] = {
        name: _tuples(value) for name, value in found if name in _FIELDS and value is not None
    }
    return DistrictSettings(**values)


def save_setting(connection: Connection, name: str, value: Json) -> None:
    """Keep one setting of the district and let snapshots of the calendar be read anew.

    Raises:
        KeyError: there is no such setting, or no such zone.
    """
    if name not in _FIELDS:
        raise KeyError(name)
    if name == "zone":
        ZoneInfo(str(value))
    upsert_rows(connection, setting, [{"name": name, "value": value}], change=("value",))
    renew_version(connection, SETTINGS_VERSION)
    renew_version(connection, CALENDAR_VERSION)


def versions_subquery(name: str) -> Label[int]:
    """Return a column of any statement that reads a version along: 0 where nothing ever changed."""
    value = select(counter.c.value).where(counter.c.name == name).scalar_subquery()
    return cast("Label[int]", func.coalesce(value, 0).label(name))


def version(connection: Connection, name: str) -> int:
    """Read one version by itself."""
    return connection.execute(select(versions_subquery(name))).scalar_one()


def renew_version(connection: Connection, name: str) -> int:
    """Set a version that no snapshot anywhere carries, and return it."""
    # Not a count: one set in a transaction that is rolled back must not come again for other rows.
    value = secrets.randbelow(2**31 - 1) + 1
    upsert_rows(connection, counter, [{"name": name, "value": value}], change=("value",))
    return value


def _tuples(value: Any) -> Any:
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value
