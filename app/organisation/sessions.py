"""What a session is: its secret token, how long it lives, and what a request learns from it."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.json_types import JsonObject
from app.organisation.actor import Actor, HeldPosition
from app.organisation.roles import Role
from app.organisation.units import UnitKind, is_valid
from app.store.settings import DEFAULTS

TOUCH_AFTER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifetimes:
    """A session ends when unused for `idle`, and `absolute` after it began in any case."""

    idle: timedelta = timedelta(minutes=60)
    absolute: timedelta = timedelta(hours=12)

    def has_ended(self, began: datetime, last_seen: datetime, now: datetime) -> bool:
        """Tell whether a session's time is over at `now`."""
        return now - last_seen >= self.idle or now - began >= self.absolute


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionView:
    """A live session: who is signed in (None: nobody) and what is kept with it."""

    token_hash: str
    actor: Actor | None
    data: JsonObject = field(default_factory=dict)
    began_at: datetime
    last_seen_at: datetime

    def needs_touch(self, now: datetime) -> bool:
        """Tell whether it is time to note that the session is in use: once a minute is enough."""
        return now - self.last_seen_at >= TOUCH_AFTER


def new_token() -> str:
    """Return a secret of 256 random bits for a cookie."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """Return what is kept of a token (SHA-256, hexadecimal)."""
    return hashlib.sha256(token.encode()).hexdigest()


def view_of(token_hash: str, rows: Sequence[Any], now: datetime) -> SessionView | None:
    """Return the session that rows of `store.sessions.find` describe; None when it must end.

    A session of somebody whose account has been disabled must. Positions are those held on the
    day it is in the district.
    """
    if not rows:
        return None
    own, *held = rows
    if own.person_key is not None and not own.is_active:
        return None
    return SessionView(
        token_hash=token_hash,
        actor=None if own.person_key is None else _actor(own, held, _today(own.zone, now)),
        data=own.data,
        began_at=own.created_at,
        last_seen_at=own.last_seen_at,
    )


def _today(zone: str | None, now: datetime) -> date:
    return now.astimezone(ZoneInfo(zone or DEFAULTS.zone)).date()


def _actor(own: Any, held: Sequence[Any], today: date) -> Actor:
    positions = [
        HeldPosition(
            position_key=row.position_key,
            role=Role(row.role),
            unit_key=row.unit_key,
            unit_path=row.unit_path,
            unit_kind=UnitKind(row.unit_kind),
            on_behalf_of=row.on_behalf_of,
        )
        for row in held
        if is_valid(row.valid_from, row.valid_to, today)
    ]
    positions.sort(key=lambda held: (held.on_behalf_of is not None, held.position_key))
    return Actor(
        person_key=own.person_key,
        login=own.login,
        name=own.name,
        language=own.language,
        positions=tuple(positions),
    )
