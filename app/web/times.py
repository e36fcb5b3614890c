"""Instants in words, twice: how long from now, and which day and hour in the district's zone.

Templates use the filters `when` (an instant), `due` (a limit: late, near or fine), `span` and
`limit_words` (a limit as tables write it).
The instant and zone they count from are those of the page's frame.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_time, format_timedelta
from flask import Flask, g
from flask_babel import get_locale, gettext, ngettext

from app.clock import utc_now
from app.organisation.limits import UnknownLimit, WorkingDays, WorkingHours, read_limit

DEFAULT_ZONE = ZoneInfo("Asia/Shanghai")
_CRAMPED = re.compile("([0-9])(?=[\u4e00-\u9fff])")  # as Babel writes: "2天前"


class Standing(StrEnum):
    """How a limit stands."""

    LATE = "late"
    NEAR = "near"
    FINE = "fine"


@dataclass(frozen=True, slots=True)
class Due:
    """A limit in words: "2 hours late" and "today 16:30"."""

    standing: Standing
    relative: str
    absolute: str
    iso: str


@dataclass(frozen=True, slots=True)
class When:
    """An instant in words: "2 hours ago" and "today 16:30"."""

    relative: str
    absolute: str
    iso: str


def init(app: Flask) -> None:
    """Make the filters known to templates."""
    app.jinja_env.filters.update(
        due=due, when=when, span=span, absolute=absolute, limit_words=limit_words
    )


def due(at: datetime, since: datetime | None = None, severity: str = "ordinary") -> Due:
    """Say a limit; `since` is when its time began to run, `severity` that of its case."""
    left = at - _now()
    standing = _standing(at, since, severity)
    if standing is Standing.LATE:
        relative = gettext("%(span)s late", span=span(-left))
    else:
        relative = gettext("%(span)s left", span=span(left))
    return Due(standing, relative, absolute(at), at.isoformat(timespec="minutes"))


def when(at: datetime) -> When:
    """Say an instant."""
    relative = format_timedelta(
        at - _now(), granularity="minute", add_direction=True, locale=get_locale()
    )
    return When(_CRAMPED.sub(r"\1 ", relative), absolute(at), at.isoformat(timespec="minutes"))


def span(length: timedelta) -> str:
    """Say a length of time in its two largest useful units: "3 d 4 h", "2 h 10 min", "5 min"."""
    minutes = max(int(length.total_seconds()) // 60, 0)
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days >= 10:
        return str(gettext("%(n)s d", n=days))
    if days:
        parts = [gettext("%(n)s d", n=days), gettext("%(n)s h", n=hours) if hours else ""]
    elif hours:
        parts = [gettext("%(n)s h", n=hours), gettext("%(n)s min", n=rest) if rest else ""]
    else:
        parts = [gettext("%(n)s min", n=rest)]
    return " ".join(part for part in parts if part)


def limit_words(text: str) -> str:
    """Say a limit as tables write it, "4 wh" or "PT30M", in words; any other text as it stands."""
    try:
        limit = read_limit(text)
    except UnknownLimit:
        return text
    if isinstance(limit, WorkingDays):
        return str(ngettext("%(num)s working day", "%(num)s working days", limit.days))
    if isinstance(limit, WorkingHours):
        hours = limit.time / timedelta(hours=1)
        said = f"{hours:.2f}".rstrip("0").rstrip(".")
        count = 1 if said == "1" else 2
        return str(ngettext("%(hours)s working hour", "%(hours)s working hours", count, hours=said))
    return span(limit) if limit >= timedelta(minutes=1) else text


def absolute(at: datetime) -> str:
    """Say the day and the hour: "today 16:30", "Tue 24 Nov 16:30"; with the year if another."""
    locale = get_locale()
    local, today = at.astimezone(_zone()), _now().astimezone(_zone()).date()
    clock = format_time(local, "HH:mm", tzinfo=_zone(), locale=locale)
    days = (local.date() - today).days
    known = {
        0: gettext("today"),
        1: gettext("tomorrow"),
        -1: gettext("yesterday"),
    }
    if days in known:
        return f"{known[days]} {clock}"
    if local.year != today.year:
        return f"{format_date(local, 'medium', locale=locale)} {clock}"
    pattern = "M月d日 EEE" if str(locale).startswith("zh") else "EEE d MMM"
    return f"{format_datetime(local, pattern, tzinfo=_zone(), locale=locale)} {clock}"


def _standing(at: datetime, since: datetime | None, severity: str) -> Standing:
    """Tell how a limit stands; near is what a table says (`cases.nearness`)."""
    now, frame = _now(), g.get("frame")
    if at < now:
        return Standing.LATE
    if since is None or frame is None or frame.nearness is None:
        return Standing.FINE
    near_at = frame.nearness.begins(since, at, severity)
    return Standing.NEAR if near_at is not None and near_at <= now else Standing.FINE


def _now() -> datetime:
    frame = g.get("frame")
    return frame.now if frame else utc_now()


def _zone() -> ZoneInfo:
    frame = g.get("frame")
    return frame.zone if frame else DEFAULT_ZONE
