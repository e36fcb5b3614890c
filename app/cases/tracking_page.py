"""What a reporter's page shows: their case in its frame, how far it is, and the form to rate it.

The tracking page calls it, and again with what was typed when a rating was refused.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.cases import tracking
from app.cases.deployed import latest_form
from app.cases.frame import Frame, read_frame
from app.cases.task_view import Typed
from app.cases.tracking import RATING_FORM, Tracked
from app.cases.wording import Wording
from app.engine.errors import NobodyWaits
from app.forms import posted as typing
from app.forms.posted import HtmlPost
from app.forms.read import read
from app.forms.render import view
from app.forms.views import FormView
from app.store.attachments import AttachmentRow
from app.store.db import Connection, reading


class Stand(StrEnum):
    """How far a case is, as its reporter needs to know it."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    HANDLED = "handled"
    CLOSED = "closed"
    REJECTED = "rejected"


class Step(StrEnum):
    """The steps a reporter can see, in the order in which a case takes them."""

    REPORTED = "reported"
    ESTABLISHED = "established"
    HANDLED = "handled"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class StepTaken:
    """A step with the time it was taken, None while it is still to come."""

    step: Step
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackingPage:
    """A case as its reporter sees it. `rating` is None unless it can be rated now."""

    frame: Frame
    case: Tracked
    stand: Stand
    steps: tuple[StepTaken, ...]
    category: str
    rating: FormView | None


def read_tracking(token: str, *, language: str, typed: Typed | None = None) -> TrackingPage:
    """Return the page of a token.

    Raises:
        NotFound: no such token.
    """
    case = tracking.track(token)
    with reading() as connection:
        frame = read_frame(connection)
        return TrackingPage(
            frame=frame,
            case=case,
            stand=stand_of(case),
            steps=steps_of(case),
            category=Wording(connection, language).category(case.minor_class),
            rating=_rating(connection, frame, language, typed) if case.can_rate else None,
        )


def rate(token: str, posted: HtmlPost, *, language: str) -> None:
    """Judge the answers of the rating form and give them to the case.

    Raises:
        NotFound: no such token. InvalidAnswers: the form comes back.
        NobodyWaits: the case is rated already, or the time for it is over.
    """
    if not tracking.track(token).can_rate:
        raise NobodyWaits(name=tracking.RATED)
    with reading() as connection:
        frame = read_frame(connection)
        pinned = latest_form(connection, RATING_FORM)
    if pinned is None:
        raise NobodyWaits(name=tracking.RATED)
    answers = read(
        pinned.in_language(language),
        posted,
        context={},
        now=frame.now,
        zone=frame.zone,
        language=language,
    )
    tracking.rate(token, answers.values)


def own_file(token: str, key: int) -> AttachmentRow | None:
    """Return a file that the reporter with this token may see, None for any other.

    Raises:
        NotFound: no such token.
    """
    return next((row for row in tracking.track(token).attachments if row.key == key), None)


def stand_of(case: Tracked) -> Stand:
    """Return how far a case is."""
    if case.outcome == "rejected":
        return Stand.REJECTED
    if case.closed_at is not None:
        return Stand.CLOSED
    if case.handled_at is not None:
        return Stand.HANDLED
    return Stand.RECEIVED if case.established_at is None else Stand.ACCEPTED


def steps_of(case: Tracked) -> tuple[StepTaken, ...]:
    """Return every step with its time; a case not accepted takes no others than its closing."""
    times = {
        Step.REPORTED: case.reported_at,
        Step.ESTABLISHED: case.established_at,
        Step.HANDLED: case.handled_at,
        Step.CLOSED: case.closed_at,
    }
    is_over = case.closed_at is not None
    return tuple(StepTaken(step, at) for step, at in times.items() if at is not None or not is_over)


def _rating(
    connection: Connection, frame: Frame, language: str, typed: Typed | None
) -> FormView | None:
    pinned = latest_form(connection, RATING_FORM)
    if pinned is None:
        return None
    return view(
        pinned.in_language(language),
        answers=typing.draft(pinned.form, typed.posted) if typed else None,
        context={},
        now=frame.now,
        zone=frame.zone,
        language=language,
        errors=typed.errors if typed else None,
    )
