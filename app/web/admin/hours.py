"""Working hours as people write and read them: "09:00-12:00, 13:00-17:30"."""

import re

from flask import Blueprint

from app.errors import CaseError
from app.organisation.working_time import Hours, WrongHours, hours_from

_SPAN = re.compile(r"([0-9]{1,2})[:：]([0-9]{2})\s*[-–—－~～至到]\s*([0-9]{1,2})[:：]([0-9]{2})")
_BETWEEN = re.compile(r"[,;，；、\s]+")


class HoursUnreadable(CaseError):
    """Write hours like 09:00-12:00, 13:00-17:30, one after the other."""

    code = "hours_unreadable"


def init(blueprint: Blueprint) -> None:
    """Make the filter `hours` known to templates."""
    blueprint.add_app_template_filter(hours_text, "hours")


def hours_text(hours: Hours) -> str:
    """Return hours as they are written: "09:00-12:00, 13:00-17:30"; nothing for a day off."""
    return ", ".join(f"{opening:%H:%M}-{closing:%H:%M}" for opening, closing in hours)


def hours_in(text: str, *, field: str) -> Hours:
    """Read what somebody typed, Chinese punctuation included; nothing is a day off.

    Raises:
        HoursUnreadable: it is written in another way, or out of order; names the field.
    """
    spans = [
        [f"{int(opening):02}:{minute}", f"{int(closing):02}:{end}"]
        for opening, minute, closing, end in _SPAN.findall(text)
    ]
    if _BETWEEN.sub("", _SPAN.sub("", text)):
        raise HoursUnreadable(field=field)
    try:
        return hours_from(spans)
    except WrongHours:
        raise HoursUnreadable(field=field) from None
