"""Whole numbers out of addresses and forms, where anything may have been typed; distances in words.

Templates use the filter `distance` (of metres).
"""

from typing import Any

from flask import Flask
from flask_babel import gettext
from werkzeug.routing import IntegerConverter

LARGEST = 2**53
KILOMETRE = 1000


def init(app: Flask) -> None:
    """Make the filter known to templates."""
    app.jinja_env.filters["distance"] = distance


def distance(metres: int) -> str:
    """Return a distance in words, rounded as one speaks: "40 m", "1.2 km"."""
    if metres < KILOMETRE:
        return str(gettext("%(count)s m", count=max(round(metres, -1), 10)))
    return str(gettext("%(count)s km", count=f"{metres / KILOMETRE:.1f}"))


class KeyConverter(IntegerConverter):
    """A key in an address; under a number that can be none there is no page."""

    def __init__(self, map: Any, **options: Any) -> None:
        super().__init__(map, max=LARGEST - 1, **options)


def whole(text: str | None, *, default: int = 0) -> int:
    """Return the number a text holds, `default` where it holds none that could be ours."""
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 16:
        return default
    found = int(text)
    return found if found < LARGEST else default
