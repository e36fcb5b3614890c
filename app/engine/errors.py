"""What can go wrong while a diagram runs: raised in the engine room, caught at the doors."""

from app.errors import CaseError


class TaskNotOpen(CaseError):
    """This task is no longer open."""

    code = "task_not_open"


class JobNotPending(CaseError):
    """This job is no longer waiting for a result."""

    code = "job_not_pending"


class NobodyWaits(CaseError):
    """Nobody waits for this any more."""

    code = "nobody_waits"


class UncaughtError(CaseError):
    """The error {error_code} at {element_id} is not handled in the diagram: {message}"""

    code = "uncaught_error"


class RunUnusable(CaseError):
    """This step failed before; load the case again."""

    code = "run_unusable"


class BudgetExceeded(CaseError):
    """The diagram did not come to rest within {limit}; the last element was {element_id}."""

    code = "engine_budget_exceeded"


class StateUnreadable(CaseError):
    """The saved state of this case cannot be read: {why}"""

    code = "state_unreadable"


class TimerUnreadable(CaseError):
    """The timer at {element_id} has no usable time: {value}"""

    code = "timer_unreadable"


class DiagramRefused(CaseError):
    """The diagram cannot be run: {why}"""

    code = "diagram_refused"


class DiagramFailed(CaseError):
    """The diagram failed at {element_id}: {why}"""

    code = "diagram_failed"
