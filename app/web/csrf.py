"""Proof that a form was served by this site to this browser: a keyed hash of its cookie.

The token is derived from the session cookie or, for visitors, from a random cookie set when a form
is shown; nothing is stored and nothing is looked up.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, request

from app.errors import CaseError
from app.web import cookies

View = TypeVar("View", bound=Callable[..., Any])
FIELD = "csrf_token"
HEADER = "X-CSRFToken"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_EXEMPT = "csrf_exempt"


class PageTooOld(CaseError):
    """This page was open too long, or you signed in anew meanwhile. What you typed is still here: please send it again."""  # noqa: E501

    code = "page_too_old"


def exempt(view: View) -> View:
    """Spare a route that no cookie opens, such as one of an API with keys of its own."""
    setattr(view, _EXEMPT, True)
    return view


def init(app: Flask) -> None:
    """Make `csrf_token()` known to templates and keep the visitor's cookie."""
    app.jinja_env.globals["csrf_token"] = token
    app.after_request(_keep_visitor)


def demand() -> None:
    """Stop a write that does not carry the token of the browser's cookie.

    Raises:
        PageTooOld: it is missing, or belongs to another session.
    """
    if request.method in _SAFE or request.endpoint is None:
        return
    if getattr(current_app.view_functions.get(request.endpoint), _EXEMPT, False):
        return
    sent = request.headers.get(HEADER) or request.form.get(FIELD, "")
    bound_to = _cookie()
    if bound_to is None or not hmac.compare_digest(sent.encode(), _derived(bound_to).encode()):
        raise PageTooOld


def token() -> str:
    """Return the token for forms of this answer; a visitor without a cookie is given one."""
    bound_to = _cookie()
    if bound_to is None:
        bound_to = g.new_visitor = g.get("new_visitor") or secrets.token_urlsafe(24)
    return _derived(bound_to)


def _cookie() -> str | None:
    """Return what the token is bound to: the session's cookie while somebody is signed in."""
    found: str | None = g.session_token if g.actor is not None else cookies.read(cookies.VISITOR)
    return found


def _derived(bound_to: str) -> str:
    key = str(current_app.secret_key).encode()
    return hmac.new(key, f"csrf:{bound_to}".encode(), hashlib.sha256).hexdigest()


def _keep_visitor(response: Response) -> Response:
    if g.get("new_visitor"):
        cookies.write(response, cookies.VISITOR, g.new_visitor)
    return response
