"""The whole file of real requests replayed on SQLite, killed twice on the way with kill -9.

The replay runs as a stranger would run it, as a command in a process of its own on a database that
is merely migrated; what should come out is counted from the file's own dates. The file lies outside
the repository (`WHISTLE_SHARED`); a number as argument takes only that many lines.
"""

import csv
import gzip
import itertools
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("WHISTLE_SHARED", ROOT.parent / "shared"))
FILE = SHARED / "data" / "service_requests_2011q3.csv.gz"
WHISTLE = (sys.executable, "-c", "from app.cli import main; main()")
KILLED_AT = (0.25, 0.60)
MOST_SECONDS = 900
MOST_GROWTH = 1.25
DOUBLED = {
    "cases": "SELECT count(*) - count(DISTINCT source_ref) FROM cases",
    "submissions": "SELECT count(*) - count(DISTINCT task_key) FROM submission"
    " WHERE task_key IS NOT NULL",
    "closings": "SELECT count(*) - count(DISTINCT case_key) FROM journal WHERE kind = 'closed'",
    "reports": "SELECT count(*) - count(DISTINCT case_key) FROM journal WHERE kind = 'reported'",
}


@dataclass(frozen=True, slots=True)
class Expected:
    """What the file's own dates say."""

    cases: int
    closed_late: int
    overdue_open: int


@dataclass(slots=True)
class Run:
    """One process: how it ended and the most memory it ever held, in KiB."""

    answer: str = ""
    peak: int = 0


def main() -> int:
    """Print one line of JSON per measure; 1 where a target is missed."""
    if not FILE.is_file():
        print(json.dumps({"name": "soak.replay", "skipped": f"{FILE.name} is not there"}))
        return 0
    limit = int(sys.argv[1]) if len(sys.argv) > 1 else None
    now = datetime.now(UTC)
    expected = expectations(limit, now)
    with tempfile.TemporaryDirectory() as folder:
        lines = soak(Path(folder), expected, limit, now)
    for line in lines:
        print(json.dumps(line))
    return 0 if all(line["met"] for line in lines) else 1


def expectations(limit: int | None, now: datetime) -> Expected:
    """Count the file: an instant is written so that a later one is the greater text."""
    until = f"{now:%Y-%m-%d %H:%M:%S}"
    late = overdue = count = 0
    with gzip.open(FILE, "rt", encoding="utf-8-sig", newline="") as text:
        for row in itertools.islice(csv.DictReader(text), limit):
            count += 1
            target, closed = row["target_dt"].strip(), row["closed_dt"].strip()
            late += bool(closed and target and closed > target)
            overdue += bool(not closed and target and target < until)
    return Expected(count, late, overdue)


def soak(
    folder: Path, expected: Expected, limit: int | None, now: datetime
) -> list[dict[str, object]]:
    """Replay with two kills, then look at the answer and into the database."""
    environment = {
        **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        "WHISTLE_INSTANCE": str(folder),
        "WHISTLE_DEMO": "0",
        "LOG_LEVEL": "WARNING",
    }
    migrate = (sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade")
    subprocess.run(migrate, cwd=ROOT, env=environment, check=True, capture_output=True)
    command = [*WHISTLE, "replay", str(FILE), "--until", now.isoformat()]
    command += ["--limit", str(limit)] if limit else []
    database = folder / "whistle.db"
    began = time.monotonic()
    marks = [int(share * expected.cases) for share in KILLED_AT]
    runs = [run(command, environment, database, until_cases=mark) for mark in [*marks, None]]
    seconds = time.monotonic() - began
    return report(expected, runs, counted(database), seconds)


def run(
    command: list[str], environment: dict[str, str], database: Path, *, until_cases: int | None
) -> Run:
    """Run the command to its end, or kill it once the database holds so many cases."""
    done = Run()
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    while process.poll() is None:
        done.peak = max(done.peak, peak_of(process.pid))
        if until_cases is not None and one(database, "SELECT count(*) FROM cases") >= until_cases:
            process.kill()
        time.sleep(0.2)
    answer, _ = process.communicate()
    done.answer = answer.decode()
    if (until_cases is None) != (process.returncode == 0):
        raise RuntimeError(f"the replay ended with {process.returncode}, which was not meant")
    return done


def peak_of(pid: int) -> int:
    """Return the most memory a process has held so far, in KiB; 0 when it has just ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    found = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(found[0]) if found else 0


def one(database: Path, query: str) -> int:
    """Return the one number a query asks for, seen from outside the replay."""
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True, timeout=30)) as opened:
        found: int = opened.execute(query).fetchone()[0]
    return found


def counted(database: Path) -> dict[str, int]:
    """Return how many of each there are too many; all 0 where nothing was done twice."""
    return {name: one(database, query) for name, query in DOUBLED.items()}


def report(
    expected: Expected, runs: list[Run], doubled: dict[str, int], seconds: float
) -> list[dict[str, object]]:
    """Return the lines to print."""
    numbers = json.loads(runs[-1].answer)
    early, last = runs[0].peak, runs[-1].peak
    lines = [
        _line(name, numbers[name], "cases", getattr(expected, name))
        for name in ("cases", "closed_late", "overdue_open")
    ]
    too_many = sum(doubled.values())
    return [
        *lines,
        _line("skipped", numbers["skipped"], "lines", 0),
        {
            **_line("doubled", too_many, "rows", 0),
            **{f"doubled_{k}": v for k, v in doubled.items()},
        },
        {**_line("seconds", round(seconds, 1), "s", MOST_SECONDS), "met": seconds < MOST_SECONDS},
        _line("peak_until_first_kill", early, "KiB", None),
        {
            **_line("peak_until_end", last, "KiB", int(early * MOST_GROWTH)),
            "met": last <= early * MOST_GROWTH,
        },
    ]


def _line(name: str, value: float, unit: str, target: float | None) -> dict[str, object]:
    met = target is None or value == target
    return {
        "name": f"soak.replay.{name}",
        "value": value,
        "unit": unit,
        "target": target,
        "met": met,
    }


if __name__ == "__main__":
    sys.exit(main())
