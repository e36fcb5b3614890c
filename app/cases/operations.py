"""What the application does when a diagram asks for it: job type → function.

The engine never acts by itself; it hands out pending jobs. Those named here run inside the
transaction, may change the case, and their result goes back into the instance. A job type that is
not here waits for an external worker.
"""

from collections.abc import Callable
from typing import Final

from app.cases import (
    case_operations,
    evaluation_operations,
    limit_operations,
    site_operations,
    whistle_operations,
)
from app.cases.work import Work
from app.engine.progress import PendingJob
from app.errors import CaseError
from app.json_types import JsonObject

OPERATIONS: Final[dict[str, Callable[[Work, PendingJob], JsonObject]]] = {
    **case_operations.OPERATIONS,
    **limit_operations.OPERATIONS,
    **site_operations.OPERATIONS,
    **whistle_operations.OPERATIONS,
    **evaluation_operations.OPERATIONS,
}
MOST_IN_ONE_STEP = 200


class TooManyOperations(CaseError):
    """The diagram ran {most} operations without waiting for anybody; it goes round in circles."""

    code = "too_many_operations"


def settle(work: Work) -> None:
    """Run the operations asked for until the instance waits for a person, a timer or a stranger.

    Raises:
        TooManyOperations: the diagram never comes to rest.
    """
    for _ in range(MOST_IN_ONE_STEP):
        job = next((job for job in work.run.jobs if job.job_type in OPERATIONS), None)
        if job is None:
            return
        result = OPERATIONS[job.job_type](work, job)
        work.refresh()
        work.run.finish_job(job.key, result)
    raise TooManyOperations(most=MOST_IN_ONE_STEP)
