"""What went wrong, as a page: a sentence in the person's language, a way back, the right status.

Use cases raise `CaseError`s; here each gets its HTTP status. What nobody foresaw becomes a calm
page with the request's id, which is in the log.
"""

import logging
from http import HTTPStatus

from flask import Flask, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from app.errors import CaseError
from app.web.access import SignedOut
from app.web.addresses import here, is_fragment
from app.web.csrf import PageTooOld
from app.web.kept import kept_fields
from app.web.sentences import sentence_of

log = logging.getLogger(__name__)

STATUSES: dict[str, HTTPStatus] = {
    "not_found": HTTPStatus.NOT_FOUND,
    "blob_missing": HTTPStatus.NOT_FOUND,
    "unknown_unit": HTTPStatus.NOT_FOUND,
    "forbidden": HTTPStatus.FORBIDDEN,
    "another_person_needed": HTTPStatus.FORBIDDEN,
    "case_busy": HTTPStatus.CONFLICT,
    "nobody_waits": HTTPStatus.CONFLICT,
    "page_too_old": HTTPStatus.BAD_REQUEST,
    "signed_out": HTTPStatus.UNAUTHORIZED,
    "wrong_credentials": HTTPStatus.UNPROCESSABLE_ENTITY,
    "too_many_attempts": HTTPStatus.TOO_MANY_REQUESTS,
    "nothing_deployed": HTTPStatus.SERVICE_UNAVAILABLE,
}


class TooLarge(CaseError):
    """This is more than can be sent at once. Choose smaller or fewer files, then send it again."""

    code = "too_large"


class WrongAddress(CaseError):
    """There is no page under this address. It may have been mistyped, or the page has moved."""

    code = "wrong_address"


class WrongMethod(CaseError):
    """This address cannot be used that way. Go back and use the buttons of the page."""

    code = "wrong_method"


class TooOften(CaseError):
    """That was too often in a short time. Wait a few minutes, then try again."""

    code = "too_often"


class Garbled(CaseError):
    """What arrived cannot be read. Go back and send it again."""

    code = "garbled"


class Unforeseen(CaseError):
    """Something went wrong on our side. Nothing of what you sent was half done. Please try again; if it happens again, tell your administrator this number: {request_id}"""  # noqa: E501

    code = "unforeseen"


_OF_STATUS: dict[int, type[CaseError]] = {
    404: WrongAddress,
    405: WrongMethod,
    413: TooLarge,
    429: TooOften,
}


def init(app: Flask) -> None:
    """Answer every error of the pages."""
    app.register_error_handler(SignedOut, _signed_out)
    app.register_error_handler(PageTooOld, _page_too_old)
    app.register_error_handler(CaseError, _refused)
    app.register_error_handler(HTTPException, _not_served)
    app.register_error_handler(Exception, _unforeseen)


def status_of(error: CaseError) -> HTTPStatus:
    """Return the HTTP status of an error: what a person sent is at worst unprocessable."""
    return STATUSES.get(error.code, HTTPStatus.UNPROCESSABLE_ENTITY)


def failure_page(error: CaseError, status: HTTPStatus | None = None) -> ResponseReturnValue:
    """Return the page, or the part of one, that says what went wrong."""
    status = status or status_of(error)
    template = "parts/failure.html" if is_fragment() else "failure.html"
    page = render_template(
        template, sentence=sentence_of(error), code=error.code, status=status, back=_way_back()
    )
    return page, status


def _refused(error: CaseError) -> ResponseReturnValue:
    log.info("refused: %s", error.code)
    return failure_page(error)


def _signed_out(error: SignedOut) -> ResponseReturnValue:
    sign_in = url_for("sign_in.form", next=here())
    if request.headers.get("HX-Request") == "true":
        return "", HTTPStatus.UNAUTHORIZED, {"HX-Redirect": sign_in}
    if request.method == "GET":
        return "", HTTPStatus.SEE_OTHER, {"Location": sign_in}
    from app.web.staff.sign_in import sign_in_page  # it shows this very error

    page = sign_in_page(sentence=sentence_of(error), kept=kept_fields(), kept_for=request.path)
    return page, HTTPStatus.UNAUTHORIZED


def _page_too_old(error: PageTooOld) -> ResponseReturnValue:
    if is_fragment():
        return failure_page(error)
    page = render_template(
        "resume.html",
        sentence=sentence_of(error),
        kept=kept_fields(),
        kept_for=request.path,
        back=_way_back(),
    )
    return page, HTTPStatus.BAD_REQUEST


def _not_served(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error.get_response()
    known = TooLarge if isinstance(error, RequestEntityTooLarge) else _OF_STATUS.get(error.code)
    log.info("refused: HTTP %s", error.code)
    return failure_page((known or Garbled)(), HTTPStatus(error.code))


def _unforeseen(error: Exception) -> ResponseReturnValue:
    log.error("unforeseen", exc_info=error)
    shown = Unforeseen(request_id=g.get("request_id", ""))
    return failure_page(shown, HTTPStatus.INTERNAL_SERVER_ERROR)


def _way_back() -> str:
    """Return the page this one was reached from, when it is ours; else the first page."""
    origin = request.host_url
    referrer = request.referrer or ""
    if referrer.startswith(origin) and referrer != request.url:
        return "/" + referrer.removeprefix(origin)
    return "/"
