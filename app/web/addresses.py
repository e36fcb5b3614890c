"""Addresses within the site: where to go next, without ever being sent elsewhere."""

from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

from flask import request, url_for

HOME = "/"


def safe_next(target: str | None, *, default: str = HOME) -> str:
    """Return `target` when it is a page of this site, else `default`."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return default
    if any(ord(sign) < 32 for sign in target):
        return default
    parts = urlsplit(target)
    return default if parts.scheme or parts.netloc else target


def asking(endpoint: str, query: Mapping[str, str]) -> str:
    """Return the address of a page with a query."""
    return f"{url_for(endpoint)}?{urlencode(query)}"


def here() -> str:
    """Return the address of the page at hand with its query, for coming back to it."""
    return request.full_path.rstrip("?") if request.method == "GET" else HOME


def is_fragment() -> bool:
    """Tell whether htmx asks for a part of a page, so that the frame around it is left out."""
    return request.headers.get("HX-Request") == "true" and not request.headers.get("HX-Boosted")
