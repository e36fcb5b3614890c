"""What a deployed table says to a page that asks it, outside any process."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache

from app import dmn
from app.store import processes
from app.store.db import Connection
from app.store.processes import ResourceKind


def decide(
    connection: Connection, decision: str, facts: Mapping[str, object], *, now: datetime
) -> object:
    """Ask the newest deployed table of that name; None without one, or where no row fits."""
    key = processes.newest_decision(connection, decision)
    if key is None:
        return None
    (resource,) = processes.by_keys(connection, ResourceKind.DECISION, [key])
    return _model(resource.content).evaluate(decision, dict(facts), now=now).value


@lru_cache(maxsize=16)
def _model(content: bytes) -> dmn.Model:
    return dmn.load(content)
