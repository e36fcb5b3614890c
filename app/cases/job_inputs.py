"""Reads what a diagram gives to an operation: instants and texts, or a clear error.

Every room of operations uses it; `WrongOperationInput` names the input and what is needed.
"""

from datetime import datetime

from app.engine.progress import PendingJob
from app.errors import CaseError


class WrongOperationInput(CaseError):
    """The diagram gives {name} = {value!r} to {operation}, which needs {needed}."""

    code = "wrong_operation_input"


def instant(job: PendingJob, name: str) -> datetime | None:
    """Return the instant of that input, null as None.

    Raises:
        WrongOperationInput: it is no instant with an offset.
    """
    value = job.inputs.get(name)
    if value is None:
        return None
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise WrongOperationInput(
            name=name, value=value, operation=job.job_type, needed="an instant with offset or null"
        )
    return found


def text(job: PendingJob, name: str) -> str | None:
    """Return that input as a text, null as None."""
    value = job.inputs.get(name)
    return None if value is None else str(value)
