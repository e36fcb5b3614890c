"""Far more random walks than a test may take: saved at every step, kept in memory, compared.

`WHISTLE_SOAK_WALKS` sets how many (5,000 generated processes and 2,000 main processes otherwise).
"""

import json
import os
import random
import sys
import time
from collections.abc import Callable

from tests.engine.walks import Walk, walk_generated, walk_grid_case

WALKS = int(os.environ.get("WHISTLE_SOAK_WALKS", "5000"))


def main() -> int:
    """Print one line of JSON per kind of walk; 1 where any of them went wrong."""
    kinds: list[tuple[str, Callable[[int], Walk], int]] = [
        ("generated", lambda seed: walk_generated(random.Random(seed).choice, steps=40), WALKS),
        ("grid_case", lambda seed: walk_grid_case(random.Random(seed).choice), WALKS * 2 // 5),
    ]
    return max([_soak(name, walk, number) for name, walk, number in kinds])


def _soak(name: str, walk: Callable[[int], Walk], number: int) -> int:
    began = time.perf_counter()
    steps = largest = 0
    faults: list[str] = []
    for seed in range(number):
        done = walk(seed)
        steps += done.steps
        largest = max(largest, done.largest_state)
        if done.fault:
            faults.append(f"seed {seed}: {done.fault}")
    line = {
        "name": f"soak.engine.{name}",
        "value": len(faults),
        "unit": "faults",
        "target": 0,
        "met": not faults,
        "walks": number,
        "steps": steps,
        "largest_state_bytes": largest,
        "seconds": round(time.perf_counter() - began, 1),
    }
    sys.stdout.write(json.dumps(line) + "\n")
    for fault in faults[:5]:
        sys.stderr.write(fault + "\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
