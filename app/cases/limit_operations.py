"""Operations on the limits of a case: set, met, changed, paused, resumed; cards of the clock.

Each takes the locked work and the pending job and returns the job's variables, as in
`cases.case_operations`.
"""

from collections.abc import Callable
from typing import Final

from app.cases.work import Work
from app.engine.progress import PendingJob
from app.json_types import JsonObject

OPERATIONS: Final[dict[str, Callable[[Work, PendingJob], JsonObject]]] = {}
