"""What a reporter's page shows: their case in its frame, how far it is, what they may do with it.

The tracking page calls it, and again with what was typed when a form was refused.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from app.cases import resident_forms, tracking
from app.cases.frame import Frame, read_frame
from app.cases.resident_urging import ways
from app.cases.task_view import Typed
from app.cases.tracking import Tracked
from app.cases.wording import Wording
from app.forms.views import FormView
from app.store.attachments import AttachmentRow
from app.store.db import reading


class Stand(StrEnum):
    """How far a case is, as its reporter needs to know it."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    HANDLED = "handled"
    CLOSED = "closed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    NO_RESPONSE = "no_response"


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
class Sent:
    """A form of the page that comes back: which one, as it was sent, and its uploads' group."""

    form: str = ""
    typed: Typed | None = None
    group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackingPage:
    """A case as its reporter sees it.

    `forms` holds those that are offered now, by name; `files` what was uploaded for the one that
    came back; `ways` how the reporter can be told.
    """

    frame: Frame
    case: Tracked
    stand: Stand
    steps: tuple[StepTaken, ...]
    category: str
    forms: Mapping[str, FormView]
    files: Mapping[str, AttachmentRow] = field(default_factory=dict)
    sent: Sent = field(default_factory=Sent)
    ways: tuple[str, ...] = ()


def read_tracking(
    token: str, *, language: str, sent: Sent | None = None, has_messages: bool = False
) -> TrackingPage:
    """Return the page of a token; `has_messages` says that text messages can be sent.

    Raises:
        NotFound: no such token.
    """
    case = tracking.track(token)
    back = sent or Sent()
    with reading() as connection:
        frame = read_frame(connection)
        own = resident_forms.own_files(connection, back.group)
        found = {
            name: resident_forms.read_form(
                connection,
                name,
                frame=frame,
                language=language,
                typed=back.typed if back.form == name else None,
                own=own,
            )
            for name in offered(case)
        }
        return TrackingPage(
            frame=frame,
            case=case,
            stand=stand_of(case),
            steps=steps_of(case),
            category=Wording(connection, language).category(case.minor_class),
            forms={name: form for name, form in found.items() if form is not None},
            files=own,
            sent=back,
            ways=tuple(ways(case, has_messages=has_messages)),
        )


def offered(case: Tracked) -> Iterator[str]:
    """Yield the names of the forms a reporter can send now."""
    offers = case.offers
    if offers.question is not None:
        yield resident_forms.ANSWER
    if offers.can_appeal:
        yield resident_forms.APPEAL
    if offers.can_rate:
        yield resident_forms.RATE
    if offers.can_withdraw:
        yield resident_forms.WITHDRAW
    if offers.can_add:
        yield resident_forms.ADD
    if offers.reopen_until is not None:
        yield resident_forms.REOPEN


def own_file(token: str, key: int) -> AttachmentRow | None:
    """Return a file that the reporter with this token may see, None for any other.

    Raises:
        NotFound: no such token.
    """
    case = tracking.track(token)
    rows = (*case.attachments, *case.after_photos)
    return next((row for row in rows if row.key == key), None)


def stand_of(case: Tracked) -> Stand:
    """Return how far a case is."""
    if case.offers.can_appeal:
        return Stand.REJECTED
    if case.outcome in (Stand.REJECTED, Stand.WITHDRAWN, Stand.NO_RESPONSE):
        return Stand(case.outcome)
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
    is_over = case.closed_at is not None or case.offers.can_appeal
    return tuple(StepTaken(step, at) for step, at in times.items() if at is not None or not is_over)
