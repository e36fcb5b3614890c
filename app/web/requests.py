"""What happens around every request: its id in the log, who it is, whether it may, what it took."""

import logging
import re
import secrets
import time
from contextlib import ExitStack

from flask import Flask, Response, abort, g, request

from app.logs import bound
from app.web import access, csrf, sessions

log = logging.getLogger(__name__)
# A test keeps one context over several requests; what belongs to one must not reach the next.
_OF_ONE_REQUEST = ("language", "frame", "saying", "has_said", "new_visitor", "_flask_babel")
_GIVEN_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


def init(app: Flask) -> None:
    """Hang the steps around every request, in their order."""
    app.before_request(_begin)
    app.before_request(sessions.open_session)
    app.before_request(access.demand)
    app.before_request(_demand_bounded)
    app.before_request(csrf.demand)
    app.before_request(_demand_readable)
    app.after_request(_note)
    app.teardown_request(_end)


def _begin() -> None:
    given = request.headers.get("X-Request-ID", "")
    g.request_id = given if _GIVEN_ID.fullmatch(given) else secrets.token_hex(8)
    g.began_at = time.perf_counter()
    for name in _OF_ONE_REQUEST:
        g.pop(name, None)
    g.actor = None
    g.session_token = None
    g.log_context = ExitStack()
    g.log_context.enter_context(bound(request=g.request_id))


def _demand_bounded() -> None:
    """Refuse a form without files that is larger than any page sends, before it is taken apart."""
    if request.mimetype != "application/x-www-form-urlencoded":
        return  # Werkzeug bounds the fields of forms with files itself
    if request.content_length is None:
        abort(411)
    if request.content_length > (request.max_form_memory_size or 0):
        abort(413)


def _demand_readable() -> None:
    """Refuse the one sign that no person types and PostgreSQL cannot keep: NUL."""
    typed = (request.args, request.form)
    words = [*request.files]
    words += [word for sent in typed for name, values in sent.lists() for word in (name, *values)]
    if any("\0" in word for word in words):
        abort(400)


def _note(response: Response) -> Response:
    response.headers["X-Request-ID"] = g.get("request_id", "")
    if request.endpoint != "static_files.static":
        took = (time.perf_counter() - g.get("began_at", 0)) * 1000
        log.info(
            "%s %s %s in %.0f ms", request.method, request.endpoint, response.status_code, took
        )
    return response


def _end(_error: BaseException | None) -> None:
    if "log_context" in g:
        g.pop("log_context").close()
