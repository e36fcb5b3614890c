"""The write path on SQLite: a step without its commit, and the commit (synchronous=FULL) beside it.

A step completes a handle task through the use case: lock, load, run, save, journal, notices. What
comes after the connection's commit begins, until the use case returns, counts as the commit.
"""

import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

from sqlalchemy import event, text

from app.cases.handling import complete_task
from app.store.db import db
from tests.support import walk
from tests.support.district import District, running

WARM_UP = 20
MEASURED = 300
FULL = 2


def main() -> int:
    """Print one line of JSON per measure."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/whistle.sqlite"
        with running(url, Path(folder)) as district:
            steps, commits = measure(district)
    total = sum(steps) + sum(commits)
    for line in (
        _line("store.sqlite_step_without_commit_p50", statistics.median(steps) * 1000, "ms"),
        _line("store.sqlite_commit_p50", statistics.median(commits) * 1000, "ms"),
        _line("store.sqlite_steps_per_second", len(steps) / total, "1/s"),
    ):
        print(json.dumps(line))
    return 0


def _line(name: str, value: float, unit: str) -> dict[str, object]:
    return {"name": name, "value": round(value, 3), "unit": unit, "target": None, "met": True}


def measure(district: District) -> tuple[list[float], list[float]]:
    """Return the seconds of each step without its commit, and of each commit."""
    demand_full()
    cases = [waiting_for_handler(district) for _ in range(WARM_UP + MEASURED)]
    tasks = [walk.open_tasks(case_key)["handle"] for case_key in cases]
    reached: list[float] = []
    event.listen(db.engine, "commit", lambda _connection: reached.append(time.perf_counter()))
    steps, commits = [], []
    for task in tasks:
        reached.clear()
        began = time.perf_counter()
        complete_task(district["handler"], task["key"], walk.HANDLED, seen_version=task["version"])
        ended = time.perf_counter()
        (at_commit,) = reached
        steps.append(at_commit - began)
        commits.append(ended - at_commit)
    return steps[WARM_UP:], commits[WARM_UP:]


def demand_full() -> None:
    """Stop where a commit would not reach the disk: such a figure would be worth nothing."""
    with db.engine.connect() as connection:
        if connection.execute(text("PRAGMA synchronous")).scalar_one() != FULL:
            raise RuntimeError("PRAGMA synchronous is not FULL")


def waiting_for_handler(district: District) -> int:
    """Return a case that its department has signed for."""
    case_key = walk.report().case_key
    walk.do(district["officer"], case_key, "triage", walk.TRIAGED)
    walk.do(district["clerk"], case_key, "sign_for", walk.SIGNED)
    return case_key


if __name__ == "__main__":
    sys.exit(main())
