"""Operations on the spot: distances, samples, the new case that goes on where one was closed.

Each takes the locked work and the pending job and returns the job's variables, as in
`cases.case_operations`.
"""

import hashlib
from collections.abc import Callable
from decimal import Decimal
from typing import Final

from app.cases.job_inputs import WrongOperationInput, text
from app.cases.whistle_operations import metres_between
from app.cases.work import Work
from app.engine.progress import PendingJob
from app.json_types import JsonObject

HUNDRED = 100


def draw_sample(work: Work, job: PendingJob) -> JsonObject:
    """Decide whether the case is in a sample of `rate` per cent; returns `is_sampled`.

    The number of the case and `salt` decide, so that asking again gives the same answer and
    nobody can choose.
    """
    rate = _rate(job)
    drawn = f"{work.case['number']} {text(job, 'salt') or ''}"
    share = int.from_bytes(hashlib.sha256(drawn.encode()).digest()[:4]) % (HUNDRED * HUNDRED)
    is_sampled = share < rate * HUNDRED
    work.note("sample_drawn", {"is_sampled": is_sampled}, element_id=job.element_id)
    return {"is_sampled": is_sampled}


def measure_distance(work: Work, job: PendingJob) -> JsonObject:
    """Measure how many metres `point` lies from the place of the case; returns `distance_m`.

    Null where either is unknown.
    """
    place = work.case["latitude"], work.case["longitude"]
    point = _point(job)
    is_known = point is not None and None not in place
    distance = metres_between(point, place) if point is not None and is_known else None
    work.note("distance_measured", {"distance_m": distance}, element_id=job.element_id)
    return {"distance_m": distance}


def open_linked_case(work: Work, job: PendingJob) -> JsonObject:
    """Open a new case that goes on with the matter of this one; `channel` and `reason` are its.

    Who reported this one follows the new one too; the header `template` names their letter.
    """
    from app.cases.continuing import open_behind  # it begins a process, which asks for operations

    number = open_behind(
        work,
        channel=text(job, "channel"),
        reason=text(job, "reason"),
        template=job.headers.get("template"),
    )
    work.note("linked_case_opened", {"number": number}, element_id=job.element_id)
    return {}


OPERATIONS: Final[dict[str, Callable[[Work, PendingJob], JsonObject]]] = {
    "draw_sample": draw_sample,
    "measure_distance": measure_distance,
    "open_linked_case": open_linked_case,
}


def _rate(job: PendingJob) -> Decimal:
    given = job.inputs.get("rate")
    if isinstance(given, bool) or not isinstance(given, int | float | Decimal):
        raise _wrong(job, "rate", "a number from 0 to 100")
    if not 0 <= given <= HUNDRED:
        raise _wrong(job, "rate", "a number from 0 to 100")
    return Decimal(str(given))


def _point(job: PendingJob) -> tuple[float, float] | None:
    given = job.inputs.get("point")
    if not isinstance(given, dict):
        return None
    latitude, longitude = given.get("lat"), given.get("lon")
    if isinstance(latitude, int | float) and isinstance(longitude, int | float):
        return float(latitude), float(longitude)
    return None


def _wrong(job: PendingJob, name: str, needed: str) -> WrongOperationInput:
    return WrongOperationInput(
        name=name, value=job.inputs.get(name), operation=job.job_type, needed=needed
    )
