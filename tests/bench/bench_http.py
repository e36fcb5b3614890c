"""A handle task completed over HTTP on PostgreSQL: the POST alone, session included.

One gunicorn worker process with threads serves on this machine; a keep-alive client signs a person
in and completes one prepared task after the other. Without a PostgreSQL server one line says so.
"""

import http.client
import json
import os
import re
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import psycopg
from psycopg import sql
from sqlalchemy import select, update
from sqlalchemy.engine import URL, make_url

from app.organisation.passwords import hash_password
from app.store.db import reading, transaction
from app.store.tables.organisation import person
from app.store.tables.runtime import user_task
from tests.support import walk
from tests.support.district import SECRET, District, running

POSTGRES = os.environ.get(
    "WHISTLE_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
)
ROOT = Path(__file__).resolve().parents[2]
WARM_UP = 20
MEASURED = 220
PASSWORD = "only for this measurement"
TARGETS: dict[str, float] = {"p50": 10, "statements": 16, "commits": 1}


@dataclass(slots=True)
class Measured:
    """What the posts took: milliseconds, and what the server says each cost."""

    milliseconds: list[float] = field(default_factory=list)
    statements: list[int] = field(default_factory=list)
    commits: list[int] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)


def main() -> int:
    """Print one line of JSON per measure; 1 where a target is missed."""
    try:
        psycopg.connect(_uri(make_url(POSTGRES)), connect_timeout=5).close()
    except psycopg.OperationalError as problem:
        print(json.dumps({"name": "http", "skipped": f"no PostgreSQL answers: {problem}"}))
        return 0
    with fresh_database() as url, tempfile.TemporaryDirectory() as folder:
        with running(url, Path(folder)) as district:
            tasks = prepared(district, WARM_UP + MEASURED)
        with serving(url, Path(folder)) as port:
            found = measure(port, tasks)
    lines = report(found)
    for line in lines:
        print(json.dumps(line))
    return 0 if all(line["met"] for line in lines) else 1


def report(found: Measured) -> list[dict[str, object]]:
    """Return the lines as `make bench` prints them."""
    ordered = sorted(found.milliseconds)
    p95 = ordered[int(len(ordered) * 0.95)]
    statements, commits = statistics.median(found.statements), max(found.commits)
    return [
        _line("http.complete_p50", statistics.median(ordered), "ms", TARGETS["p50"]),
        _line("http.complete_p95", p95, "ms", None),
        _line("http.complete_processor_p50", statistics.median(found.processor), "ms", None),
        _line("http.complete_statements", statements, "statements", TARGETS["statements"]),
        _line("http.complete_statements_most", max(found.statements), "statements", None),
        _line("http.complete_transactions", commits, "transactions", TARGETS["commits"]),
    ]


def _line(name: str, value: float, unit: str, target: float | None) -> dict[str, object]:
    met = target is None or value <= target
    return {"name": name, "value": round(value, 2), "unit": unit, "target": target, "met": met}


@contextmanager
def fresh_database() -> Iterator[str]:
    """Yield the address of a new database, and drop it afterwards."""
    server, name = make_url(POSTGRES), f"whistle_bench_{os.getpid()}"
    with psycopg.connect(_uri(server), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield server.set(database=name).render_as_string(hide_password=False)
        finally:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            connection.execute(drop)


def _uri(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def prepared(district: District, count: int) -> list[int]:
    """Bring cases to their handler; return the keys of the tasks, and give the handler a password.

    Cases are of the kind the flow tests walk: a photo-less report that a department has signed for.
    """
    with transaction() as tx:
        kept = hash_password(PASSWORD)
        own = update(person).where(person.c.login == "handler")
        tx.connection.execute(own.values(password_hash=kept))
    for _ in range(count):
        case_key = walk.report().case_key
        walk.do(district["officer"], case_key, "triage", walk.TRIAGED)
        walk.do(district["clerk"], case_key, "sign_for", walk.SIGNED)
    with reading() as connection:
        waiting = (user_task.c.element_id == "handle") & (user_task.c.state == "CREATED")
        return list(connection.execute(select(user_task.c.key).where(waiting)).scalars())


@contextmanager
def serving(url: str, folder: Path) -> Iterator[int]:
    """Run gunicorn with one worker process on a free port until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    environment = os.environ | {
        "DATABASE_URL": url,
        "WHISTLE_INSTANCE": str(folder),
        "SECRET_KEY": SECRET,
        "LOG_LEVEL": "WARNING",
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-m", "gunicorn", "--workers=1", "--worker-class=gthread"]
    command += ["--threads=8", f"--bind=127.0.0.1:{port}", "--keep-alive=30"]
    command += ["--log-level=warning", "tests.bench.serving:app"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        _wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    ends_at = time.monotonic() + 30
    while time.monotonic() < ends_at and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("gunicorn did not start")


class Visitor:
    """A browser of the plainest kind: one kept connection, cookies, no redirects."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._cookies: dict[str, str] = {}

    def get(self, path: str) -> str:
        """Return a page."""
        return self._send("GET", path, None)[1]

    def post(self, path: str, fields: dict[str, str]) -> http.client.HTTPResponse:
        """Send a form and return the answer, read to its end."""
        return self._send("POST", path, urlencode(fields))[0]

    def _send(
        self, method: str, path: str, body: str | None
    ) -> tuple[http.client.HTTPResponse, str]:
        headers = {"Cookie": "; ".join(f"{name}={v}" for name, v in self._cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        text = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.split(";", 1)[0].partition("=")
            self._cookies[name] = value
        return answer, text


def measure(port: int, tasks: list[int]) -> Measured:
    """Sign the handler in and complete every task; the first few only warm the server up."""
    visitor = Visitor(port)
    token = _csrf(visitor.get("/sign-in"))
    fields = {"csrf_token": token, "login": "handler", "password": PASSWORD}
    if visitor.post("/sign-in", fields).status != 303:
        raise RuntimeError("the handler could not sign in")
    answers = {name: str(value) for name, value in walk.HANDLED.items()}
    answers |= {"csrf_token": _csrf(visitor.get(f"/tasks/{tasks[0]}")), "_version": "1"}
    found = Measured()
    for number, key in enumerate(tasks):
        began = time.perf_counter()
        answer = visitor.post(f"/tasks/{key}", answers)
        took = (time.perf_counter() - began) * 1000
        if answer.status != 303:
            raise RuntimeError(f"task {key} was answered with {answer.status}")
        if number >= WARM_UP:
            found.milliseconds.append(took)
            found.statements.append(int(answer.headers["X-Statements"]))
            found.commits.append(int(answer.headers["X-Commits"]))
            found.processor.append(float(answer.headers["X-Processor"]))
    return found


def _csrf(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([0-9a-f]+)"', page)
    return found[1] if found else secrets.token_hex(8)


if __name__ == "__main__":
    sys.exit(main())
