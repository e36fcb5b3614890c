"""Logs as JSON lines; the request's and the case's ids are bound once and stand in every line.

The doors bind, everybody logs through `logging`. Personal data never belongs in a log.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

import orjson

_bound: ContextVar[dict[str, str] | None] = ContextVar("log_context", default=None)


class JsonLines(logging.Formatter):
    """One JSON object a line: at, level, logger, message, what is bound, and a traceback if any."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line of JSON."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **(_bound.get() or {}),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return orjson.dumps(line, default=str).decode()


@contextmanager
def bound(**ids: object) -> Iterator[None]:
    """Put these ids into every line logged inside the block."""
    token = _bound.set(
        {**(_bound.get() or {}), **{name: str(value) for name, value in ids.items()}}
    )
    try:
        yield
    finally:
        _bound.reset(token)


def configure(level: str) -> None:
    """Send every logger's lines to standard error as JSON, from `level` upwards."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for talkative in ("spiff", "apscheduler", "sqlalchemy.engine", "botocore", "waitress.queue"):
        logging.getLogger(talkative).setLevel(logging.WARNING)
