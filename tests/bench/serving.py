"""The application as gunicorn serves it in `bench_http`, saying in headers what a request cost.

`X-Statements` counts what was sent to the database without BEGIN and COMMIT, `X-Commits` the
transactions that wrote, `X-Processor` the milliseconds of processor time of the serving thread;
nothing else differs from `wsgi.py`.
"""

import time
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, event

from app import create_app


@dataclass(slots=True)
class Cost:
    """What one request has cost so far."""

    statements: int = 0
    commits: int = 0


_cost: ContextVar[Cost | None] = ContextVar("cost", default=None)


@event.listens_for(Engine, "before_cursor_execute")
def _count_statement(*_arguments: object) -> None:
    cost = _cost.get()
    if cost is not None:
        cost.statements += 1


@event.listens_for(Engine, "commit")
def _count_commit(connection: Connection) -> None:
    cost = _cost.get()
    if cost is not None and connection.get_execution_options().get("isolation_level") is None:
        cost.commits += 1


application = create_app()


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Serve a request and add the two headers."""
    cost = Cost()
    token = _cost.set(cost)
    began = time.thread_time()

    def start(status: str, headers: list[tuple[str, str]], *rest: object) -> Any:
        counted = [
            ("X-Statements", str(cost.statements)),
            ("X-Commits", str(cost.commits)),
            ("X-Processor", f"{(time.thread_time() - began) * 1000:.3f}"),
        ]
        return start_response(status, [*headers, *counted], *rest)

    try:
        return application(environ, start)
    finally:
        _cost.reset(token)
