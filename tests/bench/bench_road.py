"""What a step of the complete main process costs beside a step of the first, short one.

Both run on SQLite in one process: cases are walked to `handle`, then completed there in turns, one
of the first process and one of the complete one, each with everything a step writes. The commit is
part of both. Bytes are those of an open case at `handle`, all its instances together.
"""

import json
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from sqlalchemy import func, select

from app import ROOT
from app.cases.handling import complete_task
from app.cases.setup import shipped_files
from app.store.db import reading
from app.store.tables.runtime import process_instance
from tests.engine.first_road import BPMN as FIRST_ROAD
from tests.support import walk
from tests.support.district import running

CASES = 120
WARM_UP = 20
MOST_TIMES = 1.5
MOST_BYTES = 4_000


def main() -> int:
    """Print one line of JSON per measure; 1 where a target is missed."""
    first_files = {path.name: path.read_bytes() for path in sorted(FIRST_ROAD.iterdir())}
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        roads = {
            "first": Road(stack, Path(folder) / "first", first_files),
            "complete": Road(stack, Path(folder) / "complete", shipped_files(ROOT)),
        }
        for number in range(CASES):
            names = sorted(roads, reverse=bool(number % 2))
            for name in names:
                roads[name].step(is_measured=number >= WARM_UP)
    median = {name: statistics.median(road.times) * 1e3 for name, road in roads.items()}
    most_bytes = {name: road.largest for name, road in roads.items()}
    lines = [
        line("road.step_first_milliseconds", median["first"], "ms"),
        line("road.step_complete_milliseconds", median["complete"], "ms"),
        line("road.step_ratio", median["complete"] / median["first"], "x", most=MOST_TIMES),
        line("road.state_first_bytes", most_bytes["first"], "bytes"),
        line("road.state_complete_bytes", most_bytes["complete"], "bytes", most=MOST_BYTES),
    ]
    for each in lines:
        sys.stdout.write(json.dumps(each) + "\n")
    return int(not all(each.get("is_met", True) for each in lines))


class Road:
    """A district on one version of the main process, with cases that wait at `handle`."""

    def __init__(self, stack: ExitStack, folder: Path, files: dict[str, bytes]) -> None:
        folder.mkdir()
        self.district = stack.enter_context(
            running(f"sqlite:///{folder / 'road.sqlite'}", folder, files=files)
        )
        self.waiting = [self._walked() for _ in range(CASES)]
        self.largest = max(bytes_of(key) for key in self.waiting)
        self.times: list[float] = []

    def step(self, *, is_measured: bool) -> None:
        """Complete `handle` of one more case."""
        with self.district.app.app_context():
            task = walk.open_tasks(self.waiting.pop())["handle"]
            began = time.perf_counter()
            complete_task(
                self.district["handler"], task["key"], walk.HANDLED, seen_version=task["version"]
            )
            if is_measured:
                self.times.append(time.perf_counter() - began)

    def _walked(self) -> int:
        key = walk.report().case_key
        walk.do(self.district["officer"], key, "triage", walk.TRIAGED)
        walk.do(self.district["clerk"], key, "sign_for", walk.SIGNED)
        return key


def bytes_of(case_key: int) -> int:
    """Return the bytes of engine state kept for all instances of a case."""
    query = select(func.sum(func.length(process_instance.c.engine_state))).where(
        process_instance.c.case_key == case_key
    )
    with reading() as connection:
        return int(connection.execute(query).scalar_one())


def line(name: str, value: float, unit: str, *, most: float | None = None) -> dict[str, object]:
    """Return a measure as a line, with its target where it has one."""
    found: dict[str, object] = {"name": name, "value": round(value, 3), "unit": unit}
    if most is not None:
        found |= {"target": most, "is_met": value <= most}
    return found


if __name__ == "__main__":
    sys.exit(main())
