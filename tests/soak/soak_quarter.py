"""Five thousand mixed cases over a simulated quarter, from report to end, on both databases.

Nothing may be left: no incident, no timer, message, subscription or instance without a case that
needs it, and of each message as many received as thrown. A number as argument takes so many cases.
PostgreSQL is left out, and says so, where none answers.
"""

import json
import os
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from tests.support.district import running
from tests.support.postgres import PostgresServer
from tests.support.quarter import LATEST, Quarter, count_messages, faults

CASES = 5_000
SEED = 2026


def main() -> int:
    """Print one line of JSON for each database; 1 where something is left over."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else CASES
    server = PostgresServer.named(f"whistle_soak_{os.getpid()}")
    problem = server.problem()
    with tempfile.TemporaryDirectory() as folder:
        found = _quarter("sqlite", f"sqlite:///{folder}/quarter.sqlite", Path(folder), count)
        if problem is not None:
            print(json.dumps({"name": "soak.quarter.postgresql", "skipped": problem}))
            return int(bool(found))
        with server.fresh_database() as url:
            found += _quarter("postgresql", url, Path(folder), count)
    return int(bool(found))


def _quarter(name: str, url: str, folder: Path, count: int) -> list[str]:
    began = time.monotonic()
    with running(url, folder) as district:
        quarter = Quarter(district, count=count, seed=SEED)
        count_messages()
        quarter.run()
        found = faults(LATEST + timedelta(days=1))
    line = {
        "name": f"soak.quarter.{name}",
        "cases": len(quarter.case_keys),
        "steps": quarter.steps.total(),
        "by_step": dict(sorted(quarter.steps.items())),
        "faults": found,
        "seconds": round(time.monotonic() - began, 1),
    }
    print(json.dumps(line, ensure_ascii=False), flush=True)
    return found


if __name__ == "__main__":
    sys.exit(main())
