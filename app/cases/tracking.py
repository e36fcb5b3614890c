"""What a reporter sees of their case: found by the token of a link, or by number and query code.

Either opens this one case and nothing of anybody else's. What they may do with it is offered by
`cases.resident_waiting`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.cases import resident_photos, resident_waiting, tokens
from app.cases.resident_waiting import Offers
from app.cases.sessions import limit_rate
from app.errors import NotFound
from app.store import reporters
from app.store.attachments import AttachmentRow
from app.store.db import Connection, instant_of, reading
from app.store.reporters import Linked, PublicEvent, PublicReply, TrackedRow

MOST_LOOKUPS = 30
MOST_LOOKUPS_OF_A_CASE = 20
WINDOW = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class OtherCase:
    """A case of the same reporter that goes on from one, or from which one goes on."""

    number: str
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracked:
    """A case as its reporter sees it: no names, no internal remarks.

    `going_on` is the case that goes on from it, `gone_on_from` the one it goes on from.
    """

    case_key: int
    reporter_key: int
    number: str
    clock_domain: str
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
    is_confidential: bool
    is_anonymous: bool
    has_consented: bool
    has_mail: bool
    has_phone: bool
    told_by: str
    stages: list[str] | None
    offers: Offers
    events: tuple[PublicEvent, ...]
    replies: tuple[PublicReply, ...]
    own_words: tuple[PublicReply, ...]
    going_on: OtherCase | None
    gone_on_from: OtherCase | None
    attachments: tuple[AttachmentRow, ...]
    after_photos: tuple[AttachmentRow, ...]

    @property
    def is_taken_up_again(self) -> bool:
        """Tell whether it was handled before and is handled anew."""
        return bool(self.events) and self.events[-1].kind == reporters.TAKEN_UP

    @property
    def can_rate(self) -> bool:
        """Tell whether the case can be rated now."""
        return self.offers.can_rate


def track(token: str) -> Tracked:
    """Return the case of a token.

    Raises:
        NotFound: no such token.
    """
    with reading() as connection:
        found = demand(connection, token)
        return Tracked(
            **dict(found._mapping),
            offers=resident_waiting.read_offers(
                connection, found.case_key, now=instant_of(connection)
            ),
            events=tuple(reporters.public_events(connection, found.case_key)),
            replies=tuple(reporters.public_replies(connection, found.case_key)),
            own_words=tuple(reporters.own_words(connection, found.reporter_key)),
            going_on=_other(connection, reporters.going_on(connection, found.reporter_key)),
            gone_on_from=_other(connection, reporters.gone_on_from(connection, found.reporter_key)),
            attachments=resident_photos.own(connection, found.case_key),
            after_photos=resident_photos.after(
                connection, found.case_key, handled_at=found.handled_at
            ),
        )


def language_of(token: str) -> str | None:
    """Return the language in which a token's reporter is written to, None without such a token."""
    with reading() as connection:
        found = reporters.by_token(connection, tokens.hashed(token))
    return None if found is None else str(found.language)


def demand(connection: Connection, token: str) -> TrackedRow:
    """Return the case and reporter of a token, as `store.reporters` reads them.

    Raises:
        NotFound: no such token.
    """
    found = reporters.by_token(connection, tokens.hashed(token))
    if found is None:
        raise NotFound(what="token")
    return found


def look_up(number: str, code: str, *, address: str) -> str:
    """Return the token of the case with this number whose reporter has this query code.

    `address` is where the question came from.

    Raises:
        NotFound: number and code do not belong together.
        TooManyAttempts: too many were tried from this address, or for this case.
    """
    wanted = tokens.plain_number(number)
    limit_rate(f"code from {address}", at_most=MOST_LOOKUPS, window=WINDOW)
    limit_rate(f"code for {wanted}", at_most=MOST_LOOKUPS_OF_A_CASE, window=WINDOW)
    with reading() as connection:
        for key in reporters.of_number(connection, wanted):
            if tokens.is_query_code(connection, key, code):
                return tokens.for_reporter(connection, key)
    raise NotFound(what="code")


def code_of(token: str) -> str:
    """Return the query code of the reporter with this token.

    Raises:
        NotFound: no such token.
    """
    with reading() as connection:
        return tokens.query_code(connection, demand(connection, token).reporter_key)


def _other(connection: Connection, linked: Linked | None) -> OtherCase | None:
    if linked is None:
        return None
    return OtherCase(linked.number, tokens.for_reporter(connection, linked.reporter_key))
