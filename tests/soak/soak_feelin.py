"""Far more generated expressions than a test may take, answered by our FEEL and the reference.

`WHISTLE_SOAK_EXPRESSIONS` sets how many (20,000 otherwise), `WHISTLE_SOAK_SEED` where their seeds
begin (0 otherwise).
"""

import json
import os
import sys
import time
from collections import Counter

from app.feel.values import Value
from tests.feel.differential import reference
from tests.feel.differential.builtins import FUNCTIONS
from tests.feel.differential.classes import classify
from tests.feel.differential.generator import expression
from tests.feel.differential.isolation import Comparison, Finding
from tests.feel.differential.tampering import results_through

EXPRESSIONS = int(os.environ.get("WHISTLE_SOAK_EXPRESSIONS", "20000"))
FIRST_SEED = int(os.environ.get("WHISTLE_SOAK_SEED", "0"))
_PIECE = 500
_SHARE = 1_000
"""Each built-in function gives a value at least once in so many expressions."""


class Tally:
    """What came of the expressions so far."""

    def __init__(self) -> None:
        self.agreements = self.values = self.unfollowed = 0
        self.classes: Counter[str] = Counter()
        self.successes: Counter[str] = Counter()
        self.unexplained: list[str] = []

    def call(self, name: str, value: Value) -> Value:
        """Count a call of a built-in function that gave a value."""
        self.successes[name] += value is not None
        return value

    def add(self, seed: int, found: Finding) -> None:
        """Count what came of one expression."""
        self.agreements += found.agrees
        self.values += found.ours[0] not in {"null", "error"}
        self.unfollowed += not found.is_followed
        self.classes.update(found.classes)
        self.unexplained += [f"seed {seed}: {difference}" for difference in found.unexplained]


def main() -> int:
    """Print one line of JSON; 1 where a difference has no class or a function no success."""
    began = time.perf_counter()
    tally = Tally()
    with reference.running() as running, results_through(tally.call):
        comparison = Comparison(running, classify)
        for start in range(FIRST_SEED, FIRST_SEED + EXPRESSIONS, _PIECE):
            seeds = range(start, min(start + _PIECE, FIRST_SEED + EXPRESSIONS))
            found = comparison.compare([expression(seed) for seed in seeds])
            for seed, one in zip(seeds, found, strict=True):
                tally.add(seed, one)
    successes = {name: tally.successes[name] for name in FUNCTIONS}
    is_met = not tally.unexplained and min(successes.values()) * _SHARE >= EXPRESSIONS
    line = {
        "name": "soak.feel.feelin",
        "value": len(tally.unexplained),
        "unit": "unexplained differences",
        "target": 0,
        "met": is_met,
        "expressions": EXPRESSIONS,
        "first_seed": FIRST_SEED,
        "agreements": tally.agreements,
        "with_a_value": tally.values,
        "not_followed_to_the_end": tally.unfollowed,
        "classes": dict(tally.classes.most_common()),
        "least_called": min(successes.items(), key=lambda item: item[1]),
        "successful_calls": successes,
        "seconds": round(time.perf_counter() - began, 1),
    }
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    for difference in tally.unexplained[:60]:
        sys.stderr.write(difference + "\n")
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
