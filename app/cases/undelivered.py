"""Letters that have not left: for those who look after the system.

They read which letter waits for whom and why it could not be sent, never an address, and have it
sent again.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from app.cases.frame import Frame, read_frame
from app.cases.outbox import NOTICE_MAIL
from app.errors import CaseBusy
from app.organisation.actor import Actor
from app.organisation.permissions import Action, demand
from app.organisation.roles import Role, role_in
from app.organisation.scope import scope_of
from app.store import undelivered as rows
from app.store.db import Connection, reading, transaction
from app.store.paging import Place, place_from
from app.store.scope import can_see_case
from app.store.undelivered import GIVEN_UP, WAITING, LetterRow, NoticeRow

PAGE = 30


@dataclass(frozen=True, slots=True)
class Waiting:
    """A letter that has not left. `to` names the staff it is for; empty: the reporters of the case.

    `about` is the kind of notice, or the letter's own name for reporters.
    """

    row: LetterRow
    about: str
    to: str
    case_key: int | None
    number: str
    may_open_case: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered:
    """A page of letters that were given up, or that still wait; `counts` has both."""

    frame: Frame
    found: tuple[Waiting, ...]
    counts: Mapping[str, int]
    is_waiting: bool
    next_place: Place | None


def read_undelivered(
    actor: Actor, *, language: str, is_waiting: bool = False, after: str | None = None
) -> Undelivered:
    """Return letters that were given up, or those that still wait, the oldest first.

    Raises:
        Forbidden: the actor does not look after the system.
    """
    demand(actor, Action.VIEW_INCIDENTS)
    with reading() as connection:
        frame = read_frame(connection)
        state = WAITING if is_waiting else GIVEN_UP
        found = rows.page(connection, state=state, after=place_from(after), limit=PAGE + 1)
        return Undelivered(
            frame=frame,
            found=_in_words(connection, actor, found[:PAGE], frame, language),
            counts={WAITING: 0, GIVEN_UP: 0} | rows.counts(connection),
            is_waiting=is_waiting,
            next_place=found[PAGE - 1].place if len(found) > PAGE else None,
        )


def send_again(actor: Actor, key: int | None = None) -> int:
    """Let a letter that was given up be sent again, or all of them; return how many.

    Raises:
        Forbidden: the actor may not. CaseBusy: somebody else has done so.
    """
    demand(actor, Action.RESOLVE_INCIDENTS)
    with transaction() as tx:
        done = rows.send_again(tx.connection, key)
    if not done and key is not None:
        raise CaseBusy(key=key)
    return done


def _in_words(
    connection: Connection, actor: Actor, found: list[LetterRow], frame: Frame, language: str
) -> tuple[Waiting, ...]:
    notices = rows.notices(connection, {_key(row, "notice_key") for row in found})
    of = {row.key: _case(row, notices) for row in found}
    numbers = rows.numbers(connection, {key for key in of.values() if key is not None})
    scope = scope_of(actor)
    return tuple(
        Waiting(
            row,
            about=_about(row, notices),
            to=_to(notices.get(_key(row, "notice_key")), frame, language),
            case_key=of[row.key],
            number=numbers.get(of[row.key] or 0, ""),
            may_open_case=can_see_case(connection, scope, of[row.key] or 0),
        )
        for row in found
    )


def _case(row: LetterRow, notices: Mapping[int, NoticeRow]) -> int | None:
    notice = notices.get(_key(row, "notice_key"))
    return notice.case_key if notice is not None else _key(row, "case_key") or None


def _about(row: LetterRow, notices: Mapping[int, NoticeRow]) -> str:
    notice = notices.get(_key(row, "notice_key"))
    if row.kind == NOTICE_MAIL:
        return notice.kind if notice is not None else ""
    return str(row.payload.get("template", ""))


def _to(notice: NoticeRow | None, frame: Frame, language: str) -> str:
    if notice is None:
        return ""
    if notice.person is not None:
        return notice.person
    if notice.role is None:
        return ""
    return role_in(Role(notice.role), frame.unit_name(notice.unit_key, language), language)


def _key(row: LetterRow, name: str) -> int:
    return int(str(row.payload.get(name) or 0))
