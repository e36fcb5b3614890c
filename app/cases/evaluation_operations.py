"""Operations of callback and rating: what the reporter said of the case.

Each takes the locked work and the pending job and returns the job's variables, as in
`cases.case_operations`. The facts of the case hold the latest word; every round is kept as a row.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, Final

from app.cases import telling
from app.cases.job_inputs import WrongOperationInput, text
from app.cases.limit_operations import HANDLING_REOPENED as REOPENED
from app.cases.work import Work
from app.engine.progress import PendingJob
from app.json_types import JsonObject
from app.store import evaluations, journals

GRADES = range(1, 6)
RESOLVED = ("yes", "partly", "no")
UNRECTIFIED = "unrectified"


class Kind(StrEnum):
    """How an evaluation came about."""

    TOKEN = "token"  # noqa: S105 a kind, not a secret
    DEVICE = "device"  # on the spot, by the QR code of a slip that a colleague showed
    CALLBACK = "callback"
    SECOND_CALLBACK = "second_callback"


def record_rating(work: Work, job: PendingJob) -> JsonObject:
    """Keep the grade, 1 (very satisfied) to 5, and `resolved`; null means nobody rated.

    `tags` are choices of the rating form, as they were ticked. `kind` says how it came, by token
    unless given. Without a grade no round is kept.
    """
    value = _grade(job, "grade")
    if value is None:
        work.note("not_evaluated", {"grade": None}, element_id=job.element_id)
        return {}
    kind = _kind(job, Kind.TOKEN)
    _heard(work, job, kind, quote=text(job, "comment"))
    work.note("rated", {"grade": value, "kind": kind.value}, element_id=job.element_id)
    return {}


def record_evaluation(work: Work, job: PendingJob) -> JsonObject:
    """Keep what a callback found: `is_reached`, and if so grades, `resolved` and `quote`.

    A reporter who was not reached leaves grade and `resolved` as they were.
    """
    kind = _kind(job, Kind.CALLBACK)
    if job.inputs.get("is_reached") is True:
        _heard(work, job, kind, quote=text(job, "quote"))
        data: JsonObject = {"grade": work.case["grade"], "resolved": work.case["resolved"]}
        work.note("called_back", data, element_id=job.element_id)
        return {}
    work.set_fact("callback_outcome", "unreachable", reason=job.element_id)
    work.evaluations.append(_row(work, job, kind, is_reached=False, quote=None))
    work.note("not_reached", {"attempt": _attempt(job)}, element_id=job.element_id)
    return {}


def report_unrectified(work: Work, job: PendingJob) -> JsonObject:
    """Tell the roles in `tell` that a justified bad rating was not put right."""
    telling.tell(work, job, UNRECTIFIED, {"element_id": job.element_id})
    work.note("supervision_needed", {"reason": UNRECTIFIED}, element_id=job.element_id)
    return {}


OPERATIONS: Final[dict[str, Callable[[Work, PendingJob], JsonObject]]] = {
    "record_rating": record_rating,
    "record_evaluation": record_evaluation,
    "report_unrectified": report_unrectified,
}


def _heard(work: Work, job: PendingJob, kind: Kind, *, quote: str | None) -> None:
    """Make the reporter's word the facts of the case, and keep the round."""
    row = _row(work, job, kind, is_reached=True, quote=quote)
    work.evaluations.append(row)
    work.set_column("grade", row["grade"])
    work.set_fact("resolved", row["resolved"], reason=job.element_id)
    work.set_fact("callback_outcome", "reached", reason=job.element_id)


def _row(
    work: Work, job: PendingJob, kind: Kind, *, is_reached: bool, quote: str | None
) -> dict[str, Any]:
    """Return the round as it is kept; nothing but the attempt is known of who was not reached."""
    said: dict[str, Any] = {"resolved": _resolved(job), "tags": _tags(job)}
    said |= {name: _grade(job, name) for name in ("grade", "result_grade", "attitude_grade")}
    before = evaluations.rounds(work.tx.connection, work.case_key)
    return {
        "key": work.tx.next_key(),
        "case_key": work.case_key,
        "round": before + len(work.evaluations) + 1,
        "handling": _handling(work),
        "kind": kind.value,
        "is_reached": is_reached,
        **(said if is_reached else dict.fromkeys(said)),
        "quote": quote,
        "attempt": _attempt(job),
        "person_key": work.hand.person_key,
        "at": work.now,
    }


def _handling(work: Work) -> int:
    """Return which handling of the case is judged: 1, and one more after each reopening."""
    before = journals.count(work.tx.connection, work.case_key, REOPENED)
    return before + sum(entry.kind == REOPENED for entry in work.entries) + 1


def _kind(job: PendingJob, usual: Kind) -> Kind:
    given = text(job, "kind")
    if given is None:
        return usual
    if given not in set(Kind):
        raise _wrong(job, "kind", " or ".join(Kind))
    return Kind(given)


def _resolved(job: PendingJob) -> str | None:
    given = text(job, "resolved")
    if given not in (None, "", *RESOLVED):
        raise _wrong(job, "resolved", f"{', '.join(RESOLVED)} or null")
    return given or None


def _tags(job: PendingJob) -> list[str] | None:
    """Return what was ticked; None where nothing was."""
    given = job.inputs.get("tags")
    if given in (None, "", []):
        return None
    if not isinstance(given, list) or not all(isinstance(tag, str) and tag for tag in given):
        raise _wrong(job, "tags", "a list of texts or null")
    return [str(tag) for tag in given]


def _grade(job: PendingJob, name: str) -> int | None:
    found = _whole(job, name, needed="1 to 5 or null")
    if found is not None and found not in GRADES:
        raise _wrong(job, name, "1 to 5 or null")
    return found


def _attempt(job: PendingJob) -> int | None:
    return _whole(job, "attempt", needed="a whole number or null")


def _whole(job: PendingJob, name: str, *, needed: str) -> int | None:
    given = job.inputs.get(name)
    if given in (None, ""):
        return None
    if not str(given).isdecimal():
        raise _wrong(job, name, needed)
    return int(str(given))


def _wrong(job: PendingJob, name: str, needed: str) -> WrongOperationInput:
    return WrongOperationInput(
        name=name, value=job.inputs.get(name), operation=job.job_type, needed=needed
    )
