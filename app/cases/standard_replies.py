"""Standard replies: texts by category and outcome in both languages, offered where one replies.

A form says at which of its fields (docs/forms.md, `properties.replies`). Administrators edit the
texts; what a text said before is kept.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from app.cases.calendar import local_today
from app.cases.frame import Frame, read_frame
from app.cases.standard_reply_seed import SEED
from app.cases.wording import Wording
from app.errors import CaseError, InvalidInput, NotFound
from app.organisation.actor import Actor
from app.organisation.permissions import Action, demand
from app.organisation.units import is_valid
from app.store import standard_replies as rows
from app.store.db import Connection, Transaction, reading, transaction
from app.store.standard_replies import ChangeRow, ReplyRow

BLANKS = ("number", "category", "address", "unit", "date")
MOST_CHARACTERS = 1000
_BLANK = re.compile(r"\{([^{}]*)\}")
_CODE = re.compile(r"[A-Za-z0-9_]{0,40}")


class UnknownBlank(CaseError):
    """There is no blank {blank}. Known are {known}."""

    code = "unknown_blank"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyText:
    """A reply as an administrator writes it."""

    category: str
    outcome: str
    title: str
    title_zh: str
    body: str
    body_zh: str
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Ready:
    """A reply with its blanks filled in, to be put into a field; `text` by language."""

    key: int
    outcome: str
    title: str
    text: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Kept:
    """A reply of the administrators' list, and whether it holds today."""

    row: ReplyRow
    category: str
    is_valid: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyList:
    """Every reply, and the categories there are."""

    frame: Frame
    replies: tuple[Kept, ...]
    categories: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyPage:
    """One reply with what it said before; no row for a new one."""

    frame: Frame
    row: ReplyRow | None
    history: tuple[ChangeRow, ...]
    categories: Mapping[str, str]


def seed_replies(tx: Transaction) -> None:
    """Keep the replies a new installation begins with; nothing where there are some."""
    if rows.has_any(tx.connection):
        return
    today = local_today(tx.connection, tx.now)
    found = [
        {
            "key": tx.next_key(),
            "category": category,
            "outcome": outcome,
            "title": title,
            "title_zh": title_zh,
            "body": body,
            "body_zh": body_zh,
            "valid_from": today,
            "valid_to": None,
        }
        for category, outcome, title, title_zh, body, body_zh in SEED
    ]
    rows.insert(tx.connection, found)


def list_replies(actor: Actor, *, language: str) -> ReplyList:
    """Return every reply.

    Raises:
        Forbidden: the actor keeps no settings.
    """
    demand(actor, Action.MANAGE_SETTINGS)
    with reading() as connection:
        frame = read_frame(connection)
        today = frame.now.astimezone(frame.zone).date()
        wording = Wording(connection, language)
        return ReplyList(
            frame=frame,
            replies=tuple(
                Kept(
                    row,
                    wording.category(row.category),
                    is_valid(row.valid_from, row.valid_to, today),
                )
                for row in rows.all_replies(connection)
            ),
            categories=wording.classes,
        )


def read_reply(actor: Actor, key: int | None, *, language: str) -> ReplyPage:
    """Return one reply with its history, or what a new one needs.

    Raises:
        Forbidden: the actor keeps no settings. NotFound: there is no such reply.
    """
    demand(actor, Action.MANAGE_SETTINGS)
    with reading() as connection:
        row = rows.find(connection, key) if key is not None else None
        if key is not None and row is None:
            raise NotFound(what="reply", key=key)
        return ReplyPage(
            frame=read_frame(connection),
            row=row,
            history=tuple(rows.history(connection, key)) if key is not None else (),
            categories=Wording(connection, language).classes,
        )


def save_reply(actor: Actor, key: int | None, text: ReplyText) -> int:
    """Keep a new reply, or change one and keep what it said before; return its key.

    Raises:
        Forbidden: the actor keeps no settings. NotFound: there is no such reply.
        InvalidInput, UnknownBlank: something of it cannot be taken; `field` names it.
    """
    demand(actor, Action.MANAGE_SETTINGS)
    _check(text)
    with transaction() as tx:
        values: dict[str, Any] = asdict(text)
        values["valid_from"] = text.valid_from or local_today(tx.connection, tx.now)
        before = rows.find(tx.connection, key) if key is not None else None
        if key is not None and before is None:
            raise NotFound(what="reply", key=key)
        found = key if key is not None else tx.next_key()
        if before is None:
            rows.insert(tx.connection, [{"key": found, **values}])
        else:
            rows.change(tx.connection, found, values)
        rows.note(
            tx.connection,
            {
                "key": tx.next_key(),
                "reply_key": found,
                "person_key": actor.person_key,
                "before": _plain(before),
                "at": tx.now,
            },
        )
        return found


def fitting(
    connection: Connection, case: Mapping[str, Any], frame: Frame, wording: Wording
) -> tuple[Ready, ...]:
    """Return the replies that fit a case's category today, blanks filled in."""
    today = frame.now.astimezone(frame.zone).date()
    category = case["minor_class"] or ""
    return tuple(
        Ready(
            key=row.key,
            outcome=row.outcome,
            title=row.title_zh if wording.language == "zh-CN" else row.title,
            text={
                "zh-CN": filled(row.body_zh, _values(case, frame, wording, "zh-CN", today)),
                "en": filled(row.body, _values(case, frame, wording, "en", today)),
            },
        )
        for row in rows.valid(connection, today)
        if category.startswith(row.category)
    )


def filled(body: str, values: Mapping[str, str]) -> str:
    """Return a text with its blanks filled in; what is not known leaves no blank behind."""
    return _BLANK.sub(lambda found: values.get(found[1], ""), body)


def _values(
    case: Mapping[str, Any], frame: Frame, wording: Wording, language: str, today: date
) -> dict[str, str]:
    own = wording if wording.language == language else Wording(wording.connection, language)
    return {
        "number": case["number"],
        "category": own.category(case["minor_class"]),
        "address": case["address"] or "",
        "unit": frame.unit_name(case["lead_unit_key"], language),
        "date": today.isoformat(),
    }


def _check(text: ReplyText) -> None:
    if not _CODE.fullmatch(text.category) or not _CODE.fullmatch(text.outcome):
        raise InvalidInput(
            what="The code", why="it has letters, digits and underscores only.", field="category"
        )
    for name in ("title", "title_zh", "body", "body_zh"):
        if not getattr(text, name).strip():
            raise InvalidInput(what="The text", why="it is needed in both languages.", field=name)
        if len(getattr(text, name)) > MOST_CHARACTERS:
            raise InvalidInput(what="The text", why="it is too long.", field=name)
    for name in ("body", "body_zh"):
        for blank in _BLANK.findall(getattr(text, name)):
            if blank not in BLANKS:
                known = ", ".join("{" + each + "}" for each in BLANKS)
                raise UnknownBlank(blank="{" + blank + "}", known=known, field=name)
    if text.valid_from and text.valid_to and text.valid_to < text.valid_from:
        raise InvalidInput(what="The last day", why="it comes before the first.", field="valid_to")


def _plain(row: ReplyRow | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {name: str(value) for name, value in asdict(row).items() if value is not None}
