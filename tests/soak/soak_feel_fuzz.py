"""A million inputs to FEEL's doors, and tens of thousands to the models': what escapes, what it
costs.

Only the two errors FEEL may raise, at most one second, at most 64 MB: the inputs run in child
processes of a thousand each, whose memory at its highest, caches included, proves the bound for
every single one. Seconds are those of the processor, since the clock tells more of what else the
machine does; what was slow is tried again alone, three times, before it counts as a fault.
`WHISTLE_SOAK_FUZZ` sets how many, `WHISTLE_SOAK_SEED` which; the same seed makes the same inputs.
"""

import json
import mmap
import os
import resource
import signal
import struct
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from app import feel
from tests.dmn import fuzzing as models
from tests.feel import fuzzing
from tests.feel.bombs import BOMBS

INPUTS = int(os.environ.get("WHISTLE_SOAK_FUZZ", "1000000"))
SEED = os.environ.get("WHISTLE_SOAK_SEED", "whistle")
BATCH = 1_000
CHILDREN = 2
MOST_SECONDS = 1.0
MOST_KILOBYTES = 64 * 1024
HANGING_SECONDS = 30

Try = Callable[[int], str]
"""Runs the input of a number, and tells its outcome; a fault escapes."""


@dataclass(slots=True)
class Tally:
    """What is known of all the inputs tried so far."""

    outcomes: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    slow: list[tuple[float, int]] = field(default_factory=list)
    large: list[tuple[int, int]] = field(default_factory=list)
    highest: int = 0
    longest: float = 0.0


def main() -> int:
    """Print one line of JSON per kind of input; 1 where any of them was a fault."""
    maker, contexts = fuzzing.Maker(SEED), fuzzing.contexts()
    tables = models.DmnMaker(SEED)

    def try_expression(number: int) -> str:
        given = maker.make(number)
        outcome = fuzzing.run(given, contexts[given.context])
        if fuzzing.Trap.touched:
            raise AssertionError(f"a foreign object was asked {fuzzing.Trap.touched[:3]}")
        return outcome

    def try_bomb(number: int) -> str:
        bomb = BOMBS[number]
        try:
            return f"{feel.trace(bomb.text, bomb.context).value is None}"
        except (feel.FeelBudgetExceeded, feel.FeelSyntaxError) as error:
            return error.code

    return max(
        _soak("bombs", try_bomb, len(BOMBS), lambda number: BOMBS[number].text, batch=1),
        _soak("expressions", try_expression, INPUTS, lambda number: f"{maker.make(number)}"),
        _soak("models", lambda number: models.run(tables.make(number)), INPUTS // 30,
              lambda number: f"{tables.make(number)}", batch=200),
    )  # fmt: skip


def _soak(
    name: str, attempt: Try, inputs: int, shown: Callable[[int], str], *, batch: int = BATCH
) -> int:
    began = time.perf_counter()
    tally = Tally()
    batches = (range(at, min(at + batch, inputs)) for at in range(0, inputs, batch))
    for done in _children(batches, attempt):
        _count(tally, done)
        finished = sum(tally.outcomes.values())
        if sys.stderr.isatty() or finished % 50_000 == 0:
            seconds = time.perf_counter() - began
            sys.stderr.write(f"{name}: {finished} of {inputs}, {seconds:.0f} s\n")
    slowest = _judge_slow(tally, attempt)
    largest = _judge_large(tally, attempt)
    _write(name, tally, inputs, slowest, largest, time.perf_counter() - began)
    for fault in tally.faults[:20]:
        number = int(fault.split(":")[0])
        sys.stderr.write(f"seed {SEED!r}, input {fault}\n  {shown(number)[:2000]!r}\n")
    return 1 if tally.faults else 0


def _write(
    name: str, tally: Tally, inputs: int, slowest: float, largest: int, seconds: float
) -> None:
    line = {
        "name": f"soak.feel_fuzz.{name}",
        "value": len(tally.faults),
        "unit": "faults",
        "target": 0,
        "met": not tally.faults,
        "inputs": inputs,
        "outcomes": dict(sorted(tally.outcomes.items())),
        "slowest_seconds": round(slowest, 3),
        "slowest_by_the_clock_seconds": round(tally.longest, 3),
        "highest_growth_megabytes": round(tally.highest / 1024, 1),
        "largest_alone_megabytes": round(largest / 1024, 1),
        "seconds": round(seconds, 1),
    }
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


# --- what the children found ----------------------------------------------------------------------


def _count(tally: Tally, done: dict[str, object]) -> None:
    tally.outcomes.update(done["outcomes"])  # type: ignore[call-overload]
    tally.faults += done["faults"]  # type: ignore[operator]
    tally.slow = sorted((*tally.slow, *map(tuple, done["slow"])), reverse=True)[:40]  # type: ignore[call-overload]
    tally.longest = max(tally.longest, float(done["longest"]))  # type: ignore[arg-type]
    growth = int(done["growth"])  # type: ignore[call-overload]
    tally.highest = max(tally.highest, growth)
    if growth > MOST_KILOBYTES:
        tally.large += map(tuple, done["steps"])  # type: ignore[call-overload]


def _judge_slow(tally: Tally, attempt: Try) -> float:
    """Try again alone what took too long; return what the slowest input took."""
    slowest = 0.0
    for seconds, number in tally.slow:
        if seconds > MOST_SECONDS:
            seconds = min(_alone(number, attempt)[0] for _ in range(3))
        slowest = max(slowest, seconds)
        if seconds > MOST_SECONDS:
            tally.faults.append(f"{number}: took {seconds:.2f} s")
    return slowest


def _judge_large(tally: Tally, attempt: Try) -> int:
    """Try alone what made a child grow too much; return the largest growth of one."""
    largest = 0
    for _, number in tally.large:
        grown = _alone(number, attempt)[1]
        largest = max(largest, grown)
        if grown > MOST_KILOBYTES:
            tally.faults.append(f"{number}: took {grown // 1024} MB")
    return largest


def _alone(number: int, attempt: Try) -> tuple[float, int]:
    done = next(_children(iter([range(number, number + 1)]), attempt))
    return max((row[0] for row in done["slow"]), default=0.0), int(done["growth"])  # type: ignore[attr-defined, call-overload]


# --- children -------------------------------------------------------------------------------------


def _children(batches: Iterator[Sequence[int]], attempt: Try) -> Iterator[dict[str, object]]:
    """Run batches, some at once, each in a child of its own; yield what each of them found."""
    running: dict[int, tuple[int, mmap.mmap]] = {}
    for batch in batches:
        if len(running) == CHILDREN:
            yield _reap(running)
        reading, writing = os.pipe()
        place = mmap.mmap(-1, 8)
        child = os.fork()
        if child == 0:
            os.close(reading)
            with os.fdopen(writing, "w") as out:
                json.dump(_run(batch, attempt, place), out)
            os._exit(0)
        os.close(writing)
        running[child] = reading, place
    while running:
        yield _reap(running)


def _reap(running: dict[int, tuple[int, mmap.mmap]]) -> dict[str, object]:
    child, status = os.wait()
    reading, place = running.pop(child)
    with os.fdopen(reading) as told:
        text = told.read()
    if status == 0:
        return dict(json.loads(text))
    number = struct.unpack("q", place[:8])[0]
    fault = f"{number}: ended its process with status {status}"
    return {"outcomes": {"dead": 1}, "faults": [fault], "slow": [], "longest": 0.0, "growth": 0,
            "steps": []}  # fmt: skip


def _run(batch: Sequence[int], attempt: Try, place: mmap.mmap) -> dict[str, object]:
    """Try every input of a batch; runs in the child."""
    start = highest = _kilobytes()
    longest = 0.0
    outcomes: Counter[str] = Counter()
    faults: list[str] = []
    slow: list[tuple[float, int]] = []
    steps: list[tuple[int, int]] = []
    for number in batch:
        place[:8] = struct.pack("q", number)
        signal.setitimer(signal.ITIMER_REAL, HANGING_SECONDS)
        began, spent = time.perf_counter(), time.process_time()
        try:
            outcomes[attempt(number)] += 1
        except Exception as error:
            outcomes["fault"] += 1
            faults.append(f"{number}: {type(error).__name__}: {error}"[:300])
            fuzzing.Trap.touched.clear()
        slow.append((time.process_time() - spent, number))
        longest = max(longest, time.perf_counter() - began)
        grown = _kilobytes()
        if grown > highest:
            steps.append((grown - highest, number))
            highest = grown
    signal.setitimer(signal.ITIMER_REAL, 0)
    return {
        "outcomes": outcomes,
        "faults": faults,
        "longest": longest,
        "slow": sorted(slow, reverse=True)[:5],
        "growth": highest - start,
        "steps": sorted(steps, reverse=True)[:3],
    }


def _kilobytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    sys.exit(main())
