"""What a reporter sees and may do with the token of their case: follow it, rate it.

The token is all a reporter has; it opens this one case and nothing of anybody else's.
"""

from dataclasses import dataclass
from datetime import datetime

from app.cases import messages, submissions, tokens
from app.cases.deployed import latest_form
from app.cases.work import Hand
from app.errors import NotFound
from app.json_types import JsonObject
from app.store import reporters
from app.store.attachments import AttachmentRow, of_case
from app.store.db import reading, transaction
from app.store.reporters import PublicEvent, PublicReply

RATED = "RatingReceived"
RATED_ELEMENT = "rated"
RATING_FORM = "rating"


@dataclass(frozen=True, slots=True)
class Tracked:
    """A case as its reporter sees it: no names, no internal remarks."""

    case_key: int
    reporter_key: int
    number: str
    language: str
    description: str
    address: str | None
    minor_class: str | None
    reported_at: datetime
    established_at: datetime | None
    due_at: datetime | None
    is_due_provisional: bool
    handled_at: datetime | None
    closed_at: datetime | None
    outcome: str | None
    close_code: str | None
    lead_unit_key: int | None
    grade: int | None
    can_rate: bool
    events: tuple[PublicEvent, ...]
    replies: tuple[PublicReply, ...]
    attachments: tuple[AttachmentRow, ...]


def track(token: str) -> Tracked:
    """Return the case of a token.

    Raises:
        NotFound: no such token.
    """
    with reading() as connection:
        found = reporters.by_token(connection, tokens.hashed(token))
        if found is None:
            raise NotFound(what="token")
        own = [
            row
            for row in of_case(connection, found.case_key)
            if row.visibility == "public" or (row.kind == "report" and row.person_key is None)
        ]
        return Tracked(
            **{name: getattr(found, name) for name in reporters.TRACKED_COLUMNS},
            can_rate=reporters.can_rate(connection, RATED, found.number),
            events=tuple(reporters.public_events(connection, found.case_key)),
            replies=tuple(reporters.public_replies(connection, found.case_key)),
            attachments=tuple(own),
        )


def rate(token: str, answers: JsonObject) -> None:
    """Give the rating form's answers (`grade` 1 very satisfied … 5) to the case that waits for it.

    Raises:
        NotFound: no such token. NobodyWaits: it is rated already, or the time for it is over.
    """
    with transaction() as tx:
        found = reporters.by_token(tx.connection, tokens.hashed(token))
        if found is None:
            raise NotFound(what="token")
        work = messages.deliver(
            tx,
            RATED,
            correlation_key=found.number,
            variables=answers,
            hand=Hand(reporter_key=found.reporter_key),
        )
        work.note("rating_received")
        form = latest_form(tx.connection, RATING_FORM)
        submissions.keep(work, RATED_ELEMENT, answers, form=form)
        messages.finish(work)
