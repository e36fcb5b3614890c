"""What reporters do on the page of their case: answer, appeal, rate, add, urge, withdraw, choose.

Each post leads back to the page. A form that is refused comes back with what was typed; where the
case has gone on meanwhile, the page says so and gives the words back.
"""

from collections.abc import Callable
from http import HTTPStatus

from flask import Blueprint, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app.cases import public_report, resident_answering, resident_forms, resident_urging
from app.cases.attachments import Upload
from app.cases.resident_answering import NotToBeReopened, NotToBeWithdrawn
from app.cases.resident_forms import Posting
from app.cases.resident_urging import CaseOver, NotNow, UrgedAlready
from app.cases.sessions import TooManyAttempts
from app.cases.task_view import Typed
from app.cases.tracking_page import Sent
from app.engine.errors import NobodyWaits
from app.errors import CaseBusy, CaseError, InvalidInput, NotFound
from app.forms.read import InvalidAnswers
from app.web import posting
from app.web.access import public
from app.web.languages import language
from app.web.posting import GROUP
from app.web.public import tracking
from app.web.public.news import has_messages
from app.web.public.privacy import keep_secret
from app.web.public.spoken import speak_as_told
from app.web.public.tracked import page_of, way
from app.web.said import say
from app.web.sentences import sentence_of

blueprint = Blueprint("resident", __name__)
Take = Callable[[str, Posting], str | None]
"""A use case; the token of another case where it leads there."""


@blueprint.post("/track/<token>")
@public
def rate(token: str) -> ResponseReturnValue:
    """Take the rating."""
    late = gettext(
        "This case cannot be rated now: it was rated already, or the time for it is over."
    )
    thanks = gettext("Thank you. Your rating has arrived.")
    return _take(token, resident_forms.RATE, resident_answering.rate, done=thanks, late=late)


@blueprint.post("/track/<token>/answer")
@public
def answer(token: str) -> ResponseReturnValue:
    """Take the answer to a question."""
    late = gettext(
        "Nobody waits for this answer any more: it was given already, or the time for it is over."
    )
    done = gettext("Thank you. Your answer has arrived, and the case goes on.")
    take = resident_answering.answer_question
    return _take(token, resident_forms.ANSWER, take, done=done, late=late)


@blueprint.post("/track/<token>/appeal")
@public
def appeal(token: str) -> ResponseReturnValue:
    """Take the appeal against a rejection."""
    late = gettext(
        "An appeal is not possible any more: there was one already, or the time for it is over."
    )
    done = gettext("Your appeal has arrived. The district looks at your report once more.")
    take = resident_answering.appeal_rejection
    return _take(token, resident_forms.APPEAL, take, done=done, late=late)


@blueprint.post("/track/<token>/facts")
@public
def add(token: str) -> ResponseReturnValue:
    """Take what is added."""
    done = gettext("Thank you. It was added, and whoever works on the case has been told.")
    return _take(token, resident_forms.ADD, resident_urging.add_facts, done=done)


@blueprint.get("/track/<token>/withdraw")
@public
def confirm_withdrawal(token: str) -> ResponseReturnValue:
    """Say what a withdrawal means, before it is asked for."""
    return page_of(token, template="public/withdraw.html")


@blueprint.post("/track/<token>/withdraw")
@public
def withdraw(token: str) -> ResponseReturnValue:
    """Take the wish to withdraw."""
    done = gettext("You asked to withdraw the case. Until that is decided the work goes on.")
    take = resident_answering.ask_withdrawal
    return _take(token, resident_forms.WITHDRAW, take, done=done, template="public/withdraw.html")


@blueprint.get("/track/<token>/reopen")
@public
def confirm_reopening(token: str) -> ResponseReturnValue:
    """Say what taking a closed case up again means, before it is asked for."""
    return page_of(token, template="public/reopen.html")


@blueprint.post("/track/<token>/reopen")
@public
def reopen(token: str) -> ResponseReturnValue:
    """Take a closed case up again, and lead to the page of the case that goes on."""
    done = gettext("The matter is taken up again. This is the case that goes on.")
    return _take(
        token,
        resident_forms.REOPEN,
        resident_answering.ask_reopening,
        done=done,
        template="public/reopen.html",
    )


@blueprint.post("/track/<token>/urge")
@public
def urge(token: str) -> ResponseReturnValue:
    """Hurry the case on."""
    try:
        public_report.count_post(posting.address())
        resident_urging.urge(token)
    except (UrgedAlready, CaseOver, NotNow, CaseBusy) as error:
        return page_of(token, trouble=sentence_of(error)), HTTPStatus.CONFLICT
    except TooManyAttempts as error:
        return page_of(token, trouble=sentence_of(error)), HTTPStatus.TOO_MANY_REQUESTS
    say(gettext("Those who work on the case and their supervisors were told that it is urgent."))
    return _back(token)


@blueprint.post("/track/<token>/news")
@public
def choose_news(token: str) -> ResponseReturnValue:
    """Keep at which stages the reporter is told, and how."""
    try:
        public_report.count_post(posting.address())
        resident_urging.choose_news(
            token,
            told_by=request.form.get("told_by", ""),
            chosen=request.form.getlist("stages"),
            has_messages=has_messages(),
        )
    except InvalidInput as error:
        return page_of(token, trouble=sentence_of(error)), HTTPStatus.UNPROCESSABLE_ENTITY
    except TooManyAttempts as error:
        return page_of(token, trouble=sentence_of(error)), HTTPStatus.TOO_MANY_REQUESTS
    say(gettext("We have noted what you want to be told."))
    return _back(token)


blueprint.register_error_handler(NotFound, tracking.unknown)
blueprint.before_request(speak_as_told)
blueprint.after_request(keep_secret)


def _take(
    token: str,
    form: str,
    take: Take,
    *,
    done: str,
    late: str = "",
    template: str = "public/tracked.html",
) -> ResponseReturnValue:
    """Give a form's post to its use case; whatever it says of it goes back with the form."""
    once, group = posting.once(), posting.random_word(GROUP)
    files: dict[str, list[int]] = {}
    errors = {}
    trouble, status = "", HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        public_report.count_post(posting.address())
        files, refused = posting.kept_files(_keeping(form, group))
        if refused is not None:
            raise refused
        leads_to = take(token, _posting(files, group, once)) or token
    except InvalidAnswers as error:
        errors = error.errors
    except CaseError as error:
        trouble, status = _said_of(error, late)
    else:
        say(done)
        return _back(leads_to)
    typed = Typed(posted=posting.fields(), files=files, errors=errors)
    sent = Sent(form=form, typed=typed, group=group)
    return page_of(token, sent, trouble=trouble, template=template), status


def _said_of(error: CaseError, late: str) -> tuple[str, HTTPStatus]:
    """Return the words and the status for what a use case refused.

    Raises:
        CaseError: it is none of those a form comes back for.
    """
    match error:
        case NobodyWaits():
            return late, HTTPStatus.CONFLICT
        case CaseOver() | NotNow() | NotToBeWithdrawn() | NotToBeReopened() | CaseBusy():
            return sentence_of(error), HTTPStatus.CONFLICT
        case TooManyAttempts():
            return sentence_of(error), HTTPStatus.TOO_MANY_REQUESTS
        case NotFound():
            raise error
        case _:
            return sentence_of(error), HTTPStatus.UNPROCESSABLE_ENTITY


def _keeping(form: str, group: str) -> Callable[[str, Upload], int]:
    def keep(name: str, upload: Upload) -> int:
        blobs = current_app.extensions["blobs"]
        return resident_forms.keep_file(form, upload, name=name, group=group, blobs=blobs)

    return keep


def _back(token: str) -> ResponseReturnValue:
    return redirect(url_for("tracking.show", token=token), 303)


def _posting(files: dict[str, list[int]], group: str, once: str) -> Posting:
    return Posting(
        posted=posting.fields(),
        files=files,
        group=group,
        once=once,
        language=language(),
        by=way(),
    )
