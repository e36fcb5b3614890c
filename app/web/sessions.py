"""Who is behind a request: the session named by its cookie, looked up in one statement.

Sessions are rows on the server (`cases.sessions`); the cookie holds their secret, which changes
with every sign-in.
"""

from datetime import timedelta

from flask import current_app, g, request
from werkzeug.wrappers import Response

from app.cases import sessions
from app.cases.sessions import SignedIn
from app.clock import utc_now
from app.organisation.sessions import Lifetimes
from app.web import cookies

MOST_COOKIE_CHARACTERS = 200


def open_session() -> None:
    """Find out who is behind the request and keep them in `g.actor`; runs before every view."""
    token = cookies.read(cookies.SESSION)
    if token and len(token) <= MOST_COOKIE_CHARACTERS and not _needs_nobody():
        _open(token)


def _open(token: str) -> None:
    view = sessions.open_session(token, now=utc_now(), lifetimes=_lifetimes())
    if view is not None and view.actor is not None:
        g.actor, g.session_token = view.actor, token


def sign_in(login: str, password: str) -> SignedIn:
    """Begin a session, ending the one the browser has.

    Raises:
        WrongCredentials, TooManyAttempts: see `cases.sessions`.
    """
    signed_in = sessions.sign_in(
        login,
        password,
        address=request.remote_addr or "",
        replaces=cookies.read(cookies.SESSION),
    )
    _open(signed_in.token)
    return signed_in


def remember(response: Response, token: str) -> Response:
    """Give the browser the secret of its new session."""
    cookies.write(response, cookies.SESSION, token)
    return response


def sign_out(response: Response) -> Response:
    """End the session the browser has and take its secret away."""
    token = cookies.read(cookies.SESSION)
    if token:
        sessions.sign_out(token)
    cookies.drop(response, cookies.SESSION)
    return response


def _needs_nobody() -> bool:
    """Tell whether the request is for a style sheet or a script."""
    return request.endpoint == "static_files.static"


def _lifetimes() -> Lifetimes:
    settings = current_app.extensions["settings"]
    return Lifetimes(
        idle=timedelta(minutes=settings.session_idle_minutes),
        absolute=timedelta(hours=settings.session_hours),
    )
