"""Tables that the program asks in every district: the newest deployed, else the one that ships.

A district that has not deployed a table which came with a newer version goes by the shipped rows
until it does. `cases.stages`, `cases.registering` and `cases.resident_waiting` ask here.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path

from app import dmn
from app.cases.decided import decide
from app.store import processes
from app.store.db import Connection
from app.store.processes import ResourceKind

SHIPPED = Path(__file__).resolve().parents[2] / "bpmn"


def ask(
    connection: Connection, decision: str, given: Mapping[str, object], *, now: datetime
) -> object:
    """Return what the table of that name says, None where no row fits."""
    if processes.newest_decision(connection, decision) is not None:
        return decide(connection, decision, given, now=now)
    return _shipped(decision).evaluate(decision, dict(given), now=now).value


def content_of(connection: Connection, decision: str) -> bytes:
    """Return the file in which a table is asked: the newest deployed, else the shipped one."""
    key = processes.newest_decision(connection, decision)
    if key is None:
        return (SHIPPED / f"{decision}.dmn").read_bytes()
    (resource,) = processes.by_keys(connection, ResourceKind.DECISION, [key])
    return resource.content


@cache
def _shipped(decision: str) -> dmn.Model:
    return dmn.load((SHIPPED / f"{decision}.dmn").read_bytes())
