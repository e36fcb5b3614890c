"""Operations on the limits of a case: the steps of its clock.

Each takes the locked work and the pending job and returns the job's variables, as in
`cases.case_operations`.
"""

from collections.abc import Callable
from typing import Final

from app.cases.job_inputs import WrongOperationInput, text
from app.cases.work import NoticeTo, Work
from app.engine.progress import PendingJob
from app.json_types import JsonObject

CARDS = ("yellow", "red")


def fire_phase(work: Work, job: PendingJob) -> JsonObject:
    """Do one step of the clock: `phase` is its name, `card` yellow, red or null, `tell` roles.

    Each role of `tell` is told in its unit of the case; a step that was done is not done again.
    """
    phase, card = text(job, "phase"), text(job, "card")
    if phase is None:
        raise _wrong(job, "phase", "the name of a step")
    if card not in (None, *CARDS):
        raise _wrong(job, "card", f"{' or '.join(CARDS)} or null")
    done = work.case["clock_phases"] or []
    if phase in done:
        return {}
    work.set_column("clock_phases", [*done, phase])
    if card is not None:
        work.set_column("card", card)
    data: JsonObject = {"phase": phase, "card": card, "told": [*_tell(work, job, phase)]}
    work.note("phase_fired", data, element_id=job.element_id)
    return {}


def keep_phases(work: Work, job: PendingJob) -> JsonObject:
    """Forget the steps of the clock that are not in `phases`: their time is to come again."""
    kept = job.inputs.get("phases")
    names = [str(each) for each in kept] if isinstance(kept, list) else []
    done = work.case["clock_phases"] or []
    work.set_column("clock_phases", [each for each in done if each in names])
    return {}


OPERATIONS: Final[dict[str, Callable[[Work, PendingJob], JsonObject]]] = {
    "fire_phase": fire_phase,
    "keep_phases": keep_phases,
}


def _tell(work: Work, job: PendingJob, phase: str) -> list[str]:
    groups = job.inputs.get("tell")
    today = work.calendar.district.local_date(work.now)
    told: list[str] = []
    for group in groups if isinstance(groups, list) else []:
        offer = work.directory.resolve(str(group), work.place(), on=today, not_actor=None)
        told.append(f"{offer.role.value}@{work.directory.unit(offer.unit_key).code}")
        work.notices.append(
            NoticeTo(
                "limit_near" if job.inputs.get("card") == "yellow" else "limit_passed",
                {"number": work.case["number"], "phase": phase},
                role=offer.role.value,
                unit_key=offer.unit_key,
            )
        )
    return told


def _wrong(job: PendingJob, name: str, needed: str) -> WrongOperationInput:
    return WrongOperationInput(
        name=name, value=job.inputs.get(name), operation=job.job_type, needed=needed
    )
