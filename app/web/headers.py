"""Headers every answer carries: what browsers may load, frame, remember and ask the device for.

`init` hangs them on the application. A page that needs an exception wears `@styled_inline`.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, request

View = TypeVar("View", bound=Callable[..., Any])
_INLINE = "styles_inline"

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(self), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def styled_inline(view: View) -> View:
    """Let a page carry inline styles: the diagram, table and form editors need it, nothing else."""
    setattr(view, _INLINE, True)
    return view


def init(app: Flask) -> None:
    """Add the headers to every answer of the application."""
    app.after_request(_add)


def _add(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", _policy())
    if current_app.extensions["settings"].is_https:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint != "static_files.static":
        response.headers.setdefault("Cache-Control", "no-store" if g.get("actor") else "no-cache")
        response.vary.add("Cookie")
    return response


def _policy() -> str:
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, _INLINE, False):
        return CONTENT_SECURITY_POLICY.replace(
            "style-src 'self'", "style-src 'self' 'unsafe-inline'"
        )
    return CONTENT_SECURITY_POLICY
