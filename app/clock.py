"""The only place that reads the computer's clock; instants are aware and in UTC.

A test or a replay moves the clock with `moved_to`; `store.db.transaction` asks `moved_now` first
and the database otherwise. Everything below the doors receives `now` as an argument.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_moved: ContextVar[datetime | None] = ContextVar("moved_clock", default=None)


def utc_now() -> datetime:
    """Return the moved clock's instant where one is set, else the computer's; aware, UTC."""
    return _moved.get() or datetime.now(UTC)


def moved_now() -> datetime | None:
    """Return the moved clock's instant, or None while time runs by itself."""
    return _moved.get()


@contextmanager
def moved_to(instant: datetime) -> Iterator[None]:
    """Hold the clock at `instant` for the block.

    Raises:
        ValueError: `instant` carries no zone.
    """
    if instant.tzinfo is None:
        raise ValueError("a moved clock needs an instant with a zone")
    token = _moved.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _moved.reset(token)
