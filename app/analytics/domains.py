"""Which cases numbers are about: those of daily work, or those of one replayed file; never both.

Source: ADR 10, docs/replay.md. What a replay made out of a file is no work of this district.
"""

from sqlalchemy import Connection, select

from app.store.scope import Scope, sees_case
from app.store.tables.cases import cases

LIVE = "live"
_REPLAY = "replay:"


def domain_of(replay: str) -> str:
    """Return the clock domain of a replay, by its mapping's name; of daily work for no name."""
    return f"{_REPLAY}{replay}" if replay else LIVE


def replays(connection: Connection, scope: Scope) -> tuple[str, ...]:
    """Return the names of the replays that left cases in a scope, in alphabetical order."""
    found, last = [], ""
    while (source := _source_behind(connection, last)) is not None:
        if _has_replayed(connection, scope, source):
            found.append(source)
        last = source
    return tuple(found)


def _source_behind(connection: Connection, last: str) -> str | None:
    """Return the next source by the alphabet: one look into the index, whatever its cases count."""
    query = select(cases.c.source).where(cases.c.source > last).order_by(cases.c.source).limit(1)
    found: str | None = connection.execute(query).scalar()
    return found


def _has_replayed(connection: Connection, scope: Scope, source: str) -> bool:
    query = select(cases.c.key).where(
        cases.c.source == source,
        cases.c.clock_domain == domain_of(source),
        sees_case(scope, cases.c.key),
    )
    return connection.execute(query.limit(1)).first() is not None
