"""The bell: what has happened that somebody should know, and what of it is new."""

from dataclasses import dataclass
from datetime import datetime

from app.cases.frame import Frame, read_frame
from app.cases.wording import Wording
from app.organisation.actor import Actor
from app.organisation.scope import scope_of
from app.store import case_files
from app.store import notices as rows
from app.store.db import Connection, reading, transaction
from app.store.notices import NoticeLine
from app.store.paging import Place, place_from

PAGE = 30


@dataclass(frozen=True, slots=True)
class Rung:
    """A notice with the step it speaks of in the reader's language, and by whom it came."""

    line: NoticeLine
    step: str
    is_new: bool
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bell:
    """A page of notices, the newest first."""

    frame: Frame
    items: tuple[Rung, ...]
    next_place: Place | None


def read_bell(actor: Actor, *, language: str, after: str | None = None) -> Bell:
    """Return a page of the actor's notices and take its first page as seen."""
    scope = scope_of(actor)
    with reading() as connection:
        frame = read_frame(connection)
        seen_at = rows.seen_at(connection, actor.person_key)
        lines = rows.lines(connection, scope, after=place_from(after), limit=PAGE + 1)
        wording = Wording(connection, language)
        bell = Bell(
            frame=frame,
            items=_rungs(connection, lines[:PAGE], wording, seen_at),
            next_place=lines[PAGE - 1].place if len(lines) > PAGE else None,
        )
    if after is None and any(item.is_new for item in bell.items):
        with transaction() as tx:
            rows.mark_seen(tx.connection, actor.person_key, now=frame.now)
    return bell


def count_new(actor: Actor) -> int:
    """Return how many notices the actor has not seen, at most 99."""
    with reading() as connection:
        return rows.count_new(connection, scope_of(actor))


def _rungs(
    connection: Connection, lines: list[NoticeLine], wording: Wording, seen_at: datetime | None
) -> tuple[Rung, ...]:
    names = case_files.names(connection, {_by(line) for line in lines} - {0})
    return tuple(_rung(line, wording, seen_at, names.get(_by(line), "")) for line in lines)


def _by(line: NoticeLine) -> int:
    found = line.params.get("by")
    return found if isinstance(found, int) else 0


def _rung(line: NoticeLine, wording: Wording, seen_at: datetime | None, by: str) -> Rung:
    element_id = str(line.params.get("element_id") or "")
    step = ""
    if element_id and line.definition_key is not None:
        step = wording.step(line.definition_key, element_id)
    return Rung(line, step or element_id, seen_at is None or line.at > seen_at, by)
