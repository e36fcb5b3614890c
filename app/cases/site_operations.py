"""Operations on the spot: distances, samples, the return of a case taken up again.

Each takes the locked work and the pending job and returns the job's variables, as in
`cases.case_operations`.
"""

from collections.abc import Callable
from typing import Final

from app.cases.work import Work
from app.engine.progress import PendingJob
from app.json_types import JsonObject

OPERATIONS: Final[dict[str, Callable[[Work, PendingJob], JsonObject]]] = {}
