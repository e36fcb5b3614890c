"""The few cookies of the pages: names, lifetimes, and the same strict attributes for all.

On https every name carries the `__Host-` prefix, which a browser accepts from this host alone.
"""

from datetime import timedelta

from flask import current_app, request
from werkzeug.wrappers import Response

SESSION = "whistle_session"
VISITOR = "whistle_visitor"
LANGUAGE = "whistle_language"
SAID = "whistle_said"


def read(name: str) -> str | None:
    """Return a cookie's value, None where the browser sent none."""
    return request.cookies.get(_full(name))


def write(response: Response, name: str, value: str, *, lasts: timedelta | None = None) -> None:
    """Set a cookie; without `lasts` it ends with the browser."""
    response.set_cookie(
        _full(name),
        value,
        max_age=lasts,
        secure=_is_https(),
        httponly=True,
        samesite="Lax",
        path="/",
    )


def drop(response: Response, name: str) -> None:
    """Take a cookie away."""
    response.delete_cookie(_full(name), secure=_is_https(), httponly=True, samesite="Lax", path="/")


def _full(name: str) -> str:
    return f"__Host-{name}" if _is_https() else name


def _is_https() -> bool:
    return bool(current_app.extensions["settings"].is_https)
