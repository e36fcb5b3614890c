"""What the application does when a diagram asks for it: job type → function.

The engine never acts by itself; it hands out pending jobs. Those named here run inside the
transaction, may change the case, and their result goes back into the instance. A job type that is
not here waits for an external worker.
"""

from app.cases.case_operations import OPERATIONS
from app.cases.work import Work
from app.errors import CaseError

MOST_IN_ONE_STEP = 200

__all__ = ["OPERATIONS", "TooManyOperations", "settle"]


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
