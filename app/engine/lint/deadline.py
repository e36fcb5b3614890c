"""The time limit of one check, kept by asking rather than by killing.

A thread cannot stop another, and a check may run in any of a web server's threads. So the time is
bounded by what is looked at, and the clock is only asked between pieces of bounded work:

- `xml.parse` refuses beyond 2 MB, 64 levels and 50,000 nodes, JSON beyond 2 MB;
- a process of more than 300 nodes is reported and not looked at further, the walks over the rest
  are linear in nodes and flows;
- what hangs the engine's own parser (a data object of another level, a chain that recurses too
  deep) is found in the tree, before any parser runs;
- expressions compile in time linear in their text and are evaluated within FEEL's budget;
- `Deadline.check` is called between files, rules and evaluations, and ends a check that is late.

Consequence: the worst a hostile upload costs is the limit plus one such piece, about half a second.
"""

import time
from collections.abc import Callable


class CheckUnfinished(Exception):
    """The time of the check is over; never leaves the lint, which reports it as a problem."""


class Deadline:
    """The instant, on a clock that only runs forward, at which a check ends."""

    __slots__ = ("_clock", "_end")

    def __init__(self, seconds: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._end = clock() + seconds

    def check(self) -> None:
        """Go on, unless the time is over.

        Raises:
            CheckUnfinished: it is.
        """
        if self._clock() >= self._end:
            raise CheckUnfinished
